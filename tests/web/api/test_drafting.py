"""Agencies' programs write, submit, publish and withdraw standards, and nobody touches what is not theirs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.records import AuditEvent, KeptAnswer, Role, Standard
from siapa.web.api import reference
from tests.web.api.programs import Program, program_of
from tests.web.api.test_contract import DRAFTING, configuration, outcome, uncompressed
from tests.web.registry import SIM_RENEWAL, content

MINE = "/agencies/polresta-kendari/standards"
WORD = "kincirangin"


@pytest.fixture
def inside(own_app: Flask) -> Iterator[Flask]:
    """The registry of this test's own, in its context."""
    with own_app.app_context():
        yield own_app


@pytest.fixture
def writer(inside: Flask, visitor: FlaskClient) -> Program:
    """Writes for Polresta Kendari."""
    return program_of(visitor, Role.OPERATOR)


@pytest.fixture
def reviewer(inside: Flask, visitor: FlaskClient) -> Program:
    """Publishes for Polresta Kendari."""
    return program_of(visitor, Role.PUBLISHER)


@pytest.fixture
def stranger(inside: Flask, visitor: FlaskClient) -> Program:
    """Publishes for another agency."""
    return program_of(visitor, Role.PUBLISHER, "dukcapil-kendari")


def text(**changes: Any) -> dict[str, Any]:
    """What is sent of a document that may be published today."""
    return {"document": content(title=f"Izin {WORD}", effective_from=None, **changes)}


def begun(writer: Program, **changes: Any) -> str:
    """The path of a standard whose first draft was just sent."""
    return f"/standards/{writer.post(MINE, text(**changes)).get_json()['standard']}"


def test_a_draft_becomes_public_and_a_citizen_finds_it_within_a_second(
    writer: Program, reviewer: Program, visitor: FlaskClient
) -> None:
    answer = writer.post(MINE, text())
    path = answer.headers["Location"].removeprefix("/api/v1").removesuffix("/draft")
    hidden = visitor.get(f"/api/v1/search?q={WORD}").get_json()["total"]

    submitted = writer.post(f"{path}/submit", {"note": "siap"}).get_json()
    published = reviewer.post(f"{path}/publish").get_json()

    started = time.monotonic()
    found = visitor.get(f"/api/v1/search?q={WORD}").get_json()["results"]
    assert time.monotonic() - started < 1
    assert (answer.status_code, answer.get_json()["state"], hidden) == (201, "draft", 0)
    assert (submitted["state"], published["state"]) == ("submitted", "published")
    assert [one["standard"]["title"] for one in found] == [f"Izin {WORD}"]


def test_a_returned_draft_says_what_is_to_be_mended(writer: Program, reviewer: Program) -> None:
    path = begun(writer)
    writer.post(f"{path}/submit")

    remarks = [{"component": "fees", "text": "Dasar hukum?"}, {"text": "Hampir selesai."}]
    returned = reviewer.post(f"{path}/return", {"remarks": remarks})

    seen = writer.get(f"{path}/draft").get_json()
    assert returned.status_code == 200
    assert (seen["state"], seen["remarks"]) == ("returned", {"fees": "Dasar hukum?", "": "Hampir selesai."})


def test_a_save_over_an_older_text_is_refused_and_shows_both(writer: Program) -> None:
    path = begun(writer)
    seen = writer.get(f"{path}/draft").headers["ETag"]
    writer.put(f"{path}/draft", text(summary="Yang pertama."), If_Match=seen)

    late = writer.put(f"{path}/draft", text(summary="Yang kedua."), If_Match=seen)

    told = late.get_json()
    assert (late.status_code, told["type"]) == (412, "/api/v1/docs#problem-stale")
    assert told["yours"]["summary"] == "Yang kedua."
    assert told["present"]["document"]["summary"] == "Yang pertama."
    assert told["differs_in"] == ["summary"]
    assert (
        writer.put(f"{path}/draft", text(summary="Yang kedua."), If_Match=late.headers["ETag"]).status_code
        == 200
    )


def test_a_save_must_say_what_it_is_about(writer: Program, reviewer: Program) -> None:
    path = begun(writer)

    blind = writer.put(f"{path}/draft", text())
    twice = writer.put(f"{path}/draft", text(), If_None_Match="*")

    assert (blind.status_code, twice.status_code) == (428, 412)
    assert twice.get_json()["present"]["version"] == 1


def test_the_next_edition_is_begun_where_none_is_drafted(writer: Program, reviewer: Program) -> None:
    path = begun(writer)
    writer.post(f"{path}/submit")
    reviewer.post(f"{path}/publish")
    absent = writer.get(f"{path}/draft").status_code

    begun_again = writer.put(f"{path}/draft", text(summary="Baru."), If_None_Match="*").get_json()

    assert absent == 404
    assert (begun_again["number"], begun_again["state"]) == (2, "draft")


@pytest.mark.parametrize("act", ["submit", "return", "publish"])
def test_an_act_on_a_text_that_changed_since_is_refused(writer: Program, reviewer: Program, act: str) -> None:
    path = begun(writer)
    seen = writer.get(f"{path}/draft").headers["ETag"]
    writer.put(f"{path}/draft", text(summary="Lain."), If_Match=seen)
    body = {"remarks": [{"text": "x"}]} if act == "return" else {}

    answer = reviewer.post(f"{path}/{act}", body, If_Match=seen)

    assert answer.status_code == 412
    assert answer.get_json()["present"]["document"]["summary"] == "Lain."


def test_whoever_submitted_it_does_not_publish_it(reviewer: Program) -> None:
    path = begun(reviewer)
    reviewer.post(f"{path}/submit")

    answer = reviewer.post(f"{path}/publish")

    assert answer.status_code == 403
    assert answer.get_json()["detail"] == (
        "You submitted this edition yourself. Somebody else must publish it."
    )


def test_what_is_not_complete_is_not_published_and_all_that_lacks_is_named(
    writer: Program, reviewer: Program
) -> None:
    standard = writer.post(MINE, {"document": {"title": "Izin singkat"}}).get_json()["standard"]
    writer.post(f"/standards/{standard}/submit")

    answer = reviewer.post(f"/standards/{standard}/publish")

    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["errors"]] == [
        "requirements", "procedure", "processing_time", "fees", "products", "complaint_handling",
    ]  # fmt: skip


def test_what_is_wrong_in_a_document_is_named_where_it_stands(writer: Program) -> None:
    wrong = text(requirements=[{"text": "KTP", "kind": "paper"}], colour="red")

    answer = writer.post(MINE, {**wrong, "service": "NONE"})

    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["errors"]] == [
        "document.requirements[0].kind", "document.colour",
    ]  # fmt: skip


def test_an_agency_has_one_standard_for_a_service(writer: Program) -> None:
    answer = writer.post(MINE, {**text(), "service": SIM_RENEWAL})

    assert answer.status_code == 409


def test_a_draft_of_another_agency_is_not_there_and_what_is_public_is_not_theirs(
    writer: Program, reviewer: Program, stranger: Program
) -> None:
    path = begun(writer)
    asked = [("GET", "draft", None), ("PUT", "draft", text()), ("POST", "submit", {}),
             ("POST", "return", {"remarks": [{"text": "x"}]}), ("POST", "publish", {}),
             ("POST", "withdraw", {"reason": "x"}), ("PUT", "offerings", {"offerings": []})]  # fmt: skip

    while_draft = [stranger.ask(m, f"{path}/{end}", body, If_Match="*").status_code for m, end, body in asked]
    writer.post(f"{path}/submit")
    reviewer.post(f"{path}/publish")
    while_public = [
        stranger.ask(m, f"{path}/{end}", body, If_Match="*").status_code for m, end, body in asked
    ]

    assert while_draft == [404] * 7
    assert while_public == [403] * 7
    assert stranger.post(MINE, text()).status_code == 403
    denied = sa.select(sa.func.count()).where(AuditEvent.action.like("denied:%"))
    assert db.session.scalar(denied) >= 10


def test_a_token_that_may_only_read_sees_the_draft_and_changes_nothing(
    writer: Program, inside: Flask, visitor: FlaskClient
) -> None:
    path = begun(writer)
    reading = program_of(visitor, Role.OPERATOR, scope="read")

    answers = [reading.get(f"{path}/draft"), reading.post(f"{path}/submit"), reading.post(MINE, text())]

    assert [answer.status_code for answer in answers] == [200, 403, 403]
    assert answers[0].headers["Cache-Control"] == "no-store"


def test_what_is_sent_twice_under_one_key_is_done_once(writer: Program) -> None:
    first, second = (writer.post(MINE, text(), Idempotency_Key="a-key-1") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_data() == first.get_data()
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Location"] == first.headers["Location"]
    assert (first.headers.get("Idempotency-Replayed"), second.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    drafts = sa.select(sa.func.count()).select_from(Standard).where(Standard.slug.like("izin%"))
    assert db.session.scalar(drafts) == 1


def test_a_key_is_for_one_request_and_each_token_has_its_own(writer: Program, reviewer: Program) -> None:
    writer.post(MINE, text(), Idempotency_Key="a-key-1")

    other_body = writer.post(MINE, text(summary="Lain."), Idempotency_Key="a-key-1")
    other_token = reviewer.post(MINE, text(), Idempotency_Key="a-key-1")
    unusable = writer.post(MINE, text(), Idempotency_Key="a key")

    assert (other_body.status_code, other_token.status_code, unusable.status_code) == (422, 201, 422)
    assert other_body.get_json()["errors"][0]["path"] == "Idempotency-Key"


def test_what_was_refused_is_not_kept_under_its_key(writer: Program, reviewer: Program) -> None:
    path = begun(writer)
    refused = reviewer.post(f"{path}/publish", Idempotency_Key="k")
    writer.post(f"{path}/submit")

    answer = reviewer.post(f"{path}/publish", Idempotency_Key="k")

    assert (refused.status_code, answer.status_code) == (409, 200)
    assert db.session.scalars(sa.select(KeptAnswer.status)).all() == [200]


def test_a_withdrawn_standard_names_what_takes_its_place(
    writer: Program, reviewer: Program, visitor: FlaskClient
) -> None:
    path = begun(writer)
    writer.post(f"{path}/submit")
    reviewer.post(f"{path}/publish")
    other = visitor.get("/api/v1/standards?agency=polresta-kendari&service=SIM-C-PANJANG").get_json()

    answer = reviewer.post(
        f"{path}/withdraw", {"reason": "Digabung.", "replaced_by": other["results"][0]["id"]}
    )

    gone = visitor.get(f"/api/v1{path}")
    assert (answer.status_code, answer.get_json()["state"], gone.status_code) == (200, "withdrawn", 410)
    assert gone.get_json()["gone"]["replaced_by"]["title"] == "Perpanjangan SIM C"


def test_the_examples_of_the_reference_work(writer: Program, reviewer: Program, visitor: FlaskClient) -> None:
    manager = program_of(visitor, Role.MALL_MANAGER, mall="mpp-kendari")
    places = {"SLUG": "polresta-kendari", "CODE": "PASPOR"}

    def sent(who: Program, method: str, name: str, **headers: str) -> int:
        path, body = reference.EXAMPLES[name], reference.SENT.get(name, "null")
        for mark, value in places.items():
            path, body = path.replace(mark, value), body.replace(mark, value)
        answer = who.ask(method, path, json.loads(body), **headers)
        if name == "begin_standard":
            places.update(ID=answer.get_json()["standard"], SLUG="mpp-kendari")
        return answer.status_code

    statuses = [
        sent(writer, "POST", "begin_standard"),
        sent(writer, "GET", "get_draft"),
        sent(writer, "PUT", "put_draft", If_Match="*"),
        sent(writer, "PUT", "put_offerings"),
        sent(writer, "POST", "submit_draft"),
        sent(reviewer, "POST", "return_draft"),
        sent(writer, "PUT", "put_draft", If_Match="*"),
        sent(manager, "PUT", "put_mall"),
    ]

    assert statuses == [201, 200, 200, 200, 200, 200, 200, 200]


def test_the_description_is_kept_towards_whoever_is_let_in(reviewer: Program, inside: Flask) -> None:
    document = inside.extensions["siapa_openapi"]
    paths = {
        path: methods
        for path, methods in document["paths"].items()
        if any(is_drafting(entry) for entry in methods.values())
    }
    settings = configuration()
    settings.projects.default.update(headers={"Authorization": f"Bearer {reviewer.secret}"})
    settings.projects.default.phases.coverage.enabled = False
    settings.projects.default.phases.stateful.enabled = False
    # Its probes do not work on an app in this process; the tests above are of nothing else.
    settings.projects.default.checks.ignored_auth.enabled = False
    described = schemathesis.openapi.from_dict({**document, "paths": paths}, config=settings)
    described.app = uncompressed(inside)

    requests, faults = outcome(described)

    assert not faults, "\n\n".join(faults[:10])
    assert requests > 25


def is_drafting(entry: Any) -> bool:
    """Whether an entry of the description is one of the operations tried here."""
    return isinstance(entry, dict) and entry.get("operationId") in DRAFTING


def test_a_fee_without_a_regulation_or_a_reason_is_not_published(writer: Program, reviewer: Program) -> None:
    fees = {"fee_kind": "fixed", "lines": [{"amount_idr": 5000}]}
    path = begun(writer, fees=fees)
    writer.post(f"{path}/submit")

    answer = reviewer.post(f"{path}/publish")

    assert answer.status_code == 422
    assert [one["path"] for one in answer.get_json()["errors"]] == ["fees.lines[0].legal_basis"]
