"""SIAPA: the national registry of public-service information.

Start at ``create_app``. The rooms, from the ground up::

    records                    what is written down: every table
    document                   the 14 components of a standard: one value
    publishing                 what may be done; the only room that commits
    catalogue                  what the public may read; never writes
    search                     how it is found
    web, cli                   the doors

A room may use the rooms below it, never those above or beside it.
"""

from __future__ import annotations

from flask import Flask

from siapa.config import ROOT, Config

__all__ = ["create_app"]


def create_app(config: Config | None = None) -> Flask:
    """Build the app: settings, shared instances, rooms, doors.

    Raises ``siapa.config.BadConfiguration`` with one line when a setting cannot be used.
    """
    from siapa import search, web
    from siapa.extensions import STANDBY, db
    from siapa.opendata.recording import records_after
    from siapa.publishing.recording import records_by
    from siapa.records.engine import PATIENCE_SECONDS, engine_options, keep_standbys_only, listen

    config = config or Config.from_environment()
    config.instance_dir.mkdir(parents=True, exist_ok=True)
    app = Flask("siapa", template_folder=str(ROOT / "templates"), static_folder="assets")
    app.config.update(
        SIAPA=config,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
    )
    if config.database_read_url:
        url = config.database_read_url
        app.config["SQLALCHEMY_BINDS"] = {STANDBY: {"url": url, **engine_options(url)}}
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            listen(engine, patience=PATIENCE_SECONDS)
        if config.database_read_url:
            keep_standbys_only(db.engines[STANDBY])
    search.init_app(app)
    records_by(records_after)
    web.init_app(app)
    return app
