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
#: Who is let in to a view: everybody, who has given a password, or (unmarked) a second factor too;
#: for some it must have been a short while ago.
OPEN, HALF_OPEN, FRESH = "open", "half open", "fresh"


def open_to_all(view: View) -> View:
    """Mark ``view`` as open to whoever is not signed in; stands below the route."""
    return _marked(view, OPEN)


def half_open(view: View) -> View:
    """Mark ``view`` as open to who has given the password and not yet the second factor."""
    return _marked(view, HALF_OPEN)


def wants_fresh(view: View) -> View:
    """Mark ``view`` as dangerous: the officer must have proved a short while ago to be there."""
    return _marked(view, FRESH)


def door_of(endpoint: str | None) -> str:
    """How the view of ``endpoint`` is marked; "" where it is closed as all are."""
    found: str = getattr(current_app.view_functions.get(endpoint or ""), "door", "")
    return found


@desk.before_request
def admit() -> None:
    """Speak the language of the address; let in who is signed in; take no form without its token."""
    for name in _OF_ONE_REQUEST:
        g.pop(name, None)
    speak(language_of(request.path))
    door = door_of(request.endpoint)
    if door == HALF_OPEN:
        signed_in.half_in()
    elif door != OPEN:
        signed_in.acting()
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        security.demand_token(request.form.get(security.TOKEN_FIELD))
    if door == FRESH:
        signed_in.demand_fresh()


def _marked(view: View, door: str) -> View:
    view.door = door  # type: ignore[attr-defined]
    return view


@desk.record_once
def _bind_in_english(state: BlueprintSetupState) -> None:
    """The same pages in English."""
    assert isinstance(state.app, Flask)
    state.app.register_blueprint(desk, name=ENGLISH, url_prefix=ENGLISH_ROOT)
