"""One trip for several services, for programs: the same plan as the page ``/rencana``."""

from __future__ import annotations

from typing import Any

from flask import Response

from siapa import catalogue
from siapa.catalogue import MOST_SERVICES, Plan
from siapa.locales import lazy as _l
from siapa.web import caching
from siapa.web.api.answering import answered
from siapa.web.api.asking import Asked, Day, Point, Text, region_code
from siapa.web.api.openapi import one_of, reads

#: Codes parted by commas.
CODES = r"^[A-Za-z0-9-]{1,40}(,[A-Za-z0-9-]{1,40})*$"


class AskedPlan(Asked):
    """Which services, from where, and where to."""

    services = Text(
        f"Codes of 1 to {MOST_SERVICES} services, parted by commas.",
        pattern=CODES,
        longest=41 * MOST_SERVICES,
        hint=_l("Give codes of services parted by commas, such as KTP-BARU,KK-BARU."),
        required=True,
        error_messages={"required": [_l("This must be given.")]},
    )
    near = Point("Where you are: latitude,longitude in degrees.")
    region = region_code("Where you are, if not given by near: a code such as 74 or 74.71.")
    mall = Text("Slug of the mall to plan for; the best one, if not said.")
    on = Day("The day of the visit: what is closed on it is left out. Today, if not said.")


@reads("/plan", AskedPlan, one_of(Plan), tag="plan", may_be_absent=True)
def get_plan(asked: dict[str, Any]) -> Response:
    """One trip: malls by how many of the services they cover, what to bring, fees, time and order."""
    found = catalogue.plan(
        asked["services"].split(","),
        near=asked.get("near"),
        region=asked.get("region"),
        mall=asked.get("mall"),
        on=asked.get("on"),
    )
    caching.shows(found)
    return answered(found)
