"""Back to a moment before a mishap, from a base backup and the archived log of PostgreSQL."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import roles
from siapa.records.copying import opened
from siapa.records.engine import begin_writing
from siapa.records.schema import move_to
from tests.cli.operator import Operator
from tests.cli.served import wait_until
from tests.conftest import make_app
from tests.deploy.pairs import scripted
from tests.deploy.postgresql import Postgres, as_somebody, place, run
from tests.publishing.cast import people_and_places, published

pytestmark = pytest.mark.postgres


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where servers, backup and archive lie."""
    made = place()
    yield made
    shutil.rmtree(made, ignore_errors=True)


def addressed(server: Postgres, role: str = "postgres") -> str:
    """Its database, as a setting says it."""
    return server.address(role=role).replace("postgresql:", "postgresql+psycopg:")


def test_a_registry_goes_back_to_the_moment_before_a_mishap(folder: Path, tmp_path: Path) -> None:
    archive, base, data = folder / "archive", folder / "base", folder / "restored"
    for each in (archive, data):
        each.mkdir()
        if (user := as_somebody()) is not None:
            shutil.chown(each, user)
    lost = Postgres.made(folder / "lost", archive_mode="on", archive_command=f"'cp %p {archive}/%f'")
    restored = Postgres(data)
    try:
        lost.start()
        lost.say("CREATE DATABASE siapa")
        with opened(addressed(lost)) as engine:
            move_to(engine)
            roles.apply(engine)
        app = make_app(tmp_path / "app", SIAPA_DATABASE_URL=addressed(lost, roles.APP))
        with app.app_context():
            begin_writing(db)
            cast = people_and_places()
            db.session.commit()
            published(cast)
            where = ("-h", "127.0.0.1", "-p", str(lost.port), "-U", "postgres")
            run("pg_basebackup", *where, "-D", base, "-c", "fast")
            standard = published(cast, title="Surat Pindah").id
            moment = str(lost.say("SELECT clock_timestamp()"))
            time.sleep(0.1)
            commands.withdraw(standard, by=cast.publisher, reason="Salah tekan")
            db.session.remove()
            db.engine.dispose()
        file = lost.say("SELECT pg_walfile_name(pg_switch_wal())")
        wait_until(lambda: (archive / str(file)).exists())
        lost.kill()

        scripted("restore-to", base, archive, data, moment)
        restored.start()
        wait_until(lambda: restored.say("SELECT pg_is_in_recovery()") is False)
        operator, settings = (
            Operator(tmp_path / "new"),
            {"SIAPA_DATABASE_URL": addressed(restored, roles.APP)},
        )
        rebuilt = operator.says("search", "rebuild", **settings)
        verified = operator.says("verify", **settings)
        state = restored.say("SELECT state FROM edition WHERE title = 'Surat Pindah'", "siapa")
        again = scripted_fails(base, archive, data, moment)
    finally:
        lost.stop()
        restored.stop()

    assert (rebuilt.returncode, verified.returncode) == (0, 0), rebuilt.stderr + verified.stdout
    assert verified.stdout == "all holds\n"
    assert state == "published"
    assert "is not empty" in again


def scripted_fails(*words: Path | str) -> str:
    """What the script says when it is run once more."""
    with pytest.raises(AssertionError) as refused:
        scripted("restore-to", *words)
    return str(refused.value)
