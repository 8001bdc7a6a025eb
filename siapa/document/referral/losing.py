"""What of a document comes back from HSDS, computed by letting specimens go there and back.

The specimens are made of the shape of a document itself: every field filled, and every optional
field of every part filled alone. So a field that is added to the document, or one that the mapping
forgets, shows here without anybody writing it down.
"""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from itertools import count
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from siapa.document.referral.reading import understand_service
from siapa.document.referral.saying import Told, tell
from siapa.document.standard_document import StandardDocument, from_stored, to_json
from siapa.locales import using

#: Whether a field comes back: always, not always, never.
ALWAYS, PARTLY, NEVER = "always", "partly", "never"
Content = dict[str, Any]


def leaves(content: object, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of ``content`` that holds no others, with its place (``fees.lines[0].note``)."""
    if isinstance(content, Mapping):
        for name, held in content.items():
            yield from leaves(held, f"{path}.{name}" if path else name)
    elif isinstance(content, list):
        for place, held in enumerate(content):
            yield from leaves(held, f"{path}[{place}]")
    else:
        yield path, content


def field_of(path: str) -> str:
    """The field at ``path``, whichever entry of a list it is in: ``fees.lines[].note``."""
    return re.sub(r"\[\d+\]", "[]", path)


def as_record(told: Told) -> Content:
    """What was told, as a record of HSDS without identifiers."""
    return {
        "name": told.name,
        "description": told.description,
        "application_process": told.application_process,
        "fees_description": told.fees_description,
        "eligibility_description": told.eligibility_description,
        "cost_options": list(told.cost_options),
        "required_documents": list(told.required_documents.values()),
        "attributes": [
            {"link_type": "component", "taxonomy_term": {"code": key}, "value": value}
            for key, value in told.components.items()
        ],
    }


def there_and_back(document: StandardDocument, locale: str) -> Content:
    """What a reader of HSDS understands of ``document``, told in one language; not checked yet."""
    with using(locale):
        told = tell(document)
    return understand_service(as_record(told)).raw


def in_order(content: Mapping[str, Any]) -> Content:
    """``content`` with its requirements in the order in which HSDS has them: documents first."""
    rows = content.get("requirements")
    if not rows:
        return dict(content)
    return {**content, "requirements": sorted(rows, key=lambda row: row["kind"] != "document")}


@cache
def outcomes() -> Mapping[str, str]:
    """Of every field of a document, whether it comes back from HSDS told in Indonesian."""
    seen: dict[str, set[bool]] = {}
    for specimen in specimens():
        content = in_order(to_json(specimen))
        back = dict(leaves(there_and_back(specimen, "id")))
        for path, value in leaves(content):
            seen.setdefault(field_of(path), set()).add(back.get(path) == value)
    words = {frozenset({True}): ALWAYS, frozenset({False}): NEVER}
    return {path: words.get(frozenset(found), PARTLY) for path, found in seen.items()}


def choices_of(field: str) -> tuple[str, ...]:
    """The only values that a field (``requirements[].kind``) may have; empty where any may stand."""
    return _choices().get(field, ())


@cache
def _choices() -> Mapping[str, tuple[str, ...]]:
    return dict(_choices_within(StandardDocument, ""))


def _choices_within(kind: type, path: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, hint in get_type_hints(kind).items():
        inner = _kind(hint)
        here = f"{path}{name}" + ("[]" if get_origin(hint) is tuple else "")
        if get_origin(inner) is Literal:
            yield here, get_args(inner)
        elif is_dataclass(inner) and isinstance(inner, type):
            yield from _choices_within(inner, f"{here}.")


def specimens() -> Iterator[StandardDocument]:
    """Documents that between them have every field, alone and with others, and every choice."""
    numbers = count(2)
    shapes = [from_stored(_json(_full(StandardDocument, numbers)))]
    for name, hint in get_type_hints(StandardDocument).items():
        kind = _kind(hint)
        if is_dataclass(kind) and get_origin(hint) is not tuple and isinstance(kind, type):
            for one in _variants(kind, numbers):
                shapes.append(from_stored({"title": f"Judul {next(numbers)}", name: _json(one)}))
    yield from shapes


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(held) for name, held in value.items()}
    return [_json(one) for one in value] if isinstance(value, list) else value


def _full(kind: type, numbers: Iterator[int]) -> Content:
    hints = get_type_hints(kind)
    return {name: _value(name, hint, numbers) for name, hint in hints.items()}


def _variants(kind: type, numbers: Iterator[int]) -> Iterator[Content]:
    """All fields filled; then each optional one alone with what is required; then each other choice."""
    yield _full(kind, numbers)
    hints = get_type_hints(kind)
    told: Any = kind
    needed = [one.name for one in fields(told) if one.default is MISSING]
    for name, hint in hints.items():
        for value in _values(name, hint, numbers):
            least = {key: _value(key, hints[key], numbers) for key in needed if key != name}
            yield {**least, name: value}


def _value(name: str, hint: Any, numbers: Iterator[int]) -> Any:
    return _values(name, hint, numbers)[0]


def _values(name: str, hint: Any, numbers: Iterator[int]) -> list[Any]:
    """What a field of this type may hold; several where they mean different things."""
    if get_origin(hint) is tuple:
        inner: Any = get_args(hint)[0]
        return [[f"kata {next(numbers)}"] if inner is str else list(_variants(inner, numbers))]
    kind = _kind(hint)
    if get_origin(kind) is Literal:
        return list(get_args(kind))
    if is_dataclass(kind) and isinstance(kind, type):
        return [_full(kind, numbers)]
    number = next(numbers)
    match kind:
        case _ if kind is bool:
            return [True, False]
        case _ if kind is int:
            return [2000 + number] if name == "year" else [number]
        case _ if kind is datetime.date:
            return [datetime.date(2026, 1, 1 + number % 28).isoformat()]
        case _:
            return [f"https://contoh.go.id/{number}" if name.endswith("url") else f"Kata {number}"]


def _kind(hint: Any) -> Any:
    if get_origin(hint) in (Union, types.UnionType):
        return next(one for one in get_args(hint) if one is not types.NoneType)
    return get_args(hint)[0] if get_origin(hint) is tuple else hint
