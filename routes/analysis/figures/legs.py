"""Compute the figures of each leg, and sum them by day and variant."""

import functools
import operator
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.height_sources import source_on_line
from routes.analysis.figures.high_points import unnamed_passes
from routes.analysis.figures.line_error import height_sigmas_m, lateral_near_stops_m
from routes.analysis.figures.modelled_lines import Stops, stops_of
from routes.analysis.figures.profile import Profile, ProfileParameters, profile_of
from routes.analysis.figures.ranges import (
    ClimbModel,
    climb_along,
    climb_model,
    combined,
    length_model,
    sum_climbs,
    sum_lengths,
)
from routes.analysis.figures.recorded_heights import (
    RecordedHeights,
    RecordedSeries,
    flaws_of,
    recorded_heights,
    recorded_series,
    sentence,
)
from routes.analysis.figures.results import DayStudy, Effort, LegStudy, LineStudy, Totals, VariantStudy
from routes.analysis.figures.slopes import Gradients, climbs_of, gradients_of
from routes.analysis.heights.source import ElevationSource
from routes.errors import DEMError
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.uncertainty import Z80
from routes.model.effort import Method
from routes.model.estimate import Estimate
from routes.model.kinds import Mode, Provenance, Recorder
from routes.model.track import Line
from routes.model.trek import Day, Leg, Place, Trek, Variant

_SCHEMATIC = "no line is known: straight lines between places give no ascent and no time"
_NO_DEM = "no DEM"
_HIGH_BASIS = "LE90 of the DEM, and the terrain beside the line"


def study_leg(
    trek: Trek,
    day: Day,
    leg: Leg,
    line: Line,
    *,
    source: ElevationSource | None,
    parameters: ProfileParameters,
) -> LegStudy:
    """Length of a leg and, on foot, its profile and climb; no climb if the line is schematic or a height is unknown.

    Raises DEMError if the DEM covers only part of a walked line.
    """
    found = study_line(
        line,
        name=f"leg {leg.id!r}",
        is_on_foot=leg.mode.is_on_foot,
        stops=stops_of([trek.place(place_id) for place_id in leg.stops]),
        places=trek.places,
        recorder=leg.heights if parameters.heights is Recorder.AUTO else parameters.heights,
        source=source,
        parameters=parameters,
    )
    figures = {field.name: getattr(found, field.name) for field in fields(found)}
    if source is not None and found.high_estimate_m is not None:
        figures["band_m"] = _bands(line, found.profiles, source)
    return LegStudy(day_number=day.number, leg=leg, **figures)


def study_line(
    line: Line,
    *,
    source: ElevationSource | None,
    parameters: ProfileParameters,
    name: str = "the track",
    is_on_foot: bool = True,
    stops: Stops | None = None,
    places: Sequence[Place] = (),
    recorder: Recorder = Recorder.AUTO,
) -> LineStudy:
    """Figures of a line outside a trek.

    Recorded heights replace the DEM's where it has none; without `places`, passes are not searched. Raises DEMError
    like `study_leg`.
    """
    drawn_m = float(sum(cumulative_distance_m(s.lon_deg, s.lat_deg)[-1] for s in line.segments))
    stops = stops or Stops()
    if not is_on_foot:
        return LineStudy(line=line, length_m=Estimate(drawn_m), is_on_foot=False)
    length = length_model(drawn_m, line.provenance, stops)
    plain = LineStudy(line=line, length_m=length.estimate, length_model=length)
    if line.provenance is Provenance.SCHEMATIC:
        return replace(plain, missing=_SCHEMATIC)
    is_recorded = line.provenance is Provenance.RECORDED
    plain = replace(plain, notes=flaws_of(line.segments) if is_recorded else ())
    file = recorded_series([run.whole for run in line.unbroken()], recorder)
    if source is None:
        return _by_file(plain, file, _NO_DEM, stops, places)
    kind = source_on_line(line.provenance)
    profiles = tuple(
        profile_of(run.whole.lon_deg, run.whole.lat_deg, source, parameters, kind) for run in line.unbroken()
    )
    missing = _check_cover(name, profiles, source)
    void = float(np.mean(np.concatenate([~np.isfinite(profile.raw_m) for profile in profiles])))
    plain = replace(plain, void_share=void)
    if missing:
        return _by_file(plain, file, missing, stops, places)
    climb, recorded = climb_model(profiles, line.provenance, stops), None
    if file is not None and is_recorded:
        climb, recorded = _with_file(climb, file, profiles, recorder)
        plain = replace(plain, notes=(*plain.notes, *file.notes))
    found = _figures(plain, profiles, climb, places)
    notes = found.notes if recorded is None else (*found.notes, sentence(recorded))
    return replace(found, high_estimate_m=_high(line, profiles, source), recorded=recorded, notes=notes)


def _with_file(
    climb: ClimbModel, file: RecordedSeries, profiles: Sequence[Profile], recorder: Recorder
) -> tuple[ClimbModel, RecordedHeights | None]:
    """Climb by the DEM and, if complete, by the file, and how they compare."""
    found = recorded_heights(file, profiles, climb, recorder)
    if found is None:
        return climb, None
    recorded, by_file = found
    return climb if by_file is None else combined(climb, by_file), recorded


def _by_file(
    plain: LineStudy, file: RecordedSeries | None, missing: str, stops: Stops, places: Sequence[Place]
) -> LineStudy:
    """Figures from the file's heights, if complete, where a DEM is missing."""
    if file is None or not file.complete:
        return replace(plain, missing=missing)
    climb = climb_model(file.complete, plain.line.provenance, stops)
    notes = (*plain.notes, *file.notes)
    if missing != _NO_DEM:  # heights that were not requested are not missing
        why = f"{missing[:1].upper()}{missing[1:]}"
        notes = (*notes, f"{why}: the figures rest on the file's own heights ({file.source.value}).")
    return _figures(replace(plain, notes=notes), file.complete, climb, places)


def _figures(
    plain: LineStudy, profiles: tuple[Profile, ...], climb: ClimbModel, places: Sequence[Place]
) -> LineStudy:
    """Figures of a line with complete profiles."""
    gaps = [(gap, profile.heights) for profile in profiles for gap in profile.gaps]
    notes = [
        f"{'The file' if heights.is_recorded else 'The DEM'} has no heights for {gap.length_m:.0f} m from "
        f"{gap.start_m / 1000.0:.1f} km on: bridged, and the ranges are wider."
        for gap, heights in gaps
    ]
    return replace(
        plain,
        profiles=profiles,
        climb_model=climb,
        ascent_m=climb.ascent,
        descent_m=climb.descent,
        line_climb=climb_along(profiles),
        gradients=gradients_of(profiles),
        climbs=climbs_of(profiles),
        unnamed_passes=unnamed_passes(profiles, places) if places else (),
        notes=(*plain.notes, *notes),
    )


def _high(line: Line, profiles: Sequence[Profile], source: ElevationSource) -> Estimate:
    """Highest point of the smoothed profiles, with its uncertainty."""
    run, profile = max(
        zip(line.unbroken(), profiles, strict=True), key=lambda pair: float(pair[1].height_m.max())
    )
    top = int(profile.height_m.argmax())
    lateral = lateral_near_stops_m(line, run, profile.distance_m)
    off = Z80 * float(height_sigmas_m(profile, source, lateral, slice(top, top + 1))[0])
    high = float(profile.height_m[top])
    return Estimate(high, high - off, high + off, _HIGH_BASIS)


def _bands(line: Line, profiles: Sequence[Profile], source: ElevationSource) -> tuple[FloatArray, ...]:
    """P10 and P90 of the heights minus the heights; empty where the trail's height at a distance is unknown."""
    if line.provenance is Provenance.MODELLED:
        return ()
    bands = []
    for run, profile in zip(line.unbroken(), profiles, strict=True):
        off = Z80 * height_sigmas_m(profile, source, lateral_near_stops_m(line, run, profile.distance_m))
        bands.append(np.stack([-off, off]))
    return tuple(bands)


def study_day(day: Day, legs: Sequence[LegStudy]) -> DayStudy:
    """Sum the legs of a day."""
    return DayStudy(day, tuple(legs), totals_of(legs))


def study_variant(
    trek: Trek, variant: Variant, legs: Mapping[str, LegStudy], *, is_default: bool
) -> VariantStudy:
    """Sum the legs that a variant keeps, by leg id."""
    days = tuple(study_day(day, [legs[leg.id] for leg in kept]) for day, kept in trek.itinerary(variant))
    totals = totals_of([leg for day in days for leg in day.legs])
    return VariantStudy(variant, days, totals, is_default)


def totals_of(legs: Sequence[LegStudy]) -> Totals:
    """Sum figures over legs. Any missing figure makes its sum missing, except for lengths."""
    by_mode: dict[Mode, float] = {}
    for leg in legs:
        by_mode[leg.leg.mode] = by_mode.get(leg.leg.mode, 0.0) + leg.length_m.value
    walked = [leg for leg in legs if leg.is_on_foot]
    climbs = [leg.climb_model for leg in walked if leg.climb_model is not None]
    without = [leg for leg in walked if leg.ascent_m is None]
    has_all = bool(walked) and not without
    missing = ""
    if without:
        reasons = "; ".join(dict.fromkeys(leg.missing for leg in without))
        names = ", ".join(leg.leg.id for leg in without)
        missing = f"{len(without)} of {len(walked)} legs on foot ({names}): {reasons}"
    return Totals(
        length_by_mode_m=by_mode,
        walking_m=total_length(walked),
        is_lower_bound=any(leg.is_lower_bound for leg in walked),
        ascent_m=sum_climbs(climbs).ascent if has_all else None,
        descent_m=sum_climbs(climbs).descent if has_all else None,
        high_m=max(leg.high_m or 0.0 for leg in walked) if has_all else None,
        low_m=min(leg.low_m or 0.0 for leg in walked) if has_all else None,
        high_estimate_m=_highest(walked) if has_all else None,
        gradients=_gradients(walked) if has_all else None,
        effort=total_effort(walked),
        missing=missing,
    )


def total_effort(legs: Sequence[LegStudy]) -> Effort:
    """Sum the walking times of legs on foot; unknown if one is.

    Interval ends add up, because their errors share a cause.
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
    """Sum estimates and the ends of their intervals; no interval if one of them has none."""
    value = sum(part.value for part in parts)
    lows = [part.p10 for part in parts if part.p10 is not None]
    highs = [part.p90 for part in parts if part.p90 is not None]
    if not parts or len(lows) < len(parts) or len(highs) < len(parts):
        return Estimate(value)
    return Estimate(value, sum(lows), sum(highs), "; ".join(dict.fromkeys(part.basis for part in parts)))


def total_length(legs: Sequence[LegStudy]) -> Estimate:
    """Total length of legs; without a range if one is not on foot."""
    models = [leg.length_model for leg in legs if leg.length_model is not None]
    return sum_lengths(models) if len(models) == len(legs) else sum_estimates([leg.length_m for leg in legs])


def _highest(legs: Sequence[LegStudy]) -> Estimate | None:
    """Highest point over legs; None if a leg has no range for its own."""
    found = [leg.high_estimate_m for leg in legs if leg.high_estimate_m is not None]
    return max(found, key=lambda high: high.value) if found and len(found) == len(legs) else None


def _gradients(legs: Sequence[LegStudy]) -> Gradients | None:
    """Gradients of legs together."""
    known = [leg.gradients for leg in legs if leg.gradients is not None]
    return functools.reduce(operator.add, known) if known else None


def _check_cover(name: str, profiles: Sequence[Profile], source: ElevationSource) -> str:
    """Reason for a line to have no climb ("" if there is none). Raises DEMError if the DEM covers only part of it."""
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
        void = np.concatenate([~np.isfinite(profile.raw_m) for profile in profiles])
        return f"the DEM is void at {int(void.sum())} of {void.size} samples"
    return ""
