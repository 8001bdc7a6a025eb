"""Commands on what was typed in a step and cannot be saved yet: it waits for its officer alone.

It is no content: no trail tells of it, and it changes no draft. Whoever may write the draft may keep
what they typed for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.publishing.changing import changing, together
from siapa.publishing.editions import open_edition
from siapa.publishing.workflow import Action
from siapa.records import Edition, Officer, Standard, UnsavedStep, now

#: How long it waits.
UNSAVED_KEPT = timedelta(days=30)
_LONGEST_SEEN = 64


def keep_unsaved(
    standard_id: uuid.UUID, step: str, typed: Mapping[str, Any], seen: str, *, by: Officer
) -> None:
    """Keep what ``by`` has typed in ``step`` of the draft, in place of what was kept before.

    ``seen`` is what the form was made from: another's save meanwhile shows by it. Raises as ``changing``
    does, and ``Conflict`` where there is no draft.
    """
    with changing(Standard, standard_id, Action.REVISE, by=by) as standard:
        key = (open_edition(standard).id, by.id, step)
        held = db.session.get(UnsavedStep, key)
        if held is None:
            held = UnsavedStep(edition_id=key[0], officer_id=key[1], step=step)
            db.session.add(held)
        held.typed, held.seen, held.saved_at = dict(typed), seen[:_LONGEST_SEEN], now()


def unsaved_step(edition: Edition, step: str, *, of: Officer) -> UnsavedStep | None:
    """What waits in ``step`` of the draft for this officer."""
    return db.session.get(UnsavedStep, (edition.id, of.id, step))


def unsaved_steps(edition: Edition, *, of: Officer) -> set[str]:
    """The steps of the draft in which something waits for this officer."""
    wanted = (UnsavedStep.edition_id == edition.id, UnsavedStep.officer_id == of.id)
    return set(db.session.scalars(sa.select(UnsavedStep.step).where(*wanted)))


def forget_unsaved(edition: Edition, step: str, *, of: Officer) -> None:
    """Let nothing wait there any more; where nothing does, nothing is written."""
    if unsaved_step(edition, step, of=of) is None:
        return
    wanted = (
        UnsavedStep.edition_id == edition.id, UnsavedStep.officer_id == of.id, UnsavedStep.step == step,
    )  # fmt: skip
    with together():
        db.session.execute(sa.delete(UnsavedStep).where(*wanted))


def forget_old_unsaved() -> None:
    """Let go what has waited longer than ``UNSAVED_KEPT``; where there is none, nothing is written."""
    old = UnsavedStep.saved_at < now() - UNSAVED_KEPT
    if db.session.scalar(sa.select(sa.exists().where(old))):
        with together():
            db.session.execute(sa.delete(UnsavedStep).where(old))
