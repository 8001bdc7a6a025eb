"""A file becomes a preview that stays: an import batch, written piece by piece, that changes nothing."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from itertools import islice

import sqlalchemy as sa

from siapa.errors import NotFound, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import together
from siapa.publishing.permissions import Actor, person_of, require
from siapa.publishing.spreadsheet.delimited import open_delimited
from siapa.publishing.spreadsheet.faults import in_each, shown_value
from siapa.publishing.spreadsheet.flat import FlatReading
from siapa.publishing.spreadsheet.judging import Judge, Row
from siapa.publishing.spreadsheet.layout import folded, help_sheets
from siapa.publishing.spreadsheet.opening import LARGEST_FILE, is_workbook, open_workbook, refusal
from siapa.publishing.spreadsheet.reading import Reading, is_ours, read_workbook
from siapa.publishing.spreadsheet.referral import ReferralReading
from siapa.publishing.spreadsheet.referral_files import is_json, is_package
from siapa.publishing.workflow import Action
from siapa.records import Agency, ImportBatch, ImportEntry, ImportOutcome, ImportState

#: Standards that are judged before the batch says how far it is.
AT_ONCE = 500
LONGEST_FILE_NAME = 200
#: How the names of files end that come from another registry: a package, JSON, JSON lines.
EXCHANGED = (".zip", ".json", ".ndjson")

#: Called with how many standards are done, and how many there are.
Progress = Callable[[int, int], object]


def preview(
    agency_id: uuid.UUID,
    content: bytes,
    *,
    file_name: str,
    by: Actor,
    publishes: bool = False,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportBatch:
    """Read ``content`` into a batch of the agency, to be looked at before it is committed.

    With ``publishes`` each standard is also held to what publishing needs. Raises
    ``NotAllowed``, and ``Rejected`` for a file that cannot be read as a whole.
    """
    begun = begin(agency_id, content, file_name=file_name, by=by)
    return read_batch(begun.id, publishes=publishes, mapping=mapping, progress=progress)


def begin(agency_id: uuid.UUID, content: bytes, *, file_name: str, by: Actor) -> ImportBatch:
    """Keep the file as a batch that is still to be read (``read_batch``)."""
    agency = db.session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(_l("There is no such entry."))
    require(by, Action.OPEN, agency)
    if len(content) > LARGEST_FILE:
        raise refusal(_l("The file is larger than %(most)s megabytes.", most=LARGEST_FILE // 1_000_000))
    person = person_of(by)
    with together():
        begun = ImportBatch(
            agency_id=agency_id,
            officer_id=person.id if person else None,
            file_name=_named(_printable(file_name), content),
            content=content,
            digest=sha256(content).hexdigest(),
            state=ImportState.READING,
        )
        db.session.add(begun)
        db.session.flush()
    return begun


def read_batch(
    batch_id: uuid.UUID,
    *,
    publishes: bool = False,
    mapping: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportBatch:
    """Read the file of a batch that was begun, and say of each of its standards what it means.

    Raises ``Rejected`` when the file cannot be read; the batch then keeps the reasons.
    """
    try:
        return _read(batch_id, publishes, mapping, progress)
    except Rejected as error:
        _keep_failure(batch_id, error)
        raise
    except Exception:
        _keep_failure(batch_id, refusal(_l("Reading the file broke off. Hand it in again.")))
        raise


def _read(
    batch_id: uuid.UUID,
    publishes: bool,
    mapping: Mapping[str, str] | None,
    progress: Progress | None,
) -> ImportBatch:
    held = db.session.get_one(ImportBatch, batch_id)
    reading = read_file(held.content, mapping, held.file_name, held.agency)
    judge = Judge(held.agency, publishes=publishes)
    _write_down(batch_id, done=0, total=reading.total, mapping=reading.mapping)
    counts: Counter[ImportOutcome] = Counter()
    position = 0
    judged = (judge.judge(one) for one in reading.handed())
    while rows := list(islice(judged, AT_ONCE)):
        counts.update(row["outcome"] for row in rows)
        _keep(batch_id, position, rows)
        position += len(rows)
        if progress:
            progress(position, reading.total)
    _write_down(
        batch_id, state=ImportState.READY, total=position,
        **{f"{outcome}_count": counts[outcome] for outcome in ImportOutcome},
    )  # fmt: skip
    return db.session.get_one(ImportBatch, batch_id)


def batch(batch_id: uuid.UUID) -> ImportBatch:
    """The batch, whoever asks; ``NotFound`` when there is none."""
    found = db.session.get(ImportBatch, batch_id)
    if found is None:
        raise NotFound(_l("There is no such entry."))
    return found


def batch_of(batch_id: uuid.UUID, *, by: Actor) -> ImportBatch:
    """The batch, for who may write for its agency; ``NotFound`` and ``NotAllowed`` otherwise."""
    found = batch(batch_id)
    require(by, Action.OPEN, found.agency)
    return found


def entries_of(
    batch_id: uuid.UUID, *outcomes: ImportOutcome, after: int = 0, most: int | None = None
) -> Iterator[ImportEntry]:
    """The entries of a batch in the order of the file, from behind position ``after``."""
    query = sa.select(ImportEntry).where(ImportEntry.batch_id == batch_id, ImportEntry.position > after)
    if outcomes:
        query = query.where(ImportEntry.outcome.in_(outcomes))
    yield from db.session.scalars(query.order_by(ImportEntry.position).limit(most))


def read_file(
    content: bytes,
    mapping: Mapping[str, str] | None = None,
    name: str = "",
    agency: Agency | None = None,
) -> Reading | FlatReading | ReferralReading:
    """The standards in ``content``; raises ``Rejected`` with every reason why it cannot be read.

    ``mapping`` says of a sheet that is not ours what its columns are for, by their headings; of
    services of Open Referral, of which organizations they are taken, by name. What ``agency`` may
    be among these is guessed where it is not said.
    """
    if not content:
        raise refusal(_l("The file is empty."))
    if is_package(content) or is_json(content):
        return ReferralReading(content, mapping, agency)
    if not is_workbook(content):
        if name.lower().endswith((".xlsx", ".xlsm", ".xls")):
            raise refusal(
                _l(
                    "The name of this file is that of an Excel workbook, but it is none. "
                    "Save it again as .xlsx, or as CSV."
                )
            )
        return FlatReading(open_delimited(content), mapping)
    book = open_workbook(content)
    if is_ours(book):
        return read_workbook(book)
    names = [name for name in book.names if folded(name) not in help_sheets()]
    if not names:
        raise refusal(_l("There is no standard in the file."))
    return FlatReading(book.grid(names[0]), mapping)


def _keep(batch_id: uuid.UUID, position: int, rows: list[Row]) -> None:
    with together():
        numbered = [
            {"batch_id": batch_id, "position": position + place, **row} for place, row in enumerate(rows, 1)
        ]
        db.session.execute(sa.insert(ImportEntry.__table__), numbered)  # type: ignore[arg-type]
        _update(batch_id, done=position + len(rows))


def _keep_failure(batch_id: uuid.UUID, error: Rejected) -> None:
    reasons = [
        {"path": problem.path, "message": in_each(problem.message), "value": shown_value(problem.value)}
        for problem in error.problems[:100]
    ]
    # What nobody can read is not kept: it would only take room.
    _write_down(batch_id, state=ImportState.FAILED, failure=reasons, content=b"")


def _write_down(batch_id: uuid.UUID, **values: object) -> None:
    with together():
        _update(batch_id, **values)


def _update(batch_id: uuid.UUID, **values: object) -> None:
    db.session.execute(sa.update(ImportBatch).where(ImportBatch.id == batch_id).values(**values))


def _named(name: str, content: bytes) -> str:
    """``name`` with the ending of what is in the file, where that comes from another registry."""
    if not (is_package(content) or is_json(content)) or is_exchanged(name):
        return name
    return f"{name[: LONGEST_FILE_NAME - 5]}{EXCHANGED[0] if is_package(content) else EXCHANGED[1]}"


def is_exchanged(name: str) -> bool:
    """Whether a file of this name is of another registry (HSDS), and not a spreadsheet."""
    return name.lower().endswith(EXCHANGED)


def _printable(name: str) -> str:
    said = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return said[-LONGEST_FILE_NAME:] or "-"
