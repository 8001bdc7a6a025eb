"""What was published and withdrawn last, for those who follow by a feed reader."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.catalogue.live import WAS_PUBLIC
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import Agency, Change, ChangeKind, Edition, Standard

#: Entries of a feed.
MOST = 50
_KINDS = (ChangeKind.STANDARD_PUBLISHED, ChangeKind.STANDARD_WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Entry:
    """A standard that was published or withdrawn; names in both languages, for a door to choose."""

    number: int
    at: datetime
    is_withdrawn: bool
    title: str
    title_en: str | None
    summary: str | None
    summary_en: str | None
    reason: str | None
    agency: Agency
    slug: str


def entries(
    agency_slug: str | None = None, *, among: Collection[uuid.UUID] | None = None
) -> tuple[Entry, ...]:
    """The newest entries, of all agencies or of one, of all standards or of those ``among`` which they are.

    ``NotFound`` for an agency that is none.
    """
    found = sa.select(Change).where(Change.kind.in_(_KINDS)).order_by(Change.number.desc()).limit(MOST)
    if agency_slug is not None:
        owner = db.session.scalar(sa.select(Agency.id).where(Agency.slug == agency_slug))
        if owner is None:
            raise NotFound(_l("There is no such agency."))
        own = db.session.scalars(sa.select(Standard.id).where(Standard.agency_id == owner))
        found = found.where(Change.subject_id.in_([str(one) for one in own]))
    if among is not None:
        found = found.where(Change.subject_id.in_([str(one) for one in among]))
    lines = list(db.session.scalars(found))
    editions = _editions({uuid.UUID(line.subject_id) for line in lines})
    told = ((line, editions.get((line.subject_id, line.edition_number))) for line in lines)
    return tuple(_entry(line, edition) for line, edition in told if edition is not None)


def _editions(ids: set[uuid.UUID]) -> dict[tuple[str, int | None], Edition]:
    rows: Any = db.session.scalars(
        sa.select(Edition)
        .where(WAS_PUBLIC, Edition.standard_id.in_(ids))
        .options(joinedload(Edition.standard).joinedload(Standard.agency))
    )
    return {(str(row.standard_id), row.number): row for row in rows}


def _entry(line: Change, edition: Edition) -> Entry:
    is_withdrawn = line.kind is ChangeKind.STANDARD_WITHDRAWN
    return Entry(
        number=line.number,
        at=line.at,
        is_withdrawn=is_withdrawn,
        title=edition.title,
        title_en=edition.title_en,
        summary=edition.document.get("summary"),
        summary_en=edition.document.get("summary_en"),
        reason=edition.withdrawal_reason if is_withdrawn else None,
        agency=edition.standard.agency,
        slug=edition.standard.slug,
    )
