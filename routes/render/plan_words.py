"""Wording of plans and comparisons."""

from collections.abc import Sequence

from routes.analysis.chain import SLEEPING_KINDS
from routes.analysis.comparison import Figure, Order, Quantity, Row
from routes.analysis.finding import metres_and_feet
from routes.analysis.planning import Limits, Plan, PlannedDay
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance
from routes.model.trek import Trek
from routes.render.effort_words import duration, hours
from routes.render.words import MISSING, PROVENANCE_WORDS, climb, interval, kilometres, length, metres

MOST_NAMED = 8
"""Most places that a sentence names."""

_FIGURES = {"length": "distance", "time": "walking time", "ascent": "ascent"}


def on_foot(day: PlannedDay) -> str:
    """Write the distance of a planned day, that of the trail, with where its lines come from."""
    kinds = {part.leg.line.provenance for part in day.parts}
    if day.is_lower_bound or not interval(day.length_m):
        return length(day.length_m, kinds, is_lower_bound=day.is_lower_bound)
    names = " and ".join(PROVENANCE_WORDS[kind] for kind in Provenance if kind in kinds)
    return f"{kilometres(day.length_m.value)}; {interval(day.length_m)}, {names}"


def lines(trek: Trek, plan: Plan) -> tuple[str, ...]:
    """Say whether the limits are kept, which stretch is to blame where not, and how legs are cut."""
    texts: list[str] = []
    for day in plan.days:
        texts.extend(_too_much(trek, day, plan.limits, name) for name in day.over)
        texts.extend(
            f"Day {day.number}: {_FIGURES[name]} keeps the limit of {_limit(plan.limits, name)} by its value, but not "
            f"by its P90."
            for name in day.perhaps_over
        )
        texts.extend(
            f"Day {day.number}: the limit of {_limit(plan.limits, name)} cannot be judged, {_why(day, name)}."
            for name in day.unjudged
        )
    if plan.keeps_limits:
        days = f"{len(plan.days)} day{'s' * (len(plan.days) != 1)}"
        texts.insert(
            0, f"{days}, none of them over a limit; fewer are not possible with nights at these places."
        )
    return (*texts, *plan.notes)


def _too_much(trek: Trek, day: PlannedDay, limits: Limits, name: str) -> str:
    """Say which stretch is to blame for a broken limit, and what to do."""
    value = {
        "length": kilometres(day.length_m.value),
        "time": MISSING if day.time_s is None else hours(day.time_s.value, step_min=1),
        "ascent": MISSING if day.ascent_m is None else metres(day.ascent_m.value),
    }[name]
    between = _between(trek, day)
    some = " or ".join(between[:MOST_NAMED]) + (" or others" if len(between) > MOST_NAMED else "")
    way_out = f"raise the limit, or say where one can sleep (--sleep-at {some})"
    if not between:
        way_out = "raise the limit, or add a place on the way (via) where one can sleep"
    kinds = ", ".join(sorted(kind.value for kind in SLEEPING_KINDS))
    return (
        f"Day {day.number}: no place to sleep ({kinds}, or a night of the trek file) parts {day.start.name} from "
        f"{day.end.name}, so that {_FIGURES[name]} is {value}, over the limit of {_limit(limits, name)}; {way_out}."
    )


def _between(trek: Trek, day: PlannedDay) -> list[str]:
    """Ids of places on the way of a day between its ends."""
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


def _limit(limits: Limits, name: str) -> str:
    if name == "length":
        return f"{(limits.length_m or 0.0) / 1000.0:g} km"
    return hours(limits.time_s or 0.0, step_min=1) if name == "time" else f"{limits.ascent_m or 0.0:g} m"


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


def figure(found: Figure, row: Row) -> str:
    """Write one figure of a comparison with interval and remark, or why it is missing."""
    if found.estimate is None:
        return f"{MISSING} ({found.remark})"
    text = _value(found.estimate, row.quantity)
    if found.is_lower_bound:
        text = f"at least {text}, straight lines in part or all"
    return f"{text} ({found.remark})" if found.remark else text


def _value(estimate: Estimate, quantity: Quantity) -> str:
    match quantity:
        case Quantity.TIME | Quantity.HARDEST:
            return duration(estimate)
        case Quantity.DAYS:
            return f"{estimate.value:.0f}"
        case Quantity.HIGHEST | Quantity.NIGHT:
            return metres_and_feet(estimate.value)
        case Quantity.ASCENT | Quantity.DESCENT:
            return climb(estimate)
        case Quantity.WALKING:
            text = kilometres(estimate.value)
            return f"{text}; {interval(estimate)}" if interval(estimate) else text


def larger(row: Row, names: Sequence[str]) -> str:
    """Say which of two is larger."""
    if row.larger is Order.FIRST:
        return f"more: {names[0]}"
    return f"more: {names[1]}" if row.larger is Order.SECOND else ORDER_WORDS[row.larger]
