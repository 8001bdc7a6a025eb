"""Text typed for a draft that was published or thrown away meanwhile is shown again, never lost."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import Officer
from tests.web.desk.conftest import AUTHOR, PUBLISHER, STRANGER
from tests.web.desk.test_standards import begun, standard_id, typed
from tests.web.desk.visiting import send, signed_in

GONE = "Draf ini sudah tidak ada"


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


def published(app: Flask, path: str) -> None:
    """Hand in and publish the draft behind everybody's back."""
    with app.app_context():
        who = {one.email: one for one in db.session.query(Officer)}
        commands.submit(standard_id(path), by=who[AUTHOR])
        commands.publish(standard_id(path), by=who[PUBLISHER])


def discarded(app: Flask, path: str) -> None:
    """Throw the draft away behind everybody's back."""
    with app.app_context():
        commands.discard(standard_id(path), by=db.session.query(Officer).filter_by(email=PUBLISHER).one())


def test_text_typed_for_a_draft_that_was_published_is_shown_and_goes_on_in_the_next(
    desk_app: Flask, author: FlaskClient
) -> None:
    path = begun(desk_app)
    step = f"{path}/langkah/persyaratan"
    fields = typed(author, step) | {"requirements[0].text": "Surat <asli>\ndari RT", "act": "next"}
    published(desk_app, path)

    late = send(author, step, **fields)
    on = send(author, f"{path}/draf")

    assert late.status_code == 409
    assert GONE in late.text and "belum tersimpan" in late.text
    assert "Surat &lt;asli&gt;" in late.text and "dari RT" in late.text and "Persyaratan 1" in late.text
    assert f'action="{path}/draf"' in late.text
    assert on.status_code == 303 and author.get(step).status_code == 200


def test_text_typed_for_a_standard_that_was_thrown_away_is_shown_with_a_way_on(
    desk_app: Flask, author: FlaskClient
) -> None:
    path = begun(desk_app)
    step = f"{path}/langkah/persyaratan"
    fields = typed(author, step) | {"requirements[0].text": "Surat asli"}
    discarded(desk_app, path)

    late, added = send(author, step, **fields), send(author, step, **fields, act="add:requirements")

    for answer in (late, added):
        assert answer.status_code == 409
        assert "Surat asli" in answer.text and 'href="/meja/standar/baru"' in answer.text


def test_the_script_is_told_that_the_draft_has_gone(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app)
    step = f"{path}/langkah/persyaratan"
    fields = typed(author, step) | {"requirements[0].text": "Surat asli", "act": "autosave"}
    discarded(desk_app, path)

    told = send(author, step, **fields)

    assert (told.status_code, told.get_json()["state"]) == (409, "gone")
    assert GONE in told.get_json()["words"]


def test_a_stranger_cannot_tell_a_secret_draft_from_none(desk_app: Flask) -> None:
    path = begun(desk_app)
    fields = {"requirements[0].text": "Surat asli"}
    stranger = signed_in(desk_app, STRANGER)

    secret = send(stranger, f"{path}/langkah/persyaratan", **fields)
    discarded(desk_app, path)
    nothing = send(stranger, f"{path}/langkah/persyaratan", **fields)

    assert secret.status_code == nothing.status_code == 409
    assert "Penerbitan Kartu Keluarga" not in secret.text
    assert f'action="{path}/draf"' not in secret.text
