"""How postings lie in a Whoosh segment of ours: as raw arrays, one block a term.

A block holds the document numbers (uint32) and the weights, so that the executor maps them
into memory instead of unpickling them; whatever else Whoosh writes stays as it is, and its
own searcher reads these segments too. Whoosh is pinned: this leans on the inside of its
codec W3.

    "W3Bl"  length  pickled block facts  0-3 zero bytes  ids  weights  one byte: the kind of weights
"""

from __future__ import annotations

import mmap
import pickle
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3LeafMatcher, W3TermInfo
from whoosh.util.numeric import byte_to_length, length_to_byte

Ids = NDArray[np.uint32]
Weights = NDArray[np.float32]

#: The kinds of weights: all of them 1, whole numbers below 256, or any.
ONES, BYTES, FLOATS = 0, 1, 2
_LONGEST = 1 << 17

#: The byte by which Whoosh keeps a length, and the length it reads back: lengths are kept coarsely.
LENGTH_BYTES = np.array([length_to_byte(length) for length in range(_LONGEST)], dtype=np.uint8)
BYTE_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.float32)


def bytes_of_lengths(lengths: NDArray[Any]) -> NDArray[np.uint8]:
    """The bytes for field lengths in words."""
    found: NDArray[np.uint8] = LENGTH_BYTES[np.minimum(lengths, _LONGEST - 1)]
    return found


def write_block(
    file: Any, ids: Ids, weights: NDArray[Any], lengths: NDArray[np.uint8]
) -> tuple[int, int, W3TermInfo]:
    """Append all postings of one term to ``file``; where they begin, how long they are, their facts.

    ``lengths``: the length bytes of the same documents.
    """
    start = file.tell()
    most = float(weights.max())
    shortest, longest = int(lengths.min()), int(lengths.max())
    kind = ONES if most == 1.0 and weights.min() == 1 else BYTES if most < 256 else FLOATS
    facts = pickle.dumps((len(ids), int(ids[-1]), most, kind, shortest, longest), 2)
    file.write(WHOOSH3_HEADER_MAGIC)
    begin = start + 8 + len(facts)
    body = bytes(-begin % 4) + ids.astype("<u4", copy=False).tobytes()
    if kind == BYTES:
        body += weights.astype(np.uint8).tobytes()
    elif kind == FLOATS:
        body += weights.astype("<f4").tobytes()
    body += bytes((kind,))
    file.write_int(-(len(facts) + len(body)))  # negative: the last block
    file.write(facts)
    file.write(body)
    info = W3TermInfo()
    info._weight, info._df, info._maxweight = float(weights.sum()), len(ids), most
    info._minlength, info._maxlength = byte_to_length(shortest), byte_to_length(longest)
    info._minid, info._maxid = int(ids[0]), int(ids[-1])
    info.set_extent(start, file.tell() - start)
    return start, file.tell() - start, info


def read_block(view: memoryview | mmap.mmap, info: W3TermInfo) -> tuple[Ids, Weights | None]:
    """The document numbers and the weights of a term, None when all are 1; the ids are not copied."""
    offset, length = info.extent()
    if isinstance(length, tuple):  # so Whoosh reads it back
        (length,) = length
    count = info.doc_frequency()
    end = offset + length - 1
    kind = view[end]
    end -= (0, count, 4 * count)[kind]
    ids = np.frombuffer(view, "<u4", count, end - 4 * count)
    if kind == ONES:
        return ids, None
    return ids, np.frombuffer(view, np.uint8 if kind == BYTES else "<f4", count, end).astype(np.float32)


class RawMatcher(W3LeafMatcher):  # type: ignore[misc]
    """Lets Whoosh's own searcher walk a block of ours."""

    def _read_ids(self) -> None:
        count, end = self._blocklength, self._weights_at()
        self._ids = array("I", self._postfile.get(end - 4 * count, 4 * count))

    def _read_weights(self) -> None:
        count, begin = self._blocklength, self._weights_at()
        if self._compression == ONES:
            self._weights = array("f", (1.0,)) * count
        elif self._compression == BYTES:
            self._weights = array(
                "f", tuple(self._postfile.get(begin, count))
            )  # bytes are taken as floats' own
        else:
            self._weights = array("f", self._postfile.get(begin, 4 * count))

    def _read_values(self) -> None:
        self._values = (b"",) * self._blocklength

    def _weights_at(self) -> int:
        return int(self._nextoffset - 1 - (0, 1, 4)[self._compression] * self._blocklength)


class RawCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's own codec but for the blocks of postings."""

    def postings_reader(
        self, dbfile: Any, terminfo: W3TermInfo, format_: Any, term: Any = None, scorer: Any = None
    ) -> RawMatcher:
        """Whoosh's way to the postings of one term."""
        offset, length = terminfo.extent()
        return RawMatcher(dbfile, offset, length, format_, term=term, scorer=scorer)
