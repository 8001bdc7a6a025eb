"""A run: every record as the API gives it, held against each set of rules that the kit has."""

from __future__ import annotations

import copy
import hashlib
import importlib.util
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from siapa.extensions import db
from siapa.opendata import package
from siapa.opendata.conformance.results import Result, Run
from siapa.opendata.hsds import reading, taxonomies
from siapa.opendata.hsds.organizations import organization
from siapa.opendata.hsds.places import service_at_location
from siapa.opendata.hsds.reading import Filters, Held
from siapa.opendata.hsds.services import at_location, service
from siapa.opendata.package import File, Standing
from siapa.opendata.rdf import cpsv, dcat
from siapa.opendata.rdf.graph import Node, turtle
from siapa.opendata.tables import TABLES
from siapa.records import Agency, now

#: Standards that are looked at in one graph, and errors that are kept word by word.
IN_ONE_GRAPH, MOST_KEPT, LONGEST_KEPT = 100, 10, 500

Records = Callable[[], Iterable[Any]]
Tells = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Rules:
    """A set of rules: whose, in which version, for which records, and the files of the kit that hold it."""

    format: str
    version: str
    records: str
    files: tuple[str, ...]
    #: The package that checks by them.
    checker: str
    #: Whether a field that the rules do not name is an error, as in the standard's own checks.
    is_strict: bool = False


_SCHEMA, _SHAPES = "jsonschema_rs", "pyshacl"
_HSDS, _HSDS_31 = "hsds/3.0/schema/compiled", "hsds/3.1-dev/schema/compiled"
_ORUK = "oruk/validator-schemas/V3.0-UK"
RULES = (
    Rules("HSDS", "3.0", "services", (f"{_HSDS}/service.json",), _SCHEMA, is_strict=True),
    Rules("HSDS", "3.1-dev", "services", (f"{_HSDS_31}/service.json",), _SCHEMA, is_strict=True),
    Rules("HSDS", "3.0", "organizations", (f"{_HSDS}/organization.json",), _SCHEMA),
    Rules("HSDS", "3.1-dev", "organizations", (f"{_HSDS_31}/organization.json",), _SCHEMA),
    Rules("Open Referral UK", "3.0", "services", (f"{_ORUK}/service.json",), _SCHEMA),
    Rules("Open Referral UK", "3.0", "service_at_locations", (f"{_ORUK}/service_at_location.json",), _SCHEMA),
    Rules("Open Referral UK", "3.0", "taxonomy_terms", (f"{_ORUK}/taxonomy_term.json",), _SCHEMA),
    Rules("CPSV-AP", "3.2.0", "services", ("cpsv-ap/3.2.0/shacl/cpsv-ap-SHACL.ttl",), _SHAPES),
    Rules("DCAT-AP", "3.0.1", "catalog",
          tuple(f"dcat-ap/3.0.1/html-shacl/{name}.ttl" for name in ("shapes", "range")), _SHAPES),
    Rules("Frictionless Data Package", "2.0", "datapackage", ("frictionless/2.0/datapackage.json",), _SCHEMA),
)  # fmt: skip


def run(kit: Path, standing: Standing, *, most: int, tells: Tells) -> Run:
    """Check up to ``most`` standards by every set of rules in ``kit``; what cannot be checked says why.

    ``tells`` is told before each set which it is.
    """
    results = []
    for rules in RULES:
        tells(f"{rules.format} {rules.version}: {rules.records}")
        results.append(_checked(kit, rules, standing, most))
    return Run(now(), standing.number, tuple(results))


def _checked(kit: Path, rules: Rules, standing: Standing, most: int) -> Result:
    missing = [name for name in rules.files if not (kit / name).is_file()]
    reason = f"not in the kit: {', '.join(missing)}" if missing else ""
    if not reason and importlib.util.find_spec(rules.checker) is None:
        reason = "the extra [conformance] is not installed"
    total = _total(rules.records)
    if reason:
        return _result(kit, rules, 0, total, [], reason)
    if rules.checker == _SHAPES:
        checked, found = _by_shapes(kit, rules, standing, most)
    else:
        checked, found = _by_schema(kit, rules, standing, most)
    return _result(kit, rules, checked, total, found, "")


def _result(kit: Path, rules: Rules, checked: int, total: int, errors: list[str], reason: str) -> Result:
    digest = hashlib.sha256(
        b"".join((kit / name).read_bytes() for name in rules.files) if not reason else b""
    )
    return Result(
        rules.format, rules.version, rules.records, rules.files, digest.hexdigest() if not reason else "",
        checked, total, len(errors), tuple(one[:LONGEST_KEPT] for one in errors[:MOST_KEPT]), reason,
    )  # fmt: skip


def _by_schema(kit: Path, rules: Rules, standing: Standing, most: int) -> tuple[int, list[str]]:
    import jsonschema_rs

    path = kit / rules.files[0]
    schema = json.loads(path.read_bytes())
    schema.pop("$id", None)

    def beside(address: str) -> Any:
        return json.loads((path.parent / address.rpartition("/")[2]).read_bytes())

    validator = jsonschema_rs.validator_for(
        _strict(schema) if rules.is_strict else schema, retriever=beside, validate_formats=True
    )
    checked = 0
    found: list[str] = []
    for record in _records(rules.records, standing, most):
        checked += 1
        name = record.get("id") or record.get("name")
        found += [f"{name}: {error.message}" for error in validator.iter_errors(record)]
    return checked, found


def _by_shapes(kit: Path, rules: Rules, standing: Standing, most: int) -> tuple[int, list[str]]:
    import pyshacl
    import rdflib

    shapes = rdflib.Graph()
    for name in rules.files:
        shapes.parse(kit / name)
    checked = 0
    found: list[str] = []
    for count, nodes in _graphs(rules.records, standing, most):
        graph = rdflib.Graph().parse(data=b"".join(turtle(nodes)), format="turtle")
        _conforms, report, _text = pyshacl.validate(
            graph, shacl_graph=shapes, inference="none", do_owl_imports=False
        )
        checked += count
        found += _violations(report, rdflib.SH)
    return checked, found


def _violations(report: Any, shacl: Any) -> Iterator[str]:
    for violation in report.subjects(predicate=None, object=shacl.ValidationResult):
        if report.value(violation, shacl.resultSeverity) != shacl.Violation:
            continue  # advice is no error
        focus, message = (
            report.value(violation, shacl.focusNode),
            report.value(violation, shacl.resultMessage),
        )
        yield f"{focus}: {report.value(violation, shacl.resultPath)}: {message}"


def _records(kind: str, standing: Standing, most: int) -> Iterator[dict[str, Any]]:
    url = standing.public_url
    match kind:
        case "services":
            yield from (service(held, url) for held in _standards(most))
        case "service_at_locations":
            for held in _standards(most):
                yield from (at_location(held, service_at_location(own), url) for own in held.offerings)
        case "organizations":
            rows = db.session.scalars(sa.select(Agency).order_by(Agency.id).limit(most))
            yield from (organization(row, url) for row in rows)
        case "taxonomy_terms":
            yield from taxonomies.terms()
        case _:
            files = [(table, File(f"{url}/data/{table.name}.csv", "csv")) for table in TABLES]
            yield json.loads(package.written(package.descriptor(standing, files)))


def _graphs(kind: str, standing: Standing, most: int) -> Iterator[tuple[int, list[Node]]]:
    if kind == "catalog":
        yield 1, dcat.catalogue(standing)
        return
    walk = _standards(most)
    while some := list(islice(walk, IN_ONE_GRAPH)):
        yield len(some), [node for held in some for node in cpsv.public_service(held, standing.public_url)]


def _standards(most: int) -> Iterator[Held]:
    return islice(reading.every(Filters()), most)


def _total(kind: str) -> int:
    match kind:
        case "services":
            return reading.count(Filters())
        case "service_at_locations":
            return reading.offerings_page(Filters(), page=1, per_page=1)[0]
        case "organizations":
            return db.session.scalar(sa.select(sa.func.count(Agency.id))) or 0
        case "taxonomy_terms":
            return len(taxonomies.terms())
        case _:
            return 1


def _strict(rules: Any) -> Any:
    """``rules`` that also refuse what they do not name."""
    made = copy.deepcopy(rules)
    waiting = [made]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("type") == "object" and "properties" in one:
                one["additionalProperties"] = False
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return made
