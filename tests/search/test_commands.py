"""What the commands of publishing change is seen by the search at once."""

from __future__ import annotations

from flask import Flask

from siapa import search
from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import Membership, Officer, Role, seed_id
from siapa.records.engine import begin_writing
from siapa.search import Query, find


def test_a_withdrawn_standard_is_out_of_the_index_when_the_command_returns(registry: Flask) -> None:
    begin_writing(db)
    officer = Officer(email="publisher@example.go.id", name="Publisher", is_active=True)
    officer.memberships = [Membership(role=Role.PUBLISHER, agency_id=seed_id("agency", "polres-kendari"))]
    db.session.add(officer)
    db.session.commit()
    standard = find(Query(text="perpanjang sim c")).results[0].standard_id
    assert standard is not None

    commands.withdraw(standard, by=officer, reason="Layanan pindah ke satuan lain")

    assert search.position() == 6
    assert search.check() == []
    found = find(Query(text="perpanjang sim c"))
    assert standard not in [hit.standard_id for hit in found.results]
    assert (found.results[0].service_code, found.results[0].standard_id) == ("SIM-C-PANJANG", None)
