"""The blueprint of the citizens' pages, and the language each request is answered in."""

from __future__ import annotations

from flask import Blueprint, Flask, request
from flask.blueprints import BlueprintSetupState

from siapa.locales import speak
from siapa.web.site import slashes
from siapa.web.site.addresses import ENGLISH, language_of
from siapa.web.site.discovery import discovery

site = Blueprint("site", __name__)
slashes.init(site)


@site.before_request
def speak_the_language_of_the_address() -> None:
    """English below ``/en``, Indonesian elsewhere."""
    speak(language_of(request.path))


@site.record_once
def _bind_the_rest(state: BlueprintSetupState) -> None:
    """The same pages in English, and the files that are asked for by name."""
    assert isinstance(state.app, Flask)
    state.app.register_blueprint(site, name=ENGLISH, url_prefix="/en")
    state.app.register_blueprint(discovery)
