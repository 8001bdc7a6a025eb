"""Every form of a place with values that no page would send, on both databases: never a fault of ours."""

from __future__ import annotations

import re
import uuid
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.publishing import places
from siapa.publishing.places import ClosedDays
from siapa.records import Officer
from siapa.records.engine import begin_writing
from tests.publishing.cast import people_and_places
from tests.web.desk.conftest import NATIONAL
from tests.web.desk.test_odd_forms import ODD
from tests.web.desk.visiting import form_token, signed_in

FORMS = ("/data", "/fasilitas", "/alamat", "/tutup", "/jam", "/libur", "/periksa", "/loket/baru",
         "/loket/{counter}", "/loket/{counter}/jam", "/loket/{counter}/periksa")  # fmt: skip
#: A day that no calendar of the database has, a number beyond all, a weekday in other digits.
ODDER = ("0001-01-01", "9999-12-31", "1e999", "nan", "٠٨:٠٠", "74.71", "74.71 ", "'; --")
LAST_DAY = date(9999, 12, 31)
_NAME = re.compile(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"')


def fields(client: FlaskClient, path: str) -> set[str]:
    """The names of all that a form sends."""
    page = client.get(path)
    return set(_NAME.findall(page.text)) - {"csrf_token", "seen"} if page.status_code == 200 else set()


def test_nothing_that_is_sent_for_a_place_is_a_fault_of_ours(either_app: Flask) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    by = db.session.query(Officer).filter_by(email=NATIONAL).one()
    counter = places.add_counter(cast.mall.id, "Loket", by=by).id
    places.set_closures(cast.mall.id, [ClosedDays(LAST_DAY, LAST_DAY, "Libur", counter_id=counter)], by=by)
    mall, faults, sent = f"/meja/tempat/{cast.mall.id}", [], 0
    db.session.remove()
    admin = signed_in(either_app, NATIONAL)
    token = form_token(admin)

    for form in ("/baru", *FORMS):
        path = "/meja/tempat/baru" if form == "/baru" else mall + form.format(counter=counter)
        names = fields(admin, path)
        for value in (*ODD, *ODDER):
            answer = admin.post(path, data={"csrf_token": token, **dict.fromkeys(names, value)})
            sent += 1
            if answer.status_code >= 500:
                faults.append((path, value[:30], answer.status_code))
    for path in (f"/meja/tempat/{uuid.uuid4()}", f"{mall}/loket/{uuid.uuid4()}", f"{mall}/loket/x"):
        assert admin.get(path).status_code == 404

    assert not faults
    assert sent > 150
