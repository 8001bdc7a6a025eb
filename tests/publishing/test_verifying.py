"""What was changed past the commands is found, whoever dropped the triggers first."""

from __future__ import annotations

import itertools
import json
import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.document.digest import digest
from siapa.extensions import db
from siapa.publishing import agencies, commands, offerings, people, places, services, unanswered
from siapa.publishing.editions import today_of
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.places import ClosedDays
from siapa.publishing.verifying import Finding, verify
from siapa.publishing.writing import derived
from siapa.records import Edition, Offering, Role, UnansweredQuery
from siapa.records.copying import opened
from siapa.records.engine import WRITES, begin_writing
from siapa.records.frozen import TRIGGERS, missing_triggers
from tests.conftest import as_role
from tests.publishing.cast import (
    Cast,
    a_service,
    content,
    document,
    people_and_places,
    published,
    submitted,
)
from tests.publishing.racing import at_once, somebody


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A registry in which something of everything has happened."""
    first = published(cast, title="Pertama")
    commands.open_draft(first.id, document("Pertama, lagi"), by=cast.author)
    commands.submit(first.id, by=cast.author)
    commands.publish(first.id, by=cast.publisher)
    second = published(cast, title="Kedua")
    counter = places.add_counter(cast.mall.id, "Loket", by=cast.manager)
    offerings.set_offerings(second.id, [OfferedAt(cast.mall.id, counter.id)], by=cast.author)
    places.set_closures(cast.mall.id, [ClosedDays(DAY, DAY, "Natal")], by=cast.manager)
    offering = db.session.scalars(sa.select(Offering)).one()
    offerings.confirm(offering.id, by=cast.manager, on=today_of(cast.mall))
    agencies.set_agency(cast.own.id, {"phone": "0401"}, by=cast.admin)
    agencies.rename_agency(cast.child.id, "uptd-dukcapil", by=cast.admin)
    service = a_service(cast)
    services.set_aliases(service.id, [("id", "buat kk")], by=cast.curator)
    services.put_life_event("lahir", LIFE_EVENT, by=cast.curator)
    services.set_life_events(service.id, ["lahir"], by=cast.curator)
    services.put_life_event("lahir", {**LIFE_EVENT, "position": 2}, by=cast.curator)
    services.put_synonym("kk", "kartu keluarga", kind="abbreviation", by=cast.curator)
    begin_writing(db)
    db.session.add(UnansweredQuery(day=DAY, words="harga cabai", times=3))
    db.session.commit()
    unanswered.dismiss("harga cabai", by=cast.curator)
    _people(cast)
    commands.rename(second.id, "kedua-baru", by=cast.publisher)
    third = published(cast, title="Ketiga")
    commands.withdraw(third.id, by=cast.publisher, reason="Digabung.", replaced_by=first.id)
    commands.restore(third.id, 1, by=cast.author)
    commands.submit(third.id, by=cast.author)
    day = today_of(cast.own) + timedelta(days=1)
    commands.publish(third.id, by=cast.publisher, effective_from=day)
    commands.publish_due(today=day)
    submitted(cast, title="Keempat")
    return cast


def _people(cast: Cast) -> None:
    """Officers come, get roles and tokens, and lose them."""
    people.disable_officer(cast.author.id, by=cast.admin)
    agencies.declare_single_officer(cast.own.id, is_single=True, by=cast.admin)
    people.enable_officer(cast.author.id, by=cast.admin)
    new = people.add_officer(
        "baru@example.go.id", "Baru", Role.OPERATOR, by=cast.admin, agency_id=cast.own.id
    )
    given = people.grant(new.id, Role.PUBLISHER, by=cast.admin, agency_id=cast.child.id)
    people.grant(new.id, Role.AGENCY_ADMIN, by=cast.admin, agency_id=cast.child.id)
    people.revoke(given.id, by=cast.admin)
    people.revoke_token(people.issue_token("Sistem", by=new).token.id, by=cast.admin)


def tamper(*statements: str, **values: object) -> None:
    """Change the database with everything out of the way that would refuse it."""
    db.session.rollback()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(sa.text(statement), values)
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def rules() -> set[str]:
    """Which rules do not hold."""
    return {finding.what for finding in verify()}


def test_after_everything_has_happened_everything_holds(busy: Cast) -> None:
    assert verify() == []


def test_an_empty_registry_holds(app: object) -> None:
    assert verify() == []


DAY = date(2026, 12, 25)
LIFE_EVENT = {"name": "Lahir", "name_en": "Birth", "position": 1}
FIRST = "(SELECT id FROM edition WHERE title = 'Pertama')"


@pytest.mark.parametrize(
    ("rule", "statements"),
    [
        ("audit chain", ["UPDATE audit_event SET action = 'open' WHERE number = 3"]),
        ("audit chain", ["DELETE FROM audit_event WHERE number = (SELECT max(number) FROM audit_event)"]),
        ("change log", ["DELETE FROM change WHERE number = 2"]),
        ("change log", ["UPDATE counting SET last_number = last_number + 1 WHERE log = 'change'"]),
        ("change log", ["UPDATE change SET subject_id = 'x' WHERE kind = 'standard.withdrawn'"]),
        ("digest", [f"UPDATE edition SET digest = '{'0' * 64}' WHERE id = {FIRST}"]),
        (
            "digest",
            [f"""UPDATE edition SET document = json_set(document, '$.summary', 'x') WHERE id = {FIRST}"""],
        ),
        ("document", [f"""UPDATE edition SET document = '{{"colour": "x"}}' WHERE id = {FIRST}"""]),
        ("document", [f"UPDATE edition SET document = '7' WHERE id = {FIRST}"]),
        (
            "document",
            [f"""UPDATE edition SET document = json_set(document, '$.summary', null) WHERE id = {FIRST}"""],
        ),
        ("derived column", [f"UPDATE edition SET fee_min_idr = 1 WHERE id = {FIRST}"]),
        ("derived column", [f"UPDATE edition SET title = 'Palsu' WHERE id = {FIRST}"]),
        ("derived column", ["UPDATE edition SET components_given = 14 WHERE title = 'Keempat'"]),
        (
            "one edition",
            [
                "DROP INDEX one_live_edition_per_standard",
                f"UPDATE edition SET state = 'published', ended_at = NULL WHERE id = {FIRST}",
            ],
        ),
        (
            "one edition",
            [
                "DROP INDEX one_open_edition_per_standard",
                "UPDATE edition SET state = 'draft' WHERE title LIKE 'Pertama%'",
            ],
        ),
        ("times", [f"UPDATE edition SET ended_at = NULL WHERE id = {FIRST}"]),
        ("numbers of editions", ["UPDATE edition SET number = 5 WHERE title = 'Pertama, lagi'"]),
        ("numbers of editions", [f"DELETE FROM edition WHERE id = {FIRST}"]),
        ("publication", [f"DELETE FROM edition WHERE id = {FIRST}"]),
        (
            "publication",
            ["UPDATE edition SET state = 'published', published_at = created_at WHERE title = 'Keempat'"],
        ),
        ("publication", ["DELETE FROM edition WHERE title = 'Kedua'"]),
        ("offering", ["DELETE FROM standard WHERE slug = 'kedua-baru'"]),
        ("offering", ["DELETE FROM location"]),
        ("offering", ["UPDATE counter SET location_id = standard_id FROM offering"]),
        ("content", [f"UPDATE edition SET published_at = created_at WHERE id = {FIRST}"]),
        ("content", [f"UPDATE edition SET review_due_on = '2099-01-01' WHERE id = {FIRST}"]),
        ("content", [f"UPDATE edition SET confidence = 'sourced', source_address = 'x' WHERE id = {FIRST}"]),
        ("content", [f"""UPDATE edition SET sourced_components = '["fees"]' WHERE id = {FIRST}"""]),
        ("content", ["UPDATE edition SET withdrawal_reason = 'x' WHERE withdrawal_reason IS NOT NULL"]),
        ("content", ["UPDATE edition SET published_by_id = submitted_by_id"]),
        ("change log", ["UPDATE change SET kind = 'offering.changed' WHERE kind = 'standard.moved'"]),
        ("change log", ["UPDATE change SET subject_id = 'x' WHERE kind = 'location.changed'"]),
        ("change log", ["UPDATE change SET at = '2020-01-01 00:00:00.000000' WHERE number = 2"]),
        (
            "change log",
            [
                "DELETE FROM change WHERE number = (SELECT max(number) FROM change)",
                "UPDATE counting SET last_number = last_number - 1 WHERE log = 'change'",
            ],
        ),
        (
            "change log",
            [
                (
                    "INSERT INTO change SELECT number + 1, at, kind, subject_id, edition_number"
                    " FROM change ORDER BY number DESC LIMIT 1"
                ),
                "UPDATE counting SET last_number = last_number + 1 WHERE log = 'change'",
            ],
        ),
        ("audit chain", ["UPDATE audit_event SET change_digest = NULL WHERE change_digest IS NOT NULL"]),
        ("content", ["UPDATE offering SET limits = 'x'"]),
        ("content", ["UPDATE offering SET checked_on = '2020-01-01'"]),
        ("content", ["UPDATE offering SET standard_id = (SELECT id FROM standard WHERE slug = 'pertama')"]),
        ("content", ["DELETE FROM offering"]),
        ("content", ["UPDATE agency SET name = 'Palsu' WHERE slug = 'dukcapil'"]),
        ("content", ["UPDATE agency SET single_officer = 1 WHERE slug = 'dukcapil'"]),
        ("content", ["DELETE FROM former_slug WHERE kind = 'agency'"]),
        ("content", ["DELETE FROM former_slug WHERE kind = 'standard'"]),
        ("content", ["UPDATE standard SET agency_id = (SELECT id FROM agency WHERE slug = 'dinkes')"]),
        ("content", ["UPDATE closure SET until_on = '2027-01-01'"]),
        ("content", ["DELETE FROM service_alias"]),
        ("content", ["DELETE FROM service_life_event"]),
        ("content", ["UPDATE life_event SET name = 'Palsu'"]),
        ("content", ["UPDATE category SET name = 'Palsu'"]),
        ("content", ["UPDATE synonym SET replacement = 'palsu'"]),
        ("content", ["DELETE FROM synonym"]),
        ("content", ["DELETE FROM dismissed_query"]),
        ("content", ["UPDATE dismissed_query SET words = 'palsu'"]),
        ("content", ["UPDATE counter SET name = 'Palsu'"]),
        ("content", ["UPDATE membership SET role = 'publisher' WHERE role = 'agency_admin'"]),
        ("content", ["UPDATE token SET revoked_at = NULL"]),
        ("content", ["UPDATE token SET secret_hash = 'x'"]),
        ("trigger", []),
        ("address", ["UPDATE standard SET slug = 'kedua' WHERE slug = 'kedua-baru'"]),
        (
            "agency tree",
            ["UPDATE agency SET parent_id = (SELECT id FROM agency WHERE slug = 'uptd-dukcapil')"],
        ),
    ],
)
def test_what_was_tampered_with_is_found(busy: Cast, rule: str, statements: list[str]) -> None:
    tamper(*statements)

    assert rule in rules()


def test_a_promise_changed_with_its_digest_and_columns_still_shows(busy: Cast) -> None:
    forged = document("Pertama", fees={"fee_kind": "fixed", "lines": [{"amount_idr": 5}]})
    columns = derived(forged)
    columns["document"] = json.dumps(columns["document"])
    assert columns["digest"] == digest(json.loads(columns["document"])) != digest(content("Pertama"))

    names = ", ".join(f"{name} = :{name}" for name in columns)
    tamper(f"UPDATE edition SET {names} WHERE id = {FIRST}", **columns)

    assert rules() == {"content", "trigger"}


def test_the_database_itself_refuses_to_change_what_was_published(busy: Cast) -> None:
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        for change in (
            "title = 'x'", "digest = 'x'", "state = 'draft'", "number = 9", "published_at = NULL",
            "review_due_on = NULL", "confidence = 'sourced'", "source_address = 'x'", "source_note = 'x'",
            "source_as_of = NULL", "sourced_components = '[]'", "withdrawal_reason = 'x'", "ended_at = NULL",
        ):  # fmt: skip
            with pytest.raises(sa.exc.IntegrityError):
                connection.execute(sa.text(f"UPDATE edition SET {change} WHERE id = {FIRST}"))
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text(f"DELETE FROM edition WHERE id = {FIRST}"))

        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text("UPDATE edition SET withdrawal_reason = 'x' WHERE title = 'Keempat'"))

    assert db.session.scalar(sa.select(sa.func.count()).where(Edition.title == "Pertama")) == 1
    assert verify() == []


def test_the_triggers_that_must_stand_are_all_that_the_migrations_make(either_app: Flask) -> None:
    found = sa.text(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with db.engine.connect() as connection:
        assert set(connection.scalars(found)) == set(TRIGGERS)
        assert list(missing_triggers(connection)) == []


@pytest.mark.postgres
def test_a_trigger_that_is_switched_off_is_missing(postgresql_app: Flask) -> None:
    owner = as_role(db.engine.url.render_as_string(hide_password=False), "postgres")
    with opened(owner) as engine, engine.connect() as connection:
        connection.execute(sa.text("ALTER TABLE edition DISABLE TRIGGER edition_is_kept"))
        missing = list(missing_triggers(connection))

    assert missing == ["edition_is_kept"]


def test_verify_is_not_misled_by_what_is_written_meanwhile(either_app: Flask) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    own = cast.own.id
    published(cast)
    wrong: list[Finding] = []
    stopped = threading.Event()

    def act(number: int) -> None:
        if number == 0:
            for _ in range(12):
                wrong.extend(verify())
            stopped.set()
        for turn in itertools.takewhile(lambda _: not stopped.is_set(), itertools.count()):
            author, title = somebody("author"), document(f"Standar {number} {turn}")
            standard = commands.open_standard(own, title, by=author)
            offerings.set_offerings(standard.id, [], by=author)
            commands.submit(standard.id, by=author)
            commands.publish(standard.id, by=somebody("publisher"))

    results = at_once(either_app, 3, act)

    assert results == [None] * 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Edition)) > 3
    assert wrong == verify() == []
