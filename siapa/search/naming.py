"""The malls, agencies and places a query names: what a door shows above the services.

"mpp kendari" asks for a mall, "jam buka disdukcapil kendari" for an office; neither is a
service. A query that names a mall and says nothing of a service is about that mall.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from siapa.catalogue.distance import distance_km
from siapa.search.found import Suggestion
from siapa.search.places import Place, Recognised
from siapa.search.stems import Stems
from siapa.search.tables import Named, Tables
from siapa.search.text import words

MOST = 3
_MALL = frozenset({"mpp", "mal", "mall"})
_MALL_PHRASES = ("mal pelayanan publik", "mall pelayanan publik", "public service mall")
#: Words that ask after a place itself: when it opens, where it is, what it has.
_OF_A_PLACE = frozenset(
    "mpp mal mall pelayanan publik layanan service services public jam jadwal hari buka tutup sekarang libur "
    "operasional alamat lokasi letak peta telepon telp nomor kontak terdekat dekat terdekatnya sabtu minggu "
    "senin jumat opening open hours address location phone nearest near closest gerai loket instansi daftar "
    "saja semua kantor offices office list map contact today hari ini besok".split()
)
_BRACKETS = re.compile(r"\([^)]*\)")
#: Words of an agency's name by which nobody would know it.
_SAID_OF_ALL = frozenset(
    "dinas kantor badan kementerian direktorat jenderal pt persero tbk republik indonesia ri uptd dan "
    "kabupaten kota provinsi kab prov".split()
)


@dataclass(frozen=True)
class Naming:
    """What is named. ``mall`` and ``region``: the one place the query is about, if it is about one.

    ``is_about_places``: no word asks for a service. ``is_office``: the words name an office, such as
    a civil registry, so that all it does is meant.
    """

    places: tuple[Suggestion, ...] = ()
    is_about_places: bool = False
    mall: str | None = None
    region: Place | None = None
    is_office: bool = False
    #: The words that still ask for a service, by their place.
    left: tuple[int, ...] = ()


def suggestion(named: Named) -> Suggestion:
    """``named`` as the doors show it."""
    slug = named.parent if named.kind == "service" else None
    return Suggestion(named.kind, named.key, named.label, named.label_en, slug)


def naming(
    spoken: Sequence[str],
    recognised: Recognised,
    tables: Tables,
    stems: Stems,
    near: tuple[float, float] | None = None,
) -> Naming:
    """What the words ``spoken`` name, the place in them ``recognised``; ``near`` orders malls without one."""
    rest = [spoken[place] for place in recognised.left if not stems.is_small(spoken[place])]
    known = _known(tables, stems)
    malls = _malls(spoken, recognised, tables, known, near)
    agencies = _agencies(spoken, recognised, tables, known)
    left = recognised.left
    is_bare = all(word in _OF_A_PLACE for word in rest)
    is_about = bool(spoken) and is_bare and bool(malls or (recognised.place and not rest))
    regions: list[Named] = []
    if not rest and recognised.place is not None and not agencies:
        asked = [recognised.place, *recognised.alternatives]
        regions = [tables.regions[place.code] for place in asked if place.code in tables.regions]
        if not malls:
            malls = _of_regions([recognised.place], tables)
    places = tuple(suggestion(named) for named in [*malls, *agencies, *regions][:MOST])
    is_office = _is_office(rest, known)
    if is_about:
        left = ()
    elif is_office:
        left = tuple(one for one in left if spoken[one] not in _OF_A_PLACE | _SAID_OF_ALL)
    if not (is_about and malls and _says_mall(spoken)) or recognised.place is None:
        return Naming(places, is_about, is_office=is_office, left=left)
    first = malls[0]
    own = [mall for mall in malls if mall.parent == first.parent]
    return Naming(
        places,
        is_about,
        mall=first.key if len(own) == 1 and recognised.place.level != "province" else None,
        region=tables.gazetteer.by_code.get(first.parent or "")
        if recognised.place.level != "province"
        else None,
    )


def _says_mall(spoken: Sequence[str]) -> bool:
    line = " ".join(spoken)
    return "mpp" in spoken or any(phrase in line for phrase in _MALL_PHRASES) or bool(_MALL & {*spoken[:1]})


class _Known:
    """The names of malls and agencies by their words, so that a query meets only those it may say."""

    def __init__(self, tables: Tables, stems: Stems) -> None:
        self._tables = tables
        self._stems = stems
        self.of_services = frozenset(word for one in tables.services.values() for word in words(one.label))
        self._malls = _by_first_word(tables.malls.values())
        self._agencies = _by_first_word(one for one in tables.agencies.values() if one.is_offered)
        #: What an agency is known by, under the rarest word of it, and by the stems of all of it.
        self._by_word: dict[str, list[tuple[frozenset[str], Named]]] = {}
        self._by_meaning: dict[frozenset[str], list[tuple[frozenset[str], Named]]] = {}
        cores = [(core, one) for one in tables.agencies.values() for core in _cores(one, tables)]
        often = Counter(word for core, _one in cores for word in core)
        for core, one in cores:
            rarest = min(core, key=lambda word: (often[word], word))
            self._by_word.setdefault(rarest, []).append((core, one))
            self._by_meaning.setdefault(frozenset(map(stems.stem, core)), []).append((core, one))

    def malls(self, spoken: Sequence[str]) -> list[Named]:
        """The malls of which a whole name is said."""
        return [mall for _length, mall in _said_whole(spoken, self._malls)]

    def agencies(self, spoken: Sequence[str]) -> list[tuple[int, Named]]:
        """The agencies that are said, by a whole name or by what they are known by: how many words, which."""
        said = _said_whole(spoken, self._agencies)
        said += [
            (len(core), one)
            for core, one in (
                *self.said_cores(spoken),
                *(pair for word in spoken for pair in self.meant(word)),
            )
            if one.is_offered and not core <= self.of_services
        ]
        return said

    def said_cores(self, spoken: Sequence[str]) -> Iterator[tuple[frozenset[str], Named]]:
        """What agencies are known by, all of whose words are spoken."""
        every = set(spoken)
        for word in every:
            yield from ((core, one) for core, one in self._by_word.get(word, ()) if core <= every)

    def meant(self, word: str) -> Iterator[tuple[frozenset[str], Named]]:
        """What agencies are known by that ``word`` is an abbreviation of."""
        for replacement in self._tables.synonyms.table.get((word,), ()):
            stemmed = frozenset(self._stems.stem(one) for one in replacement if one not in _SAID_OF_ALL)
            yield from self._by_meaning.get(stemmed, ())


def _known(tables: Tables, stems: Stems) -> _Known:
    made: _Known = tables.made("naming", lambda: _Known(tables, stems))
    return made


def _by_first_word(many: Iterable[Named]) -> dict[str, list[tuple[tuple[str, ...], Named]]]:
    """Every name as its words, under the first of them."""
    found: dict[str, list[tuple[tuple[str, ...], Named]]] = {}
    for named in many:
        for name in {tuple(words(name)) for name in named.names}:
            if name:
                found.setdefault(name[0], []).append((name, named))
    return found


def _said_whole(
    spoken: Sequence[str], names: dict[str, list[tuple[tuple[str, ...], Named]]]
) -> list[tuple[int, Named]]:
    """Of which of ``names`` all words are spoken one after the other: how many words, which."""
    return [
        (len(name), named)
        for place, word in enumerate(spoken)
        for name, named in names.get(word, ())
        if tuple(spoken[place : place + len(name)]) == name
    ]


def _malls(
    spoken: Sequence[str],
    recognised: Recognised,
    tables: Tables,
    known: _Known,
    near: tuple[float, float] | None,
) -> list[Named]:
    """The malls that are named: by their own name, by their place, or the nearest when only "mpp" is said."""
    line = f" {' '.join(spoken)} "
    by_name = list(dict.fromkeys(known.malls(spoken)))
    is_said = _says_mall(spoken) or bool(_MALL & set(recognised.taken.split()))
    if by_name or not is_said:
        return by_name
    if recognised.place is not None:
        return _of_regions([recognised.place, *recognised.alternatives], tables)
    if "mpp" not in spoken and not any(phrase in line for phrase in _MALL_PHRASES):
        return []
    return sorted(tables.malls.values(), key=lambda mall: (_away(mall, near), -mall.weight, mall.label))[
        :MOST
    ]


def _of_regions(places: Iterable[Place], tables: Tables) -> list[Named]:
    """The malls of the places, those of the first place first, the larger first within it."""
    found: list[Named] = []
    for place in places:
        here = [mall for mall in tables.malls.values() if _lies_in(mall.parent, place.code)]
        found.extend(sorted(here, key=lambda mall: (-mall.weight, mall.label)))
    return list(dict.fromkeys(found))


def _lies_in(code: str | None, region: str) -> bool:
    return code is not None and (code == region or code.startswith(region + "."))


def _away(mall: Named, near: tuple[float, float] | None) -> float:
    if near is None or mall.point is None:
        return 0.0 if near is None else float("inf")
    return distance_km(*near, *mall.point)


def _agencies(spoken: Sequence[str], recognised: Recognised, tables: Tables, known: _Known) -> list[Named]:
    """The agencies of which a whole name is said, beside the place asked for."""
    place = recognised.place
    longest: dict[str, int] = {}
    for length, agency in known.agencies(spoken):
        if place is None or agency.parent is None or _is_of(agency, place):
            longest[agency.key] = max(length, longest.get(agency.key, 0))
    found = [(length, tables.agencies[key]) for key, length in longest.items()]
    if place is None:
        several = len({agency.parent for _length, agency in found if agency.parent}) > 1
        found = [pair for pair in found if pair[1].parent is None or not several]
    found.sort(key=lambda pair: (pair[1].parent is None, -pair[0], -pair[1].weight, pair[1].label))
    return [agency for _length, agency in found]


def _cores(agency: Named, tables: Tables) -> list[frozenset[str]]:
    """The words by which an agency is known, for each of its names."""
    where = tables.regions.get(agency.parent or "")
    known = _place_words(where.names if where else ())
    return [core for name in agency.names if (core := _core(name, known))]


def _is_office(rest: Sequence[str], known: _Known) -> bool:
    """Whether the words that remain are the name of an agency, and of no service."""
    told = [word for word in rest if word not in _OF_A_PLACE | _SAID_OF_ALL]
    if not told or known.of_services & set(told):
        return False
    answered = {word for core, _agency in known.said_cores(told) for word in core}
    return all(word in answered or any(known.meant(word)) for word in told)


def _is_of(agency: Named, place: Place) -> bool:
    return agency.parent is not None and _lies_in(agency.parent, place.code)


@lru_cache(maxsize=2048)
def _place_words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in words(name))


@lru_cache(maxsize=20_000)
def _core(name: str, known: frozenset[str]) -> frozenset[str]:
    """The words by which an agency is known: without its place, its kind and what stands in brackets."""
    parts = words(_BRACKETS.sub(" ", name))
    return frozenset(word for word in parts if word not in known and word not in _SAID_OF_ALL)
