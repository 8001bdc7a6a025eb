"""nginx as deploy/ sets it up: what it keeps, holds back, and shows when no host answers.

The tests stand in the order of a day that ends badly: the last one stops both hosts.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter

from tests.deploy.conftest import Proxy


def test_a_public_page_is_made_once_and_then_kept_for_everybody(proxy: Proxy) -> None:
    first, second = proxy.ask("/mpp"), proxy.ask("/mpp")
    known = proxy.ask("/mpp", Cookie="siapa=x")

    assert [first.getheader("X-Kept"), second.getheader("X-Kept")] == ["MISS", "HIT"]
    assert known.getheader("X-Kept") == "BYPASS"
    assert {answer.status for answer in (first, second, known)} == {200}
    assert first.whole == second.whole == known.whole
    assert first.getheader("Set-Cookie") is None


def test_what_depends_on_the_reader_is_kept_apart(proxy: Proxy) -> None:
    said = {
        language: proxy.ask("/api/v1/tidak-ada", **{"Accept-Language": language}).whole
        for language in ("id", "en")
    }
    packed = proxy.ask("/mpp", **{"Accept-Encoding": "gzip"})
    plain = proxy.ask("/mpp")

    assert said["id"] != said["en"]
    assert packed.getheader("Content-Encoding") == "gzip"
    assert plain.getheader("Content-Encoding") is None


def test_the_desk_is_never_kept(proxy: Proxy) -> None:
    answers = [proxy.ask("/meja/masuk") for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.getheader("Cache-Control") for answer in answers] == ["no-store", "no-store"]
    assert [answer.getheader("X-Kept") for answer in answers] == [None, None]


def test_a_body_that_is_too_large_is_refused_before_it_is_passed_on(proxy: Proxy) -> None:
    large = b"x" * 1_500_000

    api = proxy.ask("/api/v1/standards", "POST", large)
    desk = proxy.ask("/meja/impor", "POST", large, **{"Content-Type": "application/octet-stream"})

    assert api.status == 413
    assert desk.status in (303, 400), "a spreadsheet may be so large; this one only lacks its sender"


def test_an_answer_that_comes_early_lets_the_sender_finish(proxy: Proxy) -> None:
    head = (
        "POST /meja/impor HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/octet-stream\r\n"
        "Content-Length: 1500000\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", proxy.hosts[0].port), timeout=10) as line:
        line.sendall(head.encode())
        for _piece in range(5):
            time.sleep(0.05)
            line.sendall(b"x" * 300_000)
        answer = line.recv(1000)

    assert answer.startswith(b"HTTP/1.1 303 ")


def test_what_a_client_claims_of_itself_does_not_count(proxy: Proxy) -> None:
    answers = [
        proxy.ask(f"/api/v1/services?page={n}", **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in (1, 2, 3)
    ]

    left = sorted(int(answer.getheader("X-RateLimit-Remaining") or 0) for answer in answers)
    assert left[0] <= 598, "all of them are counted as one address, on one of two hosts"


def test_slow_senders_keep_nobody_waiting(proxy: Proxy) -> None:
    slow = [socket.create_connection(("127.0.0.1", proxy.port), timeout=10) for _ in range(200)]
    for one in slow:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")

    answer = proxy.ask("/instansi")

    for one in slow:
        one.close()
    assert answer.status == 200


def test_whoever_guesses_at_the_door_is_held_back_and_nobody_else(proxy: Proxy) -> None:
    guesses = Counter(
        proxy.ask("/meja/masuk", "POST", b"email=a%40b.id&password=x").status for _ in range(60)
    )

    assert guesses[429] > 20
    assert proxy.ask("/wilayah").status == 200


def test_hosts_are_replaced_one_after_the_other_and_nobody_notices(proxy: Proxy) -> None:
    is_over, seen = threading.Event(), Counter[int]()

    def ask_on(number: int) -> None:
        turn = 0
        while not is_over.is_set():
            turn += 1
            try:
                seen[
                    proxy.ask(f"/api/v1/services?page=1&per_page={turn % 90 + 1}", lang=str(number)).status
                ] += 1
            except OSError:
                seen[0] += 1
            time.sleep(0.05)

    askers = [threading.Thread(target=ask_on, args=(number,)) for number in range(3)]
    for asker in askers:
        asker.start()
    for host in proxy.hosts:
        host.stop()
        host.start()
        time.sleep(2)  # until nginx asks it again
    is_over.set()
    for asker in askers:
        asker.join()

    assert set(seen) == {200}
    assert seen[200] > 20


def test_when_no_host_answers_what_is_kept_is_given_and_the_rest_excuses_itself(proxy: Proxy) -> None:
    proxy.ask("/tentang")
    for host in proxy.hosts:
        host.stop()

    kept, unknown, english = proxy.ask("/tentang"), proxy.ask("/bantuan"), proxy.ask("/en/bantuan")

    assert kept.status == 200
    assert b"SIAPA" in kept.whole
    assert (unknown.status, english.status) == (502, 502)
    assert b"Sedang tidak dapat dibuka" in unknown.whole
    assert b"Cannot be reached right now" in english.whole
    assert english.getheader("Content-Type", "").startswith("text/html")
