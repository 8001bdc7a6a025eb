"""Two rivals in every command, 25 rounds, on SQLite and on PostgreSQL: one wins, and the other is told."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from siapa.errors import Unavailable
from siapa.extensions import db
from siapa.publishing.verifying import verify
from tests.publishing.arena import Arena, commands_of_the_room
from tests.publishing.cast import app_on
from tests.publishing.rivals import NO_COMMANDS, RACES

ADD = "Say in tests/publishing/rivals.py what two rivals do in it and what must come of it"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def arena(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    """One database for all races, in its context."""
    folder = tmp_path_factory.mktemp("arena")
    if request.param == "postgresql":
        place = request.getfixturevalue("postgresql_copies").take()
    else:
        place = folder / "siapa.db"
        shutil.copy(request.getfixturevalue("migrated"), place)
    app = app_on(place)
    with app.app_context():
        made = Arena(app, folder)
        yield made
        made.close()
        db.session.remove()
        db.engine.dispose()


def test_every_command_has_its_race() -> None:
    there = set(commands_of_the_room()) - set(NO_COMMANDS)

    raced = {name.partition(" ")[0] for name in RACES}

    assert not there - raced, f"{sorted(there - raced)}: {ADD}."
    assert not raced - there, f"{sorted(raced - there)}: there is no such command (any more)."


@pytest.mark.parametrize("command", RACES)
def test_of_two_rivals_as_many_win_as_can_and_the_other_is_told(arena: Arena, command: str) -> None:
    race, arena.kept = RACES[command], None

    for number in range(race.rounds):
        told = arena.round(race, number)

        db.session.remove()
        refused = [one for one in told if one is not None]
        assert told.count(None) in race.winners, (number, told)
        assert race.crosses or not any(isinstance(one, Unavailable) for one in refused), (number, told)
        assert all(map(str, refused)), (number, told)
        assert race.holds(arena, number), (number, told, arena.given)


def test_after_all_of_it_nothing_is_wrong_with_the_registry(arena: Arena) -> None:
    assert verify() == []
