"""Systems that are told of changes: registered here, looked after, and what was sent to them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.config import Config
from siapa.errors import NotAllowed, Problem, Rejected
from siapa.locales import gettext as _
from siapa.publishing import Action, webhooks
from siapa.publishing.worklist import agencies_for, own_agencies
from siapa.records import ChangeKind, Officer
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.navigation import may_somewhere
from siapa.web.desk.signed_in import acting

#: Of what a system is told, by what is chosen in the form.
CHOICES: dict[str, tuple[ChangeKind, ...]] = {
    "all": (),
    "standards": (
        ChangeKind.STANDARD_PUBLISHED, ChangeKind.STANDARD_SUPERSEDED, ChangeKind.STANDARD_WITHDRAWN,
        ChangeKind.STANDARD_MOVED,
    ),
}  # fmt: skip


@desk.get("/sistem")
def webhooks_kept() -> str:
    """The systems within reach, and the form for one more."""
    return _list(_tending(), [])


@desk.post("/sistem")
@wants_fresh
def add_webhook() -> ResponseReturnValue:
    """Register a system; its secret is on the answer."""
    by, given = _tending(), request.form
    try:
        made = webhooks.add_webhook(
            given.get("name", "")[:200], given.get("url", "")[:1_000], config=_config(), by=by,
            agency_id=_agency_asked(by), kinds=CHOICES.get(given.get("about", ""), ()), origin=origin(),
        )  # fmt: skip
    except Rejected as error:
        return _list(by, list(error.problems)), 422
    return render_template("desk/webhook_secret.html", made=made, is_new=True)


@desk.get("/sistem/<uuid:webhook_id>")
def webhook(webhook_id: uuid.UUID) -> str:
    """One system and the last messages to it."""
    stood = webhooks.standing_of(_tending(), webhook_id)
    return render_template(
        "desk/webhook.html", webhook=stood.webhook, standing=stood.standing,
        deliveries=webhooks.deliveries_of(webhook_id),
    )  # fmt: skip


@desk.post("/sistem/<uuid:webhook_id>/rahasia")
@wants_fresh
def renew_webhook_secret(webhook_id: uuid.UUID) -> str:
    """Give it another secret, which is on the answer."""
    made = webhooks.renew_secret(webhook_id, config=_config(), by=acting(), origin=origin())
    return render_template("desk/webhook_secret.html", made=made, is_new=False)


@desk.post("/sistem/<uuid:webhook_id>/jalankan")
def enable_webhook(webhook_id: uuid.UUID) -> ResponseReturnValue:
    """Set it going again."""
    webhooks.enable_webhook(webhook_id, by=acting(), origin=origin())
    flash(_("The system is told again. What it missed is sent now."))
    return redirect(desk_url("webhook", webhook_id=webhook_id), 303)


@desk.post("/sistem/<uuid:webhook_id>/akhiri")
@wants_fresh
def end_webhook(webhook_id: uuid.UUID) -> ResponseReturnValue:
    """Tell it of nothing any more."""
    ended = webhooks.end_webhook(webhook_id, by=acting(), origin=origin())
    flash(_("%(name)s is told of nothing any more.", name=ended.name))
    return redirect(desk_url("webhooks_kept"), 303)


@desk.post("/sistem/<uuid:webhook_id>/kirim/<uuid:delivery_id>")
def send_webhook_again(webhook_id: uuid.UUID, delivery_id: uuid.UUID) -> ResponseReturnValue:
    """Send a message once more."""
    webhooks.send_again(webhook_id, delivery_id, by=acting(), origin=origin())
    flash(_("The message is sent again within a minute."))
    return redirect(desk_url("webhook", webhook_id=webhook_id), 303)


def _tending() -> Officer:
    by = acting()
    if not may_somewhere(by, Action.SET_WEBHOOK):
        raise NotAllowed(_("You may not do this here."))
    return by


def _config() -> Config:
    config: Config = current_app.config["SIAPA"]
    return config


def _agency_asked(by: Officer) -> uuid.UUID | None:
    """The agency a system belongs to; None for the whole registry, which is for national officers."""
    slug = request.form.get("agency", "")
    if not slug and agencies_for(by, Action.SET_WEBHOOK) is None:
        return None
    found = next((one for one in own_agencies(by, Action.SET_WEBHOOK) if one.slug == slug), None)
    if found is None:
        raise Rejected([Problem("agency", _("Choose an agency from the list."))])
    return found.id


def _list(by: Officer, problems: Sequence[Problem]) -> str:
    return render_template(
        "desk/webhooks.html", held=webhooks.webhooks_within_reach(by), problems=problems,
        agencies=own_agencies(by, Action.SET_WEBHOOK), given=request.form,
        is_national=agencies_for(by, Action.SET_WEBHOOK) is None,
    )  # fmt: skip
