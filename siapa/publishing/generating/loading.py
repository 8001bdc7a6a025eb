"""Loading made-up standards by the hundred thousand, batch after batch.

Each batch is one transaction with its rows, its acts and its lines of the log: memory
stays the same however many there are, nobody waits longer than a batch takes, and a load
that was broken off goes on where it stopped. The standards of a smaller load are the
first of a larger one with the same seed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from siapa.errors import Conflict
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import people
from siapa.publishing.changing import in_bulk, together
from siapa.publishing.generating.allotting import Allotted, allot
from siapa.publishing.generating.founding import Founding
from siapa.publishing.generating.makers import made_batches
from siapa.publishing.generating.marks import COMPILER, COMPILER_ID, ORIGIN, PUBLISHER, PUBLISHER_ID
from siapa.publishing.generating.planning import Plan, beginning, make_plan, standards_there
from siapa.publishing.generating.rows import Made
from siapa.publishing.generating.telling import Row
from siapa.publishing.permissions import Actor, Standin
from siapa.publishing.seeding import COMPILER as SEED_COMPILER
from siapa.publishing.seeding import PUBLISHER as SEED_PUBLISHER
from siapa.publishing.seeding import load_seed
from siapa.publishing.workflow import Action
from siapa.records import Edition, Feedback, Offering, Officer, Region, Role, Service, Standard, now
from siapa.records.checkpointing import checkpoint

#: Standards in one transaction: about a second's work.
BATCH = 2_000
#: What SQLite may keep in memory of the database meanwhile, in KiB.
CACHE_KIB = 256 * 1024
#: What the made world needs of the seed data: words, and nothing that is in force.
VOCABULARY = ("regions.csv", "categories.csv", "life_events.csv", "services.csv", "synonyms.csv", "outlines")

#: Called with how many standards there are, and how many there shall be.
Progress = Callable[[int, int], object]


@dataclass(frozen=True)
class GenerateReport:
    """How many made standards there were before, and how many there are now."""

    before: int
    after: int


def generate(
    standards: int, *, seed: int, seed_data: Path, force: bool = False, progress: Progress | None = None
) -> GenerateReport:
    """See to it that the registry holds ``standards`` made-up standards of ``seed``, and the world they need.

    What is missing of the vocabulary is loaded from ``seed_data``. Raises ``Conflict`` when the
    registry holds real work (unless ``force``), or made-up data that cannot be gone on with.
    """
    if not force:
        _check_nothing_real()
    _load_vocabulary(seed_data)
    with together():
        officers = _officer(*COMPILER), _officer(*PUBLISHER)
    plan = make_plan(seed)
    before = _begin(plan, officers)
    if before < standards:
        told = progress or (lambda _done, _all: None)
        told(before, standards)
        _load(plan, before, standards, officers, told)
    return GenerateReport(before, max(before, standards))


def _check_nothing_real() -> None:
    """Raise ``Conflict`` when officers of the registry's own have accounts, or citizens have written."""
    nobody = [email for email, _name in (COMPILER, PUBLISHER, SEED_COMPILER, SEED_PUBLISHER)]
    real = db.session.scalar(sa.select(sa.func.count()).where(Officer.email.not_in(nobody))) or 0
    if real:
        raise Conflict(
            _l(
                "This registry has officers of its own (%(count)s): made-up data would mix with real data."
                " Use another database; --force does it all the same.",
                count=real,
            )
        )
    if db.session.scalar(sa.select(sa.exists().select_from(Feedback))):
        raise Conflict(
            _l(
                "Citizens have written to this registry: made-up data would mix with real data."
                " Use another database; --force does it all the same."
            )
        )


def _load_vocabulary(seed_data: Path) -> None:
    """Load regions, services and words through the seed's own path, unless they are there."""
    if all(db.session.scalar(sa.select(sa.exists().select_from(kind))) for kind in (Region, Service)):
        return
    with TemporaryDirectory() as folder:
        for name in VOCABULARY:
            source = seed_data / name
            if source.is_dir():
                shutil.copytree(source, Path(folder) / name)
            elif source.exists():
                shutil.copy(source, Path(folder) / name)
        load_seed(Path(folder))


def _officer(email: str, name: str) -> Officer:
    """One of the two who make data up; never able to sign in."""
    found = db.session.scalar(sa.select(Officer).where(Officer.email == email))
    if found is not None:
        return found
    officer_id = {COMPILER: COMPILER_ID, PUBLISHER: PUBLISHER_ID}[email, name]
    return people.add_officer(
        email, name, Role.NATIONAL_ADMIN, by=Standin.OPERATOR, officer_id=officer_id, origin=ORIGIN
    )


def _begin(plan: Plan, officers: tuple[Officer, Officer]) -> int:
    """How many standards of ``plan`` are there; its world is written if it is not.

    Raises ``Conflict`` when what is there was begun with another plan.
    """
    compiler, _publisher = officers
    begun = beginning()
    if begun is not None:
        if begun.seed != plan.seed:
            raise Conflict(
                _l(
                    "The made-up data here are of seed %(seed)s."
                    " Continue with that seed, or use another database.",
                    seed=begun.seed,
                )
            )
        if begun != plan.beginning:
            raise Conflict(
                _l(
                    "The made-up data here are of another release, or regions or services have changed since:"
                    " they cannot be continued. Begin with an empty database."
                )
            )
        return standards_there(plan.seed)
    rights: list[tuple[Actor, Action]] = [
        (compiler, action)
        for action in (Action.SET_SERVICE, Action.ADD_AGENCY, Action.SET_LOCATION, Action.SET_COUNTERS)
    ]
    at = now()
    with in_bulk(rights) as bulk:
        bulk.acts.append(plan.beginning.act(at))
        Founding(bulk, at).found(plan.world, plan.made_services)
    return 0


def _load(
    plan: Plan, before: int, standards: int, officers: tuple[Officer, Officer], progress: Progress
) -> None:
    compiler, publisher = officers
    rights: list[tuple[Actor, Action]] = [
        (compiler, Action.OPEN), (compiler, Action.SET_OFFERINGS), (compiler, Action.SUBMIT),
        (publisher, Action.PUBLISH),
    ]  # fmt: skip
    # No connection may cross the fork of the makers.
    db.session.remove()
    db.engine.dispose()
    done = before
    with closing(made_batches(plan, _batches(plan, before, standards), now())) as batches, _much_in_mind():
        for made in batches:
            _write(made, rights)
            done += len(made.standards)
            progress(done, standards)


@contextmanager
def _much_in_mind() -> Iterator[None]:
    """Let SQLite keep more of the database in memory: each batch touches all of its indexes everywhere."""
    engine = db.engine
    if engine.dialect.name != "sqlite":
        yield
        return

    def remember(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")

    sa.event.listen(engine, "connect", remember)
    try:
        yield
    finally:
        sa.event.remove(engine, "connect", remember)
        db.session.remove()
        engine.dispose()


def _batches(plan: Plan, before: int, standards: int) -> Iterator[Sequence[Allotted]]:
    allotted = islice(allot(plan.seed, plan.world.agencies, plan.kinds), before, standards)
    while batch := list(islice(allotted, BATCH)):
        yield batch


def _write(made: Made, rights: Sequence[tuple[Actor, Action]]) -> None:
    with in_bulk(rights) as bulk:
        tables: tuple[tuple[type[Any], list[Row]], ...] = (
            (Standard, made.standards), (Edition, made.editions), (Offering, made.offerings),
        )  # fmt: skip
        for kind, rows in tables:
            db.session.execute(sa.insert(kind.__table__), rows)
        bulk.acts.extend(made.acts)
        bulk.changes.extend(made.changes)
    url = make_url(str(db.engine.url))
    if url.get_backend_name() == "sqlite" and url.database:
        checkpoint(Path(url.database))
