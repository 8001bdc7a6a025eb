"""The small map: the land that falls into the picture, and marks that lead where the list leads."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from siapa.web.site.outline import COUNTRY, WIDTH, Spot, drawn
from tests.web.site.reading import read

SVG = "{http://www.w3.org/2000/svg}"

degrees = st.tuples(st.floats(-11, 6), st.floats(95, 141))


def points_of(land: str) -> list[list[tuple[int, int]]]:
    """The closed lines of a path, as points."""
    lines = []
    for line in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", land):
        x, y = int(line[0]), int(line[1])
        points = [(x, y)]
        numbers = [int(one) for one in re.findall(r"-?\d+", line[2])]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        lines.append(points)
    return lines


def is_on_land(land: str, x: int, y: int) -> bool:
    """Whether a ray from the point to the right meets an odd number of coasts."""
    crossings = 0
    for line in points_of(land):
        for (x1, y1), (x2, y2) in zip(line, [*line[1:], line[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                crossings += 1
    return crossings % 2 == 1


@given(st.lists(degrees, min_size=1, max_size=9))
def test_every_spot_lies_in_the_picture_and_the_north_is_up(points: list[tuple[float, float]]) -> None:
    drawing = drawn([Spot(*point, str(number), "") for number, point in enumerate(points)])

    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= drawing.height for mark in drawing.marks)
    northmost = max(drawing.marks, key=lambda mark: mark.spot.latitude)
    assert northmost.y == min(mark.y for mark in drawing.marks)
    assert 0.39 * WIDTH <= drawing.height <= 1.3 * WIDTH


@given(st.lists(degrees, min_size=1, max_size=3))
def test_no_line_runs_far_out_of_the_picture(points: list[tuple[float, float]]) -> None:
    drawing = drawn([Spot(*point, "", "") for point in points])

    for line in points_of(drawing.land):
        assert all(-40 <= x <= WIDTH + 40 and -40 <= y <= drawing.height + 40 for x, y in line)


def test_towns_are_on_land_and_the_banda_sea_is_not() -> None:
    unaaha, rumbia, banda_sea = (
        Spot(-3.86, 122.05, "", ""),
        Spot(-4.75, 121.9, "", ""),
        Spot(-5.5, 125, "", ""),
    )
    drawing = drawn([unaaha, rumbia, banda_sea])

    assert [is_on_land(drawing.land, mark.x, mark.y) for mark in drawing.marks] == [True, True, False]


def test_the_whole_country_is_a_small_picture() -> None:
    drawing = drawn([], COUNTRY)

    assert len(points_of(drawing.land)) > 60
    assert len(drawing.land) < 9_000


def test_the_map_of_a_province_leads_where_its_list_leads(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp?region=74")

    listed = page.links(".//main//li[@class='card']/h3/a")
    drawn_at = dict(zip(page.words(f".//figure//{SVG}text"), page.links(f".//figure//{SVG}a"), strict=True))

    # The mall of Buton has no point here: it keeps its number in the list and is not drawn.
    assert drawn_at == {"2": listed[1]}


def test_the_map_of_the_country_counts_the_malls_of_each_province(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp")

    counted = sum(map(int, page.words(f".//figure//{SVG}text")))

    assert counted == len(page.all(".//main//li[@class='card']"))
    assert "/mpp?region=74" in page.links(f".//figure//{SVG}a")


def test_the_nearest_malls_are_found_from_a_regency_without_a_position(visitor: FlaskClient) -> None:
    page = read(visitor, "/mpp?from=74.71")

    assert "Yang terdekat dari tengah Kota Kendari lebih dulu." in page.text
    assert page.words(".//main//li[@class='card']/h2")[0] == "MPP Kota Kendari"
    assert page.all(".//option[@value='74.71'][@selected]")


def test_a_regency_that_does_not_exist_is_said(visitor: FlaskClient) -> None:
    answer = visitor.get("/mpp?from=99.99")

    assert answer.status_code == 422
    assert "wilayah" in answer.text
