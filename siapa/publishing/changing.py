"""The one stair by which the registry changes.

``changing`` and ``adding`` open a transaction, lock, ask ``permissions``, let the command
act, and write what happened into the audit and the log; no command does any of it
itself, so none can forget it. ``together`` joins many commands into one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from siapa.document.digest import digest
from siapa.errors import Conflict, NotAllowed, NotFound, SiapaError, Unavailable
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import audit
from siapa.publishing.becoming import became
from siapa.publishing.permissions import RULES_PEOPLE, Actor, Narrowed, Standin, Subject, person_of, require
from siapa.publishing.recording import write_records
from siapa.publishing.snapshots import Snapshot, kind_of, snapshot, trail_of
from siapa.publishing.workflow import Action
from siapa.records import Officer
from siapa.records.columns import clock
from siapa.records.engine import begin_writing

T = TypeVar("T")
logger = structlog.get_logger(__name__)

_WORK = "siapa_work"
#: PostgreSQL: deadlock, no lock in time, serialisation.
_BUSY_STATES = ("40P01", "55P03", "40001")
RETRY_AFTER_SECONDS = 5
#: PostgreSQL: disk full, a standby; and what SQLite says for the like.
_CLOSED_STATES = ("53100", "25006")
_CLOSED_WORDS = ("disk is full", "readonly database", "disk I/O error", "unable to open database file")
RETRY_LATER_SECONDS = 60

_listeners: list[Callable[[], object]] = []

#: Kind and key of a row.
_Name = tuple[type[Any], Any]


@dataclass(frozen=True)
class _Asked:
    """Who asked for what."""

    action: Action
    by: Actor
    note: str
    origin: str | None

    def act(self, trail: _Name | None, **rest: Any) -> audit.Act:
        """The line of the audit for this in ``trail``; None is the whole registry's."""
        person = person_of(self.by)
        return audit.Act(
            at=clock(),
            officer_id=person.id if person else None,
            subject_kind=kind_of(trail[0]) if trail else "registry",
            subject_id=str(trail[1]) if trail else "",
            note=self.note,
            origin=self.origin,
            **{"action": self.action.value, **rest},
        )


@dataclass(frozen=True)
class Bulk:
    """What the logs are to say of rows that are written in bulk."""

    acts: list[audit.Act]
    changes: list[audit.Became]


@dataclass
class _Work:
    """One transaction: what is to be written down at its end, and what it need not ask again.

    A row that it has locked or made stays as it is until it changes it itself.
    """

    acts: list[audit.Act] = field(default_factory=list)
    changes: list[audit.Became] = field(default_factory=list)
    denied: audit.Act | None = None
    failure: BaseException | None = None
    #: The command that runs.
    asked: _Asked | None = None
    held: set[_Name] = field(default_factory=set)
    known: set[uuid.UUID] = field(default_factory=set)
    snapshots: dict[_Name, Snapshot | None] = field(default_factory=dict)


def after_commit(callback: Callable[[], object]) -> Callable[[], None]:
    """Call ``callback`` after every commit that changed something; gives back how to stop it.

    A callback that fails is logged and never fails the command.
    """
    if callback not in _listeners:
        _listeners.append(callback)

    def stop() -> None:
        with suppress(ValueError):
            _listeners.remove(callback)

    return stop


@contextmanager
def together(*, waits: bool = True) -> Iterator[None]:
    """Join the commands inside into one transaction: all of them happen, or none.

    A command that fails undoes the whole at once, even if its error is caught inside. Without
    ``waits`` it is ``Unavailable`` at once when another writer is at work.
    """
    with _transaction(waits=waits):
        yield


@contextmanager
def changing(
    kind: type[T],
    key: uuid.UUID | str | int,
    action: Action | Callable[[T], Action],
    *,
    by: Actor,
    note: str = "",
    origin: str | None = None,
) -> Iterator[T]:
    """Lock the row of ``kind`` under ``key``, let the caller change it, and commit the whole.

    Where it depends on the row which act this is, ``action`` is asked once it is locked.
    Raises ``NotFound``, ``NotAllowed`` (and writes the attempt down), ``Conflict`` when
    somebody else was quicker, ``Unavailable`` when the database is too busy.
    """
    with _transaction() as work:
        subject = _locked(work, kind, key)
        act = action(subject) if callable(action) else action
        asked = work.asked = _Asked(act, _as_of_now(work, by), note, origin)
        _require(work, asked, subject)
        with _written_down(work, asked, subject):
            yield subject


@contextmanager
def adding(
    row: T,
    action: Action,
    *,
    by: Actor,
    within: tuple[type[Any], uuid.UUID] | None = None,
    note: str = "",
    origin: str | None = None,
) -> Iterator[T]:
    """Add ``row``, let the caller complete it, and commit the whole.

    ``within`` is what it is added to: that row is locked, and decides whether ``by`` may.
    Without it the right must be a national one. Raises as ``changing`` does.
    """
    with _transaction() as work:
        parent: Subject = _locked(work, *within) if within else None
        asked = work.asked = _Asked(action, _as_of_now(work, by), note, origin)
        _require(work, asked, parent)
        with _written_down(work, asked, row):
            db.session.add(row)
            with db.session.no_autoflush:
                yield row


@contextmanager
def beside(subject: object) -> Iterator[None]:
    """Let the running command change ``subject`` too: it is locked, and the act told in its trail as well."""
    work = _running()
    assert work.asked is not None, "a command runs"
    _locked(work, *trail_of(subject))
    with _written_down(work, work.asked, subject):
        yield


def tell(subject: object) -> None:
    """Let the trail of ``subject`` tell of the running command although nothing changes that is told there.

    For what is kept beside the subject and stays out of every digest: passwords, sessions, second factors.
    """
    work = _running()
    assert work.asked is not None, "a command runs"
    db.session.flush()
    stands = _digest(snapshot(subject))
    work.acts.append(work.asked.act(trail_of(subject), before_digest=stands, after_digest=stands))


def require_also(subject: Subject) -> None:
    """Ask for the running command's right on one more subject; raises ``NotAllowed``, and writes it down."""
    work = _running()
    assert work.asked is not None, "a command runs"
    _require(work, work.asked, subject)


@contextmanager
def in_bulk(
    rights: Iterable[tuple[Actor, Action]], *, within: tuple[type[Any], uuid.UUID] | None = None
) -> Iterator[Bulk]:
    """Let the caller insert rows it has made, and say what the logs are to tell of them; commit the whole.

    For new rows by the thousand, which commands would take days to write. ``rights`` are asked
    for the row that all are added to (``within``, which is locked), or else for the whole registry.
    That rows and acts are as commands would leave them is the caller's word; ``verifying`` holds
    them to it.
    """
    with _transaction() as work:
        parent: Subject = _locked(work, *within) if within else None
        for by, action in rights:
            _require(work, _Asked(action, _as_of_now(work, by), "", None), parent)
        yield Bulk(work.acts, work.changes)


@contextmanager
def _transaction(*, waits: bool = True) -> Iterator[_Work]:
    session = db.session
    work: _Work | None = session.info.get(_WORK)
    if work is not None:
        yield from _joined(work)
        return
    work = session.info[_WORK] = _Work()
    try:
        begin_writing(db, waits=waits)
        yield work
        if work.failure is not None:
            raise work.failure
        audit.append(work.acts, work.changes)
        if work.changes:
            write_records()
        session.commit()
    except BaseException as error:
        session.rollback()
        _write_down_denial(work)
        said = _in_our_words(error)
        if said is error:
            raise
        raise said from error
    finally:
        session.info.pop(_WORK, None)
    if work.acts:
        _tell_listeners()


def _joined(work: _Work) -> Iterator[_Work]:
    """A transaction inside another: it shares its fate."""
    if work.failure is not None:
        raise Conflict(_l("An earlier step failed, so nothing of this was done."))
    try:
        yield work
    except BaseException as error:
        db.session.rollback()
        work.failure = said = _in_our_words(error)
        if said is error:
            raise
        raise said from error


def _running() -> _Work:
    work: _Work = db.session.info[_WORK]
    return work


def _locked(work: _Work, kind: type[T], key: uuid.UUID | str | int) -> T:
    session = db.session
    if (kind, key) in work.held:
        held = session.get(kind, key)
        if held is None:
            raise NotFound(_l("There is no such entry."))
        return held
    mapper = sa.inspect(kind)
    condition = mapper.primary_key[0] == key
    row = session.scalar(
        sa.select(kind).where(condition).with_for_update().execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(_l("There is no such entry."))
    work.held.add((kind, key))
    # What hangs on it may have been read before the lock.
    for relationship in mapper.relationships:
        if relationship.uselist and relationship.key in row.__dict__:
            for part in row.__dict__[relationship.key]:
                session.expire(part)
    session.expire(row, mapper.relationships.keys())
    return row


def _as_of_now(work: _Work, by: Actor) -> Actor:
    """The officer as the database knows them inside this transaction: rights may just have ended."""
    if isinstance(by, Standin):
        return by
    person = by.officer if isinstance(by, Narrowed) else by
    key = sa.inspect(person).identity
    officer_id = key[0] if key else person.id
    is_known = officer_id in work.known
    found = db.session.get(Officer, officer_id, populate_existing=not is_known)
    if found is None:
        raise NotAllowed(_l("This account does not exist."))
    if not is_known:
        db.session.expire(found, ["memberships"])
        work.known.add(officer_id)
    return Narrowed(found, by.agency_id) if isinstance(by, Narrowed) else found


def _require(work: _Work, asked: _Asked, subject: Subject) -> None:
    try:
        require(asked.by, asked.action, subject)
    except NotAllowed:
        trail = None if subject is None else trail_of(subject)
        work.denied = asked.act(trail, action=f"denied:{asked.action}")
        raise


@contextmanager
def _written_down(work: _Work, asked: _Asked, subject: object) -> Iterator[None]:
    """Compare what the trail of ``subject`` tells of before and after, and note down the difference."""
    is_added = sa.inspect(subject).transient
    trail = None if is_added and trail_of(subject)[0] is type(subject) else trail_of(subject)
    before = _before(work, trail) if trail else None
    yield
    db.session.flush()
    trail = trail or trail_of(subject)
    row = db.session.get(*trail)
    after = None if row is None else snapshot(row)
    if before == after:
        return
    work.held.add(trail)
    work.snapshots[trail] = after
    if asked.action in RULES_PEOPLE:
        work.known.clear()
    digests = {"before_digest": _digest(before), "after_digest": _digest(after)}
    work.acts.append(asked.act(trail, **digests))
    work.changes.extend(became(subject, asked.action, before, after))


def _before(work: _Work, trail: _Name) -> Snapshot | None:
    row = _locked(work, *trail)
    if trail not in work.snapshots:
        work.snapshots[trail] = snapshot(row)
    return work.snapshots[trail]


def _digest(content: Snapshot | None) -> str | None:
    return None if content is None else digest(content)


def _write_down_denial(work: _Work) -> None:
    """Keep a refused attempt, in a transaction of its own: the attempt's was undone."""
    if work.denied is None:
        return
    try:
        begin_writing(db)
        audit.append([work.denied], [])
        db.session.commit()
    except Exception:
        db.session.rollback()
        logger.exception("a refused attempt could not be written down", action=work.denied.action)


def _in_our_words(error: BaseException) -> BaseException:
    """The database's refusals as the kinds of error that doors know; anything else as it is."""
    if isinstance(error, SiapaError):
        return error
    if isinstance(error, IntegrityError | StaleDataError):
        return Conflict(
            _l("Somebody else was quicker, or this is in use already. Look at it again, then try once more.")
        )
    return _unavailable(error) if isinstance(error, DBAPIError) else error


def _unavailable(error: DBAPIError) -> BaseException:
    """The database cannot write now; any other fault of it stays what it is."""
    state, words = getattr(error.orig, "sqlstate", None), str(error.orig)
    if state in _BUSY_STATES or "database is locked" in words:
        busy = _l("The registry is busy. Please try again in a moment.")
        return Unavailable(busy, retry_after_seconds=RETRY_AFTER_SECONDS)
    if state in _CLOSED_STATES or any(known in words for known in _CLOSED_WORDS):
        closed = _l("The registry cannot be changed at the moment. Please try again later.")
        return Unavailable(closed, retry_after_seconds=RETRY_LATER_SECONDS)
    return error


def _tell_listeners() -> None:
    for listener in tuple(_listeners):
        try:
            listener()
        except Exception:
            logger.exception("a listener failed after a commit")
