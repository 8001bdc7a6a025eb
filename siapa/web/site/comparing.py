"""The same service at several agencies beside each other, with what the whole country promises."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from siapa import catalogue
from siapa.catalogue import MOST_COMPARED, Comparison
from siapa.document.standard_document import StandardDocument, from_stored
from siapa.errors import Problem, Rejected
from siapa.locales import lazy as _l
from siapa.web.site.blueprint import site
from siapa.web.site.cases import cases_of
from siapa.web.site.showing import show


@dataclass(frozen=True)
class Column:
    """One standard of the comparison, with what of its lists stands nowhere else among those compared."""

    card: Any
    document: StandardDocument
    cases: list[Any]
    only_here: tuple[str, ...]


@site.get("/layanan/<slug>/banding")
def compare(slug: str) -> str:
    """One service at some of its agencies, part by part."""
    view = catalogue.service_by_slug(slug)
    made = catalogue.comparison(view.card.code, _chosen())
    return show(
        "site/compare.html",
        view=view,
        made=made,
        columns=columns_of(made),
        most=MOST_COMPARED,
        different=[part for part in made.parts if not part.is_same],
        same=[part for part in made.parts if part.is_same],
    )


def columns_of(made: Comparison) -> list[Column]:
    """The standards of a comparison as columns."""
    documents = [from_stored(document) for document in made.documents]
    asked = [{one.text for one in document.requirements} for document in documents]
    return [
        Column(card, document, cases_of(document.requirements), _only(document, asked, place))
        for place, (card, document) in enumerate(zip(made.standards, documents, strict=True))
    ]


def _only(document: StandardDocument, asked: Sequence[set[str]], place: int) -> tuple[str, ...]:
    others = set().union(*(texts for at, texts in enumerate(asked) if at != place))
    return tuple(one.text for one in document.requirements if len(asked) > 1 and one.text not in others)


def _chosen() -> list[uuid.UUID]:
    """The standards in the address, given one by one or parted by commas; ``Rejected`` for no ids."""
    texts = [text for text in ",".join(request.args.getlist("standards")).split(",") if text.strip()]
    try:
        return [uuid.UUID(text.strip()) for text in texts]
    except ValueError:
        raise Rejected([Problem("standards", _l("This is not one of the choices."))]) from None
