"""What citizens tell: that something is wrong, or that it is right. No account, nothing of the person.

A report is a row with a trail like any other; the act has no officer, and no network address is
written down with it. That something was confirmed is only counted by day, like searches that
found nothing, and is no content of the registry.
"""

from __future__ import annotations

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from siapa.document.standard_document import COMPONENTS
from siapa.errors import Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import adding
from siapa.publishing.permissions import Standin
from siapa.publishing.workflow import Action
from siapa.records import HOME_ZONE, Confirmation, Feedback, FeedbackState, now
from siapa.records.engine import WRITES

#: What of a place can be wrong; what of a standard can be are its components.
PARTS_OF_PLACE = ("hours", "address", "counters", "services", "facilities", "contact")
SHORTEST_TEXT, LONGEST_TEXT = 10, 2_000
#: As SP4N-LAPOR! owes it: the first answer within three days.
DUE = timedelta(days=3)
#: Confirmations are counted for so long.
KEPT_DAYS = 400

#: Letters and digits that nobody takes for one another.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 10
#: A NIK, the number of a mobile phone, an address for mail; hours such as 08.00-14.30 are none.
_PERSONAL = re.compile(r"(?<!\d)\d{16}(?!\d)|\+62(?:[\s-]?\d){8,}|(?<!\d)08\d{2}(?:[\s-]?\d){5,}|\S@\S")


@dataclass(frozen=True)
class About:
    """What is reported: a standard, maybe at one place (``offering_id``), or a place."""

    standard_id: uuid.UUID | None = None
    offering_id: uuid.UUID | None = None
    location_id: uuid.UUID | None = None
    #: The edition that was seen.
    edition_number: int | None = None


def report(about: About, text: str, *, part: str | None = None) -> Feedback:
    """Keep what a citizen reports; its code lets whoever reported it follow it.

    Sent twice while it is open it is kept once. Raises ``Rejected`` for an unknown part, for a text
    that is too short, too long, or holds the number or address of a person.
    """
    said = _checked(text, part, about)
    held = db.session.scalar(
        sa.select(Feedback).where(
            Feedback.state == FeedbackState.OPEN,
            Feedback.text == said,
            Feedback.component.is_not_distinct_from(part),
            Feedback.standard_id.is_not_distinct_from(about.standard_id),
            Feedback.offering_id.is_not_distinct_from(about.offering_id),
            Feedback.location_id.is_not_distinct_from(about.location_id),
        )
    )
    if held is not None:
        return held
    moment = now()
    row = Feedback(
        code=_new_code(), standard_id=about.standard_id, offering_id=about.offering_id,
        location_id=about.location_id, edition_number=about.edition_number, component=part, text=said,
        state=FeedbackState.OPEN, received_at=moment, due_at=moment + DUE,
    )  # fmt: skip
    with adding(row, Action.REPORT, by=Standin.CITIZEN):
        return row


def confirm(subject_id: uuid.UUID) -> None:
    """Count that somebody finds a standard or a place described as it is, today."""
    day = datetime.now(ZoneInfo(HOME_ZONE)).date()
    with db.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(Confirmation)
        connection.execute(
            insert.values(subject_id=subject_id, day=day, times=1).on_conflict_do_update(
                index_elements=["subject_id", "day"], set_={"times": Confirmation.times + 1}
            )
        )
        _tidy(connection, subject_id, day)


def _tidy(connection: sa.Connection, subject_id: uuid.UUID, day: date) -> None:
    old = sa.and_(Confirmation.subject_id == subject_id, Confirmation.day < day - timedelta(days=KEPT_DAYS))
    connection.execute(sa.delete(Confirmation).where(old))


def _checked(text: str, part: str | None, about: About) -> str:
    """The text without blanks around it."""
    said, problems = text.strip(), []
    parts = PARTS_OF_PLACE if about.standard_id is None else COMPONENTS
    if part is not None and part not in parts:
        problems.append(Problem("part", _l("This is not one of the choices."), part[:40]))
    if not SHORTEST_TEXT <= len(said) <= LONGEST_TEXT:
        message = _l("Write %(low)s to %(high)s characters.", low=SHORTEST_TEXT, high=LONGEST_TEXT)
        problems.append(Problem("text", message))
    elif _PERSONAL.search(said):
        message = _l("Leave out numbers of persons, telephones and e-mail addresses: they are not needed.")
        problems.append(Problem("text", message))
    if problems:
        raise Rejected(problems)
    return said


def _new_code() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_CODE_LENGTH))
