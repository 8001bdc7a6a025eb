"""A trial shows what would be found once it was saved, and saves nothing."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import search
from siapa.extensions import db
from siapa.publishing import services
from siapa.publishing.people import add_officer
from siapa.publishing.permissions import Standin
from siapa.records import AuditEvent, Change, Officer, Role, Service, ServiceAlias, Synonym, seed_id
from siapa.search import Found, Query, find
from siapa.search.suggesting import suggest
from siapa.search.trying import FIRST, try_alias, try_synonym
from tests.search.making import make_registry


@pytest.fixture
def either_registry(either_app: Flask) -> Flask:
    """The small registry of these tests, once on SQLite and once on PostgreSQL."""
    make_registry()
    search.rebuild()
    return either_app


def curator() -> Officer:
    """Somebody who keeps the national catalogue."""
    return add_officer("kurator@example.go.id", "Kurator", Role.CURATOR, by=Standin.OPERATOR)


def service(code: str) -> Service:
    """A national service."""
    return db.session.get_one(Service, seed_id("service", code))


def outcome(found: Found) -> list[tuple[str | None, float]]:
    """What is found, with its worth."""
    return [(hit.service_code, hit.score) for hit in found.results]


def asked(text: str) -> Found:
    """The first results as everybody gets them."""
    return find(Query(text=text, per_page=FIRST, facets=()))


def stored() -> list[int]:
    """How much the tables hold that a trial could touch."""
    db.session.rollback()
    tables = (ServiceAlias, Synonym, Change, AuditEvent)
    return [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.parametrize("text", ["kartu sakti", "kartu sakti hilang", "bikin ktp", "sim c kendari"])
def test_a_synonym_tried_finds_what_it_finds_once_it_is_saved(registry: Flask, text: str) -> None:
    trial = try_synonym("Kartu-Sakti", "KTP", text)

    assert outcome(trial.before) == outcome(asked(text))
    services.put_synonym("kartu sakti", "ktp", kind="colloquial", by=curator())
    assert outcome(trial.after) == outcome(asked(text))


@pytest.mark.parametrize("text", ["pelesir mancanegara", "pelesir", "bikin ktp", "paspor kendari"])
def test_an_alias_tried_finds_what_it_finds_once_it_is_saved(either_registry: Flask, text: str) -> None:
    trial = try_alias(service("PASPOR"), "pelesir mancanegara", text)

    assert outcome(trial.before) == outcome(asked(text))
    services.add_alias(service("PASPOR").id, "id", "pelesir mancanegara", by=curator())
    assert outcome(trial.after) == outcome(asked(text))


def test_a_trial_shows_a_difference_where_there_is_one(registry: Flask) -> None:
    synonym = try_synonym("kartu sakti", "ktp", "kartu sakti")
    alias = try_alias(service("PASPOR"), "pelesir mancanegara", "pelesir mancanegara")

    assert "KTP-BARU" in [code for code, _worth in outcome(synonym.after)]
    assert (alias.before.total, alias.after.total) == (0, 1)
    assert not alias.after.is_partial


def test_nothing_is_saved_and_no_other_search_sees_it(either_registry: Flask) -> None:
    before, position = stored(), search.position()

    try_synonym("kartu sakti", "ktp", "kartu sakti")
    try_alias(service("PASPOR"), "pelesir mancanegara", "pelesir mancanegara")

    assert (stored(), search.position()) == (before, position)
    assert asked("pelesir mancanegara").total == 0
    assert suggest("pelesir") == ()
    assert search.check() == []


def test_what_is_there_already_changes_nothing(registry: Flask) -> None:
    synonym = try_synonym("identitas", "ktp", "identitas")
    alias = try_alias(service("PASPOR"), "bikin paspor", "bikin paspor")

    assert outcome(synonym.before) == outcome(synonym.after)
    assert outcome(alias.before) == outcome(alias.after)


def test_a_service_that_is_out_of_use_is_found_by_no_alias(registry: Flask) -> None:
    services.retire_service(service("PASPOR").id, by=curator())

    trial = try_alias(service("PASPOR"), "pelesir mancanegara", "pelesir mancanegara")

    assert trial.after.total == 0
