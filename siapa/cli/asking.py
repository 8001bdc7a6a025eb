"""Asking web addresses whether they answer: few at a time, one after the other at each host, never inside.

What stands in a standard was written by somebody else. So a name is looked up once, every one of its
numbers must be public, and it is that number which is asked, also after each redirection: nobody
makes this machine ask its neighbours.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from siapa.publishing.webhooks.reaching import is_public

MOST_REDIRECTIONS = 5
#: A host that answers byte by byte is left after so many times the time for one step.
_PATIENCE = 3
#: It is there, but asks who one is, or answers no machine: no fault of whoever wrote the address.
_RESERVED = frozenset({401, 403, 407, 429, 451})
#: What servers answer that do not know HEAD.
_ASK_AGAIN = frozenset({400, 403, 404, 405, 501})
_SAFE = "%/:=&?~+!$,;'@()*[]"
_HEADERS = {"User-Agent": "SIAPA link check", "Accept": "*/*", "Connection": "close"}


@dataclass(frozen=True)
class Answer:
    """What became of asking an address: a status, or why there is none."""

    address: str
    status: int | None
    fault: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether a citizen who follows it would find nothing."""
        return self.status is None or (self.status >= 400 and self.status not in _RESERVED)


class _Refused(Exception):
    """An address that is not asked."""


@dataclass(frozen=True)
class Manner:
    """How to ask: seconds for a step, seconds between two questions to a host, whether only public hosts."""

    timeout: float = 10.0
    pause: float = 1.0
    is_public_only: bool = True


def ask_all(asked: Iterable[str], manner: Manner, *, at_once: int) -> Iterator[Answer]:
    """Ask each address once, at most ``at_once`` hosts at a time; in the order in which hosts are done."""
    by_host: dict[str, list[str]] = {}
    for address in dict.fromkeys(asked):
        by_host.setdefault(urlsplit(address).netloc.lower(), []).append(address)
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        working = [pool.submit(_ask_host, addresses, manner) for addresses in by_host.values()]
        for done in as_completed(working):
            yield from done.result()


def ask(address: str, manner: Manner) -> Answer:
    """Ask one address, following where it leads."""
    try:
        return Answer(address, _status(address, manner))
    except _Refused as refusal:
        return Answer(address, None, str(refusal))
    except socket.gaierror:
        return Answer(address, None, "there is no such host")
    except TimeoutError:
        return Answer(address, None, "no answer in time")
    except ssl.SSLError as error:
        return Answer(address, None, f"no safe connection: {error.reason or 'TLS'}")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(address, None, f"no answer: {type(error).__name__}")


def _ask_host(addresses: list[str], manner: Manner) -> list[Answer]:
    answers = []
    for place, address in enumerate(addresses):
        if place:
            time.sleep(manner.pause)
        answers.append(ask(address, manner))
    return answers


def _status(address: str, manner: Manner) -> int:
    for _step in range(MOST_REDIRECTIONS + 1):
        parts = urlsplit(address)
        status, location = _answer("HEAD", parts, manner)
        if status in _ASK_AGAIN:
            status, location = _answer("GET", parts, manner)
        if not (300 <= status < 400 and location):
            return status
        address = urljoin(address, location)
    raise _Refused("it leads on and on")


def _answer(method: str, parts: SplitResult, manner: Manner) -> tuple[int, str | None]:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _Refused("this is no web address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    number = _number(parts.hostname, port, is_public_only=manner.is_public_only)
    with socket.create_connection((number, port), manner.timeout) as plain:
        end = threading.Timer(manner.timeout * _PATIENCE, _hang_up, [plain])
        end.start()
        try:
            connection = http.client.HTTPConnection(parts.hostname, port, timeout=manner.timeout)
            connection.sock = plain
            if parts.scheme == "https":
                connection.sock = ssl.create_default_context().wrap_socket(
                    plain, server_hostname=parts.hostname
                )
            path = quote(parts.path or "/", safe=_SAFE)
            query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
            host = parts.netloc.rpartition("@")[2].encode("idna").decode()
            connection.request(method, path + query, headers={**_HEADERS, "Host": host})
            response = connection.getresponse()
            return response.status, response.getheader("Location")
        finally:
            end.cancel()


def _number(host: str, port: int, *, is_public_only: bool) -> str:
    """The number under which ``host`` is asked; refused when any of its numbers is not public."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if is_public_only and not all(is_public(one) for one in found):
        raise _Refused("its host is not public")
    return found[0]


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
