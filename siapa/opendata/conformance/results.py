"""The result of a run, as it is kept beside the registry and shown on the page."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

FILE = "conformance.json"
_FORMAT = "siapa-conformance-1"


@dataclass(frozen=True, slots=True)
class Result:
    """What one set of rules says of our records of one kind."""

    #: The format and its version, as its makers write it.
    format: str
    version: str
    #: Which records, as the API calls them.
    records: str
    #: The files of the kit that hold the rules, and the SHA-256 over them in hex.
    rules: tuple[str, ...]
    rules_sha256: str
    checked: int
    #: How many such records there are; more than were checked where they are very many.
    total: int
    errors: int
    #: The first errors, in the words of the checker.
    first_errors: tuple[str, ...] = ()
    #: Why nothing was checked; empty where it was.
    not_run: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One run over the registry as of one change."""

    at: datetime
    change: int
    results: tuple[Result, ...]

    @property
    def errors(self) -> int:
        """All errors of all formats."""
        return sum(result.errors for result in self.results)


def write_run(folder: Path, run: Run) -> Path:
    """Keep ``run`` in ``folder``, in the place of the one before; gives back the file."""
    path = folder / FILE
    being_written = path.with_name(f".{FILE}.part")
    content = {"format": _FORMAT, **dataclasses.asdict(run)}
    being_written.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    being_written.replace(path)
    return path


def read_run(folder: Path) -> Run | None:
    """The last run kept in ``folder``; None where there is none that can be read."""
    try:
        said = json.loads((folder / FILE).read_bytes())
        if said["format"] != _FORMAT:
            return None
        rows = [{**row, "rules": tuple(row["rules"]), "first_errors": tuple(row["first_errors"])}
                for row in said["results"]]  # fmt: skip
        at = datetime.fromisoformat(said["at"])
        return Run(at, int(said["change"]), tuple(Result(**row) for row in rows))
    except (OSError, ValueError, KeyError, TypeError):
        return None
