"""The index directory: numbered generations, one of them current, each with a sealed manifest.

    search_index/CURRENT          the name of the generation in use
    search_index/gen-7/           the engine's files and manifest.json

The manifest says up to which change the generation has read, what is in it (counts and a
digest of every id and mark) and the SHA-256 of each file, and is sealed with a key of this
installation: the engine's files are pickles, so files of unknown origin are not opened. The
engine never syncs; we do, before the manifest is put in place by a rename.

Several processes share the directory. Writers hold ``write.lock`` for a commit or a switch,
``build.lock`` for a rebuild; both locks die with their holder.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from siapa.errors import Unavailable
from siapa.locales import lazy as _l
from siapa.search import engine
from siapa.search.documents import Document
from siapa.search.engine import Shelf

MANIFEST = "manifest.json"
CURRENT = "CURRENT"
_PREFIX = "gen-"
#: How long a reader waits for a writer that is just switching.
SWITCH_SECONDS = 5.0


class Damaged(Exception):
    """The current generation is missing, of another shape, or not what its manifest says."""


class Busy(Exception):
    """Another process is at it."""


@dataclass(frozen=True)
class Manifest:
    """What a generation is said to hold."""

    schema: str
    position: int
    services: int
    standards: int
    digest: str
    files: dict[str, str]

    @property
    def contents(self) -> tuple[int, int, str]:
        """What the rows must add up to."""
        return self.services, self.standards, self.digest


@dataclass(frozen=True)
class Opened:
    """A generation as it stood at one time, ready to be searched."""

    shelf: Shelf
    position: int
    stamp: tuple[str, int, int]


class Index:
    """The index in ``folder``: one of these per process. ``key`` seals, ``schema`` must match."""

    def __init__(self, folder: Path, *, key: bytes, schema: str) -> None:
        self.folder = folder
        self._key = key
        self._schema = schema
        self._opened: Opened | None = None
        self._opening = threading.RLock()

    # ---------------------------------------------------------------- reading

    def opened(self) -> Opened:
        """The newest state; the one before it while the newest cannot be read.

        Raises ``Damaged`` when there is nothing that can be searched.
        """
        held = self._opened
        if held is not None and held.stamp == self._stamp():
            return held
        if held is not None and not self._opening.acquire(blocking=False):
            return held  # another thread is opening it; what we hold is good enough till then
        if held is None:
            self._opening.acquire()
        try:
            return self._reopened()
        except Damaged:
            if self._opened is None:
                raise
            return self._opened
        finally:
            self._opening.release()

    def is_whole(self, *, afresh: bool = False) -> bool:
        """Whether what lies on disk can be opened; false asks for a rebuild.

        ``afresh`` reads the files again even when they are those that are held.
        """
        with self._opening:
            try:
                self._reopened()
                if afresh:
                    self._load_undisturbed()
            except Damaged:
                return False
            return True

    def _reopened(self) -> Opened:
        if self._opened is not None and self._opened.stamp == self._stamp():
            return self._opened
        try:
            self._opened = self._load()
        except Damaged:
            self._opened = self._load_undisturbed()
        return self._opened

    def _load_undisturbed(self) -> Opened:
        """Load while no writer can be between its commit and its manifest."""
        try:
            with self._locked("write.lock", fcntl.LOCK_SH, SWITCH_SECONDS):
                return self._load()
        except Busy as error:
            raise Damaged("a writer holds the index for long") from error

    def _stamp(self) -> tuple[str, int, int]:
        """What changes whenever a manifest or the current generation does; three looks at the disk."""
        try:
            name = (self.folder / CURRENT).read_text().strip()
            status = (self.folder / name / MANIFEST).stat()
        except (OSError, ValueError):
            return "", 0, 0
        return name, status.st_mtime_ns, status.st_ino

    def _load(self) -> Opened:
        stamp = self._stamp()
        if not stamp[0]:
            raise Damaged("there is no index")
        folder = self.folder / stamp[0]
        manifest = self._manifest(folder)
        if manifest.schema != self._schema:
            raise Damaged("the index has another shape")
        _require_files(folder, manifest)
        try:
            shelf = Shelf(folder)
        except Exception as error:  # the engine raises whatever broken files lead to
            raise Damaged(f"the index cannot be opened: {error!r}") from error
        if manifest.contents != _contents(shelf):
            raise Damaged("the contents are not those of the manifest")
        return Opened(shelf, manifest.position, stamp)

    def _manifest(self, folder: Path) -> Manifest:
        try:
            sealed = json.loads((folder / MANIFEST).read_text())
            seal, body = sealed.pop("seal"), sealed
            if not hmac.compare_digest(seal, self._seal(body)):
                raise Damaged("the manifest is not sealed by this installation")
            return Manifest(**body)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Damaged("the manifest cannot be read") from error

    def _seal(self, body: dict[str, object]) -> str:
        text = json.dumps(body, sort_keys=True).encode()
        return hmac.new(self._key, b"siapa-search-manifest:" + text, hashlib.sha256).hexdigest()

    # ---------------------------------------------------------------- writing

    def apply(
        self, documents: Iterable[Document], removed: Iterable[str], *, since: int, position: int
    ) -> bool:
        """Take changes into the current generation and move it from ``since`` to ``position``.

        False when another process has moved it meanwhile. Raises ``Busy`` while another
        writes and ``Damaged`` when there is nothing to write to.
        """
        with self._opening, self._locked("write.lock", fcntl.LOCK_EX, 0):
            if self._opened is None or self._opened.stamp != self._stamp():
                self._opened = self._load()
            if self._opened.position != since:
                return False
            folder = self.folder / self._opened.stamp[0]
            _require_files(folder, self._manifest(folder))  # never add to what is broken
            documents, removed = list(documents), list(removed)
            if documents or removed:
                engine.write(folder, documents, removed)
                shelf = Shelf(folder)
            else:
                shelf = self._opened.shelf
            self._seal_generation(folder, shelf, position)
            self._opened = Opened(shelf, position, self._stamp())
        return True

    def replace(self, documents: Iterable[Document], *, position: int) -> None:
        """Build a new generation from ``documents`` beside the current one and switch to it.

        ``Busy`` while another process builds. Leftovers of builds that were cut short go.
        """
        self.prepare()
        with self._locked("build.lock", fcntl.LOCK_EX, 0):
            current = self._stamp()[0]
            self._sweep(keep=current)
            folder = self.folder / f"{_PREFIX}{_number(current) + 1}"
            folder.mkdir(mode=0o700)
            engine.create(folder)
            engine.write(folder, documents)
            self._seal_generation(folder, Shelf(folder), position)
            with self._opening, self._locked("write.lock", fcntl.LOCK_EX, SWITCH_SECONDS):
                _put(self.folder / CURRENT, folder.name)
                self._opened = self._load()
            self._sweep(keep=folder.name)

    def prepare(self) -> None:
        """Make the directory, for its owner alone: whoever can write here runs code."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            message = _l("The search index cannot be written: %(why)s.", why=error.strerror or str(error))
            raise Unavailable(message) from error

    def _seal_generation(self, folder: Path, shelf: Shelf, position: int) -> None:
        for file in folder.iterdir():
            _sync(file)
        _sync(folder)
        services, standards, digest = _contents(shelf)
        manifest = Manifest(self._schema, position, services, standards, digest, _digests(folder))
        body = asdict(manifest)
        _put(folder / MANIFEST, json.dumps({**body, "seal": self._seal(body)}, indent=1))

    def _sweep(self, *, keep: str) -> None:
        for folder in self.folder.glob(f"{_PREFIX}*"):
            if folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self, name: str, kind: int, wait_seconds: float) -> Iterator[None]:
        """Hold the lock ``name``; ``Busy`` when it is not to be had within ``wait_seconds``."""
        try:
            handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Damaged(f"no lock can be taken: {error}") from error
        try:
            deadline = time.monotonic() + wait_seconds
            while True:
                try:
                    fcntl.flock(handle, kind | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise Busy(name) from None
                    time.sleep(0.02)
            yield
        finally:
            os.close(handle)


def _number(name: str) -> int:
    digits = name.removeprefix(_PREFIX)
    return int(digits) if digits.isdigit() else 0


def _require_files(folder: Path, manifest: Manifest) -> None:
    """Raise ``Damaged`` unless every file is as it was sealed and no other index stands beside it.

    What a write that was cut short has left over does no harm: the engine does not look at it.
    """
    present = _digests(folder)
    if any(present.get(name) != digest for name, digest in manifest.files.items()):
        raise Damaged("the files are not those of the manifest")
    if any(name.endswith(".toc") and name not in manifest.files for name in present):
        raise Damaged("there is an index the manifest does not know")


def _contents(shelf: Shelf) -> tuple[int, int, str]:
    """How many services and standards there are, and the digest of every id and mark."""
    lines = sorted(f"{row['kind']}:{row['id']} {row['mark']}" for row in shelf.rows())
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return len(shelf.services), len(shelf.standards), digest


def _digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of the engine's files in ``folder``; none of a folder that is not there."""
    digests = {}
    try:
        for file in sorted(folder.iterdir()):
            if file.name != MANIFEST and not file.name.endswith((".tmp", "LOCK")):
                with file.open("rb") as handle:
                    digests[file.name] = hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError:
        return {}
    return digests


def _put(file: Path, text: str) -> None:
    """Write ``text`` so that a reader finds the old or the new whole, whatever happens meanwhile."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(aside, file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
