"""What each officer is answered at each route: the expected answers as a file, and how a cell is tried.

A cell is a real request with a real session or token. What is refused must leave the registry as it
was, but for the line in the audit that says who tried; what is done is undone by putting the
database file back.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.web.desk import digits
from tests.access.asks import ARGUMENTS, ASKS, USUAL_THINGS, Ask
from tests.access.world import ACTORS, IN_AGENCIES, OTHERS, PROGRAMS, World, make_world
from tests.conftest import make_app
from tests.web.desk.conftest import with_quick_hashes

EXPECTED = Path(__file__).with_name("expected.txt")
#: What is read and not compared: what a refusal may add to.
_MOVES_ALWAYS = {"audit_event", "counting", "sqlite_sequence", "unanswered_query"}
#: Where the desk sends whoever has to prove something first.
_DOORS = {"masuk": "in", "kode": "2nd", "pastikan": "fresh"}
REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Row:
    """One route with one method, on one kind of thing, and what each actor is answered."""

    method: str
    endpoint: str
    thing: str
    codes: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.thing}"

    @property
    def route(self) -> tuple[str, str]:
        """Which route it is about."""
        return self.method, self.endpoint

    @property
    def ask(self) -> Ask:
        """What is sent."""
        return ASKS.get(f"{self.endpoint} {self.thing}") or ASKS.get(self.endpoint) or Ask()


def expected() -> list[Row]:
    """The rows of the file."""
    rows = []
    for line in EXPECTED.read_text().splitlines():
        words = line.partition("#")[0].replace("|", " ").split()
        if words:
            method, endpoint, thing, *codes = words
            assert len(codes) == len(ACTORS), f"{len(codes)} codes instead of {len(ACTORS)}: {line}"
            rows.append(Row(method, endpoint, thing, dict(zip(ACTORS, codes, strict=True))))
    return rows


def line_of(row: Row) -> str:
    """``row`` as it stands in the file."""
    groups = (OTHERS[:3], *(IN_AGENCIES[at : at + 4] for at in (0, 4, 8)), OTHERS[3:], PROGRAMS)
    codes = " | ".join(" ".join(f"{row.codes[actor]:<4}" for actor in group) for group in groups)
    return f"{row.method:<4} {row.endpoint:<29} {row.thing:<11} | {codes}".rstrip()


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Method and rule of every route of the desk (in Indonesian) and of the API."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in ("desk", "api", "api_reference"):
            for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
                yield method, rule


def usual_row(method: str, rule: Rule) -> Row:
    """The row that a route without one would have, its codes unknown."""
    thing = next((USUAL_THINGS[name] for name in rule.arguments if name in USUAL_THINGS), "-")
    return Row(method, rule.endpoint, thing, dict.fromkeys(ACTORS, "?"))


def is_tried(row: Row, actor: str) -> bool:
    """Programs do not visit the desk; who has given only a password has no program."""
    return actor not in PROGRAMS if row.endpoint.startswith("desk.") else actor != "half"


class Registry:
    """The registry behind its doors, put back to where it was after whatever was done."""

    def __init__(self, folder: Path) -> None:
        # A name for which browsers take passkeys.
        self.app = with_quick_hashes(make_app(folder, SIAPA_PUBLIC_URL="https://siapa.example"))
        self._file = folder / "instance" / "siapa.db"
        with self.app.app_context():
            self.world: World = make_world(self.app)
            self._close()
        self._kept = self._file.with_suffix(".kept")
        with sqlite3.connect(self._file) as source, sqlite3.connect(self._kept) as target:
            source.backup(target)
        self._rules = {rule.endpoint: rule for rule in self.app.url_map.iter_rules()}
        self._reading: sqlite3.Connection | None = None
        self.put_back()

    def put_back(self) -> None:
        """Let nothing have happened."""
        with self.app.app_context():
            self._close()
        if self._reading is not None:
            self._reading.close()
        for end in ("-wal", "-shm"):
            Path(f"{self._file}{end}").unlink(missing_ok=True)
        shutil.copyfile(self._kept, self._file)
        self._reading = sqlite3.connect(self._file)
        self._standing = self._look()

    def code(self, row: Row, actor: str) -> str:
        """What ``actor`` is answered; fails when a refusal, or reading, has changed anything."""
        shows = row.ask.shows.format(**self.world.names_for(actor))
        code = _code_of(self._answer(row, actor), shows)
        is_done = self._look() != self._standing
        if not is_done:
            return "idle" if code == "ok" and row.method != "GET" else code
        assert row.method != "GET" and code in ("ok", "in"), f"{row} by {actor}: {code}, and yet it was done"
        self.put_back()
        return "out" if code == "in" else code

    def _answer(self, row: Row, actor: str) -> TestResponse:
        names = self.world.names_for(actor)
        names["THING"] = names.get(row.thing.partition("-")[0], row.thing)
        if "{digits}" in row.ask.form.values():
            with self.app.app_context():
                totp = digits._totp()._totp
                names["digits"] = totp.from_source(names["pending"]).generate().token
        endpoint, ask, sent = row.endpoint, row.ask, dict[str, Any]()
        client, headers = self.app.test_client(), dict(ask.headers)
        if endpoint.startswith("desk."):
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.world.cookies[actor])
            # Half of the cells in English: it is the same view.
            if (ACTORS.index(actor) + len(str(row))) % 2:
                endpoint = endpoint.replace("desk.", "desk_en.")
            if row.method != "GET":
                form: dict[str, Any] = {name: text.format(**names) for name, text in ask.form.items()}
                form["csrf_token"] = self.world.form_tokens[actor]
                if ask.file is not None:
                    form["file"] = (BytesIO(ask.file[0]), ask.file[1])
                sent["data"] = form
        else:
            if actor in self.world.tokens:
                headers["Authorization"] = f"Bearer {self.world.tokens[actor]}"
            sent = {"json": _filled(ask.json, names)} if ask.json is not None else {"data": ask.body}
        path = self._address(endpoint, row.thing, names)
        query = ask.query.format(**names)
        return client.open(path, method=row.method, query_string=query, headers=headers, **sent)

    def _address(self, endpoint: str, thing: str, names: dict[str, str]) -> str:
        rule = self._rules[endpoint]
        told = {**ARGUMENTS[""], **ARGUMENTS.get(thing, {})}
        values = {name: told[name].format(**names) for name in rule.arguments}
        return rule.rule.replace("<", "{").replace(">", "}").replace("uuid:", "").replace(
            "int:", "").replace("path:", "").format(**values)  # fmt: skip

    def _look(self) -> list[tuple[Any, ...]]:
        """How many rows each table has, and what the audit says beyond refusals."""
        assert self._reading is not None
        tables = [
            name
            for (name,) in self._reading.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in _MOVES_ALWAYS
        ]
        counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in tables)
        acts = "SELECT 'acts', count(*) FROM audit_event WHERE action NOT LIKE 'denied:%'"
        return self._reading.execute(f"{counted} UNION ALL {acts}").fetchall()

    def _close(self) -> None:
        db.session.remove()
        db.engine.dispose()


def _filled(value: Any, names: dict[str, str]) -> Any:
    """``value`` with the names in its texts replaced."""
    match value:
        case str():
            return value.format(**names) if "{" in value else value
        case dict():
            return {key: _filled(held, names) for key, held in value.items()}
        case list():
            return [_filled(held, names) for held in value]
        case _:
            return value


def _code_of(answer: TestResponse, shows: str) -> str:
    if answer.status_code in REDIRECTS:
        return _DOORS.get(urlsplit(answer.location or "").path.rpartition("/")[2], "ok")
    if answer.status_code >= 300:
        return str(answer.status_code)
    if shows:
        return "sees" if shows in answer.text else "none"
    return "ok"
