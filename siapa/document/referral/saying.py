"""What a document tells in HSDS, in the language spoken now: texts and amounts, without identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from siapa.document.labels import COMPLAINT_CHANNEL_KIND_NAMES, in_language, say_rupiah, say_time_limit
from siapa.document.referral.marked import say, say_behind
from siapa.document.standard_document import FeeLine, LegalBasis, Requirement, StandardDocument
from siapa.locales import gettext as _

#: Components that are a text by themselves.
TEXTS = (
    "staff_competence", "internal_supervision", "service_guarantee", "safety_guarantee",
    "performance_evaluation",
)  # fmt: skip
#: Before a condition among the lines of who may apply.
CONDITION = "- "


@dataclass(frozen=True, slots=True)
class Told:
    """A document as fields and parts of a service of HSDS; what is not known is None or empty."""

    name: str
    description: str | None
    application_process: str | None
    fees_description: str | None
    eligibility_description: str | None
    #: With ``option``, ``amount`` and ``amount_description``; an amount that is not known is None.
    cost_options: tuple[Mapping[str, Any], ...]
    #: With ``document`` and ``uri``, by their place among the requirements, from 1.
    required_documents: Mapping[int, Mapping[str, Any]]
    #: What has no field of its own, by component.
    components: Mapping[str, str]


def tell(document: StandardDocument) -> Told:
    """``document`` as HSDS can tell it."""
    steps = [f"{place}. {in_language(step, 'text')}" for place, step in enumerate(document.procedure, 1)]
    return Told(
        name=in_language(document, "title") or "",
        description=in_language(document, "summary"),
        application_process="\n".join(steps) or None,
        fees_description=_fees_text(document),
        eligibility_description="\n".join(_eligibility(document)) or None,
        cost_options=tuple(_costs(document)),
        required_documents={
            place: {"document": _requirement(one), "uri": one.form_url}
            for place, one in enumerate(document.requirements, 1)
            if one.kind == "document"
        },
        components={key: "\n".join(lines) for key, lines in _components(document) if lines},
    )


def _eligibility(document: StandardDocument) -> Iterator[str]:
    if audience := in_language(document, "audience"):
        yield audience
    for one in document.requirements:
        if one.kind != "document":
            yield CONDITION + _requirement(one)


def _requirement(one: Requirement) -> str:
    return say_behind(
        in_language(one, "text") or "",
        {
            "original": one.original,
            "copies": one.copies or None,
            "attendance": one.kind == "attendance",
            "case": in_language(one, "applies_when"),
        },
    )


def _line(line: FeeLine) -> str:
    """What a line of the tariff is for."""
    said = {"case": in_language(line, "case"), "note": in_language(line, "note")}
    return say(in_language(line, "label"), said)


def _fees_text(document: StandardDocument) -> str | None:
    fees = document.fees
    if fees is None:
        return None
    if fees.fee_kind == "free":
        return "\n".join([_("Free"), *(text for text in map(_line, fees.lines) if text)])
    said = []
    for line in fees.lines:
        amount = say_rupiah(line.amount_idr) if line.amount_idr is not None else _("amount not stated")
        unit = in_language(line, "unit")
        said.append(": ".join(part for part in (_line(line), f"{amount}/{unit}" if unit else amount) if part))
    return "\n".join(said) or None


def _costs(document: StandardDocument) -> Iterator[Mapping[str, Any]]:
    """The lines of the tariff; what is free is an amount of nought, what is not stated says so."""
    fees = document.fees
    if fees is None:
        return
    for line in fees.lines or (FeeLine(),):
        is_free = fees.fee_kind == "free" and not line.amount_idr
        said = {
            "unstated": line.amount_idr is None and not is_free,
            "unit": in_language(line, "unit"),
            "legal_basis": line.legal_basis,
            "basis_note": in_language(line, "basis_note"),
        }
        yield {
            "option": _line(line) or (_("Free") if is_free else None),
            "amount": 0 if is_free else line.amount_idr,
            "amount_description": say(None, said) or None,
        }


def _components(document: StandardDocument) -> Iterator[tuple[str, list[str]]]:
    """The components that have no field of their own, line by line, in the order of the law."""
    yield (
        "processing_time",
        [
            say_behind(
                ": ".join(part for part in (in_language(limit, "case"), say_time_limit(limit)) if part),
                {"counted_from": in_language(limit, "counted_from")},
            )
            for limit in document.processing_time
        ],
    )
    yield (
        "products",
        [
            say_behind(in_language(one, "name") or "", {"validity": in_language(one, "validity")})
            for one in document.products
        ],
    )
    yield "legal_bases", [_law(one) for one in document.legal_bases]
    yield (
        "facilities",
        [
            say_behind(in_language(one, "text") or "", {"accessible": one.accessible})
            for one in document.facilities
        ],
    )
    if handling := document.complaint_handling:
        said = [in_language(handling, "text")]
        said += [f"{COMPLAINT_CHANNEL_KIND_NAMES[one.kind]}: {one.value}" for one in handling.channels]
        yield "complaint_handling", [text for text in said if text]
    if staff := document.staff_count:
        count = str(staff.count) if staff.count is not None else None
        yield "staff_count", [text for text in (count, in_language(staff, "note")) if text]
    for key in TEXTS:
        yield key, [text for text in (in_language(document, key),) if text]


def _law(one: LegalBasis) -> str:
    """A regulation by kind, number and year where all are known, as it is cited: in Indonesian."""
    if one.type and one.number and one.year:
        return f"{one.type} Nomor {one.number} Tahun {one.year} tentang {one.title}"
    return one.title
