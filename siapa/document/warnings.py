"""What may be right but seldom is: said to whoever writes a document, and stopping nobody.

What must not be is refused by ``intake``; here stands what a person should look at once more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from siapa.document.standard_document import StandardDocument, to_json
from siapa.errors import Problem
from siapa.locales import lazy as _l

#: A mobile number as it is written in Indonesia: 08… or +62 8…, nine to thirteen digits in all.
_MOBILE = re.compile(r"(?<![\w/])(?:\+?62[\s.-]?|0)8[1-9](?:[\s.-]?\d){7,10}(?!\d)")
_LIMIT = re.compile(
    r"\d+\s*(?:\([^)]{1,20}\)\s*)?(?:menit|jam|hari|minggu|bulan|minutes?|hours?|days?|weeks?|months?)\b",
    re.IGNORECASE,
)


def warnings(document: StandardDocument) -> tuple[Problem, ...]:
    """What in ``document`` should be looked at again, each with its place."""
    return (*_private_numbers(document), *_several_limits(document))


def _private_numbers(document: StandardDocument) -> Iterator[Problem]:
    handling = document.complaint_handling
    if handling is None:
        return
    said = _l("This looks like a private mobile number. Give a number of the office.")
    if handling.text and _MOBILE.search(handling.text):
        yield Problem("complaint_handling.text", said)
    for place, channel in enumerate(handling.channels):
        if channel.kind in ("phone", "desk") and _MOBILE.search(channel.value):
            yield Problem(f"complaint_handling.channels[{place}].value", said, channel.value)


def _several_limits(document: StandardDocument) -> Iterator[Problem]:
    content = to_json(document)
    said = _l("Several times stand in one text. Give each its own line, with the case for which it holds.")
    for place, limit in enumerate(content.get("processing_time", ())):
        for name in ("case", "counted_from"):
            if len(_LIMIT.findall(limit.get(name, ""))) > 1:
                yield Problem(f"processing_time[{place}].{name}", said, limit[name])
    for place, step in enumerate(content.get("procedure", ())):
        if len(_LIMIT.findall(step["text"])) > 1:
            yield Problem(f"procedure[{place}].text", said)
