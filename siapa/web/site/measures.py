"""What is shown of figures: each measure with its name, its words, and the filter that leads to its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from siapa.catalogue.figures import Figures
from siapa.locales import Words, current_locale, gettext
from siapa.locales import lazy as _l
from siapa.web.filters import number

#: What is said where there is no value: nothing is known, which is not 0.
BLANK = "–"


@dataclass(frozen=True)
class Measure:
    """One of the figures. ``rows``: what narrows the explorer to the standards that stand in it."""

    name: str
    label: Words
    value: Callable[[Figures], float | None]
    #: Over how many standards; None where it is a count itself.
    over: Callable[[Figures], int] | None
    shown: Callable[[float], str]
    rows: Mapping[str, str]

    def beside(self, figures: Figures) -> str:
        """Over how many it is: the part of the whole for a share, n for a median; empty for a count."""
        if self.over is None:
            return ""
        part = number(self.over(figures))
        return f"{part}/{number(figures.standard_count)}" if self.is_share else f"n={part}"

    @property
    def is_share(self) -> bool:
        """Whether it says of how many standards something is so."""
        return self.shown is percent and self.name != "completeness"

    def said(self, figures: Figures) -> str:
        """The value in words; a dash where there is none."""
        value = self.value(figures)
        return BLANK if value is None else self.shown(value)


def percent(share: float) -> str:
    """A share of 1 in percent: 45%; never 100 or 0 where something is missing or there."""
    whole = round(100 * share)
    if (whole == 100 and share < 1) or (whole == 0 and share > 0):
        return f"{number(round(100 * share, 1))}%"
    return f"{whole}%"


def whole(value: float) -> str:
    """A number without decimals where it has none: 4, but 4,5."""
    return number(int(value) if value == int(value) else value)


def rupiah(value: float) -> str:
    """Money; half a rupiah, which a median may be, is said."""
    return f"Rp{whole(value)}" if value else gettext("Free")


def short(measure: Measure, figures: Figures) -> str:
    """The value in as few signs as fit a tile: Rp150.000 is 150k or 150rb."""
    value = measure.value(figures)
    if value is None:
        return BLANK
    if measure.shown is not rupiah and measure.shown is not whole:
        return f"{round(100 * value)}%"
    english = current_locale() == "en"
    for size, unit in ((1_000_000, "M" if english else "jt"), (1_000, "k" if english else "rb")):
        if value >= size:
            return f"{value / size:.0f}{unit}"
    return whole(value)


MEASURES: tuple[Measure, ...] = (
    Measure("standards", _l("Standards"), lambda f: f.standard_count, None, whole, {}),
    Measure(
        "completeness", _l("Components given"), lambda f: f.completeness, lambda f: f.standard_count,
        percent, {"sort": "completeness"},
    ),
    Measure(
        "complete", _l("All 14 given"), lambda f: f.share(f.complete_count), lambda f: f.complete_count,
        percent, {"complete": "1"},
    ),
    Measure(
        "overdue", _l("Review overdue"), lambda f: f.share(f.overdue_count), lambda f: f.overdue_count,
        percent, {"overdue": "1"},
    ),
    Measure(
        "free", _l("Free"), lambda f: f.share(f.free_count), lambda f: f.free_count, percent,
        {"free": "1"},
    ),
    Measure(
        "online", _l("Online"), lambda f: f.share(f.online_count), lambda f: f.online_count, percent,
        {"online": "1"},
    ),
    Measure(
        "fee", _l("Median fee"), lambda f: f.fee_median_idr, lambda f: f.fee_count, rupiah,
        {"states_fee": "1", "sort": "fee"},
    ),
    Measure(
        "paid_fee", _l("Median of fees above 0"), lambda f: f.paid_fee_median_idr, lambda f: f.paid_count,
        rupiah, {"has_fee": "1", "sort": "fee"},
    ),
    Measure(
        "time", _l("Median time (working days)"), lambda f: f.days_median, lambda f: f.time_count, whole,
        {"states_time": "1", "sort": "time"},
    ),
)  # fmt: skip
BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in MEASURES}
