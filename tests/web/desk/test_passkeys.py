"""Passkeys: one lets its officer in, alone or as second step; whatever does not fit, nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.publishing import passkeys, people, second_factors
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, DeskSession, Officer, Passkey, PasskeyChallenge, now
from siapa.records.engine import begin_writing
from siapa.web.desk import digits
from siapa.web.desk.relying_party import relying_party
from tests.web.conftest import close, copy_of
from tests.web.desk.conftest import AUTHOR, PUBLISHER, with_quick_hashes
from tests.web.desk.key_ring import PRESENT, KeyRing
from tests.web.desk.test_kept import kept_in
from tests.web.desk.visiting import send, signed_in

HOST, ORIGIN = "siapa.example", "https://siapa.example"
REFUSED = "Kunci sandi ini tidak berlaku di sini."
ALONE, SECOND, CONFIRM = "/meja/masuk/kunci", "/meja/kode/kunci", "/meja/pastikan/kunci"
#: How a device differs from the one whose passkey is known: another origin, one without TLS, another host,
#: a holder who is not known to it, a passkey of nobody or of another officer, and one that we do not know.
ODD_DEVICES: tuple[dict[str, object], ...] = (
    {"origin": "https://siapa.example.net"}, {"origin": "http://siapa.example"}, {"host": "example"},
    {"flags": PRESENT}, {"owner": b""}, {"owner": bytes(16)}, {"id": bytes(32)},
)  # fmt: skip
NO_ANSWERS = ("", "{}", "null", "[" * 9_000, '{"id":"a","rawId":"a","response":{"userHandle":"\xe9"}}')


@pytest.fixture
def keyed_app(desk_folder: Path, tmp_path: Path) -> Iterator[Flask]:
    """The cast behind an address for which browsers take passkeys; author and publisher have a phone."""
    app = with_quick_hashes(copy_of(desk_folder, tmp_path, SIAPA_PUBLIC_URL=ORIGIN))
    with app.app_context():
        for email in (AUTHOR, PUBLISHER):
            second_factors.set_authenticator(digits.new_secret(), 0, by=named(email))
        db.session.remove()
    yield app
    close(app)


def named(email: str) -> Officer:
    """The officer with this address."""
    return db.session.scalars(sa.select(Officer).where(Officer.email == email)).one()


def changed(app: Flask, table: type, **values: object) -> None:
    """Change every row of ``table`` past the commands."""
    with app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(table).values(**values))
        db.session.commit()


def added(app: Flask, email: str = AUTHOR) -> KeyRing:
    """A device whose passkey the officer has added at the desk."""
    officer, ring = signed_in(app, email), KeyRing(ORIGIN, HOST)
    answer = ring.makes(send(officer, "/meja/akun/kunci/mulai").get_json())
    kept = send(officer, "/meja/akun/kunci", name="Ponsel", credential=answer)
    assert kept.location == "/meja/akun", kept.text
    return ring


def proved(client: FlaskClient, path: str, ring: KeyRing, **fields: str) -> TestResponse:
    """What the desk says to a device that was asked at ``path``."""
    asked = send(client, f"{path}/mulai").get_json()
    return send(client, path, credential=ring.signs(asked), **fields)


def half_in(app: Flask, email: str = AUTHOR) -> FlaskClient:
    """A browser in which the password was given and no more."""
    return signed_in(app, email, is_strong=False)


def test_who_has_added_a_passkey_signs_in_with_it_alone(keyed_app: Flask) -> None:
    ring, browser = added(keyed_app), keyed_app.test_client()
    offered = browser.get("/meja/masuk").text

    let_in = proved(browser, ALONE, ring, next="/meja/akun")

    page = browser.get("/meja/akun").text
    assert f'action="{ALONE}"' in offered and "passkeys.js" in offered
    assert (let_in.status_code, let_in.location) == (303, "/meja/akun")
    assert "Ponsel" in page and "terakhir dipakai" in page
    with keyed_app.app_context():
        notes = set(db.session.scalars(sa.select(AuditEvent.note)))
        assert {"passkey added: Ponsel", "by passkey: Ponsel"} <= notes
        assert verify() == []


def test_a_passkey_is_the_second_step_and_the_fresh_proof_of_its_officer(keyed_app: Flask) -> None:
    ring, browser = added(keyed_app), half_in(keyed_app)

    second = proved(browser, SECOND, ring)
    changed(keyed_app, DeskSession, confirmed_at=now() - timedelta(hours=1))
    stale = browser.get("/meja/akun/kunci")
    fresh = proved(browser, CONFIRM, ring, next="/meja/akun/kunci")

    assert (second.status_code, second.location) == (303, "/meja")
    assert stale.location.startswith("/meja/pastikan")
    assert (fresh.location, browser.get("/meja/akun/kunci").status_code) == ("/meja/akun/kunci", 200)


def test_what_was_answered_once_is_not_taken_again(keyed_app: Flask) -> None:
    ring, browser, thief = added(keyed_app), keyed_app.test_client(), keyed_app.test_client()
    ring.step = 0  # a device that does not count
    answer = ring.signs(send(browser, f"{ALONE}/mulai").get_json())
    with browser.session_transaction(ALONE) as cookie, thief.session_transaction(ALONE) as copied:
        copied.update(cookie)
    first = send(browser, ALONE, credential=answer)

    again = send(browser, ALONE, credential=answer)
    with_its_cookie = send(thief, ALONE, credential=answer)
    send(thief, f"{ALONE}/mulai")
    asked_anew = send(thief, ALONE, credential=answer)

    assert first.status_code == 303
    for refused in (again, with_its_cookie, asked_anew):
        assert refused.status_code == 422 and REFUSED in refused.text
    assert thief.get("/meja").status_code == 303


def test_a_copied_passkey_is_known_by_its_count(keyed_app: Flask) -> None:
    ring = added(keyed_app)
    assert proved(keyed_app.test_client(), ALONE, ring).status_code == 303
    ring.count -= 1

    refused = proved(keyed_app.test_client(), ALONE, ring)

    assert refused.status_code == 422


def test_what_does_not_fit_lets_nobody_in_and_reads_alike(keyed_app: Flask) -> None:
    ring, browser = added(keyed_app), keyed_app.test_client()
    as_it_is = dict(vars(ring))

    refused = []
    for odd in ODD_DEVICES:
        vars(ring).update({**as_it_is, **odd})
        refused.append(proved(browser, ALONE, ring))

    assert [answer.status_code for answer in refused] == [422] * len(ODD_DEVICES)
    assert len({re.sub("value=.*?>", "", answer.text) for answer in refused}) == 1
    assert REFUSED in refused[0].text and browser.get("/meja").status_code == 303
    vars(ring).update(as_it_is)
    assert proved(browser, ALONE, ring).status_code == 303


def test_the_passkey_of_another_officer_is_no_second_step(keyed_app: Flask) -> None:
    of_author, browser = added(keyed_app), half_in(keyed_app, PUBLISHER)
    added(keyed_app, PUBLISHER)

    refused = proved(browser, SECOND, of_author)

    assert refused.status_code == 422 and REFUSED in refused.text
    assert browser.get("/meja").location.startswith("/meja/kode")


def test_a_disabled_officer_is_refused_in_the_same_words(keyed_app: Flask) -> None:
    ring = added(keyed_app)
    with keyed_app.app_context():
        people.disable_officer(named(AUTHOR).id, by=Standin.OPERATOR)

    refused = proved(keyed_app.test_client(), ALONE, ring)

    assert refused.status_code == 422 and REFUSED in refused.text


def test_a_removed_passkey_opens_nothing_and_only_its_officer_removes_it(keyed_app: Flask) -> None:
    ring, owner = added(keyed_app), signed_in(keyed_app, AUTHOR)
    (path,) = re.findall(r"/meja/akun/kunci/[0-9a-f-]{36}/hapus", owner.get("/meja/akun").text)

    by_another = send(signed_in(keyed_app, PUBLISHER), path)
    before = proved(keyed_app.test_client(), ALONE, ring)
    removed = send(owner, path)
    after = proved(keyed_app.test_client(), ALONE, ring)

    assert (by_another.status_code, before.status_code) == (404, 303)
    assert (removed.location, after.status_code) == ("/meja/akun", 422)


def test_with_the_lost_phone_the_passkeys_go_too(keyed_app: Flask) -> None:
    ring = added(keyed_app)
    with keyed_app.app_context():
        second_factors.remove(named(AUTHOR).id, by=Standin.OPERATOR)

    refused = proved(keyed_app.test_client(), ALONE, ring)

    assert refused.status_code == 422


def test_a_challenge_waits_five_minutes_and_for_one_browser_and_purpose(keyed_app: Flask) -> None:
    ring, browser = added(keyed_app), half_in(keyed_app)

    asked = send(browser, f"{ALONE}/mulai").get_json()
    changed(keyed_app, PasskeyChallenge, expires_at=now())
    late = send(browser, ALONE, credential=ring.signs(asked))
    asked = send(browser, f"{ALONE}/mulai").get_json()
    elsewhere = send(keyed_app.test_client(), ALONE, credential=ring.signs(asked))
    other_purpose = send(browser, SECOND, credential=ring.signs(asked))

    assert [late.status_code, elsewhere.status_code, other_purpose.status_code] == [422, 422, 422]
    send(browser, f"{ALONE}/mulai")
    with keyed_app.app_context():
        assert db.session.query(PasskeyChallenge).count() == 2  # one unanswered from before, one now


def test_adding_asks_for_a_fresh_proof_a_phone_and_a_name(keyed_app: Flask) -> None:
    officer, ring = signed_in(keyed_app, AUTHOR), KeyRing(ORIGIN, HOST)

    nameless = ring.makes(send(officer, "/meja/akun/kunci/mulai").get_json())
    without_name = send(officer, "/meja/akun/kunci", name=" ", credential=nameless)
    unanswered = send(officer, "/meja/akun/kunci", name="Kantor <b>", credential=nameless)
    with keyed_app.app_context():
        second_factors.remove(named(AUTHOR).id, by=Standin.OPERATOR)
    no_phone = signed_in(keyed_app, AUTHOR)
    sent_on = no_phone.get("/meja/akun/kunci")
    answer = KeyRing(ORIGIN, HOST).makes(send(no_phone, "/meja/akun/kunci/mulai").get_json())
    forced = send(no_phone, "/meja/akun/kunci", name="Ponsel", credential=answer)
    changed(keyed_app, DeskSession, confirmed_at=now() - timedelta(hours=1))

    assert without_name.status_code == 422 and 'href="#name"' in without_name.text
    assert unanswered.status_code == 422 and 'value="Kantor &lt;b&gt;"' in unanswered.text
    assert sent_on.location == "/meja/akun/pengaman"
    assert forced.status_code == 409 and "Siapkan aplikasi autentikator" in forced.text
    assert no_phone.get("/meja/akun/kunci").location.startswith("/meja/pastikan")
    with keyed_app.app_context():
        assert db.session.query(Passkey).count() == 0


def test_one_passkey_belongs_to_one_officer(keyed_app: Flask) -> None:
    ring, other = added(keyed_app), signed_in(keyed_app, PUBLISHER)

    answer = ring.makes(send(other, "/meja/akun/kunci/mulai").get_json())
    refused = send(other, "/meja/akun/kunci", name="Ponsel", credential=answer)

    assert refused.status_code == 409
    with keyed_app.app_context():
        (kept,) = passkeys.passkeys_of(named(AUTHOR))
        assert passkeys.passkeys_of(named(PUBLISHER)) == [] and kept.sign_count == 0


def test_a_form_that_waits_is_sent_after_signing_in_with_a_passkey(keyed_app: Flask) -> None:
    ring, browser = added(keyed_app), signed_in(keyed_app, AUTHOR)
    changed(keyed_app, DeskSession, seen_at=now() - timedelta(hours=1))
    late = send(browser, "/meja/akun/token", name="Antrean", scope="read", days="90")

    let_in = proved(browser, ALONE, ring, kept=kept_in(late))

    assert (late.status_code, let_in.status_code) == (401, 200)
    assert 'action="/meja/akun/token"' in let_in.text and 'value="Antrean"' in let_in.text


def test_what_is_no_answer_is_refused_like_a_wrong_one(keyed_app: Flask) -> None:
    browser, officer = keyed_app.test_client(), signed_in(keyed_app, AUTHOR)

    refused = []
    for answer in NO_ANSWERS:
        send(browser, f"{ALONE}/mulai")
        send(officer, "/meja/akun/kunci/mulai")
        refused.append(send(browser, ALONE, credential=answer))
        refused.append(send(officer, "/meja/akun/kunci", name="Ponsel", credential=answer))

    assert [answer.status_code for answer in refused] == [422, 422] * len(NO_ANSWERS)
    assert all(REFUSED in answer.text for answer in refused[::2])


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://SIAPA.example:443", "https://siapa.example"),
        ("https://siapa.example:8443", "https://siapa.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://siapa.example", None),
        ("https://192.0.2.1", None),
    ],
)
def test_the_origin_is_what_browsers_call_the_public_address(
    desk_app: Flask, address: str, origin: str | None
) -> None:
    desk_app.config["SIAPA"] = replace(desk_app.config["SIAPA"], public_url=address)

    with desk_app.app_context():
        party = relying_party()

    assert (party and party.origin) == origin


def test_nothing_is_offered_where_browsers_take_no_passkeys(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)

    pages = [desk_app.test_client().get("/meja/masuk").text, officer.get("/meja/akun").text]
    asked = send(desk_app.test_client(), f"{ALONE}/mulai")

    assert not [page for page in pages if "kunci sandi" in page.lower()]
    assert (asked.status_code, officer.get("/meja/akun/kunci").status_code) == (404, 404)
