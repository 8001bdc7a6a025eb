"""A document for each made standard: plausible, publishable, and with words of its own.

``make_document`` gives the canonical content (as ``to_json`` does). It follows from the
seed and the number of the standard alone, so that several processes can make them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from siapa.publishing.generating import phrases
from siapa.publishing.generating.chance import Chance
from siapa.publishing.generating.marks import SAMPLE, SAMPLE_EN
from siapa.publishing.generating.profiles import Profile, rounded
from siapa.publishing.generating.services import Kind
from siapa.publishing.generating.things import ANYWHERE, THINGS_OF
from siapa.publishing.generating.world import MadeAgency

Content = dict[str, Any]

#: The days from which standards are in force: three years of them.
FIRST_DAY, DAYS = date(2023, 1, 2), 1_095
#: Hosts under ``.example`` (RFC 2606) and an area code that is none: nobody can be reached by them.
HOST = "contoh.example"
PHONE = "0000"


#: How many of the things named are of the service's category.
FITTING = 0.8
#: A district with or without the word.
DISTRICT = ("Kecamatan ", "Kecamatan ", "", "wilayah ")


class Words(dict[str, str]):
    """What is put into the placeholders of a phrase: some fixed, some drawn anew each time."""

    def __init__(self, chance: Chance, agency: MadeAgency, service: str, category: str) -> None:
        super().__init__(
            region=agency.region.name, service=service,
            kecamatan=f"{chance.one(DISTRICT)}{chance.one(agency.districts)}",
            building=f"{chance.one(phrases.HOUSES)} {chance.one(phrases.BUILDINGS)}",
        )  # fmt: skip
        self.chance = chance
        self.things = THINGS_OF.get(category, ANYWHERE)

    def __missing__(self, name: str) -> str:
        chance = self.chance
        match name:
            case "thing":
                return chance.one(self.things if chance.happens(FITTING) else ANYWHERE)
            case "few":
                return str(chance.between(2, 6))
            case "gate" | "floor":
                return str(chance.between(1, 9))
            case "room":
                return str(chance.between(101, 499))
            case "code":
                return f"{chr(65 + chance.below(26))}-{chance.between(10, 999)}"
            case "year":
                return str(chance.between(2021, 2025))
            case "age":
                return str(chance.one((17, 18, 21)))
            case "seats":
                return chance.one(phrases.SEATS)
            case "colour":
                return chance.one(phrases.COLOURS)
            case "size":
                return chance.one(phrases.SIZES)
        raise KeyError(name)

    def put(self, phrase: str) -> str:
        """``phrase`` with its placeholders filled."""
        return phrase.format_map(self) if "{" in phrase else phrase


def make_document(
    chance: Chance, agency: MadeAgency, kind: Kind, profile: Profile, *, before: int
) -> Content:
    """The content of one standard; ``before`` it the agency has that many for this service."""
    service = kind.name.removesuffix(f" {SAMPLE}")
    named = service if service[:2].isupper() else f"{service[:1].lower()}{service[1:]}"
    words = Words(chance, agency, named, kind.category)
    effective = FIRST_DAY + timedelta(days=chance.below(DAYS))
    content: Content = {
        "title": _title(chance, agency, service, before),
        "title_en": kind.name_en.removesuffix(f" {SAMPLE_EN}"),
        "summary": _sentence(words.put(chance.one(phrases.SUMMARIES))),
        "channels": _channels(chance, agency),
        "decree": _decree(chance, agency, effective),
        "effective_from": effective.isoformat(),
        "review_due": (effective + timedelta(days=365 * chance.between(1, 5))).isoformat(),
        "requirements": _requirements(words, profile),
        "procedure": _procedure(words, profile),
        "processing_time": _processing_time(words, profile),
        "fees": _fees(words, profile),
        "products": _products(words, profile),
        "complaint_handling": _complaints(words, agency),
    }
    if chance.happens(0.6):
        content["audience"] = words.put(chance.one(phrases.AUDIENCES))
    if chance.happens(0.3):
        content["keywords"] = chance.some(words.things, chance.between(1, 3))
    _add_management(content, words)
    return content


def _title(chance: Chance, agency: MadeAgency, service: str, before: int) -> str:
    """The first of an agency is called after its service; each further one after another district."""
    if before == 0:
        return f"{service} {agency.region.name}" if chance.happens(0.3) else service
    round_, district = divmod(before - 1, len(agency.districts))
    desk = f" Loket {round_ + 1}" if round_ else ""
    return f"{service} di Kecamatan {agency.districts[district]}{desk}"


def _channels(chance: Chance, agency: MadeAgency) -> list[Content]:
    channels: list[Content] = [{"kind": "counter"}]
    if chance.happens(0.35):
        channels.append({"kind": "online", "url": f"https://layanan-{agency.region.code}.{HOST}/"})
    if chance.happens(0.1):
        channels.append({"kind": "mobile", "note": f"Keliling {chance.one(agency.districts)}"})
    return channels


def _decree(chance: Chance, agency: MadeAgency, effective: date) -> Content:
    day = effective - timedelta(days=chance.between(1, 40))
    number = f"{chance.between(1, 999)}/{chance.between(1, 99)}/CONTOH/{day.year}"
    return {"number": number, "date": day.isoformat(), "signatory": f"Pimpinan {agency.name}"}


def _requirements(words: Words, profile: Profile) -> list[Content]:
    chance = words.chance
    papers = [*profile.papers, *chance.some(phrases.PAPERS, chance.between(3, 5))]
    made: list[Content] = []
    for paper in papers:
        requirement: Content = {"text": words.put(paper), "kind": "document"}
        if chance.happens(0.25):
            requirement["original"] = chance.happens(0.5)
        if chance.happens(0.25):
            requirement["copies"] = chance.between(1, 3)
        made.append(requirement)
    for text, case in chance.some(phrases.CONDITIONS, chance.below(3)):
        condition: Content = {"text": words.put(text), "kind": "condition"}
        if case:
            condition["applies_when"] = words.put(case)
        made.append(condition)
    return made


def _procedure(words: Words, profile: Profile) -> list[Content]:
    chance = words.chance
    steps = []
    is_free = profile.fee_kind == "free"
    possible = [at for at, (text, _) in enumerate(phrases.STEPS) if not (is_free and text == phrases.PAYING)]
    chosen = sorted(chance.some(possible, chance.between(4, 6)))
    for text, actor in (phrases.STEPS[place] for place in chosen):
        step: Content = {"text": words.put(text), "actor": actor}
        if chance.happens(0.3):
            step["duration"] = {"amount": 5 * chance.between(1, 12), "unit": "minute"}
        steps.append(step)
    return steps


def _processing_time(words: Words, profile: Profile) -> list[Content]:
    chance = words.chance
    usual = max(1, round(profile.usual_amount * (0.7 + 0.6 * chance.next())))
    first: Content = {"amount_max": usual, "unit": profile.unit}
    if chance.happens(0.5):
        first["counted_from"] = words.put(chance.one(phrases.COUNTED_FROM))
    if usual > 2 and chance.happens(0.2):
        first["amount_min"] = usual // 2
    if not chance.happens(0.25):
        return [first]
    usual_case, other_case = chance.some(phrases.CASES, 2)
    first["case"] = words.put(usual_case)
    return [first, {"amount_max": 2 * usual, "unit": profile.unit, "case": words.put(other_case)}]


def _fees(words: Words, profile: Profile) -> Content:
    chance = words.chance
    if profile.fee_kind == "free":
        return {"fee_kind": "free", "lines": []}
    amount = rounded(profile.usual_fee * (0.6 + 0.9 * chance.next()))
    if profile.fee_kind == "formula":
        line = {
            "label": words.put(chance.one(phrases.FEE_LABELS)),
            "note": words.put(chance.one(phrases.FEE_NOTES)),
        }
        return {"fee_kind": "formula", "lines": [line]}
    lines = []
    count = 1 + chance.below(2) if profile.fee_kind == "fixed" else chance.between(2, 5)
    for place, label in enumerate(chance.some(phrases.FEE_LABELS, count)):
        line_: Content = {"label": words.put(label), "amount_idr": amount * (place + 1)}
        if chance.happens(0.4):
            line_["unit"] = chance.one(phrases.FEE_UNITS)
        lines.append(line_)
    return {"fee_kind": profile.fee_kind, "lines": lines}


def _products(words: Words, profile: Profile) -> list[Content]:
    chance = words.chance
    product: Content = {"name": words.put(profile.products[0])}
    if chance.happens(0.5):
        product["validity"] = words.put(chance.one(phrases.VALIDITIES))
    return [product, {"name": words.put(profile.products[1])}] if chance.happens(0.25) else [product]


def _complaints(words: Words, agency: MadeAgency) -> Content:
    chance = words.chance
    every: list[Content] = [
        {"kind": "desk", "value": f"{words['building']}, loket {words['gate']}"},
        {"kind": "phone", "value": f"({PHONE}) {chance.between(100_000, 999_999)}"},
        {"kind": "email", "value": f"pengaduan-{agency.region.code}@{HOST}"},
        {"kind": "web", "value": f"https://aduan-{agency.region.code}.{HOST}/"},
        {"kind": "sp4n_lapor", "value": "https://www.lapor.go.id"},
    ]
    return {
        "text": words.put(chance.one(phrases.COMPLAINTS)),
        "channels": chance.some(every, chance.between(1, 3)),
    }


def _add_management(content: Content, words: Words) -> None:
    """The eight components that an agency owes itself: some agencies say all, some hardly any."""
    chance = words.chance
    care = 0.35 + 0.6 * chance.next()
    if chance.happens(care):
        content["legal_bases"] = _legal_bases(words)
    if chance.happens(care):
        content["facilities"] = _facilities(words)
    for component, said in (
        ("staff_competence", phrases.COMPETENCES),
        ("internal_supervision", phrases.SUPERVISIONS),
        ("service_guarantee", phrases.GUARANTEES),
        ("safety_guarantee", phrases.SAFETIES),
        ("performance_evaluation", phrases.EVALUATIONS),
    ):
        if chance.happens(care):
            content[component] = words.put(chance.one(said))
    if chance.happens(care):
        content["staff_count"] = {"count": chance.between(2, 40)}


def _legal_bases(words: Words) -> list[Content]:
    chance = words.chance
    bases: list[Content] = [
        {"title": title, "type": kind, "number": number, "year": year}
        for kind, number, year, title in chance.some(phrases.LAWS, chance.between(1, 2))
    ]
    for kind, title in chance.some(phrases.LOCAL_RULES, chance.between(1, 2)):
        number = f"{chance.between(1, 120)}/CONTOH"
        base = {"title": words.put(title), "type": kind, "number": number, "year": chance.between(2012, 2024)}
        bases.append(base)
    return bases


def _facilities(words: Words) -> list[Content]:
    chance = words.chance
    made = []
    for text, accessible in chance.some(phrases.FACILITIES, chance.between(2, 4)):
        facility: Content = {"text": words.put(text)}
        if accessible:
            facility["accessible"] = True
        made.append(facility)
    return made


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
