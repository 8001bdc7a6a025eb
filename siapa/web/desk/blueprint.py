"""The blueprint of the desk: closed unless a view is marked open, every form with its token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, g, request
from flask.blueprints import BlueprintSetupState

from siapa.locales import speak
from siapa.web.desk import security, signed_in
from siapa.web.desk.addresses import ENGLISH, ENGLISH_ROOT, ROOT
from siapa.web.site.addresses import language_of

View = TypeVar("View", bound=Callable[..., Any])

desk = Blueprint("desk", __name__, url_prefix=ROOT)

#: What this room and the libraries behind it keep for one request; a context may serve several.
_OF_ONE_REQUEST = ("desk_session", "_login_user", security.TOKEN_FIELD)


def open_to_all(view: View) -> View:
    """Mark ``view`` as open to whoever is not signed in; stands below the route."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def is_open(endpoint: str | None) -> bool:
    """Whether the view of ``endpoint`` was marked open."""
    return getattr(current_app.view_functions.get(endpoint or ""), "is_open", False)


@desk.before_request
def admit() -> None:
    """Speak the language of the address; let in who is signed in; take no form without its token."""
    for name in _OF_ONE_REQUEST:
        g.pop(name, None)
    speak(language_of(request.path))
    if not is_open(request.endpoint):
        signed_in.acting()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        security.demand_token(request.form.get(security.TOKEN_FIELD))


@desk.record_once
def _bind_in_english(state: BlueprintSetupState) -> None:
    """The same pages in English."""
    assert isinstance(state.app, Flask)
    state.app.register_blueprint(desk, name=ENGLISH, url_prefix=ENGLISH_ROOT)
