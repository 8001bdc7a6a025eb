"""The page that shows how our records stood by the rules of others, the last time this was checked here."""

from __future__ import annotations

from flask import current_app, render_template

from siapa.opendata.conformance import read_run
from siapa.web import caching
from siapa.web.site.blueprint import site


@site.get("/conformance")
def conformance() -> str:
    """The dated result of the last run, or that there was none."""
    caching.for_a_minute()  # a run leaves no line in the log
    return render_template("site/conformance.html", run=read_run(current_app.config["SIAPA"].instance_dir))
