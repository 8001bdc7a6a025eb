"""Counting rows per key."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa

from siapa.extensions import db

Key = TypeVar("Key")


def counts(query: sa.Select[Key, int]) -> dict[Key, int]:
    """The rows (key, number) of ``query`` as a mapping."""
    return {key: number for key, number in db.session.execute(query)}  # noqa: C416  (a Result is no pair list)
