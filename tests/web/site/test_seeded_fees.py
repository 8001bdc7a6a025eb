"""The fees of the seeded standards: the page, every card and the interface for programs say the same."""

from __future__ import annotations

import pytest
from flask import Flask

from siapa import catalogue
from siapa.document.standard_document import from_stored
from siapa.locales import using
from siapa.web.filters import fee_of
from tests.web.site.reading import read


@pytest.fixture(scope="module")
def mixed(seeded_app: Flask) -> list[tuple[str, str, str, str]]:
    """Agency slug, slug, id and the fee on cards of every standard with lines without an amount."""
    with seeded_app.app_context(), using("id"):
        cards = [card for page in (1, 2, 3) for card in catalogue.standards(page=page, per_page=100).results]
        held = [(card, from_stored(catalogue.standard(card.id).document)) for card in cards]
        return [
            (card.agency.slug, card.slug, str(card.id), fee_of(card))
            for card, document in held
            if document.fees and len({line.amount_idr is None for line in document.fees.lines}) == 2
        ]


def test_a_fee_with_lines_without_an_amount_has_no_upper_end_anywhere(
    seeded_app: Flask, mixed: list[tuple[str, str, str, str]]
) -> None:
    visitor = seeded_app.test_client()

    for agency, slug, standard_id, on_cards in mixed:
        box = read(visitor, f"/standar/{agency}/{slug}").words(".//div[@class='ticket']//dd")[0]
        told = visitor.get(f"/api/v1/standards/{standard_id}").get_json()

        assert box.startswith(on_cards), (agency, slug)
        assert on_cards.startswith(("Mulai Rp", "Sebagian gratis")), (agency, slug)
        assert "–" not in on_cards
        facts = told.get("data", told)
        assert find(facts, "fee_max_idr") is None, (agency, slug)
        assert find(facts, "fee_min_idr") is not None, (agency, slug)

    assert len(mixed) >= 10


def find(told: object, name: str) -> object:
    """The first value of ``name`` anywhere in an answer; it must be there."""
    if isinstance(told, dict):
        if name in told:
            return told[name]
        for value in told.values():
            try:
                return find(value, name)
            except KeyError:
                continue
    raise KeyError(name)
