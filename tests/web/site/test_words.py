"""How figures, times and codes are said on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from siapa.catalogue.views import CounterView, OpeningState, Source
from siapa.locales import using
from siapa.records import Confidence, CounterStatus
from siapa.web import filters
from siapa.web.labels import agency_kind_name


@dataclass(frozen=True)
class Promise:
    """What a card says of fee and time."""

    fee_min_idr: int | None = None
    fee_max_idr: int | None = None
    days_min: int | None = None
    days_max: int | None = None
    is_free: bool = False


@pytest.fixture(params=["id", "en"])
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each language in turn, spoken."""
    with using(request.param):
        yield request.param


@pytest.mark.parametrize(
    ("promise", "indonesian", "english"),
    [
        (Promise(0, 0, is_free=True), "Gratis", "Free"),
        (Promise(), "Menurut tarif, lihat rincian", "By tariff, see the details"),
        (Promise(350_000, 350_000), "Rp350.000", "Rp350,000"),
        (Promise(50_000, 1_250_000), "Rp50.000 – Rp1.250.000", "Rp50,000 – Rp1,250,000"),
        (Promise(50_000, None), "Mulai Rp50.000", "From Rp50,000"),
        (Promise(0, None), "Sebagian gratis", "Partly free"),
        (Promise(0, 50_000), "Gratis – Rp50.000", "Free – Rp50,000"),
    ],
)
def test_a_fee_is_said_and_an_unknown_one_is_never_free(
    locale: str, promise: Promise, indonesian: str, english: str
) -> None:
    assert filters.fee_of(promise) == (indonesian if locale == "id" else english)


@pytest.mark.parametrize(
    ("promise", "indonesian", "english"),
    [
        (Promise(), "Waktu belum dinyatakan", "Time not stated"),
        (Promise(days_min=1, days_max=1), "Dalam 1 hari kerja", "Within 1 working day"),
        (Promise(days_min=1, days_max=3), "1–3 hari kerja", "1–3 working days"),
        (Promise(days_min=14, days_max=14), "14 hari kerja", "14 working days"),
    ],
)
def test_a_time_is_said_in_working_days(locale: str, promise: Promise, indonesian: str, english: str) -> None:
    assert filters.days_of(promise) == (indonesian if locale == "id" else english)


def test_a_day_is_written_out(locale: str) -> None:
    assert filters.day(date(2022, 10, 4)) == ("4 Oktober 2022" if locale == "id" else "4 October 2022")


def test_a_moment_falls_on_the_day_it_had_in_the_place() -> None:
    late = datetime(2026, 1, 31, 18, tzinfo=UTC)

    with using("id"):
        assert filters.moment(late, "Asia/Jakarta") == "1 Februari 2026"


@pytest.mark.parametrize(
    ("zone", "said"), [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")]
)
def test_a_closing_time_is_said_with_its_zone(zone: str, said: str) -> None:
    state = OpeningState("Mo-Fr 08:00-15:00", True, datetime(2026, 2, 2, 15, tzinfo=ZoneInfo(zone)))

    with using("id"):
        assert filters.opening(state) == f"Buka sekarang, tutup pukul 15.00 {said}"


def test_hours_that_are_not_known_are_not_closed(locale: str) -> None:
    said = filters.opening(OpeningState(None, None, None))

    assert said == ("Jam buka belum diketahui" if locale == "id" else "Opening hours not known")


def test_a_kind_of_agency_without_a_name_is_still_readable() -> None:
    assert agency_kind_name("dinas_pariwisata") == "Dinas pariwisata"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", "", None]
)
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert not filters.is_web_address(address)


@dataclass(frozen=True)
class AtCounter:
    """A standard at a counter, by what is known of both."""

    counter: CounterView | None
    source: Source


def known(confidence: Confidence | None, note: str | None = None) -> Source:
    """A source of this confidence."""
    return Source((), None, note, confidence)


def counter(status: CounterStatus, source: Source) -> CounterView:
    """A counter of which only state and source matter."""
    unknown = OpeningState(None, None, None)
    return CounterView(uuid4(), "Gerai", None, status, None, None, None, unknown, source)


@pytest.mark.parametrize(
    ("status", "of_counter", "of_service", "said"),
    [
        ("agreement_only", "implied", "implied", "Belum pasti ada gerainya."),
        ("listed", "sourced", "implied", "Gerai disebut dalam sumber; layanan di gerainya tidak dirinci."),
        ("listed", "implied", "implied", "Gerai dan layanannya disimpulkan dari sumber."),
        ("listed", "sourced", "sourced", "Layanan ini disebut dalam sumber."),
        ("confirmed", None, None, "Dipastikan ada"),
        ("listed", "general", "general", "Disimpulkan"),
    ],
)
def test_no_more_is_said_of_a_place_than_its_source_says(
    status: str, of_counter: str | None, of_service: str | None, said: str
) -> None:
    source, held = (known(Confidence(one) if one else None) for one in (of_service, of_counter))
    offering = AtCounter(counter(CounterStatus(status), held), source)

    with using("id"):
        assert filters.standing(offering) == said


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/cahyadsn/wilayah", "github.com/cahyadsn/wilayah"),
        ("https://www.kemendagri.go.id", "kemendagri.go.id"),
        ("https://berita.example.id/2024/05/28/" + "x" * 40, "berita.example.id/2024/05/28/…"),
        ("https://berita.example.id/" + "x" * 200 + "?y=1", "berita.example.id/" + "x" * 70 + "…"),
    ],
)
def test_a_source_is_named_by_host_and_path(address: str, name: str) -> None:
    assert filters.source_name(address) == name


def test_web_addresses_become_links() -> None:
    assert filters.is_web_address("https://www.lapor.go.id")
    assert filters.host_of("https://www.lapor.go.id/x?y") == "lapor.go.id"
