"""Every module says what it is for, and none is too long to be read in one sitting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.house.drawing import ROOT, Function, Module, modules, public_functions, written_files

MOST_LINES_OF_A_MODULE = 400
MOST_LINES_OF_A_FUNCTION = 60
MIGRATIONS = ROOT / "migrations" / "versions"


@cache
def python_files() -> tuple[Module, ...]:
    """Every Python file of the project, tests and migrations too."""
    return tuple(Module.read(path) for path in written_files() if path.suffix == ".py")


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    lengths = {m.where: m.text.count("\n") for m in {*modules(), *python_files()}}

    assert not {where: lines for where, lines in lengths.items() if lines > MOST_LINES_OF_A_MODULE}


def too_long(module: Module) -> Iterator[str]:
    """Each function of more than ``MOST_LINES_OF_A_FUNCTION`` lines."""
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield f"{module.where}:{node.lineno} {node.name} has {lines} lines"


def test_no_function_is_longer_than_sixty_lines() -> None:
    assert not [fault for m in modules() for fault in too_long(m)]


def test_a_planted_long_function_is_found() -> None:
    module = Module.of("siapa.web", "def long():\n" + "    x = 1\n" * 60)

    assert list(too_long(module)) == ["planted.py:1 long has 61 lines"]


def test_every_module_opens_with_what_it_is_for() -> None:
    bare = [m.where for m in {*modules(), *python_files()} if not ast.get_docstring(m.tree)]

    assert not sorted(bare)


def test_every_public_function_says_what_a_caller_may_rely_on() -> None:
    bare = [
        f"{m.where}:{function.lineno} {name}"
        for m in modules()
        for name, function in public_functions(m)
        if not ast.get_docstring(function)
    ]

    assert not bare


def test_a_planted_bare_function_is_seen_and_a_private_one_is_not() -> None:
    text = "def bare(): ...\ndef _own(): ...\nclass Thing:\n    def bare(self): ...\n"
    module = Module.of("siapa.web", text)

    assert [name for name, _ in public_functions(module)] == ["bare", "Thing.bare"]


def test_migrations_are_numbered_by_outcome_and_follow_each_other() -> None:
    files = sorted(path.name for path in MIGRATIONS.glob("*.py"))

    numbers = [int(name[:4]) for name in files if re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name)]

    assert numbers == list(range(1, len(files) + 1)), files
