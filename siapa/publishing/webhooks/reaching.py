"""Posting to an address that somebody else wrote, without ever reaching what is inside.

A name is looked up once; every number it has must be public, and the connection goes to
the very number that was looked at, so a name that means something else a moment later
(DNS rebinding) gains nothing. What is answered is never followed elsewhere.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from siapa.locales import Words
from siapa.locales import lazy as _l

#: Seconds for one step, and for the whole: who answers byte by byte is left.
STEP_SECONDS, WHOLE_SECONDS = 10.0, 20.0
LONGEST_ADDRESS = 500
_SAFE = "%/:=&?~+!$,;'@()*[]"
#: Networks in which an IPv4 address stands inside an IPv6 one: that one must be public as well.
_CARRIES_IPV4 = ((ipaddress.IPv6Network("64:ff9b::/96"), 0), (ipaddress.IPv6Network("2002::/16"), 80))
#: Public by the registries, but a cloud's own services answer there.
_OWN_SERVICES = frozenset({"168.63.129.16"})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """An address to which nothing is sent; the message says why."""


@dataclass(frozen=True)
class Reach:
    """What may be reached. ``also`` names numbers that are not public; only tests make such a value.

    It is no setting: nothing outside of the program can say it.
    """

    also: frozenset[str] = frozenset()

    def allows(self, number: str) -> bool:
        """Whether a connection may go to ``number``."""
        return number in self.also or is_public(number)


PUBLIC_ONLY = Reach()


@dataclass(frozen=True)
class Outcome:
    """What came of posting: a status, or why there is none."""

    status: int | None
    fault: str | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the receiver says that it has it."""
        return self.status is not None and 200 <= self.status < 300


def why_no_address(url: str, *, demands_tls: bool) -> Words | None:
    """Why ``url`` cannot be posted to, as far as can be seen without looking it up; None if it can."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _l("This is no web address.")
    if len(url) > LONGEST_ADDRESS or not url.isprintable() or " " in url:
        return _l("This is no web address.")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        return _l("This is no web address.")
    if demands_tls and parts.scheme != "https":
        return _l("Give an address that begins with https://.")
    if parts.username is not None or parts.fragment:
        return _l("Leave out names, passwords and what follows a #.")
    with suppress(ValueError):
        if not is_public(parts.hostname):
            return _l("This address is not public.")
    if parts.hostname.rstrip(".").endswith(("localhost", ".local", ".internal")):
        return _l("This address is not public.")
    return None


def is_public(number: str) -> bool:
    """Whether ``number`` is an address of the open internet; raises ``ValueError`` for what is no address."""
    address = ipaddress.ip_address(number.partition("%")[0])
    return str(address) not in _OWN_SERVICES and all(
        one.is_global and not one.is_multicast and not one.is_reserved for one in _carried(address)
    )


def _carried(address: Address) -> list[Address]:
    """The address, and the one of IPv4 that stands in it."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inside = [
        ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)
        for network, shift in _CARRIES_IPV4
        if address in network
    ]
    return [address, *inside]


def post(url: str, body: bytes, headers: Mapping[str, str], reach: Reach = PUBLIC_ONLY) -> Outcome:
    """Post ``body`` to ``url`` once; whatever happens is an outcome."""
    try:
        return Outcome(_post(urlsplit(url), body, headers, reach))
    except Refused as refusal:
        return Outcome(None, str(refusal))
    except socket.gaierror:
        return Outcome(None, "there is no such host")
    except TimeoutError:
        return Outcome(None, "no answer in time")
    except ssl.SSLError as error:
        return Outcome(None, f"no safe connection: {error.reason or 'TLS'}"[:200])
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Outcome(None, f"no answer: {type(error).__name__}")


def _post(parts: SplitResult, body: bytes, headers: Mapping[str, str], reach: Reach) -> int:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("this is no web address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    number = _number(parts.hostname, port, reach)
    with socket.create_connection((number, port), STEP_SECONDS) as plain:
        end = threading.Timer(WHOLE_SECONDS, _hang_up, [plain])
        end.start()
        try:
            connection = http.client.HTTPConnection(parts.hostname, port, timeout=STEP_SECONDS)
            connection.sock = plain
            if parts.scheme == "https":
                safe = ssl.create_default_context()
                connection.sock = safe.wrap_socket(plain, server_hostname=parts.hostname)
            path = quote(parts.path or "/", safe=_SAFE)
            query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
            host = parts.netloc.encode("idna").decode()
            connection.request("POST", path + query, body, {**headers, "Host": host, "Connection": "close"})
            return connection.getresponse().status
        finally:
            end.cancel()


def _number(host: str, port: int, reach: Reach) -> str:
    """The number under which ``host`` is reached; refused when any of its numbers may not be."""
    found = [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(reach.allows(one) for one in found):
        raise Refused("its host is not public")
    return found[0]


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
