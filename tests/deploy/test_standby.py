"""A primary and a hot standby, and an application that reads from the one and writes to the other.

Both are real servers that stream. The tests stand in the order of a bad day; each leaves both at work.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa import search
from siapa.extensions import STANDBY, db
from siapa.web import caching
from siapa.web.newest import PAUSE
from tests.cli.served import wait_until
from tests.conftest import make_app
from tests.deploy.pairs import Pair, pair
from tests.web.desk.visiting import form_token, signed_in
from tests.web.registry import SIM_RENEWAL, make_registry, publish_next, the_standard

pytestmark = pytest.mark.postgres

#: What anybody may read, by every door.
PUBLIC = (
    "/", "/cari?q=sim", "/layanan", "/mpp", "/mpp/mpp-kendari", "/instansi", "/wilayah", "/en/", "/bantuan",
    "/api/v1/search?q=ktp", "/api/v1/suggest?q=ktp", "/api/v1/standards", "/api/v1/changes", "/api/v1/malls",
    "/data/standards.csv", "/data/services.jsonl", "/hsds/services", "/feed.atom", "/sitemap.xml", "/data",
)  # fmt: skip
#: Longest an answer may take while a database hangs.
SOON = 4.0


@pytest.fixture(scope="module")
def servers() -> Iterator[Pair]:
    """Both servers, with a small registry in them."""
    with pair() as both:
        yield both


@pytest.fixture(scope="module")
def kept_app(servers: Pair, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application that goes through it all without a restart."""
    app = make_app(tmp_path_factory.mktemp("standby"), **servers.settings())
    with app.app_context():
        make_registry()
        search.rebuild()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(kept_app: Flask, servers: Pair) -> FlaskClient:
    """A visitor; the standby has all there is, and is read from."""
    catch_up(servers)
    wait_until(lambda: is_read_from(kept_app, STANDBY))
    return kept_app.test_client()


def catch_up(servers: Pair) -> None:
    """Wait until the standby shows what the primary knows now: that goes on by itself, as it tidies up."""
    at = servers.primary.say("SELECT pg_current_wal_lsn()")
    wait_until(lambda: servers.standby.say(f"SELECT pg_last_wal_replay_lsn() >= '{at}'"), 30)


def is_read_from(app: Flask, key: str | None) -> bool:
    """Whether a public page asks the database for anything but its newest change."""
    caching.shelf_of(app).empty()
    with statements(app, key) as said:
        app.test_client().get("/layanan")
    return any("FROM standard" in one or "FROM service" in one for one in said)


def statuses(client: FlaskClient) -> dict[str, int]:
    """What every public address answers now; no answer of before is given again."""
    caching.shelf_of(client.application).empty()
    return {path: client.get(path, buffered=True).status_code for path in PUBLIC}


@contextmanager
def statements(app: Flask, key: str | None) -> Iterator[list[str]]:
    """What is said meanwhile to the database that is written to (None), or to the standby."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    with app.app_context():
        engine = db.engines[key]
    sa.event.listen(engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(engine, "before_cursor_execute", note)


def test_what_is_public_is_read_from_the_standby_as_one_who_only_reads(
    kept_app: Flask, client: FlaskClient
) -> None:
    with statements(kept_app, None) as primary, statements(kept_app, STANDBY) as standby:
        answers = statuses(client)

    assert set(answers.values()) == {200}, answers
    assert len(standby) > 50
    assert [one for one in primary if "SELECT" in one and "pg_catalog" not in one] == []


def test_nobody_sees_less_than_was_published_before_they_asked(
    kept_app: Flask, client: FlaskClient, servers: Pair
) -> None:
    servers.standby.say("SELECT pg_wal_replay_pause()")
    with kept_app.app_context():
        standard = the_standard("polresta-kendari", SIM_RENEWAL).id
        publish_next(standard, title="Perpanjangan SIM C lagi")
        db.session.remove()

    shown = client.get(f"/api/v1/standards/{standard}").text
    servers.standby.say("SELECT pg_wal_replay_resume()")
    catch_up(servers)

    assert "Perpanjangan SIM C lagi" in shown


def test_without_the_standby_everything_is_read_from_the_primary(
    kept_app: Flask, client: FlaskClient, servers: Pair
) -> None:
    servers.primary.say("ALTER SYSTEM SET synchronous_standby_names = ''")
    servers.primary.say("SELECT pg_reload_conf()")
    servers.standby.kill()

    without = statuses(client)
    servers.standby.start()
    servers.demand_standby()
    wait_until(lambda: is_read_from(kept_app, STANDBY), 30)

    assert set(without.values()) == {200}, without


def test_without_the_primary_the_public_reads_on_and_writers_are_told_so(
    kept_app: Flask, client: FlaskClient, servers: Pair
) -> None:
    officer = signed_in(kept_app, "author@example.go.id")
    token = form_token(officer)
    servers.primary.kill()

    public = statuses(client)
    desk, english = officer.get("/meja"), officer.get("/en/meja")
    sent = officer.post("/meja/keluar", data={"csrf_token": token})
    api = client.post("/api/v1/agencies/x/standards", headers={"Authorization": "Bearer x"}, json={})
    ready = client.get("/health/ready")
    servers.primary.start()
    wait_until(servers.is_joined, 30)
    time.sleep(PAUSE)
    again = officer.get("/meja")

    assert set(public.values()) == {200}, public
    assert {desk.status_code, english.status_code, sent.status_code, api.status_code} == {503}
    assert "dapat dibaca" in desk.text
    assert "can be read" in english.text
    assert "sqlalchemy" not in desk.text.lower()
    assert int(desk.headers["Retry-After"]) > 0
    assert (ready.status_code, ready.get_json()["checks"]["database"]["writes"]) == (200, False)
    assert again.status_code == 200, "nothing was restarted"


def test_a_primary_that_hangs_keeps_nobody_waiting(client: FlaskClient, servers: Pair) -> None:
    servers.primary.freeze()
    began = time.monotonic()
    first = client.get("/layanan?x=hang").status_code
    waited = time.monotonic() - began
    answers = statuses(client)
    began = time.monotonic()
    refused = client.get("/meja/masuk").status_code
    refusing = time.monotonic() - began
    servers.primary.freeze(signal.SIGCONT)
    wait_until(lambda: client.get("/meja/masuk").status_code == 200)

    assert first == 200
    assert waited < SOON
    assert set(answers.values()) == {200}, answers
    assert refused == 503
    assert refusing < SOON


def test_an_officer_is_not_shown_what_is_older_than_their_own_change(
    kept_app: Flask, client: FlaskClient, servers: Pair
) -> None:
    officer = signed_in(kept_app, "publisher@example.go.id")
    servers.standby.say("SELECT pg_wal_replay_pause()")
    with kept_app.app_context():
        standard = the_standard("dukcapil-kendari", "KTP-BARU").id
        db.session.remove()
    caching.shelf_of(kept_app).empty()
    form = {"csrf_token": form_token(officer), "reason": "Layanan dihapus", "version": "1"}
    sent = officer.post(f"/meja/standar/{standard}/cabut", data=form)
    servers.primary.kill()

    own, others = officer.get("/layanan?x=own").status_code, client.get("/layanan?x=own").status_code
    servers.standby.say("SELECT pg_wal_replay_resume()")
    servers.primary.start()
    wait_until(servers.is_joined, 30)

    assert sent.status_code == 303
    assert (own, others) == (503, 200)


def test_an_answer_that_is_made_stays_good_when_the_server_dies_before_it_is_sent(
    kept_app: Flask, client: FlaskClient, servers: Pair
) -> None:
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'siapa'"

    with kept_app.app_context():
        db.session.execute(sa.text("SELECT 1"))
        servers.primary.say(cut)
        db.session.remove()

        assert db.session.scalar(sa.text("SELECT 1")) == 1
        db.session.remove()
    assert client.get("/layanan").status_code == 200
