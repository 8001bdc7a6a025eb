"""What may be asked of the API: kinds of parameter, and the reader that names what is wrong.

marshmallow does the reading and tells the OpenAPI document what is allowed; the
sentences are ours. A parameter nobody knows is an error, because a misspelt filter
that is passed over answers another question than was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, NoReturn

import flask
import marshmallow as ma
from flask import Request
from marshmallow import RAISE, ValidationError
from marshmallow.fields import Field
from webargs.fields import DelimitedList
from webargs.flaskparser import FlaskParser

from siapa.catalogue import LAST_PAGE, MOST_PER_PAGE, PER_PAGE
from siapa.errors import Problem, Rejected
from siapa.locales import LOCALES, Words
from siapa.locales import lazy as _l
from siapa.web.api.shapes import names_of

#: Of a value that was refused, so much is said back.
LONGEST_SHOWN = 80
LONGEST_WORD = 120
REGION_CODE = r"^[0-9]{2}(\.[0-9]{2})?$"
POINT = r"^-?[0-9]{1,2}(\.[0-9]{1,10})?,-?[0-9]{1,3}(\.[0-9]{1,10})?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"

_WHOLE = re.compile(r"([+-]?)0*([0-9]{1,18})(?:\.0+)?")
_DAY = re.compile(DAY)
_POINT = re.compile(POINT)
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)


class Whole(Field[int]):
    """A whole number from ``low`` to ``high``; ``12.0`` is one too, as JSON Schema has it."""

    def __init__(self, low: int, high: int, description: str, **more: Any) -> None:
        told = {"type": "integer", "minimum": low, "maximum": high, "description": description}
        super().__init__(metadata=told, **more)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> int:
        found = _WHOLE.fullmatch(value) if len(value) <= LONGEST_WORD else None
        number = int(found[1] + found[2]) if found else None
        if number is None or not self.low <= number <= self.high:
            raise _refused(_l("Give a whole number from %(low)s to %(high)s.", low=self.low, high=self.high))
        return number


#: Parameters that do not make a list shorter.
_NO_FILTERS = ("page", "per_page", "sort", "fields_", "lang", "facets", "group", "exact", "explain")


class PageNumber(Whole):
    """The number of a page; beyond the last one there are filters, not pages."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> int:
        try:
            return super()._deserialize(value, *args, **more)
        except ValidationError:
            filters = ", ".join(self._filters())
            message = _l(
                "Give a page from 1 to %(high)s. For what lies further on, narrow the list: %(filters)s.",
                high=self.high,
                filters=filters,
            )
            raise _refused(message) from None

    def _filters(self) -> list[str]:
        """The parameters beside this one that make the list shorter."""
        names = self.parent.fields if isinstance(self.parent, ma.Schema) else ()
        return [name for name in names if name not in _NO_FILTERS]


class Choice(Field[str]):
    """One of ``allowed``."""

    def __init__(self, allowed: tuple[str, ...], description: str, **more: Any) -> None:
        told = {"type": "string", "enum": list(allowed), "description": description}
        super().__init__(metadata=told, **more)
        self.allowed = allowed

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> str:
        if value not in self.allowed:
            raise _refused(_l("Choose one of: %(allowed)s.", allowed=", ".join(self.allowed)))
        return str(value)


def choice_of(kind: type[StrEnum], description: str, **more: Any) -> Choice:
    """One of the values of ``kind``."""
    return Choice(tuple(member.value for member in kind), description, **more)


class Text(Field[str]):
    """A short text, such as a code or a slug; ``pattern`` narrows it and ``hint`` says how."""

    def __init__(
        self, description: str, *, longest: int = LONGEST_WORD, shortest: int = 1,
        pattern: str | None = None, hint: Words | None = None, **more: Any,
    ) -> None:  # fmt: skip
        told = {"type": "string", "minLength": shortest, "maxLength": longest, "description": description}
        if pattern:
            told["pattern"] = pattern
        super().__init__(metadata=told, **more)
        self.longest, self.shortest = longest, shortest
        self.pattern = re.compile(pattern) if pattern else None
        self.hint = hint

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> str:
        if not isinstance(value, str):  # in a body it may be anything
            raise _refused(_l("This must be a text."))
        text = value
        if self.pattern and not self.pattern.fullmatch(text):
            raise _refused(self.hint or _l("This is not written as it must be."))
        if not self.shortest <= len(text) <= self.longest:
            raise _refused(_l("Give %(low)s to %(high)s characters.", low=self.shortest, high=self.longest))
        return text


class Flag(Field[bool]):
    """``true`` or ``false``; ``1`` and ``0`` are taken too."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(metadata={"type": "boolean", "description": description}, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> bool:
        if value not in ("true", "false", "1", "0"):
            raise _refused(_l("Choose one of: %(allowed)s.", allowed="true, false"))
        return value in ("true", "1")


class Point(Field[tuple[float, float]]):
    """A point on the earth, ``LAT,LON`` in degrees."""

    def __init__(self, description: str, **more: Any) -> None:
        told = {"type": "string", "pattern": POINT, "description": description, "example": "-3.97,122.51"}
        super().__init__(metadata=told, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> tuple[float, float]:
        if _POINT.fullmatch(value):
            latitude, longitude = (float(part) for part in value.split(","))
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return latitude, longitude
        raise _refused(_l("Give a point as latitude and longitude in degrees, such as -3.97,122.51."))


class Day(Field[date]):
    """A day, year-month-day."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "date", "description": description}, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> date:
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise _refused(_l("Give a day as year-month-day, such as 2026-01-31."))


class Moment(Field[datetime]):
    """A moment in ISO 8601; a day alone is its first moment, one without a zone is taken as UTC."""

    def __init__(self, description: str, **more: Any) -> None:
        told = {"type": "string", "format": "date-time", "description": description}
        super().__init__(metadata=told, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> datetime:
        # A plus sign that was not escaped has become a blank on its way.
        text = re.sub(r" (?=[0-9]{2}:[0-9]{2}$)", "+", value) if value.count(":") > 1 else value
        try:
            if _MOMENT.fullmatch(text):
                moment = datetime.fromisoformat(text.upper())
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise _refused(_l("Give a moment such as 2026-01-31 or 2026-01-31T08:00:00Z."))


class Several(DelimitedList):
    """Some of ``allowed``, parted by commas; at least one."""

    def __init__(self, allowed: tuple[str, ...], description: str, **more: Any) -> None:
        told = {"description": description, "minItems": 1}
        super().__init__(Choice(allowed, ""), metadata=told, **more)
        self.allowed = allowed

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> list[Any]:
        if not value:
            raise _refused(_l("Choose one of: %(allowed)s.", allowed=", ".join(self.allowed)))
        chosen: list[Any] = super()._deserialize(value, attr, data, **more)  # type: ignore[no-untyped-call]
        return chosen


def _refused(message: Words) -> ValidationError:
    # marshmallow keeps lists as they are; a lazy text alone it would take for a list.
    return ValidationError([message])


def region_code(description: str = "Code of a region and all below it, such as 74 or 74.71.") -> Text:
    """The code of a province, regency or city."""
    return Text(
        description, pattern=REGION_CODE, longest=5,
        hint=_l("A region's code looks like 74 (a province) or 74.71 (a regency or city)."),
    )  # fmt: skip


class Asked(ma.Schema):
    """What every address understands."""

    class Meta:
        """A parameter that is not listed is an error."""

        unknown = RAISE

    lang = Choice(LOCALES, "Language of messages, labels and page addresses; else Accept-Language decides.")


class AskedList(Asked):
    """What every list understands."""

    page = PageNumber(1, LAST_PAGE, "The page, from 1.", load_default=1)
    per_page = Whole(1, MOST_PER_PAGE, "Results a page.", load_default=PER_PAGE)


def with_fields(base: type[ma.Schema], kind: type) -> type[ma.Schema]:
    """``base`` with ``fields``: which names of ``kind`` are wanted."""
    # The attribute cannot be called ``fields``: marshmallow keeps its own under that name.
    chosen = Several(names_of(kind), "Only these names of each result, parted by commas.", data_key="fields")
    return type(f"{base.__name__}Of{kind.__name__}", (base,), {"fields_": chosen})


class Reader(FlaskParser):
    """Reads the query string; what is wrong becomes ``Rejected`` with every problem named."""

    DEFAULT_VALIDATION_STATUS = 422
    #: The schema decides: it refuses what it does not know. webargs would drop it.
    DEFAULT_UNKNOWN_BY_LOCATION = {"query": None}

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The parameters; one that is given twice is refused, since one of the two would be passed over."""
        twice = [name for name in req.args if len(req.args.getlist(name)) > 1]
        if twice:
            raise Rejected(Problem(shown(name), _l("Give this parameter once.")) for name in twice)
        return req.args.to_dict()

    def handle_error(
        self, error: ValidationError, req: Request, schema: ma.Schema, *,
        error_status_code: int | None, error_headers: Mapping[str, str] | None,
    ) -> NoReturn:  # fmt: skip
        """Say what marshmallow found in our own words."""
        known = tuple(field.data_key or name for name, field in schema.fields.items())
        messages = error.messages_dict.get("query", error.messages_dict)
        raise Rejected(
            Problem(shown(name), first(found) if name in known else unknown(name, known),
                    shown(req.args.get(name, "")))
            for name, found in messages.items()
        )  # fmt: skip


def shown(text: str) -> str:
    """As much of what was handed in as is said back."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def first(found: Any) -> Words:
    """The first message of a field, or of an item of a list."""
    while isinstance(found, dict | list):
        found = next(iter(found.values())) if isinstance(found, dict) else found[0]
    message: Words = found
    return message


def unknown(name: str, known: tuple[str, ...]) -> Words:
    """What is said of a parameter nobody knows, with the nearest that is known."""
    near = get_close_matches(name[:40], known, n=1, cutoff=0.6)
    if near:
        return _l("There is no such parameter. Did you mean %(near)s?", near=near[0])
    return _l("There is no such parameter. There are: %(known)s.", known=", ".join(known))


reader = Reader()


def chosen_fields(asked: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The names that were asked for with ``fields``; None for all."""
    names = asked.get("fields_")
    return tuple(names) if names else None


def this_address(page: int) -> str:
    """The address that was asked, with another page."""
    values = {**flask.request.args.to_dict(), "page": str(page)}
    return flask.url_for(flask.request.endpoint or "", **{**(flask.request.view_args or {}), **values})
