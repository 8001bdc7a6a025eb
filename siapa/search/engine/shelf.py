"""The parts of an index seen as one: what stood in it at one moment.

Standards are numbered through all parts, the oldest part first. A standard that was
indexed again, or is no longer live, is dead in the part that held it before. A shelf never
changes, so threads share it freely; only its cache of decoded terms fills.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import ChainMap, OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.answers import NONE, Answers
from siapa.search.engine.catalogue import Catalogue
from siapa.search.engine.codec import Ids, Weights
from siapa.search.engine.part import Part
from siapa.search.engine.schema import STANDARD_FIELDS

#: How many bytes of decoded terms a process keeps.
CACHE_BYTES = 28 << 20
#: Above one posting in so many standards a term is held as a whole array.
_OFTEN_SAID = 8
#: A word of the long texts is taken for right when so many documents have it.
OFTEN = 2
_NOTHING: tuple[Ids, Weights] = (np.zeros(0, np.uint32), np.zeros(0, np.float32))


@dataclass(frozen=True)
class Layer:
    """A part, and what of it is dead: places of standards and ids of services."""

    part: Part
    dead: Collection[int] = ()
    dead_services: Collection[str] = ()


class Lexicon:
    """The words of some parts: what is known, and what a spelling may be mended to."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._mentioned = [part.mentioned for part in parts]
        self._written: Mapping[str, int] = (
            parts[0].told if len(parts) == 1 else ChainMap(*(part.told for part in parts))
        )

    def count(self, term: str) -> int:
        """In how many documents, roughly, ``term`` is found; 0 for an unknown word."""
        told = self._written.get(term)
        if told:
            return told
        mentioned = sum(part.get(term, 0) for part in self._mentioned)
        return mentioned if mentioned >= OFTEN else 0

    def written(self) -> Mapping[str, int]:
        """The words of names, aliases, titles, agencies and places."""
        return self._written

    def covers(self, part: Part) -> bool:
        """Whether ``part`` brings no word that people look for and that is not here already."""
        return all(word in self._written for word in part.told)


class Shelf:
    """What can be searched at one moment. ``before``: the shelf it follows, whose work is used again."""

    def __init__(self, layers: Sequence[Layer], before: Shelf | None = None) -> None:
        self.layers = tuple(layers)
        self.parts = [layer.part for layer in layers]
        self.starts = np.cumsum([0, *(part.count for part in self.parts)])
        self.count = int(self.starts[-1])
        self.alive = self._alive()
        self._tables: dict[str, tuple[list[Any], list[NDArray[np.int32] | None]]] = {}
        self._columns: dict[str, NDArray[Any]] = {}
        self._terms: OrderedDict[object, tuple[Any, Any]] = OrderedDict()
        self._held = 0
        self._made: dict[object, Any] = {}
        self._lock = threading.Lock()
        self.catalogue = self._catalogue(before)
        self.lexicon = self._lexicon(before)

    def _alive(self) -> NDArray[np.bool_] | None:
        """Which standards are not dead; None when none is."""
        if not any(layer.dead for layer in self.layers):
            return None
        alive = np.ones(self.count, bool)
        for layer, start in zip(self.layers, self.starts, strict=False):
            alive[np.fromiter(layer.dead, np.int64, len(layer.dead)) + start] = False
        return alive

    def _catalogue(self, before: Shelf | None) -> Catalogue:
        entries = [
            entry
            for layer in self.layers
            for entry in layer.part.services
            if entry["row"]["id"] not in layer.dead_services
        ]
        marks = sorted(entry["mark"] for entry in entries)
        if before is not None and sorted(before.catalogue.marks) == marks:
            return before.catalogue
        return Catalogue(entries)

    def _lexicon(self, before: Shelf | None) -> Lexicon:
        if before is not None and before.parts[:1] == self.parts[:1]:
            new = [part for part in self.parts if part not in before.parts]
            if all(before.lexicon.covers(part) for part in new):
                return before.lexicon
        return Lexicon(self.parts)

    # ------------------------------------------------------------- values

    @property
    def live_count(self) -> int:
        """How many standards are not dead."""
        return self.count if self.alive is None else int(np.count_nonzero(self.alive))

    def living(self, places: Ids) -> Ids:
        """``places`` without the dead."""
        return places if self.alive is None else places[self.alive[places]]

    def column(self, name: str) -> NDArray[Any]:
        """The values of a column for every standard, numbers of tables in the numbering of ``table``."""
        held = self._columns.get(name)
        if held is None:
            held = self._columns[name] = self._joined(name)
        return held

    def _joined(self, name: str) -> NDArray[Any]:
        of_table = {"service": "services", "agency": "agencies", "offer_place": "places",
                    "offer_counter": "counters"}.get(name)  # fmt: skip
        pieces = [part.values[name] for part in self.parts]
        if of_table is not None:
            _rows, numbers = self._table(of_table)
            pieces = [
                piece if new is None else new[piece] for piece, new in zip(pieces, numbers, strict=True)
            ]
        elif name == "offer_ends":
            total = 0
            for at, piece in enumerate(pieces):
                pieces[at] = piece + total if total else piece
                total += int(piece[-1]) if len(piece) else 0
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def table(self, name: str) -> list[Any]:
        """The rows of ``services`` (id, category, life events), ``agencies`` (slugs from itself upwards,
        region), ``places`` (id, region, latitude, longitude, slug of the mall) or ``counters`` (ids)."""
        return self._table(name)[0]

    def _table(self, name: str) -> tuple[list[Any], list[NDArray[np.int32] | None]]:
        held = self._tables.get(name)
        if held is None:
            held = self._tables[name] = self._merged(name)
        return held

    def _merged(self, name: str) -> tuple[list[Any], list[NDArray[np.int32] | None]]:
        """The rows of all parts, each key once and as the newest part has it, and each part's new numbers."""
        rows: list[Any] = list(self.parts[0].tables[name]) if self.parts else []
        if len(self.parts) <= 1:
            return rows, [None] * len(self.parts)
        key: Callable[[Any], Any] = _KEYS[name]
        known = {key(row): number for number, row in enumerate(rows)}
        numbers: list[NDArray[np.int32] | None] = [None]
        for part in self.parts[1:]:
            new = []
            for row in part.tables[name]:
                number = known.setdefault(key(row), len(rows))
                rows[number : number + 1] = [row]
                new.append(number)
            numbers.append(np.array([*new, -1], np.int32))  # the last stands for -1: none
        return rows, numbers

    def total_length(self, field: str) -> int:
        """How many words all standards have in ``field``, the dead ones too."""
        return sum(part.total_length(field) for part in self.parts)

    def part_of(self, place: int) -> tuple[Part, int]:
        """The part in which a standard stands, and its place there."""
        at = int(np.searchsorted(self.starts, place, side="right")) - 1
        return self.parts[at], place - int(self.starts[at])

    def id_of(self, place: int) -> str:
        """The id of a standard, 32 hexadecimal digits."""
        part, at = self.part_of(place)
        return part.id_of(at)

    def title_of(self, place: int) -> str:
        """The title of a standard."""
        part, at = self.part_of(place)
        return part.title_of(at)

    @cached_property
    def titles_in_order(self) -> NDArray[np.float64]:
        """For each standard a number that orders them by title, whatever the case."""
        ranks = np.empty(self.count, np.float64)
        if not self.parts:
            return ranks
        base = self.parts[0]
        order = base.values["by_title"]
        ranks[: base.count][order] = np.arange(base.count)
        later = [(self.title_of(place).casefold(), place) for place in range(base.count, self.count)]
        for at, (title, place) in enumerate(sorted(later)):
            ranks[place] = self._rank_of_title(title) + at * 1e-7
        return ranks

    def _rank_of_title(self, title: str) -> float:
        """Where ``title`` stands among those of the first part."""
        base = self.parts[0]
        order = base.values["by_title"]
        return bisect_left(order, title, key=lambda at: base.title_of(int(at)).casefold()) - 0.5

    @cached_property
    def service_names_in_order(self) -> NDArray[np.float64]:
        """For each active service a number that puts its name among the titles."""
        ranks = np.zeros(len(self.catalogue.rows))
        names = sorted((row["name"].casefold(), place) for place, row in enumerate(self.catalogue.rows))
        for at, (name, place) in enumerate(names):
            ranks[place] = (self._rank_of_title(name) if self.parts else 0.0) + at * 1e-5
        return ranks

    # ----------------------------------------------------------- services

    @cached_property
    def by_service(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The standards in the order of their services, and where each service's stretch begins.

        The first stretch is that of the standards without a service.
        """
        services = self.column("service")
        order = np.argsort(services, kind="stable")
        starts = np.searchsorted(services[order], np.arange(-1, len(self.table("services")) + 1))
        return order, starts

    def of_service(self, number: int) -> Ids:
        """The living standards of the service of this number in ``table("services")``; -1: of none."""
        order, starts = self.by_service
        return self.living(order[starts[number + 1] : starts[number + 2]].astype(np.uint32))

    @cached_property
    def service_places(self) -> list[int]:
        """For each service of the table its place in the catalogue, -1 when it is not active."""
        return [self.catalogue.place_of.get(row[0], -1) for row in self.table("services")]

    @cached_property
    def live_of_service(self) -> dict[str, int]:
        """How many living standards each service has, by the id of the service."""
        services = self.column("service")
        if self.alive is not None:
            services = services[self.alive]
        rows = self.table("services")
        counts = np.bincount(services[services >= 0], minlength=len(rows))
        return {row[0]: int(count) for row, count in zip(rows, counts, strict=True)}

    # ----------------------------------------------------------- postings

    def postings(self, field: str, term: str) -> tuple[Ids, Weights]:
        """The standards (dead ones too) that have ``term`` in ``field``, and how often."""
        return self.kept((field, term), lambda: self._postings(field, term))

    def _postings(self, field: str, term: str) -> tuple[Ids, Weights]:
        found = []
        for part, start in zip(self.parts, self.starts, strict=False):
            held = part.postings(field, term)
            if held is not None:
                ids, weights = held
                here = ids if not start else ids + np.uint32(start)
                found.append((here, np.ones(len(ids), np.float32) if weights is None else weights))
        if len(found) <= 1:
            return found[0] if found else _NOTHING
        return np.concatenate([ids for ids, _ in found]), np.concatenate([some for _, some in found])

    def strengths(self, term: str) -> Answers:
        """The standards (dead ones too) that have ``term``, each with the worth of its best field."""
        return Answers(*self.kept(term, lambda: self._strengths(term)))

    def _strengths(self, term: str) -> Answers:
        found = []
        for field, worth in sorted(STANDARD_FIELDS.items(), key=lambda pair: pair[1]):
            for part, start in zip(self.parts, self.starts, strict=False):
                held = part.postings(field, term)
                if held is not None:
                    found.append((held[0] if not start else held[0] + np.uint32(start), worth))
        if not found:
            return NONE
        if sum(len(ids) for ids, _worth in found) * _OFTEN_SAID < self.count:
            every = np.unique(np.concatenate([ids for ids, _worth in found]))
            worths = np.zeros(len(every), np.float32)
            for ids, worth in found:  # the worthiest field comes last
                worths[np.searchsorted(every, ids)] = worth
            return Answers(every, worths)
        whole = np.zeros(self.count, np.float32)
        for ids, worth in found:
            whole[ids] = worth
        return Answers(None, whole)

    def kept(self, key: object, make: Callable[[], tuple[Any, Any]]) -> tuple[Any, Any]:
        """Two arrays (or None) from the cache, or made and kept there; when full the longest unused go."""
        with self._lock:
            held = self._terms.get(key)
            if held is not None:
                self._terms.move_to_end(key)
                return held
        made = make()
        with self._lock:
            if key not in self._terms:
                self._terms[key] = made
                self._held += _size(made)
            while self._held > CACHE_BYTES and self._terms:
                _key, old = self._terms.popitem(last=False)
                self._held -= _size(old)
        return made

    def made(self, key: object, make: Callable[[], Any]) -> Any:
        """What others make of the whole shelf, made once and gone with it."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]


def _size(held: tuple[Any, Any]) -> int:
    """Bytes, with what keeping it costs: what nobody has must not fill the memory either."""
    return 512 + sum(int(one.nbytes) for one in held if one is not None)


_KEYS: dict[str, Callable[[Any], Any]] = {
    "services": lambda row: row[0],
    "agencies": lambda row: (tuple(row[0]), row[1]),
    "places": lambda row: row[0],
    "counters": lambda row: row,
}
