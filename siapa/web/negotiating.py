"""One address for a standard, whoever asks: people get the page, programs are shown to what they can read.

The address of the page is also the name of the standard in linked data. Who prefers JSON,
JSON-LD or Turtle in ``Accept`` is sent on (303) to the address that has it; everybody else,
and who says nothing, reads the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

HTML, JSON = "text/html", "application/json"
#: What there is beside the page: the kind, and where it stands for the id of a standard.
KINDS: Mapping[str, str] = {
    JSON: "/api/v1/standards/{id}",
    "application/ld+json": "/data/standards/{id}.jsonld",
    "text/turtle": "/data/standards/{id}.ttl",
}
#: Below these stand the pages of standards.
PATHS = ("/standar/", "/en/standar/")


@lru_cache(1_000)
def wanted(accepted: str) -> str:
    """The kind that who sends this ``Accept`` likes best; the page where all is the same to them."""
    found = parse_accept_header(accepted, MIMEAccept).best_match((HTML, *KINDS), HTML)
    return found or HTML


def is_for_programs(path: str, accepted: str) -> bool:
    """Whether the page at ``path`` is not what is asked for."""
    return path.startswith(PATHS) and wanted(accepted) != HTML


def links(standard_id: object, public_url: str, page: str) -> str:
    """The header ``Link`` of a standard's page: its own address, and the other kinds of it."""
    others = (
        f'<{public_url}{address.format(id=standard_id)}>; rel="alternate"; type="{kind}"'
        for kind, address in KINDS.items()
    )
    return ", ".join((f'<{page}>; rel="canonical"', *others))
