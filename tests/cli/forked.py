"""The command line in a process forked from one that has imported it already: a start costs no second then.

Imports nothing of the tests: the forked process has to import it.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(["siapa.cli", "siapa.web"])


def run(
    words: Sequence[str], environment: Mapping[str, str], *, seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    """``siapa words…`` in a process with exactly this environment: what it printed, how it ended."""
    with TemporaryDirectory() as folder:
        process = _forking.Process(target=_say, args=(list(words), dict(environment), folder))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(list(words), seconds)
        out, err = ((Path(folder) / name).read_text() for name in ("out", "err"))
    return subprocess.CompletedProcess(["siapa", *words], process.exitcode, out, err)


def _say(words: list[str], environment: dict[str, str], folder: str) -> None:
    from siapa.cli import main

    warnings.simplefilter("ignore")
    os.environ.clear()
    os.environ.update(environment)
    for descriptor, name, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, f"{folder}/out", os.O_WRONLY | os.O_CREAT),
        (2, f"{folder}/err", os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(name, flags)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - what was there belonged to the process before
    sys.argv = ["siapa", *words]
    try:
        main()
    finally:
        atexit._run_exitfuncs()
