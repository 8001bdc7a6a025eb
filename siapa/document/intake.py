"""The only way for outside data to become a document.

``read_document`` takes whatever a form, a spreadsheet or a program handed in and
gives back a document, or refuses with every reason at once. The schemas say what
each field may hold, ``clean_values`` how single values are cleaned, and
``document_rules`` what holds between fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates_schema

from siapa.document import clean_values as clean
from siapa.document.completeness import completeness
from siapa.document.document_rules import findings
from siapa.document.handed_in import Path, path_text, shown_value, without_blanks
from siapa.document.labels import COMPONENT_NAMES
from siapa.document.standard_document import (
    ACTORS,
    COMPLAINT_CHANNEL_KINDS,
    DELIVERY_COMPONENTS,
    FEE_KINDS,
    REQUIREMENT_KINDS,
    SERVICE_CHANNEL_KINDS,
    UNITS,
    StandardDocument,
    from_stored,
)
from siapa.errors import Problem, Rejected
from siapa.locales import Words
from siapa.locales import lazy as _l

#: Longest texts, in characters.
SHORT, TITLE, SUMMARY, LONG = 200, 200, 1000, 2000
LARGEST_AMOUNT = 1_000_000
LARGEST_RUPIAH = 10**15
#: Beyond these a report helps nobody: unknown fields per object, suggestions, problems.
_MOST_UNKNOWN, _MOST_SUGGESTIONS, _MOST_PROBLEMS = 20, 100, 500

_REQUIRED = {"required": [_l("This is missing.")], "null": [_l("This must not be empty.")]}


class _Unknown:
    """Stands for "no such field" until the name is at hand, to suggest a near one."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.known = known

    def say(self, name: str, *, suggest: bool) -> Words:
        near = get_close_matches(name[:60], self.known, n=1, cutoff=0.6) if suggest else ()
        if near:
            return _l('There is no such field here. Is "%(near)s" meant?', near=near[0])
        named = ", ".join(known for known in self.known if not known.endswith("_en"))
        return _l("There is no such field here. Known are: %(known)s.", known=named)


class _Part(Schema):
    """An object of the document; knows no field but its own."""

    class Meta:
        unknown = RAISE

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        messages: dict[str, Any] = {
            **self.error_messages,
            "type": _l("This must be an object with named fields."),
            "unknown": _Unknown(tuple(self.fields)),
        }
        self.error_messages = messages


class _Value(fields.Field[Any]):
    """A single value, cleaned by a function that may refuse it."""

    def __init__(self, cleaned: Callable[[object], Any], *, required: bool = False) -> None:
        super().__init__(required=required, error_messages=_REQUIRED)  # type: ignore[arg-type]
        self.cleaned = cleaned

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return self.cleaned(value)
        except clean.Unfit as unfit:
            raise ValidationError([unfit.message]) from None


class _Rows(fields.List[Any]):
    """A list of bounded length."""

    def __init__(self, inner: fields.Field[Any], *, most: int) -> None:
        super().__init__(inner, error_messages=_REQUIRED)  # type: ignore[arg-type]
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError([_l("This must be a list.")])
        if len(value) > self.most:
            message = _l(
                "There are %(count)s entries; at most %(most)s are kept.", count=len(value), most=self.most
            )
            raise ValidationError([message])
        return super()._deserialize(value, attr, data, **kwargs)


def _text(longest: int, *, lines: bool = False, required: bool = False, shortest: int = 1) -> _Value:
    return _Value(
        lambda value: clean.text(value, longest=longest, lines=lines, shortest=shortest), required=required
    )


def _long(*, required: bool = False) -> _Value:
    return _text(LONG, lines=True, required=required)


def _number(least: int, most: int, *, required: bool = False) -> _Value:
    return _Value(lambda value: clean.whole_number(value, least=least, most=most), required=required)


def _one_of(options: tuple[str, ...], *, required: bool = False) -> _Value:
    return _Value(lambda value: clean.choice(value, options), required=required)


def _object(schema: type[Schema]) -> fields.Nested:
    return fields.Nested(schema, error_messages=_REQUIRED)  # type: ignore[arg-type]


def _objects(schema: type[Schema], *, most: int) -> _Rows:
    return _Rows(_object(schema), most=most)


class _ServiceChannel(_Part):
    kind = _one_of(SERVICE_CHANNEL_KINDS, required=True)
    url = _Value(clean.url)
    note = _text(SUMMARY)
    note_en = _text(SUMMARY)


class _Decree(_Part):
    number = _text(SHORT, required=True)
    date = _Value(clean.day)
    signatory = _text(SHORT)


class _Requirement(_Part):
    text = _long(required=True)
    text_en = _long()
    kind = _one_of(REQUIREMENT_KINDS, required=True)
    original = _Value(clean.yes_or_no)
    copies = _number(0, 20)
    form_url = _Value(clean.url)
    applies_when = _text(SHORT)
    applies_when_en = _text(SHORT)


class _Duration(_Part):
    amount = _number(1, LARGEST_AMOUNT, required=True)
    unit = _one_of(UNITS, required=True)


class _Step(_Part):
    text = _long(required=True)
    text_en = _long()
    actor = _one_of(ACTORS)
    duration = _object(_Duration)


class _TimeLimit(_Part):
    case = _text(SHORT)
    case_en = _text(SHORT)
    amount_min = _number(0, LARGEST_AMOUNT)
    amount_max = _number(1, LARGEST_AMOUNT, required=True)
    unit = _one_of(UNITS, required=True)
    counted_from = _text(SHORT)
    counted_from_en = _text(SHORT)


class _FeeLine(_Part):
    label = _text(SHORT)
    label_en = _text(SHORT)
    case = _text(SHORT)
    case_en = _text(SHORT)
    amount_idr = _number(0, LARGEST_RUPIAH)
    unit = _text(SHORT)
    unit_en = _text(SHORT)
    note = _text(SUMMARY, lines=True)
    note_en = _text(SUMMARY, lines=True)
    legal_basis = _text(SUMMARY)
    basis_note = _text(SUMMARY, lines=True)
    basis_note_en = _text(SUMMARY, lines=True)


class _Fees(_Part):
    fee_kind = _one_of(FEE_KINDS, required=True)
    lines = _objects(_FeeLine, most=200)


class _Product(_Part):
    name = _text(SUMMARY, required=True)
    name_en = _text(SUMMARY)
    validity = _text(SUMMARY)
    validity_en = _text(SUMMARY)


class _ComplaintChannel(_Part):
    kind = _one_of(COMPLAINT_CHANNEL_KINDS, required=True)
    value = _text(300, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits_its_kind(self, data: dict[str, Any], **_: Any) -> None:
        try:
            clean.complaint_channel_value(data["kind"], data["value"])
        except clean.Unfit as unfit:
            raise ValidationError({"value": [unfit.message]}) from None


class _ComplaintHandling(_Part):
    text = _long()
    text_en = _long()
    channels = _objects(_ComplaintChannel, most=20)


class _LegalBasis(_Part):
    type = _text(SHORT)
    number = _text(SHORT)
    year = _number(clean.FIRST_YEAR, clean.LAST_YEAR)
    title = _text(SUMMARY, required=True)
    url = _Value(clean.url)


class _Facility(_Part):
    text = _long(required=True)
    text_en = _long()
    accessible = _Value(clean.yes_or_no)


class _StaffCount(_Part):
    count = _number(0, 100_000)
    note = _text(SUMMARY, lines=True)
    note_en = _text(SUMMARY, lines=True)


class _Document(_Part):
    title = _text(TITLE, required=True, shortest=3)
    title_en = _text(TITLE, shortest=3)
    summary = _text(SUMMARY, lines=True)
    summary_en = _text(SUMMARY, lines=True)
    audience = _text(SUMMARY, lines=True)
    audience_en = _text(SUMMARY, lines=True)
    channels = _objects(_ServiceChannel, most=20)
    keywords = _Rows(_text(60), most=40)
    decree = _object(_Decree)
    effective_from = _Value(clean.day)
    review_due = _Value(clean.day)
    requirements = _objects(_Requirement, most=100)
    procedure = _objects(_Step, most=60)
    processing_time = _objects(_TimeLimit, most=40)
    fees = _object(_Fees)
    products = _objects(_Product, most=40)
    complaint_handling = _object(_ComplaintHandling)
    legal_bases = _objects(_LegalBasis, most=60)
    facilities = _objects(_Facility, most=100)
    staff_competence = _long()
    staff_competence_en = _long()
    internal_supervision = _long()
    internal_supervision_en = _long()
    staff_count = _object(_StaffCount)
    service_guarantee = _long()
    service_guarantee_en = _long()
    safety_guarantee = _long()
    safety_guarantee_en = _long()
    performance_evaluation = _long()
    performance_evaluation_en = _long()


_SCHEMA = _Document()
_ORDER = {name: place for place, name in enumerate(_SCHEMA.fields)}


class _Report:
    """Gathers problems from marshmallow's nested errors and from the rules."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.suggestions = 0
        self.found: dict[tuple[Path, str], tuple[Path, Words]] = {}

    def add(self, path: Path, message: Words) -> None:
        # Keyed by the sentence, so that schema and rule do not say the same twice.
        self.found.setdefault((path, str(message)), (path, message))

    def add_errors(self, errors: Any, path: Path = ()) -> None:
        """Take over ``errors``: dicts of places, lists of sentences, at any depth."""
        if not isinstance(errors, dict):
            for message in errors if isinstance(errors, list) else [errors]:
                self.add(path, message)
            return
        unknown = 0
        for part, held in sorted(errors.items(), key=lambda item: str(item[0])):
            if isinstance(held, list) and isinstance(held[0], _Unknown):
                unknown += 1
                if unknown <= _MOST_UNKNOWN:
                    self._add_unknown((*path, part), held[0])
            else:
                self.add_errors(held, path if part == "_schema" else (*path, part))
        if unknown > _MOST_UNKNOWN:
            self.add(path, _l("Further unknown fields: %(count)s.", count=unknown - _MOST_UNKNOWN))

    def _add_unknown(self, path: Path, unknown: _Unknown) -> None:
        self.suggestions += 1
        self.add(path, unknown.say(str(path[-1]), suggest=self.suggestions <= _MOST_SUGGESTIONS))

    def problems(self) -> Iterator[Problem]:
        """The problems in the order of the document."""
        ordered = sorted(self.found.values(), key=lambda found: _place(found[0]))
        for path, message in ordered[:_MOST_PROBLEMS]:
            yield Problem(path_text(path), message, shown_value(self.content, path))
        if len(ordered) > _MOST_PROBLEMS:
            rest = len(ordered) - _MOST_PROBLEMS
            yield Problem("", _l("Further problems: %(count)s.", count=rest))


def _place(path: Path) -> tuple[int, tuple[tuple[int, str], ...]]:
    component = _ORDER.get(str(path[0]), len(_ORDER)) if path else -1
    return component, tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)


def _each_once(words: list[str]) -> list[str]:
    """``words`` without those that differ from an earlier one only in case."""
    kept: dict[str, str] = {}
    for word in words:
        kept.setdefault(word.casefold(), word)
    return list(kept.values())


def read_document(raw: object) -> StandardDocument:
    """The document that ``raw`` (a JSON object, as Python values) describes.

    A draft may lack any component; ``publishable_problems`` says what publishing
    needs. Null and empty fields count as not given. Raises ``Rejected`` with every
    problem, each at its path, in the order of the document.
    """
    content = without_blanks(raw)
    report = _Report(content)
    cleaned: dict[str, Any] = {}
    try:
        cleaned = _SCHEMA.load(content)
    except ValidationError as error:
        report.add_errors(error.messages)
    for path, message in findings(content):
        report.add(path, message)
    if report.found:
        raise Rejected(report.problems())
    if "keywords" in cleaned:
        cleaned["keywords"] = _each_once(cleaned["keywords"])
    return from_stored(cleaned)


def publishable_problems(document: StandardDocument) -> tuple[Problem, ...]:
    """What ``document`` lacks to be published: each missing component of service delivery.

    Source: UU 25/2009 art. 21 with PermenPANRB 15/2014, the six components that
    must be made public.
    """
    missing = completeness(document).missing
    return tuple(
        Problem(
            component,
            _l(
                '"%(component)s" is missing. It must be given before the standard can be published.',
                component=COMPONENT_NAMES[component],
            ),
        )
        for component in DELIVERY_COMPONENTS
        if component in missing
    )
