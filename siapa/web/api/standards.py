"""Live standards, and everything they once promised."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response

from siapa import catalogue
from siapa.catalogue.page import slice_of
from siapa.catalogue.standards import SORTS
from siapa.catalogue.views import EditionCard, StandardCard, StandardView
from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.opendata import moments
from siapa.opendata.known import standard_known
from siapa.records import now
from siapa.web import caching
from siapa.web.api import values
from siapa.web.api.answering import answered, listed, one
from siapa.web.api.asking import Asked, AskedList, Choice, Day, Moment, Text, Whole, region_code, with_fields
from siapa.web.api.existing import demand_existing, demand_region
from siapa.web.api.openapi import one_of, page_of, reads

TAG = "standards"
MOST_EDITIONS = 100_000


class AskedStandards(AskedList):
    """Filters of the list of standards."""

    agency = Text("Slug of an agency.")
    service = Text("Code of a national service.")
    region = region_code("Offered in this region or below it: a code such as 74 or 74.71.")
    mall = Text("Slug of a mall.")
    category = Text("Code of a category.")
    modified_since = Moment("Published at this moment or later.")
    sort = Choice(tuple(SORTS), "The order.", load_default="name")


class AskedStandard(Asked):
    """What may be asked of one standard."""

    as_of = Day("As it stood at the end of this day, in the agency's time zone.")
    known_at = Text(moments.TOLD)


class AskedDifference(Asked):
    """Which edition the other is compared with."""

    from_ = Whole(
        1,
        MOST_EDITIONS,
        "The older edition; if not said, the one before.",
        data_key="from",
    )


@reads("/standards", with_fields(AskedStandards, StandardCard), page_of(StandardCard), tag=TAG)
def list_standards(asked: dict[str, Any]) -> Response:
    """Live standards: which agency promises what."""
    demand_region(asked)
    filters = {name: asked.get(name) for name in ("agency", "service", "region", "mall", "category")}
    page = catalogue.standards(
        **filters, modified_since=asked.get("modified_since"), sort=asked["sort"],
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    demand_existing(asked, page.total)
    caching.timeless()
    return listed(page, asked)


@reads(
    "/standards/<uuid:standard_id>",
    with_fields(AskedStandard, StandardView),
    one_of(StandardView),
    tag=TAG,
    may_be_gone=True,
)
def get_standard(asked: dict[str, Any], standard_id: uuid.UUID) -> Response:
    """One standard with its document of 14 components, and where it is offered."""
    day, moment = asked.get("as_of"), asked.get("known_at")
    # The day begins in the east of the country while it is still the day before in UTC.
    if day is not None and day > (now().astimezone(ZoneInfo("Asia/Jayapura"))).date():
        raise Rejected([Problem("as_of", _l("This day has not come yet."), day.isoformat())])
    if moment is not None:
        return one(standard_known(standard_id, moments.moment_of(moment), as_of=day), asked)
    if day is None:
        return one(catalogue.standard(standard_id), asked)
    return one(catalogue.as_of(standard_id, day), asked)


@reads(
    "/standards/<uuid:standard_id>/editions",
    with_fields(AskedList, EditionCard),
    page_of(EditionCard),
    tag=TAG,
    may_be_absent=True,
)
def list_editions(asked: dict[str, Any], standard_id: uuid.UUID) -> Response:
    """The public editions of a standard, newest first."""
    caching.timeless()
    editions = catalogue.editions(standard_id)
    return listed(slice_of(editions, page=asked["page"], per_page=asked["per_page"]), asked)


@reads(
    "/standards/<uuid:standard_id>/editions/<int:number>",
    with_fields(Asked, StandardView),
    one_of(StandardView),
    tag=TAG,
    may_be_absent=True,
)
def get_edition(asked: dict[str, Any], standard_id: uuid.UUID, number: int) -> Response:
    """One public edition, in force or not."""
    return one(catalogue.edition(standard_id, number), asked)


@reads(
    "/standards/<uuid:standard_id>/editions/<int:number>/difference",
    AskedDifference,
    one_of(values.ComparedEditions),
    tag=TAG,
    may_be_absent=True,
)
def compare_editions(asked: dict[str, Any], standard_id: uuid.UUID, number: int) -> Response:
    """What changed between two editions, part by part and word by word."""
    caching.timeless()
    older = asked.get("from_") or _before(standard_id, number)
    differences = catalogue.compared(standard_id, older, number)
    return answered(values.ComparedEditions(older, number, differences))


def _before(standard_id: uuid.UUID, number: int) -> int:
    """The public edition before ``number``; itself where there is none."""
    earlier = [e.number for e in catalogue.editions(standard_id) if e.number < number]
    return max(earlier, default=number)
