"""Services of Open Referral (HSDS) as standards of one agency, to be judged like those of a spreadsheet.

A record is known again by its identifier, which becomes that of the standard where it is free: the
same record handed in twice is one standard. What a record does not say stays as it is, and so does
what it says in fewer words than stand here already.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from siapa.document.intake import read_document
from siapa.document.labels import part_name
from siapa.document.referral.losing import there_and_back
from siapa.document.referral.reading import Understood, service_code, understand_service
from siapa.document.standard_document import from_stored, to_json
from siapa.errors import Problem, Rejected
from siapa.locales import LOCALES, Words
from siapa.locales import lazy as _l
from siapa.publishing.slugs import slug_of
from siapa.publishing.spreadsheet.faults import Fault
from siapa.publishing.spreadsheet.layout import KEY, SERVICE
from siapa.publishing.spreadsheet.opening import refusal
from siapa.publishing.spreadsheet.reading import LONGEST_KEY, Handed
from siapa.publishing.spreadsheet.referral_files import AT, Listed, Package, Record, is_package
from siapa.records import Agency

#: What an organization of the file may be for: its services are taken, or (by "") they are not.
TAKEN = "agency"
CURRENCY = "IDR"
#: Services in other states are gone in their own registry, and are not taken.
_STATES = ("active", "temporarily closed")
_ADDRESS = re.compile(r"/standar/[a-z0-9-]{1,100}/([a-z0-9-]{1,100})/?$")


@dataclass
class _OfRecord(Handed):
    """One service as a standard."""

    record: Record = field(default_factory=dict)
    understood: Understood = field(default_factory=Understood)

    def fault_at(self, problem: Problem) -> Fault:
        """The place in the file that ``problem`` of the document comes from."""
        where = self.understood.origin(problem.path)
        row: Any = self.record
        for step in where[:-1]:
            row = row[step]
        column = str(where[-1])
        value = row.get(column)
        file, line = row.get(AT) or self.record[AT]
        is_row = AT in row
        inside = "" if is_row else "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in where[:-1])
        part = re.split(r"[.\[]", problem.path, maxsplit=1)[0]
        name: Words = part_name(part) if part not in (KEY, SERVICE, "") else ""
        shown = f"{column} ({name})" if name else column
        said = value if isinstance(value, str | int | float) else problem.value
        return Fault(file, f"{line}{inside}", problem.message, shown, said)

    def over(self, standing: Mapping[str, Any]) -> dict[str, Any]:
        """The standing document with what the record says otherwise."""
        if not standing:
            return self.raw
        # Refused here, what is wrong is named by its place in the record.
        said = to_json(read_document(self.raw))
        told = [_told(standing, locale) for locale in LOCALES]
        merged = dict(standing)
        for key, value in said.items():
            if not any(one.get(key) == value for one in told):
                merged[key] = value
                merged.pop(f"{key}_en", None)
        return merged


def _told(standing: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """What a reader of HSDS would understand of the standing document in one language."""
    try:
        return to_json(read_document(there_and_back(from_stored(standing), locale)))
    except Rejected:
        return {}  # nothing of it is told well enough to be compared


class ReferralReading:
    """The services of a file that are taken; ``mapping`` says by name of which organizations they are."""

    def __init__(self, content: bytes, mapping: Mapping[str, str] | None, agency: Agency | None) -> None:
        self._agency = agency
        file = Package(content) if is_package(content) else Listed(content)
        heads = [one for one in file.heads() if one.get("status", "active") in _STATES]
        if not heads:
            raise refusal(_l("There is no service in the file."))
        labels = _labels(file.organizations)
        owners = {_owner(one) for one in heads}
        chosen = (
            dict(mapping) if mapping is not None else _guessed(labels, owners, file.organizations, agency)
        )
        self.mapping: dict[str, str] | None = {
            label: TAKEN if chosen.get(label) == TAKEN else ""
            for label in sorted(labels.get(owner, owner) for owner in owners)
        }
        taken = [one for one in heads if self.mapping[labels.get(_owner(one), _owner(one))] == TAKEN]
        self._records = file.whole(taken)
        self.total = len(self._records)

    def handed(self) -> Iterator[Handed]:
        """Each service as a standard."""
        met: set[str] = set()
        claimed = frozenset(self._claimed())
        for record in self._records:
            file, line = record[AT]
            understood = understand_service(record)
            identity = str(record.get("id") or "")
            key = _key(record, identity, met)
            met.add(key)
            one = _OfRecord(
                key, f"{file}!{line}", raw=understood.raw, service=service_code(record), is_partial=True,
                identity=identity, others=claimed, record=record, understood=understood,
            )  # fmt: skip
            if not identity:
                one.faults.append(Fault(file, str(line), _l("This is missing."), "id"))
            one.faults += list(_foreign_money(record))
            yield one

    def _claimed(self) -> Iterator[uuid.UUID]:
        """Every identifier by which a standard may be known as one of these services."""
        for record in self._records:
            if self._agency is not None and (identity := str(record.get("id") or "")):
                yield from (one for one in standard_id(identity, self._agency) if one)


def _key(record: Record, identity: str, met: set[str]) -> str:
    """The last part of the address: as it was in a registry like this one, or of the name."""
    found = _ADDRESS.search(str(record.get("url") or ""))
    key = found[1] if found else slug_of(str(record.get("name") or ""))
    return marked(key, identity) if key in met else key


def marked(key: str, identity: str) -> str:
    """``key``, told apart from others by the identifier of its record."""
    mark = re.sub(r"[^a-z0-9]", "", identity.lower())[:8]
    return f"{key[: LONGEST_KEY - 9]}-{mark}".strip("-")


def _foreign_money(record: Record) -> Iterator[Fault]:
    for place, row in enumerate(record.get("cost_options") or ()):
        currency = row.get("currency") if isinstance(row, dict) else None
        if currency not in (None, "", CURRENCY):
            file, line = row.get(AT) or (record[AT][0], f"{record[AT][1]}.cost_options[{place}]")
            yield Fault(
                file, str(line), _l("Amounts are taken in rupiah only."), "currency", currency, (CURRENCY,)
            )


def _owner(head: Record) -> str:
    organization = head.get("organization")
    known = organization.get("id") if isinstance(organization, dict) else None
    return str(head.get("organization_id") or known or "-")


def _labels(organizations: Mapping[str, Record]) -> dict[str, str]:
    """The names of the organizations, told apart where two have the same."""
    names = [str(one.get("name") or "") for one in organizations.values()]
    return {
        key: name if name and names.count(name) == 1 else f"{name} ({key})".strip()
        for key, name in zip(organizations, names, strict=True)
    }


def _guessed(
    labels: Mapping[str, str], owners: set[str], organizations: Mapping[str, Record], agency: Agency | None
) -> dict[str, str]:
    """Which organization is the agency: by its identifier or name; or the only one there is."""
    if len(owners) == 1:
        only = next(iter(owners))
        return {labels.get(only, only): TAKEN}
    if agency is None:
        return {}
    names = {name.casefold() for name in (agency.name, agency.name_en) if name}
    return {
        labels.get(owner, owner): TAKEN
        for owner in owners
        if owner == str(agency.id) or str(organizations.get(owner, {}).get("name", "")).casefold() in names
    }


def standard_id(identity: str, agency: Agency) -> tuple[uuid.UUID | None, uuid.UUID]:
    """The identifier that a record has itself, if it can be kept, and the one made of it for ``agency``."""
    try:
        own: uuid.UUID | None = uuid.UUID(identity)
    except ValueError:
        own = None
    return own, uuid.uuid5(agency.id, identity)
