"""Writers and readers at two hosts behind nginx, while what is under them is killed; what became of it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path

from siapa import search
from siapa.extensions import db
from siapa.records import Role
from tests.cli.served import free_port
from tests.conftest import make_app
from tests.deploy.conftest import Host, Proxy, proxied
from tests.web.api.programs import program_of
from tests.web.registry import content, make_registry

PATHS = ("/layanan", "/mpp", "/api/v1/standards", "/api/v1/search", "/cari", "/api/v1/regions", "/instansi")
#: Seconds an asker waits for an answer.
PATIENCE = 30.0
#: Seconds a reader rests, and a writer before it sends the same again.
REST = 0.1


@dataclass
class Seen:
    """What readers and writers met."""

    reads: Counter[int] = field(default_factory=Counter)
    writes: Counter[int] = field(default_factory=Counter)
    #: Ids of standards whose drafts were acknowledged, with the moment (monotonic).
    acknowledged: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    slowest_read: float = 0.0


@dataclass
class Load:
    """Asks ``port`` on and on until it is over."""

    port: int
    secret: str
    seen: Seen = field(default_factory=Seen)
    is_over: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=count)

    @contextmanager
    def on(self, *, readers: int = 3, writers: int = 6) -> Iterator[Seen]:
        """Readers and writers at work; when it is over each finishes what it has begun."""
        threads = [threading.Thread(target=self._read) for _ in range(readers)]
        threads += [threading.Thread(target=self._write) for _ in range(writers)]
        for thread in threads:
            thread.start()
        try:
            yield self.seen
        finally:
            self.is_over.set()
            for thread in threads:
                thread.join()

    def _ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and body; status 0 where no answer came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException):
            return 0, b""
        finally:
            connection.close()

    def _read(self) -> None:
        while not self.is_over.is_set():
            number = next(self._numbers)
            path = PATHS[number % len(PATHS)]
            # An address that nobody has asked for: it cannot be answered from what nginx keeps.
            query = {"/api/v1/search": f"?q=sim&page={number % 50 + 1}&lang=id", "/cari": f"?q=sim+{number}"}
            fresh = f"?page={number + 1}" if "/api/" in path else f"?x={number}"
            began = time.monotonic()
            status, _body = self._ask("GET", path + query.get(path, fresh))
            self.seen.slowest_read = max(self.seen.slowest_read, time.monotonic() - began)
            self.seen.reads[status] += 1
            if status != 200:
                self.seen.failed.append(f"{status} {path}")
            time.sleep(REST)

    def _write(self) -> None:
        while not self.is_over.is_set():
            document = content(title=f"Izin latihan {next(self._numbers)}", effective_from=None)
            body, key = json.dumps({"document": document}).encode(), str(uuid.uuid4())
            # The same again until it is answered well: the key makes it one standard.
            while True:
                status, said = self._ask(
                    "POST", "/api/v1/agencies/polresta-kendari/standards", body,
                    **{"Authorization": f"Bearer {self.secret}", "Content-Type": "application/json",
                       "Idempotency-Key": key},
                )  # fmt: skip
                self.seen.writes[status] += 1
                if status == 201:
                    self.seen.acknowledged[json.loads(said)["standard"]] = time.monotonic()
                    break
                if self.is_over.is_set():
                    break
                time.sleep(REST)


@contextmanager
def country(folder: Path, settings: dict[str, str]) -> Iterator[tuple[Proxy, Load]]:
    """Two hosts on the database that ``settings`` name, each with an index, behind nginx; and a load."""
    app = make_app(folder / "first", **settings)
    with app.app_context():
        make_registry()
        secret = program_of(app.test_client(), Role.OPERATOR).secret
        search.rebuild()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    with ExitStack() as stack:
        hosts = []
        for number in (1, 2):
            place = folder / f"host-{number}"
            place.mkdir()
            host = Host(place, number, settings={**settings, "SIAPA_RATE_LIMITS": "1000000 per minute"})
            stack.callback(host.stop)
            host.start()
            hosts.append(host)
        port = free_port()
        stack.enter_context(
            proxied(folder, port, hosts, {"rate=50r/s": "rate=9999r/s", "rate=10r/s": "rate=9999r/s"})
        )
        yield Proxy(port, hosts), Load(port, secret)
