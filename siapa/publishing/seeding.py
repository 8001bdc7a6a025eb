"""Loading the seed data: through the same commands as everything else, all of it or nothing.

A second load changes nothing; a corrected file becomes an update or the next edition; what
officers have touched since is left as they made it. Two officers who cannot sign in do
the work, one compiles and the other publishes, so that four eyes hold here too.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from siapa.document.standard_document import StandardDocument, to_json
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.publishing import agencies, commands, offerings, people, places, regions, services
from siapa.publishing.changing import together
from siapa.publishing.filling import SOURCE
from siapa.publishing.offerings import OF_OFFERING, OfferedAt
from siapa.publishing.permissions import Standin
from siapa.publishing.seed_date import moment_of
from siapa.publishing.seed_files import DocumentFile, Row
from siapa.publishing.seed_tables import SeedData, Values, Wanted, WantedStandard, read_seed
from siapa.publishing.taking import take
from siapa.publishing.workflow import Action
from siapa.publishing.writing import Provenance, provenance_of
from siapa.records import (
    Agency,
    AuditEvent,
    Category,
    Counter,
    LifeEvent,
    Location,
    Offering,
    Officer,
    Region,
    Role,
    Service,
    Standard,
    Synonym,
    seed_id,
)
from siapa.records.columns import dated

#: ``.invalid`` (RFC 2606): nobody can have, or be sent to, these addresses.
COMPILER = ("penyusun@benih.siapa.invalid", "Penyusun data awal")
PUBLISHER = ("penerbit@benih.siapa.invalid", "Penerbit data awal")
ORIGIN = "seed_data"

Progress = Callable[[str], object]


@dataclass
class Counts:
    """What happened to the rows of one table."""

    added: int = 0
    changed: int = 0
    same: int = 0
    #: Left as officers have made them since.
    kept: int = 0


@dataclass
class SeedReport:
    """What a load did, by table."""

    tables: dict[str, Counts] = field(default_factory=dict)

    def of(self, table: str) -> Counts:
        """The counts of ``table``."""
        return self.tables.setdefault(table, Counts())

    @property
    def is_unchanged(self) -> bool:
        """Whether the load found everything as it should be."""
        return not any(counts.added or counts.changed for counts in self.tables.values())

    def lines(self) -> Iterator[str]:
        """One line a table, for a terminal."""
        for table, counts in self.tables.items():
            parts = [f"{number} {word}" for word, number in vars(counts).items() if number]
            yield f"{table}: {', '.join(parts) or 'nothing'}"


def load_seed(directory: Path, *, progress: Progress | None = None) -> SeedReport:
    """Load ``directory`` (its formats: ``seed_data/README.md``) in one transaction.

    What it writes carries the moment at which the seed data were released, so that every registry made of
    them says the same; the audit tells when it was really done.
    ``progress`` is called with the name of each file that is done. Raises ``Rejected``
    with file, line and field of every problem; then nothing was loaded.
    """
    data = read_seed(directory)
    with dated(moment_of(directory)), together():
        loading = _Loading(data, progress or (lambda _name: None))
        loading.run()
    return loading.report


class _Loading:
    """One load, inside one transaction."""

    def __init__(self, data: SeedData, progress: Progress) -> None:
        self.data = data
        self.progress = progress
        self.report = SeedReport()
        self.compiler = _seed_officer(*COMPILER)
        self.publisher = _seed_officer(*PUBLISHER)
        self.by: Any = {"by": self.compiler, "origin": ORIGIN}
        self.touched = _touched_by_others({self.compiler.id, self.publisher.id})

    def run(self) -> None:
        """Everything, in an order in which what is named is there before it is named."""
        put_region = self._put_by_code(Region, regions.put_region)
        self._table("regions.csv", Region, self.data.regions, put_region)
        put_category = self._put_by_code(Category, services.put_category)
        self._table("categories.csv", Category, self.data.categories, put_category)
        put_life_event = self._put_by_code(LifeEvent, services.put_life_event)
        self._table("life_events.csv", LifeEvent, self.data.life_events, put_life_event)
        self._table("agencies.csv", Agency, self.data.agencies, self._put_agency)
        self._table("services.csv", Service, self.data.services, self._put_service)
        self._synonyms()
        self._table("malls.csv", Location, self.data.malls, self._put_mall)
        self._table("counters.csv", Counter, self.data.counters, self._put_counter)
        self._standards()

    def _table(
        self, name: str, kind: type[Any], wanted: list[Wanted], put: Callable[[Any, Wanted], bool]
    ) -> None:
        """Bring each row to what is wanted; ``put`` says whether it had to change one that was there."""
        counts = self.report.of(name.removesuffix(".csv"))
        present = {_key(row): row for row in db.session.scalars(sa.select(kind))}
        for one in wanted:
            row = present.get(one.key)
            if (kind.__tablename__, str(one.key)) in self.touched:
                counts.kept += 1
                continue
            with _placed(one.row):
                changed = put(row, one)
            _count(counts, is_new=row is None, changed=changed)
        self.progress(name)

    def _put_by_code(self, kind: type[Any], command: Callable[..., Any]) -> Callable[[Any, Wanted], bool]:
        def put(row: Any, wanted: Wanted) -> bool:
            if row is not None and _says(row, wanted.values):
                return False
            command(wanted.key, wanted.values, **self.by)
            return True

        return put

    def _put_agency(self, row: Agency | None, wanted: Wanted) -> bool:
        values, parent_id = dict(wanted.values), wanted.rest["parent_id"]
        if row is None:
            name, kind = values.pop("name"), values.pop("kind")
            agencies.add_agency(
                name,
                kind,
                values,
                parent_id=parent_id,
                slug=wanted.rest["slug"],
                agency_id=wanted.key,
                **self.by,
            )
            return True
        changed = not _says(row, values) or row.parent_id != parent_id
        if changed:
            agencies.place_agency(row.id, values, parent_id=parent_id, **self.by)
        return self._renamed(row, wanted, agencies.rename_agency) or changed

    def _put_service(self, row: Service | None, wanted: Wanted) -> bool:
        is_new = row is None
        if row is None:
            row = services.add_service(
                wanted.rest["code"], wanted.values, slug=wanted.rest["slug"], service_id=wanted.key, **self.by
            )
        changed = not _says(row, wanted.values)
        if changed:
            services.set_service(row.id, wanted.values, **self.by)
        if {(alias.locale, alias.text) for alias in row.aliases} != wanted.rest["aliases"]:
            services.set_aliases(row.id, wanted.rest["aliases"], **self.by)
            changed = True
        if {event.code for event in row.life_events} != wanted.rest["life_events"]:
            services.set_life_events(row.id, wanted.rest["life_events"], **self.by)
            changed = True
        changed = self._put_outline(row) or changed
        return is_new or self._renamed(row, wanted, services.rename_service) or changed

    def _put_outline(self, service: Service) -> bool:
        if service.code not in self.data.outlines:
            return False
        file, sourced = self.data.outlines[service.code]
        self.progress(file.file)
        if list(sourced) == service.sourced_components and _is_said(file, service.outline):
            return False
        document = _document(file)
        with _placed(file):
            services.set_outline(service.id, document, sourced_components=sourced, **self.by)
        return True

    def _put_mall(self, row: Location | None, wanted: Wanted) -> bool:
        values, agency_id = dict(wanted.values), wanted.rest["agency_id"]
        if row is None:
            kind, name = values.pop("kind"), values.pop("name")
            places.add_location(
                kind,
                name,
                values,
                agency_id=agency_id,
                slug=wanted.rest["slug"],
                location_id=wanted.key,
                **self.by,
            )
            return True
        changed = not _says(row, values)
        if changed:
            places.set_location(row.id, values, **self.by)
        if row.agency_id != agency_id:
            places.give_location(row.id, agency_id, **self.by)
            changed = True
        return self._renamed(row, wanted, places.rename_location) or changed

    def _put_counter(self, row: Counter | None, wanted: Wanted) -> bool:
        values = dict(wanted.values)
        if row is None:
            name = values.pop("name")
            places.add_counter(wanted.rest["location_id"], name, values, counter_id=wanted.key, **self.by)
            return True
        if _says(row, values):
            return False
        places.set_counter(row.id, values, **self.by)
        return True

    def _renamed(self, row: Any, wanted: Wanted, rename: Callable[..., Any]) -> bool:
        slug = wanted.rest["slug"]
        if slug is None or row.slug == slug:
            return False
        rename(row.id, slug, **self.by)
        return True

    def _synonyms(self) -> None:
        counts = self.report.of("synonyms")
        present = {(row.term, row.replacement): row for row in db.session.scalars(sa.select(Synonym))}
        ended = self._ended_synonyms()
        for wanted in self.data.synonyms:
            row = present.get(wanted.key)
            touched = row is not None and ("synonym", str(row.id)) in self.touched
            if touched or (row is None and services.told_of_end(*wanted.key) in ended):
                counts.kept += 1
                continue
            same = row is not None and _says(row, wanted.values)
            if not same:
                term, replacement = wanted.key
                with _placed(wanted.row):
                    services.put_synonym(term, replacement, **wanted.values, **self.by)
            _count(counts, is_new=row is None, changed=not same)
        self.progress("synonyms.csv")

    def _ended_synonyms(self) -> set[str]:
        """What the audit notes of the synonyms that curators have removed."""
        ours = (self.compiler.id, self.publisher.id)
        notes = sa.select(AuditEvent.note).where(
            AuditEvent.subject_kind == "synonym",
            AuditEvent.after_digest.is_(None),
            AuditEvent.officer_id.not_in(ours),
        )
        return set(db.session.scalars(notes))

    def _standards(self) -> None:
        counts, placed = self.report.of("standards"), self.report.of("offerings")
        present = {row.id: row for row in db.session.scalars(sa.select(Standard))}
        offered: dict[uuid.UUID, list[Offering]] = {}
        for offering in db.session.scalars(sa.select(Offering)):
            offered.setdefault(offering.standard_id, []).append(offering)
        for wanted in self.data.standards:
            row = present.get(wanted.id)
            if ("standard", str(wanted.id)) in self.touched:
                counts.kept += 1
                placed.kept += len(wanted.offerings)
            else:
                changed = self._put_standard(row, wanted)
                _count(counts, is_new=row is None, changed=changed)
                self._put_offerings(wanted, offered.get(wanted.id, []), placed)
            self.progress(wanted.file.file)
        self.progress("offerings.csv")

    def _put_standard(self, row: Standard | None, wanted: WantedStandard) -> bool:
        renamed = row is not None and wanted.slug is not None and row.slug != wanted.slug
        if renamed:
            with _placed(wanted.file):
                commands.rename(wanted.id, str(wanted.slug), **self.by)
        live = row.live if row else None
        if live and provenance_of(live) == wanted.provenance and wanted.file.raw == live.document:
            return renamed  # the quick look: it stands there as it is written
        document = _document(wanted.file)
        with _placed(wanted.file):
            _, outcome = take(
                wanted.agency_id, document, service_id=wanted.service_id, slug=wanted.slug,
                standard_id=wanted.id, provenance=wanted.provenance, **self.by,
            )  # fmt: skip
            if outcome == "same":
                return renamed
            commands.submit(wanted.id, **self.by)
            commands.publish(wanted.id, by=self.publisher, as_found=True, origin=ORIGIN)
        return True

    def _put_offerings(self, wanted: WantedStandard, present: list[Offering], counts: Counts) -> None:
        mine = [one for one in present if one.checked_on is None]
        said = {one.location_id: _offered(one) for one in mine}
        asked = {one.location_id: one for one in wanted.offerings}
        theirs = {one.location_id: _offered(one) for one in present if one not in mine}
        counts.kept += len(theirs.keys() & asked.keys())
        for location_id, one in asked.items():
            if location_id not in theirs:
                _count(counts, is_new=location_id not in said, changed=said.get(location_id) != one)
        if said != {place: one for place, one in asked.items() if place not in theirs}:
            with _placed(wanted.file):
                offerings.set_offerings(wanted.id, list({**asked, **theirs}.values()), **self.by)


def _seed_officer(email: str, name: str) -> Officer:
    """One of the two who load; made at the first load, and never able to sign in."""
    officer_id = seed_id("officer", email)
    found = db.session.get(Officer, officer_id)
    if found is not None:
        return found
    return people.add_officer(
        email, name, Role.NATIONAL_ADMIN, by=Standin.OPERATOR, officer_id=officer_id, origin=ORIGIN
    )


def _touched_by_others(ours: set[uuid.UUID]) -> set[tuple[str, str]]:
    """Kind and id of everything that somebody else has changed since.

    A place that confirms an offering has not touched the standard.
    """
    confirmed = (AuditEvent.action == Action.CONFIRM.value) & (AuditEvent.subject_kind == "standard")
    rows = db.session.execute(
        sa.select(AuditEvent.subject_kind, AuditEvent.subject_id)
        .where(AuditEvent.officer_id.not_in(ours), AuditEvent.action.not_like("denied:%"), ~confirmed)
        .distinct()
    )
    return {(kind, subject_id) for kind, subject_id in rows}


def _says(row: object, values: Mapping[str, object]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _key(row: Any) -> Any:
    return row.code if isinstance(row, Region | Category | LifeEvent) else row.id


def _count(counts: Counts, *, is_new: bool, changed: bool) -> None:
    if is_new:
        counts.added += 1
    elif changed:
        counts.changed += 1
    else:
        counts.same += 1


def _is_said(file: DocumentFile, stored: object) -> bool:
    """Whether ``stored`` is what the file says; as it is written, or else as it is read."""
    return file.raw == stored or to_json(_document(file)) == stored


def _document(file: DocumentFile) -> StandardDocument:
    document = file.read()
    file.problems.stop_if_any()
    assert document is not None, "what could not be read was a problem"
    return document


def _offered(offering: Offering) -> OfferedAt:
    values: Values = {name: getattr(offering, name) for name in OF_OFFERING}
    source: Values = {name: getattr(offering, name) for name in SOURCE}
    return OfferedAt(offering.location_id, **values, provenance=Provenance(**source))


@contextmanager
def _placed(where: Row | DocumentFile) -> Iterator[None]:
    """Name the file and line in what a command rejects."""
    try:
        yield
    except Rejected as error:
        raise Rejected(Problem(where.place(p.path), p.message, p.value) for p in error.problems) from error
