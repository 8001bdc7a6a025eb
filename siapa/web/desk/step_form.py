"""A step of the form as it is typed: read into the shape of the document, and shown again as it was.

Nothing is judged here but what belongs to the form: which rows are empty, which text is
a number. What is typed and cannot be one stays as it is, for ``intake`` to name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from siapa.document.digest import digest
from siapa.locales import Words
from siapa.web.desk.steps import YES_NO, Field, Kind, Rows, Step

Tree = dict[str, Any]
#: Of each text: the words of its place, whether that is the English one, and the text.
Written = Iterable[tuple[Words, bool, str]]

_PLACE = re.compile(r"[0-9]{1,4}")
_WHOLE = re.compile(r"[0-9]{1,18}")
_MONEY = re.compile(r"(?:rp\.?\s*)?([0-9]{1,3}(?:[.\s][0-9]{3})+|[0-9]{1,18})(?:,00|,-)?", re.IGNORECASE)


def read(step: Step, form: Mapping[str, str]) -> Tree:
    """What was typed in ``step``, in the shape of the document; empty rows are left out."""
    tree: Tree = {}
    for part in step.parts:
        for field in part.fields:
            _put_field(tree, field, form, "")
        if part.rows:
            _put(
                tree, part.rows.path, [row for row in _rows(part.rows, form) if not is_blank(part.rows, row)]
            )
    return tree


def act_on(tree: Tree, step: Step, act: str) -> str | None:
    """Do what a button at a row says to ``tree``; the path of the row to go on with, if any."""
    verb, _, rest = act.partition(":")
    path, _, number = rest.partition(":")
    rows = next((one for one in step.rows() if one.path == path), None)
    if rows is None:
        return None
    held: list[Tree] = get(tree, path) or []
    if verb == "add":
        _put(tree, path, [*held, {}])
        return f"{path}[{len(held)}]"
    place = int(number) if _PLACE.fullmatch(number) else -1
    if not 0 <= place < len(held):
        return None
    moved = place + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "remove":
        del held[place]
        moved = min(place, max(0, len(held) - 1))
    elif 0 <= moved < len(held):
        held[place], held[moved] = held[moved], held[place]
    _put(tree, path, held)
    return f"{path}[{moved}]"


def get(tree: Mapping[str, Any], path: str) -> Any:
    """What stands at a dotted ``path``; None for nothing."""
    held: Any = tree
    for name in path.split("."):
        held = held.get(name) if isinstance(held, Mapping) else None
    return held


def part_of(document: Mapping[str, Any], step: Step) -> Tree:
    """What ``document`` holds of ``step``."""
    return {name: document[name] for name in sorted(step.names) if name in document}


def seen(document: Mapping[str, Any], step: Step) -> str:
    """By which a form knows the text it was made from: other steps may change meanwhile."""
    return digest(part_of(document, step))[:32]


def joined(document: Mapping[str, Any], step: Step, typed: Tree) -> Tree:
    """``document`` with what was typed in ``step``."""
    rest = {name: value for name, value in document.items() if name not in step.names}
    return {**rest, **typed}


def field_names(step: Step, tree: Tree) -> dict[str, Words]:
    """The words by which each place in the step is known to whoever reads its problem."""
    names: dict[str, Words] = {}
    for part in step.parts:
        for field in part.fields:
            names |= dict.fromkeys(field.names, field.words)
        if part.rows:
            for place in range(len(get(tree, part.rows.path) or [])):
                row = f"{part.rows.one} {place + 1}"
                names[f"{part.rows.path}[{place}]"] = row
                for field in part.rows.fields:
                    said = {
                        f"{part.rows.path}[{place}].{name}": f"{row}, {field.words}" for name in field.names
                    }
                    names |= said
    return names


def written(step: Step, tree: Tree) -> Written:
    """What stands in ``tree``, to be read; nothing for what is empty."""
    for part in step.parts:
        yield from _written(part.fields, tree, "")
        if part.rows:
            for place, row in enumerate(get(tree, part.rows.path) or [], 1):
                yield from _written(part.rows.fields, row, f"{part.rows.one} {place}, ")


def _written(fields: Iterable[Field], held: Tree, before: str) -> Written:
    for field in fields:
        for name in field.names:
            value = get(held, name)
            if value is None:
                continue
            text = ", ".join(value) if isinstance(value, list) else str(value)
            key = str(int(value)) if isinstance(value, bool) else text
            shown = str((field.options or {}).get(key, text))
            yield f"{before}{field.words}", name != field.name, shown


def is_blank(rows: Rows, row: Tree) -> bool:
    """Whether nobody has typed anything in ``row``: what is preselected does not count."""
    asked = [field for field in rows.fields if field.kind is not Kind.CHOICE or field.unsaid is not None]
    return all(get(row, name) in (None, "") for field in asked for name in field.names)


def _rows(rows: Rows, form: Mapping[str, str]) -> Iterator[Tree]:
    """The rows that were sent, in the order in which they stood."""
    shape = re.compile(rf"{re.escape(rows.path)}\[({_PLACE.pattern})\]\.")
    places = sorted({int(found[1]) for name in form if (found := shape.match(name))})
    for place in places[: rows.most + 1]:
        row: Tree = {}
        for field in rows.fields:
            _put_field(row, field, form, f"{rows.path}[{place}].")
        _drop_lone_unit(row)
        yield row


def _drop_lone_unit(row: Tree) -> None:
    """A preselected unit without an amount says nothing."""
    if "duration" in row and "amount" not in row["duration"]:
        del row["duration"]


def _put_field(tree: Tree, field: Field, form: Mapping[str, str], before: str) -> None:
    for name in field.names:
        value = _value(field, form.get(before + name, ""))
        if value is not None:
            _put(tree, name, value)


def _put(tree: Tree, path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        tree = tree.setdefault(name, {})
    tree[last] = value


def _value(field: Field, typed: str) -> Any:
    typed = typed.strip()
    if not typed:
        return None
    if field.kind is Kind.YES_NO and typed in YES_NO:
        return typed == "1"
    if field.kind is Kind.NUMBER and _WHOLE.fullmatch(typed):
        return int(typed)
    if field.kind is Kind.MONEY and (found := _MONEY.fullmatch(typed)):
        return int(re.sub(r"[.\s]", "", found[1]))
    if field.kind is Kind.WORDS:
        return [word.strip() for word in typed.split(",") if word.strip()]
    return typed
