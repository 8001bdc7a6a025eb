"""Tables of the standards: those in force, every public edition, those withdrawn, and where they are had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from siapa.catalogue.live import LIVE, OPEN_PLACE, WAS_PUBLIC
from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.of_places import AGENCY, COUNTER, LOCATION
from siapa.opendata.of_services import SERVICE
from siapa.opendata.table import ForeignKey, Table, by_key, by_owner, column, columns_of
from siapa.records import Agency, Confidence, Edition, Location, Offering, Standard, State

_FEE_MIN = _l("The least fee of all cases; empty where it is not known.")
_FEE_MAX = _l("The highest fee of all cases; empty where it is open or not known.")
_DAYS_MIN = _l("The shortest promised time of all cases, rounded up.")
_DAYS_MAX = _l("The longest promised time of all cases, rounded up.")
_IS_FREE = _l("Whether the standard says that it is free.")
_HAS_ONLINE = _l("Whether there is a way online.")
_COMPONENTS = _l("How many of the 14 components of the law are given.")
_DIGEST = _l("SHA-256 of the document in its canonical form (RFC 8785), in hex.")
_PUBLISHED_AT = _l("From when it was in force.")
_EFFECTIVE_FROM = _l("The day from which it holds, as the agency says.")
_REVIEW_DUE_ON = _l("The day by which the agency looks at it again.")
_TITLE = _l("Title in Indonesian.")
_TITLE_EN = _l("Title in English.")


@dataclass(frozen=True, slots=True)
class StandardRow:
    """What one agency promises for one service, as it is in force."""

    id: UUID = column(words.ID)
    agency_id: UUID = column(words.AGENCY)
    service_id: UUID | None = column(_l("The national service; empty where it is not linked to one."))
    path: str = column(_l("The page, below the address of the registry."))
    edition_number: int = column(words.EDITION)
    title: str = column(_TITLE)
    title_en: str | None = column(_TITLE_EN)
    summary: str | None = column(_l("What it is, in Indonesian."))
    summary_en: str | None = column(_l("What it is, in English."))
    audience: str | None = column(_l("Whom it is for."))
    is_free: bool = column(_IS_FREE)
    fee_min_idr: int | None = column(_FEE_MIN, unit="IDR")
    fee_max_idr: int | None = column(_FEE_MAX, unit="IDR")
    days_min: int | None = column(_DAYS_MIN, unit="working day")
    days_max: int | None = column(_DAYS_MAX, unit="working day")
    has_online: bool = column(_HAS_ONLINE)
    components_given: int = column(_COMPONENTS)
    published_at: datetime = column(_PUBLISHED_AT)
    effective_from: date | None = column(_EFFECTIVE_FROM)
    review_due_on: date | None = column(_REVIEW_DUE_ON)
    digest: str = column(_DIGEST)
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One numbered version of a standard that is or was in force, with its whole document."""

    standard_id: UUID = column(words.STANDARD)
    number: int = column(words.EDITION)
    state: State = column(_l("In force (published), followed by another (superseded), or withdrawn."))
    title: str = column(_TITLE)
    title_en: str | None = column(_TITLE_EN)
    published_at: datetime = column(_PUBLISHED_AT)
    ended_at: datetime | None = column(_l("Until when it was in force; empty while it is."))
    withdrawal_reason: str | None = column(_l("Why it was withdrawn."))
    effective_from: date | None = column(_EFFECTIVE_FROM)
    review_due_on: date | None = column(_REVIEW_DUE_ON)
    components_given: int = column(_COMPONENTS)
    digest: str = column(_DIGEST)
    sourced_components: list[str] = column(_l("The components that a source supports."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)
    document: dict[str, Any] = column(_l("The whole document with its 14 components."))


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    """A standard that was in force and is so no more: what it was, and why it went."""

    standard_id: UUID = column(words.STANDARD)
    agency_id: UUID = column(words.AGENCY)
    edition_number: int = column(words.EDITION)
    title: str = column(_TITLE)
    withdrawn_at: datetime | None = column(_l("When it was withdrawn."))
    reason: str | None = column(_l("Why it was withdrawn."))
    replaced_by_id: UUID | None = column(_l("The standard that takes its place."))


@dataclass(frozen=True, slots=True)
class OfferingRow:
    """A standard at a place, with what holds only there."""

    id: UUID = column(words.ID)
    standard_id: UUID = column(words.STANDARD)
    location_id: UUID = column(words.LOCATION)
    counter_id: UUID | None = column(_l("The counter, where it is known."))
    limits: str | None = column(_l("What is not had there, in Indonesian."))
    limits_en: str | None = column(_l("What is not had there, in English."))
    booking_url: str | None = column(_l("Where a visit is booked."))
    checked_on: date | None = column(_l("The day it was last checked."))
    source_address: str | None = column(words.SOURCE_ADDRESS)
    source_as_of: date | None = column(words.SOURCE_AS_OF)
    source_note: str | None = column(words.SOURCE_NOTE)
    confidence: Confidence | None = column(words.CONFIDENCE)
    modified_at: datetime = column(words.MODIFIED_AT)


STANDARD = ForeignKey(("standard_id",), "standards", ("id",))

#: Read from the document: these columns stand in no column of their own.
_WORDS = ("summary", "summary_en", "audience")
_STANDARDS = (
    sa.select(
        *columns_of(
            StandardRow, Edition, id=Edition.standard_id, agency_id=Standard.agency_id,
            service_id=Standard.service_id, path="/standar/" + Agency.slug + "/" + Standard.slug,
            edition_number=Edition.number,
            **{name: Edition.document[name].as_string() for name in _WORDS},
        )
    )
    .join(Standard, Standard.id == Edition.standard_id)
    .join(Agency, Agency.id == Standard.agency_id)
    .where(LIVE)
)  # fmt: skip

_Other = aliased(Edition)
_LAST_WITHDRAWN = (
    sa.select(sa.func.max(_Other.number))
    .where(_Other.standard_id == Edition.standard_id, _Other.state == State.WITHDRAWN)
    .scalar_subquery()
)
_IS_LIVE = sa.exists().where(_Other.standard_id == Edition.standard_id, _Other.state == State.PUBLISHED)
_WITHDRAWALS = (
    sa.select(
        Edition.standard_id, Standard.agency_id, Edition.number, Edition.title, Edition.ended_at,
        Edition.withdrawal_reason, Standard.replaced_by_id,
    )
    .join(Standard, Standard.id == Edition.standard_id)
    .where(Edition.state == State.WITHDRAWN, Edition.number == _LAST_WITHDRAWN, ~_IS_LIVE)
)  # fmt: skip

_OFFERINGS = (
    sa.select(*columns_of(OfferingRow, Offering))
    .join(Edition, Edition.standard_id == Offering.standard_id)
    .join(Location, Location.id == Offering.location_id)
    .where(LIVE, OPEN_PLACE)
)

TABLES = (
    Table(
        "standards", _l("Service standards in force"), StandardRow, ("id",),
        by_key(_STANDARDS, Edition.standard_id), (AGENCY, SERVICE),
    ),
    Table(
        "editions", _l("Editions of standards"), EditionRow, ("standard_id", "number"),
        by_owner(
            sa.select(*columns_of(EditionRow, Edition)).where(WAS_PUBLIC), Edition.standard_id, Standard.id,
            order=lambda row: row[:2],
        ),
    ),
    Table(
        "withdrawals", _l("Withdrawn standards"), WithdrawalRow, ("standard_id",),
        by_owner(_WITHDRAWALS, Edition.standard_id, Standard.id, order=lambda row: row[0]), (AGENCY,),
    ),
    Table(
        "offerings", _l("Standards at places"), OfferingRow, ("id",),
        by_key(_OFFERINGS, Offering.id), (STANDARD, LOCATION, COUNTER),
    ),
)  # fmt: skip
