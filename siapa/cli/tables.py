"""Tables for a terminal: columns as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

Cells = Sequence[str]


def in_columns(titles: Cells, rows: Sequence[Cells]) -> str:
    """``rows`` under their ``titles``, a line each; a column of numbers stands to the right."""
    lines = [titles, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(titles))]
    right = [all(row[place].isdigit() for row in rows) for place in range(len(titles))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if is_number else cell.ljust(width)
            for cell, width, is_number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )
