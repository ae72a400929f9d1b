"""Walking times, nights, plans and comparisons as plain values for JSON."""

from collections.abc import Sequence

from routes.analysis.figures.results import Effort
from routes.analysis.planning.compare import UNITS, Figure, Row, Side
from routes.analysis.planning.plan import Plan, PlannedDay
from routes.analysis.walking.daylight import Daylight, WalkInDaylight
from routes.analysis.walking.nights import DISCLAIMER, GUIDELINE, GUIDELINE_SOURCE, Night
from routes.analysis.walking.outing import DayOuting, Outing
from routes.model.effort import EffortParameters
from routes.model.estimate import Estimate, rounded
from routes.model.units import Units

_SCALE = {"m": (1.0, 1, "m"), "s": (3600.0, 3, "h"), "d": (1.0, 0, "d")}
"""Divisor, decimals and resulting unit in JSON, by our unit."""


def parameters_data(parameters: EffortParameters) -> dict[str, object]:
    """Parameters of walking time."""
    return {
        "method": parameters.method.value,
        "pace": parameters.pace,
        "pack_kg": parameters.pack_kg,
        "body_kg": parameters.body_kg,
        "is_slower_at_altitude": parameters.thins(parameters.method),
        "break_min_per_hour": parameters.break_min_per_hour,
    }


def outing_data(outing: Outing) -> dict[str, object]:
    """Walking times by method, timetables, daylight, nights and seasons; hours, null if unknown."""
    return {
        "parameters": parameters_data(outing.parameters),
        "start_time": outing.start.isoformat(timespec="minutes"),
        "walking_time_h": effort_data(outing.variant.totals.effort),
        "missing": outing.variant.totals.effort.missing,
        "days": [_day(day) for day in outing.days],
        "nights": [_night(night) for night in outing.nights],
        "guideline": {"text": GUIDELINE.text(Units.METRIC), "source": GUIDELINE_SOURCE, "note": DISCLAIMER},
        "seasons": [
            {
                "kind": note.season.kind.value,
                "months": list(note.months),
                "holds": note.holds,
                "source": note.season.source,
            }
            for note in outing.seasons
        ],
    }


def effort_data(effort: Effort) -> dict[str, object] | None:
    """Walking time by method, hours; None if unknown."""
    if not effort.times_s:
        return None
    return {method.value: hours_data(time) for method, time in effort.times_s.items()}


def hours_data(time_s: Estimate | None) -> dict[str, object] | None:
    """A time in seconds as hours."""
    return _estimate(time_s, "s")


def _estimate(estimate: Estimate | None, unit: str) -> dict[str, object] | None:
    divisor, digits, _ = _SCALE[unit]
    return None if estimate is None else estimate.rounded(digits, divisor=divisor).data()


def _day(day: DayOuting) -> dict[str, object]:
    return {
        "number": day.day.day.number,
        "date": None if day.date is None else day.date.isoformat(),
        "walking_time_h": effort_data(day.day.totals.effort),
        "missing": day.day.totals.effort.missing,
        "legs": [
            {"leg": leg.leg.id, "walking_time_h": effort_data(leg.effort), "missing": leg.effort.missing}
            for leg in day.day.legs
            if leg.is_on_foot
        ],
        "timetable": [
            {
                "place": arrival.place.id,
                "mode": arrival.mode.value,
                "after_h": hours_data(arrival.after_s),
                "missing": arrival.missing,
            }
            for arrival in day.arrivals
        ],
        "daylight": None if day.light is None else _light(day.light),
    }


def _light(light: WalkInDaylight) -> dict[str, object]:
    return {
        "morning": _sun(light.morning),
        "evening": _sun(light.evening),
        "start": light.start.isoformat(timespec="minutes"),
        "end": None if light.end is None else light.end.isoformat(timespec="minutes"),
        "latest_end": None if light.latest_end is None else light.latest_end.isoformat(timespec="minutes"),
        "fit": light.fit.value,
    }


def _sun(light: Daylight) -> dict[str, object]:
    return {
        "sun": light.sun.value,
        "sunrise": None if light.sunrise is None else light.sunrise.isoformat(timespec="minutes"),
        "sunset": None if light.sunset is None else light.sunset.isoformat(timespec="minutes"),
    }


def _night(night: Night) -> dict[str, object]:
    return {
        "after_day": night.day_number,
        "place": None if night.place is None else night.place.id,
        "height_m": rounded(night.height_m),
        "gain_m": rounded(night.gain_m),
        "u_gain_m": rounded(night.u_gain_m),
        "guideline": night.ascent.value,
        "reason": night.reason_in(Units.METRIC),
    }


def plan_data(plan: Plan, nights: Sequence[Night]) -> dict[str, object]:
    """A plan with its nights; metres and hours."""
    limits = plan.limits
    return {
        "variant": plan.variant.variant.id,
        "limits": {
            "length_m": limits.length_m,
            "walking_time_h": None if limits.time_s is None else limits.time_s / 3600.0,
            "ascent_m": limits.ascent_m,
        },
        "keeps_limits": plan.keeps_limits,
        "parameters": parameters_data(plan.parameters),
        "days": [_planned(day) for day in plan.days],
        "goes_on_elsewhere_after": list(plan.rides),
        "nights": [_night(night) for night in nights],
        "guideline": {"text": GUIDELINE.text(Units.METRIC), "source": GUIDELINE_SOURCE, "note": DISCLAIMER},
        "notes": list(plan.notes_in(Units.METRIC)),
    }


def _planned(day: PlannedDay) -> dict[str, object]:
    return {
        "number": day.number,
        "from": day.start.id,
        "to": day.end.id,
        "sleep": None if day.night is None else day.night.id,
        "length_m": _estimate(day.length_m, "m"),
        "is_lower_bound": day.is_lower_bound,
        "ascent_m": _estimate(day.ascent_m, "m"),
        "descent_m": _estimate(day.descent_m, "m"),
        "walking_time_h": hours_data(day.time_s),
        "high_m": rounded(day.high_m),
        "over": list(day.over),
        "perhaps_over": list(day.perhaps_over),
        "unjudged": list(day.unjudged),
        "parts": [
            {
                "leg": part.leg.leg.id,
                "from": part.start.place.id,
                "to": part.end.place.id,
                "shares": [round(share, 4) for share in part.shares],
            }
            for part in day.parts
        ],
    }


def comparison_data(
    sides: tuple[Side, Side], rows: Sequence[Row], parameters: EffortParameters
) -> dict[str, object]:
    """Two variants side by side; metres and hours."""
    return {
        "first": _side(sides[0]),
        "second": _side(sides[1]),
        "parameters": parameters_data(parameters),
        "rows": [
            {
                "quantity": row.quantity.value,
                "unit": _SCALE[UNITS[row.quantity]][2],
                "first": _figure(row.first, UNITS[row.quantity]),
                "second": _figure(row.second, UNITS[row.quantity]),
                "larger": row.larger.value,
            }
            for row in rows
        ],
    }


def _side(side: Side) -> dict[str, object]:
    return {
        "trek": side.study.trek.id,
        "name": side.study.trek.name,
        "variant": side.variant.variant.id,
        "trekking_days": [day.day.number for day in side.days],
        "notes": list(side.study.notes),
    }


def _figure(figure: Figure, unit: str) -> dict[str, object]:
    return {
        "estimate": _estimate(figure.estimate, unit),
        "is_lower_bound": figure.is_lower_bound,
        "remark": figure.remark,
    }
