"""Phrases and excluded words: which services and standards they leave."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from siapa.search.engine.shelf import Shelf
from siapa.search.own import Ids, Weights
from siapa.search.query import Parsed
from siapa.search.stems import Stems
from siapa.search.text import holds_phrase
from siapa.search.verifying import lines_of

Flags = NDArray[np.bool_]
Phrases = tuple[tuple[str, ...], ...]

#: A word found so strongly stands in a name, an alias or a title.
IN_A_NAME = 0.9
#: The index knows no order of words: of so many standards, the best, the text is read.
MOST_READ = 200


@dataclass(frozen=True)
class Allowed:
    """The services by their place in the catalogue; ``standards`` marks which of some (with scores) are."""

    services: set[int]
    standards: Callable[[Ids, Weights], Flags]


def allowed(shelf: Shelf, parsed: Parsed, stems: Stems) -> Allowed:
    """What holds every phrase and no excluded word in a name.

    A standard holds the phrases of its service too. Only the ``MOST_READ`` best of those
    that have all the words are read; the rest is left out, as nobody turns so many pages.
    """
    rows = shelf.catalogue.rows
    holding = {place for place, row in enumerate(rows) if _holds_all(row["lines"], parsed.phrases)}
    words = {term for word in parsed.excluded for term in (word, stems.stem(word))}
    named = [shelf.catalogue.strengths(term) for term in words]
    barred = {int(place) for places, worths in named for place in places[worths >= IN_A_NAME]}

    def standards(some: Ids, values: Weights) -> Flags:
        places = np.array([*shelf.service_places, -1])[shelf.column("service")[some]]
        kept: Flags = ~np.isin(places, list(barred)) | (places < 0)
        for term in words:
            kept &= shelf.strengths(term).of(some) < np.float32(IN_A_NAME)
        if not parsed.phrases:
            return kept
        inherited = np.isin(places, list(holding))
        return kept & (inherited | _say(shelf, some, values, parsed.phrases, kept & ~inherited))

    return Allowed(holding - barred, standards)


def _say(shelf: Shelf, some: Ids, values: Weights, phrases: Phrases, asked: Flags) -> Flags:
    """Which of ``some``, where ``asked``, hold the phrases in their own text."""
    for word in {word for phrase in phrases for word in phrase}:
        asked = asked & (shelf.strengths(word).of(some) > 0)
    places = np.flatnonzero(asked)
    places = places[np.argsort(-values[places], kind="stable")][:MOST_READ]
    by_id = {uuid.UUID(shelf.id_of(int(some[place]))): place for place in places}
    found = np.zeros(len(some), bool)
    for standard, lines in lines_of(by_id):
        found[by_id[standard]] = _holds_all(lines, phrases)
    return found


def _holds_all(lines: list[str], phrases: Phrases) -> bool:
    return all(holds_phrase(lines, phrase) for phrase in phrases)
