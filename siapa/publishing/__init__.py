"""What may be done: the only room that commits.

Every change goes through ``changing``, which locks, asks ``permissions``, records and
commits, so no command can forget to. ``commands`` are those on a standard; ``places``,
``agencies``, ``services``, ``regions`` and ``people`` those on what stands around it.
"""

from siapa.publishing.changing import after_commit, together
from siapa.publishing.permissions import Actor, Standin, may, why_not
from siapa.publishing.workflow import Action

__all__ = ["Action", "Actor", "Standin", "after_commit", "may", "together", "why_not"]
