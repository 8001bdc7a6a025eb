"""What the desk's templates say of codes: states of an edition, places in a document, kinds of change."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask

from siapa.catalogue.opening import opening_hours
from siapa.document.labels import (
    ACTOR_NAMES,
    COMPLAINT_CHANNEL_KIND_NAMES,
    FEE_KIND_NAMES,
    REQUIREMENT_KIND_NAMES,
    SERVICE_CHANNEL_KIND_NAMES,
    UNIT_NAMES,
    say_rupiah,
)
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing.workflow import STATE_NAMES
from siapa.records import ImportState
from siapa.web.desk.steps import STEPS
from siapa.web.desk.subjects import ACTION_NAMES, KIND_NAMES

CHANGES: Mapping[str, Words] = MappingProxyType(
    {"added": _l("new"), "removed": _l("taken out"), "changed": _l("changed"), "same": _l("the same")}
)
_IN_ENGLISH = _l("English")


def _places() -> dict[str, Words]:
    """The last part of each place in a document, with the words under which it is asked for."""
    found: dict[str, Words] = {"duration": _l("How long"), "number": _l("Number"), "date": _l("Date")}
    for step in STEPS.values():
        for part in step.parts:
            for field in (*part.fields, *(part.rows.fields if part.rows else ())):
                found.setdefault(field.name.rpartition(".")[2], field.words)
    return found


PLACES: Mapping[str, Words] = MappingProxyType(_places())


def place_name(name: str) -> str:
    """The words for a field of a document by its name."""
    if name.endswith("_en"):
        return f"{place_name(name.removesuffix('_en'))} ({_IN_ENGLISH})"
    return str(PLACES.get(name, name))


#: The words for a code, by the name of its field.
_CODES: Mapping[str, Mapping[str, Words]] = MappingProxyType(
    {
        "kind": {
            **SERVICE_CHANNEL_KIND_NAMES, **COMPLAINT_CHANNEL_KIND_NAMES, **REQUIREMENT_KIND_NAMES,
        },
        "actor": ACTOR_NAMES,
        "unit": UNIT_NAMES,
        "fee_kind": FEE_KIND_NAMES,
    }
)  # fmt: skip


def in_words(value: object, name: str = "") -> str:
    """A value of a document as a person reads it; of an object each field with its name."""
    if isinstance(value, Mapping):
        said = (f"{place_name(key)}: {in_words(held, key)}" for key, held in value.items())
        return "; ".join(said)
    if isinstance(value, list | tuple):
        return ", ".join(in_words(held, name) for held in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "amount_idr" and isinstance(value, int):
        return say_rupiah(value)
    return str(_CODES.get(name, {}).get(str(value), value))


IMPORT_STATE_NAMES = {
    ImportState.READING: _l("being read"),
    ImportState.READY: _l("waits for a decision"),
    ImportState.COMMITTED: _l("taken in"),
    ImportState.UNDONE: _l("taken back"),
    ImportState.FAILED: _l("cannot be read"),
}


def act_in_words(code: str) -> str:
    """An act of the audit as a person reads it; a refused attempt says so."""
    act = code.removeprefix("denied:")
    words = str(ACTION_NAMES.get(act, act))
    return words if act == code else _("refused: %(act)s", act=words)


def register(app: Flask) -> None:
    """Give the templates of ``app`` these words."""
    app.jinja_env.filters.update(
        edition_state=lambda state: str(STATE_NAMES.get(state, state)),
        import_state=lambda state: str(IMPORT_STATE_NAMES[state]),
        change_status=lambda status: str(CHANGES.get(status, status)),
        act=act_in_words,
        kind_of_thing=lambda kind: str(KIND_NAMES.get(kind, kind)),
        place_name=place_name,
        osm=opening_hours,
        in_words=in_words,
    )
