"""Following the log for every registered system: one message after the other, until each has arrived.

A message is taken by one sender at a time (its ``due_at`` moves on while it is on its way), so any
number of processes may send. What cannot be delivered is tried again after growing pauses; the
messages behind it wait, for they come in the order of the log. A system that takes nothing for
days is given up, and its officer is told.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
import sqlalchemy as sa
import structlog

from siapa.config import Config
from siapa.extensions import db
from siapa.locales import LOCALES, using
from siapa.locales import gettext as _
from siapa.publishing.changing import together
from siapa.publishing.posting import letter_to, post
from siapa.publishing.webhooks import reaching
from siapa.publishing.webhooks.reaching import PUBLIC_ONLY, Outcome, Reach
from siapa.publishing.webhooks.signing import headers_for, secret_of
from siapa.records import Change, Officer, Webhook, WebhookDelivery, WebhookStanding, new_id, now

#: Lines in one message.
MOST_LINES = 100
#: Pauses after the first, second … failure; the last one holds for all that follow.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
#: After so long without anything being taken a system is given up.
GIVEN_UP_AFTER = timedelta(days=5)
#: A receiver says by this that it wants no more (Standard Webhooks).
GONE = 410
#: For so long a message belongs to who sends it.
LEASE = timedelta(minutes=2)
#: What arrived is shown for so long.
KEPT_FOR = timedelta(days=30)
#: Messages of one run: the next one goes on.
MOST_MESSAGES = 500
logger = structlog.get_logger(__name__)


@dataclass
class Sent:
    """What a run did: messages that arrived, that did not, and systems that were given up."""

    arrived: int = 0
    failed: int = 0
    given_up: int = 0


def deliver_due(config: Config, reach: Reach = PUBLIC_ONLY) -> Sent:
    """Send what is due to every system, and what follows it in the log; returns when nothing is due."""
    sent = Sent()
    _forget_old()
    for _turn in range(MOST_MESSAGES):
        _take_lines()
        due = _take_due()
        if due is None:
            break
        _deliver(due, config, reach, sent)
    db.session.rollback()
    return sent


def _is_active() -> sa.ColumnElement[bool]:
    return sa.and_(Webhook.ended_at.is_(None), WebhookStanding.disabled_at.is_(None))


def _take_lines() -> None:
    """Make the next message of each system that has none under way and is behind the log."""
    last = db.session.scalar(sa.select(sa.func.max(Change.number))) or 0
    under_way = sa.exists().where(
        WebhookDelivery.webhook_id == Webhook.id, WebhookDelivery.delivered_at.is_(None)
    )
    behind = db.session.scalars(
        sa.select(Webhook.id)
        .join(WebhookStanding, WebhookStanding.webhook_id == Webhook.id)
        .where(_is_active(), WebhookStanding.position < last, ~under_way)
    ).all()
    db.session.rollback()
    for webhook_id in behind:
        with together():
            standing = db.session.get_one(
                WebhookStanding, webhook_id, with_for_update=True, populate_existing=True
            )
            _begin_message(db.session.get_one(Webhook, webhook_id), standing, last)


def _begin_message(webhook: Webhook, standing: WebhookStanding, last: int) -> None:
    if standing.position >= last:
        return  # another sender was quicker
    wanted = _lines(webhook, standing.position + 1, last).with_only_columns(Change.number).limit(MOST_LINES)
    numbers = db.session.scalars(wanted).all()
    if numbers:
        message = WebhookDelivery(id=new_id(), webhook_id=webhook.id, due_at=now())
        message.from_number, message.to_number = numbers[0], numbers[-1]
        db.session.add(message)
    standing.position = numbers[-1] if len(numbers) == MOST_LINES else last


def _lines(webhook: Webhook, first: int, last: int) -> sa.Select[Change]:
    found = sa.select(Change).where(Change.number.between(first, last)).order_by(Change.number)
    return found.where(Change.kind.in_(webhook.kinds)) if webhook.kinds else found


def _take_due() -> uuid.UUID | None:
    """A message that is due, which from now on nobody else sends for a while; None where none is."""
    moment = now()
    found = db.session.execute(
        sa.select(WebhookDelivery.id, WebhookDelivery.due_at)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .join(WebhookStanding, WebhookStanding.webhook_id == Webhook.id)
        .where(_is_active(), WebhookDelivery.due_at <= moment)
        .order_by(WebhookDelivery.due_at, WebhookDelivery.id)
        .limit(1)
    ).one_or_none()
    db.session.rollback()
    if found is None:
        return None
    with together():
        taken = db.session.execute(
            sa.update(WebhookDelivery)
            .where(WebhookDelivery.id == found[0], WebhookDelivery.due_at == found[1])
            .values(due_at=moment + LEASE)
            .returning(WebhookDelivery.id)
        ).one_or_none()
    return taken[0] if taken else _take_due()


def _deliver(message_id: uuid.UUID, config: Config, reach: Reach, sent: Sent) -> None:
    message = db.session.get_one(WebhookDelivery, message_id, populate_existing=True)
    webhook = db.session.get_one(Webhook, message.webhook_id)
    body = body_of(webhook, message)
    secret = secret_of(config.secret_key, webhook.id, webhook.generation)
    url, name = webhook.url, f"msg_{message.id}"
    db.session.rollback()  # nothing is held open while somebody else's machine takes its time
    headers = {
        **headers_for(secret, name, int(now().timestamp()), body),
        "Content-Type": "application/json",
        "User-Agent": "SIAPA webhooks",
    }
    outcome = reaching.post(url, body, headers, reach)
    if outcome.is_taken:
        sent.arrived += 1
    else:
        sent.failed += 1
    if _note(message_id, outcome):
        sent.given_up += 1
        _tell_officer(webhook.id, config)


def body_of(webhook: Webhook, message: WebhookDelivery) -> bytes:
    """What is sent: lines of the log, as ``/api/v1/changes`` tells them."""
    lines = db.session.scalars(_lines(webhook, message.from_number, message.to_number))
    told = [
        {
            "number": one.number,
            "at": one.at,
            "kind": one.kind,
            "subject": one.subject_id,
            "edition_number": one.edition_number,
        }
        for one in lines
    ]
    data = {"from": message.from_number, "to": message.to_number, "changes": told}
    content = {"type": "changes", "timestamp": message.created_at, "data": data}
    return orjson.dumps(content, option=orjson.OPT_UTC_Z)


def _note(message_id: uuid.UUID, outcome: Outcome) -> bool:
    """Write down what came of it; whether the system is given up by that."""
    moment = now()
    with together():
        message = db.session.get_one(
            WebhookDelivery, message_id, with_for_update=True, populate_existing=True
        )
        standing = db.session.get_one(
            WebhookStanding, message.webhook_id, with_for_update=True, populate_existing=True
        )
        message.attempts += 1
        message.tried_at, message.status, message.fault = moment, outcome.status, outcome.fault
        if outcome.is_taken:
            message.delivered_at, message.due_at = moment, None
            standing.failing_since = None
            return False
        if message.delivered_at is not None:
            message.due_at = None  # it arrived before; sending it again was a wish, and is not repeated
            return False
        message.due_at = moment + PAUSES[min(message.attempts, len(PAUSES)) - 1]
        standing.failing_since = standing.failing_since or moment
        is_given_up = outcome.status == GONE or moment - standing.failing_since >= GIVEN_UP_AFTER
        if is_given_up and standing.disabled_at is None:
            standing.disabled_at, message.due_at = moment, None
            return True
    return False


def _forget_old(moment: datetime | None = None) -> None:
    before = (moment or now()) - KEPT_FOR
    old = sa.select(WebhookDelivery.id).where(WebhookDelivery.delivered_at < before)
    if db.session.scalar(old.limit(1)) is not None:
        with together():
            db.session.execute(sa.delete(WebhookDelivery).where(WebhookDelivery.delivered_at < before))


def _tell_officer(webhook_id: uuid.UUID, config: Config) -> None:
    """The desk shows it; a letter goes out where letters are sent at all."""
    webhook = db.session.get_one(Webhook, webhook_id)
    officer = db.session.get_one(Officer, webhook.officer_id)
    logger.warning("a webhook was given up", webhook=str(webhook_id))
    if not config.mail_host or not officer.is_active:
        return
    parts = []
    for locale in LOCALES:
        with using(locale):
            address = f"{config.public_url}{'/en' if locale == 'en' else ''}/meja/sistem/{webhook_id}"
            parts.append(
                _(
                    "The system %(name)s could not be told of changes and is told of nothing any more."
                    " Look at what it answered, and set it going again here: %(address)s",
                    name=webhook.name,
                    address=address,
                )
            )
    post(config, letter_to(config, officer.email, "SIAPA", "\n\n-- \n\n".join(parts)))
