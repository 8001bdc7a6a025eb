"""Commands on people: officers, what they may do where, and the tokens of their programs."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from siapa.errors import Conflict, NotAllowed, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.agencies import writers
from siapa.publishing.changing import adding, beside, changing, together
from siapa.publishing.filling import fill
from siapa.publishing.permissions import Actor, Narrowed, person_of
from siapa.publishing.workflow import Action
from siapa.records import Agency, Location, Membership, Officer, OneTimeLink, Role, Token, new_id, now

SCOPES = ("read", "write")
TOKEN_START = "siapa_"
SECRET_BYTES = 32
PREFIX_LENGTH = 12
#: The last use of a token is written down no more often than this.
USE_NOTED_EVERY = timedelta(hours=1)

_NO_SUCH_TOKEN = _l("This token does not exist, has expired, or was revoked.")


@dataclass(frozen=True)
class IssuedToken:
    """A new token with its secret, which is shown once and kept nowhere."""

    token: Token
    secret: str


def add_officer(
    email: str,
    name: str,
    role: Role,
    *,
    by: Actor,
    agency_id: uuid.UUID | None = None,
    location_id: uuid.UUID | None = None,
    officer_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Officer:
    """Add an officer with a first role; ``Conflict`` when the address is taken."""
    within = _scope(role, agency_id, location_id)
    person = Officer(id=officer_id or new_id(), is_active=True)
    with adding(person, Action.ADD_OFFICER, by=by, within=within, origin=origin):
        fill(person, {"email": _address(email), "name": name}, frozenset({"email", "name"}))
        person.memberships.append(Membership(role=role, agency_id=agency_id, location_id=location_id))
        _end_single_officer(role, agency_id, person.id)
    return person


def grant(
    officer_id: uuid.UUID,
    role: Role,
    *,
    by: Actor,
    agency_id: uuid.UUID | None = None,
    location_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Membership:
    """Give an officer one more role; ``Conflict`` when they have it."""
    within = _scope(role, agency_id, location_id)
    wanted: dict[str, Any] = {"role": role, "agency_id": agency_id, "location_id": location_id}
    membership = Membership(id=new_id(), officer_id=officer_id, **wanted)
    if db.session.get(Officer, officer_id) is None:
        raise Rejected([Problem("officer", _l("There is no such officer."), str(officer_id))])
    with adding(membership, Action.GRANT, by=by, within=within, note=_told(membership), origin=origin):
        held = sa.select(Membership.id).filter_by(officer_id=officer_id, **wanted)
        if any(found != membership.id for found in db.session.scalars(held)):
            raise Conflict(_l("This officer has this role already."))
        _end_single_officer(role, agency_id, officer_id)
    return membership


def revoke(membership_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> None:
    """Take a role away, which whoever may give it may; it ends at once."""
    ending = db.session.get(Membership, membership_id)
    note = f"ends: {_told(ending)}" if ending else ""
    with changing(Membership, membership_id, Action.GRANT, by=by, note=note, origin=origin) as membership:
        db.session.delete(membership)


def disable_officer(
    officer_id: uuid.UUID, *, by: Actor, note: str = "", origin: str | None = None
) -> Officer:
    """Close an account: sessions, tokens and links end at once and for good, what was done stays.

    For the admins of the officer's home, the agency of their first role; others end
    the roles in their own agencies (``revoke``).
    """
    how: dict[str, Any] = {"by": by, "note": note, "origin": origin}
    with together():
        with changing(Officer, officer_id, Action.DISABLE_OFFICER, **how) as officer:
            officer.is_active, officer.disabled_at = False, now()
            officer.session_epoch = secrets.token_hex(32)
        living = sa.select(Token.id).where(Token.officer_id == officer_id, Token.revoked_at.is_(None))
        for token_id in db.session.scalars(living).all():
            with changing(Token, token_id, Action.DISABLE_OFFICER, **how) as token:
                token.revoked_at = now()
        unused = sa.update(OneTimeLink).where(
            OneTimeLink.officer_id == officer_id, OneTimeLink.used_at.is_(None)
        )
        db.session.execute(unused.values(used_at=now()))
    return officer


def enable_officer(officer_id: uuid.UUID, *, by: Actor, note: str = "", origin: str | None = None) -> Officer:
    """Open a closed account again."""
    with changing(Officer, officer_id, Action.DISABLE_OFFICER, by=by, note=note, origin=origin) as officer:
        officer.is_active, officer.disabled_at = True, None
    return officer


def issue_token(
    name: str,
    *,
    by: Actor,
    scope: str = "read",
    agency_id: uuid.UUID | None = None,
    officer_id: uuid.UUID | None = None,
    expires_at: datetime | None = None,
    origin: str | None = None,
) -> IssuedToken:
    """Make a token that acts as an officer, for an agency and below it if one is named.

    Officers make tokens for themselves only: acting as a colleague would undo the four
    eyes. ``officer_id`` is for whoever has the machine.
    """
    person = person_of(by)
    owner = officer_id if person is None else person.id
    if owner is None or (officer_id is not None and officer_id != owner):
        raise NotAllowed(_l("A token can only be made for oneself."))
    _check_token(scope, expires_at)
    secret = TOKEN_START + secrets.token_urlsafe(SECRET_BYTES)
    token = Token(id=new_id(), officer_id=owner, agency_id=agency_id, prefix=secret[:PREFIX_LENGTH])
    within: tuple[type[Any], uuid.UUID] = (Agency, agency_id) if agency_id else (Officer, owner)
    with adding(token, Action.ISSUE_TOKEN, by=by, within=within, origin=origin):
        fill(token, {"name": name}, frozenset({"name"}))
        token.scope, token.expires_at = scope, expires_at
        token.secret_hash = _hash(secret)
    return IssuedToken(token, secret)


def revoke_token(token_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> Token:
    """End a token at once."""
    with changing(Token, token_id, Action.REVOKE_TOKEN, by=by, origin=origin) as token:
        token.revoked_at = token.revoked_at or now()
    return token


def token_of(secret: str, *, scope: str = "read") -> Token:
    """The living token with this secret that may ``scope``.

    Raises ``NotAllowed``, with the same words for every reason but a read token that
    is to write.
    """
    found = db.session.scalar(sa.select(Token).where(Token.secret_hash == _hash(secret)))
    if found is None or found.revoked_at is not None or not found.officer.is_active:
        raise NotAllowed(_NO_SUCH_TOKEN)
    if found.expires_at is not None and found.expires_at <= now():
        raise NotAllowed(_NO_SUCH_TOKEN)
    if scope == "write" and found.scope != "write":
        raise NotAllowed(_l("This token may only read."))
    return found


def note_use(token_id: uuid.UUID) -> None:
    """Remember that a token was used, at most once an hour; for whoever looks after it, no act of its own."""
    moment = now()
    due = sa.or_(Token.last_used_at.is_(None), Token.last_used_at < moment - USE_NOTED_EVERY)
    if db.session.scalar(sa.select(Token.id).where(Token.id == token_id, due)) is None:
        return
    with together():
        db.session.execute(sa.update(Token).where(Token.id == token_id).values(last_used_at=moment))


def actor_by_token(secret: str, *, scope: str = "read") -> Officer | Narrowed:
    """Who acts through a token: its officer, narrowed to an agency if the token is.

    What a door asks ``permissions`` with, and hands to commands as ``by``. Raises as
    ``token_of`` does.
    """
    token = token_of(secret, scope=scope)
    return token.officer if token.agency_id is None else Narrowed(token.officer, token.agency_id)


def _scope(
    role: Role, agency_id: uuid.UUID | None, location_id: uuid.UUID | None
) -> tuple[type[Any], uuid.UUID] | None:
    """What ``role`` holds for, as ``adding`` takes it; ``Rejected`` when that does not fit the role."""
    if role.is_national and agency_id is None and location_id is None:
        return None
    if role is Role.MALL_MANAGER and location_id is not None and agency_id is None:
        return Location, location_id
    if (
        not role.is_national
        and role is not Role.MALL_MANAGER
        and agency_id is not None
        and location_id is None
    ):
        return Agency, agency_id
    raise Rejected(
        [
            Problem(
                "role", _l("This role needs another scope: an agency, a mall, or none for a national role.")
            )
        ]
    )


def _told(membership: Membership) -> str:
    """What the audit says of a role: the row itself may be gone one day."""
    scope = membership.agency_id or membership.location_id or "the registry"
    return f"{Role(membership.role).value} of {scope} for officer {membership.officer_id}"


def _address(email: str) -> str:
    email = email.strip().lower()
    name, at, host = email.partition("@")
    if not name or not at or "." not in host or any(letter.isspace() for letter in email):
        raise Rejected([Problem("email", _l("This is not an e-mail address."), email)])
    return email


def _end_single_officer(role: Role, agency_id: uuid.UUID | None, officer_id: uuid.UUID) -> None:
    """With a second officer there are four eyes again."""
    if agency_id is None or role not in (Role.OPERATOR, Role.PUBLISHER):
        return
    agency = db.session.get(Agency, agency_id)
    if agency is not None and agency.single_officer and writers(agency_id) - {officer_id}:
        with beside(agency):
            agency.single_officer = False


def _check_token(scope: str, expires_at: datetime | None) -> None:
    problems = []
    if scope not in SCOPES:
        problems.append(Problem("scope", _l("A token may read or write."), scope))
    if expires_at is not None and expires_at <= now():
        problems.append(Problem("expires_at", _l("This moment has passed."), expires_at.isoformat()))
    if problems:
        raise Rejected(problems)


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
