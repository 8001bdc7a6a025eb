"""The national services as curators keep them: the list, a new one, what one says, merging, retiring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.document.digest import digest
from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import LOCALES, Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, services, together
from siapa.publishing.merging import doubles, merge_service
from siapa.publishing.service_list import counted, listed_services, number_of_strays
from siapa.records import Category, LifeEvent, Officer, Service, ServiceStatus
from siapa.search.alike import SAME, Alike, names
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk, wants_fresh
from siapa.web.desk.curating import nationally, service_at, service_with
from siapa.web.labels import AGENCY_KIND_NAMES
from siapa.web.site.asked import page_of

#: What a form says of a service, beside aliases and life events.
FIELDS = ("name", "name_en", "summary", "summary_en", "agency_kind", "national_agency", "category_code")
#: Names alike that are shown before a new entry is made, and on the page of one.
MOST_ALIKE = 6
LONGEST_ASKED = 120
#: Signs of a form field; what is longer is refused as too long where it is checked.
LONGEST_TYPED = 20_000


@dataclass
class Form:
    """What a form says of a service: plain texts by field, aliases a line each, codes of life events."""

    typed: dict[str, str]
    life_events: list[str]

    @classmethod
    def sent(cls) -> Form:
        """From the request."""
        names = ("code", *FIELDS, "slug", "aliases_id", "aliases_en")
        typed = {name: request.form.get(name, "")[:LONGEST_TYPED].strip() for name in names}
        return cls(typed, request.form.getlist("life_event")[:100])

    @classmethod
    def of(cls, service: Service) -> Form:
        """What is said of ``service`` now."""
        typed = {name: getattr(service, name) or "" for name in ("code", *FIELDS, "slug")}
        for locale in LOCALES:
            lines = (alias.text for alias in service.aliases if alias.locale == locale)
            typed[f"aliases_{locale}"] = "\n".join(lines)
        return cls(typed, [event.code for event in service.life_events])

    @property
    def seen(self) -> str:
        """By which a form knows the entry it was made from."""
        return digest({"typed": self.typed, "life_events": self.life_events})[:32]

    @property
    def values(self) -> dict[str, str]:
        """What the commands take as values."""
        return {name: self.typed[name] for name in FIELDS}

    @property
    def aliases(self) -> list[tuple[str, str]]:
        """Pairs of locale and words."""
        lines = [
            (locale, line) for locale in LOCALES for line in self.typed[f"aliases_{locale}"].splitlines()
        ]
        return [(locale, line) for locale, line in lines if line.strip()]


@desk.get("/layanan")
def services_kept() -> str:
    """The catalogue: every entry with its numbers, narrowed by words, subject and state."""
    nationally(Action.SET_SERVICE)
    asked = {name: request.args.get(name, "").strip()[:LONGEST_ASKED] for name in ("q", "category", "status")}
    status = next((one for one in ServiceStatus if one == asked["status"]), None)
    listed = listed_services(
        words=asked["q"], category=asked["category"], status=status, page=page_of(request.args)
    )
    return render_template(
        "desk/services.html", listed=listed, asked=asked, strays=number_of_strays(), **_choices()
    )


@desk.get("/layanan/baru")
def new_service() -> str:
    """The form for a new entry."""
    nationally(Action.SET_SERVICE)
    return _new(Form(dict.fromkeys(("code", *FIELDS, "slug", "aliases_id", "aliases_en"), ""), []))


@desk.post("/layanan/baru")
def add_service() -> ResponseReturnValue:
    """Add an entry; where others mean nearly the same, only when told that it is a different one."""
    by, form = nationally(Action.SET_SERVICE), Form.sent()
    alike = _alike([form.typed["name"], form.typed["name_en"]])
    if alike and request.form.get("different") != "1":
        said = _l("Look at the services below first. Tick the box if yours is a different one.")
        return _new(form, (Problem("different", said),), alike=alike), 422
    code = form.typed["code"].upper()
    try:
        with together():
            made = services.add_service(
                code, form.values, slug=form.typed["slug"] or None, by=by, origin=origin()
            )
            _set_words(made, form, by)
    except Rejected as refused:
        return _new(form, refused.problems, alike=alike), 422
    except Conflict:
        return _new(form, (Problem("code", _l("Another service has this code.")),), alike=alike), 409
    flash(_("“%(name)s” stands in the catalogue.", name=made.name))
    return redirect(desk_url("service_kept", code=made.code), 303)


@desk.get("/layanan/<code>")
def service_kept(code: str) -> str:
    """One entry: what is said of it, and what can be done with it."""
    nationally(Action.SET_SERVICE)
    return _page(service_at(code))


@desk.post("/layanan/<code>")
def set_service(code: str) -> ResponseReturnValue:
    """Change what is said of an entry."""
    by, service, form = nationally(Action.SET_SERVICE), service_at(code), Form.sent()
    if request.form.get("seen") != Form.of(service).seen:
        said = _l("Somebody else changed this entry meanwhile. Load the page again to see it.")
        return _page(service, form=form, notice=said), 409
    try:
        with together():
            services.set_service(service.id, form.values, by=by, origin=origin())
            _set_words(service, form, by)
            if form.typed["slug"]:
                services.rename_service(service.id, form.typed["slug"], by=by, origin=origin())
    except Rejected as refused:
        return _page(service_at(code), refused.problems, form=form), 422
    flash(_("Saved."))
    return redirect(desk_url("service_kept", code=service.code), 303)


@desk.get("/layanan/<code>/gabung")
def merger(code: str) -> ResponseReturnValue:
    """What would happen if this entry were taken into another one."""
    nationally(Action.SET_SERVICE)
    service, into = service_at(code), service_with(request.args.get("into", ""), is_active=True)
    if into is None or into is service:
        problem = Problem(
            "into", _l("Name another service that is in use."), request.args.get("into", "")[:80]
        )
        return _page(service, (problem,)), 422
    return _merger(service, into)


@desk.post("/layanan/<code>/gabung")
@wants_fresh
def merge_services(code: str) -> ResponseReturnValue:
    """Take this entry into another one."""
    by, service = nationally(Action.SET_SERVICE), service_at(code)
    into = service_with(request.form.get("into", ""), is_active=True)
    if into is None or into is service:
        return _page(service, (Problem("into", _l("Name another service that is in use.")),)), 422
    try:
        merge_service(
            service.id, into.id, by=by, leave_doubles=request.form.get("leave") == "1", origin=origin()
        )
    except Rejected as refused:
        return _merger(
            service_at(code), into, notice="; ".join(str(p.message) for p in refused.problems)
        ), 422
    except Conflict as conflict:
        return _merger(service_at(code), into, notice=conflict.message), 409
    flash(_("%(gone)s is now part of “%(kept)s”.", gone=code.upper(), kept=into.name))
    return redirect(desk_url("service_kept", code=into.code), 303)


@desk.post("/layanan/<code>/hentikan")
@wants_fresh
def retire_service(code: str) -> ResponseReturnValue:
    """Take an entry out of use."""
    by, service = nationally(Action.SET_SERVICE), service_at(code)
    typed = request.form.get("successor", "").strip()[:LONGEST_ASKED]
    successor = service_with(typed, is_active=True)
    problems = []
    if typed and (successor is None or successor is service):
        problems.append(Problem("successor", _l("Name another service that is in use."), typed))
    if request.form.get("sure") != "1":
        problems.append(Problem("sure", _l("Tick that the service is to be taken out of use.")))
    if problems:
        return _page(service, tuple(problems), successor=typed), 422
    services.retire_service(
        service.id, replaced_by=successor.id if successor else None, by=by, origin=origin()
    )
    flash(_("%(code)s is out of use. Its standards stay as they are.", code=service.code))
    return redirect(desk_url("service_kept", code=service.code), 303)


def _set_words(service: Service, form: Form, by: Officer) -> None:
    services.set_aliases(service.id, form.aliases, by=by, origin=origin())
    services.set_life_events(service.id, form.life_events, by=by, origin=origin())


def _alike(texts: Iterable[str], *, but: tuple[str, ...] = (), least: float = SAME) -> list[Alike]:
    return names().alike([text for text in texts if text], least=least, most=MOST_ALIKE, but=but)


def _choices() -> dict[str, Any]:
    """What a service may be given to choose from."""
    kinds = sa.select(Service.agency_kind).distinct()
    return {
        "categories": list(db.session.scalars(sa.select(Category).order_by(Category.position))),
        "life_events": list(db.session.scalars(sa.select(LifeEvent).order_by(LifeEvent.position))),
        "agency_kinds": sorted({*AGENCY_KIND_NAMES, *db.session.scalars(kinds)}),
        "statuses": STATUS_NAMES,
    }


def _new(form: Form, problems: tuple[Problem, ...] = (), *, alike: list[Alike] | None = None) -> str:
    return render_template(
        "desk/new_service.html", form=form, problems=problems, alike=alike or [], names=_names(), **_choices()
    )


def _page(
    service: Service,
    problems: tuple[Problem, ...] = (),
    *,
    form: Form | None = None,
    notice: Words = "",
    successor: str = "",
) -> str:
    (numbers,) = counted([service])
    kept = Form.of(service)
    replaced_by = db.session.get(Service, service.replaced_by_id) if service.replaced_by_id else None
    return render_template(
        "desk/service.html", service=service, numbers=numbers, form=form or kept, problems=problems,
        seen=request.form.get("seen") if form else kept.seen, notice=notice, successor=successor,
        replaced_by=replaced_by, is_active=service.status is ServiceStatus.ACTIVE,
        alike=_alike([service.name, service.name_en], but=(service.code,)), names=_names(), **_choices(),
    )  # fmt: skip


def _merger(service: Service, into: Service, notice: Words = "") -> str:
    gone, kept = counted([service, into])
    return render_template(
        "desk/merger.html", gone=gone, kept=kept, twice=doubles(service.id, into.id), notice=notice
    )


def _names() -> dict[str, str]:
    """The words for the fields of the forms."""
    return {
        "code": _("Code"), "name": _("Name"), "name_en": _("Name in English"), "summary": _("Summary"),
        "summary_en": _("Summary in English"), "agency_kind": _("Kind of agency that gives it"),
        "national_agency": _("National body in charge"), "category_code": _("Subject"),
        "aliases": _("What people type"), "slug": _("Address"), "into": _("Code of the other service"),
        "different": _("A different service"), "successor": _("Code of what takes its place"),
    }  # fmt: skip


#: The states of an entry in words.
STATUS_NAMES: dict[ServiceStatus, Words] = {
    ServiceStatus.ACTIVE: _l("in use"),
    ServiceStatus.RETIRED: _l("out of use"),
}
