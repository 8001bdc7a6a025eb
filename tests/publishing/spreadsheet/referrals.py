"""Services of Open Referral to test with, as records and as a tabular package."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]
A, B = "3b241101-e2bb-4255-8caf-4136c566a962", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
ORGANIZATION: Row = {"id": "11111111-2222-4333-8444-555555555555", "name": "Dinas Lain", "description": "-"}


def service(**changes: Any) -> Row:
    """A service as any registry may write it, with parts."""
    return {
        "id": A,
        "organization_id": ORGANIZATION["id"],
        "organization": ORGANIZATION,
        "name": "Surat pindah",
        "description": "Pindah tempat tinggal.",
        "status": "active",
        "application_process": "1. Datang ke loket\n2. Serahkan berkas",
        "eligibility_description": "Semua warga",
        "required_documents": [{"id": B, "document": "KTP-el (asli; salinan: 2)"}],
        "cost_options": [{"id": B, "option": "Biasa", "currency": "IDR", "amount": 5000}],
        "contacts": [{"id": B, "phones": [{"id": B, "number": "0401 123456"}]}],
    } | changes


def as_json(*records: Row) -> bytes:
    """``records`` as a page of an API."""
    return json.dumps({"contents": records}).encode()


def as_lines(*records: Row) -> bytes:
    """``records``, one a line."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def package(*records: Row, folder: str = "") -> bytes:
    """``records`` as a tabular package, their parts in tables of their own."""
    tables: dict[str, list[Row]] = {"services": [], "organizations": [], "phones": []}
    for record in records:
        tables["services"].append({k: v for k, v in record.items() if isinstance(v, str)})
        if record["organization"] not in tables["organizations"]:
            tables["organizations"].append(record["organization"])
        for name in ("required_documents", "cost_options", "contacts"):
            for part in record.get(name, ()):
                phones = part.get("phones", ())
                tables["phones"] += [{**phone, "contact_id": part["id"]} for phone in phones]
                row = {k: v for k, v in part.items() if k != "phones"}
                tables.setdefault(name, []).append({**row, "service_id": record["id"]})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{folder}{name}.csv", table(rows))
    return out.getvalue()


def table(rows: Sequence[Row]) -> str:
    """``rows`` as CSV, with every column that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names or ["id"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
