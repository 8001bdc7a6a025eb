"""What the lines of the log touch, as the tags under which values are kept.

A tag is the id of a thing, for values that show the thing itself; ``of:`` and an id, for sums
over the standards of a service, an agency or a place; or one of the words below, for sums over
many of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.records import Change, ChangeKind, Location, Offering, Standard

#: Any standard came, went or moved; any offering changed; what a place counts for; any service changed.
STANDARDS, OFFERINGS, PLACES, SERVICES = "standards", "offerings", "places", "services"
#: A standard moved, from where is not said.
MOVED = "moved"
#: Names of regions and subjects, which stand in many cards.
NAMES = "names"
#: After more lines than these everything is read anew.
MOST_LINES = 500

#: Which places there are, where each lies, and whether it is open to the public at all.
Places = frozenset[tuple[uuid.UUID, str | None, bool]]

_STANDARDS = frozenset(
    (
        ChangeKind.STANDARD_PUBLISHED, ChangeKind.STANDARD_SUPERSEDED, ChangeKind.STANDARD_WITHDRAWN,
        ChangeKind.STANDARD_MOVED,
    )
)  # fmt: skip


def touched(since: int, until: int) -> frozenset[str] | None:
    """The tags of all that the lines after ``since`` up to ``until`` touch; None for everything."""
    lines = db.session.execute(
        sa.select(Change.kind, Change.subject_id)
        .where(Change.number > since, Change.number <= until)
        .limit(MOST_LINES + 1)
    ).all()
    if len(lines) > MOST_LINES:
        return None
    subjects = {line.subject_id for line in lines}
    of_standards = {
        line.subject_id for line in lines if line.kind in _STANDARDS | {ChangeKind.OFFERING_CHANGED}
    }
    return frozenset({*subjects, *_words({line.kind for line in lines}), *_sums_over(of_standards)})


def _words(kinds: Collection[ChangeKind]) -> Iterator[str]:
    if _STANDARDS & set(kinds):
        yield STANDARDS
    if ChangeKind.STANDARD_MOVED in kinds:
        yield MOVED
    if ChangeKind.OFFERING_CHANGED in kinds:
        yield OFFERINGS
    if ChangeKind.SERVICE_CHANGED in kinds:
        yield SERVICES
    if ChangeKind.LOCATION_CHANGED in kinds:
        yield PLACES
    if {ChangeKind.REGION_CHANGED, ChangeKind.VOCABULARY_CHANGED} & set(kinds):
        yield NAMES


def _sums_over(standards: Collection[str]) -> Iterator[str]:
    """The sums in which these standards stand now: of their services, agencies and places."""
    if not standards:
        return
    ids = [uuid.UUID(one) for one in standards]
    owners: sa.Select[Any, Any] = sa.select(Standard.service_id, Standard.agency_id)
    for service, agency in db.session.execute(owners.where(Standard.id.in_(ids))):
        yield from (of(service), of(agency))
    places = sa.select(Offering.location_id).where(Offering.standard_id.in_(ids))
    yield from map(of, db.session.scalars(places))


def of(owner: uuid.UUID | None) -> str:
    """The tag of the sums over the standards of ``owner``."""
    return f"of:{owner}"


def places_count_for() -> Places:
    """What counts of a place in sums: where it lies, and whether it is open to the public at all."""
    columns: tuple[Any, ...] = (Location.id, Location.region_code, Location.closed_on.is_(None))
    return frozenset((one, code, is_open) for one, code, is_open in db.session.execute(sa.select(*columns)))
