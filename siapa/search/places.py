"""A place named in a query: "… kendari" means the filter region 74.71.

Names, other spellings, seats (Unaaha for Konawe) and names of malls are known. The
longest name wins; of a city, a regency and a province of one name the city is taken
and the others are offered. Words around a place that only lead to it (*di kota*, *mpp*)
go with it. A word of a service's name that is also a place stays a word: "rekening bank sultra".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from siapa.search.text import words

#: How a level is said before a name.
_LEVELS = {
    "kabupaten": "regency", "kab": "regency", "regency": "regency", "pemkab": "regency",
    "kota": "city", "kotamadya": "city", "city": "city", "pemkot": "city",
    "provinsi": "province", "propinsi": "province", "prov": "province", "province": "province",
    "pemprov": "province",
}  # fmt: skip
#: What leads to a place and means nothing else there. Phrases of several words first.
_LEADING = (
    ("mal", "pelayanan", "publik"), ("mall", "pelayanan", "publik"), ("public", "service", "mall"),
    ("mpp",), ("mal",), ("mall",), ("di",), ("ke",), ("daerah",), ("wilayah",), ("area",), ("sekitar",),
    ("dekat",), ("in",), ("at",), ("near",),
)  # fmt: skip
_PREFERENCE = {"city": 0, "regency": 1, "province": 2}
_LONGEST_NAME = 5


@dataclass(frozen=True)
class Place:
    """A region a query can name."""

    code: str
    label: str
    label_en: str
    level: str


@dataclass(frozen=True)
class Recognised:
    """A place found in a query: which words are left, the place, others of that name, the words taken."""

    left: tuple[int, ...]
    place: Place | None = None
    alternatives: tuple[Place, ...] = ()
    taken: str = ""


@dataclass
class Gazetteer:
    """Every name of every region, ready for look-up by words."""

    _named: dict[tuple[str, ...], list[Place]] = field(default_factory=dict)
    by_code: dict[str, Place] = field(default_factory=dict)

    def add(self, place: Place, names: Iterable[str]) -> None:
        """Let each of ``names`` mean ``place``."""
        self.by_code[place.code] = place
        for name in names:
            for key in _keys(name):
                known = self._named.setdefault(key, [])
                if place not in known:
                    known.append(place)

    def words(self) -> set[str]:
        """Every word of every name: none of them is a slip."""
        return {word for key in self._named for word in key}

    def single_words(self) -> set[str]:
        """The names of one word: what a slip may be mended to."""
        return {key[0] for key in self._named if len(key) == 1}

    def named(self, parts: tuple[str, ...]) -> list[Place]:
        """The places of exactly this name, the likeliest first."""
        return sorted(self._named.get(parts, ()), key=lambda place: (_PREFERENCE[place.level], place.code))

    def recognise(self, parts: Sequence[str], names_a_service: Callable[[str], bool]) -> Recognised:
        """Find the first place in ``parts`` and take it, and what leads to it, out of the words.

        Further places are taken out too and offered as alternatives. A word that belongs
        to the name of a service in this query (``names_a_service``) stays, unless it is led to.
        """
        left: list[int] = []
        taken: list[int] = []
        found: list[Place] = []
        position = 0
        while position < len(parts):
            length, places = self._longest(parts, position, names_a_service)
            if not places:
                left.append(position)
                position += 1
                continue
            level = _take_leading(parts, left, taken)
            taken.extend(range(position, position + length))
            found.extend(_of_level(places, level))
            position += length
        if not found:
            return Recognised(tuple(left))
        distinct = list(dict.fromkeys(found))
        text = " ".join(parts[place] for place in sorted(taken))
        return Recognised(tuple(left), distinct[0], tuple(distinct[1:6]), text)

    def _longest(
        self, parts: Sequence[str], position: int, names_a_service: Callable[[str], bool]
    ) -> tuple[int, list[Place]]:
        for length in range(min(_LONGEST_NAME, len(parts) - position), 0, -1):
            name = tuple(parts[position : position + length])
            places = self.named(name)
            if not places:
                continue
            if length == 1 and names_a_service(name[0]) and not _is_led_to(parts, position):
                continue
            return length, places
        return 0, []


def _keys(name: str) -> set[tuple[str, ...]]:
    """The forms of a name: as it stands, and run together (``bau bau``, ``baubau``)."""
    parts = tuple(words(name))
    forms = {parts, ("".join(parts),)} if 1 < len(parts) <= 2 else {parts}
    return {form for form in forms if form and len("".join(form)) >= 3}


def _is_led_to(parts: Sequence[str], position: int) -> bool:
    """Whether the word before says that a place follows."""
    before = parts[position - 1] if position else ""
    return before in _LEVELS or (before,) in _LEADING or before == "publik"


def _take_leading(parts: Sequence[str], left: list[int], taken: list[int]) -> str | None:
    """Move the words at the end of ``left`` that lead to a place to ``taken``; the level they say."""
    level: str | None = None
    while left:
        last = parts[left[-1]]
        if last in _LEVELS and level is None:
            level = _LEVELS[last]
            taken.append(left.pop())
            continue
        end = tuple(parts[place] for place in left[-3:])
        phrase = next((phrase for phrase in _LEADING if end[-len(phrase) :] == phrase), None)
        if phrase is None:
            break
        taken.extend(left[-len(phrase) :])
        del left[-len(phrase) :]
    return level


def _of_level(places: list[Place], level: str | None) -> list[Place]:
    """``places`` with those of ``level`` in front."""
    return sorted(places, key=lambda place: place.level != level) if level else places
