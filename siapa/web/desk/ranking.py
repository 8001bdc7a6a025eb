"""How complete and fresh the standards are: agencies and standards, worst first, each where it is mended."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import render_template, request

from siapa.errors import NotAllowed
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing import Action, may
from siapa.publishing import ranking as ranked
from siapa.publishing.ranking import Lack
from siapa.records import HOME_ZONE, Agency, now
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.site.addresses import page_url
from siapa.web.site.asked import page_of

LACKS: dict[Lack, Words] = {
    Lack.INCOMPLETE: _l("incomplete"),
    Lack.OVERDUE: _l("review overdue"),
    Lack.NOTHING: _l("nothing in force"),
}


@desk.get("/kelengkapan")
def ranking() -> str:
    """The ranking of agencies, or of the standards of one and all below it."""
    by = acting()
    if not ranked.sees_any(by):
        raise NotAllowed(_("You may not do this here."))
    slug, page = request.args.get("agency", "").strip()[:120], page_of(request.args)
    is_standards = request.args.get("by") == "standard"
    lack = next((one for one in Lack if one == request.args.get("lack")), None)
    agency = db.session.scalar(sa.select(Agency).where(Agency.slug == slug)) if slug else None
    asked = {"agency": slug, "by": "standard" if is_standards else "", "lack": lack.value if lack else ""}
    rank = ranked.standards_ranked if is_standards else ranked.agencies_ranked
    today = now().astimezone(ZoneInfo(HOME_ZONE)).date()
    found = rank(by, today=today, below=agency.id if agency else None, lack=lack, page=page)
    links = {}
    if is_standards:
        for standard, _edition in found.rows:
            public = page_url("standard", agency_slug=standard.agency.slug, slug=standard.slug)
            mends = may(by, Action.REVISE, standard)
            links[standard.id] = desk_url("standard", standard_id=standard.id) if mends else public
    return render_template(
        "desk/ranking.html", found=found, asked=asked, page=page, lacks=LACKS, is_standards=is_standards,
        links=links, is_unknown=bool(slug) and agency is None, today=today,
    )  # fmt: skip
