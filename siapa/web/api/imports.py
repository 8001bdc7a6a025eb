"""Spreadsheets by program: the same preview, taking in and taking back as at the desk.

The file is the body of the request as it is. A large one keeps the connection open while
it is read and taken in, about half a minute for ten thousand standards.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, request, url_for
from werkzeug.exceptions import UnsupportedMediaType

from siapa import catalogue
from siapa.errors import NotAllowed, NotFound, Problem, Rejected
from siapa.locales import current_locale
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Actor, spreadsheet
from siapa.records import ImportBatch, ImportOutcome, ImportState
from siapa.web.api.answering import answered
from siapa.web.api.asking import Asked, Flag, Text, Whole
from siapa.web.api.bodies import Body, Truth
from siapa.web.api.openapi import one_of
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin
from siapa.web.hooks import refusal, takes_files

TAG = "imports"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TAKEN = (XLSX, "text/csv", "application/octet-stream")
#: Standards with errors in one answer.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class ImportFault:
    """One thing wrong with one cell."""

    #: By what the file names the standard.
    standard: str
    sheet: str
    cell: str
    column: str
    value: str | None
    message: str
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """One file, what it means, and what came of it; ask for further faults with after=next."""

    id: uuid.UUID
    agency: str
    file_name: str
    digest: str
    state: str
    done: int
    total: int
    new: int
    changed: int
    same: int
    errors: int
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    faults: tuple[ImportFault, ...]
    next: int | None


class AskedImport(Asked):
    """For whom the file is, and what is to be done with it."""

    #: Demanded by the view, once it is known who asks.
    agency = Text("The agency's slug.", longest=200, load_default="")
    file_name = Text("What the file is called.", longest=200, load_default="import")
    dry_run = Flag("Only make the preview; nothing is taken in.", load_default=False)
    only_valid = Flag("Take in what has no errors, and leave out the rest.", load_default=False)


class AskedFaults(Asked):
    """From where on faults are wanted."""

    after = Whole(0, 1_000_000, "Faults behind this place of the file.", load_default=0)


class TakenIn(Body):
    """How a preview is to be taken in."""

    only_valid = Truth("Take in what has no errors, and leave out the rest.", load_default=False)


class TakenBack(Body):
    """Nothing more needs to be said."""


@signed("/imports", one_of(Import), tag=TAG, method="post", asked=AskedImport, takes=TAKEN, status=201)
@takes_files(spreadsheet.LARGEST_FILE + 1)
def hand_in_import(asked: dict[str, Any], by: Actor) -> Response:
    """Hand in a spreadsheet (.xlsx or CSV) of an agency; without dry_run it is taken in as drafts at once."""
    if request.mimetype not in TAKEN:
        raise refusal(UnsupportedMediaType, _("Send the file itself, as .xlsx or CSV."))
    if not asked["agency"]:
        raise Rejected([Problem("agency", _l("This must be given."))])
    agency = catalogue.agency(asked["agency"])
    batch = spreadsheet.preview(agency.card.id, request.get_data(), file_name=asked["file_name"], by=by)
    if not asked["dry_run"]:
        if batch.error_count and not asked["only_valid"]:
            raise Rejected(_problems(batch))
        batch = spreadsheet.take_in(batch.id, by=by, only_valid=asked["only_valid"], origin=origin())
    response = _told(batch, 0)
    response.status_code = 201
    response.headers["Location"] = url_for("api.show_import", import_id=batch.id)
    return response


@signed("/imports/<uuid:import_id>", one_of(Import), tag=TAG, asked=AskedFaults, named=(404,))
def show_import(asked: dict[str, Any], by: Actor, import_id: uuid.UUID) -> Response:
    """What a file means, how far it is, and what came of it."""
    return _told(_seen(import_id, by), asked["after"])


@signed("/imports/<uuid:import_id>/take-in", one_of(Import), tag=TAG, method="post", body=TakenIn)
def take_in_import(given: dict[str, Any], by: Actor, import_id: uuid.UUID) -> Response:
    """Take in a preview as drafts: all of it, or nothing."""
    _seen(import_id, by)
    return _told(spreadsheet.take_in(import_id, by=by, only_valid=given["only_valid"], origin=origin()), 0)


@signed("/imports/<uuid:import_id>/undo", one_of(Import), tag=TAG, method="post", body=TakenBack)
def undo_import(given: dict[str, Any], by: Actor, import_id: uuid.UUID) -> Response:
    """Take back what an import did; 409 when somebody worked on any of it since."""
    _seen(import_id, by)
    return _told(spreadsheet.undo(import_id, by=by, origin=origin()), 0)


def _seen(import_id: uuid.UUID, by: Actor) -> ImportBatch:
    try:
        return spreadsheet.batch_of(import_id, by=by)
    except NotAllowed:
        raise NotFound(_l("There is no such entry.")) from None


def _told(batch: ImportBatch, after: int) -> Response:
    entries = list(spreadsheet.entries_of(batch.id, ImportOutcome.ERROR, after=after, most=SHOWN))
    locale = current_locale()
    faults = tuple(
        ImportFault(
            entry.key, fault["sheet"], fault["cell"], fault["column"][locale], fault["value"],
            fault["message"][locale], tuple(words[locale] for words in fault["allowed"]),
        )
        for entry in entries
        for fault in entry.problems
    )  # fmt: skip
    failed = batch.failure if batch.state is ImportState.FAILED else None
    faults += tuple(
        ImportFault("", reason["path"], "", "", reason["value"], reason["message"][locale], ())
        for reason in failed or ()
    )
    return answered(
        Import(
            batch.id, batch.agency.slug, batch.file_name, batch.digest, batch.state.value, batch.done,
            batch.total, batch.new_count, batch.changed_count, batch.same_count, batch.error_count,
            batch.created_at, batch.committed_at, batch.undone_at, faults,
            entries[-1].position if len(entries) == SHOWN else None,
        )
    )  # fmt: skip


def _problems(batch: ImportBatch) -> list[Problem]:
    found = []
    for entry in spreadsheet.entries_of(batch.id, ImportOutcome.ERROR, most=SHOWN):
        for fault in entry.problems:
            place, _column, value, message, allowed = spreadsheet.problem_words(fault)
            found.append(Problem(place, f"{message} ({allowed})" if allowed else message, value or None))
    return found
