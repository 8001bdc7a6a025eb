"""Commands on queries that found nothing: teach the catalogue what they mean, or set them aside.

The counts themselves are no content of the registry and have no trail; what a curator
decides on them has. A query is named by its words as the worklist shows them.
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import services
from siapa.publishing.changing import adding, changing, together
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action
from siapa.records import DismissedQuery, Service, UnansweredQuery, new_id


def teach(
    words: str,
    service_id: uuid.UUID,
    *,
    by: Actor,
    locale: str = "id",
    text: str | None = None,
    origin: str | None = None,
) -> Service:
    """Let a service be found by ``words`` from now on (or by ``text``), and count them anew.

    Should they still find nothing, the worklist will say so again.
    """
    with together():
        service = services.add_alias(service_id, locale, text or words, by=by, origin=origin)
        _forget(words)
    return service


def dismiss(words: str, *, by: Actor, origin: str | None = None) -> DismissedQuery:
    """Set a query aside for good: its counts go, and it is not counted again.

    Saying so again changes nothing. ``NotFound`` when it was not asked, or its counts have
    been deleted since.
    """
    key = _key_of(words)
    if key is not None:
        with changing(DismissedQuery, key, Action.SETTLE_QUERY, by=by, origin=origin) as dismissed:
            return dismissed
    with adding(DismissedQuery(id=new_id()), Action.SETTLE_QUERY, by=by, origin=origin) as dismissed:
        if not db.session.scalar(sa.select(sa.exists().where(UnansweredQuery.words == words))):
            raise NotFound(_l("No such query is waiting."))
        dismissed.words = words
        _forget(words)
    return dismissed


def take_up(words: str, *, by: Actor, origin: str | None = None) -> None:
    """Let a query that was set aside be counted again."""
    key = _key_of(words)
    if key is None:
        raise NotFound(_l("No such query is set aside."))
    with changing(DismissedQuery, key, Action.SETTLE_QUERY, by=by, origin=origin) as dismissed:
        db.session.delete(dismissed)


def _key_of(words: str) -> uuid.UUID | None:
    return db.session.scalar(sa.select(DismissedQuery.id).where(DismissedQuery.words == words))


def _forget(words: str) -> None:
    db.session.execute(sa.delete(UnansweredQuery).where(UnansweredQuery.words == words))
