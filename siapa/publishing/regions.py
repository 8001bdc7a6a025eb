"""The command on regions: adding and changing them by their Kemendagri codes; a national admin's right."""

from __future__ import annotations

from collections.abc import Mapping

from siapa.extensions import db
from siapa.publishing.changing import adding, changing
from siapa.publishing.filling import fill
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action
from siapa.records import Region

OF_REGION = frozenset(
    {"name", "name_en", "level", "parent_code", "latitude", "longitude", "timezone", "seat", "aliases"}
)


def put_region(code: str, values: Mapping[str, object], *, by: Actor, origin: str | None = None) -> Region:
    """Add or change the region with this code."""
    exists = db.session.get(Region, code) is not None
    act = (
        changing(Region, code, Action.SET_REGION, by=by, origin=origin)
        if exists
        else adding(Region(code=code, aliases=[]), Action.SET_REGION, by=by, origin=origin)
    )
    with act as region:
        fill(region, values, OF_REGION)
    return region
