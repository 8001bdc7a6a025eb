"""JSON from outside, read with bounds.

Python's reader takes ``NaN``, lets the last of two equal names win, stops at 100,000
brackets with a ``RecursionError`` and at 5,000 digits with a message about the
interpreter. Here each of these is a ``Rejected`` that says what to change.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from typing import Any, NoReturn

from siapa.document.clean_values import Unfit
from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l

LARGEST_BYTES = 1_000_000
_MOST_DIGITS = 18
_DEEPEST = 32
#: A string is one token even when it never ends, so that the scan stays linear.
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]+|\\.)*+"?|[\[\]{}]', re.DOTALL)


def _refuse_constant(name: str) -> NoReturn:
    raise Unfit(_l("%(name)s is not a number in JSON.", name=name))


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > _MOST_DIGITS:
        raise Unfit(_l("A number has more than %(most)s digits.", most=_MOST_DIGITS))
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits) if len(digits) <= 40 else math.inf
    if not math.isfinite(number):
        raise Unfit(_l("A number is too large or has too many digits."))
    return number


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise Unfit(_l('The field "%(name)s" is given twice in the same object.', name=name[:60]))
    return content


def _rejected(message: Words) -> Rejected:
    return Rejected([Problem("", message)])


def _is_too_deep(text: str) -> bool:
    """Whether brackets outside of strings nest deeper than any document does."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text):
        mark = token.group()[0]
        if mark in "[{":
            depth += 1
            if depth > _DEEPEST:
                return True
        elif mark != '"':
            depth -= 1
    return False


def parse_json(raw: bytes | str, *, largest: int = LARGEST_BYTES) -> Any:
    """The value written in ``raw``; raises ``Rejected`` for what is not sound JSON of sane size."""
    if len(raw) > largest:
        raise _rejected(_l("This is larger than the %(most)s bytes that are taken.", most=largest))
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise _rejected(_l("This is not valid UTF-8 text.")) from None
    if _is_too_deep(text):
        raise _rejected(_l("This is nested too deeply."))
    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_decimal,
            object_pairs_hook=_each_name_once,
        )
    except Unfit as unfit:
        raise _rejected(unfit.message) from None
    except json.JSONDecodeError as error:
        raise _rejected(
            _l(
                "This is not valid JSON (line %(line)s, column %(column)s).",
                line=error.lineno,
                column=error.colno,
            )
        ) from None
