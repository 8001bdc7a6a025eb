"""Arrays by name in one file, each mapped into memory where it lies.

length of the head (8 bytes)  head (JSON: name -> type, count, place)  the arrays, each at 64 bytes
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ALIGNED = 64


def pack(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write ``arrays`` (of one dimension) to ``file``."""
    head: dict[str, tuple[str, int, int]] = {}
    place = 0
    for name, held in arrays.items():
        head[name] = (held.dtype.str, len(held), place)
        place += held.nbytes + -held.nbytes % _ALIGNED
    text = json.dumps(head).encode()
    text += b" " * (-(8 + len(text)) % _ALIGNED)
    with file.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little"))
        stream.write(text)
        for held in arrays.values():
            stream.write(np.ascontiguousarray(held).data)
            stream.write(bytes(-held.nbytes % _ALIGNED))


def mapped(file: Path) -> mmap.mmap:
    """``file``, read through memory; it stays readable when the file's name is gone."""
    with file.open("rb") as stream:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def unpack(file: Path) -> dict[str, NDArray[Any]]:
    """The arrays of ``file``: read-only, none copied. Raises ``ValueError`` for another kind of file."""
    view = mapped(file)
    size = int.from_bytes(view[:8], "little")
    head = json.loads(view[8 : 8 + size])
    begin = 8 + size
    return {
        name: np.frombuffer(view, kind, count, begin + place) for name, (kind, count, place) in head.items()
    }
