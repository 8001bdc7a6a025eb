"""A snapshot can be made again bit by bit, and whoever changes one bit of it is found out."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from click.testing import CliRunner
from flask import Flask

from siapa.cli.snapshots import snapshot
from siapa.opendata import snapshots
from siapa.opendata.snapshots import Manifest
from siapa.opendata.snapshots.manifest import read_manifest
from siapa.opendata.snapshots.merkle import EMPTY, Tree, leaf, path, root_from
from siapa.publishing import commands, offerings
from siapa.publishing.offerings import OfferedAt
from tests.cli.operator import Operator
from tests.opendata.test_tables import rows_of
from tests.publishing.cast import Cast, document, published

RECORDS = [f"record {n}".encode() for n in range(23)]


def make(root: Path) -> Manifest:
    """A snapshot of the registry in whose context the test stands."""
    return snapshots.make(root, "https://siapa.example", tells=lambda _name: None)


def naive_root(records: list[bytes]) -> bytes:
    """The root as RFC 9162 defines it, by the letter."""
    if len(records) == 1:
        return leaf(records[0])
    split = 1
    while split * 2 < len(records):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(records[:split]) + naive_root(records[split:])).digest()


@pytest.mark.parametrize("size", range(1, len(RECORDS) + 1))
def test_the_root_is_that_of_the_rfc_and_every_record_has_its_proof(size: int) -> None:
    records = RECORDS[:size]
    tree = Tree()
    for record in records:
        tree.add(record)

    proofs = [path((leaf(record) for record in records), index, size) for index in range(size)]

    assert tree.root == naive_root(records)
    assert all(root_from(records[n], n, size, proofs[n]) == tree.root for n in range(size))
    assert all(root_from(b"other", n, size, proofs[n]) != tree.root for n in range(size))


def test_no_records_have_the_empty_root_and_a_proof_of_the_wrong_length_proves_nothing() -> None:
    assert Tree().root == EMPTY == hashlib.sha256().digest()
    assert root_from(RECORDS[0], 0, 4, [b"x"]) is None
    assert root_from(RECORDS[0], 4, 4, [b"x", b"y"]) is None


def test_the_same_state_gives_the_same_bytes(seeded: Flask, tmp_path: Path) -> None:
    make(tmp_path / "one"), make(tmp_path / "two")

    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert len(files) > 50
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert not list(snapshots.faults(tmp_path / "one"))


@pytest.fixture
def two(cast: Cast, tmp_path: Path) -> Path:
    """Two snapshots: between them a standard was withdrawn, and another lost its place."""
    gone = published(cast, title="Akan dicabut")
    kept = published(cast, title="Tetap ada")
    for standard in (gone, kept):
        offerings.set_offerings(standard.id, [OfferedAt(cast.mall.id)], by=cast.publisher)
    make(tmp_path)
    commands.withdraw(gone.id, reason="Digabung", replaced_by=kept.id, by=cast.publisher)
    offerings.set_offerings(kept.id, [], by=cast.publisher)
    make(tmp_path)
    return tmp_path


def folders_of(root: Path) -> tuple[Path, Path]:
    """The older and the newer of two snapshots."""
    older, newer = snapshots.folders(root)
    return older, newer


def records(folder: Path, table: str) -> list[dict[str, Any]]:
    """The records of a table in a snapshot."""
    with gzip.open(folder / f"{table}.jsonl.gz", "rb") as handle:
        return [json.loads(line) for line in handle]


def test_each_names_the_one_before(two: Path) -> None:
    older, newer = (snapshots.manifest_of(folder) for folder in folders_of(two))

    assert older.before is None
    assert newer.before is not None
    assert (newer.before.number, newer.before.digest) == (older.number, older.digest)
    assert not list(snapshots.faults(two))


def test_nothing_is_made_while_nothing_changes(two: Path) -> None:
    newest = snapshots.snapshots(two)[0]

    again = make(two)

    assert again.digest == newest.digest
    assert len(snapshots.folders(two)) == 2


def test_what_is_gone_has_a_tombstone_with_its_reason_for_ever(two: Path, cast: Cast) -> None:
    older, newer = folders_of(two)
    number = snapshots.manifest_of(newer).number
    commands.open_standard(cast.own.id, document("Rancangan"), by=cast.author)
    published(cast, title="Yang ketiga")
    make(two)

    stones = records(newer, "tombstones")
    last = snapshots.folders(two)[-1]

    assert not records(older, "tombstones")
    by_table = {stone["table"]: stone for stone in stones if stone["reason"]}
    assert by_table["standards"]["reason"] == by_table["offerings"]["reason"] == "Digabung"
    assert by_table["standards"]["replaced_by_id"]
    assert sorted((stone["table"], stone["kind"]) for stone in stones) == [
        ("offerings", "gone"), ("offerings", "withdrawn"), ("standards", "withdrawn"),
    ]  # fmt: skip
    assert {stone["since"] for stone in stones} == {number}
    assert records(last, "tombstones") == stones


def test_the_difference_leads_from_the_older_to_the_newer(two: Path) -> None:
    older, newer = folders_of(two)
    changes = [json.loads(line) for line in snapshots.difference(older, newer)]

    for table in ("standards", "offerings", "withdrawals", "requirements", "changes"):
        rows = {json.dumps(row, sort_keys=True) for row in records(older, table)}
        for change in (one for one in changes if one["table"] == table):
            rows -= {json.dumps(change["before"], sort_keys=True)} if change["before"] else set()
            rows |= {json.dumps(change["after"], sort_keys=True)} if change["after"] else set()
        assert rows == {json.dumps(row, sort_keys=True) for row in records(newer, table)}
    assert {"added", "removed"} <= {change["change"] for change in changes}


def test_every_record_of_a_table_is_proved_and_a_changed_one_is_not(two: Path) -> None:
    _, newer = folders_of(two)
    manifest = (newer / "manifest.json").read_bytes()
    agencies = records(newer, "agencies")

    for agency in agencies:
        proof = snapshots.proof(newer, "agencies", [agency["id"]])
        assert not list(snapshots.proof_faults(proof, manifest))
        proof["record"] = proof["record"].replace("Dinas", "Kantor").replace("Pemerintah", "Kantor") + " "
        assert list(snapshots.proof_faults(proof, manifest)) == ["the record is not in the table"]


def test_a_proof_for_another_snapshot_is_refused(two: Path) -> None:
    older, newer = folders_of(two)
    proof = snapshots.proof(older, "regions", ["74.71"])

    assert not list(snapshots.proof_faults(proof, (older / "manifest.json").read_bytes()))
    assert list(snapshots.proof_faults(proof, (newer / "manifest.json").read_bytes())) == [
        "it is a proof for another snapshot"
    ]
    assert list(snapshots.proof_faults({"format": 1})) == ["this is no proof of a record"]


def rewritten(file: Path, change: tuple[bytes, bytes]) -> None:
    """Change the content of a compressed file, and the list of sums with it."""
    content = gzip.decompress(file.read_bytes()).replace(*change)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(gzip.compress(content, mtime=0))
    sums = file.with_name("SHA256SUMS")
    sums.write_text(sums.read_text().replace(before, hashlib.sha256(file.read_bytes()).hexdigest()))


@pytest.mark.parametrize("name", ["agencies.jsonl.gz", "agencies.csv.gz"])
def test_a_changed_word_is_found_although_its_sum_was_changed_too(two: Path, name: str) -> None:
    _, newer = folders_of(two)
    rewritten(newer / name, (b"Dinas Dukcapil", b"Dinas Palsu"))

    assert list(snapshots.faults(two)) == [
        f"{newer.name}: {name}: its content is not the one in the manifest"
    ]


def test_a_manifest_written_anew_breaks_the_chain(two: Path) -> None:
    older, newer = folders_of(two)
    manifest = json.loads((older / "manifest.json").read_bytes())
    manifest["at"] = "2020-01-01T00:00:00Z"
    (older / "manifest.json").write_bytes(rfc8785.dumps(manifest))

    found = list(snapshots.faults(two))

    assert read_manifest(rfc8785.dumps(manifest)).at == "2020-01-01T00:00:00Z"
    assert any("is not the one it was made after" in fault for fault in found)
    assert any("manifest.json: its sum is not the one" in fault for fault in found)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"format": "other"}', b"\xff"])
def test_what_is_no_manifest_is_told_and_nothing_breaks(two: Path, content: bytes) -> None:
    _, newer = folders_of(two)
    (newer / "manifest.json").write_bytes(content)

    assert any("manifest.json" in fault for fault in snapshots.faults(two))
    assert len(snapshots.snapshots(two)) == 1


def test_a_missing_and_a_strange_file_are_found(two: Path) -> None:
    _, newer = folders_of(two)
    (newer / "README.md").unlink()
    (newer / "extra.txt").write_text("x")

    assert list(snapshots.faults(newer)) == [
        f"{newer.name}: README.md: is not there", f"{newer.name}: extra.txt: is not of the snapshot",
    ]  # fmt: skip


def test_verifying_needs_no_database(two: Path, tmp_path: Path) -> None:
    operator = Operator(tmp_path / "nowhere")

    done = operator.says(
        "snapshot", "verify", str(two), SIAPA_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"
    )

    assert (done.returncode, done.stdout) == (0, "all holds\n")
    assert not (tmp_path / "nowhere").exists()


def test_the_commands_prove_check_compare_and_find_what_is_broken(two: Path, tmp_path: Path) -> None:
    older, newer = folders_of(two)
    proof, difference, manifest = tmp_path / "proof.json", tmp_path / "d.jsonl", newer / "manifest.json"
    run = CliRunner()

    proof.write_text(run.invoke(snapshot, ["prove", str(newer), "regions", "74.71"]).stdout)
    checked = run.invoke(snapshot, ["check", str(proof), "--manifest", str(manifest)])
    compared = run.invoke(snapshot, ["difference", str(older), str(newer), str(difference)])
    proof.write_text("{}")
    refused = run.invoke(snapshot, ["check", str(proof)])
    nowhere = run.invoke(snapshot, ["prove", str(tmp_path / "proof"), "regions", "74.71"])
    (tmp_path / "empty").mkdir()
    empty = run.invoke(snapshot, ["difference", str(older), str(tmp_path / "empty"), str(difference)])
    (newer / "regions.csv.gz").unlink()
    broken = run.invoke(snapshot, ["verify", str(two)])

    assert [one.exit_code for one in (checked, compared, refused, nowhere, empty, broken)] == [
        0,
        0,
        1,
        2,
        2,
        1,
    ]
    assert difference.read_text().count("\n") > 3
    assert "regions.csv.gz" in broken.stdout


def test_a_snapshot_holds_what_the_tables_hold(two: Path) -> None:
    _, newer = folders_of(two)
    manifest = snapshots.manifest_of(newer)

    assert {entry.name: entry.rows for entry in manifest.tables if entry.name != "tombstones"} == {
        entry.name: len(rows_of(entry.name)) for entry in manifest.tables if entry.name != "tombstones"
    }
