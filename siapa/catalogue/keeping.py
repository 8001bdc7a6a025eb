"""What was read once is kept until the log names something it was made of.

Names of agencies and places, cards of standards, sums over the standards of a service: all of
it is read far more often than it changes. A value is kept with what it was made of; a line of
the log that touches any of that lets it go (``touching``). So nothing is shown a moment longer
than the log says, in every process, and one publication does not make everything be read anew.

Only what was read at the very number that the keeper stands at is kept: a slow reader, whose
view of the database is older, uses what is there and adds nothing. Who is writing sees nothing
of this and adds nothing either, since what is written may yet be taken back.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from cachetools import LRUCache

from siapa.catalogue.log import last_number
from siapa.catalogue.touching import PLACES, Places, places_count_for, touched
from siapa.extensions import db
from siapa.records.engine import WRITES

#: What is kept of the kinds of which there is no end; what was not asked for longest makes room.
MOST = {"cards": 2_000, "totals": 1_000}
#: No reader's view of the database is older than so many seconds: a lower number is another log.
OLDEST_VIEW_SECONDS = 60.0

T = TypeVar("T")
K = TypeVar("K")


@dataclass(slots=True, eq=False)
class Kept(Generic[T]):
    """A value, what it was made of, and what others have made of it."""

    value: T
    made_of: frozenset[str]
    _made: dict[Any, Any] = field(default_factory=dict)

    def made(self, name: Any, make: Callable[[T], Any]) -> Any:
        """What ``make`` makes of the value: made once, and gone with it."""
        try:
            return self._made[name]
        except KeyError:
            found = self._made[name] = make(self.value)
            return found


class Keeper:
    """All that is kept of one registry; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelves: dict[str, MutableMapping[Any, Kept[Any]]] = {
            name: LRUCache(most) for name, most in MOST.items()
        }
        self._moved_at = 0.0
        self._places: Places | None = None
        #: The number of the log up to which it is known what has changed.
        self.number = -1

    def move(self, number: int) -> None:
        """Let go of what the log up to ``number`` has touched."""
        before = self.number
        if number < before and time.monotonic() - self._moved_at < OLDEST_VIEW_SECONDS:
            return  # somebody who began to read before the last change
        changed = touched(before, number) if 0 <= before < number else None
        places = self._places
        if changed is not None and PLACES in changed:
            places = _places_at(number)
            if places is not None and places == self._places:
                changed -= {PLACES}  # only hours, counters or words of a place are others
        with self._lock:
            if self.number != before:
                return  # somebody else was quicker
            for shelf in self._shelves.values():
                for key in [key for key, kept in shelf.items() if changed is None or changed & kept.made_of]:
                    del shelf[key]
            self.number, self._moved_at = number, time.monotonic()
            self._places = None if changed is None else places

    def get(self, shelf: str, keys: Iterable[K]) -> dict[K, Kept[Any]]:
        """Those of ``keys`` that are kept."""
        with self._lock:
            held = self._shelves.get(shelf)
            if not held:
                return {}
            return {key: kept for key in keys if (kept := held.get(key)) is not None}

    def put(self, shelf: str, values: Mapping[Any, Kept[Any]], number: int) -> None:
        """Keep ``values``, which were read when the log stood at ``number``."""
        with self._lock:
            if number == self.number:
                self._shelves.setdefault(shelf, {}).update(values)


class Look:
    """What one reader sees: the log at a number, and what is kept. Made by ``look``."""

    def __init__(self, keeper: Keeper | None, number: int) -> None:
        self._keeper = keeper
        self.number = number

    def all(
        self, shelf: str, keys: Iterable[K], read: Callable[[list[K]], Mapping[K, Kept[T]]]
    ) -> dict[K, Kept[T]]:
        """The values of ``keys``: those that are kept, and the others by ``read``, which are kept then.

        A key of which ``read`` knows nothing is not in the answer.
        """
        wanted = list(dict.fromkeys(keys))
        found = self._keeper.get(shelf, wanted) if self._keeper else {}
        missing = [key for key in wanted if key not in found]
        if missing:
            fresh = read(missing)
            if self._keeper:
                self._keeper.put(shelf, fresh, self.number)
            found.update(fresh)
        return found

    def one(self, shelf: str, key: Any, read: Callable[[], T], made_of: Iterable[str]) -> T:
        """The value of ``key``, kept or by ``read``."""
        tags = frozenset(made_of)
        return self.all(shelf, [key], lambda _keys: {key: Kept(read(), tags)})[key].value


def _places_at(number: int) -> Places | None:
    """What places count for when the log stands at ``number``; None if it has moved on meanwhile."""
    found = places_count_for()
    return found if last_number() == number else None


_keepers: weakref.WeakKeyDictionary[sa.Engine, Keeper] = weakref.WeakKeyDictionary()


def look() -> Look:
    """A look at what is kept of the registry, as of the newest change that the session sees."""
    number = last_number()
    connection = db.session.connection()
    if connection.get_execution_options().get(WRITES, False):
        return Look(None, number)
    keeper = _keepers.get(db.engine)
    if keeper is None:
        keeper = _keepers.setdefault(db.engine, Keeper())
    if keeper.number != number:
        keeper.move(number)
    return Look(keeper, number)
