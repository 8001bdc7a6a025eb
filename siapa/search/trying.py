"""A synonym or an alias, tried on a query before it is saved: what is found without and with it.

The search looks at the same index with the one addition, so the outcome is what would be
found once it was saved. Nothing is saved, and no other search sees it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from siapa import catalogue
from siapa.extensions import db
from siapa.records import Service, ServiceAlias
from siapa.records.engine import WRITES
from siapa.search.documents import Document, Documents
from siapa.search.engine import Layer, Part, PartWriter, Shelf
from siapa.search.finding import find
from siapa.search.found import Found
from siapa.search.query import Query
from siapa.search.ranking import Labels
from siapa.search.reading import Synonyms
from siapa.search.room import Room, Sight, reader_of, room
from siapa.search.tables import Tables
from siapa.search.text import words

#: Results that are compared.
FIRST = 5


@dataclass(frozen=True)
class Trial:
    """The first results of one query, as it is now and as it would be."""

    text: str
    before: Found
    after: Found


@dataclass(frozen=True)
class Named:
    """What one result is: the code of its national service, if it has one, and its name in both languages."""

    code: str | None
    name: str
    name_en: str | None


def first_of(found: Found) -> list[Named]:
    """The first results, named as the catalogue names them now."""
    services = catalogue.service_cards(hit.service_id for hit in found.results if hit.service_id)
    standards = catalogue.cards(hit.standard_id for hit in found.results if hit.standard_id)
    names = []
    for hit in found.results[:FIRST]:
        service = services.get(hit.service_id) if hit.service_id else None
        standard = standards.get(hit.standard_id) if hit.standard_id else None
        if service is not None:
            names.append(Named(hit.service_code, service.name, service.name_en))
        elif standard is not None:
            names.append(Named(hit.service_code, standard.title, standard.title_en))
        else:
            names.append(Named(hit.service_code, "-", None))
    return names


def try_synonym(term: str, replacement: str, text: str) -> Trial:
    """What ``text`` finds, and would find if ``term`` stood for ``replacement`` too."""
    here = room()
    sight = here.sight()
    synonyms = _with(sight.tables.synonyms, tuple(words(term)), tuple(words(replacement)))
    tables = replace(sight.tables, synonyms=synonyms)
    return _tried(
        text, sight, replace(sight, tables=tables, reader=reader_of(sight.shelf, tables, here.stems))
    )


def try_alias(service: Service, alias: str, text: str, *, locale: str = "id") -> Trial:
    """What ``text`` finds, and would find if ``service`` had ``alias`` too."""
    here = room()
    sight = here.sight()
    document = _document(service, alias, locale)
    if document is None:  # retired: nothing finds it
        return _tried(text, sight, sight)
    with TemporaryDirectory() as folder:
        return _tried(text, sight, _with_service(here, sight, document, alias, Path(folder)))


def _tried(text: str, before: Sight, after: Sight) -> Trial:
    query = Query(text=text, per_page=FIRST, facets=())
    return Trial(text, find(query, before), find(query, after))


def _with(synonyms: Synonyms, term: tuple[str, ...], replacement: tuple[str, ...]) -> Synonyms:
    present = synonyms.table.get(term, [])
    if not term or not replacement or replacement in present or term == replacement:
        return synonyms
    return Synonyms({**synonyms.table, term: [*present, replacement]})


def _document(service: Service, alias: str, locale: str) -> Document | None:
    """The document of ``service`` as it would be indexed with ``alias``; None when it is not active."""
    with _undone() as connection:
        row = {"service_id": service.id, "locale": locale, "text": alias}
        if not connection.scalar(sa.select(sa.exists().where(*_is(row)))):
            connection.execute(sa.insert(ServiceAlias), row)
        return next(iter(Documents(connection).services([service.id])), None)


def _is(row: dict[str, object]) -> Iterator[sa.ColumnElement[bool]]:
    return (getattr(ServiceAlias, name) == value for name, value in row.items())


@contextmanager
def _undone() -> Iterator[sa.Connection]:
    """A connection of its own whose changes are never kept."""
    with db.engine.connect().execution_options(**{WRITES: True}) as connection:
        try:
            yield connection
        finally:
            connection.rollback()


def _with_service(here: Room, sight: Sight, document: Document, alias: str, folder: Path) -> Sight:
    """``sight`` with ``document`` in the place of the one its service has now; ``folder`` takes its part."""
    writer = PartWriter(folder, here.stems.terms, here.stems.is_small)
    writer.add(document)
    writer.finish()
    layers = [
        replace(layer, dead_services=frozenset({*layer.dead_services, document.id}))
        for layer in sight.shelf.layers
    ]
    shelf = Shelf([*layers, Layer(Part(folder))], before=sight.shelf)
    tables = _named_so(sight.tables, document.row["code"], alias)
    return Sight(shelf, tables, reader_of(shelf, tables, here.stems), Labels(shelf.catalogue, here.stems))


def _named_so(tables: Tables, code: str, alias: str) -> Tables:
    named = tables.services.get(code)
    if named is None:
        return tables
    return replace(tables, services={**tables.services, code: replace(named, names=(*named.names, alias))})
