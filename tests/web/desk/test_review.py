"""Deciding at the desk: the queue, what changes, return with remarks, publish, withdraw, restore; rivals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from siapa.errors import Conflict
from siapa.extensions import db
from siapa.publishing import commands
from siapa.publishing.editions import today_of
from siapa.records import Agency, Role, Standard, State
from siapa.records.engine import begin_writing
from tests.publishing.cast import document, officer, people_and_places
from tests.publishing.racing import at_once, somebody
from tests.web.desk.conftest import AUTHOR, PUBLISHER
from tests.web.desk.test_standards import begun, standard_id
from tests.web.desk.visiting import send, signed_in

ROUNDS = 3


@pytest.fixture
def author(desk_app: Flask) -> FlaskClient:
    """The browser of who writes."""
    return signed_in(desk_app, AUTHOR)


@pytest.fixture
def publisher(desk_app: Flask) -> FlaskClient:
    """The browser of who decides."""
    return signed_in(desk_app, PUBLISHER)


def state_of(app: Flask, path: str, number: int = 1) -> State:
    """The state of an edition."""
    with app.app_context():
        standard = db.session.get_one(Standard, standard_id(path))
        return next(one.state for one in standard.editions if one.number == number)


def submitted(app: Flask, author: FlaskClient, **changes: Any) -> str:
    """The page of a standard that was just handed in."""
    path = begun(app, **changes)
    assert send(author, f"{path}/ajukan", version="1").status_code == 303
    return path


def published(app: Flask, author: FlaskClient, publisher: FlaskClient, **changes: Any) -> str:
    """The page of a standard that was just put in force."""
    path = submitted(app, author, **changes)
    assert send(publisher, f"{path}/terbitkan", when="now").status_code == 303
    return path


def test_what_is_handed_in_waits_in_the_queue_of_who_decides(
    desk_app: Flask, author: FlaskClient, publisher: FlaskClient
) -> None:
    path = submitted(desk_app, author)

    assert f'{path}/tinjau"' in publisher.get("/meja/tinjau").text
    assert "Penerbitan Kartu Keluarga" not in author.get("/meja/tinjau").text
    assert author.get(f"{path}/tinjau").status_code == 403
    assert "semuanya baru" in publisher.get(f"{path}/tinjau").text


def test_remarks_come_back_to_the_author_at_their_component(
    desk_app: Flask, author: FlaskClient, publisher: FlaskClient
) -> None:
    path = submitted(desk_app, author)
    silent = send(publisher, f"{path}/kembalikan", **{"remark.all": " "})

    send(publisher, f"{path}/kembalikan", **{"remark.requirements": "Berapa salinan?", "remark.all": ""})

    assert silent.status_code == 422 and 'href="#remark.all"' in silent.text
    assert state_of(desk_app, path) is State.RETURNED
    assert "Berapa salinan?" in author.get(path).text
    assert "Berapa salinan?" in author.get(f"{path}/langkah/persyaratan").text


def test_what_changes_is_shown_word_by_word_against_what_is_in_force(
    desk_app: Flask, author: FlaskClient, publisher: FlaskClient
) -> None:
    path = published(desk_app, author, publisher, summary="Kartu keluarga untuk warga baru.")
    send(author, f"{path}/draf")
    with desk_app.app_context():
        commands.revise(standard_id(path), document(summary="Kartu keluarga untuk semua warga."),
                        version=1, by=somebody("author"))  # fmt: skip
    send(author, f"{path}/ajukan")

    page = publisher.get(f"{path}/tinjau").text

    assert "<del>warga baru.</del><ins>semua warga.</ins>" in page
    assert "Tidak berubah" in page


def test_whoever_handed_it_in_is_told_that_somebody_else_decides(
    desk_app: Flask, publisher: FlaskClient
) -> None:
    path = begun(desk_app)
    send(publisher, f"{path}/ajukan")

    page = publisher.get(f"{path}/tinjau").text
    refused = send(publisher, f"{path}/terbitkan", when="now")

    assert f'action="{path}/terbitkan"' not in page
    assert refused.status_code == 403 and "Orang lain yang harus" in refused.text
    assert state_of(desk_app, path) is State.SUBMITTED


def test_an_edition_goes_live_at_once_or_waits_for_its_day(
    desk_app: Flask, author: FlaskClient, publisher: FlaskClient
) -> None:
    now, later = submitted(desk_app, author), submitted(desk_app, author, title="Surat pindah")
    with desk_app.app_context():
        day = today_of(db.session.query(Agency).filter_by(slug="dukcapil").one()) + timedelta(days=9)

    unsaid = send(publisher, f"{later}/terbitkan", when="day", effective_from="")
    answers = [
        send(publisher, f"{now}/terbitkan", when="now"),
        send(publisher, f"{later}/terbitkan", when="day", effective_from=f"{day}"),
    ]

    assert unsaid.status_code == 422
    assert [answer.headers["Location"].rpartition("=")[2] for answer in answers] == ["published", "scheduled"]
    assert (state_of(desk_app, now), state_of(desk_app, later)) == (State.PUBLISHED, State.SCHEDULED)
    assert desk_app.test_client().get("/cari?q=kartu+keluarga").text.count("Penerbitan Kartu Keluarga") > 0


def test_a_withdrawn_standard_says_why_and_can_be_restored(
    desk_app: Flask, author: FlaskClient, publisher: FlaskClient
) -> None:
    path = published(desk_app, author, publisher)
    silent = send(publisher, f"{path}/cabut", reason="")

    send(publisher, f"{path}/cabut", reason="Digabung dengan layanan lain.")
    restored = send(author, f"{path}/edisi/1/pulihkan")

    assert silent.status_code == 422 and 'href="#reason"' in silent.text
    assert author.get(f"{path}/cabut").status_code == 403
    assert "Digabung dengan layanan lain." in author.get(f"{path}/edisi").text
    assert restored.status_code == 303
    assert (state_of(desk_app, path), state_of(desk_app, path, 2)) == (State.WITHDRAWN, State.DRAFT)


def test_any_two_editions_are_compared(desk_app: Flask, author: FlaskClient, publisher: FlaskClient) -> None:
    path = published(desk_app, author, publisher, summary="Satu.")
    for summary in ("Dua.", "Tiga."):
        with desk_app.app_context():
            commands.open_draft(standard_id(path), document(summary=summary), by=somebody("author"))
        send(author, f"{path}/ajukan")
        send(publisher, f"{path}/terbitkan", when="now")

    page = author.get(f"{path}/edisi?dari=1&ke=3").text

    assert "<del>Satu.</del>" in page and "<ins>Tiga.</ins>" in page and "Dua." not in page


def test_what_was_decided_meanwhile_is_said(
    desk_app: Flask, author: FlaskClient, publisher: FlaskClient
) -> None:
    path = submitted(desk_app, author)
    version = {"version": "2"}
    send(publisher, f"{path}/kembalikan", **version, **{"remark.all": "Perbaiki."})

    late = send(publisher, f"{path}/terbitkan", when="now", **version)

    assert late.status_code == 409
    assert state_of(desk_app, path) is State.RETURNED


# ------------------------------------------------------------------ rivals


def _submit(standard: uuid.UUID, _thread: int) -> None:
    commands.submit(standard, by=somebody("author"))


def _publish(standard: uuid.UUID, _thread: int) -> None:
    commands.publish(standard, by=somebody("publisher"))


def _return_or_publish(standard: uuid.UUID, thread: int) -> None:
    if thread % 2:
        commands.return_(standard, {"": "Perbaiki."}, by=somebody("second"))
    else:
        commands.publish(standard, by=somebody("publisher"))


def _withdraw(standard: uuid.UUID, _thread: int) -> None:
    commands.withdraw(standard, by=somebody("publisher"), reason="Dihapus")


RIVALS: dict[str, tuple[Callable[[uuid.UUID, int], None], tuple[State, ...]]] = {
    "submit": (_submit, (State.SUBMITTED,)),
    "publish": (_publish, (State.PUBLISHED,)),
    "return or publish": (_return_or_publish, (State.RETURNED, State.PUBLISHED)),
    "withdraw": (_withdraw, (State.WITHDRAWN,)),
}


@pytest.mark.parametrize("act", RIVALS)
def test_of_rivals_exactly_one_wins_and_the_others_are_told(either_app: Flask, act: str) -> None:
    begin_writing(db)
    cast = people_and_places()
    officer("second", Role.PUBLISHER, cast.own)
    db.session.commit()
    run, outcomes = RIVALS[act]
    for number in range(ROUNDS):
        standard = commands.open_standard(cast.own.id, document(title=f"Layanan {number}"), by=cast.author).id
        if act != "submit":
            commands.submit(standard, by=cast.author)
        if act == "withdraw":
            commands.publish(standard, by=cast.publisher)

        results = at_once(either_app, 4, partial(run, standard))

        told = [error for error in results if error is not None]
        assert results.count(None) == 1
        assert all(isinstance(error, Conflict) and str(error) for error in told)
        assert db.session.get_one(Standard, standard).editions[0].state in outcomes
