"""What two rivals do in each command on the usual content of a service, and what must come of it."""

from __future__ import annotations

import uuid

from siapa.document.standard_document import StandardDocument
from siapa.publishing import commands, outlines, reacting, services, starting
from siapa.records import OutlineRevision
from tests.publishing.arena import Arena, Race
from tests.publishing.cast import document
from tests.publishing.rivalry import BOTH, SOME, author, counted, curator, kept, publisher


def _usual(*texts: str) -> StandardDocument:
    return document(requirements=[{"text": text, "kind": "document"} for text in texts])


def _service(arena: Arena, number: int) -> uuid.UUID:
    return arena.kept if isinstance(arena.kept, uuid.UUID) else arena.a_service(_code())


def _code() -> str:
    return f"GARIS-{uuid.uuid4().hex[:6]}".upper()


def _written(arena: Arena, number: int) -> None:
    arena.kept = _service(arena, number)
    outlines.write_outline(arena.kept, _usual(f"Syarat {number}"), [], by=curator())


def _asked(arena: Arena, number: int) -> None:
    """A standard that says what was usual, and a revision to which it has not reacted."""
    if arena.kept is None:
        service_id = arena.a_service(_code())
        services.set_outline(service_id, _usual("KTP"), by=curator())
        begun = starting.begin_from_service(arena.own, service_id, by=author()).id
        commands.submit(begun, by=author())
        commands.publish(begun, by=publisher())
        arena.kept = (service_id, begun, 0)
    service_id, begun, _number = arena.kept
    outlines.write_outline(service_id, _usual(f"Syarat {number}"), [], by=curator())
    arena.kept = (service_id, begun, outlines.issue_outline(service_id, by=curator()).number)


OUTLINES: dict[str, Race] = {
    "outlines.write_outline": Race(
        lambda a, n, r: outlines.write_outline(a.kept, _usual(f"Syarat {n} {r}"), [], by=curator()), BOTH,
        kept(_service),
        lambda a, n: counted(
            OutlineRevision, OutlineRevision.service_id == a.kept, OutlineRevision.issued_at.is_(None)
        ) == 1,
    ),
    "outlines.issue_outline": Race(
        lambda a, n, r: outlines.issue_outline(a.kept, by=curator()), before=_written
    ),
    "outlines.discard_outline": Race(
        lambda a, n, r: outlines.discard_outline(a.kept, by=curator()), before=_written
    ),
    "reacting.react": Race(
        lambda a, n, r: reacting.react(a.kept[1], a.kept[2], {"requirements": "keep"}, by=author()),
        SOME, _asked,
    ),
    "reacting.take_untouched": Race(
        lambda a, n, r: reacting.take_untouched(a.kept[1], by=author()), SOME, _asked
    ),
}  # fmt: skip
