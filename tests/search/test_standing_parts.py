"""The parts of the index: few, none useless, none left behind; and the log they belong to."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import search
from siapa.extensions import db
from siapa.records import Offering, seed_id
from siapa.search import Query, find, following, state
from siapa.search.index import Changes
from siapa.search.room import room
from siapa.search.state import PartState, State, put_state, stamp_of
from tests.search.making import make_standard, withdraw


def folder_of(app: Flask) -> Path:
    return Path(app.config["SIAPA"].search_dir)


def sizes() -> list[int]:
    """How many standards each part holds, the dead ones too."""
    return [part.count for part in room().follower.index.opened().shelf.parts]


def publish(number: int) -> None:
    """One more standard, in the index."""
    make_standard(None, "polres-kendari", "mpp-kendari", title=f"Izin nomor {number}")
    search.follow()


def test_many_changes_make_few_small_parts(registry: Flask) -> None:
    for number in range(40):
        publish(number)

    first, *small = sizes()
    assert first == 5
    assert sum(small) == 40
    assert len(small) <= 6
    assert search.check() == []


def test_a_change_writes_no_more_than_a_few_documents_again(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    read = room().follower._read

    def counted(standards: set[str], services: set[str]) -> object:
        written.append(len(standards))
        return read(standards, services)

    monkeypatch.setattr(room().follower, "_read", counted)

    for number in range(60):
        publish(number)

    assert max(written) <= 64
    assert sum(written) < 60 * 6


def test_a_part_of_which_nothing_is_left_goes(registry: Flask) -> None:
    standard = make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    search.follow()
    assert sizes() == [5, 1]

    withdraw(standard)
    search.follow()

    assert sizes() == [5]
    assert len(list(folder_of(registry).glob("part-*"))) == 1
    assert search.check() == []


def test_small_parts_are_folded_together_and_the_large_one_stays(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_PARTS", 1)
    base = room().follower.index.opened().state.parts[0].name
    for number in range(7):
        publish(number)
    withdraw(seed_id("standard", "polres-kendari:Izin nomor 2"))
    assert len(sizes()) > 2

    search.tend()

    assert sizes() == [5, 6]
    assert room().follower.index.opened().state.parts[0].name == base
    assert search.check() == []


def test_what_is_published_while_parts_are_folded_is_not_lost(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_PARTS", 0)
    publish(1)
    changes, left = room().follower._changes, [2]

    def meanwhile(since: int, last: int | None = None) -> Changes:
        """Somebody publishes, and others follow, just before what came meanwhile is asked for."""
        if left:
            publish(left.pop())
            withdraw(seed_id("standard", "polres-kendari:Izin nomor 1"))
        return changes(since, last)

    monkeypatch.setattr(room().follower, "_changes", meanwhile)

    assert room().follower.fold()
    assert not left

    assert find(Query(text="izin nomor 2")).total == 1
    assert search.check() == []


def test_the_whole_is_written_anew_when_much_has_changed(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_PARTS", 1)
    monkeypatch.setattr(following, "MOST_APART", 3)
    for number in range(7):
        publish(number)

    search.tend()

    assert sizes() == [12]
    assert search.check() == []


def test_what_a_build_that_was_cut_short_has_left_is_swept_by_the_duty(registry: Flask) -> None:
    (folder_of(registry) / "build-7").mkdir()

    search.tend()

    assert not (folder_of(registry) / "build-7").exists()
    assert search.check() == []


def test_an_index_of_another_log_is_reported_and_built_anew(registry: Flask) -> None:
    standard = seed_id("standard", "polres-kendari:Perpanjangan SIM C")
    db.session.execute(sa.delete(Offering).where(Offering.standard_id == standard))
    db.session.commit()
    held = room().follower.index.opened().state
    key = registry.config["SIAPA"].secret_key.encode()
    put_state(folder_of(registry), replace(held, line="of another registry"), key=key)

    assert {one.kind for one in search.check()} == {"position", "changed"}
    search.follow()

    assert search.check() == []


def test_who_searches_waits_for_no_more_than_a_few_changes_where_the_index_is_tended(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("siapa.search.room"), "FEW_CHANGES", 2)
    search.tend()
    for number in range(3):
        make_standard(None, "polres-kendari", "mpp-kendari", title=f"Kenariungu {number}")

    assert find(Query(text="kenariungu", exact=True)).total == 0
    search.tend()

    assert find(Query(text="kenariungu", exact=True)).total == 3


def test_two_states_of_one_tick_of_the_clock_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state.time, "time_ns", lambda: 1_700_000_000_000_000_000)
    stamps = set()

    for position in range(4):
        put_state(tmp_path, State("shape", position, "", (PartState("part-1", {}),)), key=b"key")
        stamps.add(stamp_of(tmp_path)[0])

    assert len(stamps) == 4
