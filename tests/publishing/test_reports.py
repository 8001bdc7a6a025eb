"""Reports of citizens: each is read and answered by those whose standard or place it is about, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from siapa.errors import Conflict, NotAllowed, NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import reports, verifying
from siapa.publishing.offerings import OfferedAt, set_offerings
from siapa.publishing.permissions import may
from siapa.publishing.workflow import Action
from siapa.records import Feedback, FeedbackState, Offering, now
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, published


def reported(code: str, **subject: object) -> Feedback:
    """A report that has come in."""
    begin_writing(db)
    one = Feedback(code=code, text=f"Salah {code}", due_at=now() + timedelta(days=3), **subject)
    db.session.add(one)
    db.session.commit()
    return one


@pytest.fixture
def three(cast: Cast) -> dict[str, Feedback]:
    """A report on a standard of ``own``, one on it in the mall, and one on the mall."""
    standard = published(cast)
    set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.author)
    offering = db.session.query(Offering).one()
    return {
        "standard": reported("A1", standard_id=standard.id),
        "offering": reported("A2", standard_id=standard.id, offering_id=offering.id),
        "mall": reported("A3", location_id=cast.mall.id),
    }


def test_each_officer_is_shown_just_the_reports_they_may_answer(
    cast: Cast, three: dict[str, Feedback]
) -> None:
    shown = {
        name: {one.code for one, _about in reports.reports_for(person).reports}
        for name, person in cast.officers.items()
    }
    allowed = {
        name: {one.code for one in three.values() if may(person, Action.ANSWER, one)}
        for name, person in cast.officers.items()
    }

    assert shown["author"] == shown["publisher"] == {"A1", "A2"}
    assert shown["manager"] == {"A2", "A3"}
    assert shown["national"] == {"A1", "A2", "A3"}
    assert shown["stranger"] == shown["admin"] == shown["curator"] == set()
    assert shown == allowed


def test_an_answered_report_is_closed_once_and_the_audit_tells_it(
    cast: Cast, three: dict[str, Feedback]
) -> None:
    report = three["standard"]

    reports.answer(report.id, " Sudah kami perbaiki. ", FeedbackState.CORRECTED, by=cast.author)
    with pytest.raises(Conflict):
        reports.answer(report.id, "Lagi", FeedbackState.ANSWERED, by=cast.publisher)

    assert (report.state, report.answer) == (FeedbackState.CORRECTED, "Sudah kami perbaiki.")
    assert report.answered_by_id == cast.author.id
    assert [one.code for one, _about in reports.reports_for(cast.author, is_open=False).reports] == ["A1"]
    assert not verifying.verify()


@pytest.mark.parametrize(
    ("text", "outcome"), [("", FeedbackState.ANSWERED), ("Ya", FeedbackState.OPEN), ("y" * 2001, "answered")]
)
def test_an_answer_says_something_and_what_came_of_it(
    cast: Cast, three: dict[str, Feedback], text: str, outcome: FeedbackState
) -> None:
    with pytest.raises(Rejected):
        reports.answer(three["mall"].id, text, outcome, by=cast.manager)

    assert three["mall"].state is FeedbackState.OPEN


def test_a_stranger_neither_sees_nor_answers_a_report(cast: Cast, three: dict[str, Feedback]) -> None:
    with pytest.raises(NotFound):
        reports.report_seen_by(cast.stranger, three["standard"].id)
    with pytest.raises(NotAllowed):
        reports.answer(three["standard"].id, "Ya", FeedbackState.ANSWERED, by=cast.stranger)

    assert three["standard"].answer is None
