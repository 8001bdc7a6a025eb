"""A large part is written by a process of its own, and is the same as one written here."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask

from siapa.extensions import db
from siapa.search.documents import Documents
from siapa.search.engine import Part, PartWriter, apart
from siapa.search.stems import stems


def written(folder: Path) -> Part:
    """All documents of the registry, as one part in ``folder``."""
    folder.mkdir()
    source = Documents(db.session.connection())
    writer = PartWriter(folder, stems().terms, stems().is_small)
    for documents in (source.services(), source.standards()):
        for document in documents:
            writer.add(document)
    writer.finish()
    return Part(folder)


def test_a_part_written_apart_holds_what_one_written_here_holds(
    registry: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = written(tmp_path / "here")

    monkeypatch.setattr(apart, "MOST_HERE", 3)
    other = written(tmp_path / "apart")

    assert other.count == here.count == 5
    assert other.services == here.services
    assert other.tables == here.tables
    assert {name: held.tolist() for name, held in other.values.items()} == {
        name: held.tolist() for name, held in here.values.items()
    }


def test_a_process_that_ends_early_is_a_fault_of_the_write(
    registry: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "MOST_HERE", 3)
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")

    with pytest.raises(OSError, match="ended|pipe"):
        written(tmp_path / "apart")


@pytest.mark.parametrize("sent", [b"", b'["standard", "0191'])
def test_a_pipe_that_ends_without_the_end_mark_writes_nothing(tmp_path: Path, sent: bytes) -> None:
    assert apart.write(tmp_path, io.BytesIO(sent)) is False

    assert not list(tmp_path.iterdir())
