"""Who may read which lines of the audit, and how they are found; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.publishing import agencies, commands, people, trails
from siapa.publishing.trails import Asked, conditions_of, page_of_events, piece_of_events, seen_among
from siapa.records import AuditEvent, Officer, Role, now
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, document, officer, people_and_places, submitted


@pytest.fixture
def told(either_app: Flask) -> Cast:
    """The cast after some acts: in ``own``, in ``sibling``, and one that was refused."""
    begin_writing(db)
    cast = people_and_places()
    cast.officers["other_admin"] = officer("other", Role.AGENCY_ADMIN, cast.sibling)
    db.session.commit()
    submitted(cast)
    elsewhere = commands.open_standard(cast.sibling.id, document("Imunisasi"), by=cast.stranger)
    with pytest.raises(NotAllowed):
        commands.submit(elsewhere.id, by=cast.author)
    agencies.set_agency(cast.parent.id, {"phone": "0401"}, by=cast.national)
    return cast


def found(reader: Officer, **asked: object) -> list[tuple[str, str]]:
    """Act and kind of each line that ``reader`` finds, the newest first."""
    rows, _older, _newer = page_of_events(conditions_of(reader, Asked(**asked)))
    return [(one.action, one.subject_kind) for one in rows]


def test_an_admin_reads_of_the_own_tree_and_of_the_own_officers_and_a_national_one_all(told: Cast) -> None:
    everything = [("set_agency", "agency"), ("denied:submit", "standard"), ("open", "standard"),
                  ("submit", "standard"), ("open", "standard")]  # fmt: skip

    assert found(told.national) == everything
    assert found(told.admin) == [everything[1], *everything[3:]]
    assert found(told.other_admin) == everything[1:3]


def test_what_an_officer_of_several_trees_does_is_read_only_where_it_was_done(told: Cast) -> None:
    people.grant(told.author.id, Role.OPERATOR, agency_id=told.sibling.id, by=told.national)

    assert found(told.admin) == [("submit", "standard"), ("open", "standard")]


def test_the_trail_is_narrowed_by_who_what_which_thing_when_and_agency(told: Cast) -> None:
    day = now().date()

    assert found(told.national, who="AUTHOR@") == [("denied:submit", "standard"), ("submit", "standard"),
                                                   ("open", "standard")]  # fmt: skip
    assert found(told.national, who="%") == []
    assert found(told.national, action="submit") == [("denied:submit", "standard"), ("submit", "standard")]
    assert found(told.national, action=trails.DENIED) == [("denied:submit", "standard")]
    assert found(told.national, kind="agency") == [("set_agency", "agency")]
    assert found(told.national, subject="dinkes/imunisasi") == [("denied:submit", "standard"),
                                                                ("open", "standard")]  # fmt: skip
    assert found(told.national, subject=str(told.parent.id)) == [("set_agency", "agency")]
    assert found(told.national, agency_id=told.sibling.id) == found(told.other_admin)
    assert found(told.national, until_on=day - timedelta(days=2)) == []
    assert len(found(told.national, from_on=day - timedelta(days=2), until_on=day + timedelta(days=1))) == 5


def test_pages_and_pieces_follow_each_other_by_number(told: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trails, "EVENTS_A_PAGE", 2)
    monkeypatch.setattr(trails, "AT_ONCE", 2)

    first, has_older, has_newer = page_of_events([])
    second, _more, _newer = page_of_events([], before=first[-1].number)
    back, _older, is_more = page_of_events([], after=second[0].number)

    assert (has_older, has_newer, is_more) == (True, False, False)
    assert [one.number for one in [*first, *second]] == [5, 4, 3, 2]
    assert [one.number for one in back] == [5, 4]
    assert [row.number for row in piece_of_events([], after=2, until=trails.last_event() - 1)] == [3, 4]
    named = piece_of_events([AuditEvent.action == "set_agency"], after=0, until=5)
    assert [row.email for row in named] == ["national@example.go.id"]


def test_only_things_of_the_own_tree_are_named(told: Cast) -> None:
    things = {str(told.own.id), str(told.child.id), str(told.sibling.id), str(told.author.id)}

    assert seen_among(told.admin, things) == things - {str(told.sibling.id)}
    assert seen_among(told.national, things) == things
