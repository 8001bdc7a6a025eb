"""Which regulations a document rests on: read from its legal bases and from what its fees name.

People write one regulation in many ways: ``UU 24/2013``, ``Undang-Undang Nomor 24 Tahun
2013 tentang …``, type, number and year apart. Here all of them are one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from siapa.document.standard_document import LegalBasis, StandardDocument

#: The kind in its short form, without spaces and in small letters (``permendagri``), number, year.
Key = tuple[str, str, int]

#: What is written in full, and the short form it stands for; the longer ones first.
_IN_FULL = (
    ("peraturan pemerintah pengganti undang undang", "perppu"),
    ("peraturan pemerintah", "pp"), ("government regulation", "pp"),
    ("undang undang", "uu"), ("law", "uu"),
    ("peraturan presiden", "perpres"), ("presidential regulation", "perpres"),
    ("keputusan presiden", "keppres"), ("instruksi presiden", "inpres"),
    ("peraturan menteri pendayagunaan aparatur negara dan reformasi birokrasi", "permenpanrb"),
    ("permen pan rb", "permenpanrb"), ("permenpan rb", "permenpanrb"),
    ("peraturan menteri dalam negeri", "permendagri"), ("peraturan menteri keuangan", "pmk"),
    ("peraturan menteri agama", "pma"), ("peraturan menteri kesehatan", "permenkes"),
    ("peraturan menteri ketenagakerjaan", "permenaker"), ("peraturan menteri sosial", "permensos"),
    ("peraturan menteri", "permen"), ("ministerial regulation", "permen"),
    ("keputusan menteri", "kepmen"), ("keputusan bersama", "skb"),
    ("peraturan kepolisian", "perpol"), ("peraturan mahkamah agung", "perma"),
    ("peraturan daerah", "perda"), ("regional regulation", "perda"),
    ("peraturan gubernur", "pergub"), ("peraturan bupati", "perbup"),
    ("peraturan wali kota", "perwali"), ("peraturan walikota", "perwali"),
    ("peraturan badan", "perban"),
)  # fmt: skip
#: The words with which a kind begins.
_FIRSTS = frozenset(
    "uu pp perppu perpres keppres inpres permen kepmen pmk pma perma perpol perda pergub perbup perwali "
    "perban skb sema qanun keputusan sk".split()
) | {in_full.split()[0] for in_full, _short in _IN_FULL}
_WRITTEN = re.compile(
    r"(?P<kind>[A-Za-z][A-Za-z .()-]{0,120}?)[ ,]*(?:\bNomor\b|\bNo\b\.?|\bNr\b\.?)?\s*"
    r"(?P<number>\d[\dA-Za-z.-]{0,20})\s*(?:,\s*)?(?:\bTahun\b|\bThn\b\.?|\bof\b|/)\s*(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+")
#: Said of any kind, and no part of it.
_EMPTY_WORDS = frozenset({"republik", "indonesia", "ri", "nomor", "no", "nr"})


@dataclass(frozen=True, slots=True)
class Citation:
    """A regulation that is named at ``path`` of a document."""

    path: str
    key: Key


def key_of(kind: str, number: str, year: int) -> Key:
    """The key of a regulation by its three parts, however they are written."""
    return _kind_key(kind), number_key(number), year


def number_key(number: str) -> str:
    """A number without what is written around it and without zeros before it."""
    plain = re.sub(r"(?i)\b(?:nomor|no|nr)\b\.?", "", number)
    return re.sub(r"\s+", "", plain).upper().lstrip("0").rstrip(".")


def written(text: str) -> tuple[Key, ...]:
    """The regulations that ``text`` names with kind, number and year, in their order."""
    found = []
    for match in _WRITTEN.finditer(text):
        kind = _known_end_of(match["kind"])
        if kind:
            found.append((kind, number_key(match["number"]), int(match["year"])))
    return tuple(dict.fromkeys(found))


def citations(document: StandardDocument) -> tuple[Citation, ...]:
    """Every regulation that ``document`` names, with the place where it does."""
    return (*_of_bases(document.legal_bases), *_of_fees(document))


def _of_bases(bases: tuple[LegalBasis, ...]) -> Iterator[Citation]:
    for place, basis in enumerate(bases):
        path = f"legal_bases[{place}]"
        if basis.type and basis.number and basis.year:
            yield Citation(path, key_of(basis.type, basis.number, basis.year))
            continue
        parts = (basis.type, basis.number and f"Nomor {basis.number}", basis.year and f"Tahun {basis.year}")
        said = " ".join(str(part) for part in (*parts, basis.title) if part)
        # A title may name what it carries out ("... pelaksanaan UU 17/2023"): the first is meant.
        for key in written(said)[:1]:
            yield Citation(path, key)


def _of_fees(document: StandardDocument) -> Iterator[Citation]:
    for place, line in enumerate(document.fees.lines if document.fees else ()):
        for key in written(line.legal_basis or ""):
            yield Citation(f"fees.lines[{place}].legal_basis", key)


def _kind_key(kind: str) -> str:
    line = " ".join(word for word in _WORD.findall(kind.casefold()) if word not in _EMPTY_WORDS)
    for in_full, short in _IN_FULL:
        if line == in_full or line.startswith(f"{in_full} "):
            line = short + line.removeprefix(in_full)
            break
    return line.replace(" ", "")


def _known_end_of(phrase: str) -> str:
    """The kind with which ``phrase`` ends ("sesuai dengan PP"): from the first word that begins one."""
    words = [word for word in _WORD.findall(phrase.casefold()) if word not in _EMPTY_WORDS]
    for first, word in enumerate(words):
        if word in _FIRSTS or word.startswith(("permen", "kepmen")):
            return _kind_key(" ".join(words[first:]))
    return ""
