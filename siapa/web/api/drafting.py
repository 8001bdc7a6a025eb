"""Writing, reviewing and publishing standards, for the programs of agencies.

Each address gives one command of ``publishing``; permissions, states and messages are
its own, the same as at the desk.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sa
from flask import Response, request, url_for

from siapa import catalogue
from siapa.document.completeness import completeness
from siapa.document.difference import difference
from siapa.document.intake import read_document
from siapa.document.standard_document import StandardDocument, from_stored, to_json
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing import Action, Actor, commands, may
from siapa.publishing.drafts import draft_seen_by, hidden_from_strangers
from siapa.publishing.editions import SavedMeanwhile
from siapa.publishing.filling import problems_below
from siapa.records import Edition, Service, Standard
from siapa.web import errors
from siapa.web.api import signing
from siapa.web.api.answering import answered
from siapa.web.api.asking import Text
from siapa.web.api.bodies import Body, Date, Id, Objects, Whatever, optional, required
from siapa.web.api.openapi import api, components, one_of
from siapa.web.api.shapes import written_now
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin
from siapa.web.api.values import WorkingEdition
from siapa.web.api.written import Written

TAG = "drafts"
LONGEST_NOTE = 2_000
_EDITION = one_of(WorkingEdition)
_STALE = _l("The draft was saved by somebody else meanwhile. Compare both before you go on.")
_MATCH = ("If-Match",)


def _document() -> Whatever:
    return Whatever(components.of(StandardDocument), "The 14 components, with title and dates.", **required())


def _note() -> Text:
    return Text("A word for the audit.", longest=LONGEST_NOTE, shortest=0)


class NewStandard(Body):
    """The first draft of a standard."""

    document = _document()
    service = Text("Code of the national service it is for.", longest=40)
    slug = Text("Its name in addresses; if not given, it is made of the title.", longest=100)
    note = _note()


class DraftContent(Body):
    """The whole content of a draft."""

    document = _document()


class Note(Body):
    """A word on what is done."""

    note = _note()


class Remark(Body):
    """A remark on one component."""

    component = Text("The component's name; leave it out for the whole.", load_default="", shortest=0)
    text = Text("What is to be corrected.", longest=LONGEST_NOTE, **required())


class Returned(Note):
    """Why a draft is sent back."""

    remarks = Objects(Remark, "What is to be corrected, by component.", most=30, **required())


class Publication(Note):
    """From when an edition is to be in force."""

    effective_from = Date("The day from which it holds, in the agency's time zone; today if not given.",
                          **optional())  # fmt: skip


class Withdrawal(Body):
    """Why a standard is taken down."""

    reason = Text("Its page will show it.", longest=LONGEST_NOTE, **required())
    replaced_by = Id("The standard in force that takes its place.", **optional())


@signed("/agencies/<slug>/standards", _EDITION, tag=TAG, method="post", body=NewStandard, status=201)
def begin_standard(given: dict[str, Any], by: Actor, slug: str) -> Response:
    """Begin a standard of an agency, with its first draft."""
    agency = catalogue.agency(slug)
    standard = commands.open_standard(
        agency.card.id, _read(given), by=by, service_id=_service(given), slug=given.get("slug"),
        note=given.get("note", ""), origin=origin(),
    )  # fmt: skip
    response = _shown(standard.editions[-1], 201)
    response.headers["Location"] = url_for("api.get_draft", standard_id=standard.id)
    return response


@signed("/standards/<uuid:standard_id>/draft", _EDITION, tag=TAG, named=(404,))
def get_draft(_asked: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """The draft of a standard, for whoever works on it; its ETag is what If-Match takes."""
    return _shown(draft_seen_by(by, standard_id))


@signed(
    "/standards/<uuid:standard_id>/draft", _EDITION, tag=TAG, method="put", body=DraftContent,
    headers=("If-Match", "If-None-Match"), named=(412, 428),
)  # fmt: skip
def put_draft(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Save the draft as a whole, or begin the next edition with If-None-Match: *."""
    document = _read(given)
    if signing.begins():
        with hidden_from_strangers(by, standard_id):
            if _seen(by, standard_id) is not None:
                raise SavedMeanwhile(_STALE)
            return _shown(commands.open_draft(standard_id, document, by=by, origin=origin()))
    signing.demand_version()
    with _as_seen(by, standard_id) as version:
        saved = commands.revise(standard_id, document, version=version or 0, by=by, origin=origin())
        return _shown(saved)


@signed("/standards/<uuid:standard_id>/submit", _EDITION, tag=TAG, method="post", body=Note,
        headers=_MATCH, named=(412,))  # fmt: skip
def submit_draft(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Hand the draft to a publisher."""
    with _as_seen(by, standard_id) as version:
        return _shown(commands.submit(standard_id, by=by, version=version, **_said(given)))


@signed("/standards/<uuid:standard_id>/return", _EDITION, tag=TAG, method="post", body=Returned,
        headers=_MATCH, named=(412,))  # fmt: skip
def return_draft(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Send a submitted draft back to its authors, with remarks."""
    remarks = {remark["component"]: remark["text"] for remark in given["remarks"]}
    with _as_seen(by, standard_id) as version:
        return _shown(commands.return_(standard_id, remarks, by=by, version=version, **_said(given)))


@signed("/standards/<uuid:standard_id>/publish", _EDITION, tag=TAG, method="post", body=Publication,
        headers=_MATCH, named=(412,))  # fmt: skip
def publish_draft(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Put a submitted draft in force, at once or on its day."""
    with _as_seen(by, standard_id) as version:
        published = commands.publish(
            standard_id, by=by, version=version, effective_from=given.get("effective_from"), **_said(given)
        )
        return _shown(published)


@signed("/standards/<uuid:standard_id>/withdraw", _EDITION, tag=TAG, method="post", body=Withdrawal)
def withdraw_standard(given: dict[str, Any], by: Actor, standard_id: uuid.UUID) -> Response:
    """Take a standard out of force; its page says why, and what takes its place."""
    with hidden_from_strangers(by, standard_id):
        withdrawn = commands.withdraw(
            standard_id, by=by, reason=given["reason"], replaced_by=given.get("replaced_by"), origin=origin()
        )
        return _shown(withdrawn)


def etag_of(edition: Edition) -> str:
    """What names this state of a draft: the edition, for drafts begin anew, and its count of saves."""
    return f"{edition.id.hex}-{edition.version}"


def _said(given: dict[str, Any]) -> dict[str, Any]:
    return {"note": given.get("note", ""), "origin": origin()}


def _read(given: dict[str, Any]) -> StandardDocument:
    """The document in what was sent; ``Rejected`` names its places from the root of what was sent."""
    with problems_below("document"):
        return read_document(given["document"])


def _service(given: dict[str, Any]) -> uuid.UUID | None:
    code = given.get("service")
    if code is None:
        return None
    found = db.session.scalar(sa.select(Service.id).where(Service.code == code.upper()))
    if found is None:
        raise Rejected([Problem("service", _l("There is no such service."), code)])
    return found


@contextmanager
def _as_seen(by: Actor, standard_id: uuid.UUID) -> Iterator[int | None]:
    """The version that the request is about, None for whichever it is; a stranger learns of no draft."""
    with hidden_from_strangers(by, standard_id):
        present = _seen(by, standard_id) if signing.names_version() else None
        if present is not None and not signing.match(etag_of(present)):
            raise SavedMeanwhile(_STALE)
        yield present.version if present else None


def _seen(by: Actor, standard_id: uuid.UUID) -> Edition | None:
    """The draft, if it is theirs to see; the refusal is left to the command, which writes it down."""
    standard = db.session.get(Standard, standard_id)
    return standard.open_edition if standard and may(by, Action.REVISE, standard) else None


def _shown(edition: Edition, status: int = 200) -> Response:
    response = answered(_view(edition))
    response.status_code = status
    response.set_etag(etag_of(edition))
    return response


def _view(edition: Edition) -> WorkingEdition:
    standard = edition.standard
    document = from_stored(edition.document)
    return WorkingEdition(
        standard=standard.id,
        agency=standard.agency.slug,
        slug=standard.slug,
        service=standard.service.code if standard.service else None,
        number=edition.number,
        state=edition.state,
        version=edition.version,
        digest=edition.digest,
        effective_from=edition.effective_from,
        review_due_on=edition.review_due_on,
        published_at=edition.published_at,
        remarks=edition.remarks,
        completeness=completeness(document),
        document=cast(Written[StandardDocument], written_now(edition.document)),
    )


@api.errorhandler(SavedMeanwhile)  # type: ignore[untyped-decorator]
def show_both(error: SavedMeanwhile) -> Response:
    """412: what was sent, what stands there now, and in which parts the two differ."""
    standard = db.session.get(Standard, (request.view_args or {}).get("standard_id"))
    present = standard.open_edition if standard else None
    said: dict[str, Any] = {}
    sent = request.get_json(silent=True)
    yours = sent.get("document") if isinstance(sent, dict) else None
    if yours is not None:
        said["yours"] = to_json(read_document(yours))
    if present is not None:
        said["present"] = {"etag": f'"{etag_of(present)}"', "version": present.version,
                           "document": present.document}  # fmt: skip
    if yours is not None and present is not None:
        parts = difference(from_stored(present.document), read_document(yours))
        said["differs_in"] = [part.component for part in parts if part.status != "same"]
    response = errors.problem_json(412, str(error), **said)
    if present is not None:
        response.set_etag(etag_of(present))
    return response
