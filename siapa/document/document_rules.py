"""What holds between the fields of a document: ranges, fees, repetitions.

These rules read the content as it was handed in, not what the schemas made of it,
so that they also speak when something else in the same document is wrong. They
judge only what has the right type; the rest is the schemas' to refuse.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from siapa.locales import Words
from siapa.locales import lazy as _l

#: Where, as the parts of a path, and what is wrong there.
Finding = tuple[tuple[str | int, ...], Words]
Content = Mapping[str, Any]

#: What makes two rows of a list the same; rows of other lists may repeat.
_SAME_WHEN_EQUAL: Mapping[tuple[str, ...], tuple[str, ...]] = {
    ("channels",): ("kind", "url", "note"),
    ("requirements",): ("text", "applies_when"),
    ("products",): ("name", "validity"),
    ("complaint_handling", "channels"): ("kind", "value"),
    ("legal_bases",): ("type", "number", "year", "title"),
    ("facilities",): ("text",),
}
_FEE_LINE_IDENTITY = ("label", "case", "amount_idr", "unit", "note")
_TIME_LIMIT_CASE = ("case", "counted_from")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value


def _rows(content: object, *path: str) -> list[tuple[int, Content]]:
    for name in path:
        content = content.get(name) if isinstance(content, Mapping) else None
    if not isinstance(content, list):
        return []
    return [(index, row) for index, row in enumerate(content) if isinstance(row, Mapping)]


def _folded(value: object) -> object:
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value[:4000]).casefold().split())
    return value if isinstance(value, int | float) else None


def _repetitions(content: Content) -> Iterator[Finding]:
    for path, names in {**_SAME_WHEN_EQUAL, ("fees", "lines"): _FEE_LINE_IDENTITY}.items():
        first: dict[tuple[object, ...], int] = {}
        for index, row in _rows(content, *path):
            identity = tuple(_folded(row.get(name)) for name in names)
            if all(part is None for part in identity):
                continue
            earlier = first.setdefault(identity, index)
            if earlier != index:
                yield (
                    (*path, index),
                    _l(
                        "This repeats entry %(number)s of the list. Remove one of the two.",
                        number=earlier + 1,
                    ),
                )


def _time_limits(content: Content) -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for index, row in _rows(content, "processing_time"):
        least, most = _number(row.get("amount_min")), _number(row.get("amount_max"))
        if least is not None and most is not None and least > most:
            yield (
                ("processing_time", index, "amount_min"),
                _l("The shortest time is longer than the longest. Exchange the two."),
            )
        case = tuple(_folded(row.get(name)) for name in _TIME_LIMIT_CASE)
        earlier = first.setdefault(case, index)
        if earlier != index:
            yield (
                ("processing_time", index, "case"),
                _l(
                    "Entry %(number)s sets a time for the same case. Say for which case each time holds.",
                    number=earlier + 1,
                ),
            )


def _fee_line(kind: object, line: Content) -> Iterator[tuple[tuple[str, ...], Words]]:
    if not line:
        yield (), _l("This line is empty. Give an amount, or remove the line.")
        return
    amount = _number(line.get("amount_idr"))
    if kind == "free" and amount is not None and amount > 0:
        yield (
            ("amount_idr",),
            _l("The service is said to be free. Remove the amount or choose another kind of fee."),
        )
    elif kind == "fixed" and "amount_idr" not in line:
        yield ("amount_idr",), _l("A fixed fee needs its amount in rupiah here.")
    elif kind in ("tariff_table", "formula") and not ("amount_idr" in line or "note" in line):
        yield (), _l("Give an amount in rupiah, or a note that says how the amount is found.")


def _fees(content: Content) -> Iterator[Finding]:
    fees = content.get("fees")
    if not isinstance(fees, Mapping):
        return
    kind = fees.get("fee_kind")
    if kind in ("fixed", "tariff_table", "formula") and "lines" not in fees:
        yield ("fees", "lines"), _l("Give at least one line with what is to be paid.")
    lines = _rows(fees, "lines")
    for index, line in lines:
        for where, words in _fee_line(kind, line):
            yield ("fees", "lines", index, *where), words
    if kind == "fixed" and lines and all(_number(line.get("amount_idr")) == 0 for _, line in lines):
        yield ("fees", "fee_kind"), _l('Every amount is 0. If the service costs nothing, choose "free".')


def _dates(content: Content) -> Iterator[Finding]:
    effective, review = content.get("effective_from"), content.get("review_due")
    if not (isinstance(effective, str) and isinstance(review, str)):
        return
    # Days of one form compare as texts; other forms are refused elsewhere.
    if len(effective) == len(review) == 10 and review <= effective:
        yield ("review_due",), _l("The review must be due after the day the standard takes effect.")


def _renderings(value: object, path: tuple[str | int, ...] = ()) -> Iterator[Finding]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _renderings(item, (*path, index))
    elif isinstance(value, Mapping):
        for name, held in value.items():
            base = name.removesuffix("_en")
            if base != name and base not in value:
                yield (
                    (*path, name),
                    _l("This is an English rendering of nothing: give the Indonesian text first."),
                )
            yield from _renderings(held, (*path, name))


def findings(content: Content) -> Iterator[Finding]:
    """Every breach of a rule between fields in ``content``, a JSON object of bounded size."""
    yield from _time_limits(content)
    yield from _fees(content)
    yield from _dates(content)
    yield from _repetitions(content)
    yield from _renderings(content)
