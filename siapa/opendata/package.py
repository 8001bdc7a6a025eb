"""The description that goes with the data: data package, table schemas, a page to read, how to cite.

``datapackage.json`` follows Frictionless Data Package, version 2. All of it is in English,
whatever language is spoken, so that the same data has the same description.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from siapa.locales import using
from siapa.opendata.table import Field, ForeignKey, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "siapa"
TITLE = "SIAPA: service standards of Indonesia"
ABOUT = (
    "A registry of Indonesian public service standards: which agency promises what, where it is had, what to "
    "bring, what it costs and how long it takes. It is not the official SIPPN and speaks for no agency: each "
    "row names its source and how far that supports it."
)
CONVENTIONS = (
    "CSV is UTF-8 with names in the first line; nothing is an empty cell, lists and objects are JSON in "
    "their cell. Moments are UTC, days are local, money is whole rupiah. `datapackage.json` describes every "
    "column."
)
PUBLISHER = "Seed cdf80705 maintainers"
LICENCE_NAME, LICENCE_TITLE = "CC-BY-4.0", "Creative Commons Attribution 4.0 International"
LICENCE_PATH = "https://creativecommons.org/licenses/by/4.0/"
KEYWORDS = ("Indonesia", "public service", "service standard", "standar pelayanan", "mal pelayanan publik")
MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Of which state of which registry the data are: the number of its last change, and when that was."""

    number: int
    at: datetime | None
    public_url: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of a table: its name, and if known its bytes, its SHA-256 in hex and its rows."""

    path: str
    format: str
    is_compressed: bool = False
    bytes: int | None = None
    sha256: str | None = None
    rows: int | None = None


def descriptor(standing: Standing, files: Sequence[tuple[Table, File]]) -> dict[str, Any]:
    """The data package of ``files``, each a table in one form."""
    package: dict[str, Any] = {
        "$schema": PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": ABOUT,
        "homepage": f"{standing.public_url}/en/data",
        "version": str(standing.number),
        "licenses": [{"name": LICENCE_NAME, "title": LICENCE_TITLE, "path": LICENCE_PATH}],
        "contributors": [{"title": PUBLISHER, "roles": ["publisher"]}],
        "sources": [
            {"title": "Public sources, named in each row (source_address)"},
            {"title": "SIAPA seed data", "path": f"{standing.public_url}/en/tentang"},
        ],
        "keywords": list(KEYWORDS),
        "resources": [resource(table, file) for table, file in files],
    }
    if standing.at is not None:
        package["created"] = moment(standing.at)
    return package


def resource(table: Table, file: File) -> dict[str, Any]:
    """One table in one form, as a resource of a data package."""
    # Names are unique in a package; the CSV, which every reader knows, has the plain one.
    name = table.name if file.format == "csv" else f"{table.name}-{file.format}"
    told: dict[str, Any] = {
        "name": name,
        "path": file.path,
        "type": "table",
        "title": _english(table.title),
        "description": inspect.getdoc(table.shape) or "",
        "format": file.format,
        "mediatype": MEDIA_TYPES[file.format],
        "encoding": "utf-8",
        "schema": schema(table, "" if file.format == "csv" else f"-{file.format}"),
    }
    if file.is_compressed:
        told["compression"] = "gz"
    if file.bytes is not None:
        told["bytes"] = file.bytes
    if file.sha256 is not None:
        told["hash"] = f"sha256:{file.sha256}"
    if file.rows is not None:
        told["rows"] = file.rows
    return told


def schema(table: Table, suffix: str = "") -> dict[str, Any]:
    """The Table Schema of ``table``; ``suffix`` ends the names of the tables that it refers to."""
    told: dict[str, Any] = {
        "fields": [_field(field, is_key=field.name in table.key) for field in table.fields],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    if table.foreign_keys:
        told["foreignKeys"] = [_foreign(table, key, suffix) for key in table.foreign_keys]
    return told


def _field(field: Field, *, is_key: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": field.name, "type": field.type}
    if field.format:
        told["format"] = field.format
    told["description"] = _english(field.description)
    if field.unit:
        told["unit"] = field.unit
    constraints: dict[str, Any] = {}
    if field.is_required or is_key:
        constraints["required"] = True
    if field.choices:
        constraints["enum"] = list(field.choices)
    if constraints:
        told["constraints"] = constraints
    return told


def _foreign(table: Table, key: ForeignKey, suffix: str) -> dict[str, Any]:
    reference: dict[str, Any] = {"fields": list(key.references)}
    if key.table != table.name:  # one to the table itself names none
        reference["resource"] = key.table + suffix
    return {"fields": list(key.columns), "reference": reference}


def _english(words: object) -> str:
    with using("en"):
        return str(words)


def moment(at: datetime) -> str:
    """A moment in UTC as the data write it, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def written(content: Mapping[str, Any]) -> bytes:
    """``content`` as JSON for people to read too."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def citation(standing: Standing) -> bytes:
    """How to cite the data, as ``CITATION.cff`` (Citation File Format 1.2.0)."""
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use these data, please cite them as below."',
        "type: dataset",
        f'title: "{TITLE}"',
        "authors:",
        f'  - name: "{PUBLISHER}"',
        f'version: "change {standing.number}"',
        f"license: {LICENCE_NAME}",
        f'url: "{standing.public_url}/en/data"',
    ]
    if standing.at is not None:
        lines.append(f"date-released: {standing.at:%Y-%m-%d}")
    return ("\n".join(lines) + "\n").encode()


def cited(standing: Standing) -> str:
    """How to cite the data, in one line."""
    year = standing.at.year if standing.at else ""
    return (
        f"{PUBLISHER} ({year}): {TITLE}. Data as of change {standing.number}. CC BY 4.0. "
        f"{standing.public_url}/en/data"
    )


def readme(standing: Standing, tables: Sequence[Table]) -> bytes:
    """A page about the data for who opens the folder."""
    lines = [
        f"# {TITLE}", "", ABOUT, "",
        f"State: change {standing.number}" + (f", {moment(standing.at)}." if standing.at else "."),
        f"Licence: {LICENCE_TITLE} ({LICENCE_PATH}). Please cite as:", "", f"> {cited(standing)}", "",
        CONVENTIONS, "",
    ]  # fmt: skip
    for table in tables:
        lines += [f"## {table.name}", "", inspect.getdoc(table.shape) or "", ""]
        lines += [
            f"Key: {', '.join(table.key)}.",
            "",
            "| column | type | unit | what it holds |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| {field.name} | {field.type} | {field.unit or ''} | {_english(field.description)} |"
            for field in table.fields
        ]
        lines.append("")
    return "\n".join(lines).encode()
