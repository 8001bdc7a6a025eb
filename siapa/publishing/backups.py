"""The whole registry in one file, made while it is served, and put back from it.

    manifest.json      what it is, when it was made, how far its logs go, the digest of the database
    siapa.db           the database at one moment, as SQLite, whatever it is kept in
    decrees/…          the files of decrees that this database names

Neither the secret key nor the search index is in it: the one is kept apart, the other is made
from the database. It is readable to its owner alone, as it holds the hashes of passwords.
"""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
import sqlalchemy as sa

from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.decrees import FOLDER, path_of
from siapa.records import AuditEvent, Counting, Decree, now, schema
from siapa.records.copying import copy_all, is_bare, opened
from siapa.records.disk import sync

#: Of the file; another one is refused.
FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "siapa.db"
LARGEST_MANIFEST = 1_000_000


@dataclass(frozen=True)
class Manifest:
    """What a backup is. ``missing``: digests of decrees whose file was not there when it was made."""

    format: int
    made_at: str
    schema: str
    last_change: int
    last_act: int
    last_hash: str
    database_bytes: int
    database_digest: str
    decrees: int
    missing: tuple[str, ...] = ()


def write_backup(file: Path, *, folder: Path) -> Manifest:
    """Write the registry to ``file`` (``.tar``, or compressed ``.tar.gz``) whole or not at all.

    ``folder`` is where the decrees are kept. Raises ``Conflict`` where ``file`` is there already.
    """
    if file.exists():
        raise Conflict(_l("%(file)s is there already.", file=file))
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as aside:
        copy, whole = Path(aside, DATABASE), Path(aside, "whole")
        _take_database(copy)
        manifest, decrees = _described(copy, folder)
        with _archive_at(whole, is_small=file.name.endswith("gz")) as archive:
            _add_text(archive, MANIFEST, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))
            archive.add(copy, DATABASE)
            for path in decrees:
                archive.add(path, f"{FOLDER}/{path.name}")
        whole.chmod(0o600)
        sync(whole)
        os.replace(whole, file)
        sync(file.parent)
    return manifest


def described(file: Path) -> Manifest:
    """What ``file`` says of itself, without reading all of it; ``Rejected`` for what is no backup."""
    try:
        with tarfile.open(file) as archive:
            return _read_manifest(archive, archive.next())
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError, KeyError) as error:
        raise _no_backup(file, error) from error


def restore_backup(
    file: Path, *, folder: Path, target: sa.Engine | None = None, replace: bool = False
) -> Manifest:
    """Put the registry in ``file`` in the place of an empty one, brought to the tables of this release.

    Files of decrees go to ``folder``, all else to ``target``: the application's database, reached as
    whoever may make its tables (usually the application itself). With ``replace`` a SQLite database that
    is not empty is set aside under another name first. Raises ``Rejected`` for what is no whole backup,
    ``Conflict`` where something is in the way or the registry is being served; nothing has changed then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".restore-") as aside:
        manifest = _unpacked(file, Path(aside))
        copy = Path(aside, DATABASE)
        _bring_up(copy)
        target = target or db.engine
        if not (is_empty := is_bare(target)) and not (replace and target.dialect.name == "sqlite"):
            raise Conflict(_l("The database is not empty. Restore into an empty one."))
        _keep_decrees(Path(aside, FOLDER), folder)
        if target.dialect.name == "sqlite":
            target.dispose()
            _put_in_place(copy, Path(target.url.database or ""), keep=not is_empty)
        else:
            schema.move_to(target)
            with opened(f"sqlite:///{copy}") as source:
                copy_all(source, target)
    return manifest


# ------------------------------------------------------------------ making


def _take_database(copy: Path) -> None:
    """Copy the database of the application to ``copy``, as it is at one moment."""
    engine = db.engine
    if engine.dialect.name == "sqlite":
        with (
            closing(sqlite3.connect(engine.url.database or "")) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.execute("PRAGMA wal_autocheckpoint=0")
            source.backup(target)
    else:
        with opened(f"sqlite:///{copy}") as target_engine:
            schema.move_to(target_engine)
            copy_all(engine, target_engine)


def _described(copy: Path, folder: Path) -> tuple[Manifest, list[Path]]:
    """What is to be said of the database in ``copy``, and the files of the decrees that it names."""
    with opened(f"sqlite:///{copy}") as engine, engine.connect() as connection:
        present = schema.present(engine) or ""
        counted = connection.execute(sa.select(Counting.log, Counting.last_number))
        last = {row.log: row.last_number for row in counted}
        newest = sa.select(AuditEvent.hash).order_by(AuditEvent.number.desc()).limit(1)
        last_hash = connection.scalar(newest) or ""
        named = sa.select(Decree.file_digest).where(Decree.file_digest.is_not(None)).distinct()
        digests = sorted(str(digest) for digest in connection.scalars(named))
    _make_one_file(copy)
    paths = {digest: path_of(folder, digest) for digest in digests}
    there = [path for path in paths.values() if path.is_file()]
    manifest = Manifest(
        format=FORMAT,
        made_at=now().isoformat(timespec="seconds"),
        schema=present,
        last_change=last.get("change", 0),
        last_act=last.get("audit_event", 0),
        last_hash=last_hash,
        database_bytes=copy.stat().st_size,
        database_digest=_digest_of(copy),
        decrees=len(there),
        missing=tuple(digest for digest, path in paths.items() if not path.is_file()),
    )
    return manifest, there


def _archive_at(path: Path, *, is_small: bool) -> tarfile.TarFile:
    """A new archive; a small one is compressed quickly, as more effort saves little and somebody waits."""
    return tarfile.open(path, "w:gz", compresslevel=1) if is_small else tarfile.open(path, "w")


def _add_text(archive: tarfile.TarFile, name: str, text: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = len(text), int(datetime.now(UTC).timestamp())
    archive.addfile(entry, io.BytesIO(text))


# ------------------------------------------------------------------ putting back


def _unpacked(file: Path, aside: Path) -> Manifest:
    """Take out of ``file`` what belongs into a backup and nothing else, and look whether it is whole."""
    (aside / FOLDER).mkdir()
    try:
        with tarfile.open(file) as archive:
            first = archive.next()
            manifest = _read_manifest(archive, first)
            for entry in archive:
                content = archive.extractfile(entry)
                if content is not None and (entry.name == DATABASE or _is_decree(entry.name)):
                    with (aside / entry.name).open("wb") as unpacked:
                        shutil.copyfileobj(content, unpacked)
    except (OSError, EOFError, tarfile.TarError, ValueError, TypeError) as error:
        raise _no_backup(file, error) from error
    copy = aside / DATABASE
    if not copy.is_file() or _digest_of(copy) != manifest.database_digest:
        raise _no_backup(file, "siapa.db")
    found = list((aside / FOLDER).glob("*.pdf"))
    damaged = [path.name for path in found if _digest_of(path) != path.stem]
    if damaged or len(found) != manifest.decrees:
        raise _no_backup(file, ", ".join(damaged) or FOLDER)
    return manifest


def _read_manifest(archive: tarfile.TarFile, entry: tarfile.TarInfo | None) -> Manifest:
    if entry is None or entry.name != MANIFEST or entry.size > LARGEST_MANIFEST:
        raise ValueError(MANIFEST)
    content = archive.extractfile(entry)
    said = orjson.loads(content.read() if content else b"")
    if said.get("format") != FORMAT:
        raise ValueError(MANIFEST)
    return Manifest(**{**said, "missing": tuple(said["missing"])})


def _is_decree(name: str) -> bool:
    folder, _slash, last = name.partition("/")
    digest = last.removesuffix(".pdf")
    return folder == FOLDER and last.endswith(".pdf") and len(digest) == 64 and digest.isalnum()


def _no_backup(file: Path, why: object) -> Rejected:
    line = str(why).partition("\n")[0].rstrip(":")
    message = _l("This is no whole backup of a registry (%(why)s).", why=line)
    return Rejected([Problem("file", message, str(file))])


def _bring_up(copy: Path) -> None:
    """Bring the database in ``copy`` to the tables of this release; ``Rejected`` for one of a newer."""
    with opened(f"sqlite:///{copy}") as engine:
        if (present := schema.present(engine)) not in schema.numbers():
            message = _l("This backup was made by another release (tables %(present)s).", present=present)
            raise Rejected([Problem("file", message, str(present))])
        schema.move_to(engine)
    _make_one_file(copy)


def _put_in_place(copy: Path, database: Path, *, keep: bool) -> None:
    """Let ``copy`` be the database; the one before is kept under another name, or is nothing."""
    database.parent.mkdir(parents=True, exist_ok=True)
    if database.exists():
        _make_one_file(database)
        if keep:
            os.replace(database, database.with_name(f"{database.name}.before-{now():%Y%m%dT%H%M%SZ}"))
    sync(copy)
    os.replace(copy, database)
    sync(database.parent)


def _make_one_file(database: Path) -> None:
    """Fold what lies beside ``database`` into it; ``Conflict`` while somebody else has it open."""
    with closing(sqlite3.connect(database, timeout=1.0, isolation_level=None)) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = ""
    if mode != "delete":
        raise Conflict(_l("The database is in use. Stop the server first."))


def _keep_decrees(unpacked: Path, folder: Path) -> None:
    for file in unpacked.glob("*.pdf"):
        path = path_of(folder, file.stem)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync(file)
            shutil.move(file, path)
            sync(path.parent)


def _digest_of(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
