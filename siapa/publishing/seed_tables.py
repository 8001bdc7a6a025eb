"""What the seed files say, as values that commands take.

Everything is read before it stops, so that all that is wrong is said at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from siapa.document.standard_document import COMPONENTS
from siapa.locales import lazy as _l
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.seed_files import DocumentFile, Problems, Row, documents, keyed, table
from siapa.publishing.slugs import slug_of
from siapa.publishing.writing import Provenance
from siapa.records import Confidence, CoordinateQuality, CounterStatus, LocationKind, RegionLevel, seed_id

Values = dict[str, Any]
#: By the key of a standard: where it is offered, and the line that says so.
Offered = dict[str, list[tuple[Row, OfferedAt]]]


@dataclass(frozen=True)
class Wanted:
    """One row as it should be: its id or code, its values, and the line they come from."""

    key: Any
    values: Values
    row: Row
    #: What is not a column of the row itself: slug, parent, place …
    rest: Values


@dataclass(frozen=True)
class WantedStandard:
    """One standard as it should be in force."""

    id: uuid.UUID
    agency_id: uuid.UUID
    service_id: uuid.UUID | None
    slug: str | None
    file: DocumentFile
    provenance: Provenance
    offerings: tuple[OfferedAt, ...]


@dataclass(frozen=True)
class SeedData:
    """Everything in a seed folder."""

    regions: list[Wanted]
    categories: list[Wanted]
    life_events: list[Wanted]
    agencies: list[Wanted]
    services: list[Wanted]
    outlines: dict[str, tuple[DocumentFile, tuple[str, ...]]]
    synonyms: list[Wanted]
    malls: list[Wanted]
    counters: list[Wanted]
    standards: list[WantedStandard]


def read_seed(directory: Path) -> SeedData:
    """Read ``directory``; raise ``Rejected`` with every problem in every file."""
    problems = Problems()
    regions = _regions(directory, problems)
    region_codes = {wanted.key: wanted.key for wanted in regions}
    categories = _words(directory, "categories.csv", problems)
    life_events = _words(directory, "life_events.csv", problems)
    agencies, agency_ids = _agencies(directory, region_codes, problems)
    services, service_ids = _services(directory, categories, life_events, problems)
    malls, mall_ids = _malls(directory, region_codes, agency_ids, problems)
    counters = _counters(directory, mall_ids, agency_ids, problems)
    offered = _offerings(directory, mall_ids, {wanted.key for wanted in counters}, problems)
    standards = _standards(directory, agency_ids, service_ids, offered, problems)
    _check_offered(offered, standards)
    outlines = _outlines(directory, service_ids, problems)
    synonyms = _synonyms(directory, problems)
    problems.stop_if_any()
    return SeedData(
        regions, categories, life_events, _parents_first(agencies), services, outlines, synonyms,
        malls, counters, standards,
    )  # fmt: skip


def _source(row: Row, *, address: str = "source_address", note: str = "note") -> Values:
    return {
        "source_address": row.text(address),
        "source_as_of": row.day("as_of"),
        "source_note": row.text(note),
        "confidence": row.one_of("confidence", Confidence),
    }


def _regions(directory: Path, problems: Problems) -> list[Wanted]:
    columns = ("code", "name", "name_en", "level", "parent_code", "latitude", "longitude", "timezone")
    rows = keyed(table(directory, "regions.csv", columns, problems), "code")
    wanted = []
    for code, row in sorted(rows.items()):
        values: Values = {name: row.text(name) for name in ("name", "name_en", "timezone", "seat")}
        values |= {
            "level": row.one_of("level", RegionLevel),
            "parent_code": row.text("parent_code"),
            "latitude": row.number("latitude"),
            "longitude": row.number("longitude"),
            "aliases": row.words("aliases"),
        }
        row.known("parent_code", rows)
        values |= _source(row, address="source", note="coordinate_note")
        wanted.append(Wanted(code, values, row, {}))
    return wanted


def _words(directory: Path, name: str, problems: Problems) -> list[Wanted]:
    rows = keyed(table(directory, name, ("code", "name_id", "name_en", "position"), problems), "code")
    wanted = []
    for code, row in rows.items():
        values: Values = {"name": row.text("name_id"), "name_en": row.text("name_en")}
        values["position"] = row.whole("position")
        if name == "life_events.csv":
            values |= {
                "description": row.text("description_id"),
                "description_en": row.text("description_en"),
            }
        wanted.append(Wanted(code, values, row, {}))
    return wanted


def _agencies(
    directory: Path, region_codes: Mapping[str, str], problems: Problems
) -> tuple[list[Wanted], dict[str, uuid.UUID]]:
    columns = ("key", "slug", "name", "name_en", "short_name", "kind", "parent_key", "region_code")
    rows = keyed(table(directory, "agencies.csv", columns, problems), "key")
    ids = {key: seed_id("agency", key) for key in rows}
    wanted = []
    for key, row in rows.items():
        names = ("name", "name_en", "short_name", "kind", "website", "address", "phone", "email")
        values: Values = {name: row.text(name) for name in names}
        values["region_code"] = row.known("region_code", region_codes)
        values |= _source(row)
        rest = {"slug": row.text("slug"), "parent_id": row.known("parent_key", ids)}
        wanted.append(Wanted(ids[key], values, row, rest))
    return wanted, ids


def _parents_first(agencies: list[Wanted]) -> list[Wanted]:
    waiting = {wanted.key: wanted for wanted in agencies}
    ordered: list[Wanted] = []

    def take(key: uuid.UUID) -> None:
        wanted = waiting.pop(key, None)
        if wanted is not None:
            if wanted.rest["parent_id"] is not None:
                take(wanted.rest["parent_id"])
            ordered.append(wanted)

    for wanted in agencies:
        take(wanted.key)
    return ordered


def _services(
    directory: Path, categories: list[Wanted], life_events: list[Wanted], problems: Problems
) -> tuple[list[Wanted], dict[str, uuid.UUID]]:
    columns = ("code", "slug", "name_id", "name_en", "agency_kind", "category", "life_events")
    rows = keyed(table(directory, "services.csv", columns, problems), "code")
    ids = {code: seed_id("service", code) for code in rows}
    known_categories = {wanted.key: wanted.key for wanted in categories}
    known_events = {wanted.key for wanted in life_events}
    wanted = []
    for code, row in rows.items():
        values = {
            "name": row.text("name_id"), "name_en": row.text("name_en"),
            "summary": row.text("summary_id"), "summary_en": row.text("summary_en"),
            "agency_kind": row.text("agency_kind"), "national_agency": row.text("national_agency"),
            "category_code": row.known("category", known_categories),
            **_source(row),
        }  # fmt: skip
        events = row.words("life_events")
        if unknown := set(events) - known_events:
            problems.add(row.place("life_events"), _l("Nothing has this key."), ", ".join(sorted(unknown)))
        aliases = {(locale, text) for locale in ("id", "en") for text in row.words(f"aliases_{locale}")}
        rest = {"code": code, "slug": row.text("slug"), "aliases": aliases, "life_events": set(events)}
        wanted.append(Wanted(ids[code], values, row, rest))
    return wanted, ids


def _outlines(
    directory: Path, service_ids: Mapping[str, uuid.UUID], problems: Problems
) -> dict[str, tuple[DocumentFile, tuple[str, ...]]]:
    found = {}
    for file in documents(directory, "outlines", problems):
        code = str(file.content.get("code"))
        if code not in service_ids:
            problems.add(file.place("code"), _l("Nothing has this key."), code)
            continue
        found[code] = (file, _provenance(file).sourced_components)
    return found


def _synonyms(directory: Path, problems: Problems) -> list[Wanted]:
    rows = keyed(
        table(directory, "synonyms.csv", ("term", "replacement", "kind"), problems), "term", "replacement"
    )
    return [
        Wanted(
            (row.key("term"), row.key("replacement")),
            {"kind": row.text("kind"), "note": row.text("note")},
            row,
            {},
        )
        for row in rows.values()
    ]


def _malls(
    directory: Path,
    region_codes: Mapping[str, str],
    agency_ids: Mapping[str, uuid.UUID],
    problems: Problems,
) -> tuple[list[Wanted], dict[str, uuid.UUID]]:
    columns = ("key", "slug", "name", "region_code", "operator_key", "latitude", "longitude")
    rows = keyed(table(directory, "malls.csv", columns, problems), "key")
    ids = {key: seed_id("location", key) for key in rows}
    wanted = []
    for key, row in rows.items():
        values: Values = {
            name: row.text(name) for name in ("name", "name_en", "address", "hours_note", "website", "phone")
        }
        values |= {
            "kind": LocationKind.MALL,
            "region_code": row.known("region_code", region_codes),
            "latitude": row.number("latitude"),
            "longitude": row.number("longitude"),
            "coordinate_quality": row.one_of("coordinate_quality", CoordinateQuality),
            "opened_on": row.day("opened_on"),
            "reported_agencies": row.whole("agencies_count"),
            "reported_services": row.whole("services_count"),
            **_source(row),
        }
        rest = {"slug": row.text("slug"), "agency_id": row.known("operator_key", agency_ids)}
        wanted.append(Wanted(ids[key], values, row, rest))
    return wanted, ids


def _counters(
    directory: Path,
    mall_ids: Mapping[str, uuid.UUID],
    agency_ids: Mapping[str, uuid.UUID],
    problems: Problems,
) -> list[Wanted]:
    columns = ("mall_key", "agency_key", "name", "status")
    wanted = []
    seen: set[uuid.UUID] = set()
    for row in table(directory, "counters.csv", columns, problems):
        key = _counter_id(row.key("mall_key"), row.text("agency_key"), row.key("name"))
        if key in seen:
            problems.add(row.place("mall_key"), _l("This key stands twice."), row.text("name"))
        seen.add(key)
        values = {
            "name": row.text("name"),
            "floor": row.text("floor"),
            "status": row.one_of("status", CounterStatus),
            "hours_note": row.text("hours_note"),
            "agency_id": row.known("agency_key", agency_ids),
            **_source(row),
        }
        wanted.append(Wanted(key, values, row, {"location_id": row.known("mall_key", mall_ids)}))
    return wanted


def _counter_id(mall_key: str, agency_key: str | None, name: str = "") -> uuid.UUID:
    return seed_id("counter", f"{mall_key}/{agency_key or slug_of(name)}")


def _offerings(
    directory: Path, mall_ids: Mapping[str, uuid.UUID], counter_ids: set[uuid.UUID], problems: Problems
) -> Offered:
    columns = ("standard_key", "mall_key", "counter_agency_key")
    found: Offered = {}
    for row in table(directory, "offerings.csv", columns, problems):
        location_id = row.known("mall_key", mall_ids)
        agency_key = row.text("counter_agency_key")
        counter_id = _counter_id(row.key("mall_key"), agency_key) if agency_key else None
        if counter_id is not None and counter_id not in counter_ids:
            problems.add(row.place("counter_agency_key"), _l("Nothing has this key."), agency_key)
        if location_id is not None:
            source = _source(row)
            offered = OfferedAt(
                location_id, counter_id, row.text("limits_id"), row.text("limits_en"),
                row.text("booking_url"), provenance=Provenance(**source),
            )  # fmt: skip
            found.setdefault(row.key("standard_key"), []).append((row, offered))
    return found


def _check_offered(offered: Offered, standards: list[WantedStandard]) -> None:
    known = {_key_of(wanted.file): wanted for wanted in standards}
    for row in (row for rows in offered.values() for row, _ in rows):
        row.known("standard_key", known)


def _standards(
    directory: Path,
    agency_ids: Mapping[str, uuid.UUID],
    service_ids: Mapping[str, uuid.UUID],
    offered: Offered,
    problems: Problems,
) -> list[WantedStandard]:
    wanted = []
    for file in documents(directory, "standards", problems):
        agency, service = str(file.content.get("agency")), file.content.get("service")
        for name, value, known in (("agency", agency, agency_ids), ("service", service, service_ids)):
            if value is not None and str(value) not in known:
                problems.add(file.place(name), _l("Nothing has this key."), value)
        if agency in agency_ids:
            key = _key_of(file)
            wanted.append(
                WantedStandard(
                    id=seed_id("standard", key),
                    agency_id=agency_ids[agency],
                    service_id=service_ids.get(str(service)) if service else None,
                    slug=file.content.get("slug"),
                    file=file,
                    provenance=_provenance(file),
                    offerings=tuple(one for _, one in offered.get(key, ())),
                )
            )
    return wanted


def _key_of(file: DocumentFile) -> str:
    """``agency/CODE``; the name of the file for a standard without a national service."""
    name = file.content.get("service") or Path(file.file).stem
    return f"{file.content.get('agency')}/{name}"


def _provenance(file: DocumentFile) -> Provenance:
    said = file.content.get("provenance")
    said = said if isinstance(said, dict) else {}
    components = tuple(said.get("sourced_components") or ())
    for component in components:
        if component not in COMPONENTS:
            where = file.place("provenance.sourced_components")
            file.problems.add(where, _l("This is not a component of a standard."), component)
    cells = {name: str(value) for name, value in said.items() if isinstance(value, str) and value.strip()}
    row = Row(file.file, 0, cells, file.problems)
    return Provenance(**_source(row), sourced_components=components)
