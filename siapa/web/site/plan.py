"""One trip: several services are chosen, and the page says which mall, what to bring and in which order.

Everything chosen stands in the address, so a plan is kept, printed and sent as a link; no account,
no cookie. Without scripts services are found by the form and chosen by links.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from siapa import catalogue, search
from siapa.catalogue import MOST_SERVICES
from siapa.catalogue.views import CategoryRef, RegionRef, ServiceCard
from siapa.errors import NotFound
from siapa.locales import lazy as _l
from siapa.search.query import Query
from siapa.web import caching
from siapa.web.site.addresses import page_url, public_url
from siapa.web.site.asked import given, point_of, region_of
from siapa.web.site.blueprint import site
from siapa.web.site.showing import show

#: Services of a search that can be added.
FOUND_SHOWN = 10


@dataclass(frozen=True)
class AskedPlan:
    """What stands in the address of a plan."""

    services: tuple[str, ...]
    region: str | None = None
    near: str | None = None
    mall: str | None = None

    @property
    def address(self) -> str:
        """The page of this plan."""
        chosen = ",".join(self.services)
        return page_url("plan", services=chosen, region=self.region, near=self.near, mall=self.mall)

    @property
    def shared(self) -> str:
        """The address to be sent to others: it does not tell where the sender is."""
        return public_url(replace(self, near=None).address)

    @property
    def completions(self) -> str:
        """Where the names of services that may be added are had."""
        chosen = ",".join(self.services)
        values = {"services": chosen, "region": self.region, "near": self.near}
        return page_url("suggest", **{"for": "plan", **values})

    @property
    def is_full(self) -> bool:
        """Whether no further service may be added."""
        return len(self.services) >= MOST_SERVICES

    def with_service(self, code: str) -> str:
        """The plan with one more service; the mall is chosen anew."""
        return replace(self, services=tuple(dict.fromkeys((*self.services, code))), mall=None).address

    def without(self, code: str) -> str:
        """The plan without a service."""
        return replace(self, services=tuple(one for one in self.services if one != code), mall=None).address

    def at(self, mall: str) -> str:
        """The same at another mall."""
        return replace(self, mall=mall).address


def asked_plan(arguments: MultiDict[str, str]) -> AskedPlan:
    """The plan in an address; services may be parted by commas or given one by one."""
    named = ",".join(arguments.getlist("services")).split(",")
    codes = tuple(dict.fromkeys(code.strip() for code in named if code.strip()))
    return AskedPlan(codes, given(arguments, "region"), given(arguments, "near"), given(arguments, "mall"))


@site.get("/rencana")
def plan() -> str:
    """Choosing services, or the plan for those that are chosen."""
    asked = asked_plan(request.args)
    region, near = region_of(request.args), point_of(request.args)
    if not asked.services:
        return _choosing(asked, region)
    made = catalogue.plan(asked.services, near=near, region=asked.region, mall=asked.mall)
    words = given(request.args, "q")
    page = show(
        "site/plan.html",
        asked=asked,
        plan=made,
        region=region,
        provinces=catalogue.provinces(),
        regions=catalogue.regions(parent=region.code[:2], per_page=100).results if region else (),
        words=words,
        found=_found(asked, words) if words else (),
    )
    if words:
        caching.for_a_minute()  # the index may be a moment behind the log
    return page


@site.get("/plan")
def plan_in_english() -> ResponseReturnValue:
    """Under its English name the page is found too."""
    return redirect(f"{page_url('plan')}?{request.query_string.decode()}".rstrip("?"), 308)


def _choosing(asked: AskedPlan, region: RegionRef | None) -> str:
    """The page on which nothing is chosen yet."""
    events = catalogue.life_events()
    code, words = given(request.args, "life_event"), given(request.args, "q")
    event = next((one for one in events if one.code == code), None)
    if code and event is None:
        raise NotFound(_l("There is no such life event."))
    page = show(
        "site/plan_choose.html",
        asked=asked,
        region=region,
        event=event,
        of_event=_of_event(event),
        events=[one for one in events if one.services],
        words=words,
        found=_found(asked, words) if words else (),
    )
    if words:
        caching.for_a_minute()
    return page


def _of_event(event: CategoryRef | None) -> tuple[ServiceCard, ...]:
    return catalogue.services(life_event=event.code, per_page=100).results if event else ()


def _found(asked: AskedPlan, words: str) -> tuple[ServiceCard, ...]:
    """The services that a search for ``words`` finds and that are not chosen yet."""
    found = search.find(Query(text=words, group="service"))
    ids = list(dict.fromkeys(hit.service_id for hit in found.results if hit.service_id))
    known = catalogue.service_cards(ids)
    cards = (known[one] for one in ids if one in known)
    return tuple(card for card in cards if card.code not in asked.services)[:FOUND_SHOWN]
