"""The tables of HSDS 3.0 in tabular form: their files, columns and keys, as its data package names them.

Only tables that this registry fills are here; of those every column stands, for a reader who checks
them against the package of the standard itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Cell = str | int | float


@dataclass(frozen=True)
class Shape:
    """A table: its name, its file, its columns, and where its records stand in others.

    A column is written as ``name``, ``name:type`` or ``name:format`` (of a string), with ``!`` where
    it must be filled.
    """

    name: str
    file: str
    written: str
    #: By what name a list (or an object) of these stands in another record.
    inside: str
    #: Columns that refer to the key of another table.
    foreign: Mapping[str, str]
    #: Whether a record may stand in many others, so that it has to be remembered.
    is_met_again: bool = False

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(one.rstrip("!").partition(":")[0] for one in self.written.split())

    def row(self, record: Mapping[str, Any]) -> list[Cell]:
        """``record`` as a row; what it does not have is an empty cell."""
        return [record.get(name, "") for name in self.columns]

    @property
    def schema(self) -> dict[str, Any]:
        """The Table Schema."""
        told: dict[str, Any] = {
            "fields": [_field(one) for one in self.written.split()],
            "primaryKey": "id",
            "missingValues": [""],
        }
        if self.foreign:
            told["foreignKeys"] = [
                {"fields": column, "reference": {"resource": table, "fields": "id"}}
                for column, table in self.foreign.items()
            ]
        return told


_TYPES = ("number", "date", "datetime", "time")


def _field(written: str) -> dict[str, Any]:
    name, _, kind = written.rstrip("!").partition(":")
    field: dict[str, Any] = {"name": name, "type": kind if kind in _TYPES else "string"}
    if kind and kind not in _TYPES:
        field["format"] = kind
    if kind == "datetime":
        field["format"] = "any"  # HSDS writes moments with a fraction of a second
    field["constraints"] = {"required": True, "unique": name == "id"} if written.endswith("!") else {}
    return field


SERVICES = Shape(
    "service", "services.csv",
    "id:uuid! organization_id:uuid! program_id:uuid name! alternate_name description url:uri email:email "
    "status! interpretation_services application_process fees_description wait_time fees accreditations "
    "eligibility_description minimum_age:number maximum_age:number assured_date:date assurer_email:email "
    "licenses alert last_modified:datetime",
    "services", {"organization_id": "organization"},
)  # fmt: skip
TABLES: tuple[Shape, ...] = (
    Shape(
        "organization", "organizations.csv",
        "id:uuid! name! alternate_name description! email:email website:uri tax_status tax_id "
        "year_incorporated:number legal_status logo uri:uri parent_organization_id:uuid",
        "organization", {}, is_met_again=True,
    ),
    SERVICES,
    Shape(
        "location", "locations.csv",
        "id:uuid! location_type! url:uri organization_id:uuid name alternate_name description transportation "
        "latitude:number longitude:number external_identifier external_identifier_type",
        "location", {"organization_id": "organization"}, is_met_again=True,
    ),
    Shape(
        "service_at_location", "service_at_location.csv",
        "id:uuid! service_id:uuid! location_id:uuid! description",
        "service_at_locations", {"service_id": "service", "location_id": "location"},
    ),
    Shape(
        "schedule", "schedules.csv",
        "id:uuid! service_id:uuid location_id:uuid service_at_location_id:uuid valid_from:date valid_to:date "
        "dtstart:date timezone:number until:date count:number wkst freq interval:number byday byweekno "
        "bymonthday byyearday description opens_at:time closes_at:time schedule_link:uri "
        "attending_type notes",
        "schedules",
        {"location_id": "location", "service_id": "service", "service_at_location_id": "service_at_location"},
    ),
    Shape(
        "contact", "contacts.csv",
        "id:uuid! organization_id:uuid service_id:uuid service_at_location_id:uuid location_id:uuid name "
        "title department email:email",
        "contacts",
        {"location_id": "location", "organization_id": "organization", "service_id": "service",
         "service_at_location_id": "service_at_location"},
    ),
    Shape(
        "phone", "phones.csv",
        "id:uuid! location_id:uuid service_id:uuid organization_id:uuid contact_id:uuid "
        "service_at_location_id:uuid number! extension:number type description",
        "phones",
        {"contact_id": "contact", "location_id": "location", "organization_id": "organization",
         "service_id": "service", "service_at_location_id": "service_at_location"},
    ),
    Shape(
        "cost_option", "cost_options.csv",
        "id:uuid! service_id:uuid! valid_from:date valid_to:date option currency amount:number "
        "amount_description",
        "cost_options", {"service_id": "service"},
    ),
    Shape(
        "required_document", "required_documents.csv", "id:uuid! service_id:uuid document uri:uri",
        "required_documents", {"service_id": "service"},
    ),
    Shape(
        "language", "languages.csv",
        "id:uuid! service_id:uuid location_id:uuid phone_id:uuid name code note",
        "languages", {"location_id": "location", "phone_id": "phone", "service_id": "service"},
    ),
    Shape(
        "service_area", "service_areas.csv",
        "id:uuid! service_id:uuid name description extent extent_type uri",
        "service_areas", {"service_id": "service"},
    ),
    Shape(
        "organization_identifier", "organization_identifiers.csv",
        "id:uuid! organization_id:uuid! identifier_scheme identifier_type! identifier!",
        "organization_identifiers", {"organization_id": "organization"},
    ),
    Shape(
        "taxonomy", "taxonomies.csv", "id:uuid! name! description! uri:uri version", "taxonomies", {},
        is_met_again=True,
    ),
    Shape(
        "taxonomy_term", "taxonomy_terms.csv",
        "id:uuid! code name! description! parent_id:uuid taxonomy language taxonomy_id:uuid term_uri:uri",
        "taxonomy_term", {"taxonomy_id": "taxonomy"}, is_met_again=True,
    ),
    Shape(
        "attribute", "attributes.csv",
        "id:uuid! link_id:uuid! taxonomy_term_id:uuid! link_type link_entity! value",
        "attributes", {"taxonomy_term_id": "taxonomy_term"},
    ),
)  # fmt: skip
