"""Health, for whoever operates the registry: is the process alive, may it be sent requests."""

from __future__ import annotations

import orjson
import structlog
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from siapa import search
from siapa.errors import SiapaError
from siapa.extensions import STANDBY, db
from siapa.records import schema
from siapa.web.sources import sources_of

health = Blueprint("health", __name__, url_prefix="/health")
logger = structlog.stdlib.get_logger("siapa.health")

#: How many changes the index may be behind before this host asks to be left out.
LARGEST_LAG = 1_000


@health.get("/live")
def live() -> Response:
    """The process answers; nothing else is touched."""
    return _answer({"status": "ok"}, 200)


@health.get("/ready")
def ready() -> Response:
    """200 when the database answers at this release's schema and there is an index close to it; else 503."""
    checks: dict[str, dict[str, object]] = {"database": _database()}
    if checks["database"]["ok"]:
        checks["search"] = _search()
    good = all(check["ok"] for check in checks.values())
    return _answer({"status": "ok" if good else "unavailable", "checks": checks}, 200 if good else 503)


def _database() -> dict[str, object]:
    """The primary; where it is away the standby, from which the public is answered then."""
    sources, newest = sources_of(current_app), schema.newest()
    try:
        writes, engine = True, db.engine
        sources.primary_number()
    except Exception:
        if not sources.has_standby:
            return {"ok": False, "reason": "unreachable"}
        writes, engine = False, db.engines[STANDBY]
    try:
        present = schema.present(engine)
    except SQLAlchemyError:
        logger.warning("the database does not answer", exc_info=True)
        return {"ok": False, "reason": "unreachable"}
    if present != newest:
        return {"ok": False, "reason": "schema", "schema": present, "expected": newest}
    return {"ok": True, "schema": present, **({} if writes else {"writes": False})}


def _search() -> dict[str, object]:
    try:
        position = search.position()
    except SiapaError as error:
        return {"ok": False, "reason": str(error)}
    if position < 0:
        return {"ok": False, "reason": "no index"}
    last = sources_of(current_app).number()
    lag = max(0, last - position)
    return {"ok": lag <= LARGEST_LAG, "position": position, "last_change": last, "lag": lag}


def _answer(body: dict[str, object], status: int) -> Response:
    response = Response(orjson.dumps(body), status=status, mimetype="application/json")
    response.cache_control.no_store = True
    return response
