"""Cards of live standards: from rows of columns, never whole objects, and kept (``keeping``)."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from siapa.catalogue.keeping import Kept, Look, look
from siapa.catalogue.live import LIVE
from siapa.catalogue.refs import KnownPlace, agency_refs, in_order, places, service_refs
from siapa.catalogue.touching import NAMES
from siapa.catalogue.views import StandardCard
from siapa.extensions import db
from siapa.records import Edition, Offering, Standard

#: Of an edition and its standard what a card shows, in the order of ``StandardCard``.
_COLUMNS: Sequence[Any] = (
    Standard.id, Standard.slug, Edition.title, Edition.title_en,
    Edition.document["summary"].as_string(), Edition.document["summary_en"].as_string(),
    Standard.agency_id, Standard.service_id, Edition.number, Edition.digest, Edition.is_free,
    Edition.fee_min_idr, Edition.fee_max_idr, Edition.days_min, Edition.days_max, Edition.has_online,
    Edition.components_given, Edition.published_at, Edition.effective_from, Edition.review_due_on,
    Edition.confidence,
)  # fmt: skip
_AGENCY, _SERVICE = 6, 7
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_LIVE_ROWS = (
    sa.select(*_COLUMNS)
    .join(Standard, Standard.id == Edition.standard_id)
    .where(LIVE, Edition.standard_id.in_(_IDS))
)
_OFFERED = sa.select(Offering.standard_id, Offering.location_id).where(Offering.standard_id.in_(_IDS))


def kept_cards(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Kept[StandardCard]]:
    """The live standards among ``ids``, as they are kept: a door may hang on what it makes of one."""
    seen = look()
    return seen.all("cards", ids, lambda missing: _read(seen, missing))


def cards(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, StandardCard]:
    """The live standards among ``ids``; what is not live is not in the answer."""
    return {one: kept.value for one, kept in kept_cards(ids).items()}


def cards_in_order(ids: Iterable[uuid.UUID]) -> list[StandardCard]:
    """The live standards among ``ids``, in their order."""
    wanted = list(ids)
    found = cards(wanted)
    return [found[one] for one in wanted if one in found]


def _read(seen: Look, ids: list[uuid.UUID]) -> dict[uuid.UUID, Kept[StandardCard]]:
    rows = db.session.connection().execute(_LIVE_ROWS, {"ids": ids}).all()
    agencies = agency_refs(seen, (row[_AGENCY] for row in rows))
    services = service_refs(seen, (row[_SERVICE] for row in rows if row[_SERVICE] is not None))
    offered = _offered(seen, [row[0] for row in rows])
    found = {}
    for row in rows:
        one, agency, service = row[0], row[_AGENCY], row[_SERVICE]
        values: list[Any] = list(row)
        values[_AGENCY] = agencies[agency].value
        values[_SERVICE] = services[service].value if service is not None else None
        at = offered[one]
        values.append(in_order(at))
        tags = {str(one), str(agency), str(service), NAMES, *(str(place.value.ref.id) for place in at)}
        found[one] = Kept(StandardCard(*values), frozenset(tags))
    return found


def _offered(seen: Look, ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Kept[KnownPlace]]]:
    """For each standard the places where it is offered, also those that are closed for good."""
    pairs = db.session.connection().execute(_OFFERED, {"ids": ids}).all()
    known = places(seen, (place for _standard, place in pairs))
    found: dict[uuid.UUID, list[Kept[KnownPlace]]] = defaultdict(list)
    for standard, place in pairs:
        found[standard].append(known[place])
    return found
