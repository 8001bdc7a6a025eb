"""Registered systems are told of every change, in order and signed; nobody makes us speak to the inside."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.config import Config
from siapa.errors import NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import commands, webhooks
from siapa.publishing.changing import together
from siapa.publishing.verifying import verify
from siapa.publishing.webhooks import reaching
from siapa.publishing.webhooks.reaching import Outcome, Reach
from siapa.publishing.webhooks.sending import GIVEN_UP_AFTER, PAUSES, Sent
from siapa.records import ChangeKind, WebhookDelivery, WebhookStanding, now
from tests.publishing.cast import Cast, published

HERE = Reach(also=frozenset({"127.0.0.1"}))


@dataclass
class Listener:
    """A real server that keeps what it is sent, and answers as it is told."""

    url: str
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def numbers(self) -> list[int]:
        """The lines of the log that it was told of, in the order in which they came."""
        return [one["number"] for _, body in self.got for one in json.loads(body)["data"]["changes"]]


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.statuses.pop(0) if found.statuses else 204)
            if found.location:
                self.send_header("Location", found.location)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/hook?a=1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield found
        server.shutdown()


def config() -> Config:
    return Config(environment="production", secret_key="a-secret-for-tests-only-of-enough-length")


def registered(
    cast: Cast, listener: Listener, monkeypatch: pytest.MonkeyPatch, **more: Any
) -> webhooks.Registered:
    """A system of ``own`` that listens at the listener, where a test may."""
    with monkeypatch.context() as patch:
        patch.setattr("siapa.publishing.webhooks.registering.why_no_address", lambda *_, **__: None)
        return webhooks.add_webhook(
            "Portal", listener.url, config=config(), by=cast.admin, agency_id=cast.own.id, **more
        )


def send(reach: Reach = HERE) -> Sent:
    return webhooks.deliver_due(config(), reach)


def deliveries() -> list[WebhookDelivery]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(WebhookDelivery).order_by(WebhookDelivery.from_number)))


def let_pass(pause: timedelta) -> None:
    """Let what waits have waited so long."""
    with together():
        for message in db.session.scalars(
            sa.select(WebhookDelivery).where(WebhookDelivery.due_at.is_not(None))
        ):
            message.due_at = message.due_at - pause  # type: ignore[operator]
        for standing in db.session.scalars(sa.select(WebhookStanding)):
            if standing.failing_since is not None:
                standing.failing_since -= pause


def test_what_becomes_public_arrives_once_in_order_and_signed(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(cast, title="Sebelum ada yang mendengar")
    made = registered(cast, listener, monkeypatch)
    published(cast, title="Satu"), published(cast, title="Dua")

    sent, again = send(), send()

    assert (sent.arrived, sent.failed, again.arrived) == (1, 0, 0)
    assert listener.numbers == [2, 3]
    headers, body = listener.got[0]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert len(key) == 32 and headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    assert json.loads(body)["data"]["changes"][0]["kind"] == "standard.published"
    assert not list(verify())


def test_only_the_kinds_that_were_asked_for_are_told(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast, listener, monkeypatch, kinds=[ChangeKind.STANDARD_WITHDRAWN])
    gone = published(cast)
    commands.withdraw(gone.id, reason="Dihapus", by=cast.publisher)

    send()

    assert [one["kind"] for _, body in listener.got for one in json.loads(body)["data"]["changes"]] == [
        "standard.withdrawn"
    ]


def test_a_message_is_tried_again_after_growing_pauses_and_the_others_wait(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast, listener, monkeypatch)
    published(cast, title="Satu")
    listener.statuses = [500, 503, 500]
    waited = []

    for _turn in range(3):
        send()
        published(cast, title=f"Kemudian {_turn}")
        assert send().failed == 0  # it is not its time yet
        (message,) = deliveries()
        waited.append(message.due_at - message.tried_at)  # type: ignore[operator]
        let_pass(waited[-1])
    send()

    assert waited == list(PAUSES[:3]) and waited == sorted(waited)
    assert listener.numbers == [1, 1, 1, 1, 2, 3, 4]
    assert len({headers["webhook-id"] for headers, _ in listener.got[:4]}) == 1
    assert [one.status for one in deliveries()] == [204, 204]


def test_a_system_that_takes_nothing_for_days_is_given_up_and_can_be_set_going_again(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = registered(cast, listener, monkeypatch)
    published(cast, title="Satu")
    listener.statuses = [500, 500]
    told: list[Any] = []
    monkeypatch.setattr("siapa.publishing.webhooks.sending._tell_officer", lambda *one: told.append(one))

    send()
    let_pass(GIVEN_UP_AFTER)
    given_up = send().given_up
    let_pass(GIVEN_UP_AFTER)
    quiet = send()
    published(cast, title="Dua")
    webhooks.enable_webhook(made.webhook.id, by=cast.admin)
    after = send()

    assert (given_up, len(told)) == (1, 1)
    assert (quiet.arrived, quiet.failed) == (0, 0)
    assert (after.arrived, listener.numbers) == (2, [1, 1, 1, 2])
    assert not list(verify())


def test_who_says_gone_is_told_of_nothing_more(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast, listener, monkeypatch)
    published(cast)
    listener.statuses = [410]

    assert send().given_up == 1


def test_a_message_can_be_sent_again_by_who_looks_after_it(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = registered(cast, listener, monkeypatch)
    published(cast)
    send()
    (message,) = deliveries()

    with pytest.raises(NotAllowed):
        webhooks.send_again(made.webhook.id, message.id, by=cast.stranger)
    webhooks.send_again(made.webhook.id, message.id, by=cast.admin)
    send()

    assert listener.numbers == [1, 1]
    assert listener.got[0][1] == listener.got[1][1]


def test_where_an_answer_leads_is_not_followed(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast, listener, monkeypatch)
    published(cast)
    listener.statuses, listener.location = [302], listener.url

    send()

    assert len(listener.got) == 1
    assert deliveries()[0].status == 302 and deliveries()[0].delivered_at is None


def test_loopback_is_not_reached_unless_a_test_says_so(
    cast: Cast, app: Flask, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(cast, listener, monkeypatch)
    published(cast)

    sent = webhooks.deliver_due(config())

    assert (sent.failed, listener.got) == (1, [])
    assert deliveries()[0].fault == "its host is not public"


INSIDE = (
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
    "::7f00:1",
)  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_no_name_leads_inside(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    found = [(socket.AF_INET, 1, 6, "", ("93.184.216.34", 443)), (family, 1, 6, "", (number, 443))]
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(reaching.socket, "create_connection", _not_at_all)

    assert reaching.post("https://portal.example/", b"{}", {}) == Outcome(None, "its host is not public")
    literal = f"https://[{number}]/" if ":" in number else f"https://{number}/"
    assert reaching.why_no_address(literal, demands_tls=True) is not None


def test_the_connection_goes_to_the_very_number_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
    asked: list[str] = []

    def rebinding(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (next(answers), port))]

    def connect(place: tuple[str, int], *_: Any) -> socket.socket:
        asked.append(place[0])
        raise TimeoutError

    monkeypatch.setattr(reaching.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(reaching.socket, "create_connection", connect)

    first = reaching.post("http://portal.example/", b"{}", {})
    second = reaching.post("http://portal.example/", b"{}", {})

    assert asked == ["93.184.216.34"]  # by its number, and the next time not at all
    assert (first.fault, second.fault) == ("no answer in time", "its host is not public")


def test_numbers_written_otherwise_are_looked_up_as_they_are_meant() -> None:
    """The system reads 2130706433, 0x7f.1 and 017700000001 as 127.0.0.1; the check comes after that."""
    for host in ("2130706433", "0x7f.1", "017700000001", "localhost", "127.1"):
        assert reaching.post(f"http://{host}:9/", b"", {}).fault in (
            "its host is not public", "there is no such host",
        )  # fmt: skip


def _not_at_all(*_: Any) -> Any:
    raise AssertionError("nothing is connected to")


@pytest.mark.parametrize(
    "url",
    ["http://portal.example/", "ftp://portal.example/", "https://", "https://a:b@portal.example/", "x",
     "https://localhost/", "https://db.internal/", "https://portal.example:99999/", "https://p.example/#x"],
)  # fmt: skip
def test_addresses_that_are_none_are_refused_with_their_field(cast: Cast, app: Flask, url: str) -> None:
    with pytest.raises(Rejected) as refused:
        webhooks.registering._check(url, ["standard.published", "x"], demands_tls=True)

    assert [problem.path for problem in refused.value.problems] == ["url", "kinds"]


def test_who_may_not_registers_nothing_and_no_setting_opens_the_inside(cast: Cast, app: Flask) -> None:
    for by, agency in ((cast.author, cast.own), (cast.admin, cast.sibling), (cast.admin, None)):
        with pytest.raises(NotAllowed):
            webhooks.add_webhook(
                "Portal", "https://portal.example/", config=config(), by=by,
                agency_id=agency.id if agency else None,
            )  # fmt: skip
    made = webhooks.add_webhook("Portal", "https://portal.example/", config=config(), by=cast.national)
    assert webhooks.renew_secret(made.webhook.id, config=config(), by=cast.national).secret != made.secret
    # The only way past the check is a value that a caller makes; no caller outside of the tests does.
    assert Reach() == reaching.PUBLIC_ONLY and "127.0.0.1" not in Reach().also
