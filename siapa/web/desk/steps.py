"""The short steps in which a standard is written, as data: which fields each has, and how they are asked for.

Fields are named by their places in the document, so that what ``intake`` finds wrong
is found again on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from siapa.document.labels import (
    ACTOR_NAMES,
    COMPLAINT_CHANNEL_KIND_NAMES,
    FEE_KIND_NAMES,
    REQUIREMENT_KIND_NAMES,
    SERVICE_CHANNEL_KIND_NAMES,
    UNIT_NAMES,
)
from siapa.locales import Words
from siapa.locales import lazy as _l


class Kind(StrEnum):
    """How a value is asked for."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DAY = "day"
    ADDRESS = "address"
    WORDS = "words"


@dataclass(frozen=True)
class Field:
    """One value; ``name`` is its place in the document, or in its row."""

    name: str
    words: Words
    kind: Kind = Kind.LINE
    longest: int = 200
    hint: Words = ""
    options: Mapping[str, Words] | None = None
    #: What stands for "not said"; None where one of the options must be chosen.
    unsaid: Words | None = None
    has_english: bool = False
    is_required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its inputs."""
        return (self.name, f"{self.name}_en") if self.has_english else (self.name,)


@dataclass(frozen=True)
class Rows:
    """A list of which entries are added, taken away and moved."""

    path: str
    one: Words
    add: Words
    fields: tuple[Field, ...]
    most: int


@dataclass(frozen=True)
class Part:
    """A component of the law, or a head field: single values, a list, or both."""

    component: str | None
    hint: Words = ""
    example: Words = ""
    fields: tuple[Field, ...] = ()
    rows: Rows | None = None


@dataclass(frozen=True)
class Step:
    """One page of the form."""

    key: str
    words: Words
    parts: tuple[Part, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names at the top of the document that this step is about."""
        paths = [name for part in self.parts for field in part.fields for name in field.names]
        paths += [part.rows.path for part in self.parts if part.rows]
        return frozenset(path.partition(".")[0] for path in paths)

    @property
    def components(self) -> tuple[str, ...]:
        """The components of the law it holds."""
        return tuple(part.component for part in self.parts if part.component)

    def rows(self) -> Iterator[Rows]:
        """Its lists."""
        return (part.rows for part in self.parts if part.rows)


def _english(name: str, words: Words, kind: Kind = Kind.LINE, longest: int = 200, **more: object) -> Field:
    return Field(name, words, kind, longest, has_english=True, **more)  # type: ignore[arg-type]


def _prose(component: str, hint: Words, example: Words) -> Part:
    return Part(component, hint, example, (_english(component, _l("Text"), Kind.TEXT, 2000),))


YES_NO: Mapping[str, Words] = {"1": _l("yes"), "0": _l("no")}
_UNIT = Field("unit", _l("Unit"), Kind.CHOICE, options=UNIT_NAMES)

ABOUT = Step(
    "dasar", _l("About the service"),
    (
        Part(None, fields=(
            _english("title", _l("Title"), is_required=True,
                     hint=_l("What the citizen gets, as they would call it: Issuing of an ID card.")),
            _english("summary", _l("Summary"), Kind.TEXT, 1000, hint=_l("One or two sentences.")),
            _english("audience", _l("Who it is for"), Kind.TEXT, 1000),
            Field("keywords", _l("Keywords"), Kind.WORDS, 600,
                  hint=_l("Other words that citizens use, parted by commas.")),
        )),
        Part(None, _l("Where and how the service is had."), rows=Rows(
            "channels", _l("Way"), _l("Add a way"),
            (
                Field("kind", _l("Kind"), Kind.CHOICE, options=SERVICE_CHANNEL_KIND_NAMES,
                      unsaid=_l("choose")),
                Field("url", _l("Address on the web"), Kind.ADDRESS, 500),
                _english("note", _l("Note"), longest=1000),
            ), 20)),
    ),
)  # fmt: skip
REQUIREMENTS = Step(
    "persyaratan", _l("Requirements"),
    (
        Part("requirements",
             _l("One requirement an entry. Say whether the original must be shown and how many copies."),
             _l("Good: Family card, original and 1 copy. Not: complete documents."),
             rows=Rows("requirements", _l("Requirement"), _l("Add a requirement"), (
                 _english("text", _l("What is asked for"), Kind.TEXT, 2000, is_required=True),
                 Field("kind", _l("Kind"), Kind.CHOICE, options=REQUIREMENT_KIND_NAMES),
                 Field("original", _l("The original must be shown"), Kind.YES_NO, options=YES_NO,
                       unsaid=_l("not said")),
                 Field("copies", _l("Copies"), Kind.NUMBER),
                 Field("form_url", _l("Address of the form"), Kind.ADDRESS, 500),
                 _english("applies_when", _l("Only if"),
                          hint=_l("The case it belongs to; empty where it always holds.")),
             ), 100)),
    ),
)  # fmt: skip
PROCEDURE = Step(
    "prosedur", _l("Procedure"),
    (
        Part("procedure", _l("The steps from the first to the last, one act an entry, and who does it."),
             _l("Good: The officer checks the documents (10 minutes)."),
             rows=Rows("procedure", _l("Step"), _l("Add a step"), (
                 _english("text", _l("What is done"), Kind.TEXT, 2000, is_required=True),
                 Field("actor", _l("By whom"), Kind.CHOICE, options=ACTOR_NAMES, unsaid=_l("not said")),
                 Field("duration.amount", _l("How long"), Kind.NUMBER),
                 Field("duration.unit", _l("Unit"), Kind.CHOICE, options=UNIT_NAMES),
             ), 60)),
    ),
)  # fmt: skip
TIME_AND_FEES = Step(
    "waktu-biaya", _l("Time and fees"),
    (
        Part("processing_time",
             _l("The longest time you promise, as a number. Other cases, other times: an entry each."),
             _l("Good: 3 working days, counted from complete documents."),
             rows=Rows("processing_time", _l("Time limit"), _l("Add a time limit"), (
                 Field("amount_max", _l("At most"), Kind.NUMBER, is_required=True),
                 _UNIT,
                 Field("amount_min", _l("At least"), Kind.NUMBER),
                 _english("case", _l("For which case")),
                 _english("counted_from", _l("Counted from")),
             ), 40)),
        Part("fees", _l("Free is said, not left empty. A fee needs the regulation that sets it."),
             _l("Good: Rp100.000 each licence, by government regulation 76/2020."),
             fields=(Field("fees.fee_kind", _l("Kind of fee"), Kind.CHOICE, options=FEE_KIND_NAMES,
                           unsaid=_l("not said yet")),),
             rows=Rows("fees.lines", _l("Fee"), _l("Add a fee"), (
                 Field("amount_idr", _l("Rupiah"), Kind.MONEY, hint=_l("Only digits: 100.000")),
                 _english("label", _l("For what")),
                 _english("unit", _l("For each")),
                 _english("case", _l("For which case")),
                 _english("note", _l("How it is found"), Kind.TEXT, 1000),
                 Field("legal_basis", _l("Regulation that sets it"), longest=1000),
                 _english("basis_note", _l("Why it is taken without a regulation in force"), Kind.TEXT, 1000),
             ), 200)),
    ),
)  # fmt: skip
PRODUCT_AND_COMPLAINTS = Step(
    "produk-pengaduan", _l("Product and complaints"),
    (
        Part("products", _l("What the citizen holds in the hand at the end."),
             rows=Rows("products", _l("Product"), _l("Add a product"), (
                 _english("name", _l("Name"), longest=1000, is_required=True),
                 _english("validity", _l("How long it is valid"), longest=1000),
             ), 40)),
        Part("complaint_handling", _l("Only contacts of the office, never a person's own number."),
             fields=(_english("complaint_handling.text", _l("How complaints are handled"), Kind.TEXT, 2000),),
             rows=Rows("complaint_handling.channels", _l("Contact"), _l("Add a contact"), (
                 Field("kind", _l("Kind"), Kind.CHOICE, options=COMPLAINT_CHANNEL_KIND_NAMES),
                 Field("value", _l("Number or address"), longest=300, is_required=True),
             ), 20)),
    ),
)  # fmt: skip
LAW_AND_FACILITIES = Step(
    "hukum-sarana", _l("Legal basis and facilities"),
    (
        Part("legal_bases", _l("The laws and rules the service rests on, the highest first."),
             _l("Good: Law 24 of 2013 on civil registration."),
             rows=Rows("legal_bases", _l("Regulation"), _l("Add a regulation"), (
                 Field("title", _l("Name of the regulation"), Kind.TEXT, 1000, is_required=True),
                 Field("type", _l("Kind of regulation")),
                 Field("number", _l("Number")),
                 Field("year", _l("Year"), Kind.NUMBER),
                 Field("url", _l("Address on the web"), Kind.ADDRESS, 500),
             ), 60)),
        Part("facilities", _l("What is there for visitors; mark what is for people with disabilities."),
             rows=Rows("facilities", _l("Facility"), _l("Add a facility"), (
                 _english("text", _l("What it is"), Kind.TEXT, 2000, is_required=True),
                 Field("accessible", _l("For people with disabilities"), Kind.YES_NO, options=YES_NO,
                       unsaid=_l("not said")),
             ), 100)),
    ),
)  # fmt: skip
STAFF_AND_GUARANTEES = Step(
    "pelaksana-jaminan", _l("Staff and guarantees"),
    (
        _prose("staff_competence", _l("What the staff must know and be able to do."),
               _l("Good: Knows the rules of civil registration; handles the SIAK application.")),
        _prose("internal_supervision", _l("Who looks after the work, and how often."),
               _l("Good: By the head of section, every week.")),
        Part("staff_count", _l("How many people give this service."), fields=(
            Field("staff_count.count", _l("Persons"), Kind.NUMBER),
            _english("staff_count.note", _l("Note"), Kind.TEXT, 1000),
        )),
        _prose("service_guarantee", _l("What is promised, and what happens when it is not kept."),
               _l("Good: If it takes longer than promised, the fee is paid back.")),
        _prose("safety_guarantee", _l("How documents, data and people are kept safe."),
               _l("Good: Documents are kept locked, data are seen by the staff in charge only.")),
        _prose("performance_evaluation", _l("How and how often the work is judged."),
               _l("Good: Survey of satisfaction twice a year.")),
    ),
)  # fmt: skip
DECREE = Step(
    "penetapan", _l("Decree and dates"),
    (
        Part(None, _l("The decree by which the head of the agency sets this standard."), fields=(
            Field("decree.number", _l("Number of the decree")),
            Field("decree.date", _l("Date of the decree"), Kind.DAY),
            Field("decree.signatory", _l("Signed by")),
            Field("effective_from", _l("In effect from"), Kind.DAY,
                  hint=_l("Empty: from the day of publication.")),
            Field("review_due", _l("Review due"), Kind.DAY,
                  hint=_l("Empty: one year after publication.")),
        )),
    ),
)  # fmt: skip

STEPS: Mapping[str, Step] = {
    step.key: step
    for step in (
        ABOUT, REQUIREMENTS, PROCEDURE, TIME_AND_FEES, PRODUCT_AND_COMPLAINTS, LAW_AND_FACILITIES,
        STAFF_AND_GUARANTEES, DECREE,
    )
}  # fmt: skip


def step_after(step: Step) -> Step | None:
    """The step that follows; None after the last."""
    keys = list(STEPS)
    place = keys.index(step.key) + 1
    return STEPS[keys[place]] if place < len(keys) else None


def step_of(path: str) -> Step | None:
    """The step in which the place ``path`` of a document is written."""
    top = path.partition(".")[0].partition("[")[0]
    return next((step for step in STEPS.values() if top in step.names), None)
