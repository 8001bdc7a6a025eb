"""Commands on signing in at a provider: whose account it opens. None is ever made by it.

A provider's word counts for an officer who is there already and open: by a link that they made
themselves, or else, the first time, by an e-mail address that the provider has verified. From then
on it is the provider's name for the person that counts, for an address may pass to somebody else.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from siapa.errors import Conflict, NotAllowed, NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing, tell
from siapa.publishing.workflow import Action
from siapa.records import Officer, ProviderIdentity, new_id, now

_NOBODY = _l("There is no open account here for whom you are there. Ask your admin.")


@dataclass(frozen=True)
class Told:
    """What a provider has said of a person; ``email`` is "" where it has not verified it."""

    issuer: str
    subject: str
    email: str = ""


def identity_of(officer: Officer, issuer: str) -> ProviderIdentity | None:
    """Who ``officer`` is at this provider, if that is known."""
    wanted = (ProviderIdentity.officer_id == officer.id, ProviderIdentity.issuer == issuer)
    return db.session.scalar(sa.select(ProviderIdentity).where(*wanted))


def identities_of(officer: Officer) -> list[ProviderIdentity]:
    """Who ``officer`` is at each provider, the earliest link first; also at one that is asked no more."""
    query = sa.select(ProviderIdentity).where(ProviderIdentity.officer_id == officer.id)
    return list(db.session.scalars(query.order_by(ProviderIdentity.linked_at, ProviderIdentity.id)))


def officer_told(told: Told, *, origin: str | None = None) -> Officer:
    """The officer whom the provider means, who is about to sign in; the first time it is kept who it was.

    ``NotAllowed``, in the same words for every reason, when there is none, the account is closed, or
    it belongs to somebody else of that provider.
    """
    held = _identity(told)
    officer = held.officer if held else _with_address(told.email)
    if officer is None or not officer.is_active:
        raise NotAllowed(_NOBODY)
    note = f"by provider: {told.issuer}"
    with changing(Officer, officer.id, Action.SIGN_IN, by=officer, note=note, origin=origin) as person:
        held = _identity(told)
        if held is None and identity_of(person, told.issuer) is not None:
            raise NotAllowed(_NOBODY)
        if held is None:
            held = _kept(told, person)
        if held.officer_id != person.id:
            raise NotAllowed(_NOBODY)
        held.last_used_at = now()
        tell(person)
    return person


def link(told: Told, *, by: Officer, origin: str | None = None) -> ProviderIdentity:
    """Let whoever is ``told`` sign in as ``by`` from now on; an earlier link to the same provider ends.

    ``Conflict`` where the person is linked to another account already.
    """
    note = f"provider linked: {told.issuer}"
    with changing(Officer, by.id, Action.SET_SECOND_FACTOR, by=by, note=note, origin=origin) as person:
        held = _identity(told)
        if held is not None and held.officer_id != person.id:
            raise Conflict(_l("You are known there under another account of this registry."))
        former = identity_of(person, told.issuer)
        if former is not None:
            db.session.delete(former)
            db.session.flush()
        made = _kept(told, person)
        tell(person)
    return made


def unlink(identity_id: uuid.UUID, *, by: Officer, origin: str | None = None) -> None:
    """Let one link of ``by`` open nothing any more; ``NotFound`` for one that is not theirs.

    With the same verified address it would be made again at the next sign-in there.
    """
    held = db.session.get(ProviderIdentity, identity_id)
    if held is None or held.officer_id != by.id:
        raise NotFound(_l("There is no such entry."))
    note = f"provider unlinked: {held.issuer}"
    with changing(Officer, by.id, Action.SET_SECOND_FACTOR, by=by, note=note, origin=origin) as person:
        db.session.execute(sa.delete(ProviderIdentity).where(ProviderIdentity.id == identity_id))
        tell(person)


def _identity(told: Told) -> ProviderIdentity | None:
    wanted = (ProviderIdentity.issuer == told.issuer, ProviderIdentity.subject == told.subject)
    return db.session.scalar(sa.select(ProviderIdentity).where(*wanted))


def _with_address(email: str) -> Officer | None:
    wanted = email.strip().lower()
    return db.session.scalar(sa.select(Officer).where(Officer.email == wanted)) if wanted else None


def _kept(told: Told, officer: Officer) -> ProviderIdentity:
    made = ProviderIdentity(
        id=new_id(), officer_id=officer.id, issuer=told.issuer, subject=told.subject, email=told.email[:200]
    )
    db.session.add(made)
    db.session.flush()
    return made
