"""Linked data: a standard as CPSV-AP, the data as a catalogue of DCAT-AP, in JSON-LD and Turtle."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator

import orjson
from flask import Blueprint, Response, current_app, request, stream_with_context

from siapa import catalogue
from siapa.errors import NotFound
from siapa.locales import current_locale, using
from siapa.locales import lazy as _l
from siapa.opendata import losses
from siapa.opendata.hsds import reading
from siapa.opendata.hsds.reading import Filters
from siapa.opendata.rdf import cpsv, dcat
from siapa.opendata.rdf.graph import FORMS, Node
from siapa.web import caching
from siapa.web.api.asking import reader
from siapa.web.opendata.files import held, present_standing
from siapa.web.opendata.hsds import AskedService
from siapa.web.opendata.slots import STREAMS, Slot

linked = Blueprint("linked", __name__, url_prefix="/data")


@linked.get("/catalog.<ending>")
def data_catalogue(ending: str) -> Response:
    """What data there are (DCAT-AP 3)."""
    caching.timeless()
    return _written(dcat.catalogue(present_standing()), ending)


@linked.get("/standards/<uuid:standard_id>.<ending>")
def public_service(standard_id: uuid.UUID, ending: str) -> Response:
    """One standard in force (CPSV-AP 3.2); or what that does not say of it (``?losses=1``)."""
    asked, url = reader.parse(AskedService(), request, location="query"), _public_url()
    for one in reading.held([standard_id]):
        caching.timeless()
        if asked["losses"]:
            with using(asked.get("lang", current_locale())):
                told = losses.statement(one, lambda held: cpsv.public_service(held, url), "CPSV-AP 3.2.0")
            return Response(orjson.dumps(told), mimetype="application/json")
        return _written(cpsv.public_service(one, url), ending)
    catalogue.standard(standard_id)  # says that it is not there, or why it is gone
    raise NotFound(_l("There is no such service standard."))


@linked.get("/cpsv-ap.<ending>")
def all_services(ending: str) -> Response:
    """All standards in force as one graph, as it is read."""
    write, mimetype = _form(ending)
    response = Response(mimetype=mimetype)
    response.headers["Cache-Control"] = "no-cache"
    if request.method == "GET":
        slot, url = Slot(STREAMS), _public_url()
        nodes = (one for each in reading.every(Filters()) for one in cpsv.public_service(each, url))
        response.response = stream_with_context(held(slot, write(nodes)))
        response.call_on_close(slot.let_go)
    return response


def _written(nodes: list[Node], ending: str) -> Response:
    write, mimetype = _form(ending)
    return Response(b"".join(write(nodes)), mimetype=mimetype)


def _form(ending: str) -> tuple[Callable[[Iterable[Node]], Iterator[bytes]], str]:
    """What writes a graph, and as what; ``NotFound`` for another ending."""
    if ending not in FORMS:
        raise NotFound(_l("This is had as jsonld and ttl."))
    return FORMS[ending]


def _public_url() -> str:
    url: str = current_app.config["SIAPA"].public_url
    return url
