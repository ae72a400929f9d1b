"""Figures per leg and their sums per day and variant."""

import functools
import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import numpy as np

from routes.analysis.figures.high_points import unnamed_passes
from routes.analysis.figures.line_error import lateral_sigmas_m
from routes.analysis.figures.modelled_lines import MODELLED_ERRORS_SOURCE, modelled_errors, stops_every_m
from routes.analysis.figures.monte_carlo import (
    climb_runs,
    doubt,
    draw_runs,
    drawn_basis,
    estimate_of,
    high_runs,
    length_runs,
    sum_runs,
)
from routes.analysis.figures.profile import Profile, ProfileParameters, profile_of
from routes.analysis.figures.recipes import source_on_line
from routes.analysis.figures.recorded_heights import flaws_of, recorded_heights, sentence
from routes.analysis.figures.results import DayStudy, Effort, LegStudy, LineStudy, Totals, VariantStudy
from routes.analysis.figures.slopes import Gradients, climbs_of, gradients_of
from routes.analysis.heights.source import ElevationSource
from routes.errors import DEMError
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.model.effort import Method
from routes.model.estimate import Estimate
from routes.model.kinds import Mode, Provenance
from routes.model.track import Line
from routes.model.trek import Day, Leg, Place, Trek, Variant

_SCHEMATIC = "no line is known: straight lines between places give no ascent and no time"


def study_leg(
    trek: Trek,
    day: Day,
    leg: Leg,
    line: Line,
    *,
    source: ElevationSource | None,
    parameters: ProfileParameters,
) -> LegStudy:
    """Length of a leg and, on foot over a DEM, its profile, ascent and descent.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    day : Day
        Day of the leg.
    leg : Leg
        The leg.
    line : Line
        Its line.
    source : ElevationSource or None
        Heights.
    parameters : ProfileParameters
        Parameters of profile and ascent.

    Returns
    -------
    LegStudy
        Without ascent when the line is schematic or a height is unknown.

    Raises
    ------
    DEMError
        If the DEM covers only a part of a line on foot.
    """
    stops = [trek.place(place_id) for place_id in leg.stops]
    found = study_line(
        line,
        seed=leg.id,
        name=f"leg {leg.id!r}",
        is_on_foot=leg.mode.is_on_foot,
        every_m=stops_every_m(stops) if line.provenance is Provenance.MODELLED else math.nan,
        places=trek.places,
        source=source,
        parameters=parameters,
    )
    figures = {field.name: getattr(found, field.name) for field in fields(found)}
    return LegStudy(day_number=day.number, leg=leg, **figures)


def study_line(
    line: Line,
    *,
    seed: str,
    source: ElevationSource | None,
    parameters: ProfileParameters,
    name: str = "the track",
    is_on_foot: bool = True,
    every_m: float = math.nan,
    places: Sequence[Place] = (),
) -> LineStudy:
    """Figures of a line that need no trek: see `study_leg`.

    Parameters
    ----------
    line : Line
        The line.
    seed : str
        What seeds the Monte Carlo runs.
    source : ElevationSource or None
        Heights.
    parameters : ProfileParameters
        Parameters of profile and ascent.
    name : str
        What errors call the line.
    is_on_foot : bool
        Whether it is walked; else it has a length only.
    every_m : float
        Distance between the stops of a modelled line, metres.
    places : sequence of Place
        Places that name passes; without any, none is looked for.

    Returns
    -------
    LineStudy
        As `study_leg`.

    Raises
    ------
    DEMError
        As `study_leg`.
    """
    length = float(sum(cumulative_distance_m(s.lon_deg, s.lat_deg)[-1] for s in line.segments))
    errors = None
    estimate = Estimate(length)
    if line.provenance is Provenance.MODELLED:
        errors = modelled_errors(every_m)
        low, middle, high = (ratio * length for ratio in errors.length_ratio)
        estimate = Estimate(middle, low, high, MODELLED_ERRORS_SOURCE)
    plain = LineStudy(line=line, length_m=estimate, is_on_foot=is_on_foot)
    if not is_on_foot:
        return plain
    if line.provenance is Provenance.SCHEMATIC:
        return replace(plain, missing=_SCHEMATIC)
    if source is None:
        return replace(plain, missing="no DEM")
    kind = source_on_line(line.provenance)
    walked = line.unbroken()
    profiles = tuple(
        profile_of(run.whole.lon_deg, run.whole.lat_deg, source, parameters, kind) for run in walked
    )
    missing = _check_cover(name, profiles, source)
    if missing:
        return replace(plain, missing=missing)
    sums = [ascent_descent_m(profile.height_m, threshold_m=profile.threshold_m) for profile in profiles]
    up, down = (float(total) for total in np.sum(sums, axis=0))
    generator = np.random.default_rng([parameters.seed, *seed.encode()])
    drawn = sum_runs(
        [
            draw_runs(
                profile,
                source,
                parameters,
                # a least-time line is no random neighbour of the trail: its errors of position are in the ratios
                lateral_m=0.0 if errors is not None else lateral_sigmas_m(line, run, profile.distance_m),
                generator=generator,
            )
            for run, profile in zip(walked, profiles, strict=True)
        ]
    )
    recipe, basis = profiles[0].recipe, drawn_basis(parameters.runs)
    runs = None
    if errors is not None:
        ascent = modelled_climb(up, errors.ascent_ratio, recipe.threshold_m)
        descent = modelled_climb(down, errors.ascent_ratio, recipe.threshold_m)
    else:
        doubts = doubt(parameters, "climb")
        runs = (
            climb_runs(up, drawn.ascent_m, recipe, doubts),
            climb_runs(down, drawn.descent_m, recipe, doubts),
        )
        ascent, descent = estimate_of(up, runs[0], basis), estimate_of(down, runs[1], basis)
        estimate = estimate_of(
            length, length_runs(length, drawn.length_m, recipe, doubt(parameters, "length")), basis
        )
    wholes = [run.whole for run in walked]
    recorded = recorded_heights(wholes, profiles) if line.provenance is Provenance.RECORDED else None
    notes = flaws_of(line.segments) if line.provenance is Provenance.RECORDED else ()
    high = max(float(profile.height_m.max()) for profile in profiles)
    return replace(
        plain,
        length_m=estimate,
        profiles=profiles,
        ascent_m=ascent,
        descent_m=descent,
        trail_ratios=(1.0, 1.0) if errors is None else (errors.length_ratio[1], errors.ascent_ratio[1]),
        runs_m=runs,
        high_runs_m=high_runs(high, drawn.high_m, recipe, doubt(parameters, "high")),
        band_m=() if errors is not None else drawn.band_m,
        gradients=gradients_of(profiles),
        climbs=climbs_of(profiles),
        unnamed_passes=unnamed_passes(profiles, places) if places else (),
        recorded=recorded,
        notes=notes if recorded is None else (*notes, sentence(recorded)),
    )


def study_day(day: Day, legs: Sequence[LegStudy]) -> DayStudy:
    """Sum a day over its legs."""
    return DayStudy(day, tuple(legs), totals_of(legs))


def study_variant(
    trek: Trek, variant: Variant, legs: Mapping[str, LegStudy], *, is_default: bool
) -> VariantStudy:
    """Sum a variant over the legs that it keeps, by leg id."""
    days = tuple(study_day(day, [legs[leg.id] for leg in kept]) for day, kept in trek.itinerary(variant))
    totals = totals_of([leg for day in days for leg in day.legs])
    return VariantStudy(variant, days, totals, is_default)


def totals_of(legs: Sequence[LegStudy]) -> Totals:
    """Sum figures over legs; a sum whose part is missing is missing, except lengths."""
    by_mode: dict[Mode, float] = {}
    for leg in legs:
        by_mode[leg.leg.mode] = by_mode.get(leg.leg.mode, 0.0) + leg.length_m.value
    walked = [leg for leg in legs if leg.is_on_foot]
    without = [leg for leg in walked if leg.ascent_m is None]
    has_all = bool(walked) and not without
    missing = ""
    if without:
        reasons = "; ".join(dict.fromkeys(leg.missing for leg in without))
        names = ", ".join(leg.leg.id for leg in without)
        missing = f"{len(without)} of {len(walked)} legs on foot ({names}): {reasons}"
    return Totals(
        length_by_mode_m=by_mode,
        walking_m=sum_estimates([leg.length_m for leg in walked]),
        is_lower_bound=any(leg.is_lower_bound for leg in walked),
        ascent_m=_sum_drawn(walked, 0) if has_all else None,
        descent_m=_sum_drawn(walked, 1) if has_all else None,
        high_m=max(leg.high_m or 0.0 for leg in walked) if has_all else None,
        low_m=min(leg.low_m or 0.0 for leg in walked) if has_all else None,
        high_estimate_m=_highest(walked) if has_all else None,
        gradients=_gradients(walked) if has_all else None,
        effort=total_effort(walked),
        missing=missing,
    )


def total_effort(legs: Sequence[LegStudy]) -> Effort:
    """Sum the walking times of legs on foot; unknown if that of one is.

    Ends of intervals add up, as errors of one cause do.
    """
    efforts = [leg.effort for leg in legs if leg.is_on_foot]
    if not efforts:
        return Effort({}, "nothing on foot")
    reasons = dict.fromkeys(effort.missing for effort in efforts if effort.missing)
    if reasons:
        return Effort({}, "; ".join(reasons))
    times = {method: sum_estimates([effort.times_s[method] for effort in efforts]) for method in Method}
    return Effort(times, method=efforts[0].method)


def sum_estimates(parts: Sequence[Estimate]) -> Estimate:
    """Sum estimates; ends of intervals add up, as errors of one cause do; without one of them there is no interval."""
    value = sum(part.value for part in parts)
    lows = [part.p10 for part in parts if part.p10 is not None]
    highs = [part.p90 for part in parts if part.p90 is not None]
    if not parts or len(lows) < len(parts) or len(highs) < len(parts):
        return Estimate(value)
    return Estimate(value, sum(lows), sum(highs), "; ".join(dict.fromkeys(part.basis for part in parts)))


def _sum_drawn(legs: Sequence[LegStudy], which: int) -> Estimate:
    """Sum ascent (0) or descent (1): run by run where every leg has runs, else interval by interval."""
    parts = [estimate for leg in legs if (estimate := (leg.ascent_m, leg.descent_m)[which]) is not None]
    runs = [leg.runs_m[which] for leg in legs if leg.runs_m is not None]
    if len(runs) == len(legs):
        return estimate_of(sum(part.value for part in parts), np.sum(runs, axis=0), parts[0].basis)
    return sum_estimates(parts)


def _highest(legs: Sequence[LegStudy]) -> Estimate | None:
    """Highest point over legs, run by run."""
    heights = [leg.high_m for leg in legs if leg.high_m is not None]
    runs = [leg.high_runs_m for leg in legs if leg.high_runs_m is not None]
    if not heights or len(runs) < len(legs):
        return None
    return estimate_of(max(heights), np.max(runs, axis=0), drawn_basis(runs[0].size))


def _gradients(legs: Sequence[LegStudy]) -> Gradients | None:
    """How steep legs are together."""
    known = [leg.gradients for leg in legs if leg.gradients is not None]
    return functools.reduce(operator.add, known) if known else None


def modelled_climb(value: float, ratio: tuple[float, float, float], threshold_m: float) -> Estimate:
    """Climb of the trail that a modelled line stands for, by the ratios, and what the dead band passes over."""
    low = max(0.0, min(ratio[0], 1.0) * value - threshold_m)
    high = max(ratio[2], 1.0) * value + threshold_m
    return Estimate(ratio[1] * value, low, high, f"{MODELLED_ERRORS_SOURCE}, and the dead band")


def _check_cover(name: str, profiles: Sequence[Profile], source: ElevationSource) -> str:
    """Say why a line has no ascent ("" if it can have one); refuse a DEM that covers only a part of it."""
    outside = np.concatenate([profile.is_outside for profile in profiles])
    unknown = np.concatenate([~np.isfinite(profile.height_m) for profile in profiles])
    if outside.all():
        return "no DEM covers it"
    if outside.any() and source.is_incomplete:
        return f"the DEM at hand covers only {100.0 * (1.0 - outside.mean()):.0f} % of it"
    if outside.any():
        profile = next(profile for profile in profiles if profile.is_outside.any())
        first = int(np.argmax(profile.is_outside))
        msg = (
            f"{source.origin} covers only {100.0 * (1.0 - outside.mean()):.0f} % of {name}: it ends at "
            f"longitude {profile.lon_deg[first]:.4f}, latitude {profile.lat_deg[first]:.4f}. Give a DEM that covers "
            f"the whole leg (--dem), or build without one (--dem none)."
        )
        raise DEMError(msg)
    if unknown.any():
        return f"the DEM is void at {int(unknown.sum())} of {unknown.size} samples"
    return ""
