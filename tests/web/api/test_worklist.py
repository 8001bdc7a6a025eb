"""Curators' programs at the door: who is let in, what they see, and what they may teach."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from siapa.extensions import db
from siapa.publishing import people
from siapa.publishing.permissions import Standin
from siapa.records import AuditEvent, Role, UnansweredQuery, now, seed_id
from siapa.records.engine import begin_writing
from siapa.search.unanswered import today
from siapa.web.api import reference, tokens
from tests.web.api.test_contract import configuration, outcome, uncompressed

LIST, ALIAS, DISMISS = (f"/api/v1/search/worklist{end}" for end in ("", "/alias", "/dismiss"))


@dataclass
class Program:
    """A program that asks with the token of an officer."""

    client: FlaskClient
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        """By what it is known."""
        return {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}

    def get(self, path: str = LIST) -> TestResponse:
        """Read."""
        return self.client.get(path, headers=self.headers)

    def post(self, path: str, body: Any) -> TestResponse:
        """Send JSON."""
        return self.client.post(path, json=body, headers=self.headers)


@pytest.fixture
def inside(own_app: Flask) -> Iterator[Flask]:
    """The registry of this test's own, in its context."""
    with own_app.app_context():
        yield own_app


@pytest.fixture
def curator(inside: Flask, visitor: FlaskClient) -> Program:
    """The program of a curator, that may write."""
    return program(visitor, Role.CURATOR, "write")


def program(client: FlaskClient, role: Role, scope: str, **more: Any) -> Program:
    """A program of a new officer."""
    place = {"agency_id": seed_id("agency", "polresta-kendari")} if not role.is_national else {}
    person = people.add_officer(f"{role}-{scope}@contoh.id", role, role, by=Standin.OPERATOR, **place)
    issued = people.issue_token("uji", by=Standin.OPERATOR, scope=scope, officer_id=person.id, **more)
    return Program(client, issued.secret)


def asked(words: str, *times: int) -> None:
    """Count ``words`` so many times on each of the last days."""
    begin_writing(db)
    for before, number in enumerate(times):
        db.session.add(UnansweredQuery(day=today() - timedelta(days=before), words=words, times=number))
    db.session.commit()


def test_a_curator_sees_what_waits_teaches_it_and_it_is_found(curator: Program, visitor: FlaskClient) -> None:
    asked("pelesir mancanegara", 6, 5)

    (waiting,) = curator.get().get_json()["results"]
    taught = curator.post(ALIAS, {"words": waiting["words"], "service": "paspor"})

    assert (waiting["times"], waiting["days"], waiting["last_on"]) == (11, 2, f"{today()}")
    assert waiting["now"] == "nothing"
    assert taught.get_json() == {"words": "pelesir mancanegara", "service": "PASPOR"}
    found = visitor.get("/api/v1/search?q=pelesir+mancanegara").get_json()["results"]
    assert found[0]["service"]["code"] == "PASPOR"
    assert curator.get().get_json()["results"] == []


def test_what_a_program_did_is_audited_with_the_network_it_came_from(curator: Program) -> None:
    asked("harga cabai", 11)

    answers = [curator.post(DISMISS, {"words": "harga cabai"}) for _ in range(2)]

    assert [answer.get_json() for answer in answers] == [{"words": "harga cabai", "service": None}] * 2
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert (event.action, event.origin) == ("settle_query", "127.0.0.0/24")
    assert curator.get().get_json()["results"] == []


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("", None), ("x", None)],
)
def test_the_audit_keeps_a_network_and_no_address(small_app: Flask, address: str, kept: str | None) -> None:
    with small_app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert tokens.origin() == kept


@pytest.mark.parametrize("path", [LIST, ALIAS, DISMISS])
@pytest.mark.parametrize(
    "authorization", [None, "Bearer ", "Bearer siapa_wrong", "Basic YTpi", "siapa_wrong"]
)
def test_without_a_token_that_holds_nobody_is_let_in(
    reader: FlaskClient, path: str, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization is not None else {}

    answer = reader.open(path, method="GET" if path == LIST else "POST", json={}, headers=headers)

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer realm=siapa"
    assert answer.get_json()["type"] == "/api/v1/docs#problem-not-signed-in"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_token_that_ended_is_refused_at_once(inside: Flask, visitor: FlaskClient) -> None:
    curator = program(visitor, Role.CURATOR, "read")
    before = curator.get().status_code
    token = people.token_of(curator.secret)

    people.revoke_token(token.id, by=token.officer)

    assert (before, curator.get().status_code) == (200, 401)


def test_an_officer_of_an_agency_is_refused(inside: Flask, visitor: FlaskClient) -> None:
    publisher = program(visitor, Role.PUBLISHER, "write")
    asked("harga cabai", 11)

    answers = [
        publisher.get(),
        publisher.post(DISMISS, {"words": "harga cabai"}),
        publisher.post(ALIAS, {"words": "harga cabai", "service": "PASPOR"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert {answer.content_type for answer in answers} == {"application/problem+json"}
    assert db.session.scalars(sa.select(UnansweredQuery.words)).all() == ["harga cabai"]


def test_a_token_that_may_only_read_sees_and_changes_nothing(inside: Flask, visitor: FlaskClient) -> None:
    reading = program(visitor, Role.CURATOR, "read", expires_at=now() + timedelta(days=1))
    asked("harga cabai", 11)

    seen, refused = reading.get(), reading.post(DISMISS, {"words": "harga cabai"})

    assert (seen.status_code, refused.status_code) == (200, 403)
    assert refused.get_json()["detail"] == "This token may only read."


def test_what_a_curator_is_answered_is_kept_nowhere(curator: Program) -> None:
    asked("harga cabai", 11)
    first = curator.get()
    asked("cukai tembakau", 12)

    second = curator.get()

    assert first.headers["Cache-Control"] == second.headers["Cache-Control"] == "no-store"
    assert [one["words"] for one in second.get_json()["results"]] == ["cukai tembakau", "harga cabai"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        (ALIAS, {}, {"words": "This must be given.", "service": "This must be given."}),
        (ALIAS, {"words": None, "service": "PASPOR"}, {"words": "This must be given."}),
        (ALIAS, {"words": "x", "service": "NONE"}, {"service": "There is no such service."}),
        (ALIAS, {"words": "x", "service": ["PASPOR"]}, {"service": "This must be a text."}),
        (ALIAS, {"words": "?!", "service": "PASPOR"}, {"words": "This must be given."}),
        (
            ALIAS,
            {"words": "x", "service": "PASPOR", "locale": "jv"},
            {"locale": "Choose one of: id, en."},
        ),
        (DISMISS, {"words": "x" * 81}, {"words": "Give 1 to 80 characters."}),
        (DISMISS, {"words": "x", "colour": "red"}, {"colour": "This field is not known here."}),
        (DISMISS, ["x"], {"": "Send one JSON object."}),
    ],
)
def test_what_cannot_be_used_is_named(
    curator: Program, path: str, body: object, said: dict[str, str]
) -> None:
    answer = curator.post(path, body)

    assert answer.status_code == 422
    assert {one["path"]: one["message"] for one in answer.get_json()["errors"]} == said


def test_what_is_no_json_is_refused(curator: Program) -> None:
    form = curator.client.post(DISMISS, data={"words": "x"}, headers=curator.headers)
    broken = curator.client.post(
        DISMISS, data="{", headers={**curator.headers, "Content-Type": "application/json"}
    )

    assert (form.status_code, form.get_json()["type"]) == (415, "/api/v1/docs#problem-wrong-content")
    assert broken.status_code == 422


def test_a_query_that_does_not_wait_cannot_be_set_aside(curator: Program) -> None:
    assert curator.post(DISMISS, {"words": "harga cabai"}).status_code == 404


def test_the_examples_of_the_reference_work(curator: Program) -> None:
    asked("harga cabai", 11)

    answers = [curator.get("/api/v1" + reference.EXAMPLES["list_waiting_queries"])]
    for name in ("add_alias", "dismiss_query"):
        path, body = "/api/v1" + reference.EXAMPLES[name], reference.SENT[name]
        answers.append(curator.post(path, json.loads(body.replace("CODE", "PASPOR"))))

    assert [answer.status_code for answer in answers] == [200] * 3


def test_the_description_is_kept_towards_whoever_is_let_in(curator: Program, inside: Flask) -> None:
    asked("harga cabai", 11)
    document = inside.extensions["siapa_openapi"]
    paths = {path: document["paths"][path] for path in (LIST, ALIAS, DISMISS)}
    settings = configuration()
    settings.projects.default.update(headers=curator.headers)
    # Its probes do not work on an app in this process; the tests above are of nothing else.
    settings.projects.default.checks.ignored_auth.enabled = False
    described = schemathesis.openapi.from_dict({**document, "paths": paths}, config=settings)
    described.app = uncompressed(inside)

    requests, faults = outcome(described)

    assert not faults, "\n\n".join(faults[:10])
    assert requests > 100
