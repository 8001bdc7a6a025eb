"""What cannot be saved yet waits on our side for its officer, whatever becomes of browser and session."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import commands, unsaved
from siapa.publishing.verifying import verify
from siapa.records import Officer, UnsavedStep, now
from siapa.records.engine import begin_writing
from tests.web.desk.conftest import AUTHOR, PUBLISHER
from tests.web.desk.test_standards import begun, saved, standard_id, typed
from tests.web.desk.visiting import send, signed_in

WAITS = "Isinya belum masuk draf"
#: Too long to be saved.
WRONG = "Bawalah " + "map " * 1_000


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


def refused(author: FlaskClient, path: str, act: str = "save", **changes: str) -> str:
    """Type in a step what cannot be saved; gives back the address of the step."""
    step = f"{path}/langkah/persyaratan"
    fields = typed(author, step) | {"requirements[0].text": WRONG, **changes}
    assert send(author, step, **fields, act=act).status_code in (200, 422)
    return step


def waiting(app: Flask) -> int:
    """How many steps wait."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(UnsavedStep)) or 0


@pytest.mark.parametrize("act", ["save", "next", "autosave", "add:requirements"])
def test_what_cannot_be_saved_is_there_again_in_another_browser(
    desk_app: Flask, author: FlaskClient, act: str
) -> None:
    path = begun(desk_app)
    before = saved(desk_app, path)

    step = refused(author, path, act)

    elsewhere = signed_in(desk_app, AUTHOR).get(step)
    assert elsewhere.status_code == 200 and WAITS in elsewhere.text
    assert WRONG.strip() in elsewhere.text and 'href="#requirements[0].text"' in elsewhere.text
    assert "Belum tersimpan" in author.get(path).text
    assert saved(desk_app, path) == before
    with desk_app.app_context():
        assert verify() == []


def test_it_waits_for_nobody_else(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app)
    step = refused(author, path)

    of_another = signed_in(desk_app, PUBLISHER).get(step)

    assert of_another.status_code == 200
    assert WAITS not in of_another.text and WRONG.strip() not in of_another.text


def test_it_goes_when_the_step_is_saved_or_it_is_thrown_away(desk_app: Flask, author: FlaskClient) -> None:
    path = begun(desk_app)
    step = refused(author, path)

    mended = send(author, step, **typed(author, step) | {"requirements[0].text": "KTP", "act": "save"})
    after_saving = waiting(desk_app)
    refused(author, path)
    thrown_away = send(author, step, act="forget")

    assert mended.status_code == 303 and saved(desk_app, path)["requirements"][0]["text"] == "KTP"
    assert (after_saving, thrown_away.location, waiting(desk_app)) == (0, step, 0)
    assert WAITS not in author.get(step).text


def test_what_somebody_else_saved_meanwhile_is_shown_before_it_is_overwritten(
    desk_app: Flask, author: FlaskClient
) -> None:
    path = begun(desk_app)
    step, other = refused(author, path), signed_in(desk_app, PUBLISHER)
    send(other, step, **typed(other, step) | {"requirements[0].text": "Surat pengantar", "act": "save"})

    again = send(author, step, **typed(author, step) | {"requirements[0].text": "KTP asli", "act": "save"})

    assert again.status_code == 409
    assert "pengantar" in again.text and "asli" in again.text
    assert saved(desk_app, path)["requirements"][0]["text"] == "Surat pengantar"


def test_it_goes_with_its_draft_and_after_a_month(desk_app: Flask, author: FlaskClient) -> None:
    first, second = begun(desk_app), begun(desk_app, title="Akta kelahiran")
    refused(author, first)
    refused(author, second)

    with desk_app.app_context():
        publisher = db.session.query(Officer).filter_by(email=PUBLISHER).one()
        commands.discard(standard_id(first), by=publisher)
        left = waiting(desk_app)
        unsaved.forget_old_unsaved()
        young = waiting(desk_app)
        begin_writing(db)
        db.session.execute(sa.update(UnsavedStep).values(saved_at=now() - timedelta(days=31)))
        db.session.commit()
        unsaved.forget_old_unsaved()

    assert (left, young, waiting(desk_app)) == (1, 1, 0)
