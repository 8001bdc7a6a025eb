"""A small map: the outline of the country, drawn as SVG by the server, with marks that are links.

No tiles, no script, no other host. The coast is Natural Earth's (public domain); of it only what
falls into the picture is drawn, and only as finely as its size shows.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import orjson

#: The width of every picture in its own units; it is scaled to the room there is.
WIDTH = 1000
#: A picture is at least this wide and high, degrees: one place alone still shows where it lies.
LEAST_SPAN = 2.0
#: Room around the outermost marks, as a share of what they span.
MARGIN = 0.15
#: No picture is higher, or lower, than these shares of its width.
HIGHEST, LOWEST = 1.1, 0.4
#: The country from Sabang to Merauke, from Miangas to Rote: west, south, east, north, degrees.
COUNTRY = (94.8, -11.2, 141.2, 6.2)
#: A point of the coast that would move the line by less than this many square units is left out.
_FINE = 5.0
_MILLIONTH = 1e-6

Box = tuple[float, float, float, float]
#: Longitude and latitude, degrees.
Line = list[tuple[float, float]]
#: The same as whole units of the picture, to the right and down.
Placed = list[tuple[int, int]]


@dataclass(frozen=True)
class Spot:
    """What is to be marked: degrees, what stands in the mark, what it says, where it leads."""

    latitude: float
    longitude: float
    text: str
    title: str
    url: str | None = None
    #: Where the visitor is; drawn otherwise and leads nowhere.
    is_here: bool = False


@dataclass(frozen=True)
class Mark:
    """A spot in the units of the picture."""

    x: int
    y: int
    spot: Spot


@dataclass(frozen=True)
class Drawing:
    """A picture of ``WIDTH`` by ``height`` units: the path of the land, and the marks on it."""

    height: int
    land: str
    marks: tuple[Mark, ...]


def drawn(spots: Sequence[Spot], box: Box | None = None) -> Drawing:
    """The picture that holds all ``spots``, or that of ``box`` (west, south, east, north, degrees)."""
    west, south, east, north = _shaped(box or _around(spots))
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = WIDTH / ((east - west) * squeeze)

    def placed(points: Iterable[tuple[float, float]]) -> Placed:
        across, down = squeeze * scale, scale
        return [(round((x - west) * across), round((north - y) * down)) for x, y in points]

    level = math.log2(_FINE / scale**2 / squeeze / _MILLIONTH)
    edge = (east - west) / 50  # so far outside that the line along the edge is not seen
    seen = (west - edge, south - edge, east + edge, north + edge)
    land = "".join(_path(placed(ring)) for ring in _land_in(seen, level))
    points = placed((spot.longitude, spot.latitude) for spot in spots)
    marks = tuple(Mark(x, y, spot) for (x, y), spot in zip(points, spots, strict=True))
    return Drawing(round((north - south) * scale), land, marks)


def _around(spots: Sequence[Spot]) -> Box:
    if not spots:
        return COUNTRY
    longitudes = [one.longitude for one in spots]
    latitudes = [one.latitude for one in spots]
    room = MARGIN * max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))
    return (
        min(longitudes) - room, min(latitudes) - room, max(longitudes) + room, max(latitudes) + room,
    )  # fmt: skip


def _shaped(box: Box) -> Box:
    """``box``, made larger where it is too small, too flat or too high to be a picture."""
    west, south, east, north = box
    wide, high = max(east - west, LEAST_SPAN), max(north - south, LEAST_SPAN * LOWEST)
    wide, high = max(wide, high / HIGHEST), max(high, wide * LOWEST)
    middle, centre = (west + east) / 2, (south + north) / 2
    return middle - wide / 2, centre - high / 2, middle + wide / 2, centre + high / 2


@dataclass(frozen=True)
class Ring:
    """One closed line of the coast; how much each of its points matters; the box around it."""

    points: Line
    levels: list[int]
    box: Box


@cache
def _coastline() -> tuple[Ring, ...]:
    """All of it, as stored."""
    rings = []
    for stored in orjson.loads(Path(__file__).with_name("coastline.json").read_bytes())["rings"]:
        across, up = [x / 1000 for x in stored[::3]], [y / 1000 for y in stored[1::3]]
        box = min(across), min(up), max(across), max(up)
        rings.append(Ring(list(zip(across, up, strict=True)), stored[2::3], box))
    return tuple(rings)


def _land_in(box: Box, least: float) -> Iterator[Line]:
    """The land within ``box``, without points that matter less than ``least``."""
    west, south, east, north = box
    for ring in _coastline():
        left, bottom, right, top = ring.box
        if right < west or left > east or top < south or bottom > north:
            continue
        fine = [point for point, level in zip(ring.points, ring.levels, strict=True) if level >= least]
        if left < west or right > east or bottom < south or top > north:
            fine = _clipped(fine, box)
        yield fine


def _clipped(line: Line, box: Box) -> Line:
    """What of a closed line lies in ``box``: cut at each edge in turn (Sutherland and Hodgman, 1974)."""
    for axis, limit, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
        kept: Line = []
        for before, here in zip([*line[-1:], *line[:-1]], line, strict=True):
            was_inside, is_inside = ((point[axis] - limit) * sign >= 0 for point in (before, here))
            if was_inside != is_inside:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                x, y = (one + share * (other - one) for one, other in zip(before, here, strict=True))
                kept.append((x, y))
            if is_inside:
                kept.append(here)
        line = kept
    return line


def _path(points: Placed) -> str:
    """A closed line through ``points``, each as the way from the one before; an area at least."""
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points) if (x, y) != (a, b)]
    if len(steps) < 2:
        return ""
    return f"M{points[0][0]} {points[0][1]}l{_joined(steps)}z"


def _joined(steps: Iterable[tuple[int, int]]) -> str:
    """Numbers with a blank between them where a minus does not part them."""
    numbers = [str(number) for step in steps for number in step]
    return numbers[0] + "".join(
        after if after[0] == "-" else f" {after}" for _before, after in pairwise(numbers)
    )
