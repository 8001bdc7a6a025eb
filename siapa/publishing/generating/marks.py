"""How made-up data is told from real data: by everyone who made it, and in everything a reader sees.

Names of agencies, places and services that do not exist end in ``SAMPLE``; every row says
so in its note and claims no source; the audit names the two officers and the origin below.
"""

from __future__ import annotations

from typing import Any

from siapa.records import Confidence, seed_id

SAMPLE, SAMPLE_EN = "(Contoh)", "(sample)"
NOTE = "Data sintetis untuk menguji sistem. Instansi, lokasi, dan isinya bukan yang sebenarnya."
ORIGIN = "synthetic"
#: ``.invalid`` (RFC 2606): nobody can have, or be sent to, these addresses.
COMPILER = ("penyusun@sintetis.siapa.invalid", "Penyusun data sintetis")
PUBLISHER = ("penerbit@sintetis.siapa.invalid", "Penerbit data sintetis")
COMPILER_ID, PUBLISHER_ID = (seed_id("officer", email) for email, _name in (COMPILER, PUBLISHER))
#: The columns of every row that says where it is from.
SOURCE: dict[str, Any] = {
    "source_address": None,
    "source_as_of": None,
    "source_note": NOTE,
    "confidence": Confidence.GENERAL,
}
