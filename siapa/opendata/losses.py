"""What a record in the format of others does not say of its standard, computed from the mapping itself.

Each text of the document is replaced by a word that stands nowhere else, and looked for in the
record that is then made; each number, day and choice is changed, and the record compared. So the
statement holds for what the mapping does, not for what somebody wrote down of it.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from siapa.document.labels import part_name
from siapa.document.referral.losing import choices_of, field_of, leaves
from siapa.document.standard_document import to_json
from siapa.locales import LOCALES, Words, current_locale, using
from siapa.locales import lazy as _l
from siapa.opendata.hsds.reading import Held

#: Makes the record of a standard, in the language spoken now.
Makes = Callable[[Held], Any]
Content = dict[str, Any]


class How(StrEnum):
    """How a value of the document fares in a record."""

    #: It stands there as a value of its own.
    KEPT = "kept"
    #: It stands within a longer text, or is told by how something is said.
    IN_WORDS = "in_words"
    #: Some other values of the field would make the same record.
    PARTLY = "partly"
    #: It stands in the record in another language.
    OTHER_LANGUAGE = "other_language"
    #: Nothing of the record tells of it.
    LOST = "lost"


HOW_NAMES: Mapping[How, Words] = {
    How.KEPT: _l("kept as a value of its own"),
    How.IN_WORDS: _l("kept within a text"),
    How.PARTLY: _l("kept in part: other values would be told in the same way"),
    How.OTHER_LANGUAGE: _l("only in the record in the other language"),
    How.LOST: _l("not there"),
}


@dataclass(frozen=True, slots=True)
class Fate:
    """How the value at ``path`` of the document fares."""

    path: str
    how: How

    @property
    def part(self) -> Words:
        """The component or field of the head that it belongs to."""
        return part_name(self.path.partition(".")[0].partition("[")[0].removesuffix("_en"))


def fates(held: Held, makes: Makes) -> list[Fate]:
    """How every value of the document of ``held`` fares in the record in the language spoken now."""
    content = to_json(held.document)
    texts = {path: value for path, value in leaves(content) if _is_text(path, value)}
    found = _of_texts(held, makes, content, list(texts))
    for path, value in leaves(content):
        if path not in texts:
            found[path] = _of_value(held, makes, content, path, value)
    return [Fate(path, found[path]) for path, _value in leaves(content)]


def statement(held: Held, makes: Makes, form: str) -> Content:
    """The loss statement of a record, as it is answered: what is not kept as a value of its own."""
    told = fates(held, makes)
    return {
        "id": held.id,
        "format": form,
        "language": current_locale(),
        "values": len(told),
        "kept": sum(1 for one in told if one.how is How.KEPT),
        "losses": [
            {"path": one.path, "part": str(one.part), "how": one.how.value, "said": str(HOW_NAMES[one.how])}
            for one in told
            if one.how is not How.KEPT
        ],
    }


def _is_text(path: str, value: object) -> bool:
    return isinstance(value, str) and not choices_of(field_of(path)) and _day(value) is None


def _of_texts(held: Held, makes: Makes, content: Content, paths: list[str]) -> dict[str, How]:
    """Every text at once: each by its own word."""
    words = {path: f"kata{number:05d}kata" for number, path in enumerate(paths)}
    marked = copy.deepcopy(content)
    for path, word in words.items():
        is_address = str(_at(content, path)).startswith(("http://", "https://"))
        _put(marked, path, f"https://{word}.example/" if is_address else word)
    said = {}
    for locale in LOCALES:
        with using(locale):
            said[locale] = [text for text in _values(makes(_with(held, marked))) if isinstance(text, str)]
    own, others = said.pop(current_locale()), [text for texts in said.values() for text in texts]
    whole, all_own, all_others = set(own), "\n".join(own), "\n".join(others)

    def how(word: str) -> How:
        if word in whole or f"https://{word}.example/" in whole:
            return How.KEPT
        if word in all_own:
            return How.IN_WORDS
        return How.OTHER_LANGUAGE if word in all_others else How.LOST

    return {path: how(word) for path, word in words.items()}


def _of_value(held: Held, makes: Makes, content: Content, path: str, value: object) -> How:
    before = makes(_with(held, content))
    changed = []
    for other in _others(path, value):
        another = copy.deepcopy(content)
        _put(another, path, other)
        record = makes(_with(held, another))
        changed.append(record != before)
        if changed[-1] and _stands(record, other) and not _stands(before, other):
            return How.KEPT
    if all(changed):
        return How.IN_WORDS
    return How.PARTLY if any(changed) else How.LOST


def _others(path: str, value: object) -> list[Any]:
    """Other values that may stand at ``path``."""
    if choices := choices_of(field_of(path)):
        return [choice for choice in choices if choice != value]
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 13]
    day = _day(value)
    assert day is not None, f"{path} is a text, a number, a day or a choice"
    return [(day + datetime.timedelta(days=1)).isoformat()]


def _stands(record: object, value: object) -> bool:
    """Whether ``value`` is a value of ``record``; a number may be written as a text there."""
    if isinstance(value, bool) or not isinstance(value, int):
        return any(one == value for one in _values(record))
    return any(_number(one) == value for one in _values(record))


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        return None


def _values(record: object) -> Iterator[Any]:
    if isinstance(record, Mapping):
        for held in record.values():
            yield from _values(held)
    elif isinstance(record, list | tuple):
        for held in record:
            yield from _values(held)
    else:
        yield record


def _with(held: Held, content: Content) -> Held:
    """``held`` as if its document were another one."""
    day = content.get("effective_from")
    stands: Any = SimpleNamespace(
        document=content, effective_from=datetime.date.fromisoformat(day) if day else None
    )
    return dataclasses.replace(held, edition=stands)


def _steps(path: str) -> list[str | int]:
    plain = path.replace("]", "").replace("[", ".").split(".")
    return [int(step) if step.isdecimal() else step for step in plain]


def _at(content: Any, path: str) -> Any:
    for step in _steps(path):
        content = content[step]
    return content


def _put(content: Any, path: str, value: object) -> None:
    *before, last = _steps(path)
    for step in before:
        content = content[step]
    content[last] = value


def _day(value: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
