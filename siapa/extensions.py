"""The shared instances, made here and bound to an app in ``create_app``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

#: The name of the engine that reaches the standby, where there is one.
STANDBY = "standby"
#: Under this name a session keeps what it reads from, where that is not the database it writes to.
READS_FROM = "siapa_reads_from"

#: Every constraint has a name: SQLite's batch migrations need one, and so do error messages.
NAMES = {
    "ix": "ix_%(table_name)s__%(column_0_N_name)s",
    "uq": "uq_%(table_name)s__%(column_0_N_name)s",
    "ck": "ck_%(table_name)s__%(constraint_name)s",
    "fk": "fk_%(table_name)s__%(column_0_N_name)s__%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMES)


class Reader(Session):
    """A session that may be told to read from a standby (``records.engine.read_from``)."""

    def get_bind(self, *args: Any, **more: Any) -> Engine | Connection:
        """The standby, where one was named; else the database."""
        engine: Engine | None = self.info.get(READS_FROM)
        return super().get_bind(*args, **more) if engine is None else engine

    def close(self) -> None:
        """Let everything go. A server that has died needs no rollback: the answer is made, and stays good."""
        try:
            super().close()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self.invalidate()


db = SQLAlchemy(model_class=Base, session_options={"class_": Reader})

# What tables inherit from: Flask-SQLAlchemy's class, which type checkers cannot see.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
