"""What a trial showed, for a terminal: the first results without and with it, side by side."""

from __future__ import annotations

from itertools import zip_longest

from siapa.cli.tables import in_columns
from siapa.search import Found
from siapa.search.trying import Trial, first_of

LONGEST_NAME = 40


def shown(trial: Trial) -> str:
    """The query, how it was understood and its first results, as it is now and as it would be."""
    now, then = _lines(trial.before), _lines(trial.after)
    rows = [(str(place), *pair) for place, pair in enumerate(zip_longest(now, then, fillvalue=""), 1)] or [
        ("1", "", "")
    ]
    titles = ("", f"now: {_said(trial.before)}", f"then: {_said(trial.after)}")
    return f"{trial.text!r}\n{in_columns(titles, rows)}"


def _said(found: Found) -> str:
    partly = ", partly" if found.is_partial else ""
    return f"{found.total} found{partly}"


def _lines(found: Found) -> list[str]:
    """The first results, each with its code and name."""
    return [f"{one.code or 'no service'}  {one.name[:LONGEST_NAME]}" for one in first_of(found)]
