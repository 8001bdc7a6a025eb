"""Health, for whoever operates the registry: is the process alive, may it be sent requests."""

from __future__ import annotations

import orjson
import structlog
from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from siapa import catalogue, search
from siapa.errors import SiapaError
from siapa.extensions import db
from siapa.records import schema

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
    try:
        present, newest = schema.present(db.engine), schema.newest()
    except SQLAlchemyError:
        logger.warning("the database does not answer", exc_info=True)
        return {"ok": False, "reason": "unreachable"}
    if present != newest:
        return {"ok": False, "reason": "schema", "schema": present, "expected": newest}
    return {"ok": True, "schema": present}


def _search() -> dict[str, object]:
    try:
        position = search.position()
    except SiapaError as error:
        return {"ok": False, "reason": str(error)}
    if position < 0:
        return {"ok": False, "reason": "no index"}
    last = catalogue.last_number()
    lag = max(0, last - position)
    return {"ok": lag <= LARGEST_LAG, "position": position, "last_change": last, "lag": lag}


def _answer(body: dict[str, object], status: int) -> Response:
    response = Response(orjson.dumps(body), status=status, mimetype="application/json")
    response.cache_control.no_store = True
    return response
