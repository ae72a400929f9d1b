"""Wording of walking times, daylight, nights and seasons."""

import datetime as dt
from collections.abc import Sequence

from routes.analysis.figures.results import Effort
from routes.analysis.walking.daylight import Daylight, Fit, Sun, WalkInDaylight
from routes.analysis.walking.nights import (
    GAIN_M,
    GUIDELINE_SOURCE,
    HIGH_M,
    REST_GAIN_M,
    REST_NIGHTS,
    Ascent,
    Night,
    SeasonNote,
)
from routes.analysis.walking.outing import DayOuting, Outing
from routes.analysis.walking.time import TIME_BASIS
from routes.analysis.walking.timetable import Arrival
from routes.kernel.slowdown import ALTITUDE_FROM_M
from routes.kernel.uncertainty import Z90
from routes.model.effort import EffortParameters, Method
from routes.model.estimate import Estimate
from routes.model.language import Language
from routes.model.units import Units
from routes.render.words.figures import MISSING, height, months
from routes.render.words.reader import Reader


def hours(seconds: float, *, step_min: int = 5) -> str:
    """Time in hours and minutes; from an hour on, rounded to `step_min` as on signposts.

    >>> hours(13_320.0), hours(59.0), hours(7199.0), hours(13_320.0, step_min=1)
    ('3 h 40 min', '1 min', '2 h', '3 h 42 min')
    """
    step = step_min if seconds >= 3600.0 else 1
    whole, minutes = divmod(step * round(seconds / 60.0 / step), 60)
    return " ".join([f"{whole} h"] * (whole > 0) + [f"{minutes} min"] * (minutes > 0 or whole == 0))


def duration(time_s: Estimate | None, reader: Units | Reader = Units.METRIC) -> str:
    """Walking time with its range, or a dash if it is unknown.

    >>> duration(Estimate(13_200.0, 12_000.0, 15_000.0))
    '3 h 40 min; 3 h 20 min to 4 h 10 min (P10 to P90)'
    """
    if time_s is None:
        return MISSING
    text = hours(time_s.value)
    if time_s.p10 is None or time_s.p90 is None:
        return text
    to = Reader.of(reader).say("range")
    return f"{text}; {hours(time_s.p10)}{to}{hours(time_s.p90)} (P10{to}P90)"


def by_method(effort: Effort) -> tuple[str, ...]:
    """Walking time by each method, in their order, without ranges; a dash if unknown."""
    return tuple(MISSING if not effort.times_s else hours(effort.times_s[method].value) for method in Method)


def clock(start: dt.time, after_s: float) -> str:
    """Time of day `after_s` seconds after a start, with the number of days passed.

    >>> clock(dt.time(8, 0), 3600.0), clock(dt.time(22, 30), 7200.0)
    ('09:00', '00:30 (1 day later)')
    """
    days, minutes = divmod(start.hour * 60 + start.minute + round(after_s / 60.0), 24 * 60)
    later = f" ({days} day{'s' * (days > 1)} later)" if days else ""
    return f"{minutes // 60:02d}:{minutes % 60:02d}{later}"


def arrival(found: Arrival, start: dt.time) -> str:
    """Arrival time with its range, or why it is unknown."""
    if found.after_s is None:
        return f"{MISSING} ({found.missing})"
    text = clock(start, found.after_s.value)
    if found.after_s.p10 is None or found.after_s.p90 is None or found.after_s.p90 <= 0.0:
        return text
    return f"{text}; {clock(start, found.after_s.p10)} to {clock(start, found.after_s.p90)} (P10 to P90)"


def sun(light: Daylight) -> str:
    """Sunrise and sunset, or that there is none."""
    if light.sun is Sun.STAYS_UP:
        return "the sun does not set (polar day)"
    if light.sun is Sun.STAYS_DOWN or light.sunrise is None or light.sunset is None:
        return "the sun does not rise (polar night)"
    return f"sunrise {light.sunrise:%H:%M}, sunset {light.sunset:%H:%M}"


def daylight_line(day: DayOuting) -> str:
    """Whether a day's walk fits into daylight; "" without a date or a walk."""
    if day.light is None or day.date is None:
        return ""
    light = day.light
    text = f"Day {day.day.day.number}, {day.date:%Y-%m-%d}: {_sun_of_walk(light)}"
    if light.end is None:
        return f"{text}; when the walk ends cannot be told."
    text += f"; walk {light.start:%H:%M} to {light.end:%H:%M}"
    if light.fit is Fit.OUTLASTS:
        dark = light.evening.sunset
        by = "" if dark is None else f" by {hours((light.end - dark).total_seconds())}"
        return f"{text}. WARNING: the walk outlasts the daylight{by}."
    if light.fit is Fit.PERHAPS and light.latest_end is not None:
        return f"{text}. WARNING: the walk may outlast the daylight: to {light.latest_end:%H:%M} by its P90."
    if light.fit is Fit.BEFORE_SUNRISE:
        return f"{text}. The walk begins before sunrise."
    return f"{text}."


def _sun_of_walk(light: WalkInDaylight) -> str:
    if light.morning.sunrise is None or light.evening.sunset is None:
        return sun(light.morning if light.morning.sunrise is None else light.evening)
    return f"sunrise {light.morning.sunrise:%H:%M}, sunset {light.evening.sunset:%H:%M} over a flat horizon"


def night_line(night: Night, reader: Units | Reader) -> str:
    """Place and height of a night, and how it compares with the altitude guideline."""
    reader = Reader.of(reader)
    return reader.say(
        "night",
        number=night.day_number,
        name=MISSING if night.place is None else night.place.name,
        height=reader.say("height_unknown") if night.height_m is None else height(night.height_m, reader),
        stands=reader.say(f"night_{night.ascent.name.lower()}", high=reader.height(HIGH_M)),
        reason=night.reason_in(reader.units)
        if reader.language is Language.ENGLISH
        else _reason(night, reader),
    )


def _reason(night: Night, reader: Reader) -> str:  # noqa: PLR0911 - one return per case
    """A night's result under the guideline, in the reader's language; of several nights only the last."""
    if night.place is None:
        return reader.say("night_no_place")
    if night.height_m is None:
        return reader.say("night_no_height")
    if night.ascent is Ascent.LOW:
        return reader.say("night_counts", high=reader.height(HIGH_M))
    if night.gain_m is None or night.u_gain_m is None:
        return reader.say("night_no_gain_known")
    gain = reader.height(night.gain_m, is_exact=True)
    if night.ascent is Ascent.UNDECIDED:
        return reader.say("night_close", gain=gain, off=reader.height(Z90 * night.u_gain_m, is_exact=True))
    if night.ascent is Ascent.ABOVE:
        return reader.say("night_too_high", gain=gain, most=reader.height(GAIN_M, is_exact=True))
    return reader.say("night_higher" if night.gain_m >= 0.5 else "night_no_gain", gain=gain)


def night_note(reader: Units | Reader) -> str:
    """The altitude guideline with its source and its limits."""
    reader = Reader.of(reader)
    high, gain, rest = (reader.height(metres) for metres in (HIGH_M, GAIN_M, REST_GAIN_M))
    text = reader.say("guideline", high=high, gain=gain, nights=REST_NIGHTS, rest=rest)
    return f"{text} {GUIDELINE_SOURCE}. {reader.say('disclaimer')}"


def season_line(note: SeasonNote) -> str:
    """A source's statement on the season, and whether the date is in it."""
    text = f"{note.season.kind.value.capitalize()} time: {months(note.months)} ({note.season.source})"
    if note.holds is None:
        return f"{text}."
    return f"{text}: the date falls {'in it' if note.holds else 'outside'}."


def how_told(outing: Outing, units: Units) -> tuple[str, ...]:
    """How walking time was computed; empty if there is none."""
    is_told = any(day.totals.effort.times_s for day in outing.variant.days)
    return (parameters_line(outing.parameters, units),) if is_told else ()


def parameters_line(parameters: EffortParameters, units: Units) -> str:
    """Sentence on how walking time is computed."""
    changes = []
    if parameters.pace != 1.0:
        changes.append(f"times {parameters.pace:g} (pace)")
    if parameters.pack_kg > 0.0:
        changes.append(
            f"with a pack of {parameters.pack_kg:g} kg on {parameters.body_kg:g} kg (Pandolf et al. 1977)"
        )
    if parameters.thins(parameters.method):
        changes.append(f"slower above {units.height(ALTITUDE_FROM_M)} (Buskirk et al. 1967)")
    return (
        f"Walking time without breaks: {parameters.method.label}{''.join(f', {change}' for change in changes)}. "
        f"Ranges: {TIME_BASIS}."
    )


def what_follows(outing: Outing, units: Units) -> tuple[str, ...]:
    """Lines on daylight and nights, if the outing has them."""
    lines = (*(daylight_line(day) for day in outing.days), *night_lines(outing.nights, units))
    return tuple(line for line in lines if line)


def night_lines(nights: Sequence[Night], reader: Units | Reader) -> tuple[str, ...]:
    """Lines on nights and the guideline, or one line if no height is known."""
    if nights and all(night.height_m is None for night in nights):
        return (Reader.of(reader).say("nights_unknown"),)
    return (*(night_line(night, reader) for night in nights), night_note(reader)) if nights else ()
