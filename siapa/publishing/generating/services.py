"""National services for the made standards: those the registry knows, and made-up ones up to 400."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from siapa.publishing.generating.marks import SAMPLE, SAMPLE_EN
from siapa.publishing.generating.service_words import FIELDS
from siapa.records import seed_id

#: How many there are in all, as in the measurements the search was designed by.
SERVICES = 400


@dataclass(frozen=True)
class MadeService:
    """One service that does not exist."""

    id: uuid.UUID
    code: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    agency_kind: str
    category: str
    life_event: str
    #: Pairs of locale and words.
    aliases: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kind:
    """What a standard can be for: the service, known or made, as far as documents need it."""

    id: uuid.UUID
    code: str
    name: str
    name_en: str
    category: str


def made_services(count: int) -> list[MadeService]:
    """``count`` services, spread evenly over the categories; always the same."""
    by_category = zip_longest(*(list(_of_category(category)) for category in FIELDS))
    every = [service for row in by_category for service in row if service is not None]
    if count > len(every):
        raise ValueError(f"there are words for {len(every)} services, {count} were asked for")
    return every[:count]


def _of_category(category: str) -> Iterator[MadeService]:
    field = FIELDS[category]
    pairs = [(act, thing) for thing in field.things for act in field.acts]
    for number, ((act, act_en), (thing, thing_en)) in enumerate(pairs, 1):
        code = f"CONTOH-{category.upper()}-{number}"[:40]
        yield MadeService(
            id=seed_id("service", code),
            code=code,
            name=f"{act} {thing} {SAMPLE}",
            name_en=f"{act_en} {thing_en} {SAMPLE_EN}",
            summary=f"Layanan contoh buatan, bukan layanan yang sebenarnya: {act.lower()} {thing}.",
            summary_en=f"A made-up sample, not a real service: {act_en[0].lower()}{act_en[1:]} {thing_en}.",
            agency_kind=field.agency_kind,
            category=category,
            life_event=field.life_event,
            aliases=_aliases(act, act_en, thing, thing_en),
        )


def _aliases(act: str, act_en: str, thing: str, thing_en: str) -> tuple[tuple[str, str], ...]:
    first, first_en = act.split()[0].lower(), act_en.split()[0].lower()
    words = {
        ("id", f"urus {first} {thing}"),
        ("id", f"bikin {first} {thing}"),
        ("id", f"syarat {first} {thing}"),
        ("en", f"{thing_en} {first_en}"),
    }
    return tuple(sorted(words))
