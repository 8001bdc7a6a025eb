"""One page of results: of the numbers in their order only these become hits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np

from siapa.search.engine.offers import places_of, spread
from siapa.search.engine.shelf import Shelf
from siapa.search.filtering import is_meant_place
from siapa.search.found import Hit
from siapa.search.gathering import Gathered
from siapa.search.nearest import nearest
from siapa.search.order import Order
from siapa.search.own import Ids
from siapa.search.ranking import Ranking
from siapa.search.room import Sight
from siapa.search.stems import Stems
from siapa.search.understanding import Asked


class Results:
    """What answers ``asked``, seen in ``sight``. ``gone``: ids that the database no longer has."""

    def __init__(
        self, asked: Asked, sight: Sight, ranking: Ranking | None, stems: Stems, gone: set[str]
    ) -> None:
        self._asked = asked
        self._sight = sight
        self._shelf = sight.shelf
        self._ranking = ranking
        self.gathered = Gathered(asked, sight.shelf, ranking, stems, gone)
        self._order = Order(asked, sight.shelf, self.gathered)

    def page(self) -> list[Hit]:
        """The hits of the page that is asked for."""
        query = self._asked.query
        start = (query.page - 1) * query.per_page
        numbers = self._order.page(start, start + query.per_page).tolist()
        return self._hits_of_groups(numbers) if self._asked.is_grouped else [*map(self._hit_of_item, numbers)]

    def _hits_of_groups(self, numbers: Sequence[int]) -> list[Hit]:
        gathered, groups = self.gathered, self.gathered.groups
        bare = len(groups.scores) - len(gathered.bare)
        members = {number: gathered.standards[groups.of == number] for number in numbers if number < bare}
        shown = dict(zip(members, self._order.first_of_each(list(members.values())), strict=True))
        return [
            self._hit(
                shown[number],
                float(groups.scores[number]),
                standards=len(members[number]),
                places=_different_places(self._shelf, members[number]),
            )
            if number < bare
            else self._bare_hit(*gathered.bare[number - bare])
            for number in numbers
        ]

    def _hit_of_item(self, item: int) -> Hit:
        if item >= len(self.gathered.standards):
            return self._bare_hit(*self.gathered.bare[item - len(self.gathered.standards)])
        standard = int(self.gathered.standards[item])
        return self._hit(standard, float(self.gathered.values[item]), standards=1, places=None)

    def _bare_hit(self, place: int, score: float) -> Hit:
        row = self._shelf.catalogue.rows[place]
        return Hit(
            uuid.UUID(row["id"]),
            row["code"],
            None,
            score=round(score, 4),
            available_elsewhere=self._shelf.live_of_service.get(row["id"], 0),
            nearest=nearest(self._shelf, row["id"], self._asked, self._sight.tables),
        )

    def _hit(self, standard: int, score: float, *, standards: int, places: int | None) -> Hit:
        shelf, asked = self._shelf, self._asked
        number = int(shelf.column("service")[standard])
        service = shelf.table("services")[number][0] if number >= 0 else None
        place = shelf.catalogue.place_of.get(service) if service else None
        offered_at = [int(one) for one in places_of(shelf, standard)]
        rows = shelf.table("places")
        offered_at.sort(key=lambda one: _by_place(rows[one], asked, float(self._order.ways[one])))
        away = min((float(self._order.ways[one]) for one in offered_at), default=np.inf)
        return Hit(
            service_id=uuid.UUID(service) if service else None,
            service_code=shelf.catalogue.rows[place]["code"] if place is not None else None,
            standard_id=uuid.UUID(shelf.id_of(standard)),
            edition=int(shelf.column("edition")[standard]),
            location_ids=tuple(uuid.UUID(rows[one][0]) for one in offered_at),
            distance_km=away if np.isfinite(away) else None,
            score=round(score, 4),
            standards=standards,
            places=len(offered_at) if places is None else places,
        )

    def explain(self, hit: Hit) -> dict[str, Any]:
        """The parts of a hit's score, and what put it in its place among those that give one service."""
        places = self._shelf.catalogue.place_of
        service = places.get(str(hit.service_id)) if hit.service_id else None
        standard = self._place_of(hit)
        parts = self._ranking.explain(service, standard) if self._ranking else {}
        return parts if standard is None else {**parts, "order": self._order.told_of(standard)}

    def _place_of(self, hit: Hit) -> int | None:
        if hit.standard_id is None:
            return None
        for part, start in zip(self._shelf.parts, self._shelf.starts, strict=False):
            at = part.place_of(hit.standard_id.hex)
            if at is not None and (self._shelf.alive is None or self._shelf.alive[at + start]):
                return int(at + start)
        return None


def _different_places(shelf: Shelf, standards: Ids) -> int:
    """At how many places any of ``standards`` is offered."""

    _owners, numbers = spread(shelf, standards)
    is_one = np.zeros(len(shelf.table("places")) + 1, bool)
    is_one[shelf.column("offer_place")[numbers]] = True
    return int(np.count_nonzero(is_one))


def _by_place(row: Sequence[Any], asked: Asked, away: float) -> tuple[Any, ...]:
    """The places of one standard: the asked one, then the near ones, then the rest."""
    is_meant = is_meant_place(list(row), asked.region_code, asked.query.mall)
    return not is_meant, away
