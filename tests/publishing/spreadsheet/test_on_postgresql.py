"""The way of a spreadsheet on PostgreSQL, where JSON, files and locks are other than on SQLite."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa.extensions import db
from siapa.publishing import spreadsheet
from siapa.publishing.verifying import verify
from siapa.records import ImportState, Standard
from siapa.records.engine import begin_writing
from tests.publishing.cast import people_and_places, published
from tests.publishing.spreadsheet.sheets import NEW, counts, plus, previewed, sheets_for


@pytest.mark.postgres
def test_a_file_is_previewed_taken_in_and_taken_back_on_postgresql(postgresql_app: Flask) -> None:
    begin_writing(db)
    cast = people_and_places()
    db.session.commit()
    live = published(cast)
    sheets = plus(sheets_for(cast), NEW)
    sheets["Persyaratan"][1][1] = "KTP-el asli"

    batch = previewed(cast, sheets)
    spreadsheet.take_in(batch.id, by=cast.author)

    assert counts(batch) == (1, 1, 0, 0)
    assert live.open_edition is not None
    assert verify() == []
    assert spreadsheet.undo(batch.id, by=cast.author).state is ImportState.UNDONE
    assert db.session.scalars(sa.select(Standard)).all() == [live]
    assert verify() == []
