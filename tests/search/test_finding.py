"""From words to the right service at the right place."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import search
from siapa.errors import Rejected
from siapa.extensions import db
from siapa.records import ChangeKind, Hours, Location, ServiceAlias, seed_id
from siapa.search import Found, Query, find
from tests.search.making import make_standard, tell, withdraw

pytestmark = pytest.mark.usefixtures("registry")


def codes(found: Found) -> list[str | None]:
    return [hit.service_code for hit in found.results]


def test_the_service_that_is_meant_comes_first() -> None:
    found = find(Query(text="bikin ktp"))

    assert codes(found)[0] == "KTP-BARU"
    assert found.results[0].standard_id is not None


def test_one_result_stands_for_all_who_give_a_service() -> None:
    first = find(Query(text="bikin ktp")).results[0]

    assert (first.standards, first.places) == (3, 3)


def test_a_place_in_the_words_is_a_filter() -> None:
    found = find(Query(text="perpanjang sim c kendari"))

    assert found.region is not None and found.region.code == "74.71"
    assert found.understood == "perpanjang sim c"
    assert codes(found)[0] == "SIM-C-PANJANG"
    assert found.results[0].location_ids == (seed_id("location", "mpp-kendari"),)


def test_a_service_nobody_there_has_published_is_found_too() -> None:
    found = find(Query(text="ktp hilang", region="74.02"))
    first = found.results[0]

    assert (first.service_code, first.standard_id) == ("KTP-GANTI", None)
    assert first.available_elsewhere == 1


def test_a_service_nobody_has_published_is_found_too() -> None:
    first = find(Query(text="paspor")).results[0]

    assert (first.service_code, first.standard_id, first.available_elsewhere) == ("PASPOR", None, 0)


def test_a_province_covers_its_regencies_and_a_regency_only_itself() -> None:
    province = find(Query(text="bikin ktp", region="74", group="standard"))
    regency = find(Query(text="bikin ktp", region="74.02", group="standard"))

    published = [hit for hit in province.results if hit.standard_id and hit.service_code == "KTP-BARU"]
    assert len(published) == 2
    assert [hit.location_ids for hit in regency.results if hit.standard_id] == [
        (seed_id("location", "mpp-konawe"),)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("e-ktp", "KTP-BARU"),
        ("ktp el baru", "KTP-BARU"),
        ("SIM-C baru", "SIM-C-BARU"),
        ("surat izin mengemudi motor baru", "SIM-C-BARU"),
        ("lost id card", "KTP-GANTI"),
        ("passport", "PASPOR"),
        ("ktp ilang", "KTP-GANTI"),
        ("memperpanjang sim c", "SIM-C-PANJANG"),
    ],
)
def test_other_ways_to_say_it_lead_to_the_same_service(text: str, code: str) -> None:
    assert codes(find(Query(text=text)))[0] == code


def test_a_slip_of_the_finger_is_mended_and_said() -> None:
    found = find(Query(text="bikn paspr"))

    assert found.corrected == "bikin paspor"
    assert codes(found)[0] == "PASPOR"


def test_exact_undoes_the_mending() -> None:
    found = find(Query(text="bikn paspr", exact=True))

    assert found.corrected is None
    assert found.total == 0


def test_a_phrase_must_stand_word_by_word() -> None:
    assert codes(find(Query(text='"ktp hilang"'))) == ["KTP-GANTI"]
    assert codes(find(Query(text='"hilang ktp"'))) == []


def test_an_excluded_word_takes_its_services_out() -> None:
    found = find(Query(text="ktp -hilang"))

    assert "KTP-GANTI" not in codes(found)
    assert "KTP-BARU" in codes(found)


def test_results_without_all_the_words_say_so() -> None:
    assert find(Query(text="bikin ktp zzzzqqqq")).is_partial
    assert not find(Query(text="bikin ktp")).is_partial


def test_filters_hold_exactly() -> None:
    def standards(**filters: object) -> set[str | None]:
        found = find(Query(group="standard", **filters))  # type: ignore[arg-type]
        return {hit.service_code for hit in found.results if hit.standard_id}

    assert standards(free=False) == {"SIM-C-PANJANG"}
    assert standards(max_days=1) == {"KTP-BARU", "KTP-GANTI"}
    assert standards(mall="mpp-bandung") == {"KTP-BARU"}
    assert standards(category="kendaraan") == {"SIM-C-PANJANG"}
    assert standards(life_event="dewasa") == {"KTP-BARU"}
    assert standards(online=True) == set()


def test_an_agency_covers_those_below_it() -> None:
    found = find(Query(agency="pemkot-kendari", group="standard"))

    assert sorted(str(code) for code in codes(found)) == ["KTP-BARU", "KTP-GANTI"]


@pytest.mark.parametrize("name", ["region", "mall", "agency", "category", "life_event"])
def test_a_value_that_does_not_exist_is_refused_by_name(name: str) -> None:
    with pytest.raises(Rejected) as refused:
        find(Query(**{name: "99.99"}))  # type: ignore[arg-type]

    assert [problem.path for problem in refused.value.problems] == [name]


def test_facets_count_all_results_and_not_only_the_page() -> None:
    found = find(Query(group="standard", per_page=1))

    regions = {value.value: value.count for value in found.facets["region"]}
    assert regions == {"74": 4, "32": 1}
    assert {value.value: value.count for value in found.facets["fee"]} == {"free": 4, "paid": 1}
    assert {value.value: value.count for value in found.facets["time"]}["1"] == 4


def test_a_facets_count_is_the_total_of_the_narrowed_search() -> None:
    found = find(Query(text="ktp", group="standard"))

    for value in found.facets["mall"]:
        narrowed = find(Query(text="ktp", group="standard", mall=value.value))
        assert narrowed.total == value.count


def test_facets_name_their_values_in_both_languages() -> None:
    fee = find(Query(text="sim c")).facets["fee"][0]

    assert (fee.value, fee.label, fee.label_en) == ("paid", "Berbayar", "With a fee")


def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    whole = find(Query(group="standard", per_page=100))
    pages = [find(Query(group="standard", per_page=2, page=page)) for page in (1, 2, 3, 4)]

    joined = [hit for page in pages for hit in page.results]
    assert [(hit.service_code, hit.standard_id) for hit in joined] == [
        (hit.service_code, hit.standard_id) for hit in whole.results
    ][:8]
    assert {page.total for page in pages} == {whole.total}


def test_the_nearest_comes_first_among_those_who_give_a_service() -> None:
    found = find(Query(text="bikin ktp", group="standard", near=(-6.9, 107.6)))

    assert found.results[0].location_ids == (seed_id("location", "mpp-bandung"),)
    assert found.results[0].distance_km == 1.6
    ways = [hit.distance_km for hit in found.results if hit.service_code == "KTP-BARU"]
    assert ways == sorted(ways, key=float)


@pytest.mark.parametrize(("sort", "first"), [("fee", "KTP-BARU"), ("time", "KTP-BARU"), ("name", "REKENING")])
def test_results_can_be_sorted(sort: str, first: str) -> None:
    found = find(Query(sort=sort, category=None, group="standard"))
    figures = [hit.service_code for hit in found.results]

    if sort == "name":
        assert figures[0] == "PASPOR" and figures[-1] == "SIM-C-PANJANG"
    else:
        assert figures.index("SIM-C-PANJANG") > max(i for i, code in enumerate(figures) if code == first)


def test_a_stray_standard_stands_on_its_own_title() -> None:
    stray = make_standard(None, "polres-kendari", "mpp-kendari", title="Pengawalan rombongan pengantin")

    first = find(Query(text="pengawalan pengantin")).results[0]

    assert (first.service_code, first.standard_id) == (None, stray)


def test_the_highlight_marks_what_answers() -> None:
    found = find(Query(text="ktp hilang polisi kendari"))

    marked = [run.text.casefold() for run in found.results[0].highlight if run.is_match]
    assert "polisi" in marked


def test_what_the_database_calls_withdrawn_is_not_shown_though_the_index_lags() -> None:
    before = find(Query(text="ktp hilang"))
    assert before.results[0].standard_id is not None
    withdraw(before.results[0].standard_id, is_told=False)

    found = find(Query(text="ktp hilang"))

    assert before.results[0].standard_id not in [hit.standard_id for hit in found.results]
    assert found.total == before.total  # the service itself has taken its place
    assert found.results[0].service_code == "KTP-GANTI"


def test_a_new_standard_is_found_at_once() -> None:
    assert find(Query(text="bikin sim c")).results[0].standard_id is None

    added = make_standard("SIM-C-BARU", "polres-kendari", "mpp-kendari")

    assert find(Query(text="bikin sim c")).results[0].standard_id == added


def test_a_new_alias_is_understood_at_once() -> None:
    assert find(Query(text="dokumen perjalanan", exact=True)).total == 0
    db.session.add(
        ServiceAlias(service_id=seed_id("service", "PASPOR"), locale="id", text="dokumen perjalanan")
    )
    tell(ChangeKind.SERVICE_CHANGED, seed_id("service", "PASPOR"))

    assert codes(find(Query(text="dokumen perjalanan"))) == ["PASPOR"]


def test_a_mall_that_closes_offers_nothing_any_more() -> None:
    mall = db.session.get_one(Location, seed_id("location", "mpp-bandung"))
    mall.closed_on = sa.func.current_date()
    tell(ChangeKind.LOCATION_CHANGED, mall.id)

    with pytest.raises(Rejected):
        find(Query(mall="mpp-bandung"))


def test_open_now_keeps_only_places_whose_hours_are_known_and_running(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert find(Query(text="ktp", open_now=True)).total == 0
    from datetime import UTC, datetime, time

    from siapa.search import verifying

    class Monday(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # 11.00 in Kendari

    for weekday in range(1, 6):
        db.session.add(
            Hours(
                location_id=seed_id("location", "mpp-kendari"),
                weekday=weekday,
                opens_at=time(8),
                closes_at=time(15),
            )
        )
    db.session.commit()
    monkeypatch.setattr(verifying, "datetime", Monday)

    found = find(Query(text="ktp", open_now=True, group="standard"))

    assert {hit.location_ids for hit in found.results} == {(seed_id("location", "mpp-kendari"),)}


def test_an_empty_registry_answers_with_nothing(app: Flask) -> None:
    assert find(Query(text="((( * NOT ???")).results == ()
    assert search.position() >= 0
