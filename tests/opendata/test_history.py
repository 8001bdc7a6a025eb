"""What was public at a moment can be had for ever: page, API, dump and the snapshot of that day agree."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from siapa.config import ROOT
from siapa.extensions import db
from siapa.opendata import TABLES, exporting, snapshots, telling
from siapa.opendata.history import begins_at, faults
from siapa.opendata.replaying import Gap, replay
from siapa.publishing import agencies, commands, merging, offerings, places, results, services
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.seed_date import RELEASED
from siapa.publishing.seeding import load_seed
from siapa.records import AuditEvent, CounterStatus, LocationKind, now
from siapa.records.engine import one_view
from tests.conftest import make_app
from tests.opendata.test_snapshots import records
from tests.publishing.cast import Cast, a_service, document, published

URL = "https://siapa.example"
QUARTER = date(2026, 6, 30)


def files_of(folder: Path) -> dict[str, bytes]:
    """What stands in the files of a dump or a snapshot, by their names."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    return {
        name.removesuffix(".gz"): gzip.decompress(content) if name.endswith(".gz") else content
        for name, content in found.items()
        if name.removesuffix(".gz").endswith((".csv", ".jsonl")) and not name.startswith("tombstones")
    }


def a_life(cast: Cast, tells: Callable[[], object]) -> None:
    """Things are published, revised, moved, merged, closed and withdrawn; ``tells`` is called in between."""
    one = a_service(cast, "KK-BARU")
    other = a_service(cast, "KK-LAMA")
    services.set_aliases(other.id, {("id", "kk lama"), ("en", "old card")}, by=cast.curator)
    first = published(cast, title="Yang pertama")
    second = published(cast, title="Yang kedua")
    commands.link(first.id, one.id, by=cast.curator)
    commands.link(second.id, other.id, by=cast.curator)
    tells()
    office = places.add_location(
        LocationKind.OFFICE, "Kantor", {"region_code": "74.71"}, agency_id=cast.own.id, by=cast.national
    )
    counter = places.add_counter(cast.mall.id, "Loket 1", {}, by=cast.national)
    offerings.set_offerings(
        first.id, [OfferedAt(cast.mall.id, counter_id=counter.id), OfferedAt(office.id)], by=cast.publisher
    )
    for standard in (first, second):
        results.set_performance(standard.id, results.Measured(QUARTER, QUARTER, 9, 8, 95), by=cast.author)
    results.set_satisfaction(cast.own.id, results.Surveyed(QUARTER, QUARTER, 9, (3.0,) * 9), by=cast.author)
    tells()
    newer = document("Yang pertama, baru", facilities=[{"text": "Kursi"}])
    commands.open_draft(first.id, newer, by=cast.author)
    commands.submit(first.id, by=cast.author)
    commands.publish(first.id, by=cast.publisher)
    agencies.rename_agency(cast.own.id, "disdukcapil", by=cast.national)
    tells()
    merging.merge_service(other.id, one.id, by=cast.curator, leave_doubles=True)
    places.set_location(office.id, {"closed_on": date(2026, 5, 1)}, by=cast.national)
    tells()
    commands.withdraw(second.id, reason="Digabung", replaced_by=first.id, by=cast.publisher)
    places.set_counter(counter.id, {"status": CounterStatus.CLOSED}, by=cast.national)
    tells()


def test_a_dump_of_what_was_known_is_the_snapshot_of_that_day(either_cast: Cast, tmp_path: Path) -> None:
    made = []

    def keep() -> None:
        manifest = snapshots.make(tmp_path / "snapshots", URL, tells=lambda _name: None)
        made.append((manifest, now()))

    a_life(either_cast, keep)

    assert len(made) == 5
    for manifest, moment in made:
        folder = tmp_path / f"dump-{manifest.number}"
        standing = exporting.export(
            folder, URL, formats=("csv", "jsonl"), tells=lambda _name: None, known_at=moment
        )
        snapshot = files_of(tmp_path / "snapshots" / f"{manifest.number:08d}")
        assert standing.number == manifest.number
        dump = files_of(folder)
        assert dump.keys() == snapshot.keys() and len(dump) == 2 * len(TABLES)
        for name in dump:
            assert dump[name] == snapshot[name], (name, manifest.number)


def test_page_api_file_and_snapshot_tell_the_same_of_a_moment(cast: Cast, tmp_path: Path) -> None:
    moments = []

    def keep() -> None:
        snapshots.make(tmp_path, URL, tells=lambda _name: None)
        moments.append(now().isoformat())

    a_life(cast, keep)
    client = current_app.test_client()

    told = {}
    for moment, folder in zip(moments, snapshots.folders(tmp_path), strict=True):
        (row,) = (one for one in records(folder, "standards") if "pertama" in one["title"])
        places = [one for one in records(folder, "offerings") if one["standard_id"] == row["id"]]
        asked = {"known_at": moment}
        told = client.get(f"/api/v1/standards/{row['id']}", query_string=asked).json
        page = client.get(row["path"], query_string=asked).text
        moved = client.get(f"/standar/disdukcapil/{row['path'].split('/')[-1]}", query_string=asked).text
        file = client.get("/data/standards.jsonl", query_string=asked)
        assert (told["edition_number"], told["title"]) == (row["edition_number"], row["title"])
        assert told["digest"] == row["digest"] and told["agency"]["slug"] == row["path"].split("/")[2]
        assert (told["service"] or {}).get("id") == row["service_id"]
        assert sorted(one["id"] for one in told["offerings"]) == sorted(one["id"] for one in places)
        assert row["digest"] in page and row["digest"] in moved
        assert file.data == gzip.decompress((folder / "standards.jsonl.gz").read_bytes())
        assert int(file.headers["X-Change-Number"]) == int(folder.name)
    assert told["edition_number"] == 2 and not told["ended_at"]


def test_what_was_withdrawn_by_then_is_gone_and_stood_before(cast: Cast) -> None:
    gone, kept = published(cast, title="Dicabut"), published(cast, title="Pengganti")
    before = now()
    commands.withdraw(gone.id, reason="Digabung", replaced_by=kept.id, by=cast.publisher)
    client = current_app.test_client()

    stood = client.get(f"/api/v1/standards/{gone.id}", query_string={"known_at": before.isoformat()})
    went = client.get(f"/api/v1/standards/{gone.id}", query_string={"known_at": now().isoformat()})
    never = client.get(f"/api/v1/standards/{gone.id}", query_string={"known_at": "2020-01-01"})
    ahead = client.get(f"/api/v1/standards/{gone.id}", query_string={"known_at": "2999-01-01"})
    none = client.get("/data/standards.csv", query_string={"known_at": "kemarin"})

    assert (stood.json["state"], stood.json["ended_at"]) == ("published", None)
    assert went.status_code == 410 and "Digabung" in went.text
    assert never.status_code == 404
    assert (ahead.status_code, none.status_code) == (422, 422)


def test_the_history_of_the_seeded_registry_is_what_stands(seeded: Flask) -> None:
    with one_view(db.engine) as connection:
        assert begins_at(connection) == 0
        assert list(faults(connection)) == []


def test_a_record_that_is_not_what_was_kept_is_found(cast: Cast) -> None:
    published(cast)
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE agency SET short_name = 'X' WHERE slug = 'dukcapil'"))

    with one_view(db.engine) as connection:
        assert [fault.split()[1] for fault in faults(connection)] == ["agencies"]


def test_who_replays_the_feed_from_zero_has_the_dump_byte_for_byte(
    either_cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few records at a time, so that the feed is read in many parts.
    monkeypatch.setattr(telling, "MOST_RECORDS", 7)
    a_life(either_cast, lambda: None)
    exporting.export(tmp_path / "dump", URL, formats=("csv", "jsonl"), tells=lambda _name: None)

    pages = list(feed())
    standing = replay(pages, tmp_path / "replayed", URL, formats=("csv", "jsonl"), tells=lambda _name: None)

    assert len(pages) > 5
    assert standing.number == pages[-1]["last"]
    dump, replayed = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("dump", "replayed")
    )
    assert replayed.keys() == dump.keys() and len(dump) == 2 * len(TABLES) + 3
    for name in dump:
        assert replayed[name] == dump[name], name


def test_the_feed_says_why_a_record_is_gone_for_ever(cast: Cast) -> None:
    gone, kept = published(cast, title="Dicabut"), published(cast, title="Pengganti")
    offerings.set_offerings(gone.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    commands.withdraw(gone.id, reason="Digabung", replaced_by=kept.id, by=cast.publisher)

    lines = [line for page in feed() for line in page["changes"]]

    stones = {one["table"]: one["gone"] for one in lines[-1]["records"] if one["record"] is None}
    reason = {"kind": "withdrawn", "reason": "Digabung"}
    assert stones == {
        "standards": {**reason, "replaced_by_id": str(kept.id)},
        "offerings": {**reason, "replaced_by_id": None},
    }
    without = current_app.test_client().get("/api/v1/changes").json
    assert all(line["records"] is None for line in without["changes"])


def test_a_feed_with_a_gap_is_refused(cast: Cast, tmp_path: Path) -> None:
    published(cast, title="Satu"), published(cast, title="Dua"), published(cast, title="Tiga")
    (page,) = feed()
    page["changes"].pop(1)

    with pytest.raises(Gap, match="line 2 is missing"):
        replay([page], tmp_path, URL, formats=("csv",), tells=lambda _name: None)


def feed() -> Iterator[dict[str, Any]]:
    """The answers of the public feed, from the first line to the last."""
    client, since = current_app.test_client(), 0
    while True:
        page = client.get(f"/api/v1/changes?since={since}&records=true").json
        yield page
        if page["next"] == page["last"]:
            return
        since = page["next"]


def test_a_second_clone_has_the_same_snapshot_of_the_seed_data(seeded: Flask, tmp_path: Path) -> None:
    ours = snapshots.make(tmp_path / "ours", URL, tells=lambda _name: None)

    with make_app(tmp_path / "clone").app_context():
        load_seed(ROOT / "seed_data")
        theirs = snapshots.make(tmp_path / "theirs", URL, tells=lambda _name: None)
        really = db.session.scalar(sa.select(AuditEvent.at).order_by(AuditEvent.number.desc()).limit(1))
        db.session.remove()
        db.engine.dispose()

    assert (theirs.digest, theirs.number) == (ours.digest, ours.number)
    assert theirs.at == (ROOT / "seed_data" / RELEASED).read_text().strip()
    assert really > datetime.fromisoformat(theirs.at)
