"""Registries with made-up data for these tests: how they are made, and what stands in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from siapa.config import ROOT
from siapa.extensions import db
from siapa.publishing.generating import GenerateReport, generate
from siapa.records import AuditEvent

SEED_DATA = ROOT / "seed_data"
#: Tables whose rows follow wholly from the seed.
MADE_TABLES = ("agency", "location", "counter", "hours", "standard", "edition", "offering")


def make(standards: int, *, seed: int = 1, force: bool = False, **more: Any) -> GenerateReport:
    """Generate into the present registry."""
    return generate(standards, seed=seed, seed_data=SEED_DATA, force=force, **more)


def count(table: str) -> int:
    """How many rows there are in ``table``."""
    found = sa.select(sa.func.count()).select_from(db.metadata.tables[table])
    return int(db.session.scalar(found) or 0)


def all_rows(table: str) -> list[tuple[Any, ...]]:
    """Every row of ``table``, in the order of its key."""
    held = db.metadata.tables[table]
    return [tuple(row) for row in db.session.execute(sa.select(held).order_by(*held.primary_key))]


def all_acts() -> list[tuple[Any, ...]]:
    """What the audit says of the made data: everything but numbers, moments and the chain."""
    columns = (
        AuditEvent.officer_id, AuditEvent.action, AuditEvent.subject_kind, AuditEvent.subject_id,
        AuditEvent.before_digest, AuditEvent.after_digest, AuditEvent.note, AuditEvent.origin,
    )  # fmt: skip
    ours = AuditEvent.action.in_(("generate", "open", "submit", "publish", "set_offerings", "add_agency"))
    query = sa.select(*columns).where(ours, AuditEvent.origin == "synthetic")
    return [tuple(row) for row in db.session.execute(query.order_by(AuditEvent.number))]


def copy_of(folder: Path, target: Path) -> Flask:
    """A registry of a test's own, copied from the one in ``folder``."""
    import shutil

    from siapa import create_app
    from tests.conftest import config_at

    shutil.copytree(folder / "instance", target / "instance")
    app = create_app(config_at(target))
    app.testing = True
    return app
