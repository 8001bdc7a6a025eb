"""Commands on agencies: the tree, and each one's profile."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding, changing
from siapa.publishing.filling import fill
from siapa.publishing.permissions import Actor
from siapa.publishing.slugs import own_slug, retire, take_back
from siapa.publishing.workflow import Action
from siapa.records import Agency, Membership, Officer, Role, new_id

PROFILE = frozenset({"name", "name_en", "short_name", "address", "website", "phone", "email"})
#: What places an agency in the registry: only where agencies are added and moved.
PLACE = frozenset({"kind", "region_code"})


def add_agency(
    name: str,
    kind: str,
    values: Mapping[str, object] | None = None,
    *,
    by: Actor,
    parent_id: uuid.UUID | None = None,
    slug: str | None = None,
    agency_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Agency:
    """Add an agency, below another or by itself; a national admin's right."""
    agency = Agency(id=agency_id or new_id(), parent_id=parent_id, single_officer=False)
    within = (Agency, parent_id) if parent_id else None
    with adding(agency, Action.ADD_AGENCY, by=by, within=within, origin=origin):
        fill(agency, {"name": name, "kind": kind, **(values or {})}, PROFILE | PLACE)
        agency.slug = own_slug(Agency, slug, agency.name, agency.id)
    return agency


def set_agency(
    agency_id: uuid.UUID, values: Mapping[str, object], *, by: Actor, origin: str | None = None
) -> Agency:
    """Change an agency's profile."""
    with changing(Agency, agency_id, Action.SET_AGENCY, by=by, origin=origin) as agency:
        fill(agency, values, PROFILE)
    return agency


def place_agency(
    agency_id: uuid.UUID,
    values: Mapping[str, object] | None = None,
    *,
    parent_id: uuid.UUID | None,
    by: Actor,
    origin: str | None = None,
) -> Agency:
    """Move an agency in the tree, or to another kind or region; a national admin's right.

    Rights follow the tree at once. ``Rejected`` when it would come below itself.
    """
    with changing(Agency, agency_id, Action.ADD_AGENCY, by=by, origin=origin) as agency:
        fill(agency, values or {}, PROFILE | PLACE)
        moves = parent_id is not None and parent_id != agency.parent_id
        if moves and not _leads_elsewhere(parent_id, Agency.parent_id, agency_id):
            raise Rejected([Problem("parent", _l("This cannot stand above it."), str(parent_id))])
        agency.parent = db.session.get(Agency, parent_id) if parent_id else None
    return agency


def rename_agency(agency_id: uuid.UUID, slug: str, *, by: Actor, origin: str | None = None) -> Agency:
    """Give an agency another address; the former one redirects for ever."""
    with changing(Agency, agency_id, Action.SET_AGENCY, by=by, origin=origin) as agency:
        give_address(agency, slug)
    return agency


def give_address(agency: Agency, slug: str) -> None:
    """Let a locked ``agency`` stand at ``slug``; ``Rejected`` when that is malformed or taken."""
    free = own_slug(Agency, slug, "", agency.id)
    if free != agency.slug:
        retire("agency", agency.slug, agency.id)
        take_back("agency", free, agency.id)
        agency.slug = free


def end_agency(
    agency_id: uuid.UUID, *, succeeded_by: uuid.UUID, by: Actor, origin: str | None = None
) -> Agency:
    """Say that an agency has ended and which one follows it; its page stays.

    ``Rejected`` for one that is not there, and for one that this agency itself follows.
    """
    with changing(Agency, agency_id, Action.ADD_AGENCY, by=by, origin=origin) as agency:
        if not _leads_elsewhere(succeeded_by, Agency.succeeded_by_id, agency_id):
            raise Rejected([Problem("succeeded_by", _l("There is no such agency."), str(succeeded_by))])
        agency.succeeded_by_id = succeeded_by
    return agency


def declare_single_officer(
    agency_id: uuid.UUID, *, is_single: bool, by: Actor, origin: str | None = None
) -> Agency:
    """Let an agency that has only one officer publish without a second pair of eyes.

    ``Conflict`` while more than one may write or publish there. A second officer ends it.
    """
    with changing(Agency, agency_id, Action.SET_AGENCY, by=by, origin=origin) as agency:
        if is_single and len(writers(agency_id)) > 1:
            raise Conflict(_l("This agency has more than one officer."))
        agency.single_officer = is_single
    return agency


def _leads_elsewhere(
    start: uuid.UUID | None, column: InstrumentedAttribute[uuid.UUID | None], agency_id: uuid.UUID
) -> bool:
    """Whether there is an agency ``start``, and ``column`` never leads from it to ``agency_id``.

    Nobody can move what was walked over until the transaction ends, so that two moves at once make
    no ring either; who is in each other's way is told that the registry is busy.
    """
    seen: set[uuid.UUID] = set()
    while start is not None and start not in seen:
        seen.add(start)
        held = sa.select(column).where(Agency.id == start).with_for_update(read=True, key_share=True)
        row = db.session.execute(held).one_or_none()
        if row is None:
            return False
        start = row[0]
    return agency_id not in seen


def writers(agency_id: uuid.UUID) -> set[uuid.UUID]:
    """The active officers who write or publish for just this agency."""
    return set(
        db.session.scalars(
            sa.select(Membership.officer_id)
            .join(Officer, Officer.id == Membership.officer_id)
            .where(
                Membership.agency_id == agency_id,
                Membership.role.in_((Role.OPERATOR, Role.PUBLISHER)),
                Officer.is_active,
            )
        )
    )
