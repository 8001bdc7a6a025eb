"""Where no word of a question is known, services of a like meaning are shown: if that is switched on."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from siapa import search
from siapa.config import BadConfiguration
from siapa.extensions import db
from siapa.search import Query
from tests.conftest import copied, make_app

#: No word of these is known to the search; the service whose name means most nearly the same.
ASKED = {
    "acte de naissance": "AKTA-LAHIR",
    "permis de conduire": "SIM-A-BARU",
    "運転免許": "SIM-A-BARU",
}


@pytest.fixture(scope="module")
def understanding(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The seeded registry with the encoder switched on: read only."""
    app = copied(seeded_folder, tmp_path_factory.mktemp("similar"), SIAPA_SEMANTIC="on")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("text", ASKED)
def test_a_question_of_unknown_words_is_answered_by_its_meaning(understanding: Flask, text: str) -> None:
    answer = understanding.test_client().get("/api/v1/search", query_string={"q": text}).get_json()

    assert (answer["total"], answer["results"]) == (0, [])
    assert [one["key"] for one in answer["similar"]][:1] == [ASKED[text]]


def test_the_page_says_that_they_were_not_found_but_are_alike(understanding: Flask) -> None:
    visitor = understanding.test_client()

    page = visitor.get("/cari", query_string={"q": "acte de naissance"}).text
    english = visitor.get("/en/cari", query_string={"q": "acte de naissance"}).text

    assert "Hasil serupa" in page
    assert 'href="/layanan/akta-kelahiran"' in page
    assert "Similar results" in english


@pytest.mark.parametrize(
    "query",
    [Query("ktp"), Query("xqzv wrtk"), Query("acte de naissance", region="74"), Query("   "), Query("")],
    ids=["found by words", "letters without sense", "with a filter", "blank", "empty"],
)
def test_nothing_is_shown_as_alike_where(understanding: Flask, query: Query) -> None:
    with understanding.app_context():
        assert search.similar(query, search.find(query)) == ()
        db.session.remove()


def test_it_is_off_unless_asked_for(seeded: Flask) -> None:
    query = Query("acte de naissance")

    assert search.similar(query, search.find(query)) == ()


def test_without_the_extra_the_registry_says_so_at_its_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("siapa.search.room"), "find_spec", lambda _name: None)

    with pytest.raises(BadConfiguration, match=r"siapa\[semantic\]"):
        make_app(tmp_path, SIAPA_SEMANTIC="on")
