"""What a place may have for its visitors: a fixed vocabulary, and words of its own beside it.

What a service must have for people with disabilities and others who need help follows
UU 25/2009, art. 29, and UU 8/2016 on persons with disabilities; the words are those that
offices use. A place keeps the words themselves, so that whoever reads them needs no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.publishing.filling import faults_of_text

LONGEST = 300
MOST = 100


@dataclass(frozen=True)
class Facility:
    """One thing that is there, with its English, and whether it is for people with disabilities."""

    text: str
    text_en: str | None = None
    accessible: bool = False

    def stored(self) -> dict[str, object]:
        """As a place keeps it."""
        english = {"text_en": self.text_en} if self.text_en else {}
        return {"text": self.text, **english, "accessible": self.accessible}


#: By a code of ours, which stands in forms and nowhere else.
FACILITIES: Mapping[str, Facility] = {
    "ramp": Facility("Jalur landai (ramp) untuk kursi roda", "Wheelchair ramp", True),
    "wheelchair": Facility("Kursi roda yang dapat dipinjam", "Wheelchair to borrow", True),
    "guiding-blocks": Facility("Ubin pemandu bagi penyandang disabilitas netra", "Tactile paving", True),
    "accessible-toilet": Facility("Toilet penyandang disabilitas", "Accessible toilet", True),
    "accessible-parking": Facility("Parkir khusus penyandang disabilitas", "Accessible parking", True),
    "low-counter": Facility("Loket rendah bagi pengguna kursi roda", "Low counter for wheelchairs", True),
    "priority-counter": Facility("Loket prioritas kelompok rentan", "Priority counter", True),
    "priority-seats": Facility("Kursi prioritas", "Priority seats", True),
    "sign-language": Facility("Juru bahasa isyarat", "Sign language interpreter", True),
    "braille": Facility("Informasi dalam huruf braille", "Information in braille", True),
    "audio-queue": Facility("Panggilan antrean bersuara dan berteks", "Spoken and written queue calls", True),
    "lift": Facility("Lift dengan tombol braille dan suara", "Lift with braille and voice", True),
    "companion": Facility("Petugas pendamping penyandang disabilitas", "Staff who assist", True),
    "waiting-room": Facility("Ruang tunggu", "Waiting room"),
    "lactation-room": Facility("Ruang laktasi", "Room for nursing mothers"),
    "play-area": Facility("Ruang bermain anak", "Play area for children"),
    "prayer-room": Facility("Musala", "Prayer room"),
    "toilet": Facility("Toilet", "Toilet"),
    "parking": Facility("Tempat parkir", "Parking"),
    "queue-machine": Facility("Mesin antrean", "Queue machine"),
    "information-desk": Facility("Meja informasi dan pengaduan", "Information and complaints desk"),
    "wifi": Facility("Wi-Fi gratis", "Free Wi-Fi"),
    "photocopy": Facility("Fotokopi", "Photocopier"),
    "bank": Facility("Bank atau ATM", "Bank or ATM"),
    "canteen": Facility("Kantin", "Canteen"),
    "first-aid": Facility("Pertolongan pertama (P3K)", "First aid"),
}


def split(stored: Iterable[Mapping[str, object]]) -> tuple[frozenset[str], list[Facility]]:
    """The codes of what a place keeps, and what it keeps in words that are none of the vocabulary."""
    codes = {facility.text: code for code, facility in FACILITIES.items()}
    known, own = set(), []
    for one in stored:
        text, english = str(one.get("text", "")), one.get("text_en")
        if text in codes:
            known.add(codes[text])
        else:
            own.append(Facility(text, str(english) if english else None, one.get("accessible") is True))
    return frozenset(known), own


def joined(codes: Iterable[str], own: Sequence[Facility]) -> list[dict[str, object]]:
    """What a place keeps of ``codes`` and of its own words, which ``Rejected`` names where they cannot be.

    Codes that are none are passed over; the order is the vocabulary's, own words come last.
    """
    wanted, problems = set(codes), []
    for number, facility in enumerate(own):
        path = f"own[{number}]"
        if not facility.text:
            problems.append(Problem(f"{path}.text", _l("This must be given.")))
        problems += [Problem(f"{path}.text", wrong) for wrong in faults_of_text(facility.text, LONGEST)]
        english = faults_of_text(facility.text_en or "", LONGEST)
        problems += [Problem(f"{path}.text_en", wrong) for wrong in english]
    if len(own) > MOST - len(FACILITIES):
        problems.append(Problem("facilities", _l("There are too many entries.")))
    if problems:
        raise Rejected(problems)
    return [one.stored() for code, one in FACILITIES.items() if code in wanted] + [o.stored() for o in own]
