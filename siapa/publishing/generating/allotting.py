"""Which agency each standard is of, and for which service: drawn one after another, the same every time.

Services are drawn by Zipf's law, each agency's own fields more often. An agency has one
standard for a service at most; what is drawn again stands beside it without one, as local
standards do that nobody has tied to the national catalogue yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from siapa.publishing.generating.chance import Chance, Weighted
from siapa.publishing.generating.services import Kind
from siapa.publishing.generating.world import MadeAgency

#: How much more often an agency draws a service of its own field.
FAVOUR = 12.0
#: How often it draws again before it takes a service a second time.
DRAWS = 8
#: The heads of the two distributions are flattened by these.
AGENCY_HEAD, AGENCY_FALL = 20, 0.4
#: A service nobody made up stands this much further in front.
KNOWN_FIRST = 3.0


@dataclass(frozen=True, slots=True)
class Allotted:
    """The ``number``-th standard: places in the lists of agencies and services."""

    number: int
    agency: int
    service: int
    #: How many standards of this agency for this service came before.
    before: int


def allot(seed: int, agencies: Sequence[MadeAgency], services: Sequence[Kind]) -> Iterator[Allotted]:
    """The allotments of ``seed``, without end: a smaller registry is the beginning of a larger one."""
    chance = Chance(f"allot/{seed}")
    order = _order(seed, services)
    sizes = _sizes(seed, len(agencies))
    draws = {
        favours: Weighted(
            [(FAVOUR if services[at].category in favours else 1.0) / rank for rank, at in enumerate(order, 1)]
        )
        for favours in {agency.favours for agency in agencies}
    }
    held: defaultdict[int, int] = defaultdict(int)
    number = 0
    while True:
        agency = sizes.place(chance)
        draw = draws[agencies[agency].favours]
        for _ in range(DRAWS):
            service = order[draw.place(chance)]
            key = agency * len(order) + service
            if key not in held:
                break
        yield Allotted(number, agency, service, held[key])
        held[key] += 1
        number += 1


def _order(seed: int, services: Sequence[Kind]) -> list[int]:
    """The places of the services, from the most to the least wanted."""
    chance = Chance(f"order/{seed}")
    ranks = [
        chance.next() * (KNOWN_FIRST if service.code.startswith("CONTOH-") else 1.0) for service in services
    ]
    return sorted(range(len(services)), key=ranks.__getitem__)


def _sizes(seed: int, count: int) -> Weighted:
    order = Chance(f"sizes/{seed}").some(range(count), count)
    weights = [0.0] * count
    for rank, agency in enumerate(order):
        weights[agency] = (rank + AGENCY_HEAD) ** -AGENCY_FALL
    return Weighted(weights)
