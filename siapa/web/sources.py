"""Which database a request is answered from: the one that is written to, or a standby of it.

What is for everybody is read from the standby (``SIAPA_DATABASE_READ_URL``) when that has all
the log has: nobody sees less than what was published before they asked. When the one has gone
the other goes on alone: without the standby all is read from the primary, without the primary
public pages are read from the standby, and what would write is refused at once and in words.
"""

from __future__ import annotations

import sqlalchemy as sa
import structlog
from flask import Flask, Response, current_app, g, has_request_context, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from siapa.errors import Unavailable
from siapa.extensions import STANDBY, db
from siapa.locales import lazy as _l
from siapa.publishing.changing import after_commit
from siapa.records.engine import read_from
from siapa.records.roles import MAY_NOT
from siapa.web.newest import Newest

logger = structlog.stdlib.get_logger("siapa.sources")

#: Blueprints whose answers to GET are the same for everybody; cookies and sessions are not read there.
PUBLIC = ("site", "site_en", "discovery", "api", "api_reference", "hsds", "linked")
#: And those that give whole tables.
FILES = ("opendata", "snapshots")
#: Views for whoever has just sent something that the log does not tell of.
THEIR_OWN = ("report", "find_report")
#: What asks no database, or says itself how it stands.
APART = ("health", "metrics", "static")
#: A cookie of officers: the newest change when they last wrote, for as long as a standby could lack it.
WROTE = "siapa-wrote"
WROTE_SECONDS = 600
#: PostgreSQL: a standby could not keep what a statement was reading; who reads there may not read that.
ONLY_THERE = ("40001", MAY_NOT)


class Sources:
    """The database, and the standby of it if there is one."""

    def __init__(self, primary: sa.Engine, standby: sa.Engine | None) -> None:
        self.is_postgresql = primary.dialect.name == "postgresql"
        self._engines = {True: primary, False: standby}
        self._primary = Newest(primary)
        self._standby = Newest(standby, writes=False) if standby is not None else None

    @property
    def has_standby(self) -> bool:
        """Whether there is one to read from."""
        return self._standby is not None

    def number(self) -> int:
        """The number of the newest change that can be known now; raises the database's errors."""
        try:
            return self._primary.number()
        except Exception:
            if self._standby is None:
                raise
            return self._standby.number()

    def primary_number(self) -> int:
        """The same of the primary alone."""
        return self._primary.number()

    def for_everybody(self, wrote: int = 0) -> tuple[sa.Engine | None, int]:
        """What to read public things from (None: the primary), and the newest change there is.

        ``wrote``: a change that the reader must see. ``Unavailable`` while only a standby is left
        that has it not.
        """
        try:
            number = self._primary.number()
        except Exception:
            if self._standby is None:
                raise
            return self._engines[False], self._caught_up(self._standby, wrote)
        if self._standby is not None:
            try:
                if self._standby.number() >= number and self._standby.leads_to_a_standby():
                    return self._engines[False], number
            except Exception as error:
                logger.debug("the standby does not answer", error=repr(error))
        return None, number

    def _caught_up(self, standby: Newest, wrote: int) -> int:
        """The newest change of a standby that is all there is; ``Unavailable`` if it has not ``wrote``."""
        number = standby.number()
        if number < wrote:
            raise Unavailable(_l("What you have just changed cannot be shown yet. Try again shortly."))
        return number


def init_app(app: Flask) -> None:
    """Choose before each request; remember what an officer wrote."""
    with app.app_context():
        app.extensions["siapa_sources"] = Sources(db.engine, db.engines.get(STANDBY))
    app.before_request(_choose)
    app.after_request(_tell)
    after_commit(_remember)


def sources_of(app: Flask) -> Sources:
    """The databases of ``app``."""
    sources: Sources = app.extensions["siapa_sources"]
    return sources


def _choose() -> None:
    """Before a request: what it is answered from, or that it cannot be."""
    for name in ("newest", "read_again", "wrote"):
        g.pop(name, None)  # one context may serve several requests
    sources = sources_of(current_app)
    blueprint = request.blueprint or request.endpoint
    if not sources.is_postgresql or blueprint is None or blueprint in APART:
        return
    if not is_for_everybody():
        try:
            sources.primary_number()
        except Exception as error:
            raise Unavailable(
                _l("Nothing can be changed at the moment, and nobody can sign in. What is public can be read."
                   " This passes by itself; please try again in a minute.")
            ) from error  # fmt: skip
        return
    engine, g.newest = sources.for_everybody(_wrote())
    if engine is not None:
        read_from(db, engine)


def is_for_everybody() -> bool:
    """Whether the request reads what is public, and nothing else."""
    return (
        request.method in ("GET", "HEAD")
        and request.blueprint in (*PUBLIC, *FILES)
        and (request.endpoint or "").rpartition(".")[2] not in THEIR_OWN
        and "Authorization" not in request.headers
    )


def _wrote() -> int:
    """The change that whoever asks must see; 0 where nothing is known of them."""
    text = request.cookies.get(_cookie(), "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _cookie() -> str:
    return f"__Host-{WROTE}" if current_app.config["SESSION_COOKIE_SECURE"] else WROTE


def _remember() -> None:
    """After a commit: how far the log goes with what an officer wrote."""
    if has_request_context() and request.blueprint == "desk":
        sources = sources_of(current_app)
        if sources.has_standby:
            g.wrote = sources.primary_number()


def _tell(response: Response) -> Response:
    """Give it to the officer's browser, which shows it wherever it reads next."""
    if "wrote" in g:
        response.set_cookie(
            _cookie(), str(g.pop("wrote")), max_age=WROTE_SECONDS, httponly=True, samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )  # fmt: skip
    return response


def answered_anew(error: Exception) -> ResponseReturnValue | None:
    """A public request whose database failed on the way, answered from the other; None if there is none."""
    if not isinstance(error, DBAPIError) or not is_for_everybody() or "read_again" in g:
        return None
    only_there = getattr(error.orig, "sqlstate", "") in ONLY_THERE
    if not (error.connection_invalidated or only_there):
        return None
    g.read_again = True
    db.session.remove()
    try:
        engine, g.newest = sources_of(current_app).for_everybody(_wrote())
        if engine is not None and not only_there:
            read_from(db, engine)
        answer: ResponseReturnValue = current_app.ensure_sync(current_app.dispatch_request)()
        return answer
    except Exception as again:
        return current_app.handle_user_exception(again)
