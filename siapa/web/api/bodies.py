"""What is sent to the API: one JSON object, of which every field that is wrong is named."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import request
from marshmallow import RAISE, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from siapa.document.strict_json import parse_json
from siapa.errors import Problem, Rejected
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.web.api.asking import first, shown
from siapa.web.hooks import refusal

JSON = "application/json"


class Body(ma.Schema):
    """A JSON object; a field that is not listed is an error."""

    class Meta:
        """Nothing is passed over."""

        unknown = RAISE


def required() -> dict[str, Any]:
    """What makes a field one that must be given, in our words."""
    missing = [_l("This must be given.")]
    return {"required": True, "error_messages": {"required": missing, "null": missing}}


def body_of(schema: type[Body]) -> dict[str, Any]:
    """What was sent, read by ``schema``; ``Rejected`` names every field that is wrong, 415 is no JSON."""
    if request.mimetype != JSON:
        raise refusal(UnsupportedMediaType, _("Send JSON: Content-Type: application/json."))
    content = parse_json(request.get_data())
    if not isinstance(content, dict):
        raise Rejected([Problem("", _l("Send one JSON object."))])
    reader = schema()
    try:
        read: dict[str, Any] = reader.load(content)
    except ValidationError as error:
        raise Rejected(
            Problem(
                shown(str(name)),
                first(found) if name in reader.fields else _l("This field is not known here."),
                shown(str(content.get(name, ""))),
            )
            for name, found in error.messages_dict.items()
        ) from None
    return read
