"""The web addresses that stand in a document, with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from siapa.document.standard_document import StandardDocument, to_json

_BEGINS = ("https://", "http://")


def addresses(document: StandardDocument) -> Iterator[tuple[str, str]]:
    """Place and address of each field of ``document`` that is a web address and nothing else."""
    yield from _within(to_json(document), "")


def _within(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, held in value.items():
            yield from _within(held, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from _within(held, f"{path}[{place}]")
    elif isinstance(value, str) and value.startswith(_BEGINS) and len(value.split()) == 1:
        yield path, value
