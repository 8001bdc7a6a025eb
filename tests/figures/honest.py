"""The figures counted slowly and plainly from what anybody can download, to hold ours against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import orjson
from flask.testing import FlaskClient

from siapa.figures import Figures

Row = dict[str, Any]


class Dump:
    """The tables of the open data, as a visitor downloads them."""

    def __init__(self, visitor: FlaskClient) -> None:
        self._visitor = visitor

    def __getitem__(self, name: str) -> list[Row]:
        answer = self._visitor.get(f"/data/{name}.jsonl")
        assert answer.status_code == 200, name
        return [orjson.loads(line) for line in answer.data.splitlines()]


def of(standards: Iterable[Row], day: date) -> dict[str, Any]:
    """What ``standards`` (rows of the dump) come to, as ``Figures`` has it."""
    held = list(standards)
    fees = [one["fee_min_idr"] for one in held if one["fee_min_idr"] is not None]
    paid = [fee for fee in fees if fee > 0]
    days = [one["days_max"] for one in held if one["days_max"] is not None]
    given = sum(one["components_given"] for one in held)
    return asdict(
        Figures(
            standard_count=len(held),
            completeness=round(given / (14 * len(held)), 4) if held else None,
            complete_count=sum(one["components_given"] == 14 for one in held),
            overdue_count=sum(bool(one["review_due_on"]) and one["review_due_on"] < str(day) for one in held),
            free_count=sum(one["is_free"] for one in held),
            online_count=sum(one["has_online"] for one in held),
            fee_count=len(fees),
            fee_median_idr=float(median(fees)) if fees else None,
            paid_count=len(paid),
            paid_fee_median_idr=float(median(paid)) if paid else None,
            time_count=len(days),
            days_median=float(median(days)) if days else None,
        )
    )


def by_province(dump: Dump, day: date) -> dict[str, dict[str, Any]]:
    """By the code of the province; empty where none is known."""
    regions = {one["id"]: one["region_code"] for one in dump["agencies"]}
    places = {one["id"]: one for one in dump["locations"] if not one["closed_on"]}
    had_at: dict[str, set[str]] = defaultdict(set)
    for offering in dump["offerings"]:
        if offering["location_id"] in places:
            had_at[offering["standard_id"]].add(places[offering["location_id"]]["region_code"] or "")

    def provinces(standard: Row) -> set[str]:
        if standard["id"] in had_at:
            return {code[:2] for code in had_at[standard["id"]] if code}
        return {(regions[standard["agency_id"]] or "")[:2]}

    return _grouped(dump["standards"], provinces, day)


def by_service(dump: Dump, day: date) -> dict[str, dict[str, Any]]:
    """By the code of the service; empty where a standard is linked to none."""
    codes = {one["id"]: one["code"] for one in dump["services"]}
    return _grouped(dump["standards"], lambda one: {codes.get(one["service_id"], "")}, day)


def in_force(dump: Dump) -> dict[str, tuple[int, int, int]]:
    """By month of the home zone: editions that came into force, that ended, and first ones."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    first: dict[str, str] = {}
    for one in dump["editions"]:
        found[_month(one["published_at"])][0] += 1
        if one["ended_at"]:
            found[_month(one["ended_at"])][1] += 1
        begun = first.setdefault(one["standard_id"], one["published_at"])
        first[one["standard_id"]] = min(begun, one["published_at"])
    for begun in first.values():
        found[_month(begun)][2] += 1
    return {month: tuple(numbers) for month, numbers in found.items()}  # type: ignore[misc]


def _month(moment: str) -> str:
    return (datetime.fromisoformat(moment) + timedelta(hours=7)).strftime("%Y-%m")


def _grouped(
    standards: Iterable[Row], keys: Callable[[Row], set[str]], day: date
) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for one in standards:
        for key in keys(one):
            groups[key].append(one)
    return {key: of(held, day) for key, held in groups.items()}
