"""What curators are shown of searches that found nothing, and what drops out again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.publishing.people import add_officer
from siapa.publishing.permissions import Standin
from siapa.publishing.unanswered import dismiss, take_up, teach
from siapa.records import Officer, Role, UnansweredQuery, seed_id
from siapa.records.engine import begin_writing
from siapa.search.unanswered import KEPT_DAYS, today
from siapa.search.worklist import Waiting, set_aside, worklist


@pytest.fixture
def curator(registry: Flask) -> Officer:
    """Somebody who keeps the national catalogue."""
    return add_officer("kurator@example.go.id", "Kurator", Role.CURATOR, by=Standin.OPERATOR)


def asked(words: str, *times: int, last_on: date | None = None) -> None:
    """Count ``words`` so many times on each of the days up to ``last_on``."""
    begin_writing(db)
    day = last_on or today()
    for before, number in enumerate(times):
        db.session.add(UnansweredQuery(day=day - timedelta(days=before), words=words, times=number))
    db.session.commit()


def shown(**how: bool) -> list[str]:
    """The words on the list, in its order."""
    return [one.words for one in worklist(**how)]  # type: ignore[arg-type]


def test_nobody_is_shown_what_was_not_asked_again_and_again(registry: Flask) -> None:
    asked("ani lestari menikah", 9)
    asked("cukai tembakau", 1, 1)
    asked("pupuk subsidi", 1, 1, 1)
    asked("harga cabai", 10)

    assert shown() == ["harga cabai", "pupuk subsidi"]


def test_each_query_says_how_it_was_asked_and_what_it_may_mean(registry: Flask) -> None:
    asked("ktp tembakau", 4, 2, 1, last_on=today() - timedelta(days=5))

    (one,) = worklist()

    assert (one.words, one.times, one.days) == ("ktp tembakau", 7, 3)
    assert one.last_on == today() - timedelta(days=5)
    assert (one.now, one.understood) == ("partly", "ktp tembakau")
    assert {"KTP-BARU", "KTP-GANTI"} <= {candidate.key for candidate in one.candidates}


def test_a_query_that_finds_nothing_is_still_offered_what_its_words_are_like(registry: Flask) -> None:
    asked("bukak rekeningg", 12)

    (one,) = worklist(include_answered=True)

    assert [candidate.key for candidate in one.candidates][:1] == ["REKENING"]


def test_what_is_answered_by_now_drops_out_by_itself(registry: Flask) -> None:
    asked("bikin ktp", 12)
    asked("cukai tembakau", 11)

    assert shown() == ["cukai tembakau"]
    assert shown(include_answered=True) == ["bikin ktp", "cukai tembakau"]


def test_a_query_taught_is_found_at_once_and_off_the_list(registry: Flask, curator: Officer) -> None:
    asked("surat jalan luar negeri", 12)

    teach("surat jalan luar negeri", seed_id("service", "PASPOR"), by=curator)

    assert shown() == []
    asked("surat jalan luar negeri", 12)
    assert shown() == []
    assert [one.now for one in worklist(include_answered=True)] == ["found"]


def test_a_query_set_aside_is_off_the_list_until_it_is_taken_up(registry: Flask, curator: Officer) -> None:
    asked("harga cabai", 12)
    dismiss("harga cabai", by=curator)

    assert (shown(), set_aside()) == ([], ("harga cabai",))
    take_up("harga cabai", by=curator)
    asked("harga cabai", 12)
    assert (shown(), set_aside()) == (["harga cabai"], ())


def test_what_is_past_its_time_is_not_shown_even_before_it_is_deleted(registry: Flask) -> None:
    asked("harga cabai", 12, last_on=today() - timedelta(days=KEPT_DAYS + 1))

    assert shown() == []


def test_the_list_is_as_long_as_asked_for(registry: Flask) -> None:
    for number in range(1, 6):
        asked(f"cukai {'x' * number}", 10 + number)

    found: tuple[Waiting, ...] = worklist(2)

    assert [one.times for one in found] == [15, 14]
