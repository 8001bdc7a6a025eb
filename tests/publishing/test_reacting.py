"""A new revision of the usual content: who is asked, what is taken, and that nothing is published by it."""

from __future__ import annotations

from typing import Any

import pytest

from siapa.document.standard_document import StandardDocument
from siapa.errors import Conflict, NotAllowed, Rejected
from siapa.extensions import db
from siapa.publishing import commands, services
from siapa.publishing.cautions import cautions
from siapa.publishing.merging import merge_service
from siapa.publishing.outlines import discard_outline, issue_outline, revisions, write_outline
from siapa.publishing.reacting import pending, pending_of, react, take_untouched
from siapa.publishing.starting import begin_from_service
from siapa.publishing.verifying import verify
from siapa.records import Service, Standard, State
from tests.publishing.cast import Cast, a_service, content, document


def usual(*requirements: str, **changes: Any) -> StandardDocument:
    """Usual content that asks for these."""
    rows = [{"text": text, "kind": "document"} for text in requirements]
    return document(requirements=rows, **changes)


def asks(standard: Standard) -> list[str]:
    """What the draft, or what is in force, asks for."""
    edition = standard.open_edition or standard.live
    assert edition is not None
    return [row["text"] for row in edition.document["requirements"]]


@pytest.fixture
def service(cast: Cast) -> Service:
    """A service with usual content."""
    service = a_service(cast)
    services.set_outline(service.id, usual("KTP", "KK"), by=cast.curator)
    return service


def begun(cast: Cast, service: Service, agency: str = "own", *own: str) -> Standard:
    """A standard that began with the usual content, in force, with words of its own where given."""
    standard = begin_from_service(getattr(cast, agency).id, service.id, by=cast.national)
    if own:
        commands.revise(standard.id, usual(*own), version=1, by=cast.national)
    commands.submit(standard.id, by=cast.national)
    commands.publish(standard.id, by=cast.publisher if agency != "sibling" else cast.stranger)
    return standard


def issue(cast: Cast, service: Service, *requirements: str, abolished: tuple[str, ...] = ()) -> None:
    """Issue the next revision."""
    write_outline(service.id, usual(*requirements), abolished, by=cast.curator)
    issue_outline(service.id, note="Permendagri baru", by=cast.curator)


def test_only_what_differs_in_substance_asks_only_those_whom_it_concerns(
    cast: Cast, service: Service
) -> None:
    standard, has_it = begun(cast, service), begun(cast, service, "child", "Akta", "KTP", "KK")

    issue(cast, service, "ktp.", "KK")
    after_spelling = pending(service_id=service.id)
    issue(cast, service, "KTP", "KK", "akta")
    after_substance = pending(service_id=service.id)
    later = begun(cast, service, "sibling")

    assert after_spelling == []
    assert [one.standard for one in after_substance] == [standard]
    assert [pending_of(one) for one in (has_it, later)] == [None, None]
    assert [one.number for one in revisions(service.id)] == [1, 2, 3]
    assert verify() == []


def test_what_is_being_written_asks_nobody_and_begins_nothing(cast: Cast, service: Service) -> None:
    standard = begun(cast, service)

    write_outline(service.id, usual("Akta"), [], by=cast.curator)

    assert pending_of(standard) is None and service.outline["requirements"][0]["text"] == "KTP"
    with pytest.raises(Conflict):
        services.set_outline(service.id, usual("Lain"), by=cast.curator)
    discard_outline(service.id, by=cast.curator)
    with pytest.raises(Conflict):
        issue_outline(service.id, by=cast.curator)


def test_what_is_taken_goes_into_a_draft_and_is_not_published(cast: Cast, service: Service) -> None:
    standard = begun(cast, service)
    issue(cast, service, "KTP")

    react(standard.id, 2, {"requirements": "take"}, by=cast.author)

    assert standard.live is not None and standard.live.number == 1
    assert standard.open_edition is not None and standard.open_edition.state is State.DRAFT
    assert (asks(standard), pending_of(standard)) == (["KTP"], None)
    assert verify() == []


@pytest.mark.parametrize(
    ("way", "result"),
    [("keep", ["KTP", "KK", "Surat RT"]), ("take", ["KTP", "Akta"]), ("merge", ["KTP", "Surat RT", "Akta"])],
)
def test_where_both_changed_one_side_or_both_together_stand(
    cast: Cast, service: Service, way: str, result: list[str]
) -> None:
    standard = begun(cast, service, "own", "KTP", "KK", "Surat RT")
    issue(cast, service, "KTP", "Akta")

    react(standard.id, 2, {"requirements": way}, by=cast.author)

    assert (asks(standard), pending_of(standard)) == (result, None)
    assert (standard.open_edition is None) is (way == "keep")


def test_an_answer_is_whole_and_to_the_newest_revision(cast: Cast, service: Service) -> None:
    standard = begun(cast, service)
    issue(cast, service, "KTP")

    for number, choices, refusal in (
        (2, {}, Rejected),
        (2, {"requirements": "merge"}, Rejected),
        (1, {"requirements": "take"}, Conflict),
    ):
        with pytest.raises(refusal):
            react(standard.id, number, choices, by=cast.author)

    assert pending_of(standard) is not None and standard.open_edition is None


def test_in_bulk_only_what_nobody_touched_is_taken(cast: Cast, service: Service) -> None:
    plain, own = begun(cast, service), begun(cast, service, "child", "KTP", "KK", "Surat RT")
    new = document(
        **{
            **content(products=[{"name": "KK digital"}]),
            "requirements": usual("KTP").requirements and [{"text": "KTP", "kind": "document"}],
        }
    )
    write_outline(service.id, new, [], by=cast.curator)
    issue_outline(service.id, by=cast.curator)

    done = [take_untouched(one.id, by=cast.author) for one in (plain, own)]

    assert done == [True, False]
    assert (asks(plain), asks(own)) == (["KTP"], ["KTP", "KK", "Surat RT"])
    left = pending_of(own)
    assert left is not None and [one.component for one in left.changes] == ["requirements"]


def test_a_draft_in_review_is_not_written_over_and_nothing_is_noted(cast: Cast, service: Service) -> None:
    standard = begun(cast, service)
    commands.open_draft(standard.id, by=cast.author)
    commands.submit(standard.id, by=cast.author)
    issue(cast, service, "KTP")

    with pytest.raises(Conflict):
        react(standard.id, 2, {"requirements": "take"}, by=cast.author)

    assert pending_of(standard) is not None


def test_an_abolished_requirement_is_told_where_it_is_still_asked(cast: Cast, service: Service) -> None:
    standard = begun(cast, service, "own", "KTP", "Surat pengantar RT")
    with pytest.raises(Rejected):
        issue(cast, service, "Surat Pengantar RT", abolished=("surat pengantar rt",))

    issue(cast, service, "KTP", abolished=("surat pengantar rt",))

    told = cautions(usual("KTP", "Surat pengantar RT"), service.id)
    assert [one.path for one in told] == ["requirements[1].text"]
    found = pending_of(standard)
    assert found is not None and found.abolished == (1,)


def test_nobody_answers_for_another_agency_nor_writes_the_usual_content(cast: Cast, service: Service) -> None:
    standard = begun(cast, service)
    issue(cast, service, "KTP")

    for who in (cast.stranger, cast.admin, cast.curator):
        with pytest.raises(NotAllowed):
            react(standard.id, 2, {"requirements": "keep"}, by=who)
    with pytest.raises(NotAllowed):
        write_outline(service.id, usual("x"), [], by=cast.publisher)

    assert pending(cast.stranger) == [] and len(pending(cast.author)) == 1


def test_a_standard_that_is_linked_or_merged_is_not_asked_for_what_was_before(
    cast: Cast, service: Service
) -> None:
    other = a_service(cast, "KK-LAIN")
    stray = commands.open_standard(cast.own.id, usual("KK"), by=cast.author)
    merged = commands.open_standard(cast.child.id, usual("KK"), by=cast.author, service_id=other.id)
    issue(cast, service, "KTP")

    commands.link(stray.id, service.id, by=cast.curator)
    merge_service(other.id, service.id, by=cast.curator)
    now = [pending_of(one) for one in (stray, merged)]
    issue(cast, service, "Akta")

    assert now == [None, None]
    assert len(pending(service_id=service.id)) == 2
    commands.discard(stray.id, by=cast.author)
    assert db.session.get(Standard, stray.id) is None and verify() == []
