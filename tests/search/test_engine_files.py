"""What a part lays down can be read again: by Whoosh as a segment of its own, and by us as arrays."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st
from whoosh import index as whoosh_index

from siapa.search.engine.packing import pack, unpack
from tests.search.shelving import FIELDS, Corpus, corpora, document, shelved, stock_index, write_part


def told(reader: Any) -> dict[Any, Any]:
    """All that Whoosh can tell of an index: its words, where they stand, and the figures it scores by."""
    facts: dict[Any, Any] = {"documents": reader.doc_count_all()}
    for field in FIELDS:
        facts[field, "length"] = reader.field_length(field)
        facts[field, "lengths"] = [  # it says 0 where no document has the field, and None where another has
            reader.doc_field_length(number, field) or 0 for number in range(reader.doc_count_all())
        ]
        for word in reader.lexicon(field):
            info = reader.term_info(field, word)
            matcher = reader.postings(field, word)
            stands = []
            while matcher.is_active():
                stands.append((matcher.id(), matcher.weight()))
                matcher.next()
            facts[field, word] = stands
            facts[field, word, "info"] = (
                info.doc_frequency(), info.weight(), info.max_weight(), info.min_length(), info.max_length()
            )  # fmt: skip
    return facts


@given(corpora().filter(lambda one: one.documents))
def test_whoosh_reads_out_of_a_part_what_it_would_have_written(corpus: Corpus) -> None:
    whole = Corpus(corpus.vocabulary, corpus.documents, [], frozenset())

    with (
        shelved(whole) as (_shelf, [folder]),
        whoosh_index.open_dir(str(folder)).reader() as ours,
        stock_index(whole).reader() as theirs,
    ):
        assert told(ours) == told(theirs)


def test_another_program_opens_a_part_with_whoosh_alone(tmp_path: Path) -> None:
    texts = [{"t_title": ["izin", "usaha"]}, {"t_title": ["izin"], "t_rest": ["usaha"] * 300}]
    write_part(tmp_path / "part", [document(number, one) for number, one in enumerate(texts)])

    program = (
        "import sys\nfrom whoosh.index import open_dir\nfrom whoosh.query import Term\n"
        "with open_dir(sys.argv[1]).searcher() as searcher:\n"
        "    asked = [Term(*term.split(':')) for term in sys.argv[2:]]\n"
        "    print([[hit.docnum for hit in searcher.search(one)] for one in asked])\n"
    )
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, tmp_path / "part", "t_title:izin", "t_rest:usaha"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout == "[[1, 0], [1]]\n"


# ------------------------------------------------------------------ arrays in a file

kinds = st.sampled_from(["<u1", "<u2", "<u4", "<i4", "<i8", "<f4", "<f8", ">u8", "|b1"])
some_arrays = st.dictionaries(
    st.text(min_size=1, max_size=8),
    kinds.flatmap(lambda kind: np_st.arrays(kind, st.integers(0, 70))),
    max_size=6,
)


@given(some_arrays)
def test_packed_arrays_come_back_as_they_were(arrays: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "values.bin"
        pack(file, arrays)
        found = unpack(file)

    assert list(found) == list(arrays)
    for name, held in arrays.items():
        assert found[name].dtype == held.dtype
        assert found[name].tobytes() == held.tobytes()
        assert not found[name].flags.writeable
        assert not len(held) or found[name].ctypes.data % 64 == 0


def test_a_strided_array_is_packed_by_its_values(tmp_path: Path) -> None:
    pack(tmp_path / "values.bin", {"every_second": np.arange(10)[::2]})

    assert unpack(tmp_path / "values.bin")["every_second"].tolist() == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda _: b"another kind of file", lambda held: held[:-64]]
)
def test_a_file_that_holds_no_arrays_is_refused(tmp_path: Path, damage: Any) -> None:
    file = tmp_path / "values.bin"
    pack(file, {"fee": np.arange(100)})
    file.write_bytes(damage(file.read_bytes()))

    with pytest.raises(ValueError, match=r"."):
        unpack(file)
