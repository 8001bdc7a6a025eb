"""Distances are great circles in kilometres, to one decimal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.catalogue.distance import distance_km

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_a_degree_along_the_equator_is_111_kilometres():
    assert distance_km(0, 120, 0, 121) == pytest.approx(111.2, abs=0.1)


@given(latitudes, longitudes, latitudes, longitudes)
def test_there_is_as_far_as_back_and_never_beyond_half_the_globe(a, b, c, d):
    assert distance_km(a, b, c, d) == distance_km(c, d, a, b)
    assert 0 <= distance_km(a, b, c, d) <= 20016


def test_a_place_is_nowhere_from_itself():
    assert distance_km(-3.97, 122.51, -3.97, 122.51) == 0
