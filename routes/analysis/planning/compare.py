"""Compare two treks or variants."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from routes.analysis.figures.legs import totals_of
from routes.analysis.figures.results import DayStudy, VariantStudy
from routes.analysis.study import Study
from routes.analysis.walking.nights import height_estimate, nights_of
from routes.analysis.walking.time import of_one_walker
from routes.model.effort import EffortParameters
from routes.model.estimate import Estimate
from routes.model.kinds import Mode


class Quantity(StrEnum):
    """What is compared."""

    WALKING = "walking distance"
    ASCENT = "ascent"
    DESCENT = "descent"
    HIGHEST = "highest point on foot"
    DAYS = "trekking days"
    TIME = "walking time"
    NIGHT = "highest night"
    HARDEST = "walking time of the longest day"


UNITS = {
    Quantity.WALKING: "m",
    Quantity.ASCENT: "m",
    Quantity.DESCENT: "m",
    Quantity.HIGHEST: "m",
    Quantity.DAYS: "d",
    Quantity.TIME: "s",
    Quantity.NIGHT: "m",
    Quantity.HARDEST: "s",
}
"""Unit of each quantity's estimates."""


class Order(StrEnum):
    """Which of two figures is larger."""

    FIRST = "first"
    SECOND = "second"
    EQUAL = "equal"
    NOT_TOLD_APART = "not told apart"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two treks."""

    study: Study
    """The trek."""

    variant: VariantStudy
    """The variant to compare; only its days with a hike count."""

    @property
    def days(self) -> tuple[DayStudy, ...]:
        """Days with a hike; town walks on other days do not count."""
        return tuple(day for day in self.variant.days if any(leg.leg.mode is Mode.HIKE for leg in day.legs))


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one trek."""

    estimate: Estimate | None
    """Value and interval; None if unknown."""

    remark: str = ""
    """What it refers to, or why it is missing."""

    is_lower_bound: bool = False
    """Whether it is a straight-line length, so that the trail is longer."""


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity for both treks."""

    quantity: Quantity
    """What is compared."""

    first: Figure
    """Of the first trek."""

    second: Figure
    """Of the second trek."""

    larger: Order
    """Which is larger; undecided if the intervals overlap."""


def compare(first: Side, second: Side, parameters: EffortParameters) -> tuple[Row, ...]:
    """Compare two variants, one row per `Quantity`; `parameters` set the walking time of both."""
    a, b = (
        _figures(replace(side, variant=side.study.timed(side.variant, parameters)))
        for side in (first, second)
    )
    return tuple(Row(q, a[q], b[q], _larger(_alone(q, a[q]), _alone(q, b[q]))) for q in Quantity)


def _alone(quantity: Quantity, figure: Figure) -> Figure:
    """A figure with the range that counts in a comparison: one walker walks both."""
    if quantity not in (Quantity.TIME, Quantity.HARDEST) or figure.estimate is None:
        return figure
    return replace(figure, estimate=of_one_walker(figure.estimate))


def _figures(side: Side) -> dict[Quantity, Figure]:
    """All quantities of one trek."""
    legs = [leg for day in side.days for leg in day.legs]
    totals = totals_of(legs)
    missing = "; ".join(dict.fromkeys(leg.missing for leg in legs if leg.is_on_foot and leg.missing))
    return {
        Quantity.WALKING: Figure(totals.walking_m, is_lower_bound=totals.is_lower_bound),
        Quantity.ASCENT: _climb(totals.ascent_m, missing),
        Quantity.DESCENT: _climb(totals.descent_m, missing),
        Quantity.HIGHEST: Figure(totals.high_estimate_m, missing),
        Quantity.DAYS: Figure(Estimate(float(len(side.days)))),
        Quantity.TIME: Figure(totals.effort.time_s, totals.effort.missing),
        Quantity.NIGHT: _highest_night(side),
        Quantity.HARDEST: _hardest_day(side),
    }


def _climb(estimate: Estimate | None, missing: str) -> Figure:
    """Ascent or descent, or why it is missing."""
    return Figure(None, missing) if estimate is None else Figure(estimate)


def _highest_night(side: Side) -> Figure:
    """Highest overnight stop after a day with a hike."""
    numbers = {day.day.number for day in side.days}
    study = side.study
    nights = nights_of(study.trek, side.variant, study.place_heights_m, study.products)
    nights = tuple(night for night in nights if night.day_number in numbers)
    known = [(night.height_m, night) for night in nights if night.height_m is not None]
    unknown = [str(night.day_number) for night in nights if night.height_m is None]
    if not nights:
        return Figure(None, "no night on the way")
    if unknown:
        return Figure(None, f"unknown height of the night after day {', '.join(unknown)}")
    height, night = max(known, key=lambda pair: pair[0])
    return Figure(
        height_estimate(height, study.products),
        f"{night.place.name if night.place else ''}, day {night.day_number}",
    )


def _hardest_day(side: Side) -> Figure:
    """Day with the longest walking time; none if the time of a day is unknown."""
    efforts = [(day.totals.effort, day) for day in side.days]
    missing = "; ".join(dict.fromkeys(effort.missing for effort, _ in efforts if effort.missing))
    known = [(effort.time_s, day) for effort, day in efforts if effort.time_s is not None]
    if missing or not known:
        return Figure(None, missing)
    time, day = max(known, key=lambda pair: pair[0].value)
    return Figure(time, f"day {day.day.number}: {day.day.title}")


def _larger(a: Figure, b: Figure) -> Order:
    """Which is larger, by intervals that do not overlap or, without intervals, by value."""
    if a.estimate is None or b.estimate is None:
        return Order.UNKNOWN
    (low_a, high_a), (low_b, high_b) = _ends(a), _ends(b)
    if low_a == high_a == low_b == high_b:
        return Order.EQUAL
    if low_a > high_b:
        return Order.FIRST
    return Order.SECOND if low_b > high_a else Order.NOT_TOLD_APART


def _ends(figure: Figure) -> tuple[float, float]:
    """Interval of a figure: its value if it has none, and no upper end for a lower bound."""
    assert figure.estimate is not None  # noqa: S101 - `_larger` has looked
    value, low, high = figure.estimate.value, figure.estimate.p10, figure.estimate.p90
    if figure.is_lower_bound:
        return value, math.inf
    return (value, value) if low is None or high is None else (low, high)
