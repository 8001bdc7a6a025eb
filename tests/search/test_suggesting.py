"""Completions while somebody types."""

from __future__ import annotations

import pytest

from siapa.extensions import db
from siapa.records import ChangeKind, ServiceAlias, seed_id
from siapa.search import suggest
from siapa.search.room import room
from tests.search.making import tell

pytestmark = pytest.mark.usefixtures("registry")


def test_one_letter_is_too_little() -> None:
    assert suggest("k") == ()
    assert suggest("") == ()


def test_the_beginning_of_any_word_completes() -> None:
    keys = [one.key for one in suggest("motor")]

    assert keys == ["SIM-C-BARU", "SIM-C-PANJANG"] or set(keys) >= {"SIM-C-BARU", "SIM-C-PANJANG"}


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("paspo", "service", "PASPOR"),
        ("ktp hil", "service", "KTP-GANTI"),
        ("polresta", "agency", "polres-kendari"),
        ("mpp ken", "mall", "mpp-kendari"),
        ("konawe sel", "region", "74.05"),
        ("unaa", "region", "74.02"),
        ("passport", "service", "PASPOR"),
    ],
)
def test_services_agencies_malls_and_places_are_offered(text: str, kind: str, key: str) -> None:
    first = suggest(text)[0]

    assert (first.kind, first.key) == (kind, key)


def test_a_slip_of_one_letter_is_forgiven() -> None:
    assert suggest("psapor")[0].key == "PASPOR"
    assert suggest("kenduri")[0].label


def test_a_service_carries_the_slug_of_its_page() -> None:
    assert suggest("paspor")[0].slug == "paspor"


def test_at_most_as_many_as_asked_for() -> None:
    assert len(suggest("ke", limit=3)) == 3


def test_what_is_typed_may_be_anything() -> None:
    for text in ("*" * 500, "\x00\x01", "((", "🙂🙂", "a" * 10_000, "-" * 50):
        suggest(text)


def test_a_new_alias_is_offered_once_the_log_tells_of_it() -> None:
    assert suggest("buku jalan") == ()
    db.session.add(ServiceAlias(service_id=seed_id("service", "PASPOR"), locale="id", text="buku jalan"))
    tell(ChangeKind.SERVICE_CHANGED, seed_id("service", "PASPOR"))
    room()._glanced_at = 0.0  # the log is asked once a second

    assert suggest("buku jalan")[0].key == "PASPOR"
