"""The direction of imports, and the few things only one room may do."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.house.drawing import PACKAGE, ROOT, Module, imported, modules

ROOMS = ("web", "cli", "search", "opendata", "figures", "catalogue", "publishing", "document", "records")

#: Where outside data is taken in.
TAKES_IN = ("siapa.document.intake", "siapa.web.api")
#: The package of search that knows Whoosh; every other module speaks our own words.
ENGINE = ("siapa.search.engine",)
#: The modules of search that weigh, filter, count and order whole arrays.
ON_ARRAYS = (
    "siapa.search.engine", "siapa.search.scoring", "siapa.search.own", "siapa.search.ranking",
    "siapa.search.allowing", "siapa.search.filtering", "siapa.search.gathering", "siapa.search.order",
    "siapa.search.results", "siapa.search.counting", "siapa.search.nearest", "siapa.search.ways",
    "siapa.search.exploring", "siapa.search.similar",
)  # fmt: skip
READS_ENVIRONMENT = ("siapa.config",)
COMMITS = ("siapa.publishing", "siapa.search", "siapa.figures")


def test_every_room_of_the_drawing_is_there() -> None:
    missing = [room for room in ROOMS if not (PACKAGE / room / "__init__.py").is_file()]

    assert not missing


def test_imports_go_down_only() -> None:
    # A process of its own: the tool sets up logging for itself and silences every logger that is there.
    told = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()",
         "--no-cache", "--no-logo"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert told.returncode == 0, told.stdout
    assert "0 broken" in told.stdout


def imports_outside(module: Module, packages: tuple[str, ...], allowed: tuple[str, ...]) -> Iterator[str]:
    """Each import of one of ``packages`` by a module that is not in ``allowed``."""
    if module.is_in(*allowed):
        return
    for line, name in imported(module):
        if name.partition(".")[0] in packages:
            yield f"{module.where}:{line} imports {name}"


def test_only_intake_and_the_api_use_marshmallow() -> None:
    faults = [fault for m in modules() for fault in imports_outside(m, ("marshmallow", "webargs"), TAKES_IN)]

    assert not faults


def test_only_the_engine_of_search_imports_whoosh() -> None:
    faults = [fault for m in modules() for fault in imports_outside(m, ("whoosh",), ENGINE)]

    assert not faults


def test_only_the_modules_of_search_that_work_on_arrays_import_numpy() -> None:
    faults = [fault for m in modules() for fault in imports_outside(m, ("numpy",), ON_ARRAYS)]

    assert not faults


def test_a_planted_import_is_found() -> None:
    module = Module.of("siapa.web.site", "def page():\n    from whoosh.index import open_dir\n")

    faults = list(imports_outside(module, ("whoosh",), ENGINE))

    assert faults == ["planted.py:2 imports whoosh.index"]


def environment_reads(module: Module) -> Iterator[str]:
    """Each place that reads or writes the environment of the process."""
    names = {"environ", "environb", "getenv", "putenv", "getenvb"}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "os" and node.attr in names:
                yield f"{module.where}:{node.lineno} os.{node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from (f"{module.where}:{node.lineno} {n.name}" for n in node.names if n.name in names)


def test_only_config_reads_the_environment() -> None:
    faults = [fault for m in modules() if not m.is_in(*READS_ENVIRONMENT) for fault in environment_reads(m)]

    assert not faults


@pytest.mark.parametrize(
    "line", ["import os\nx = os.environ['A']", "import os\nx = os.getenv('A')", "from os import environ"]
)
def test_a_planted_read_of_the_environment_is_found(line: str) -> None:
    module = Module.of("siapa.web.hooks", line)

    assert len(list(environment_reads(module))) == 1


def commits(module: Module) -> Iterator[str]:
    """Each call of something named ``commit``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
            yield f"{module.where}:{node.lineno} {ast.unparse(node.func)}()"


def test_only_publishing_and_search_commit() -> None:
    faults = [fault for m in modules() if not m.is_in(*COMMITS) for fault in commits(m)]

    assert not faults


def test_a_planted_commit_is_found() -> None:
    module = Module.of("siapa.web.desk", "def save():\n    db.session.commit()\n")

    assert list(commits(module)) == ["planted.py:2 db.session.commit()"]
