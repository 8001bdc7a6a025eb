"""What curators decide on queries that found nothing: who may, what is told, what is forgotten."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from siapa.errors import NotAllowed, NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import unanswered
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, Change, DismissedQuery, Service, UnansweredQuery
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, a_service

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def asked(*rows: tuple[date, str, int]) -> None:
    """Count some queries, as the search does."""
    begin_writing(db)
    db.session.add_all(UnansweredQuery(day=day, words=words, times=times) for day, words, times in rows)
    db.session.commit()


def waiting() -> set[str]:
    """The queries that are still counted."""
    return set(db.session.scalars(sa.select(UnansweredQuery.words)))


def aliases(service: Service) -> set[tuple[str, str]]:
    """What people may type for ``service``."""
    return {(alias.locale, alias.text) for alias in service.aliases}


def test_a_query_taught_becomes_an_alias_and_its_counts_go(cast: Cast) -> None:
    service = a_service(cast)
    asked((MONDAY, "kartu rumah tangga", 4), (TUESDAY, "kartu rumah tangga", 2), (TUESDAY, "lain", 1))

    unanswered.teach("kartu rumah tangga", service.id, by=cast.curator)

    assert aliases(service) == {("id", "kartu rumah tangga")}
    assert waiting() == {"lain"}
    assert verify() == []


def test_an_alias_may_be_put_in_other_words_and_in_english(cast: Cast) -> None:
    service = a_service(cast)
    asked((MONDAY, "household card", 4))

    unanswered.teach("household card", service.id, by=cast.curator, locale="en", text="Household  card")

    assert aliases(service) == {("en", "Household card")}
    assert waiting() == set()


def test_an_alias_that_cannot_be_leaves_the_query_waiting(cast: Cast) -> None:
    service = a_service(cast)
    asked((MONDAY, "kartu rumah tangga", 4))

    with pytest.raises(Rejected):
        unanswered.teach("kartu rumah tangga", service.id, by=cast.curator, text="x" * 201)

    assert aliases(service) == set()
    assert waiting() == {"kartu rumah tangga"}


def test_a_query_set_aside_is_audited_but_nothing_public_tells_of_it(cast: Cast) -> None:
    asked((MONDAY, "harga cabai", 4))
    lines = db.session.scalar(sa.select(sa.func.count()).select_from(Change))

    unanswered.dismiss("harga cabai", by=cast.curator)

    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.action, event.officer_id) == ("settle_query", cast.curator.id)
    assert "cabai" not in " ".join(str(value) for value in vars(event).values())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Change)) == lines
    assert db.session.scalars(sa.select(DismissedQuery.words)).all() == ["harga cabai"]
    assert waiting() == set()
    assert verify() == []


def test_a_query_set_aside_twice_leaves_one_trace(cast: Cast) -> None:
    asked((MONDAY, "harga cabai", 4))
    first = unanswered.dismiss("harga cabai", by=cast.curator)
    acts = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))

    second = unanswered.dismiss("harga cabai", by=cast.curator)

    assert second.id == first.id
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == acts
    with pytest.raises(NotAllowed):
        unanswered.dismiss("harga cabai", by=cast.author)


def test_what_was_set_aside_can_be_taken_up_again(cast: Cast) -> None:
    asked((MONDAY, "harga cabai", 4))
    unanswered.dismiss("harga cabai", by=cast.curator)

    unanswered.take_up("harga cabai", by=cast.curator)

    assert db.session.scalars(sa.select(DismissedQuery)).all() == []
    assert verify() == []


def test_what_nobody_asked_cannot_be_set_aside_or_taken_up(cast: Cast) -> None:
    with pytest.raises(NotFound):
        unanswered.dismiss("harga cabai", by=cast.curator)
    with pytest.raises(NotFound):
        unanswered.take_up("harga cabai", by=cast.curator)

    assert db.session.scalars(sa.select(DismissedQuery)).all() == []


@pytest.mark.parametrize("who", ["author", "publisher", "admin", "manager", "stranger"])
def test_nobody_of_an_agency_decides_on_them(cast: Cast, who: str) -> None:
    service, person = a_service(cast), cast.officers[who]
    asked((MONDAY, "harga cabai", 4))

    with pytest.raises(NotAllowed):
        unanswered.dismiss("harga cabai", by=person)
    with pytest.raises(NotAllowed):
        unanswered.teach("harga cabai", service.id, by=person)

    assert waiting() == {"harga cabai"}
    assert aliases(service) == set()
