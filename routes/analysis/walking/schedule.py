"""All that is told of the days of a variant beside its lines: walking time, timetable, daylight, nights, season."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from routes.analysis.figures.results import DayStudy, VariantStudy
from routes.analysis.study import Study
from routes.analysis.walking.daylight import WalkInDaylight, daylight, walk_in_daylight, zone_of
from routes.analysis.walking.nights import Night, SeasonNote, nights_of, season_notes
from routes.analysis.walking.time import Effort, leg_effort, total_effort
from routes.analysis.walking.timetable import Arrival, end_of_walk, timetable
from routes.errors import ModelError
from routes.model.effort import EffortParameters

START = dt.time(8, 0)
"""When a day's walk begins unless somebody says otherwise."""


YEARS = 1900, 2100
"""Years for which sunrise and sunset are told; the formulas of astral are good to a minute or so in them."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DayOuting:
    """Walking time, timetable and daylight of one day."""

    day: DayStudy
    """The day."""

    date: dt.date | None
    """Its date; None when the first day has none."""

    effort: Effort
    """Walking time by each method."""

    legs: Mapping[str, Effort]
    """Walking time of each of its legs on foot, by leg id."""

    arrivals: tuple[Arrival, ...]
    """Arrival at each place; empty for a day without a walk."""

    light: WalkInDaylight | None
    """The walk held against the daylight; None without a date or a walk."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outing:
    """What is told of the days of a variant."""

    parameters: EffortParameters
    """How walking time is told."""

    start: dt.time
    """When a day's walk begins, local time."""

    days: tuple[DayOuting, ...]
    """Its days, in order."""

    effort: Effort
    """Walking time of all of them."""

    nights: tuple[Night, ...]
    """Nights, held against the guideline on ascent."""

    seasons: tuple[SeasonNote, ...]
    """What is said of the time of year."""


def outing_of(
    study: Study,
    variant: VariantStudy,
    parameters: EffortParameters | None = None,
    *,
    start: dt.time = START,
    date: dt.date | None = None,
) -> Outing:
    """Walking times, timetables, daylight, nights and seasons of a variant.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants.
    parameters : EffortParameters, optional
        How walking time is told.
    start : datetime.time
        When each day's walk begins, local time.
    date : datetime.date, optional
        Date of the first day; the others follow day by day. Without it there is no daylight.

    Returns
    -------
    Outing
        Frozen.

    Raises
    ------
    ModelError
        If the time zone is unknown here, or the date is outside 1900 to 2100, for which sunrise is told.
    """
    parameters = parameters or EffortParameters()
    if date is not None and not YEARS[0] <= date.year <= YEARS[1]:
        msg = f"The date {date} is outside {YEARS[0]} to {YEARS[1]}, for which sunrise and sunset are told."
        raise ModelError(msg)
    days = []
    for number, day in enumerate(variant.days):
        when = None if date is None else date + dt.timedelta(days=number)
        arrivals = timetable(study.trek, day, parameters)
        days.append(
            DayOuting(
                day=day,
                date=when,
                effort=total_effort(day.legs, parameters),
                legs={leg.leg.id: leg_effort(leg, parameters) for leg in day.legs if leg.is_on_foot},
                arrivals=arrivals,
                light=None if when is None else _light(study, arrivals, when, start),
            )
        )
    return Outing(
        parameters=parameters,
        start=start,
        days=tuple(days),
        effort=total_effort(variant.legs, parameters),
        nights=nights_of(study, variant),
        seasons=season_notes(study.trek, None if date is None else date.month),
    )


def _light(
    study: Study, arrivals: tuple[Arrival, ...], date: dt.date, start: dt.time
) -> WalkInDaylight | None:
    """Hold the walk of a day against sunrise where it begins and sunset where it ends."""
    last = end_of_walk(arrivals)
    if last is None:
        return None
    zone = zone_of(study.trek.time_zone)
    morning, evening = (
        daylight(place.lon, place.lat, date, zone) for place in (arrivals[0].place, last.place)
    )
    after = last.after_s
    ends = (None, None) if after is None else (after.value, after.p90)
    return walk_in_daylight(morning, evening, dt.datetime.combine(date, start, tzinfo=zone), ends)
