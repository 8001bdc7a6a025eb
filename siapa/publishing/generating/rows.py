"""The rows of one made standard, and what both logs say of it: as if it had gone through the commands.

It was opened by one officer, who said where it is offered and submitted it, and published
by another. A test holds it equal to a standard that went that way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from siapa.document.digest import canonical
from siapa.document.standard_document import from_stored
from siapa.publishing.audit import Act, Became
from siapa.publishing.generating.allotting import Allotted
from siapa.publishing.generating.chance import Chance, made_id
from siapa.publishing.generating.documents import make_document
from siapa.publishing.generating.marks import COMPILER_ID, ORIGIN, PUBLISHER_ID, SOURCE
from siapa.publishing.generating.profiles import profile_of
from siapa.publishing.generating.services import Kind
from siapa.publishing.generating.telling import Growing, Row, part_told, row_told
from siapa.publishing.generating.world import World
from siapa.publishing.slugs import slug_of
from siapa.publishing.workflow import Action
from siapa.publishing.writing import derived
from siapa.records import ChangeKind, Edition, Offering, Standard, State, seed_id

#: How many places the standards have, in turn: two and a half each.
PLACES = (2, 1, 3, 2, 1, 4, 2, 3, 1, 2, 6, 2, 1, 3, 2, 5, 1, 3, 2, 4)
#: When offices write; in UTC, that is from 9 to 15 hours at home.
FIRST_HOUR, SECONDS = 2, 6 * 3600


@dataclass(frozen=True)
class Made:
    """The rows of some standards, by table, and what the logs say of them."""

    standards: list[Row]
    editions: list[Row]
    offerings: list[Row]
    acts: list[Act]
    changes: list[Became]


class Maker:
    """Makes standards of one world; what is made follows from the seed and the allotment alone."""

    def __init__(self, seed: int, world: World, kinds: Sequence[Kind]) -> None:
        self._seed = seed
        self._world = world
        self._kinds = kinds
        self._profiles = [profile_of(seed, kind) for kind in kinds]

    def make(self, allotted: Sequence[Allotted], at: datetime) -> Made:
        """The rows of ``allotted``; ``at`` is when the logs say that it happened."""
        made = Made([], [], [], [], [])
        for one in allotted:
            self._make(one, at, made)
        return made

    def _make(self, one: Allotted, at: datetime, made: Made) -> None:
        chance = Chance(f"standard/{self._seed}/{one.number}")
        agency, kind = self._world.agencies[one.agency], self._kinds[one.service]
        content = make_document(chance, agency, kind, self._profiles[one.service], before=one.before)
        effective = date.fromisoformat(content["effective_from"])
        begun = _moment(effective - timedelta(days=chance.between(2, 30)), chance)
        standard = {
            "id": made_id("standard", self._seed, one.number),
            "agency_id": agency.id,
            # One standard of an agency for a service; the others are not tied to the catalogue.
            "service_id": kind.id if one.before == 0 else None,
            "slug": slug_of(content["title"]),
            "replaced_by_id": None,
            "created_at": begun,
        }
        edition = self._edition(one.number, standard, content, _moment(effective, chance))
        offerings = self._offerings(one, standard)
        made.standards.append(standard)
        made.editions.append(edition)
        made.offerings.extend(offerings)
        made.acts.extend(acts_of(standard, edition, offerings, at))
        made.changes.append(Became(at, ChangeKind.STANDARD_PUBLISHED, str(standard["id"]), 1))

    def _edition(self, number: int, standard: Row, content: dict[str, Any], published_at: datetime) -> Row:
        document = from_stored(content)
        return {
            "id": made_id("edition", self._seed, number),
            "standard_id": standard["id"],
            "number": 1,
            "state": State.PUBLISHED,
            **derived(document),
            **SOURCE,
            "sourced_components": [],
            "effective_from": document.effective_from,
            "review_due_on": document.review_due,
            "published_at": published_at,
            "ended_at": None,
            "withdrawal_reason": None,
            "remarks": {},
            "decree_id": None,
            "created_by_id": COMPILER_ID,
            "submitted_by_id": COMPILER_ID,
            "published_by_id": PUBLISHER_ID,
            "created_at": standard["created_at"],
            "revised_at": standard["created_at"],
            "version": 3,
        }

    def _offerings(self, one: Allotted, standard: Row) -> list[Row]:
        near = self._world.near[one.agency]
        return [
            {
                "id": seed_id("offering", f"{standard['id']}/{location_id}"),
                "standard_id": standard["id"],
                "location_id": location_id,
                "counter_id": counter_id,
                "limits": None,
                "limits_en": None,
                "booking_url": None,
                "checked_on": None,
                "modified_at": standard["created_at"],
                **SOURCE,
            }
            for location_id, counter_id in near[: PLACES[one.number % len(PLACES)]]
        ]


def _moment(day: date, chance: Chance) -> datetime:
    """A moment of office hours on ``day``."""
    start = datetime.combine(day, time(FIRST_HOUR), UTC)
    return start + timedelta(seconds=chance.below(SECONDS))


#: What an edition does not say yet while it is a draft, and when it is submitted; as snapshots tell it.
_SUBMITTED: Row = {
    "state": State.SUBMITTED.value, "version": 2, "published_by_id": None, "published_at": None,
    "effective_from": None, "review_due_on": None,
}  # fmt: skip
_DRAFT: Row = {**_SUBMITTED, "state": State.DRAFT.value, "version": 1, "submitted_by_id": None}


def acts_of(standard: Row, edition: Row, offerings: Sequence[Row], at: datetime) -> list[Act]:
    """The four acts by which the standard came to stand as it does, each with what it left."""
    growing = Growing(row_told(Standard, standard))
    told = part_told(Standard, Edition.__tablename__, edition)
    draft, submitted, published = (canonical({**told, **then}) for then in (_DRAFT, _SUBMITTED, {}))
    places = [canonical(part_told(Standard, Offering.__tablename__, one)) for one in offerings]
    stages = (
        (Action.OPEN, COMPILER_ID, [draft]),
        (Action.SET_OFFERINGS, COMPILER_ID, [draft, *places]),
        (Action.SUBMIT, COMPILER_ID, [submitted, *places]),
        (Action.PUBLISH, PUBLISHER_ID, [published, *places]),
    )
    subject_id = str(standard["id"])
    acts, before = [], None
    for action, officer_id, parts in stages:
        after = growing.digest(parts)
        acts.append(
            Act(
                at=at,
                officer_id=officer_id,
                action=action.value,
                subject_kind=Standard.__tablename__,
                subject_id=subject_id,
                before_digest=before,
                after_digest=after,
                origin=ORIGIN,
            )  # fmt: skip
        )
        before = after
    return acts
