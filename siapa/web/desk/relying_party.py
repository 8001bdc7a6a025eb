"""What passkeys are asked, and whether their answers hold: py_webauthn's, for this registry's name.

A passkey belongs to the host of the public address, and the browser says from which page it was
asked; both follow from the settings, never from the request. Browsers know passkeys on
pages over TLS and on ``localhost`` only, and never for a bare number as host.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import structlog
import webauthn
from flask import current_app
from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers import parse_registration_credential_json as parse_registration
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from siapa.publishing.passkeys import CHALLENGE_HOLDS
from siapa.records import Officer, Passkey

NAME = "SIAPA"
log = structlog.get_logger(__name__)

_USUAL_PORTS = {"https": 443, "http": 80}
#: Milliseconds that a browser waits for the device.
_PATIENCE = int(CHALLENGE_HOLDS.total_seconds() * 1000)


@dataclass(frozen=True)
class RelyingParty:
    """To whom passkeys belong: a host, and the origin of its pages."""

    host: str
    origin: str


@dataclass(frozen=True)
class Asked:
    """What a device is to sign, and the options as the browser takes them (JSON)."""

    challenge: bytes
    options: str


@dataclass(frozen=True)
class Added:
    """A passkey that a device has made, as it is kept."""

    credential_id: str
    public_key: bytes
    sign_count: int
    transports: list[str]


def relying_party() -> RelyingParty | None:
    """This registry as passkeys know it; None where browsers would refuse its address."""
    parts = urlsplit(current_app.config["SIAPA"].public_url)
    host = parts.hostname or ""
    if (parts.scheme != "https" and host != "localhost") or _is_number(host):
        return None
    # As browsers write it: without the port that goes without saying.
    port = "" if parts.port in (None, _USUAL_PORTS[parts.scheme]) else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def ask_for_new(party: RelyingParty, officer: Officer, known: list[Passkey]) -> Asked:
    """Ask a device for a new passkey of ``officer``, which must know its holder by finger, face or PIN."""
    made = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=NAME,
        user_id=officer.id.bytes,
        user_name=officer.email,
        user_display_name=officer.name,
        timeout=_PATIENCE,
        exclude_credentials=_described(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return Asked(made.challenge, webauthn.options_to_json(made))


def ask_for_known(party: RelyingParty, allowed: list[Passkey]) -> Asked:
    """Ask a device to sign with one of the ``allowed`` passkeys; with none named, with whichever it has."""
    made = webauthn.generate_authentication_options(
        rp_id=party.host,
        timeout=_PATIENCE,
        allow_credentials=_described(allowed),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(made.challenge, webauthn.options_to_json(made))


def added(party: RelyingParty, answer: str, challenge: bytes) -> Added | None:
    """The passkey in a browser's ``answer``; None where it does not hold, for whatever reason."""
    try:
        seen = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
        transports = parse_registration(answer).response.transports or []
    except Exception as error:  # whatever a stranger sends, and however the library stumbles over it
        log.info("a new passkey does not hold", error=repr(error)[:200])
        return None
    return Added(
        bytes_to_base64url(seen.credential_id), seen.credential_public_key, seen.sign_count,
        [one.value for one in transports],
    )  # fmt: skip


def signed_with(answer: str) -> tuple[str, bytes | None]:
    """Which passkey says to have signed, and whose it says to be; ("", None) for what is no answer."""
    try:
        said: Any = parse_authentication_credential_json(answer)
    except Exception as error:  # as above
        log.info("the answer of a passkey cannot be read", error=repr(error)[:200])
        return "", None
    return said.id, said.response.user_handle


def sign_count_of(party: RelyingParty, answer: str, challenge: bytes, passkey: Passkey) -> int | None:
    """To what the device of ``passkey`` has counted with this signature; None where it does not hold."""
    try:
        seen = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # as above
        log.info("the signature of a passkey does not hold", error=repr(error)[:200])
        return None
    return int(seen.new_sign_count)


def _described(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    known = {one.value: one for one in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=webauthn.base64url_to_bytes(one.credential_id),
            transports=[known[name] for name in one.transports if name in known] or None,
        )
        for one in passkeys
    ]
