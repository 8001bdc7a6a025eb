"""Our records are held against the rules of others by a command, and the page shows what came of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from siapa.locales import using
from siapa.opendata import conformance
from siapa.opendata.conformance import Result, Run, running
from siapa.opendata.package import Standing
from tests.opendata.conformance import FOLDER
from tests.opendata.conformance import conformance as in_kit

STANDING = Standing(7, datetime(2026, 3, 1, tzinfo=UTC), "https://siapa.example")


def run(app: Flask, kit: Path, most: int = 20) -> Run:
    """A run over the registry of ``app``."""
    with app.app_context(), using("id"):
        return conformance.run(kit, STANDING, most=most, tells=lambda _what: None)


def test_a_run_says_what_was_checked_by_which_rules_and_finds_nothing_wrong(seeded_app: Flask) -> None:
    in_kit("hsds/3.0/schema/compiled/service.json")

    made = run(seeded_app, FOLDER)

    assert [(one.format, one.first_errors) for one in made.results if one.errors] == []
    assert not [one.format for one in made.results if one.not_run]
    assert {(one.checked, one.total > 100) for one in made.results if one.records == "services"} == {
        (20, True)
    }
    assert all(len(one.rules_sha256) == 64 for one in made.results)
    assert {one.format for one in made.results} >= {"HSDS", "Open Referral UK", "CPSV-AP", "DCAT-AP"}


def test_what_breaks_a_rule_is_counted_and_what_is_not_in_the_kit_is_not_claimed(
    seeded_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "hsds/3.0/schema/compiled/service.json"
    shutil.copytree(in_kit("hsds/3.0/schema/compiled"), (tmp_path / name).parent)
    rules = json.loads((tmp_path / name).read_text())
    rules["required"].append("email")
    (tmp_path / name).write_text(json.dumps(rules))

    first, *others = run(seeded_app, tmp_path, most=3).results
    monkeypatch.setattr(running, "RULES", running.RULES[:1])
    monkeypatch.setattr(running.importlib.util, "find_spec", lambda _name: None)
    [without] = run(seeded_app, tmp_path).results

    assert (first.checked, first.errors) == (3, 3) and "email" in first.first_errors[0]
    assert any("not in the kit" in one.not_run and not one.checked for one in others)
    assert (without.checked, without.errors, without.rules_sha256) == (0, 0, "")
    assert "[conformance]" in without.not_run


@pytest.mark.parametrize("address", ["/conformance", "/en/conformance"])
def test_the_page_says_that_nothing_was_checked_or_shows_the_dated_result(app: Flask, address: str) -> None:
    visitor, folder = app.test_client(), app.config["SIAPA"].instance_dir
    none = visitor.get(address).text
    good = Result("HSDS", "3.0", "services", ("a.json",), "ab" * 32, 12, 34, 0)
    bad = replace(good, format="CPSV-AP", errors=2, first_errors=("<x>: wrong",))
    away = replace(good, format="DCAT-AP", checked=0, rules_sha256="", not_run="not in the kit: y")
    conformance.write_run(folder, Run(datetime(2026, 3, 1, 2, tzinfo=UTC), 99, (good, bad, away)))

    page = app.test_client().get(f"{address}?again=1").text

    assert ("tidak diperiksa di sini" in none) == (address == "/conformance")
    assert ("was not checked here" in none) == (address == "/en/conformance")
    assert "12" in page and "34" in page and "2026-03-01" in page and "99" in page
    assert "&lt;x&gt;: wrong" in page and "not in the kit: y" in page and "abababababab" in page


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": "other"}', b'{"format": "siapa-conformance-1"}'])
def test_a_result_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / conformance.FILE).write_bytes(content)

    assert conformance.read_run(tmp_path) is None
