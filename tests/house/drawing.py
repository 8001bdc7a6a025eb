"""The house as files and syntax trees: what the tests beside this page look at."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "siapa"
#: Folders that are made, not written; only asked for where there is no git to tell.
MADE = {".venv", ".git", "instance", "__pycache__", "siapa.egg-info", "node_modules"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its dotted name, its text and its syntax tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @classmethod
    def read(cls, path: Path) -> Module:
        """The module in ``path``."""
        parts = list(path.relative_to(ROOT).with_suffix("").parts)
        if parts[-1] == "__init__":
            parts.pop()
        return cls.of(".".join(parts), path.read_text(encoding="utf-8"), path)

    @classmethod
    def of(cls, name: str, text: str, path: Path = Path("planted.py")) -> Module:
        """A module from its text; tests plant a fault this way."""
        return cls(name, path, text, ast.parse(text))

    @property
    def where(self) -> str:
        """The path as a person writes it, from the root."""
        return str(self.path.relative_to(ROOT)) if self.path.is_absolute() else str(self.path)

    def is_in(self, *rooms: str) -> bool:
        """Whether the module is one of ``rooms`` or inside one."""
        return any(self.name == room or self.name.startswith(f"{room}.") for room in rooms)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    return tuple(Module.read(path) for path in sorted(PACKAGE.rglob("*.py")))


@cache
def written_files() -> tuple[Path, ...]:
    """Every file that is part of the project: what git tracks, or all but what is made."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [p for p in ROOT.rglob("*") if not MADE & set(p.relative_to(ROOT).parts)]
    return tuple(sorted(p for p in paths if p.is_file()))


def written_text() -> Iterator[tuple[str, str]]:
    """Each written file that is text, as (path from the root, text)."""
    for path in written_files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Each import of ``module``, also inside functions, as (line, dotted name)."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def public_functions(module: Module) -> Iterator[tuple[str, Function]]:
    """The functions of ``module`` and the methods of its classes that others may call."""
    yield from _public(module.tree, "")


def _public(parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, Function]]:
    for node in parent.body:
        if isinstance(node, Function):
            if not node.name.startswith("_") and not _is_overload(node):
                yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node, f"{prefix}{node.name}.")


def _is_overload(function: Function) -> bool:
    return any(isinstance(d, ast.Name) and d.id == "overload" for d in function.decorator_list)
