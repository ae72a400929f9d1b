"""Walking time of legs and variants by each method."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.height_sources import LONG_M
from routes.analysis.figures.legs import total_effort
from routes.analysis.figures.profile import Profile
from routes.analysis.figures.results import Effort, LegStudy, LineStudy, VariantStudy, Way
from routes.kernel.effort import campbell_s, din_33466_s, munter_s, naismith_langmuir_s, swiss_s, tobler_s
from routes.kernel.profile import smooth
from routes.kernel.slowdown import altitude_slowdown, pack_slowdown
from routes.kernel.uncertainty import Z80
from routes.model.effort import PEOPLE, EffortParameters, Method
from routes.model.estimate import Estimate

_ALONG = {
    Method.CAMPBELL: campbell_s,
    Method.SWISS: swiss_s,
    Method.NAISMITH: naismith_langmuir_s,
    Method.TOBLER: tobler_s,
}

TIME_BASIS = "how differently people walk (16 %), and the ranges of length, ascent and descent"


def of_one_walker(time_s: Estimate) -> Estimate:
    """Walking time with the range for one walker: from length, ascent and descent alone."""
    if time_s.p10 is None or time_s.p90 is None:
        return time_s
    below, above = (
        math.sqrt(max(math.log(end / time_s.value) ** 2 - (Z80 * PEOPLE) ** 2, 0.0))
        for end in (time_s.p10, time_s.p90)
    )
    return replace(time_s, p10=time_s.value * math.exp(-below), p90=time_s.value * math.exp(above))


def leg_effort(leg: LineStudy, parameters: EffortParameters | None = None) -> Effort:
    """Walking time of a leg or other line by each method.

    It is empty off foot, for a schematic line and where a height is unknown. The range covers differences between
    people, and all low and all high ends of length, ascent and descent. A modelled line gets the time of the trail that
    it stands for.
    """
    parameters = parameters or EffortParameters()
    if not leg.is_on_foot:
        return Effort({}, "not on foot")
    reason = _why_missing(leg)
    if reason:
        return Effort({}, reason)
    times = {method: _time_s(leg, method, parameters) for method in Method}
    return Effort(times, method=parameters.method)


def timed_leg(leg: LegStudy, parameters: EffortParameters | None = None) -> LegStudy:
    """The leg with its walking time, in total and from its start to each sample."""
    parameters = parameters or EffortParameters()
    effort = leg_effort(leg, parameters)
    return replace(leg, effort=effort, way=_way(leg, effort, parameters))


def timed_variant(variant: VariantStudy, parameters: EffortParameters) -> VariantStudy:
    """The variant with walking times by other parameters."""
    days = []
    for day in variant.days:
        legs = tuple(timed_leg(leg, parameters) for leg in day.legs)
        days.append(replace(day, legs=legs, totals=replace(day.totals, effort=total_effort(legs))))
    effort = total_effort([leg for day in days for leg in day.legs])
    return replace(variant, days=tuple(days), totals=replace(variant.totals, effort=effort))


def _way(leg: LineStudy, effort: Effort, parameters: EffortParameters) -> Way | None:
    """Distribute the walking time of a leg over its samples; methods for totals by what each step adds."""
    if effort.time_s is None:
        return None
    run, rise, height = _steps(leg)
    along = _ALONG.get(parameters.method)
    if along is not None:
        weights = np.diff(along(_from_steps(run), _from_steps(rise)))
    elif parameters.method is Method.DIN:
        weights = run / 4000.0 + np.maximum(rise, 0.0) / 300.0 + np.maximum(-rise, 0.0) / 500.0
    else:
        weights = (run / 1000.0 + np.abs(rise) / 100.0) / np.where(rise > 0.0, 4.0, 6.0)
    if parameters.thins(parameters.method):
        weights = weights * altitude_slowdown(height)
    # nothing is walked between segments, so the step between them counts 0
    ends = np.cumsum([p.distance_m.size - 1 for p in leg.profiles[:-1]], dtype=np.int64)
    run, rise, weights = (np.insert(steps, ends, 0.0) for steps in (run, rise, weights))
    return Way(
        lon_deg=np.concatenate([p.lon_deg for p in leg.profiles]),
        lat_deg=np.concatenate([p.lat_deg for p in leg.profiles]),
        distance_m=_from_steps(run),
        height_m=np.concatenate([p.height_m for p in leg.profiles]),
        rise_m=_from_steps(np.maximum(rise, 0.0)),
        fall_m=_from_steps(np.maximum(-rise, 0.0)),
        time_s=_from_steps(weights) * (effort.time_s.value / weights.sum()),
    )


def _why_missing(leg: LineStudy) -> str:
    """Why a leg on foot has no walking time; "" if it has one."""
    if leg.missing or leg.ascent_m is None or leg.descent_m is None or not leg.profiles:
        return leg.missing or "no heights"
    if not all(np.isfinite(p.height_m).all() for p in leg.profiles):
        return "heights along it are unknown in part"
    return ""


def _steps(leg: LineStudy) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Run, rise and mean height of each step within the segments of a leg."""
    run = np.concatenate([np.diff(p.distance_m) for p in leg.profiles])
    rise = np.concatenate([np.diff(_evened(p)) for p in leg.profiles])
    height = np.concatenate([0.5 * (p.height_m[1:] + p.height_m[:-1]) for p in leg.profiles])
    return run, rise, height


def _evened(profile: Profile) -> FloatArray:
    """Heights smoothed like a DEM's: the methods expect slopes, not the steps of a recording."""
    more = math.sqrt(LONG_M**2 - profile.heights.smoothing_m**2)
    return smooth(profile.height_m, sigma_m=more, spacing_m=profile.spacing_m)


def _from_steps(steps: FloatArray) -> FloatArray:
    """Sums of steps from the start to each sample."""
    return np.concatenate(([0.0], np.cumsum(steps)))


def _time_s(leg: LineStudy, method: Method, parameters: EffortParameters) -> Estimate:
    """Time with its range: differences between people, and of length, ascent and descent."""
    assert leg.ascent_m is not None  # noqa: S101 - `_why_missing` has looked
    assert leg.descent_m is not None  # noqa: S101
    parts = (leg.length_m, leg.ascent_m, leg.descent_m)
    value = _time_of(leg, method, parameters, [part.value for part in parts])
    low = [part.value if part.p10 is None else part.p10 for part in parts]
    high = [part.value if part.p90 is None else part.p90 for part in parts]
    ends = sorted(_time_of(leg, method, parameters, totals) for totals in (low, high))
    below, above = (math.hypot(Z80 * PEOPLE, math.log(end / value)) for end in ends)
    return Estimate(value, value * math.exp(-below), value * math.exp(above), TIME_BASIS)


def _time_of(leg: LineStudy, method: Method, parameters: EffortParameters, totals: Sequence[float]) -> float:
    """Time of a leg with its length, ascent and descent scaled to these totals, seconds."""
    length, ascent, descent = totals
    run, rise, height = _steps(leg)
    slowdown = parameters.pace * (pack_slowdown(parameters.pack_kg, body_kg=parameters.body_kg))
    thin_air = altitude_slowdown(height) if parameters.thins(method) else np.ones_like(run)
    along = _ALONG.get(method)
    if along is not None:
        stretched = run * _ratio(length, float(run.sum()))
        lifted = rise * np.where(
            rise > 0.0, _ratio(ascent, leg.line_climb.ascent_m), _ratio(descent, leg.line_climb.descent_m)
        )
        steps = np.diff(along(_from_steps(stretched), _from_steps(lifted)))
        return slowdown * float(np.sum(steps * thin_air))
    slowdown *= float(np.sum(run * thin_air) / run.sum())
    if method is Method.DIN:
        return slowdown * din_33466_s(length, ascent, descent)
    rising = length * float(run[rise > 0.0].sum() / run.sum())
    return slowdown * munter_s(rising, ascent, length - rising, descent)


def _ratio(total: float, of_line: float) -> float:
    """How much longer or higher the trail is than the line; 1 where there is nothing to scale."""
    return total / of_line if of_line > 0.0 else 1.0
