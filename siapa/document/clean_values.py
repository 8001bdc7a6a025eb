"""Single values from outside, cleaned or refused with a sentence.

Each function takes anything at all and either returns the one form we keep or
raises ``Unfit``. Lengths are looked at before anything is done to a text, so
that no hostile value costs more than reading its length.
"""

from __future__ import annotations

import datetime
import math
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from siapa.locales import Words
from siapa.locales import lazy as _l

FIRST_YEAR, LAST_YEAR = 1945, 2100
URL_LENGTH = 500

#: Left by word processors and web pages; they show nothing and break comparison.
_INVISIBLE = re.compile("[\u00ad\u200b\ufeff]")
_LINE_BREAK = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_SPACES = re.compile(r"\s+")
#: Control characters, lone surrogates, marks that turn the reading direction, non-characters.
_REFUSED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_LINK = re.compile(r"[a-z][a-z0-9+.-]{0,30}://|(?:javascript|data|vbscript):", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9(][0-9 ().\-/]*")


class Unfit(Exception):
    """The value cannot be kept; ``message`` says why and what would do."""

    def __init__(self, message: Words) -> None:
        super().__init__(message)
        self.message = message


def text(value: object, *, longest: int, shortest: int = 1, lines: bool = False) -> str:
    """``value`` trimmed and in NFC; with ``lines`` it may have several, else it is put in one."""
    if not isinstance(value, str):
        raise Unfit(_l("This must be a text."))
    if len(value) > 2 * longest + 1000:
        # Too long however it is normalised, and normalising is not free.
        raise _too_long(len(value), longest)
    broken = _REFUSED.search(_LINE_BREAK.sub("\n", value))
    if broken:
        raise Unfit(
            _l(
                "This contains a character that cannot be shown (U+%(code)s). Remove it.",
                code=f"{ord(broken.group()):04X}",
            )
        )
    cleaned = unicodedata.normalize("NFC", _INVISIBLE.sub("", _LINE_BREAK.sub("\n", value))).strip()
    if lines:
        cleaned = "\n".join(line.replace("\t", " ").rstrip() for line in cleaned.split("\n"))
    else:
        cleaned = _SPACES.sub(" ", cleaned)
    if not cleaned:
        raise Unfit(_l("This must not be empty."))
    if len(cleaned) > longest:
        raise _too_long(len(cleaned), longest)
    if len(cleaned) < shortest:
        raise Unfit(_l("This is too short: at least %(count)s characters are needed.", count=shortest))
    return cleaned


def _too_long(length: int, longest: int) -> Unfit:
    return Unfit(
        _l(
            "This is too long: %(length)s characters, at most %(longest)s are kept.",
            length=length,
            longest=longest,
        )
    )


def whole_number(value: object, *, least: int, most: int) -> int:
    """``value`` as an int; ``5.0`` is 5, since JSON makes no difference between the two."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit(_l("This must be a whole number, written without quotation marks."))
    if not least <= value <= most:
        raise Unfit(_l("This must be a number from %(least)s to %(most)s.", least=least, most=most))
    return value


def yes_or_no(value: object) -> bool:
    """``value`` if it is true or false, and nothing that only looks like it."""
    if not isinstance(value, bool):
        raise Unfit(_l("This must be true or false, written without quotation marks."))
    return value


def choice(value: object, options: Sequence[str]) -> str:
    """``value`` if it is one of ``options``."""
    if isinstance(value, str) and value in options:
        return value
    allowed = ", ".join(options)
    if isinstance(value, str) and len(value) <= 60 and value.isprintable():
        raise Unfit(
            _l('"%(given)s" is not known here. Use one of: %(allowed)s.', given=value, allowed=allowed)
        )
    raise Unfit(_l("Use one of: %(allowed)s.", allowed=allowed))


def day(value: object) -> str:
    """``value`` if it is a day of the calendar as ``YYYY-MM-DD``, 1945 to 2100."""
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()[:11]):
        raise Unfit(_l("This must be a date written as year-month-day, such as 2026-01-31."))
    try:
        parsed = datetime.date.fromisoformat(value.strip())
    except ValueError:
        raise Unfit(
            _l("There is no such day in the calendar. Write year-month-day, such as 2026-01-31.")
        ) from None
    if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
        raise Unfit(_l("The year must lie between %(first)s and %(last)s.", first=FIRST_YEAR, last=LAST_YEAR))
    return parsed.isoformat()


def url(value: object) -> str:
    """``value`` if it is an absolute http or https address that a page may link to."""
    address = text(value, longest=URL_LENGTH)
    refusal = Unfit(_l("This must be a full web address that begins with https:// or http://."))
    try:
        parts = urlsplit(address)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError:
        raise refusal from None
    # A browser reads a backslash as a slash and skips blanks; a user name hides the real host.
    misleading = any(mark in address for mark in ' \\"<>`') or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or misleading or not port_is_valid:
        raise refusal
    return address


def email(value: object) -> str:
    """``value`` if it has the shape of an e-mail address."""
    address = text(value, longest=254)
    if not _EMAIL.fullmatch(address):
        raise Unfit(_l("This must be an e-mail address, such as layanan@contoh.go.id."))
    return address


def phone(value: object, *, fewest_digits: int = 3) -> str:
    """``value`` if it has the shape of a telephone number; short numbers such as 112 too."""
    number = text(value, longest=40)
    digits = sum(character.isdigit() for character in number)
    if not _PHONE.fullmatch(number) or not fewest_digits <= digits <= 16:
        raise Unfit(
            _l(
                "This must be one telephone number of %(fewest)s to 16 digits, such as 0401-123456 or 112.",
                fewest=fewest_digits,
            )
        )
    return number


def complaint_channel_value(kind: object, value: object) -> str:
    """``value`` checked for the shape that a complaint channel of ``kind`` needs."""
    if kind == "email":
        return email(value)
    if kind == "phone":
        return phone(value)
    if kind == "whatsapp" and not (isinstance(value, str) and value.strip().lower().startswith("http")):
        return phone(value, fewest_digits=9)
    if kind in ("web", "whatsapp"):
        return url(value)
    words = text(value, longest=300)
    # Pages make links of what looks like one; here too only web addresses may.
    return url(words) if _LINK.match(words) else words
