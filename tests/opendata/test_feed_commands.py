"""What operators and harvesters do with history, feed and webhooks, at a terminal and on either database."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from siapa.config import ROOT
from siapa.extensions import db
from siapa.opendata import oai
from siapa.opendata.oai import Wanted
from siapa.publishing import commands, webhooks
from siapa.publishing.seed_date import RELEASED
from siapa.records import WebhookDelivery
from tests.cli.operator import Operator
from tests.publishing.cast import Cast, published


class Quiet(WSGIRequestHandler):
    """Says nothing."""

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The registry behind a real server of HTTP."""
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_registry_is_replayed_over_http_and_exported_as_it_was(
    cast: Cast, address: str, tmp_path: Path
) -> None:
    first = published(cast, title="Satu")
    moment = datetime.now(UTC).isoformat()
    commands.withdraw(first.id, reason="Digabung", by=cast.publisher)
    operator = Operator(tmp_path)

    replayed = operator.says("replay", address, str(tmp_path / "replayed"))
    present = operator.says("export", str(tmp_path / "present"), "--format", "csv,jsonl")
    past = operator.says("export", str(tmp_path / "past"), "--known-at", moment)
    ahead = operator.says("export", str(tmp_path / "ahead"), "--known-at", "2999-01-01")
    nowhere = operator.says("replay", "http://127.0.0.1:9", str(tmp_path / "nowhere"))

    assert [one.returncode for one in (replayed, present, past)] == [0, 0, 0], replayed.stderr + past.stderr
    for file in (tmp_path / "present").iterdir():
        if file.suffix in (".csv", ".jsonl"):
            assert (tmp_path / "replayed" / file.name).read_bytes() == file.read_bytes(), file.name
    assert rows(tmp_path / "present") == [] and [one["title"] for one in rows(tmp_path / "past")] == ["Satu"]
    assert (ahead.returncode, nowhere.returncode) == (1, 1)
    assert "not come yet" in ahead.stderr and "cannot be read" in nowhere.stderr
    assert not (tmp_path / "ahead").exists()


def rows(folder: Path) -> list[dict[str, str]]:
    """The standards in force of a dump."""
    with (folder / "standards.csv").open() as handle:
        return list(csv.DictReader(handle))


def test_what_is_due_is_sent_from_a_terminal_and_never_to_this_machine(cast: Cast, tmp_path: Path) -> None:
    made = webhooks.add_webhook(
        "Portal", "https://localtest.invalid/", config=current_app.config["SIAPA"], by=cast.national
    )
    published(cast)

    sent = Operator(tmp_path).says("webhooks", "send")

    assert (sent.returncode, sent.stdout.split(",")[0]) == (1, "0 messages arrived"), sent.stderr
    db.session.expire_all()
    (message,) = db.session.scalars(sa.select(WebhookDelivery))
    assert message.webhook_id == made.webhook.id and message.fault == "there is no such host"


def test_records_are_harvested_and_messages_sent_on_either_database(either_cast: Cast) -> None:
    config = current_app.config["SIAPA"]
    webhooks.add_webhook("Portal", "https://localtest.invalid/", config=config, by=either_cast.national)
    gone, kept = published(either_cast, title="Satu"), published(either_cast, title="Dua")
    commands.withdraw(gone.id, reason="Digabung", by=either_cast.publisher)

    found, goes_on = oai.items(Wanted(until_at=datetime.now(UTC), set_spec="dukcapil"))

    sent = webhooks.deliver_due(config)

    assert not goes_on
    assert (sent.arrived, sent.failed, webhooks.deliver_due(config).failed) == (0, 1, 0)
    assert {(one.id, one.held is None) for one in found} == {(gone.id, True), (kept.id, False)}
    assert oai.item(kept.id) in found and [one.slug for one in oai.sets()[0]] == ["dukcapil"]


def test_the_seed_data_were_released_after_the_sources_they_name() -> None:
    released = datetime.fromisoformat((ROOT / "seed_data" / RELEASED).read_text().strip())
    days = set()
    for file in (ROOT / "seed_data").glob("*.csv"):
        with file.open(encoding="utf-8") as handle:
            days |= {row["as_of"] for row in csv.DictReader(handle) if row.get("as_of")}
    for file in (ROOT / "seed_data").rglob("*.json"):
        days.add(json.loads(file.read_text()).get("provenance", {}).get("as_of") or "")

    assert max(days) <= f"{released:%Y-%m-%d}" <= f"{datetime.now(UTC):%Y-%m-%d}"
