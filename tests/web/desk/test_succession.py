"""Mergers, splits and renamings at the desk: looked at before they happen, and only for national admins."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.records import Agency, Succession, SuccessionState, now
from tests.web.desk.conftest import ADMIN, NATIONAL
from tests.web.desk.test_agencies import page_of
from tests.web.desk.visiting import send, signed_in

ACT = {"note": "Perda 3/2026", "on": "2026-01-01"}
MERGER = {
    **ACT, "sources": "dinkes",
    "into[0].way": "new", "into[0].name": "Dinas <Gabungan>", "into[0].kind": "uptd",
}  # fmt: skip


def seen_in(page: str) -> str:
    """What the form carries of what was looked at."""
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found is not None
    return found[1]


def ended(app: Flask) -> set[str]:
    """The addresses of the agencies that have ended."""
    with app.app_context():
        return {one.slug for one in db.session.query(Agency).filter(Agency.succeeded_by_id.is_not(None))}


def test_a_merger_is_looked_at_and_then_happens_and_its_page_tells_citizens(desk_app: Flask) -> None:
    national, path = signed_in(desk_app, NATIONAL), f"{page_of(desk_app, 'dukcapil')}/gabung"

    looked = send(national, path, **MERGER, act="look")
    still = ended(desk_app)
    unseen = send(national, path, **MERGER, act="do", seen="x")
    done = send(national, path, **MERGER, act="do", seen=seen_in(looked.text))

    assert "Dinas &lt;Gabungan&gt; didirikan" in looked.text and still == set()
    assert (unseen.status_code, done.status_code, ended(desk_app)) == (409, 303, {"dukcapil", "dinkes"})
    assert "Dinas &lt;Gabungan&gt;" in national.get(done.location).text
    public = desk_app.test_client().get("/instansi/dukcapil").text
    assert "Digabung pada 1 Januari 2026" in public and "Dinas &lt;Gabungan&gt;</a>" in public
    told = desk_app.test_client().get("/api/v1/agencies/dukcapil").json
    assert told["succeeded_by"]["slug"] == "dinas-gabungan" and told["events"][0]["kind"] == "merger"


def test_a_day_ahead_is_planned_and_can_be_cancelled(desk_app: Flask) -> None:
    national, path = signed_in(desk_app, NATIONAL), f"{page_of(desk_app, 'dukcapil')}/ganti-nama"
    fields = {"note": "SK 1", "on": (now().date() + timedelta(days=9)).isoformat(), "name": "Dinas Baru"}

    seen = seen_in(send(national, path, **fields, act="look").text)
    planned = send(national, path, **fields, act="do", seen=seen).location
    listed = national.get("/meja/instansi/peristiwa").text
    cancelled = [send(national, planned, act="cancel").status_code for _time in range(2)]

    assert "Dinas Baru" in listed and "direncanakan" in listed
    assert cancelled == [303, 409]
    with desk_app.app_context():
        assert db.session.query(Succession).one().state is SuccessionState.CANCELLED


def test_a_split_marks_what_goes_to_the_second_body(desk_app: Flask) -> None:
    national, page = signed_in(desk_app, NATIONAL), page_of(desk_app, "dukcapil")
    unit = re.search(r'value="(agency:[\w-]+)"', national.get(f"{page}/pecah").text)
    assert unit is not None
    fields = {
        **ACT,
        "into[0].way": "same",
        "into[1].way": "existing",
        "into[1].target": "dinkes",
        "given": unit[1],
    }

    looked = send(national, f"{page}/pecah", **fields, act="look")
    send(national, f"{page}/pecah", **fields, act="do", seen=seen_in(looked.text))

    assert "UPTD Dukcapil" in national.get(page_of(desk_app, "dinkes")).text
    assert "UPTD Dukcapil" not in national.get(page).text and ended(desk_app) == set()


def test_a_refused_form_keeps_what_was_typed_and_names_each_fault(desk_app: Flask) -> None:
    national, path = signed_in(desk_app, NATIONAL), f"{page_of(desk_app, 'dukcapil')}/gabung"

    wrong = send(national, path, sources="tidak-ada", note="Perda 3/2026", act="look")
    no_day = send(national, path, **{**MERGER, "on": "2026-02-31"}, act="look")

    assert (wrong.status_code, no_day.status_code) == (422, 422)
    assert all(part in wrong.text for part in ('href="#sources"', 'href="#into[0].way"', "Perda 3/2026"))
    assert 'href="#on"' in no_day.text and "Dinas &lt;Gabungan&gt;" in no_day.text


@pytest.mark.parametrize("way", ["gabung", "pecah", "ganti-nama"])
def test_an_admin_of_the_agency_does_not_end_it(desk_app: Flask, way: str) -> None:
    admin, page = signed_in(desk_app, ADMIN), page_of(desk_app, "dukcapil")

    answers = [admin.get(f"{page}/{way}"), send(admin, f"{page}/{way}", **MERGER, act="do")]

    assert [one.status_code for one in answers] == [403, 403]
    assert admin.get("/meja/instansi/peristiwa").status_code == 403
