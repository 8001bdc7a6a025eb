"""What outside data must be to become a document, and what is said when it is not."""

from __future__ import annotations

import copy
import math
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siapa.document.intake import publishable_problems, read_document
from siapa.document.standard_document import DELIVERY_COMPONENTS, to_json
from siapa.errors import Rejected
from siapa.locales import using
from tests.document.documents import TEXTS, whole


def problems_of(raw: object) -> dict[str, str]:
    """Path -> sentence (English) of everything wrong with ``raw``; {} when it is taken."""
    try:
        read_document(raw)
    except Rejected as rejected:
        with using("en"):
            return {problem.path: str(problem.message) for problem in rejected.problems}
    return {}


def with_value(path: str, value: object) -> dict[str, Any]:
    """The whole document with ``value`` at a path like ``requirements.0.copies``."""
    raw = copy.deepcopy(whole())
    place: Any = raw
    *way, last = (int(part) if part.isdigit() else part for part in path.split("."))
    for part in way:
        place = place[part]
    place[last] = value
    return raw


def test_a_whole_document_is_taken_as_it_is():
    assert to_json(read_document(whole())) == whole()


def test_a_draft_needs_no_more_than_a_title():
    assert to_json(read_document({"title": "Cetak KK"})) == {"title": "Cetak KK"}


def test_texts_are_trimmed_and_brought_to_one_form():
    raw = {"title": "  Izin\tpraktik \r\n Caf\u0065\u0301 \u200b", "summary": "Satu \r\ndua\u2028tiga  "}

    document = read_document(raw)

    assert document.title == "Izin praktik Caf\u00e9"
    assert document.summary == "Satu\ndua\ntiga"


def test_null_and_empty_mean_not_given():
    raw = {
        "title": "Cetak KK",
        "summary": None,
        "audience": "  ",
        "products": [],
        "staff_count": {"note": ""},
        "complaint_handling": {"text": "", "channels": []},
    }

    assert to_json(read_document(raw)) == {"title": "Cetak KK"}


def test_an_integral_float_is_a_whole_number():
    document = read_document(with_value("requirements.0.copies", 5.0))

    assert document.requirements[0].copies == 5
    assert type(document.requirements[0].copies) is int


def test_a_keyword_given_twice_is_kept_once():
    assert read_document({"title": "Cetak KK", "keywords": ["KK", "kartu", "kk"]}).keywords == ("KK", "kartu")


def test_every_problem_is_reported_at_once_in_the_order_of_the_document():
    raw = whole()
    raw["fees"]["lines"][0]["amount_idr"] = -1
    raw["title"] = "ab"
    raw["requirements"][2]["copies"] = 21
    raw["complaint_handling"]["channels"][0]["value"] = "tanya Budi"

    with pytest.raises(Rejected) as caught:
        read_document(raw)

    assert [problem.path for problem in caught.value.problems] == [
        "title",
        "requirements[2].copies",
        "fees.lines[0].amount_idr",
        "complaint_handling.channels[0].value",
    ]
    assert [problem.value for problem in caught.value.problems] == ["ab", 21, -1, "tanya Budi"]


def test_problems_are_said_in_the_language_of_the_reader():
    with pytest.raises(Rejected) as caught:
        read_document(with_value("requirements.0.kind", "dokumen"))
    [problem] = caught.value.problems

    with using("id"):
        assert str(problem.message).startswith('"dokumen" tidak dikenal di sini.')
    with using("en"):
        assert str(problem.message) == (
            '"dokumen" is not known here. Use one of: document, condition, attendance.'
        )


def test_an_unknown_field_is_refused_and_the_nearest_known_one_named():
    raw = with_value("requirements.1.applies_wen", "hilang")

    assert problems_of(raw) == {
        "requirements[1].applies_wen": 'There is no such field here. Is "applies_when" meant?'
    }


@pytest.mark.parametrize("name", ["state", "agency_id", "published_at", "version", "_schema", "__class__"])
def test_nothing_but_the_document_can_be_set(name):
    assert list(problems_of(whole() | {name: "x"})) == [name]


@pytest.mark.parametrize(
    ("path", "value", "part_of_the_sentence"),
    [
        ("title", 7, "must be a text"),
        ("title", "x" * 201, "201 characters, at most 200"),
        ("staff_competence", "x" * 2001, "2001 characters, at most 2000"),
        ("summary", "satu\x00dua", "U+0000"),
        ("summary", "satu\ud800dua", "U+D800"),
        ("summary", "satu\u202edua", "U+202E"),
        ("requirements.0.copies", "2", "whole number"),
        ("requirements.0.copies", True, "whole number"),
        ("requirements.0.copies", 2.5, "whole number"),
        ("requirements.0.copies", math.nan, "whole number"),
        ("requirements.0.copies", math.inf, "whole number"),
        pytest.param("requirements.0.copies", 10**5000, "from 0 to 20", id="5001 digits"),
        ("requirements.0.copies", 1e300, "from 0 to 20"),
        ("requirements.0.original", "ya", "true or false"),
        ("requirements.0.form_url", "javascript:alert(1)", "https://"),
        ("requirements.0.form_url", "java\tscript:alert(1)", "https://"),
        ("requirements.0.form_url", "//contoh.go.id", "https://"),
        ("requirements.0.form_url", "https://contoh.go.id\\@jahat.example", "https://"),
        ("requirements.0.form_url", "https://bank.go.id@jahat.example/", "https://"),
        ("requirements.0.form_url", "http://[::1", "https://"),
        ("requirements.0.form_url", "https://contoh.go.id:99999/", "https://"),
        ("channels.1.url", "data:text/html,x", "https://"),
        ("legal_bases.0.year", 1944, "from 1945 to 2100"),
        ("legal_bases.0.year", 2101, "from 1945 to 2100"),
        ("effective_from", "2026-02-30", "no such day"),
        ("effective_from", "1 Februari 2026", "year-month-day"),
        ("effective_from", "2026-02-01T00:00:00Z", "year-month-day"),
        ("effective_from", 20260201, "year-month-day"),
        ("decree.date", "1944-12-31", "between 1945 and 2100"),
        ("processing_time.0.unit", "minggu", "minute, hour, day, working_day, month"),
        ("procedure.0.duration.amount", 0, "from 1"),
        ("fees.lines.0.amount_idr", 10**16, "from 0 to"),
        ("requirements", {"text": "KTP"}, "must be a list"),
        ("fees", "gratis", "must be an object"),
        ("staff_count", [6], "must be an object"),
        ("keywords", ["x" * 61], "at most 60"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_where_it_stands(path, value, part_of_the_sentence):
    found = problems_of(with_value(path, value))

    [(where, sentence)] = found.items()
    assert where.replace("[", ".").replace("]", "").startswith(path)
    assert part_of_the_sentence in sentence


@pytest.mark.parametrize(
    ("path", "missing"),
    [
        ("requirements.0", "kind"),
        ("requirements.0", "text"),
        ("procedure.0", "text"),
        ("procedure.0.duration", "unit"),
        ("processing_time.0", "amount_max"),
        ("fees", "fee_kind"),
        ("products.0", "name"),
        ("complaint_handling.channels.0", "value"),
        ("legal_bases.0", "title"),
        ("decree", "number"),
    ],
)
def test_what_must_be_there_is_missed(path, missing):
    raw: Any = whole()
    place = raw
    for part in path.split("."):
        place = place[int(part) if part.isdigit() else part]
    del place[missing]

    found = problems_of(raw)

    [(where, sentence)] = found.items()
    assert where.endswith(missing)
    assert sentence == "This is missing."


def test_a_document_has_a_title():
    assert problems_of({"keywords": ["kk"]}) == {"title": "This is missing."}


@pytest.mark.parametrize(
    ("name", "row", "most"),
    [
        ("requirements", {"kind": "document"}, 100),
        ("procedure", {}, 60),
        ("facilities", {}, 100),
    ],
)
def test_lists_have_an_end(name, row, most):
    rows = [row | {"text": f"Butir {number}"} for number in range(most + 1)]

    assert problems_of(whole() | {name: rows[:most]}) == {}
    assert problems_of(whole() | {name: rows}) == {
        name: f"There are {most + 1} entries; at most {most} are kept."
    }


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("email", "layanan@kendarikota.go.id", "layanan at kendarikota"),
        ("phone", "(0401) 312-345", "tanya satpam"),
        ("phone", "112", "1"),
        ("whatsapp", "+62 811-4000-100", "112"),
        ("whatsapp", "https://wa.me/628114000100", "javascript:alert(1)"),
        ("web", "https://lapor.go.id", "lapor.go.id"),
        ("sp4n_lapor", "SMS 1708", "javascript:alert(1)"),
        ("desk", "Loket:A1, lantai 1", "javascript://x"),
    ],
)
def test_a_complaint_channel_has_the_shape_of_its_kind(kind, good, bad):
    def raw(value):
        return {"title": "Cetak KK", "complaint_handling": {"channels": [{"kind": kind, "value": value}]}}

    assert problems_of(raw(good)) == {}
    assert list(problems_of(raw(bad))) == ["complaint_handling.channels[0].value"]


def fees(kind: str, *lines: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Cetak KK", "fees": {"fee_kind": kind, "lines": list(lines)}}


@pytest.mark.parametrize(
    "raw",
    [
        fees("free"),
        fees("free", {"amount_idr": 0}),
        fees("free", {"note": "Seluruh jenis permohonan"}),
        fees("fixed", {"amount_idr": 100_000}),
        fees("fixed", {"case": "baru", "amount_idr": 100_000}, {"case": "pelajar", "amount_idr": 0}),
        fees("tariff_table", {"note": "Menurut luas bangunan"}),
        fees("formula", {"amount_idr": 2_500, "unit": "per m2"}),
    ],
)
def test_fees_that_say_what_is_to_be_paid_are_taken(raw):
    assert problems_of(raw) == {}


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (fees("free", {"amount_idr": 1}), "fees.lines[0].amount_idr"),
        (fees("fixed"), "fees.lines"),
        (fees("fixed", {"label": "Biaya"}), "fees.lines[0].amount_idr"),
        (fees("fixed", {"amount_idr": 0}), "fees.fee_kind"),
        (fees("tariff_table"), "fees.lines"),
        (fees("tariff_table", {"label": "Izin"}), "fees.lines[0]"),
        (fees("formula", {"amount_idr": 5}, {"label": "x"}), "fees.lines[1]"),
        (fees("free", {}), "fees.lines[0]"),
    ],
)
def test_fees_that_leave_it_open_are_refused(raw, where):
    assert list(problems_of(raw)) == [where]


def test_rules_between_fields_are_checked_even_when_a_field_is_wrong():
    raw = with_value("processing_time.0.amount_min", 3) | {"staff_count": {"count": -1}}

    assert list(problems_of(raw)) == ["processing_time[0].amount_min", "staff_count.count"]


def test_two_times_need_two_cases():
    limits = [{"amount_max": 3, "unit": "day"}, {"amount_max": 5, "unit": "day"}]
    cases = [limits[0] | {"case": "baru"}, limits[1] | {"case": "hilang"}]

    assert list(problems_of(whole() | {"processing_time": limits})) == ["processing_time[1].case"]
    assert problems_of(whole() | {"processing_time": cases}) == {}


def test_an_entry_given_twice_is_named_at_its_second_place():
    rows = [{"text": "KTP-el", "kind": "document"}, {"text": "KK", "kind": "document"}]
    again = {"text": " ktp-EL", "kind": "condition"}

    assert problems_of(whole() | {"requirements": [*rows, again]}) == {
        "requirements[2]": "This repeats entry 1 of the list. Remove one of the two."
    }
    assert problems_of(whole() | {"requirements": [*rows, again | {"applies_when": "hilang"}]}) == {}


def test_the_review_comes_after_the_start():
    assert list(problems_of(whole() | {"review_due": whole()["effective_from"]})) == ["review_due"]


def test_an_english_rendering_needs_its_indonesian_text():
    assert list(problems_of({"title": "Cetak KK", "summary_en": "Family card"})) == ["summary_en"]


def test_publishing_needs_the_six_components_of_delivery():
    assert publishable_problems(read_document(whole())) == ()

    missing = publishable_problems(read_document({"title": "Cetak KK"}))

    assert tuple(problem.path for problem in missing) == DELIVERY_COMPONENTS
    with using("id"):
        assert str(missing[1].message).startswith('"Sistem, mekanisme, dan prosedur" belum ada.')


@pytest.mark.parametrize("raw", [None, 5, "judul", [], [whole()], b"{}"])
def test_what_is_no_object_is_one_clear_problem(raw):
    assert problems_of(raw) == {"": "The document must be an object with named fields, such as title."}


def test_depth_and_size_are_bounded():
    deep: Any = "x"
    for _ in range(50_000):
        deep = [deep]
    circular: dict[str, Any] = {"title": "Cetak KK"}
    circular["fees"] = circular

    assert problems_of({"title": deep}) == {"": "This is nested too deeply."}
    assert problems_of(circular) == {"": "This is nested too deeply."}
    assert problems_of({"title": "Cetak KK", "keywords": ["x"] * 50_000}) == {
        "": "This holds more than 20000 values."
    }
    assert problems_of({1: "x"}) == {"": "Names of fields must be texts."}


def test_hostile_input_costs_little():
    many_names = {f"field_{number}_{'x' * 50}": 1 for number in range(19_000)}
    rows = [{f"a{number}": 1 for number in range(190)} for _ in range(100)]
    combining = "a" + "\u0301\u0323" * 1_000_000

    started = time.monotonic()
    found = problems_of(many_names | {"title": combining})
    rows_found = problems_of({"title": "Cetak KK", "requirements": rows})

    assert time.monotonic() - started < 3
    assert "title" in found and len(found) < 30
    assert len(rows_found) <= 501


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(sorted(whole())) | TEXTS, JSON_VALUES, max_size=6))
def test_anything_at_all_is_taken_or_refused_with_reasons(raw):
    try:
        document = read_document(raw)
    except Rejected as rejected:
        assert rejected.problems
        assert all(str(problem.message) for problem in rejected.problems)
    else:
        assert read_document(to_json(document)) == document


@given(st.sampled_from(sorted(whole())), JSON_VALUES)
def test_what_is_taken_is_already_in_its_kept_form(name, value):
    try:
        document = read_document(whole() | {name: value})
    except Rejected:
        return

    assert read_document(to_json(document)) == document
