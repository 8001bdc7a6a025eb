"""The public API, ``/api/v1``: for programs, without an account."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Open the API of ``app``."""
