"""A small seed folder in which everything stands once, to correct and to break."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from tests.publishing.cast import content

SOURCE = {"source_address": "https://berita.example", "as_of": "2024-05-28", "confidence": "sourced"}
TABLES: dict[str, list[dict[str, str]]] = {
    "regions.csv": [
        {"code": "74", "name": "Sulawesi Tenggara", "name_en": "Southeast Sulawesi", "level": "province",
         "parent_code": "", "latitude": "-4.1", "longitude": "122.1", "timezone": "Asia/Makassar",
         "seat": "Kendari", "aliases": "Sultra;Sultera", "coordinate_note": "", "source": "https://r.example",
         "confidence": "sourced"},
        {"code": "74.71", "name": "Kota Kendari", "name_en": "Kendari City", "level": "city",
         "parent_code": "74", "latitude": "-3.9", "longitude": "122.5", "timezone": "Asia/Makassar",
         "seat": "", "aliases": "", "coordinate_note": "", "source": "", "confidence": "sourced"},
    ],
    "categories.csv": [{"code": "adm", "name_id": "KTP dan KK", "name_en": "Civil records", "position": "1"}],
    "life_events.csv": [
        {"code": "menikah", "name_id": "Menikah", "name_en": "Marrying", "description_id": "Nikah.",
         "description_en": "Marriage.", "position": "1"}
    ],
    "agencies.csv": [
        {"key": "dukcapil", "slug": "dukcapil", "name": "Dukcapil", "name_en": "Civil Registry",
         "short_name": "", "kind": "dinas_dukcapil", "parent_key": "pemkot", "region_code": "74.71",
         "website": "https://d.example", "note": "", **SOURCE},
        {"key": "pemkot", "slug": "pemkot", "name": "Pemkot", "name_en": "City", "short_name": "",
         "kind": "pemda", "parent_key": "", "region_code": "74.71", "website": "", "note": "", **SOURCE},
    ],
    "services.csv": [
        {"code": "KK-BARU", "slug": "kk-baru", "name_id": "Kartu Keluarga", "name_en": "Family card",
         "summary_id": "KK.", "summary_en": "", "aliases_id": "bikin kk;buat kk", "aliases_en": "family card",
         "agency_kind": "dinas_dukcapil", "national_agency": "Kemendagri", "category": "adm",
         "life_events": "menikah", "source_address": "", "confidence": "general", "note": "Umum."}
    ],
    "malls.csv": [
        {"key": "mpp-kendari", "slug": "mpp-kendari", "name": "MPP Kendari", "name_en": "",
         "region_code": "74.71", "operator_key": "pemkot", "address": "Jalan 1",
         "latitude": "-3.9", "longitude": "122.5",
         "coordinate_quality": "centroid", "opened_on": "2020-11-27", "hours_note": "08.00-16.00",
         "website": "", "agencies_count": "12", "services_count": "", "note": "", **SOURCE}
    ],
    "counters.csv": [
        {"mall_key": "mpp-kendari", "agency_key": "dukcapil", "name": "Dukcapil", "status": "listed",
         "hours_note": "", "note": "", **SOURCE}
    ],
    "offerings.csv": [
        {"standard_key": "dukcapil/KK-BARU", "mall_key": "mpp-kendari", "counter_agency_key": "dukcapil",
         "limits_id": "", "limits_en": "", "note": "", **SOURCE}
    ],
    "synonyms.csv": [{"term": "kk", "replacement": "kartu keluarga", "kind": "abbreviation", "note": ""}],
}  # fmt: skip
STANDARD: dict[str, Any] = {
    "agency": "dukcapil",
    "service": "KK-BARU",
    "slug": "kartu-keluarga",
    "document": content("Kartu Keluarga"),
    "provenance": {**SOURCE, "sourced_components": ["requirements", "fees"], "note": "Menurut berita."},
}
OUTLINE: dict[str, Any] = {"code": "KK-BARU", "document": content("Kartu Keluarga"), "provenance": {}}


class Folder:
    """A seed folder that tests correct and break."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tables = {name: [dict(row) for row in rows] for name, rows in TABLES.items()}
        self.standard: dict[str, Any] = json.loads(json.dumps(STANDARD))
        self.outline: dict[str, Any] = json.loads(json.dumps(OUTLINE))

    def write(self) -> Path:
        """Write everything out."""
        for name, rows in self.tables.items():
            with (self.path / name).open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        for name, value in (
            ("standards/dukcapil/KK-BARU.json", self.standard),
            ("outlines/KK-BARU.json", self.outline),
        ):
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_text(json.dumps(value), encoding="utf-8")
        return self.path
