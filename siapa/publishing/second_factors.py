"""Commands on second factors: the app that shows six digits, and the codes for the day it is lost.

The digits themselves are checked at the door; what is decided here is that none is taken
twice, and that a code works once.
"""

from __future__ import annotations

import secrets
import uuid

import sqlalchemy as sa

from siapa.errors import Conflict
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing, tell
from siapa.publishing.credentials import hash_of
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action
from siapa.records import Authenticator, Officer, Passkey, ProviderIdentity, RecoveryCode, new_id, now

CODES = 10
#: Bytes of a recovery code: long enough that its hash cannot be guessed back.
CODE_BYTES = 8

_TAKEN = _l("These digits were used already. Wait for the next ones.")


def authenticator_of(officer: Officer) -> Authenticator | None:
    """The authenticator of ``officer``, if one is set up."""
    return db.session.get(Authenticator, officer.id)


def set_authenticator(
    secret: str, counter: int, *, by: Officer, origin: str | None = None
) -> tuple[str, ...]:
    """Keep ``secret`` as the authenticator of ``by``, whose digits of step ``counter`` were right.

    An earlier one ends. Gives new recovery codes, which are shown this once.
    """
    codes = _new_codes()
    with changing(
        Officer, by.id, Action.SET_SECOND_FACTOR, by=by, note="authenticator", origin=origin
    ) as person:
        held = db.session.get(Authenticator, person.id) or Authenticator(officer_id=person.id)
        held.secret, held.last_counter, held.since = secret, counter, now()
        db.session.add(held)
        _replace_codes(person.id, codes)
        tell(person)
    return codes


def renew_recovery_codes(*, by: Officer, origin: str | None = None) -> tuple[str, ...]:
    """New recovery codes for ``by``, shown this once; those before end."""
    codes = _new_codes()
    with changing(
        Officer, by.id, Action.SET_SECOND_FACTOR, by=by, note="recovery codes", origin=origin
    ) as person:
        _replace_codes(person.id, codes)
        tell(person)
    return codes


def take_counter(counter: int, *, by: Officer) -> None:
    """Use up the digits of step ``counter``; ``Conflict`` when they, or later ones, were used before."""
    with changing(Officer, by.id, Action.SIGN_IN, by=by) as person:
        held = db.session.get(Authenticator, person.id, populate_existing=True)
        if held is None or (held.last_counter is not None and held.last_counter >= counter):
            raise Conflict(_TAKEN)
        held.last_counter = counter


def take_recovery_code(code: str, *, by: Officer, origin: str | None = None) -> bool:
    """Use up one recovery code of ``by``; False where there is no such code any more."""
    wanted = hash_of(_plain(code))
    with changing(Officer, by.id, Action.SIGN_IN, by=by, note="by recovery code", origin=origin) as person:
        used = db.session.execute(
            sa.update(RecoveryCode)
            .where(RecoveryCode.officer_id == person.id, RecoveryCode.code_hash == wanted)
            .where(RecoveryCode.used_at.is_(None))
            .values(used_at=now())
        )
        is_taken = bool(used.rowcount)  # type: ignore[attr-defined]
        if is_taken:
            tell(person)
    return is_taken


def codes_left(officer: Officer) -> int:
    """How many recovery codes of ``officer`` still work."""
    unused = sa.select(sa.func.count()).select_from(RecoveryCode)
    unused = unused.where(RecoveryCode.officer_id == officer.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def remove(officer_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> None:
    """Take an officer's second factor away, who has lost it with every code, and every passkey; sessions end.

    Links to a provider go too: what is left of how to sign in is the password. For those who rule
    over the officer; the next sign-in sets up a new one.
    """
    with changing(
        Officer, officer_id, Action.SEND_LINK, by=by, note="removes the second factor", origin=origin
    ) as person:
        person.session_epoch = secrets.token_hex(32)
        db.session.execute(sa.delete(Authenticator).where(Authenticator.officer_id == person.id))
        db.session.execute(sa.delete(Passkey).where(Passkey.officer_id == person.id))
        db.session.execute(sa.delete(ProviderIdentity).where(ProviderIdentity.officer_id == person.id))
        _replace_codes(person.id, ())
        tell(person)


def _new_codes() -> tuple[str, ...]:
    return tuple(_grouped(secrets.token_hex(CODE_BYTES)) for _ in range(CODES))


def _grouped(code: str) -> str:
    """``code`` in fours, as it is read from paper."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def _plain(code: str) -> str:
    """``code`` as it was given out, however it is typed."""
    return _grouped("".join(letter for letter in code.lower() if letter.isalnum()))


def _replace_codes(officer_id: uuid.UUID, codes: tuple[str, ...]) -> None:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.officer_id == officer_id))
    db.session.add_all(
        RecoveryCode(id=new_id(), officer_id=officer_id, code_hash=hash_of(code)) for code in codes
    )
