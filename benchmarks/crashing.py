"""Being killed before any single touch of a file: each such moment is tried, instead of waiting for chance.

Python tells its audit hooks of every file that is opened, renamed, made or removed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from benchmarks.registries import close_connections
from siapa import search
from siapa.search import following
from siapa.search.room import room

#: Publishes a standard that carries a word which stands nowhere else, and gives the word.
Publish = Callable[[], str]

#: What is told of, and changes what lies on disk or what a lock protects.
_TOUCHES = frozenset(
    ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime", "os.chmod", "fcntl.flock")
)
#: Touches that name no path below the folder, but a handle or a name in a folder that is open.
_NAMELESS = frozenset(("fcntl.flock", "os.remove", "os.rmdir"))
#: So many of the first moments are always tried.
_FIRST = 4


@dataclass
class Tried:
    """How many moments were tried, and what was wrong afterwards."""

    moments: int = 0
    unclean: list[str] = field(default_factory=list)


#: What is done until it is killed; it may publish.
Work = Callable[[Publish], None]


def follow(publish: Publish) -> None:
    """Publish, and take in what was published."""
    publish()
    search.follow()


def rebuild(_publish: Publish) -> None:
    """Build the index anew."""
    search.rebuild()


def fold(_publish: Publish) -> None:
    """Write the small parts together."""
    following.MOST_PARTS = 0
    room().follower.fold()


def try_moments(app: Flask, publish: Publish, work: Work, *, every: int) -> Tried:
    """Publish, do ``work`` in a process that is killed at its first moment; then at another, to the last.

    After each the index must be usable as it lies, and equal the database once it has caught up.
    """
    tried, moment = Tried(), 1
    folder = Path(app.config["SIAPA"].search_dir)
    while True:
        publish()
        close_connections()
        is_killed = is_killed_at(moment, folder, lambda: work(publish))
        tried.moments += is_killed
        tried.unclean += [f"{one} ({work.__name__}, moment {moment})" for one in differences()]
        if not is_killed:
            return tried
        moment += 1 if moment < _FIRST else every


def differences() -> list[str]:
    """What is wrong with the index as it lies, and after catching up."""
    is_whole = room().follower.index.is_whole(afresh=True)
    search.follow()
    return [*([] if is_whole else ["it cannot be opened as it lies"]), *map(str, search.check())]


def is_killed_at(moment: int, folder: Path, work: Callable[[], object]) -> bool:
    """Do ``work`` in a process that is killed before its n-th touch of ``folder``; false when it got done."""
    child = os.fork()
    if child == 0:
        _work_until(moment, str(folder), work)
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    if status != 0:
        raise RuntimeError(f"the work failed at moment {moment}")
    return False


def _work_until(moment: int, folder: str, work: Callable[[], object]) -> None:
    left = moment

    def told(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        if event in _TOUCHES and (event in _NAMELESS or _is_in(args, folder)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(told)
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _is_in(args: tuple[object, ...], folder: str) -> bool:
    return any(str(one).startswith(folder) for one in args if isinstance(one, str | Path))
