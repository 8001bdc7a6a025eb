"""What becomes public by an act: the lines it adds to the numbered log.

For standards this is read off what happened to their editions, so that no command can
publish or withdraw without a line; for everything else it follows from the act. What
never was public leaves no line.
"""

from __future__ import annotations

from collections.abc import Iterator

from siapa.publishing.audit import Became
from siapa.publishing.snapshots import Snapshot, trail_of
from siapa.publishing.workflow import Action
from siapa.records import (
    PUBLIC_STATES,
    Agency,
    ChangeKind,
    Counter,
    Edition,
    Location,
    Offering,
    SatisfactionResult,
    ServicePerformance,
    Standard,
    State,
    now,
)

#: The line an act adds, and what it is about.
LINES: dict[Action, ChangeKind] = {
    Action.MOVE: ChangeKind.STANDARD_MOVED,
    Action.TRANSFER: ChangeKind.STANDARD_MOVED,
    Action.LINK: ChangeKind.STANDARD_MOVED,
    Action.SUCCEED: ChangeKind.STANDARD_MOVED,
    Action.SET_OFFERINGS: ChangeKind.OFFERING_CHANGED,
    Action.ADD_AGENCY: ChangeKind.AGENCY_CHANGED,
    Action.SET_AGENCY: ChangeKind.AGENCY_CHANGED,
    Action.SET_SERVICE: ChangeKind.SERVICE_CHANGED,
    Action.SET_VOCABULARY: ChangeKind.VOCABULARY_CHANGED,
    Action.SET_REGION: ChangeKind.REGION_CHANGED,
}
#: How an edition's new state is told.
TOLD = {
    State.SUPERSEDED: ChangeKind.STANDARD_SUPERSEDED,
    State.WITHDRAWN: ChangeKind.STANDARD_WITHDRAWN,
    State.PUBLISHED: ChangeKind.STANDARD_PUBLISHED,
}


def became(
    subject: object, action: Action, before: Snapshot | None, after: Snapshot | None
) -> Iterator[Became]:
    """The lines of the log for ``action`` on ``subject``, which was ``before`` and is ``after``."""
    if isinstance(subject, Standard):
        yield from _of_standard(subject, action, before, after)
    elif isinstance(subject, Offering):
        if any(edition.state.was_public for edition in subject.standard.editions):
            yield Became(now(), ChangeKind.OFFERING_CHANGED, str(subject.standard_id))
    elif isinstance(subject, Location | Counter):
        place = subject.location_id if isinstance(subject, Counter) else subject.id
        yield Became(now(), ChangeKind.LOCATION_CHANGED, str(place))
    elif isinstance(subject, ServicePerformance):
        # What is had of a standard: a kind of its own could not be read by the release before.
        yield Became(now(), ChangeKind.OFFERING_CHANGED, str(subject.standard_id))
    elif isinstance(subject, SatisfactionResult):
        yield from _of_survey(subject)
    elif action is Action.SUCCEED:
        if isinstance(subject, Agency):
            yield Became(now(), ChangeKind.AGENCY_CHANGED, str(subject.id))
    elif action in LINES:
        yield Became(now(), LINES[action], str(trail_of(subject)[1]))


def _of_survey(result: SatisfactionResult) -> Iterator[Became]:
    """It stands on the page of its agency, and on that of the place where people were asked."""
    yield Became(now(), ChangeKind.AGENCY_CHANGED, str(result.agency_id))
    if result.location_id is not None:
        yield Became(now(), ChangeKind.LOCATION_CHANGED, str(result.location_id))


def _of_standard(
    standard: Standard, action: Action, before: Snapshot | None, after: Snapshot | None
) -> Iterator[Became]:
    was, now_is = _editions(before), _editions(after)
    for number, state in sorted(now_is.items()):
        if was.get(number) != state and state in TOLD:
            yield Became(now(), TOLD[state], str(standard.id), number)
    if action in LINES and PUBLIC_STATES & set(now_is.values()):
        yield Became(now(), LINES[action], str(standard.id))


def _editions(content: Snapshot | None) -> dict[int, State]:
    """Number and state of the editions in a standard's snapshot."""
    parts = content.get("parts", ()) if content else ()
    return {part["number"]: State(part["state"]) for part in parts if part["part"] == Edition.__tablename__}
