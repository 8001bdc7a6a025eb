"""What one standard of a file means: new, changed, the same, or wrong, against what stands now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from siapa.document.digest import digest
from siapa.document.intake import publishable_problems, read_document
from siapa.document.standard_document import StandardDocument, to_json
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.spreadsheet.faults import once_each
from siapa.publishing.spreadsheet.layout import KEY, SERVICE
from siapa.publishing.spreadsheet.reading import Handed
from siapa.publishing.spreadsheet.referral import marked, standard_id
from siapa.publishing.workflow import STATE_NAMES
from siapa.records import (
    OPEN_STATES,
    Agency,
    Edition,
    FormerSlug,
    ImportOutcome,
    Service,
    Standard,
    State,
)

Row = dict[str, Any]
LONGEST_NAME = 200


@dataclass
class Present:
    """One standard of the agency as it stands: the edition being drafted and the one in force."""

    id: uuid.UUID
    slug: str
    service_id: uuid.UUID | None
    draft: Mapping[str, Any] | None = None
    live: Mapping[str, Any] | None = None

    def base(self) -> Row:
        """What the file is compared with, as it is stored."""
        base: Row = {}
        if self.draft:
            base |= {"draft": str(self.draft["id"]), "version": self.draft["version"]}
        if self.live:
            base |= {"live": str(self.live["id"]), "live_number": self.live["number"]}
        return base


@dataclass
class Standing:
    """The standards of one agency, by address and by service, and the services by code."""

    by_id: dict[uuid.UUID, Present] = field(default_factory=dict)
    by_slug: dict[str, Present] = field(default_factory=dict)
    by_service: dict[uuid.UUID, Present] = field(default_factory=dict)
    services: dict[str, uuid.UUID] = field(default_factory=dict)
    former: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, agency: Agency) -> Standing:
        """What stands in ``agency`` now."""
        standing = cls()
        own = sa.select(Standard.id, Standard.slug, Standard.service_id).where(
            Standard.agency_id == agency.id
        )
        found = {key: Present(key, slug, service_id) for key, slug, service_id in db.session.execute(own)}
        standing.by_id = found
        standing.by_slug = {one.slug: one for one in found.values()}
        standing.by_service = {one.service_id: one for one in found.values() if one.service_id}
        editions = (
            sa.select(
                Edition.id,
                Edition.standard_id,
                Edition.number,
                Edition.version,
                Edition.state,
                Edition.digest,
            )
            .join(Standard, Standard.id == Edition.standard_id)
            .where(Standard.agency_id == agency.id, Edition.state.in_([*OPEN_STATES, State.PUBLISHED]))
        )
        for row in db.session.execute(editions).mappings():
            present = found[row["standard_id"]]
            if row["state"] is State.PUBLISHED:
                present.live = dict(row)
            else:
                present.draft = dict(row)
        codes = db.session.execute(sa.select(Service.code, Service.id))
        standing.services = {code.upper(): key for code, key in codes}
        prefix = f"{agency.slug}/"
        former = sa.select(FormerSlug.slug).where(
            FormerSlug.kind == "standard", FormerSlug.slug.startswith(prefix, autoescape=True)
        )
        standing.former = {slug.removeprefix(prefix) for slug in db.session.scalars(former)}
        return standing


class Judge:
    """Judges the standards of one file, one after the other."""

    def __init__(self, agency: Agency, *, publishes: bool) -> None:
        self._agency = agency
        self._standing = Standing.of(agency)
        self._publishes = publishes
        self._met: set[uuid.UUID] = set()

    def judge(self, one: Handed) -> Row:
        """The row of ``ImportEntry`` for ``one``, without batch and position."""
        service_id = self._service(one)
        present = self._present(one, service_id)
        document = self._document(one, present)
        self._check(one, present, service_id)
        faults = once_each(one.faults)
        outcome = ImportOutcome.ERROR if faults or document is None else self._outcome(document, present)
        title = document.title if document else str(one.raw.get("title", ""))
        return {
            "key": one.key[:LONGEST_NAME],
            "place": one.place[-60:],
            "title": title[:LONGEST_NAME],
            "outcome": outcome,
            "standard_id": present.id if present else None,
            "service_id": service_id,
            "document": to_json(document) if document else None,
            "problems": [fault.kept() for fault in faults],
            "guesses": [guess.kept() for guess in one.guesses],
            "base": present.base() if present else self._base_of_new(one),
            "left": None,
        }

    def _document(self, one: Handed, present: Present | None) -> StandardDocument | None:
        if not one.raw:
            return None
        try:
            document = read_document(one.over(_standing_words(present)))
        except Rejected as error:
            one.faults += [one.fault_at(problem) for problem in error.problems]
            return None
        if self._publishes:
            one.faults += [one.fault_at(problem) for problem in publishable_problems(document)]
        return document

    def _service(self, one: Handed) -> uuid.UUID | None:
        if one.service is None:
            return None
        found = self._standing.services.get(one.service.strip().upper())
        # What another registry calls a service need not be known here.
        if found is None and one.identity is None:
            problem = Problem(SERVICE, _l("There is no such service."), one.service)
            one.faults.append(one.fault_at(problem))
        return found

    def _present(self, one: Handed, service_id: uuid.UUID | None) -> Present | None:
        if one.identity:
            own, made = standard_id(one.identity, self._agency)
            known = self._standing.by_id.get(own) if own else None
            if known := known or self._standing.by_id.get(made):
                return known
        named = self._standing.by_slug.get(one.key)
        if one.identity and named and named.id in one.others:
            # Another service of the same name: what stands here is known to be that one.
            one.key = marked(one.key, one.identity)
            named = self._standing.by_slug.get(one.key)
        for_service = self._standing.by_service.get(service_id) if service_id else None
        if named and service_id and named.service_id != service_id:
            message = _l("The standard with this code is not for this service. Leave the service as it was.")
            one.faults.append(one.fault_at(Problem(SERVICE, message, one.service)))
        return named or for_service

    def _base_of_new(self, one: Handed) -> Row:
        """The identifier of a standard that is to be begun, where another registry has given it one."""
        if not one.identity:
            return {}
        own, made = standard_id(one.identity, self._agency)
        is_free = own is not None and db.session.get(Standard, own) is None
        return {"id": str(own if is_free else made)}

    def _check(self, one: Handed, present: Present | None, service_id: uuid.UUID | None) -> None:
        met = present.id if present else service_id
        if met is not None and met in self._met:
            message = _l("Another row of the file is for the same standard or service already.")
            one.faults.append(one.fault_at(Problem(SERVICE if service_id else KEY, message)))
        elif met is not None:
            self._met.add(met)
        if present is None and one.key in self._standing.former:
            message = _l("This address is or was used by something else.")
            one.faults.append(one.fault_at(Problem(KEY, message)))
        if present and present.draft and present.draft["state"] in (State.SUBMITTED, State.SCHEDULED):
            message = _l(
                "This standard cannot be changed now. Its draft is: %(state)s.",
                state=STATE_NAMES[present.draft["state"]],
            )
            one.faults.append(one.fault_at(Problem(KEY, message)))

    def _outcome(self, document: StandardDocument, present: Present | None) -> ImportOutcome:
        if present is None:
            return ImportOutcome.NEW
        # What is to be published is compared with what is in force, everything else with the last word.
        compared = present.live if self._publishes or not present.draft else present.draft
        is_said = compared is not None and compared["digest"] == digest(to_json(document))
        if is_said and self._publishes and present.draft:
            is_said = False
        return ImportOutcome.SAME if is_said else ImportOutcome.CHANGED


def _standing_words(present: Present | None) -> Row:
    """The document that stands: what is being drafted, or else what is in force."""
    edition = present and (present.draft or present.live)
    held = db.session.get(Edition, edition["id"]) if edition else None
    return held.document if held else {}
