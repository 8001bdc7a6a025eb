"""What changed between two documents, part by part and word by word.

The reviewer sees it before publishing, the citizen in the history, programs in the
API. It compares the canonical content, so two documents are "same" exactly when
their digests agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from siapa.document.alignment import align
from siapa.document.standard_document import COMPONENTS, HEAD_FIELDS, StandardDocument, to_json
from siapa.document.word_runs import Run, word_runs

Status = Literal["added", "removed", "changed", "same"]


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of a part, as JSON values; ``runs`` where a text was changed, else empty."""

    field: str
    status: Status
    before: Any
    after: Any
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """One entry of the list ``field``, with its places in the old and the new list (from 0).

    ``is_moved`` is said of an entry that changed its order among the others, whether
    or not its content changed; being pushed down by a new one is no move.
    """

    field: str
    status: Status
    is_moved: bool
    before_place: int | None
    after_place: int | None
    before: Any
    after: Any
    fields: tuple[FieldDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class ComponentDifference:
    """One of the fourteen components, or a head field under its own name.

    ``before`` and ``after`` are the JSON values (``None`` where absent). ``fields`` tells
    of texts and single values, ``items`` of lists; both also of what stayed the same.
    """

    component: str
    status: Status
    before: Any
    after: Any
    fields: tuple[FieldDifference, ...] = ()
    items: tuple[ItemDifference, ...] = ()


def _status(before: Any, after: Any) -> Status:
    if before == after and type(before) is type(after):
        return "same"
    if before is None:
        return "added"
    return "removed" if after is None else "changed"


def _field(name: str, before: Any, after: Any) -> FieldDifference:
    status = _status(before, after)
    changed_text = status == "changed" and isinstance(before, str) and isinstance(after, str)
    return FieldDifference(name, status, before, after, word_runs(before, after) if changed_text else ())


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldDifference, ...]:
    # The order of the fuller side, then what only the other one has.
    names = dict.fromkeys([*after, *before])
    return tuple(_field(name, before.get(name), after.get(name)) for name in names)


def _items(field: str, before: Sequence[Any], after: Sequence[Any]) -> tuple[ItemDifference, ...]:
    pairs, moved = align(before, after)
    found = []
    for old_place, new_place in pairs:
        old = None if old_place is None else before[old_place]
        new = None if new_place is None else after[new_place]
        status = _status(old, new)
        fields: tuple[FieldDifference, ...] = ()
        if status == "changed":
            texts = isinstance(old, str) or isinstance(new, str)
            fields = (_field("", old, new),) if texts else _fields(old or {}, new or {})
        found.append(
            ItemDifference(field, status, old_place in moved, old_place, new_place, old, new, fields)
        )
    return tuple(found)


def _lists_apart(value: Any) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    held = value or {}
    lists = {name: item for name, item in held.items() if isinstance(item, list)}
    return {name: item for name, item in held.items() if name not in lists}, lists


def _component(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> ComponentDifference:
    before, after = old.get(name), new.get(name)
    sample = after if after is not None else before
    if isinstance(sample, list):
        items = _items("", before or [], after or [])
        return ComponentDifference(name, _status(before, after), before, after, (), items)
    if isinstance(sample, dict):
        old_values, old_lists = _lists_apart(before)
        new_values, new_lists = _lists_apart(after)
        items = tuple(
            item
            for field in dict.fromkeys([*new_lists, *old_lists])
            for item in _items(field, old_lists.get(field, []), new_lists.get(field, []))
        )
        fields = _fields(old_values, new_values)
        return ComponentDifference(name, _status(before, after), before, after, fields, items)
    return _text_component(name, old, new)


def _text_component(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> ComponentDifference:
    """A text with its English rendering: one component, changed when either is."""
    rendering = f"{name}_en"
    fields = [_field(name, old.get(name), new.get(name))]
    if rendering in old or rendering in new:
        fields.append(_field(rendering, old.get(rendering), new.get(rendering)))
    status = fields[0].status
    if status == "same" and fields[-1].status != "same":
        status = "changed"
    kept = tuple(field for field in fields if field.before is not None or field.after is not None)
    return ComponentDifference(name, status, old.get(name), new.get(name), kept)


def difference(old: StandardDocument | None, new: StandardDocument) -> tuple[ComponentDifference, ...]:
    """Every head field and component in page order, also those that stayed the same.

    With ``old`` None (a first edition) everything given is added.
    """
    before: dict[str, Any] = {} if old is None else to_json(old)
    after = to_json(new)
    return tuple(_component(name, before, after) for name in HEAD_FIELDS + COMPONENTS)


def changed(differences: Sequence[ComponentDifference]) -> tuple[ComponentDifference, ...]:
    """Only the parts that are not the same."""
    return tuple(part for part in differences if part.status != "same")


def _field_json(field: FieldDifference) -> dict[str, Any]:
    content = {"field": field.field, "status": field.status, "before": field.before, "after": field.after}
    if field.runs:
        content["runs"] = [{"operation": run.operation, "text": run.text} for run in field.runs]
    return content


def _item_json(item: ItemDifference) -> dict[str, Any]:
    content = {
        "field": item.field,
        "status": item.status,
        "is_moved": item.is_moved,
        "before_place": item.before_place,
        "after_place": item.after_place,
        "before": item.before,
        "after": item.after,
        "fields": [_field_json(field) for field in item.fields],
    }
    if not item.field:
        del content["field"]
    return content


def difference_json(differences: Sequence[ComponentDifference]) -> list[dict[str, Any]]:
    """``differences`` as plain JSON values, in the same order and with the same names."""
    return [
        {
            "component": part.component,
            "status": part.status,
            "before": part.before,
            "after": part.after,
            "fields": [_field_json(field) for field in part.fields],
            "items": [_item_json(item) for item in part.items],
        }
        for part in differences
    ]
