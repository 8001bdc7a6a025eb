"""Names of districts that do not exist, made of syllables: each region has some of its own."""

from __future__ import annotations

from siapa.publishing.generating.chance import Chance

FIRST = (
    "Kan", "Lam", "Won", "Tana", "Suka", "Mar", "Pan", "Bela", "Kolo", "Ranu", "Sina", "Tiro", "Wawo", "Mata",
    "Gunu", "Rawa", "Balo", "Ciku", "Kedu", "Nga", "Pasi", "Lebo", "Tobe", "Muna", "Sawe", "Karo", "Bung",
    "Lido",
    "Wata", "Sembu", "Tala", "Jati", "Para", "Moro", "Singa", "Lawe", "Toma", "Bato", "Kale", "Rinu",
)  # fmt: skip
MIDDLE = ("", "la", "ra", "nu", "bi", "to", "se", "ma", "ko", "wi")
LAST = (
    "dis", "bula", "rejo", "sari", "mulya", "gading", "pura", "tani", "wali", "nggu", "jaya", "makmur",
    "tongke",
    "lestu", "buru", "hoa", "rante", "simbo", "tinggi", "kiri", "lolo", "wangi", "pasar", "dewa", "batu",
    "nari",
    "kembo", "lau", "riang", "gata",
)  # fmt: skip
SIDES = ("", "", "", "", "Utara", "Selatan", "Timur", "Barat", "Tengah", "Hulu", "Hilir")


def districts(seed: int, region: str) -> tuple[str, ...]:
    """The districts that ``region`` is said to have: 8 to 24 different ones."""
    chance = Chance(f"districts/{seed}/{region}")
    wanted = chance.between(8, 24)
    names: dict[str, None] = {}
    while len(names) < wanted:
        name = chance.one(FIRST) + chance.one(MIDDLE) + chance.one(LAST)
        names[f"{name} {chance.one(SIDES)}".strip()] = None
    return tuple(names)
