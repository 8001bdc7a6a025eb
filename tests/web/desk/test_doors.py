"""Every route of the desk is closed unless it is listed here; no form is taken without its token."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from siapa.extensions import db
from siapa.publishing import credentials
from siapa.records import DeskSession, now
from siapa.records.engine import begin_writing
from siapa.web.desk.blueprint import FRESH, HALF_OPEN, OPEN, door_of
from tests.web.desk.conftest import AUTHOR, PASSWORD
from tests.web.desk.visiting import form_token, send, signed_in

#: The doors that stand open further than the rest, by their marks. What is in none of these lists is
#: closed: to be listed here a route must have been thought about.
DOORS = {
    OPEN: {"sign_in", "try_to_sign_in", "sign_out", "link", "use_link", "forgotten", "send_reset",
           "ask_to_sign_in", "sign_in_with_passkey", "sign_in_elsewhere", "back_from_elsewhere"},
    HALF_OPEN: {"second_factor", "try_second_factor", "first_authenticator", "keep_first_authenticator",
                "ask_for_second_factor", "second_factor_by_passkey"},
}  # fmt: skip
#: What wants a fresh proof of who one is.
DANGEROUS = {
    "authenticator", "keep_authenticator", "renew_codes", "tokens", "issue_token", "revoke_token",
    "new_officer", "invite", "give_role", "end_role", "close_account", "open_account", "new_link",
    "remove_second_factor", "revoke_officers_token", "move_agency", "merge_services", "retire_service",
    "new_passkey", "ask_for_passkey", "add_passkey", "remove_passkey", "give_place",
    "link_elsewhere", "linking", "link_identity", "unlink_identity",
    "end_regulation", "reinstate_regulation", "issue_outline_revision",
    "add_webhook", "renew_webhook_secret", "end_webhook",
    "plan_succession", "succeed", "settle_succession",
}  # fmt: skip
#: A value for each argument of an address.
A_VALUE = {"UUIDConverter": "01890000-0000-7000-8000-000000000000", "IntegerConverter": "1"}


def rules(app: Flask) -> list[Rule]:
    """Every route of the desk, in both languages."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0].startswith("desk")]


def address(rule: Rule) -> str:
    """An address that ``rule`` matches."""
    path = rule.rule
    for name, converter in rule._converters.items():
        value = A_VALUE.get(type(converter).__name__, "x")
        path = re.sub(rf"<(?:[^<>]*:)?{name}>", value, path)
    return path


def name_of(rule: Rule) -> str:
    """The endpoint without its language."""
    return rule.endpoint.partition(".")[2]


def test_only_the_listed_routes_are_open_and_the_dangerous_ones_want_a_fresh_proof(desk_app: Flask) -> None:
    marked: dict[str, set[str]] = {"": set(), OPEN: set(), HALF_OPEN: set(), FRESH: set()}

    with desk_app.app_context():
        for rule in rules(desk_app):
            marked[door_of(rule.endpoint)].add(name_of(rule))

    assert {door: marked[door] for door in DOORS} == DOORS
    assert marked[FRESH] == DANGEROUS


def test_an_anonymous_visitor_of_any_other_route_is_asked_to_sign_in(desk_app: Flask) -> None:
    visitor, seen = desk_app.test_client(), 0

    for rule in rules(desk_app):
        if name_of(rule) in DOORS[OPEN]:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = visitor.open(address(rule), method=method)
            language = "/en/meja/masuk" if rule.endpoint.startswith("desk_en") else "/meja/masuk"
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, language), rule
            seen += 1

    assert seen >= 20


def test_whoever_has_given_the_password_alone_gets_no_further_than_the_second_step(desk_app: Flask) -> None:
    half_in = signed_in(desk_app, AUTHOR, is_strong=False)

    for rule in rules(desk_app):
        if name_of(rule) in DOORS[OPEN] | DOORS[HALF_OPEN]:
            continue
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            answer = half_in.open(address(rule), method=method)
            language = "/en/meja/kode" if rule.endpoint.startswith("desk_en") else "/meja/kode"
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, language), rule


def test_a_dangerous_act_asks_for_the_password_once_more_and_then_goes_on(desk_app: Flask) -> None:
    officer = signed_in(desk_app, AUTHOR)
    with desk_app.app_context():
        begin_writing(db)
        db.session.execute(sa.update(DeskSession).values(confirmed_at=now() - credentials.FRESH))
        db.session.commit()

    asked = officer.get("/meja/akun/pengaman")
    wrong = send(officer, "/meja/pastikan", password="bukan ini", next="/meja/akun/pengaman")
    right = send(officer, "/meja/pastikan", password=PASSWORD, next="/meja/akun/pengaman")

    assert asked.location == "/meja/pastikan?next=/meja/akun/pengaman"
    assert (wrong.status_code, right.location) == (422, "/meja/akun/pengaman")
    assert officer.get("/meja/akun/pengaman").status_code == 200


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
    stolen = officer.post("/meja/keluar", data={"csrf_token": form_token(visitor)})

    assert (answer.status_code, stolen.status_code) == (303, 400)


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
