"""Every setting there is, with its default, read once at start.

Nothing outside this module reads the environment. A setting that cannot be used
stops the start with one line that names it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

from limits import parse_many
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from siapa.locales import LOCALES

#: The folder that holds the package, ``templates/``, ``migrations/`` and ``seed_data/``.
ROOT = Path(__file__).resolve().parent.parent
PREFIX = "SIAPA_"
SECRET_LENGTH = 32


class BadConfiguration(Exception):
    """A setting that cannot be used; the message is one line."""


@dataclass(frozen=True)
class Config:
    """The settings of one running registry."""

    environment: str = "local"
    instance_dir: Path = ROOT / "instance"
    database_url: str = ""
    #: A hot standby from which the public is answered.
    database_read_url: str = ""
    #: As whom tables are made and altered; without one the application is their owner itself.
    database_owner_url: str = ""
    search_dir: Path = ROOT / "search_index"
    secret_key: str = field(default="", repr=False)
    redis_url: str = ""
    public_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    trusted_proxies: int = 0
    default_locale: str = "id"
    #: For the API, per address; several rules are parted by ``;``, as ``limits`` reads them.
    rate_limits: str = "600 per minute"
    workers: int = 2
    #: Without a host nothing is sent; links are then shown once to hand over.
    mail_host: str = ""
    mail_port: int = 587
    mail_security: str = "starttls"
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_sender: str = ""
    #: A provider of OpenID Connect at which officers may sign in; without one none is shown.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    #: How officers call it; its host where nothing is said.
    oidc_name: str = ""
    #: What it calls a sign-in with a second factor (``acr``), beside ``mfa`` among its methods (``amr``).
    oidc_mfa: tuple[str, ...] = ()
    #: Which hosts ``siapa links check`` asks: ``public`` ones, or ``any``.
    links: str = "public"
    log_format: str = "plain"
    #: Whether services of a like meaning are shown where words find nothing.
    semantic: str = "off"
    #: Whether ``/metrics`` answers; what stands in front keeps the public from it.
    metrics: str = "off"
    #: Where each value came from: ``default``, ``environment``, ``generated``.
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read ``SIAPA_*``; raise ``BadConfiguration`` with one line when a value cannot be used."""
        given = {
            name.removeprefix(PREFIX).lower(): value.strip()
            for name, value in (os.environ if environ is None else environ).items()
            if name.startswith(PREFIX) and value.strip()
        }
        known = {f.name for f in fields(cls)} - {"origins"}
        for name in sorted(given.keys() - known):
            raise BadConfiguration(f"{PREFIX}{name.upper()} is not a setting; see 'siapa config show'")
        values: dict[str, object] = {name: _read(name, text) for name, text in given.items()}
        origins = {name: "environment" if name in given else "default" for name in known}
        config = cls(**{**values, "origins": origins})  # type: ignore[arg-type]
        return config._completed()

    def _completed(self) -> Config:
        """Fill in what follows from other settings, and check them against each other."""
        changes: dict[str, object] = {}
        origins = dict(self.origins)
        if not self.database_url:
            changes["database_url"] = f"sqlite:///{self.instance_dir / 'siapa.db'}"
        if self.database_read_url and self.is_sqlite:
            raise BadConfiguration(f"{PREFIX}DATABASE_READ_URL needs a PostgreSQL in {PREFIX}DATABASE_URL")
        if not self.secret_key:
            if self.environment == "production":
                raise BadConfiguration(
                    f"{PREFIX}SECRET_KEY must be set in production, {SECRET_LENGTH} characters or more"
                )
            changes["secret_key"] = _kept_secret(self.instance_dir)
            origins["secret_key"] = "generated"
        elif len(self.secret_key) < SECRET_LENGTH:
            raise BadConfiguration(f"{PREFIX}SECRET_KEY must have {SECRET_LENGTH} characters or more")
        if self.mail_host and "@" not in self.mail_sender:
            raise BadConfiguration(f"{PREFIX}MAIL_SENDER must be an address where {PREFIX}MAIL_HOST is set")
        if any(self._oidc()) and not all(self._oidc()):
            raise BadConfiguration(
                f"{PREFIX}OIDC_ISSUER, {PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET go together"
            )
        if not self.trusted_hosts:
            host = urlsplit(self.public_url).hostname or "localhost"
            changes["trusted_hosts"] = tuple(dict.fromkeys((host, "localhost", "127.0.0.1", "[::1]")))
        present = {f.name: getattr(self, f.name) for f in fields(self)}
        return Config(**{**present, **changes, "origins": origins})

    def _oidc(self) -> tuple[str, str, str]:
        """What signing in at a provider cannot do without."""
        return self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return not self.database_url or make_url(self.database_url).get_backend_name() == "sqlite"

    @property
    def is_production(self) -> bool:
        """Whether cookies must be secure and secrets given."""
        return self.environment == "production"

    def shown(self) -> list[tuple[str, str, str]]:
        """Each setting as (environment name, value, origin), secrets masked."""
        rows = []
        for f in fields(self):
            if f.name == "origins":
                continue
            value = getattr(self, f.name)
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            rows.append((PREFIX + f.name.upper(), _masked(f.name, text), self.origins.get(f.name, "default")))
        return rows


def leave_the_environment() -> None:
    """Take our settings out of the environment of this process, which needs them no longer.

    Also whatever looks like the header of a request: WSGI puts the environment beside them.
    """
    for name in [name for name in os.environ if name.startswith((PREFIX, "HTTP_"))]:
        del os.environ[name]


def _read(name: str, text: str) -> object:
    """One setting from its text; ``BadConfiguration`` names it and says what is allowed."""
    match name:
        case "environment":
            return _one_of(name, text, ("local", "production"))
        case "log_format":
            return _one_of(name, text, ("plain", "json"))
        case "links":
            return _one_of(name, text, ("public", "any"))
        case "metrics" | "semantic":
            return _one_of(name, text, ("off", "on"))
        case "default_locale":
            return _one_of(name, text, LOCALES)
        case "workers":
            return _whole(name, text, 1, 64)
        case "mail_port":
            return _whole(name, text, 1, 65_535, digits=5)
        case "mail_security":
            return _one_of(name, text, ("starttls", "tls", "none"))
        case "trusted_proxies":
            return _whole(name, text, 0, 10)
        case "instance_dir" | "search_dir":
            return Path(text).expanduser().resolve()
        case "trusted_hosts" | "oidc_mfa":
            return tuple(one.strip() for one in text.split(",") if one.strip())
        case "database_url" | "database_owner_url" | "database_read_url":
            return database_address(text, f"{PREFIX}{name.upper()}")
        case "public_url":
            return _address(name, text, ("http", "https"))
        case "oidc_issuer":
            return _provider(name, text)
        case "redis_url":
            return _address(name, text, ("redis", "rediss", "unix"))
        case "rate_limits":
            return _limits(name, text)
        case _:
            return text


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise BadConfiguration(f"{PREFIX}{name.upper()} is {text!r}; it may be {' or '.join(allowed)}")
    return text


def _whole(name: str, text: str, low: int, high: int, *, digits: int = 4) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > digits or not low <= int(text) <= high:
        raise BadConfiguration(f"{PREFIX}{name.upper()} must be a whole number from {low} to {high}")
    return int(text)


def database_address(text: str, name: str) -> str:
    """``text`` as SQLAlchemy takes it; ``BadConfiguration`` says ``name`` where it is none of ours."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise BadConfiguration(f"{name} is not a database address") from None
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadConfiguration(f"{name} must begin with sqlite:/// or postgresql://")
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return url.render_as_string(hide_password=False)


def _address(name: str, text: str, schemes: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(text)
        _port = parts.port  # read here, for one that is none raises only then
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes or not (parts.hostname or (parts.scheme == "unix" and parts.path)):
        raise BadConfiguration(f"{PREFIX}{name.upper()} must be an address such as {schemes[0]}://name")
    return text.rstrip("/")


def _provider(name: str, text: str) -> str:
    """Over TLS, for all that is said there is believed; without it on this machine alone, to try it."""
    address = _address(name, text, ("https", "http"))
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise BadConfiguration(f"{PREFIX}{name.upper()} must begin with https://")
    if parts.query or parts.fragment:
        raise BadConfiguration(f"{PREFIX}{name.upper()} must be an address without query")
    return address


def _limits(name: str, text: str) -> str:
    try:
        parse_many(text)
    except ValueError:
        raise BadConfiguration(f"{PREFIX}{name.upper()} must be limits such as '600 per minute'") from None
    return text


def _kept_secret(instance_dir: Path) -> str:
    """The secret of a local run: made once, kept under the instance folder, readable by its owner."""
    file = instance_dir / "secret_key"
    if file.exists():
        return file.read_text().strip()
    instance_dir.mkdir(parents=True, exist_ok=True)
    secret = secrets.token_urlsafe(SECRET_LENGTH)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secret)
    except FileExistsError:
        return file.read_text().strip()  # another process was quicker
    return secret


def _masked(name: str, text: str) -> str:
    if name == "secret_key" or (name in ("mail_password", "oidc_client_secret") and text):
        return "********"
    if text and name == "redis_url":
        return _no_password(text)
    if text and name.startswith("database_"):
        return make_url(text).render_as_string(hide_password=True)
    return text


def _no_password(address: str) -> str:
    parts = urlsplit(address)
    if parts.password is None:
        return address
    return address.replace(f":{parts.password}@", ":***@")
