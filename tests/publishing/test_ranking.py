"""The worst first: by what is given of the components, and by the day of review; to each their own tree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.publishing import commands
from siapa.publishing.ranking import Lack, agencies_ranked, sees_any, standards_ranked
from siapa.records import Officer, now
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, document, people_and_places, published

TODAY = now().date()


@pytest.fixture
def ranked(either_app: Flask) -> Cast:
    """In ``own`` one standard of 7 components that is overdue, one of 6; in ``sibling`` one of 8."""
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    published(cast, title="Lewat", staff_competence="D3", review_due=(TODAY - timedelta(1)).isoformat())
    published(cast, title="Kosong")
    better = document("Lebih baik", staff_competence="D3", internal_supervision="Inspektorat")
    other = commands.open_standard(cast.sibling.id, better, by=cast.stranger)
    commands.submit(other.id, by=cast.stranger)
    commands.publish(other.id, by=cast.national)
    return cast


def agencies_of(officer: Officer, **asked: object) -> list[tuple[str, int | None, int, int]]:
    """Address, per cent, incomplete and overdue of each agency that ``officer`` is shown."""
    rows = agencies_ranked(officer, today=TODAY, **asked).rows
    return [(one.agency.slug, one.percent, one.incomplete, one.overdue) for one in rows]


def titles(officer: Officer, **asked: object) -> list[str]:
    """The titles of the standards that ``officer`` is shown."""
    found = standards_ranked(officer, today=TODAY, **asked)
    assert found.total == len(found.rows)
    return [edition.title for _standard, edition in found.rows]


def test_agencies_stand_the_emptiest_first_and_those_without_anything_at_the_end(ranked: Cast) -> None:
    own, sibling = ("dukcapil", 46, 2, 1), ("dinkes", 57, 1, 0)

    assert agencies_of(ranked.national)[:2] == [own, sibling]
    assert {one[:2] for one in agencies_of(ranked.national)[2:]} == {("pemkot", None), ("uptd", None)}
    assert agencies_of(ranked.author) == agencies_of(ranked.admin) == [own, ("uptd", None, 0, 0)]
    assert agencies_of(ranked.stranger) == [sibling]
    assert agencies_of(ranked.national, lack=Lack.OVERDUE) == [own]
    assert agencies_of(ranked.author, lack=Lack.NOTHING) == [("uptd", None, 0, 0)]
    assert agencies_of(ranked.author, below=ranked.sibling.id) == []


def test_standards_stand_the_emptiest_first_and_are_narrowed(ranked: Cast) -> None:
    assert titles(ranked.national) == ["Kosong", "Lewat", "Lebih baik"]
    assert titles(ranked.author) == ["Kosong", "Lewat"]
    assert titles(ranked.curator, lack=Lack.OVERDUE) == ["Lewat"]
    assert titles(ranked.national, below=ranked.sibling.id) == ["Lebih baik"]
    assert titles(ranked.author, below=ranked.sibling.id) == []


def test_the_manager_of_a_mall_has_no_ranking(cast: Cast) -> None:
    assert [name for name, person in cast.officers.items() if not sees_any(person)] == ["manager"]
