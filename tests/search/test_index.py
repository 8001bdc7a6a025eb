"""The index is derived: it follows the log, is compared with the database, and is made anew from it."""

from __future__ import annotations

import fcntl
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import search
from siapa.extensions import db
from siapa.records import Agency, ChangeKind, Counting, Offering, Region, State, seed_id
from siapa.search import Query, find, following
from siapa.search.room import room
from tests.search.making import make_registry, make_standard, tell, withdraw


def folder_of(app: Flask) -> Path:
    return Path(app.config["SIAPA"].search_dir)


def indexed_ids() -> set[str]:
    """The standards that can be found in the index, as 32 hexadecimal digits."""
    shelf = room().follower.index.opened().shelf
    return {shelf.id_of(place) for place in range(shelf.count) if shelf.alive is None or shelf.alive[place]}


def test_a_fresh_index_agrees_with_the_database(registry: Flask) -> None:
    assert search.check() == []
    assert search.position() == 5


def test_following_takes_in_what_was_published_and_withdrawn(registry: Flask) -> None:
    added = make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    withdraw(seed_id("standard", "dukcapil-konawe:Penerbitan KTP-el baru"))

    assert search.follow() == 2

    assert search.check() == []
    assert added.hex in indexed_ids()
    assert seed_id("standard", "dukcapil-konawe:Penerbitan KTP-el baru").hex not in indexed_ids()


def test_following_again_changes_nothing(registry: Flask) -> None:
    assert search.follow() == 0
    assert search.position() == 5


def test_a_draft_is_never_in_the_index(registry: Flask) -> None:
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari", requirement="kenariungu", state=State.DRAFT)
    search.rebuild()

    assert find(Query(text="kenariungu", exact=True)).total == 0
    assert search.check() == []


@pytest.mark.parametrize("kind", ["agency", "region", "service"])
def test_a_changed_name_reaches_the_standards_that_carry_it(registry: Flask, kind: str) -> None:
    if kind == "agency":
        db.session.get_one(Agency, seed_id("agency", "pemkot-kendari")).name = "Pemerintah Ibu Kota"
        tell(ChangeKind.AGENCY_CHANGED, seed_id("agency", "pemkot-kendari"))
    elif kind == "region":
        db.session.get_one(Region, "74.71").name = "Kota Kendari Raya"
        tell(ChangeKind.REGION_CHANGED, "74.71")
    else:
        tell(ChangeKind.SERVICE_CHANGED, seed_id("service", "KTP-BARU"))

    search.follow()

    assert search.check() == []


def test_a_check_follows_first_and_takes_lag_for_no_difference(registry: Flask) -> None:
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")

    assert search.check() == []
    assert search.position() == 6


def test_an_index_that_cannot_follow_is_told_and_its_lag_is_not(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CATCH_UP_SECONDS", 0.1)
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    withdraw(seed_id("standard", "dukcapil-konawe:Penerbitan KTP-el baru"))

    with (folder_of(registry) / "write.lock").open() as other_reader:
        fcntl.flock(other_reader, fcntl.LOCK_SH)
        differences = search.check()

    assert [one.kind for one in differences] == ["position"]
    assert search.check() == []


def test_an_index_ahead_of_the_log_is_reported(registry: Flask) -> None:
    db.session.execute(sa.update(Counting).where(Counting.log == "change").values(last_number=4))
    db.session.commit()

    assert [one.kind for one in search.check()] == ["position"]


def test_a_check_raises_no_alarm_while_others_publish(either_app: Flask) -> None:
    make_registry()
    search.rebuild()
    ended = threading.Event()
    published = 0

    def publish() -> None:
        nonlocal published
        with either_app.app_context():
            while not ended.is_set():
                published += 1
                standard = make_standard(None, "polres-kendari", "mpp-kendari", title=f"Izin {published}")
                search.follow()
                if published % 3 == 0:
                    withdraw(standard)
            db.session.remove()

    publisher = threading.Thread(target=publish)
    publisher.start()
    try:
        alarms = [str(one) for _ in range(15) for one in search.check()]
    finally:
        ended.set()
        publisher.join()

    assert alarms == []
    assert published > 5
    assert search.check() == []


def test_silent_drift_is_reported(registry: Flask) -> None:
    standard = seed_id("standard", "polres-kendari:Perpanjangan SIM C")
    db.session.execute(sa.delete(Offering).where(Offering.standard_id == standard))
    db.session.commit()

    differences = search.check()

    subject = f"standard:{standard}"
    assert [(one.kind, one.subject) for one in differences] == [("changed", subject)]


def test_words_that_lack_a_root_are_told(registry: Flask) -> None:
    make_standard(None, "polres-kendari", None, title="Pengglorpengan")

    assert ("pengglorpengan", 1) in search.missing_roots()


@pytest.mark.postgres
def test_it_follows_and_finds_on_postgresql_as_well(postgresql_app: Flask) -> None:
    make_registry()
    search.follow()
    standard = make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")

    found = find(Query(text="bikin sim c kendari"))

    assert found.results[0].standard_id == standard
    assert search.check() == []


def test_one_published_change_is_searchable_soon(registry: Flask) -> None:
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")

    started = time.monotonic()
    search.follow()
    took = time.monotonic() - started

    assert took < 1.0
