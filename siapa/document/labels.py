"""The words a document's parts go by, in the language of whoever reads.

The Indonesian names of the components are the law's own terms (UU 25/2009
art. 21); they stand in ``translations/id/document.po``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from siapa.document.standard_document import Duration, TimeLimit, Unit
from siapa.locales import Words, current_locale, ngettext
from siapa.locales import lazy as _l

COMPONENT_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "requirements": _l("Requirements"),
        "procedure": _l("System, mechanism and procedure"),
        "processing_time": _l("Processing time"),
        "fees": _l("Fees"),
        "products": _l("Service product"),
        "complaint_handling": _l("Handling of complaints, suggestions and feedback"),
        "legal_bases": _l("Legal basis"),
        "facilities": _l("Facilities and infrastructure"),
        "staff_competence": _l("Competence of staff"),
        "internal_supervision": _l("Internal supervision"),
        "staff_count": _l("Number of staff"),
        "service_guarantee": _l("Service guarantee"),
        "safety_guarantee": _l("Safety and security guarantee"),
        "performance_evaluation": _l("Evaluation of staff performance"),
    }
)
HEAD_FIELD_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "title": _l("Title"),
        "summary": _l("Summary"),
        "audience": _l("Who it is for"),
        "channels": _l("Ways to get the service"),
        "keywords": _l("Keywords"),
        "decree": _l("Decree"),
        "effective_from": _l("In effect from"),
        "review_due": _l("Review due"),
    }
)
REQUIREMENT_KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "document": _l("Document to bring"),
        "condition": _l("Condition to meet"),
        "attendance": _l("Must be there in person"),
    }
)
ACTOR_NAMES: Mapping[str, Words] = MappingProxyType(
    {"applicant": _l("Applicant"), "officer": _l("Officer"), "system": _l("System")}
)
UNIT_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "minute": _l("minutes"),
        "hour": _l("hours"),
        "day": _l("calendar days"),
        "working_day": _l("working days"),
        "month": _l("months"),
    }
)
FEE_KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "free": _l("Free of charge"),
        "fixed": _l("Fixed fee"),
        "tariff_table": _l("By tariff table"),
        "formula": _l("By formula"),
    }
)
COMPLAINT_CHANNEL_KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "desk": _l("Complaints desk"),
        "phone": _l("Telephone"),
        "whatsapp": _l("WhatsApp"),
        "email": _l("E-mail"),
        "web": _l("Website"),
        "sp4n_lapor": _l("SP4N-LAPOR!"),
    }
)
SERVICE_CHANNEL_KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "counter": _l("At the counter"),
        "online": _l("Online"),
        "mobile": _l("Mobile service"),
        "phone": _l("By telephone"),
    }
)


def part_name(key: str) -> Words:
    """The name of a component or head field; raises ``KeyError`` for any other key."""
    return COMPONENT_NAMES[key] if key in COMPONENT_NAMES else HEAD_FIELD_NAMES[key]


def in_language(part: object, field: str, locale: str | None = None) -> str | None:
    """The text ``field`` of ``part`` in ``locale`` (the current one by default).

    English falls back to the Indonesian, which is the one that binds. ``None`` when
    there is no text at all.
    """
    text: str | None = getattr(part, field)
    if (locale or current_locale()) != "en":
        return text
    rendering: str | None = getattr(part, f"{field}_en")
    return rendering or text


def _amount_of(unit: Unit, amount: int, said: str) -> str:
    match unit:
        case "minute":
            return ngettext("%(num)s minute", "%(num)s minutes", amount, num=said)
        case "hour":
            return ngettext("%(num)s hour", "%(num)s hours", amount, num=said)
        case "day":
            return ngettext("%(num)s calendar day", "%(num)s calendar days", amount, num=said)
        case "working_day":
            return ngettext("%(num)s working day", "%(num)s working days", amount, num=said)
        case "month":
            return ngettext("%(num)s month", "%(num)s months", amount, num=said)


def _number(amount: int) -> str:
    written = f"{amount:,}"
    return written if current_locale() == "en" else written.replace(",", ".")


def say_duration(duration: Duration) -> str:
    """``duration`` in words: "10 menit", "1 working day"."""
    return _amount_of(duration.unit, duration.amount, _number(duration.amount))


def say_time_limit(limit: TimeLimit) -> str:
    """The span ``limit`` promises, in words: "5 hari kerja", "1-3 working days"."""
    said = _number(limit.amount_max)
    if limit.amount_min is not None and limit.amount_min != limit.amount_max:
        said = f"{_number(limit.amount_min)}-{said}"
    return _amount_of(limit.unit, limit.amount_max, said)


def say_rupiah(amount_idr: int) -> str:
    """``amount_idr`` as money: "Rp350.000" in Indonesian, "Rp350,000" in English."""
    return f"Rp{_number(amount_idr)}"


#: The nine elements of a satisfaction survey, in the order of PermenPANRB 14/2017.
ELEMENT_NAMES: tuple[Words, ...] = (
    _l("Requirements of the service"),
    _l("System, mechanism and procedure"),
    _l("Time until it was done"),
    _l("Fee or tariff"),
    _l("Product of the service"),
    _l("Competence of the staff"),
    _l("Conduct of the staff"),
    _l("Handling of complaints and suggestions"),
    _l("Facilities and infrastructure"),
)
