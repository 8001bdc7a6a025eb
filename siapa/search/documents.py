"""What the index holds of each national service and each live standard.

Built from the database by plain rows, starting from ``catalogue.live``. Every document
carries a mark, the digest of all that is in it: two documents of one mark are the same,
so the index can be compared with the database without reading it twice.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa

from siapa.catalogue.live import ACTIVE, LIVE, OPEN_PLACE
from siapa.document.standard_document import COMPONENTS
from siapa.records import (
    Agency,
    Category,
    Counter,
    Edition,
    LifeEvent,
    Location,
    LocationKind,
    Offering,
    Region,
    Service,
    ServiceAlias,
    Standard,
    service_life_event,
)
from siapa.search.text import words

#: Rows read at once, so that memory does not grow with the registry.
CHUNK = 500
#: Raise when the shape of the documents changes: an index of another number is rebuilt.
SHAPE = 3


class _IdText(sa.types.TypeDecorator[str]):
    """An id as text, in groups: making an object of each would be a tenth of the reading."""

    impl = sa.String
    cache_ok = True

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> str | None:
        """SQLite gives 32 digits, PostgreSQL an object."""
        if isinstance(value, str):
            return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"
        return None if value is None else str(value)


def _text(column: Any) -> sa.ColumnElement[str]:
    """A column of ids, read as text."""
    return sa.type_coerce(column, _IdText).label(column.key)


#: A row of whatever columns: the query beside it says which.
Row = sa.Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Document:
    """One entry of the index: texts by field, and the row of values that goes with them."""

    kind: str
    id: str
    texts: dict[str, list[str]]
    row: dict[str, Any]
    #: The digest of all that is in the entry, 16 bytes.
    mark: bytes

    @classmethod
    def of(cls, kind: str, texts: dict[str, list[str]], row: dict[str, Any]) -> Document:
        """With its mark made."""
        whole = orjson.dumps([kind, texts, row])
        return cls(kind, row["id"], texts, row, hashlib.blake2b(whole, digest_size=16).digest())

    @property
    def key(self) -> str:
        """The name of the entry in the index."""
        return f"{self.kind}:{self.id}"


@dataclass
class _Agencies:
    """The tree of agencies: each with its names and its way up."""

    rows: dict[str, Row] = field(default_factory=dict)

    def way_up(self, agency_id: str | None) -> list[Row]:
        """The agency and all above it; a ring in the data ends where it closes."""
        way: list[Row] = []
        while agency_id is not None and agency_id in self.rows and self.rows[agency_id] not in way:
            way.append(self.rows[agency_id])
            agency_id = way[-1].parent_id
        return way


class Documents:
    """Reads documents from ``connection``."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    # ------------------------------------------------------------- services

    def services(self, ids: Collection[uuid.UUID] | None = None) -> Iterator[Document]:
        """The documents of the active services among ``ids``, or of all."""
        subject: tuple[Any, ...] = (Category.name.label("category"), Category.name_en.label("category_en"))
        columns: tuple[Any, ...] = (*Service.__table__.columns, *subject)
        query = sa.select(*columns).select_from(Service)
        query = query.join(Category, Category.code == Service.category_code).where(ACTIVE)
        if ids is not None:
            query = query.where(Service.id.in_(ids))
        rows = self._connection.execute(query.order_by(Service.code)).all()
        aliases = self._aliases(ids)
        events = self._life_events(ids)
        for row in rows:
            yield self._service(row, aliases.get(str(row.id), []), events.get(str(row.id), []))

    def _aliases(self, services: Collection[uuid.UUID] | None) -> dict[str, list[Row]]:
        columns: tuple[Any, ...] = (_text(ServiceAlias.service_id), ServiceAlias.locale, ServiceAlias.text)
        query = sa.select(*columns).order_by(ServiceAlias.id)
        return self._grouped(
            query if services is None else query.where(ServiceAlias.service_id.in_(services))
        )

    def _life_events(self, services: Collection[uuid.UUID] | None) -> dict[str, list[Row]]:
        columns: tuple[Any, ...] = (
            _text(service_life_event.c.service_id), LifeEvent.code, LifeEvent.name, LifeEvent.name_en,
        )  # fmt: skip
        query = (
            sa.select(*columns)
            .join(LifeEvent, LifeEvent.code == service_life_event.c.life_event_code)
            .order_by(LifeEvent.position)
        )
        if services is not None:
            query = query.where(service_life_event.c.service_id.in_(services))
        return self._grouped(query)

    def _grouped(self, query: sa.Select[*tuple[Any, ...]]) -> dict[str, list[Row]]:
        """Rows by their first column."""
        groups: dict[str, list[Row]] = {}
        for row in self._connection.execute(query):
            groups.setdefault(row[0], []).append(row)
        return groups

    def _service(self, row: Row, aliases: list[Row], events: list[Row]) -> Document:
        alias = [one.text for one in aliases if one.locale != "en"]
        alias_en = [one.text for one in aliases if one.locale == "en"]
        topic = [row.category, row.category_en, row.national_agency or "", row.agency_kind.replace("_", " ")]
        topic += [name for event in events for name in (event.name, event.name_en)]
        outline = list(texts_of(row.outline))
        texts = {
            "s_name": [row.name, row.code.replace("-", " ")],
            "s_name_en": [row.name_en],
            "s_alias": alias,
            "s_alias_en": alias_en,
            "s_topic": topic,
            "s_summary": [row.summary or "", row.summary_en or ""],
            "s_outline": outline,
        }
        labels = [row.name, *_inner_names(row.name), row.name_en, *alias, *alias_en]
        stored = {
            "id": str(row.id),
            "code": row.code,
            "name": row.name,
            "category": row.category_code,
            "life_events": [event.code for event in events],
            "labels": _lines(labels),
            "lines": _lines([*labels, row.summary or "", row.summary_en or "", *outline]),
        }
        return Document.of("service", texts, stored)

    # ------------------------------------------------------------ standards

    def standards(self, ids: Collection[uuid.UUID] | None = None) -> Iterator[Document]:
        """The documents of the live standards among ``ids``, or of all, in chunks by id."""
        wanted = self._live_ids() if ids is None else sorted(map(str, ids))
        if not wanted:
            return
        agencies, events = _Agencies(), self._life_events(None) if ids is None else {}
        for start in range(0, len(wanted), CHUNK):
            chunk = wanted[start : start + CHUNK]
            ids_here = list(map(uuid.UUID, chunk))
            places = self._grouped(_offering_rows().where(Offering.standard_id.in_(ids_here)))
            rows = self._connection.execute(_standard_rows().where(Standard.id.in_(ids_here))).all()
            by_id = {row.id: row for row in rows}
            self._complete(agencies, {row.agency_id for row in rows})
            if ids is not None:  # a few, mostly one: what belongs to others is not read
                events = self._life_events({uuid.UUID(row.service_id) for row in rows if row.service_id})
            for row in (by_id[one] for one in chunk if one in by_id):
                way = agencies.way_up(row.agency_id)
                yield self._standard(row, way, places.get(row.id, []), events.get(row.service_id, []))

    def _live_ids(self) -> list[str]:
        """The standards of one service stand together: what is meant by it is then a stretch of the index."""
        live = (
            sa.select(_text(Standard.id))
            .select_from(Edition)
            .join(Standard, Standard.id == Edition.standard_id)
            .where(LIVE)
        )
        return list(self._connection.scalars(live.order_by(Standard.service_id, Standard.id)))

    def _complete(self, agencies: _Agencies, wanted: set[str]) -> None:
        """Read the agencies ``wanted``, and those above them, as far as they are not known yet."""
        columns: tuple[Any, ...] = (
            _text(Agency.id), Agency.slug, Agency.name, Agency.name_en, Agency.short_name,
            _text(Agency.parent_id), Agency.region_code, Agency.kind,
        )  # fmt: skip
        while missing := [uuid.UUID(one) for one in wanted if one not in agencies.rows]:
            rows = self._connection.execute(sa.select(*columns).where(Agency.id.in_(missing))).all()
            agencies.rows |= {row.id: row for row in rows}
            wanted = {row.parent_id for row in rows if row.parent_id}

    def _standard(self, row: Row, way: list[Row], places: list[Row], events: list[Row]) -> Document:
        content = row.document
        agency = [name for one in way for name in (one.name, one.short_name or "", one.name_en or "")]
        agency += [one.kind.replace("_", " ") for one in way[:1]]
        place = [name for one in places for name in _said_of(one) if name]
        summary = [content.get("summary", ""), content.get("summary_en", "")]
        texts = {
            "t_title": [row.title, *content.get("keywords", ())],
            "t_title_en": [row.title_en or ""],
            "t_agency": agency,
            "t_place": place,
            "t_rest": [*summary, content.get("audience", ""), *texts_of(content)],
        }
        stored = {
            "id": row.id,
            "edition": row.number,
            "digest": row.digest,
            "title": row.title,
            "service": [row.service_id, row.category_code, [one.code for one in events]]
            if row.service_id
            else None,
            "agency": [[one.slug for one in way], way[0].region_code if way else None],
            "free": row.is_free,
            "fee": row.fee_min_idr,
            "priced": bool(content.get("fees")),
            "days": row.days_max,
            "online": row.has_online,
            "due": row.review_due_on.isoformat() if row.review_due_on else None,
            "given": row.components_given,
            "places": [_place(one) for one in places],
        }
        return Document.of("standard", texts, stored)


def _standard_rows() -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        _text(Standard.id), _text(Standard.agency_id), _text(Standard.service_id), Service.category_code,
        Edition.number,
        Edition.digest, Edition.document, Edition.title, Edition.title_en, Edition.is_free,
        Edition.fee_min_idr, Edition.days_max, Edition.has_online, Edition.review_due_on,
        Edition.components_given,
    )  # fmt: skip
    return (
        sa.select(*columns)
        .select_from(Edition)
        .join(Standard, Standard.id == Edition.standard_id)
        .outerjoin(Service, Service.id == Standard.service_id)
        .where(LIVE)
    )


def _offering_rows() -> sa.Select[*tuple[Any, ...]]:
    columns: tuple[Any, ...] = (
        _text(Offering.standard_id), _text(Location.id), Location.kind, Location.slug, Location.name,
        Location.name_en,
        Location.region_code, Location.latitude, Location.longitude, Region.name.label("region"),
        Offering.limits, Offering.limits_en, _text(Offering.counter_id), Counter.name.label("counter"),
    )  # fmt: skip
    return (
        live_offerings(*columns)
        .outerjoin(Region, Region.code == Location.region_code)
        .outerjoin(Counter, Counter.id == Offering.counter_id)
        .order_by(Location.region_code, Location.id)
    )


def live_offerings(*columns: Any) -> sa.Select[*tuple[Any, ...]]:
    """``columns`` of the offerings of live standards at places that are not closed for good."""
    return (
        sa.select(*columns)
        .select_from(Offering)
        .join(Edition, Edition.standard_id == Offering.standard_id)
        .join(Location, Location.id == Offering.location_id)
        .where(LIVE, OPEN_PLACE)
    )


def _said_of(row: Row) -> tuple[str | None, ...]:
    """The words of an offering: of its place and its counter, and what holds only there."""
    return row.name, row.name_en, row.region, row.counter, row.limits, row.limits_en


def _place(row: Row) -> list[Any]:
    """An offering as it is kept: place, region, latitude, longitude, slug of the mall, counter.

    Those of one standard stand in the order of their regions: counting them needs no sorting then.
    """
    mall = row.slug if row.kind is LocationKind.MALL else None
    return [row.id, row.region_code, row.latitude, row.longitude, mall, row.counter_id]


def _lines(texts: Iterable[str]) -> list[str]:
    """The texts as lines of plain words, each once."""
    return [line for line in dict.fromkeys(" ".join(words(text)) for text in texts) if line]


def _inner_names(name: str) -> list[str]:
    """What stands in brackets in a name, and the name without it: "Kredit Usaha Rakyat (KUR)"."""
    before, bracket, after = name.partition("(")
    inside, _closing, rest = after.partition(")")
    return [inside, f"{before} {rest}"] if bracket else []


def texts_of(content: dict[str, Any] | None) -> list[str]:
    """Every text of the components of a document, both languages."""
    found: list[str] = []
    for component in COMPONENTS:
        _collect((content or {}).get(component), found)
    return found


def _collect(value: object, found: list[str]) -> None:
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in _TEXT_KEYS:
                if type(inner) is str:  # most are: a call the less
                    found.append(inner)
                else:
                    _collect(inner, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found)


_TEXTS = "text case label note name validity title applies_when requirements products lines".split()
#: Fields of a component that hold words a citizen may search for; codes and addresses are left out.
_TEXT_KEYS = frozenset([*_TEXTS, *(f"{name}_en" for name in _TEXTS)])
