"""Compare two treks or variants."""

import math
from dataclasses import dataclass
from enum import StrEnum

from routes.analysis.figures.legs import totals_of
from routes.analysis.figures.results import DayStudy, VariantStudy
from routes.analysis.study import Study
from routes.analysis.walking.nights import height_estimate, nights_of
from routes.analysis.walking.time import total_effort
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


def compare(first: Side, second: Side, parameters: EffortParameters | None = None) -> tuple[Row, ...]:
    """Compare two variants, one row per `Quantity`; `parameters` set the walking time of both."""
    parameters = parameters or EffortParameters()
    a, b = _figures(first, parameters), _figures(second, parameters)
    return tuple(Row(q, a[q], b[q], _larger(a[q], b[q])) for q in Quantity)


def _figures(side: Side, parameters: EffortParameters) -> dict[Quantity, Figure]:
    legs = [leg for day in side.days for leg in day.legs]
    totals = totals_of(legs)
    effort = total_effort(legs, parameters)
    missing = "; ".join(dict.fromkeys(leg.missing for leg in legs if leg.is_on_foot and leg.missing))
    time = effort.time_s(parameters.method)
    return {
        Quantity.WALKING: Figure(totals.walking_m, is_lower_bound=totals.is_lower_bound),
        Quantity.ASCENT: _climb(totals.ascent_m, missing),
        Quantity.DESCENT: _climb(totals.descent_m, missing),
        Quantity.HIGHEST: Figure(totals.high_estimate_m, missing),
        Quantity.DAYS: Figure(Estimate(float(len(side.days)))),
        Quantity.TIME: Figure(time, effort.missing),
        Quantity.NIGHT: _highest_night(side),
        Quantity.HARDEST: _hardest_day(side, parameters),
    }


def _climb(estimate: Estimate | None, missing: str) -> Figure:
    return Figure(None, missing) if estimate is None else Figure(estimate)


def _highest_night(side: Side) -> Figure:
    """Highest overnight stop after a day with a hike."""
    numbers = {day.day.number for day in side.days}
    nights = [night for night in nights_of(side.study, side.variant) if night.day_number in numbers]
    known = [(night.height_m, night) for night in nights if night.height_m is not None]
    unknown = [str(night.day_number) for night in nights if night.height_m is None]
    if not nights:
        return Figure(None, "no night on the way")
    if unknown:
        return Figure(None, f"unknown height of the night after day {', '.join(unknown)}")
    height, night = max(known, key=lambda pair: pair[0])
    return Figure(
        height_estimate(side.study, height),
        f"{night.place.name if night.place else ''}, day {night.day_number}",
    )


def _hardest_day(side: Side, parameters: EffortParameters) -> Figure:
    efforts = [(day, total_effort(day.legs, parameters)) for day in side.days]
    times = [(effort.time_s(parameters.method), day) for day, effort in efforts]
    missing = "; ".join(dict.fromkeys(effort.missing for _, effort in efforts if effort.missing))
    known = [(time, day) for time, day in times if time is not None]
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
