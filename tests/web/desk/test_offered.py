"""Saying at the desk where a standard can be had: added, narrowed, taken away, and nobody's overwritten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.records import Offering
from tests.web.desk.conftest import AUTHOR, PUBLISHER, STRANGER
from tests.web.desk.test_standards import begun
from tests.web.desk.visiting import send, signed_in


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


def seen(client: FlaskClient, path: str) -> str:
    """What the page was made from."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(path).text)
    assert found is not None
    return found[1]


def places(app: Flask) -> list[tuple[Any, ...]]:
    """Where anything can be had, and what holds only there."""
    with app.app_context():
        return [(one.location.slug, one.limits, one.booking_url) for one in db.session.query(Offering)]


def test_a_place_is_added_narrowed_and_taken_away(desk_app: Flask, author: FlaskClient) -> None:
    path = f"{begun(desk_app)}/lokasi"
    row = {"offerings[0].location": "MPP", "offerings[0].limits": "Hanya perpanjangan"}

    added = send(author, path, seen=seen(author, path), **row)
    there = places(desk_app)
    send(author, path, seen=seen(author, path), **row | {"offerings[0].gone": "1"})

    assert added.status_code == 303
    assert there == [("mpp", "Hanya perpanjangan", None)]
    assert places(desk_app) == []


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"offerings[0].location": "entah"}, "offerings[0].location"),
        ({"offerings[0].location": "mpp", "offerings[0].booking_url": "x"}, "offerings[0].booking_url"),
        (
            {"offerings[0].location": "mpp", "offerings[1].location": "mpp", "offerings[1].limits": "y"},
            "offerings[1].location",
        ),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_kept(
    desk_app: Flask, author: FlaskClient, row: dict[str, str], field: str
) -> None:
    path = f"{begun(desk_app)}/lokasi"

    answer = send(author, path, seen=seen(author, path), **row)

    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert places(desk_app) == []


def test_what_somebody_else_said_meanwhile_is_not_overwritten(desk_app: Flask, author: FlaskClient) -> None:
    path = f"{begun(desk_app)}/lokasi"
    old = seen(author, path)
    row = {"offerings[0].location": "mpp"}
    send(signed_in(desk_app, PUBLISHER), path, seen=old, **row | {"offerings[0].limits": "Pagi"})

    late = send(author, path, seen=old, **row | {"offerings[0].limits": "Sore"})

    assert late.status_code == 409 and "Sore" in late.text
    assert places(desk_app) == [("mpp", "Pagi", None)]


def test_a_stranger_finds_no_such_page(desk_app: Flask) -> None:
    path = f"{begun(desk_app)}/lokasi"
    stranger = signed_in(desk_app, STRANGER)

    assert stranger.get(path).status_code == 404
    assert send(stranger, path, **{"offerings[0].location": "mpp"}).status_code == 404
    assert places(desk_app) == []


def test_a_place_far_down_a_long_form_is_kept(desk_app: Flask, author: FlaskClient) -> None:
    path = f"{begun(desk_app)}/lokasi"
    row = {"offerings[0].location": "mpp"}
    send(author, path, seen=seen(author, path), **row)
    above: dict[str, str] = {}
    for number in range(1_010):
        above |= {f"offerings[{number}].location": "x", f"offerings[{number}].gone": "1"}

    answer = send(author, path, seen=seen(author, path), **above, **{"offerings[1010].location": "mpp"})

    assert answer.status_code == 303
    assert places(desk_app) == [("mpp", None, None)]


def test_more_places_than_a_standard_may_have_are_refused_and_none_is_lost(
    desk_app: Flask, author: FlaskClient
) -> None:
    path = f"{begun(desk_app)}/lokasi"
    send(author, path, seen=seen(author, path), **{"offerings[0].location": "mpp"})
    many = {f"offerings[{number}].location": "mpp" for number in range(1_002)}

    answer = send(author, path, seen=seen(author, path), **many)

    assert answer.status_code == 422 and "Isiannya terlalu banyak." in answer.text
    assert places(desk_app) == [("mpp", None, None)]
