"""The index directory: parts that never change, and one small file that says which of them count.

    search_index/CURRENT      the state: the parts in use, what of them is dead, the change read up to
    search_index/part-.../    one written part (``engine``)

A change writes a small part and a new state; a rebuild writes one large part beside them. The
state is put in place by a rename, after everything it names has been synced (the engine never
syncs), so a crash leaves the old state or the new. It is sealed with a key of this
installation and names the SHA-256 of every file: the engine's files are partly pickles, so
files of unknown origin are not opened.

Several processes share the directory. Who writes a state holds ``write.lock``, who rebuilds
``build.lock`` too; both die with their holder. Readers take no lock.
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
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from siapa.errors import Unavailable
from siapa.locales import lazy as _l
from siapa.search.documents import Document
from siapa.search.engine import Layer, Part, PartWriter, Shelf
from siapa.search.stems import Stems

CURRENT = "CURRENT"
#: A part in use; in the making, a small one (under ``write.lock``) and a large one (under ``build.lock``).
_PART, _ASIDE, _BUILT = "part-", "new-", "build-"
#: How long a writer waits for another that is just switching.
SWITCH_SECONDS = 10.0
#: Larger files that are only arrays are known by their size when they are opened; ``check`` reads them.
READ_WHOLE_BYTES = 32 << 20
#: Small parts are written together with the next change up to so many documents in all.
MERGED_UP_TO = 512
#: So many small parts are folded into a new large one.
MOST_PARTS = 16
_LOOKS = 5


class Damaged(Exception):
    """The index is missing, of another shape, or not what its state says."""


class Busy(Exception):
    """Another process is at it."""


@dataclass(frozen=True)
class PartState:
    """A part in use: its folder, its files as [bytes, SHA-256], and what of it is dead."""

    name: str
    files: dict[str, list[int | str]]
    dead: list[int] = field(default_factory=list)
    dead_services: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class State:
    """Which parts make up the index, and the change it has read up to."""

    schema: str
    position: int
    parts: tuple[PartState, ...]


@dataclass(frozen=True)
class Changes:
    """What changes up to ``position`` are about; ``read`` gives the documents as they are now."""

    position: int
    standards: frozenset[str]
    services: frozenset[str]
    read: Callable[[Collection[str], Collection[str]], Iterable[Document]]


@dataclass(frozen=True)
class Opened:
    """The index as it stood at one time, ready to be searched."""

    shelf: Shelf
    state: State
    stamp: tuple[int, int]

    @property
    def position(self) -> int:
        """The change up to which it has read."""
        return self.state.position

    @property
    def wants_folding(self) -> bool:
        """Whether so many small parts have come together that one large one is better."""
        return len(self.state.parts) > MOST_PARTS


class Index:
    """The index in ``folder``: one of these per process. ``key`` seals, ``schema`` must match."""

    def __init__(self, folder: Path, *, key: bytes, schema: str, stems: Stems) -> None:
        self.folder = folder
        self._key = key
        self._schema = schema
        self._stems = stems
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

        ``afresh`` reads every file again, also those that are held.
        """
        with self._opening:
            try:
                opened = self._reopened()
                if afresh:
                    for part in opened.state.parts:
                        _require_files(self.folder / part.name, part, whole=True)
            except Damaged:
                return False
            return True

    def _reopened(self) -> Opened:
        for look in range(_LOOKS):
            stamp = self._stamp()
            if self._opened is not None and self._opened.stamp == stamp:
                return self._opened
            try:
                self._opened = self._load(stamp)
                return self._opened
            except Damaged:
                # A part may have gone because a newer state came: then there is a newer stamp.
                if look == _LOOKS - 1 or stamp == self._stamp():
                    raise
        raise AssertionError("unreachable")

    def _stamp(self) -> tuple[int, int]:
        """What changes whenever a state is put in place; one look at the disk."""
        try:
            status = (self.folder / CURRENT).stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_ino

    def _load(self, stamp: tuple[int, int]) -> Opened:
        state = self._state()
        before = self._opened.shelf if self._opened else None
        held: dict[str, Part] = {}
        if self._opened:
            names = [part.name for part in self._opened.state.parts]
            held = dict(zip(names, self._opened.shelf.parts, strict=True))
        layers = [self._layer(part, held) for part in state.parts]
        return Opened(Shelf(layers, before), state, stamp)

    def _layer(self, state: PartState, held: dict[str, Part]) -> Layer:
        part = held.get(state.name)
        if part is None:
            folder = self.folder / state.name
            _require_files(folder, state)
            try:
                part = Part(folder)
            except Exception as error:  # the engine raises whatever broken files lead to
                raise Damaged(f"a part cannot be opened: {error!r}") from error
        return Layer(part, state.dead, frozenset(state.dead_services))

    def _state(self) -> State:
        try:
            sealed = json.loads((self.folder / CURRENT).read_text())
            seal, body = sealed.pop("seal"), sealed
            if not hmac.compare_digest(seal, self._seal(body)):
                raise Damaged("the state is not sealed by this installation")
            parts = tuple(PartState(**part) for part in body.pop("parts"))
            state = State(**body, parts=parts)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Damaged("the state cannot be read") from error
        if state.schema != self._schema:
            raise Damaged("the index has another shape")
        return state

    def _seal(self, body: dict[str, object]) -> str:
        text = json.dumps(body, sort_keys=True).encode()
        return hmac.new(self._key, b"siapa-search-state:" + text, hashlib.sha256).hexdigest()

    # ---------------------------------------------------------------- writing

    def apply(self, changes: Changes, *, since: int) -> bool:
        """Take ``changes`` in and move from ``since`` to their position.

        False when another process has moved it meanwhile. Raises ``Busy`` while another
        writes and ``Damaged`` when there is nothing to write to.
        """
        with self._locked("write.lock", 0), self._opening:
            opened = self._reopened()
            if opened.position != since:
                return False
            self._put(self._with(opened.state, opened.shelf, changes))
            self._reopened()
        return True

    def replace(
        self, documents: Iterable[Document], *, position: int, since: Callable[[int], Changes]
    ) -> None:
        """Write all ``documents`` (as of ``position``) as one part and switch to it.

        What happened meanwhile (``since`` a position) is taken in before the switch, so that
        nothing that could be found is lost from sight. ``Busy`` while another process builds.
        """
        self.prepare()
        with self._locked("build.lock", 0):
            self._sweep(_BUILT, keep=())
            aside, part = self._written(documents, _BUILT)
            state = State(self._schema, position, (part,))
            with self._locked("write.lock", SWITCH_SECONDS), self._opening:
                # Only now under its name: whoever writes a state sweeps parts that no state names.
                shelf = Shelf([Layer(Part(aside.rename(self.folder / part.name)))])
                self._put(self._with(state, shelf, since(position)))
                self._opened = None  # also what is held of a damaged index goes
                self._reopened()

    def _with(self, state: State, shelf: Shelf, changes: Changes) -> State:
        """``state`` and a small part with ``changes``; the small ones before it are taken in while few."""
        standards, services = set(changes.standards), set(changes.services)
        kept = len(state.parts)
        while kept > 1:
            layer = shelf.layers[kept - 1]
            size = layer.part.count + len(layer.part.services)
            if size + len(standards) + len(services) > MERGED_UP_TO:
                break
            standards |= {layer.part.id_of(place) for place in set(range(layer.part.count)) - set(layer.dead)}
            services |= {one["row"]["id"] for one in layer.part.services} - set(layer.dead_services)
            kept -= 1
        parts = [
            _without(part, layer.part, standards, services)
            for part, layer in zip(state.parts[:kept], shelf.layers, strict=False)
        ]
        documents = list(changes.read(standards, services)) if standards or services else []
        if documents:
            aside, part = self._written(documents, _ASIDE)
            aside.rename(self.folder / part.name)
            parts.append(part)
        return State(self._schema, changes.position, tuple(parts))

    def _written(self, documents: Iterable[Document], prefix: str) -> tuple[Path, PartState]:
        """A part with ``documents``, whole on disk in a folder aside, and how a state names it."""
        name = f"{time.time_ns():x}-{uuid.uuid4().hex[:8]}"
        aside = self.folder / f"{prefix}{name}"
        aside.mkdir(mode=0o700)
        writer = PartWriter(aside, self._stems.terms, self._stems.is_small)
        for document in documents:
            writer.add(document)
        writer.finish()
        for file in aside.iterdir():
            _sync(file)
        _sync(aside)
        return aside, PartState(
            f"{_PART}{name}", {file.name: _told(file) for file in sorted(aside.iterdir())}
        )

    def _put(self, state: State) -> None:
        """Switch to ``state``; the caller holds ``write.lock``. Parts that are no longer named go."""
        _sync(self.folder)
        body = json.loads(json.dumps(asdict(state)))
        _put(self.folder / CURRENT, json.dumps({**body, "seal": self._seal(body)}))
        self._sweep(_PART, keep=[part.name for part in state.parts])
        self._sweep(_ASIDE, keep=())
        for left in self.folder.glob(f"{CURRENT}.*.tmp"):  # of one that ended while it wrote
            left.unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the directory, for its owner alone: whoever can write here runs code."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            message = _l("The search index cannot be written: %(why)s.", why=error.strerror or str(error))
            raise Unavailable(message) from error

    def _sweep(self, prefix: str, *, keep: Collection[str]) -> None:
        for folder in self.folder.glob(f"{prefix}*"):
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self, name: str, wait_seconds: float) -> Iterator[None]:
        """Hold the lock ``name``; ``Busy`` when it is not to be had within ``wait_seconds``."""
        try:
            handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Damaged(f"no lock can be taken: {error}") from error
        try:
            deadline = time.monotonic() + wait_seconds
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        raise Busy(name) from None
                    time.sleep(0.02)
            yield
        finally:
            os.close(handle)


def _without(
    state: PartState, part: Part, standards: Collection[str], services: Collection[str]
) -> PartState:
    """``state`` with these standards and services dead."""
    found = {place for one in standards if (place := part.place_of(one)) is not None}
    gone = {one["row"]["id"] for one in part.services} & set(services)
    return replace(
        state,
        dead=sorted(found | set(state.dead)),
        dead_services=sorted(gone | set(state.dead_services)),
    )


def _require_files(folder: Path, state: PartState, *, whole: bool = False) -> None:
    """Raise ``Damaged`` unless the files are as they were sealed; ``whole`` reads the large ones too."""
    try:
        present = {file.name for file in folder.iterdir()}
        if present != set(state.files):
            raise Damaged("the files are not those of the state")
        for name, (size, digest) in state.files.items():
            file = folder / name
            is_small = file.stat().st_size <= READ_WHOLE_BYTES
            if whole or is_small or name.endswith((".toc", ".trm")):
                if _told(file) != [size, digest]:
                    raise Damaged(f"{name} is not what was sealed")
            elif file.stat().st_size != size:
                raise Damaged(f"{name} has another size")
    except OSError as error:
        raise Damaged("a part is gone") from error


def _told(file: Path) -> list[int | str]:
    """Size and SHA-256 of ``file``."""
    with file.open("rb") as stream:
        return [file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()]


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
