"""A step that meets something odd: a made-up button, a server whose clock is not the agency's."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.records import now
from tests.publishing.cast import content
from tests.web.desk.conftest import AUTHOR
from tests.web.desk.test_standards import begun, saved, typed
from tests.web.desk.visiting import send, signed_in


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


@pytest.mark.parametrize("number", ["²", "9" * 4301, "-1", "", "٣"])
def test_a_button_whose_number_is_none_moves_nothing(
    desk_app: Flask, author: FlaskClient, number: str
) -> None:
    path = begun(desk_app)
    step = f"{path}/langkah/persyaratan"

    answer = send(author, step, **typed(author, step), act=f"remove:requirements:{number}")

    assert answer.status_code == 303
    assert saved(desk_app, path)["requirements"] == content()["requirements"]


def test_the_time_of_saving_is_told_by_the_clock_of_the_agency(desk_app: Flask, author: FlaskClient) -> None:
    step = f"{begun(desk_app)}/langkah/hukum-sarana"
    fields = typed(author, step) | {"facilities[0].text": "Ruang tunggu", "act": "autosave"}

    before = now()
    told = send(author, step, **fields).get_json()["words"]
    after = now()

    in_kendari = {f"{one.astimezone(ZoneInfo('Asia/Makassar')):%H.%M}" for one in (before, after)}
    assert told.removeprefix("Tersimpan otomatis pukul ") in in_kendari
