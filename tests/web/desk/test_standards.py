"""Writing a standard at the desk with plain forms: what is typed is kept, moved, named, and never lost."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.document.standard_document import from_stored
from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import Officer, Standard
from tests.document.documents import whole
from tests.publishing.cast import Cast, a_service, content, document
from tests.web.desk.conftest import AUTHOR, PUBLISHER, STRANGER
from tests.web.desk.visiting import send, signed_in


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


@pytest.fixture
def path(desk_app: Flask, author: FlaskClient) -> str:
    """The page of a standard whose draft may be published."""
    return begun(desk_app)


def begun(app: Flask, **changes: Any) -> str:
    """The page of a new standard with one draft."""
    with app.app_context():
        by = db.session.query(Officer).filter_by(email=AUTHOR).one()
        standard = commands.open_standard(by.memberships[0].agency_id, document(**changes), by=by)
        return f"/meja/standar/{standard.id}"


def saved(app: Flask, path: str) -> dict[str, Any]:
    """The document as it stands."""
    with app.app_context():
        standard = db.session.get_one(Standard, standard_id(path))
        assert standard.open_edition is not None
        return dict(standard.open_edition.document)


def standard_id(path: str) -> Any:
    """The id in the address of a standard's page."""
    return uuid.UUID(path.rsplit("/", 1)[1])


def typed(client: FlaskClient, path: str, **changes: str) -> dict[str, str]:
    """The fields of a step as its page has them, with ``changes`` (``__`` for what is no name)."""
    page = client.get(path).text
    fields = {"seen": re.search(r'name="seen" value="(\w+)"', page)[1]}  # type: ignore[index]
    for name, value in re.findall(r'<input id="([^"]+)" name="[^"]+"[^>]*? value="([^"]*)"', page):
        fields[name] = value
    for name, value in re.findall(r'<textarea id="([^"]+)"[^>]*>([^<]*)</textarea>', page):
        fields[name] = value
    for name, options in re.findall(r'<select id="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        fields[name] = chosen[1] if chosen else ""
    return {**fields, **changes}


def test_a_standard_is_begun_empty_from_a_service_or_as_a_copy(
    desk_app: Flask, author: FlaskClient, path: str
) -> None:
    with desk_app.app_context():
        agencies = {one.email.split("@")[0]: one for one in db.session.query(Officer)}
        cast = Cast(None, None, None, None, None, agencies)  # type: ignore[arg-type]
        code = a_service(cast).code

    ways = [
        send(author, "/meja/standar/baru", agency="dukcapil", way="empty", title="Surat pindah"),
        send(author, "/meja/standar/baru", agency="dukcapil", way="service", service=code),
        send(author, "/meja/standar/baru", agency="dukcapil", way="copy", title="Salinan",
             source=path.rsplit("/", 1)[1]),
    ]  # fmt: skip

    assert [answer.status_code for answer in ways] == [303, 303, 303]
    documents = [saved(desk_app, answer.headers["Location"]) for answer in ways]
    assert [one["title"] for one in documents] == ["Surat pindah", "Kartu Keluarga KK-BARU", "Salinan"]
    assert documents[2]["requirements"] == content()["requirements"]
    page = author.get("/meja/standar").text
    assert all(title in page for title in ("Surat pindah", "Salinan", "Penerbitan Kartu Keluarga"))


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"agency": "dukcapil", "way": "empty", "title": ""}, "title"),
        ({"agency": "dukcapil", "way": "service", "service": "apa saja"}, "service"),
        ({"agency": "dukcapil", "way": "copy", "source": ""}, "source"),
        ({"agency": "nowhere", "way": "empty", "title": "Surat"}, "agency"),
    ],
)
def test_what_lacks_to_begin_is_named_and_what_was_typed_stays(
    author: FlaskClient, path: str, form: dict[str, str], field: str
) -> None:
    answer = send(author, "/meja/standar/baru", **form)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert all(value in answer.text for value in form.values() if value not in ("nowhere",))


def test_a_step_is_saved_and_the_others_stay(desk_app: Flask, author: FlaskClient, path: str) -> None:
    before = saved(desk_app, path)
    step = f"{path}/langkah/waktu-biaya"
    fields = typed(author, step) | {
        "processing_time[0].amount_max": "3", "processing_time[0].case": "Baru", "fees.fee_kind": "fixed",
        "fees.lines[0].amount_idr": "Rp 150.000", "fees.lines[0].label": "Penerbitan",
        "fees.lines[0].label_en": "Issuing", "act": "next",
    }  # fmt: skip

    answer = send(author, step, **fields)

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (
        303, f"{path}/langkah/produk-pengaduan",
    )  # fmt: skip
    after = saved(desk_app, path)
    assert after["processing_time"] == [{"amount_max": 3, "unit": "working_day", "case": "Baru"}]
    assert after["fees"] == {
        "fee_kind": "fixed",
        "lines": [{"label": "Penerbitan", "label_en": "Issuing", "amount_idr": 150000}],
    }
    changed = ("processing_time", "fees")
    assert {k: v for k, v in after.items() if k not in changed} == {
        k: v for k, v in before.items() if k not in changed
    }


def test_sending_a_step_as_it_stands_changes_nothing(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app, **whole())
    before = saved(desk_app, path)

    for step in re.findall(r'href="([^"]+/langkah/[^"#]+)"', author.get(path).text):
        assert send(author, step, **typed(author, step)).status_code == 303, step

    assert saved(desk_app, path) == before
    with desk_app.app_context():
        edition = db.session.get_one(Standard, standard_id(path)).open_edition
        assert edition is not None and edition.version == 1


def test_what_is_wrong_is_named_at_its_field_and_what_was_typed_stays(
    desk_app: Flask, author: FlaskClient, path: str
) -> None:
    step = f"{path}/langkah/persyaratan"
    fields = typed(author, step) | {
        "requirements[1].text": "", "requirements[1].copies": "dua",
        "requirements[1].form_url": "contoh.go.id",
    }  # fmt: skip

    answer = send(author, step, **fields)

    assert answer.status_code == 422
    for place in ("requirements[1].text", "requirements[1].copies", "requirements[1].form_url"):
        assert f'href="#{place}"' in answer.text
        assert f'id="{place}-problem"' in answer.text
    assert 'value="dua"' in answer.text and 'value="contoh.go.id"' in answer.text
    assert "Tulis bilangan bulat dengan angka." in answer.text
    assert saved(desk_app, path)["requirements"] == content()["requirements"]


def test_entries_are_added_moved_and_taken_away_by_buttons(
    desk_app: Flask, author: FlaskClient, path: str
) -> None:
    step = f"{path}/langkah/persyaratan"
    added = send(author, step, **typed(author, step), act="add:requirements")
    assert "requirements[1].text" in added.text and 'name="act" value="up:requirements:1"' in added.text
    send(author, step, **typed(author, step), **{"requirements[1].text": "Akta lahir",
         "requirements[1].kind": "document"})  # fmt: skip

    send(author, step, **typed(author, step), act="up:requirements:1")
    assert [one["text"] for one in saved(desk_app, path)["requirements"]] == ["Akta lahir", "KTP-el"]

    send(author, step, **typed(author, step), act="down:requirements:0")
    send(author, step, **typed(author, step), act="remove:requirements:0")
    assert [one["text"] for one in saved(desk_app, path)["requirements"]] == ["Akta lahir"]


def test_two_who_save_the_same_step_see_both_texts_and_other_steps_do_not_disturb(
    desk_app: Flask, author: FlaskClient, path: str
) -> None:
    publisher = signed_in(desk_app, PUBLISHER)
    step, other = f"{path}/langkah/persyaratan", f"{path}/langkah/prosedur"
    mine, elsewhere = typed(author, step), typed(author, other)
    send(publisher, step, **typed(publisher, step) | {"requirements[0].text": "Kartu keluarga asli"})

    late = send(author, step, **mine | {"requirements[0].text": "Kartu keluarga salinan"})
    beside = send(author, other, **elsewhere | {"procedure[0].text": "Datang ke loket"})

    assert late.status_code == 409
    assert "<del>asli</del><ins>salinan</ins>" in late.text
    assert "Kartu keluarga salinan</textarea>" in late.text
    assert beside.status_code == 303
    assert saved(desk_app, path)["requirements"][0]["text"] == "Kartu keluarga asli"
    seen = re.search(r'name="seen" value="(\w+)"', late.text)
    assert seen is not None
    again = mine | {"requirements[0].text": "Kartu keluarga salinan", "seen": seen[1]}
    assert send(author, step, **again).status_code == 303
    assert saved(desk_app, path)["requirements"][0]["text"] == "Kartu keluarga salinan"


def test_the_script_that_saves_by_itself_is_told_what_became_of_it(
    desk_app: Flask, author: FlaskClient, path: str
) -> None:
    step = f"{path}/langkah/hukum-sarana"
    fields = typed(author, step)

    kept = send(author, step, **fields | {"facilities[0].text": "Ruang tunggu", "act": "autosave"}).get_json()
    wrong = send(author, step, **fields | {"legal_bases[0].url": "x", "act": "autosave"}).get_json()
    stale = send(author, step, **fields | {"facilities[0].text": "Lain", "act": "autosave"})

    assert (kept["state"], kept["given"]) == ("saved", 7)
    assert wrong["state"] == "wrong"
    assert (stale.status_code, stale.get_json()["state"]) == (409, "stale")
    assert saved(desk_app, path)["facilities"] == [{"text": "Ruang tunggu"}]


def test_warnings_are_said_and_stop_nothing(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(
        desk_app,
        complaint_handling={"channels": [{"kind": "phone", "value": "0812-3456-7890"}]},
        processing_time=[{"amount_max": 3, "unit": "day", "case": "Baru 3 hari, hilang 5 hari"}],
        fees={"fee_kind": "fixed", "lines": [{"amount_idr": 5000}]},
    )

    page = author.get(path).text
    submitted = send(author, f"{path}/ajukan", version="1")

    assert page.count("Mohon dilihat sekali lagi") == 1
    for words in ("nomor ponsel pribadi", "Beberapa jangka waktu", "Biaya memerlukan peraturan yang berlaku"):
        assert words in page
    assert submitted.status_code == 303


def test_a_draft_is_previewed_as_citizens_would_see_it(author: FlaskClient, path: str) -> None:
    page = author.get(f"{path}/pratinjau").text

    assert "Penerbitan Kartu Keluarga" in page and "Gratis" in page
    assert "Belum ada yang melihatnya" in page


def test_a_draft_is_thrown_away_only_when_that_is_said(
    desk_app: Flask, author: FlaskClient, path: str
) -> None:
    careless = send(author, f"{path}/buang", version="1")
    meant = send(author, f"{path}/buang", version="1", sure="1")

    assert (careless.status_code, meant.status_code) == (422, 303)
    assert author.get(path).status_code == 404


def test_of_another_agency_s_draft_nothing_is_there(desk_app: Flask, path: str) -> None:
    stranger = signed_in(desk_app, STRANGER)
    pages = ("", "/langkah/dasar", "/pratinjau", "/tinjau", "/edisi", "/cabut")
    acts = ("/langkah/dasar", "/ajukan", "/buang", "/draf", "/kembalikan", "/terbitkan", "/cabut",
            "/edisi/1/pulihkan")  # fmt: skip

    read = [stranger.get(path + end).status_code for end in pages]
    said = {"sure": "1", "reason": "x", "remark.all": "x"}
    acted = [send(stranger, path + end, **said).status_code for end in acts]

    assert read == [404] * len(pages)
    assert acted == [404] * len(acts)
    assert "Penerbitan Kartu Keluarga" not in stranger.get("/meja/standar").text
    document = saved(desk_app, path)
    assert from_stored(document).title == "Penerbitan Kartu Keluarga"
