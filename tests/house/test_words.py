"""Every sentence a person may read is there in Indonesian, with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house.drawing import PACKAGE, ROOT, Module, modules

TRANSLATIONS = PACKAGE / "translations" / "id"
TEMPLATES = ROOT / "templates"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)")
#: Where the words themselves are made, ``gettext`` is handed a variable.
MAKES_WORDS = ("siapa.locales",)


@dataclass(frozen=True)
class Said:
    """One sentence in the source, and where."""

    text: str | tuple[str, ...]
    where: str


def sentences(method: str, path: Path, source: bytes) -> Iterator[Said]:
    """The sentences one file says; a template that cannot be read is an error."""
    options = {"silent": "false", "encoding": "utf-8"}
    found = extract(method, BytesIO(source), keywords=KEYWORDS, options=options)
    for line, text, _comments, _context in found:
        yield Said(tuple(text) if isinstance(text, list | tuple) else text, f"{path.name}:{line}")


@cache
def said() -> tuple[Said, ...]:
    """All sentences of the package and of the templates."""
    files = [("python", path) for path in sorted(PACKAGE.rglob("*.py"))]
    files += [("jinja2", path) for path in sorted(TEMPLATES.rglob("*")) if path.is_file()]
    return tuple(
        sentence for method, path in files for sentence in sentences(method, path, path.read_bytes())
    )


@dataclass(frozen=True)
class Translated:
    """One entry of a .po file."""

    id: str | tuple[str, ...]
    forms: tuple[str, ...]
    fuzzy: bool
    where: str

    @property
    def key(self) -> str:
        """The singular, by which gettext looks the entry up."""
        return self.id if isinstance(self.id, str) else self.id[0]


@cache
def translated() -> tuple[Translated, ...]:
    """Every entry of every room's Indonesian file."""
    entries = []
    for path in sorted(TRANSLATIONS.glob("*.po")):
        with path.open("rb") as handle:
            for message in read_po(handle, locale="id", abort_invalid=True):
                if message.id:
                    several = isinstance(message.string, list | tuple)
                    forms = tuple(message.string) if several else (message.string,)
                    where = f"{path.name}:{message.lineno}"
                    entries.append(Translated(message.id, forms, message.fuzzy, where))
    return tuple(entries)


def test_every_sentence_has_its_indonesian() -> None:
    known = {entry.key for entry in translated() if all(entry.forms)}

    missing = {f"{s.where} {s.text!r}" for s in said() if _key(s.text) not in known}

    assert not sorted(missing)


def test_the_sentences_are_found_in_code_and_in_templates() -> None:
    code = b"x = _('One'); y = ngettext('%(num)s mall', '%(num)s malls', n)"
    template = b"<p>{{ _('Two') }}</p>{% trans %}Three{% endtrans %}"

    found = [*sentences("python", Path("a.py"), code), *sentences("jinja2", Path("a.html"), template)]

    assert [_key(s.text) for s in found] == ["One", "%(num)s mall", "Two", "Three"]


def test_every_translation_is_finished() -> None:
    unfinished = [f"{e.where} {e.key!r}" for e in translated() if e.fuzzy or not all(e.forms)]

    assert not unfinished


def test_every_translation_has_the_placeholders_of_its_sentence() -> None:
    different = [f"{e.where} {e.key!r}" for e in translated() if not _same_placeholders(e)]

    assert not different


@pytest.mark.parametrize(
    ("sentence", "translation", "same"),
    [
        ("%(name)s is open", "%(name)s buka", True),
        ("%(name)s is open", "Buka", False),
        ("Open", "%(nama)s buka", False),
        (("%(num)s mall", "%(num)s malls"), "%(num)s mal", True),
        (("one mall", "%(num)s malls"), "%(num)s mal", True),
        (("%(num)s mall in %(place)s", "%(num)s malls in %(place)s"), "%(num)s mal", False),
    ],
)
def test_a_planted_placeholder_is_found(
    sentence: str | tuple[str, ...], translation: str, same: bool
) -> None:
    entry = Translated(sentence, (translation,), False, "planted.po:1")

    assert _same_placeholders(entry) is same


def test_a_sentence_said_in_two_rooms_is_translated_alike() -> None:
    by_key: dict[str, set[tuple[str, ...]]] = {}
    for entry in translated():
        by_key.setdefault(entry.key, set()).add(entry.forms)

    assert not {key: forms for key, forms in by_key.items() if len(forms) > 1}


def unwritten(module: Module) -> Iterator[str]:
    """Each call that says a sentence which is not written out there, so that no tool can find it."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            first = node.args[0] if node.args else None
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                yield f"{module.where}:{node.lineno} {ast.unparse(node)[:80]}"


def test_every_sentence_is_written_out_where_it_is_said() -> None:
    assert not [fault for m in modules() if not m.is_in(*MAKES_WORDS) for fault in unwritten(m)]


def test_a_planted_unwritten_sentence_is_found() -> None:
    module = Module.of("siapa.web", "_('Written')\n_(label)\n_l(f'{x} malls')\n")

    assert [fault.split()[0] for fault in unwritten(module)] == ["planted.py:2", "planted.py:3"]


def _key(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _same_placeholders(entry: Translated) -> bool:
    """Indonesian has one form for all numbers; it must carry what the plural carries."""
    source = entry.id if isinstance(entry.id, str) else entry.id[-1]
    return all(set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(source)) for form in entry.forms)
