"""Requirements by the case they belong to, so that nobody brings what only another case asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from siapa.document.standard_document import Requirement


@dataclass(frozen=True)
class Case:
    """The requirements that belong to one case; ``when`` None: to all."""

    when: str | None
    when_en: str | None
    requirements: tuple[Requirement, ...]


def cases_of(requirements: Iterable[Requirement]) -> list[Case]:
    """Requirements by the case they belong to, those for all first, cases in order of appearance."""
    grouped: dict[str | None, list[Requirement]] = {None: []}
    for requirement in requirements:
        grouped.setdefault(requirement.applies_when, []).append(requirement)
    return [Case(when, held[0].applies_when_en, tuple(held)) for when, held in grouped.items() if held]
