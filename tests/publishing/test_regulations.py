"""Regulations: an end marks whoever cites it, a fee without a basis in force is explained or held."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from siapa.errors import Conflict, NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import commands
from siapa.publishing.cautions import cautions
from siapa.publishing.cited import open_marks_of
from siapa.publishing.regulations import (
    add_regulation,
    end_regulation,
    reinstate_regulation,
    set_regulation,
    settle_review,
)
from siapa.publishing.reviewing import marked, number_marked
from siapa.publishing.verifying import verify
from siapa.records import Regulation, RegulationState, ReviewMark, Standard, now
from tests.publishing.cast import Cast, document, published, submitted

PP = {"type": "PP", "number": "76", "year": 2020, "title": "Tarif PNBP Polri"}
DAY = date(2024, 1, 2)
LAW = [{"title": "Tarif", "type": "Peraturan Pemerintah", "number": "76", "year": 2020}]


@pytest.fixture
def regulation(cast: Cast) -> Regulation:
    """A regulation in force."""
    return add_regulation(PP, by=cast.curator)


def paid(**line: Any) -> dict[str, Any]:
    """Fees of one line."""
    return {"fees": {"fee_kind": "fixed", "lines": [{"amount_idr": 5000, **line}]}}


def repeal(cast: Cast, regulation: Regulation, state: RegulationState = RegulationState.REPEALED) -> None:
    """End a regulation, by the curator."""
    end_regulation(regulation.id, state, on=DAY, by=cast.curator)


def test_a_repeal_marks_every_standard_in_force_that_cites_it(cast: Cast, regulation: Regulation) -> None:
    citing = [
        published(cast, legal_bases=LAW),
        published(cast, title="Standar B", **paid(legal_basis="PP No 76 Tahun 2020")),
    ]
    published(cast, title="Standar C", legal_bases=[{**LAW[0], "number": "77"}])
    submitted(cast, title="Standar D", legal_bases=LAW)

    repeal(cast, regulation)

    assert {mark.standard_id for mark in db.session.scalars(sa.select(ReviewMark))} == {
        one.id for one in citing
    }
    assert [number_marked(who) for who in (cast.author, cast.stranger, cast.admin)] == [2, 0, None]
    assert [row[1].id for row in marked(cast.author).rows] == [one.id for one in citing]
    assert verify() == []


def test_an_amendment_and_then_a_repeal_mark_a_standard_once(cast: Cast, regulation: Regulation) -> None:
    standard = published(cast, legal_bases=LAW)

    repeal(cast, regulation, RegulationState.AMENDED)
    repeal(cast, regulation)

    assert [mark.state for mark in open_marks_of(standard.id)] == [RegulationState.AMENDED]
    with pytest.raises(Conflict):
        repeal(cast, regulation)


def test_an_edition_that_cites_it_no_more_settles_the_mark(cast: Cast, regulation: Regulation) -> None:
    standard = published(cast, legal_bases=LAW)
    repeal(cast, regulation)

    left = []
    for bases in (LAW, None):
        commands.open_draft(standard.id, document(legal_bases=bases), by=cast.author)
        commands.submit(standard.id, by=cast.author)
        commands.publish(standard.id, by=cast.publisher)
        left.append(len(open_marks_of(standard.id)))

    assert left == [1, 0]
    assert verify() == []


def test_its_agency_says_that_nothing_changes_and_nobody_else_does(
    cast: Cast, regulation: Regulation
) -> None:
    standard = published(cast, legal_bases=LAW)
    repeal(cast, regulation)
    (mark,) = open_marks_of(standard.id)

    for other in (cast.stranger, cast.curator, cast.admin):
        with pytest.raises(NotAllowed):
            settle_review(mark.id, by=other)
    settle_review(mark.id, by=cast.author, note="Tarifnya sama.")

    assert (mark.note, mark.settled_by_id) == ("Tarifnya sama.", cast.author.id)
    assert open_marks_of(standard.id) == [] and verify() == []
    with pytest.raises(Conflict):
        settle_review(mark.id, by=cast.author)


def test_a_regulation_that_holds_after_all_leaves_nothing_to_look_at(
    cast: Cast, regulation: Regulation
) -> None:
    standard = published(cast, legal_bases=LAW)
    repeal(cast, regulation)

    reinstate_regulation(regulation.id, by=cast.curator)

    assert (regulation.state, regulation.state_since) == (RegulationState.IN_FORCE, None)
    assert open_marks_of(standard.id) == []


@pytest.mark.parametrize(
    ("line", "is_taken"),
    [
        ({}, False),
        ({"legal_basis": "PP 76/2020"}, False),
        ({"legal_basis": "PP 76/2020 jo. PP 1/2024"}, True),
        ({"legal_basis": "Perda Kota Kendari 3/2012"}, True),
        ({"legal_basis": "PP 76/2020", "basis_note": "Tarif lama berlaku sampai aturan baru terbit."}, True),
        ({"basis_note": "Sumbangan sukarela."}, True),
        ({"amount_idr": 0, "label": "Baru"}, True),
    ],
)
def test_a_fee_needs_a_regulation_in_force_or_a_reason(
    cast: Cast, regulation: Regulation, line: dict[str, Any], is_taken: bool
) -> None:
    repeal(cast, regulation)
    fees = {"fee_kind": "tariff_table", "lines": [{"amount_idr": 5000, **line}]}
    standard = submitted(cast, fees=fees)

    try:
        commands.publish(standard.id, by=cast.publisher)
        places = []
    except Rejected as refused:
        places = [problem.path for problem in refused.problems]

    assert places == ([] if is_taken else ["fees.lines[0].legal_basis"])
    assert (standard.live is not None) is is_taken


def test_what_is_taken_in_from_files_as_it_holds_is_not_asked_for_a_basis(cast: Cast) -> None:
    standard = submitted(cast, **paid())

    commands.publish(standard.id, by=cast.publisher, as_found=True)

    assert standard.live is not None


def test_a_repealed_legal_basis_is_told_and_stops_nobody(cast: Cast, regulation: Regulation) -> None:
    repeal(cast, regulation)
    standard: Standard = published(cast, legal_bases=LAW)

    told = cautions(document(legal_bases=LAW))

    assert [one.path for one in told] == ["legal_bases[0].title"] and "PP 76/2020" in str(told[0].message)
    assert standard.live is not None


def test_one_regulation_is_kept_once_however_it_is_written(cast: Cast, regulation: Regulation) -> None:
    with pytest.raises(Rejected):
        add_regulation({**PP, "type": "Peraturan Pemerintah", "number": "No. 076"}, by=cast.curator)

    other = add_regulation({**PP, "number": "077"}, by=cast.curator)
    with pytest.raises(Rejected):
        set_regulation(other.id, {"number": "76"}, by=cast.curator)

    assert other.number == "77"


def test_an_end_is_refused_that_lies_ahead_or_comes_from_itself(cast: Cast, regulation: Regulation) -> None:
    tomorrow = now().date() + timedelta(days=2)

    for day, through in ((tomorrow, None), (DAY, regulation.id)):
        with pytest.raises(Rejected):
            end_regulation(regulation.id, RegulationState.REPEALED, on=day, through=through, by=cast.curator)

    assert regulation.state is RegulationState.IN_FORCE


@pytest.mark.parametrize("who", ["author", "publisher", "admin", "manager"])
def test_nobody_of_an_agency_keeps_regulations(cast: Cast, regulation: Regulation, who: str) -> None:
    person = cast.officers[who]

    for act in (
        lambda: add_regulation({**PP, "number": "1"}, by=person),
        lambda: set_regulation(regulation.id, {"title": "x"}, by=person),
        lambda: end_regulation(regulation.id, RegulationState.REPEALED, on=DAY, by=person),
        lambda: reinstate_regulation(regulation.id, by=person),
    ):
        with pytest.raises(NotAllowed):
            act()
