"""The schemas and shapes of others: beside the checkout, or where ``CONFORMANCE_DIR`` says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.house.drawing import ROOT

FOLDER = Path(os.environ.get("CONFORMANCE_DIR") or ROOT.parent / "shared" / "conformance")


def conformance(path: str) -> Path:
    """The file of the kit at ``path``; the test is skipped where the kit is not."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"no {path} in {FOLDER}: say with CONFORMANCE_DIR where the conformance kit lies")
    return found


def schema(path: str) -> Any:
    """The JSON schema of the kit at ``path``."""
    return json.loads(conformance(path).read_text(encoding="utf-8"))
