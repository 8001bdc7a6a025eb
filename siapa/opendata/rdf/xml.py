"""A graph as RDF/XML, for protocols that carry nothing but XML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from siapa.opendata.rdf.graph import CONTEXT, Node

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: What XML 1.0 cannot hold.
_NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """``text`` without signs that no XML may hold."""
    return _NEVER.sub("", text)


def rdf_xml(nodes: Iterable[Node]) -> Element:
    """The graph of ``nodes`` as the element ``rdf:RDF``, with the prefixes it needs."""
    names = {"xmlns:rdf": RDF, **{f"xmlns:{prefix}": iri for prefix, iri in CONTEXT.items()}}
    root = Element("rdf:RDF", names)
    waiting = list(nodes)
    while waiting:
        _describe(root, waiting.pop(0), waiting)
    return root


def _describe(root: Element, one: Node, waiting: list[Node]) -> None:
    """All that is said of a node; those that stand in it are put to the ones that wait."""
    description = SubElement(root, "rdf:Description", {"rdf:about": one["@id"]})
    for kind in one["@type"]:
        SubElement(description, "rdf:type", {"rdf:resource": _whole(kind)})
    for name, value in one.items():
        if not name.startswith("@"):
            for each in value if isinstance(value, list) else [value]:
                _say(description, name, each, waiting)


def _say(description: Element, name: str, value: Any, waiting: list[Node]) -> None:
    if isinstance(value, str):
        SubElement(description, name).text = clean(value)
    elif "@id" in value:
        SubElement(description, name, {"rdf:resource": value["@id"]})
        if "@type" in value:
            waiting.append(value)
    else:
        how = (
            {"xml:lang": value["@language"]}
            if "@language" in value
            else {"rdf:datatype": _whole(value["@type"])}
        )
        SubElement(description, name, how).text = clean(value["@value"])


def _whole(name: str) -> str:
    """A short name as the IRI that it stands for."""
    prefix, _, local = name.partition(":")
    return CONTEXT[prefix] + local if prefix in CONTEXT else name
