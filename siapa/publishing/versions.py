"""Whether a row is still as somebody saw it: for forms and programs that write what they read before.

The version of a row is the digest of what its trail tells (``snapshots``), so whatever
the audit would note changes it, and nothing else does.
"""

from __future__ import annotations

from siapa.document.digest import digest
from siapa.errors import Conflict
from siapa.locales import lazy as _l
from siapa.publishing.snapshots import snapshot

#: Hexadecimal characters by which a version is named.
LENGTH = 32


class ChangedMeanwhile(Conflict):
    """The row is not as the caller saw it; a door shows what stands there now."""


def version_of(row: object) -> str:
    """The name of the state in which a stored row is, with all that belongs to it."""
    return digest(snapshot(row))[:LENGTH]


def check_version(row: object, seen: str | None) -> None:
    """Raise ``ChangedMeanwhile`` unless ``row``, which is locked, is as it was ``seen``; None is anyhow."""
    if seen is not None and version_of(row) != seen:
        raise ChangedMeanwhile(
            _l("Somebody else changed this meanwhile. Look at what stands there now before you save.")
        )
