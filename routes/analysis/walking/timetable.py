"""When you reach each place of a day."""

from collections.abc import Iterator
from dataclasses import dataclass

from routes.analysis.figures.results import DayStudy, LegStudy
from routes.analysis.figures.stops import stops_along
from routes.model.estimate import Estimate
from routes.model.figures import Quantity
from routes.model.kinds import Mode
from routes.model.trek import Place, Trek


@dataclass(frozen=True, slots=True)
class Arrival:
    """When you reach a place."""

    place: Place
    """The place."""

    mode: Mode
    """How you came there; at the start, how you go on."""

    after_s: Estimate | None
    """Seconds from the start of the day's walk, with breaks; None if unknown."""

    missing: str = ""
    """Why it is unknown."""


def timetable(trek: Trek, day: DayStudy, *, break_min_per_hour: float) -> tuple[Arrival, ...]:
    """The start of a day's first walk, then the arrival at every place after it; empty for a day without a walk.

    Breaks are minutes per hour of walking. A ride takes its stated time. Arrivals are unknown from the first stretch of
    unknown time.
    """
    with_breaks = 1.0 + break_min_per_hour / 60.0
    legs = list(day.legs)
    while legs and not legs[0].is_on_foot:
        legs.pop(0)
    if not legs:
        return ()
    arrivals = [Arrival(trek.place(legs[0].leg.start), legs[0].leg.mode, Estimate(0.0))]
    for leg in legs:
        before = arrivals[-1]
        if before.place.id != leg.leg.start:  # the route between is not described
            missing = "the way there is not described"
            arrivals.append(Arrival(trek.place(leg.leg.start), leg.leg.mode, None, missing))
            before = arrivals[-1]
        for place, took in _stops_of(trek, leg, with_breaks):
            if before.after_s is None or isinstance(took, str):
                missing = before.missing or str(took)
                arrivals.append(Arrival(place, leg.leg.mode, None, missing))
            else:
                arrivals.append(Arrival(place, leg.leg.mode, _sum(before.after_s, took)))
    return tuple(arrivals)


def end_of_walk(arrivals: tuple[Arrival, ...]) -> Arrival | None:
    """Last arrival on foot; None for a day without a walk."""
    walked = [arrival for arrival in arrivals[1:] if arrival.mode.is_on_foot]
    return walked[-1] if walked else None


def _stops_of(trek: Trek, leg: LegStudy, with_breaks: float) -> Iterator[tuple[Place, Estimate | str]]:
    """Places of a leg after its start, with the time from the leg's start or the reason why it is unknown."""
    places = [trek.place(place_id) for place_id in leg.leg.stops]
    if not leg.is_on_foot:
        yield places[-1], _ride(leg)
        return
    way, time = leg.way, leg.effort.time_s
    if way is None or time is None:
        yield from ((place, leg.effort.missing) for place in places[1:])
        return
    for stop in stops_along(places, way.lon_deg, way.lat_deg)[1:]:
        share = with_breaks * float(way.time_s[stop.index] / way.time_s[-1])
        p10, p90 = (None if end is None else end * share for end in (time.p10, time.p90))
        yield stop.place, Estimate(time.value * share, p10, p90, time.basis)


def _ride(leg: LegStudy) -> Estimate | str:
    """Stated time of a ride: the middle of all statements, from the shortest to the longest."""
    stated = [figure for figure in leg.leg.stated if figure.quantity is Quantity.DURATION]
    if not stated:
        return f"nobody states how long the {leg.leg.mode.value} takes"
    ends = [bound * 3600.0 for figure in stated for bound in figure.measure.interval]
    low, high = min(ends), max(ends)
    return Estimate(0.5 * (low + high), low, high, "; ".join(figure.source for figure in stated))


def _sum(before: Estimate, took: Estimate) -> Estimate:
    """Add the time of a stretch; a time without an interval stands for both of its ends."""
    if took.p10 is None and before.p10 is None:
        return Estimate(before.value + took.value)
    ends = [
        sum(part.value if end is None else end for part, end in pair)
        for pair in (
            ((before, before.p10), (took, took.p10)),
            ((before, before.p90), (took, took.p90)),
        )
    ]
    basis = "; ".join(dict.fromkeys(part.basis for part in (before, took) if part.basis))
    return Estimate(before.value + took.value, ends[0], ends[1], basis)
