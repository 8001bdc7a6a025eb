"""Standards in force as services."""

from __future__ import annotations

from collections.abc import Iterator

from siapa.document.labels import COMPLAINT_CHANNEL_KIND_NAMES
from siapa.locales import gettext as _
from siapa.opendata.hsds import taxonomies
from siapa.opendata.hsds.naming import Record, id_of, moment, name_of, page, phone, without_nothing
from siapa.opendata.hsds.organizations import organization
from siapa.opendata.hsds.places import service_at_location
from siapa.opendata.hsds.reading import Held

_LANGUAGE_NAMES = {"id": "Bahasa Indonesia"}


def summary(held: Held, public_url: str) -> Record:
    """A service as it stands in a list."""
    told = held.told
    alternate = name_of(held.service) if held.service else None
    path = f"/standar/{held.agency.slug}/{held.slug}"
    return without_nothing(
        {
            "id": held.id,
            "organization_id": str(held.agency.id),
            "name": told.name,
            "alternate_name": alternate if alternate != told.name else None,
            "description": told.description or f"{told.name}, {name_of(held.agency)}",
            "url": page(path, public_url),
            "status": "active",
            "assured_date": held.effective_from.isoformat() if held.effective_from else None,
            "last_modified": moment(held.last_modified),
        }
    )


def service(held: Held, public_url: str) -> Record:
    """A service with all that belongs to it."""
    told = held.told
    return {
        **summary(held, public_url),
        **without_nothing(
            {
                "application_process": told.application_process,
                "fees_description": told.fees_description,
                "eligibility_description": told.eligibility_description,
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


def _documents(held: Held) -> Iterator[Record]:
    for place, one in held.told.required_documents.items():
        yield without_nothing(
            {"id": id_of("required_document", f"{held.id}/{place}"), "service_id": held.id, **one}
        )


def _costs(held: Held) -> Iterator[Record]:
    """The lines of the tariff; one whose amount is not known says so, and has none."""
    for place, one in enumerate(held.told.cost_options, 1):
        amount = {"currency": "IDR", "amount": one["amount"]} if one["amount"] is not None else {}
        yield without_nothing(
            {
                "id": id_of("cost_option", f"{held.id}/{place}"),
                "service_id": held.id,
                "option": one["option"],
                **amount,
                "amount_description": one["amount_description"],
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
    met: set[str] = set()
    for channel in handling.channels if handling else ():
        if channel.kind in ("phone", "whatsapp"):
            # One number may take both calls and messages.
            again = f"/{channel.kind}" if channel.value in met else ""
            met.add(channel.value)
            contact = id_of("contact", f"{held.id}/{channel.value}{again}")
            kind = str(COMPLAINT_CHANNEL_KIND_NAMES[channel.kind])
            yield {
                "id": contact,
                "service_id": held.id,
                "title": _("Complaints"),
                "phones": [phone(channel.value, "contact_id", contact, kind)],
            }


def _attributes(held: Held) -> Iterator[Record]:
    for key, value in held.told.components.items():
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


def minimal(held: Held) -> Record:
    """Only which service it is, and when it last changed."""
    return {"id": held.id, "last_modified": moment(held.last_modified)}
