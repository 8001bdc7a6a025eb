"""A request that comes twice is done once, whoever is quicker and wherever it broke."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.errors import Conflict, Rejected
from siapa.extensions import db
from siapa.publishing import commands, people
from siapa.publishing.once import KEPT_FOR, Answer, once
from siapa.records import Agency, KeptAnswer, Standard, now
from siapa.records.engine import begin_writing
from tests.publishing.cast import document, people_and_places
from tests.publishing.racing import at_once, somebody

ROUNDS = 3


@pytest.fixture
def token_id(either_app: Flask) -> uuid.UUID:
    """The token of the author's program, on either database."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    return people.issue_token("uji", by=cast.author, scope="write").token.id


def opening() -> Callable[[], Answer]:
    """Begins a standard of the author's agency."""
    by = somebody("author")

    def act() -> Answer:
        agency = db.session.scalars(sa.select(Agency.id).where(Agency.slug == "dukcapil")).one()
        standard = commands.open_standard(agency, document(), by=by)
        return Answer(201, {"ETag": "x"}, str(standard.id))

    return act


def ask_into(answers: list[Answer], token_id: uuid.UUID, key: str, _thread: int) -> None:
    """Ask under ``key``, and note the answer."""
    answers.append(once(token_id, key, "d", opening()))


def standards() -> int:
    """How many there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Standard)) or 0


def test_of_four_that_ask_at_once_with_one_key_all_get_the_answer_of_the_one(
    either_app: Flask, token_id: uuid.UUID
) -> None:
    for number in range(1, ROUNDS + 1):
        answers: list[Answer] = []
        ask = partial(ask_into, answers, token_id, f"key-{number}")

        refused = at_once(either_app, 4, ask)

        assert refused == [None] * 4
        assert len({answer.body for answer in answers}) == 1
        assert sorted(answer.is_again for answer in answers) == [False, True, True, True]
        assert standards() == number


def test_what_breaks_before_its_end_leaves_neither_deed_nor_answer(
    either_app: Flask, token_id: uuid.UUID
) -> None:
    act = opening()

    def broken() -> Answer:
        act()
        raise ConnectionError("the machine stops here")

    with pytest.raises(ConnectionError):
        once(token_id, "key", "d", broken)

    assert standards() == 0
    assert not once(token_id, "key", "d", opening()).is_again
    assert standards() == 1


def test_a_key_with_another_request_is_refused_and_does_nothing(
    either_app: Flask, token_id: uuid.UUID
) -> None:
    once(token_id, "key", "d", opening())

    with pytest.raises(Rejected):
        once(token_id, "key", "another", opening())

    assert standards() == 1


def test_a_refusal_is_not_kept(either_app: Flask, token_id: uuid.UUID) -> None:
    def refused() -> Answer:
        raise Conflict("not now")

    with pytest.raises(Conflict):
        once(token_id, "key", "d", refused)

    assert once(token_id, "key", "d", opening()).status == 201


def test_answers_are_forgotten_after_a_while(either_app: Flask, token_id: uuid.UUID) -> None:
    once(token_id, "old", "d", lambda: Answer(200, {}, ""))
    begin_writing(db)
    db.session.execute(sa.update(KeptAnswer).values(made_at=now() - KEPT_FOR - timedelta(seconds=1)))
    db.session.commit()

    once(token_id, "new", "d", lambda: Answer(200, {}, ""))

    assert db.session.scalars(sa.select(KeptAnswer.key)).all() == ["new"]
