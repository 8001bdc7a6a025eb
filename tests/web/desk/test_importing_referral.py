"""Services of another registry at the desk: whose they are is asked, the rest goes as with a spreadsheet."""

from __future__ import annotations

from flask import Flask

from tests.publishing.spreadsheet.referrals import ORGANIZATION, A, B, as_json, package, service
from tests.web.desk.conftest import AUTHOR
from tests.web.desk.test_importing import counted, preview_of, slugs
from tests.web.desk.visiting import send, signed_in


def test_a_package_is_looked_at_chosen_from_taken_in_and_taken_back(desk_app: Flask) -> None:
    author = signed_in(desk_app, AUTHOR)
    other = {**ORGANIZATION, "id": A, "name": "Badan Lain"}
    content = package(
        service(), service(id=B, name="Lain", organization=other, organization_id=A, contacts=[])
    )

    path = preview_of(author, content, "paket.zip")
    asked = author.get(path).text
    assert counted(asked) == [0, 0, 0, 0]
    assert "Badan Lain" in asked and "Dinas Lain" in asked and 'value="agency" checked' not in asked
    chosen = send(author, f"{path}/kolom", **{"column-1": "agency"})
    path = str(chosen.location)

    assert counted(author.get(path).text) == [1, 0, 0, 0]
    assert send(author, f"{path}/ambil").status_code == 303
    assert slugs(desk_app) == ["surat-pindah"]
    assert send(author, f"{path}/batal", sure="1").status_code == 303
    assert slugs(desk_app) == []


def test_errors_stand_by_row_and_field_and_there_is_no_marked_sheet(desk_app: Flask) -> None:
    author = signed_in(desk_app, AUTHOR)

    path = preview_of(
        author, package(service(cost_options=[{"id": B, "amount": "x", "currency": "USD"}])), "p"
    )
    page = author.get(path).text
    inside = author.get(preview_of(author, as_json(service(name="X")), "x")).text

    assert "p.zip" in page and "cost_options.csv!2" in page and "USD" in page
    assert "services!1" in inside
    assert "/berkas" not in page and author.get(f"{path}/berkas").status_code == 404
