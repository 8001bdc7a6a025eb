"""The command line as an operator meets it: a process, what it printed, how it ended."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.cli.forked import run
from tests.conftest import SECRET


@dataclass(frozen=True)
class Operator:
    """Someone at a terminal of the machine whose registry lives in ``folder``."""

    folder: Path

    @property
    def settings(self) -> dict[str, str]:
        """Where that registry lives, as the environment says it."""
        return {
            "SIAPA_INSTANCE_DIR": str(self.folder / "instance"),
            "SIAPA_SEARCH_DIR": str(self.folder / "search_index"),
            "SIAPA_SECRET_KEY": SECRET,
        }

    def says(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run ``siapa words…`` and wait for it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SIAPA_")}
        environment |= {**self.settings, **settings}
        return run(words, environment)
