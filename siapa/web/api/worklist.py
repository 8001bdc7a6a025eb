"""Queries that found nothing, for curators' programs: see them, teach them, set them aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import Response

from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import LOCALES
from siapa.locales import lazy as _l
from siapa.publishing import Action, unanswered
from siapa.publishing.permissions import Actor
from siapa.records import LONGEST_UNANSWERED, Service
from siapa.search.text import words
from siapa.search.worklist import worklist
from siapa.web.api.answering import answered
from siapa.web.api.asking import Asked, Choice, Flag, Text, Whole
from siapa.web.api.bodies import Body, required
from siapa.web.api.openapi import one_of
from siapa.web.api.searching import TAG, suggested
from siapa.web.api.signing import signed
from siapa.web.api.tokens import origin
from siapa.web.api.values import SuggestedName

MOST = 200


@dataclass(frozen=True, slots=True)
class WaitingQuery:
    """A query that was not understood, how often and when it was asked, and what it may mean."""

    words: str
    times: int
    days: int
    last_on: date
    understood: str
    now: str
    candidates: tuple[SuggestedName, ...]


@dataclass(frozen=True, slots=True)
class WaitingQueries:
    """The queries that wait, the most asked first."""

    results: tuple[WaitingQuery, ...]


@dataclass(frozen=True, slots=True)
class TaughtQuery:
    """What was done with a query; service is null when it was set aside."""

    words: str
    service: str | None


class AskedWorklist(Asked):
    """How much of the list is wanted."""

    limit = Whole(1, MOST, "Queries at most.", load_default=50)
    answered = Flag("Also queries that are answered by now.", load_default=False)


class NewAlias(Body):
    """A query, and the service it means."""

    words = Text("The query, as the worklist shows it.", longest=LONGEST_UNANSWERED, **required())
    service = Text("Code of the national service that is meant.", longest=40, **required())
    locale = Choice(LOCALES, "The language of the query.", load_default="id")


class Dismissed(Body):
    """A query that nothing here answers."""

    words = Text("The query, as the worklist shows it.", longest=LONGEST_UNANSWERED, **required())


@signed("/search/worklist", one_of(WaitingQueries), action=Action.SETTLE_QUERY, tag=TAG, asked=AskedWorklist)
def list_waiting_queries(asked: dict[str, Any], by: Actor) -> Response:
    """Queries that were asked again and again and found nothing; for curators."""
    waiting = worklist(asked["limit"], include_answered=asked["answered"])
    return answered(
        WaitingQueries(
            tuple(
                WaitingQuery(one.words, one.times, one.days, one.last_on, one.understood, one.now,
                             tuple(map(suggested, one.candidates)))
                for one in waiting
            )
        )
    )  # fmt: skip


@signed(
    "/search/worklist/alias",
    one_of(TaughtQuery),
    action=Action.SET_SERVICE,
    tag=TAG,
    method="post",
    body=NewAlias,
)
def add_alias(given: dict[str, Any], by: Actor) -> Response:
    """Let a query find a service from now on: it becomes an alias; for curators."""
    service_id = db.session.scalar(sa.select(Service.id).where(Service.code == given["service"].upper()))
    if service_id is None:
        raise Rejected([Problem("service", _l("There is no such service."), given["service"])])
    named, locale = _named(given), given["locale"]
    service = unanswered.teach(named, service_id, by=by, locale=locale, text=given["words"], origin=origin())
    return answered(TaughtQuery(named, service.code))


@signed(
    "/search/worklist/dismiss",
    one_of(TaughtQuery),
    action=Action.SETTLE_QUERY,
    tag=TAG,
    method="post",
    body=Dismissed,
)
def dismiss_query(given: dict[str, Any], by: Actor) -> Response:
    """Set a query aside that nothing here answers: it is not counted again; for curators."""
    named = _named(given)
    unanswered.dismiss(named, by=by, origin=origin())
    return answered(TaughtQuery(named, None))


def _named(given: dict[str, Any]) -> str:
    """The words by which the worklist knows the query."""
    named = " ".join(words(given["words"]))
    if not named:
        raise Rejected([Problem("words", _l("This must be given."), given["words"])])
    return named
