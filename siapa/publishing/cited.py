"""Regulations as documents cite them: which are meant, whether they hold, and which standards cite one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa

from siapa.document.citing import Key, citations, key_of, number_key, written
from siapa.document.standard_document import FeeLine, StandardDocument, from_stored
from siapa.errors import Problem
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import beside
from siapa.records import Edition, Regulation, RegulationState, ReviewMark, Standard, State, now

#: Documents read at a time.
AT_ONCE = 500


def name_of(regulation: Regulation) -> str:
    """How a regulation is named in short: ``PP 76/2020``."""
    return f"{regulation.type} {regulation.number}/{regulation.year}"


def key_of_regulation(regulation: Regulation) -> Key:
    """The key under which documents mean ``regulation``."""
    return key_of(regulation.type, regulation.number, regulation.year)


def regulations_meant(keys: Collection[Key]) -> dict[Key, Regulation]:
    """The regulations that are kept among those that ``keys`` mean."""
    years = {year for _kind, _number, year in keys}
    if not years:
        return {}
    rows = db.session.scalars(sa.select(Regulation).where(Regulation.year.in_(years)))
    return {key: row for row in rows if (key := key_of_regulation(row)) in keys}


def cited_in(document: StandardDocument) -> dict[str, list[Regulation]]:
    """The regulations that ``document`` cites as far as they are kept, by the place where it does."""
    named = citations(document)
    known = regulations_meant({one.key for one in named})
    found: dict[str, list[Regulation]] = {}
    for one in named:
        if one.key in known:
            found.setdefault(one.path, []).append(known[one.key])
    return found


def fees_without_basis(document: StandardDocument) -> tuple[Problem, ...]:
    """Every fee that names no regulation in force and says no reason either; it may not be published so.

    What cannot be recognised as a regulation that is kept counts as one in force: not all are kept.
    """
    fees = document.fees
    if fees is None or fees.fee_kind == "free":
        return ()
    lines = [(place, line) for place, line in enumerate(fees.lines) if _is_paid(line) and not line.basis_note]
    known = regulations_meant({key for _place, line in lines for key in written(line.legal_basis or "")})
    problems = []
    for place, line in lines:
        path = f"fees.lines[{place}].legal_basis"
        if not line.legal_basis:
            said = _l("A fee needs a regulation in force. Name it, or say why the fee is taken without one.")
            problems.append(Problem(path, said))
            continue
        keys = written(line.legal_basis)
        ended = [known[key] for key in keys if key in known and known[key].state is RegulationState.REPEALED]
        if keys and len(ended) == len(keys):
            said = _l(
                "%(regulation)s is repealed. Name the one in force, or say why the fee is taken without one.",
                regulation=name_of(ended[0]),
            )
            problems.append(Problem(path, said, line.legal_basis))
    return tuple(problems)


def repealed_bases(document: StandardDocument) -> Iterator[Problem]:
    """Each legal basis that is repealed: to be looked at, and stopping nobody."""
    for path, regulations in cited_in(document).items():
        for regulation in regulations:
            if path.startswith("legal_bases") and regulation.state is RegulationState.REPEALED:
                said = _l("%(regulation)s is repealed. Name what holds now.", regulation=name_of(regulation))
                yield Problem(f"{path}.title", said)


def standards_that_cite(regulation: Regulation) -> list[uuid.UUID]:
    """The standards whose edition in force cites ``regulation``.

    Reads every document in which its number and its year stand: a matter of seconds in a large registry.
    """
    key = key_of_regulation(regulation)
    text = sa.cast(Edition.document, sa.Text)
    columns: tuple[Any, ...] = (Edition.standard_id, Edition.document)
    query = (
        sa.select(*columns)
        .where(
            Edition.state == State.PUBLISHED,
            text.icontains(number_key(regulation.number), autoescape=True),
            text.contains(str(regulation.year)),
        )
        .execution_options(yield_per=AT_ONCE)
    )
    return [
        standard_id
        for standard_id, stored in db.session.execute(query)
        if any(one.key == key for one in citations(from_stored(stored)))
    ]


def open_marks_of(standard_id: uuid.UUID) -> list[ReviewMark]:
    """What is still to be looked at in a standard, the oldest first."""
    query = sa.select(ReviewMark).where(
        ReviewMark.standard_id == standard_id, ReviewMark.settled_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(ReviewMark.marked_at, ReviewMark.id)))


def settle_marks(standard: Standard, edition: Edition) -> None:
    """Settle what ``edition``, which goes in force, cites no more; inside the running command."""
    marks = open_marks_of(standard.id)
    if not marks:
        return
    cited = {one.key for one in citations(from_stored(edition.document))}
    for mark in marks:
        if key_of_regulation(mark.regulation) not in cited:
            with beside(mark.regulation):
                mark.settled_at, mark.settled_by_id = now(), edition.published_by_id


def _is_paid(line: FeeLine) -> bool:
    return line.amount_idr is None or line.amount_idr > 0
