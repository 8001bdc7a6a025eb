"""What is understood of a service of HSDS: a document as it was handed in, still to be checked by ``intake``.

What a registry like this one wrote is understood in full; of others what stands in the fields of
HSDS. What a text of others does not say for certain is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from siapa.document.labels import COMPLAINT_CHANNEL_KIND_NAMES, say_duration
from siapa.document.referral.marked import understand, understand_behind
from siapa.document.referral.saying import CONDITION, TEXTS
from siapa.document.standard_document import COMPONENTS, UNITS, Duration
from siapa.locales import LOCALES, gettext, using

Record = Mapping[str, Any]
#: Where in a record something stands: names and places in lists.
Where = tuple[str | int, ...]
_STEP = re.compile(r"^\s*\d{1,3}[.)]\s+")
_LAW = re.compile(r"(?P<type>.+?) Nomor (?P<number>.+?) Tahun (?P<year>\d{4}) tentang (?P<title>.+)")
_SPAN = r"(?:(?P<least>[\d.,]+)-)?(?P<most>[\d.,]+) (?P<unit>{units})"


@dataclass
class Understood:
    """A document as it was handed in, and where in the record each part of it stood."""

    raw: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Where] = field(default_factory=dict)

    def put(self, path: str, value: Any, *where: str | int) -> None:
        """Let the document hold ``value`` at ``path``, its name, if there is one."""
        if value not in (None, "", []):
            self.raw[path] = value
            self.origins[path] = where

    def origin(self, path: str) -> Where:
        """Where what stands at ``path`` of the document stood in the record."""
        while path:
            if path in self.origins:
                return self.origins[path]
            cut = max(path.rfind("."), path.rfind("["))
            path = path[: max(cut, 0)]
        return ("name",)


def understand_service(record: Record) -> Understood:
    """The document that ``record``, a service with its parts, tells of."""
    found = Understood()
    title = _text(record.get("name"))
    found.put("title", title, "name")
    found.put("summary", _description(record, title), "description")
    _put_requirements(found, record)
    steps = [_STEP.sub("", line).strip() for line in _lines(record.get("application_process"))]
    found.put("procedure", [{"text": step} for step in steps if step], "application_process")
    _put_fees(found, record)
    for place, key, value in components(record):
        found.put(key, _COMPONENTS[key](value), "attributes", place, "value")
    if "complaint_handling" not in found.raw:
        _put_complaints(found, record)
    return found


def components(record: Record) -> Iterator[tuple[int, str, str]]:
    """The attributes of ``record`` that are components of the law: their place, component and value."""
    for place, attribute in enumerate(_rows(record.get("attributes"))):
        term = attribute.get("taxonomy_term")
        code = term.get("code") if isinstance(term, Mapping) else None
        value = _text(attribute.get("value"))
        if attribute.get("link_type") == "component" and code in _COMPONENTS and value:
            yield place, str(code), value


def service_code(record: Record) -> str | None:
    """The code of the national service that ``record`` belongs to, if it names one."""
    for attribute in _rows(record.get("attributes")):
        term = attribute.get("taxonomy_term")
        if attribute.get("link_type") == "service" and isinstance(term, Mapping):
            return _text(term.get("code"))
    return None


def _description(record: Record, title: str | None) -> str | None:
    """What the record says of itself, unless that is only its name again (HSDS wants a text there)."""
    said = _text(record.get("description"))
    owner = record.get("organization")
    whose = _text(owner.get("name")) if isinstance(owner, Mapping) else None
    return None if said in (title, f"{title}, {whose}") else said


def _put_requirements(found: Understood, record: Record) -> None:
    requirements: list[dict[str, Any]] = []
    audience = []
    for place, row in enumerate(_rows(record.get("required_documents"))):
        if text := _text(row.get("document")):
            found.origins[f"requirements[{len(requirements)}]"] = ("required_documents", place, "document")
            found.origins[f"requirements[{len(requirements)}].form_url"] = (
                "required_documents", place, "uri",
            )  # fmt: skip
            form = {"form_url": row["uri"]} if row.get("uri") else {}
            requirements.append({"kind": "document", **_requirement(text), **form})
    for line in _lines(record.get("eligibility_description")):
        if line.startswith(CONDITION):
            found.origins[f"requirements[{len(requirements)}]"] = ("eligibility_description",)
            requirements.append({"kind": "condition", **_requirement(line.removeprefix(CONDITION))})
        else:
            audience.append(line)
    found.put("audience", "\n".join(audience), "eligibility_description")
    found.put("requirements", requirements, "required_documents")


def _requirement(text: str) -> dict[str, Any]:
    said, marks = understand_behind(text)
    made: dict[str, Any] = {"text": said}
    if "attendance" in marks:
        made["kind"] = "attendance"
    if "original" in marks:
        made["original"] = True
    if "copies" in marks:
        made["copies"] = _number(marks["copies"])
    if "case" in marks:
        made["applies_when"] = marks["case"]
    return made


def _put_fees(found: Understood, record: Record) -> None:
    text = _lines(record.get("fees_description"))
    is_free = bool(text) and text[0].strip(" .").casefold() in _free()
    lines: list[dict[str, Any]] = []
    for place, row in enumerate(_rows(record.get("cost_options"))):
        if is_free and _text(row.get("option")) in (None, *_said_free()):
            continue  # that it is free is all that this says
        where = ("cost_options", place)
        found.origins[f"fees.lines[{len(lines)}]"] = (*where, "option")
        found.origins[f"fees.lines[{len(lines)}].amount_idr"] = (*where, "amount")
        lines.append(_fee_line(row, is_free=is_free))
    if is_free:
        found.put("fees", {"fee_kind": "free"} | ({"lines": lines} if lines else {}), "fees_description")
    elif lines and all(line.get("amount_idr") == 0 for line in lines):
        # Of others: nothing to pay is an amount of nought there.
        told = [{k: v for k, v in line.items() if k != "amount_idr"} for line in lines]
        found.put("fees", {"fee_kind": "free", "lines": [line for line in told if line]}, "cost_options")
    elif lines:
        stated = [line for line in lines if "amount_idr" in line]
        kind = "formula" if not stated else "fixed" if len(lines) == 1 else "tariff_table"
        found.put("fees", {"fee_kind": kind, "lines": lines}, "cost_options")


def _fee_line(row: Record, *, is_free: bool) -> dict[str, Any]:
    label, said = understand(_text(row.get("option")) or "")
    _rest, more = understand(_text(row.get("amount_description")) or "")
    made: dict[str, Any] = {"label": label} if label else {}
    made |= {name: value for name, value in said.items() if name in ("case", "note")}
    made |= {name: value for name, value in more.items() if name in ("unit", "legal_basis", "basis_note")}
    if _rest and "note" not in made:
        made["note"] = _rest
    amount = _whole(row.get("amount"))
    if amount not in (None, "") and not (is_free and amount == 0):
        made["amount_idr"] = amount
    return made


def _whole(amount: Any) -> Any:
    """An amount as a whole number, where it is one; tables hold it as text."""
    if isinstance(amount, str) and re.fullmatch(r"\d{1,15}(?:\.0+)?", amount.strip()):
        return int(float(amount))
    return int(amount) if isinstance(amount, float) and amount.is_integer() else amount


def _put_complaints(found: Understood, record: Record) -> None:
    """Of others, whom to call: the telephones and addresses of the service's contacts."""
    channels = []
    for contact in _rows(record.get("contacts")):
        channels += [{"kind": "phone", "value": number} for number in _numbers(contact)]
        if email := _text(contact.get("email")):
            channels.append({"kind": "email", "value": email})
    unique = {(one["kind"], one["value"]): one for one in channels}
    if unique:
        found.put("complaint_handling", {"channels": list(unique.values())}, "contacts")


def _numbers(contact: Record) -> list[str]:
    said = (_text(phone.get("number")) for phone in _rows(contact.get("phones")))
    return [number for number in said if number]


def _limits(text: str) -> list[dict[str, Any]]:
    limits = []
    for line in _lines(text):
        said, marks = understand_behind(line)
        match = _span().fullmatch(said)
        if match is None:
            continue  # a promise that is not understood is none
        limit: dict[str, Any] = {"amount_max": _number(match["most"]), "unit": _units()[match["unit"]]}
        if match["least"]:
            limit["amount_min"] = _number(match["least"])
        if match["case"]:
            limit["case"] = match["case"]
        if "counted_from" in marks:
            limit["counted_from"] = marks["counted_from"]
        limits.append(limit)
    return limits


def _products(text: str) -> list[dict[str, Any]]:
    made = [understand_behind(line) for line in _lines(text)]
    return [{"name": name} | ({"validity": m["validity"]} if "validity" in m else {}) for name, m in made]


def _laws(text: str) -> list[dict[str, Any]]:
    made = []
    for line in _lines(text):
        match = _LAW.fullmatch(line)
        made.append({**match.groupdict(), "year": int(match["year"])} if match else {"title": line})
    return made


def _facilities(text: str) -> list[dict[str, Any]]:
    made = [understand_behind(line) for line in _lines(text)]
    return [{"text": said} | ({"accessible": True} if "accessible" in m else {}) for said, m in made]


def _complaints(text: str) -> dict[str, Any]:
    said, channels = [], []
    for line in _lines(text):
        name, _colon, value = line.partition(": ")
        if value and name in _channel_kinds():
            channels.append({"kind": _channel_kinds()[name], "value": value})
        else:
            said.append(line)
    return ({"text": "\n".join(said)} if said else {}) | {"channels": channels}


def _staff(text: str) -> dict[str, Any]:
    first, _break, rest = text.partition("\n")
    if first.isdecimal():
        return {"count": int(first)} | ({"note": rest} if rest else {})
    return {"note": text}


_COMPONENTS: Mapping[str, Callable[[str], Any]] = {
    "processing_time": _limits,
    "products": _products,
    "legal_bases": _laws,
    "facilities": _facilities,
    "complaint_handling": _complaints,
    "staff_count": _staff,
    **dict.fromkeys(TEXTS, str),
}
assert set(_COMPONENTS) < set(COMPONENTS), "each is a component of the law"


def _rows(value: object) -> list[Record]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _lines(value: object) -> list[str]:
    return [line.strip() for line in (_text(value) or "").splitlines() if line.strip()]


def _number(said: str) -> int | str:
    """A number as it is written in either language; what is none stays for ``intake`` to refuse."""
    plain = said.replace(".", "").replace(",", "")
    return int(plain) if plain.isdecimal() and len(plain) < 16 else said


@cache
def _units() -> dict[str, Any]:
    """Every word for a unit of time, in the singular and the plural, in every language."""
    found = {}
    for locale in LOCALES:
        with using(locale):
            for unit in UNITS:
                for amount in (1, 2):
                    found[say_duration(Duration(amount, unit)).partition(" ")[2]] = unit
    return found


@cache
def _span() -> re.Pattern[str]:
    units = "|".join(sorted(map(re.escape, _units()), key=len, reverse=True))
    return re.compile(rf"(?:(?P<case>.+): )?{_SPAN.format(units=units)}")


@cache
def _channel_kinds() -> dict[str, str]:
    found: dict[str, str] = {}
    for locale in LOCALES:
        with using(locale):
            found |= {str(words): kind for kind, words in COMPLAINT_CHANNEL_KIND_NAMES.items()}
    return found


@cache
def _said_free() -> frozenset[str]:
    said = set()
    for locale in LOCALES:
        with using(locale):
            said.add(gettext("Free"))
    return frozenset(said)


@cache
def _free() -> frozenset[str]:
    return frozenset(
        word.casefold() for word in (*_said_free(), "free of charge", "no charge", "no cost", "none")
    )
