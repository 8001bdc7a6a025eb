"""Standards in force as services."""

from __future__ import annotations

from collections.abc import Iterator

from siapa.document.labels import COMPLAINT_CHANNEL_KIND_NAMES, in_language, say_rupiah, say_time_limit
from siapa.document.standard_document import FeeLine, Requirement, StandardDocument
from siapa.locales import gettext as _
from siapa.locales import ngettext
from siapa.opendata.hsds import taxonomies
from siapa.opendata.hsds.naming import Record, id_of, moment, name_of, page, phone, without_nothing
from siapa.opendata.hsds.organizations import organization
from siapa.opendata.hsds.places import service_at_location
from siapa.opendata.hsds.reading import Held

_LANGUAGE_NAMES = {"id": "Bahasa Indonesia"}
#: Components that have no field in HSDS and are told as attributes: texts by their own names.
_TEXTS = (
    "staff_competence", "internal_supervision", "service_guarantee", "safety_guarantee",
    "performance_evaluation",
)  # fmt: skip


def summary(held: Held, public_url: str) -> Record:
    """A service as it stands in a list."""
    document = held.document
    alternate = name_of(held.service) if held.service else None
    title = in_language(document, "title") or ""
    path = f"/standar/{held.agency.slug}/{held.slug}"
    return without_nothing(
        {
            "id": held.id,
            "organization_id": str(held.agency.id),
            "name": title,
            "alternate_name": alternate if alternate != title else None,
            "description": in_language(document, "summary") or f"{title}, {name_of(held.agency)}",
            "url": page(path, public_url),
            "status": "active",
            "assured_date": held.effective_from.isoformat() if held.effective_from else None,
            "last_modified": moment(held.last_modified),
        }
    )


def service(held: Held, public_url: str) -> Record:
    """A service with all that belongs to it."""
    document = held.document
    return {
        **summary(held, public_url),
        **without_nothing(
            {
                "application_process": _steps(document),
                "fees_description": _fees_text(document),
                "eligibility_description": _eligibility(document),
                "organization": organization(held.agency, public_url),
                "cost_options": list(_costs(held)),
                "required_documents": list(_documents(held)),
                "languages": [
                    {"id": id_of("language", held.id), "service_id": held.id, "code": code, "name": name}
                    for code, name in _LANGUAGE_NAMES.items()
                ],
                "service_areas": list(_areas(held)),
                "contacts": list(_contacts(held)),
                "service_at_locations": [service_at_location(one) for one in held.offerings],
                "attributes": list(_attributes(held)),
            }
        ),
    }


def at_location(held: Held, place: Record, public_url: str) -> Record:
    """A service at a location by itself: with its service, and with what the OpenAPI of HSDS takes it for."""
    head = summary(held, public_url)
    return {
        **place,
        "name": head["name"],
        "status": head["status"],
        "service": {**head, "organization": organization(held.agency, public_url)},
    }


def _steps(document: StandardDocument) -> str | None:
    steps = [f"{place}. {in_language(step, 'text')}" for place, step in enumerate(document.procedure, 1)]
    return "\n".join(steps) or None


def _eligibility(document: StandardDocument) -> str | None:
    parts = [in_language(document, "audience")]
    parts += [_requirement_text(one) for one in document.requirements if one.kind != "document"]
    return "\n".join(part for part in parts if part) or None


def _requirement_text(requirement: Requirement) -> str:
    said = in_language(requirement, "text") or ""
    more = []
    if requirement.original:
        more.append(_("original"))
    if requirement.copies:
        more.append(ngettext("%(num)s copy", "%(num)s copies", requirement.copies))
    if case := in_language(requirement, "applies_when"):
        more.append(_("if: %(case)s", case=case))
    return f"{said} ({'; '.join(more)})" if more else said


def _documents(held: Held) -> Iterator[Record]:
    for place, one in enumerate(held.document.requirements, 1):
        if one.kind == "document":
            yield without_nothing(
                {
                    "id": id_of("required_document", f"{held.id}/{place}"),
                    "service_id": held.id,
                    "document": _requirement_text(one),
                    "uri": one.form_url,
                }
            )


def _line_text(line: FeeLine) -> str:
    """What a line of the tariff is for."""
    parts = (in_language(line, "label"), in_language(line, "case"), in_language(line, "note"))
    return "; ".join(part for part in parts if part)


def _fees_text(document: StandardDocument) -> str | None:
    fees = document.fees
    if fees is None:
        return None
    if fees.fee_kind == "free":
        return "; ".join([_("Free"), *(text for text in map(_line_text, fees.lines) if text)])
    said = []
    for line in fees.lines:
        amount = say_rupiah(line.amount_idr) if line.amount_idr is not None else _("amount not stated")
        unit = in_language(line, "unit")
        parts = (_line_text(line), f"{amount}/{unit}" if unit else amount)
        said.append(": ".join(part for part in parts if part))
    return "\n".join(said) or None


def _costs(held: Held) -> Iterator[Record]:
    """The amounts; what is free is an amount of nought, what is not known is none."""
    fees = held.document.fees
    if fees is None:
        return
    for place, line in enumerate(fees.lines or (FeeLine(),), 1):
        amount = 0 if fees.fee_kind == "free" and line.amount_idr is None else line.amount_idr
        if amount is None:
            continue
        parts = (in_language(line, "unit"), line.legal_basis)
        yield without_nothing(
            {
                "id": id_of("cost_option", f"{held.id}/{place}"),
                "service_id": held.id,
                "option": _line_text(line) or (_("Free") if amount == 0 else None),
                "currency": "IDR",
                "amount": amount,
                "amount_description": "; ".join(part for part in parts if part) or None,
            }
        )


def _areas(held: Held) -> Iterator[Record]:
    if region := held.agency.region:
        yield {
            "id": id_of("service_area", f"{held.id}/{region.code}"),
            "service_id": held.id,
            "name": name_of(region),
            "extent": region.code,
            "extent_type": "Kemendagri",
        }


def _contacts(held: Held) -> Iterator[Record]:
    """Who takes complaints by telephone."""
    handling = held.document.complaint_handling
    for channel in handling.channels if handling else ():
        if channel.kind in ("phone", "whatsapp"):
            contact = id_of("contact", f"{held.id}/{channel.value}")
            kind = str(COMPLAINT_CHANNEL_KIND_NAMES[channel.kind])
            yield {
                "id": contact,
                "service_id": held.id,
                "title": _("Complaints"),
                "phones": [phone(channel.value, "contact_id", contact, kind)],
            }


def _attributes(held: Held) -> Iterator[Record]:
    for key, value in _components(held.document):
        yield _attribute(held, taxonomies.component_term(key), "component", value)
    if held.service is not None:
        yield _attribute(held, taxonomies.service_term(held.service), "service", None)
        yield _attribute(held, taxonomies.category_term(held.service.category), "category", None)
        for event in held.service.life_events:
            yield _attribute(held, taxonomies.event_term(event), "life_event", None)


def _attribute(held: Held, term: Record, kind: str, value: str | None) -> Record:
    return without_nothing(
        {
            "id": id_of("attribute", f"{held.id}/{term['id']}"),
            "link_id": held.id,
            "taxonomy_term_id": term["id"],
            "link_type": kind,
            "link_entity": "service",
            "value": value,
            "taxonomy_term": term,
        }
    )


def _components(document: StandardDocument) -> Iterator[tuple[str, str]]:
    """The components that have no field of their own, as texts, in the order of the law."""
    times = [
        ": ".join(part for part in (in_language(limit, "case"), say_time_limit(limit)) if part)
        for limit in document.processing_time
    ]
    products = [in_language(product, "name") or "" for product in document.products]
    bases = [basis.title for basis in document.legal_bases]
    facilities = [in_language(facility, "text") or "" for facility in document.facilities]
    listed = {"processing_time": times, "products": products, "legal_bases": bases, "facilities": facilities}
    if handling := document.complaint_handling:
        said = [in_language(handling, "text")]
        said += [f"{COMPLAINT_CHANNEL_KIND_NAMES[one.kind]}: {one.value}" for one in handling.channels]
        listed["complaint_handling"] = [text for text in said if text]
    if staff := document.staff_count:
        said = [str(staff.count) if staff.count is not None else None, in_language(staff, "note")]
        listed["staff_count"] = [text for text in said if text]
    for key in _TEXTS:
        listed[key] = [text for text in (in_language(document, key),) if text]
    yield from ((key, "\n".join(texts)) for key, texts in listed.items() if texts)


def minimal(held: Held) -> Record:
    """Only which service it is, and when it last changed."""
    return {"id": held.id, "last_modified": moment(held.last_modified)}
