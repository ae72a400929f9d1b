"""Sunrise and sunset, and whether a walk ends before dark."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from routes.errors import ModelError


class Sun(StrEnum):
    """Whether the sun rises and sets on a day."""

    RISES_AND_SETS = "rises and sets"
    STAYS_UP = "does not set"
    STAYS_DOWN = "does not rise"


@dataclass(frozen=True, slots=True)
class Daylight:
    """Sunrise and sunset over a flat horizon; mountains shorten the day."""

    sun: Sun
    """Whether the sun rises and sets at all."""

    sunrise: datetime | None
    """In the requested time zone; None where the sun stays up or down."""

    sunset: datetime | None
    """In the requested time zone, perhaps after midnight; None where the sun stays up or down."""


class Fit(StrEnum):
    """Whether a walk fits into the daylight."""

    FITS = "fits"
    PERHAPS = "may outlast the daylight"
    OUTLASTS = "outlasts the daylight"
    BEFORE_SUNRISE = "begins before sunrise"
    UNKNOWN = "unknown"


_HORIZON_DEG = -0.833
"""Altitude of the sun's centre at sunrise and sunset, degrees: refraction and the sun's radius (34' + 16')."""

_HALF_DAY = timedelta(hours=12, minutes=30)


def zone_of(time_zone: str) -> ZoneInfo:
    """Time zone by its IANA name. Raises ModelError if neither the system nor the tzdata package has it."""
    try:
        return ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        msg = f"The time zone {time_zone!r} is not known here; install the package tzdata, or mend the trek file."
        raise ModelError(msg) from error


def daylight(lon_deg: float, lat_deg: float, day: date, zone: ZoneInfo) -> Daylight:
    """Sunrise before and sunset after the solar noon of a local date at a position (degrees)."""
    from astral import Observer  # noqa: PLC0415 - only those who ask for a date need it
    from astral.sun import elevation, noon, sunrise, sunset  # noqa: PLC0415

    observer = Observer(latitude=lat_deg, longitude=lon_deg, elevation=0.0)
    middle = datetime(day.year, day.month, day.day, 12, tzinfo=zone)
    near = [day + timedelta(days=shift) for shift in (-1, 0, 1)]
    highest = min((noon(observer, when, UTC) for when in near), key=lambda time: abs(time - middle))

    def found(event: Callable[[Observer, date, tzinfo], datetime]) -> list[datetime]:
        times = []
        for when in near:
            try:
                times.append(event(observer, when, UTC))
            except ValueError:  # astral's message if the sun does not cross the horizon that day
                continue
        return times

    rises = [time for time in found(sunrise) if highest - _HALF_DAY < time < highest]
    sets = [time for time in found(sunset) if highest < time < highest + _HALF_DAY]
    if rises and sets:
        return Daylight(Sun.RISES_AND_SETS, max(rises).astimezone(zone), min(sets).astimezone(zone))
    is_up = elevation(observer, highest) > _HORIZON_DEG
    return Daylight(Sun.STAYS_UP if is_up else Sun.STAYS_DOWN, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInDaylight:
    """A day's walk compared with the daylight."""

    morning: Daylight
    """Daylight where the walk begins."""

    evening: Daylight
    """Daylight where it ends."""

    start: datetime
    """When the walk begins."""

    end: datetime | None
    """When it ends; None if unknown."""

    latest_end: datetime | None
    """When it ends by the P90 of walking time; None without a range."""

    fit: Fit
    """Whether it fits."""


def walk_in_daylight(
    morning: Daylight, evening: Daylight, start: datetime, ends: tuple[float | None, float | None]
) -> WalkInDaylight:
    """Compare a walk with sunrise at its start and sunset at its end.

    `ends` are seconds from the start with breaks: the value and its P90. The worst problem wins: an end after sunset,
    then one perhaps after sunset, then a start before sunrise.
    """
    # in UTC, so that a change of the clocks does not count as walking time
    end, latest = (
        None if after is None else (start.astimezone(UTC) + timedelta(seconds=after)).astimezone(start.tzinfo)
        for after in ends
    )
    if end is None:
        fit = Fit.UNKNOWN
    elif evening.sun is Sun.STAYS_DOWN or (evening.sunset is not None and end > evening.sunset):
        fit = Fit.OUTLASTS
    elif evening.sunset is not None and latest is not None and latest > evening.sunset:
        fit = Fit.PERHAPS
    elif morning.sunrise is not None and start < morning.sunrise:
        fit = Fit.BEFORE_SUNRISE
    else:
        fit = Fit.FITS
    return WalkInDaylight(morning=morning, evening=evening, start=start, end=end, latest_end=latest, fit=fit)
