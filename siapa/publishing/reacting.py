"""What an agency makes of a new revision of the usual content: take it, keep its own, or both together.

Three versions are compared part by part: the revision the standard has last reacted to, what the
standard says (its draft, else what is in force), and the newest revision. Only what differs in
substance is asked. What is taken goes into a draft, as any other change; nothing is published by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from siapa.document.functional import Change, abolished_in, changes
from siapa.document.intake import read_document
from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing, together
from siapa.publishing.outlines import remember, revisions
from siapa.publishing.permissions import Actor
from siapa.publishing.taking import take_into
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import (
    OPEN_STATES,
    Edition,
    Officer,
    OutlineReaction,
    OutlineRevision,
    Standard,
    State,
)

#: Standards that are compared for one list; what lies further on waits for its turn.
MOST_COMPARED = 500
WAYS = ("take", "keep", "merge")


@dataclass(frozen=True)
class Pending:
    """What of the newest revision a standard has not reacted to, with the edition that was compared.

    ``abolished``: the places of requirements in it that may not be asked for any more.
    """

    standard: Standard
    edition: Edition
    base: int
    newest: OutlineRevision
    changes: tuple[Change, ...]
    abolished: tuple[int, ...]

    @property
    def is_untouched(self) -> bool:
        """Whether everything new may be taken as it is."""
        return all(change.is_untouched for change in self.changes)


def pending_of(standard: Standard) -> Pending | None:
    """What ``standard`` has not reacted to; None where nothing differs in substance."""
    issued = _issued(standard.service_id) if standard.service_id else []
    return _pending(standard, issued)


def pending(officer: Officer | None = None, *, service_id: uuid.UUID | None = None) -> list[Pending]:
    """The standards that have not reacted, by agency and title: of the agencies in which ``officer``
    writes or (None) of all; of one service, or of any."""
    newest = (
        sa.select(OutlineRevision.service_id, sa.func.max(OutlineRevision.number).label("number"))
        .where(OutlineRevision.issued_at.is_not(None))
        .group_by(OutlineRevision.service_id)
        .having(sa.func.max(OutlineRevision.number) > 1)
        .subquery()
    )
    reacted = sa.and_(
        OutlineReaction.standard_id == Standard.id,
        OutlineReaction.service_id == Standard.service_id,
        OutlineReaction.number == newest.c.number,
    )
    stands = Standard.editions.any(Edition.state.in_((State.PUBLISHED, *OPEN_STATES)))
    query = (
        sa.select(Standard)
        .join(newest, newest.c.service_id == Standard.service_id)
        .outerjoin(OutlineReaction, reacted)
        .where(OutlineReaction.standard_id.is_(None), stands)
        .options(joinedload(Standard.agency), joinedload(Standard.service), selectinload(Standard.editions))
        .order_by(Standard.agency_id, Standard.id)
        .limit(MOST_COMPARED)
    )
    if service_id is not None:
        query = query.where(Standard.service_id == service_id)
    ids = agencies_for(officer, Action.REACT) if officer else None
    if ids is not None:
        query = query.where(Standard.agency_id.in_(ids))
    found = list(_all_pending(db.session.scalars(query).unique().all()))
    return sorted(found, key=lambda one: (one.standard.agency.name, one.edition.title))


def react(
    standard_id: uuid.UUID,
    number: int,
    choices: Mapping[str, str],
    *,
    by: Actor,
    origin: str | None = None,
) -> Standard:
    """Answer revision ``number``: by component ``take``, ``keep`` or ``merge``, for each that differs.

    ``Conflict`` when there is a newer revision, or the draft is being reviewed and something is taken.
    """
    standard = db.session.get(Standard, standard_id)
    if standard is None:
        raise NotFound(_l("There is no such entry."))
    with together():
        found = pending_of(standard)
        if found is None or found.newest.number != number:
            raise Conflict(_l("This was answered meanwhile, or there is a newer revision. Look again."))
        _check(choices, found.changes)
        _take(found, choices, by, origin)
        _remember(standard, number, by, origin)
    return standard


def take_untouched(standard_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> bool:
    """Take what is new where the standard says what was usual before; whether nothing is left to answer."""
    standard = db.session.get(Standard, standard_id)
    found = pending_of(standard) if standard else None
    if standard is None or found is None:
        raise NotFound(_l("There is no such entry."))
    with together():
        ways = {change.component: "take" for change in found.changes if change.is_untouched}
        _take(found, ways, by, origin)
        if found.is_untouched:
            _remember(standard, found.newest.number, by, origin)
    return found.is_untouched


def _take(found: Pending, choices: Mapping[str, str], by: Actor, origin: str | None) -> None:
    content: dict[str, Any] = dict(found.edition.document)
    usual = found.newest.document or {}
    for change in found.changes:
        way = choices.get(change.component, "keep")
        if way == "keep":
            continue
        value = change.merged if way == "merge" else change.new
        for name, held in (
            (change.component, value),
            (f"{change.component}_en", usual.get(f"{change.component}_en")),
        ):
            content.pop(name, None)
            if held is not None:
                content[name] = held
    if content != found.edition.document:
        take_into(found.standard, read_document(content), by=by, origin=origin)


def _check(choices: Mapping[str, str], asked: Iterable[Change]) -> None:
    problems = []
    for change in asked:
        way = choices.get(change.component)
        if way not in WAYS or (way == "merge" and change.merged is None):
            problems.append(Problem(change.component, _l("Say what you want here.")))
    if problems:
        raise Rejected(problems)


def _remember(standard: Standard, number: int, by: Actor, origin: str | None) -> None:
    with changing(Standard, standard.id, Action.REACT, by=by, origin=origin) as row:
        assert row.service_id is not None, "what was compared stands for a service"
        remember(row.id, row.service_id, by, number)


def _all_pending(standards: Iterable[Standard]) -> Iterator[Pending]:
    issued: dict[uuid.UUID, list[OutlineRevision]] = {}
    for standard in standards:
        assert standard.service_id is not None, "it was found by its service"
        if standard.service_id not in issued:
            issued[standard.service_id] = _issued(standard.service_id)
        found = _pending(standard, issued[standard.service_id])
        if found is not None:
            yield found


def _issued(service_id: uuid.UUID) -> list[OutlineRevision]:
    return [one for one in revisions(service_id) if one.issued_at is not None]


def _pending(standard: Standard, issued: list[OutlineRevision]) -> Pending | None:
    edition = standard.open_edition or standard.live
    if edition is None or not issued:
        return None
    newest, base = issued[-1], _base(standard, issued)
    abolished = tuple(abolished_in(edition.document, newest.abolished))
    if base.number == newest.number:
        return None
    found = changes(base.document, edition.document, newest.document)
    return Pending(standard, edition, base.number, newest, found, abolished) if found else None


def _base(standard: Standard, issued: list[OutlineRevision]) -> OutlineRevision:
    """The revision it has reacted to last; without a reaction the one that stood when it was begun."""
    held = db.session.get(OutlineReaction, standard.id)
    if held is not None and held.service_id == standard.service_id:
        return next((one for one in reversed(issued) if one.number <= held.number), issued[0])
    stood = [one for one in issued if one.issued_at is not None and one.issued_at <= standard.created_at]
    return stood[-1] if stood else issued[0]
