"""Links, codes and digits that work once: of two rivals exactly one wins, on either database."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.errors import Conflict, NotAllowed
from siapa.extensions import db
from siapa.publishing import credentials, passkeys, second_factors
from siapa.publishing.verifying import verify
from siapa.records import Ceremony, DeskSession, LinkPurpose
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, people_and_places
from tests.publishing.racing import at_once, somebody

ROUNDS = 25


@pytest.fixture(params=["app", pytest.param("postgresql_app", marks=pytest.mark.postgres)])
def registry(request: pytest.FixtureRequest) -> tuple[Flask, Cast]:
    """People and places, on each database."""
    app: Flask = request.getfixturevalue(request.param)
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    return app, cast


def rounds(
    app: Flask, prepare: Callable[[], object], act: Callable[[object], object]
) -> list[tuple[int, int]]:
    """How many of two rivals won and lost, in each round."""
    seen = []
    for _ in range(ROUNDS):
        prize = prepare()
        results = at_once(app, 2, lambda _number, prize=prize: act(prize))  # type: ignore[misc]
        assert {type(result) for result in results if result} <= {NotAllowed, Conflict}
        seen.append((results.count(None), len(results) - results.count(None)))
    return seen


def test_of_two_who_use_one_link_one_wins(registry: tuple[Flask, Cast]) -> None:
    app, cast = registry
    author_id = cast.author.id

    seen = rounds(
        app,
        lambda: credentials.send_link(author_id, LinkPurpose.RESET, by=somebody("admin")),
        lambda secret: credentials.use_link(str(secret), "a hash"),
    )

    assert seen == [(1, 1)] * ROUNDS
    assert verify() == []


def test_of_two_who_use_one_recovery_code_one_wins(registry: tuple[Flask, Cast]) -> None:
    app, _cast = registry

    def use(code: object) -> None:
        if not second_factors.take_recovery_code(str(code), by=somebody("author")):
            raise NotAllowed("too late")

    seen = rounds(app, lambda: second_factors.renew_recovery_codes(by=somebody("author"))[0], use)

    assert seen == [(1, 1)] * ROUNDS
    assert verify() == []


def test_of_two_who_use_the_same_digits_one_wins(registry: tuple[Flask, Cast]) -> None:
    app, _cast = registry
    second_factors.set_authenticator("a secret", 0, by=somebody("author"))
    steps = iter(range(1, ROUNDS + 1))

    seen = rounds(
        app,
        lambda: next(steps),
        lambda step: second_factors.take_counter(int(str(step)), by=somebody("author")),
    )

    assert seen == [(1, 1)] * ROUNDS
    with pytest.raises(Conflict):
        second_factors.take_counter(ROUNDS - 1, by=somebody("author"))


def test_of_two_who_answer_one_challenge_or_count_one_wins(registry: tuple[Flask, Cast]) -> None:
    app, _cast = registry
    second_factors.set_authenticator("a secret", 0, by=somebody("author"))
    held = passkeys.add_passkey("K", "id", b"", sign_count=0, transports=[], by=somebody("author")).id
    counts = iter(range(1, ROUNDS + 1))

    def answer(key: object) -> None:
        if passkeys.take_challenge(uuid.UUID(str(key)), Ceremony.SIGN_IN) != b"sign this":
            raise NotAllowed("too late")

    answered = rounds(app, lambda: passkeys.begin_ceremony(Ceremony.SIGN_IN, b"sign this"), answer)
    counted = rounds(
        app,
        lambda: next(counts),
        lambda count: passkeys.use_passkey(held, int(str(count)), by=somebody("author")),
    )

    assert answered == counted == [(1, 1)] * ROUNDS
    assert verify() == []


def test_secrets_are_kept_as_hashes_alone(registry: tuple[Flask, Cast]) -> None:
    _app, cast = registry
    link = credentials.send_link(cast.author.id, LinkPurpose.INVITATION, by=cast.admin)
    session = credentials.begin_session(cast.author).secret
    codes = second_factors.renew_recovery_codes(by=cast.author)

    kept = " ".join(
        str(row)
        for table in ("one_time_link", "desk_session", "recovery_code", "audit_event")
        for row in db.session.execute(sa.text(f"SELECT * FROM {table}"))
    )

    assert not [secret for secret in (link, session, *codes) if secret in kept]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(DeskSession)) == 1
