"""JSON that is written already and goes into an answer as it is."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Written(Generic[T]):
    """Stands in an answer for a ``T`` whose JSON is written already: what ``shapes.written`` gives."""
