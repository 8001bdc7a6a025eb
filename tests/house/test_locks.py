"""What is installed is exactly what was locked, and the lock says nothing of where it came from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.house.drawing import ROOT

PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Package and version of each line of a lock file."""
    return dict(PINNED.findall((ROOT / name).read_text(encoding="utf-8")))


def named(requirements: list[str]) -> set[str]:
    """The normalised package names of requirement lines."""
    names = (re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0] for line in requirements)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def project() -> dict[str, object]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_dependency_of_the_project_is_locked() -> None:
    wanted = named(project()["project"]["dependencies"] + project()["dependency-groups"]["build"])

    assert wanted <= pins("requirements.lock").keys()


def test_the_test_lock_has_the_same_releases_and_the_tools_beside() -> None:
    running, testing = pins("requirements.lock"), pins("requirements-test.lock")
    groups = project()["dependency-groups"]

    assert running.items() <= testing.items()
    assert named(groups["test"] + groups["lint"]) <= testing.keys()


def test_every_locked_release_has_hashes_and_no_address() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        entries = re.split(r"\n(?=[a-z0-9])", Path(ROOT / name).read_text(encoding="utf-8"))

        assert all("--hash=sha256:" in entry for entry in entries)
        assert not [entry for entry in entries if "://" in entry or " @ " in entry]
