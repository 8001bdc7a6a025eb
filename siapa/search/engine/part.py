"""A written part, opened: everything large stays on disk and is mapped into memory where it is read."""

from __future__ import annotations

import threading
import weakref
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.reading import TermNotFound

from siapa.search.engine.codec import Ids, Weights, read_block
from siapa.search.engine.packing import mapped, unpack
from siapa.search.engine.writing import SERVICES, TABLES, VALUES


class _Storage(FileStorage):  # type: ignore[misc]
    """Reads the dictionary of terms from memory: forked processes share the place in an open file."""

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Whoosh's way to a file."""
        if name.endswith(".trm"):
            return BufferFile(memoryview(Path(self.folder, name).read_bytes()), name=name, **kwargs)
        return super().open_file(name, **kwargs)


class Part:
    """One part of the index; it never changes, so threads share it freely.

    Standards are named by their place in it, from 0 on. ``values`` are its columns,
    ``tables`` what many standards share, ``services`` the service documents.
    """

    def __init__(self, folder: Path) -> None:
        self.values = unpack(folder / VALUES)
        self.tables: dict[str, list[Any]] = orjson.loads((folder / TABLES).read_bytes())
        self.services: list[dict[str, Any]] = orjson.loads((folder / SERVICES).read_bytes())
        self.count = len(self.values["given"])
        self._lock = threading.Lock()
        if self.count:
            self.reader = _Storage(str(folder)).open_index().reader()
            # The reader is part of a ring of references; its files are closed when nobody holds the part.
            weakref.finalize(self, self.reader.close)
            file = next(folder.glob("*.pst"))
            # Standards without a word leave it empty, and nothing empty can be mapped.
            self._postings = mapped(file) if file.stat().st_size else memoryview(b"")

    def postings(self, field: str, term: str) -> tuple[Ids, Weights | None] | None:
        """Where ``term`` stands in ``field`` and how often, None for once everywhere; None when nowhere."""
        if not self.count:
            return None
        try:
            with self._lock:  # the dictionary is read from one position at a time
                info = self.reader._terms.term_info(field, term.encode())
        except TermNotFound:
            return None
        return read_block(self._postings, info)

    def total_length(self, field: str) -> int:
        """How many words all documents have in ``field``."""
        return int(self.values[f"total_{field}"][0])

    def id_of(self, place: int) -> str:
        """The id of the standard at ``place``, 32 hexadecimal digits."""
        return self.values["id"][place * 16 : place * 16 + 16].tobytes().hex()

    def mark_of(self, place: int) -> bytes:
        """The mark of the standard at ``place``."""
        return self.values["mark"][place * 16 : place * 16 + 16].tobytes()

    def title_of(self, place: int) -> str:
        """The title of the standard at ``place``."""
        ends = self.values["title_ends"]
        return self.values["title"][ends[place - 1] if place else 0 : ends[place]].tobytes().decode()

    def place_of(self, standard: str) -> int | None:
        """Where the standard of this id (32 hexadecimal digits) stands, if it is here."""
        heads, order = self._by_id
        head = int(standard[:16], 16)
        at = int(np.searchsorted(heads, np.uint64(head)))
        while at < len(heads) and heads[at] == head:
            if self.id_of(int(order[at])) == standard:
                return int(order[at])
            at += 1
        return None

    @cached_property
    def _by_id(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        heads = self.values["id"].view(">u8")[::2].astype(np.uint64)
        order = np.argsort(heads, kind="stable")
        return heads[order], order

    @cached_property
    def told(self) -> dict[str, int]:
        """The words of names, titles, agencies and places, and in how many documents each is."""
        return self._words("words_told")

    @cached_property
    def mentioned(self) -> dict[str, int]:
        """The words of the long texts."""
        return self._words("words_mentioned")

    @cached_property
    def stems(self) -> dict[str, str]:
        """Each word with its stem, which is mostly itself."""
        words = self.values["words"].tobytes().decode().split("\n")
        stems = self.values["stems"].tolist()
        return {word: words[stem] for word, stem in zip(words, stems, strict=False) if stem >= 0}

    def _words(self, column: str) -> dict[str, int]:
        words = self.values["words"].tobytes().decode().split("\n")
        counts = self.values[column].tolist()
        return {word: count for word, count in zip(words, counts, strict=False) if count}
