"""A device that holds passkeys, made of the cryptography alone: what it signs, a browser would send."""

from __future__ import annotations

import json
import secrets
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

#: Somebody was there, and was known by finger, face or PIN; a new key follows (WebAuthn 6.1).
PRESENT, VERIFIED, NEW_KEY = 0x01, 0x04, 0x40


class KeyRing:
    """One passkey, for one site, of one officer."""

    def __init__(self, origin: str, host: str) -> None:
        self.origin, self.host = origin, host
        self.id = secrets.token_bytes(32)
        self.owner = b""
        #: How often it has signed, and by how much it counts on: 0 for one that does not count.
        self.count, self.step = 0, 1
        self.flags = PRESENT | VERIFIED
        self._key = ec.generate_private_key(ec.SECP256R1())

    def makes(self, options: dict[str, Any]) -> str:
        """The answer to being asked for a new passkey."""
        self.owner = base64url_to_bytes(options["user"]["id"])
        point = self._key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        new = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        kept = {"fmt": "none", "attStmt": {}, "authData": self._state(NEW_KEY) + new}
        said = self._said("webauthn.create", options["challenge"])
        response = {"clientDataJSON": said, "attestationObject": cbor2.dumps(kept)}
        return self._answer(response, transports=["internal"])

    def signs(self, options: dict[str, Any]) -> str:
        """The answer to being asked to sign; it counts how often."""
        self.count += self.step
        said, state = self._said("webauthn.get", options["challenge"]), self._state()
        signature = self._key.sign(state + sha256(said).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": said, "authenticatorData": state, "signature": signature}
        return self._answer({**response, "userHandle": self.owner})

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _state(self, more: int = 0) -> bytes:
        return (
            sha256(self.host.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")
        )

    def _answer(self, response: dict[str, bytes], **more: Any) -> str:
        name = bytes_to_base64url(self.id)
        coded = {field: bytes_to_base64url(value) for field, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": {**coded, **more}})
