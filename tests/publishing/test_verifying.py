"""What was changed past the commands is found, whoever dropped the triggers first."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.extensions import db
from siapa.publishing import commands, offerings, places
from siapa.publishing.editions import today_of
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.verifying import verify
from siapa.publishing.writing import derived
from siapa.records import Edition
from siapa.records.engine import WRITES
from tests.publishing.cast import Cast, content, document, published, submitted


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
        ("address", ["UPDATE standard SET slug = 'kedua' WHERE slug = 'kedua-baru'"]),
        ("agency tree", ["UPDATE agency SET parent_id = (SELECT id FROM agency WHERE slug = 'uptd')"]),
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

    assert rules() == {"publication"}


def test_the_database_itself_refuses_to_change_what_was_published(busy: Cast) -> None:
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        for change in ("title = 'x'", "digest = 'x'", "state = 'draft'", "number = 9"):
            with pytest.raises(sa.exc.IntegrityError):
                connection.execute(sa.text(f"UPDATE edition SET {change} WHERE id = {FIRST}"))
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text(f"DELETE FROM edition WHERE id = {FIRST}"))

    assert db.session.scalar(sa.select(sa.func.count()).where(Edition.title == "Pertama")) == 1
    assert verify() == []
