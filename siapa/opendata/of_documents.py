"""Tables of what the standards in force say: their components, item by item.

Older editions are in the table of editions, each as a whole document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa

from siapa.catalogue.live import LIVE
from siapa.document.facts import working_days
from siapa.document.standard_document import (
    Actor,
    ComplaintChannelKind,
    FeeKind,
    RequirementKind,
    ServiceChannelKind,
    Unit,
)
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.opendata import words
from siapa.opendata.of_standards import STANDARD
from siapa.opendata.table import Row, Table, by_key, column
from siapa.records import Edition

Document = Mapping[str, Any]
#: The rows that a document gives, without the standard that stands first in each.
Expand = Callable[[Document], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One thing to bring, to fulfil or to come for."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    kind: RequirementKind = column(_l("A document to bring, a condition to fulfil, or coming in person."))
    text: str = column(words.TEXT)
    text_en: str | None = column(words.TEXT_EN)
    original: bool | None = column(_l("Whether the original is asked for; empty where it is not said."))
    copies: int | None = column(_l("How many copies."))
    form_url: str | None = column(_l("Where the form is had."))
    applies_when: str | None = column(words.CASE)
    applies_when_en: str | None = column(words.CASE_EN)


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of the procedure."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    text: str = column(words.TEXT)
    text_en: str | None = column(words.TEXT_EN)
    actor: Actor | None = column(_l("Who takes the step."))
    duration_amount: int | None = column(_l("How long the step takes, in the unit beside it."))
    duration_unit: Unit | None = column(_l("The unit of the time."))


@dataclass(frozen=True, slots=True)
class TimeRow:
    """A promised time for one case."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    case: str | None = column(words.CASE)
    case_en: str | None = column(words.CASE_EN)
    amount_min: int | None = column(_l("The least time, where a span is promised, in the unit beside it."))
    amount_max: int = column(_l("The promised time, in the unit beside it."))
    unit: Unit = column(_l("The unit of the time."))
    working_days_max: int = column(_l("The promised time, rounded up to working days."), unit="working day")
    counted_from: str | None = column(_l("From when the time is counted."))
    counted_from_en: str | None = column(words.CASE_EN)


@dataclass(frozen=True, slots=True)
class FeeRow:
    """One line of the tariff; what is free has one line of nought."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    fee_kind: FeeKind = column(_l("Free, one amount, a tariff, or a formula."))
    label: str | None = column(words.NAME)
    label_en: str | None = column(words.NAME_EN)
    case: str | None = column(words.CASE)
    case_en: str | None = column(words.CASE_EN)
    amount_idr: int | None = column(
        _l("The amount; of a formula the rate. Empty where none is stated."), unit="IDR"
    )
    unit: str | None = column(_l("What the amount is for, such as one sheet."))
    note: str | None = column(words.TEXT)
    note_en: str | None = column(words.TEXT_EN)
    legal_basis: str | None = column(_l("The rule that sets the fee."))


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What the citizen holds in the end."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    name: str = column(words.NAME)
    name_en: str | None = column(words.NAME_EN)
    validity: str | None = column(_l("How long it is valid."))
    validity_en: str | None = column(words.CASE_EN)


@dataclass(frozen=True, slots=True)
class ComplaintChannelRow:
    """An office's address for complaints."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    kind: ComplaintChannelKind = column(_l("What sort of channel it is."))
    value: str = column(_l("The number or address of the office."))


@dataclass(frozen=True, slots=True)
class LegalBasisRow:
    """A rule that the standard rests on."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    title: str = column(_l("Title of the rule."))
    type: str | None = column(_l("The sort of rule, such as UU or PP."))
    number: str | None = column(_l("Number of the rule."))
    year: int | None = column(_l("Year of the rule."))
    url: str | None = column(_l("Where the rule is read."))


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """One thing the place offers."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    text: str = column(words.TEXT)
    text_en: str | None = column(words.TEXT_EN)
    accessible: bool | None = column(_l("Whether it serves people with disabilities."))


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A way to get the service."""

    standard_id: UUID = column(words.STANDARD)
    position: int = column(words.POSITION)
    kind: ServiceChannelKind = column(_l("What sort of channel it is."))
    url: str | None = column(_l("Where it is done online."))
    note: str | None = column(words.TEXT)
    note_en: str | None = column(words.TEXT_EN)


TextComponent = Literal[
    "complaint_handling", "staff_competence", "internal_supervision", "staff_count", "service_guarantee",
    "safety_guarantee", "performance_evaluation",
]  # fmt: skip
_TEXT_COMPONENTS: tuple[TextComponent, ...] = (
    "staff_competence", "internal_supervision", "service_guarantee", "safety_guarantee",
    "performance_evaluation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextRow:
    """A component that is a text, or a number with a text."""

    standard_id: UUID = column(words.STANDARD)
    component: TextComponent = column(_l("The component of the law."))
    text: str | None = column(words.TEXT)
    text_en: str | None = column(words.TEXT_EN)
    count: int | None = column(_l("How many people give the service; only for their number."))


def _items(component: str, *names: str) -> Expand:
    """The items of a list, numbered, by the names of their values."""

    def expand(document: Document) -> Iterator[Row]:
        for position, item in enumerate(document.get(component, ()), 1):
            yield (position, *(item.get(name) for name in names))

    return expand


def _steps(document: Document) -> Iterator[Row]:
    for position, step in enumerate(document.get("procedure", ()), 1):
        duration = step.get("duration") or {}
        yield (
            position, step["text"], step.get("text_en"), step.get("actor"), duration.get("amount"),
            duration.get("unit"),
        )  # fmt: skip


def _times(document: Document) -> Iterator[Row]:
    for position, limit in enumerate(document.get("processing_time", ()), 1):
        amount, unit = limit["amount_max"], limit["unit"]
        yield (
            position, limit.get("case"), limit.get("case_en"), limit.get("amount_min"), amount, unit,
            working_days(amount, unit), limit.get("counted_from"), limit.get("counted_from_en"),
        )  # fmt: skip


def _fees(document: Document) -> Iterator[Row]:
    fees = document.get("fees")
    if fees is None:
        return  # not known, which is not free
    kind = fees["fee_kind"]
    nought = 0 if kind == "free" else None
    for position, line in enumerate(fees.get("lines") or ({},), 1):
        yield (
            position, kind, line.get("label"), line.get("label_en"), line.get("case"), line.get("case_en"),
            line.get("amount_idr", nought), line.get("unit"), line.get("note"), line.get("note_en"),
            line.get("legal_basis"),
        )  # fmt: skip


def _complaint_channels(document: Document) -> Iterator[Row]:
    channels = document.get("complaint_handling", {}).get("channels", ())
    for position, channel in enumerate(channels, 1):
        yield (position, channel["kind"], channel["value"])


def _texts(document: Document) -> Iterator[Row]:
    """In the order of the names, which is the order of the key."""
    found: dict[str, Row] = {}
    for name in _TEXT_COMPONENTS:
        if name in document:
            found[name] = (document[name], document.get(f"{name}_en"), None)
    if staff := document.get("staff_count"):
        found["staff_count"] = (staff.get("note"), staff.get("note_en"), staff.get("count"))
    handling = document.get("complaint_handling", {})
    if handling.get("text"):
        found["complaint_handling"] = (handling["text"], handling.get("text_en"), None)
    yield from ((name, *found[name]) for name in sorted(found))


def _table(name: str, title: Words, shape: type, expand: Expand, key: str = "position") -> Table:
    """A table whose rows ``expand`` makes of the documents in force."""

    def rows(found: Row) -> Iterator[Row]:
        standard_id, document = found
        for row in expand(document):
            yield (standard_id, *row)

    statement = sa.select(Edition.standard_id, Edition.document).where(LIVE)
    return Table(
        name, title, shape, ("standard_id", key), by_key(statement, Edition.standard_id, rows), (STANDARD,)
    )


TABLES = (
    _table(
        "requirements", _l("Requirements"), RequirementRow,
        _items(
            "requirements", "kind", "text", "text_en", "original", "copies", "form_url", "applies_when",
            "applies_when_en",
        ),
    ),
    _table("procedure_steps", _l("Steps of the procedure"), StepRow, _steps),
    _table("processing_times", _l("Promised times"), TimeRow, _times),
    _table("fees", _l("Fees"), FeeRow, _fees),
    _table(
        "products", _l("Products of the services"), ProductRow,
        _items("products", "name", "name_en", "validity", "validity_en"),
    ),
    _table("complaint_channels", _l("Channels for complaints"), ComplaintChannelRow, _complaint_channels),
    _table(
        "legal_bases", _l("Legal bases"), LegalBasisRow,
        _items("legal_bases", "title", "type", "number", "year", "url"),
    ),
    _table(
        "facilities", _l("Facilities"), FacilityRow,
        _items("facilities", "text", "text_en", "accessible"),
    ),
    _table(
        "channels", _l("Ways to get the services"), ChannelRow,
        _items("channels", "kind", "url", "note", "note_en"),
    ),
    _table("component_texts", _l("Components that are texts"), TextRow, _texts, key="component"),
)  # fmt: skip
