"""The one stair: all or nothing, one winner, refused attempts kept, nothing told that did not happen."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.errors import Conflict, NotAllowed, NotFound, Unavailable
from siapa.extensions import db
from siapa.publishing import audit, changing, commands
from siapa.publishing.changing import after_commit, together
from siapa.publishing.editions import today_of
from siapa.publishing.workflow import Action
from siapa.records import Agency, AuditEvent, Change, Counting, Edition, Officer, Standard, State
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, document, published, submitted
from tests.publishing.racing import at_once, somebody


def count(table: type) -> int:
    """How many rows there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_an_exception_in_the_body_undoes_everything(cast: Cast) -> None:
    own = changing.changing(Agency, cast.own.id, Action.SET_AGENCY, by=cast.admin)
    with pytest.raises(ZeroDivisionError), own as agency:
        agency.name = "Lain"
        raise ZeroDivisionError

    assert db.session.get(Agency, cast.own.id).name == "Dinas Dukcapil"
    assert (count(AuditEvent), count(Change)) == (0, 0)


def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        commands.submit(cast.own.id, by=cast.author)


def test_a_refused_attempt_is_kept_and_nothing_else(cast: Cast) -> None:
    standard = published(cast)
    acts, lines = count(AuditEvent), count(Change)

    with pytest.raises(NotAllowed):
        commands.withdraw(standard.id, by=cast.stranger, reason="Iseng.", origin="203.0.113.77")

    kept = db.session.scalar(sa.select(AuditEvent).order_by(AuditEvent.number.desc()).limit(1))
    assert (kept.action, kept.officer_id, kept.subject_id) == (
        "denied:withdraw",
        cast.stranger.id,
        str(standard.id),
    )
    assert (kept.origin, kept.before_digest) == ("203.0.113.0/24", None)
    assert (count(AuditEvent), count(Change)) == (acts + 1, lines)
    assert standard.live is not None


def test_an_act_that_changes_nothing_leaves_no_trace(cast: Cast) -> None:
    with changing.changing(Agency, cast.own.id, Action.SET_AGENCY, by=cast.admin) as agency:
        agency.name = str(agency.name)

    assert (count(AuditEvent), count(Change)) == (0, 0)


def test_rights_taken_away_meanwhile_are_seen_inside_the_change(app: Flask, cast: Cast) -> None:
    standard = submitted(cast)
    publisher = db.session.get(Officer, cast.publisher.id)
    assert publisher.is_active
    with db.engine.connect().execution_options(siapa_writes=True) as other, other.begin():
        other.execute(sa.update(Officer).where(Officer.id == publisher.id).values(is_active=False))

    with pytest.raises(NotAllowed):
        commands.publish(standard.id, by=publisher)

    assert standard.live is None


def test_together_is_one_transaction(cast: Cast) -> None:
    with together():
        first = submitted(cast, title="Satu")
        second = submitted(cast, title="Dua")
        commands.publish(first.id, by=cast.publisher)
        unseen = _seen_from_outside(Standard)

    assert (unseen, count(Standard)) == (0, 2)
    assert second.open_edition.state is State.SUBMITTED
    assert list(audit.verify_chain(db.session.connection())) == []
    assert count(AuditEvent) == 5


def test_together_is_all_or_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed), together():
        submitted(cast, title="Satu")
        commands.open_standard(cast.sibling.id, document("Dua"), by=cast.author)

    assert count(Standard) == 0
    assert [e.action for e in db.session.scalars(sa.select(AuditEvent))] == ["denied:open"]


def test_a_failure_swallowed_inside_together_still_undoes_the_whole(cast: Cast) -> None:
    with pytest.raises(Conflict), together():
        standard = submitted(cast, title="Satu")
        with pytest.raises(Conflict):
            commands.open_draft(standard.id, by=cast.author)
        with pytest.raises(Conflict):
            submitted(cast, title="Dua")

    assert (count(Standard), count(AuditEvent)) == (0, 0)


def test_after_a_failure_the_next_command_works(cast: Cast) -> None:
    standard = submitted(cast)
    with pytest.raises(Conflict):
        commands.submit(standard.id, by=cast.author)

    commands.publish(standard.id, by=cast.publisher)

    assert standard.live is not None


def test_listeners_hear_of_a_commit_and_never_fail_it(cast: Cast) -> None:
    heard: list[str] = []

    def broken() -> None:
        heard.append("broken")
        raise RuntimeError("the index is away")

    stops = [after_commit(broken), after_commit(lambda: heard.append("whole"))]
    try:
        with together():
            standard = submitted(cast)
            during = list(heard)
        with pytest.raises(Conflict):
            commands.submit(standard.id, by=cast.author)
    finally:
        for stop in stops:
            stop()
    commands.publish(standard.id, by=cast.publisher)

    assert during == []
    assert heard == ["broken", "whole"]


def test_a_busy_database_is_unavailable_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    standard = submitted(cast)
    db.session.rollback()
    with db.engine.connect().execution_options(siapa_writes=True) as other, other.begin():
        db.session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
        with pytest.raises(Unavailable) as refused:
            commands.publish(standard.id, by=cast.publisher)

    assert refused.value.retry_after_seconds
    assert commands.publish(standard.id, by=cast.publisher).state is State.PUBLISHED


def test_a_full_disk_is_unavailable_and_nothing_is_lost(app: Flask, cast: Cast) -> None:
    standard = submitted(cast)
    begin_writing(db)
    pages = db.session.scalar(sa.text("PRAGMA page_count"))
    db.session.execute(sa.text(f"PRAGMA max_page_count={pages}"))
    db.session.rollback()
    text = "x" * 900
    big = document("Besar", requirements=[{"text": f"{text}{n}", "kind": "document"} for n in range(30)])

    with pytest.raises(Unavailable):
        commands.open_standard(cast.own.id, big, by=cast.author)
    db.session.execute(sa.text("PRAGMA max_page_count=1000000"))

    assert commands.publish(standard.id, by=cast.publisher).state is State.PUBLISHED
    assert count(Standard) == 1


def test_of_two_who_publish_at_once_exactly_one_wins(app: Flask, cast: Cast) -> None:
    standard_id = submitted(cast).id

    results = at_once(app, 6, lambda _n: commands.publish(standard_id, by=somebody("publisher")))

    assert results.count(None) == 1
    assert {type(r) for r in results if r} == {Conflict}
    assert [e.state for e in db.session.get(Standard, standard_id).editions] == [State.PUBLISHED]
    _the_logs_hold()


def test_of_two_who_open_a_draft_at_once_exactly_one_wins(app: Flask, cast: Cast) -> None:
    standard_id = published(cast).id

    results = at_once(app, 6, lambda _n: commands.open_draft(standard_id, by=somebody("author")))

    assert results.count(None) == 1
    assert [e.number for e in db.session.get(Standard, standard_id).editions] == [1, 2]
    _the_logs_hold()


def test_of_two_who_save_the_same_version_exactly_one_wins(app: Flask, cast: Cast) -> None:
    standard = commands.open_standard(cast.own.id, document(), by=cast.author)
    standard_id, version = standard.id, standard.open_edition.version

    results = at_once(
        app,
        6,
        lambda _n: commands.revise(
            standard_id, document(threading.current_thread().name), version=version, by=somebody("author")
        ),
    )

    assert results.count(None) == 1
    db.session.expire_all()
    assert standard.open_edition.version == version + 1
    _the_logs_hold()


def test_a_schedule_comes_true_once_however_many_hosts_look(app: Flask, cast: Cast) -> None:
    day = today_of(cast.own) + timedelta(days=1)
    for number in range(5):
        standard = submitted(cast, title=f"Standar {number}", effective_from=day.isoformat())
        commands.publish(standard.id, by=cast.publisher)
    found: list[int] = []

    at_once(app, 4, lambda _n: found.append(len(commands.publish_due(today=day))))

    assert sum(found) == 5
    assert db.session.scalar(sa.select(sa.func.count()).where(Edition.state == State.PUBLISHED)) == 5
    _the_logs_hold()


def test_many_writers_leave_no_gap_and_no_double_number(app: Flask, cast: Cast) -> None:
    ids = [submitted(cast, title=f"Standar {number}").id for number in range(12)]
    waiting = list(ids)

    def publish_some(_n: int) -> None:
        while waiting:
            commands.publish(waiting.pop(), by=somebody("publisher"))

    results = at_once(app, 4, publish_some)

    assert results == [None] * 4
    assert list(db.session.scalars(sa.select(Change.number).order_by(Change.number))) == list(range(1, 13))
    _the_logs_hold()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET note = 'x' WHERE number = 2",
        "UPDATE audit_event SET officer_id = NULL WHERE number = 2",
        "DELETE FROM audit_event WHERE number = 2",
        "DELETE FROM audit_event WHERE number = 3",
    ],
)
def test_a_tampered_audit_shows(cast: Cast, statement: str) -> None:
    published(cast)
    assert list(audit.verify_chain(db.session.connection())) == []
    _by_force("audit_event_is_not_changed", "audit_event_is_not_deleted", statement=statement)

    assert list(audit.verify_chain(db.session.connection()))


def test_the_database_itself_refuses_to_change_the_audit(cast: Cast) -> None:
    published(cast)

    with pytest.raises(sa.exc.IntegrityError):
        _by_force(statement="UPDATE audit_event SET note = 'x'")


@pytest.mark.parametrize(
    ("origin", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("siapa import", "siapa import"),
        (None, None),
    ],
)
def test_where_from_is_kept_but_not_who(origin: str | None, kept: str | None) -> None:
    assert audit.shortened(origin) == kept


def _the_logs_hold() -> None:
    db.session.expire_all()
    for table, log in ((AuditEvent, "audit_event"), (Change, "change")):
        numbers = list(db.session.scalars(sa.select(table.number).order_by(table.number)))
        assert numbers == list(range(1, len(numbers) + 1))
        counted = db.session.get(Counting, log)
        assert (counted.last_number if counted else 0) == len(numbers)
    assert list(audit.verify_chain(db.session.connection())) == []


def _seen_from_outside(table: type) -> int | None:
    with db.engine.connect() as other:
        return other.scalar(sa.select(sa.func.count()).select_from(table))


def _by_force(*triggers: str, statement: str) -> None:
    begin_writing(db)
    try:
        for trigger in triggers:
            db.session.execute(sa.text(f"DROP TRIGGER {trigger}"))
        db.session.execute(sa.text(statement))
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
