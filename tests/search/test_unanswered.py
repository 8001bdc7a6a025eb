"""Searches that found nothing: what is counted of them, what never is, and for how long."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.config import ROOT
from siapa.extensions import db
from siapa.records import DismissedQuery, UnansweredQuery, schema
from siapa.records.engine import begin_writing
from siapa.search import Found, Query, find, unanswered
from siapa.search.unanswered import Ledger, note, today, words_to_keep, write_down

#: An answer without a result, whatever was asked.
NOTHING = Found("", None, None, "", (), is_partial=False, is_grouped=True, total=0, page=1, per_page=20,
                results=())  # fmt: skip


def kept(text: str, **filters: Any) -> str | None:
    """What is kept of a search that this registry answers."""
    query = Query(text=text, **filters)
    return words_to_keep(query, find(query))


def counted() -> dict[tuple[date, str], int]:
    """What stands in the database."""
    db.session.rollback()
    return {(row.day, row.words): row.times for row in db.session.scalars(sa.select(UnansweredQuery))}


def store(*rows: tuple[date, str, int]) -> None:
    """Rows as earlier days have left them."""
    begin_writing(db)
    db.session.add_all(UnansweredQuery(day=day, words=words, times=times) for day, words, times in rows)
    db.session.commit()


def ask(text: str, times: int = 1) -> None:
    """Search for what is not there, as a visitor does."""
    for _ in range(times):
        note(Query(text=text), NOTHING)


# ------------------------------------------------------------------ what is kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cukai tembakau", "cukai tembakau"),
        ("  Cukai   TEMBAKAU?! ", "cukai tembakau"),
        ("cukai-tembakau", "cukai tembakau"),
        ("gimana cukai tembakau di Kota Kendari", "cukai tembakau"),
        ('"cukai tembakau"', "cukai tembakau"),
        ("uu 25 cukai", "uu 25 cukai"),
        ("ktp tembakau", "ktp tembakau"),  # the identity card is found, tobacco is not understood
    ],
)
def test_only_the_telling_words_are_kept(registry: Flask, text: str, words: str) -> None:
    assert kept(text) == words


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("bikin ktp", {}),
        ("paspor konawe", {}),
        ("mpp kendari", {}),
        ("", {}),
        ("!!!", {}),
        ("apa itu", {}),
        ("rekening -bank", {}),
        ("cukai tembakau", {"exact": True}),
        ("cukai tembakau", {"page": 2}),
        ("bikin ktp", {"mall": "mpp-kendari", "free": False}),
        ("cukai tembakau", {"online": True}),
        ("cukai tembakau", {"category": "imigrasi"}),
        ("cukai tembakau", {"max_days": 3}),
    ],
)
def test_nothing_is_learnt_where_words_were_understood_or_something_else_left_nothing(
    registry: Flask, text: str, filters: dict[str, Any]
) -> None:
    assert kept(text, **filters) is None


@pytest.mark.parametrize(
    "text",
    [
        "cukai 7471012505900001",
        "cukai 7471 0125 0590 0001",
        "cukai 74.71.01.250590.0001",
        "cukai ７４７１０１２５０５９０",
        "cukai ٧٤٧١٠١٢٥٠٥٩٠",
        "wa 0812-3456-7890",
        "+62 (812) 345 678",
        "lahir 17/08/1945",
        "paspor a1234567",
        "ani.lestari@example.go.id cukai",
        "https://example.go.id/antrean?kode=rahasia",
        "www.example.go.id",
        "saya ani tetangga saya tidak mau bayar cukai lagi",
        "cukai " * 8 + "cukai",
        "c" * 81,
        "\ufdfa\ufdfa\ufdfa",
    ],
)
def test_what_may_tell_of_a_person_is_not_kept_at_all(text: str) -> None:
    assert words_to_keep(Query(text=text), NOTHING) is None


def test_a_search_for_what_is_open_now_teaches_nothing_of_words() -> None:
    query = Query(text="cukai tembakau buka sekarang")

    assert words_to_keep(query, replace(NOTHING, is_open_now=True)) is None
    assert words_to_keep(query, NOTHING) is not None


# --------------------------------------------------------------------- counting


def test_searches_are_counted_per_day_and_add_up(either_app: Flask) -> None:
    yesterday = today() - timedelta(days=1)
    store((today(), "cukai tembakau", 5), (yesterday, "cukai tembakau", 7))
    ask("cukai tembakau", times=2)
    ask("Cukai anggur")

    written = write_down()

    assert written == 2
    assert counted() == {
        (today(), "cukai tembakau"): 7,
        (yesterday, "cukai tembakau"): 7,
        (today(), "cukai anggur"): 1,
    }
    assert write_down() == 0


def test_a_search_itself_writes_nothing(registry: Flask) -> None:
    visitor = registry.test_client()

    answers = [visitor.get("/cari?q=cukai+tembakau"), visitor.get("/api/v1/search?q=cukai+anggur")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert counted() == {}
    write_down()
    assert counted() == {(today(), "cukai tembakau"): 1, (today(), "cukai anggur"): 1}


def test_an_answer_that_cannot_be_counted_is_still_an_answer(app: Flask) -> None:
    assert note(Query(text="cukai tembakau"), None) is None  # type: ignore[arg-type]
    write_down()

    assert counted() == {}


def test_what_cannot_be_written_is_written_the_next_time(either_app: Flask, owned: sa.Engine) -> None:
    ask("cukai tembakau", times=3)
    schema.move_to(owned, "0008")
    with pytest.raises(sa.exc.DBAPIError):
        write_down()
    ask("cukai tembakau")

    schema.move_to(owned)
    write_down()

    assert counted() == {(today(), "cukai tembakau"): 4}


def test_processes_that_write_at_once_lose_nothing(either_app: Flask) -> None:
    store((today(), "cukai", 1))
    texts = [f"cukai {letter}{letter}" for letter in "abcdefgh"]
    start = threading.Barrier(4)

    def process(number: int) -> None:
        with either_app.app_context():
            start.wait()
            for text in texts if number % 2 else reversed(texts):
                ask(text, times=2)
                write_down()

    threads = [threading.Thread(target=process, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    write_down()

    assert counted() == {(today(), "cukai"): 1, **{(today(), text): 8 for text in texts}}


def test_what_a_curator_set_aside_is_not_counted_again(either_app: Flask) -> None:
    begin_writing(db)
    db.session.add(DismissedQuery(words="harga cabai"))
    db.session.commit()
    ask("harga cabai")
    ask("cukai tembakau")

    write_down()

    assert counted() == {(today(), "cukai tembakau"): 1}


# ----------------------------------------------------------------------- bounds


def test_a_flood_of_different_queries_does_not_drive_out_what_is_asked_again(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unanswered, "MOST_A_DAY", 10)
    yesterday = today() - timedelta(days=1)
    store(*((yesterday, f"lama {letter}", 1) for letter in "abcdefghijkl"))
    ask("cukai tembakau", times=2)

    for flood in range(3):
        for number in range(40):
            ask(f"acak {chr(97 + flood)}{chr(97 + number // 26)}{chr(97 + number % 26)}")
        write_down()

    here = {words: times for (day, words), times in counted().items() if day == today()}
    assert len(here) == 10
    assert here["cukai tembakau"] == 2
    assert sum(1 for day, _words in counted() if day == yesterday) == 12


def test_a_process_notes_a_bounded_number_of_different_queries() -> None:
    ledger = Ledger(most=3)
    day = today()

    for number in range(100):
        ledger.add({(day, str(number)): 1})
    ledger.add({(day, "1"): 1})

    assert ledger.take() == {(day, "0"): 1, (day, "1"): 2, (day, "2"): 1}
    assert ledger.take() == {}


def test_what_is_old_goes_and_what_nobody_was_shown_goes_sooner(either_app: Flask) -> None:
    month, half_year = today() - timedelta(days=31), today() - timedelta(days=181)
    store(
        (half_year, "cukai", 50),
        (month, "cukai", 10),
        (month, "sekali saja", 1),
        (month, "tiga hari", 1),
        (month + timedelta(days=2), "tiga hari", 1),
        (month + timedelta(days=3), "tiga hari", 1),
        (month + timedelta(days=1), "baru", 1),
    )

    write_down()

    assert {words for _day, words in counted()} == {"cukai", "tiga hari", "baru"}
    assert (half_year, "cukai") not in counted()


def test_what_is_old_is_looked_for_once_a_day(app: Flask) -> None:
    write_down()
    store((today() - timedelta(days=400), "cukai", 50))

    write_down()
    same_day = counted()
    unanswered._ledger().tidied_on = today() - timedelta(days=1)
    write_down()

    assert len(same_day) == 1
    assert counted() == {}


@pytest.mark.parametrize(
    "page",
    [
        "templates/site/words/privacy.id.html", "templates/site/words/privacy.en.html",
        "docs/citizen-help.md",
        "docs/decisions/0009-unanswered-searches-are-counted.md",
    ],
)  # fmt: skip
def test_what_people_are_told_of_it_is_so(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    for days in (unanswered.KEPT_DAYS, unanswered.UNSHOWN_DAYS):
        assert re.search(rf"\b{days} (hari|days)", text)
    assert (unanswered.SHOWN_AFTER_DAYS, unanswered.SHOWN_AFTER_TIMES) == (3, 10)
    assert re.search(r"tiga hari yang berbeda atau\s+sepuluh kali|three different days or ten times", text)
