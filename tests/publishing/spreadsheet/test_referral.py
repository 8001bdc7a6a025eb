"""Services of other registries (HSDS) become drafts by the way of a spreadsheet, and are known again."""

from __future__ import annotations

import io
import uuid
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa

from siapa.document.referral.saying import tell
from siapa.document.standard_document import from_stored
from siapa.errors import Rejected
from siapa.extensions import db
from siapa.publishing import commands, spreadsheet
from siapa.publishing.verifying import verify
from siapa.records import Edition, ImportBatch, Standard, State
from tests.document.documents import whole
from tests.publishing.cast import Cast, published
from tests.publishing.spreadsheet.referrals import ORGANIZATION, A, B, as_json, as_lines, package, service
from tests.publishing.spreadsheet.sheets import counts, entries


def handed_in(cast: Cast, content: bytes, name: str = "hsds.zip", **options: Any) -> ImportBatch:
    """The preview of ``content`` for the own agency."""
    return spreadsheet.preview(cast.own.id, content, file_name=name, by=cast.author, **options)


def taken(cast: Cast, content: bytes, **options: Any) -> ImportBatch:
    """``content`` previewed and taken in."""
    return spreadsheet.take_in(handed_in(cast, content, **options).id, by=cast.author)


@pytest.mark.parametrize("write", [package, as_json, as_lines], ids=["package", "page", "lines"])
def test_a_service_becomes_a_draft_that_says_what_it_says(cast: Cast, write: Any) -> None:
    batch = taken(cast, write(service()))

    standard = db.session.scalars(sa.select(Standard)).one()
    assert counts(batch) == (1, 0, 0, 0)
    assert (str(standard.id), standard.slug, standard.agency_id) == (A, "surat-pindah", cast.own.id)
    assert standard.open_edition.state is State.DRAFT
    assert standard.open_edition.document == {
        "title": "Surat pindah",
        "summary": "Pindah tempat tinggal.",
        "audience": "Semua warga",
        "requirements": [{"kind": "document", "text": "KTP-el", "original": True, "copies": 2}],
        "procedure": [{"text": "Datang ke loket"}, {"text": "Serahkan berkas"}],
        "fees": {"fee_kind": "fixed", "lines": [{"label": "Biasa", "amount_idr": 5000}]},
        "complaint_handling": {"channels": [{"kind": "phone", "value": "0401 123456"}]},
    }
    assert verify() == []


def test_the_same_record_again_changes_nothing_and_a_changed_one_is_the_next_draft(cast: Cast) -> None:
    taken(cast, package(service()))

    again = taken(cast, as_json(service()))
    changed = taken(cast, package(service(name="Surat pindah datang"), folder="hsds/"))

    assert (counts(again), counts(changed)) == ((0, 0, 1, 0), (0, 1, 0, 0))
    standard = db.session.scalars(sa.select(Standard)).one()
    assert standard.open_edition.title == "Surat pindah datang"
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 1


def test_a_changed_record_of_what_is_in_force_begins_its_revision_and_keeps_the_rest(cast: Cast) -> None:
    said = {key: value for key, value in whole().items() if key != "effective_from"}
    standard = published(cast, **said)
    told = tell(from_stored(standard.live.document))
    record = service(
        id=str(standard.id), name=told.name, description=told.description,
        application_process=told.application_process, eligibility_description=told.eligibility_description,
        required_documents=list(told.required_documents.values()), cost_options=list(told.cost_options),
        fees_description=told.fees_description, contacts=[],
    )  # fmt: skip

    same = taken(cast, as_json(record))
    taken(cast, as_json(record | {"description": "Lain."}))

    before, after = standard.live.document, standard.open_edition.document
    assert counts(same) == (0, 0, 1, 0)
    assert after == {**{k: v for k, v in before.items() if k != "summary_en"}, "summary": "Lain."}


def test_what_was_taken_in_can_be_taken_back(cast: Cast) -> None:
    batch = taken(cast, package(service()))

    spreadsheet.undo(batch.id, by=cast.author)

    assert db.session.scalar(sa.select(sa.func.count(Standard.id))) == 0
    assert counts(taken(cast, package(service()))) == (1, 0, 0, 0)


def test_two_agencies_may_take_the_same_record_each_as_its_own(cast: Cast) -> None:
    taken(cast, package(service()))
    theirs = spreadsheet.preview(cast.sibling.id, package(service()), file_name="x.zip", by=cast.stranger)
    spreadsheet.take_in(theirs.id, by=cast.stranger)
    again = spreadsheet.preview(cast.sibling.id, package(service()), file_name="x.zip", by=cast.stranger)

    ids = set(db.session.scalars(sa.select(Standard.id)))
    assert ids == {uuid.UUID(A), uuid.uuid5(cast.sibling.id, A)}
    assert counts(again) == (0, 0, 1, 0)


def test_services_of_one_name_are_two_standards_in_any_order(cast: Cast) -> None:
    one, two = service(), service(id=B, description="Lain.", contacts=[])
    taken(cast, package(one))

    both = taken(cast, package(two, one))

    assert counts(both) == (1, 0, 1, 0)
    slugs = set(db.session.scalars(sa.select(Standard.slug)))
    assert slugs == {"surat-pindah", "surat-pindah-7c9e6679"}
    assert counts(taken(cast, package(one, two))) == (0, 0, 2, 0)


def test_of_several_organizations_the_agency_is_taken_or_those_that_are_named(cast: Cast) -> None:
    own = {"id": str(cast.own.id), "name": cast.own.name, "description": "-"}
    ours = service(id=B, name="Milik kita", organization=own, organization_id=own["id"])
    content = package(service(), ours)

    guessed = handed_in(cast, content)
    said = handed_in(cast, content, mapping={ORGANIZATION["name"]: "agency"})
    nobody = handed_in(cast, package(service(), service(id=B, organization={**own, "id": B, "name": "X"},
                                                        organization_id=B)))  # fmt: skip

    assert guessed.mapping == {cast.own.name: "agency", "Dinas Lain": ""}
    assert [entry.title for entry in entries(guessed)] == ["Milik kita"]
    assert [entry.title for entry in entries(said)] == ["Surat pindah"]
    assert (nobody.total, set(nobody.mapping.values())) == (0, {""})


def test_what_is_wrong_is_named_by_file_line_and_column(cast: Cast) -> None:
    wrong = service(
        name="X",
        contacts=[],
        cost_options=[
            {"id": A, "option": "Satu", "currency": "IDR", "amount": 1},
            {"id": B, "option": "Dua", "currency": "USD", "amount": "banyak"},
        ],
        required_documents=[{"id": A, "document": "KTP", "uri": "ftp://x"}],
    )

    batch = handed_in(cast, package(service(id=B), wrong))
    [entry] = [one for one in entries(batch) if one.problems]

    said = {
        (p["sheet"], p["cell"]): (p["column"]["en"].partition(" ")[0], p["value"]) for p in entry.problems
    }
    assert counts(batch) == (1, 0, 0, 1)
    assert said == {
        ("services.csv", "3"): ("name", "X"),
        ("cost_options.csv", "4"): ("currency", "USD"),
        ("required_documents.csv", "3"): ("uri", "ftp://x"),
    }
    [inside] = [one for one in entries(handed_in(cast, as_json(wrong))) if one.problems]
    assert "1.required_documents[0]" in {p["cell"] for p in inside.problems}


def test_what_is_gone_in_its_own_registry_is_not_taken(cast: Cast) -> None:
    batch = handed_in(cast, package(service(), service(id=B, status="defunct")))

    assert batch.total == 1
    with pytest.raises(Rejected, match="Tidak ada layanan"):
        handed_in(cast, package(service(status="inactive")))


def bomb() -> bytes:
    """A package whose services unpack to more than is taken."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("services.csv", "w") as member,
    ):
        for _piece in range(130):
            member.write(b"a" * 1_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"[1]", b"[]", b'{"contents": []}', b'{"id": "x"}\n{"id"\n', b"[" * 100_000,
        package(service())[:-40], package(service()).replace(b"PK\x01\x02", b"PK\x01\x09"), package(),
    ],
    ids=["open", "no object", "empty list", "empty page", "bad line", "deep", "cut", "broken", "no rows"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(cast: Cast, content: bytes) -> None:
    with pytest.raises(Rejected):
        handed_in(cast, content, name="x.json")


def test_a_bomb_is_refused_before_it_is_unpacked_whole(cast: Cast) -> None:
    with pytest.raises(Rejected, match="lebih besar"):
        handed_in(cast, bomb())


@pytest.mark.parametrize(
    "changes",
    [
        {"cost_options": "gratis"}, {"required_documents": [1, None, {"document": 5}]}, {"name": None},
        {"contacts": [{"phones": "x"}]}, {"attributes": [{"taxonomy_term": 1, "value": []}]}, {"id": 7},
        {"organization": "x", "organization_id": None}, {"description": {"a": 1}}, {"url": ["x"]},
        {"cost_options": [{"amount": 1e30}, {"amount": "1e9999"}, {"amount": True}]}, {"id": None},
        {"name": "ℵ" * 300}, {"application_process": "x\n" * 500}, {"eligibility_description": "- " * 50},
    ],
)  # fmt: skip
def test_odd_records_are_read_or_named_but_break_nothing(cast: Cast, changes: dict[str, Any]) -> None:
    batch = handed_in(cast, as_json(service() | changes), name="x.json")

    assert batch.total == 1
    assert batch.error_count == sum(1 for entry in entries(batch) if entry.problems)


def test_a_discarded_draft_is_new_again(cast: Cast) -> None:
    taken(cast, package(service()))
    commands.discard(uuid.UUID(A), by=cast.author)

    assert counts(handed_in(cast, package(service()))) == (1, 0, 0, 0)
