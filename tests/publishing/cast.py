"""The cast of these tests: two agencies side by side, one above, one below, and who acts in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from siapa.document.intake import read_document
from siapa.document.standard_document import StandardDocument
from siapa.extensions import db
from siapa.publishing import commands, services
from siapa.records import (
    Agency,
    Location,
    LocationKind,
    Membership,
    Officer,
    Region,
    RegionLevel,
    Role,
    Service,
    Standard,
)
from siapa.records.engine import engine_options, listen


def app_on(place: Path | str) -> Flask:
    """A bare app, without doors and search, on the database in the file ``place``, or at that address."""
    app = Flask("publishing")
    url = f"sqlite:///{place}" if isinstance(place, Path) else place
    app.config.update(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS=engine_options(url))
    db.init_app(app)
    with app.app_context():
        listen(db.engine)
    return app


@dataclass
class Cast:
    """Who and what there is: a tree of agencies, a mall, and officers by name."""

    parent: Agency
    own: Agency
    child: Agency
    sibling: Agency
    mall: Location
    officers: dict[str, Officer] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Officer:
        try:
            return self.__dict__["officers"][name]
        except KeyError:
            raise AttributeError(name) from None


def people_and_places() -> Cast:
    """The cast, in the session: officers of ``own``, a stranger from ``sibling``, the national ones."""
    region = Region(
        code="74.71", name="Kota Kendari", name_en="Kendari City", level=RegionLevel.CITY,
        latitude=-3.99, longitude=122.51, timezone="Asia/Makassar", aliases=[],
    )  # fmt: skip
    parent = Agency(slug="pemkot", name="Pemerintah Kota", kind="pemda")
    own = Agency(slug="dukcapil", name="Dinas Dukcapil", kind="dinas_dukcapil", parent=parent, region=region)
    child = Agency(slug="uptd", name="UPTD Dukcapil", kind="uptd", parent=own)
    sibling = Agency(slug="dinkes", name="Dinas Kesehatan", kind="dinas_kesehatan", parent=parent)
    mall = Location(
        kind=LocationKind.MALL, slug="mpp", name="MPP", agency=parent, region=region, facilities=[]
    )
    db.session.add_all([region, parent, own, child, sibling, mall])
    db.session.flush()
    cast = Cast(parent, own, child, sibling, mall)
    for name, role, agency, place in (
        ("author", Role.OPERATOR, own, None),
        ("publisher", Role.PUBLISHER, own, None),
        ("admin", Role.AGENCY_ADMIN, own, None),
        ("stranger", Role.PUBLISHER, sibling, None),
        ("manager", Role.MALL_MANAGER, None, mall),
        ("curator", Role.CURATOR, None, None),
        ("national", Role.NATIONAL_ADMIN, None, None),
    ):
        cast.officers[name] = officer(name, role, agency, place)
    db.session.flush()
    return cast


def officer(name: str, role: Role, agency: Agency | None = None, place: Location | None = None) -> Officer:
    """An officer with one role, in the session."""
    scope = {"agency_id": agency.id if agency else None, "location_id": place.id if place else None}
    person = Officer(email=f"{name}@example.go.id", name=name.title(), is_active=True)
    person.memberships.append(Membership(role=role, **scope))
    db.session.add(person)
    return person


def content(title: str = "Penerbitan Kartu Keluarga", **changes: Any) -> dict[str, Any]:
    """A document that may be published, as JSON; a change to ``None`` takes the component out."""
    whole: dict[str, Any] = {
        "title": title,
        "requirements": [{"text": "KTP-el", "kind": "document"}],
        "procedure": [{"text": "Serahkan berkas"}],
        "processing_time": [{"amount_max": 1, "unit": "working_day"}],
        "fees": {"fee_kind": "free", "lines": []},
        "products": [{"name": "Kartu Keluarga"}],
        "complaint_handling": {"channels": [{"kind": "sp4n_lapor", "value": "https://www.lapor.go.id"}]},
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def document(title: str = "Penerbitan Kartu Keluarga", **changes: Any) -> StandardDocument:
    """``content`` as the value commands take."""
    return read_document(content(title, **changes))


def submitted(cast: Cast, **changes: Any) -> Standard:
    """A standard of ``own`` whose first edition the author has submitted."""
    standard = commands.open_standard(cast.own.id, document(**changes), by=cast.author)
    commands.submit(standard.id, by=cast.author)
    return standard


def published(cast: Cast, **changes: Any) -> Standard:
    """A standard of ``own`` in force."""
    standard = submitted(cast, **changes)
    commands.publish(standard.id, by=cast.publisher)
    return standard


def a_service(cast: Cast, code: str = "KK-BARU") -> Service:
    """A national service, with the category it stands in."""
    services.put_category(
        "kependudukan", {"name": "Kependudukan", "name_en": "Civil", "position": 1}, by=cast.curator
    )
    values = {
        "name": f"Kartu Keluarga {code}",
        "name_en": "Family card",
        "agency_kind": "dinas_dukcapil",
        "category_code": "kependudukan",
    }
    return services.add_service(code, values, by=cast.curator)
