"""How a standard is written in a record of OAI-PMH: as Dublin Core, and whole as CPSV-AP in RDF/XML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from siapa.document.standard_document import LegalBasis
from siapa.opendata.hsds.reading import Held
from siapa.opendata.package import LICENCE_PATH
from siapa.opendata.rdf import cpsv
from siapa.opendata.rdf.xml import RDF, clean, rdf_xml

OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class Form:
    """A format: where its schema stands, its namespace, and what writes a standard in it."""

    schema: str
    namespace: str
    write: Callable[[Held, str], Element]


def dublin_core(held: Held, public_url: str) -> Element:
    """The fifteen elements, as far as something is known for them; texts with their language."""
    root = Element(
        "oai_dc:dc",
        {
            "xmlns:oai_dc": OAI_DC,
            "xmlns:dc": DC,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        },
    )
    for name, text, language in _said(held, public_url):
        if text:
            element = SubElement(root, f"dc:{name}", {"xml:lang": language} if language else {})
            element.text = clean(text)
    return root


def _said(held: Held, public_url: str) -> Iterator[tuple[str, str | None, str]]:
    document, agency, service = held.document, held.agency, held.service
    yield "title", document.title, "id"
    yield "title", document.title_en, "en"
    yield "creator", agency.name, "id"
    yield "publisher", agency.name, "id"
    if service is not None:
        yield "subject", service.name, "id"
        yield "subject", service.name_en, "en"
        yield "subject", service.category.name, "id"
    yield "description", document.summary, "id"
    yield "description", document.summary_en, "en"
    yield "date", f"{held.edition.published_at:%Y-%m-%d}", ""
    yield "type", "Standar pelayanan", "id"
    yield "type", "Service standard", "en"
    yield "identifier", f"{public_url}/standar/{agency.slug}/{held.slug}", ""
    yield "identifier", f"urn:uuid:{held.id}", ""
    yield "identifier", f"sha-256:{held.edition.digest}", ""
    for basis in document.legal_bases:
        yield "relation", _named(basis), "id"
    for address in (held.edition.source_address or "").split(";"):
        yield "source", address.strip(), ""
    yield "language", "id", ""
    if agency.region is not None:
        yield "coverage", agency.region.name, "id"
    yield "rights", LICENCE_PATH, ""


def _named(basis: LegalBasis) -> str:
    """A rule by kind, number and year where they are known, with its title."""
    number = f"{basis.number}/{basis.year}" if basis.number and basis.year else basis.number
    return " ".join(part for part in (basis.type, number, basis.title) if part)


def as_rdf(held: Held, public_url: str) -> Element:
    """The whole standard as ``cpsv:PublicService``."""
    return rdf_xml(cpsv.public_service(held, public_url))


#: By their prefixes.
FORMATS: dict[str, Form] = {
    "oai_dc": Form("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC, dublin_core),
    "cpsv_ap": Form("http://www.openarchives.org/OAI/2.0/rdf.xsd", RDF, as_rdf),
}
