"""Threads that start together, each with a session of its own, and what became of them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask

from siapa.errors import SiapaError
from siapa.extensions import db
from siapa.records import Officer


def at_once(app: Flask, threads: int, act: Callable[[int], object]) -> list[SiapaError | None]:
    """Run ``act`` in so many threads that start together; what each one raised, or None."""
    results: list[SiapaError | None] = []
    start = threading.Barrier(threads)

    def run(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                act(number)
                results.append(None)
            except SiapaError as error:
                results.append(error)

    db.session.rollback()
    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    db.session.expire_all()
    return results


def somebody(name: str) -> Officer:
    """The officer of the cast with this name, as this thread sees them."""
    return db.session.scalars(sa.select(Officer).where(Officer.email == f"{name}@example.go.id")).one()
