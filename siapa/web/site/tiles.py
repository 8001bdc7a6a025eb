"""The provinces as a map of tiles, one square each: no boundary is drawn, and each is as large as any other.

The layout is our own: west to east and north to south as far as squares can. The letters are those
of ISO 3166-2:ID.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from siapa.catalogue.figures import Figures
from siapa.catalogue.views import RegionRef
from siapa.web.site.measures import Measure, short

#: By the code of the province: its letters, its column and its row, from 1.
LAYOUT: Mapping[str, tuple[str, int, int]] = {
    "11": ("AC", 1, 1), "12": ("SU", 1, 2), "13": ("SB", 1, 3), "14": ("RI", 2, 2), "15": ("JA", 2, 3),
    "16": ("SS", 2, 4), "17": ("BE", 1, 4), "18": ("LA", 2, 5), "19": ("BB", 3, 4), "21": ("KR", 3, 2),
    "31": ("JK", 3, 5), "32": ("JB", 3, 6), "33": ("JT", 4, 6), "34": ("YO", 4, 7), "35": ("JI", 5, 6),
    "36": ("BT", 2, 6), "51": ("BA", 6, 6), "52": ("NB", 7, 6), "53": ("NT", 8, 6), "61": ("KB", 4, 3),
    "62": ("KT", 5, 3), "63": ("KS", 5, 4), "64": ("KI", 6, 3), "65": ("KU", 6, 2), "71": ("SA", 9, 2),
    "72": ("ST", 8, 3), "73": ("SN", 7, 4), "74": ("SG", 8, 4), "75": ("GO", 8, 2), "76": ("SR", 7, 3),
    "81": ("MA", 9, 4), "82": ("MU", 9, 3), "91": ("PA", 12, 3), "92": ("PB", 10, 4), "93": ("PS", 12, 5),
    "94": ("PT", 11, 4), "95": ("PE", 12, 4), "96": ("PD", 10, 3),
}  # fmt: skip
#: Steps of colour, from the least to the most.
STEPS = 5


@dataclass(frozen=True)
class Tile:
    """One province on the map; ``step`` 1 to ``STEPS``, 0 without a value."""

    letters: str
    column: int
    row: int
    region: RegionRef
    said: str
    short: str
    step: int
    url: str


@dataclass(frozen=True)
class Tiles:
    """The map, and from which to which value each step goes."""

    tiles: tuple[Tile, ...]
    legend: tuple[tuple[int, str, str], ...]


def tiles_of(
    found: Mapping[str, tuple[RegionRef, Figures]], measure: Measure, url_of: Callable[[str], str]
) -> Tiles:
    """A tile for each province of ``found`` (by code), in the steps of ``measure``: as many in each."""
    values = {code: measure.value(figures) for code, (_region, figures) in found.items()}
    different = sorted({value for value in values.values() if value is not None})
    size = -(-len(different) // STEPS) or 1
    step_of = {value: at // size + 1 for at, value in enumerate(different)}
    steps = [different[start : start + size] for start in range(0, len(different), size)]
    return Tiles(
        tuple(
            Tile(
                *LAYOUT[code], region, measure.said(figures), short(measure, figures),
                0 if (value := values[code]) is None else step_of[value], url_of(code),
            )
            for code, (region, figures) in found.items()
            if code in LAYOUT
        ),
        tuple((at, measure.shown(one[0]), measure.shown(one[-1])) for at, one in enumerate(steps, 1)),
    )  # fmt: skip
