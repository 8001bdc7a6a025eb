"""A service sums up what its providers promise."""

import json
import uuid

import sqlalchemy as sa

from siapa import catalogue
from siapa.config import ROOT
from siapa.document.intake import read_document
from siapa.extensions import db
from siapa.publishing import Standin, commands, people
from siapa.records import Agency, Officer, Role, Standard


def test_one_fee_with_an_open_upper_end_leaves_the_range_of_the_service_open(own_seeded):
    assert fees_of("SIM-C-PANJANG") == (75_000, 75_000)
    document = json.loads(
        (ROOT / "seed_data" / "standards" / "polresta-kendari" / "SIM-C-PANJANG.json").read_text()
    )["document"]
    document["fees"] = {
        "fee_kind": "tariff_table",
        "lines": [
            {"label": "Biaya", "amount_idr": 70_000, "legal_basis": "PP 76/2020"},
            {"label": "Tes", "note": "Menurut klinik", "basis_note": "Ditetapkan klinik."},
        ],
    }

    publish(document)

    assert fees_of("SIM-C-PANJANG") == (70_000, None)


def test_a_service_without_a_standard_promises_nothing(seeded):
    card = next(c for c in catalogue.services(per_page=100).results if c.standards == 0)

    assert (card.fee_min_idr, card.fee_max_idr, card.days_max, card.free_standards, card.places) == (
        None, None, None, 0, 0,
    )  # fmt: skip


def fees_of(code: str) -> tuple[int | None, int | None]:
    card = catalogue.service(code).card
    return card.fee_min_idr, card.fee_max_idr


def publish(document: dict[str, object]) -> uuid.UUID:
    """A further edition of Polresta Kendari's standard, through the real path."""
    agency = db.session.scalars(sa.select(Agency).where(Agency.slug == "polresta-kendari")).one()
    standard = db.session.scalars(
        sa.select(Standard).where(Standard.agency_id == agency.id, Standard.slug == "perpanjangan-sim-c")
    ).one()
    for email, role in (("ani@contoh.id", Role.OPERATOR), ("budi@contoh.id", Role.PUBLISHER)):
        people.add_officer(email, email, role, by=Standin.OPERATOR, agency_id=agency.id)
    author, publisher = (people_named(email) for email in ("ani@contoh.id", "budi@contoh.id"))
    commands.open_draft(standard.id, read_document(document), by=author)
    commands.submit(standard.id, by=author)
    commands.publish(standard.id, by=publisher)
    return standard.id


def people_named(email: str) -> Officer:
    return db.session.scalars(sa.select(Officer).where(Officer.email == email)).one()
