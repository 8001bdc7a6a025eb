"""A query, understood: its words mended, its place and its malls recognised, the rest read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from siapa.search.filtering import asks_for_standards
from siapa.search.mending import Unit
from siapa.search.naming import Naming, naming
from siapa.search.places import Place, Recognised
from siapa.search.query import Parsed, Query
from siapa.search.reading import Reading
from siapa.search.room import Sight
from siapa.search.stems import Stems
from siapa.search.verifying import hours_are_known

#: How one asks for what is open at this moment.
_OPEN_NOW = (
    ("masih", "buka", "sekarang"), ("yang", "buka", "sekarang"), ("yang", "buka", "hari", "ini"),
    ("buka", "sekarang"), ("buka", "hari", "ini"), ("open", "right", "now"), ("open", "now"),
    ("open", "today"),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A query, understood."""

    query: Query
    parsed: Parsed
    reading: Reading
    region: Place | None
    recognised: Recognised
    corrected: str | None
    named: Naming

    @property
    def region_code(self) -> str | None:
        """The code of the place asked for."""
        return self.region.code if self.region else None

    @property
    def other_regions(self) -> tuple[Place, ...]:
        """The places that were also named, or bear the same name."""
        named = (self.recognised.place, *self.recognised.alternatives)
        return tuple(place for place in named if place is not None and place != self.region)

    @property
    def has_words(self) -> bool:
        """Whether the results are ranked by words."""
        return bool(self.reading.units)

    @property
    def is_empty_question(self) -> bool:
        """Whether something was typed, but no word in it, and no filter given."""
        query, parsed = self.query, self.parsed
        filters = (query.category, query.life_event, self.region)
        is_bare = all(value is None for value in filters) and not asks_for_standards(query)
        has_words = self.has_words or parsed.phrases or parsed.excluded or self.named.places
        return bool(query.text.strip()) and is_bare and not has_words

    @property
    def is_grouped(self) -> bool:
        """Whether there is one result a service."""
        if self.query.group == "auto":
            is_wide = self.region is None or self.region.level == "province"
            return self.has_words and is_wide and self.query.mall is None
        return self.query.group == "service"


def understand(query: Query, parsed: Parsed, sight: Sight, stems: Stems) -> Asked:
    """What ``query`` asks for: its words mended and read, its place, and what it names."""
    reader = sight.reader
    units = [Unit(word) for word in parsed.words] if query.exact else reader.mend(parsed.words)
    units, asks_open = _without_opening(units)
    if asks_open and not query.open_now and hours_are_known():
        query = replace(query, open_now=True)
    spoken = [unit.mended or unit.written for unit in units]
    recognised = sight.tables.gazetteer.recognise(
        spoken, lambda word: sight.labels.has_name_in(word, frozenset(spoken))
    )
    named = naming(spoken, recognised, sight.tables, stems, query.near)
    left = _once([units[place] for place in named.left])
    reading = reader.read([*left, *(Unit(word) for phrase in parsed.phrases for word in phrase)])
    known = sight.tables.gazetteer.by_code
    region = known.get(query.region) if query.region else named.region or recognised.place
    if named.mall and not (query.region or query.mall):
        query = replace(query, mall=named.mall)
    corrected = _corrected(parsed, spoken) if any(unit.mended for unit in units) else None
    return Asked(query, parsed, reading, region, recognised, corrected, named)


def _once(units: list[Unit]) -> list[Unit]:
    """The words, each once: said twice asks for nothing more. With a letter behind it is another: *sim c*."""
    spoken = [unit.mended or unit.written for unit in units]
    after = [*spoken[1:], ""][: len(spoken)]
    letters = [word if len(word) == 1 else "" for word in after]
    lettered = {word for word, letter in zip(spoken, letters, strict=True) if letter}
    kept = {
        word + letter: unit
        for word, letter, unit in zip(spoken, letters, units, strict=True)
        if letter or word not in lettered
    }
    return list(kept.values())


def _without_opening(units: list[Unit]) -> tuple[list[Unit], bool]:
    """The words without those that ask for what is open now, and whether they did."""
    spoken = [unit.mended or unit.written for unit in units]
    for phrase in _OPEN_NOW:
        for start in range(len(spoken) - len(phrase) + 1):
            if tuple(spoken[start : start + len(phrase)]) == phrase:
                return [*units[:start], *units[start + len(phrase) :]], True
    return units, False


def _corrected(parsed: Parsed, spoken: list[str]) -> str:
    """The query as it was understood, written out with its phrases and exclusions."""
    phrases = [f'"{" ".join(phrase)}"' for phrase in parsed.phrases]
    return " ".join([*spoken, *phrases, *(f"-{word}" for word in parsed.excluded)])
