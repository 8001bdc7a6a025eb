"""What can go wrong, in five kinds, with no word of HTTP in them.

``web/errors.py`` and the command line translate each kind for their own door;
every other room only raises. Messages are lazy strings, so they are said in the
language of whoever reads them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siapa.locales import Words


class SiapaError(Exception):
    """The common parent; never raised itself."""

    def __init__(self, message: Words) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Gone:
    """What is said where a withdrawn standard stood."""

    title: str
    reason: str
    since: datetime | None
    #: (agency slug, standard slug, title) of the standard that takes its place.
    replaced_by: tuple[str, str, str] | None = None


class NotFound(SiapaError):
    """Nothing public stands under this name.

    ``moved_to`` is set when the name is a former one: the present name, as the
    parts a door needs to build the new address. ``gone`` is set when something public
    stood here and was taken down: what may be said of it.
    """

    def __init__(
        self, message: Words, *, moved_to: tuple[str, ...] | None = None, gone: Gone | None = None
    ) -> None:
        super().__init__(message)
        self.moved_to = moved_to
        self.gone = gone


class NotAllowed(SiapaError):
    """The one who asks may not do this here."""


class Conflict(SiapaError):
    """The thing is not, or no longer, in the state this act needs."""


class Unavailable(SiapaError):
    """A part of the system cannot answer now; the rest can."""

    def __init__(self, message: Words, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what was handed in.

    ``path`` names the place (``requirements[2].copies``, or a query parameter),
    ``message`` is a sentence a person can act on, ``value`` what stood there.
    """

    path: str
    message: Words
    value: Any = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else str(self.message)


class Rejected(SiapaError):
    """What was handed in cannot be taken; ``problems`` lists every reason."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))

    def __str__(self) -> str:
        # Built anew at each reading: the language may differ from the one at raising.
        return "; ".join(str(problem) for problem in self.problems)
