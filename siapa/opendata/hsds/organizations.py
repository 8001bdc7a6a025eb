"""Agencies as organizations."""

from __future__ import annotations

from siapa.opendata.hsds.naming import Record, id_of, name_of, page, phone, without_nothing
from siapa.records import Agency


def organization(agency: Agency, public_url: str) -> Record:
    """``agency`` as an organization. A description is demanded: it is the name."""
    name = name_of(agency)
    return without_nothing(
        {
            "id": str(agency.id),
            "name": name,
            "alternate_name": agency.short_name,
            "description": name,
            "website": _address(agency.website),
            "uri": page(f"/instansi/{agency.slug}", public_url),
            "parent_organization_id": str(agency.parent_id) if agency.parent_id else None,
            "phones": [phone(agency.phone, "organization_id", agency.id)] if agency.phone else None,
            "organization_identifiers": [
                {
                    "id": id_of("organization_identifier", agency.id),
                    "organization_id": str(agency.id),
                    "identifier_scheme": "SIAPA",
                    "identifier_type": "slug",
                    "identifier": agency.slug,
                }
            ],
        }
    )


def _address(website: str | None) -> str | None:
    return website if website and website.startswith(("http://", "https://")) else None
