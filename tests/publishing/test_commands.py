"""A standard lives from draft to public and out again, and the log and the audit tell of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from siapa.errors import Conflict, NotAllowed, NotFound, Rejected
from siapa.extensions import db
from siapa.publishing import audit, commands
from siapa.publishing.editions import one_year_on, today_of
from siapa.records import AuditEvent, Change, ChangeKind, Edition, FormerSlug, Standard, State
from siapa.records.engine import begin_writing
from tests.publishing.cast import Cast, a_service, document, published, submitted


def acts() -> list[str]:
    """What the audit tells, in order."""
    return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.number)))


def lines() -> list[tuple[ChangeKind, int | None]]:
    """What the log tells, in order."""
    rows = db.session.execute(sa.select(Change.kind, Change.edition_number).order_by(Change.number))
    return [(kind, number) for kind, number in rows]


def test_a_new_standard_begins_with_a_draft_nobody_else_sees(cast: Cast) -> None:
    standard = commands.open_standard(cast.own.id, document("Kartu Keluarga baru"), by=cast.author)

    assert standard.slug == "kartu-keluarga-baru"
    assert [(e.number, e.state, e.created_by_id) for e in standard.editions] == [
        (1, State.DRAFT, cast.author.id)
    ]
    assert (acts(), lines()) == (["open"], [])


def test_publishing_puts_the_edition_in_force_and_tells_the_log(cast: Cast) -> None:
    standard = submitted(cast)

    edition = commands.publish(standard.id, by=cast.publisher)

    assert standard.live is edition
    assert edition.effective_from == today_of(cast.own)
    assert edition.review_due_on == one_year_on(today_of(cast.own))
    assert (edition.submitted_by_id, edition.published_by_id) == (cast.author.id, cast.publisher.id)
    assert (edition.is_free, edition.days_max, edition.components_given) == (True, 1, 6)
    assert acts() == ["open", "submit", "publish"]
    assert lines() == [(ChangeKind.STANDARD_PUBLISHED, 1)]


def test_the_edition_before_it_is_superseded(cast: Cast) -> None:
    standard = published(cast)
    commands.open_draft(standard.id, document("Judul kedua"), by=cast.author)
    commands.submit(standard.id, by=cast.author)

    second = commands.publish(standard.id, by=cast.publisher)

    first = standard.editions[0]
    assert (first.state, second.state, second.number) == (State.SUPERSEDED, State.PUBLISHED, 2)
    assert first.ended_at is not None and second.published_at is not None
    assert first.ended_at <= second.published_at
    assert lines()[1:] == [(ChangeKind.STANDARD_SUPERSEDED, 1), (ChangeKind.STANDARD_PUBLISHED, 2)]


def test_a_new_draft_begins_with_the_words_in_force_but_is_the_agencys_own(cast: Cast) -> None:
    standard = published(cast, title="Judul yang berlaku")

    draft = commands.open_draft(standard.id, by=cast.author)

    assert draft.title == "Judul yang berlaku"
    assert draft.digest == standard.live.digest
    assert draft.confidence is None


def test_there_is_one_open_edition_at_most(cast: Cast) -> None:
    standard = submitted(cast)

    with pytest.raises(Conflict):
        commands.open_draft(standard.id, by=cast.author)

    assert len(standard.editions) == 1


def test_an_incomplete_draft_cannot_be_published_and_every_gap_is_named(cast: Cast) -> None:
    standard = submitted(cast, fees=None, products=None)

    with pytest.raises(Rejected) as refused:
        commands.publish(standard.id, by=cast.publisher)

    assert [problem.path for problem in refused.value.problems] == ["fees", "products"]
    assert standard.open_edition.state is State.SUBMITTED
    assert lines() == []


def test_nobody_publishes_what_they_submitted(cast: Cast) -> None:
    standard = commands.open_standard(cast.own.id, document(), by=cast.publisher)
    commands.submit(standard.id, by=cast.publisher)

    with pytest.raises(NotAllowed):
        commands.publish(standard.id, by=cast.publisher)

    assert standard.live is None
    assert acts()[-1] == "denied:publish"


def test_an_agency_with_a_single_officer_who_says_so_may(cast: Cast) -> None:
    begin_writing(db)
    cast.own.single_officer = True
    db.session.commit()
    standard = commands.open_standard(cast.own.id, document(), by=cast.publisher)
    commands.submit(standard.id, by=cast.publisher)

    edition = commands.publish(standard.id, by=cast.publisher)

    assert edition.state is State.PUBLISHED


def test_a_save_over_somebody_elses_save_is_refused(cast: Cast) -> None:
    standard = commands.open_standard(cast.own.id, document("Pertama"), by=cast.author)
    seen = standard.open_edition.version
    commands.revise(standard.id, document("Kedua"), version=seen, by=cast.author)

    with pytest.raises(Conflict):
        commands.revise(standard.id, document("Ketiga"), version=seen, by=cast.publisher)

    assert standard.open_edition.title == "Kedua"


@pytest.mark.parametrize("act", [commands.submit, commands.publish, commands.discard])
def test_a_stale_version_is_refused_by_every_step(cast: Cast, act) -> None:
    standard = commands.open_standard(cast.own.id, document(), by=cast.author)
    version = standard.open_edition.version

    with pytest.raises(Conflict):
        act(standard.id, by=cast.publisher, version=version + 1)

    assert standard.open_edition.version == version


def test_a_returned_edition_keeps_its_remarks_until_it_is_submitted_again(cast: Cast) -> None:
    standard = submitted(cast)

    returned = commands.return_(standard.id, {"fees": " Sebut dasar hukumnya. ", "": ""}, by=cast.publisher)
    remarks = returned.remarks
    revised = commands.revise(standard.id, document("Diperbaiki"), version=returned.version, by=cast.author)
    state = revised.state
    commands.submit(standard.id, by=cast.author)

    assert remarks == {"fees": "Sebut dasar hukumnya."}
    assert state is State.RETURNED
    assert (revised.state, revised.remarks) == (State.SUBMITTED, {})


@pytest.mark.parametrize("remarks", [{}, {"fees": "  "}, {"colour": "merah"}, {"fees": "x" * 2001}])
def test_remarks_must_say_something_about_a_component(cast: Cast, remarks: dict[str, str]) -> None:
    standard = submitted(cast)

    with pytest.raises(Rejected):
        commands.return_(standard.id, remarks, by=cast.publisher)

    assert standard.open_edition.state is State.SUBMITTED


def test_an_edition_whose_day_lies_ahead_waits_and_goes_live_once_on_its_day(cast: Cast) -> None:
    day = today_of(cast.own) + timedelta(days=3)
    standard = published(cast, title="Sekarang")
    commands.open_draft(standard.id, document("Nanti", effective_from=day.isoformat()), by=cast.author)
    commands.submit(standard.id, by=cast.author)

    scheduled = commands.publish(standard.id, by=cast.publisher)
    before = (scheduled.state, standard.live.title)
    early = commands.publish_due(today=day - timedelta(days=1))
    on_its_day = commands.publish_due(today=day)
    again = commands.publish_due(today=day)

    assert before == (State.SCHEDULED, "Sekarang")
    assert (early, again) == ([], [])
    assert on_its_day == [scheduled]
    assert (standard.live.title, scheduled.published_by_id) == ("Nanti", cast.publisher.id)
    assert scheduled.review_due_on == one_year_on(day)
    assert acts()[-2:] == ["schedule", "publish"]
    assert (
        db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number.desc())).first().officer_id
        is None
    )


def test_a_scheduled_edition_can_be_put_in_force_at_once(cast: Cast) -> None:
    today = today_of(cast.own)
    standard = submitted(cast, effective_from=(today + timedelta(days=9)).isoformat())
    commands.publish(standard.id, by=cast.publisher)

    edition = commands.publish(standard.id, by=cast.publisher, effective_from=today)

    assert (edition.state, edition.effective_from) == (State.PUBLISHED, today)


def test_a_returned_schedule_does_not_come_true(cast: Cast) -> None:
    day = today_of(cast.own) + timedelta(days=1)
    standard = submitted(cast, effective_from=day.isoformat())
    commands.publish(standard.id, by=cast.publisher)

    commands.return_(standard.id, {"": "Belum siap."}, by=cast.publisher)

    assert commands.publish_due(today=day) == []
    assert standard.open_edition.state is State.RETURNED


def test_a_withdrawn_standard_says_why_and_what_replaces_it(cast: Cast) -> None:
    other = published(cast, title="Pengganti")
    standard = published(cast, title="Lama")

    edition = commands.withdraw(standard.id, by=cast.publisher, reason=" Digabung. ", replaced_by=other.id)

    assert (edition.state, edition.withdrawal_reason) == (State.WITHDRAWN, "Digabung.")
    assert (standard.live, standard.replaced_by_id) == (None, other.id)
    assert edition.ended_at is not None
    assert lines()[-1] == (ChangeKind.STANDARD_WITHDRAWN, 1)


def test_withdrawing_needs_a_reason_a_live_edition_and_a_living_replacement(cast: Cast) -> None:
    standard = published(cast)
    draft = submitted(cast, title="Belum terbit")

    with pytest.raises(Rejected):
        commands.withdraw(standard.id, by=cast.publisher, reason="  ")
    with pytest.raises(Rejected):
        commands.withdraw(standard.id, by=cast.publisher, reason="x", replaced_by=standard.id)
    with pytest.raises(Rejected):
        commands.withdraw(standard.id, by=cast.publisher, reason="x", replaced_by=draft.id)
    with pytest.raises(Conflict):
        commands.withdraw(draft.id, by=cast.publisher, reason="x")

    assert standard.live is not None


def test_a_standard_whose_next_edition_is_scheduled_is_not_withdrawn(cast: Cast) -> None:
    standard = published(cast)
    day = today_of(cast.own) + timedelta(days=1)
    commands.open_draft(standard.id, document(effective_from=day.isoformat()), by=cast.author)
    commands.submit(standard.id, by=cast.author)
    commands.publish(standard.id, by=cast.publisher)

    with pytest.raises(Conflict):
        commands.withdraw(standard.id, by=cast.publisher, reason="Digabung.")

    assert standard.live is not None


def test_a_withdrawn_standard_comes_back_as_its_next_edition(cast: Cast) -> None:
    standard = published(cast)
    commands.withdraw(standard.id, by=cast.publisher, reason="Dievaluasi.")

    commands.restore(standard.id, 1, by=cast.author)
    commands.submit(standard.id, by=cast.author)
    edition = commands.publish(standard.id, by=cast.publisher)

    assert (edition.number, edition.digest) == (2, standard.editions[0].digest)
    assert [e.state for e in standard.editions] == [State.WITHDRAWN, State.PUBLISHED]
    with pytest.raises(NotFound):
        commands.restore(standard.id, 7, by=cast.author)


def test_a_discarded_draft_gives_its_number_back(cast: Cast) -> None:
    standard = published(cast)
    commands.open_draft(standard.id, document("Percobaan"), by=cast.author)

    commands.discard(standard.id, by=cast.author)

    assert commands.open_draft(standard.id, by=cast.author).number == 2
    assert acts()[-3:] == ["open", "discard", "open"]


def test_a_standard_that_never_was_public_goes_with_its_draft(cast: Cast) -> None:
    standard_id = commands.open_standard(cast.own.id, document(), by=cast.author).id

    commands.discard(standard_id, by=cast.author)

    assert db.session.get(Standard, standard_id) is None
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Edition)) == 0
    assert lines() == []


def test_what_is_submitted_or_in_force_is_not_discarded(cast: Cast) -> None:
    standard = submitted(cast)

    with pytest.raises(Conflict):
        commands.discard(standard.id, by=cast.author)

    assert standard.open_edition is not None


def test_titles_alike_get_addresses_apart(cast: Cast) -> None:
    first = commands.open_standard(cast.own.id, document("Kartu Keluarga"), by=cast.author)
    second = commands.open_standard(cast.own.id, document("Kartu  Keluarga!"), by=cast.author)
    elsewhere = commands.open_standard(cast.child.id, document("Kartu Keluarga"), by=cast.author)

    assert (first.slug, second.slug) == ("kartu-keluarga", "kartu-keluarga-2")
    assert elsewhere.slug == "kartu-keluarga"


def test_a_former_address_redirects_and_is_never_given_away(cast: Cast) -> None:
    standard = published(cast, title="Lama")

    commands.rename(standard.id, "baru", by=cast.publisher)
    other = commands.open_standard(cast.own.id, document("Lama"), by=cast.author)
    with pytest.raises(Rejected):
        commands.open_standard(cast.own.id, document("Lain"), by=cast.author, slug="lama")

    assert db.session.get(FormerSlug, ("standard", "dukcapil/lama")).subject_id == standard.id
    assert other.slug == "lama-2"
    assert lines()[-1][0] is ChangeKind.STANDARD_MOVED


def test_a_standard_may_take_its_own_former_address_back(cast: Cast) -> None:
    standard = published(cast, title="Lama")
    commands.rename(standard.id, "baru", by=cast.publisher)

    commands.rename(standard.id, "lama", by=cast.publisher)

    assert standard.slug == "lama"
    assert db.session.get(FormerSlug, ("standard", "dukcapil/lama")) is None
    assert db.session.get(FormerSlug, ("standard", "dukcapil/baru")).subject_id == standard.id


@pytest.mark.parametrize("slug", ["", "Besar", "a b", "../x", "a--b", "-a", "x" * 101, "é"])
def test_an_address_is_small_letters_digits_and_hyphens(cast: Cast, slug: str) -> None:
    with pytest.raises(Rejected) as refused:
        commands.open_standard(cast.own.id, document(), by=cast.author, slug=slug)

    assert [problem.path for problem in refused.value.problems] == ["slug"]


def test_a_transferred_standard_answers_to_its_new_agency_at_once(cast: Cast) -> None:
    standard = published(cast)

    commands.transfer(standard.id, cast.sibling.id, by=cast.national)

    with pytest.raises(NotAllowed):
        commands.open_draft(standard.id, by=cast.author)
    assert commands.open_draft(standard.id, by=cast.stranger).number == 2
    assert db.session.get(FormerSlug, ("standard", "dukcapil/penerbitan-kartu-keluarga")) is not None


def test_an_agency_has_one_standard_for_a_service(cast: Cast) -> None:
    service = a_service(cast)
    commands.open_standard(cast.own.id, document(), by=cast.author, service_id=service.id)
    stray = published(cast, title="Tanpa jenis layanan")

    with pytest.raises(Conflict):
        commands.open_standard(cast.own.id, document(), by=cast.author, service_id=service.id)
    with pytest.raises(Conflict):
        commands.link(stray.id, service.id, by=cast.curator)

    assert db.session.get(Standard, stray.id).service_id is None


def test_the_chain_and_the_numbers_hold_after_all_this(cast: Cast) -> None:
    standard = published(cast)
    with pytest.raises(NotAllowed):
        commands.withdraw(standard.id, by=cast.stranger, reason="Iseng.")
    commands.withdraw(standard.id, by=cast.publisher, reason="Digabung.")

    numbers = list(db.session.scalars(sa.select(AuditEvent.number).order_by(AuditEvent.number)))

    assert list(audit.verify_chain(db.session.connection())) == []
    assert numbers == list(range(1, len(numbers) + 1))
    assert "denied:withdraw" in acts()


def test_a_year_after_a_leap_day_is_the_last_of_february() -> None:
    assert one_year_on(date(2028, 2, 29)) == date(2029, 2, 28)
    assert one_year_on(date(2026, 11, 24)) == date(2027, 11, 24)
