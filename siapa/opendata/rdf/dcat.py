"""What data there are, as a catalogue of DCAT-AP 3: a data set of all tables, and the APIs."""

from __future__ import annotations

from collections.abc import Iterator

from siapa.opendata import package
from siapa.opendata.package import KEYWORDS, LICENCE_PATH, MEDIA_TYPES, Standing
from siapa.opendata.rdf.graph import COUNTRY, Node, node, ref, texts, typed
from siapa.opendata.tables import TABLES

_TITLE_ID = "SIAPA: standar pelayanan Indonesia"
_MEDIA = "http://www.iana.org/assignments/media-types/"
_LANGUAGES = tuple(
    f"http://publications.europa.eu/resource/authority/language/{code}" for code in ("IND", "ENG")
)


def catalogue(standing: Standing) -> list[Node]:
    """The graph of the catalogue, whole in itself."""
    return list(_nodes(standing))


def _nodes(standing: Standing) -> Iterator[Node]:
    base = standing.public_url
    publisher, dataset = f"{base}/tentang", f"{base}/data#dataset"
    services = [
        node(
            f"{base}/data#api-{name}", "dcat:DataService", dct_title=texts(title, title),
            dcat_endpointURL=ref(f"{base}{path}"), dcat_endpointDescription=ref(f"{base}{described}"),
            dcat_servesDataset=ref(dataset), dct_license=ref(LICENCE_PATH),
        )
        for name, title, path, described in (
            ("v1", "SIAPA API", "/api/v1", "/api/v1/openapi.json"),
            ("hsds", "Open Referral HSDS 3.0", "/hsds/", "/hsds/openapi.json"),
        )
    ]  # fmt: skip
    about = {
        "dct_title": texts(_TITLE_ID, package.TITLE),
        "dct_description": texts(None, package.ABOUT),
        "dct_publisher": ref(publisher),
        "dct_language": [ref(language) for language in _LANGUAGES],
        "dct_spatial": ref(COUNTRY),
        "dct_modified": typed(package.moment(standing.at), "xsd:dateTime") if standing.at else None,
    }
    yield node(
        f"{base}/data#catalogue", "dcat:Catalog", **about, dct_license=ref(LICENCE_PATH),
        dcat_dataset=ref(dataset), dcat_service=[ref(one["@id"]) for one in services],
    )  # fmt: skip
    forms = ("csv", "jsonl")
    distributions = [_distribution(base, table.name, form) for table in TABLES for form in forms]
    yield node(
        dataset, "dcat:Dataset", **about, dct_identifier=f"{base}/data",
        dcat_keyword=[text for word in KEYWORDS for text in texts(None, word)],
        dcat_landingPage=ref(f"{base}/data"), dcat_version=str(standing.number),
        dcat_distribution=[ref(one["@id"]) for one in distributions],
    )  # fmt: skip
    yield from distributions
    yield from services
    yield from _around(base, publisher)


def _distribution(base: str, table: str, form: str) -> Node:
    address = f"{base}/data/{table}.{form}"
    return node(
        f"{address}#distribution", "dcat:Distribution", dct_title=texts(None, f"{table}.{form}"),
        dcat_accessURL=ref(address), dcat_downloadURL=ref(address), dct_license=ref(LICENCE_PATH),
        dcat_mediaType=ref(_MEDIA + MEDIA_TYPES[form]),
    )  # fmt: skip


def _around(base: str, publisher: str) -> Iterator[Node]:
    """What the others refer to, typed, for it is not at hand where the graph is read."""
    yield node(publisher, "foaf:Agent", foaf_name=texts(None, package.PUBLISHER))
    yield node(LICENCE_PATH, "dct:LicenseDocument", dct_title=texts(None, package.LICENCE_TITLE))
    yield node(COUNTRY, "dct:Location", skos_prefLabel=texts("Indonesia", "Indonesia"))
    yield node(f"{base}/data", "foaf:Document")
    yield from (node(language, "dct:LinguisticSystem") for language in _LANGUAGES)
    yield from (node(_MEDIA + MEDIA_TYPES[form], "dct:MediaType") for form in ("csv", "jsonl"))
