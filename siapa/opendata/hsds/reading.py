"""The standards in force with all that HSDS tells of them, filtered, a page or a part at a time.

A service was last modified when its standard was published, or when the log last told of it, of its
agency, its national service or one of its places: a relation that changed moves it too.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.catalogue.keeping import look
from siapa.catalogue.live import LIVE, OPEN_PLACE
from siapa.catalogue.touching import NAMES, OFFERINGS, PLACES, SERVICES, STANDARDS
from siapa.document.referral.saying import Told, tell
from siapa.document.standard_document import COMPONENTS, StandardDocument, from_stored
from siapa.extensions import db
from siapa.opendata.hsds.narrowing import Had
from siapa.opendata.hsds.taxonomies import taxonomy_id, term_id
from siapa.records import (
    Agency,
    Category,
    Change,
    ChangeKind,
    Counter,
    Edition,
    LifeEvent,
    Location,
    Offering,
    Service,
    Standard,
)

#: Services that are read at once.
PART = 200
#: After more lines of the log than these all services are taken to have changed.
MOST_LINES = 20_000


@dataclass(frozen=True)
class Held:
    """A standard in force and what stands around it."""

    edition: Edition
    standard: Standard
    offerings: Sequence[Offering]
    last_modified: datetime

    @property
    def id(self) -> str:
        """The identifier of the standard."""
        return str(self.standard.id)

    @property
    def slug(self) -> str:
        """The last part of the page's address."""
        return self.standard.slug

    @property
    def agency(self) -> Agency:
        """Who promises it."""
        return self.standard.agency

    @property
    def service(self) -> Service | None:
        """The national service, if it is linked to one."""
        return self.standard.service

    @property
    def effective_from(self) -> date | None:
        """The day from which it holds."""
        return self.edition.effective_from

    @cached_property
    def document(self) -> StandardDocument:
        """What it says."""
        return from_stored(self.edition.document)

    @cached_property
    def told(self) -> Told:
        """What of that HSDS can tell, in the language that is spoken when it is first asked for."""
        return tell(self.document)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which services are asked for; all conditions hold at once."""

    search: str | None = None
    organization_id: uuid.UUID | None = None
    taxonomy_id: str | None = None
    taxonomy_term_id: str | None = None
    modified_after: datetime | None = None
    had: Had | None = None


def count(filters: Filters) -> int:
    """How many services there are."""
    found = _ids(filters).order_by(None).with_only_columns(sa.func.count())
    return _total("services", filters, found)


def listed(filters: Filters, *, page: int, per_page: int) -> list[Held]:
    """The services of a page, in the order of their identifiers."""
    return held(db.session.scalars(_ids(filters).limit(per_page).offset((page - 1) * per_page)).all())


def every(filters: Filters) -> Iterator[Held]:
    """All services, read in parts."""
    asked, after = _ids(filters), None
    while True:
        part = asked if after is None else asked.where(Edition.standard_id > after)
        ids = db.session.scalars(part.limit(PART)).all()
        found = held(ids)
        # What was read stays as it is; no view of the database is held while a slow reader takes it.
        db.session.expunge_all()
        db.session.rollback()
        yield from found
        if len(ids) < PART:
            return
        after = ids[-1]


def held(ids: Sequence[uuid.UUID]) -> list[Held]:
    """The standards with these identifiers that are in force, in their order."""
    if not ids:
        return []
    editions = db.session.scalars(
        sa.select(Edition)
        .where(LIVE, Edition.standard_id.in_(ids))
        .options(
            joinedload(Edition.standard).joinedload(Standard.agency).joinedload(Agency.region),
            joinedload(Edition.standard).joinedload(Standard.service).joinedload(Service.category),
            joinedload(Edition.standard).joinedload(Standard.service).selectinload(Service.life_events),
        )
    ).all()
    by_standard = {edition.standard_id: edition for edition in editions}
    offerings = _offerings(sa.select(Offering).where(Offering.standard_id.in_(by_standard)))
    changed = _last_changes(editions, offerings)
    found = []
    for one in (by_standard[one] for one in ids if one in by_standard):
        own = [offering for offering in offerings if offering.standard_id == one.standard_id]
        shown = [offering for offering in own if offering.location.closed_on is None]
        found.append(Held(one, one.standard, shown, _last_modified(one, own, changed)))
    return found


def offering(offering_id: uuid.UUID) -> tuple[Held, Offering] | None:
    """A standard in force at an open place, by the identifier of the offering."""
    standard_id = db.session.scalar(sa.select(Offering.standard_id).where(Offering.id == offering_id))
    for one in held([standard_id]) if standard_id else ():
        for own in one.offerings:
            if own.id == offering_id:
                return one, own
    return None


def offerings_page(filters: Filters, *, page: int, per_page: int) -> tuple[int, list[tuple[Held, Offering]]]:
    """How many offerings of such services there are, and those of a page, by their identifiers."""
    open_ones = sa.select(Offering.id, Offering.standard_id).join(Location).where(OPEN_PLACE)
    among = open_ones.where(Offering.standard_id.in_(_ids(filters).order_by(None)))
    if filters.had and (had := filters.had.condition) is not None:
        among = among.where(had)
    total = _total("offerings", filters, sa.select(sa.func.count()).select_from(among.subquery()))
    if filters == Filters():
        # Of all of them a page is found one by one; a list of every standard would be made for it otherwise.
        among = open_ones.where(sa.exists().where(LIVE, Edition.standard_id == Offering.standard_id))
    rows = db.session.execute(among.order_by(Offering.id).limit(per_page).offset((page - 1) * per_page)).all()
    known = {one.standard.id: one for one in held(list(dict.fromkeys(row[1] for row in rows)))}
    by_id = {own.id: (one, own) for one in known.values() for own in one.offerings}
    return total, [by_id[row[0]] for row in rows if row[0] in by_id]


def _total(of_what: str, filters: Filters, counted: sa.Select[int]) -> int:
    """What ``counted`` gives; kept until the log names what it follows from, where that can be told."""

    def read() -> int:
        return db.session.scalar(counted) or 0

    if filters.modified_after or filters.had:
        return read()
    return look().one("totals", (of_what, filters), read, (STANDARDS, OFFERINGS, PLACES, SERVICES, NAMES))


def _offerings(statement: sa.Select[Any]) -> Sequence[Offering]:
    """With their places and hours, also at places that were closed since: that changes the service."""
    return db.session.scalars(
        statement.options(
            joinedload(Offering.location).joinedload(Location.region),
            joinedload(Offering.location).selectinload(Location.hours),
            joinedload(Offering.counter).selectinload(Counter.hours),
        ).order_by(Offering.id)
    ).all()


def _subjects(edition: Edition, offerings: Sequence[Offering]) -> Iterator[str]:
    """What the log calls the standard and all that its record shows."""
    standard = edition.standard
    yield from (str(standard.id), str(standard.agency_id))
    if standard.service_id:
        yield str(standard.service_id)
    yield from (str(offering.location_id) for offering in offerings)


def _last_changes(editions: Sequence[Edition], offerings: Sequence[Offering]) -> dict[str, datetime]:
    """When the log last told of what these records show."""
    subjects = {one for edition in editions for one in _subjects(edition, offerings)}
    rows = db.session.execute(
        sa.select(Change.subject_id, sa.func.max(Change.at))
        .where(Change.subject_id.in_(subjects))
        .group_by(Change.subject_id)
    )
    return dict(rows.all())


def _last_modified(edition: Edition, own: Sequence[Offering], changed: dict[str, datetime]) -> datetime:
    assert edition.published_at is not None, "only what is in force is shown"
    told = (changed.get(subject) for subject in _subjects(edition, own))
    return max([edition.published_at, *(at for at in told if at is not None)])


def _ids(filters: Filters) -> sa.Select[uuid.UUID]:
    """The standards that are asked for, in the order of their identifiers."""
    found = sa.select(Edition.standard_id).where(LIVE).order_by(Edition.standard_id)
    if filters.search:
        for word in filters.search.split()[:10]:
            found = found.where(
                sa.or_(
                    Edition.title.icontains(word, autoescape=True),
                    Edition.title_en.icontains(word, autoescape=True),
                )
            )
    if filters.organization_id:
        found = found.where(_of_standard(Standard.agency_id == filters.organization_id))
    if filters.taxonomy_id:
        found = found.where(_in_taxonomy(filters.taxonomy_id))
    if filters.taxonomy_term_id:
        found = found.where(_under_term(filters.taxonomy_term_id))
    if filters.had and (had := filters.had.condition) is not None:
        at_places = sa.select(Offering.standard_id).join(Location, Location.id == Offering.location_id)
        found = found.where(Edition.standard_id.in_(at_places.where(OPEN_PLACE, had)))
    if filters.modified_after:
        found = found.where(_modified_after(filters.modified_after))
    return found


def _of_standard(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return Edition.standard_id.in_(sa.select(Standard.id).where(condition))


def _in_taxonomy(asked: str) -> sa.ColumnElement[bool]:
    """Whether a service has an attribute of the vocabulary: each has components, a linked one the others."""
    if asked == taxonomy_id("component"):
        return sa.true()
    if asked in (taxonomy_id("service"), taxonomy_id("category")):
        return _of_standard(Standard.service_id.isnot(None))
    if asked == taxonomy_id("life_event"):
        return _of_standard(Standard.service_id.in_(sa.select(Service.id).where(Service.life_events.any())))
    return sa.false()


def _under_term(asked: str) -> sa.ColumnElement[bool]:
    """Whether a service has an attribute with the term; terms are few, their identifiers made of codes."""
    which: sa.ColumnElement[bool] | None = None
    if code := _coded("service", Service.code, asked):
        which = Service.code == code
    elif code := _coded("category", Category.code, asked):
        which = Service.category_code == code
    elif code := _coded("life_event", LifeEvent.code, asked):
        which = Service.life_events.any(LifeEvent.code == code)
    if which is None:
        return _with_component(asked)
    return _of_standard(Standard.service_id.in_(sa.select(Service.id).where(which)))


def _coded(kind: str, column: Any, asked: str) -> str | None:
    """The code of the term with this identifier, if it is one of this vocabulary."""
    codes: list[str] = list(db.session.scalars(sa.select(column)))
    return next((code for code in codes if term_id(kind, code) == asked), None)


def _with_component(asked: str) -> sa.ColumnElement[bool]:
    """Whether a service says anything of the component with this term."""
    key = next((one for one in COMPONENTS if term_id("component", one) == asked), None)
    if key is None:
        return sa.false()
    said: sa.ColumnElement[str] = Edition.document[key].as_string()
    return said.isnot(None)


def _modified_after(moment: datetime) -> sa.ColumnElement[bool]:
    lines = db.session.execute(
        sa.select(Change.kind, Change.subject_id).where(Change.at > moment).limit(MOST_LINES + 1)
    ).all()
    if len(lines) > MOST_LINES:
        return sa.true()

    def told(*kinds: ChangeKind) -> list[uuid.UUID]:
        return list({uuid.UUID(line.subject_id) for line in lines if line.kind in kinds})

    standards = told(
        ChangeKind.STANDARD_PUBLISHED, ChangeKind.STANDARD_MOVED, ChangeKind.STANDARD_SUPERSEDED,
        ChangeKind.OFFERING_CHANGED,
    )  # fmt: skip
    at_places = sa.select(Offering.standard_id).where(
        Offering.location_id.in_(told(ChangeKind.LOCATION_CHANGED))
    )
    return sa.or_(
        Edition.published_at > moment,
        Edition.standard_id.in_(standards),
        _of_standard(Standard.agency_id.in_(told(ChangeKind.AGENCY_CHANGED))),
        _of_standard(Standard.service_id.in_(told(ChangeKind.SERVICE_CHANGED))),
        Edition.standard_id.in_(at_places),
    )
