"""Every route of the desk is closed unless it is listed here; no form is taken without its token."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from siapa.web.desk.blueprint import is_open
from tests.web.desk.conftest import AUTHOR
from tests.web.desk.visiting import send, signed_in

#: What anybody may ask for; everything else leads to the sign-in page.
OPEN = {"sign_in", "try_to_sign_in", "sign_out"}
#: A value for each argument of an address.
A_VALUE = {"uuid": "01890000-0000-7000-8000-000000000000", "int": "1"}


def rules(app: Flask) -> list[Rule]:
    """Every route of the desk, in both languages."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0].startswith("desk")]


def address(rule: Rule) -> str:
    """An address that ``rule`` matches."""
    parts = [
        text if not is_dynamic else A_VALUE.get(rule._converters[text].regex, _value(rule, text))
        for is_dynamic, text in rule._trace
    ]
    return "".join(parts).lstrip("|")


def _value(rule: Rule, name: str) -> str:
    kind = type(rule._converters[name]).__name__
    return {"UUIDConverter": A_VALUE["uuid"], "IntegerConverter": A_VALUE["int"]}.get(kind, "x")


def test_only_the_listed_routes_are_open(desk_app: Flask) -> None:
    with desk_app.app_context():
        opened = {rule.endpoint.partition(".")[2] for rule in rules(desk_app) if is_open(rule.endpoint)}

    assert opened == OPEN


def test_an_anonymous_visitor_of_any_other_route_is_asked_to_sign_in(desk_app: Flask) -> None:
    visitor, seen = desk_app.test_client(), 0

    for rule in rules(desk_app):
        if rule.endpoint.partition(".")[2] in OPEN:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = visitor.open(address(rule), method=method)
            language = "/en/meja/masuk" if rule.endpoint.startswith("desk_en") else "/meja/masuk"
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, language), rule
            seen += 1

    assert seen >= 2


def test_every_route_is_there_in_both_languages(desk_app: Flask) -> None:
    by_name: dict[str, set[str]] = {"desk": set(), "desk_en": set()}

    for rule in rules(desk_app):
        name, _, endpoint = rule.endpoint.partition(".")
        by_name[name].add(f"{endpoint} {rule.rule.removeprefix('/en')}")

    assert by_name["desk"] == by_name["desk_en"]


@pytest.mark.parametrize("token", [None, "", "made up"])
def test_no_form_is_taken_without_its_token(desk_app: Flask, token: str | None) -> None:
    officer = signed_in(desk_app, AUTHOR)
    fields = {} if token is None else {"csrf_token": token}

    for rule in rules(desk_app):
        if "POST" in (rule.methods or set()):
            assert officer.post(address(rule), data=fields).status_code == 400, rule


def test_a_token_of_another_session_is_none(desk_app: Flask) -> None:
    visitor, officer = desk_app.test_client(), signed_in(desk_app, AUTHOR)
    visitor.get("/meja/masuk")

    answer = send(visitor, "/meja/keluar")
    with visitor.session_transaction("/meja") as cookie:
        cookie["csrf_token"] = "of nobody else"
    stolen = officer.post("/meja/keluar", data={"csrf_token": _token_of(visitor)})

    assert (answer.status_code, stolen.status_code) == (303, 400)


def _token_of(client: object) -> str:
    from tests.web.desk.visiting import form_token

    return form_token(client)  # type: ignore[arg-type]


def test_a_citizen_gets_no_cookie_and_an_officer_the_same_page(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)

    anonymous = desk_app.test_client().get("/bantuan")
    known = officer.get("/bantuan")

    assert "Set-Cookie" not in anonymous.headers and "Set-Cookie" not in known.headers
    assert "Cookie" not in anonymous.headers["Vary"]
    assert anonymous.data == known.data


def test_pages_of_the_desk_are_kept_nowhere(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)

    answers = [officer.get("/meja"), desk_app.test_client().get("/meja/masuk")]

    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store", "no-store"]
