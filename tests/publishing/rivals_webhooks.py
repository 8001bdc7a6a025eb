"""What two rivals do in each command on systems that are told of changes, and what must come of it."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from siapa.config import Config
from siapa.extensions import db
from siapa.publishing import webhooks
from siapa.publishing.changing import together
from siapa.records import Webhook, WebhookDelivery
from tests.publishing.arena import Arena, Race
from tests.publishing.rivalry import BOTH, counted, kept, national

CONFIG = Config(secret_key="a-secret-for-tests-only-of-enough-length")


def _made(arena: Arena, number: int) -> uuid.UUID:
    made = webhooks.add_webhook(f"Sistem {number}", "https://s.example/", config=CONFIG, by=national())
    webhook_id = made.webhook.id
    # Only so many may live at once.
    for old in db.session.scalars(
        sa.select(Webhook.id).where(Webhook.ended_at.is_(None), Webhook.id != webhook_id)
    ).all():
        webhooks.end_webhook(old, by=national())
    return webhook_id


def _message(arena: Arena, number: int) -> tuple[uuid.UUID, uuid.UUID]:
    webhook_id = _made(arena, number)
    with together():
        message = WebhookDelivery(webhook_id=webhook_id, from_number=1, to_number=1)
        db.session.add(message)
    webhook_id, message_id = message.webhook_id, message.id
    return webhook_id, message_id


WEBHOOKS: dict[str, Race] = {
    "webhooks.registering.add_webhook": Race(
        lambda a, n, r: webhooks.add_webhook(
            f"Cermin {n}", "https://s.example/", config=CONFIG, by=national(), agency_id=a.own
        ),
        BOTH, holds=lambda a, n: counted(Webhook, Webhook.name == f"Cermin {n}") == 2,
    ),
    "webhooks.registering.renew_secret": Race(
        lambda a, n, r: webhooks.renew_secret(a.kept, config=CONFIG, by=national()), BOTH, kept(_made),
        lambda a, n: db.session.get_one(Webhook, a.kept).generation == 3,
    ),
    "webhooks.registering.enable_webhook": Race(
        lambda a, n, r: webhooks.enable_webhook(a.kept, by=national()), BOTH, kept(_made),
        lambda a, n: db.session.get_one(Webhook, a.kept).enabled_at is not None,
    ),
    "webhooks.registering.end_webhook": Race(
        lambda a, n, r: webhooks.end_webhook(a.kept, by=national()), BOTH, kept(_made),
        lambda a, n: db.session.get_one(Webhook, a.kept).ended_at is not None,
    ),
    "webhooks.registering.send_again": Race(
        lambda a, n, r: webhooks.send_again(*a.kept, by=national()), BOTH, kept(_message),
        lambda a, n: db.session.get_one(WebhookDelivery, a.kept[1]).due_at is not None,
    ),
}  # fmt: skip
