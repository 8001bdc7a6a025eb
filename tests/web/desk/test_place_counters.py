"""Counters and closed days at the desk: added, changed, closed, checked in one click, public at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import places
from siapa.publishing.editions import today_of
from siapa.records import AuditEvent, Closure, Counter, Location, Officer
from tests.web.desk.conftest import AUTHOR, NATIONAL
from tests.web.desk.test_places import MANAGER, seen, the, write
from tests.web.desk.visiting import send, signed_in


@pytest.fixture
def manager(desk_app: Flask) -> FlaskClient:
    """The browser of who manages the mall."""
    return signed_in(desk_app, MANAGER)


def counters(app: Flask, **statuses: str) -> dict[str, str]:
    """Add a counter of each name and state to the mall; the id of each."""
    with app.app_context():
        by = db.session.query(Officer).filter_by(email=NATIONAL).one()
        mall = db.session.query(Location).filter_by(slug="mpp").one().id
        return {
            name: str(places.add_counter(mall, name, {"status": status}, by=by).id)
            for name, status in statuses.items()
        }


def standing(app: Flask) -> dict[str, tuple[str, bool]]:
    """Of each counter its state, and whether it was checked today."""
    with app.app_context():
        today = today_of(db.session.query(Location).filter_by(slug="mpp").one())
        return {one.name: (str(one.status), one.checked_on == today) for one in db.session.query(Counter)}


def test_all_open_counters_are_checked_in_one_click_and_the_audit_tells_each(
    desk_app: Flask, manager: FlaskClient
) -> None:
    made = counters(desk_app, a="listed", b="confirmed", c="closed", d="agreement_only")
    path = the(desk_app)

    page = manager.get(path).text
    answer = send(manager, f"{path}/periksa")
    again = send(manager, f"{path}/periksa")

    assert "Semua 2 gerai diperiksa hari ini" in page
    assert (answer.status_code, again.status_code) == (303, 303)
    assert standing(desk_app) == {
        "a": ("confirmed", True), "b": ("confirmed", True), "c": ("closed", False),
        "d": ("agreement_only", False),
    }  # fmt: skip
    with desk_app.app_context():
        told = sa.select(AuditEvent.subject_id).where(AuditEvent.action == "confirm")
        assert sorted(db.session.scalars(told)) == sorted([made["a"], made["b"]])
    assert "diperiksa" in desk_app.test_client().get("/mpp/mpp").text


def test_of_all_counters_whoever_may_confirm_only_one_confirms_none(desk_app: Flask) -> None:
    path, author = the(desk_app), signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        by = db.session.query(Officer).filter_by(email=MANAGER).one()
        own = db.session.query(Officer).filter_by(email=AUTHOR).one().memberships[0].agency_id
        mall = db.session.query(Location).filter_by(slug="mpp").one().id
        mine = places.add_counter(mall, "kami", {"agency_id": own}, by=by).id
        places.add_counter(mall, "lain", by=by)

    all_of_them = send(author, f"{path}/periksa")
    before = standing(desk_app)
    one = send(author, f"{path}/loket/{mine}/periksa")

    assert (all_of_them.status_code, one.status_code) == (403, 303)
    assert not any(is_checked for _, is_checked in before.values())
    assert standing(desk_app) == {"kami": ("confirmed", True), "lain": ("listed", False)}


def test_a_counter_is_added_changed_and_closed_but_never_confirmed_when_closed(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path = the(desk_app)
    data = {"name": "Loket A", "agency": "Dinas Dukcapil", "floor": "2", "status": "listed"}

    added = send(manager, f"{path}/loket/baru", **data)
    wrong = send(manager, f"{path}/loket/baru", **data | {"agency": "Dinas Entah"})
    with desk_app.app_context():
        counter = db.session.query(Counter).one()
        one, agency = f"{path}/loket/{counter.id}", counter.agency.slug
    closed = write(manager, one, **data | {"status": "closed"})
    confirmed = send(manager, f"{one}/periksa")

    assert (added.status_code, closed.status_code, agency) == (303, 303, "dukcapil")
    assert wrong.status_code == 422 and 'href="#agency"' in wrong.text and "Loket A" in wrong.text
    assert confirmed.status_code == 409 and "Gerai ini ditutup" in confirmed.text
    assert standing(desk_app) == {"Loket A": ("closed", False)}


def test_a_counter_changed_meanwhile_is_not_overwritten(desk_app: Flask, manager: FlaskClient) -> None:
    one = f"{the(desk_app)}/loket/{counters(desk_app, a='listed')['a']}"
    old = seen(manager, one)
    write(signed_in(desk_app, NATIONAL), one, name="a", floor="3", status="listed")

    late = send(manager, one, seen=old, name="Terlambat", status="listed")
    hours = {"hours.1.0.opens_at": "8", "hours.1.0.closes_at": "9"}
    also_late = send(manager, f"{one}/jam", seen=old, **hours)

    assert (late.status_code, also_late.status_code) == (409, 409)
    assert "Terlambat" in late.text and standing(desk_app) == {"a": ("listed", False)}


def test_a_counter_keeps_hours_of_its_own_and_citizens_see_them(
    desk_app: Flask, manager: FlaskClient
) -> None:
    one = f"{the(desk_app)}/loket/{counters(desk_app, a='confirmed')['a']}"

    answer = write(manager, f"{one}/jam", **{"hours.6.0.opens_at": "9", "hours.6.0.closes_at": "1130"})

    assert answer.status_code == 303
    assert "09.00–11.30" in desk_app.test_client().get("/mpp/mpp").text
    assert "Sa 09:00-11:30; PH off" in manager.get(the(desk_app)).text


def test_closed_days_are_added_changed_and_taken_away_and_citizens_see_them(
    desk_app: Flask, manager: FlaskClient
) -> None:
    path, counter = f"{the(desk_app)}/libur", counters(desk_app, a="confirmed")["a"]
    row = {"closures[0].from_on": "2099-05-01", "closures[0].until_on": "2099-05-03",
           "closures[0].reason": "Pindah gedung", "closures[0].reason_en": "Moving house"}  # fmt: skip
    own = {"closures[1].from_on": "2099-06-01", "closures[1].counter": counter, "closures[1].reason": "Cuti"}

    write(manager, path, **row, **own)
    public, english = (desk_app.test_client().get(page).text for page in ("/mpp/mpp", "/en/mpp/mpp"))
    changed = write(manager, path, **row | {"closures[0].until_on": "2099-05-04"}, **own)
    program = desk_app.test_client().get("/api/v1/malls/mpp").get_json()["closures"]
    write(manager, path, **row | {"closures[0].gone": "1"}, **own)

    assert "1 Mei 2099 – 3 Mei 2099: Pindah gedung" in public and "3 May 2099: Moving house" in english
    assert changed.status_code == 303
    assert [(one["until_on"], one["counter_name"]) for one in program] == [
        ("2099-05-04", None), ("2099-06-01", "a"),
    ]  # fmt: skip
    with desk_app.app_context():
        assert [one.reason for one in db.session.query(Closure)] == ["Cuti"]


def test_days_that_are_past_stay_told(desk_app: Flask, manager: FlaskClient) -> None:
    path = f"{the(desk_app)}/libur"
    past = {"closures[0].from_on": "2020-01-01", "closures[0].reason": "Dahulu"}
    write(manager, path, **past)

    answer = write(manager, path, **{"closures[0].from_on": "2099-01-01", "closures[0].reason": "Nanti"})

    assert answer.status_code == 303
    with desk_app.app_context():
        assert sorted(one.reason for one in db.session.query(Closure)) == ["Dahulu", "Nanti"]


WRONG_DAYS: tuple[tuple[dict[str, str], str], ...] = (
    ({"from_on": ""}, "closures[0].from_on"),
    ({"from_on": "2026-02-31"}, "closures[0].from_on"),
    ({"until_on": "2098-12-31"}, "closures[0].until_on"),
    ({"reason": ""}, "closures[0].reason"),
    ({"reason_en": "x" * 301}, "closures[0].reason_en"),
    ({"counter": "x"}, "closures[0].counter"),
)


def test_closed_days_that_cannot_be_are_named_and_stay_on_the_page(
    desk_app: Flask, manager: FlaskClient
) -> None:
    row = {"from_on": "2099-01-01", "until_on": "2099-01-02", "reason": "Libur"}
    counters(desk_app, a="listed")
    path = f"{the(desk_app)}/libur"
    version = seen(manager, path)

    for changed, field in WRONG_DAYS:
        sent = {f"closures[0].{name}": text for name, text in (row | changed).items()}
        answer = send(manager, path, seen=version, **sent)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, changed
        assert changed.get("until_on", "2099-01-02") in answer.text, changed
