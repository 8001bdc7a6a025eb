"""One national service taken into another: two entries that turned out to mean the same."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from siapa.errors import Conflict
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import beside, changing
from siapa.publishing.commands import link
from siapa.publishing.permissions import Actor
from siapa.publishing.services import check_aliases, check_successor
from siapa.publishing.workflow import Action
from siapa.records import Service, ServiceAlias, ServiceStatus, Standard


def merge_service(
    service_id: uuid.UUID,
    into_id: uuid.UUID,
    *,
    by: Actor,
    leave_doubles: bool = False,
    origin: str | None = None,
) -> Service:
    """Take a service into another one and give that back; all of it happens, or nothing.

    Standards, aliases and life events go over; both names of the service become aliases; its
    code and address lead to the other one from now on. An agency may have only one standard for a
    service: where some have one for both (``doubles``) it is a ``Conflict``, unless
    ``leave_doubles`` lets those of the merged service stand without a service.
    """
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as gone:
        if gone.status is not ServiceStatus.ACTIVE:
            raise Conflict(_l("This service is not in use any more."))
        kept = check_successor(service_id, into_id)
        with beside(kept):
            check_successor(service_id, into_id)  # it may have changed before it was locked
            _take_words(gone, kept)
        gone.aliases, gone.life_events = [], []
        gone.status, gone.replaced_by_id = ServiceStatus.RETIRED, kept.id
        twice = {standard.id for standard in doubles(service_id, into_id)}
        if twice and not leave_doubles:
            raise Conflict(_l("Some agencies have a standard for both services. See below which."))
        standards = db.session.scalars(sa.select(Standard.id).where(Standard.service_id == service_id))
        for standard_id in list(standards):
            link(standard_id, None if standard_id in twice else kept.id, by=by, origin=origin)
    return kept


def doubles(service_id: uuid.UUID, into_id: uuid.UUID) -> list[Standard]:
    """The standards of a service whose agency has one for the other service too."""
    other = aliased(Standard)
    query = (
        sa.select(Standard)
        .join(other, sa.and_(other.agency_id == Standard.agency_id, other.service_id == into_id))
        .where(Standard.service_id == service_id)
        .order_by(Standard.id)
    )
    return list(db.session.scalars(query))


def _take_words(gone: Service, kept: Service) -> None:
    """Let everything by which ``gone`` was found find ``kept``."""
    said = [("id", gone.name), ("en", gone.name_en), *((one.locale, one.text) for one in gone.aliases)]
    present = {(one.locale, one.text.casefold()) for one in kept.aliases}
    present |= {("id", kept.name.casefold()), ("en", kept.name_en.casefold())}
    for locale, text in said:
        if (locale, text.casefold()) not in present:
            present.add((locale, text.casefold()))
            kept.aliases.append(ServiceAlias(locale=locale, text=text))
    check_aliases({(one.locale, one.text) for one in kept.aliases})
    kept.life_events = [*kept.life_events, *(one for one in gone.life_events if one not in kept.life_events)]
