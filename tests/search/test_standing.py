"""The index under damage, full disks, crashes and company: it never answers with what is broken."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import resource
import shutil
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from siapa import create_app, search
from siapa.errors import Unavailable
from siapa.extensions import db
from siapa.records import ChangeKind, seed_id
from siapa.search import Busy, Query, find, locking
from siapa.search.index import Index
from siapa.search.room import room
from siapa.search.state import CURRENT, Damaged, told_of
from tests.search.making import make_standard, tell


def folder_of(app: Flask) -> Path:
    return Path(app.config["SIAPA"].search_dir)


def parts_of(app: Flask) -> list[Path]:
    """The parts that lie in the folder, the oldest first."""
    return sorted(folder_of(app).glob("part-*"))


def files_of_a_part() -> list[str]:
    """One pattern for each kind of file of a part."""
    return ["values.bin", "tables.json", "services.json", "*.pst", "*.trm", "*.toc", "*_t_title_len.col"]


def the_file(folder: Path, pattern: str) -> Path:
    (file,) = folder.glob(f"part-*/{pattern}")
    return file


def test_a_rebuild_leaves_one_part_and_a_private_folder(registry: Flask) -> None:
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    search.follow()
    (folder_of(registry) / "part-99").mkdir()
    (folder_of(registry) / "new-99").mkdir()

    assert search.rebuild() == 12

    (part,) = parts_of(registry)
    assert part.name in (folder_of(registry) / CURRENT).read_text()
    assert not list(folder_of(registry).glob("new-*"))
    assert folder_of(registry).stat().st_mode & 0o777 == 0o700
    assert part.stat().st_mode & 0o777 == 0o700


Harm = Callable[[Path], None]


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _flip_a_bit(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _lose(file: Path) -> None:
    file.unlink()


def _is_found_damaged_and_mended(registry: Flask) -> None:
    """A process that has not read the index yet says that it is damaged, and searches all the same."""
    other = create_app(registry.config["SIAPA"])
    with other.app_context():
        assert search.position() == -1
        assert [one.kind for one in search.check()] == ["damaged"]
        assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
        assert search.check() == []
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("pattern", files_of_a_part())
@pytest.mark.parametrize("harm", [_cut, _flip_a_bit, _lose])
def test_harm_to_any_file_of_a_part_is_noticed_and_mended(registry: Flask, pattern: str, harm: Harm) -> None:
    harm(the_file(folder_of(registry), pattern))

    _is_found_damaged_and_mended(registry)


def _lose_it(folder: Path) -> None:
    shutil.rmtree(folder)


def _lose_the_part(folder: Path) -> None:
    shutil.rmtree(next(folder.glob("part-*")))


def _lose_the_state(folder: Path) -> None:
    (folder / CURRENT).unlink()


def _cut_the_state(folder: Path) -> None:
    _cut(folder / CURRENT)


def _empty_the_state(folder: Path) -> None:
    (folder / CURRENT).write_text("")


def _make_the_state_another_thing(folder: Path) -> None:
    (folder / CURRENT).write_text("[1, 2]")


def _forge_the_position(folder: Path) -> None:
    seal, _end, body = (folder / CURRENT).read_bytes().partition(b"\n")
    body = body.replace(b'"position":5', b'"position":6')
    (folder / CURRENT).write_bytes(seal + b"\n" + body)


def _forge_a_file_with_its_digest(folder: Path) -> None:
    """What somebody would do who can write here but does not know the key."""
    file = the_file(folder, "*.toc")
    file.write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    seal, _end, body = (folder / CURRENT).read_bytes().partition(b"\n")
    told = json.loads(body)
    told["parts"][0]["files"][file.name] = told_of(file)
    (folder / CURRENT).write_bytes(seal + b"\n" + json.dumps(told).encode())


def _add_a_foreign_file(folder: Path) -> None:
    (next(folder.glob("part-*")) / "_MAIN_99.toc").write_bytes(b"cos\nsystem\n(S'false'\ntR.")


@pytest.mark.parametrize(
    "harm",
    [
        _lose_it,
        _lose_the_part,
        _lose_the_state,
        _cut_the_state,
        _empty_the_state,
        _make_the_state_another_thing,
        _forge_the_position,
        _forge_a_file_with_its_digest,
        _add_a_foreign_file,
    ],
)
def test_a_damaged_index_is_reported_and_rebuilt_by_the_next_search(registry: Flask, harm: Harm) -> None:
    harm(folder_of(registry))

    _is_found_damaged_and_mended(registry)


def test_harm_to_a_small_part_is_noticed_and_mended(registry: Flask) -> None:
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    search.follow()
    assert len(parts_of(registry)) == 2

    _flip_a_bit(next(parts_of(registry)[1].glob("*.pst")))

    _is_found_damaged_and_mended(registry)


def test_damage_under_a_running_search_is_seen_by_the_check_and_mended_by_a_rebuild(registry: Flask) -> None:
    _flip_a_bit(the_file(folder_of(registry), "services.json"))

    assert [one.kind for one in search.check()] == ["damaged"]
    assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
    search.rebuild()

    assert search.check() == []


def test_what_a_write_that_was_cut_short_left_over_does_no_harm(registry: Flask) -> None:
    half = folder_of(registry) / "new-7"
    half.mkdir()
    (half / "MAIN_leftover.pst").write_bytes(b"half")
    (folder_of(registry) / f"{CURRENT}.77.tmp").write_text('{"schema"')

    assert search.check() == []
    search.rebuild()

    assert {one.name.partition("-")[0] for one in folder_of(registry).iterdir()} == {
        CURRENT, "build.lock", "write.lock", "part",
    }  # fmt: skip


def test_the_index_of_another_installation_is_not_opened(registry: Flask) -> None:
    words = room().stems
    schema = room().follower.index.opened().state.schema
    own = registry.config["SIAPA"].secret_key.encode()

    ours = Index(folder_of(registry), key=own, schema=schema, stems=words)
    theirs = Index(folder_of(registry), key=b"another key", schema=schema, stems=words)

    assert ours.opened().position == 5
    with pytest.raises(Damaged, match="sealed"):
        theirs.opened()


def test_an_index_of_another_shape_is_not_used(registry: Flask) -> None:
    own = registry.config["SIAPA"].secret_key.encode()

    other = Index(folder_of(registry), key=own, schema="another", stems=room().stems)

    with pytest.raises(Damaged, match="shape"):
        other.opened()


def test_without_an_index_and_without_a_way_to_build_one_the_search_says_so(
    app: Flask, tmp_path: Path
) -> None:
    (tmp_path / "a file").touch()
    settings = replace(app.config["SIAPA"], search_dir=tmp_path / "a file" / "search_index")
    other = create_app(settings)

    with other.app_context():
        for _each in range(2):  # the second is answered without another attempt
            with pytest.raises(Unavailable) as unavailable:
                find(Query(text="ktp"))
            assert unavailable.value.retry_after_seconds
        with pytest.raises(Unavailable, match="tidak dapat ditulis"):
            search.rebuild()
        search.load()  # a server starts all the same
        search.tend()  # and its duty writes it down, and goes on
        db.session.remove()
        db.engine.dispose()


def test_on_a_full_disk_the_index_answers_as_it_was_and_leaves_nothing_half_written(registry: Flask) -> None:
    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    before = sorted(one.name for one in folder_of(registry).iterdir())

    def with_a_full_disk() -> None:
        db.session.connection()  # SQLite makes files of its own beside the database
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
        assert search.position() == 5
        for write in (search.follow, search.rebuild):
            with pytest.raises(Unavailable, match="tidak dapat ditulis"):
                write()

    in_a_process(with_a_full_disk)

    assert sorted(one.name for one in folder_of(registry).iterdir()) == before
    search.follow()
    assert search.check() == []


def in_a_process(work: Callable[[], object]) -> None:
    """Do ``work`` in a process of its own; an error there is one here."""
    db.session.remove()
    db.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        try:
            work()
        except BaseException:
            os.write(writing, traceback.format_exc().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        error = said.read()
    os.waitpid(child, 0)
    assert not error, error


def test_a_folder_that_may_only_be_read_is_searched_and_said_to_be_so(
    registry: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_file: Path) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")
    monkeypatch.setattr(locking, "_taken", refused)

    assert find(Query(text="bikin ktp")).results[0].service_code == "KTP-BARU"
    with pytest.raises(Unavailable, match="Read-only"):
        search.follow()


def test_a_second_rebuild_at_the_same_time_is_turned_away(registry: Flask) -> None:
    with (folder_of(registry) / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(Busy):
            search.rebuild()


def test_another_process_sees_what_one_has_followed(registry: Flask) -> None:
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
