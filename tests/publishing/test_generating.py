"""Made-up data in the registry: as the commands would leave them, the same every time, and marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.document.standard_document import from_stored
from siapa.errors import Conflict
from siapa.extensions import db
from siapa.locales import using
from siapa.publishing import commands, offerings
from siapa.publishing.generating import allotting, loading, makers
from siapa.publishing.generating.marks import COMPILER_ID, NOTE, ORIGIN, PUBLISHER_ID
from siapa.publishing.generating.planning import make_plan
from siapa.publishing.generating.rows import Made, Maker, acts_of
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.people import add_officer
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.publishing.writing import Provenance
from siapa.records import (
    Agency,
    AuditEvent,
    Change,
    ChangeKind,
    Confidence,
    Counter,
    Edition,
    Feedback,
    Location,
    Offering,
    Officer,
    Role,
    Service,
    Standard,
    State,
    now,
)
from siapa.records.checkpointing import checkpoint
from siapa.records.engine import begin_writing
from tests.conftest import make_app
from tests.publishing.generated import MADE_TABLES, all_acts, all_rows, copy_of, count, make

HELD = 200


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with ``HELD`` made standards; never written to afterwards."""
    folder = tmp_path_factory.mktemp("generated")
    with make_app(folder).app_context():
        make(HELD)
        db.session.remove()
        db.engine.dispose()
    checkpoint(folder / "instance" / "siapa.db", at_least_bytes=0)
    return folder


@pytest.fixture
def generated(folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """A copy of it, inside its context."""
    app = copy_of(folder, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def next_made() -> Made:
    """The standard that would be made next, with more than two places."""
    plan = make_plan(1)
    every = allotting.allot(plan.seed, plan.world.agencies, plan.kinds)
    one = next(one for one in every if one.number >= HELD and one.before == 0 and one.number % 20 == 10)
    return Maker(plan.seed, plan.world, plan.kinds).make([one], now())


def by_commands(made: Made) -> None:
    """Take ``made`` the long way: every command, by the same officers."""
    (standard,), (edition,) = made.standards, made.editions
    compiler, publisher = (db.session.get_one(Officer, one) for one in (COMPILER_ID, PUBLISHER_ID))
    source: dict[str, Any] = {"source_note": NOTE, "confidence": Confidence.GENERAL}
    provenance = Provenance(**source)
    commands.open_standard(
        standard["agency_id"], from_stored(edition["document"]), service_id=standard["service_id"],
        standard_id=standard["id"], provenance=provenance, by=compiler, origin=ORIGIN,
    )  # fmt: skip
    places = [
        OfferedAt(one["location_id"], one["counter_id"], provenance=provenance) for one in made.offerings
    ]
    offerings.set_offerings(standard["id"], places, by=compiler, origin=ORIGIN)
    commands.submit(standard["id"], by=compiler, origin=ORIGIN)
    commands.publish(standard["id"], by=publisher, as_found=True, origin=ORIGIN)


def stored(kind: type[Any], condition: Any) -> list[dict[str, Any]]:
    """The rows of ``kind`` as they stand."""
    found = db.session.execute(sa.select(kind.__table__).where(condition))
    return [dict(row) for row in found.mappings()]


def without(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    """``rows`` without the columns that differ from run to run, in one order."""
    kept = [{name: value for name, value in row.items() if name not in names} for row in rows]
    return sorted(kept, key=lambda row: str(row.get("location_id")))


def test_the_rows_of_a_made_standard_are_those_the_commands_leave(generated: Flask) -> None:
    made = next_made()
    standard_id = made.standards[0]["id"]

    by_commands(made)

    standards = stored(Standard, Standard.id == standard_id)
    editions = stored(Edition, Edition.standard_id == standard_id)
    places = stored(Offering, Offering.standard_id == standard_id)
    moments = ("created_at", "revised_at", "published_at", "modified_at")
    assert len(places) == 6
    assert without(made.standards, *moments) == without(standards, *moments)
    assert without(made.editions, "id", *moments) == without(editions, "id", *moments)
    assert without(made.offerings, *moments) == without(places, *moments)


def test_the_acts_of_a_made_standard_are_those_the_commands_leave(generated: Flask) -> None:
    made = next_made()
    standard_id = made.standards[0]["id"]
    last_line = count("change")

    by_commands(made)

    (standard,), (edition,) = (
        stored(Standard, Standard.id == standard_id), stored(Edition, Edition.standard_id == standard_id),
    )  # fmt: skip
    places = stored(Offering, Offering.standard_id == standard_id)
    expected = acts_of(standard, edition, places, now())
    audited = db.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.subject_id == str(standard_id)).order_by(AuditEvent.number)
    )
    names = (
        "officer_id", "action", "subject_kind", "subject_id", "before_digest", "after_digest", "note",
        "origin",
    )  # fmt: skip
    assert [[getattr(act, name) for name in names] for act in audited] == [
        [getattr(act, name) for name in names] for act in expected
    ]
    lines = db.session.execute(
        sa.select(Change.kind, Change.subject_id, Change.edition_number).where(Change.number > last_line)
    )
    assert [tuple(line) for line in lines] == [
        (line.kind, line.subject_id, line.edition_number) for line in made.changes
    ]


def test_everything_holds_afterwards(generated: Flask) -> None:
    assert verify() == []


def test_everything_holds_on_postgresql(postgresql_app: Flask) -> None:
    make(60)
    make(160)

    assert (count("standard"), count("offering")) == (160, 400)
    assert verify() == []


def test_it_is_of_national_size(generated: Flask) -> None:
    malls = db.session.scalar(sa.select(sa.func.count()).where(Location.kind == "mall"))
    local = db.session.scalar(
        sa.select(sa.func.count(sa.distinct(Agency.region_code))).where(
            sa.func.length(Agency.region_code) == 5
        )
    )

    assert (count("agency"), malls, count("service"), local) == (1_500, 300, 400, 514)
    assert count("offering") == HELD * 5 // 2
    assert count("edition") == HELD


def test_one_seed_makes_the_same_rows_however_it_is_done(
    generated: Flask, folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {table: all_rows(table) for table in MADE_TABLES}
    acts = all_acts()
    monkeypatch.setattr(loading, "BATCH", 30)

    with make_app(tmp_path_factory.mktemp("again")).app_context():
        make(50)
        make(HELD)
        again = {table: all_rows(table) for table in MADE_TABLES}
        acts_again = all_acts()

    assert said == again
    assert acts == acts_again


def test_another_seed_makes_other_rows(generated: Flask) -> None:
    def digests(seed: int) -> set[str]:
        plan = make_plan(seed)
        first = list(islice(allotting.allot(plan.seed, plan.world.agencies, plan.kinds), 40))
        return {row["digest"] for row in Maker(plan.seed, plan.world, plan.kinds).make(first, now()).editions}

    assert len(digests(2)) == 40
    assert not digests(1) & digests(2)


def test_a_second_run_does_nothing(generated: Flask) -> None:
    traces = count("audit_event"), count("change")

    report = make(HELD)
    smaller = make(10)

    assert (report.before, report.after) == (HELD, HELD)
    assert (smaller.before, smaller.after) == (HELD, HELD)
    assert (count("audit_event"), count("change")) == traces


def test_a_larger_number_adds_the_difference(generated: Flask) -> None:
    report = make(HELD + 20)

    assert (report.before, report.after) == (HELD, HELD + 20)
    assert count("standard") == HELD + 20


def test_what_was_broken_off_goes_on_where_it_stopped(
    generated: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 10)

    def break_off(done: int, _total: int) -> None:
        if done >= HELD + 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(HELD + 60, progress=break_off)
    reached = count("standard")
    make(HELD + 60)

    assert reached == HELD + 20
    assert count("standard") == HELD + 60
    assert verify() == []


def test_a_maker_that_fails_fails_the_load(generated: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Made:
        raise RuntimeError("no words left")

    monkeypatch.setattr(loading, "BATCH", 10)
    monkeypatch.setattr(Maker, "make", fail)

    with pytest.raises(RuntimeError, match="no words left"):
        make(HELD + 60)

    assert count("standard") == HELD


def test_only_a_few_batches_are_under_way(generated: Flask) -> None:
    plan, asked = make_plan(1), []
    allotted = allotting.allot(plan.seed, plan.world.agencies, plan.kinds)

    def batches() -> Iterator[list[allotting.Allotted]]:
        for number in range(20):
            asked.append(number)
            yield [next(allotted)]

    made = makers.made_batches(plan, batches(), now())
    next(made)
    under_way = len(asked)
    made.close()

    assert under_way <= makers.AHEAD + 1


def a_real_officer() -> None:
    add_officer("ani@konawe.go.id", "Ani", Role.CURATOR, by=Standin.OPERATOR)


def a_citizen_who_wrote() -> None:
    place = db.session.scalar(sa.select(Location.id).limit(1))
    begin_writing(db)
    db.session.add(Feedback(code="A1", location_id=place, text="Tutup", due_at=now()))
    db.session.commit()


@pytest.mark.parametrize("somebody", [a_real_officer, a_citizen_who_wrote])
def test_it_does_not_mix_with_real_work(generated: Flask, somebody: Callable[[], None]) -> None:
    somebody()

    with using("en"), pytest.raises(Conflict, match="would mix with real data"):
        make(HELD + 10)

    assert count("standard") == HELD
    assert make(HELD + 10, force=True).after == HELD + 10


def test_it_stands_beside_the_seed_data(own_seeded: Flask) -> None:
    before = count("standard")

    make(30)

    assert count("standard") == before + 30
    assert verify() == []


def test_data_of_another_seed_are_not_gone_on_with(generated: Flask) -> None:
    with using("en"), pytest.raises(Conflict, match="of seed 1"):
        make(HELD + 10, seed=2)


def test_data_made_from_other_services_are_not_gone_on_with(generated: Flask) -> None:
    from siapa.publishing import services

    compiler = db.session.get_one(Officer, COMPILER_ID)
    known = db.session.scalar(sa.select(Service.id).where(Service.code == "SKCK"))
    services.retire_service(known, by=compiler)

    with using("en"), pytest.raises(Conflict, match="services have changed"):
        make(HELD + 10)


def test_everything_made_says_so(generated: Flask) -> None:
    made = Service.code.like("CONTOH-%")

    names = [
        *db.session.scalars(sa.select(Agency.name)),
        *db.session.scalars(sa.select(Location.name)),
        *db.session.scalars(sa.select(Counter.name)),
        *db.session.scalars(sa.select(Service.name).where(made)),
    ]
    notes = {
        tuple(row)
        for kind, condition in (
            (Agency, True), (Location, True), (Counter, True), (Edition, True), (Offering, True),
            (Service, made),
        )
        for row in db.session.execute(
            sa.select(kind.source_note, kind.confidence, kind.source_address).where(sa.true() & condition)
        )
    }  # fmt: skip

    assert names
    assert all(name.endswith("(Contoh)") for name in names)
    assert notes == {(NOTE, Confidence.GENERAL, None)}


def test_a_reader_of_its_page_sees_it(generated: Flask) -> None:
    client = generated.test_client()
    standard = db.session.scalars(sa.select(Standard).limit(1)).one()

    page = client.get(f"/standar/{standard.agency.slug}/{standard.slug}").text

    assert "(Contoh)" in page
    assert NOTE in page


def test_each_has_one_edition_in_force_and_one_line_in_the_log(generated: Flask) -> None:
    states = set(db.session.scalars(sa.select(Edition.state)))
    lines = db.session.execute(
        sa.select(Change.subject_id, Change.edition_number).where(
            Change.kind == ChangeKind.STANDARD_PUBLISHED
        )
    ).all()

    assert states == {State.PUBLISHED}
    assert {row.subject_id for row in lines} == {
        str(one) for one in db.session.scalars(sa.select(Standard.id))
    }
    assert len(lines) == HELD
