"""Wording of plans and comparisons."""

from collections.abc import Sequence

from routes.analysis.planning.chain import SLEEPING_KINDS
from routes.analysis.planning.compare import Figure, Order, Quantity, Row
from routes.analysis.planning.plan import Limits, Plan, PlannedDay
from routes.model.estimate import Estimate
from routes.model.measure import IN_BASE_UNIT
from routes.model.trek import Trek
from routes.model.units import Units
from routes.render.words.figures import MISSING, length
from routes.render.words.walking import duration, hours

MOST_NAMED = 8
"""Most places that a sentence names."""

_FIGURES = {"length": "distance", "time": "walking time", "ascent": "ascent"}


def on_foot(day: PlannedDay, units: Units) -> str:
    """Distance of a planned day with the origin of its lines."""
    kinds = {part.leg.line.provenance for part in day.parts}
    return length(day.length_m, kinds, units, is_lower_bound=day.is_lower_bound)


def lines(trek: Trek, plan: Plan, units: Units) -> tuple[str, ...]:
    """Whether the limits are kept, which stretch breaks them if not, and how legs are split."""
    texts: list[str] = []
    for day in plan.days:
        texts.extend(_too_much(trek, day, plan.limits, name, units) for name in day.over)
        texts.extend(
            f"Day {day.number}: {_FIGURES[name]} keeps the limit of {_limit(plan.limits, name, units)} by its value, "
            f"but not by its P90."
            for name in day.perhaps_over
        )
        texts.extend(
            f"Day {day.number}: the limit of {_limit(plan.limits, name, units)} cannot be judged, {_why(day, name)}."
            for name in day.unjudged
        )
    if plan.keeps_limits:
        days = f"{len(plan.days)} day{'s' * (len(plan.days) != 1)}"
        texts.insert(
            0, f"{days}, none of them over a limit; fewer are not possible with nights at these places."
        )
    return (*texts, *plan.notes_in(units))


def _too_much(trek: Trek, day: PlannedDay, limits: Limits, name: str, units: Units) -> str:
    """Which stretch breaks a limit, and what to do."""
    value = {
        "length": units.length(day.length_m.value),
        "time": MISSING if day.time_s is None else hours(day.time_s.value, step_min=1),
        "ascent": MISSING if day.ascent_m is None else units.height(day.ascent_m.value, is_exact=True),
    }[name]
    between = _between(trek, day)
    some = " or ".join(between[:MOST_NAMED]) + (" or others" if len(between) > MOST_NAMED else "")
    way_out = f"raise the limit, or say where one can sleep (--sleep-at {some})"
    if not between:
        way_out = "raise the limit, or add a place on the way (via) where one can sleep"
    kinds = ", ".join(sorted(kind.value for kind in SLEEPING_KINDS))
    return (
        f"Day {day.number}: no place to sleep ({kinds}, or a night of the trek file) parts {day.start.name} from "
        f"{day.end.name}, so that {_FIGURES[name]} is {value}, over the limit of "
        f"{_limit(limits, name, units)}; {way_out}."
    )


def _between(trek: Trek, day: PlannedDay) -> list[str]:
    """Ids of places between the ends of a day."""
    found: list[str] = []
    for part in day.parts:
        stops = list(part.leg.leg.stops)
        first = stops.index(part.start.place.id)
        last = (
            stops.index(part.end.place.id, first + 1)
            if part.end.place.id in stops[first + 1 :]
            else len(stops) - 1
        )
        found.extend(stops[first + 1 : last])
        found.append(stops[last])
    return [place_id for place_id in dict.fromkeys(found) if place_id != day.end.id and trek.place(place_id)]


def _limit(limits: Limits, name: str, units: Units) -> str:
    if name == "length":
        unit = units.length_unit
        return f"{round((limits.length_m or 0.0) / IN_BASE_UNIT[unit], 2):g} {unit}"  # rounded, as given
    if name == "time":
        return hours(limits.time_s or 0.0, step_min=1)
    return units.height(limits.ascent_m or 0.0, is_exact=True)


def _why(day: PlannedDay, name: str) -> str:
    if name == "length":
        return "since straight lines only tell the least"
    reasons = dict.fromkeys(part.leg.missing for part in day.parts if part.leg.missing)
    return "; ".join(reasons) or "since the figure is unknown"


ORDER_WORDS = {
    Order.EQUAL: "equal",
    Order.NOT_TOLD_APART: "not told apart: the intervals meet",
    Order.UNKNOWN: "cannot be told",
}


def figure(found: Figure, row: Row, units: Units) -> str:
    """One figure of a comparison with range and remark, or why it is missing."""
    if found.estimate is None:
        return f"{MISSING} ({found.remark})"
    text = _value(found.estimate, row.quantity, units)
    if found.is_lower_bound:
        least, likely = units.length(found.estimate.value), units.length_interval(found.estimate)
        text = f"at least {least}, straight lines in part or all"
        text += f"; likely {likely}" if likely else ""
    return f"{text} ({found.remark})" if found.remark else text


def _value(estimate: Estimate, quantity: Quantity, units: Units) -> str:
    match quantity:
        case Quantity.TIME | Quantity.HARDEST:
            return duration(estimate)
        case Quantity.DAYS:
            return f"{estimate.value:.0f}"
        case Quantity.HIGHEST | Quantity.NIGHT:
            text = units.height(estimate.value)
            if estimate.p10 is None or estimate.p90 is None:
                return text
            return f"{text}; {units.height_range(estimate.p10, estimate.p90)} (P10 to P90)"
        case Quantity.ASCENT | Quantity.DESCENT:
            return units.climb(estimate)
        case Quantity.WALKING:
            text, interval = units.length(estimate.value), units.length_interval(estimate)
            return f"{text}; {interval}" if interval else text


def larger(row: Row, names: Sequence[str]) -> str:
    """Which of two is larger."""
    if row.larger is Order.FIRST:
        return f"more: {names[0]}"
    return f"more: {names[1]}" if row.larger is Order.SECOND else ORDER_WORDS[row.larger]
