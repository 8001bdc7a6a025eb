"""The API of Open Referral, ``/hsds``: HSDS 3.0 and 3.1, and Open Referral UK 3.0 at Level 1.

Filters hold all at once; one that nobody knows is an error, as everywhere in our API. The
language of the answer is the one that is preferred, for HSDS does not say the language of a text.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import time
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from flask import Blueprint, Response, current_app, redirect, request, stream_with_context, url_for
from werkzeug.wrappers import Response as Redirect

from siapa import catalogue
from siapa.catalogue import LAST_PAGE
from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import current_locale, speak
from siapa.locales import lazy as _l
from siapa.opendata import losses
from siapa.opendata.hsds import organizations, places, reading, services, tabular, taxonomies
from siapa.opendata.hsds.naming import Record
from siapa.opendata.hsds.narrowing import Had
from siapa.opendata.hsds.places import DAYS
from siapa.opendata.hsds.reading import Filters, Held
from siapa.records import Agency
from siapa.web import caching
from siapa.web.api.asking import Asked, Choice, Flag, Moment, PageNumber, Point, Text, Whole, reader
from siapa.web.downloads import NOTHING_ALLOWED
from siapa.web.opendata.files import held as holding
from siapa.web.opendata.files import present_standing
from siapa.web.opendata.openapi import document
from siapa.web.opendata.slots import STREAMS, Slot

hsds = Blueprint("hsds", __name__, url_prefix="/hsds")

PER_PAGE, MOST_PER_PAGE = 50, 100
#: The version that is spoken: a number, as the validators read it.
VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/en/3.0/hsds/overview.html"
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
UUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"

T = TypeVar("T")


class AskedHsds(Asked):
    """What every list of HSDS understands; a validator writes ``perPage`` for ``per_page``."""

    page = PageNumber(1, LAST_PAGE, "The page, from 1.", load_default=1)
    per_page = Whole(1, MOST_PER_PAGE, "Records a page.", load_default=None)
    perPage = Whole(1, MOST_PER_PAGE, "The same as per_page.", load_default=None)
    search = Text("Words that the name holds.")
    format = Choice(("json", "ndjson"), "A page, or all records, one a line.", load_default="json")


class AskedServices(AskedHsds):
    """Filters of the services."""

    organization_id = Text("Of this organization.", pattern=UUID)
    taxonomy_id = Text("With a term of this taxonomy.", pattern=UUID)
    taxonomy_term_id = Text("With this term.", pattern=UUID)
    modified_after = Moment("Changed after this moment, it or what belongs to it.")
    minimal = Flag("Only the identifier and when it was last changed.", load_default=False)
    full = Flag("With all that belongs to it.", load_default=False)
    minimum_age = Whole(0, 150, "For persons of this age and older; no service here says an age.")
    maximum_age = Whole(0, 150, "For persons up to this age; no service here says an age.")
    day = Choice(DAYS, "Had on this day of the week.")
    start_time = Text("Had from this time on, by the clock of the place.", pattern=CLOCK)
    end_time = Text("Had until this time, by the clock of the place.", pattern=CLOCK)


class AskedAtLocations(AskedServices):
    """Filters of the services at locations."""

    postcode = Point("Around this point (latitude,longitude): no postal codes are known here.")
    proximity = Whole(1, 500_000, "Within so many metres of it.", load_default=10_000)


class AskedService(Asked):
    """What one service may be asked for."""

    losses = Flag("What the record does not say of the standard, in its place.", load_default=False)


class AskedTerms(AskedHsds):
    """Filters of the terms."""

    taxonomy_id = Text("Of this taxonomy.", pattern=UUID)
    parent_id = Text("Below this term; none of ours lies below another.", pattern=UUID)
    top_only = Flag("Only those that lie below no other; none of ours does.", load_default=False)


@hsds.get("")
def without_slash() -> Redirect:
    """The root has a slash at its end."""
    return redirect(url_for("hsds.root"), 308)


@hsds.get("/")
def root() -> Response:
    """Which version this is, and where it is described."""
    caching.timeless()
    address = f"{_public_url()}/hsds/openapi.json"
    response = _json({"version": VERSION, "profile": PROFILE, "openapi_url": address})
    # The answer itself may hold nothing that HSDS does not name.
    response.headers["Link"] = f'<{_public_url()}/hsds/tabular.zip>; rel="alternate"; type="application/zip"'
    return response


@hsds.get("/tabular.zip")
def tabular_package() -> Response:
    """All of it as the tables of HSDS, with their data package."""
    standing, language = present_standing(), current_locale()
    name = f"siapa-hsds-{standing.number}-{language}.zip"
    response = _streamed(lambda: tabular.zipped(standing, language), "application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = NOTHING_ALLOWED
    response.headers["X-Change-Number"] = str(standing.number)
    return response


@hsds.get("/openapi.json")
def openapi() -> Response:
    """The description of this API (OpenAPI 3.1)."""
    caching.timeless()
    return _json(document(_public_url()))


@hsds.get("/services")
def list_services() -> Response:
    """The standards in force as services."""
    asked = _asked(AskedServices())
    filters = _filters(asked)
    url = _public_url()
    if asked["format"] == "ndjson":
        told = services.minimal if asked["minimal"] else None
        return _all(
            lambda: (told(one) if told else services.service(one, url) for one in reading.every(filters))
        )
    total = reading.count(filters)
    found = reading.listed(filters, page=asked["page"], per_page=_size(asked))
    return _page(total, asked, [_service(one, asked, url) for one in found])


@hsds.get("/services/<uuid:service_id>")
def get_service(service_id: uuid.UUID) -> Response:
    """One service with all that belongs to it; or what it does not say of its standard (``?losses=1``)."""
    asked, url = _asked(AskedService()), _public_url()
    for one in reading.held([service_id]):
        if asked["losses"]:
            return _json(losses.statement(one, lambda held: services.service(held, url), f"HSDS {VERSION}"))
        return _json(services.service(one, url))
    catalogue.standard(service_id)  # says that it is not there, or why it is gone
    raise NotFound(_l("There is no such service standard."))


@hsds.get("/service_at_locations")
def list_at_locations() -> Response:
    """The offerings of the standards in force."""
    asked = _asked(AskedAtLocations())
    filters, url = _filters(asked), _public_url()
    if asked["format"] == "ndjson":
        return _all(
            lambda: (
                services.at_location(one, places.service_at_location(own), url)
                for one in reading.every(filters)
                for own in one.offerings
            )
        )
    total, found = reading.offerings_page(filters, page=asked["page"], per_page=_size(asked))
    return _page(total, asked, [
        services.at_location(one, places.service_at_location(own), url) for one, own in found
    ])  # fmt: skip


@hsds.get("/service_at_locations/<uuid:offering_id>")
def get_at_location(offering_id: uuid.UUID) -> Response:
    """One offering, with its service and its place."""
    found = reading.offering(offering_id)
    if found is None:
        raise NotFound(_l("There is no such entry."))
    caching.timeless()
    one, own = found
    return _json(services.at_location(one, places.service_at_location(own), _public_url()))


@hsds.get("/organizations")
def list_organizations() -> Response:
    """The agencies."""
    asked = _asked(AskedHsds())
    found = sa.select(Agency).order_by(Agency.id)
    if asked.get("search"):
        found = found.where(Agency.name.icontains(asked["search"], autoescape=True))
    url = _public_url()
    if asked["format"] == "ndjson":
        return _all(lambda: (organizations.organization(one, url) for one in db.session.scalars(found)))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(found.subquery())) or 0
    size = _size(asked)
    rows = db.session.scalars(found.limit(size).offset((asked["page"] - 1) * size))
    return _page(total, asked, [organizations.organization(one, url) for one in rows])


@hsds.get("/organizations/<uuid:organization_id>")
def get_organization(organization_id: uuid.UUID) -> Response:
    """One agency."""
    row = db.session.get(Agency, organization_id)
    if row is None:
        raise NotFound(_l("There is no such agency."))
    caching.timeless()
    return _json(organizations.organization(row, _public_url()))


@hsds.get("/taxonomies")
def list_taxonomies() -> Response:
    """The vocabularies that attributes point into."""
    return _of_all(taxonomies.taxonomies(), _asked(AskedHsds()))


@hsds.get("/taxonomies/<uuid:taxonomy_id>")
def get_taxonomy(taxonomy_id: uuid.UUID) -> Response:
    """One vocabulary."""
    return _one_of(taxonomies.taxonomies(), taxonomy_id)


@hsds.get("/taxonomy_terms")
def list_terms() -> Response:
    """The terms of the vocabularies."""
    asked = _asked(AskedTerms())
    found = [] if asked.get("parent_id") else taxonomies.terms()
    if wanted := asked.get("taxonomy_id"):
        found = [one for one in found if one["taxonomy_id"] == wanted.lower()]
    return _of_all(found, asked)


@hsds.get("/taxonomy_terms/<uuid:term_id>")
def get_term(term_id: uuid.UUID) -> Response:
    """One term."""
    return _one_of(taxonomies.terms(), term_id)


def _asked(schema: Asked) -> dict[str, Any]:
    asked: dict[str, Any] = reader.parse(schema, request, location="query")
    caching.timeless()
    return asked


def _filters(asked: dict[str, Any]) -> Filters:
    organization = asked.get("organization_id")
    taxonomy, term = asked.get("taxonomy_id"), asked.get("taxonomy_term_id")
    had = Had(asked.get("day"), _clock(asked.get("start_time")), _clock(asked.get("end_time")), _near(asked))
    return Filters(
        search=asked.get("search"),
        organization_id=uuid.UUID(organization) if organization else None,
        taxonomy_id=taxonomy.lower() if taxonomy else None,
        taxonomy_term_id=term.lower() if term else None,
        modified_after=asked.get("modified_after"),
        had=None if had == Had() else had,
    )


def _clock(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


def _near(asked: dict[str, Any]) -> tuple[float, float, int] | None:
    point = asked.get("postcode")
    return (*point, asked["proximity"]) if point else None


def _service(one: Held, asked: dict[str, Any], url: str) -> Record:
    if asked["minimal"]:
        return services.minimal(one)
    if asked["full"]:
        return services.service(one, url)
    return {**services.summary(one, url), "organization": organizations.organization(one.agency, url)}


def _size(asked: dict[str, Any]) -> int:
    return int(asked["per_page"] or asked["perPage"] or PER_PAGE)


def _page(total: int, asked: dict[str, Any], contents: Sequence[Record]) -> Response:
    """A page in the envelope of HSDS, with all its members."""
    size = _size(asked)
    pages = -(-total // size)
    return _json(
        {
            "total_items": total,
            "total_pages": pages,
            "page_number": asked["page"],
            "size": len(contents),
            "first_page": asked["page"] == 1,
            "last_page": asked["page"] == max(1, pages),
            "empty": not contents,
            "contents": contents,
        }
    )


def _of_all(records: list[Record], asked: dict[str, Any]) -> Response:
    """A page of records that are all in memory."""
    if word := asked.get("search"):
        records = [one for one in records if word.lower() in one["name"].lower()]
    if asked["format"] == "ndjson":
        return _all(lambda: iter(records))
    size = _size(asked)
    start = (asked["page"] - 1) * size
    return _page(len(records), asked, records[start : start + size])


def _one_of(records: list[Record], wanted: uuid.UUID) -> Response:
    for record in records:
        if record["id"] == str(wanted):
            caching.timeless()
            return _json(record)
    raise NotFound(_l("There is no such entry."))


def _all(records: Callable[[], Iterator[Record]]) -> Response:
    """All records, one a line, as they are read."""
    return _streamed(
        lambda: (orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records()),
        "application/x-ndjson",
    )


def _streamed(pieces: Callable[[], Iterator[bytes]], mimetype: str) -> Response:
    """``pieces`` as they are made, in the language of the request."""
    slot, locale = Slot(STREAMS), current_locale()

    def spoken() -> Iterator[bytes]:
        speak(locale)  # the request may be over while its answer is still read
        yield from pieces()

    response = Response(stream_with_context(holding(slot, spoken())), mimetype=mimetype)
    response.call_on_close(slot.let_go)
    return response


def _json(content: Any) -> Response:
    return Response(orjson.dumps(content), mimetype="application/json")


def _public_url() -> str:
    url: str = current_app.config["SIAPA"].public_url
    return url
