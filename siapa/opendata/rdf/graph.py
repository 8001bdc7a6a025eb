"""Nodes and values of a graph, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

Node = dict[str, Any]

CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "time": "http://www.w3.org/2006/time#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
CURRENCY = "http://publications.europa.eu/resource/authority/currency/IDR"
COUNTRY = "http://publications.europa.eu/resource/authority/country/IDN"


def texts(indonesian: str | None, english: str | None = None) -> list[Node]:
    """A text in the languages that it has."""
    said = (("id", indonesian), ("en", english))
    return [{"@value": text, "@language": language} for language, text in said if text]


def typed(value: object, datatype: str) -> Node:
    """A literal of a type, such as ``xsd:double``."""
    return {"@value": str(value), "@type": datatype}


def ref(iri: str) -> Node:
    """A reference to a node."""
    return {"@id": iri}


def node(iri: str, *types: str, **properties: Any) -> Node:
    """A node; the names of properties have ``_`` for the colon, and what is None or empty is left out."""
    said = {name.replace("_", ":", 1): value for name, value in properties.items()}
    kept = {name: value for name, value in said.items() if value is not None and value != []}
    return {"@id": iri, "@type": list(types), **kept}


def concept(iri: str, label: list[Node]) -> Node:
    """A concept with its name: typed here, for the vocabularies of others are not at hand there."""
    return node(iri, "skos:Concept", skos_prefLabel=label)


def json_ld(nodes: Iterable[Node]) -> Iterator[bytes]:
    """The graph of ``nodes`` as JSON-LD, node by node."""
    yield b'{"@context":' + orjson.dumps(CONTEXT) + b',"@graph":['
    for number, one in enumerate(nodes):
        yield (b",\n" if number else b"\n") + orjson.dumps(one)
    yield b"\n]}\n"


def turtle(nodes: Iterable[Node]) -> Iterator[bytes]:
    """The graph of ``nodes`` as Turtle, node by node."""
    yield "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in CONTEXT.items()).encode()
    for one in nodes:
        waiting = [one]
        while waiting:
            yield _statements(waiting.pop(), waiting).encode()


def _statements(one: Node, waiting: list[Node]) -> str:
    """All that is said of a node; those that stand in it are put to the ones that wait."""
    said = [f"a {', '.join(one['@type'])}"]
    for name, value in one.items():
        if name.startswith("@"):
            continue
        values = value if isinstance(value, list) else [value]
        said.append(f"{name} {', '.join(_object(each, waiting) for each in values)}")
    return f"\n<{one['@id']}> " + " ;\n    ".join(said) + " .\n"


def _object(value: Any, waiting: list[Node]) -> str:
    """A value as Turtle writes it."""
    if isinstance(value, str):
        return _quoted(value)
    if "@id" in value:
        if "@type" in value:
            waiting.append(value)
        return f"<{value['@id']}>"
    if "@language" in value:
        return f"{_quoted(value['@value'])}@{value['@language']}"
    return f"{_quoted(value['@value'])}^^{value['@type']}"


def _quoted(text: str) -> str:
    # JSON escapes what Turtle's strings must not hold, and in the same way.
    return orjson.dumps(text).decode()


#: How a graph is written, by the ending of its file: what writes it, and as what.
FORMS = {"jsonld": (json_ld, "application/ld+json"), "ttl": (turtle, "text/turtle")}
