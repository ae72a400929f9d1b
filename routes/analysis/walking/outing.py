"""A variant on real dates and times: timetable, daylight, nights and season."""

import datetime as dt
from dataclasses import dataclass

from routes.analysis.figures.results import DayStudy, VariantStudy
from routes.analysis.walking.daylight import WalkInDaylight, daylight, walk_in_daylight, zone_of
from routes.analysis.walking.nights import Night, SeasonNote, season_notes
from routes.analysis.walking.timetable import Arrival, end_of_walk, timetable
from routes.errors import ModelError
from routes.model.effort import EffortParameters
from routes.model.trek import Trek

START = dt.time(8, 0)
"""Default start of a day's walk."""


YEARS = 1900, 2100
"""Years for which sunrise and sunset are computed; astral's formulas are good to about a minute in them."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DayOuting:
    """Timetable and daylight of one day."""

    day: DayStudy
    """The day, with its walking time."""

    date: dt.date | None
    """Its date; None if the first day has none."""

    arrivals: tuple[Arrival, ...]
    """Arrival at each place; empty for a day without a walk."""

    light: WalkInDaylight | None
    """The walk compared with the daylight; None without a date or a walk."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Outing:
    """Timetables, daylight, nights and seasons of a variant."""

    variant: VariantStudy
    """The variant, with its walking times."""

    parameters: EffortParameters
    """Parameters of walking time."""

    start: dt.time
    """Start of each day's walk, local time."""

    days: tuple[DayOuting, ...]
    """Its days, in order."""

    nights: tuple[Night, ...]
    """Nights, compared with the altitude guideline."""

    seasons: tuple[SeasonNote, ...]
    """Statements about the season."""


def variant_outing(
    trek: Trek,
    variant: VariantStudy,
    parameters: EffortParameters,
    nights: tuple[Night, ...],
    *,
    start: dt.time = START,
    date: dt.date | None = None,
) -> Outing:
    """Timetables, daylight, nights and seasons of a variant that has walking times by `parameters`.

    `date` is that of the first day; without it there is no daylight. Raises ModelError if the time zone is unknown or
    the date is outside `YEARS`.
    """
    if date is not None and not YEARS[0] <= date.year <= YEARS[1]:
        msg = f"The date {date} is outside {YEARS[0]} to {YEARS[1]}, for which sunrise and sunset are told."
        raise ModelError(msg)
    days = []
    for number, day in enumerate(variant.days):
        when = None if date is None else date + dt.timedelta(days=number)
        arrivals = timetable(trek, day, break_min_per_hour=parameters.break_min_per_hour)
        light = None if when is None else _light(trek.time_zone, arrivals, when, start)
        days.append(DayOuting(day=day, date=when, arrivals=arrivals, light=light))
    return Outing(
        variant=variant,
        parameters=parameters,
        start=start,
        days=tuple(days),
        nights=nights,
        seasons=season_notes(trek, None if date is None else date.month),
    )


def _light(
    time_zone: str, arrivals: tuple[Arrival, ...], date: dt.date, start: dt.time
) -> WalkInDaylight | None:
    """Compare a day's walk with sunrise where it begins and sunset where it ends."""
    last = end_of_walk(arrivals)
    if last is None:
        return None
    zone = zone_of(time_zone)
    morning, evening = (
        daylight(place.lon, place.lat, date, zone) for place in (arrivals[0].place, last.place)
    )
    after = last.after_s
    ends = (None, None) if after is None else (after.value, after.p90)
    return walk_in_daylight(morning, evening, dt.datetime.combine(date, start, tzinfo=zone), ends)
