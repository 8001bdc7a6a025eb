"""Web addresses in standards are asked: what is broken is told, and nobody makes us ask our neighbours."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from flask import Flask

from siapa.cli.asking import Answer, Manner, ask, ask_all
from siapa.cli.links import keep, linked, told
from siapa.document.addresses import addresses
from siapa.document.intake import read_document
from siapa.extensions import db
from siapa.records.engine import begin_writing
from tests.publishing.cast import content, people_and_places, published

OPEN = Manner(timeout=0.5, pause=0.0, is_public_only=False)


class _Site(BaseHTTPRequestHandler):
    """A small site with what goes wrong on others."""

    asked: list[str] = []

    def do_HEAD(self) -> None:
        """Answer by the path."""
        self.asked.append(f"{self.command} {self.path}")
        if self.path == "/lambat":
            threading.Event().wait(1.0)
        status = {"/": 200, "/ada": 200, "/pindah": 302, "/putar": 302, "/tertutup": 403, "/tanpa-head": 405}
        found = status.get(self.path, 404)
        if self.path == "/tanpa-head" and self.command == "GET":
            found = 200
        self.send_response(found)
        if found == 302:
            self.send_header("Location", "/ada" if self.path == "/pindah" else "/putar")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """The address of that site."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Site.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "status", "is_broken"),
    [("/", 200, False), ("/pindah", 200, False), ("/tanpa-head", 200, False), ("/tertutup", 403, False),
     ("/hilang", 404, True), ("/putar", None, True), ("/lambat", None, True)],
)  # fmt: skip
def test_an_address_is_followed_to_what_a_citizen_would_find(
    site: str, path: str, status: int | None, is_broken: bool
) -> None:
    answer = ask(site + path, OPEN)

    assert (answer.status, answer.is_broken) == (status, is_broken)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/x",
     "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "ftp://127.0.0.1/", "http://", "http://[x", "http://a:99999/"],
)  # fmt: skip
def test_nothing_that_is_not_public_is_asked(site: str, address: str) -> None:
    answer = ask(address.replace("127.0.0.1/", site.removeprefix("http://") + "/"), Manner(timeout=0.5))

    assert answer.is_broken and answer.status is None and answer.fault
    assert _Site.asked == []


def test_each_address_is_asked_once_and_each_host_one_by_one(site: str) -> None:
    asked = [f"{site}/ada", f"{site}/hilang", f"{site}/ada"]

    answers = list(ask_all(asked, OPEN, at_once=4))

    assert [(one.address.removeprefix(site), one.status) for one in answers] == [
        ("/ada", 200),
        ("/hilang", 404),
    ]
    assert _Site.asked == ["HEAD /ada", "HEAD /hilang", "GET /hilang"]


def test_addresses_are_found_where_they_stand_alone() -> None:
    bases = [{"title": "Lihat https://x.go.id di sana", "url": "https://jdih.example.go.id/1"}]

    found = dict(addresses(read_document(content(legal_bases=bases))))

    assert found == {
        "legal_bases[0].url": "https://jdih.example.go.id/1",
        "complaint_handling.channels[0].value": "https://www.lapor.go.id",
    }


def test_what_is_broken_is_told_by_agency_and_since_when_it_is_kept(app: Flask, tmp_path: Path) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    published(cast)
    (one,) = linked()
    broken = {one.address: Answer(one.address, 404)}

    lines = list(told([one], broken))
    keep(tmp_path / "links.json", broken.values())
    first = json.loads((tmp_path / "links.json").read_text())["addresses"][one.address]["broken_since"]
    keep(tmp_path / "links.json", broken.values())
    again = json.loads((tmp_path / "links.json").read_text())["addresses"][one.address]["broken_since"]

    assert lines[0] == "Dinas Dukcapil (dukcapil)" and "404  https://www.lapor.go.id" in lines[1]
    assert first == again and linked("dinkes") == []
