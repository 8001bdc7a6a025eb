"""What two rivals do in each command on a standard, and what must come of it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from siapa.extensions import db
from siapa.publishing import (
    commands,
    decrees,
    offerings,
    starting,
    taking,
    unsaved,
)
from siapa.publishing.drafts import draft_seen_by
from siapa.records import Edition, Standard, State
from tests.publishing.arena import Arena, Race
from tests.publishing.cast import document
from tests.publishing.racing import somebody
from tests.publishing.rivalry import (
    BOTH,
    SOME,
    TODAY,
    at_state,
    author,
    counted,
    curator,
    kept,
    national,
    publisher,
)

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def _version(arena: Arena, number: int) -> None:
    arena.bring(State.DRAFT)
    arena.kept = draft_seen_by(author(), arena.standard).version


def _scheduled(arena: Arena, number: int) -> None:
    arena.bring(State.SUBMITTED)
    commands.publish(arena.standard, by=publisher(), effective_from=TODAY + timedelta(days=4))


def _decree(arena: Arena, number: int) -> None:
    _version(arena, number)
    decrees.attach(arena.standard, PDF, "SK.pdf", folder=arena.folder, by=author())
    arena.kept = draft_seen_by(author(), arena.standard).version


def _unlinked(arena: Arena, number: int) -> None:
    for standard in (arena.standard, arena.other):
        commands.link(standard, None, by=curator())


def _return_or_publish(a: Arena, n: int, rival: int) -> object:
    if rival:
        return commands.return_(a.standard, {"": "Perbaiki."}, by=somebody("second"))
    return commands.publish(a.standard, by=publisher())


def _offered(arena: Arena, number: int) -> uuid.UUID:
    offerings.set_offerings(arena.other, [offerings.OfferedAt(arena.mall)], by=author())
    return db.session.scalars(sa.select(offerings.Offering.id).filter_by(standard_id=arena.other)).one()


def _draft(arena: Arena) -> Edition:
    return draft_seen_by(author(), arena.standard)


def _waits(arena: Arena) -> bool:
    return unsaved.unsaved_step(_draft(arena), "dasar", of=author()) is not None


def _unsaved(arena: Arena, number: int) -> None:
    arena.bring(State.DRAFT)
    unsaved.keep_unsaved(arena.standard, "dasar", {"title": "Judul"}, "", by=author())


STANDARDS: dict[str, Race] = {
    "commands.open_standard": Race(
        lambda a, n, r: commands.open_standard(
            a.own, document(f"Baru {n} {r}"), slug=f"baru-{n}", by=author()
        )
    ),
    "commands.open_draft": Race(
        lambda a, n, r: commands.open_draft(a.standard, by=author()), before=at_state(None)
    ),
    "commands.restore": Race(
        lambda a, n, r: commands.restore(a.standard, 1, by=author()), before=at_state(None)
    ),
    "commands.revise": Race(
        lambda a, n, r: commands.revise(a.standard, document(f"Judul {n} {r}"), version=a.kept, by=author()),
        before=_version,
    ),
    "commands.discard": Race(
        lambda a, n, r: commands.discard(a.standard, by=author()), before=at_state(State.DRAFT)
    ),
    "commands.submit": Race(
        lambda a, n, r: commands.submit(a.standard, by=author()), before=at_state(State.DRAFT)
    ),
    "commands.return_": Race(_return_or_publish, before=at_state(State.SUBMITTED)),
    "commands.publish": Race(
        lambda a, n, r: commands.publish(a.standard, by=somebody(("publisher", "second")[r])),
        before=at_state(State.SUBMITTED),
    ),
    "commands.publish_due": Race(
        lambda a, n, r: commands.publish_due(today=TODAY + timedelta(days=5)),
        BOTH, _scheduled, lambda a, n: sum(len(one) for one in a.given) == 1,
    ),
    "commands.withdraw": Race(
        lambda a, n, r: commands.withdraw(a.standard, by=publisher(), reason="Dihapus"), before=at_state(None)
    ),
    "commands.withdraw by each other": Race(
        lambda a, n, r: commands.withdraw(
            a.kept[r], by=publisher(), reason="Dihapus", replaced_by=a.kept[1 - r]
        ),
        before=kept(lambda a, n: (a.in_force(f"Pengganti {n}"), a.in_force(f"Terganti {n}"))),
        crosses=True,
    ),
    "commands.rename": Race(
        lambda a, n, r: commands.rename((a.standard, a.other)[r], f"alamat-{n}", by=publisher())
    ),
    "commands.transfer": Race(
        lambda a, n, r: commands.transfer(a.kept, (a.child, a.sibling)[r], by=national()), BOTH,
        kept(lambda a, n: a.a_standard(f"Pindah {n}")),
        lambda a, n: db.session.get_one(Standard, a.kept).agency_id in (a.child, a.sibling),
    ),
    "commands.link": Race(
        lambda a, n, r: commands.link((a.standard, a.other)[r], a.service, by=curator()), before=_unlinked
    ),
    "decrees.attach": Race(
        lambda a, n, r: decrees.attach(a.standard, PDF + b"\n" * (2 * n + r), "SK.pdf", folder=a.folder,
                                       by=author(), version=a.kept),
        before=_version,
    ),
    "decrees.detach": Race(
        lambda a, n, r: decrees.detach(a.standard, by=author(), version=a.kept), before=_decree
    ),
    "unsaved.keep_unsaved": Race(
        lambda a, n, r: unsaved.keep_unsaved(a.standard, "dasar", {"title": f"{n}{r}"}, "", by=author()),
        SOME, at_state(State.DRAFT), lambda a, n: _waits(a),
    ),
    "unsaved.forget_unsaved": Race(
        lambda a, n, r: unsaved.forget_unsaved(_draft(a), "dasar", of=author()), BOTH, _unsaved,
        lambda a, n: not _waits(a),
    ),
    "offerings.set_offerings": Race(
        lambda a, n, r: offerings.set_offerings(
            a.other, [offerings.OfferedAt(a.mall, limits=f"Hanya {n} {r}")], by=author()
        ), BOTH,
        holds=lambda a, n: counted(offerings.Offering, offerings.Offering.standard_id == a.other) == 1,
    ),
    "offerings.confirm": Race(
        lambda a, n, r: offerings.confirm(a.kept, by=somebody("manager"), on=TODAY - timedelta(days=r)), BOTH,
        kept(_offered),
    ),
    "starting.begin_empty": Race(
        lambda a, n, r: starting.begin_empty(a.own, f"Kosong {n}", by=author()), BOTH,
        holds=lambda a, n: len({one.slug for one in map(_again, a.given)}) == 2,
    ),
    "starting.begin_from_service": Race(
        lambda a, n, r: starting.begin_from_service(a.own, a.kept, by=author()),
        before=kept(lambda a, n: a.a_service(f"MULAI-{n}")),
    ),
    "starting.begin_as_copy": Race(
        lambda a, n, r: starting.begin_as_copy(a.own, a.other, f"Salinan {n}", by=author()), BOTH
    ),
    "taking.take": Race(
        lambda a, n, r: taking.take(a.own, document(f"Ambil {n} {r}"), slug=f"ambil-{n}", by=author()), SOME,
        holds=lambda a, n: counted(Standard, Standard.slug == f"ambil-{n}") == 1,
    ),
    "taking.take_into": Race(
        lambda a, n, r: taking.take_into(
            db.session.get_one(Standard, a.standard), document(f"Masuk {n} {r}"), by=author()
        ), SOME, at_state(State.DRAFT),
    ),
}  # fmt: skip


def _again(standard: Standard) -> Standard:
    """The row that a rival made, in this session."""
    return db.session.merge(standard, load=True)
