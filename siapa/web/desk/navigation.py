"""What the desk's menu offers: by what the officer may do somewhere, asked of the roles held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from siapa.locales import Words
from siapa.locales import lazy as _l
from siapa.publishing import ranking, staff
from siapa.publishing.permissions import MAY
from siapa.publishing.workflow import Action
from siapa.records import Officer
from siapa.web.desk.addresses import desk_url


def may_somewhere(officer: Officer, *actions: Action) -> bool:
    """Whether one of the officer's roles allows one of ``actions``, wherever that may be."""
    return any(action in MAY[held.role] for held in officer.memberships for action in actions)


@dataclass(frozen=True)
class Entry:
    """One line of the menu: the page it leads to, and who is shown it."""

    endpoint: str
    words: Words
    is_for: Callable[[Officer], bool] = lambda officer: True


#: In the order in which they stand.
ENTRIES: tuple[Entry, ...] = (
    Entry("start", _l("Start")),
    Entry("standards", _l("Standards"), lambda officer: may_somewhere(officer, Action.REVISE)),
    Entry("imports", _l("Spreadsheets"), lambda officer: may_somewhere(officer, Action.OPEN)),
    Entry("surveys", _l("Surveys"), lambda officer: may_somewhere(officer, Action.SET_RESULT)),
    Entry(
        "tended_places",
        _l("Places"),
        lambda officer: may_somewhere(officer, Action.SET_LOCATION, Action.SET_COUNTERS),
    ),
    Entry("queue", _l("To review"), lambda officer: may_somewhere(officer, Action.RETURN)),
    Entry("services_kept", _l("Services"), lambda officer: may_somewhere(officer, Action.SET_SERVICE)),
    Entry(
        "regulations_kept", _l("Regulations"), lambda officer: may_somewhere(officer, Action.SET_REGULATION)
    ),
    Entry("unanswered_queries", _l("Searches"), lambda officer: may_somewhere(officer, Action.SETTLE_QUERY)),
    Entry("synonyms", _l("Synonyms"), lambda officer: may_somewhere(officer, Action.SET_VOCABULARY)),
    Entry("ranking", _l("Completeness"), ranking.sees_any),
    Entry("agencies", _l("Agencies"), staff.is_admin),
    Entry("officers", _l("Officers"), staff.is_admin),
    Entry("webhooks_kept", _l("Systems"), lambda officer: may_somewhere(officer, Action.SET_WEBHOOK)),
    Entry("audit", _l("Audit trail"), staff.is_admin),
    Entry("account", _l("My account")),
)


def navigation(officer: Officer) -> list[tuple[str, Words]]:
    """Address and words of each entry that is for ``officer``."""
    return [(desk_url(entry.endpoint), entry.words) for entry in ENTRIES if entry.is_for(officer)]
