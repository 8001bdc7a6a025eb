"""The index directory: parts that never change, and one small file that says which of them count.

    search_index/CURRENT      the state (``state``): the parts in use, and the change read up to
    search_index/part-.../    one written part (``engine``)
    search_index/new-...      a small part in the making, by the holder of ``write.lock``
    search_index/build-...    a large one, by the holder of ``build.lock``

A change writes a small part and a new state; a rebuild writes one large part beside them. The
state is put in place after everything it names has been synced (the engine never syncs), so a
crash leaves the old state or the new, and what it left behind is swept by the next who holds
the same lock. Readers take no lock.
"""

from __future__ import annotations

import shutil
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from siapa.errors import Unavailable
from siapa.locales import lazy as _l
from siapa.records.disk import sync
from siapa.search.documents import Document
from siapa.search.draft import Draft, services_in, standards_in
from siapa.search.engine import Layer, Part, PartWriter, Shelf
from siapa.search.locking import locked
from siapa.search.state import (
    CURRENT,
    Damaged,
    PartState,
    State,
    put_state,
    read_state,
    require_files,
    stamp_of,
    sync_all,
    told_of,
)
from siapa.search.stems import Stems

_PART, _ASIDE, _BUILT = "part-", "new-", "build-"
#: How long a rebuild that is done waits for another that is just writing a small part.
SWITCH_SECONDS = 60.0
#: How long newer states are looked for while the one found is being swept already.
LOOK_SECONDS = 5.0
#: What could not be opened is not looked at again before.
LOOK_AGAIN_SECONDS = 1.0
#: A change is written together with the small part before it, up to so many documents in all ...
MERGED_UP_TO = 64
#: ... and while that has at most so many times as many documents: each is written again a few times only.
MERGED_IF_WITHIN = 2
#: What came meanwhile is taken in before the switch until so few are left, in so many rounds at most.
FEW_LEFT, ROUNDS = 20, 8


@dataclass(frozen=True)
class Changes:
    """What the changes up to ``position`` are about; ``read`` gives the documents as they are now.

    ``line`` is the digest of the last of them.
    """

    position: int
    line: str
    standards: frozenset[str]
    services: frozenset[str]
    read: Callable[[Collection[str], Collection[str]], list[Document]]

    def __len__(self) -> int:
        """How many documents may be others by them."""
        return len(self.standards) + len(self.services)


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


class Index:
    """The index in ``folder``: one of these per process. ``key`` seals, ``schema`` must match."""

    def __init__(self, folder: Path, *, key: bytes, schema: str, stems: Stems) -> None:
        self.folder = folder
        self._key = key
        self._schema = schema
        self._stems = stems
        self._opened: Opened | None = None
        self._parts: dict[str, Part] = {}
        self._refused: tuple[tuple[int, int], float, Damaged] | None = None
        self._opening = threading.RLock()

    # ---------------------------------------------------------------- reading

    def opened(self) -> Opened:
        """The newest state; the one before it while the newest cannot be read.

        Raises ``Damaged`` when there is nothing that can be searched.
        """
        held = self._opened
        if held is None:
            with self._opening:
                return self._reopened()
        if held.stamp == stamp_of(self.folder) or not self._opening.acquire(blocking=False):
            return held  # also while another thread is opening it: good enough till then
        try:
            return self._reopened()
        except Damaged:
            return held
        finally:
            self._opening.release()

    def is_whole(self, *, afresh: bool = False) -> bool:
        """Whether what lies on disk can be opened; false asks for a rebuild.

        ``afresh`` reads every file again, also those that are held.
        """
        with self._opening:
            self._refused = None if afresh else self._refused
            seen: set[str] = set()
            while True:
                stamp = stamp_of(self.folder)
                try:
                    for part in self._reopened().state.parts if afresh else ():
                        if part.name not in seen:
                            require_files(self.folder / part.name, part, whole=True)
                            seen.add(part.name)
                    self._reopened()
                    return True
                except Damaged:
                    if stamp == stamp_of(self.folder):  # else a part may have gone because a newer state came
                        return False

    def _reopened(self) -> Opened:
        """The newest state, opened; the caller holds ``_opening``. Raises ``Damaged``."""
        stamp = stamp_of(self.folder)
        if self._opened is not None and self._opened.stamp == stamp:
            return self._opened
        started = time.monotonic()
        if self._refused and self._refused[0] == stamp and started - self._refused[1] < LOOK_AGAIN_SECONDS:
            raise self._refused[2]
        while True:
            try:
                self._opened = self._load(stamp)
                return self._opened
            except Damaged as error:
                now = stamp_of(self.folder)
                # A part may have gone because a newer state came.
                if now == stamp or time.monotonic() - started > LOOK_SECONDS:
                    self._refused = stamp, time.monotonic(), error
                    raise
                stamp = now

    def _load(self, stamp: tuple[int, int]) -> Opened:
        state = read_state(self.folder, key=self._key, schema=self._schema)
        layers = [Layer(self._part(part), part.dead, frozenset(part.dead_services)) for part in state.parts]
        self._parts = {name: part for name, part in self._parts.items() if name in state.names}
        return Opened(Shelf(layers, self._opened.shelf if self._opened else None), state, stamp)

    def _part(self, state: PartState) -> Part:
        """The part, as it is held or opened now, if its files are what the state says."""
        part = self._parts.get(state.name)
        if part is None:
            require_files(self.folder / state.name, state)
            part = self._parts[state.name] = _part_in(self.folder / state.name)
        return part

    # ---------------------------------------------------------------- writing

    def apply(self, changes: Changes, *, since: int) -> bool:
        """Take ``changes`` in and move from ``since`` to their position.

        False when another process has moved it meanwhile. Raises ``Busy`` while another
        writes, ``Damaged`` when there is nothing to write to, ``Unavailable`` when nothing
        can be written.
        """
        with self._locked("write.lock"), self._opening:
            opened = self._reopened()
            if opened.position != since:
                return False
            parts = list(zip(opened.state.parts, opened.shelf.parts, strict=True))
            with self._draft(Draft(opened.position, opened.state.line, parts)) as draft:
                self._take_in(draft, changes, _ASIDE)
                self._put(draft)
            self._reopened()
            self._sweep_unnamed()
        return True

    def replace(
        self,
        documents: Iterable[Document],
        *,
        at: Changes,
        since: Callable[[int], Changes],
        above: str | None = None,
    ) -> bool:
        """Write all ``documents`` (as of the last change of ``at``) as one part and switch to it.

        ``above`` names a first part that stays, with what is dead of it; false, and nothing
        changed, when it has gone. What happened meanwhile (``since`` a position) is taken in
        before the switch, so that nothing that could be found is lost from sight. Raises
        ``Busy`` while another process builds, ``Unavailable`` when nothing can be written.
        """
        self.prepare()
        with self._locked("build.lock"), self._draft(Draft(at.position, at.line)) as draft:
            self._tidied()
            if above is not None and not self._set_on(draft, above):
                return False
            self._add(draft, documents, _BUILT)
            for _round in range(ROUNDS):
                if len(changes := since(draft.position)) <= FEW_LEFT:
                    break
                self._take_in(draft, changes, _BUILT)
            with self._locked("write.lock", SWITCH_SECONDS):
                if above is not None and not self._set_on(draft, above):
                    return False
                self._take_in(draft, since(draft.position), _ASIDE)
                self._put(draft)
                self._sweep_unnamed()
            with self._opening:
                self._reopened()
        return True

    def tidy(self) -> None:
        """Sweep what a build that was cut short has left. Raises ``Busy``, ``Unavailable``."""
        if next(self.folder.glob(f"{_BUILT}*"), None) is not None:
            with self._locked("build.lock"):
                self._sweep(_BUILT)

    def _tidied(self) -> None:
        """Sweep what is left of others before much is written; the caller holds ``build.lock``."""
        self._sweep(_BUILT)
        with self._locked("write.lock", SWITCH_SECONDS):
            self._sweep_unnamed()

    def _set_on(self, draft: Draft, name: str) -> bool:
        """Make the first part as it now stands the first of ``draft``; false when it is not ``name``."""
        with self._opening:
            opened = self._reopened()
        if opened.state.parts[0].name != name:
            return False
        draft.set_on(opened.state.parts[0], opened.shelf.parts[0])
        return True

    def _take_in(self, draft: Draft, changes: Changes, prefix: str) -> None:
        """Add a small part with ``changes``; the small ones before it are taken in while they are few."""
        standards, services = set(changes.standards), set(changes.services)
        while len(changes) and len(draft.parts) > 1:
            state, part = draft.parts[-1]
            size, added = part.count + len(part.services), len(standards) + len(services)
            if size > MERGED_IF_WITHIN * added or size + added > MERGED_UP_TO:
                break
            standards |= set(standards_in(state, part))
            services |= set(services_in(state, part))
            draft.parts.pop()
            if aside := draft.aside.pop(state.name, None):
                shutil.rmtree(aside, ignore_errors=True)
        if standards or services:
            draft.without(standards, services)
            documents = changes.read(standards, services)
            if documents:
                self._add(draft, documents, prefix)
        draft.position, draft.line = changes.position, changes.line

    def _add(self, draft: Draft, documents: Iterable[Document], prefix: str) -> None:
        """Write ``documents`` as a part, whole on disk in a folder aside, and add it to ``draft``."""
        name = f"{time.time_ns():x}-{uuid.uuid4().hex[:8]}"
        aside = draft.aside[f"{_PART}{name}"] = self.folder / f"{prefix}{name}"
        aside.mkdir(mode=0o700)
        writer = PartWriter(aside, self._stems.terms, self._stems.is_small)
        for document in documents:
            writer.add(document)
        writer.finish()
        sync_all(aside)
        files = {file.name: told_of(file) for file in sorted(aside.iterdir())}
        draft.parts.append((PartState(f"{_PART}{name}", files), _part_in(aside)))

    @contextmanager
    def _draft(self, draft: Draft) -> Iterator[Draft]:
        """What of ``draft`` has got no name goes in the end: on a full disk it would be in the way."""
        try:
            yield draft
        finally:
            for aside in draft.aside.values():
                shutil.rmtree(aside, ignore_errors=True)

    def _put(self, draft: Draft) -> None:
        """Switch to ``draft``; the caller holds ``write.lock``, and sweeps what it does not name."""
        parts = tuple(state for state, _part in draft.parts)
        for name, aside in draft.aside.items():
            # Only now under its name: whoever writes a state sweeps parts that no state names.
            aside.rename(self.folder / name)
        sync(self.folder)
        try:
            put_state(self.folder, State(self._schema, draft.position, draft.line, parts), key=self._key)
        except BaseException:
            self._sweep_unnamed()
            raise

    def prepare(self) -> None:
        """Make the directory, for its owner alone: whoever can write here runs code."""
        with _said():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)

    def _sweep_unnamed(self) -> None:
        """Remove all but what the state names; the caller holds ``write.lock``."""
        names: set[str] = set()
        try:
            names = read_state(self.folder, key=self._key, schema=self._schema).names
        except Damaged as error:
            if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, FileNotFoundError):
                return  # it is there, and may name them
        self._sweep(_PART, names)
        self._sweep(_ASIDE)
        for left in self.folder.glob(f"{CURRENT}.*.tmp"):  # of one that ended while it wrote
            left.unlink(missing_ok=True)

    def _sweep(self, prefix: str, keep: Collection[str] = ()) -> None:
        for folder in self.folder.glob(f"{prefix}*"):
            if folder.name not in keep:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _locked(self, name: str, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the lock ``name``. Raises ``Busy``, and ``Unavailable`` for what the system refuses inside."""
        with _said(), locked(self.folder / name, wait_seconds):
            yield


@contextmanager
def _said() -> Iterator[None]:
    """What the system refuses (a full disk, a read-only folder), in words for who has to act."""
    try:
        yield
    except OSError as error:
        message = _l("The search index cannot be written: %(why)s.", why=error.strerror or str(error))
        raise Unavailable(message) from error


def _part_in(folder: Path) -> Part:
    try:
        return Part(folder)
    except Exception as error:  # the engine raises whatever broken files lead to
        raise Damaged(f"a part cannot be opened: {error!r}") from error
