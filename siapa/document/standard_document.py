"""The fourteen components of a service standard, as values that cannot change.

The components and their order are those of UU 25/2009 art. 21 and PermenPANRB
15/2014. Field names are the names in the stored JSON, so that the two forms say
the same. Nothing is checked here: outside data goes through ``intake``; only
what was stored by us comes back through ``from_stored``.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, get_args

RequirementKind = Literal["document", "condition", "attendance"]
Actor = Literal["applicant", "officer", "system"]
Unit = Literal["minute", "hour", "day", "working_day", "month"]
FeeKind = Literal["free", "fixed", "tariff_table", "formula"]
ComplaintChannelKind = Literal["desk", "phone", "whatsapp", "email", "web", "sp4n_lapor"]
ServiceChannelKind = Literal["counter", "online", "mobile", "phone"]

REQUIREMENT_KINDS: tuple[RequirementKind, ...] = get_args(RequirementKind)
ACTORS: tuple[Actor, ...] = get_args(Actor)
UNITS: tuple[Unit, ...] = get_args(Unit)
FEE_KINDS: tuple[FeeKind, ...] = get_args(FeeKind)
COMPLAINT_CHANNEL_KINDS: tuple[ComplaintChannelKind, ...] = get_args(ComplaintChannelKind)
SERVICE_CHANNEL_KINDS: tuple[ServiceChannelKind, ...] = get_args(ServiceChannelKind)

#: What must be public in any published edition ("service delivery").
DELIVERY_COMPONENTS = (
    "requirements",
    "procedure",
    "processing_time",
    "fees",
    "products",
    "complaint_handling",
)
#: What the agency owes itself ("management"); counts to completeness.
MANAGEMENT_COMPONENTS = (
    "legal_bases",
    "facilities",
    "staff_competence",
    "internal_supervision",
    "staff_count",
    "service_guarantee",
    "safety_guarantee",
    "performance_evaluation",
)
COMPONENTS = DELIVERY_COMPONENTS + MANAGEMENT_COMPONENTS
#: The fields beside the fourteen, in page order; English renderings belong to their base.
HEAD_FIELDS = (
    "title",
    "summary",
    "audience",
    "channels",
    "keywords",
    "decree",
    "effective_from",
    "review_due",
)


@dataclass(frozen=True, slots=True)
class ServiceChannel:
    """A way to get the service."""

    kind: ServiceChannelKind
    url: str | None = None
    note: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class DecreeReference:
    """The legal act that sets the standard (SK penetapan)."""

    number: str
    date: datetime.date | None = None
    signatory: str | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing to bring, fulfil or attend; ``applies_when`` names the case it belongs to."""

    text: str
    kind: RequirementKind
    text_en: str | None = None
    original: bool | None = None
    copies: int | None = None
    form_url: str | None = None
    applies_when: str | None = None
    applies_when_en: str | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time, as promised and not converted."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class ProcedureStep:
    """One step on the way, with who takes it."""

    text: str
    text_en: str | None = None
    actor: Actor | None = None
    duration: Duration | None = None


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A promised limit for one case; ``amount_min`` only where a span is promised."""

    amount_max: int
    unit: Unit
    amount_min: int | None = None
    case: str | None = None
    case_en: str | None = None
    counted_from: str | None = None
    counted_from_en: str | None = None


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of the tariff; amounts are whole rupiah."""

    label: str | None = None
    label_en: str | None = None
    case: str | None = None
    case_en: str | None = None
    amount_idr: int | None = None
    unit: str | None = None
    unit_en: str | None = None
    note: str | None = None
    note_en: str | None = None
    legal_basis: str | None = None
    #: Why the fee is taken although no regulation in force sets it.
    basis_note: str | None = None
    basis_note_en: str | None = None


@dataclass(frozen=True, slots=True)
class Fees:
    """What it costs. Free is said; an unknown fee is the absence of this value."""

    fee_kind: FeeKind
    lines: tuple[FeeLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """What the citizen holds in the end."""

    name: str
    name_en: str | None = None
    validity: str | None = None
    validity_en: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintChannel:
    """An office's address for complaints; never a private person's."""

    kind: ComplaintChannelKind
    value: str


@dataclass(frozen=True, slots=True)
class ComplaintHandling:
    """How complaints, suggestions and remarks are taken."""

    text: str | None = None
    text_en: str | None = None
    channels: tuple[ComplaintChannel, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A rule the standard rests on."""

    title: str
    type: str | None = None
    number: str | None = None
    year: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """One thing the place offers; ``accessible`` marks what serves people with disabilities."""

    text: str
    text_en: str | None = None
    accessible: bool | None = None


@dataclass(frozen=True, slots=True)
class StaffCount:
    """How many people give the service."""

    count: int | None = None
    note: str | None = None
    note_en: str | None = None


@dataclass(frozen=True, slots=True)
class StandardDocument:
    """What one agency promises for one service. An absent component is ``()`` or ``None``."""

    title: str
    title_en: str | None = None
    summary: str | None = None
    summary_en: str | None = None
    audience: str | None = None
    audience_en: str | None = None
    channels: tuple[ServiceChannel, ...] = ()
    keywords: tuple[str, ...] = ()
    decree: DecreeReference | None = None
    effective_from: datetime.date | None = None
    review_due: datetime.date | None = None
    requirements: tuple[Requirement, ...] = ()
    procedure: tuple[ProcedureStep, ...] = ()
    processing_time: tuple[TimeLimit, ...] = ()
    fees: Fees | None = None
    products: tuple[Product, ...] = ()
    complaint_handling: ComplaintHandling | None = None
    legal_bases: tuple[LegalBasis, ...] = ()
    facilities: tuple[Facility, ...] = ()
    staff_competence: str | None = None
    staff_competence_en: str | None = None
    internal_supervision: str | None = None
    internal_supervision_en: str | None = None
    staff_count: StaffCount | None = None
    service_guarantee: str | None = None
    service_guarantee_en: str | None = None
    safety_guarantee: str | None = None
    safety_guarantee_en: str | None = None
    performance_evaluation: str | None = None
    performance_evaluation_en: str | None = None


#: Lists that belong to a value which says something by itself, so they stand even when empty.
_ALWAYS_SAID = frozenset({(Fees, "lines"), (ComplaintHandling, "channels")})


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if not is_dataclass(value):
        return value
    kind: Any = type(value)
    content: dict[str, Any] = {}
    for name in _names_of(kind):
        held = getattr(value, name)
        if held is None or (held == () and (kind, name) not in _ALWAYS_SAID):
            continue
        content[name] = _plain(held)
    return content


def to_json(document: StandardDocument) -> dict[str, Any]:
    """The canonical content of ``document``: what is absent is left out, days are ISO strings."""
    content: dict[str, Any] = _plain(document)
    return content


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def _decree(stored: Mapping[str, Any]) -> DecreeReference:
    return DecreeReference(stored["number"], _day(stored.get("date")), stored.get("signatory"))


def _step(stored: Mapping[str, Any]) -> ProcedureStep:
    duration = stored.get("duration")
    if duration is None:
        return ProcedureStep(**stored)
    return ProcedureStep(**{**stored, "duration": Duration(**duration)})


def _fees(stored: Mapping[str, Any]) -> Fees:
    return Fees(stored["fee_kind"], tuple(FeeLine(**line) for line in stored.get("lines", ())))


def _complaint_handling(stored: Mapping[str, Any]) -> ComplaintHandling:
    channels = tuple(ComplaintChannel(**channel) for channel in stored.get("channels", ()))
    return ComplaintHandling(stored.get("text"), stored.get("text_en"), channels)


_READERS: Mapping[str, Any] = {
    "channels": lambda stored: tuple(ServiceChannel(**item) for item in stored),
    "keywords": tuple,
    "decree": _decree,
    "effective_from": _day,
    "review_due": _day,
    "requirements": lambda stored: tuple(Requirement(**item) for item in stored),
    "procedure": lambda stored: tuple(_step(item) for item in stored),
    "processing_time": lambda stored: tuple(TimeLimit(**item) for item in stored),
    "fees": _fees,
    "products": lambda stored: tuple(Product(**item) for item in stored),
    "complaint_handling": _complaint_handling,
    "legal_bases": lambda stored: tuple(LegalBasis(**item) for item in stored),
    "facilities": lambda stored: tuple(Facility(**item) for item in stored),
    "staff_count": lambda stored: StaffCount(**stored),
}


def from_stored(stored: Mapping[str, Any]) -> StandardDocument:
    """The document that ``to_json`` wrote.

    Trusts its input, to be fast on the read path: give it only what came out of
    the database or out of ``to_json``. Anything else belongs into ``intake``.
    """
    return StandardDocument(
        **{name: _READERS[name](value) if name in _READERS else value for name, value in stored.items()}
    )
