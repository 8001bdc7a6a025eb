"""Commands on offerings: where a standard can be had, and what holds only there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import sqlalchemy as sa

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing
from siapa.publishing.editions import check_has_come
from siapa.publishing.filling import fill, problems_below
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action
from siapa.publishing.writing import OWN_WORDS, Provenance
from siapa.records import Counter, Location, Offering, Standard, seed_id

OF_OFFERING = frozenset({"counter_id", "limits", "limits_en", "booking_url"})
MOST_OFFERINGS = 1_000


@dataclass(frozen=True)
class OfferedAt:
    """A place where a standard can be had; a counter there, if it is known."""

    location_id: uuid.UUID
    counter_id: uuid.UUID | None = None
    limits: str | None = None
    limits_en: str | None = None
    booking_url: str | None = None
    provenance: Provenance = OWN_WORDS


def set_offerings(
    standard_id: uuid.UUID, offerings: Sequence[OfferedAt], *, by: Actor, origin: str | None = None
) -> Standard:
    """Say where the standard can be had: what is not named any more is taken away.

    Raises ``Rejected`` for places named twice, unknown places, and counters that stand elsewhere.
    """
    with changing(Standard, standard_id, Action.SET_OFFERINGS, by=by, origin=origin) as standard:
        problems = list(_problems(offerings))
        if problems:
            raise Rejected(problems)
        held = sa.select(Offering).where(Offering.standard_id == standard_id)
        present = {offering.location_id: offering for offering in db.session.scalars(held)}
        for number, wanted in enumerate(offerings):
            with problems_below(f"offerings[{number}]"):
                _put(standard, present.pop(wanted.location_id, None), wanted)
        for offering in present.values():
            db.session.delete(offering)
    return standard


def confirm(offering_id: uuid.UUID, *, by: Actor, on: date, origin: str | None = None) -> Offering:
    """Say that the standard could be had there on that day, which must have come.

    For the place, and nobody else: ``set_offerings`` does not touch it.
    """
    note = f"offering {offering_id}"
    with changing(Offering, offering_id, Action.CONFIRM, by=by, note=note, origin=origin) as offering:
        check_has_come(on, offering.location)
        offering.checked_on = on
    return offering


def _put(standard: Standard, offering: Offering | None, wanted: OfferedAt) -> None:
    if offering is None:
        key = f"{standard.id}/{wanted.location_id}"
        # One id for a standard at a place: taken away and put back, it is the same offering.
        offering = Offering(
            id=seed_id("offering", key), standard_id=standard.id, location_id=wanted.location_id
        )
        db.session.add(offering)
    values = asdict(wanted)
    values.pop("location_id")
    source = values.pop("provenance")
    source.pop("sourced_components")
    with db.session.no_autoflush:
        fill(offering, {**values, **source}, OF_OFFERING)


def _problems(offerings: Sequence[OfferedAt]) -> Iterator[Problem]:
    if len(offerings) > MOST_OFFERINGS:
        yield Problem("offerings", _l("There are too many entries."))
        return
    seen: set[uuid.UUID] = set()
    for number, wanted in enumerate(offerings):
        path = f"offerings[{number}]"
        if wanted.location_id in seen:
            yield Problem(f"{path}.location", _l("This place is named twice."), str(wanted.location_id))
        elif db.session.get(Location, wanted.location_id) is None:
            yield Problem(f"{path}.location", _l("There is no such place."), str(wanted.location_id))
        seen.add(wanted.location_id)
        if wanted.counter_id is not None:
            counter = db.session.get(Counter, wanted.counter_id)
            if counter is None or counter.location_id != wanted.location_id:
                wrong = _l("This counter is not in this place.")
                yield Problem(f"{path}.counter", wrong, str(wanted.counter_id))
