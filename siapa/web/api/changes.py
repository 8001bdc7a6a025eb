"""The numbered log of all that became public: what mirrors and caches follow."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Response, url_for

from siapa import catalogue
from siapa.catalogue import ChangeView
from siapa.extensions import db
from siapa.opendata.telling import with_records
from siapa.records import Agency, ChangeKind, Location, Service
from siapa.web import caching
from siapa.web.api import values
from siapa.web.api.answering import answered
from siapa.web.api.asking import Asked, Flag, Whole
from siapa.web.api.openapi import one_of, reads

MOST_LINES = 1_000
#: For kinds whose subject has an address that is not its id: where it is read, and its name there.
_NAMED: dict[ChangeKind, tuple[Any, Any, str, str]] = {
    ChangeKind.LOCATION_CHANGED: (Location.id, Location.slug, "api.get_mall", "slug"),
    ChangeKind.AGENCY_CHANGED: (Agency.id, Agency.slug, "api.get_agency", "slug"),
    ChangeKind.SERVICE_CHANGED: (Service.id, Service.code, "api.get_service", "code"),
}


class AskedChanges(Asked):
    """From where the log is read."""

    since = Whole(0, 2**53, "The number after which to begin; 0 reads from the start.", load_default=0)
    limit = Whole(1, MOST_LINES, "Lines at most.", load_default=100)
    records = Flag(
        "With what each line made of the tables of the open data; then fewer lines may come.",
        load_default=False,
    )


@reads("/changes", AskedChanges, one_of(values.ChangeLog), tag="changes")
def list_changes(asked: dict[str, Any]) -> Response:
    """The log of all that became public, from a number on; gapless, in the order of publication."""
    caching.timeless()
    found = catalogue.changes(asked["since"], asked["limit"])
    records = None
    if asked["records"]:
        records = with_records([change.number for change in found])
        found = tuple(change for change in found if change.number in records)
    addresses = _addresses(found)
    lines = tuple(
        values.LoggedChange(
            change.number,
            change.at,
            change.kind,
            change.subject_id,
            change.edition_number,
            addresses.get(change.number),
            records[change.number] if records is not None else None,
        )
        for change in found
    )
    following = found[-1].number if found else asked["since"]
    return answered(values.ChangeLog(lines, following, catalogue.last_number()))


def _addresses(found: Sequence[ChangeView]) -> dict[int, str]:
    """The address in this API of what each line is about, by the line's number."""
    addresses = {}
    for kind in {change.kind for change in found}:
        lines = [change for change in found if change.kind is kind]
        if kind in _NAMED:
            addresses.update(_named(lines, *_NAMED[kind]))
        elif kind is ChangeKind.REGION_CHANGED:
            addresses.update({c.number: url_for("api.get_region", code=c.subject_id) for c in lines})
        elif kind is not ChangeKind.VOCABULARY_CHANGED:
            addresses.update({c.number: url_for("api.get_standard", standard_id=c.subject_id) for c in lines})
    return addresses


def _named(lines: Sequence[ChangeView], key: Any, name: Any, endpoint: str, argument: str) -> dict[int, str]:
    ids = {uuid.UUID(change.subject_id) for change in lines}
    names = {str(row[0]): row[1] for row in db.session.execute(sa.select(key, name).where(key.in_(ids)))}
    return {
        change.number: url_for(endpoint, **{argument: names[change.subject_id]})
        for change in lines
        if change.subject_id in names
    }
