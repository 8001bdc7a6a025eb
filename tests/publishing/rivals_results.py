"""What two rivals do in each command on results, and what must come of it: nothing reported is lost."""

from __future__ import annotations

from datetime import date, timedelta

from siapa.publishing import results
from siapa.records import SatisfactionResult, ServicePerformance
from tests.publishing.arena import Arena, Race
from tests.publishing.rivalry import BOTH, author, counted


def _day(number: int) -> date:
    """Another period in each round."""
    return date(2020, 1, 1) + timedelta(days=number)


def _measured(arena: Arena, number: int, rival: int) -> object:
    said = results.Measured(_day(number), _day(number), 10 + rival, note="Dibetulkan")
    return results.set_performance(arena.standard, said, by=author())


def _surveyed(arena: Arena, number: int, rival: int) -> object:
    said = results.Surveyed(_day(number), _day(number), 40 + rival, (3.0,) * 9, note="Dibetulkan")
    return results.set_satisfaction(arena.own, said, by=author())


RESULTS: dict[str, Race] = {
    "results.set_performance": Race(
        _measured, BOTH,
        holds=lambda a, n: counted(ServicePerformance, ServicePerformance.from_on == _day(n)) == 2,
    ),
    "results.set_satisfaction": Race(
        _surveyed, BOTH,
        holds=lambda a, n: counted(SatisfactionResult, SatisfactionResult.from_on == _day(n)) == 2,
    ),
}  # fmt: skip
