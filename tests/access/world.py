"""The registry of the access tests: one of each thing that can be acted on, and officers near and far.

Everything that is acted on belongs to one agency. The officers stand in it, above it, beside it
and below it, so each is named by their role and by what that agency is to theirs: for
``operator.child`` the agency is a child of their own.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from siapa import figures, search
from siapa.document.digest import digest
from siapa.document.standard_document import to_json
from siapa.extensions import db
from siapa.publishing import (
    commands,
    credentials,
    decrees,
    offerings,
    outlines,
    people,
    places,
    regulations,
    second_factors,
    services,
    spreadsheet,
    telling,
    unanswered,
    webhooks,
)
from siapa.publishing.cited import open_marks_of
from siapa.publishing.offerings import OfferedAt
from siapa.publishing.permissions import Standin
from siapa.publishing.succeeding import succeed
from siapa.publishing.succession import Plan, Target, preview
from siapa.publishing.versions import version_of
from siapa.records import (
    Agency,
    LinkPurpose,
    Location,
    LocationKind,
    Offering,
    Officer,
    Passkey,
    ProviderIdentity,
    RegulationState,
    Role,
    Service,
    Standard,
    SuccessionKind,
    Synonym,
    UnansweredQuery,
    WebhookDelivery,
    new_id,
    now,
)
from siapa.records.engine import begin_writing
from siapa.search.unanswered import today
from siapa.web.desk import agencies, digits, security, step_form
from siapa.web.desk.second_factor import PENDING
from siapa.web.desk.services import Form
from siapa.web.desk.steps import STEPS
from tests.publishing.cast import Cast, a_service, document, officer, people_and_places, published
from tests.publishing.spreadsheet.sheets import NEW, cells_of, named, plus, workbook
from tests.web.desk.visiting import AT_THE_DESK, form_token, signed_in

PASSWORD = "kopi tubruk tanpa gula"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
#: A sheet that is not ours, so that its columns have to be told.
OLDER_SHEET = b"Nama layanan;Syarat;Perihal\nAkta;1. KTP 2. KK;3 hari kerja\n"
#: Stands in the title of each draft that only its agency may see.
SECRET_WORD = "Rahasiawan"

#: The roles in an agency, and what the agency of the thing is to that of the officer.
ROLES = (Role.OPERATOR, Role.PUBLISHER, Role.AGENCY_ADMIN)
RELATIONS = ("own", "child", "sibling", "parent")
#: Browsers: nobody is signed in; a publisher of the agency has given the password only; another one's
#: account was closed while signed in; the managers of the mall that is acted on, and of another.
OTHERS = ("nobody", "half", "closed", "mall.own", "mall.other", "curator", "national")
#: Programs: of a publisher of the agency, with a token that may only read; of a publisher above it, with
#: tokens narrowed to the agency and to the one beside it.
PROGRAMS = ("reading", "narrow.own", "narrow.away")
IN_AGENCIES = tuple(f"{role.value}.{relation}" for role in ROLES for relation in RELATIONS)
ACTORS = (*OTHERS[:3], *IN_AGENCIES, *OTHERS[3:], *PROGRAMS)


@dataclass
class World:
    """By name: what goes into addresses and forms, and how each actor is known at the doors."""

    names: dict[str, str] = field(default_factory=dict)
    #: Names that mean another thing for each actor.
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    form_tokens: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def names_for(self, actor: str) -> dict[str, str]:
        """All names as ``actor`` uses them."""
        return {**self.names, **self.own.get(actor, {})}


def make_world(app: Flask) -> World:
    """Fill the empty registry of ``app``, in its context."""
    world = World()
    begin_writing(db)
    cast = people_and_places()
    agencies = dict(zip(RELATIONS, (cast.own, cast.parent, cast.sibling, cast.child), strict=True))
    people_of = _officers(cast, agencies)
    db.session.flush()
    hashed = security.new_hash(PASSWORD)
    for person in db.session.scalars(sa.select(Officer)):
        person.password_hash = hashed
    db.session.commit()
    _spreadsheets(world, cast)
    _standards(world, cast, people_of, Path(app.config["SIAPA"].instance_dir))
    _catalogue(world, cast)
    _regulations(world, cast)
    _places(world, cast)
    _webhooks(world, cast, app)
    _colleague(world, people_of["colleague"])
    _at_the_doors(world, app, people_of, agencies)
    _reported(world, cast)
    search.rebuild()
    figures.refresh()
    return world


def _officers(cast: Cast, agencies: dict[str, Agency]) -> dict[str, Officer]:
    """One for each actor, a colleague in the agency, and a peer beside each of the actors."""
    mall = Location(
        kind=LocationKind.MALL, slug="mpp-dukcapil", name="MPP Dukcapil", agency=cast.own,
        region=cast.own.region, facilities=[],
    )  # fmt: skip
    db.session.add(mall)
    db.session.flush()
    made = {
        f"{role.value}.{relation}": officer(f"{role.value}.{relation}", role, agency)
        for role in ROLES
        for relation, agency in agencies.items()
    }
    for relation, agency in agencies.items():
        made[f"peer.{relation}"] = officer(f"peer.{relation}", Role.OPERATOR, agency)
    for name in ("half", "closed", "reading"):
        made[name] = officer(name, Role.PUBLISHER, cast.own)
    for name in ("narrow.own", "narrow.away"):
        made[name] = officer(name, Role.PUBLISHER, cast.parent)
    made["mall.own"] = officer("mall.own", Role.MALL_MANAGER, None, mall)
    made["mall.other"] = officer("mall.other", Role.MALL_MANAGER, None, cast.mall)
    made["colleague"] = officer("colleague", Role.OPERATOR, cast.own)
    return {**made, "curator": cast.curator, "national": cast.national}


def _standards(world: World, cast: Cast, people_of: dict[str, Officer], folder: Path) -> None:
    """One in each state; ``work`` is what a publisher has submitted themselves."""

    def handed_in(title: str, by: Officer) -> Standard:
        standard = commands.open_standard(cast.own.id, document(f"{SECRET_WORD} {title}"), by=by)
        commands.submit(standard.id, by=by)
        return standard

    draft = document(f"{SECRET_WORD} draf", decree={"number": "12/SK/2026"})
    made = {"draft": commands.open_standard(cast.own.id, draft, by=cast.author)}
    decrees.attach(made["draft"].id, PDF, "SK.pdf", folder=folder, by=cast.author)
    made["submitted"] = handed_in("diajukan", cast.author)
    made["live"] = published(cast, title="Akta kelahiran")
    second = document("Akta kelahiran baru", legal_bases=[{"title": "UU 23/2006"}])
    commands.open_draft(made["live"].id, second, by=cast.author)
    commands.submit(made["live"].id, by=cast.author)
    commands.publish(made["live"].id, by=cast.publisher)
    for name, title in (("revised", "Akta kematian"), ("waiting", "Akta perkawinan")):
        made[name] = published(cast, title=title)
        commands.open_draft(made[name].id, document(f"{title} baru"), by=cast.author)
    commands.submit(made["waiting"].id, by=cast.author)
    world.names |= {name: str(standard.id) for name, standard in made.items()}
    for name, told in (("draft", "seen step"), ("revised", "seen revised")):
        edition = made[name].open_edition
        assert edition is not None
        world.names[told] = step_form.seen(edition.document, STEPS["dasar"])
    world.names["seen places"] = digest({"rows": []})[:32]
    for name, person in people_of.items():
        is_writer = name in ("publisher.own", "publisher.child", "national", "reading", "narrow.own", "half")
        work = handed_in("sendiri", person) if is_writer else made["submitted"]
        world.own[name] = {"work": str(work.id)}


def _spreadsheets(world: World, cast: Cast) -> None:
    """A preview of ours, one of an older sheet, and one that is taken in."""
    empty = spreadsheet.template(cast.own)

    def previewed(content: bytes, name: str) -> Any:
        return spreadsheet.preview(cast.own.id, content, file_name=name, by=cast.author).id

    taken = previewed(workbook(plus(cells_of(empty), named(NEW, "lain", "Kartu lain"))), "lain.xlsx")
    spreadsheet.take_in(taken, by=cast.author)
    world.names |= {
        "taken": str(taken),
        "preview": str(previewed(workbook(plus(cells_of(empty), NEW)), "baru.xlsx")),
        "older": str(previewed(OLDER_SHEET, f"{SECRET_WORD}.csv")),
    }


def _catalogue(world: World, cast: Cast) -> None:
    """Two services, a synonym, a query that waits and one that is set aside."""
    service = a_service(cast)
    world.names |= {
        "service": service.code,
        "other service": a_service(cast, "KK-LAIN").code,
        "seen service": Form.of(service).seen,
    }
    _usual_content(world, cast, service)
    services.put_synonym("kk", "kartu keluarga", kind="abbreviation", by=cast.curator)
    begin_writing(db)
    for words in ("kartu merah putih", "harga cabai"):
        db.session.add(UnansweredQuery(day=today(), words=words, times=12))
    db.session.commit()
    unanswered.dismiss("harga cabai", by=cast.curator)
    world.names["synonym"] = str(db.session.scalar(sa.select(Synonym.id)))


def _usual_content(world: World, cast: Cast, service: Service) -> None:
    """A revision that is being written, and one of another service that a standard has not reacted to."""
    outlines.write_outline(service.id, document("Kartu keluarga"), [], by=cast.curator)
    world.names |= {
        "seen abolished": outlines.revisions(service.id)[-1].digest,
        "seen outline": step_form.seen(to_json(document("Kartu keluarga")), STEPS["dasar"]),
    }
    other = a_service(cast, "KK-USUL")
    services.set_outline(other.id, document(), by=cast.curator)
    commands.link(uuid.UUID(world.names["revised"]), other.id, by=cast.curator)
    asks = [{"text": "Akta kelahiran", "kind": "document"}]
    services.set_outline(other.id, document(requirements=asks), by=cast.curator)


def _regulations(world: World, cast: Cast) -> None:
    """One that is kept, and one that was repealed, which marks what is in force."""
    kept, ended = (
        regulations.add_regulation(
            {"type": "UU", "number": number, "year": year, "title": "Kependudukan"}, by=cast.curator
        )
        for number, year in (("24", 2013), ("23", 2006))
    )
    regulations.end_regulation(ended.id, RegulationState.AMENDED, on=date(2013, 12, 24), by=cast.curator)
    (mark,) = open_marks_of(uuid.UUID(world.names["live"]))
    world.names |= {"regulation": str(kept.id), "mark": str(mark.id)}


def _webhooks(world: World, cast: Cast, app: Flask) -> None:
    """A system of the agency that is told of changes, and a message to it that waits."""
    config = app.config["SIAPA"]
    made = webhooks.add_webhook(
        "Portal", "https://portal.example/", config=config, by=cast.admin, agency_id=cast.own.id
    )
    begin_writing(db)
    message = WebhookDelivery(webhook_id=made.webhook.id, from_number=1, to_number=1)
    db.session.add(message)
    db.session.commit()
    world.names |= {"webhook": str(made.webhook.id), "message": str(message.id)}


def _places(world: World, cast: Cast) -> None:
    """A counter in the mall of the agency, and a standard that is had at it."""
    mall = db.session.scalars(sa.select(Location).where(Location.slug == "mpp-dukcapil")).one()
    counter = places.add_counter(mall.id, "Loket", by=cast.national)
    standard = published(cast, title="Surat pindah")
    offerings.set_offerings(standard.id, [OfferedAt(mall.id, counter.id)], by=cast.author)
    offered = sa.select(Offering.id).where(Offering.standard_id == standard.id)
    world.names |= {
        "place": str(mall.id),
        "counter": str(counter.id),
        "offering": str(db.session.scalar(offered)),
        "seen place": version_of(mall),
        "seen counter": version_of(counter),
    }


def _reported(world: World, cast: Cast) -> None:
    """What a citizen reports of a standard; and how the agency is known to forms."""
    names = {"name": "Dinas Baru", "name_en": None, "short_name": None, "slug": None}
    named = Plan(SuccessionKind.RENAMING, (cast.own.id,), (Target(agency_id=cast.own.id),), names=names)
    planned = succeed(named, on=now().date() + timedelta(days=90), by=cast.national, note="SK 1")
    world.names |= {"renaming": str(planned.id), "seen renaming": preview(named).seen}
    told = telling.report(
        telling.About(standard_id=uuid.UUID(world.names["live"])), "Jam buka salah di loket"
    )
    world.names |= {
        "report": str(told.id),
        "agency's id": str(cast.own.id),
        "seen agency": agencies._seen(cast.own),
    }


def _colleague(world: World, colleague: Officer) -> None:
    """Who is ruled over: with a second factor, a token, and an open link."""
    second_factors.set_authenticator(digits.new_secret(), 1, by=colleague)
    issued = people.issue_token("program", by=Standin.OPERATOR, officer_id=colleague.id)
    ways_in = _ways_in(colleague)
    world.names |= {
        "agency": "dukcapil",
        "mall": "mpp-dukcapil",
        "colleague": str(colleague.id),
        "colleague's role": str(colleague.memberships[0].id),
        "colleague's token": str(issued.token.id),
        "colleague's passkey": ways_in["passkey"],
        "colleague's identity": ways_in["identity"],
        "colleague's session": str(credentials.begin_session(colleague).session.id),
        "link": credentials.send_link(colleague.id, LinkPurpose.RESET, by=colleague),
    }


def _ways_in(person: Officer) -> dict[str, str]:
    """A passkey and a link to a provider: past the commands, which want a phone and the provider's word."""
    begin_writing(db)
    passkey = Passkey(officer_id=person.id, name="Ponsel", credential_id=f"{new_id()}", public_key=b"")
    passkey.sign_count = 0
    identity = ProviderIdentity(
        officer_id=person.id, issuer="https://sso.example", subject=f"{new_id()}", email=""
    )
    db.session.add_all([passkey, identity])
    db.session.commit()
    return {"passkey": str(passkey.id), "identity": str(identity.id)}


def _at_the_doors(
    world: World, app: Flask, people_of: dict[str, Officer], agencies: dict[str, Agency]
) -> None:
    """A browser and a program for each actor, signed in."""
    pending = digits.new_secret()
    world.names["pending"] = pending
    own_id, sibling_id = agencies["own"].id, agencies["sibling"].id
    for actor in ACTORS[1:]:
        person = people_of[actor]
        narrowed = {"narrow.own": own_id, "narrow.away": sibling_id}.get(actor)
        scope = "read" if actor == "reading" else "write"
        issued = people.issue_token(
            "program", by=Standin.OPERATOR, scope=scope, agency_id=narrowed, officer_id=person.id
        )
        world.tokens[actor] = issued.secret
        relation = actor.partition(".")[2] if actor in IN_AGENCIES else "own"
        world.own[actor] |= {"token": str(issued.token.id), "peer": str(people_of[f"peer.{relation}"].id)}
        world.own[actor]["session"] = str(credentials.begin_session(person).session.id)
        world.own[actor]["email"] = person.email
        world.own[actor] |= _ways_in(person)
    for actor in ACTORS:
        client = app.test_client()
        if actor != "nobody":
            client = signed_in(app, world.own[actor]["email"], is_strong=actor != "half")
        with client.session_transaction(AT_THE_DESK) as cookie:
            cookie.update({"csrf_token": "the form's own", PENDING: pending})
        world.form_tokens[actor] = form_token(client)
        held = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert held is not None
        world.cookies[actor] = held.value
    world.own["nobody"] = {**world.own["operator.own"], "email": "nobody@example.go.id"}
    world.names["closed"] = str(people_of["closed"].id)
    people.disable_officer(people_of["closed"].id, by=people_of["national"])
