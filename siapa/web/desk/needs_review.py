"""What an agency is to look at again because something around its standards changed."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, Rejected
from siapa.locales import gettext as _
from siapa.locales import lazy as _l
from siapa.publishing.cited import name_of, open_marks_of
from siapa.publishing.drafts import hidden_from_strangers, standard_seen_by
from siapa.publishing.regulations import settle_review
from siapa.publishing.reviewing import marked
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.desk.standards import standard_page
from siapa.web.site.asked import page_of


@desk.get("/perlu-ditinjau")
def needs_review() -> str:
    """The standards of the officer's agencies that cite a regulation which changed."""
    return render_template(
        "desk/needs_review.html", listed=marked(acting(), page=page_of(request.args)), name_of=name_of
    )


@desk.post("/standar/<uuid:standard_id>/sudah-ditinjau")
def reviewed(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Say that nothing changes in the standard by a change of a regulation."""
    by = acting()
    standard = standard_seen_by(by, standard_id)
    asked = request.form.get("mark", "")
    mark = next((one for one in open_marks_of(standard_id) if str(one.id) == asked), None)
    if mark is None:
        said = _l("This was looked at already.")
        return standard_page(standard, notice=said), 409
    try:
        with hidden_from_strangers(by, standard_id):
            settle_review(mark.id, by=by, note=request.form.get("note", ""), origin=origin())
    except Rejected as refused:
        return standard_page(standard_seen_by(by, standard_id), refused.problems), 422
    except Conflict as conflict:
        return standard_page(standard_seen_by(by, standard_id), notice=conflict.message), 409
    flash(_("Noted. It stands in the audit trail."))
    return redirect(desk_url("standard", standard_id=standard_id), 303)
