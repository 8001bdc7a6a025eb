"""The description of the API of HSDS: which addresses there are, what they take, what they answer."""

from __future__ import annotations

from typing import Any

SCHEMAS = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema"
_PAGING = {
    "page": ("The page, from 1.", {"type": "integer", "minimum": 1, "default": 1}),
    "per_page": ("Records a page.", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}),
    "search": ("Words that the name holds.", {"type": "string"}),
    "format": ("A page, or all records, one a line.", {"type": "string", "enum": ["json", "ndjson"]}),
}
_OF_SERVICES = {
    **_PAGING,
    "organization_id": ("Of this organization.", {"type": "string", "format": "uuid"}),
    "taxonomy_id": ("With a term of this taxonomy.", {"type": "string", "format": "uuid"}),
    "taxonomy_term_id": ("With this term.", {"type": "string", "format": "uuid"}),
    "modified_after": (
        "It, or what belongs to it, changed after.",
        {"type": "string", "format": "date-time"},
    ),
    "minimal": ("Only the identifier and when it was last changed.", {"type": "boolean"}),
    "full": ("With all that belongs to it.", {"type": "boolean"}),
    "minimum_age": ("For persons of this age; no service here says one.", {"type": "integer"}),
    "maximum_age": ("For persons up to this age; no service here says one.", {"type": "integer"}),
    "day": ("Had on this day.", {"type": "string", "enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]}),
    "start_time": ("Had from this time on (HH:MM, of the place).", {"type": "string"}),
    "end_time": ("Had until this time (HH:MM, of the place).", {"type": "string"}),
}
_AT_LOCATIONS = {
    **_OF_SERVICES,
    "postcode": ("Around this point, latitude,longitude: no postal codes are known.", {"type": "string"}),
    "proximity": ("Within so many metres of it.", {"type": "integer", "default": 10_000}),
}
_OF_TERMS = {**_PAGING, "taxonomy_id": ("Of this taxonomy.", {"type": "string", "format": "uuid"})}
#: The lists: what one record is called, which parameters there are, and whether HSDS demands the list.
_LISTS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "services": ("service", _OF_SERVICES, True),
    "service_at_locations": ("service_at_location", _AT_LOCATIONS, False),
    "organizations": ("organization", _PAGING, False),
    "taxonomies": ("taxonomy", _PAGING, False),
    "taxonomy_terms": ("taxonomy_term", _OF_TERMS, False),
}
_ENVELOPE = {
    "total_items": {"type": "integer"},
    "total_pages": {"type": "integer"},
    "page_number": {"type": "integer"},
    "size": {"type": "integer"},
    "first_page": {"type": "boolean"},
    "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"},
}


def document(public_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of the API below ``public_url``."""
    paths: dict[str, Any] = {
        "/": {"get": _operation("root", "Which version this is.", {"type": "object"}, True)}
    }
    for path, (record, parameters, is_required) in _LISTS.items():
        one = {"$ref": f"{SCHEMAS}/{record}.json"}
        listed = {
            "type": "object",
            "properties": {**_ENVELOPE, "contents": {"type": "array", "items": one}},
            "required": [*_ENVELOPE, "contents"],
        }
        several = _operation(f"list_{path}", f"A page of {path}.", listed, is_required)
        several["parameters"] = [_parameter(name, *told) for name, told in parameters.items()]
        single = _operation(f"get_{record}", f"One {record}.", one, is_required)
        single["parameters"] = [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        ]
        if path == "services":
            told = "What the record does not say of the standard, in its place."
            single["parameters"].append(_parameter("losses", told, {"type": "boolean"}))
        single["responses"]["404"] = {"description": "There is none with this identifier."}
        paths[f"/{path}"] = {"get": several}
        paths[f"/{path}/{{id}}"] = {"get": single}
    package = _operation("tabular_package", "All of it as the tables of HSDS, zipped.", {}, False)
    package["responses"]["200"]["content"] = {"application/zip": {}}
    paths["/tabular.zip"] = {"get": package}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "SIAPA, Open Referral HSDS API",
            "version": "3.0",
            "description": "Service standards of Indonesia as HSDS 3.0 and 3.1; not the official SIPPN.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": f"{public_url}/hsds"}],
        "paths": paths,
    }


def _operation(name: str, summary: str, answer: dict[str, Any], is_required: bool) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "tags": ["required" if is_required else "optional"],
        "responses": {"200": {"description": summary, "content": {"application/json": {"schema": answer}}}},
    }


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "required": False, "schema": schema}
