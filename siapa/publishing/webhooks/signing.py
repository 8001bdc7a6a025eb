"""Secrets of webhooks and the signatures made with them, by Standard Webhooks (version 1, HMAC-SHA256).

A secret is derived from the registry's own key, the webhook and the count of its secrets:
neither the database nor a backup of it holds one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

PREFIX = "whsec_"


def secret_of(key: str, webhook_id: uuid.UUID, generation: int) -> str:
    """The secret of a webhook as its system keeps it: ``whsec_`` and 32 bytes in base64."""
    made = hmac.digest(key.encode(), f"webhook/{webhook_id}/{generation}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made).decode()


def headers_for(secret: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers by which the receiver knows who sent ``body``, and when (``seconds`` since 1970)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{message_id}.{seconds}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
