"""The same service at several agencies, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response

from siapa import catalogue
from siapa.catalogue import MOST_COMPARED, Comparison
from siapa.locales import lazy as _l
from siapa.web import caching
from siapa.web.api.answering import answered
from siapa.web.api.asking import Asked, Text
from siapa.web.api.openapi import one_of, reads

_ID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"


class AskedComparison(Asked):
    """A service, and which of its standards."""

    service = Text(
        "Code of a service.", required=True, error_messages={"required": [_l("This must be given.")]}
    )
    standards = Text(
        f"Ids of up to {MOST_COMPARED} standards in force, parted by commas; the first ones, if not said.",
        pattern=f"^{_ID}(,{_ID})*$",
        longest=37 * MOST_COMPARED,
        hint=_l("Give ids of standards parted by commas."),
    )


@reads("/compare", AskedComparison, one_of(Comparison), tag="compare", may_be_absent=True)
def compare_standards(asked: dict[str, Any]) -> Response:
    """The same service across agencies, component by component, with the spread of all fees and times."""
    chosen = [uuid.UUID(one) for one in asked["standards"].split(",")] if "standards" in asked else []
    found = catalogue.comparison(asked["service"], chosen)
    caching.shows(found.standards)
    return answered(found)
