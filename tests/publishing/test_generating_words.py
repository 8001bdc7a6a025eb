"""What the made documents say: fit to publish, each with words of its own, skewed like real ones."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.document.digest import canonical
from siapa.document.facts import facts
from siapa.document.intake import publishable_problems, read_document
from siapa.document.standard_document import from_stored, to_json
from siapa.extensions import db
from siapa.publishing.generating.allotting import Allotted, allot
from siapa.publishing.generating.chance import Chance, Weighted, made_id, number_in
from siapa.publishing.generating.documents import make_document
from siapa.publishing.generating.phrases import PAYING
from siapa.publishing.generating.planning import Plan, make_plan
from siapa.publishing.generating.profiles import profile_of
from siapa.publishing.generating.services import made_services

SAMPLE = 3_000
#: Words that carry no meaning of their own.
SMALL_WORDS = {"di", "dan", "yang", "atau", "dari", "untuk", "dengan", "kepada", "bagi", "ke"}

Content = dict[str, Any]


@pytest.fixture(scope="module")
def plan(seeded_app: Any) -> Plan:
    """The plan of seed 1 over the seed data."""
    with seeded_app.app_context():
        plan = make_plan(1)
        db.session.remove()
    return plan


@pytest.fixture(scope="module")
def allotted(plan: Plan) -> list[Allotted]:
    """Enough allotments to see their shape."""
    return list(islice(allot(plan.seed, plan.world.agencies, plan.kinds), 40_000))


@pytest.fixture(scope="module")
def contents(plan: Plan, allotted: list[Allotted]) -> list[Content]:
    """The first documents."""
    profiles = [profile_of(plan.seed, kind) for kind in plan.kinds]
    return [
        make_document(
            Chance(f"standard/{plan.seed}/{one.number}"), plan.world.agencies[one.agency],
            plan.kinds[one.service], profiles[one.service], before=one.before,
        )
        for one in allotted[:SAMPLE]
    ]  # fmt: skip


def words_of(value: Any) -> list[str]:
    """The words a reader of a document meets: every text, but no codes, addresses or dates."""
    if isinstance(value, str):
        return re.findall(r"[^\W\d_]+", value.lower())
    if isinstance(value, list):
        return [word for item in value for word in words_of(item)]
    if isinstance(value, dict):
        skipped = ("title_en", "kind", "fee_kind", "actor", "decree", "url", "value", "type")
        return [word for name, inner in value.items() if name not in skipped for word in words_of(inner)]
    return []


def test_every_document_passes_the_intake_and_may_be_published(contents: list[Content]) -> None:
    for content in contents[:600]:
        read = read_document(content)
        assert to_json(read) == content
        assert publishable_problems(read) == ()


def test_a_document_has_about_a_hundred_and_seventy_five_words(contents: list[Content]) -> None:
    lengths = [len(words_of(content)) for content in contents]

    assert 150 <= sum(lengths) / len(lengths) <= 200
    assert min(lengths) >= 60


def test_words_are_spread_as_in_the_corpus_the_search_was_measured_on(contents: list[Content]) -> None:
    held = Counter(word for content in contents for word in set(words_of(content)))
    shares = {word: number / len(contents) for word, number in held.items() if word not in SMALL_WORDS}

    assert 0.78 <= shares["surat"] <= 0.86
    assert max(shares.values()) == shares["surat"]
    assert sum(0.21 <= share <= 0.34 for share in shares.values()) >= 20
    assert sum(number == 1 for number in held.values()) >= 300


def test_no_two_documents_say_the_same(contents: list[Content]) -> None:
    bodies = {canonical({**content, "title": "", "decree": ""}) for content in contents}

    assert len(bodies) == len(contents)


def test_fees_and_times_are_spread_plausibly(contents: list[Content]) -> None:
    known = [facts(from_stored(content)) for content in contents]
    free = sum(one.is_free for one in known) / len(known)
    amounts = sorted(one.fee_min_idr for one in known if one.fee_min_idr)
    days = sorted(one.days_max for one in known if one.days_max)
    online = sum(one.has_online for one in known) / len(known)

    assert 0.35 <= free <= 0.8
    assert 0.25 <= online <= 0.45
    assert amounts[0] >= 1_000
    assert amounts[-1] <= 5_000_000
    assert all(amount % 1_000 == 0 for amount in amounts)
    assert 1 <= days[len(days) // 2] <= 14
    assert days[-1] <= 200


def test_nobody_pays_for_what_is_free(contents: list[Content]) -> None:
    paying = [
        content["fees"]["fee_kind"]
        for content in contents
        if any(step["text"] == PAYING for step in content["procedure"])
    ]

    assert len(paying) > 100
    assert "free" not in paying


def test_services_follow_zipfs_law(allotted: list[Allotted]) -> None:
    held = [number for _, number in Counter(one.service for one in allotted).most_common()]

    assert len(held) == 400
    assert held[0] > 0.03 * len(allotted)
    assert held[0] >= 8 * held[99] >= 8 * held[299]


def test_agencies_differ_in_size_and_all_have_something(allotted: list[Allotted]) -> None:
    held = [number for _, number in Counter(one.agency for one in allotted).most_common()]

    assert len(held) == 1_500
    assert held[0] >= 2 * held[750]


def test_no_agency_has_two_standards_tied_to_one_service(allotted: list[Allotted]) -> None:
    tied = Counter((one.agency, one.service) for one in allotted if one.before == 0)
    loose = sum(one.before > 0 for one in allotted) / len(allotted)

    assert max(tied.values()) == 1
    assert loose < 0.15


def test_a_small_registry_is_the_beginning_of_a_large_one(plan: Plan, allotted: list[Allotted]) -> None:
    again = list(islice(allot(plan.seed, plan.world.agencies, plan.kinds), 500))

    assert again == allotted[:500]


def test_titles_of_an_agency_do_not_collide(plan: Plan) -> None:
    from siapa.publishing.slugs import slug_of

    agency, kind = plan.world.agencies[600], plan.kinds[0]
    profile = profile_of(1, kind)

    slugs = [
        slug_of(make_document(Chance(f"{before}"), agency, kind, profile, before=before)["title"])
        for before in range(200)
    ]

    assert len(set(slugs)) == len(slugs)


def test_made_services_are_all_different_and_say_that_they_are_made() -> None:
    made = made_services(310)

    for said in ("id", "code", "name", "name_en"):
        assert len({getattr(one, said) for one in made}) == 310
    assert all(one.name.endswith("(Contoh)") and one.name_en.endswith("(sample)") for one in made)
    assert len({one.category for one in made}) == 18
    with pytest.raises(ValueError, match="there are words for"):
        made_services(10_000)


def test_made_places_lie_in_indonesia_and_are_all_different(plan: Plan) -> None:
    places = plan.world.places

    assert len({place.slug for place in places}) == len(places) == 1_800
    assert all(-12 <= place.latitude <= 7 and 94 <= place.longitude <= 142 for place in places)
    assert all(len({place for place, _ in near}) == len(near) >= 6 for near in plan.world.near)


def test_nobody_can_be_reached_by_a_made_address(contents: list[Content]) -> None:
    every = "\n".join(canonical(content).decode() for content in contents)
    hosts = set(re.findall(r"(?:https?://|@)([\w.-]+)", every))

    assert all(host.endswith(".example") or host == "www.lapor.go.id" for host in hosts)
    assert not [number for number in re.findall(r"\(\d+\) \d{6}", every) if not number.startswith("(0000)")]


def test_ids_grow_with_their_number_and_tell_it() -> None:
    ids = [made_id("standard", 1, number) for number in range(2_000)]

    assert ids == sorted(ids)
    assert [str(one) for one in ids] == sorted(str(one) for one in ids)
    assert {one.version for one in ids} == {8}
    assert [number_in(one) for one in ids] == list(range(2_000))
    assert made_id("standard", 2, 7) != ids[7] != made_id("edition", 1, 7)


def test_draws_follow_the_weights() -> None:
    drawn = Counter(map(Weighted((1, 0, 3)).place, [Chance("weights")] * 4_000))

    assert drawn[1] == 0
    assert 0.22 <= drawn[0] / 4_000 <= 0.28


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_xyz"), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc_xyz"), PLAIN, max_size=6))
def test_the_fast_form_is_the_canonical_form(content: dict[str, Any]) -> None:
    try:
        expected = canonical(content)
    except Exception:  # a lone surrogate has no form at all
        return

    assert canonical(content) == expected
