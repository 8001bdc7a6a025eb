"""Commands on the national catalogue: services, and the words around them; a curator's right."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa

from siapa.document.standard_document import StandardDocument, to_json
from siapa.errors import NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import LOCALES
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding, changing
from siapa.publishing.filling import can_be_shown, fill
from siapa.publishing.outlines import record_revision
from siapa.publishing.permissions import Actor
from siapa.publishing.slugs import own_slug, retire, take_back
from siapa.publishing.workflow import Action
from siapa.records import Category, LifeEvent, Service, ServiceAlias, ServiceStatus, Synonym, new_id

OF_SERVICE = frozenset(
    {"name", "name_en", "summary", "summary_en", "agency_kind", "national_agency", "category_code", "status"}
)
OF_CATEGORY = frozenset({"name", "name_en", "position"})
OF_LIFE_EVENT = OF_CATEGORY | {"description", "description_en"}
OF_SYNONYM = frozenset({"kind", "note"})
MOST_ALIASES = 200
#: What a code looks like: KTP-BARU.
CODE, LONGEST_CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*"), 40
SYNONYM_KINDS = ("abbreviation", "spelling", "colloquial", "english")
#: Longer stretches of a query are not looked up.
MOST_WORDS_OF_A_TERM = 5

Word = TypeVar("Word", Category, LifeEvent)


def add_service(
    code: str,
    values: Mapping[str, object],
    *,
    by: Actor,
    slug: str | None = None,
    service_id: uuid.UUID | None = None,
    origin: str | None = None,
) -> Service:
    """Add a national service under its code (``KTP-BARU``); ``Conflict`` when the code is taken."""
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise Rejected([Problem("code", _l("Use capital letters, digits and hyphens only."), code[:80])])
    service = Service(
        id=service_id or new_id(), code=code, status=ServiceStatus.ACTIVE, sourced_components=[]
    )
    with adding(service, Action.SET_SERVICE, by=by, origin=origin):
        fill(service, values, OF_SERVICE)
        service.slug = own_slug(Service, slug, service.name, service.id)
    return service


def set_service(
    service_id: uuid.UUID, values: Mapping[str, object], *, by: Actor, origin: str | None = None
) -> Service:
    """Change what is said of a service."""
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        fill(service, values, OF_SERVICE)
    return service


def set_outline(
    service_id: uuid.UUID,
    outline: StandardDocument | None,
    *,
    by: Actor,
    sourced_components: Sequence[str] = (),
    origin: str | None = None,
) -> Service:
    """Keep the typical content of a service's standards, and which parts a source supports."""
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        content = to_json(outline) if outline else None
        if service.outline != content:
            record_revision(service, content, by)
            service.outline = content
        if list(service.sourced_components) != list(sourced_components):
            service.sourced_components = list(sourced_components)
    return service


def set_aliases(
    service_id: uuid.UUID, aliases: Iterable[tuple[str, str]], *, by: Actor, origin: str | None = None
) -> Service:
    """Say what people type when they mean a service: pairs of (locale, words); replaces what was said."""
    wanted = {(locale, " ".join(text.split())) for locale, text in aliases}
    check_aliases(wanted)
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        present = {(alias.locale, alias.text): alias for alias in service.aliases}
        for key in present.keys() - wanted:
            service.aliases.remove(present[key])
        for locale, text in sorted(wanted - present.keys()):
            service.aliases.append(ServiceAlias(locale=locale, text=text))
    return service


def add_alias(
    service_id: uuid.UUID, locale: str, text: str, *, by: Actor, origin: str | None = None
) -> Service:
    """Say one more thing that people type when they mean a service; what is said already stays as it is."""
    text = " ".join(text.split())
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        present = {(alias.locale, alias.text) for alias in service.aliases}
        if (locale, text.casefold()) not in {(known, said.casefold()) for known, said in present}:
            check_aliases(present | {(locale, text)})
            service.aliases.append(ServiceAlias(locale=locale, text=text))
    return service


def remove_alias(
    service_id: uuid.UUID, locale: str, text: str, *, by: Actor, origin: str | None = None
) -> Service:
    """Take one alias back; ``NotFound`` when the service has none such in this language."""
    text = " ".join(text.split()).casefold()
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        found = [one for one in service.aliases if (one.locale, one.text.casefold()) == (locale, text)]
        if not found:
            raise NotFound(_l("There is no such entry."))
        for alias in found:
            service.aliases.remove(alias)
    return service


def set_life_events(
    service_id: uuid.UUID, codes: Iterable[str], *, by: Actor, origin: str | None = None
) -> Service:
    """Say which life events a service belongs to; replaces what was said."""
    wanted = sorted(set(codes))
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        events = list(db.session.scalars(sa.select(LifeEvent).where(LifeEvent.code.in_(wanted))))
        if unknown := set(wanted) - {event.code for event in events}:
            raise Rejected([Problem("life_events", _l("There is no such entry."), sorted(unknown))])
        if {event.code for event in service.life_events} != set(wanted):
            service.life_events = events
    return service


def rename_service(service_id: uuid.UUID, slug: str, *, by: Actor, origin: str | None = None) -> Service:
    """Give a service another address; the former one redirects for ever."""
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        free = own_slug(Service, slug, "", service.id)
        if free != service.slug:
            retire("service", service.slug, service.id)
            take_back("service", free, service.id)
            service.slug = free
    return service


def retire_service(
    service_id: uuid.UUID, *, by: Actor, replaced_by: uuid.UUID | None = None, origin: str | None = None
) -> Service:
    """Take a service out of use, naming what replaces it."""
    with changing(Service, service_id, Action.SET_SERVICE, by=by, origin=origin) as service:
        if replaced_by is not None:
            check_successor(service_id, replaced_by)
        service.status, service.replaced_by_id = ServiceStatus.RETIRED, replaced_by
    return service


def check_successor(service_id: uuid.UUID, successor_id: uuid.UUID) -> Service:
    """The service that is to take the place of another; ``Rejected`` unless it is another one in use."""
    found = db.session.get(Service, successor_id)
    if found is None or found.id == service_id or found.status is not ServiceStatus.ACTIVE:
        raise Rejected([Problem("replaced_by", _l("Name another service that is in use."))])
    return found


def put_category(
    code: str, values: Mapping[str, object], *, by: Actor, origin: str | None = None
) -> Category:
    """Add or change a category."""
    return _put(Category, code, values, OF_CATEGORY, by, origin)


def put_life_event(
    code: str, values: Mapping[str, object], *, by: Actor, origin: str | None = None
) -> LifeEvent:
    """Add or change a life event."""
    return _put(LifeEvent, code, values, OF_LIFE_EVENT, by, origin)


def put_synonym(
    term: str,
    replacement: str,
    *,
    kind: str,
    by: Actor,
    note: str | None = None,
    origin: str | None = None,
) -> Synonym:
    """Let ``term`` also find ``replacement`` in a query; ``kind`` is one of ``SYNONYM_KINDS``."""
    problems = problems_of_synonym(term, replacement)
    if kind not in SYNONYM_KINDS:
        known = ", ".join(SYNONYM_KINDS)
        problems.append(Problem("kind", _l("This must be one of: %(known)s.", known=known), kind))
    if problems:
        raise Rejected(problems)
    found = db.session.scalar(
        sa.select(Synonym.id).where(Synonym.term == term, Synonym.replacement == replacement)
    )
    if found is not None:
        with changing(Synonym, found, Action.SET_VOCABULARY, by=by, origin=origin) as synonym:
            fill(synonym, {"kind": kind, "note": note}, OF_SYNONYM)
        return synonym
    values = {"term": term, "replacement": replacement, "kind": kind, "note": note}
    with adding(Synonym(), Action.SET_VOCABULARY, by=by, origin=origin) as synonym:
        fill(synonym, values, OF_SYNONYM | {"term", "replacement"})
    return synonym


def problems_of_synonym(term: str, replacement: str) -> list[Problem]:
    """Why ``term`` cannot stand for ``replacement``, or would do nothing."""
    given = {"term": term, "replacement": replacement}
    problems = [Problem(path, _l("This must be given."), text) for path, text in given.items() if not text]
    if len(term.split()) > MOST_WORDS_OF_A_TERM:
        problems.append(Problem("term", _l("Write at most %(most)s words.", most=MOST_WORDS_OF_A_TERM), term))
    if term and term.split() == replacement.split():
        problems.append(Problem("replacement", _l("This says the same as the term."), replacement))
    return problems


def remove_synonym(synonym_id: int, *, by: Actor, origin: str | None = None) -> None:
    """Let a term stand for itself again; the audit says which, so no seed load brings it back."""
    ending = db.session.get(Synonym, synonym_id)
    note = told_of_end(ending.term, ending.replacement) if ending else ""
    with changing(Synonym, synonym_id, Action.SET_VOCABULARY, by=by, note=note, origin=origin) as synonym:
        db.session.delete(synonym)


def told_of_end(term: str, replacement: str) -> str:
    """What the audit notes when this synonym is removed."""
    return f"ends: {term} = {replacement}"


def _put(
    kind: type[Word],
    code: str,
    values: Mapping[str, object],
    allowed: frozenset[str],
    by: Actor,
    origin: str | None,
) -> Word:
    exists = db.session.get(kind, code) is not None
    act = (
        changing(kind, code, Action.SET_VOCABULARY, by=by, origin=origin)
        if exists
        else adding(kind(code=code), Action.SET_VOCABULARY, by=by, origin=origin)
    )
    with act as row:
        fill(row, values, allowed)
    return row


def check_aliases(aliases: set[tuple[str, str]]) -> None:
    """Raise ``Rejected`` with every pair of (locale, words) that cannot be an alias."""
    problems = [
        Problem("aliases", _l("An alias has from 1 to 200 characters, in Indonesian or English."), text)
        for locale, text in sorted(aliases)
        if locale not in LOCALES or not 1 <= len(text) <= 200 or not can_be_shown(text)
    ]
    if len(aliases) > MOST_ALIASES:
        problems.append(Problem("aliases", _l("There are too many entries.")))
    if problems:
        raise Rejected(problems)
