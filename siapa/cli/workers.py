"""The server's processes: one that watches, and workers that answer.

The watcher holds a listening socket for each worker, over which Linux spreads new
connections evenly, and starts a worker anew in its place when it ends: what waits in the
socket meanwhile is answered by the next one. The watcher does nothing else, so nothing a
request does can bring it down. Inside a worker granian reads requests and sends answers
without Python, and hands each whole request to one of a few threads.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NoReturn

from granian._futures import _new_cbscheduler
from granian._granian import SocketHolder, WorkerSignal, WSGIWorker
from granian.http import HTTP1Settings
from granian.wsgi import _callback_wrapper

from siapa.config import leave_the_environment
from siapa.errors import Unavailable

logger = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Threads that run Python in a worker.
THREADS = 4
THREAD_IDLE_SECONDS = 600
#: Connections that may wait to be taken, for each worker.
BACKLOG = 1024
#: Seconds a request under way has to finish when its worker is to end.
GRACE = 30
#: A worker that lived shorter than these seconds is started again only after as many.
SHORTEST_LIFE = 1.0
#: Seconds between two looks whether the watcher is still there.
LOOK_EVERY = 1.0
#: Bytes read ahead of a request: more than we take of address and headers, so that we refuse in words.
READ_AHEAD = 131_072
#: An answer above these bytes is handed on piece by piece: all of it would wait in memory for a slow reader.
LARGEST_WHOLE = 2_000_000
#: Whether the system spreads connections over sockets that share an address.
SPREADS = sys.platform.startswith("linux")
#: Written where a worker reads its signals: granian has finished.
ENDED = b"\0"
#: What the watcher waits for.
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


def bound(host: str, port: int, count: int) -> list[socket.socket]:
    """Sockets for ``count`` workers, bound and not yet listening; ``Unavailable`` says why there are none."""
    try:
        family, _type, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Only without sharing does the system say that somebody else has the address.
        _bound(family, address, shared=False).close()
        if SPREADS:
            return [_bound(family, address, shared=True) for _ in range(count)]
        return [_bound(family, address, shared=False)] * count  # elsewhere sharing does not spread
    except OSError as error:
        raise Unavailable(f"nothing can be served on {host}:{port}: {error.strerror}") from None


def _bound(family: int, address: Any, *, shared: bool) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made


class Watcher:
    """Keeps a worker for each of its sockets until it is told to stop.

    SIGTERM and SIGINT: requests under way are finished, for at most ``GRACE`` seconds; a
    second one ends at once. SIGHUP: each worker is replaced, and no connection is refused.
    """

    def __init__(self, sockets: list[socket.socket], work: Callable[[socket.socket], None]) -> None:
        self._sockets = sockets
        self._work = work
        #: Of each worker: its place, and when it was started (monotonic).
        self._workers: dict[int, tuple[int, float]] = {}
        #: Workers that were told to end, and until when they have time (monotonic).
        self._leaving: dict[int, float] = {}
        self._is_stopping = False

    def run(self) -> None:
        """Start the workers and return when the last one has ended."""
        read, _write = _signals_in(*SIGNALS)
        for place, listening in enumerate(self._sockets):
            listening.listen(BACKLOG)
            self._start(place)
        while self._workers or not self._is_stopping:
            ready, _, _ = select.select([read], [], [], self._patience())
            for number in os.read(read, 512) if ready else ():
                self._heed(number)
            self._end_those_who_stay()

    def _heed(self, told: int) -> None:
        match told:
            case signal.SIGCHLD:
                self._take_leave()
            case signal.SIGHUP if not self._is_stopping:
                for pid in self._workers.keys() - self._leaving.keys():
                    self._start(self._workers[pid][0])
                    self._send_away(pid, GRACE)
            case signal.SIGTERM | signal.SIGINT:
                for pid in self._workers:
                    self._send_away(pid, 0 if self._is_stopping else GRACE)
                for listening in self._sockets:
                    listening.close()
                self._is_stopping = True

    def _send_away(self, pid: int, grace: float) -> None:
        self._leaving[pid] = time.monotonic() + grace
        _signal(pid, signal.SIGTERM)

    def _patience(self) -> float | None:
        """Seconds until the first of those who were sent away has had its time; None if nobody has."""
        until = min(self._leaving.values(), default=math.inf)
        return None if until == math.inf else max(0.0, until - time.monotonic())

    def _end_those_who_stay(self) -> None:
        for pid, until in self._leaving.items():
            if until <= time.monotonic():
                _signal(pid, signal.SIGKILL)
                self._leaving[pid] = math.inf  # SIGCHLD will tell

    def _take_leave(self) -> None:
        """Bury the workers that have ended; one that nobody sent away is replaced."""
        for pid, (place, started) in list(self._workers.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            del self._workers[pid]
            if self._leaving.pop(pid, None) is not None:
                continue
            logger.error("worker %s ended with %s and is replaced", pid, os.waitstatus_to_exitcode(status))
            if time.monotonic() - started < SHORTEST_LIFE:
                time.sleep(SHORTEST_LIFE)
            self._start(place)

    def _start(self, place: int) -> None:
        watcher = os.getpid()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until each knows which of the two it is
        pid = os.fork()
        if pid == 0:
            self._become_worker(place, watcher, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._workers[pid] = place, time.monotonic()

    def _become_worker(self, place: int, watcher: int, mask: set[int]) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for told in SIGNALS:
                signal.signal(told, signal.SIG_DFL)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)  # meant for the watcher; a terminal sends it to all
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            mine = self._sockets[place]
            for other in self._sockets:
                if other is not mine:
                    other.close()
            threading.Thread(target=_end_with, args=(watcher,), daemon=True).start()
            self._work(mine)
            code = 0
        except BaseException:
            logger.exception("a worker failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):  # it has just ended; SIGCHLD says so
        os.kill(pid, number)


def answer(listening: socket.socket, application: Application) -> None:
    """Answer what comes in on ``listening`` until SIGTERM or SIGINT; what is under way is finished."""
    leave_the_environment()
    said = logging.getLogger("_granian")
    said.handlers, said.propagate = logging.getLogger("siapa").handlers, False
    said.setLevel(logging.WARNING)
    read, write = _signals_in(signal.SIGTERM, signal.SIGINT)
    stop = WorkerSignal()
    stop.add_cb(lambda: os.write(write, ENDED))
    _serve(listening, whole(application), stop)
    os.read(read, 1)
    stop.set()  # once: granian waits for ever to be able to hear a third
    while os.read(read, 1) != ENDED:
        pass


def _signals_in(*numbers: signal.Signals) -> tuple[int, int]:
    """A pipe, of which the numbers of these signals can be read from now on, one byte each.

    They are written by the signal itself, on whatever thread it arrives: none is lost.
    """
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    for number in numbers:
        signal.signal(number, lambda *_: None)
    return read, write


def _end_with(watcher: int) -> None:
    """End when the watcher has gone without a word: nobody else would end this process."""
    while os.getppid() == watcher:
        time.sleep(LOOK_EVERY)
    os.kill(os.getpid(), signal.SIGTERM)


def _serve(listening: socket.socket, application: Application, stop: WorkerSignal) -> None:
    """Let granian serve beside this thread until ``stop``.

    Its own processes are not used: they give up when a worker ends twice within six seconds,
    outlive the first of them, and do not notice a second server on the address. What is
    called here is not promised by granian, so its release is pinned.
    """
    loop = asyncio.new_event_loop()
    worker = WSGIWorker(
        1,  # its number among the workers, of which it knows no other
        (None, SocketHolder(listening.fileno(), False, BACKLOG)),
        None,  # no channel for metrics
        1,  # threads that read and send
        16,  # threads for files, at most: none is served by it
        THREADS,
        THREAD_IDLE_SECONDS,
        BACKLOG,  # requests taken at once
        "1",  # of HTTP
        HTTP1Settings(max_buffer_size=READ_AHEAD),
        None,  # of HTTP/2
        None,  # no files
        *(False, None, None, None, "tls1.3", None, [], False),  # no encryption: that is the proxy's
        (None, None),  # no metrics
    )
    called = _callback_wrapper(application, {})
    worker.serve_mtr(_new_cbscheduler(loop, called, impl_asyncio=True), loop, stop)


def whole(application: Application) -> Application:
    """``application``, its answers in one piece where their length is known: granian fetches pieces
    one by one, which costs a small answer as much as making it.

    A request's body is read as far as its length says and no further: one that breaks off is an error.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        said: tuple[str, Headers] = ("", [])

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            nonlocal said
            said = status, headers
            return start_response(status, headers, exc_info)

        environ.pop("wsgi.input_terminated", None)
        body = application(environ, start)
        if isinstance(body, list) or _length(*said) > LARGEST_WHOLE:
            return body
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer


def _length(status: str, headers: Headers) -> float:
    """Bytes of an answer; infinite where it does not say."""
    if status[:3] in ("204", "304"):
        return 0
    return next((int(value) for name, value in headers if name == "Content-Length"), math.inf)
