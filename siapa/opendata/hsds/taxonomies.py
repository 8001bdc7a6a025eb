"""The vocabularies that attributes point into: components of the law, services, subjects, life events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.live import ACTIVE
from siapa.document.labels import part_name
from siapa.document.standard_document import COMPONENTS
from siapa.extensions import db
from siapa.locales import Words, current_locale
from siapa.locales import lazy as _l
from siapa.opendata.hsds.naming import Record, id_of, name_of
from siapa.records import Category, LifeEvent, Service

#: By their keys, which are in the identifiers: name and description.
TAXONOMIES: dict[str, tuple[Words, Words]] = {
    "component": (
        _l("Components of a service standard"),
        _l("The fourteen components of a service standard (UU 25/2009, article 21)."),
    ),
    "service": (_l("National services"), _l("The national services, whoever gives them.")),
    "category": (_l("Subjects of services"), _l("The subjects under which services are browsed.")),
    "life_event": (_l("Life events"), _l("What happens to a person and brings them to a counter.")),
}


def taxonomy_id(key: str) -> str:
    """The identifier of a vocabulary."""
    return id_of("taxonomy", key)


def term_id(taxonomy: str, code: str) -> str:
    """The identifier of a term."""
    return id_of("term", f"{taxonomy}/{code}")


def taxonomies() -> list[Record]:
    """The vocabularies."""
    return [
        {"id": taxonomy_id(key), "name": str(name), "description": str(description)}
        for key, (name, description) in TAXONOMIES.items()
    ]


def term(taxonomy: str, code: str, name: str, description: str | None = None) -> Record:
    """A term of a vocabulary."""
    return {
        "id": term_id(taxonomy, code),
        "code": code,
        "name": name,
        "description": description or name,
        "taxonomy_id": taxonomy_id(taxonomy),
        "taxonomy": str(TAXONOMIES[taxonomy][0]),
        "language": current_locale(),
    }


def component_term(key: str) -> Record:
    """The term of a component of the law."""
    return term("component", key, str(part_name(key)))


def service_term(service: Service) -> Record:
    """The term of a national service."""
    return term("service", service.code, name_of(service))


def category_term(category: Category) -> Record:
    """The term of a subject."""
    return term("category", category.code, name_of(category))


def event_term(event: LifeEvent) -> Record:
    """The term of a life event."""
    english = event.description_en if current_locale() == "en" else None
    return term("life_event", event.code, name_of(event), english or event.description)


def terms() -> list[Record]:
    """All terms, vocabulary by vocabulary."""
    return list(_terms())


def _terms() -> Iterator[Record]:
    yield from (component_term(key) for key in COMPONENTS)
    for service in _rows(sa.select(Service).where(ACTIVE).order_by(Service.code)):
        yield service_term(service)
    for category in _rows(sa.select(Category).order_by(Category.code)):
        yield category_term(category)
    for event in _rows(sa.select(LifeEvent).order_by(LifeEvent.code)):
        yield event_term(event)


def _rows(statement: sa.Select[Any]) -> list[Any]:
    return list(db.session.scalars(statement))
