"""The way of a spreadsheet: out as a template, back in as a preview, taken in, and taken back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import sqlalchemy as sa

from siapa.document.standard_document import from_stored, to_json
from siapa.errors import Conflict, NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import commands, spreadsheet
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, Edition, ImportBatch, ImportOutcome, ImportState, Standard, State
from tests.document.documents import whole
from tests.publishing.cast import Cast, document, published, submitted
from tests.publishing.spreadsheet.sheets import (
    NEW,
    Sheets,
    cells_of,
    counts,
    entries,
    named,
    plus,
    previewed,
    sheets_for,
    workbook,
)


@pytest.fixture
def live(cast: Cast) -> Standard:
    """A whole standard in force, with everything in it that a sheet can say."""
    return published(cast, **(_whole() | {"title": "Penerbitan Kartu Keluarga"}))


def _whole() -> dict[str, Any]:
    return {key: value for key, value in whole().items() if key != "effective_from"}


def new_file(cast: Cast) -> Sheets:
    """The template with one more standard."""
    return plus(sheets_for(cast), NEW)


def set_cell(sheets: Sheets, sheet: str, row: int, heading: str, value: Any) -> str:
    """Put ``value`` under ``heading`` in the row with this number; gives back the name of the cell."""
    head = [str(cell).rstrip(" *") for cell in sheets[sheet][0]]
    place = head.index(heading)
    sheets[sheet][row - 1][place] = value
    return f"{chr(ord('A') + place)}{row}"


def test_what_the_template_is_filled_with_is_the_same_when_it_comes_back(cast: Cast, live: Standard) -> None:
    content = spreadsheet.template(cast.own)

    batch = previewed(cast, content)

    assert counts(batch) == (0, 0, 1, 0)
    assert entries(batch)[0].document == live.live.document
    assert batch.state is ImportState.READY


def test_a_template_of_an_agency_without_standards_has_every_sheet_and_no_row(cast: Cast) -> None:
    sheets = cells_of(spreadsheet.template(cast.own))

    assert list(sheets)[:3] == ["Standar", "Saluran layanan", "Persyaratan"]
    assert all(len(rows) == 1 for name, rows in sheets.items() if name not in ("Petunjuk", "Referensi"))
    with pytest.raises(Rejected, match="Tidak ada standar"):
        previewed(cast, sheets)


def test_a_preview_changes_nothing_and_stays(cast: Cast) -> None:
    before = db.session.scalar(sa.select(sa.func.count(AuditEvent.number)))

    batch = previewed(cast, new_file(cast))

    assert counts(batch) == (1, 0, 0, 0)
    assert db.session.scalar(sa.select(sa.func.count(Standard.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.number))) == before
    assert db.session.get(ImportBatch, batch.id).digest == batch.digest


def test_a_new_row_becomes_a_draft_as_a_command_would_make_it(cast: Cast) -> None:
    batch = spreadsheet.take_in(previewed(cast, new_file(cast)).id, by=cast.author, origin="10.0.0.9")

    standard = db.session.scalars(sa.select(Standard)).one()
    draft = standard.open_edition
    assert batch.state is ImportState.COMMITTED
    assert (standard.slug, draft.state, draft.version, draft.title) == (
        "kartu-baru", State.DRAFT, 1, "Kartu baru",
    )  # fmt: skip
    assert draft.document["processing_time"] == [{"amount_max": 3, "unit": "working_day"}]
    assert draft.is_free and draft.created_by_id == cast.author.id
    act = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (act.action, act.note, act.officer_id) == ("open", f"import {batch.id}", cast.author.id)
    assert verify() == []
    commands.submit(standard.id, by=cast.author)
    commands.publish(standard.id, by=cast.publisher)
    assert verify() == []


def test_the_same_file_again_says_that_everything_is_there(cast: Cast, live: Standard) -> None:
    content = workbook(new_file(cast))
    spreadsheet.take_in(previewed(cast, content).id, by=cast.author)

    again = spreadsheet.take_in(previewed(cast, content).id, by=cast.author)

    assert counts(again) == (0, 0, 2, 0)
    assert db.session.scalar(sa.select(sa.func.count(Edition.id))) == 2


def test_a_changed_cell_becomes_the_next_draft(cast: Cast, live: Standard) -> None:
    sheets = sheets_for(cast)
    set_cell(sheets, "Persyaratan", 2, "Persyaratan", "KTP-el asli")

    spreadsheet.take_in(previewed(cast, sheets).id, by=cast.author)

    draft = live.open_edition
    assert draft.document["requirements"][0]["text"] == "KTP-el asli"
    assert live.live.document["requirements"][0]["text"] == "KTP-el"
    assert verify() == []


def test_every_error_names_its_sheet_cell_value_and_what_may_stand_there(cast: Cast) -> None:
    sheets = new_file(cast)
    unit = set_cell(sheets, "Jangka waktu", 2, "Satuan waktu", "pekan")
    text = set_cell(sheets, "Persyaratan", 2, "Persyaratan", "x" * 2100)
    title = set_cell(sheets, "Standar", 2, "Nama standar", "K")

    batch = previewed(cast, sheets)

    found = {f"{one['sheet']}!{one['cell']}": one for one in entries(batch)[0].problems}
    assert counts(batch) == (0, 0, 0, 1)
    assert set(found) == {f"Jangka waktu!{unit}", f"Persyaratan!{text}", f"Standar!{title}"}
    wrong = found[f"Jangka waktu!{unit}"]
    assert wrong["value"] == "pekan"
    assert [name["id"] for name in wrong["allowed"]][-2:] == ["hari kerja", "bulan"]
    assert wrong["message"]["en"] == "This is not one of the values that may be chosen."
    assert "Terlalu panjang" in found[f"Persyaratan!{text}"]["message"]["id"]


def test_with_errors_nothing_is_taken_in_unless_the_valid_rows_are_asked_for(cast: Cast) -> None:
    sheets = plus(new_file(cast), named(NEW, "kartu-lain", "Kartu lain"))
    set_cell(sheets, "Jangka waktu", 3, "Paling lama", "lama")
    batch = previewed(cast, sheets)

    with pytest.raises(Conflict):
        spreadsheet.take_in(batch.id, by=cast.author)
    assert db.session.scalar(sa.select(sa.func.count(Standard.id))) == 0
    spreadsheet.take_in(batch.id, by=cast.author, only_valid=True)

    assert counts(batch) == (1, 0, 0, 1)
    assert db.session.scalars(sa.select(Standard.slug)).all() == ["kartu-baru"]


def test_a_batch_is_taken_in_once(cast: Cast) -> None:
    batch = previewed(cast, new_file(cast))
    spreadsheet.take_in(batch.id, by=cast.author)

    with pytest.raises(Conflict):
        spreadsheet.take_in(batch.id, by=cast.author)


def test_work_after_the_preview_is_not_written_over(cast: Cast, live: Standard) -> None:
    sheets = new_file(cast)
    set_cell(sheets, "Persyaratan", 2, "Persyaratan", "KTP-el asli")
    batch = previewed(cast, sheets)
    commands.open_draft(live.id, document("Sedang disusun"), by=cast.author)

    with pytest.raises(Conflict):
        spreadsheet.take_in(batch.id, by=cast.author)

    assert live.open_edition.title == "Sedang disusun"
    assert db.session.scalar(sa.select(sa.func.count(Standard.id))) == 1
    assert verify() == []


def test_a_standard_under_review_is_an_error_and_not_overtaken(cast: Cast, live: Standard) -> None:
    commands.open_draft(live.id, document(), by=cast.author)
    commands.submit(live.id, by=cast.author)

    batch = previewed(cast, spreadsheet.template(cast.own))

    assert counts(batch) == (0, 0, 0, 1)
    assert "belum dapat diubah" in entries(batch)[0].problems[0]["message"]["id"]


def test_codes_that_are_doubled_or_belong_to_no_standard_are_errors(cast: Cast) -> None:
    sheets = plus(new_file(cast), {"Standar": NEW["Standar"]})
    plus(sheets, {"Produk": {"Kode standar": "tidak-ada", "Produk": "Kartu"}})

    batch = previewed(cast, sheets)

    assert [one.outcome for one in entries(batch)] == [
        ImportOutcome.NEW, ImportOutcome.ERROR, ImportOutcome.ERROR,
    ]  # fmt: skip
    assert [one.problems[0]["cell"] for one in entries(batch)[1:]] == ["A3", "A3"]


def test_nobody_imports_for_another_agency(cast: Cast) -> None:
    content = workbook(new_file(cast))
    batch = previewed(cast, content)

    with pytest.raises(NotAllowed):
        spreadsheet.preview(cast.own.id, content, file_name="x.xlsx", by=cast.stranger)
    with pytest.raises(NotAllowed):
        spreadsheet.take_in(batch.id, by=cast.stranger)
    with pytest.raises(NotAllowed):
        spreadsheet.batch_of(batch.id, by=cast.admin)


def test_an_undone_import_leaves_everything_as_it_was(cast: Cast, live: Standard) -> None:
    drafted = commands.open_standard(cast.own.id, document("Surat pindah"), by=cast.author)
    before = copy.deepcopy(drafted.open_edition.document)
    sheets = new_file(cast)
    for row in range(2, len(sheets["Persyaratan"])):
        set_cell(sheets, "Persyaratan", row, "Persyaratan", f"Syarat {row}")
    batch = spreadsheet.take_in(previewed(cast, sheets).id, by=cast.author)
    assert counts(batch) == (1, 2, 0, 0)

    spreadsheet.undo(batch.id, by=cast.author)

    assert db.session.get(ImportBatch, batch.id).state is ImportState.UNDONE
    assert db.session.scalar(sa.select(Standard).where(Standard.slug == "kartu-baru")) is None
    assert live.open_edition is None
    assert drafted.open_edition.document == before
    assert verify() == []
    with pytest.raises(Conflict):
        spreadsheet.undo(batch.id, by=cast.author)


def test_an_import_into_a_returned_draft_is_undone_to_what_was_returned(cast: Cast) -> None:
    standard = submitted(cast)
    commands.return_(standard.id, {"": "Perjelas judulnya."}, by=cast.publisher)
    before = standard.open_edition.document
    sheets = sheets_for(cast)
    set_cell(sheets, "Persyaratan", 2, "Persyaratan", "Formulir yang lebih jelas")
    batch = previewed(cast, sheets)
    spreadsheet.take_in(batch.id, by=cast.author)
    assert standard.open_edition.document != before

    spreadsheet.undo(batch.id, by=cast.author)

    assert standard.open_edition.document == before


def test_an_import_that_somebody_worked_on_is_not_undone(cast: Cast) -> None:
    batch = spreadsheet.take_in(previewed(cast, new_file(cast)).id, by=cast.author)
    standard = db.session.scalars(sa.select(Standard)).one()
    commands.submit(standard.id, by=cast.author)

    with pytest.raises(Conflict, match="kartu-baru"):
        spreadsheet.undo(batch.id, by=cast.author)

    assert db.session.get(ImportBatch, batch.id).state is ImportState.COMMITTED
    assert standard.open_edition.state is State.SUBMITTED


def test_what_was_published_by_an_import_goes_out_of_force_again(cast: Cast, live: Standard) -> None:
    sheets = new_file(cast)
    set_cell(sheets, "Persyaratan", 2, "Persyaratan", "KTP-el asli")
    former = to_json(from_stored(live.live.document))
    batch = previewed(cast, sheets, publishes=True)
    spreadsheet.take_in(batch.id, by=cast.author, publisher=cast.publisher)
    assert live.live.document["requirements"][0]["text"] == "KTP-el asli"

    spreadsheet.undo(batch.id, by=cast.author, publisher=cast.publisher)

    new = db.session.scalars(sa.select(Standard).where(Standard.slug == "kartu-baru")).one()
    assert live.live.document == former
    assert (new.live, new.editions[0].state) == (None, State.WITHDRAWN)
    assert verify() == []


def test_what_publishing_needs_is_asked_for_when_it_is_to_be_published(cast: Cast) -> None:
    sheets = new_file(cast)
    sheets["Produk"].pop()

    batch = previewed(cast, sheets, publishes=True)

    assert counts(batch) == (0, 0, 0, 1)
    assert counts(previewed(cast, sheets)) == (1, 0, 0, 0)
