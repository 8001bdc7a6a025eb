"""What the form for a merger, a split or a renaming says, read into a plan."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from werkzeug.datastructures import ImmutableMultiDict

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.succession import Plan, Target
from siapa.records import Agency, SuccessionKind

Form = ImmutableMultiDict[str, str]
SOURCES = "sources"
#: The fields of the form, in words.
FIELDS: dict[str, Words] = {
    "on": _l("Day on which it takes effect"),
    "note": _l("Legal act"),
    "name": _l("Name"),
    "name_en": _l("Name in English"),
    "short_name": _l("Short name"),
    "slug": _l("Address here"),
    **{
        f"into[{place}].{name}": words
        for place in (0, 1)
        for name, words in (
            ("way", _l("Who follows")),
            ("target", _l("Address of the agency")),
            ("name", _l("Name")),
            ("name_en", _l("Name in English")),
            ("kind", _l("Kind")),
            ("region_code", _l("Region code")),
            ("parent", _l("Stands below")),
            ("slug", _l("Address here")),
        )
    },
}
LONGEST_TYPED = 500
_NO_SUCH = _l("There is no such agency.")


def plan_of(kind: SuccessionKind, agency: Agency, form: Form) -> Plan:
    """The plan that ``form`` describes, beginning with ``agency``; ``Rejected`` for what cannot be read."""
    problems: list[Problem] = []
    sources = [agency.id]
    if kind is SuccessionKind.MERGER:
        sources += _slugs(form.get(SOURCES, ""), problems)
    places = {SuccessionKind.MERGER: 1, SuccessionKind.SPLIT: 2, SuccessionKind.RENAMING: 0}[kind]
    targets = [_target(form, place, agency, problems) for place in range(places)]
    given = {key: 1 for key in form.getlist("given") if len(key) <= 60} if places > 1 else {}
    keeps = {name[5:]: value[:40] for name, value in form.items() if name.startswith("keep.")}
    names: dict[str, str | None] = {}
    if kind is SuccessionKind.RENAMING:
        targets = [Target(agency_id=agency.id)]
        names = {name: _typed(form, name) for name in ("name", "name_en", "short_name", "slug")}
    if problems:
        raise Rejected(problems)
    return Plan(kind, tuple(sources), tuple(targets), given, keeps, names)


def day_of(typed: str) -> date:
    """The day on which it takes effect; ``Rejected`` for what is none."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Rejected([Problem("on", _l("Give the day on which it takes effect."), typed[:40])]) from None


def _target(form: Form, place: int, agency: Agency, problems: list[Problem]) -> Target:
    before = f"into[{place}]."
    match form.get(f"{before}way"):
        case "same":
            return Target(agency_id=agency.id)
        case "existing":
            return Target(agency_id=_named(form.get(f"{before}target", ""), f"{before}target", problems))
        case "new":
            parent = form.get(f"{before}parent", "").strip()
            return Target(
                name=_typed(form, f"{before}name") or "",
                name_en=_typed(form, f"{before}name_en"),
                kind=_typed(form, f"{before}kind") or "",
                region_code=_typed(form, f"{before}region_code"),
                parent_id=_named(parent, f"{before}parent", problems) if parent else None,
                slug=_typed(form, f"{before}slug"),
            )
        case _:
            problems.append(Problem(f"{before}way", _l("Choose who follows.")))
            return Target()


def _typed(form: Form, name: str) -> str | None:
    return form.get(name, "").strip()[:LONGEST_TYPED] or None


def _slugs(text: str, problems: list[Problem]) -> Iterator[uuid.UUID]:
    """The agencies that ``text`` names by their addresses, one in a line or parted by blanks."""
    for slug in text.split()[:50]:
        found = _named(slug, SOURCES, problems)
        if found is not None:
            yield found


def _named(slug: str, path: str, problems: list[Problem]) -> uuid.UUID | None:
    """The agency at this address; a problem where there is none."""
    slug = slug.strip().rstrip("/").rpartition("/")[2][:200]
    found = db.session.scalar(sa.select(Agency.id).where(Agency.slug == slug))
    if found is None:
        problems.append(Problem(path, _NO_SUCH, slug))
    return found
