"""Commands on webhooks: registered, set going again, given another secret, ended; a message sent again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from siapa.config import Config
from siapa.errors import Conflict, NotAllowed, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding, changing, tell
from siapa.publishing.filling import fill
from siapa.publishing.permissions import Actor, person_of
from siapa.publishing.webhooks.reaching import why_no_address
from siapa.publishing.webhooks.signing import secret_of
from siapa.publishing.workflow import Action
from siapa.records import Agency, Change, ChangeKind, Webhook, WebhookDelivery, WebhookStanding, new_id, now

#: Systems of one agency, or of the whole registry.
MOST_WEBHOOKS = 50


@dataclass(frozen=True)
class Registered:
    """A webhook and the secret with which its messages are signed."""

    webhook: Webhook
    secret: str


def add_webhook(
    name: str,
    url: str,
    *,
    config: Config,
    by: Actor,
    agency_id: uuid.UUID | None = None,
    kinds: Sequence[str] = (),
    origin: str | None = None,
) -> Registered:
    """Register a system that is told of all that becomes public from now on, or of some ``kinds`` of it.

    It belongs to an agency, or without one to the whole registry. Raises ``Rejected`` with what is wrong.
    """
    person = person_of(by)
    if person is None:
        raise NotAllowed(_l("You may not do this here."))
    webhook = Webhook(id=new_id(), agency_id=agency_id, officer_id=person.id, kinds=list(kinds), generation=1)
    within = (Agency, agency_id) if agency_id else None
    with adding(webhook, Action.SET_WEBHOOK, by=by, within=within, origin=origin):
        _check(url.strip(), kinds, demands_tls=config.environment == "production")
        fill(webhook, {"name": name, "url": url}, frozenset({"name", "url"}))
        _check_number(agency_id)
        db.session.add(webhook)
        db.session.flush()
        last = db.session.scalar(sa.select(sa.func.max(Change.number))) or 0
        db.session.add(WebhookStanding(webhook_id=webhook.id, position=last))
    return Registered(webhook, secret_of(config.secret_key, webhook.id, webhook.generation))


def renew_secret(
    webhook_id: uuid.UUID, *, config: Config, by: Actor, origin: str | None = None
) -> Registered:
    """Give a webhook another secret; the one before it signs nothing any more."""
    with changing(Webhook, webhook_id, Action.SET_WEBHOOK, by=by, origin=origin) as webhook:
        _check_living(webhook)
        webhook.generation += 1
    return Registered(webhook, secret_of(config.secret_key, webhook.id, webhook.generation))


def enable_webhook(webhook_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> Webhook:
    """Set a webhook going that was given up; what was missed meanwhile is sent now."""
    with changing(Webhook, webhook_id, Action.SET_WEBHOOK, by=by, origin=origin) as webhook:
        _check_living(webhook)
        webhook.enabled_at = now()
        standing = db.session.get_one(WebhookStanding, webhook_id, with_for_update=True)
        standing.failing_since = standing.disabled_at = None
        _make_due(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.delivered_at.is_(None))
    return webhook


def end_webhook(webhook_id: uuid.UUID, *, by: Actor, origin: str | None = None) -> Webhook:
    """Tell a system of nothing any more, for good."""
    with changing(Webhook, webhook_id, Action.SET_WEBHOOK, by=by, origin=origin) as webhook:
        webhook.ended_at = webhook.ended_at or now()
        ending = sa.update(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
        db.session.execute(ending.values(due_at=None))
    return webhook


def send_again(
    webhook_id: uuid.UUID, delivery_id: uuid.UUID, *, by: Actor, origin: str | None = None
) -> WebhookDelivery:
    """Send a message of a webhook at the next turn, whether it arrived before or not."""
    with changing(Webhook, webhook_id, Action.SET_WEBHOOK, by=by, origin=origin) as webhook:
        _check_living(webhook)
        found = db.session.get(WebhookDelivery, delivery_id)
        if found is None or found.webhook_id != webhook_id:
            raise NotFound(_l("There is no such entry."))
        standing = db.session.get_one(WebhookStanding, webhook_id)
        if standing.disabled_at is not None:
            raise Conflict(_l("Nothing is sent there at the moment. Set it going again first."))
        _make_due(WebhookDelivery.id == delivery_id)
        tell(webhook)
    return found


def _make_due(*conditions: sa.ColumnElement[bool]) -> None:
    db.session.execute(sa.update(WebhookDelivery).where(*conditions).values(due_at=now()))


def _check_living(webhook: Webhook) -> None:
    if webhook.ended_at is not None:
        raise Conflict(_l("This system is told of nothing any more."))


def _check(url: str, kinds: Sequence[str], *, demands_tls: bool) -> None:
    problems = []
    wrong = why_no_address(url, demands_tls=demands_tls)
    if wrong is not None:
        problems.append(Problem("url", wrong, url[:100]))
    known = {kind.value for kind in ChangeKind}
    for kind in kinds:
        if kind not in known:
            problems.append(Problem("kinds", _l("There is no such kind of change."), kind[:100]))
    if problems:
        raise Rejected(problems)


def _check_number(agency_id: uuid.UUID | None) -> None:
    living = sa.select(sa.func.count()).select_from(Webhook).where(Webhook.ended_at.is_(None))
    if (db.session.scalar(living.where(Webhook.agency_id == agency_id)) or 0) >= MOST_WEBHOOKS:
        raise Conflict(_l("There are too many entries."))
