"""Back to a moment: which backup is the right one, and a PostgreSQL brought to it from its archive.

Nothing here touches a backup, an archive or a server that runs: what is restored is laid out beside them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from siapa.config import ROOT, Config
from siapa.errors import Conflict, NotFound, Rejected, Unavailable
from siapa.publishing.backups import described
from siapa.records import now

#: What is said instead of a moment for all that the archive has.
LATEST = "latest"
ENDINGS = (".tar", ".tar.gz", ".tgz")
#: Written into a base backup as its last file: how old that is tells when the backup was complete.
LAST_OF_BASE = "backup_manifest"
LOCAL = ("", "127.0.0.1", "localhost", "::1")
#: Seconds between two looks whether PostgreSQL has replayed all.
LOOK_EVERY = 0.2
#: Seconds that it may take: an archive of weeks is long, and whoever waits can end the command.
LONGEST = "604800"


def moment_of(text: str) -> datetime:
    """The moment that ``text`` says, in this machine's zone where it names none.

    ``UsageError`` for no moment, and for one that has not come yet.
    """
    try:
        moment = datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError):
        raise click.UsageError(f"{text!r} is no moment: write 2026-11-30 14:05:00+07:00") from None
    if moment > now():
        raise click.UsageError(f"{moment.isoformat(timespec='seconds')} has not come yet")
    return moment


def backup_before(folder: Path, moment: datetime) -> Path:
    """The newest file of ``siapa backup`` in ``folder`` that has nothing later than ``moment``.

    Files that are no backups are named and passed over. ``NotFound`` where none is old enough.
    """
    found: list[tuple[datetime, Path]] = []
    for file in sorted(folder.iterdir()):
        if not file.name.endswith(ENDINGS):
            continue
        try:
            found.append((datetime.fromisoformat(described(file).made_at), file))
        except Rejected as error:
            click.echo(f"passed over: {file}: {error.problems[0].message}", err=True)
    return _newest_before(found, moment, f"backup in {folder}")


def base_before(folder: Path, moment: datetime | None) -> Path:
    """The newest base backup of PostgreSQL in ``folder`` that was complete at ``moment`` (None: now).

    ``folder`` may be a base backup itself. ``NotFound`` where none is old enough.
    """
    places = [folder] if (folder / "PG_VERSION").is_file() else sorted(folder.iterdir())
    found = [
        (datetime.fromtimestamp((place / LAST_OF_BASE).stat().st_mtime).astimezone(), place)
        for place in places
        if (place / "PG_VERSION").is_file() and (place / LAST_OF_BASE).is_file()
    ]
    return _newest_before(found, moment or now(), f"base backup in {folder}")


def _newest_before(found: list[tuple[datetime, Path]], moment: datetime, what: str) -> Path:
    before = [one for one in found if one[0] <= moment]
    if before:
        return max(before)[1]
    oldest = f"the oldest is of {min(found)[0].isoformat(timespec='seconds')}" if found else "there is none"
    raise NotFound(f"no {what} was made before {moment.isoformat(timespec='seconds')}: {oldest}")


@dataclass(frozen=True)
class Recovered:
    """A PostgreSQL of this machine that is brought to a moment: where it lies and answers, who runs it."""

    data: Path
    port: int
    programs: Path
    user: str | None

    @property
    def log(self) -> Path:
        """What it says, beside its data."""
        return self.data.with_name(f"{self.data.name}.log")

    def lay_out(self, base: Path, archive: Path, moment: datetime | None) -> None:
        """Let ``data`` be ``base`` with its settings for the way to ``moment``, by the script of deploy/."""
        said = LATEST if moment is None else moment.isoformat(sep=" ")
        script = ROOT / "deploy" / "postgresql" / "restore-to"
        done = self.run([script, base, archive, self.data, said])
        if done.returncode != 0:
            raise Conflict(_last_line(done.stderr))

    def start(self, address: URL) -> None:
        """Start it and wait until it has replayed all and takes writes; it goes on after this command.

        ``Unavailable`` says why it ended on the way.
        """
        begun = self.run(
            [self.programs / "pg_ctl", "start", "-w", "-t", LONGEST, "-s", "-D", self.data, "-l", self.log,
             "-o", f"-p {self.port}"]
        )  # fmt: skip
        if begun.returncode != 0:
            raise Unavailable(self._why_it_ended())
        # It lets readers in before it is there, where its settings say so.
        engine = sa.create_engine(address, poolclass=sa.NullPool)
        while True:
            if self.run([self.programs / "pg_ctl", "status", "-D", self.data]).returncode != 0:
                raise Unavailable(self._why_it_ended())
            with engine.connect() as connection:
                if not connection.scalar(sa.text("SELECT pg_is_in_recovery()")):
                    return
            time.sleep(LOOK_EVERY)

    def _why_it_ended(self) -> str:
        said = self.log.read_text(errors="replace") if self.log.exists() else ""
        lines = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        if any("before configured recovery target was reached" in line for line in lines):
            last = [line for line in said.splitlines() if "last completed transaction" in line]
            until = f", which ends at {last[-1].rpartition('at log time ')[2]}" if last else ""
            return f"that moment is not in the archive{until}; to have all of it: --to {LATEST}"
        return f"PostgreSQL ended: {lines[-1] if lines else 'it does not say why'}; see {self.log}"

    def run(self, words: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program as its user; what that said and how it ended."""
        return subprocess.run(
            words, user=self.user, cwd="/", check=False,
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
        )  # fmt: skip


def recover(
    folder: Path,
    archive: Path,
    data: Path,
    *,
    moment: datetime | None,
    config: Config,
    port: int | None = None,
    programs: Path | None = None,
) -> tuple[Config, Path]:
    """Bring a new server in ``data`` to ``moment`` and leave it running; the settings for it, and its base.

    It answers where ``SIAPA_DATABASE_URL`` says, or at ``port`` of this machine. ``Conflict`` where
    something is in the way, ``NotFound`` without a base backup that is old enough, ``Unavailable``
    where PostgreSQL does not get there.
    """
    addressed = _config_of(config, port)
    base = base_before(folder, moment).resolve()
    address = make_url(addressed.database_url)
    programs = programs or _programs((base / "PG_VERSION").read_text().strip())
    server = Recovered(data.resolve(), address.port or 5432, programs, _user(base))
    asked = server.run([programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(server.port)])
    if asked.returncode in (0, 1):  # 1: one that lets nobody in just now
        raise Conflict(
            f"a PostgreSQL answers at port {server.port} already: stop it, or say another one with --port"
        )
    _make_folder(server)
    server.lay_out(base, archive.resolve(), moment)
    click.echo(f"replaying; what PostgreSQL says is in {server.log}", err=True)
    server.start(address)
    return addressed, base


def _config_of(config: Config, port: int | None) -> Config:
    """The settings, leading to the server that will be restored on this machine."""
    url = make_url(config.database_url)
    if url.get_backend_name() != "postgresql":
        raise click.UsageError("--archive is for PostgreSQL: SIAPA_DATABASE_URL names no such database")
    hosts = url.query.get("host", url.host or "")
    if port is None and (not isinstance(hosts, str) or hosts not in LOCAL):
        raise click.UsageError(
            "SIAPA_DATABASE_URL names another machine: say with --port where to restore here"
        )

    def led_here(address: str) -> str:
        before = make_url(address)
        kept = {
            key: said for key, said in before.query.items() if key not in ("host", "target_session_attrs")
        }
        here = before.set(host="127.0.0.1", port=port or before.port or 5432, query=kept)
        return here.render_as_string(hide_password=False)

    owner = config.database_owner_url
    return replace(
        config,
        database_url=led_here(config.database_url),
        database_owner_url=led_here(owner) if owner else owner,
        database_read_url="",
    )


def _programs(version: str) -> Path:
    """Where the programs of PostgreSQL ``version`` lie: in Debian's folder, or on the path."""
    debian = Path(f"/usr/lib/postgresql/{version}/bin")
    if (debian / "pg_ctl").exists():
        return debian
    if (found := shutil.which("pg_ctl")) is not None:
        return Path(found).resolve().parent
    raise Unavailable(f"PostgreSQL {version} is not installed here: say with PG_BIN where its programs lie")


def _user(base: Path) -> str | None:
    """As whom the server runs: PostgreSQL refuses root, so root runs it as whoever owns the base backup."""
    if os.getuid() != 0:
        return None
    if base.stat().st_uid == 0:
        raise Conflict(
            f"PostgreSQL does not run as root: let {base} belong to its user, or run this as that user"
        )
    return base.owner()


def _make_folder(server: Recovered) -> None:
    """An empty folder that belongs to the server's user."""
    if server.data.exists() and any(server.data.iterdir()):
        raise Conflict(f"{server.data} is not empty: nothing was changed")
    server.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    server.log.touch()
    if server.user is not None:
        shutil.chown(server.data, server.user)
        shutil.chown(server.log, server.user)


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or ["it does not say why"])[-1]
