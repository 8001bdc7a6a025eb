"""What commands do with editions: begin, find, check, put in force, end.

Nothing here locks, asks or commits; ``commands`` calls it inside ``changing``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from siapa.document.intake import publishable_problems
from siapa.document.standard_document import COMPONENTS, StandardDocument, from_stored
from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing.cited import fees_without_basis, settle_marks
from siapa.publishing.permissions import Actor, person_of
from siapa.publishing.slugs import retire, standard_slug, take_back
from siapa.publishing.workflow import Action, next_state
from siapa.publishing.writing import Provenance, write
from siapa.records import HOME_ZONE, Agency, Edition, Location, Standard, State, now

LONGEST_TEXT = 2000


class SavedMeanwhile(Conflict):
    """The draft is not as the caller saw it; a door shows both texts."""


def begin(
    standard: Standard, document: StandardDocument, action: Action, *, by: Actor, provenance: Provenance
) -> Edition:
    """Open the next edition of ``standard`` with ``document``; ``Conflict`` when one is open."""
    if standard.open_edition is not None:
        raise Conflict(_l("This standard has a draft already. Go on with that one, or discard it."))
    number = max((edition.number for edition in standard.editions), default=0) + 1
    edition = Edition(
        number=number, state=next_state(None, action), created_by_id=id_of_actor(by), remarks={}
    )
    write(edition, document, provenance)
    standard.editions.append(edition)
    return edition


def open_edition(standard: Standard, version: int | None = None) -> Edition:
    """The edition being worked on, if it is still as the caller saw it (``version``)."""
    edition = standard.open_edition
    if edition is None:
        raise Conflict(_l("This standard has no draft."))
    if version is not None and edition.version != version:
        raise SavedMeanwhile(
            _l("The draft was saved by somebody else meanwhile. Compare both before you go on.")
        )
    return edition


def publish_or_schedule(standard: Standard, effective_from: date | None) -> Action:
    """What publishing the open edition means today: its day may lie ahead."""
    edition = open_edition(standard)
    lies_ahead = first_day(edition, effective_from) > today_of(standard.agency)
    return Action.SCHEDULE if lies_ahead else Action.PUBLISH


def first_day(edition: Edition, effective_from: date | None) -> date:
    """The day from which ``edition`` is to be in force, by the agency's calendar."""
    stated = from_stored(edition.document).effective_from
    return effective_from or edition.effective_from or stated or today_of(edition.standard.agency)


def check_publishable(edition: Edition, *, as_found: bool = False) -> None:
    """Raise ``Rejected`` with all that publishing lacks; ``as_found`` as in ``problems_to_publish``."""
    problems = problems_to_publish(from_stored(edition.document), as_found=as_found)
    if problems:
        raise Rejected(problems)


def problems_to_publish(document: StandardDocument, *, as_found: bool = False) -> tuple[Problem, ...]:
    """What ``document`` lacks to be published: components, and for a fee a regulation or a reason.

    ``as_found``: it is taken in as it holds on paper already, from a file; its fees are left as they are.
    """
    return (*publishable_problems(document), *(() if as_found else fees_without_basis(document)))


def put_in_force(standard: Standard, edition: Edition) -> None:
    """Make ``edition`` the live one, and retire the one before it first."""
    if standard.live is not None:
        end(standard.live, Action.SUPERSEDE)
    review_due = from_stored(edition.document).review_due or one_year_on(
        max(edition.effective_from or date.min, today_of(standard.agency))
    )
    # All at once: from the moment it is in force, the database lets nothing of it be changed.
    edition.state = next_state(edition.state, Action.PUBLISH)
    edition.published_at, edition.review_due_on = now(), review_due
    standard.replaced_by_id = None
    settle_marks(standard, edition)


def end(edition: Edition, action: Action) -> None:
    """Take ``edition`` out of force, now."""
    edition.state = next_state(edition.state, action)
    edition.ended_at = now()
    db.session.flush()  # before the next one goes live: one live edition at any moment


def check_nothing_is_scheduled(standard: Standard) -> None:
    """A withdrawn standard must not come back by itself on a day fixed before."""
    edition = standard.open_edition
    if edition is not None and edition.state is State.SCHEDULED:
        raise Conflict(_l("The next edition is scheduled. Return it before you withdraw the standard."))


def replacement(standard: Standard, replaced_by: uuid.UUID | None) -> uuid.UUID | None:
    """``replaced_by``, if it is another standard that is in force; else ``Rejected``."""
    if replaced_by is None:
        return None
    other = db.session.get(Standard, replaced_by)
    if other is None or other.id == standard.id or other.live is None:
        raise Rejected(
            [Problem("replaced_by", _l("Name another standard that is in force."), str(replaced_by))]
        )
    return other.id


def keep_address(standard: Standard) -> None:
    """Let the present address of ``standard`` redirect from now on, if anybody can know it."""
    if not any(edition.state.was_public for edition in standard.editions):
        return
    retire("standard", f"{standard.agency.slug}/{standard.slug}", standard.id)


def hand_over(standard: Standard, agency: Agency) -> None:
    """Give ``standard`` to ``agency``, with an address there; the former one redirects."""
    keep_address(standard)
    standard.slug = standard_slug(agency, None, standard.slug, standard.id)
    standard.agency = agency
    take_back("standard", f"{agency.slug}/{standard.slug}", standard.id)


def checked_remarks(remarks: Mapping[str, str]) -> dict[str, str]:
    """A reviewer's remarks, trimmed; ``Rejected`` names what is no component, too long, or all empty."""
    problems = [
        Problem(f"remarks.{key}", _l("This is not a component of a standard."), key)
        for key in remarks
        if key and key not in COMPONENTS
    ]
    said = {key: text.strip() for key, text in remarks.items() if text.strip()}
    problems += [
        Problem(f"remarks.{key}", _l("Write at most %(most)s characters.", most=LONGEST_TEXT))
        for key, text in said.items()
        if len(text) > LONGEST_TEXT
    ]
    if not said:
        problems.append(Problem("remarks", _l("Say what is to be corrected.")))
    if problems:
        raise Rejected(problems)
    return said


def said(text: str, path: str, missing: Words) -> str:
    """``text`` trimmed; ``Rejected`` when nothing is said, or too much."""
    text = text.strip()
    if not text:
        raise Rejected([Problem(path, missing)])
    if len(text) > LONGEST_TEXT:
        raise Rejected([Problem(path, _l("Write at most %(most)s characters.", most=LONGEST_TEXT))])
    return text


def today_of(where: Agency | Location) -> date:
    """The day it is where an agency or a place is."""
    return time_at(where).date()


def time_at(where: Agency | Location) -> datetime:
    """What the clock shows where an agency or a place is; where it has no region, the capital's."""
    zone = where.region.timezone if where.region else HOME_ZONE
    return now().astimezone(ZoneInfo(zone))


def check_has_come(day: date, where: Location, path: str = "on") -> None:
    """Raise ``Rejected`` (of ``path``) for a day that lies ahead where ``where`` is: nobody has seen it."""
    if day > today_of(where):
        raise Rejected([Problem(path, _l("This day lies ahead."), day.isoformat())])


def one_year_on(day: date) -> date:
    """The same day of the next year; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day + timedelta(days=365)


def id_of_actor(by: Actor) -> uuid.UUID | None:
    """Whom an edition names; nobody for what is no person."""
    person = person_of(by)
    return person.id if person else None
