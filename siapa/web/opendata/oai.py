"""OAI-PMH 2.0 (``/oai``): libraries and repositories harvest the standards, and what has ended with them.

http://www.openarchives.org/OAI/openarchivesprotocol.html: faults are told in the answer, whose
status is 200 all the same. Deleted records are persistent, moments are to the second.
"""

from __future__ import annotations

import base64
import binascii
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from flask import Blueprint, Response, current_app, request

from siapa.config import Config
from siapa.opendata import oai as harvest
from siapa.opendata.oai import Item, Wanted
from siapa.records import now
from siapa.web.opendata.dissemination import FORMATS

oai = Blueprint("oai", __name__)

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = f"{NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_SELECTS = frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"})
#: What each verb takes.
ARGUMENTS: dict[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    "ListIdentifiers": _SELECTS,
    "ListRecords": _SELECTS,
}


class Fault(Exception):
    """An error of the protocol: its code, and a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Going:
    """Where a list goes on: what was asked, after which record, and how many came before."""

    prefix: str
    wanted: Wanted
    after: uuid.UUID
    cursor: int

    def token(self) -> str:
        """As the harvester sends it back."""
        wanted = self.wanted
        told = [self.prefix, wanted.from_at, wanted.until_at, wanted.set_spec, self.after, self.cursor]
        return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")


@oai.route("/oai", methods=["GET", "POST"])
def answer() -> Response:
    """One request of the protocol, by GET or by POST."""
    given = request.args if request.method == "GET" else request.form
    root = Element("OAI-PMH", {"xmlns": NAMESPACE, "xmlns:xsi": XSI, "xsi:schemaLocation": SCHEMA})
    SubElement(root, "responseDate").text = written(now())
    asked = SubElement(root, "request")
    asked.text = f"{_config().public_url}/oai"
    try:
        arguments = _checked({name: given.getlist(name) for name in given})
        verb = arguments.pop("verb")
        body = Element(verb)
        VERBS[verb](body, arguments)
        root.append(body)
        asked.attrib.update({"verb": verb, **arguments})
    except Fault as fault:
        SubElement(root, "error", {"code": fault.code}).text = str(fault)
        if fault.code not in ("badVerb", "badArgument"):
            asked.attrib.update({name: value for name in given if (value := given[name])})
    content = tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(content, mimetype="text/xml")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _checked(given: Mapping[str, list[str]]) -> dict[str, str]:
    """The arguments, each once and each one that the verb takes."""
    if len(given.get("verb", ())) != 1 or given["verb"][0] not in ARGUMENTS:
        raise Fault("badVerb", "Say one verb: " + ", ".join(ARGUMENTS))
    for name, values in given.items():
        if name != "verb" and name not in ARGUMENTS[given["verb"][0]]:
            raise Fault("badArgument", f"{given['verb'][0]} does not take {name[:40]!r}")
        if len(values) != 1:
            raise Fault("badArgument", f"{name[:40]!r} stands more than once")
    if "resumptionToken" in given and len(given) > 2:
        raise Fault("badArgument", "resumptionToken stands alone")
    return {name: values[0] for name, values in given.items()}


def _identify(body: Element, _arguments: Mapping[str, str]) -> None:
    config = _config()
    earliest = harvest.earliest()
    for name, text in (
        ("repositoryName", "SIAPA"),
        ("baseURL", f"{config.public_url}/oai"),
        ("protocolVersion", "2.0"),
        ("adminEmail", config.mail_sender or f"siapa@{_host()}"),
        ("earliestDatestamp", written(earliest or now())),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        SubElement(body, name).text = text


def _list_formats(body: Element, arguments: Mapping[str, str]) -> None:
    if "identifier" in arguments:
        _item(arguments["identifier"])
    for prefix, form in FORMATS.items():
        told = SubElement(body, "metadataFormat")
        SubElement(told, "metadataPrefix").text = prefix
        SubElement(told, "schema").text = form.schema
        SubElement(told, "metadataNamespace").text = form.namespace


def _list_sets(body: Element, arguments: Mapping[str, str]) -> None:
    after = _slug_in(arguments["resumptionToken"]) if "resumptionToken" in arguments else ""
    found, goes_on = harvest.sets(after)
    if not found:
        raise Fault("badResumptionToken", "Nothing follows this token")
    for agency in found:
        told = SubElement(body, "set")
        SubElement(told, "setSpec").text = agency.slug
        SubElement(told, "setName").text = agency.name
    if goes_on:
        SubElement(body, "resumptionToken").text = base64.urlsafe_b64encode(found[-1].slug.encode()).decode()
    elif after:
        SubElement(body, "resumptionToken")


def _get_record(body: Element, arguments: Mapping[str, str]) -> None:
    for name in ("identifier", "metadataPrefix"):
        if name not in arguments:
            raise Fault("badArgument", f"Say {name}")
    item = _item(arguments["identifier"])
    _demand_format(arguments["metadataPrefix"])
    _record(body, item, arguments["metadataPrefix"])


def _list_records(body: Element, arguments: Mapping[str, str]) -> None:
    _list(body, arguments, lambda item, prefix: _record(body, item, prefix))


def _list_identifiers(body: Element, arguments: Mapping[str, str]) -> None:
    _list(body, arguments, lambda item, _prefix: _header(body, item))


def _list(body: Element, arguments: Mapping[str, str], tell: Callable[[Item, str], None]) -> None:
    going = _going(arguments["resumptionToken"]) if "resumptionToken" in arguments else None
    prefix, wanted = (going.prefix, going.wanted) if going else _wanted(arguments)
    found, goes_on = harvest.items(wanted, going.after if going else None)
    if not found and going is None:
        raise Fault("noRecordsMatch", "There is no such record")
    for item in found:
        tell(item, prefix)
    cursor = going.cursor if going else 0
    if goes_on:
        follows = Going(prefix, wanted, found[-1].id, cursor + len(found))
        SubElement(body, "resumptionToken", {"cursor": str(cursor)}).text = follows.token()
    elif going is not None:
        SubElement(body, "resumptionToken", {"cursor": str(cursor)})


def _wanted(arguments: Mapping[str, str]) -> tuple[str, Wanted]:
    """What a list is asked for when it begins; what changes after this moment is for the next harvest."""
    if "metadataPrefix" not in arguments:
        raise Fault("badArgument", "Say metadataPrefix")
    _demand_format(arguments["metadataPrefix"])
    begins, ends = arguments.get("from"), arguments.get("until")
    if begins and ends and len(begins) != len(ends):
        raise Fault("badArgument", "from and until have the same granularity")
    from_at = _moment(begins, is_end=False) if begins is not None else None
    until_at = _moment(ends, is_end=True) if ends is not None else None
    if from_at and until_at and from_at > until_at:
        raise Fault("badArgument", "from lies after until")
    wanted = Wanted(from_at, min(until_at, now()) if until_at else now(), arguments.get("set"))
    return arguments["metadataPrefix"], wanted


def _moment(text: str, *, is_end: bool) -> datetime:
    """A day or a second; as an end its last moment."""
    try:
        if _DAY.fullmatch(text):
            begins = datetime.combine(datetime.fromisoformat(text).date(), time.min, UTC)
            return begins + timedelta(days=1, microseconds=-1) if is_end else begins
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment + timedelta(microseconds=999_999) if is_end else moment
    except (ValueError, OverflowError):
        pass
    raise Fault("badArgument", "Write a moment like 2026-01-31 or 2026-01-31T08:00:00Z")


def _going(token: str) -> Going:
    try:
        padded = token + "=" * (-len(token) % 4)
        prefix, from_at, until_at, set_spec, after, cursor = orjson.loads(
            base64.b64decode(padded, altchars=b"-_", validate=True)
        )
        moments = [datetime.fromisoformat(one) if one else None for one in (from_at, until_at)]
        if prefix not in FORMATS or not isinstance(cursor, int) or not isinstance(set_spec, str | None):
            raise ValueError
        if any(one is not None and one.tzinfo is None for one in moments):
            raise ValueError
        return Going(prefix, Wanted(moments[0], moments[1], set_spec), uuid.UUID(after), cursor)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise Fault("badResumptionToken", "This token was not given out here") from None


def _slug_in(token: str) -> str:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        raise Fault("badResumptionToken", "This token was not given out here") from None


def _demand_format(prefix: str) -> None:
    if prefix not in FORMATS:
        raise Fault("cannotDisseminateFormat", "There is " + ", ".join(FORMATS))


def _item(identifier: str) -> Item:
    start = f"oai:{_host()}:"
    try:
        if identifier.startswith(start) and (
            found := harvest.item(uuid.UUID(identifier.removeprefix(start)))
        ):
            return found
    except ValueError:
        pass
    raise Fault("idDoesNotExist", "There is no such record")


def _record(body: Element, item: Item, prefix: str) -> None:
    record = SubElement(body, "record")
    _header(record, item)
    if item.held is not None:
        SubElement(record, "metadata").append(FORMATS[prefix].write(item.held, _config().public_url))


def _header(parent: Element, item: Item) -> None:
    header = SubElement(parent, "header", {} if item.held else {"status": "deleted"})
    SubElement(header, "identifier").text = f"oai:{_host()}:{item.id}"
    SubElement(header, "datestamp").text = written(item.changed_at)
    SubElement(header, "setSpec").text = item.set_spec


def written(moment: datetime) -> str:
    """A moment as the protocol writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _config() -> Config:
    config: Config = current_app.config["SIAPA"]
    return config


def _host() -> str:
    """The registry's name in identifiers; a bare address of a machine has a name of its own there."""
    host = urlsplit(_config().public_url).hostname or "localhost"
    return (
        host
        if re.fullmatch(r"[a-zA-Z][a-zA-Z0-9\-]*(\.[a-zA-Z][a-zA-Z0-9\-]*)+", host)
        else "siapa.localhost"
    )


VERBS: dict[str, Callable[[Element, dict[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}
