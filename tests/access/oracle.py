"""Who may do what, said once more and apart from the code: straight from the table for agencies.

It knows a tree of agencies as numbers and memberships as pairs, and nothing of ``permissions``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Write drafts, offerings and counters; submit.
OPERATES = {"begin", "revise", "submit", "discard", "offer", "counter"}
#: All of that; return, publish, withdraw.
PUBLISHES = OPERATES | {"return", "publish", "withdraw"}
#: Officers of the agency, its profile and its places.
RULES = {"invite", "grant", "profile", "mall"}
#: What each role may do in its agency and below it.
IN_AGENCIES = {"operator": OPERATES, "publisher": PUBLISHES, "agency_admin": RULES}
#: The profile and the counters of one mall.
IN_A_MALL = {"mall", "counter"}
#: The national catalogue, and what standards stand for.
CURATES = {"service", "link"}

#: A role and the agency (or the mall of the agency) for which it is held; the national ones hold for all.
Held = tuple[str, int]


def may(held: Iterable[Held], act: str, agency: int, parents: Sequence[int | None]) -> bool:
    """Whether whoever has these roles may do ``act`` to something of ``agency``."""
    return any(_role_may(role, where, act, agency, parents) for role, where in held)


def _role_may(role: str, where: int, act: str, agency: int, parents: Sequence[int | None]) -> bool:
    if role == "national_admin":
        return True
    if role == "curator":
        return act in CURATES
    if role == "mall_manager":
        return act in IN_A_MALL and where == agency
    return act in IN_AGENCIES[role] and is_below(agency, where, parents)


def is_below(agency: int, top: int, parents: Sequence[int | None]) -> bool:
    """Whether ``agency`` is ``top`` or stands somewhere below it."""
    at: int | None = agency
    while at is not None and at != top:
        at = parents[at]
    return at == top
