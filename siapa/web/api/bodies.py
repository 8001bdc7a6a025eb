"""What is sent to the API: one JSON object, of which every field that is wrong is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import request
from marshmallow import RAISE, ValidationError
from marshmallow.fields import Field
from werkzeug.exceptions import UnsupportedMediaType

from siapa.document.handed_in import Path, path_text, shown_value
from siapa.document.strict_json import parse_json
from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.records import ELEMENTS
from siapa.web.api.asking import Day, shown
from siapa.web.hooks import refusal

JSON = "application/json"

_CLOCK = re.compile(r"([01][0-9]|2[0-3])[:.]([0-5][0-9])")


class Body(ma.Schema):
    """A JSON object; a field that is not listed is an error."""

    class Meta:
        """Nothing is passed over."""

        unknown = RAISE

    #: Lists, for marshmallow would take a lazy text for one.
    error_messages = {
        "unknown": [_l("This field is not known here.")],  # type: ignore[dict-item]
        "type": [_l("Send one JSON object.")],  # type: ignore[dict-item]
    }

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Say "null" and "missing" in our words."""
        missing: Any = [_l("This must be given.")]
        field_obj.error_messages.update({"required": missing, "null": missing})


def required() -> dict[str, Any]:
    """What makes a field one that must be given."""
    return {"required": True}


def optional() -> dict[str, Any]:
    """What makes a field one that may be null, which takes away what stood there."""
    return {"allow_none": True}


class Number(Field[float]):
    """A number from ``low`` to ``high``."""

    def __init__(self, low: float, high: float, description: str, **more: Any) -> None:
        told = {"type": "number", "minimum": low, "maximum": high, "description": description}
        super().__init__(metadata=told, **more)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high:
            raise _refused(_l("This must lie between %(low)s and %(high)s.", low=self.low, high=self.high))
        return float(value)


class Count(Field[int]):
    """A whole number from ``low`` to ``high``."""

    def __init__(self, low: int, high: int, description: str, **more: Any) -> None:
        told = {"type": "integer", "minimum": low, "maximum": high, "description": description}
        super().__init__(metadata=told, **more)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high or value != int(value):
            raise _refused(_l("Give a whole number from %(low)s to %(high)s.", low=self.low, high=self.high))
        return int(value)


class Weekday(Field[int]):
    """A weekday, 1 for Monday to 7 for Sunday."""

    def __init__(self, description: str, **more: Any) -> None:
        told = {"type": "integer", "minimum": 1, "maximum": 7, "description": description}
        super().__init__(metadata=told, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in range(1, 8):
            raise _refused(_l("Give a whole number from %(low)s to %(high)s.", low=1, high=7))
        return int(value)


class Truth(Field[bool]):
    """``true`` or ``false``."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(metadata={"type": "boolean", "description": description}, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> bool:
        if not isinstance(value, bool):
            raise _refused(_l("Choose one of: %(allowed)s.", allowed="true, false"))
        return value


class Date(Day):
    """A day in a body, where it may be anything."""

    def _deserialize(self, value: Any, *args: Any, **more: Any) -> date:
        return super()._deserialize(value if isinstance(value, str) else "", *args, **more)


class Clock(Field[time]):
    """A time of the day."""

    def __init__(self, description: str, **more: Any) -> None:
        told = {"type": "string", "pattern": f"^{_CLOCK.pattern}$", "description": description}
        super().__init__(metadata=told, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> time:
        found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise _refused(_l("Give a time such as 08.00 or 15.30."))
        return time(int(found[1]), int(found[2]))


class Id(Field[UUID]):
    """The id of something."""

    def __init__(self, description: str, **more: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "uuid", "description": description}, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> UUID:
        try:
            if isinstance(value, str) and len(value) == 36:
                return UUID(value)
        except ValueError:
            pass
        raise _refused(_l("This is not an id."))


class Means(Field[tuple[float, ...]]):
    """The means of the nine elements of a survey, each from 1 to 4."""

    def __init__(self, description: str, **more: Any) -> None:
        one = {"type": "number", "minimum": 1, "maximum": 4}
        told = {"type": "array", "items": one, "minItems": ELEMENTS, "maxItems": ELEMENTS}
        super().__init__(metadata={**told, "description": description}, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> tuple[float, ...]:
        if not isinstance(value, list) or len(value) != ELEMENTS:
            raise _refused(_l("Give the means of all nine elements."))
        if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in value):
            raise _refused(_l("This must be a number."))
        return tuple(float(one) for one in value)


class Objects(ma.fields.List[Any]):
    """A list of objects, each read by ``schema``."""

    def __init__(self, schema: type[Body], description: str, *, most: int, **more: Any) -> None:
        told = {"description": description, "maxItems": most}
        super().__init__(ma.fields.Nested(schema), metadata=told, **more)
        self.most = most

    def _deserialize(self, value: Any, attr: Any, data: Any, **more: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _refused(_l("This must be a list."))
        if len(value) > self.most:
            raise _refused(_l("There are too many entries."))
        read: list[Any] = super()._deserialize(value, attr, data, **more)
        return read


class Whatever(Field[Any]):
    """A value that is looked at further in, by who knows its kind; ``schema`` documents it."""

    def __init__(self, schema: dict[str, Any], description: str, **more: Any) -> None:
        super().__init__(metadata={"allOf": [schema], "description": description}, **more)

    def _deserialize(self, value: Any, *_args: Any, **_more: Any) -> Any:
        return value


def body_of(schema: type[Body]) -> dict[str, Any]:
    """What was sent, read by ``schema``; ``Rejected`` names every field that is wrong, 415 is no JSON."""
    if request.mimetype != JSON:
        raise refusal(UnsupportedMediaType, _("Send JSON: Content-Type: application/json."))
    content = parse_json(request.get_data())
    if not isinstance(content, dict):
        raise Rejected([Problem("", _l("Send one JSON object."))])
    try:
        read: dict[str, Any] = schema().load(content)
    except ValidationError as error:
        raise Rejected(
            Problem(shown(path_text(path)), message, shown_value(content, path))
            for path, message in _told(error.messages)
        ) from None
    return read


def _told(found: Any, path: Path = ()) -> Iterator[tuple[Path, Words]]:
    """What marshmallow found, each with its place; of one place the first."""
    if isinstance(found, dict):
        for name, held in found.items():
            yield from _told(held, path if name == "_schema" else (*path, name))
        return
    while isinstance(found, list):
        found = found[0]
    yield path, found


def _refused(message: Words) -> ValidationError:
    return ValidationError([message])
