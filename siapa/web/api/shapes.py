"""How the values of the catalogue stand in JSON, and how that is told in the OpenAPI document.

Both come from one place, the dataclasses: a field is a name in the JSON, in the same
order. ``SHAPES`` holds the few that stand otherwise: a card inside a view is taken up
a level, an address is added, pairs become objects.
"""

from __future__ import annotations

import types
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints, is_typeddict

import orjson

from siapa.catalogue import views
from siapa.catalogue.comparing import Comparison
from siapa.catalogue.keeping import Kept
from siapa.catalogue.planning import ChecklistItem
from siapa.document.completeness import Completeness
from siapa.document.standard_document import COMPONENTS, StandardDocument
from siapa.locales import current_locale
from siapa.web.api import links
from siapa.web.api.values import CounterAt, OpenSpan
from siapa.web.api.written import Written

Schema = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Added:
    """A name in the JSON that is no field: its type, and how it is had."""

    type: Any
    of: Callable[[Any], Any]


@dataclass(frozen=True)
class Shape:
    """How one kind of value differs from its fields."""

    #: The field whose own names are taken up a level, before the others.
    flat: str | None = None
    #: Fields that have another name in the JSON: a count beside a list of the same things.
    renamed: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    added: Mapping[str, Added] = field(default_factory=dict)


def _address(of: Callable[[Any], str | None], type: Any = str) -> dict[str, Added]:
    return {"url": Added(type, of)}


def _completeness(view: views.StandardView) -> Completeness:
    return Completeness(tuple(c for c in COMPONENTS if c not in view.missing), view.missing)


SHAPES: Mapping[type, Shape] = {
    views.Source: Shape(added={"is_verified": Added(bool, lambda v: v.is_verified)}),
    views.RegionRef: Shape(added=_address(lambda v: links.region(v.code))),
    views.AgencyRef: Shape(added=_address(lambda v: links.agency(v.slug))),
    views.AgencyThen: Shape(added=_address(lambda v: links.agency(v.slug))),
    views.ServiceRef: Shape(added=_address(lambda v: links.service(v.slug))),
    views.PlaceRef: Shape(added=_address(links.place, str | None)),
    views.StandardCard: Shape(added=_address(lambda v: links.standard(v.agency.slug, v.slug))),
    views.StandardView: Shape(
        flat="card",
        left_out=("missing", "document"),
        added={
            "completeness": Added(Completeness, _completeness),
            "document": Added(StandardDocument, lambda v: v.document),
        },
    ),
    Completeness: Shape(added={"percent": Added(int, lambda v: v.percent)}),
    views.CategoryRef: Shape(renamed={"services": "service_count"}),
    views.ServiceCard: Shape(
        renamed={
            "standards": "standard_count",
            "places": "place_count",
            "free_standards": "free_standard_count",
        },
        added=_address(lambda v: links.service(v.slug)),
    ),
    views.ServiceView: Shape(
        flat="card",
        left_out=("outline",),
        added={"outline": Added(StandardDocument | None, lambda v: v.outline)},
    ),
    views.AgencyCard: Shape(
        renamed={"standards": "standard_count"}, added=_address(lambda v: links.agency(v.slug))
    ),
    views.AgencyView: Shape(
        flat="card",
        left_out=("counters",),
        added={"counters": Added(tuple[CounterAt, ...], lambda v: [CounterAt(*c) for c in v.counters])},
    ),
    views.MallCard: Shape(flat="place", renamed={"counters": "counter_count", "services": "offering_count"}),
    views.MallView: Shape(
        flat="card",
        left_out=("hours",),
        added={
            "weekly_hours": Added(tuple[OpenSpan, ...], lambda v: [OpenSpan(*row) for row in v.hours]),
        },
    ),
    views.CounterView: Shape(
        left_out=("hours",),
        added={"weekly_hours": Added(tuple[OpenSpan, ...], lambda v: [OpenSpan(*row) for row in v.hours])},
    ),
    views.RegionView: Shape(flat="region", renamed={"standards": "standard_count"}),
    Comparison: Shape(left_out=("documents",)),
    ChecklistItem: Shape(added={"is_always": Added(bool, lambda v: v.is_always)}),
}

#: What a name means where it is not plain; the same in every shape, unless the shape stands before it.
MEANINGS: Mapping[str, str] = {
    "days_min": "Working days.",
    "days_max": "Working days; null where no limit in days is given.",
    "fee_min_idr": "Whole rupiah.",
    "fee_max_idr": "Whole rupiah; null where the fee is not known or follows a formula.",
    "amount_idr": "Whole rupiah.",
    "digest": "SHA-256 of the document in its canonical form (RFC 8785), in hexadecimal.",
    "components_given": "How many of the 14 components of the law are given.",
    "confidence": "sourced: a source says so; implied: a source implies it; general: general knowledge, "
    "not verified; null: the agency itself said so.",
    "hours": "Opening hours in OpenStreetMap's opening_hours syntax; null where they are not known.",
    "is_open": "Whether it is open now; null where the hours are not known.",
    "is_centroid": "The point is the middle of the region, not the building.",
    "url": "The page for people on this site, from the root of the site.",
    "code": "The lasting code.",
    "timezone": "IANA name.",
    "distance_km": "Kilometres as the crow flies from the point given with near.",
    "NearestPlace.distance_km": "Kilometres as the crow flies, from where reason says.",
    "change_number": "The newest change of the log that stands in the figures.",
    "Standing.day": "The day as of which a review is overdue, in the registry's home zone.",
    "complete_count": "Standards that give all 14 components of the law.",
    "overdue_count": "Standards whose day of review has passed.",
    "fee_count": "Standards that state an amount; free is an amount of 0.",
    "fee_median_idr": "Median of the least amount of those in fee_count, rupiah; null where there is none.",
    "paid_count": "Standards whose least amount is more than 0.",
    "paid_fee_median_idr": "Median of the least amount of those in paid_count, rupiah.",
    "time_count": "Standards that state a time.",
    "days_median": "Median of the longest promised time of those in time_count, working days.",
    "Figures.completeness": "Components given of all 14 that the law asks for, over all standards; 0 to 1.",
    "period": "A year, or year-month, in the registry's home zone.",
    "Moved.new": "Of the editions begun those that are the first of their standard; of malls all.",
    "Moved.standing": "How many there were at the end of the period.",
    "nearest": "Where the service is had, when it is not had in the asked place; else null.",
    "NearestPlace.reason": "position: by the way from the point given with near; region: by the way from the "
    "middle of the asked region, or from the asked mall; province: no way is known, but it is in the same "
    "province; elsewhere: neither.",
    "explanation": "How the result came to its score; only with explain.",
    "Explanation.order": "What put the standard in its place among those that give the same service: the "
    "first that differs decides, the lower comes first.",
    "worth": "What of the words is answered, each by its weight.",
    "likeness": "How alike the words and a name are, 0 to 1.",
    "coverage": "The share of the words that is answered, 0 to 1.",
    "reported_agencies": "How many agencies a source reports, which may be more than are listed here.",
    "reported_services": "How many services a source reports, which may be more than are listed here.",
    "newest_edition": "The number of the newest edition that was ever public.",
    "sourced_components": "The components that a source supports; the others are general knowledge.",
    "version": "Counts the saves of a draft.",
    "remarks": "What the reviewer said, by component; the empty name is the whole.",
    "week": "When the chosen mall is open in a usual week; empty where that is not known.",
    "is_far": "More than 100 km away: ranked after every mall that is nearer.",
    "uncertain": "Of these only an agreement to have a counter is known.",
    "given_by": "The chosen service that gives it before another asks for it; null: bring it.",
    "step": "From 1; services of one step need not wait for each other.",
    "is_always": "Whether some service asks for it in every case; else see applies_when of each.",
    "ChecklistItem.copies": "Copies of all services together; null where no service says how many.",
    "ChecklistItem.original": "Whether any service asks for the original; null where none says.",
    "unknown": "Services that state none; they stand in no sum.",
    "population": "How many were served in the period; null where it is not said.",
    "sample_needed": "How many should have answered for so many served; 384 where that is not said.",
    "element_means": "In the order of PermenPANRB 14/2017, each from 1 to 4.",
    "grade": "A to D, by the index rounded to two decimals.",
    "percent_within": "Within the promise, of all applications; null where it does not apply.",
    "is_met": "Whether the share reaches the target; null where it does not apply.",
    "is_current": "Whether the entry holds; else a later one of the same period corrects it.",
    "highlight": "The text in runs; is_match marks what answers the query.",
}


@cache
def _plan(kind: type[Any]) -> tuple[str | None, tuple[tuple[str, str], ...], tuple[tuple[str, Added], ...]]:
    """For ``kind``: the field taken up a level, pairs (name in JSON, field), what is added."""
    shape = SHAPES.get(kind, Shape())
    names = tuple(
        (shape.renamed.get(f.name, f.name), f.name)
        for f in fields(kind)
        if f.name != shape.flat and f.name not in shape.left_out
    )
    return shape.flat, names, tuple(shape.added.items())


@cache
def _reading(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """For ``kind``: the names in JSON, and what reads their values in one go."""
    _flat, names, _additions = _plan(kind)
    attributes = [attribute for _name, attribute in names]
    if len(attributes) < 2:
        return tuple(name for name, _ in names), lambda value: tuple(getattr(value, a) for a in attributes)
    return tuple(name for name, _ in names), attrgetter(*attributes)


def plain(value: Any) -> dict[str, Any]:
    """``value`` as one level of JSON; what stands below it is left for the serialiser."""
    kind: Any = type(value)
    flat, _names, additions = _plan(kind)
    names, values_of = _reading(kind)
    content = plain(getattr(value, flat)) if flat else {}
    content.update(zip(names, values_of(value), strict=True))
    for name, added in additions:
        content[name] = added.of(value)
    return content


#: Small values that stand in many answers: their JSON is made once for each that there is.
_REFERENCES: frozenset[type] = frozenset(
    (views.RegionRef, views.AgencyRef, views.ServiceRef, views.PlaceRef, views.CategoryRef)
)


@lru_cache(maxsize=8_192)
def _reference(value: Any, _locale: str) -> orjson.Fragment:
    """The JSON of a reference in the language that is spoken, which stands in its addresses."""
    return orjson.Fragment(orjson.dumps(plain(value), default=_default, option=_OPTIONS))


def _default(value: Any) -> Any:
    if type(value) in _REFERENCES:
        return _reference(value, current_locale())
    return plain(value) if is_dataclass(value) else str(value)


_OPTIONS = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_UTC_Z


def serialised(value: Any) -> bytes:
    """``value`` as JSON: dataclasses by their shape, days and moments as ISO 8601 (UTC), ids as text."""
    return orjson.dumps(value, default=_default, option=_OPTIONS)


def written_now(value: T) -> Written[T]:
    """The JSON of ``value``, to stand in an answer."""
    return cast(Written[T], orjson.Fragment(serialised(value)))


def written(kept: Kept[T], name: str = "", part: Callable[[T], Any] | None = None) -> Written[Any]:
    """The JSON of a kept value, or of its ``part`` called ``name``: written once a language, and kept."""
    made: Written[Any] = kept.made(
        ("json", name, current_locale()), lambda value: written_now(part(value) if part else value)
    )
    return made


@cache
def names_of(kind: type) -> tuple[str, ...]:
    """The names of ``kind`` in JSON: what ``fields`` may ask for."""
    flat, names, additions = _plan(kind)
    above = names_of(get_type_hints(kind)[flat]) if flat else ()
    return tuple(dict.fromkeys((*above, *(name for name, _ in (*names, *additions)))))


# ------------------------------------------------------------------ as JSON Schema

_SIMPLE: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
    Any: {},
    object: {},
}
#: Packages whose absent values are left out of the JSON instead of being null.
_LEAVES_OUT = ("siapa.document.standard_document",)
_NAMES: Mapping[type, str] = {StandardDocument: "Document"}


class Components:
    """The schemas of all kinds of value that were asked for, by name."""

    def __init__(self, selectable: tuple[type, ...]) -> None:
        #: Kinds of which ``fields`` picks some names, so that none is certain to be there.
        self._selectable = selectable
        self.schemas: dict[str, Schema] = {}

    def of(self, annotation: Any) -> Schema:
        """The schema of a value of the type ``annotation``."""
        if annotation in _SIMPLE:
            return dict(_SIMPLE[annotation])
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in (Union, types.UnionType):
            return self._either(arguments)
        if origin is Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin is Written:
            return self.of(arguments[0])
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin in (dict, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(annotation, type) and issubclass(annotation, StrEnum):
            return {"type": "string", "enum": [member.value for member in annotation]}
        if isinstance(annotation, type) and (is_dataclass(annotation) or is_typeddict(annotation)):
            return self._reference(annotation)
        raise TypeError(f"no JSON Schema for {annotation!r}")

    def _either(self, arguments: tuple[Any, ...]) -> Schema:
        known = [self.of(argument) for argument in arguments if argument is not type(None)]
        if len(known) == len(arguments):
            return {"anyOf": known}
        if len(known) == 1 and isinstance(known[0].get("type"), str):
            schema = {**known[0], "type": [known[0]["type"], "null"]}
            if "enum" in schema:
                schema["enum"] = [*schema["enum"], None]
            return schema
        return {"anyOf": [*known, {"type": "null"}]}

    def _reference(self, kind: type) -> Schema:
        name = _NAMES.get(kind, kind.__name__)
        if name not in self.schemas:
            self.schemas[name] = {}  # a kind may hold itself
            self.schemas[name] = self._object(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, kind: type) -> Schema:
        properties = self._properties(kind)
        schema: Schema = {"type": "object", "description": _first_line(kind), "properties": properties}
        required = [name for name in properties if not self._may_lack(kind, name)]
        if required:
            schema["required"] = required
        return schema

    def _properties(self, kind: type) -> dict[str, Schema]:
        hints = get_type_hints(kind)
        if is_typeddict(kind):
            return {name: self._described(name, hint, kind) for name, hint in hints.items()}
        flat, names, additions = _plan(kind)
        properties = self._properties(hints[flat]) if flat else {}
        for name, attribute in names:
            properties[name] = self._described(name, hints[attribute], kind)
        for name, added in additions:
            properties[name] = self._described(name, added.type, kind)
        return properties

    def _described(self, name: str, annotation: Any, kind: type) -> Schema:
        if kind.__module__ in _LEAVES_OUT and type(None) in get_args(annotation):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        schema = self.of(annotation)
        meaning = MEANINGS.get(f"{kind.__name__}.{name}", MEANINGS.get(name))
        if meaning is not None and not schema.get("$ref"):
            schema["description"] = meaning
        return schema

    def _may_lack(self, kind: type, name: str) -> bool:
        if kind in self._selectable:
            return True
        if kind.__module__ not in _LEAVES_OUT:
            return False
        annotation = get_type_hints(kind)[name]
        return type(None) in get_args(annotation) or get_origin(annotation) is tuple


def _first_line(kind: type) -> str:
    return (kind.__doc__ or "").strip().partition("\n")[0].replace("``", "")
