"""The decree that sets an edition, as a file: kept under the digest of its content, beside the database.

A file is written whole and synced before the database names it, so no edition ever names
a file that is not there; one that nobody names does no harm. Where the folder lies is
said by whoever calls.
"""

from __future__ import annotations

import os
import uuid
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from siapa.document.standard_document import from_stored
from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import changing
from siapa.publishing.editions import open_edition
from siapa.publishing.permissions import Actor
from siapa.publishing.workflow import Action, next_state
from siapa.records import Decree, Edition, Standard, seed_id
from siapa.records.disk import sync

LARGEST_BYTES = 10_000_000
FOLDER = "decrees"
#: How a PDF begins and ends (ISO 32000-2, 7.5); the end may be followed by a little.
_HEAD, _TAIL, _NEAR = b"%PDF-", b"%%EOF", 1_024
_LONGEST_NAME = 200


def attach(
    standard_id: uuid.UUID,
    content: bytes,
    file_name: str,
    *,
    folder: Path,
    by: Actor,
    version: int | None = None,
    origin: str | None = None,
) -> Edition:
    """Make ``content``, a PDF, the decree of the draft; one that it had is let go.

    Raises ``Rejected`` for what is no PDF or too large, and where the draft does not say
    the number of its decree.
    """
    digest = _stored_later(content)
    with changing(Standard, standard_id, Action.REVISE, by=by, origin=origin) as standard:
        edition = _writable(standard, version)
        said = from_stored(edition.document).decree
        if said is None:
            raise Rejected([Problem("decree.number", _l("Say the number of the decree first."))])
        _store(content, path_of(folder, digest))
        key = seed_id("decree", f"{edition.id}/{digest}")
        decree = db.session.get(Decree, key) or Decree(id=key, agency_id=standard.agency_id)
        decree.number, decree.dated_on, decree.signatory = said.number[:100], said.date, said.signatory
        decree.file_name, decree.file_digest = _plain_name(file_name), digest
        db.session.add(decree)
        db.session.flush()
        edition.decree_id = decree.id
    return edition


def detach(
    standard_id: uuid.UUID, *, by: Actor, version: int | None = None, origin: str | None = None
) -> Edition:
    """Take the file away from the draft."""
    with changing(Standard, standard_id, Action.REVISE, by=by, origin=origin) as standard:
        edition = _writable(standard, version)
        edition.decree_id = None
    return edition


def path_of(folder: Path, digest: str) -> Path:
    """Where the file with this digest lies; ``ValueError`` for what is no digest."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("not a digest")
    return folder / FOLDER / digest[:2] / f"{digest}.pdf"


def _writable(standard: Standard, version: int | None) -> Edition:
    edition = open_edition(standard, version)
    if next_state(edition.state, Action.REVISE) is not edition.state:
        raise Conflict(_l("This standard has no draft."))
    return edition


def _stored_later(content: bytes) -> str:
    """The digest of ``content``, if it may be kept."""
    if len(content) > LARGEST_BYTES:
        raise Rejected([Problem("file", _l("The file is larger than 10 MB. Scan it with less detail."))])
    if not content.startswith(_HEAD) or _TAIL not in content[-_NEAR:]:
        raise Rejected([Problem("file", _l("This is not a whole PDF file."))])
    return sha256(content).hexdigest()


def _store(content: bytes, path: Path) -> None:
    """Write the file whole or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as made:
        try:
            made.write(content)
            made.flush()
            os.fsync(made.fileno())
            os.replace(made.name, path)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise
    sync(path.parent)


def _plain_name(name: str) -> str:
    """A name without folders and signs that mean something elsewhere; for people, never for the disk."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isalnum() or letter in " ._-()").strip(" .")
    stem = plain.removesuffix(".pdf").removesuffix(".PDF")[: _LONGEST_NAME - 4].strip(" .")
    return f"{stem or 'decree'}.pdf"
