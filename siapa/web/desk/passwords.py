"""What a new password must be: long, and not what anybody would try first. No rule about kinds of letters."""

from __future__ import annotations

from siapa.errors import Problem
from siapa.locales import gettext as _
from siapa.records import Officer

SHORTEST, LONGEST = 12, 200
#: Fewer different letters than this are a pattern on the keyboard.
FEWEST_DIFFERENT = 6


def problems_of(password: str, repeated: str, officer: Officer) -> list[Problem]:
    """Why ``password`` cannot be the officer's new one; empty where it can."""
    plain = password.casefold()
    own = {
        part for part in (officer.email.partition("@")[0], *officer.name.casefold().split()) if len(part) > 3
    }
    if len(password) < SHORTEST:
        problem = _("Use %(least)s characters or more; several words are easy to remember.", least=SHORTEST)
    elif len(password) > LONGEST:
        problem = _("Use at most %(most)s characters.", most=LONGEST)
    elif len(set(plain)) < FEWEST_DIFFERENT or plain in _counted():
        problem = _("This is easy to guess. Take several words that do not belong together.")
    elif any(part in plain and len(part) * 2 > len(plain) for part in own):
        problem = _("Your own name or address is easy to guess.")
    elif password != repeated:
        return [Problem("repeated", _("The two passwords differ. Write the same twice."))]
    else:
        return []
    return [Problem("password", problem)]


def _counted() -> set[str]:
    """Rows of the keyboard and of the alphabet, as they are typed without a thought."""
    rows = ("1234567890", "qwertyuiop", "asdfghjkl", "abcdefghijklmnopqrstuvwxyz")
    return {(row * 3)[:length] for row in rows for length in range(SHORTEST, 40)}
