"""From text to words: the same for what is indexed and for what is asked.

Nothing here knows a language's grammar (see ``stems``); it only makes the many ways
to write one thing alike: ``KTP-el``, ``ktp el`` and ``ktpel``; full-width digits; accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

#: Letters and digits; an apostrophe inside belongs to the word (``jum'at``).
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
#: Letters parted by full stops: ``S.I.M.``
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
_APOSTROPHES = str.maketrans("", "", "'’ʼ.")
#: The signs of ASCII that cannot be seen.
_CONTROLS = dict.fromkeys((*range(32), 127), " ")
#: Longer words are cut: no real one is, and the cost of a comparison grows with the length.
LONGEST_WORD = 40


def plain(text: str) -> str:
    """``text`` without what the eye does not read: lower case, no accents, no invisible signs."""
    if text.isascii():
        return _DOTTED.sub(_without_stops, text.translate(_CONTROLS).lower())
    text = unicodedata.normalize("NFKC", text)
    text = "".join(_seen(sign) for sign in text).casefold()
    text = unicodedata.normalize("NFD", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Mn")
    return _DOTTED.sub(_without_stops, text)


def _without_stops(found: re.Match[str]) -> str:
    return found.group().translate(_APOSTROPHES)


def _seen(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return ""  # zero-width signs, soft hyphens, changes of direction
    return " " if kind in ("Cc", "Cs", "Zl", "Zp") else sign


def words(text: str) -> list[str]:
    """The words of ``text`` in order, in their plain form; hyphens part words."""
    found: list[str] = _WORD.findall(plain(text))
    if text.isascii() and "'" not in text:
        return [word[:LONGEST_WORD] for word in found]
    return [word.translate(_APOSTROPHES)[:LONGEST_WORD] for word in found]


def joined(parts: list[str]) -> Iterator[tuple[int, str]]:
    """Neighbours that are also written as one, with the place of the first.

    A single letter or digit means little alone: ``sim c`` is also ``simc``, ``e ktp``
    also ``ektp``, ``ak 1`` also ``ak1``.
    """
    for place in range(len(parts) - 1):
        first, second = parts[place], parts[place + 1]
        if len(first) == 1 or len(second) == 1:
            yield place, first + second


@lru_cache(maxsize=4096)
def _hyphenated(text: str) -> tuple[str, ...]:
    """The parts of hyphenated words, joined: ``ktp-el`` gives ``ktpel``; ``anak-anak`` nothing."""
    if "-" not in text and text.isascii():
        return ()
    together = []
    for chunk in plain(text).split():
        if "-" not in chunk:
            continue
        parts = words(chunk)
        if 2 <= len(parts) <= 3 and len(set(parts)) == len(parts):
            together.append("".join(parts)[:LONGEST_WORD])
    return tuple(together)


def spellings(text: str) -> list[str]:
    """The words of ``text``, each as often as it stands there, and after them the joined forms."""
    parts = words(text)
    return [*parts, *(together for _place, together in joined(parts)), *_hyphenated(text)]


def holds_phrase(texts: Iterable[str], phrase: tuple[str, ...]) -> bool:
    """Whether one of ``texts`` (each a line of plain words) has ``phrase`` in it, word by word."""
    wanted = f" {' '.join(phrase)} "
    return any(wanted in f" {text} " for text in texts)
