"""Identifiers and small values that several records of HSDS share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from siapa.locales import current_locale
from siapa.records import seed_id

Record = dict[str, Any]


def id_of(kind: str, key: object) -> str:
    """The identifier of a part that has none of its own: the same for the same key, for ever."""
    return str(seed_id(f"hsds.{kind}", str(key)))


def without_nothing(record: Mapping[str, Any]) -> Record:
    """``record`` without what is not known: HSDS has no null."""
    return {name: value for name, value in record.items() if value is not None and value != []}


def name_of(row: Any) -> str:
    """The name of a row in the language spoken now."""
    english: str | None = row.name_en if current_locale() == "en" else None
    return english or str(row.name)


def moment(at: datetime) -> str:
    """A moment in UTC, to the microsecond that it was written with."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def page(path: str, public_url: str) -> str:
    """The address of a page in the language spoken now."""
    return f"{public_url}/en{path}" if current_locale() == "en" else f"{public_url}{path}"


def phone(number: str, owner: str, key: object, description: str | None = None) -> Record:
    """A telephone; ``owner`` is the name of the identifier of whose it is."""
    return without_nothing(
        {
            "id": id_of("phone", f"{key}/{number}"),
            owner: str(key),
            "number": number,
            "type": "voice",
            "description": description,
        }
    )
