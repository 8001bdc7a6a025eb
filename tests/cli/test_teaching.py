"""``siapa search worklist | alias | dismiss | synonyms``: what curators teach from a terminal."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from siapa.cli.tables import in_columns
from siapa.extensions import db
from siapa.records import UnansweredQuery
from siapa.records.engine import begin_writing
from siapa.search.unanswered import today
from tests.cli.operator import Operator

CURATOR = "kurator@contoh.id"


@pytest.fixture
def operator(own_seeded: Flask, tmp_path: Path) -> Operator:
    """An operator of a seeded registry that has one curator."""
    operator = Operator(tmp_path)
    made = operator.says("officer", "add", CURATOR, "--name", "Kurator", "--role", "curator")
    assert made.returncode == 0, made.stderr
    return operator


def asked(words: str, *times: int) -> None:
    """Count ``words`` so many times on each of the last days."""
    begin_writing(db)
    for before, number in enumerate(times):
        db.session.add(UnansweredQuery(day=today() - timedelta(days=before), words=words, times=number))
    db.session.commit()


def test_a_query_is_seen_taught_and_gone(operator: Operator) -> None:
    asked("kartu rumah tangga", 6, 5, 1)
    asked("cukai tembakau", 10)
    asked("ani lestari menikah", 2)

    seen = operator.says("search", "worklist").stdout.splitlines()
    taught = operator.says("search", "alias", "Kartu rumah  tangga", "kk-baru", "--as", CURATOR)
    left = operator.says("search", "worklist").stdout

    assert seen[0].split()[:3] == ["times", "days", "last"]
    assert seen[1].split()[:6] == ["12", "3", f"{today()}", "partly", "kartu", "rumah"]
    assert "cukai tembakau" in seen[2] and "nothing" in seen[2] and len(seen) == 3
    assert taught.stdout.startswith("'Kartu rumah  tangga' is an alias of KK-BARU; it finds now: KK-BARU")
    assert "cukai tembakau" in left and "rumah tangga" not in left
    assert operator.says("verify").returncode == 0


def test_an_alias_can_be_taken_back(operator: Operator) -> None:
    operator.says("search", "alias", "kartu rumah tangga", "KK-BARU")

    gone = operator.says("search", "alias", "--remove", "kartu rumah tangga", "KK-BARU")
    again = operator.says("search", "alias", "--remove", "kartu rumah tangga", "KK-BARU")

    assert gone.returncode == 0
    assert again.returncode == 1 and "Traceback" not in again.stderr


def test_an_alias_and_a_synonym_can_be_tried_before_they_are_saved(operator: Operator) -> None:
    alias = operator.says("search", "alias", "--try", "kartu rumah tangga", "KK-BARU")
    synonym = operator.says("search", "synonyms", "try", "cukai", "pajak", "--query", "cukai tembakau")
    useless = operator.says("search", "synonyms", "try", "ktp", "KTP", "--query", "ktp")

    first = alias.stdout.splitlines()[2]
    assert alias.stdout.splitlines()[:1] == ["'kartu rumah tangga'"]
    assert first.startswith("1  ") and not first.startswith("1  KK-BARU") and "  KK-BARU  " in first
    assert "now: 0 found" in synonym.stdout and "then: 0 found" not in synonym.stdout
    assert useless.returncode == 1
    assert (
        operator.says("search", "synonyms", "list", "--word", "cukai").stdout == "no synonym is like this\n"
    )


def test_a_query_is_set_aside_and_taken_up_again(operator: Operator) -> None:
    asked("harga cabai", 10)

    dismissed = operator.says("search", "dismiss", "harga cabai")
    aside = operator.says("search", "worklist", "--dismissed")
    undone = operator.says("search", "dismiss", "harga cabai", "--undo")

    assert dismissed.stdout == "'harga cabai' is set aside\n"
    assert aside.stdout == "harga cabai\n"
    assert undone.stdout == "'harga cabai' is counted again\n"
    assert operator.says("search", "worklist", "--dismissed").stdout == "nothing is set aside\n"


def test_who_is_no_curator_is_refused(operator: Operator) -> None:
    asked("harga cabai", 10)
    agency = ("--agency", "polresta-kendari")
    operator.says("officer", "add", "ani@contoh.id", "--name", "Ani", "--role", "publisher", *agency)

    refused = [
        operator.says("search", "dismiss", "harga cabai", "--by", "ani@contoh.id"),
        operator.says("search", "alias", "harga cabai", "KK-BARU", "--by", "ani@contoh.id"),
        operator.says(
            "search", "synonyms", "add", "cabai", "ktp", "--kind", "spelling", "--by", "ani@contoh.id"
        ),
    ]

    assert [one.returncode for one in refused] == [1, 1, 1]
    assert "harga cabai" in operator.says("search", "worklist").stdout


def test_a_synonym_comes_is_listed_and_goes(operator: Operator) -> None:
    added = operator.says(
        "search", "synonyms", "add", "Kartu-Sakti", "KTP", "--kind", "colloquial", "--note", "x"
    )
    listed = operator.says("search", "synonyms", "list", "--word", "sakti")
    removed = operator.says("search", "synonyms", "remove", "kartu sakti", "ktp")
    again = operator.says("search", "synonyms", "remove", "kartu sakti", "ktp")

    assert added.stdout == "kartu sakti also finds ktp\n"
    assert listed.stdout.splitlines()[1].split() == ["kartu", "sakti", "ktp", "colloquial", "x"]
    assert removed.stdout == "kartu sakti no longer finds ktp\n"
    assert again.returncode == 1 and "Traceback" not in again.stderr


def test_a_synonym_that_would_do_nothing_is_refused_with_a_sentence(operator: Operator) -> None:
    told = operator.says("search", "synonyms", "add", "ktp", "KTP", "--kind", "spelling")

    assert told.returncode == 1
    assert told.stderr == "siapa: replacement: This says the same as the term.\n"


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    table = in_columns(("times", "query"), [("7", "kk"), ("1200", "kartu rumah tangga")])

    assert table == "times  query\n    7  kk\n 1200  kartu rumah tangga"
