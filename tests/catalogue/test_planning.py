"""One trip: what several services ask for together, what comes first, and which mall is best."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from siapa import catalogue
from siapa.catalogue.papers import Reason, reading_of
from siapa.catalogue.planning import (
    Candidate,
    Wanted,
    checklist,
    fee_sum,
    precedences,
    ranked,
    steps,
    time_span,
)
from siapa.catalogue.views import ServiceRef
from siapa.document.facts import facts
from siapa.document.standard_document import from_stored
from siapa.errors import Rejected
from siapa.extensions import db
from siapa.records import Closure, CounterStatus, Offering, Service, Standard

WORDINGS = (
    "KTP", "KTP-el", "Fotokopi KTP", "KTP asli", "KTP dan Kartu Keluarga (KK)", "Kartu Keluarga (KK)",
    "KTP pemilik", "Pas foto", "pas  foto", "KTP, Kartu Keluarga (KK), dan ijazah", "Ijazah",
)  # fmt: skip


def service(code: str) -> ServiceRef:
    """A service by its code."""
    return ServiceRef(uuid.uuid5(uuid.NAMESPACE_OID, code), code, code.lower(), code, code)


def wants(code: str, *requirements: dict[str, Any], products: tuple[str, ...] = (), **parts: Any) -> Wanted:
    """A service that asks for ``requirements`` and gives ``products``."""
    content = {
        "title": code,
        "requirements": [{"kind": "document", **one} for one in requirements],
        "products": [{"name": name} for name in products],
        **parts,
    }
    return Wanted(service(code), from_stored({name: part for name, part in content.items() if part}))


@given(st.lists(st.lists(st.sampled_from(WORDINGS), max_size=6), min_size=1, max_size=5))
def test_every_requirement_of_every_service_is_on_the_checklist_once(asked: list[list[str]]) -> None:
    wanted = [wants(f"S{at}", *({"text": text} for text in texts)) for at, texts in enumerate(asked)]

    items = checklist(wanted)

    keys = [item.key for item in items]
    assert len(keys) == len(set(keys))
    for one, texts in zip(wanted, asked, strict=True):
        for text in texts:
            for key in reading_of(text).keys:
                lines = [item for item in items if item.key == key]
                assert len(lines) == 1
                assert one.service in [need.service for need in lines[0].needed_by]
    assert all(item.needed_by for item in items)


def test_originals_and_copies_of_one_paper_are_counted_over_all_services() -> None:
    lost = {"text": "KTP asli", "applies_when": "hilang"}
    wanted = [
        wants("A", {"text": "Fotokopi KTP"}),
        wants("B", {"text": "KTP-el", "copies": 3}, {"text": "KTP", "copies": 2, "applies_when": "usaha"}),
        wants("C", lost),
    ]

    (item,) = checklist(wanted)

    assert (item.text, item.original, item.copies, item.is_always) == ("KTP-el", True, 4, True)
    assert [need.applies_when for need in item.needed_by] == [None, None, "usaha", "hilang"]


def test_somebody_elses_card_is_another_line() -> None:
    items = checklist([wants("A", {"text": "KTP"}, {"text": "KTP pemilik"})])

    assert [item.text for item in items] == ["KTP-el", "KTP pemilik"]


def test_what_one_service_gives_and_another_asks_for_says_which_comes_first() -> None:
    wanted = [
        wants("SKCK", {"text": "Fotokopi KTP"}),
        wants("KTP", {"text": "Fotokopi Kartu Keluarga (KK)"}, products=("KTP elektronik (KTP-el)",)),
        wants("KK", {"text": "Buku nikah"}, products=("Kartu Keluarga",)),
    ]

    before = precedences(wanted, {})
    placed = steps([one.service for one in wanted], before)
    got = {item.key: item.given_by and item.given_by.code for item in checklist(wanted, placed)}

    assert [(pair.first.code, pair.then.code) for pair in before] == [("KTP", "SKCK"), ("KK", "KTP")]
    assert [placed[service(code).id] for code in ("KK", "KTP", "SKCK")] == [1, 2, 3]
    assert got == {"KTP": "KTP", "KK": "KK", "BUKU-NIKAH": None}


def test_a_reviewed_pair_stands_above_documents_that_ask_for_each_other() -> None:
    ktp = wants("KTP", {"text": "KK"}, products=("KTP",))
    kk = wants("KK", {"text": "KTP"}, products=("KK",))
    reviewed = {("KK", "KTP"): Reason("KK dulu.", "KK first.")}

    (pair,) = precedences([ktp, kk], reviewed)
    placed = steps([ktp.service, kk.service], [pair])

    assert (pair.first.code, pair.reason) == ("KK", "KK dulu.")
    assert placed == {kk.service.id: 1, ktp.service.id: 2}
    # What the first asks for and only the second gives must still be brought.
    assert {item.key: item.given_by for item in checklist([ktp, kk], placed)} == {
        "KK": kk.service,
        "KTP": None,
    }


def test_a_ring_of_services_still_has_an_order() -> None:
    ring = [wants(code, {"text": code}, products=(other,)) for code, other in ("AB", "BC", "CA")]

    placed = steps([one.service for one in ring], precedences(ring, {}))

    assert sorted(placed.values()) == [1, 2, 3]


def test_fees_are_added_and_an_unknown_one_is_named_instead_of_counted() -> None:
    paid = wants("A", fees={"fee_kind": "fixed", "lines": [{"amount_idr": 30_000}, {"amount_idr": 60_000}]})
    free = wants("B", fees={"fee_kind": "free", "lines": []})
    unknown = wants("C", fees={"fee_kind": "formula", "lines": [{"label": "menurut luas"}]})
    told = [(one.service, facts(one.document)) for one in (paid, free, unknown) if one.document]

    total = fee_sum(told)

    assert (total.fee_min_idr, total.fee_max_idr) == (30_000, 60_000)
    assert [one.code for one in total.unknown] == ["C"]


def test_what_need_not_wait_runs_side_by_side() -> None:
    def lasting(code: str, days: int) -> Wanted:
        return wants(code, processing_time=[{"amount_max": days, "unit": "working_day"}])

    told = [(one.service, facts(one.document)) for one in (lasting("A", 3), lasting("B", 5)) if one.document]

    side_by_side = time_span(told, {one.id: 1 for one, _ in told})
    in_turn = time_span(told, {one.id: step for step, (one, _) in enumerate(told, 1)})

    assert (side_by_side.days_max, in_turn.days_max) == (5, 8)


def test_malls_are_ranked_by_reach_then_services_then_distance() -> None:
    def mall(name: str, certain: int, uncertain: int, away: float | None) -> Candidate:
        return Candidate(uuid.uuid4(), name, "74", certain, uncertain, away)

    candidates = [
        mall("far", 5, 0, 900.0), mall("near", 2, 0, 1.0), mall("most", 4, 0, 60.0),
        mall("perhaps", 2, 2, 1.5), mall("nearer", 4, 0, 20.0),
    ]  # fmt: skip

    assert [one.name for one in ranked(candidates)] == ["nearer", "most", "perhaps", "near", "far"]


CHOSEN = ("KTP-BARU", "KK-BARU", "SKCK", "PASPOR-BIASA", "NPWP-OP")


def test_a_mall_of_the_plan_really_has_each_service_it_claims(seeded: Flask) -> None:
    made = catalogue.plan(CHOSEN, region="74.71")

    assert made.mall_count >= 3
    for planned in made.malls:
        rows = db.session.execute(
            db.select(Service.code, Offering)
            .join(Standard, Standard.service_id == Service.id)
            .join(Offering, Offering.standard_id == Standard.id)
            .where(Offering.location_id == planned.mall.place.id, Service.code.in_(CHOSEN))
        ).all()
        sure = {code for code, row in rows if not row.counter or row.counter.status == CounterStatus.LISTED}
        assert {one.code for one in planned.covers} == sure
        assert {one.code for one in planned.uncertain} == {code for code, _ in rows} - sure
        claimed = len(planned.covers) + len(planned.uncertain) + len(planned.lacks)
        assert claimed == len(CHOSEN)


def test_a_mall_that_is_closed_on_the_day_is_not_offered(own_seeded: Flask) -> None:
    day = date(2026, 12, 1)
    best = catalogue.plan(CHOSEN, region="74.71", on=day).malls[0].mall.place
    db.session.add(Closure(location_id=best.id, from_on=day, until_on=day, reason="Pindah gedung"))
    db.session.commit()

    on_the_day = catalogue.plan(CHOSEN, region="74.71", on=day)
    after = catalogue.plan(CHOSEN, region="74.71", on=date(2026, 12, 2))

    assert best.id not in [one.mall.place.id for one in on_the_day.malls]
    assert after.malls[0].mall.place.id == best.id


def test_a_service_that_no_mall_has_is_planned_by_the_national_outline(seeded: Flask) -> None:
    made = catalogue.plan(["AHLI-WARIS"])

    (only,) = made.services
    assert made.chosen is None
    assert (only.standard, only.place) == (None, None)
    assert made.checklist


@pytest.mark.parametrize("codes", [(), ("KTP-BARU", "TIDAK-ADA"), tuple(f"S{at}" for at in range(13))])
def test_unknown_services_none_and_too_many_are_refused(seeded: Flask, codes: tuple[str, ...]) -> None:
    with pytest.raises(Rejected) as refused:
        catalogue.plan(codes)

    assert {problem.path for problem in refused.value.problems} == {"services"}
