"""How the webhooks of an officer stand: reads only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.workflow import Action
from siapa.publishing.worklist import agencies_for
from siapa.records import Officer, Webhook, WebhookDelivery, WebhookStanding

#: Deliveries that are shown.
SHOWN = 50


@dataclass(frozen=True)
class Stood:
    """A webhook and how far its system has been told."""

    webhook: Webhook
    standing: WebhookStanding


def webhooks_within_reach(by: Officer) -> list[Stood]:
    """The webhooks that ``by`` tends, by name, without those that ended."""
    query = (
        sa.select(Webhook, WebhookStanding)
        .join(WebhookStanding, WebhookStanding.webhook_id == Webhook.id)
        .where(Webhook.ended_at.is_(None))
        .options(joinedload(Webhook.agency))
        .order_by(Webhook.name, Webhook.id)
    )
    agencies = agencies_for(by, Action.SET_WEBHOOK)
    if agencies is not None:
        query = query.where(Webhook.agency_id.in_(agencies))
    return [Stood(webhook, standing) for webhook, standing in db.session.execute(query)]


def standing_of(by: Officer, webhook_id: uuid.UUID) -> Stood:
    """One of them; ``NotFound`` for any other, whether there is such a one or not."""
    for stood in webhooks_within_reach(by):
        if stood.webhook.id == webhook_id:
            return stood
    raise NotFound(_l("There is no such entry."))


def deliveries_of(webhook_id: uuid.UUID) -> list[WebhookDelivery]:
    """The last messages of a webhook, the newest first."""
    query = (
        sa.select(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id)
        .order_by(WebhookDelivery.from_number.desc(), WebhookDelivery.created_at.desc())
        .limit(SHOWN)
    )
    return list(db.session.scalars(query))
