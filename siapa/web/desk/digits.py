"""The six digits of an authenticator app (TOTP, RFC 6238), by Flask-Security's own wrapping of them.

Secrets leave this module only encrypted, but for the page that shows one to its owner. The
key follows from the registry's secret: with another secret every authenticator is set up anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import current_app
from flask_security.totp import Totp
from passlib.totp import TokenError

from siapa.config import Config
from siapa.records import Officer

ISSUER = "SIAPA"
#: Seconds a phone's clock may be off.
WINDOW = 30


@dataclass(frozen=True)
class Shown:
    """What an app needs to know, as its owner sees it: a picture to scan, or the same as text."""

    picture: str
    text: str


def factory(config: Config) -> Totp:
    """What makes and reads secrets with the registry's key."""
    key = sha256(f"digits {config.secret_key}".encode()).hexdigest()
    return Totp({"1": key}, ISSUER)


def new_secret() -> str:
    """A new secret, encrypted."""
    made: str = _totp().generate_totp_secret()
    return made


def shown(secret: str, officer: Officer) -> Shown:
    """``secret`` as the owner's app takes it up."""
    return Shown(_totp().generate_qrcode(officer.email, secret), _totp().get_totp_pretty_key(secret))


def counter_of(digits: str, secret: str) -> int | None:
    """The step of time whose digits these are, about now; None where they are not."""
    plain = "".join(letter for letter in digits if not letter.isspace())
    try:
        match = _totp()._totp.verify(plain, secret, window=WINDOW)
    except (TokenError, ValueError):
        return None
    found: int = match.counter
    return found


def _totp() -> Any:
    return current_app.extensions["siapa_digits"]
