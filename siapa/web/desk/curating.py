"""What the pages of the national side ask first: who acts, and may they do this for the whole registry."""

from __future__ import annotations

import sqlalchemy as sa

from siapa.errors import NotFound
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.permissions import require
from siapa.publishing.services import CODE
from siapa.publishing.workflow import Action
from siapa.records import Officer, Service, ServiceStatus
from siapa.web.desk.signed_in import acting


def nationally(action: Action) -> Officer:
    """Who acts, if they may do ``action`` for the whole registry; ``NotAllowed`` otherwise."""
    by = acting()
    require(by, action, None)
    return by


def service_with(code: str, *, is_active: bool = False) -> Service | None:
    """The service with ``code`` as somebody typed it; None where there is none, or none in use."""
    typed = code.strip().upper()
    if not CODE.fullmatch(typed):
        return None
    found = db.session.scalar(sa.select(Service).where(Service.code == typed))
    return None if found and is_active and found.status is not ServiceStatus.ACTIVE else found


def service_at(code: str) -> Service:
    """The service in whose address ``code`` stands; ``NotFound`` where there is none."""
    found = service_with(code)
    if found is None:
        raise NotFound(_l("There is no such service."))
    return found
