"""What was handed in, as a plain tree of bounded size; and how its places are named.

Forms leave fields empty and programs send ``null``: both mean "not given", so they
are taken out here, once, and every other check sees only what is there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l

Path = tuple[str | int, ...]

_DEEPEST = 8
_MOST_VALUES = 20_000
_LONGEST_SHOWN = 200
_LARGEST_SHOWN = 10**18


class _Pruning:
    """One walk over a handed-in value, counting what it passes."""

    def __init__(self) -> None:
        self.passed = 0

    def of(self, value: Any, depth: int = 0) -> Any:
        self.passed += 1
        if self.passed > _MOST_VALUES:
            raise Rejected([Problem("", _l("This holds more than %(most)s values.", most=_MOST_VALUES))])
        if depth > _DEEPEST:
            raise Rejected([Problem("", _l("This is nested too deeply."))])
        if isinstance(value, Mapping):
            return self._of_object(value, depth)
        if isinstance(value, list | tuple):
            return [self.of(item, depth + 1) for item in value]
        return value

    def _of_object(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, held in value.items():
            if not isinstance(name, str):
                raise Rejected([Problem("", _l("Names of fields must be texts."))])
            pruned = self.of(held, depth + 1)
            is_blank = pruned is None or (isinstance(pruned, str | dict | list) and not pruned)
            if not is_blank and not (isinstance(pruned, str) and pruned.isspace()):
                kept[name] = pruned
        return kept


def without_blanks(raw: object) -> dict[str, Any]:
    """``raw`` as a tree of dicts and lists in which no field is null or empty.

    Entries of lists keep their places, so that paths name what the sender sees.
    Raises ``Rejected`` with one problem when ``raw`` is not an object, or nests or
    holds more than any document does.
    """
    if not isinstance(raw, Mapping):
        raise Rejected([Problem("", _l("The document must be an object with named fields, such as title."))])
    pruned: dict[str, Any] = _Pruning().of(raw)
    return pruned


def path_text(path: Path) -> str:
    """``path`` as people and programs write it: ``requirements[2].copies``."""
    written = ""
    for part in path:
        if isinstance(part, int):
            written += f"[{part}]"
            continue
        name = part[:60] if part.isprintable() else ascii(part[:60])[1:-1]
        written += f".{name}" if written else name
    return written


def shown_value(content: object, path: Path) -> str | int | float | bool | None:
    """What stood at ``path``, short enough and sound enough to be shown; else ``None``."""
    for part in path:
        if isinstance(content, dict) and isinstance(part, str):
            content = content.get(part)
        elif isinstance(content, list) and isinstance(part, int) and part < len(content):
            content = content[part]
        else:
            return None
    if isinstance(content, str):
        # Lone surrogates cannot be written as UTF-8.
        return content[:_LONGEST_SHOWN].encode("utf-8", "replace").decode("utf-8")
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, int):
        return content if abs(content) < _LARGEST_SHOWN else None
    return None
