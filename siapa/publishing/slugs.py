"""Names in addresses: made from titles, kept for ever, never given to something else."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from itertools import count

import sqlalchemy as sa

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.records import Agency, FormerSlug, Location, Service, Standard

LONGEST = 100
SHAPE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(text: str) -> str:
    """``text`` as a name for addresses: lower-case ASCII letters, digits and hyphens, cut at a word."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug or "x"


def standard_slug(agency: Agency, wanted: str | None, title: str, subject_id: uuid.UUID | None = None) -> str:
    """A free slug among the standards of ``agency``: ``wanted`` or one made of ``title``.

    Raises ``Rejected`` when ``wanted`` is malformed or taken.
    """

    def is_taken(slug: str) -> bool:
        held = sa.select(Standard.id).where(Standard.agency_id == agency.id, Standard.slug == slug)
        return _stands(held, subject_id) or _was("standard", f"{agency.slug}/{slug}", subject_id)

    return _chosen(wanted, title, is_taken)


def own_slug(
    kind: type[Agency] | type[Location] | type[Service],
    wanted: str | None,
    name: str,
    subject_id: uuid.UUID | None = None,
) -> str:
    """A free slug among all rows of ``kind``; raises as ``standard_slug`` does."""

    def is_taken(slug: str) -> bool:
        held = sa.select(kind.id).where(kind.slug == slug)
        return _stands(held, subject_id) or _was(kind.__tablename__, slug, subject_id)

    return _chosen(wanted, name, is_taken)


def retire(kind: str, slug: str, subject_id: uuid.UUID) -> None:
    """Keep ``slug`` as a former one of the subject: it redirects for ever."""
    if db.session.get(FormerSlug, (kind, slug)) is None:
        db.session.add(FormerSlug(kind=kind, slug=slug, subject_id=subject_id))


def take_back(kind: str, slug: str, subject_id: uuid.UUID) -> None:
    """Make a subject's own former slug its present one again."""
    former = db.session.get(FormerSlug, (kind, slug))
    if former is not None and former.subject_id == subject_id:
        db.session.delete(former)


def _chosen(wanted: str | None, text: str, is_taken: Callable[[str], bool]) -> str:
    if wanted is not None:
        if not SHAPE.fullmatch(wanted) or len(wanted) > LONGEST:
            raise Rejected([Problem("slug", _l("Use small letters, digits and hyphens only."), wanted)])
        if is_taken(wanted):
            raise Rejected([Problem("slug", _l("This address is or was used by something else."), wanted)])
        return wanted
    made = slug_of(text)
    return next(slug for slug in _numbered(made) if not is_taken(slug))


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    for number in count(2):
        yield f"{slug}-{number}"


def _stands(held: sa.Select[uuid.UUID], subject_id: uuid.UUID | None) -> bool:
    return any(found != subject_id for found in db.session.scalars(held))


def _was(kind: str, slug: str, subject_id: uuid.UUID | None) -> bool:
    former = db.session.get(FormerSlug, (kind, slug))
    return former is not None and former.subject_id != subject_id
