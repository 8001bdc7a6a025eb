"""How much of what the law asks for is given, and what is missing.

One function, so that page, API and ranking never disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from siapa.document.standard_document import COMPONENTS, StandardDocument


@dataclass(frozen=True, slots=True)
class Completeness:
    """Keys of the components given and missing, both in the law's order.

    ``share`` is given / 14; ``percent`` the same, rounded for people, and 100 only
    when nothing is missing.
    """

    given: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Components given / all components, 0.0 to 1.0."""
        return len(self.given) / len(COMPONENTS)

    @property
    def percent(self) -> int:
        """The share in whole percent."""
        return round(100 * self.share)


def is_given(document: StandardDocument, component: str) -> bool:
    """Whether ``component`` says anything; an English rendering alone does not count."""
    if component == "complaint_handling":
        handling = document.complaint_handling
        return handling is not None and bool(handling.text or handling.channels)
    if component == "staff_count":
        staff = document.staff_count
        # A count of 0 is an answer.
        return staff is not None and (staff.count is not None or bool(staff.note))
    return bool(getattr(document, component))


def completeness(document: StandardDocument) -> Completeness:
    """Which of the fourteen components ``document`` gives, and which it lacks."""
    given = tuple(component for component in COMPONENTS if is_given(document, component))
    return Completeness(given, tuple(component for component in COMPONENTS if component not in given))
