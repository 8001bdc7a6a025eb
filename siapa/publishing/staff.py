"""Whom an admin rules over: the officers and malls within reach, as lists to choose from.

It only reads. Whether a single act is allowed is asked of ``permissions`` all the same,
here for what to offer and in every command for what is done.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from siapa.errors import NotAllowed, NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import Location, LocationKind, Membership, Officer, Role, Token

OFFICERS_A_PAGE = 50
#: More malls than this are not offered as a list to choose from.
MOST = 400


@dataclass(frozen=True)
class Found:
    """One page of the officers within reach, by name, and how many there are."""

    officers: tuple[Officer, ...]
    total: int


def is_admin(officer: Officer) -> bool:
    """Whether ``officer`` rules over others anywhere."""
    return any(held.role in (Role.AGENCY_ADMIN, Role.NATIONAL_ADMIN) for held in officer.memberships)


def demand_admin(officer: Officer) -> Officer:
    """``officer``, if they rule over others anywhere; ``NotAllowed`` otherwise."""
    if not is_admin(officer):
        raise NotAllowed(_l("You may not do this here."))
    return officer


def is_national(officer: Officer) -> bool:
    """Whether ``officer`` rules over all."""
    return any(held.role is Role.NATIONAL_ADMIN for held in officer.memberships)


def officers_within_reach(by: Officer, *, words: str = "", page: int = 1) -> Found:
    """The officers with a role in the agencies that ``by`` is an admin of, or below; all for a national one.

    ``words`` narrows to a part of name or address.
    """
    query = sa.select(Officer).where(*_within_reach(by))
    if words:
        part = f"%{_escaped(words.lower())}%"
        query = query.where(
            sa.or_(sa.func.lower(Officer.name).like(part, escape="\\"), Officer.email.like(part, escape="\\"))
        )
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    shown = (
        query.order_by(Officer.name, Officer.id).limit(OFFICERS_A_PAGE).offset((page - 1) * OFFICERS_A_PAGE)
    )
    shown = shown.options(selectinload(Officer.memberships).selectinload(Membership.agency))
    return Found(tuple(db.session.scalars(shown)), total)


def officer_within_reach(by: Officer, officer_id: uuid.UUID) -> Officer:
    """One of them; ``NotFound`` for any other, whether there is such an officer or not."""
    found = db.session.scalar(sa.select(Officer).where(Officer.id == officer_id, *_within_reach(by)))
    if found is None:
        raise NotFound(_l("There is no such entry."))
    return found


def malls_within_reach(by: Officer) -> list[Location]:
    """The malls of the agencies that ``by`` is an admin of, and of those below, by name; at most ``MOST``."""
    tree = agencies_for(by, Action.GRANT)
    query = sa.select(Location).where(Location.kind == LocationKind.MALL).order_by(Location.name).limit(MOST)
    return list(db.session.scalars(query if tree is None else query.where(Location.agency_id.in_(tree))))


def living_tokens(officer: Officer) -> list[Token]:
    """The tokens of ``officer`` that were not revoked, the newest first; expired ones among them."""
    held = sa.select(Token).where(Token.officer_id == officer.id, Token.revoked_at.is_(None))
    return list(db.session.scalars(held.order_by(Token.created_at.desc())))


def _within_reach(by: Officer) -> tuple[sa.ColumnElement[bool], ...]:
    """What an officer within reach of ``by`` satisfies; for a national admin nothing is asked."""
    tree = agencies_for(by, Action.GRANT)
    if tree is None:
        return ()
    malls = sa.select(Location.id).where(Location.agency_id.in_(tree))
    held = sa.select(Membership.officer_id).where(
        sa.or_(Membership.agency_id.in_(tree), Membership.location_id.in_(malls))
    )
    return (Officer.id.in_(held),)


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
