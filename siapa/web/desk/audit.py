"""The audit trail: who did what to which thing, when and from where; to search, and to take along."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, Response, current_app, render_template, request

from siapa.errors import Problem
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, trails
from siapa.publishing.snapshots import AUDITED, kind_of
from siapa.publishing.spreadsheet.cells import guarded
from siapa.publishing.staff import demand_admin
from siapa.publishing.worklist import own_agencies
from siapa.records import Officer, now
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.desk.subjects import ACTION_NAMES, KIND_NAMES, subjects_of
from siapa.web.downloads import NOTHING_ALLOWED

LONGEST_ASKED = 120
MOST_AGENCIES = 2_000
#: The columns of an export, in their order.
COLUMNS = (
    "number", "at", "officer", "officer_name", "action", "subject_kind", "subject_id", "note", "origin",
    "before_digest", "after_digest", "change_number", "previous_hash", "hash",
)  # fmt: skip
#: No number of the log is as great: a day's worth of lines in each second of a century.
_LAST = 2**53


@desk.get("/audit")
def audit() -> str:
    """One page of the trail, the newest first."""
    reader = demand_admin(acting())
    given = _given()
    agencies = own_agencies(reader, Action.GRANT, most=MOST_AGENCIES, with_ended=True)
    asked, problems = _asked(given, {one.slug: one.id for one in agencies})
    conditions = [sa.false()] if problems else trails.conditions_of(reader, asked)
    events, has_older, has_newer = trails.page_of_events(
        conditions, before=_number("before"), after=_number("after")
    )
    officers = sa.select(Officer).where(Officer.id.in_({one.officer_id for one in events}))
    return render_template(
        "desk/audit.html", events=events, has_older=has_older, has_newer=has_newer, asked=given,
        problems=problems, agencies=agencies, actions=ACTION_NAMES, denied=trails.DENIED,
        kinds={kind_of(kind): KIND_NAMES.get(kind_of(kind), kind_of(kind)) for kind in AUDITED},
        subjects=subjects_of(reader, events), people={one.id: one for one in db.session.scalars(officers)},
        is_narrowed=any(given.values()),
    )  # fmt: skip


@desk.get("/audit.csv")
def audit_csv() -> Response:
    """All that was asked for, as CSV: nothing in it is taken for a formula."""
    return _export("csv", "text/csv", _as_csv)


@desk.get("/audit.jsonl")
def audit_jsonl() -> Response:
    """All that was asked for, one JSON object in each line."""
    return _export("jsonl", "application/jsonl", _as_jsonl)


def _export(ending: str, mimetype: str, written: Callable[[Iterable[list[Any]]], Iterator[str]]) -> Response:
    reader = demand_admin(acting())
    agencies = own_agencies(reader, Action.GRANT, most=MOST_AGENCIES, with_ended=True)
    asked, problems = _asked(_given(), {one.slug: one.id for one in agencies})
    conditions = [sa.false()] if problems else trails.conditions_of(reader, asked)
    # In pieces with a context of their own: whoever goes away half-way leaves nothing open.
    app = cast(Any, current_app)._get_current_object()
    pieces = _pieces(app, conditions, trails.last_event())
    answer = Response(written(pieces), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{now():%Y-%m-%d}.{ending}"'
    answer.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    return answer


def _pieces(app: Flask, conditions: Sequence[trails.Condition], until: int) -> Iterator[list[Any]]:
    number = 0
    while True:
        with app.app_context():
            rows = trails.piece_of_events(conditions, after=number, until=until)
        if not rows:
            return
        yield rows
        number = rows[-1].number


def _as_csv(pieces: Iterable[list[Any]]) -> Iterator[str]:
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(COLUMNS)
    for rows in pieces:
        for row in rows:
            values = (value if isinstance(value, int) else guarded(value or "") for value in _values(row))
            writer.writerow(values)
        yield held.getvalue()
        held.seek(0)
        held.truncate()
    yield held.getvalue()


def _as_jsonl(pieces: Iterable[list[Any]]) -> Iterator[str]:
    for rows in pieces:
        lines = (
            json.dumps(dict(zip(COLUMNS, _values(row), strict=True)), ensure_ascii=False) for row in rows
        )
        yield "\n".join([*lines, ""])


def _values(row: Any) -> tuple[str | int | None, ...]:
    return (
        row.number, row.at.isoformat(timespec="microseconds"), row.email, row.name, row.action,
        row.subject_kind, row.subject_id, row.note, row.origin, row.before_digest, row.after_digest,
        row.change_number, row.previous_hash, row.hash,
    )  # fmt: skip


def _given() -> dict[str, str]:
    """What was asked, as it was typed."""
    names = ("who", "action", "kind", "subject", "agency", "from", "until")
    return {name: request.args.get(name, "").strip()[:LONGEST_ASKED] for name in names}


def _asked(given: dict[str, str], agencies: dict[str, Any]) -> tuple[trails.Asked, list[Problem]]:
    """What was asked, understood; and what was not."""
    problems: list[Problem] = []
    days: dict[str, date | None] = {}
    for name in ("from", "until"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
            if days[name] in (date.min, date.max):
                raise ValueError
        except ValueError:
            days[name] = None
            problems.append(Problem(name, _l("Give a day, such as 2026-01-31."), given[name]))
    if given["agency"] and given["agency"] not in agencies:
        problems.append(Problem("agency", _l("Choose an agency from the list."), given["agency"]))
    return trails.Asked(
        who=given["who"], action=given["action"], kind=given["kind"], subject=given["subject"],
        agency_id=agencies.get(given["agency"]), from_on=days["from"], until_on=days["until"],
    ), problems  # fmt: skip


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 and int(text) < _LAST else None
