"""Editions: one standard, as it stood at one time."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from siapa.extensions import Model
from siapa.records.columns import Json, Sourced, UtcDateTime, enum_of, new_id, now

if TYPE_CHECKING:
    from siapa.records.standard import Standard


class State(StrEnum):
    """Where an edition stands on its way to the public and out again."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether the edition is still on its way to the public."""
        return self in OPEN_STATES

    @property
    def was_public(self) -> bool:
        """Whether the edition is or was in force; from then on it is frozen."""
        return self in PUBLIC_STATES


OPEN_STATES = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.SCHEDULED})
PUBLIC_STATES = frozenset({State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN})


def _one_per_standard(name: str, *states: State) -> sa.Index:
    """Let the database itself refuse a second edition in ``states``."""
    condition = sa.text("state IN ({})".format(", ".join(f"'{s}'" for s in states)))
    return sa.Index(name, "standard_id", unique=True, sqlite_where=condition, postgresql_where=condition)


def _of_state(name: str, state: State, *columns: str) -> sa.Index:
    """An order of the editions in ``state``; the state itself stands in it, so that no row is read for it."""
    condition = sa.text(f"state = '{state}'")
    return sa.Index(name, *columns, "state", sqlite_where=condition, postgresql_where=condition)


class Edition(Sourced, Model):
    """One numbered version of a standard, frozen from the moment it goes live.

    A correction is a new edition with the next number, so what a citizen was
    promised on a given day can always be shown again. The indexes below hold "one
    live, one open edition per standard" even when two requests race, and triggers
    (migration 0008) refuse any change of a frozen document.
    """

    __tablename__ = "edition"
    __table_args__ = (
        sa.UniqueConstraint("standard_id", "number"),
        # What lists and sums need of an edition, so that they never read its document.
        sa.Index(
            "ix_edition__facts", "standard_id", "state", "title", "published_at", "is_free", "fee_min_idr",
            "fee_max_idr", "days_min", "days_max", "confidence", "has_online", "components_given",
            "review_due_on",
        ),
        _of_state("ix_edition__live_by_title", State.PUBLISHED, "title", "standard_id"),
        _of_state("ix_edition__live_by_published_at", State.PUBLISHED, "published_at", "standard_id"),
        _of_state("ix_edition__live_by_fee", State.PUBLISHED, "fee_min_idr", "title", "standard_id"),
        _of_state("ix_edition__live_by_time", State.PUBLISHED, "days_max", "title", "standard_id"),
        _of_state("ix_edition__scheduled", State.SCHEDULED, "effective_from", "standard_id"),
        _one_per_standard("one_live_edition_per_standard", State.PUBLISHED),
        _one_per_standard(
            "one_open_edition_per_standard", State.DRAFT, State.SUBMITTED, State.RETURNED, State.SCHEDULED
        ),
    )  # fmt: skip

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    standard_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("standard.id"))
    number: Mapped[int]
    state: Mapped[State] = mapped_column(enum_of(State, name="state"), default=State.DRAFT)
    #: Counts saves; a form or PUT sends back the count it was made from.
    version: Mapped[int] = mapped_column()

    #: The 14 components (``document.StandardDocument`` as JSON), whole.
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    #: SHA-256 over the canonical form (RFC 8785), in hex.
    digest: Mapped[str] = mapped_column(sa.String(64))
    #: Derived from the document by ``document.facts`` whenever it is written.
    title: Mapped[str] = mapped_column(sa.String(200))
    title_en: Mapped[str | None] = mapped_column(sa.String(200))
    is_free: Mapped[bool]
    fee_min_idr: Mapped[int | None] = mapped_column(sa.BigInteger)
    fee_max_idr: Mapped[int | None] = mapped_column(sa.BigInteger)
    #: Working days.
    days_min: Mapped[int | None]
    days_max: Mapped[int | None]
    has_online: Mapped[bool]
    #: How many of the 14 components are given.
    components_given: Mapped[int]
    #: Which components a source supports (for seeded editions).
    sourced_components: Mapped[list[str]] = mapped_column(Json, default=list)

    #: The day from which it is in force, in the agency's time zone.
    effective_from: Mapped[date | None]
    review_due_on: Mapped[date | None]
    #: In force from … until: set when it goes live, and when it ends.
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawal_reason: Mapped[str | None] = mapped_column(sa.Text)
    #: A reviewer's remarks: ``{component: remark}``; the empty key is the whole.
    remarks: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    decree_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("decree.id"))
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    published_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("officer.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    #: Set on every save, so that a change of words alone also raises ``version``.
    revised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    standard: Mapped[Standard] = relationship(back_populates="editions")

    __mapper_args__ = {"version_id_col": version}
