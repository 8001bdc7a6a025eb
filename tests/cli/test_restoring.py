"""``siapa restore --to``: the newest backup from before a moment, and what it says it lacks."""

from __future__ import annotations

import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from siapa.publishing.backups import described
from tests.cli.operator import Operator


@pytest.fixture(scope="module")
def backups(seeded_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two backups, a second apart, and a file that is none."""
    here = tmp_path_factory.mktemp("here")
    shutil.copytree(seeded_folder / "instance", here / "instance")
    folder = here / "backups"
    folder.mkdir()
    for name in ("one.tar", "two.tar.gz"):
        assert Operator(here).says("backup", str(folder / name)).returncode == 0
        time.sleep(1.1)
    (folder / "notes.tar").write_text("nothing of ours")
    return folder


def test_the_newest_backup_before_the_moment_is_taken(backups: Path, tmp_path: Path) -> None:
    between = described(backups / "two.tar.gz").made_at
    moment = datetime.fromisoformat(between).timestamp() - 0.5
    first, second = Operator(tmp_path / "first"), Operator(tmp_path / "second")

    one = first.says("restore", str(backups), "--to", datetime.fromtimestamp(moment, UTC).isoformat())
    two = second.says("restore", str(backups), "--to", "latest")

    assert (one.returncode, two.returncode) == (0, 0), one.stderr + two.stderr
    assert re.search(
        r"from .*one\.tar; what was written in the 0 min \d s from then on is not in it", one.stdout
    )
    assert "two.tar.gz; what was written in the" in two.stdout
    assert "all holds" in one.stdout
    assert one.stderr.startswith(f"passed over: {backups / 'notes.tar'}: This is no whole backup")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--to", "2001-01-01"),
            "(?s).*siapa: no backup in .* was made before 2001-01-01.*: the oldest is of 20",
        ),
        (("--to", "2999-01-01"), "(?s).*has not come yet"),
        (("--to", "kemarin"), "(?s).*'kemarin' is no moment"),
        ((), "(?s).*say a FILE, or a FOLDER of backups with --to"),
        (("--to", "latest", "--data", "x"), "(?s).*--to, --archive and --data together"),
        (("--to", "latest", "--data", "x", "--archive", "."), "(?s).*--archive is for PostgreSQL"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    backups: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    elsewhere = Operator(tmp_path / "elsewhere")

    told = elsewhere.says("restore", str(backups), *words)

    assert told.returncode in (1, 2)
    assert re.match(said, told.stderr), told.stderr
    assert not (tmp_path / "elsewhere" / "instance" / "siapa.db").exists()
