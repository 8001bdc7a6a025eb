"""The OpenAPI document gives a typed client by a public generator, and that client reads what there is."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import serving

#: Bodies of files are no JSON, of which the generator makes no types: the upload of a workbook or CSV.
WITHOUT = ("POST /api/v1/imports",)


@pytest.fixture(scope="module")
def generated(small_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the client lies, and what was said beside it while it was made."""
    folder = tmp_path_factory.mktemp("client")
    document = small_app.test_client().get("/api/v1/openapi.json")
    (folder / "openapi.json").write_bytes(document.data)
    binaries = Path(sys.executable).parent
    made = subprocess.run(
        [binaries / "openapi-python-client", "generate", "--path", "openapi.json", "--meta", "none",
         "--output-path", "siapa_client"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    (folder / "said.txt").write_text(made.stdout + made.stderr)
    return folder


def test_the_generator_takes_the_whole_document(generated: Path) -> None:
    said = (generated / "said.txt").read_text()
    warned = [line for line in said.splitlines() if line.startswith(("WARNING", "ERROR"))]

    assert all(any(part in line for part in WITHOUT) for line in warned), warned
    assert len(list((generated / "siapa_client" / "api").glob("*/*.py"))) > 30


def test_the_client_reads_a_standard_as_values_with_types(
    small_app: Flask, generated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(generated)
    client_of: Any = importlib.import_module("siapa_client").Client
    standards: Any = importlib.import_module("siapa_client.api.standards.list_standards")
    standard: Any = importlib.import_module("siapa_client.api.standards.get_standard")

    with serving(small_app) as address:
        client = client_of(base_url=address, raise_on_unexpected_status=True)
        page = standards.sync(client=client)
        read = [standard.sync(card.id, client=client) for card in page.results]

    visitor = small_app.test_client()
    assert page.total == len(read) > 1
    for one in read:
        told = visitor.get(f"/api/v1/standards/{one.id}").json
        assert (one.title, str(one.id)) == (told["title"], told["id"])
        assert one.published_at == datetime.fromisoformat(told["published_at"])
        assert one.document.to_dict() == told["document"]
