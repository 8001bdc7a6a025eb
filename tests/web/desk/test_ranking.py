"""The ranking at the desk: numbers by agency, and each standard with the way to mend it."""

from __future__ import annotations

from flask import Flask

from siapa.extensions import db
from siapa.publishing import commands
from siapa.records import Officer
from tests.publishing.cast import document
from tests.web.desk.conftest import ADMIN, AUTHOR, NATIONAL, PUBLISHER
from tests.web.desk.test_officers import MANAGER
from tests.web.desk.visiting import signed_in


def in_force(app: Flask) -> str:
    """The id of a standard of ``own`` in force."""
    with app.app_context():
        author, publisher = (
            db.session.query(Officer).filter_by(email=one).one() for one in (AUTHOR, PUBLISHER)
        )
        made = commands.open_standard(author.memberships[0].agency_id, document("Kartu Keluarga"), by=author)
        commands.submit(made.id, by=author)
        commands.publish(made.id, by=publisher)
        return str(made.id)


def test_whoever_writes_is_led_to_the_standard_and_an_admin_to_its_page(desk_app: Flask) -> None:
    standard_id = in_force(desk_app)

    mends = signed_in(desk_app, AUTHOR).get("/meja/kelengkapan?by=standard").text
    reads = signed_in(desk_app, ADMIN).get("/meja/kelengkapan?by=standard&agency=dukcapil").text

    assert f'"/meja/standar/{standard_id}"' in mends and "6 dari 14 komponen" in mends
    assert '"/standar/dukcapil/kartu-keluarga"' in reads and standard_id not in reads


def test_agencies_are_shown_with_numbers_and_filters(desk_app: Flask) -> None:
    in_force(desk_app)
    national = signed_in(desk_app, NATIONAL)

    everything = national.get("/meja/kelengkapan").text
    nothing = national.get("/meja/kelengkapan?lack=nothing").text
    unknown = national.get("/meja/kelengkapan?agency=tidak-ada").text

    assert "42 %" in everything and "Dinas Dukcapil</a>" not in nothing and "Dinas Kesehatan</a>" in nothing
    assert "Tidak ada instansi dengan alamat ini" in unknown
    assert signed_in(desk_app, MANAGER).get("/meja/kelengkapan").status_code == 403
