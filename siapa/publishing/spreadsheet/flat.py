"""Sheets that are not ours: one row a standard, one text a component, as agencies have kept them.

Which column is for what is guessed by its heading and can be said otherwise
(``mapping``); what is made of each text is kept as a guess, to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siapa.document.labels import part_name
from siapa.errors import Problem
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.slugs import slug_of
from siapa.publishing.spreadsheet import splitting
from siapa.publishing.spreadsheet.cells import plain
from siapa.publishing.spreadsheet.faults import Fault
from siapa.publishing.spreadsheet.layout import KEY, SERVICE, cell_name, folded, said_in_each
from siapa.publishing.spreadsheet.opening import Cells, Grid, refusal
from siapa.publishing.spreadsheet.reading import Guess, Handed

#: What a column may be for, and by which words of its heading it is known (folded, in this order).
TARGETS: Mapping[str, tuple[str, ...]] = {
    KEY: ("kode standar", "standard code", "slug"),
    SERVICE: ("kode layanan", "service code"),
    "title": ("nama standar", "nama layanan", "jenis layanan", "nama pelayanan", "jenis pelayanan", "judul",
              "title", "name of the standard"),
    "complaint_handling": ("pengaduan", "complaint"),
    "processing_time": ("jangka waktu", "waktu penyelesaian", "waktu pelayanan", "lama waktu",
                        "processing time"),
    "requirements": ("persyaratan", "syarat", "requirement"),
    "procedure": ("prosedur", "mekanisme", "sistem", "alur", "procedure"),
    "fees": ("biaya", "tarif", "fee"),
    "products": ("produk", "hasil layanan", "product"),
    "legal_bases": ("dasar hukum", "legal bas"),
    "facilities": ("sarana", "prasarana", "fasilitas", "facilit"),
    "staff_competence": ("kompetensi", "competence"),
    "internal_supervision": ("pengawasan", "supervision"),
    "staff_count": ("jumlah pelaksana", "jumlah petugas", "number of staff"),
    "safety_guarantee": ("keamanan", "keselamatan", "safety"),
    "service_guarantee": ("jaminan pelayanan", "jaminan layanan", "service guarantee"),
    "performance_evaluation": ("evaluasi", "evaluation"),
    "summary": ("ringkasan", "deskripsi", "keterangan", "summary"),
    "audience": ("sasaran", "pemohon", "audience"),
}  # fmt: skip
#: Columns that say nothing of a standard.
IGNORED = ("no", "nomor", "number", "#")
#: A column that is to be passed over.
NOTHING = ""

_SPLIT: Mapping[str, Callable[[str], Any]] = {
    "requirements": splitting.requirements,
    "procedure": splitting.steps,
    "processing_time": splitting.limits,
    "fees": splitting.fees,
    "products": lambda text: [{"name": one} for one in splitting.items(text)],
    "complaint_handling": splitting.complaints,
    "legal_bases": splitting.legal_bases,
    "facilities": lambda text: [{"text": one} for one in splitting.items(text)],
    "staff_count": splitting.staff_count,
}


@dataclass
class _OfRow(Handed):
    sheet: str = ""
    row: int = 0
    cells: Cells = ()
    columns: Mapping[str, int] = field(default_factory=dict)

    def fault_at(self, problem: Problem) -> Fault:
        """The cell of the component that ``problem`` is about."""
        part = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
        index = self.columns.get(part.removesuffix("_en"), self.columns.get("title", 0))
        value = self.cells[index] if index < len(self.cells) else None
        name: Words = part_name(part) if part in _NAMED else ""
        return Fault(self.sheet, cell_name(self.row, index), problem.message, name, value)


_NAMED = frozenset(TARGETS) - {KEY, SERVICE}


class FlatReading:
    """The rows of such a sheet; ``mapping`` says by heading what each column was taken for."""

    def __init__(self, grid: Grid, mapping: Mapping[str, str] | None) -> None:
        self._grid = grid
        head = next((number for number, row in enumerate(grid.rows[:20]) if _is_head(row)), None)
        if head is None:
            raise refusal(
                _l("No row with headings was found: one column must be the name of the standard."), grid.name
            )
        self._head = head
        self.mapping, self._columns = _mapped(grid, head, mapping)
        self._rows = [
            number
            for number in range(head + 1, len(grid.rows))
            if any(plain(cell).strip() for cell in grid.rows[number])
        ]
        if not self._rows:
            raise refusal(_l("There is no standard in the file."), grid.name)
        self.total = len(self._rows)

    def handed(self) -> Iterator[Handed]:
        """Each row as a standard, with what was guessed."""
        seen: dict[str, int] = {}
        for number in self._rows:
            cells = self._grid.rows[number]
            texts = {
                target: text
                for target, index in self._columns.items()
                if index < len(cells) and (text := plain(cells[index]).strip())
            }
            key = texts.pop(KEY, "") or slug_of(texts.get("title", ""))
            one = _OfRow(
                key, f"{self._grid.name}!{number + 1}", service=texts.pop(SERVICE, None),
                is_partial=True,
                sheet=self._grid.name, row=number, cells=cells, columns=self._columns,
            )  # fmt: skip
            if slug_of(key) != key:
                one.faults.append(
                    one.fault_at(Problem(KEY, _l("Use small letters, digits and hyphens only.")))
                )
            elif key in seen:
                message = _l("This name or code stands in row %(row)s already.", row=seen[key] + 1)
                one.faults.append(one.fault_at(Problem(KEY if KEY in self._columns else "title", message)))
            seen.setdefault(key, number)
            for target, text in texts.items():
                _put(one, target, text)
            yield one


def _put(one: _OfRow, target: str, text: str) -> None:
    split = _SPLIT.get(target)
    if split is None:
        one.raw[target] = text
        return
    made = split(text)
    one.guesses.append(Guess(target, text, _entries(made)))
    if made:
        one.raw[target] = made
    else:
        message = _l("Nothing certain could be read here. Write it such as: 3 hari kerja; Gratis; Rp50.000.")
        one.faults.append(one.fault_at(Problem(target, message)))


def _entries(made: Any) -> list[dict[str, Any]]:
    """What was made of a text, entry by entry, in the words of the document."""
    rows = made if isinstance(made, list) else [made] if made else []
    return [inner for row in rows for inner in (row.get("lines") or row.get("channels") or [row])]


def _is_head(row: Cells) -> bool:
    return "title" in {_target(plain(cell)) for cell in row}


def _target(heading: str) -> str:
    said = folded(heading)
    if not said or said in IGNORED:
        return NOTHING
    exact = next(
        (target for target in _NAMED if said in {folded(w) for w in said_in_each(part_name(target))}), None
    )
    if exact:
        return exact
    return next((target for target, marks in TARGETS.items() if any(mark in said for mark in marks)), NOTHING)


def _mapped(
    grid: Grid, head: int, mapping: Mapping[str, str] | None
) -> tuple[dict[str, str], dict[str, int]]:
    taken: dict[str, str] = {}
    columns: dict[str, int] = {}
    for index, cell in enumerate(grid.rows[head]):
        heading = plain(cell).strip()
        if not heading:
            continue
        where = f"{grid.name}!{cell_name(head, index)}"
        if heading in taken:
            raise refusal(_l("This column is there twice."), where, heading[:80])
        target = mapping.get(heading, NOTHING) if mapping is not None else _target(heading)
        if target in columns:
            target = NOTHING
        if target != NOTHING and target in TARGETS:
            columns[target] = index
        taken[heading] = target
    if "title" not in columns:
        raise refusal(_l("Say which column is the name of the standard."), grid.name)
    return taken, columns
