"""What two rivals do in each command on people and spreadsheets, and what must come of it."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from siapa.extensions import db
from siapa.publishing import (
    credentials,
    identities,
    passkeys,
    people,
    second_factors,
    spreadsheet,
)
from siapa.records import (
    Agency,
    Ceremony,
    DeskSession,
    ImportBatch,
    LinkPurpose,
    Membership,
    Officer,
    OneTimeLink,
    Role,
    Token,
)
from tests.publishing.arena import Arena, Race
from tests.publishing.racing import somebody
from tests.publishing.rivalry import (
    BOTH,
    SOME,
    author,
    counted,
    kept,
    national,
    officer_id,
)
from tests.publishing.spreadsheet.sheets import NEW, cells_of, named, plus, workbook


def _living(officer_id: uuid.UUID) -> list[DeskSession]:
    return credentials.living_sessions(db.session.get_one(Officer, officer_id))


def _link(arena: Arena, number: int) -> str:
    return credentials.send_link(officer_id("lone"), LinkPurpose.RESET, by=national())


def _membership(arena: Arena, number: int) -> uuid.UUID:
    return people.grant(officer_id("lone"), Role.PUBLISHER, by=national(), agency_id=arena.own).id


def _no_membership(arena: Arena, number: int) -> None:
    held = sa.select(Membership.id).filter_by(officer_id=officer_id("lone"), role=Role.CURATOR)
    for membership_id in db.session.scalars(held).all():
        people.revoke(membership_id, by=national())


def _token(arena: Arena, number: int) -> uuid.UUID:
    return people.issue_token("program", by=author()).token.id


def _session(arena: Arena, number: int) -> uuid.UUID:
    return credentials.begin_session(author()).session.id


def _session_row(arena: Arena) -> DeskSession:
    return db.session.get_one(DeskSession, arena.kept)


def _codes(arena: Arena, number: int) -> str:
    return second_factors.set_authenticator("rahasia", number, by=author())[0]


def _no_passkeys() -> None:
    second_factors.set_authenticator("rahasia", 1, by=author())
    for one in passkeys.passkeys_of(author()):
        passkeys.remove_passkey(one.id, by=author())


def _passkey(number: int) -> uuid.UUID:
    return passkeys.add_passkey(
        "Ponsel", f"kunci-{number}", b"key", sign_count=0, transports=[], by=author()
    ).id


def _new_passkey(arena: Arena, number: int) -> uuid.UUID:
    _no_passkeys()
    return _passkey(number)


def _told(number: int) -> identities.Told:
    return identities.Told("https://masuk.example.go.id", f"orang-{number}", "author@example.go.id")


def _unlink_all() -> None:
    for one in identities.identities_of(author()):
        identities.unlink(one.id, by=author())


def _linked(arena: Arena, number: int) -> uuid.UUID:
    _unlink_all()
    return identities.link(_told(100 + number), by=author()).id


PEOPLE: dict[str, Race] = {
    "people.add_officer": Race(
        lambda a, n, r: people.add_officer(f"b{n}@example.go.id", f"Baru {r}", Role.CURATOR, by=national())
    ),
    "people.grant": Race(
        lambda a, n, r: people.grant(officer_id("lone"), Role.CURATOR, by=national()), before=_no_membership
    ),
    "people.revoke": Race(
        lambda a, n, r: people.revoke(a.kept, by=national()), before=kept(_membership)
    ),
    "people.disable_officer": Race(
        lambda a, n, r: people.disable_officer(officer_id("lone"), by=national()), BOTH,
        lambda a, n: people.enable_officer(officer_id("lone"), by=national()),
        lambda a, n: not somebody("lone").is_active,
    ),
    "people.enable_officer": Race(
        lambda a, n, r: people.enable_officer(officer_id("lone"), by=national()), BOTH,
        lambda a, n: people.disable_officer(officer_id("lone"), by=national()),
        lambda a, n: somebody("lone").is_active,
    ),
    "people.issue_token": Race(
        lambda a, n, r: people.issue_token(f"program {n}", by=author()), BOTH,
        holds=lambda a, n: counted(Token, Token.name == f"program {n}") == 2,
    ),
    "people.revoke_token": Race(
        lambda a, n, r: people.revoke_token(a.kept, by=author()), BOTH, kept(_token),
        lambda a, n: db.session.get_one(Token, a.kept).revoked_at is not None,
    ),
    "people.note_use": Race(
        lambda a, n, r: people.note_use(a.kept), BOTH, kept(_token),
        lambda a, n: db.session.get_one(Token, a.kept).last_used_at is not None,
    ),
    "credentials.begin_session": Race(
        lambda a, n, r: credentials.begin_session(author(), device=f"{n}"), BOTH,
        holds=lambda a, n: counted(DeskSession, DeskSession.device == f"{n}") == 2,
    ),
    "credentials.see": Race(lambda a, n, r: credentials.see(_session_row(a)), BOTH, kept(_session)),
    "credentials.confirm": Race(
        lambda a, n, r: credentials.confirm(_session_row(a), is_strong=True), BOTH, kept(_session),
        lambda a, n: _session_row(a).is_strong,
    ),
    "credentials.end_session": Race(
        lambda a, n, r: credentials.end_session(a.kept, by=author()), BOTH, kept(_session),
        lambda a, n: not credentials.is_living(_session_row(a)),
    ),
    "credentials.end_all_sessions": Race(
        lambda a, n, r: credentials.end_all_sessions(by=author()), BOTH, kept(_session),
        lambda a, n: not _living(officer_id("author")),
    ),
    "credentials.set_password": Race(
        lambda a, n, r: credentials.set_password(f"hash {n} {r}", by=author()), BOTH, kept(_session),
        lambda a, n: not _living(officer_id("author")),
    ),
    "credentials.keep_password_hash": Race(
        lambda a, n, r: credentials.keep_password_hash(author(), f"hash {n} {r}"), BOTH
    ),
    "credentials.send_link": Race(
        lambda a, n, r: _link(a, n), BOTH,
        holds=lambda a, n: counted(OneTimeLink, OneTimeLink.used_at.is_(None)) == 1,
    ),
    "credentials.use_link": Race(
        lambda a, n, r: credentials.use_link(a.kept, f"hash {n} {r}"), before=kept(_link)
    ),
    "second_factors.set_authenticator": Race(
        lambda a, n, r: second_factors.set_authenticator(f"rahasia {r}", n, by=author()), BOTH,
        holds=lambda a, n: second_factors.codes_left(author()) == second_factors.CODES,
    ),
    "second_factors.renew_recovery_codes": Race(
        lambda a, n, r: second_factors.renew_recovery_codes(by=author()), BOTH,
        holds=lambda a, n: second_factors.codes_left(author()) == second_factors.CODES,
    ),
    "second_factors.take_counter": Race(
        lambda a, n, r: second_factors.take_counter(n + 1, by=author()), before=kept(_codes)
    ),
    "second_factors.take_recovery_code": Race(
        lambda a, n, r: second_factors.take_recovery_code(a.kept, by=author()), BOTH, kept(_codes),
        lambda a, n: sorted(a.given) == [False, True],
    ),
    "passkeys.begin_ceremony": Race(
        lambda a, n, r: passkeys.begin_ceremony(Ceremony.SIGN_IN, b"challenge"), BOTH,
        holds=lambda a, n: len(set(a.given)) == 2,
    ),
    "passkeys.take_challenge": Race(
        lambda a, n, r: passkeys.take_challenge(a.kept, Ceremony.SIGN_IN), BOTH,
        kept(lambda a, n: passkeys.begin_ceremony(Ceremony.SIGN_IN, b"challenge")),
        lambda a, n: sorted(one is None for one in a.given) == [False, True],
    ),
    "passkeys.add_passkey": Race(
        lambda a, n, r: _passkey(n), before=lambda a, n: _no_passkeys()
    ),
    "passkeys.use_passkey": Race(
        lambda a, n, r: passkeys.use_passkey(a.kept, 1, by=author()), before=kept(_new_passkey)
    ),
    "passkeys.remove_passkey": Race(
        lambda a, n, r: passkeys.remove_passkey(a.kept, by=author()), SOME, kept(_new_passkey),
        lambda a, n: not passkeys.passkeys_of(author()),
    ),
    "identities.link": Race(
        lambda a, n, r: identities.link(_told(n), by=somebody(("author", "lone")[r]))
    ),
    "identities.officer_told": Race(
        lambda a, n, r: identities.officer_told(_told(200 + n)), BOTH, lambda a, n: _unlink_all(),
        lambda a, n: len(identities.identities_of(author())) == 1,
    ),
    "identities.unlink": Race(
        lambda a, n, r: identities.unlink(a.kept, by=author()), SOME, kept(_linked),
        lambda a, n: not identities.identities_of(author()),
    ),
    "second_factors.remove": Race(
        lambda a, n, r: second_factors.remove(officer_id("author"), by=national()), BOTH, kept(_codes),
        lambda a, n: second_factors.authenticator_of(author()) is None,
    ),
}  # fmt: skip


def _file(arena: Arena, number: int) -> bytes:
    if not isinstance(arena.file, bytes):
        arena.file = spreadsheet.template(db.session.get_one(Agency, arena.child))
    return workbook(plus(cells_of(arena.file), named(NEW, f"kartu-{number}", f"Kartu {number}")))


def _previewed(arena: Arena, number: int) -> uuid.UUID:
    return spreadsheet.preview(arena.child, _file(arena, number), file_name="a.xlsx", by=author()).id


def _taken(arena: Arena, number: int) -> uuid.UUID:
    batch_id = _previewed(arena, 100 + number)
    spreadsheet.take_in(batch_id, by=author())
    return batch_id


SHEETS: dict[str, Race] = {
    "spreadsheet.previewing.begin": Race(
        lambda a, n, r: spreadsheet.begin(a.child, b"a;b\n", file_name=f"{n}.csv", by=author()), BOTH,
        holds=lambda a, n: counted(ImportBatch, ImportBatch.file_name == f"{n}.csv") == 2,
    ),
    "spreadsheet.previewing.preview": Race(
        lambda a, n, r: spreadsheet.preview(a.child, a.kept, file_name="b.xlsx", by=author()), BOTH,
        kept(lambda a, n: _file(a, 0)),
    ),
    "spreadsheet.committing.take_in": Race(
        lambda a, n, r: spreadsheet.take_in(a.kept, by=author()), before=kept(_previewed)
    ),
    "spreadsheet.undoing.undo": Race(
        lambda a, n, r: spreadsheet.undo(a.kept, by=author()), before=kept(_taken)
    ),
}  # fmt: skip
