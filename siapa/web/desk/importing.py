"""Spreadsheets at the desk: the template, the upload, the preview that stays, taking in and taking back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from threading import Thread
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.labels import part_name
from siapa.errors import Conflict, NotAllowed, NotFound, Problem, Rejected, SiapaError
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing import Action, may, spreadsheet
from siapa.publishing.worklist import own_agencies
from siapa.records import Agency, ImportBatch, ImportOutcome, ImportState, Officer, now
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.downloads import attached
from siapa.web.hooks import takes_files

logger = structlog.get_logger(__name__)

#: A larger file is read while the page already shows how far it is.
READ_AT_ONCE_BYTES = 150_000
#: A reading that takes longer than this has died with its process.
LONGEST_READING = timedelta(minutes=10)
REFRESH_SECONDS = 2
SHOWN, LISTED = 50, 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What a column of a sheet that is not ours may be for, beside the parts of a standard.
_OTHER_TARGETS: dict[str, Words] = {"key": _l("Standard code"), "service": _l("National service code")}


@desk.get("/impor")
def imports() -> str:
    """Where a template is had, a file is handed in, and earlier ones are found."""
    return _page(acting())


@desk.get("/impor/templat")
def import_template() -> Response:
    """The workbook of an agency, filled with its present standards."""
    agency = _agency(acting(), request.args.get("agency", ""))
    return attached(spreadsheet.template(agency), f"standar-{agency.slug}.xlsx", XLSX)


@desk.post("/impor")
@takes_files(spreadsheet.LARGEST_FILE + 100_000)
def hand_in() -> ResponseReturnValue:
    """Keep the file that was handed in, and read it into its preview."""
    by = acting()
    file = request.files.get("file")
    try:
        agency = _agency(by, request.form.get("agency", ""))
        if file is None or not file.filename:
            raise Rejected(
                [Problem("file", _l("Choose a file: .xlsx or .csv, or of another registry .zip or .json."))]
            )
        content = file.read(spreadsheet.LARGEST_FILE + 1)
        batch_id = _begun(agency, content, file.filename, by, None)
    except Rejected as refused:
        return _page(by, refused.problems), 422
    return redirect(desk_url("import_preview", batch_id=batch_id), 303)


@desk.get("/impor/<uuid:batch_id>")
def import_preview(batch_id: uuid.UUID) -> Response:
    """What the file means, standard by standard; or how far it is read."""
    return _preview(_seen(batch_id))


@desk.get("/impor/<uuid:batch_id>/berkas")
def annotated_file(batch_id: uuid.UUID) -> Response:
    """The file with its errors marked."""
    batch = _seen(batch_id)
    is_sheet = not spreadsheet.is_exchanged(batch.file_name)
    is_read = batch.state not in (ImportState.READING, ImportState.FAILED)
    if not (is_sheet and is_read and spreadsheet.is_file_kept(batch)):
        raise NotFound(_l("There is no file here."))
    return attached(
        spreadsheet.annotated(batch), f"{batch.file_name.rpartition('.')[0]}-diperiksa.xlsx", XLSX
    )


@desk.post("/impor/<uuid:batch_id>/kolom")
def say_columns(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Read the same file once more, with the columns taken for what the officer says."""
    batch, by = _seen(batch_id), acting()
    if batch.mapping is None:
        raise NotFound(_l("There is no such entry."))
    if not spreadsheet.is_file_kept(batch):
        return _preview(batch, notice=_l("The file is not kept any more. Hand it in again.")), 409
    mapping = {
        heading: request.form.get(f"column-{place}", "") for place, heading in enumerate(batch.mapping)
    }
    try:
        again = _begun(batch.agency, batch.content, batch.file_name, by, mapping)
    except Rejected as refused:
        return _preview(batch, refused.problems), 422
    return redirect(desk_url("import_preview", batch_id=again), 303)


@desk.post("/impor/<uuid:batch_id>/ambil")
def take_in(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Let the preview happen: everything, or only what has no errors."""
    batch = _seen(batch_id)
    try:
        spreadsheet.take_in(
            batch_id, by=acting(), only_valid=request.form.get("only_valid") == "1", origin=origin()
        )
    except Conflict as conflict:
        return _preview(batch, notice=conflict.message), 409
    return redirect(desk_url("import_preview", batch_id=batch_id), 303)


@desk.post("/impor/<uuid:batch_id>/batal")
def take_back(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what the import did."""
    batch = _seen(batch_id)
    if request.form.get("sure") != "1":
        problem = Problem("sure", _l("Tick that the import is to be taken back."))
        return _preview(batch, (problem,)), 422
    try:
        spreadsheet.undo(batch_id, by=acting(), origin=origin())
    except Conflict as conflict:
        return _preview(batch, notice=conflict.message), 409
    return redirect(desk_url("import_preview", batch_id=batch_id), 303)


def _page(by: Officer, problems: tuple[Problem, ...] = ()) -> str:
    agencies = own_agencies(by, Action.OPEN)
    ids = [agency.id for agency in agencies]
    query = sa.select(ImportBatch).where(ImportBatch.agency_id.in_(ids))
    earlier = list(db.session.scalars(query.order_by(ImportBatch.created_at.desc()).limit(LISTED)))
    return render_template("desk/imports.html", agencies=agencies, earlier=earlier, problems=problems)


def _agency(by: Officer, slug: str) -> Agency:
    agency = db.session.scalar(sa.select(Agency).where(Agency.slug == slug[:200]))
    if agency is None or not may(by, Action.OPEN, agency):
        raise Rejected([Problem("agency", _l("Choose an agency."))])
    return agency


def _seen(batch_id: uuid.UUID) -> ImportBatch:
    try:
        return spreadsheet.batch_of(batch_id, by=acting())
    except NotAllowed:
        raise NotFound(_l("There is no such entry.")) from None


def _preview(batch: ImportBatch, problems: tuple[Problem, ...] = (), notice: Words = "") -> Response:
    is_reading = batch.state is ImportState.READING
    is_stalled = is_reading and batch.created_at < now() - LONGEST_READING
    after = request.args.get("after", type=int) or 0
    wrong = list(spreadsheet.entries_of(batch.id, ImportOutcome.ERROR, after=after, most=SHOWN))
    page = render_template(
        "desk/import.html", batch=batch, problems=problems, notice=notice, is_stalled=is_stalled,
        wrong=wrong, words=spreadsheet.problem_words,
        more_after=wrong[-1].position if len(wrong) == SHOWN else None,
        lists={outcome.value: list(spreadsheet.entries_of(batch.id, outcome, most=SHOWN))
               for outcome in (ImportOutcome.NEW, ImportOutcome.CHANGED)},
        targets=_targets(), is_exchanged=spreadsheet.is_exchanged(batch.file_name),
        is_kept=spreadsheet.is_file_kept(batch), days_kept=spreadsheet.FILES_KEPT.days,
    )  # fmt: skip
    response = Response(page)
    if is_reading and not is_stalled:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def _targets() -> dict[str, Words]:
    known = {name: _OTHER_TARGETS.get(name) or part_name(name) for name in spreadsheet.TARGETS}
    return {"title": known.pop("title"), **known}


def _begun(
    agency: Agency, content: bytes, file_name: str, by: Officer, mapping: dict[str, str] | None
) -> uuid.UUID:
    """Begin a batch; a small file is read at once, a large one beside."""
    batch_id = spreadsheet.begin(agency.id, content, file_name=file_name, by=by).id
    if len(content) <= READ_AT_ONCE_BYTES:
        spreadsheet.read_batch(batch_id, mapping=mapping)
        return batch_id
    app: Any = current_app
    Thread(target=_read_beside, args=(app._get_current_object(), batch_id, mapping), daemon=True).start()
    return batch_id


def _read_beside(app: Flask, batch_id: uuid.UUID, mapping: dict[str, str] | None) -> None:
    with app.app_context():
        try:
            spreadsheet.read_batch(batch_id, mapping=mapping)
        except SiapaError:
            logger.info("a spreadsheet could not be read", batch=str(batch_id))  # the batch says why
        except Exception:
            logger.exception("reading a spreadsheet broke off", batch=str(batch_id))
        finally:
            db.session.remove()
