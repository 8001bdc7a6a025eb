"""Which words the stemmer does not know: affixed words that no listed root explains.

What helps whoever keeps ``seed_data/roots.txt``: names of places and English words are left
out, and so is what only looks affixed (*disdukcapil* is no *di-* of anything that can be
spoken). The root each word may have is guessed, to be looked up, not to be taken over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from siapa.search.room import room
from siapa.search.tables import Tables
from siapa.search.text import words

#: A prefix, and what the first letter of the root was when the prefix has swallowed it.
_PREFIXES = (
    ("meny", "s"), ("peny", "s"), ("meng", ""), ("peng", ""), ("meng", "k"), ("peng", "k"), ("mem", "p"),
    ("pem", "p"), ("mem", ""), ("pem", ""), ("men", "t"), ("pen", "t"), ("men", ""), ("pen", ""),
    ("ber", ""), ("ter", ""), ("per", ""), ("me", ""), ("pe", ""), ("di", ""), ("ke", ""), ("se", ""),
)  # fmt: skip
_SUFFIXES = ("kan", "an", "nya", "i")
_SHORTEST = 4
MOST_GUESSES = 4
#: One syllable after the other as Indonesian has them, with the beginnings that loanwords brought.
_SPOKEN = re.compile(
    r"(?:(?:[bcdfghjklmnpqrstvwyz]|kh|ny|ng|sy|[bcdfgkpst]r|[bfgkp]l|s[kpt]|s[kpt]r|ks|kw)?[aeiou]"
    r"(?:ng|n[sk]s?|[bcdfghklmnprstwyx])?)+"
)


@dataclass(frozen=True)
class MissingRoot:
    """An affixed word, in how many texts it stands, and what its root may be."""

    word: str
    count: int
    guesses: tuple[str, ...]


def missing_roots(limit: int = 100) -> list[MissingRoot]:
    """The affixed words of the index that no listed root explains, the most frequent first."""
    here = room()
    sight = here.sight()
    counts: Counter[str] = Counter()
    for part in sight.shelf.parts:
        for held in (part.told, part.mentioned):
            counts.update(held)
    left_out = sight.tables.gazetteer.words() | _english(sight.tables)
    asked = (word for word in counts.keys() - left_out if not here.stems.is_small(word))
    lacking = (
        MissingRoot(word, counts[word], guesses)
        for word in asked
        if here.stems.lacks_root(word) and (guesses := guesses_of(word))
    )
    return sorted(lacking, key=lambda one: (-one.count, one.word))[:limit]


def guesses_of(word: str) -> tuple[str, ...]:
    """What may be the root of ``word``, the shortest first; none when nothing that can be spoken is left."""
    found = {form for form in _without_affixes(word) if len(form) >= _SHORTEST and _SPOKEN.fullmatch(form)}
    return tuple(sorted(found, key=lambda form: (len(form), form)))[:MOST_GUESSES]


def _without_affixes(word: str) -> Iterator[str]:
    stems = [word, *(word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix))]
    for stem in stems:
        if stem != word:
            yield stem
        for prefix, swallowed in _PREFIXES:
            if stem.startswith(prefix):
                yield swallowed + stem.removeprefix(prefix)


def _english(tables: Tables) -> set[str]:
    """The words that stand in English names and in no Indonesian one."""
    every = (
        named
        for table in (tables.services, tables.malls, tables.agencies, tables.categories, tables.life_events)
        for named in table.values()
    )
    pairs = [(words(named.label), words(named.label_en)) for named in every]
    indonesian = {word for here, _there in pairs for word in here}
    return {word for _here, there in pairs for word in there} - indonesian
