"""Systems that are told of what becomes public, for programs of those who look after them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app
from marshmallow.fields import List

from siapa.config import Config
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, Actor, may, webhooks
from siapa.publishing.permissions import person_of
from siapa.publishing.webhooks import Stood
from siapa.records import Agency, ChangeKind, Officer
from siapa.web.api.answering import answered
from siapa.web.api.asking import Text, choice_of
from siapa.web.api.bodies import Body, optional, required
from siapa.web.api.openapi import one_of
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin

TAG = "changes"


class NewWebhook(Body):
    """A system that is to be told."""

    name = Text("What it is called.", longest=100, **required())
    url = Text("Where it listens: a public address that begins with https://.", longest=500, **required())
    agency = Text(
        "Slug of the agency whose admins look after it; only a national admin leaves it out.",
        longest=120,
        **optional(),
    )
    kinds = List(
        choice_of(ChangeKind, "A kind of change."),
        metadata={"description": "Of which kinds of change; all if not said."},
    )


@dataclass(frozen=True, slots=True)
class WebhookRecord:
    """A registered system, and how it stands."""

    id: uuid.UUID
    name: str
    address: str
    agency: str | None
    kinds: list[str]
    #: The last line of the log that was put into a message for it.
    position: int
    failing_since: datetime | None
    disabled_at: datetime | None
    #: With which its messages are signed; shown once, when it is made.
    secret: str | None


@dataclass(frozen=True, slots=True)
class WebhookList:
    """The registered systems that one looks after."""

    webhooks: tuple[WebhookRecord, ...]


@signed("/webhooks", one_of(WebhookList), tag=TAG)
def list_webhooks(_asked: dict[str, Any], by: Actor) -> Response:
    """The systems that one looks after."""
    return _list(by)


@signed("/webhooks", one_of(WebhookRecord), tag=TAG, method="post", body=NewWebhook, status=201)
def add_webhook(given: dict[str, Any], by: Actor) -> Response:
    """Register a system that is told of what becomes public from now on; the answer holds its secret."""
    made = webhooks.add_webhook(
        given["name"], given["url"], config=_config(), by=by, agency_id=_agency(given.get("agency")),
        kinds=[str(kind) for kind in given.get("kinds") or ()], origin=origin(),
    )  # fmt: skip
    response = answered(_told(webhooks.standing_of(_person(by), made.webhook.id), made.secret))
    response.status_code = 201
    return response


@signed("/webhooks/<uuid:webhook_id>/end", one_of(WebhookList), tag=TAG, method="post")
def end_webhook(_given: dict[str, Any], by: Actor, webhook_id: uuid.UUID) -> Response:
    """Tell a system of nothing any more, for good."""
    webhooks.end_webhook(webhook_id, by=by, origin=origin())
    return _list(by)


def _person(by: Actor) -> Officer:
    person = person_of(by)
    assert person is not None, "a token is an officer's"
    return person


def _list(by: Actor) -> Response:
    found = (
        one for one in webhooks.webhooks_within_reach(_person(by)) if may(by, Action.SET_WEBHOOK, one.webhook)
    )
    return answered(WebhookList(tuple(_told(one) for one in found)))


def _config() -> Config:
    config: Config = current_app.config["SIAPA"]
    return config


def _agency(slug: str | None) -> uuid.UUID | None:
    if slug is None:
        return None
    found = db.session.scalar(sa.select(Agency.id).where(Agency.slug == slug))
    if found is None:
        raise Rejected([Problem("agency", _l("There is no such agency."), slug)])
    return found


def _told(one: Stood, secret: str | None = None) -> WebhookRecord:
    webhook, standing = one.webhook, one.standing
    return WebhookRecord(
        webhook.id, webhook.name, webhook.url, webhook.agency.slug if webhook.agency else None,
        webhook.kinds, standing.position, standing.failing_since, standing.disabled_at, secret,
    )  # fmt: skip
