"""A broken seed file is refused with file, line and field, and nothing of the folder is loaded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.errors import Rejected
from siapa.extensions import db
from siapa.publishing.seeding import load_seed
from siapa.records import Agency, AuditEvent
from tests.publishing.seed_folder import Folder


def _break(name: str, column: str, value: str) -> Callable[[Folder], None]:
    def act(folder: Folder) -> None:
        folder.tables[name][0][column] = value

    return act


def _break_document(folder: Folder) -> None:
    folder.standard["document"]["fees"]["fee_kind"] = "gratis"


def _take_component(folder: Folder) -> None:
    del folder.standard["document"]["fees"]


def _strange_component(folder: Folder) -> None:
    folder.standard["provenance"]["sourced_components"] = ["colour"]


@pytest.mark.parametrize(
    ("breaking", "place"),
    [
        (_break("regions.csv", "latitude", "utara"), "regions.csv:2:latitude"),
        (_break("regions.csv", "latitude", "999"), "regions.csv:2:latitude"),
        (_break("regions.csv", "latitude", "nan"), "regions.csv:2:latitude"),
        (_break("regions.csv", "level", "kerajaan"), "regions.csv:2:level"),
        (_break("regions.csv", "parent_code", "99"), "regions.csv:2:parent_code"),
        (_break("regions.csv", "code", "74.71"), "regions.csv:3:code"),
        (_break("agencies.csv", "parent_key", "entah"), "agencies.csv:2:parent_key"),
        (_break("agencies.csv", "name", ""), "agencies.csv:2:name"),
        (_break("agencies.csv", "as_of", "kemarin"), "agencies.csv:2:as_of"),
        (_break("services.csv", "category", "entah"), "services.csv:2:category"),
        (_break("services.csv", "life_events", "menikah;entah"), "services.csv:2:life_events"),
        (_break("services.csv", "confidence", "pasti"), "services.csv:2:confidence"),
        (_break("malls.csv", "operator_key", "entah"), "malls.csv:2:operator_key"),
        (_break("malls.csv", "opened_on", "2020-13-01"), "malls.csv:2:opened_on"),
        (_break("malls.csv", "agencies_count", "banyak"), "malls.csv:2:agencies_count"),
        (_break("malls.csv", "website", "ftp://x"), "malls.csv:2:website"),
        (_break("malls.csv", "slug", "Tidak Boleh"), "malls.csv:2:slug"),
        (_break("counters.csv", "mall_key", "entah"), "counters.csv:2:mall_key"),
        (_break("counters.csv", "status", "ramai"), "counters.csv:2:status"),
        (_break("offerings.csv", "counter_agency_key", "pemkot"), "offerings.csv:2:counter_agency_key"),
        (_break("offerings.csv", "standard_key", "dukcapil/X"), "offerings.csv:2:standard_key"),
        (_break_document, "standards/dukcapil/KK-BARU.json:document.fees.fee_kind"),
        (_take_component, "standards/dukcapil/KK-BARU.json:fees"),
        (_strange_component, "standards/dukcapil/KK-BARU.json:provenance.sourced_components"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_field_and_nothing_is_loaded(
    app: Flask, folder: Folder, breaking: Callable[[Folder], None], place: str
) -> None:
    breaking(folder)

    with pytest.raises(Rejected) as refused:
        load_seed(folder.write())

    assert place in [problem.path for problem in refused.value.problems]
    assert db.session.scalars(sa.select(AuditEvent)).all() == []
    assert db.session.scalars(sa.select(Agency)).all() == []


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("malls.csv", b"key,slug\nx,y\n", "malls.csv:1:latitude"),
        ("malls.csv", b"\xff\xfe", "malls.csv"),
        ("categories.csv", b"code,name_id,name_en,position\na,b\n", "categories.csv:2"),
        ("standards/x.json", b"{", "standards/x.json"),
        ("standards/x.json", b"[" * 100_000, "standards/x.json"),
        ("standards/x.json", b"[]", "standards/x.json"),
        ("outlines/x.json", b'{"code": "ENTAH"}', "outlines/x.json:code"),
    ],
)
def test_a_file_that_is_no_table_or_no_json_is_named(
    app: Flask, folder: Folder, name: str, text: bytes, place: str
) -> None:
    (folder.write() / name).write_bytes(text)

    with pytest.raises(Rejected) as refused:
        load_seed(folder.path)

    assert place in [problem.path for problem in refused.value.problems]


def test_every_problem_of_every_file_is_said_at_once(app: Flask, folder: Folder) -> None:
    folder.tables["regions.csv"][0]["latitude"] = "utara"
    folder.tables["malls.csv"][0]["opened_on"] = "kapan"
    folder.standard["service"] = "ENTAH"

    with pytest.raises(Rejected) as refused:
        load_seed(folder.write())

    files = {problem.path.split(":")[0] for problem in refused.value.problems}
    assert files == {"regions.csv", "malls.csv", "standards/dukcapil/KK-BARU.json", "offerings.csv"}
