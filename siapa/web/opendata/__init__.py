"""The doors of the open data for programs: files below ``/data/``, the API of HSDS, and linked data.

The page about them, for people, is one of the site's.
"""

from __future__ import annotations

from flask import Flask

from siapa.web.opendata import files, hsds, linked, oai, snapshots

__all__ = ["files", "hsds", "init_app", "linked", "oai", "snapshots"]


def init_app(app: Flask) -> None:
    """Open the doors of ``app``."""
    app.register_blueprint(files.files)
    app.register_blueprint(snapshots.snapshot_files)
    app.register_blueprint(hsds.hsds)
    app.register_blueprint(linked.linked)
    app.register_blueprint(oai.oai)
