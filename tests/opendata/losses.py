"""The table of what other formats carry of a document, for ``docs/open-data.md``.

``python -m tests.opendata.losses`` prints it as the mapping has it now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from siapa.document.referral.losing import field_of, outcomes, specimens
from siapa.document.standard_document import StandardDocument, to_json
from siapa.locales import using
from siapa.opendata.hsds.reading import Held
from siapa.opendata.hsds.services import service
from siapa.opendata.losses import fates
from siapa.opendata.rdf.cpsv import public_service
from siapa.records import Agency, Edition, Standard, new_id

URL = "https://registry.example"
BEGIN, END = "<!-- computed: losses -->\n", "<!-- end -->\n"


def held(document: StandardDocument) -> Held:
    """``document`` as if it were in force, of an agency without a place."""
    agency = Agency(id=new_id(), slug="instansi", name="Instansi", kind="dinas")
    standard = Standard(id=new_id(), slug="layanan", agency=agency)
    edition = Edition(document=to_json(document), effective_from=document.effective_from)
    return Held(edition, standard, [], datetime(2026, 1, 1, tzinfo=UTC))


def fields(makes: Callable[[Held], Any]) -> dict[str, str]:
    """How every field fares in the records that ``makes`` makes, told in Indonesian."""
    found: dict[str, set[str]] = {}
    with using("id"):
        for document in specimens():
            for fate in fates(held(document), makes):
                found.setdefault(field_of(fate.path), set()).add(fate.how.value)
    return {path: _said(hows) for path, hows in found.items()}


def _said(hows: set[str]) -> str:
    """The one word for several: kept at times in words is in words, kept at times is in part."""
    if hows == {"kept", "in_words"}:
        return "in_words"
    return min(hows) if len(hows) == 1 else "partly"


def table() -> str:
    """The table in Markdown."""
    hsds = fields(lambda one: service(one, URL))
    cpsv = fields(lambda one: public_service(one, URL))
    lines = ["| field | HSDS | back | CPSV-AP |", "|---|---|---|---|"]
    lines += [f"| `{path}` | {hsds[path]} | {back} | {cpsv[path]} |" for path, back in outcomes().items()]
    return "\n".join(lines) + "\n"


def rows(text: str) -> Iterator[str]:
    """The lines of the table in ``text``, a page of the documentation."""
    yield from text.partition(BEGIN)[2].partition(END)[0].splitlines()


if __name__ == "__main__":
    print(table(), end="")
