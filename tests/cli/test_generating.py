"""``siapa generate``: from an empty database to one that can be searched, and when it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.operator import Operator


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator of a registry with tables and nothing in them."""
    operator = Operator(tmp_path)
    assert operator.says("db", "upgrade").returncode == 0
    return operator


def test_an_empty_registry_is_filled_and_found_by_the_search(operator: Operator) -> None:
    told = operator.says("generate", "--standards", "40")
    again = operator.says("generate", "--standards", "40")
    rebuilt = operator.says("search", "rebuild")
    more = operator.says("generate", "--standards", "60")
    followed = operator.says("search", "follow")
    checked = operator.says("verify")

    assert (told.returncode, told.stdout) == (0, "40 made-up standards added; 40 in all\n")
    assert "40 of 40 standards" in told.stderr
    assert (again.returncode, again.stdout) == (
        0, "40 made-up standards are there already; nothing was done\n",
    )  # fmt: skip
    assert rebuilt.returncode == 0
    assert more.stdout == "20 made-up standards added; 60 in all\n"
    assert followed.returncode == 0
    assert (checked.returncode, checked.stdout) == (0, "all holds\n")


def test_real_work_is_not_mixed_with_made_up_data(operator: Operator) -> None:
    operator.says("officer", "add", "ani@konawe.go.id", "--name", "Ani", "--role", "curator")

    told = operator.says("generate", "--standards", "10")

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines()[-1].startswith("siapa: This registry has officers of its own (1): ")


def test_a_registry_in_production_is_left_alone(operator: Operator) -> None:
    told = operator.says("generate", "--standards", "10", SIAPA_ENVIRONMENT="production")

    assert told.returncode == 2
    assert "only with --force" in told.stderr


@pytest.mark.parametrize("number", ["0", "many", "-5"])
def test_a_number_that_is_none_is_bad_usage(operator: Operator, number: str) -> None:
    assert operator.says("generate", "--standards", number).returncode == 2
