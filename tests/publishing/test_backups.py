"""The registry in one file: made while others work, put back elsewhere, refused where it is not whole."""

from __future__ import annotations

import io
import sqlite3
import tarfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.errors import Conflict, Rejected
from siapa.extensions import db
from siapa.publishing import commands, decrees
from siapa.publishing.backups import restore_backup, write_backup
from siapa.publishing.verifying import verify, verify_files
from siapa.records import AuditEvent, Edition, State, Synonym, schema
from siapa.records.copying import copy_all, is_bare, opened
from siapa.records.engine import begin_writing
from tests.conftest import make_app
from tests.publishing.cast import Cast, document, people_and_places, published
from tests.publishing.racing import somebody

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An empty registry with its own folder, inside its context."""
    app = make_app(tmp_path / "here")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def filled(app: Flask) -> Cast:
    """People at work in ``app``, one standard in force, one draft with its decree as a file."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    published(cast)
    draft = commands.open_standard(
        cast.own.id, document("Akta Kelahiran", decree={"number": "12/SK/2026"}), by=cast.author
    )
    decrees.attach(draft.id, PDF, "SK 12.pdf", folder=folder_of(app), by=cast.author)
    return cast


def another_published(agency_id: uuid.UUID, title: str) -> None:
    """One more standard in force, by people of the cast as this thread sees them."""
    standard = commands.open_standard(agency_id, document(title), by=somebody("author"))
    commands.submit(standard.id, by=somebody("author"))
    commands.publish(standard.id, by=somebody("publisher"))


def folder_of(app: Flask) -> Path:
    folder: Path = app.config["SIAPA"].instance_dir
    return folder


def rows_of(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    """Everything that stands in a database."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
            for table in db.metadata.sorted_tables
        }


def put_back(file: Path, folder: Path, **settings: str) -> tuple[list[object], dict[str, list[object]]]:
    """Restore ``file`` on another machine; what does not hold there, and everything that stands there."""
    app = make_app(folder, **settings)
    with app.app_context():
        restore_backup(file, folder=folder_of(app))
        wrong = [*verify(), *verify_files(folder_of(app))]
        rows = rows_of(db.engine)
        db.session.remove()
        db.engine.dispose()
    return wrong, rows


def test_a_backup_put_back_elsewhere_is_the_same_registry(either_app: Flask, tmp_path: Path) -> None:
    filled(either_app)
    before = rows_of(db.engine)

    made = write_backup(tmp_path / "a.tar.gz", folder=folder_of(either_app))
    wrong, after = put_back(tmp_path / "a.tar.gz", tmp_path / "elsewhere")

    assert wrong == []
    assert after == before
    assert (made.decrees, made.missing) == (1, ())
    assert made.last_hash == db.session.scalar(
        sa.select(AuditEvent.hash).order_by(-AuditEvent.number).limit(1)
    )
    assert (tmp_path / "a.tar.gz").stat().st_mode & 0o077 == 0, "it holds the hashes of passwords"


def test_a_registry_moves_from_sqlite_to_postgresql_and_goes_on_there(
    app: Flask, postgresql_server: str, tmp_path: Path
) -> None:
    filled(app)
    write_backup(tmp_path / "a.tar", folder=folder_of(app))
    before = rows_of(db.engine)
    other = make_app(tmp_path / "b", SIAPA_DATABASE_URL=postgresql_server)

    with other.app_context():
        restore_backup(tmp_path / "a.tar", folder=folder_of(other))
        after = rows_of(db.engine)
        is_draft = Edition.state == State.DRAFT
        standard = db.session.scalars(sa.select(Edition.standard_id).where(is_draft)).one()
        commands.submit(standard, by=somebody("author"))
        commands.publish(standard, by=somebody("publisher"))
        wrong = verify()
        db.session.remove()
        schema.move_to(db.engine, "base")
        db.engine.dispose()

    assert after == before
    assert wrong == []


def test_numbers_given_out_by_the_database_go_on_behind_those_that_were_copied(
    app: Flask, postgresql_server: str
) -> None:
    begin_writing(db)
    db.session.add_all([Synonym(term=term, replacement="kartu", kind="spelling") for term in ("satu", "dua")])
    db.session.commit()

    with opened(postgresql_server) as target:
        schema.move_to(target)
        copy_all(db.engine, target)
        with target.begin() as connection:
            new = {"term": "tiga", "replacement": "kartu", "kind": "spelling"}
            added = connection.execute(sa.insert(Synonym).values(new))
            assert added.inserted_primary_key is not None
            number = added.inserted_primary_key[0]
        schema.move_to(target, "base")

    assert number == 3


def test_what_is_published_meanwhile_is_in_the_backup_whole_or_not_at_all(app: Flask, tmp_path: Path) -> None:
    own = filled(app).own.id
    ended, done = threading.Event(), threading.Semaphore(0)

    def publish_on() -> None:
        number = 0
        with app.app_context():
            while not ended.is_set():
                number += 1
                another_published(own, f"Standar {number}")
                db.session.remove()
                done.release()

    others = threading.Thread(target=publish_on)
    others.start()
    made = []
    for number in range(4):
        assert done.acquire(timeout=30), "nobody publishes"
        made.append(write_backup(tmp_path / f"{number}.tar", folder=folder_of(app)))
    ended.set()
    others.join()

    assert made[0].last_act < made[-1].last_act
    assert [put_back(tmp_path / f"{n}.tar", tmp_path / f"there{n}")[0] for n in (0, 3)] == [[], []]


def test_a_decree_whose_file_is_gone_is_told_and_the_rest_is_kept(app: Flask, tmp_path: Path) -> None:
    filled(app)
    (file,) = folder_of(app).glob("decrees/*/*.pdf")
    file.unlink()

    made = write_backup(tmp_path / "a.tar", folder=folder_of(app))

    assert (made.decrees, made.missing) == (0, (file.stem,))
    with tarfile.open(tmp_path / "a.tar") as archive:
        assert archive.getnames() == ["manifest.json", "siapa.db"]


def test_nothing_is_written_over(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_text("mine")

    with pytest.raises(Conflict):
        write_backup(tmp_path / "a.tar", folder=folder_of(app))

    assert (tmp_path / "a.tar").read_text() == "mine"
    assert not list(tmp_path.glob(".backup-*"))


def test_a_registry_in_which_somebody_worked_is_only_replaced_when_told_and_is_kept(
    app: Flask, tmp_path: Path
) -> None:
    own = filled(app).own.id
    write_backup(tmp_path / "a.tar", folder=folder_of(app))
    another_published(own, "Setelah itu")
    later = rows_of(db.engine)
    db.session.remove()

    with pytest.raises(Conflict):
        restore_backup(tmp_path / "a.tar", folder=folder_of(app))
    assert rows_of(db.engine) == later
    restore_backup(tmp_path / "a.tar", folder=folder_of(app), replace=True)

    (aside,) = folder_of(app).glob("siapa.db.before-*")
    with opened(f"sqlite:///{aside}") as engine:
        assert rows_of(engine) == later
    assert len(rows_of(db.engine)["standard"]) == 2
    assert verify() == []


def test_a_registry_that_is_being_served_is_not_replaced(app: Flask, tmp_path: Path) -> None:
    filled(app)
    write_backup(tmp_path / "a.tar", folder=folder_of(app))
    db.session.remove()
    server = sqlite3.connect(db.engine.url.database or "")
    server.execute("SELECT count(*) FROM change").fetchone()

    with pytest.raises(Conflict):
        restore_backup(tmp_path / "a.tar", folder=folder_of(app), replace=True)

    server.close()
    assert verify() == []


@pytest.mark.parametrize("fault", ["cut", "flipped", "text", "no manifest", "another decree"])
def test_what_is_no_whole_backup_is_refused_and_changes_nothing(
    app: Flask, tmp_path: Path, fault: str
) -> None:
    filled(app)
    write_backup(tmp_path / "a.tar", folder=folder_of(app))
    spoil(tmp_path / "a.tar", fault)
    other = make_app(tmp_path / "other")

    with other.app_context():
        with pytest.raises(Rejected) as refused:
            restore_backup(tmp_path / "a.tar", folder=folder_of(other))
        assert is_bare(db.engine)
        db.engine.dispose()

    assert refused.value.problems[0].path == "file"
    assert "\n" not in str(refused.value)
    assert sorted(path.name for path in folder_of(other).iterdir() if path.is_dir()) == []


def spoil(file: Path, fault: str) -> None:
    """Damage a backup."""
    whole = file.read_bytes()
    if fault == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif fault == "flipped":
        middle = whole.index(b"SQLite format 3") + 5_000
        file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    elif fault == "text":
        file.write_text("bukan cadangan")
    elif fault == "no manifest":
        with tarfile.open(file, "w") as archive:
            archive.addfile(tarfile.TarInfo("siapa.db"), io.BytesIO(b""))
    else:
        file.write_bytes(whole.replace(PDF, PDF.replace(b"1.7", b"1.6")))


def test_names_that_lead_elsewhere_are_passed_over(app: Flask, tmp_path: Path) -> None:
    filled(app)
    write_backup(tmp_path / "a.tar", folder=folder_of(app))
    with tarfile.open(tmp_path / "a.tar", "a") as archive:
        for name in ("../outside", "/tmp/outside", "decrees/../../outside.pdf"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO(b""))

    wrong, _rows = put_back(tmp_path / "a.tar", tmp_path / "elsewhere" / "deep")

    assert wrong == []
    assert not list(tmp_path.rglob("outside*"))
