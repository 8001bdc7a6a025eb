"""The doors: pages for citizens, the officers' desk, the public API, health for whoever operates it.

Only this room and ``cli`` know HTTP. The order below is the order in which a request
passes: what is asked is checked first, and what is answered is made safe last.
"""

from __future__ import annotations

from flask import Flask
from limits.errors import ConfigurationError

from siapa.config import BadConfiguration

# First, for the filters know its addresses and it knows the filters.
from siapa.web.site import site  # isort: split

from siapa.web import (
    api,
    caching,
    desk,
    early,
    errors,
    filters,
    health,
    hooks,
    limiting,
    logs,
    metrics,
    opendata,
    sources,
)

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Open the doors of ``app``; its settings stand in ``app.config["SIAPA"]``."""
    config = app.config["SIAPA"]
    logs.configure(config.log_format)
    hooks.init_app(app, config)
    try:
        limiting.init_app(app, config)
    except ConfigurationError as error:
        line = str(error).partition("\n")[0]
        raise BadConfiguration(f"SIAPA_REDIS_URL cannot be used for rate limits: {line}") from None
    sources.init_app(app)
    caching.init_app(app)
    errors.init_app(app)
    filters.register(app)
    app.register_blueprint(health.health)
    api.init_app(app)
    app.register_blueprint(site)
    opendata.init_app(app)
    desk.init_app(app, config)
    metrics.init_app(app, config)
    early.init_app(app, config)
    hooks.trust_proxies(app, config)
