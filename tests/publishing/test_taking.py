"""A document begins a standard, or its next edition, or changes nothing: decided in one place."""

from __future__ import annotations

import pytest

from siapa.errors import Rejected
from siapa.publishing.taking import take, take_into
from siapa.publishing.writing import Provenance
from siapa.records import Confidence
from tests.publishing.cast import Cast, a_service, document, published


def test_what_the_agency_has_not_yet_begins_a_standard(cast: Cast) -> None:
    service = a_service(cast)

    standard, outcome = take(
        cast.own.id, document("Baru"), by=cast.author, service_id=service.id, slug="kk-baru"
    )

    assert (outcome, standard.slug, standard.service.code) == ("new", "kk-baru", "KK-BARU")
    assert standard.open_edition.number == 1


def test_what_is_in_force_word_for_word_changes_nothing(cast: Cast) -> None:
    present = published(cast, title="Akta")

    outcomes = [take(cast.own.id, document("Akta"), by=cast.author, slug=present.slug)[1] for _ in range(2)]

    assert outcomes == ["same", "same"]
    assert present.open_edition is None


def test_other_words_or_another_source_are_the_next_edition(cast: Cast) -> None:
    first, second = published(cast, title="Akta"), published(cast, title="Surat")
    source = Provenance(source_address="https://berita.example", confidence=Confidence.SOURCED)

    outcomes = (
        take(cast.own.id, document("Akta lahir"), by=cast.author, slug=first.slug)[1],
        take_into(second, document("Surat"), by=cast.author, provenance=source),
    )

    assert outcomes == ("changed", "changed")
    assert (first.open_edition.number, first.open_edition.title) == (2, "Akta lahir")
    assert second.open_edition.confidence is Confidence.SOURCED


def test_a_draft_is_gone_on_with(cast: Cast) -> None:
    present, _ = take(cast.own.id, document("Akta"), by=cast.author)

    again, outcome = take(cast.own.id, document("Akta lahir"), by=cast.author, slug=present.slug)

    assert (again is present, outcome) == (True, "changed")
    assert [(e.number, e.title) for e in present.editions] == [(1, "Akta lahir")]


def test_the_service_says_which_standard_is_meant_before_the_slug_does(cast: Cast) -> None:
    one, two = a_service(cast, "KK-BARU"), a_service(cast, "KTP-BARU")
    first, _ = take(cast.own.id, document("Kartu"), by=cast.author, service_id=one.id, slug="kartu")

    found, outcome = take(cast.own.id, document("Kartu"), by=cast.author, service_id=one.id, slug="lain")
    with pytest.raises(Rejected):
        take(cast.own.id, document("Kartu"), by=cast.author, service_id=two.id, slug="kartu")

    assert (found is first, outcome) == (True, "changed")
