"""The officers' desk: Indonesian under ``/meja``, English under ``/en/meja``.

Nothing here is open unless its view says so (``blueprint.open_to_all``); who acts is
asked of ``signed_in.acting``. What is changed goes through the commands of
``publishing``, which decide whether the officer may.
"""

from __future__ import annotations

from flask import Flask

from siapa.config import Config
from siapa.publishing.identities import identities_of
from siapa.publishing.passkeys import passkeys_of
from siapa.web.desk import (
    account,
    agencies,
    audit,
    decrees,
    digits,
    editing,
    elsewhere,
    importing,
    links,
    needs_review,
    offered,
    officers,
    outlines,
    passkeys,
    place_closures,
    place_counters,
    place_forms,
    place_hours,
    places,
    provider,
    ranking,
    reacting,
    regulations,
    relying_party,
    reports,
    results,
    review,
    second_factor,
    security,
    services,
    signed_in,
    signing_in,
    standards,
    start,
    strays,
    succession,
    surveys,
    teaching,
    tokens,
    too_often,
    webhooks,
    words,
)
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.navigation import navigation

__all__ = [
    "account", "agencies", "audit", "decrees", "desk", "editing", "elsewhere", "importing", "init_app",
    "links", "needs_review", "offered", "officers", "outlines", "passkeys", "place_closures",
    "place_counters", "place_forms", "place_hours", "places", "ranking", "reacting", "regulations",
    "reports", "results", "review", "second_factor", "services", "signing_in", "standards", "start",
    "strays", "succession", "surveys", "teaching", "tokens", "too_often", "webhooks",
]  # fmt: skip


def init_app(app: Flask, config: Config) -> None:
    """Open the desk of ``app`` in both languages."""
    security.init_app(app, config)
    app.extensions["siapa_digits"] = digits.factory(config)
    app.extensions["siapa_attempts"] = signing_in.init_limits(config.redis_url)
    provider.init_app(app, config)
    app.register_blueprint(desk)
    words.register(app)
    app.jinja_env.globals.update(
        desk_url=desk_url,
        desk_navigation=navigation,
        desk_session=signed_in.present,
        csrf_token=security.form_token,
        has_passkeys=relying_party.relying_party,
        passkeys_of=passkeys_of,
        provider_of_officers=provider.provider,
        identities_of=identities_of,
    )
