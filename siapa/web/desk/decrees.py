"""The decree of a draft as a file: handed up, looked at, taken away."""

from __future__ import annotations

import uuid

from flask import Response, current_app, redirect, request
from flask.typing import ResponseReturnValue

from siapa.errors import Conflict, NotFound, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import decrees
from siapa.publishing.drafts import draft_seen_by, hidden_from_strangers, standard_seen_by
from siapa.records import Decree
from siapa.web.api.tokens import origin
from siapa.web.desk.addresses import desk_url
from siapa.web.desk.blueprint import desk
from siapa.web.desk.signed_in import acting
from siapa.web.desk.standards import standard_page
from siapa.web.downloads import pdf
from siapa.web.hooks import takes_files


@desk.post("/standar/<uuid:standard_id>/sk")
@takes_files(decrees.LARGEST_BYTES + 100_000)
def attach_decree(standard_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the file that was handed up, or take the one there is away."""
    by = acting()
    version = request.form.get("version", type=int)
    file = request.files.get("file")
    try:
        with hidden_from_strangers(by, standard_id):
            if request.form.get("act") == "remove":
                decrees.detach(standard_id, by=by, version=version, origin=origin())
            elif file is None or not file.filename:
                raise Rejected([Problem("file", _l("Choose a PDF file."))])
            else:
                decrees.attach(
                    standard_id, file.read(decrees.LARGEST_BYTES + 1), file.filename,
                    folder=current_app.config["SIAPA"].instance_dir, by=by, version=version, origin=origin(),
                )  # fmt: skip
    except Rejected as refused:
        return standard_page(standard_seen_by(by, standard_id), refused.problems), 422
    except Conflict as conflict:
        return standard_page(standard_seen_by(by, standard_id), notice=conflict.message), 409
    return redirect(desk_url("standard", standard_id=standard_id, saved="penetapan"), 303)


@desk.get("/standar/<uuid:standard_id>/sk")
def decree_file(standard_id: uuid.UUID) -> Response:
    """The file of the draft, as a download."""
    edition = draft_seen_by(acting(), standard_id)
    decree = db.session.get(Decree, edition.decree_id) if edition.decree_id else None
    if decree is None or decree.file_digest is None:
        raise NotFound(_l("There is no file here."))
    return pdf(decree.file_digest, decree.file_name or "decree.pdf")
