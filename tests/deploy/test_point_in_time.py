"""Back to a moment before a mishap, from a base backup and the archived log of PostgreSQL: the drill."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import roles
from siapa.records.copying import opened
from siapa.records.engine import begin_writing
from siapa.records.schema import move_to
from tests.cli.operator import Operator
from tests.cli.served import free_port, wait_until
from tests.conftest import make_app
from tests.deploy.postgresql import Postgres, as_somebody, place, programs, run
from tests.publishing.cast import people_and_places, published

pytestmark = pytest.mark.postgres

STATE = "SELECT state FROM edition WHERE title = 'Surat Pindah'"


@dataclass(frozen=True)
class Lost:
    """What is left of a server that is gone: its base backups, its archive, and moments of its life."""

    folder: Path
    before_base: str
    before_mishap: str
    port: int

    @property
    def words(self) -> tuple[str, ...]:
        """How the command is told where everything is."""
        return "restore", str(self.folder / "bases"), "--archive", str(self.folder / "archive")


def addressed(server: Postgres, role: str = "postgres") -> str:
    """Its database, as a setting says it."""
    return server.address(role=role).replace("postgresql:", "postgresql+psycopg:")


def owned(folder: Path) -> Path:
    """A folder for the user whom PostgreSQL runs as."""
    folder.mkdir()
    if (user := as_somebody()) is not None:
        shutil.chown(folder, user)
    return folder


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lost]:
    """A registry whose standard was withdrawn by mistake, and whose server then died."""
    folder = place()
    archive, bases = owned(folder / "archive"), owned(folder / "bases")
    server = Postgres.made(folder / "lost", archive_mode="on", archive_command=f"'cp %p {archive}/%f'")
    try:
        server.start()
        server.say("CREATE DATABASE siapa")
        with opened(addressed(server)) as engine:
            move_to(engine)
            roles.apply(engine)
        before_base = str(server.say("SELECT clock_timestamp()"))
        app = make_app(
            tmp_path_factory.mktemp("lost") / "app", SIAPA_DATABASE_URL=addressed(server, roles.APP)
        )
        with app.app_context():
            begin_writing(db)
            cast = people_and_places()
            db.session.commit()
            published(cast)
            where = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres")
            run("pg_basebackup", *where, "-D", bases / "base-1", "-c", "fast")
            standard = published(cast, title="Surat Pindah").id
            before_mishap = str(server.say("SELECT clock_timestamp()"))
            time.sleep(0.1)
            commands.withdraw(standard, by=cast.publisher, reason="Salah tekan")
            db.session.remove()
            db.engine.dispose()
        file = server.say("SELECT pg_walfile_name(pg_switch_wal())")
        wait_until(lambda: (archive / str(file)).exists())
        server.kill()
        yield Lost(folder, before_base, before_mishap, free_port())
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def ended(data: Path) -> Iterator[None]:
    """Whatever runs in ``data`` afterwards is stopped."""
    yield
    if (data / "postmaster.pid").exists():
        run("pg_ctl", "stop", "-D", data, "-m", "fast", "-w")


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Somebody at another machine."""
    return Operator(tmp_path)


def settings_of(lost: Lost) -> dict[str, str]:
    """The application is to use the server that will be restored on this machine."""
    return {
        "SIAPA_DATABASE_URL": f"postgresql://{roles.APP}@127.0.0.1:{lost.port}/siapa",
        "SIAPA_DATABASE_OWNER_URL": f"postgresql://postgres@127.0.0.1:{lost.port}/siapa",
        "PG_BIN": str(programs()),
    }


def test_a_registry_goes_back_to_the_moment_before_a_mishap(lost: Lost, operator: Operator) -> None:
    settings = settings_of(lost)
    data, beside = lost.folder / "restored", lost.folder / "beside"
    archived = sorted(file.name for file in (lost.folder / "archive").iterdir())

    with ended(data):
        restored = operator.says(*lost.words, "--data", str(data), "--to", lost.before_mishap, **settings)
        state = Postgres(data, lost.port).say(STATE, "siapa")
        verified = operator.says("verify", **settings)
        in_the_way = operator.says(*lost.words, "--data", str(beside), "--to", "latest", **settings)
    again = operator.says(*lost.words, "--data", str(data), "--to", lost.before_mishap, **settings)

    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert re.search(r"^all holds, after \d+ s$", restored.stdout, re.MULTILINE)
    assert state == "published"
    assert verified.stdout == "all holds\n"
    assert f"a PostgreSQL answers at port {lost.port} already" in in_the_way.stderr
    assert again.stderr == f"siapa: {data} is not empty: nothing was changed\n"
    assert sorted(file.name for file in (lost.folder / "archive").iterdir()) == archived


def test_all_that_the_archive_has_is_the_latest(lost: Lost, operator: Operator) -> None:
    data = lost.folder / "latest"
    # As Debian has it: what is in the folder of its settings is in no base backup.
    bare = lost.folder / "bare"
    shutil.copytree(lost.folder / "bases" / "base-1", bare)
    if (user := as_somebody()) is not None:
        for each in (bare, *bare.rglob("*")):
            shutil.chown(each, user)
    (bare / "postgresql.conf").unlink()
    (bare / "pg_hba.conf").unlink()
    (lost.folder / "hba").write_text("host all all 127.0.0.1/32 trust\n")
    words = ("restore", str(bare), "--archive", str(lost.folder / "archive"), "--data", str(data))

    with ended(data):
        refused = operator.says(*words, "--to", "latest", **settings_of(lost))
        shutil.copy(lost.folder / "hba", data / "pg_hba.conf")
        run("pg_ctl", "reload", "-D", data)
        wait_until(lambda: Postgres(data, lost.port).answers())
        verified = operator.says("search", "rebuild", **settings_of(lost))
        state = Postgres(data, lost.port).say(STATE, "siapa")

    assert "no password supplied" in refused.stderr, "nobody is let in without a password"
    assert verified.returncode == 0, verified.stderr
    assert state == "withdrawn"


@pytest.mark.parametrize(
    ("moment", "said", "code"),
    [
        ("before_base", "siapa: no base backup in .* was made before .*: the oldest is of .*", 1),
        ("2999-01-01", "(?s).*2999-01-01T00:00:00.* has not come yet", 2),
        ("yesterday", "(?s).*'yesterday' is no moment: write .*", 2),
    ],
)
def test_a_moment_that_cannot_be_had_is_said_in_a_line(
    lost: Lost, operator: Operator, moment: str, said: str, code: int
) -> None:
    asked = getattr(lost, moment, moment)

    told = operator.says(*lost.words, "--data", str(lost.folder / "no"), "--to", asked, **settings_of(lost))

    assert (told.returncode, bool(re.match(said, told.stderr))) == (code, True), told.stderr
    assert not (lost.folder / "no").exists()


def test_a_moment_after_the_archive_is_refused_and_says_until_when_it_goes(
    lost: Lost, operator: Operator
) -> None:
    data = lost.folder / "later"
    time.sleep(1)
    moment = time.strftime("%Y-%m-%d %H:%M:%S%z")

    with ended(data):
        told = operator.says(*lost.words, "--data", str(data), "--to", moment, **settings_of(lost))

    assert told.returncode == 1
    assert "that moment is not in the archive, which ends at 20" in told.stderr
    assert told.stderr.endswith("--to latest\n")
