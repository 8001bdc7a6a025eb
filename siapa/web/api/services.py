"""The national services: what they are, who gives them, how much the providers differ."""

from __future__ import annotations

from typing import Any

from flask import Response

from siapa import catalogue
from siapa.catalogue.services import SORTS
from siapa.catalogue.views import ServiceCard, ServiceView
from siapa.web import caching
from siapa.web.api.answering import listed, one
from siapa.web.api.asking import Asked, AskedList, Choice, Moment, Text, with_fields
from siapa.web.api.existing import demand_existing
from siapa.web.api.openapi import one_of, page_of, reads

TAG = "services"


class AskedServices(AskedList):
    """Filters of the list of services."""

    category = Text("Code of a category.")
    life_event = Text("Code of a life event.")
    modified_since = Moment("Changed at this moment or later.")
    sort = Choice(tuple(SORTS), "The order.", load_default="name")


@reads("/services", with_fields(AskedServices, ServiceCard), page_of(ServiceCard), tag=TAG)
def list_services(asked: dict[str, Any]) -> Response:
    """The national catalogue, with how many standards there are and how fees and times range."""
    page = catalogue.services(
        category=asked.get("category"), life_event=asked.get("life_event"),
        modified_since=asked.get("modified_since"), sort=asked["sort"],
        page=asked["page"], per_page=asked["per_page"],
    )  # fmt: skip
    demand_existing(asked, page.total)
    caching.timeless()
    return listed(page, asked)


@reads("/services/<code>", with_fields(Asked, ServiceView), one_of(ServiceView), tag=TAG, may_be_absent=True)
def get_service(asked: dict[str, Any], code: str) -> Response:
    """One national service: aliases, life events, the national outline, and who gives it."""
    caching.timeless()
    return one(catalogue.service(code), asked)
