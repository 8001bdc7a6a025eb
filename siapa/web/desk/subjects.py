"""What the lines of the audit are about, in words: acts, kinds of thing, each thing's name and its page."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing import may, reports, trails
from siapa.publishing.permissions import about
from siapa.publishing.workflow import Action
from siapa.records import (
    Agency,
    AuditEvent,
    Counter,
    Feedback,
    Location,
    LocationKind,
    Officer,
    SatisfactionResult,
    Service,
    ServicePerformance,
    Standard,
    State,
    Succession,
    Token,
)
from siapa.web.desk.addresses import desk_url
from siapa.web.site.addresses import page_url

#: Acts in words; one that is not here is shown by its code.
ACTION_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        Action.REPORT: _l("error reported by a citizen"),
        Action.OPEN: _l("draft begun"),
        Action.RESTORE: _l("earlier edition taken up"),
        Action.REVISE: _l("draft saved"),
        Action.DISCARD: _l("draft thrown away"),
        Action.SUBMIT: _l("handed in"),
        Action.RETURN: _l("sent back"),
        Action.PUBLISH: _l("put in force"),
        Action.SCHEDULE: _l("put in force on a day"),
        Action.WITHDRAW: _l("withdrawn from force"),
        Action.MOVE: _l("given another address"),
        Action.TRANSFER: _l("given to another agency"),
        Action.LINK: _l("linked to a service"),
        Action.SET_OFFERINGS: _l("places set"),
        Action.CONFIRM: _l("seen and confirmed"),
        Action.ANSWER: _l("report answered"),
        Action.SET_LOCATION: _l("place changed"),
        Action.SET_COUNTERS: _l("counter changed"),
        Action.ADD_AGENCY: _l("agency added or moved"),
        Action.SET_AGENCY: _l("agency changed"),
        Action.SUCCEED: _l("agencies merged, split or renamed"),
        Action.SET_SERVICE: _l("national service changed"),
        Action.SET_VOCABULARY: _l("vocabulary changed"),
        Action.SET_REGION: _l("region changed"),
        Action.SETTLE_QUERY: _l("search settled"),
        Action.SET_WEBHOOK: _l("system told of changes"),
        Action.SET_RESULT: _l("result reported"),
        Action.ADD_OFFICER: _l("officer added"),
        Action.GRANT: _l("role given or ended"),
        Action.DISABLE_OFFICER: _l("account closed or opened"),
        Action.ISSUE_TOKEN: _l("token made"),
        Action.REVOKE_TOKEN: _l("token revoked"),
        Action.SEND_LINK: _l("link sent"),
        Action.SIGN_IN: _l("signed in"),
        Action.SIGN_OUT: _l("signed out"),
        Action.SET_PASSWORD: _l("password changed"),
        Action.SET_SECOND_FACTOR: _l("second step changed"),
    }
)
#: Kinds of thing in words; one that is not here is shown by its code.
KIND_NAMES: Mapping[str, Words] = MappingProxyType(
    {
        "agency": _l("agency"),
        "category": _l("category"),
        "counter": _l("counter"),
        "dismissed_query": _l("search set aside"),
        "feedback": _l("citizen's report"),
        "life_event": _l("life event"),
        "location": _l("place"),
        "officer": _l("officer"),
        "region": _l("region"),
        "registry": _l("the whole registry"),
        "satisfaction_result": _l("survey result"),
        "service": _l("national service"),
        "service_performance": _l("promise and result"),
        "standard": _l("service standard"),
        "succession": _l("merger, split or renaming"),
        "synonym": _l("synonym"),
        "token": _l("token"),
        "webhook": _l("system told of changes"),
    }
)


@dataclass(frozen=True)
class Told:
    """A thing by the name it goes by now, and the page on which ``reader`` finds it; "" for none."""

    name: str
    address: str = ""


def subjects_of(reader: Officer, events: Iterable[AuditEvent]) -> dict[str, Told]:
    """The things that ``events`` are about, by id; what is gone, or not the reader's to see, is left out."""
    by_kind: dict[str, set[str]] = {}
    for event in events:
        by_kind.setdefault(event.subject_kind, set()).add(event.subject_id)
    seen = trails.seen_among(reader, {one for ids in by_kind.values() for one in ids})
    found: dict[str, Told] = {}
    for kind, (table, tell) in _TOLD.items():
        ids = _as_ids(by_kind.get(kind, set()) & seen)
        if ids:
            rows: Any = db.session.scalars(sa.select(table).where(table.id.in_(ids)))
            found |= {str(row.id): tell(reader, row) for row in rows}
    return found


def _as_ids(texts: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(uuid.UUID(text))
    return found


def _standard(reader: Officer, row: Standard) -> Told:
    name = reports.title_of(row) or row.slug
    if may(reader, Action.REVISE, row):
        return Told(name, desk_url("standard", standard_id=row.id))
    is_live = any(edition.state is State.PUBLISHED for edition in row.editions)
    public = page_url("standard", agency_slug=row.agency.slug, slug=row.slug)
    return Told(name, public if is_live else "")


def _agency(_reader: Officer, row: Agency) -> Told:
    return Told(row.name, desk_url("agency", agency_id=row.id))


def _place(_reader: Officer, row: Location) -> Told:
    return Told(row.name, page_url("mall", slug=row.slug) if row.kind is LocationKind.MALL else "")


def _counter(reader: Officer, row: Counter) -> Told:
    place = _place(reader, row.location)
    return Told(f"{row.name}, {place.name}", place.address)


def _officer(reader: Officer, row: Officer) -> Told:
    return Told(row.name, desk_url("officer", officer_id=row.id))


def _service(_reader: Officer, row: Service) -> Told:
    return Told(row.name, page_url("service", slug=row.slug))


def _token(_reader: Officer, row: Token) -> Told:
    return Told(row.name, desk_url("officer", officer_id=row.officer_id))


def _succession(_reader: Officer, row: Succession) -> Told:
    return Told(row.note, desk_url("succession", succession_id=row.id))


def _report(reader: Officer, row: Feedback) -> Told:
    address = desk_url("report", report_id=row.id) if may(reader, Action.ANSWER, row) else ""
    return Told(reports.title_of(about(row)), address)


def _measured(reader: Officer, row: ServicePerformance) -> Told:
    return _standard(reader, row.standard)


def _surveyed(_reader: Officer, row: SatisfactionResult) -> Told:
    return Told(row.agency.name, page_url("agency", slug=row.agency.slug))


#: By the audit's word for a kind: its table, and how one is told.
_TOLD: dict[str, tuple[Any, Callable[[Officer, Any], Told]]] = {
    "standard": (Standard, _standard),
    "agency": (Agency, _agency),
    "location": (Location, _place),
    "counter": (Counter, _counter),
    "officer": (Officer, _officer),
    "service": (Service, _service),
    "token": (Token, _token),
    "succession": (Succession, _succession),
    "feedback": (Feedback, _report),
    "service_performance": (ServicePerformance, _measured),
    "satisfaction_result": (SatisfactionResult, _surveyed),
}
