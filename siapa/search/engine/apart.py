"""Writing a large part in a process of its own, beside the one that reads the database.

Both halves of a rebuild then have a processor each, and a server that rebuilds goes on
answering. What crosses the pipe are documents as lines of JSON; an empty line is the end. A
process whose pipe ends without it writes nothing.
"""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import weakref
from pathlib import Path
from typing import IO

import orjson

from siapa.search.documents import Document
from siapa.search.engine.writing import IsSmall, SegmentedPart, TermsOf
from siapa.search.stems import stems

#: A smaller part is written in this process: starting another takes longer.
MOST_HERE = 4_000
_AT_ONCE = 50
#: Bytes, the most that a pipe may hold: room for several such lots, so that neither half waits for the other.
_PIPE = 1 << 20
#: Not ``-m``: the package imports this module, and Python warns of running what is imported already.
_PROGRAM = "from siapa.search.engine.apart import main; main()"


class PartWriter:
    """Takes documents and writes them to ``folder`` as one part; a large one in a process of its own."""

    def __init__(self, folder: Path, terms_of: TermsOf, is_small: IsSmall) -> None:
        self._folder = folder
        self._how = terms_of, is_small
        self._waiting: list[Document] = []
        self._child: subprocess.Popen[bytes] | None = None

    def add(self, document: Document) -> None:
        """Take one document in. Raises ``OSError`` when the other process has ended early."""
        self._waiting.append(document)
        if self._child is not None:
            if len(self._waiting) >= _AT_ONCE:
                self._send()
        elif len(self._waiting) > MOST_HERE:
            command = [sys.executable, "-P", "-c", _PROGRAM, str(self._folder)]
            self._child = subprocess.Popen(command, stdin=subprocess.PIPE, pipesize=_PIPE)
            weakref.finalize(self, _end, self._child)
            self._send()

    def finish(self) -> None:
        """Write everything; ``folder`` is then a whole part. Raises ``OSError`` when that failed."""
        if self._child is None:
            part = SegmentedPart(self._folder, *self._how)
            for document in self._waiting:
                part.add(document)
            part.finish()
            return
        self._send(b"\n")
        assert self._child.stdin is not None
        self._child.stdin.close()
        if self._child.wait() != 0:
            raise OSError(f"the process that writes the index ended with {self._child.returncode}")

    def _send(self, end: bytes = b"") -> None:
        assert self._child is not None and self._child.stdin is not None
        lines = [
            orjson.dumps((one.kind, one.id, one.texts, one.row, one.mark.hex())) + b"\n"
            for one in self._waiting
        ]
        self._child.stdin.write(b"".join(lines) + end)
        self._waiting.clear()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let a process go that nobody gives anything more: its pipe ends, and it with it."""
    if child.stdin is not None:
        with contextlib.suppress(OSError):
            child.stdin.close()
    child.wait()


def write(folder: Path, lines: IO[bytes]) -> bool:
    """Write the documents of ``lines`` to ``folder``; false, and nothing, when the end is missing."""
    words = stems()
    part = SegmentedPart(folder, words.terms, words.is_small)
    for line in lines:
        if line == b"\n":
            part.finish()
            return True
        if not line.endswith(b"\n"):  # who sent it was killed in the middle of a word
            return False
        kind, document_id, texts, row, mark = orjson.loads(line)
        part.add(Document(kind, document_id, texts, row, bytes.fromhex(mark)))
    return False


def main() -> None:
    """Write what comes in to the folder that the command line names; ends with 1 when the end is missing."""
    gc.disable()  # what is held here has no rings, and there is ever more of it to go through
    sys.exit(0 if write(Path(sys.argv[1]), sys.stdin.buffer) else 1)
