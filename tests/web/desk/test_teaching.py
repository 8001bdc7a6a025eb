"""What curators teach the search at the desk: queries that found nothing, and synonyms."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from siapa import search
from siapa.extensions import db
from siapa.publishing.people import add_officer
from siapa.publishing.permissions import Standin
from siapa.records import AuditEvent, Role, Synonym, UnansweredQuery
from siapa.records.engine import begin_writing
from siapa.search.unanswered import today
from siapa.search.worklist import set_aside
from tests.web.desk.conftest import AUTHOR
from tests.web.desk.visiting import send, signed_in

CURATOR = "kurator@example.go.id"


@pytest.fixture
def taught(own_seeded: Flask) -> Flask:
    """The seeded registry with a curator, and a query that was asked again and again in vain."""
    with own_seeded.app_context():
        add_officer(CURATOR, "Kurator", Role.CURATOR, by=Standin.OPERATOR)
        begin_writing(db)
        for before in range(3):
            day = today() - timedelta(days=before)
            db.session.add(UnansweredQuery(day=day, words="kartu merah putih keluarga", times=4))
        db.session.commit()
        db.session.remove()
    return own_seeded


def found_for(app: Flask, text: str) -> str | None:
    """The code of the service that ``text`` finds first."""
    with app.app_context():
        search.follow()
        results = search.find(search.Query(text)).results
        db.session.remove()
        return results[0].service_code if results else None


def test_a_query_in_vain_is_shown_to_a_curator_tried_and_made_an_alias(taught: Flask) -> None:
    curator = signed_in(taught, CURATOR)
    before = found_for(taught, "kartu merah putih keluarga")
    shown = curator.get("/meja/pencarian").text
    asked = {"words": "kartu merah putih keluarga", "other": "nikah-kua", "locale": "id"}

    tried = send(curator, "/meja/pencarian/ajarkan", **asked, act="try").text
    after_the_trial = found_for(taught, "kartu merah putih keluarga")
    saved = send(curator, "/meja/pencarian/ajarkan", **asked, act="save")

    assert "“kartu merah putih keluarga”" in shown and "ditanyakan 12 kali" in shown
    assert "Yang akan ditemukan" in tried and "NIKAH-KUA" in tried
    assert after_the_trial == before != "NIKAH-KUA"
    assert saved.status_code == 303
    assert found_for(taught, "kartu merah putih keluarga") == "NIKAH-KUA"
    assert "“kartu merah putih keluarga”</h2>" not in curator.get("/meja/pencarian").text


def test_an_unknown_service_is_refused_beside_its_query(taught: Flask) -> None:
    curator = signed_in(taught, CURATOR)

    refused = send(
        curator, "/meja/pencarian/ajarkan", words="kartu merah putih keluarga", other="TIDAK-ADA", act="save"
    )

    assert refused.status_code == 422
    assert 'href="#other"' in refused.text and 'id="other"' in refused.text
    assert 'value="TIDAK-ADA"' in refused.text


def test_a_query_is_set_aside_and_taken_up_again(taught: Flask) -> None:
    curator = signed_in(taught, CURATOR)

    send(curator, "/meja/pencarian/kesampingkan", words="kartu merah putih keluarga")
    with taught.app_context():
        aside = set_aside()
        db.session.remove()
    again = send(curator, "/meja/pencarian/hitung-lagi", words="kartu merah putih keluarga")

    assert aside == ("kartu merah putih keluarga",)
    assert again.status_code == 303
    with taught.app_context():
        assert set_aside() == ()


def test_a_synonym_is_tried_saved_found_and_removed_and_the_audit_says_who(taught: Flask) -> None:
    curator = signed_in(taught, CURATOR)
    asked = {"term": "Zzkawin", "replacement": "nikah", "kind": "colloquial", "query": "zzkawin"}

    tried = send(curator, "/meja/sinonim", **asked, act="try").text
    unsaved = curator.get("/meja/sinonim?q=zzkawin").text
    send(curator, "/meja/sinonim", **asked, act="save")
    found = found_for(taught, "zzkawin")
    with taught.app_context():
        synonym = db.session.scalars(sa.select(Synonym).where(Synonym.term == "zzkawin")).one()
        number = synonym.id
        db.session.remove()
    gone = send(curator, f"/meja/sinonim/{number}/hapus")

    assert "Yang akan ditemukan" in tried and "Tidak ada sinonim seperti itu" in unsaved
    assert found is not None and "NIKAH" in found
    assert gone.status_code == 303
    with taught.app_context():
        assert not db.session.scalars(sa.select(Synonym).where(Synonym.term == "zzkawin")).all()
        acts = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.number.desc()).limit(2))
        assert set(acts) == {"set_vocabulary"}


def test_a_synonym_that_says_nothing_is_refused_with_what_was_typed(taught: Flask) -> None:
    curator = signed_in(taught, CURATOR)

    refused = send(
        curator,
        "/meja/sinonim",
        term="nikah",
        replacement="nikah",
        kind="colloquial",
        note="coba",
        act="save",
    )

    assert refused.status_code == 422
    assert 'href="#replacement"' in refused.text and 'value="coba"' in refused.text


@pytest.mark.parametrize("path", ["/meja/pencarian", "/meja/sinonim"])
def test_only_curators_may_teach_the_search(desk_app: Flask, path: str) -> None:
    answer = signed_in(desk_app, AUTHOR).get(path)

    assert answer.status_code == 403


def test_the_menu_shows_the_pages_to_curators_only(desk_app: Flask) -> None:
    author = signed_in(desk_app, AUTHOR).get("/meja").text
    curator = signed_in(desk_app, "curator@example.go.id").get("/meja").text

    assert "/meja/pencarian" in curator and "/meja/sinonim" in curator
    assert "/meja/pencarian" not in author
