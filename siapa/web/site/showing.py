"""Showing a page: filled, and kept until something on it opens or closes."""

from __future__ import annotations

from flask import render_template

from siapa.web import caching


def show(template: str, **values: object) -> str:
    """``template`` filled with ``values``, right as long as what they tell of opening hours is."""
    caching.shows(*values.values())
    return render_template(template, **values)
