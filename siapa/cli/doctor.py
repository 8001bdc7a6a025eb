"""``siapa doctor``: what of this host is not as it should be, in plain words, and what to do about it.

It looks and changes nothing, so it may be asked at any hour, beside a server that serves.
"""

from __future__ import annotations

import shutil
import smtplib
import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from siapa import catalogue, search
from siapa.cli.reached import SERVED, public_address
from siapa.cli.running import running
from siapa.config import Config
from siapa.extensions import db
from siapa.publishing.commands import number_of_late
from siapa.records import Membership, Officer, Role, schema

#: How each line begins: all is well; somebody should look at it; something does not work.
FINE, WARNING, FAULT = "ok", "warning", "FAULT"
#: Free bytes under which a disk is called nearly full.
LEAST_FREE = 1 << 30
#: A log of SQLite above these bytes has not been checkpointed for long.
LARGEST_WAL = 256 << 20
#: Seconds by which the clocks of host and database may differ.
LARGEST_SKEW = 5.0
#: Changes the index may be behind while nothing is wrong.
LARGEST_LAG = 1_000
SECONDS = 5.0


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: how it stands, what it is, and what to do where it is not well."""

    state: str
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.state:<8} {self.what}" + (f"\n         {self.advice}" if self.advice else "")


@click.command()
def doctor() -> None:
    """Look at settings, disks, database, index and server; exit 1 where something does not work."""
    config = Config.from_environment()
    found: list[Line] = []
    for line in _lines(config):
        found.append(line)
        click.echo(str(line))
    faults = sum(line.state == FAULT for line in found)
    warnings = sum(line.state == WARNING for line in found)
    click.echo(f"{faults} faults, {warnings} warnings" if faults or warnings else "all is well")
    if faults:
        raise SystemExit(1)


def _lines(config: Config) -> Iterator[Line]:
    yield from _settings(config)
    yield from _disks(config)
    with running(config):
        try:
            stands = schema.present(db.engine)
        except sa.exc.SQLAlchemyError as error:
            advice = "Start it, or set SIAPA_DATABASE_URL to where it is."
            yield Line(FAULT, f"the database does not answer: {_first(error)}", advice)
        else:
            yield from _database(config, stands)
            if stands == schema.newest():
                yield from _registry()
                yield from _index(config)
    yield from _neighbours(config)
    yield from _server(config)


# ---------------------------------------------------------------- this host


def _settings(config: Config) -> Iterator[Line]:
    if not config.is_production:
        yield Line(WARNING, "SIAPA_ENVIRONMENT is local", "Set it to production where citizens come.")
        return
    yield Line(FINE, "settings are those of production")
    if urlsplit(config.public_url).scheme != "https":
        advice = "Officers can sign in over https only: set it to that address."
        yield Line(FAULT, f"SIAPA_PUBLIC_URL is {config.public_url}", advice)
    if not config.trusted_proxies:
        advice = "Behind a proxy every citizen has the same address then, and is limited as one."
        yield Line(WARNING, "SIAPA_TRUSTED_PROXIES is 0", advice)


def _disks(config: Config) -> Iterator[Line]:
    needs = {
        config.instance_dir: LEAST_FREE,
        config.search_dir: LEAST_FREE + 2 * _bytes_in(config.search_dir),
    }
    for folder, least in needs.items():
        there = next(one for one in (folder, *folder.parents) if one.exists())
        free = shutil.disk_usage(there).free
        if free < least:
            advice = f"Make room: {_size(least)} are needed to go on and to rebuild the index."
            yield Line(FAULT if free < least // 4 else WARNING, f"{folder} has {_size(free)} left", advice)
        else:
            yield Line(FINE, f"{folder} has {_size(free)} left")
    if config.search_dir.exists() and config.search_dir.stat().st_mode & 0o077:
        advice = f"Whoever can write there runs code as the application: chmod 700 {config.search_dir}"
        yield Line(FAULT, f"{config.search_dir} is open to other users", advice)
    secret = config.instance_dir / "secret_key"
    if secret.exists() and secret.stat().st_mode & 0o077:
        yield Line(FAULT, f"{secret} is open to other users", f"chmod 600 {secret}")


# ------------------------------------------------------------- the database


def _database(config: Config, stands: str | None) -> Iterator[Line]:
    if stands != schema.newest():
        what = f"the database stands at {stands or 'base'}, this release needs {schema.newest()}"
        yield Line(FAULT, what, "siapa db upgrade")
        return
    if config.is_sqlite:
        yield from _sqlite(Path(make_url(config.database_url).database or ""))
    else:
        yield from _postgresql()


def _sqlite(file: Path) -> Iterator[Line]:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        told = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if told == "ok":
        yield Line(FINE, f"SQLite {sqlite3.sqlite_version}, {_size(file.stat().st_size)}, whole")
    else:
        advice = "Stop the server, and put the newest backup back: siapa restore --replace FILE"
        yield Line(FAULT, f"the database is damaged: {told}", advice)
    wal = Path(f"{file}-wal")
    if wal.exists() and wal.stat().st_size > LARGEST_WAL:
        advice = "A server moves it every half minute: is one running? Else siapa db checkpoint."
        yield Line(WARNING, f"{wal.name} has {_size(wal.stat().st_size)}", advice)


def _postgresql() -> Iterator[Line]:
    with db.engine.connect() as connection:
        version = connection.exec_driver_sql("SHOW server_version").scalar()
        is_standby = connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar()
        there = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    yield Line(FINE, f"PostgreSQL {version}")
    if is_standby:
        advice = "Nothing can be published: promote it, or set SIAPA_DATABASE_URL to the primary."
        yield Line(FAULT, "the database is a standby", advice)
    skew = abs((datetime.now(UTC) - there).total_seconds())
    if skew > LARGEST_SKEW:
        yield Line(
            WARNING, f"the clocks of host and database differ by {skew:.0f} s", "Let both keep time by NTP."
        )


def _registry() -> Iterator[Line]:
    is_national = Officer.memberships.any(Membership.role == Role.NATIONAL_ADMIN)
    can_sign_in = sa.and_(Officer.is_active, Officer.password_hash.is_not(None))
    if not db.session.scalar(sa.select(sa.exists().where(is_national, can_sign_in))):
        advice = "siapa officer add EMAIL --name NAME --role national_admin"
        yield Line(WARNING, "there is no national administrator who could sign in", advice)
    late = number_of_late()
    if late:
        advice = "A running server puts in force what is due within a minute: look into its log."
        yield Line(FAULT, f"{late} editions should be in force and are not", advice)
    else:
        yield Line(FINE, "nothing that is due waits")


def _index(config: Config) -> Iterator[Line]:
    position = search.position()
    if position < 0:
        advice = "A server builds it within minutes; or siapa search rebuild."
        yield Line(WARNING, "there is no search index that can be read", advice)
        return
    lag = catalogue.last_number() - position
    what = f"the search index is {lag} changes behind, {_size(_bytes_in(config.search_dir))}"
    if lag > LARGEST_LAG:
        yield Line(WARNING, what, "siapa search follow; look into the server's log for why.")
    elif lag < 0:
        yield Line(WARNING, "the search index is ahead of the log", "siapa search rebuild")
    else:
        yield Line(FINE, what)


# ------------------------------------------------------- what it speaks with


def _neighbours(config: Config) -> Iterator[Line]:
    if config.redis_url:
        parts = urlsplit(config.redis_url)
        yield _redis(parts.hostname or "", parts.port or 6379, is_plain=parts.scheme == "redis")
    if config.mail_host:
        yield _mail(config)


def _redis(host: str, port: int, *, is_plain: bool) -> Line:
    """Whether it answers; one that hangs takes connections too, so it is spoken to unless that needs TLS."""
    try:
        with socket.create_connection((host, port), timeout=SECONDS) as line:
            if is_plain:
                line.sendall(b"PING\r\n")
                line.recv(100)
    except OSError as error:
        meanwhile = "Each process limits alone meanwhile."
        return Line(FAULT, f"Redis on {host}:{port} does not answer: {_first(error)}", meanwhile)
    return Line(FINE, f"Redis on {host}:{port} answers")


def _mail(config: Config) -> Line:
    where = f"{config.mail_host}:{config.mail_port}"
    kind = smtplib.SMTP_SSL if config.mail_security == "tls" else smtplib.SMTP
    try:
        with kind(config.mail_host, config.mail_port, timeout=SECONDS) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        advice = "Invitations do not arrive meanwhile: siapa officer invite shows a link to hand over."
        return Line(FAULT, f"the mail server on {where} does not answer: {_first(error)}", advice)
    return Line(FINE, f"the mail server on {where} answers")


def _server(config: Config) -> Iterator[Line]:
    address = public_address(config)
    if not (config.instance_dir / SERVED).exists():
        yield Line(WARNING, "nothing has been served here yet", "siapa serve")
        return
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=SECONDS) as answer:
            yield Line(FINE, f"{address} answers ({answer.status})")
    except urllib.error.HTTPError as error:
        advice = "What it says there names the part that is missing."
        yield Line(FAULT, f"{address}/health/ready answers {error.code}", advice)
    except OSError as error:
        yield Line(
            FAULT, f"{address} does not answer: {_first(error)}", "Start the server, or look at the proxy."
        )


def _first(error: BaseException) -> str:
    text = str(getattr(error, "orig", None) or getattr(error, "reason", None) or error)
    return text.strip().partition("\n")[0]


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _size(count: int) -> str:
    """Bytes, for people."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}"
        count //= 1000
    return f"{count} GB"
