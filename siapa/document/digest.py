"""One document, one digest: the canonical bytes of a document and their SHA-256.

The canonical form is RFC 8785 (JSON Canonicalization Scheme), so that anybody with
any language can recompute the digest of a published edition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785


def canonical(content: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of ``content``, which is what ``to_json`` gives."""
    return rfc8785.dumps(dict(content))


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical form, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
