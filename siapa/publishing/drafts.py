"""What officers may see of a standard before the public does.

A draft of another agency is not there for whoever may not work on it: that it exists
is nobody's business.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from siapa.errors import NotAllowed, NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.permissions import Actor, may, require
from siapa.publishing.workflow import Action
from siapa.records import Edition, Standard


def standard_seen_by(by: Actor, standard_id: uuid.UUID) -> Standard:
    """The standard with all its editions, for whoever works on it.

    Raises ``NotFound`` for a draft that is not theirs, ``NotAllowed`` for what is public.
    """
    standard = db.session.get(Standard, standard_id)
    if standard is None:
        raise NotFound(_l("There is no such entry."))
    with hidden_from_strangers(by, standard_id):
        require(by, Action.REVISE, standard)
    return standard


def draft_seen_by(by: Actor, standard_id: uuid.UUID) -> Edition:
    """The edition being worked on; ``NotFound`` where there is none. Raises as ``standard_seen_by``."""
    edition = standard_seen_by(by, standard_id).open_edition
    if edition is None:
        raise NotFound(_l("This standard has no draft."))
    return edition


@contextmanager
def hidden_from_strangers(by: Actor, standard_id: uuid.UUID) -> Iterator[None]:
    """Let a refusal be ``NotFound`` where the standard never was public and is not theirs to work on."""
    try:
        yield
    except NotAllowed:
        standard = db.session.get(Standard, standard_id)
        if standard is None or _is_secret(standard, by):
            raise NotFound(_l("There is no such entry.")) from None
        raise


def _is_secret(standard: Standard, by: Actor) -> bool:
    never_public = not any(edition.state.was_public for edition in standard.editions)
    return never_public and not may(by, Action.REVISE, standard)
