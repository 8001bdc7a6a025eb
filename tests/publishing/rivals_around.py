"""What two rivals do in each command on agencies, places and the catalogue, and what must come of it."""

from __future__ import annotations

import uuid
from datetime import time, timedelta

from siapa.extensions import db
from siapa.publishing import (
    agencies,
    merging,
    people,
    places,
    regions,
    regulations,
    reports,
    services,
    telling,
    unanswered,
)
from siapa.publishing.permissions import with_parents
from siapa.publishing.versions import version_of
from siapa.records import (
    Agency,
    Feedback,
    FeedbackState,
    Location,
    LocationKind,
    Region,
    RegionLevel,
    RegulationState,
    ReviewMark,
    Role,
    Service,
    Synonym,
    UnansweredQuery,
    now,
)
from siapa.records.engine import begin_writing
from tests.publishing.arena import Arena, Race
from tests.publishing.cast import document
from tests.publishing.racing import somebody
from tests.publishing.rivalry import (
    BOTH,
    SOME,
    TODAY,
    author,
    counted,
    curator,
    kept,
    national,
    officer_id,
)


def _two_agencies(arena: Arena, number: int) -> tuple[uuid.UUID, uuid.UUID]:
    made = [agencies.add_agency(f"Badan {number} {one}", "dinas", by=national()).id for one in (0, 1)]
    return made[0], made[1]


def _no_ring(arena: Arena, number: int) -> bool:
    first = db.session.get_one(Agency, arena.kept[0])
    above = [db.session.get_one(Agency, one).parent for one in arena.kept]
    return len(with_parents(first)) <= 2 and None in above


def _succession_ends(arena: Arena, number: int) -> bool:
    return None in [db.session.get_one(Agency, one).succeeded_by_id for one in arena.kept]


def _alone(arena: Arena, number: int) -> None:
    for held in list(somebody("second").memberships):
        if held.agency_id == arena.child:
            people.revoke(held.id, by=national())
    agencies.declare_single_officer(arena.child, is_single=False, by=national())


def _one_or_two_officers(a: Arena, n: int, rival: int) -> object:
    if rival:
        return people.grant(officer_id("second"), Role.OPERATOR, by=national(), agency_id=a.child)
    return agencies.declare_single_officer(a.child, is_single=True, by=national())


def _four_eyes_stand(arena: Arena, number: int) -> bool:
    agency = db.session.get_one(Agency, arena.child)
    return not (agency.single_officer and len(agencies.writers(arena.child)) > 1)


REGION = {"name": "Kabupaten", "name_en": "Regency", "level": RegionLevel.REGENCY, "latitude": -4.0,
          "longitude": 122.0, "timezone": "Asia/Makassar"}  # fmt: skip
RULE = {"type": "PP", "year": 2024, "title": "Tarif"}
MORNING = [places.Span(1, time(8), time(12))]
SERVICE = {"name": "Layanan", "name_en": "Service", "agency_kind": "dinas", "category_code": "kependudukan"}
WORD = {"name": "Kata", "name_en": "Word", "position": 1}


def _aliases(arena: Arena) -> set[str]:
    return {alias.text for alias in db.session.get_one(Service, arena.service).aliases}


def _asked(words: str) -> None:
    begin_writing(db)
    db.session.add(UnansweredQuery(day=TODAY, words=words, times=3))
    db.session.commit()


def _aside(arena: Arena, number: int) -> None:
    _asked(f"kata {number}")
    unanswered.dismiss(f"kata {number}", by=curator())


def _reported(arena: Arena, number: int) -> uuid.UUID:
    begin_writing(db)
    report = Feedback(code=f"LAPOR{number}", standard_id=arena.other, text="Salah", due_at=now())
    db.session.add(report)
    db.session.commit()
    return report.id


def _regulation(arena: Arena, number: int) -> uuid.UUID:
    return regulations.add_regulation({**RULE, "number": f"{number}"}, by=curator()).id


def _ended(arena: Arena, number: int) -> uuid.UUID:
    made = _regulation(arena, 100 + number)
    regulations.end_regulation(made, RegulationState.REPEALED, on=TODAY, by=curator())
    return made


def _mark(arena: Arena, number: int) -> uuid.UUID:
    ended = _ended(arena, 100 + number)
    begin_writing(db)
    mark = ReviewMark(regulation_id=ended, standard_id=arena.other, state=RegulationState.REPEALED)
    db.session.add(mark)
    db.session.commit()
    return mark.id


AROUND: dict[str, Race] = {
    "agencies.add_agency": Race(
        lambda a, n, r: agencies.add_agency(f"Dinas {n}", "dinas", slug=f"dinas-{n}", by=national())
    ),
    "agencies.set_agency": Race(
        lambda a, n, r: agencies.set_agency(a.own, {"phone": f"0401 {n}{r}"}, by=somebody("admin")), BOTH
    ),
    "agencies.place_agency": Race(
        lambda a, n, r: agencies.place_agency(a.kept[r], parent_id=a.kept[1 - r], by=national()),
        before=kept(_two_agencies), holds=_no_ring, crosses=True,
    ),
    "agencies.rename_agency": Race(
        lambda a, n, r: agencies.rename_agency((a.own, a.sibling)[r], f"badan-{n}", by=national())
    ),
    "agencies.end_agency": Race(
        lambda a, n, r: agencies.end_agency(a.kept[r], succeeded_by=a.kept[1 - r], by=national()),
        before=kept(_two_agencies), holds=_succession_ends, crosses=True,
    ),
    "agencies.declare_single_officer": Race(_one_or_two_officers, SOME, _alone, _four_eyes_stand),
    "places.add_location": Race(
        lambda a, n, r: places.add_location(
            LocationKind.OFFICE, f"Kantor {n}", slug=f"kantor-{n}", agency_id=a.own, by=somebody("admin")
        )
    ),
    "places.set_location": Race(
        lambda a, n, r: places.set_location(a.mall, {"phone": f"0401 {n}{r}"}, by=somebody("manager")), BOTH
    ),
    "places.set_location as it was seen": Race(
        lambda a, n, r: places.set_location(
            a.mall, {"phone": f"0402 {n}{r}"}, by=somebody("manager"), seen=a.kept
        ),
        before=kept(lambda a, n: version_of(db.session.get_one(Location, a.mall))),
    ),
    "places.give_location": Race(
        lambda a, n, r: places.give_location(a.mall, (a.parent, None)[r], by=national()), BOTH
    ),
    "places.rename_location": Race(
        lambda a, n, r: places.rename_location((a.mall, a.kept)[r], f"gedung-{n}", by=national()),
        before=kept(
            lambda a, n: a.kept or places.add_location(LocationKind.OFFICE, "Kantor", by=national()).id
        ),
    ),
    "places.set_hours": Race(
        lambda a, n, r: places.set_hours(a.mall, MORNING * (1 - r), by=somebody("manager")), BOTH
    ),
    "places.set_counter_hours": Race(
        lambda a, n, r: places.set_counter_hours(a.counter, MORNING * (1 - r), by=somebody("manager")), BOTH
    ),
    "places.set_closures": Race(
        lambda a, n, r: places.set_closures(
            a.mall, [places.ClosedDays(TODAY, TODAY, f"Libur {n} {r}")], by=somebody("manager")
        ), BOTH, holds=lambda a, n: counted(places.Closure) == 1,
    ),
    "places.add_counter": Race(
        lambda a, n, r: places.add_counter(a.mall, f"Loket {n} {r}", by=somebody("manager")), BOTH,
        holds=lambda a, n: counted(places.Counter, places.Counter.name.like(f"Loket {n} _")) == 2,
    ),
    "places.set_counter": Race(
        lambda a, n, r: places.set_counter(a.counter, {"floor": f"{n}{r}"}, by=somebody("manager")), BOTH
    ),
    "places.confirm_counter": Race(
        lambda a, n, r: places.confirm_counter(
            a.counter, by=somebody("manager"), on=TODAY - timedelta(days=r)
        ), BOTH,
    ),
    "places.confirm_counters": Race(
        lambda a, n, r: places.confirm_counters(a.mall, by=somebody("manager"), on=TODAY), BOTH,
        lambda a, n: places.confirm_counter(a.counter, by=somebody("manager"), on=TODAY - timedelta(days=9)),
        lambda a, n: sorted(len(one) for one in a.given)[0] == 0,
    ),
    "regions.put_region": Race(
        lambda a, n, r: regions.put_region(f"75.{n + 10}", {**REGION, "seat": str(r)}, by=national()), SOME,
        holds=lambda a, n: db.session.get(Region, f"75.{n + 10}") is not None,
    ),
    "telling.report": Race(
        lambda a, n, r: telling.report(telling.About(location_id=a.mall), f"Jam buka salah, {n}"), BOTH
    ),
    "reports.answer": Race(
        lambda a, n, r: reports.answer(a.kept, f"Jawaban {r}", FeedbackState.ANSWERED, by=author()),
        before=kept(_reported),
    ),
    "services.add_service": Race(lambda a, n, r: services.add_service(f"BARU-{n}", SERVICE, by=curator())),
    "services.set_service": Race(
        lambda a, n, r: services.set_service(a.service, {"summary": f"{n} {r}"}, by=curator()), BOTH
    ),
    "services.set_outline": Race(
        lambda a, n, r: services.set_outline(a.service, document(f"Garis {n} {r}"), by=curator()), BOTH
    ),
    "services.set_aliases": Race(
        lambda a, n, r: services.set_aliases(a.service, [("id", f"kata {n} {r}")], by=curator()), BOTH,
        holds=lambda a, n: len(_aliases(a)) == 1,
    ),
    "services.add_alias": Race(
        lambda a, n, r: services.add_alias(a.service, "id", f"nama {n} {r}", by=curator()), BOTH,
        holds=lambda a, n: {f"nama {n} 0", f"nama {n} 1"} <= _aliases(a),
    ),
    "services.remove_alias": Race(
        lambda a, n, r: services.remove_alias(a.service, "id", f"sebutan {n}", by=curator()),
        before=lambda a, n: services.add_alias(a.service, "id", f"sebutan {n}", by=curator()),
    ),
    "services.set_life_events": Race(
        lambda a, n, r: services.set_life_events(a.service, ["menikah"] * r, by=curator()), BOTH,
        lambda a, n: services.put_life_event("menikah", WORD, by=curator()),
    ),
    "services.rename_service": Race(
        lambda a, n, r: services.rename_service((a.service, a.kept)[r], f"sebutan-{n}", by=curator()),
        before=kept(lambda a, n: a.kept or a.a_service("LAYANAN")),
    ),
    "services.retire_service": Race(
        lambda a, n, r: services.retire_service(a.kept, by=curator()), SOME,
        kept(lambda a, n: a.a_service(f"USAI-{n}")),
    ),
    "services.retire_service by each other": Race(
        lambda a, n, r: services.retire_service(a.kept[r], by=curator(), replaced_by=a.kept[1 - r]),
        before=kept(lambda a, n: (a.a_service(f"GANTI-{n}-A"), a.a_service(f"GANTI-{n}-B"))),
        crosses=True,
    ),
    "services.put_category": Race(
        lambda a, n, r: services.put_category(f"kategori-{n}", {**WORD, "position": r}, by=curator()), SOME
    ),
    "services.put_life_event": Race(
        lambda a, n, r: services.put_life_event(f"kejadian-{n}", {**WORD, "position": r}, by=curator()), SOME
    ),
    "services.put_synonym": Race(
        lambda a, n, r: services.put_synonym(f"kk{n}", "kartu", kind="spelling", by=curator()), SOME,
        holds=lambda a, n: counted(Synonym, Synonym.term == f"kk{n}") == 1,
    ),
    "services.remove_synonym": Race(
        lambda a, n, r: services.remove_synonym(a.kept, by=curator()),
        before=kept(lambda a, n: services.put_synonym("kk", "kartu", kind="spelling", by=curator()).id),
    ),
    "merging.merge_service": Race(
        lambda a, n, r: merging.merge_service(a.kept[r], a.kept[1 - r], by=curator()),
        before=kept(lambda a, n: (a.a_service(f"GABUNG-{n}-A"), a.a_service(f"GABUNG-{n}-B"))),
        crosses=True,
    ),
    "regulations.add_regulation": Race(
        lambda a, n, r: regulations.add_regulation({**RULE, "number": f"9{n}"}, by=curator())
    ),
    "regulations.set_regulation": Race(
        lambda a, n, r: regulations.set_regulation(a.kept, {"title": f"Judul {r}"}, by=curator()), BOTH,
        kept(lambda a, n: a.kept or _regulation(a, 900)),
    ),
    "regulations.end_regulation": Race(
        lambda a, n, r: regulations.end_regulation(a.kept, RegulationState.REPEALED, on=TODAY, by=curator()),
        before=kept(_regulation),
    ),
    "regulations.reinstate_regulation": Race(
        lambda a, n, r: regulations.reinstate_regulation(a.kept, by=curator()), BOTH, kept(_ended)
    ),
    "regulations.settle_review": Race(
        lambda a, n, r: regulations.settle_review(a.kept, by=author()), before=kept(_mark)
    ),
    "unanswered.teach": Race(
        lambda a, n, r: unanswered.teach(f"ajar {n}", a.service, by=curator()), BOTH,
        lambda a, n: _asked(f"ajar {n}"), lambda a, n: f"ajar {n}" in _aliases(a),
    ),
    "unanswered.dismiss": Race(
        lambda a, n, r: unanswered.dismiss(f"kata {n}", by=curator()), SOME, lambda a, n: _asked(f"kata {n}")
    ),
    "unanswered.take_up": Race(
        lambda a, n, r: unanswered.take_up(f"kata {n}", by=curator()), before=_aside
    ),
}  # fmt: skip
