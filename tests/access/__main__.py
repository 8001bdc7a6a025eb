"""``python -m tests.access`` prints the rows that expected.txt lacks, as their routes behave now.

With ``--all`` it prints every row. Nothing is right because it is printed here: hold each code against
the rules of who may do what, and what is not as it should be is a fault of the route. A route that
wants something sent needs an entry in ``asks.py`` first, or it is refused for what it lacks (422).
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.access.matrix import Registry, Row, expected, is_tried, line_of, routes, usual_row
from tests.access.world import ACTORS


def main() -> None:
    """Print the rows."""
    logging.disable()
    known = expected()
    with TemporaryDirectory() as folder:
        registry = Registry(Path(folder))
        listed = {row.route for row in known}
        there = dict(routes_by_name(registry))
        wanted = [usual for route, usual in there.items() if route not in listed]
        if "--all" in sys.argv:
            wanted = [row for row in known if row.route in there] + wanted
        for row in wanted:
            print(line_of(tried(registry, row)), flush=True)


def routes_by_name(registry: Registry) -> list[tuple[tuple[str, str], Row]]:
    """Every route, with the row it would have."""
    return [((method, rule.endpoint), usual_row(method, rule)) for method, rule in routes(registry.app)]


def tried(registry: Registry, row: Row) -> Row:
    """``row`` with what is answered now."""
    found = {}
    for actor in ACTORS:
        try:
            found[actor] = registry.code(row, actor) if is_tried(row, actor) else "-"
        except AssertionError as error:
            print(f"# {error}")
            found[actor] = "!"
            registry.put_back()
    return replace(row, codes=found)


if __name__ == "__main__":
    main()
