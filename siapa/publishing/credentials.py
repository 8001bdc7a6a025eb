"""Commands on how officers are known to be themselves: sessions, passwords, links that work once.

How a password is hashed and what a browser keeps is the affair of the doors; here it is
decided what holds, for how long, and written down. Officers do all of it themselves,
except for the first link, which whoever rules over them sends.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing, tell, together
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action
from siapa.records import DeskSession, LinkPurpose, Officer, OneTimeLink, new_id, now

SECRET_BYTES = 32
#: A session nobody uses ends; and none lasts longer than a working day.
IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=12)
#: When a session was last seen is written down no more often than this.
SEEN_EVERY = timedelta(minutes=1)
#: For so long after a proof of who one is no other is asked for.
FRESH = timedelta(minutes=15)
LINK_HOLDS = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=1)}


@dataclass(frozen=True)
class Begun:
    """A new session, with the secret that the browser keeps; here only its hash is."""

    session: DeskSession
    secret: str


def begin_session(
    officer: Officer, *, is_strong: bool = False, device: str = "", origin: str | None = None
) -> Begun:
    """Sign ``officer`` in, whoever they are known by; ``NotAllowed`` for a disabled one."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with changing(Officer, officer.id, Action.SIGN_IN, by=officer, note=device, origin=origin) as person:
        person.session_epoch = person.session_epoch or secrets.token_hex(32)
        session = DeskSession(
            id=new_id(), officer_id=person.id, secret_hash=hash_of(secret), epoch=person.session_epoch,
            is_strong=is_strong, device=device, origin=origin,
        )  # fmt: skip
        db.session.add(session)
        tell(person)
    return Begun(session, secret)


def session_of(secret: str) -> DeskSession | None:
    """The living session with this secret; None for one that ended, in whatever way."""
    found = db.session.scalar(sa.select(DeskSession).where(DeskSession.secret_hash == hash_of(secret)))
    return found if found is not None and is_living(found) else None


def is_living(session: DeskSession) -> bool:
    """Whether ``session`` still lets its officer in."""
    moment, officer = now(), session.officer
    return (
        session.ended_at is None
        and officer.is_active
        and session.epoch == officer.session_epoch
        and moment < session.seen_at + IDLE
        and moment < session.started_at + LONGEST_SESSION
    )


def living_sessions(officer: Officer) -> list[DeskSession]:
    """The sessions of ``officer`` that still hold, the newest first."""
    begun = sa.select(DeskSession).where(DeskSession.officer_id == officer.id, DeskSession.ended_at.is_(None))
    found = db.session.scalars(begun.order_by(DeskSession.started_at.desc()))
    return [session for session in found if is_living(session)]


def see(session: DeskSession) -> None:
    """Remember that ``session`` is used, which keeps it alive.

    ``Unavailable`` at once while somebody else writes: reading never waits for it, and the next
    request says it again.
    """
    if now() < session.seen_at + SEEN_EVERY:
        return
    key = session.id
    with together(waits=False):
        db.session.execute(sa.update(DeskSession).where(DeskSession.id == key).values(seen_at=now()))


def is_fresh(session: DeskSession) -> bool:
    """Whether the officer proved a short while ago to be there."""
    return now() < session.confirmed_at + FRESH


def confirm(session: DeskSession, *, is_strong: bool | None = None) -> None:
    """Remember that the officer of ``session`` has just proved to be there (by a second factor, if said)."""
    key, values = session.id, {"confirmed_at": now(), "seen_at": now()}
    with together():
        strong = {} if is_strong is None else {"is_strong": is_strong}
        db.session.execute(sa.update(DeskSession).where(DeskSession.id == key).values(**values, **strong))


def end_session(session_id: uuid.UUID, *, by: Officer, origin: str | None = None) -> None:
    """End one session of ``by``; one that is not theirs, or has ended, is left as it is."""
    with changing(Officer, by.id, Action.SIGN_OUT, by=by, origin=origin) as person:
        ended = db.session.execute(
            sa.update(DeskSession)
            .where(DeskSession.id == session_id, DeskSession.officer_id == person.id)
            .where(DeskSession.ended_at.is_(None))
            .values(ended_at=now())
        )
        if ended.rowcount:  # type: ignore[attr-defined]
            tell(person)


def end_all_sessions(*, by: Officer, origin: str | None = None) -> None:
    """End every session of ``by`` at once."""
    with changing(Officer, by.id, Action.SIGN_OUT, by=by, note="everywhere", origin=origin) as person:
        person.session_epoch = secrets.token_hex(32)
        tell(person)


def set_password(password_hash: str, *, by: Officer, origin: str | None = None) -> None:
    """Keep the hash of a new password; every session and every open link of the officer ends with it."""
    with changing(Officer, by.id, Action.SET_PASSWORD, by=by, origin=origin) as person:
        person.password_hash = password_hash
        person.session_epoch = secrets.token_hex(32)
        _take_back_links(person.id)
        tell(person)


def keep_password_hash(officer: Officer, password_hash: str) -> None:
    """Keep the same password under a stronger hash; nothing ends."""
    key = officer.id
    with together():
        db.session.execute(sa.update(Officer).where(Officer.id == key).values(password_hash=password_hash))


def send_link(officer_id: uuid.UUID, purpose: LinkPurpose, *, by: Actor, origin: str | None = None) -> str:
    """The secret of a new link by which an officer chooses a password; earlier ones of its purpose end.

    A stranger may ask for a reset, so an open invitation outlives it.

    It is shown or sent once and kept nowhere. For the officers themselves, and for those who
    rule over them, as for closing the account; raises as ``changing`` does.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with changing(Officer, officer_id, Action.SEND_LINK, by=by, note=purpose.value, origin=origin) as officer:
        if not officer.is_active:
            raise NotAllowed(_l("This account is disabled."))
        _take_back_links(officer.id, purpose)
        db.session.add(
            OneTimeLink(
                id=new_id(),
                officer_id=officer.id,
                purpose=purpose,
                secret_hash=hash_of(secret),
                expires_at=now() + LINK_HOLDS[purpose],
            )  # fmt: skip
        )
        tell(officer)
    return secret


def link_of(secret: str) -> OneTimeLink:
    """The link with this secret, while it holds; ``NotAllowed``, with the same words for every reason."""
    found = db.session.scalar(sa.select(OneTimeLink).where(OneTimeLink.secret_hash == hash_of(secret)))
    if found is None or found.used_at is not None or found.expires_at <= now() or not found.officer.is_active:
        raise NotAllowed(_l("This link does not hold any more. Ask for a new one."))
    return found


def use_link(secret: str, password_hash: str, *, origin: str | None = None) -> Officer:
    """Choose a password by a link, which is used up by it; of two at once one is refused.

    Raises as ``link_of`` does.
    """
    officer = link_of(secret).officer
    with changing(
        Officer, officer.id, Action.SET_PASSWORD, by=officer, note="by link", origin=origin
    ) as person:
        link_of(secret)  # asked again under the lock
        person.password_hash = password_hash
        person.session_epoch = secrets.token_hex(32)
        _take_back_links(person.id)
        tell(person)
    return person


def hash_of(secret: str) -> str:
    """What is kept of a secret that is long and random by itself."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _take_back_links(officer_id: uuid.UUID, purpose: LinkPurpose | None = None) -> None:
    open_ones = [OneTimeLink.officer_id == officer_id, OneTimeLink.used_at.is_(None)]
    if purpose is not None:
        open_ones.append(OneTimeLink.purpose == purpose)
    db.session.execute(sa.update(OneTimeLink).where(*open_ones).values(used_at=now()))
