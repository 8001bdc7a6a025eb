"""Signing in at a provider: whom it vouches for rightly gets in, and only into an account that is there."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from siapa.config import BadConfiguration
from siapa.extensions import db
from siapa.publishing import people, second_factors
from siapa.publishing.permissions import Standin
from siapa.publishing.verifying import verify
from siapa.records import AuditEvent, Officer, ProviderIdentity
from siapa.web.desk import provider as of_siapa
from tests.web.conftest import close, copy_of
from tests.web.desk.a_provider import CLIENT_ID, CLIENT_SECRET, AProvider, a_provider
from tests.web.desk.conftest import AUTHOR, PUBLISHER, with_quick_hashes
from tests.web.desk.visiting import send, signed_in

BEGIN, BACK = "/meja/masuk/luar", "/meja/masuk/luar/kembali"
#: One that does not answer.
PROVIDER = {
    "SIAPA_OIDC_ISSUER": "http://127.0.0.1:9",
    "SIAPA_OIDC_CLIENT_ID": CLIENT_ID,
    "SIAPA_OIDC_CLIENT_SECRET": CLIENT_SECRET,
}
REFUSED = "Masuk dengan SSO Kota tidak membuka akun di sini."


@pytest.fixture(scope="module")
def listening() -> Iterator[AProvider]:
    """One provider for all these tests."""
    with a_provider() as made:
        yield made


@pytest.fixture
def there(listening: AProvider) -> AProvider:
    """That provider, as honest as it was."""
    listening.start_over()
    return listening


@pytest.fixture
def app(desk_folder: Path, tmp_path: Path, there: AProvider) -> Iterator[Flask]:
    """The cast, who may also sign in at the provider."""
    settings = {
        **PROVIDER, "SIAPA_OIDC_ISSUER": there.issuer, "SIAPA_OIDC_NAME": "SSO Kota",
        "SIAPA_OIDC_MFA": "gold, silver",
    }  # fmt: skip
    app = with_quick_hashes(copy_of(desk_folder, tmp_path, **settings))
    yield app
    close(app)


def sent_there(client: FlaskClient, path: str = BEGIN) -> str:
    """The address at which the provider sends the browser back to us."""
    begun = client.get(path)
    assert begun.status_code == 302, begun.text
    back = requests.get(begun.location, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"http://127.0.0.1:8000{BACK}?")
    return back.removeprefix("http://127.0.0.1:8000")


def comes_in(client: FlaskClient, path: str = BEGIN) -> TestResponse:
    """The whole way there and back."""
    return client.get(sent_there(client, path))


def count_of(app: Flask, table: type) -> int:
    """How many rows there are."""
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_an_officer_whose_address_is_verified_there_gets_as_far_as_with_a_password(
    app: Flask, there: AProvider
) -> None:
    officers, browser = count_of(app, Officer), app.test_client()
    there.person["email"] = AUTHOR.upper()

    let_in = comes_in(browser, f"{BEGIN}?next=/meja/akun")

    assert 'href="/meja/masuk/luar"' in app.test_client().get("/meja/masuk").text
    assert (let_in.status_code, let_in.location) == (303, "/meja/akun")
    assert browser.get("/meja").location == "/meja/kode?next=/meja"
    assert (count_of(app, Officer), count_of(app, ProviderIdentity)) == (officers, 1)
    with app.app_context():
        notes = set(db.session.scalars(sa.select(AuditEvent.note)))
        assert f"by provider: {there.issuer}" in notes and verify() == []


@pytest.mark.parametrize("said", [{"amr": ["pwd", "mfa"]}, {"acr": "silver"}], ids=str)
def test_a_second_factor_that_was_given_there_is_not_asked_for_again(
    app: Flask, there: AProvider, said: dict[str, object]
) -> None:
    there.person |= said
    browser = app.test_client()

    comes_in(browser)

    assert browser.get("/meja").status_code == 200


def test_no_token_that_does_not_fit_lets_anybody_in(app: Flask, there: AProvider) -> None:
    now = int(time.time())
    wrong: dict[str, dict[str, object]] = {
        "nonce of another sign-in": {"nonce": "another"}, "no nonce": {"nonce": None},
        "for another client": {"aud": "other"}, "for several": {"aud": [CLIENT_ID, "other"]},
        "for us by another": {"aud": [CLIENT_ID, "other"], "azp": "other"},
        "for another, by us": {"aud": "other", "azp": CLIENT_ID}, "expired": {"exp": now - 120},
        "of tomorrow": {"iat": now + 86_400}, "never expires": {"exp": None}, "of nobody": {"sub": None},
        "of another provider": {"iss": "https://evil.example"}, "not for this token": {"at_hash": "AAAA"},
        "address not verified": {"email_verified": False}, "said to be": {"email_verified": "true"},
        "address of nobody": {"email": "nobody@example.go.id"}, "no address": {"email": None},
    }  # fmt: skip

    refused = {name: _with(app, there, claims) for name, claims in wrong.items()}

    assert {name: answer.status_code for name, answer in refused.items()} == dict.fromkeys(wrong, 422)
    assert all(REFUSED in answer.text for answer in refused.values())
    assert count_of(app, ProviderIdentity) == 0
    assert _with(app, there, {}).status_code == 303


def _with(app: Flask, there: AProvider, claims: dict[str, object]) -> TestResponse:
    """The answer where some claims are others; None takes one away."""
    there.twist = lambda said: {name: value for name, value in (said | claims).items() if value is not None}
    return comes_in(app.test_client())


def test_no_signature_but_the_providers_own_counts(app: Flask, there: AProvider) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "1"})
    ways = (there.unsigned, there.sealed, lambda claims: there.signed(claims, stranger))

    refused = []
    for there.sign in ways:
        refused.append(comes_in(app.test_client()).status_code)

    assert refused == [422, 422, 422]


def test_keys_that_the_provider_has_changed_are_asked_for_once(
    app: Flask, there: AProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert comes_in(app.test_client()).status_code == 303
    new = RSAKey.generate_key(2048, {"kid": "2"})
    there.shown, there.key = [new], new
    there.sign = lambda claims: of_kid_two(claims, new)

    too_soon = comes_in(app.test_client()).status_code
    monkeypatch.setattr(of_siapa, "ASKED_AGAIN_SECONDS", 0)
    later = comes_in(app.test_client()).status_code

    assert (too_soon, later, there.keys_read) == (422, 303, 2)


def of_kid_two(claims: dict[str, object], key: RSAKey) -> str:
    """An ID token that names the second key."""
    from joserfc import jwt

    return jwt.encode({"alg": "RS256", "kid": "2"}, claims, key, algorithms=["RS256"])


def test_an_answer_counts_once_and_in_the_browser_that_asked(app: Flask, there: AProvider) -> None:
    browser, other = app.test_client(), app.test_client()
    back = sent_there(browser)
    changed = back.replace("state=", "state=x")

    answers = [
        other.get(back),
        browser.get(changed),
        browser.get(back),  # the question was used up by the wrong answer
        browser.get(sent_there(browser) + "&iss=https://evil.example"),
        browser.get(f"{BACK}?error=access_denied"),
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    back = sent_there(browser)
    assert [browser.get(back).status_code, browser.get(back).status_code] == [303, 422]


def test_the_way_there_takes_a_proof_key_for_one_state_and_nonce(app: Flask, there: AProvider) -> None:
    asked = [parse_qs(urlsplit(app.test_client().get(BEGIN).location).query) for _ in range(2)]

    assert asked[0]["code_challenge_method"] == ["S256"] and asked[0]["scope"] == ["openid email"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 40 and asked[0][name] != asked[1][name]


def test_a_closed_account_stays_closed_and_an_address_that_passed_on_opens_nothing(
    app: Flask, there: AProvider
) -> None:
    comes_in(app.test_client())

    there.person["sub"] = "somebody else with the same address"
    passed_on = comes_in(app.test_client())
    there.person = {"sub": "248289761001", "email": "new.name@example.go.id", "email_verified": True}
    renamed = comes_in(app.test_client())
    with app.app_context():
        author = db.session.scalars(sa.select(Officer).where(Officer.email == AUTHOR)).one()
        people.disable_officer(author.id, by=Standin.OPERATOR)
    closed = comes_in(app.test_client())

    assert [passed_on.status_code, renamed.status_code, closed.status_code] == [422, 303, 422]
    assert REFUSED in passed_on.text and REFUSED in closed.text


def test_an_officer_links_who_they_are_there_and_takes_it_back(app: Flask, there: AProvider) -> None:
    there.person = {"sub": "without any address"}
    officer, other = signed_in(app, AUTHOR), signed_in(app, PUBLISHER)

    sent_on = comes_in(officer, "/meja/akun/luar")
    asked = officer.get(sent_on.location)
    before = comes_in(app.test_client()).status_code
    linked = send(officer, "/meja/akun/luar/tautkan")
    after = comes_in(app.test_client()).status_code
    comes_in(other, "/meja/akun/luar")
    send(other, "/meja/akun/luar/tautkan")

    assert sent_on.location == "/meja/akun/luar/tautkan" and "without any address" in asked.text
    assert (linked.location, before, after) == ("/meja/akun", 422, 303)
    assert "sudah tertaut dengan akun lain" in other.get("/meja/akun").text
    with app.app_context():
        (held,) = db.session.scalars(sa.select(ProviderIdentity))
        path = f"/meja/akun/luar/{held.id}/hapus"
    assert send(other, path).status_code == 404 and path in officer.get("/meja/akun").text
    assert send(officer, path).location == "/meja/akun"
    assert comes_in(app.test_client()).status_code == 422


def test_with_the_lost_phone_the_link_goes_too(app: Flask, there: AProvider) -> None:
    there.person = {"sub": "without any address"}
    officer = signed_in(app, AUTHOR)
    comes_in(officer, "/meja/akun/luar")
    send(officer, "/meja/akun/luar/tautkan")
    before = comes_in(app.test_client()).status_code

    with app.app_context():
        author = db.session.scalars(sa.select(Officer).where(Officer.email == AUTHOR)).one()
        second_factors.remove(author.id, by=Standin.OPERATOR)

    assert (before, comes_in(app.test_client()).status_code) == (303, 422)


def test_a_provider_that_is_down_keeps_nobody_from_signing_in_the_other_way(
    desk_folder: Path, tmp_path: Path
) -> None:
    app = copy_of(desk_folder, tmp_path, **PROVIDER)

    page, answers = app.test_client().get("/meja/masuk"), [app.test_client().get(BEGIN) for _ in range(2)]

    assert "Masuk dengan 127.0.0.1" in page.text
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "Masuklah dengan kata sandi" in answers[1].text and 'name="password"' in answers[1].text
    close(app)


def test_a_provider_without_its_extra_stops_the_start_in_one_line(
    desk_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "authlib.integrations.requests_client", None)  # as if not installed

    with pytest.raises(BadConfiguration) as caught:
        copy_of(desk_folder, tmp_path, **PROVIDER)

    assert str(caught.value) == "SIAPA_OIDC_ISSUER needs the extra [oidc]: install siapa[oidc]"


def test_without_a_provider_there_is_no_way_to_one(desk_app: Flask) -> None:
    visitor, officer = desk_app.test_client(), signed_in(desk_app, AUTHOR)

    answers = [visitor.get(BEGIN), visitor.get(BACK), officer.get("/meja/akun/luar")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "luar" not in visitor.get("/meja/masuk").text
