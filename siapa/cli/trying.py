"""What a trial showed, for a terminal: the first results without and with it, side by side."""

from __future__ import annotations

from itertools import zip_longest

from siapa import catalogue
from siapa.cli.tables import in_columns
from siapa.search import Found
from siapa.search.trying import FIRST, Trial

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
    services = catalogue.service_cards(hit.service_id for hit in found.results if hit.service_id)
    standards = catalogue.cards(hit.standard_id for hit in found.results if hit.standard_id)
    lines = []
    for hit in found.results[:FIRST]:
        service = services.get(hit.service_id) if hit.service_id else None
        standard = standards.get(hit.standard_id) if hit.standard_id else None
        name = service.name if service else standard.title if standard else "-"
        lines.append(f"{hit.service_code or 'no service'}  {name[:LONGEST_NAME]}")
    return lines
