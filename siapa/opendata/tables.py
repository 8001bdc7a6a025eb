"""All tables of the open data, in the order in which each refers only to those before it."""

from __future__ import annotations

from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.opendata import of_documents, of_places, of_results, of_services, of_standards
from siapa.opendata.table import Table

TABLES: tuple[Table, ...] = (
    *of_places.TABLES, *of_services.TABLES, *of_standards.TABLES, *of_documents.TABLES, *of_results.TABLES,
)  # fmt: skip

_BY_NAME = {table.name: table for table in TABLES}


def table_named(name: str) -> Table:
    """The table with this name; ``NotFound`` otherwise."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise NotFound(_l("There is no such table.")) from None
