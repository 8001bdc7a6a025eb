"""Several values in one text, each behind words that say what it is, so that they can be told apart again.

    KTP (original; 2 copies; if: the applicant is a minor)

A reader understands the words of every language, whichever is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from siapa.document.labels import REQUIREMENT_KIND_NAMES
from siapa.locales import LOCALES, Words, using
from siapa.locales import lazy as _l

#: What stands before a value, by what the value is.
WORDS: Mapping[str, Words] = {
    "case": _l("if: %(said)s"),
    "note": _l("note: %(said)s"),
    "unit": _l("per %(said)s"),
    "legal_basis": _l("legal basis: %(said)s"),
    "basis_note": _l("reason for the fee: %(said)s"),
    "counted_from": _l("counted from: %(said)s"),
    "validity": _l("valid: %(said)s"),
    "copies": _l("copies: %(said)s"),
    "original": _l("original"),
    "attendance": REQUIREMENT_KIND_NAMES["attendance"],
    "accessible": _l("for people with disabilities"),
    "unstated": _l("amount not stated"),
}
_VALUE = "%(said)s"
_BETWEEN = "; "


def say(head: str | None, values: Mapping[str, object]) -> str:
    """``head`` and after it what is known of ``values``; True stands for a word without a value."""
    parts = [head] if head else []
    for key, value in values.items():
        if value is True:
            parts.append(str(WORDS[key]))
        elif value not in (None, False, ""):
            parts.append(str(WORDS[key]) % {"said": value})
    return _BETWEEN.join(parts)


def say_behind(head: str, values: Mapping[str, object]) -> str:
    """``head`` with what is known of ``values`` in brackets behind it."""
    said = say(None, values)
    return f"{head} ({said})" if said else head


def understand(text: str) -> tuple[str, dict[str, str]]:
    """What ``say`` was given: the head, and each value by what it is."""
    head: list[str] = []
    found: dict[str, str] = {}
    last = ""
    for part in text.split(_BETWEEN):
        marked = next(((key, part[len(mark) :]) for mark, key in _marks() if _opens(part, mark)), None)
        if marked and marked[0] not in found:
            last = marked[0]
            found[last] = marked[1]
        elif last:
            found[last] = f"{found[last]}{_BETWEEN}{part}"
        else:
            head.append(part)
    return _BETWEEN.join(head), found


def understand_behind(text: str) -> tuple[str, dict[str, str]]:
    """What ``say_behind`` was given."""
    if text.endswith(")"):
        for bracket in re.finditer(r" \(", text):
            head, found = understand(text[bracket.end() : -1])
            if found and not head:
                return text[: bracket.start()], found
    return text, {}


@cache
def _marks() -> tuple[tuple[str, str], ...]:
    """What a marked part begins with, in every language, the longest first."""
    found = {}
    for locale in LOCALES:
        with using(locale):
            for key, words in WORDS.items():
                found[str(words).removesuffix(_VALUE)] = key
    return tuple(sorted(found.items(), key=lambda one: -len(one[0])))


def _opens(part: str, mark: str) -> bool:
    """Whether ``part`` begins with ``mark``, or is it where no value follows."""
    return part.startswith(mark) if mark.endswith(" ") else part == mark
