"""What was promised when: the public editions of a standard, for ever."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from siapa.catalogue.standards import public_standard, view_of
from siapa.catalogue.succession import Owners
from siapa.catalogue.views import DecreeFile, EditionCard, StandardView
from siapa.document.difference import ComponentDifference, difference
from siapa.document.standard_document import from_stored
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import HOME_ZONE, Decree, Edition, Standard


def editions(standard_id: uuid.UUID) -> tuple[EditionCard, ...]:
    """The public editions of a standard, newest first."""
    row = public_standard(standard_id)
    owners = Owners(row)
    return tuple(_card(one, owners) for one in reversed(_public(row)))


def edition(standard_id: uuid.UUID, number: int) -> StandardView:
    """One public edition, in force or not; ``NotFound`` for a draft as for a number never given."""
    row = public_standard(standard_id)
    return view_of(row, _numbered(row, number))


def as_of(standard_id: uuid.UUID, day: date) -> StandardView:
    """The edition in force at the end of ``day``, in the agency's time zone."""
    row = public_standard(standard_id)
    zone = ZoneInfo(row.agency.region.timezone if row.agency.region else HOME_ZONE)
    end = datetime.combine(day, time.min, zone) + timedelta(days=1)
    for candidate in reversed(_public(row)):
        if candidate.published_at < end and (candidate.ended_at is None or candidate.ended_at >= end):  # type: ignore[operator]
            return view_of(row, candidate)
    raise NotFound(_l("This service standard was not in force on that day."))


def decree_file(standard_id: uuid.UUID, number: int) -> DecreeFile | None:
    """The file of the decree that set a public edition; None where none was handed up."""
    row = public_standard(standard_id)
    found = _numbered(row, number)
    decree = db.session.get(Decree, found.decree_id) if found.decree_id else None
    if decree is None or decree.file_digest is None:
        return None
    return DecreeFile(decree.number, decree.file_name or "decree.pdf", decree.file_digest)


def compared(standard_id: uuid.UUID, older: int, newer: int) -> tuple[ComponentDifference, ...]:
    """What changed between two public editions, component by component."""
    row = public_standard(standard_id)
    return difference(
        from_stored(_numbered(row, older).document), from_stored(_numbered(row, newer).document)
    )


def _public(row: Standard) -> list[Edition]:
    return [e for e in row.editions if e.state.was_public]


def _numbered(row: Standard, number: int) -> Edition:
    for candidate in _public(row):
        if candidate.number == number:
            return candidate
    raise NotFound(_l("This service standard has no edition with that number."))


def _card(row: Edition, owners: Owners) -> EditionCard:
    assert row.published_at is not None
    return EditionCard(
        number=row.number,
        state=row.state,
        title=row.title,
        title_en=row.title_en,
        digest=row.digest,
        components_given=row.components_given,
        effective_from=row.effective_from,
        published_at=row.published_at,
        ended_at=row.ended_at,
        withdrawal_reason=row.withdrawal_reason,
        published_under=owners.at(row.published_at),
    )
