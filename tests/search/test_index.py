"""The index is derived: it follows, is compared, is rebuilt, and never answers with what is broken."""

from __future__ import annotations

import fcntl
import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import search
from siapa.errors import Unavailable
from siapa.extensions import db
from siapa.records import Agency, ChangeKind, Counting, Offering, Region, State, seed_id
from siapa.search import Busy, Query, find, following
from siapa.search.index import CURRENT, MANIFEST, Damaged, Index
from siapa.search.room import room
from tests.search.making import make_registry, make_standard, tell, withdraw


def folder_of(app: Flask) -> Path:
    return Path(app.config["SIAPA"].search_dir)


def generation(app: Flask) -> Path:
    return folder_of(app) / (folder_of(app) / CURRENT).read_text()


def test_a_fresh_index_agrees_with_the_database(registry: Flask) -> None:
    assert search.check() == []
    assert search.position() == 5


def test_following_takes_in_what_was_published_and_withdrawn(registry: Flask) -> None:
    added = make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    withdraw(seed_id("standard", "dukcapil-konawe:Penerbitan KTP-el baru"))

    assert search.follow() == 2

    assert search.check() == []
    assert str(added) in [row["id"] for row in room().follower.index.opened().shelf.standards]


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


def test_a_rebuild_leaves_one_generation_and_a_private_folder(registry: Flask) -> None:
    (folder_of(registry) / "gen-99").mkdir()

    assert search.rebuild() == 11

    kept = [one.name for one in folder_of(registry).glob("gen-*")]
    assert kept == [generation(registry).name]
    assert folder_of(registry).stat().st_mode & 0o777 == 0o700
    assert generation(registry).stat().st_mode & 0o777 == 0o700


def _lose_it(folder: Path) -> None:
    shutil.rmtree(folder)


def _cut_a_file(folder: Path) -> None:
    largest = max(folder.glob("gen-*/*.seg"), key=lambda file: file.stat().st_size)
    os.truncate(largest, largest.stat().st_size // 2)


def _flip_a_bit(folder: Path) -> None:
    largest = max(folder.glob("gen-*/*.seg"), key=lambda file: file.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[len(data) // 2] ^= 1
    largest.write_bytes(data)


def _lose_the_manifest(folder: Path) -> None:
    next(folder.glob(f"gen-*/{MANIFEST}")).unlink()


def _forge_the_manifest(folder: Path) -> None:
    manifest = next(folder.glob(f"gen-*/{MANIFEST}"))
    body = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**body, "position": body["position"] + 1}))


def _add_a_foreign_file(folder: Path) -> None:
    (next(folder.glob("gen-*")) / "_MAIN_99.toc").write_bytes(b"cos\nsystem\n(S'false'\ntR.")


def _point_nowhere(folder: Path) -> None:
    (folder / CURRENT).write_text("gen-77")


@pytest.mark.parametrize(
    "harm",
    [
        _lose_it,
        _cut_a_file,
        _flip_a_bit,
        _lose_the_manifest,
        _forge_the_manifest,
        _add_a_foreign_file,
        _point_nowhere,
    ],
)
def test_a_damaged_index_is_reported_and_rebuilt_by_the_next_search(registry: Flask, harm: object) -> None:
    from siapa import create_app

    harm(folder_of(registry))  # type: ignore[operator]
    other = create_app(registry.config["SIAPA"])  # a process that has not read it yet

    with other.app_context():
        assert search.position() == -1
        assert [one.kind for one in search.check()] == ["damaged"]
        assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
        assert search.check() == []
        db.session.remove()
        db.engine.dispose()


def test_damage_under_a_running_search_is_seen_by_the_check_and_mended_by_the_next_change(
    registry: Flask,
) -> None:
    _flip_a_bit(folder_of(registry))

    assert [one.kind for one in search.check()] == ["damaged"]
    assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    search.follow()

    assert search.check() == []


def test_what_a_write_that_was_cut_short_left_over_does_no_harm(registry: Flask) -> None:
    (generation(registry) / "MAIN_leftover.pst").write_bytes(b"half")

    assert search.check() == []


def test_words_that_lack_a_root_are_told(registry: Flask) -> None:
    make_standard(None, "polres-kendari", None, title="Pengglorpengan")

    assert ("pengglorpengan", 1) in search.missing_roots()


def test_an_index_of_another_shape_is_not_used(registry: Flask) -> None:
    other = Index(folder_of(registry), key=registry.config["SIAPA"].secret_key.encode(), schema="another")

    with pytest.raises(Damaged):
        other.opened()


def test_without_an_index_and_without_a_way_to_build_one_the_search_says_so(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise OSError("no space left on device")

    monkeypatch.setattr(room().follower, "follow", fails)

    with pytest.raises(Unavailable) as unavailable:
        find(Query(text="ktp"))

    assert unavailable.value.retry_after_seconds
    with pytest.raises(Unavailable):  # and the attempt is not repeated at once
        find(Query(text="ktp"))


def test_an_index_that_cannot_be_written_still_answers(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from siapa.search import engine

    def full(*_rest: object) -> None:
        raise OSError("no space left on device")

    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    monkeypatch.setattr(engine, "write", full)

    found = find(Query(text="bikin ktp"))

    assert found.results[0].service_code == "KTP-BARU"
    assert search.position() == 5


def test_a_second_rebuild_at_the_same_time_is_turned_away(registry: Flask) -> None:
    import fcntl

    with open(folder_of(registry) / "build.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(Busy):
            search.rebuild()


def test_another_process_sees_what_one_has_followed(registry: Flask) -> None:
    from siapa import create_app

    other = create_app(registry.config["SIAPA"])
    with other.app_context():
        assert search.position() == 5
        db.session.remove()
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    search.follow()

    with other.app_context():
        assert search.position() == 6
        assert search.follow() == 0
        db.session.remove()
        db.engine.dispose()


def test_searches_during_changes_and_rebuilds_never_fail(registry: Flask) -> None:
    standard = seed_id("standard", "polres-kendari:Perpanjangan SIM C")
    failures: list[BaseException] = []
    answered = [0]
    ended = threading.Event()

    def search_on() -> None:
        while not ended.is_set():
            try:
                with registry.app_context():
                    assert find(Query(text="perpanjang sim c")).results[0].service_code == "SIM-C-PANJANG"
                    answered[0] += 1
                    db.session.remove()
            except BaseException as error:
                failures.append(error)

    searchers = [threading.Thread(target=search_on) for _each in range(3)]
    for searcher in searchers:
        searcher.start()
    for round_ in range(8):
        tell(ChangeKind.STANDARD_PUBLISHED, standard)
        search.follow()
        if round_ % 4 == 3:
            search.rebuild()
    ended.set()
    for searcher in searchers:
        searcher.join()

    assert failures == []
    assert answered[0] > 8
    search.follow()
    assert search.check() == []


def _rebuild_for_ever(app: Flask) -> None:
    with app.app_context():
        while True:
            search.rebuild()


def test_a_rebuild_killed_at_any_point_leaves_a_whole_index(registry: Flask) -> None:
    db.session.remove()
    db.engine.dispose()
    forking = multiprocessing.get_context("fork")

    for pause in (0.01, 0.05, 0.12, 0.2, 0.3):
        builder = forking.Process(target=_rebuild_for_ever, args=(registry,))
        builder.start()
        time.sleep(pause)
        os.kill(builder.pid or 0, signal.SIGKILL)
        builder.join()

        assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
        search.rebuild()
        assert search.check() == []


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
