"""Keeping the index with the log: follow what changed, rebuild what is broken, say what differs.

The log says *that* something changed; what it is now is read from the database. So a
change may be applied twice, or late, and the index comes out the same.
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa
import structlog

from siapa.errors import Unavailable
from siapa.records import Agency, Change, ChangeKind, Counting, Location, Offering, Service, Standard
from siapa.records.engine import one_view
from siapa.search.documents import Document, Documents
from siapa.search.draft import services_in, standards_in
from siapa.search.engine import Shelf
from siapa.search.index import Changes, Index, Opened
from siapa.search.locking import Busy
from siapa.search.state import Damaged

log = structlog.get_logger(__name__)

#: How long a check waits for the index to come up to the log, while others write to it.
CATCH_UP_SECONDS = 10.0
#: So many changes are taken in at once; the rest in the next steps.
AT_ONCE = 500
#: When a larger share of all standards, and so many, have changed, the whole is quicker.
MOST_SHARE, MOST_CHANGES = 0.25, 2_000
#: So many small parts are folded into one; into the large one when they hold a larger share of it.
MOST_PARTS, MOST_FOLDED, MOST_APART = 8, 0.1, 1_000


@dataclass(frozen=True)
class Difference:
    """One way in which the index is not what the database says.

    ``kind``: ``missing`` (live, not indexed), ``extra`` (indexed, not live), ``changed``
    (another content), ``position`` (cannot follow the log, or is ahead of it), ``damaged`` (cannot be read).
    """

    kind: str
    subject: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}" + (f" ({self.detail})" if self.detail else "")


@dataclass
class _Touched:
    """What some changes are about."""

    standards: set[uuid.UUID] = field(default_factory=set)
    services: set[uuid.UUID] = field(default_factory=set)
    all_services: bool = False

    def has(self, key: str) -> bool:
        """Whether the document ``key`` may be another by them."""
        kind, _colon, subject = key.partition(":")
        if kind == "service":
            return self.all_services or uuid.UUID(subject) in self.services
        return uuid.UUID(subject) in self.standards


def newest(connection: sa.Connection) -> int:
    """The number of the newest change of the log, 0 while it is empty."""
    return connection.scalar(sa.select(Counting.last_number).where(Counting.log == "change")) or 0


def line_of(connection: sa.Connection, number: int) -> str:
    """What tells this line of the log from that of another registry; empty when it is not there."""
    columns = (Change.at, Change.kind, Change.subject_id)
    row = connection.execute(sa.select(*columns).where(Change.number == number)).first()
    if row is None:
        return ""
    text = f"{number} {row.at.isoformat()} {row.kind} {row.subject_id}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _apart(opened: Opened) -> int:
    """How much of the index is not in the large part as it should be."""
    first, *small = opened.state.parts
    return len(first.dead) + sum(part.count for part in opened.shelf.parts[1:])


class Follower:
    """Moves ``index`` along the log of the database behind ``engine``."""

    def __init__(self, index: Index, engine: sa.Engine) -> None:
        self.index = index
        self._engine = engine
        self._one_at_a_time = threading.Lock()

    def position(self) -> int:
        """The change up to which the index has read; -1 when there is no index that can be read."""
        try:
            return self.index.opened().position
        except Damaged:
            return -1

    def follow(self, *, most: int | None = None) -> int:
        """Apply what is new in the log; how many changes that were, 0 while another does it.

        A missing or damaged index, or one of another log, is built. With ``most`` that is left
        to others, and so is what is more than so many changes: somebody is waiting.
        """
        if not self._one_at_a_time.acquire(blocking=False):
            return 0
        try:
            return self._follow(most)
        except Busy:
            return 0
        finally:
            self._one_at_a_time.release()

    def _follow(self, most: int | None = None) -> int:
        began, last = self._where()
        if began is None or self._is_far(began, last):
            return self._rebuild() if most is None else 0
        if most is not None and last - began > most:
            return 0
        since = began
        while since < last:
            try:
                moved = self.index.apply(self._changes(since, min(last, since + AT_ONCE)), since=since)
            except Damaged:
                return self._rebuild() if most is None else 0
            if not moved:
                break
            since = min(last, since + AT_ONCE)
        return since - began

    def _where(self) -> tuple[int | None, int]:
        """Where the index stands in the log, None if it must be built, and where the log ends.

        Not beyond what the end is now: whoever keeps publishing would keep us here for ever.
        """
        opened = self.index.opened() if self.index.is_whole() else None
        with self._engine.connect() as connection:
            last = newest(connection)
            if opened is None or opened.position > last:
                return None, last
            is_same = line_of(connection, opened.position) == opened.state.line
        return (opened.position if is_same else None), last

    def _is_far(self, since: int, last: int) -> bool:
        return last - since > max(MOST_CHANGES, MOST_SHARE * self.index.opened().shelf.live_count)

    def _changes(self, since: int, last: int | None = None) -> Changes:
        """What the changes after ``since`` up to ``last``, or to the newest, are about."""
        with self._engine.connect() as connection:
            last = newest(connection) if last is None else last
            touched = _touched_between(connection, since, last)
            services = touched.services
            if touched.all_services:
                services = services | set(connection.scalars(sa.select(Service.id)))
            line = line_of(connection, last)
        standards = frozenset(one.hex for one in touched.standards)
        return Changes(last, line, standards, frozenset(map(str, services)), self._read)

    def _read(self, standards: Collection[str], services: Collection[str]) -> list[Document]:
        return list(self._documents(standards, services))

    def _documents(
        self, standards: Collection[str] | None, services: Collection[str] | None
    ) -> Iterator[Document]:
        """The documents of these ids, or of all, as they are at one moment."""
        with one_view(self._engine) as connection:
            source = Documents(connection)
            if services is None or services:
                yield from source.services(None if services is None else [*map(uuid.UUID, services)])
            if standards is None or standards:
                yield from source.standards(None if standards is None else [*map(uuid.UUID, standards)])

    def rebuild(self) -> int:
        """Build the index anew beside the old one and switch; the number of documents.

        ``Busy`` while another process rebuilds, ``Unavailable`` when it cannot be written.
        """
        return self._rebuild()  # beside those who follow: they go on with the old parts

    def fold(self) -> bool:
        """Write small parts together, when many have come together; whether that was so.

        Raises ``Unavailable`` when nothing can be written.
        """
        try:
            self.index.tidy()
            opened = self.index.opened()
            if len(opened.state.parts) <= 1 + MOST_PARTS:
                return False
            if _apart(opened) > max(MOST_APART, MOST_FOLDED * opened.shelf.parts[0].count):
                self._rebuild()
                return True
            return self._together(opened)
        except (Busy, Damaged):
            return False

    def _together(self, opened: Opened) -> bool:
        """Write all small parts as one; the large one stays."""
        small = list(zip(opened.state.parts, opened.shelf.parts, strict=True))[1:]
        standards = [one for pair in small for one in standards_in(*pair)]
        services = [one for pair in small for one in services_in(*pair)]
        return self.index.replace(
            self._documents(standards, services),
            at=Changes(opened.position, opened.state.line, frozenset(), frozenset(), self._read),
            since=self._changes,
            above=opened.state.parts[0].name,
        )

    def _rebuild(self) -> int:
        with self._engine.connect() as connection:
            position = newest(connection)
            line = line_of(connection, position)
        at = Changes(position, line, frozenset(), frozenset(), self._read)
        self.index.replace(self._documents(None, None), at=at, since=self._changes)
        shelf = self.index.opened().shelf
        total = len(shelf.catalogue.rows) + shelf.live_count
        log.info("search index rebuilt", documents=total, position=position)
        return total

    def check(self) -> list[Difference]:
        """Every difference between the index and the database; none when they agree.

        It follows first, and compares with one moment of the database; what was published
        between the index and that moment is on its way, and no difference.
        """
        if not self.index.is_whole(afresh=True):
            return [Difference("damaged", "index", "missing, damaged or of another shape")]
        is_another = self._where()[0] is None
        is_stuck = is_another or not self._caught_up()
        opened = self.index.opened()
        indexed = dict(_marks(opened.shelf))
        found: list[Difference] = []
        with one_view(self._engine) as connection:
            last = newest(connection)
            if is_stuck:
                where = f"at {opened.position}, the log at {last}" + ", another log" * is_another
                found.append(Difference("position", "index", where))
            on_their_way = _touched_between(connection, opened.position, last)
            source = Documents(connection)
            for part in (source.services(), source.standards()):
                for document in part:
                    mark = indexed.pop(document.key, None)
                    if mark != document.mark and not on_their_way.has(document.key):
                        found.append(Difference("missing" if mark is None else "changed", document.key))
        extra = (key for key in sorted(indexed) if not on_their_way.has(key))
        return [*found, *(Difference("extra", key) for key in extra)]

    def _caught_up(self) -> bool:
        """Follow to where the log stands now, waiting for others who do; false when it cannot be reached."""
        with self._engine.connect() as connection:
            wanted = newest(connection)
        deadline = time.monotonic() + CATCH_UP_SECONDS
        while self.position() < wanted:
            try:
                with self._one_at_a_time:
                    self._follow()
            except (Busy, OSError, Unavailable) as error:
                if time.monotonic() >= deadline:
                    log.warning("the search index does not come up to the log", error=repr(error))
                    return False
                time.sleep(0.02)
        return True


def _marks(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """The key and the mark of everything that can be found."""
    for layer in shelf.layers:
        for entry in layer.part.services:
            if entry["row"]["id"] not in layer.dead_services:
                yield f"service:{entry['row']['id']}", bytes.fromhex(entry["mark"])
        dead = frozenset(layer.dead)
        for place in range(layer.part.count):
            if place not in dead:
                yield f"standard:{uuid.UUID(layer.part.id_of(place))}", layer.part.mark_of(place)


def _touched_between(connection: sa.Connection, since: int, last: int) -> _Touched:
    """What the changes after ``since`` up to ``last`` are about."""
    query = sa.select(Change.kind, Change.subject_id).where(Change.number > since, Change.number <= last)
    return _touched(connection, connection.execute(query).all())


def _touched(connection: sa.Connection, changes: Iterable[sa.Row[ChangeKind, str]]) -> _Touched:
    touched = _Touched()
    regions: set[str] = set()
    ids: dict[ChangeKind, set[uuid.UUID]] = {}
    for kind, subject in changes:
        if kind is ChangeKind.REGION_CHANGED:
            regions.add(subject)
        elif kind is ChangeKind.VOCABULARY_CHANGED:
            touched.all_services = True  # names of categories and life events stand in them
        elif (subject_id := _uuid(subject)) is not None:
            ids.setdefault(kind, set()).add(subject_id)
    for kind in (ChangeKind.STANDARD_PUBLISHED, ChangeKind.STANDARD_SUPERSEDED, ChangeKind.STANDARD_WITHDRAWN,
                 ChangeKind.STANDARD_MOVED):  # fmt: skip
        touched.standards |= ids.get(kind, set())
    touched.services |= ids.get(ChangeKind.SERVICE_CHANGED, set())
    offered = ids.get(ChangeKind.OFFERING_CHANGED, set())
    touched.standards |= offered  # the subject is the standard; an offering's or a place's id is taken too
    places = ids.get(ChangeKind.LOCATION_CHANGED, set()) | offered
    agencies = _with_those_below(connection, ids.get(ChangeKind.AGENCY_CHANGED, set()))
    for query in _standards_of(places, touched.services, agencies, regions):
        touched.standards.update(connection.scalars(query))
    return touched


def _standards_of(
    places: set[uuid.UUID], services: set[uuid.UUID], agencies: set[uuid.UUID], regions: set[str]
) -> list[sa.Select[uuid.UUID]]:
    queries = []
    if places:
        here = Offering.location_id.in_(places) | Offering.id.in_(places)
        queries.append(sa.select(Offering.standard_id).where(here))
    if services:
        queries.append(sa.select(Standard.id).where(Standard.service_id.in_(services)))
    if agencies:
        queries.append(sa.select(Standard.id).where(Standard.agency_id.in_(agencies)))
    if regions:
        placed = sa.select(Offering.standard_id).join(Location, Location.id == Offering.location_id)
        queries.append(placed.where(Location.region_code.in_(regions)))
        owned = sa.select(Standard.id).join(Agency, Agency.id == Standard.agency_id)
        queries.append(owned.where(Agency.region_code.in_(regions)))
    return queries


def _with_those_below(connection: sa.Connection, agencies: set[uuid.UUID]) -> set[uuid.UUID]:
    if not agencies:
        return agencies
    below: dict[uuid.UUID, list[uuid.UUID]] = {}
    rows = connection.execute(sa.select(Agency.id, Agency.parent_id).where(Agency.parent_id.is_not(None)))
    for agency_id, parent_id in rows:
        assert parent_id is not None
        below.setdefault(parent_id, []).append(agency_id)
    found = set(agencies)
    waiting = list(agencies)
    while waiting:
        for agency_id in below.get(waiting.pop(), ()):
            if agency_id not in found:
                found.add(agency_id)
                waiting.append(agency_id)
    return found


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
