"""Commands on passkeys: which an officer has, what one has to sign, and that no signature counts twice.

What a device signed is checked at the door, with the library that knows its form; here it is
decided what holds. A passkey stands beside the authenticator app, never in its place: who has no
app yet adds none, so that nobody depends on a browser that runs scripts.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing, tell, together
from siapa.publishing.second_factors import authenticator_of
from siapa.publishing.workflow import Action
from siapa.records import Ceremony, Officer, Passkey, PasskeyChallenge, new_id, now

#: How long a challenge waits for its answer: to find the key and to touch it.
CHALLENGE_HOLDS = timedelta(minutes=5)
MOST_PASSKEYS = 10
LONGEST_NAME = 100


def passkeys_of(officer: Officer) -> list[Passkey]:
    """The passkeys of ``officer``, in the order in which they were added."""
    query = sa.select(Passkey).where(Passkey.officer_id == officer.id)
    return list(db.session.scalars(query.order_by(Passkey.created_at, Passkey.id)))


def passkey_with(credential_id: str) -> Passkey | None:
    """The passkey that its device knows by ``credential_id`` (base64url), whoever's it is."""
    return db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id))


def begin_ceremony(ceremony: Ceremony, challenge: bytes, *, officer: Officer | None = None) -> uuid.UUID:
    """Remember what a passkey is asked to sign; what nobody answered in time is forgotten meanwhile."""
    begun = PasskeyChallenge(
        id=new_id(), ceremony=ceremony, challenge=challenge, officer_id=officer.id if officer else None,
        expires_at=now() + CHALLENGE_HOLDS,
    )  # fmt: skip
    key = begun.id
    with together():
        db.session.execute(sa.delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now()))
        db.session.add(begun)
        db.session.flush()
    return key


def take_challenge(key: uuid.UUID, ceremony: Ceremony, *, officer: Officer | None = None) -> bytes | None:
    """Use up a challenge; None when it was answered before, waited too long, or was another's."""
    wanted = (
        PasskeyChallenge.id == key, PasskeyChallenge.ceremony == ceremony,
        PasskeyChallenge.officer_id == (officer.id if officer else None), PasskeyChallenge.expires_at > now(),
    )  # fmt: skip
    challenge = None
    with together():
        held = db.session.scalar(sa.select(PasskeyChallenge.challenge).where(*wanted))
        taken = db.session.execute(sa.delete(PasskeyChallenge).where(*wanted))
        if taken.rowcount:  # type: ignore[attr-defined]
            challenge = held
    return challenge


def add_passkey(
    name: str,
    credential_id: str,
    public_key: bytes,
    *,
    sign_count: int,
    transports: list[str],
    by: Officer,
    origin: str | None = None,
) -> Passkey:
    """Let ``by`` sign in with this passkey from now on.

    Raises ``Rejected`` for a name that is none, ``Conflict`` for who has no authenticator app or as many
    passkeys as one may have, and for a passkey that is known already, whoever's it is.
    """
    plain = " ".join(name.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise Rejected([Problem("name", _l("Give it a name by which you will know it again."))])
    note = f"passkey added: {plain}"
    with changing(Officer, by.id, Action.SET_SECOND_FACTOR, by=by, note=note, origin=origin) as person:
        if authenticator_of(person) is None:
            raise Conflict(_l("Set up an authenticator app first."))
        if len(passkeys_of(person)) >= MOST_PASSKEYS:
            raise Conflict(_l("You have %(most)s passkeys. Remove one first.", most=MOST_PASSKEYS))
        made = Passkey(
            id=new_id(), officer_id=person.id, name=plain, credential_id=credential_id,
            public_key=public_key, sign_count=sign_count, transports=transports,
        )  # fmt: skip
        db.session.add(made)
        tell(person)
    return made


def use_passkey(
    passkey_id: uuid.UUID, sign_count: int, *, by: Officer, tells: bool = True, origin: str | None = None
) -> None:
    """Take a signature of a passkey of ``by``, made when its device had counted to ``sign_count``.

    ``Conflict`` for one that is theirs no more, and where the count does not go up: then somebody
    has copied the passkey, or sends again what was sent before. ``tells`` writes it into the trail.
    """
    held = db.session.get(Passkey, passkey_id)
    note = f"by passkey: {held.name}" if held else ""
    with changing(Officer, by.id, Action.SIGN_IN, by=by, note=note, origin=origin) as person:
        held = db.session.get(Passkey, passkey_id, populate_existing=True)
        if held is None or held.officer_id != person.id:
            raise Conflict(_l("This passkey does not hold any more."))
        if (sign_count or held.sign_count) and sign_count <= held.sign_count:
            raise Conflict(_l("This passkey does not hold any more."))
        held.sign_count, held.last_used_at = sign_count, now()
        if tells:
            tell(person)


def remove_passkey(passkey_id: uuid.UUID, *, by: Officer, origin: str | None = None) -> None:
    """Let one passkey of ``by`` open nothing any more; ``NotFound`` for one that is not theirs."""
    held = db.session.get(Passkey, passkey_id)
    if held is None or held.officer_id != by.id:
        raise NotFound(_l("There is no such entry."))
    note = f"passkey removed: {held.name}"
    with changing(Officer, by.id, Action.SET_SECOND_FACTOR, by=by, note=note, origin=origin) as person:
        db.session.execute(sa.delete(Passkey).where(Passkey.id == passkey_id))
        tell(person)
