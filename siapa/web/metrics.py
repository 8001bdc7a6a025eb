"""What a host is asked and how long it takes, for Prometheus: ``/metrics``, where ``SIAPA_METRICS`` is on.

Workers are processes, and Prometheus reaches one of them by chance. So the counts stand in memory
that all of them share, a row for each, and whoever is asked tells them all. A worker that is
replaced goes on in the row of the one before it.
"""

from __future__ import annotations

import mmap
import os
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, current_app, g, request

from siapa import catalogue, search
from siapa.config import BadConfiguration, Config
from siapa.extensions import db
from siapa.publishing.commands import number_of_late
from siapa.records import ImportBatch, ImportState

if TYPE_CHECKING:
    from prometheus_client import Metric

#: Upper ends of the classes of time, in seconds; the last class has none.
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
STATUSES = ("2xx", "3xx", "4xx", "5xx")
#: The route of an answer that was kept and given before any was looked for; and of what has none.
KEPT, NONE = "kept", "none"
#: Of one route and status: the classes of time, the last one, and the seconds.
_CELLS = len(BOUNDS) + 2
_PAGE = os.sysconf("SC_PAGE_SIZE")
_EXTENSION = "siapa_meter"

metrics = Blueprint("metrics", __name__)


class Meter:
    """Counts of all workers; one that is made before they are forked is shared by them."""

    def __init__(self, routes: Iterable[str], workers: int) -> None:
        self.routes = (*sorted(set(routes)), KEPT, NONE)
        self._number_of = {route: number for number, route in enumerate(self.routes)}
        self._workers = workers
        self._pids = _shared(workers, "q")
        # For each worker, route and status: how many in each class of time, and the seconds of all.
        self._counts = _shared(workers * self._row_length, "d")
        self._worker = 0
        self._lock = threading.Lock()

    @property
    def _row_length(self) -> int:
        return len(self.routes) * len(STATUSES) * _CELLS

    def be(self, worker: int) -> None:
        """Count as this worker from here on; said by each after the fork."""
        self._worker = worker
        self._pids[worker] = os.getpid()

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        number = self._number_of.get(route, self._number_of[NONE])
        at = self._at(self._worker, number, min(max(status // 100, 2), 5) - 2)
        with self._lock:
            self._counts[at + bisect_left(BOUNDS, seconds)] += 1
            self._counts[at + _CELLS - 1] += seconds

    def _at(self, worker: int, route: int, status: int) -> int:
        return worker * self._row_length + (route * len(STATUSES) + status) * _CELLS

    def told(self) -> Iterator[tuple[str, str, list[tuple[str, float]], float]]:
        """Route, status, requests up to each bound, and seconds in all; of what was asked for at all."""
        bounds = [*map(str, BOUNDS), "+Inf"]
        for number, route in enumerate(self.routes):
            for status, name in enumerate(STATUSES):
                rows = [self._at(worker, number, status) for worker in range(self._workers)]
                *counts, seconds = map(
                    sum, zip(*(self._counts[at : at + _CELLS] for at in rows), strict=True)
                )
                if any(counts):
                    yield route, name, [*zip(bounds, accumulate(counts), strict=True)], seconds

    def memory(self) -> Iterator[tuple[str, int]]:
        """Each worker with the bytes it holds, those it shares with others too."""
        for worker, pid in enumerate(self._pids):
            try:
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            except (OSError, ValueError, IndexError):
                continue
            yield str(worker), pages * _PAGE


def init_app(app: Flask, config: Config) -> None:
    """Count what ``app`` is asked, if that is wanted; said last, when all routes are known.

    Raises ``BadConfiguration`` where the library that writes the numbers out is missing.
    """
    app.register_blueprint(metrics)
    if config.metrics == "off":
        return
    if find_spec("prometheus_client") is None:
        raise BadConfiguration("SIAPA_METRICS needs the extra: pip install 'siapa[metrics]'")
    routes = {route_of(rule.endpoint) for rule in app.url_map.iter_rules()}
    app.extensions[_EXTENSION] = meter = Meter(routes, config.workers)
    meter.be(0)
    app.after_request(_count)


def meter_of(app: Flask) -> Meter | None:
    """What counts the requests to ``app``; None where nothing is counted."""
    meter: Meter | None = app.extensions.get(_EXTENSION)
    return meter


def route_of(endpoint: str | None) -> str:
    """The name of a route, the same in both languages."""
    return (endpoint or NONE).replace("_en.", ".", 1)


def _count(response: Response) -> Response:
    meter = meter_of(current_app)
    if meter is not None:
        meter.count(route_of(request.endpoint), response.status_code, time.perf_counter() - g.started)
    return response


@metrics.get("/metrics")
def tell() -> Response:
    """All numbers, in the text format of Prometheus; 404 where they are off."""
    meter = meter_of(current_app)
    if meter is None:
        abort(404)
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(meter))
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response.cache_control.no_store = True
    return response


def _shared(count: int, kind: Literal["q", "d"]) -> memoryview[Any]:
    """So many numbers, of eight bytes each, in memory that stays shared after a fork."""
    return memoryview(mmap.mmap(-1, count * 8)).cast(kind)


class _Collector:
    """Gives the library what is to be written out."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def collect(self) -> Iterator[Metric]:
        """Families of numbers."""
        from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

        requests = HistogramMetricFamily(
            "siapa_request_seconds",
            "Requests by route and status, and their time.",
            labels=("route", "status"),
        )
        for route, status, buckets, seconds in self._meter.told():
            requests.add_metric((route, status), buckets, seconds)
        yield requests
        memory = GaugeMetricFamily("siapa_worker_memory_bytes", "Resident memory.", labels=("worker",))
        for worker, held in self._meter.memory():
            memory.add_metric((worker,), held)
        yield memory
        for name, words, value in _standing():
            yield GaugeMetricFamily(f"siapa_{name}", words, value)


def _standing() -> Iterator[tuple[str, str, float]]:
    """How the registry stands now."""
    last, position = catalogue.last_number(), search.position()
    yield "log_number", "The newest change of the log.", last
    yield (
        "index_lag",
        "Changes the search index of this host is behind; -1 without an index.",
        (max(0, last - position) if position >= 0 else -1),
    )
    reading = sa.select(sa.func.count()).where(ImportBatch.state == ImportState.READING)
    yield "imports_reading", "Spreadsheets that are being read.", db.session.scalar(reading) or 0
    yield "editions_late", "Editions that should be in force and are not.", number_of_late()
