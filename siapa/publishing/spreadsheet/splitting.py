"""Free texts of older sheets taken apart: numbered lists, time limits, fees, complaint channels.

Everything here is a guess, and is shown as one before anything happens. What is not
recognised with certainty is kept as the text it is, never dropped.
"""

from __future__ import annotations

import re
from typing import Any

#: "1." "2)" "a." "-" "•" at the beginning of a line, or numbers in turn within one.
_MARK = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\(?[a-z][.)](?=\s)|[-•–*·▪])\s*", re.IGNORECASE)
_INLINE = re.compile(r"(?:(?<=^)|(?<=[\s;,.]))\(?(\d{1,2})[.)]\s+(?=\S)")
_UNITS = {
    "menit": "minute", "minute": "minute", "jam": "hour", "hour": "hour", "hari kerja": "working_day",
    "working day": "working_day", "hari": "day", "day": "day", "bulan": "month", "month": "month",
}  # fmt: skip
_TIME = re.compile(
    r"(?:(\d{1,4})\s*(?:\([^)]{1,30}\)\s*)?(?:-|–|s\.?\s?/?d\.?|sampai(?:\s+dengan)?|hingga)\s*)?"
    r"(\d{1,4})\s*(?:\([^)]{1,30}\)\s*)?(hari\s+kerja|working\s+day|menit|minute|jam|hour|hari|day|bulan|month)",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"^\W*(?:gratis|free|tidak\s+(?:dipungut|ada|dikenakan)\s+biaya|rp\.?\s*0(?:,-)?|0|nihil)\b", re.I
)
_AMOUNT = re.compile(r"rp\.?\s*(\d{1,3}(?:\.\d{3})+|\d+)", re.IGNORECASE)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,80}\.[A-Za-z]{2,10}")
_WEB = re.compile(r"https?://[^\s;,]{3,300}")
_PHONE = re.compile(r"(?<![\d/])(?:\(0\d{2,3}\)|\+62|0\d{2,3})[\d\s().-]{4,16}\d")
_LAW = re.compile(
    r"^(?P<type>[A-Z][\w\s./-]{1,60}?)\s+(?:No(?:mor|\.)?)\s*(?P<number>[\w./-]{1,40})"
    r"\s+(?:Tahun|Th\.?)\s+(?P<year>(?:19|20)\d\d)\s*(?:tentang\s+)?(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\b(?:berusia|umur|usia|warga negara|domisili|berdomisili|sehat)\b", re.IGNORECASE)
_ATTENDANCE = re.compile(r"\b(?:hadir|datang sendiri|tidak dapat diwakilkan)\b", re.IGNORECASE)
#: Fewer words than this after a number are no list.
_LONGEST_CASE = 150


def items(text: str) -> list[str]:
    """The entries of a list within one text: by lines, or by numbers in turn; else the text itself."""
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    if len(lines) == 1:
        lines = _by_numbers(lines[0])
    joined: list[str] = []
    marked = any(_MARK.match(line) for line in lines)
    for line in lines:
        said = _MARK.sub("", line).strip(" ;")
        if not said:
            continue
        # In a numbered list a line without a number goes on with the one before.
        if marked and joined and not _MARK.match(line):
            joined[-1] = f"{joined[-1]} {said}"
        else:
            joined.append(said)
    return list(dict.fromkeys(joined))


def _by_numbers(line: str) -> list[str]:
    starts: list[re.Match[str]] = []
    for found in _INLINE.finditer(line):
        if int(found[1]) == len(starts) + 1:
            starts.append(found)
    if len(starts) < 2:
        return [part for part in line.split(";") if part.strip()] if line.count(";") else [line]
    ends = [found.start() for found in starts[1:]] + [len(line)]
    parts = [line[found.end() : end] for found, end in zip(starts, ends, strict=True)]
    lead = line[: starts[0].start()].strip(" :;")
    return ([lead] if lead else []) + parts


def requirements(text: str) -> list[dict[str, Any]]:
    """Requirements, each a document unless its words say otherwise."""
    return [{"text": one, "kind": _kind(one)} for one in items(text)]


def _kind(text: str) -> str:
    if _ATTENDANCE.search(text):
        return "attendance"
    return "condition" if _CONDITION.search(text) else "document"


def steps(text: str) -> list[dict[str, Any]]:
    """Steps in order."""
    return [{"text": one} for one in items(text)]


def limits(text: str) -> list[dict[str, Any]]:
    """Time limits: each span with its unit; what stands before it is the case. Empty when there is none."""
    found: list[dict[str, Any]] = []
    seen: set[str] = set()
    for one in items(text):
        end = 0
        for span in _TIME.finditer(one):
            case = re.sub(r"^(?:dan|atau|,|;|:|-)+\s*", "", one[end : span.start()].strip(" :;,.-–"))[
                :_LONGEST_CASE
            ]
            end = span.end()
            unit = re.sub(r"\s+", " ", span[3].lower())
            limit: dict[str, Any] = {"amount_max": int(span[2]), "unit": _UNITS[unit]}
            if span[1] and int(span[1]) != int(span[2]):
                limit["amount_min"] = int(span[1])
            if case and not re.fullmatch(r"(?:paling lama|maksimal|selama|maksimum)?", case, re.IGNORECASE):
                limit["case"] = case
            if limit["amount_max"] and limit.get("case", "") not in seen:
                seen.add(limit.get("case", ""))
                found.append(limit)
    return found


def fees(text: str) -> dict[str, Any] | None:
    """Free, or lines with amounts in rupiah; None when the text says neither."""
    if _FREE.match(text) and not [a for a in _AMOUNT.findall(text) if int(a.replace(".", ""))]:
        return {"fee_kind": "free"}
    lines: list[dict[str, Any]] = []
    for one in items(text):
        for found in _AMOUNT.finditer(one):
            label = one[: found.start()].strip(" :;=-–,.")[-200:]
            line: dict[str, Any] = {"amount_idr": int(found[1].replace(".", ""))}
            lines.append({**line, "label": label} if label else line)
    if not lines:
        return None
    return {"fee_kind": "fixed" if len(lines) == 1 else "tariff_table", "lines": lines}


def complaints(text: str) -> dict[str, Any]:
    """The text, and the addresses and numbers that stand in it as channels."""
    channels = [{"kind": "web", "value": one.rstrip(".)")} for one in _WEB.findall(text)]
    channels += [{"kind": "email", "value": one} for one in _EMAIL.findall(text)]
    channels += [{"kind": "phone", "value": one.strip()} for one in _PHONE.findall(_WEB.sub(" ", text))]
    for channel in channels:
        if channel["kind"] == "web" and "lapor.go.id" in channel["value"]:
            channel["kind"] = "sp4n_lapor"
    unique = {(one["kind"], one["value"].casefold()): one for one in channels}
    return {"text": text.strip(), "channels": list(unique.values())}


def legal_bases(text: str) -> list[dict[str, Any]]:
    """Regulations: kind, number and year where they can be told, else the words as they are."""
    found = []
    for one in items(text):
        law = _LAW.match(one)
        title = law["title"].strip(" .;") if law else ""
        if law and title:
            found.append({"type": law["type"].strip(), "number": law["number"], "year": int(law["year"]),
                          "title": title})  # fmt: skip
        else:
            found.append({"title": one})
    return found


def staff_count(text: str) -> dict[str, Any]:
    """The number of staff, with the words beside it as a note."""
    number = re.search(r"\d{1,5}", text)
    only = number is not None and re.fullmatch(
        r"\s*\d{1,5}\s*(?:orang|petugas|person)?\s*\.?", text, re.IGNORECASE
    )
    count = {"count": int(number[0])} if number else {}
    return count if only else {**count, "note": text.strip()}
