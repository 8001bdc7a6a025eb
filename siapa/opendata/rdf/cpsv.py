"""A standard in force as ``cpsv:PublicService`` (CPSV-AP 3.2.0)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from siapa.document.facts import working_days
from siapa.document.labels import COMPLAINT_CHANNEL_KIND_NAMES, FEE_KIND_NAMES
from siapa.document.standard_document import FeeLine, TimeLimit
from siapa.locales import Words, using
from siapa.locales import lazy as _l
from siapa.opendata.hsds.reading import Held
from siapa.opendata.rdf.graph import COUNTRY, CURRENCY, Node, concept, node, ref, texts, typed
from siapa.records import Agency, LocationKind, Offering

_STATUS = "http://publications.europa.eu/resource/authority/distribution-status/COMPLETED"
_IN_FORCE, _PROCEDURE = _l("In force"), _l("System, mechanism and procedure")
_PLACES: dict[LocationKind, Words] = {
    LocationKind.MALL: _l("Public service mall"),
    LocationKind.OFFICE: _l("Office"),
    LocationKind.MOBILE: _l("Mobile service"),
    LocationKind.ONLINE: _l("Online"),
}
#: How a length of time is written (ISO 8601); working days have no sign of their own.
_DURATIONS = {"minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "working_day": "P{}D", "month": "P{}M"}


def public_service(held: Held, public_url: str) -> list[Node]:
    """The graph of a standard, whole in itself."""
    return list(_Told(held, public_url).nodes())


def _iri(address: str | None) -> str | None:
    """An address of the web as an IRI; None for what is none."""
    if address is None or not address.startswith(("http://", "https://")):
        return None
    return quote(address, safe=":/?#[]@!$&'()*+,;=%")


def _both(words: Words) -> list[Node]:
    said = []
    for language in ("id", "en"):
        with using(language):
            said.append(str(words))
    return texts(*said)


class _Told:
    """One standard on its way into a graph."""

    def __init__(self, held: Held, public_url: str) -> None:
        self.held, self.base = held, public_url
        self.document = held.document
        self.iri = f"{public_url}/standar/{held.agency.slug}/{held.slug}"
        self.agency = f"{public_url}/instansi/{held.agency.slug}"

    def part(self, name: str, number: int | None = None) -> str:
        """The address of a part of the standard."""
        return f"{self.iri}#{name}" + (f"-{number}" if number is not None else "")

    def nodes(self) -> Iterator[Node]:
        """Every node, the standard first; each is linked from it by what ``links`` gathered."""
        links: dict[str, list[Node]] = {}
        parts = []
        for name, made in self._linked():
            links.setdefault(name, []).append(ref(made["@id"]))
            parts.append(made)
        yield self._service(links)
        yield from parts
        yield from self._around()

    def _service(self, links: dict[str, list[Node]]) -> Node:
        document, held = self.document, self.held
        described = texts(document.summary, document.summary_en)
        described = described or texts(f"{document.title}, {held.agency.name}")
        service = node(
            self.iri, "cpsv:PublicService",
            dct_identifier=held.id,
            dct_title=texts(document.title, document.title_en),
            dct_description=described,
            dct_spatial=ref(self._region_iri(held.agency)),
            dct_modified=typed(held.last_modified.isoformat(), "xsd:dateTime"),
            adms_status=ref(_STATUS),
            cv_hasCompetentAuthority=ref(self.agency),
            cv_processingTime=self._duration(),
            dct_type=ref(f"{self.base}/layanan/{held.service.slug}") if held.service else None,
            dcat_keyword=[word for keyword in document.keywords for word in texts(keyword)],
        )  # fmt: skip
        return {**service, **links}

    def _linked(self) -> Iterator[tuple[str, Node]]:
        """The parts of the standard, each with how the standard refers to it."""
        yield from self._requirements()
        if self.document.procedure:
            yield "cpsv:follows", self._rule()
        yield from self._costs()
        for number, product in enumerate(self.document.products, 1):
            iri = self.part("product", number)
            yield "cpsv:produces", node(
                iri, "cv:Output", dct_identifier=iri, dct_title=texts(product.name, product.name_en),
                dct_description=texts(product.validity, product.validity_en),
            )  # fmt: skip
        for number, basis in enumerate(self.document.legal_bases, 1):
            iri = _iri(basis.url) or self.part("legal", number)
            yield "cv:hasLegalResource", node(iri, "eli:LegalResource", dct_title=texts(basis.title))
        yield from self._contacts()
        for offering in self.held.offerings:
            yield "cv:hasChannel", self._channel(offering)
        for event in self.held.service.life_events if self.held.service else ():
            iri = f"{self.base}/peristiwa/{event.code}"
            yield "cv:isGroupedBy", node(
                iri, "cv:Event", "cv:LifeEvent", dct_identifier=event.code,
                dct_title=texts(event.name, event.name_en),
            )  # fmt: skip

    def _around(self) -> Iterator[Node]:
        """What the parts refer to, typed, for it is not at hand where the graph is read."""
        agency = self.held.agency
        yield node(
            self.agency, "cv:PublicOrganisation", "org:Organization", dct_identifier=str(agency.id),
            skos_prefLabel=texts(agency.name, agency.name_en), dct_spatial=ref(self._region_iri(agency)),
        )  # fmt: skip
        region = agency.region
        label = texts(region.name, region.name_en) if region else texts("Indonesia")
        yield node(self._region_iri(agency), "dct:Location", skos_prefLabel=label)
        yield concept(_STATUS, _both(_IN_FORCE))
        yield concept(CURRENCY, texts("Rupiah"))
        if service := self.held.service:
            yield concept(f"{self.base}/layanan/{service.slug}", texts(service.name, service.name_en))
        for kind in {offering.location.kind for offering in self.held.offerings}:
            yield concept(f"{self.base}/data#place-{kind}", _both(_PLACES[kind]))

    def _region_iri(self, agency: Agency) -> str:
        return f"{self.base}/wilayah/{agency.region_code}" if agency.region_code else COUNTRY

    def _requirements(self) -> Iterator[tuple[str, Node]]:
        for number, one in enumerate(self.document.requirements, 1):
            iri = self.part("requirement", number)
            evidence = self.part("evidence", number) if one.kind == "document" else None
            title = texts(one.text, one.text_en)
            yield "cv:holdsRequirement", node(
                iri, "cv:Requirement", dct_identifier=iri, dct_title=title,
                dct_description=texts(one.applies_when, one.applies_when_en),
                cv_hasSupportingEvidence=ref(evidence) if evidence else None,
            )  # fmt: skip
            if evidence:
                yield "cpsv:hasInput", node(
                    evidence, "cv:Evidence", dct_identifier=evidence, dct_title=title,
                    cv_supportsRequirement=ref(iri),
                )  # fmt: skip

    def _rule(self) -> Node:
        steps = self.document.procedure
        numbered = "\n".join(f"{place}. {step.text}" for place, step in enumerate(steps, 1))
        english = None
        if all(step.text_en for step in steps):
            english = "\n".join(f"{place}. {step.text_en}" for place, step in enumerate(steps, 1))
        iri = self.part("procedure")
        return node(
            iri, "cpsv:Rule", dct_identifier=iri, dct_title=_both(_PROCEDURE),
            dct_description=texts(numbered, english),
        )  # fmt: skip

    def _costs(self) -> Iterator[tuple[str, Node]]:
        fees = self.document.fees
        if fees is None:
            return
        for number, line in enumerate(fees.lines or (FeeLine(),), 1):
            amount = 0 if fees.fee_kind == "free" and line.amount_idr is None else line.amount_idr
            said = ((line.label, line.label_en), (line.case, line.case_en), (line.note, line.note_en))
            iri = self.part("cost", number)
            yield "cv:hasCost", node(
                iri, "cv:Cost", dct_identifier=iri,
                dct_description=[text for pair in said for text in texts(*pair)]
                or _both(FEE_KIND_NAMES[fees.fee_kind]),
                cv_hasValue=typed(float(amount), "xsd:double") if amount is not None else None,
                cv_currency=ref(CURRENCY) if amount is not None else None,
                cv_isDefinedBy=ref(self.agency),
            )  # fmt: skip

    def _duration(self) -> Node | None:
        """The longest of the promised times."""
        limits = self.document.processing_time
        if not limits:
            return None

        def days(limit: TimeLimit) -> int:
            return working_days(limit.amount_max, limit.unit)

        longest = max(limits, key=days)
        return typed(_DURATIONS[longest.unit].format(longest.amount_max), "xsd:duration")

    def _contacts(self) -> Iterator[tuple[str, Node]]:
        handling = self.document.complaint_handling
        for number, channel in enumerate(handling.channels if handling else (), 1):
            address = _iri(channel.value)
            if address is None and channel.kind not in ("phone", "whatsapp"):
                continue
            page = node(address, "foaf:Document") if address else None
            yield "cv:contactPoint", node(
                self.part("complaint", number), "cv:ContactPoint",
                skos_prefLabel=_both(COMPLAINT_CHANNEL_KIND_NAMES[channel.kind]),
                cv_contactPage=page, cv_telephone=None if address else channel.value,
            )  # fmt: skip

    def _channel(self, offering: Offering) -> Node:
        place, counter = offering.location, offering.counter
        where = ", ".join(part for part in (place.name, counter.name if counter else None) if part)
        iri = f"{self.iri}#offering-{offering.id}"
        hours = (counter.hours if counter and counter.hours else place.hours) or []
        spans = [f"{row.weekday}: {row.opens_at:%H:%M}-{row.closes_at:%H:%M}" for row in hours]
        return node(
            iri, "cv:Channel", dct_identifier=str(offering.id), dct_description=texts(where),
            dct_type=ref(f"{self.base}/data#place-{place.kind}"), cv_ownedBy=ref(self.agency),
            cv_openingHours=[
                node(f"{iri}-hours-{number}", "time:TemporalEntity", dct_description=texts(span))
                for number, span in enumerate(spans, 1)
            ],
        )  # fmt: skip
