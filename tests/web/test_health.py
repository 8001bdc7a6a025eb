"""Health, for whoever operates the registry."""

from __future__ import annotations

import shutil

from flask import Flask
from flask.testing import FlaskClient

from siapa.extensions import db
from siapa.records import schema


def test_a_registry_with_tables_and_an_index_is_ready(reader: FlaskClient) -> None:
    response = reader.get("/health/ready")

    body = response.get_json()
    assert response.status_code == 200
    assert body["checks"]["database"] == {"ok": True, "schema": schema.newest()}
    assert body["checks"]["search"]["lag"] == 0
    assert response.headers["Cache-Control"] == "no-store"


def test_a_registry_of_an_older_schema_is_alive_but_not_ready(own_app: Flask, visitor: FlaskClient) -> None:
    with own_app.app_context():
        schema.move_to(db.engine, "0007")

    ready, live = visitor.get("/health/ready"), visitor.get("/health/live")

    assert (ready.status_code, live.status_code) == (503, 200)
    assert ready.get_json()["checks"]["database"]["reason"] == "schema"


def test_a_registry_without_an_index_is_not_ready(own_app: Flask, visitor: FlaskClient) -> None:
    shutil.rmtree(own_app.config["SIAPA"].search_dir)

    ready = visitor.get("/health/ready")

    assert ready.status_code == 503
    assert ready.get_json()["checks"]["search"]["ok"] is False
