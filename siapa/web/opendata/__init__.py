"""The doors of the open data for programs: files of the tables and snapshots, below ``/data/``.

The page about them, for people, is one of the site's.
"""

from __future__ import annotations

from flask import Flask

from siapa.web.opendata import files, snapshots

__all__ = ["files", "init_app", "snapshots"]


def init_app(app: Flask) -> None:
    """Open the doors of ``app``."""
    app.register_blueprint(files.files)
    app.register_blueprint(snapshots.snapshot_files)
