"""What no file of the project may carry, and what every data file must be."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.drawing import ROOT, written_files, written_text

SEED_DATA = ROOT / "seed_data"
TEMPLATES = ROOT / "templates"

# Brackets keep these patterns from finding themselves.
MACHINE = re.compile(r"/wor[k]/|/roo[t]/|/hom[e]/[a-z]|/User[s]/[A-Za-z]|/var/folder[s]/|\.pyen[v]/")
REGISTRY = re.compile(
    r"pyp[i]\.org|pythonhoste[d]|npmj[s]\.|--(extra-)?index-ur[l]\s*[=:h]|--find-link[s]|--trusted-hos[t]"
)
UNDONE = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")


def lines_with(pattern: re.Pattern[str]) -> Iterator[str]:
    """Each line of a written file that ``pattern`` finds."""
    for where, text in written_text():
        if pattern.search(text):
            for number, line in enumerate(text.splitlines(), 1):
                if pattern.search(line):
                    yield f"{where}:{number} {line.strip()[:100]}"


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY, UNDONE], ids=["machine", "registry", "undone"])
def test_no_file_carries_it(pattern: re.Pattern[str]) -> None:
    assert not list(lines_with(pattern))


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (MACHINE, "path = '/" + "home/ani/siapa'"),
        (REGISTRY, "https://" + "pypi" + ".org/simple"),
        (UNDONE, "# TO" + "DO: later"),
    ],
)
def test_a_planted_line_is_found(pattern: re.Pattern[str], planted: str) -> None:
    assert pattern.search(planted)


def test_every_text_file_is_utf8_in_composed_form_and_ends_with_a_newline() -> None:
    faults = []
    for where, text in written_text():
        if text and not text.endswith("\n"):
            faults.append(f"{where}: no newline at the end")
        if not unicodedata.is_normalized("NFC", text):
            faults.append(f"{where}: not in composed form (NFC)")

    assert not faults


def seed_files(suffix: str) -> list[Path]:
    """The data files of one kind."""
    return sorted(SEED_DATA.rglob(f"*{suffix}"))


def test_every_seed_table_has_named_columns_and_full_rows() -> None:
    faults = [fault for path in seed_files(".csv") for fault in table_faults(path)]

    assert seed_files(".csv")
    assert not faults


def table_faults(path: Path) -> Iterator[str]:
    """What keeps ``path`` from being one table."""
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.reader(handle, strict=True)
        header = next(rows, [])
        if not header or len(set(header)) != len(header) or not all(header):
            yield f"{path.name}: the header is missing, has an empty name, or one twice"
        for row in rows:
            if len(row) != len(header):
                yield f"{path.name}:{rows.line_num} has {len(row)} cells of {len(header)}"


def test_a_planted_short_row_is_found(tmp_path: Path) -> None:
    table = tmp_path / "malls.csv"
    table.write_text("slug,name\nkendari,MPP Kota Kendari\nbuton\n", encoding="utf-8")

    assert list(table_faults(table)) == ["malls.csv:3 has 1 cells of 2"]


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError(f"a name stands twice: {names}")
    return dict(pairs)


def test_every_seed_document_is_json_without_doubled_names() -> None:
    faults = []
    for path in seed_files(".json"):
        try:
            json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_no_twins)
        except ValueError as error:
            faults.append(f"{path.name}: {error}")

    assert seed_files(".json")
    assert not faults


INLINE = re.compile(
    # a script that is neither a file nor data
    r"""<script(?![^>]*\bsrc=)(?![^>]*type="application/(?:ld\+)?json")"""
    r"""|<style\b|\sstyle="|\son[a-z]+="|(?:src|href)="javascript:""",
    re.IGNORECASE,
)


def test_no_template_carries_script_or_style_that_the_content_policy_would_stop() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()[:100]}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if INLINE.search(line)
    ]

    assert not faults


@pytest.mark.parametrize(
    ("line", "stopped"),
    [
        ("<script>go()</script>", True),
        ('<p style="color:red">', True),
        ('<a onclick="go()">', True),
        ('<script src="/assets/suggest.js" defer></script>', False),
        ('<script type="application/ld+json">{}</script>', False),
    ],
)
def test_a_planted_inline_script_is_found(line: str, stopped: bool) -> None:
    assert bool(INLINE.search(line)) is stopped


LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s#]+)[^)]*\)")


def test_every_link_between_our_pages_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)} -> {target}"
        for path in written_files()
        if path.suffix == ".md"
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]

    assert not broken
