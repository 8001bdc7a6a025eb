"""A primary, its synchronous standby, and applications that know both."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from siapa.config import ROOT
from siapa.records import roles
from siapa.records.copying import opened
from siapa.records.schema import move_to
from tests.cli.served import wait_until
from tests.deploy.postgresql import Postgres, as_somebody, place, programs


@dataclass
class Pair:
    """Two servers; which of them is the primary changes."""

    primary: Postgres
    standby: Postgres

    def settings(self) -> dict[str, str]:
        """What an application is told: both addresses, whichever is the primary now."""
        one, two = (f"host=127.0.0.1:{server.port}" for server in sorted(self.servers, key=lambda s: s.port))
        writes = f"postgresql://{roles.APP}@/siapa?{one}&{two}&target_session_attrs=read-write"
        reads = f"postgresql://{roles.READONLY}@/siapa?{one}&{two}&target_session_attrs=prefer-standby"
        return {"SIAPA_DATABASE_URL": writes, "SIAPA_DATABASE_READ_URL": reads}

    @property
    def servers(self) -> tuple[Postgres, Postgres]:
        """Both."""
        return self.primary, self.standby

    @property
    def owner(self) -> str:
        """The primary's database, for whoever owns it."""
        return self.primary.address().replace("postgresql:", "postgresql+psycopg:")

    def is_joined(self) -> bool:
        """Whether the primary waits for its standby, and that is there."""
        sync = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        return self.primary.say(sync) == 1

    def demand_standby(self, name: str = "other") -> None:
        """From here on nothing is acknowledged that the standby has not."""
        self.primary.say(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        self.primary.say("SELECT pg_reload_conf()")
        wait_until(self.is_joined, 30)

    def fail_over(self) -> None:
        """What an operator does when the primary is dead: promote the standby, by the script of deploy/."""
        scripted("promote", self.standby.folder, str(self.standby.port), FENCE="true")
        self.primary, self.standby = self.standby, self.primary

    def rejoin(self) -> None:
        """Bring the dead one back as the standby of the other, by the script of deploy/."""
        primary = f"host=127.0.0.1 port={self.primary.port} user=postgres"
        scripted("rejoin", self.standby.folder, primary, "other")
        self.standby.start()
        self.demand_standby()


def scripted(name: str, *words: str | Path, **environment: str) -> None:
    """Run one of the scripts for PostgreSQL as its user."""
    done = subprocess.run(
        [ROOT / "deploy" / "postgresql" / name, *words],
        env={**os.environ, "PG_BIN": str(programs()), **environment}, user=as_somebody(), cwd="/tmp",
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"


@contextmanager
def pair() -> Iterator[Pair]:
    """Both of them with the tables of this release, and roles; gone afterwards."""
    folder = place()
    primary = Postgres.made(folder / "a")
    servers = [primary]
    try:
        primary.start()
        primary.say("CREATE DATABASE siapa")
        both = Pair(primary, primary)
        with opened(both.owner) as engine:
            move_to(engine)
            roles.apply(engine)
        both.standby = primary.standby(folder / "b", "other")
        servers.append(both.standby)
        both.standby.start()
        both.demand_standby()
        yield both
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
