"""Where two rivals meet: one database for many races, and two threads that start together each round."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

from flask import Flask

import siapa.publishing
from siapa.errors import SiapaError
from siapa.extensions import db
from siapa.publishing import commands, places, services
from siapa.records import Officer, Role, Standard, State
from siapa.records.engine import begin_writing
from tests.publishing.cast import a_service, document, officer, people_and_places, published
from tests.publishing.racing import somebody

#: Rounds in which one must win; and in which both may have their way, where there is less to go wrong.
ROUNDS, ROUNDS_OF_BOTH = 25, 10
ROOM = "siapa.publishing."
#: By these a function changes rows.
_CHANGES = {"changing", "adding", "together", "in_bulk"}


@dataclass(frozen=True)
class Race:
    """What each of two rivals does, and what must have become of it."""

    #: Given the arena, the number of the round, and which of the two acts.
    act: Callable[[Arena, int, int], object]
    #: How many of the two must have had their way; the others are told.
    winners: tuple[int, ...] = (1,)
    #: Brings the arena to where the round begins.
    before: Callable[[Arena, int], object] = lambda arena, number: None
    #: What must be so after the round.
    holds: Callable[[Arena, int], bool] = lambda arena, number: True
    #: Whether each may hold what the other needs: then PostgreSQL lets one go, who is told to try again.
    crosses: bool = False

    @property
    def rounds(self) -> int:
        """How often it is run."""
        return ROUNDS if self.winners == (1,) else ROUNDS_OF_BOTH


class Arena:
    """People, places, a standard and a service in the database of ``app``; and two threads."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app, self.folder = app, folder
        self._threads, self._start = ThreadPoolExecutor(2), threading.Barrier(2)
        #: What the rivals of this round gave back, and what ``before`` keeps for them.
        self.given: list[Any] = []
        self.kept: Any = None
        #: The workbook of an agency, made once.
        self.file: bytes | None = None
        begin_writing(db)
        cast = people_and_places()
        officer("second", Role.PUBLISHER, cast.own)
        officer("lone", Role.OPERATOR, cast.child)
        db.session.commit()
        self.own, self.child, self.sibling, self.parent = (
            one.id for one in (cast.own, cast.child, cast.sibling, cast.parent)
        )
        self.mall = cast.mall.id
        self.standard = published(cast, title="Akta kelahiran", decree={"number": "12"}).id
        self.other = published(cast, title="Akta kematian").id
        self.service = a_service(cast).id
        self.counter = places.add_counter(self.mall, "Loket 1", by=cast.national).id
        db.session.remove()

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()

    def round(self, race: Race, number: int) -> list[SiapaError | None]:
        """Let two rivals act at once: what each was told, or None."""
        race.before(self, number)
        db.session.remove()
        self.given = []
        running = [self._threads.submit(self._act, race, number, rival) for rival in (0, 1)]
        return [one.result() for one in running]

    def _act(self, race: Race, number: int, rival: int) -> SiapaError | None:
        with self.app.app_context():
            self._start.wait()
            try:
                self.given.append(race.act(self, number, rival))
            except SiapaError as told:
                return told
            return None

    def bring(self, wanted: State | None) -> Standard:
        """Bring the standard, which is in force, to a draft in this state; None is no draft."""
        standard = db.session.get_one(Standard, self.standard, populate_existing=True)
        author, publisher = somebody("author"), somebody("publisher")
        if standard.live is None:
            self._make_draft(standard, author)
            commands.submit(standard.id, by=author)
            commands.publish(standard.id, by=publisher)
        edition = standard.open_edition
        if edition is not None and edition.state in (State.SUBMITTED, State.SCHEDULED):
            commands.return_(standard.id, {"": "Perbaiki."}, by=publisher)
        if wanted is None and edition is not None:
            commands.discard(standard.id, by=author)
        if wanted is not None and edition is None:
            self._make_draft(standard, author)
        if wanted is State.SUBMITTED:
            commands.submit(standard.id, by=author)
        return db.session.get_one(Standard, self.standard, populate_existing=True)

    def _make_draft(self, standard: Standard, author: Officer) -> None:
        if standard.open_edition is None:
            commands.open_draft(standard.id, by=author)

    def a_standard(self, title: str, **more: Any) -> uuid.UUID:
        """A new draft of the agency."""
        return commands.open_standard(self.own, document(title), by=somebody("author"), **more).id

    def in_force(self, title: str) -> uuid.UUID:
        """A new standard of the agency, published."""
        standard_id = self.a_standard(title)
        commands.submit(standard_id, by=somebody("author"))
        commands.publish(standard_id, by=somebody("publisher"))
        return standard_id

    def a_service(self, code: str) -> uuid.UUID:
        """A new service of the catalogue."""
        values = {"name": f"Layanan {code}", "name_en": f"Service {code}",
                  "agency_kind": "dinas_dukcapil", "category_code": "kependudukan"}  # fmt: skip
        return services.add_service(code, values, by=somebody("curator")).id


def commands_of_the_room() -> Iterator[str]:
    """Every public function of ``publishing`` that changes rows itself, or is told by whom it acts."""
    for found in pkgutil.walk_packages(siapa.publishing.__path__, ROOM):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            function = inspect.unwrap(value) if callable(value) else value
            is_own = inspect.isfunction(function) and function.__module__ == found.name
            if is_own and not name.startswith("_") and _is_command(function):
                yield f"{found.name.removeprefix(ROOM)}.{name}"


def _is_command(function: Any) -> bool:
    tree = ast.parse(dedent(inspect.getsource(function)))
    called = {
        call.func.id
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    return bool(called & _CHANGES) or "by" in inspect.signature(function).parameters
