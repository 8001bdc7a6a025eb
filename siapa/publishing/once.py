"""Doing a request once, however often it is sent: its answer is kept under the key it came with.

A program whose connection broke cannot know whether it was heard. It sends the same
request again with the same key, and gets the answer of the first time. The answer is
written in the transaction that does what was asked, so no crash can part the two.
What was refused did nothing, and is not kept: it is looked at anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from siapa.errors import Conflict, Problem, Rejected
from siapa.extensions import db
from siapa.locales import lazy as _l
from siapa.publishing.changing import together
from siapa.records import KeptAnswer, now

#: Nobody tries again after so long; the answers are forgotten then.
KEPT_FOR = timedelta(days=7)
LONGEST_KEY = 200


@dataclass(frozen=True)
class Answer:
    """What a request was answered: the status, some headers, the body."""

    status: int
    headers: Mapping[str, str]
    body: str
    #: Whether this is the answer of an earlier time.
    is_again: bool = False


def once(token_id: uuid.UUID, key: str, request_digest: str, act: Callable[[], Answer]) -> Answer:
    """The answer of ``act``, or the one it gave under this ``key`` before.

    ``act`` runs its commands in one transaction with the keeping of its answer. Raises
    ``Rejected`` when the key came with another request, and whatever ``act`` raises.
    """
    try:
        return _once(token_id, key, request_digest, act)
    except _TakenMeanwhile:
        return _once(token_id, key, request_digest, act)


class _TakenMeanwhile(Conflict):
    """The same request is just being answered in another thread; it has ended by now."""


def _once(token_id: uuid.UUID, key: str, request_digest: str, act: Callable[[], Answer]) -> Answer:
    with together():
        kept = db.session.get(KeptAnswer, (token_id, key), populate_existing=True)
        if kept is not None:
            return _again(kept, request_digest)
        kept = KeptAnswer(
            token_id=token_id, key=key, request_digest=request_digest, status=0, headers={}, body=""
        )
        db.session.add(kept)
        try:
            db.session.flush()
        except IntegrityError:
            raise _TakenMeanwhile(_l("Somebody else was quicker.")) from None
        answer = act()
        kept.status, kept.headers, kept.body = answer.status, dict(answer.headers), answer.body
        db.session.execute(sa.delete(KeptAnswer).where(KeptAnswer.made_at < now() - KEPT_FOR))
    return answer


def _again(kept: KeptAnswer, request_digest: str) -> Answer:
    if kept.request_digest != request_digest:
        raise Rejected(
            [Problem("Idempotency-Key", _l("This key came with another request before. Make a new one."))]
        )
    return Answer(kept.status, kept.headers, kept.body, is_again=True)
