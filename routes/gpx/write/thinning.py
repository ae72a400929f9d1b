"""Reduce the points of a track to what apps show, or what a device can hold."""

import bisect
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from routes.errors import OutputError
from routes.gpx.write.document import GPXTrack
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.kernel.thinning import thinned
from routes.model.track import Segment
from routes.model.units import Units

TOLERANCE_M = 1.0
"""Default horizontal tolerance, metres: the largest in benchmarks/accuracy/thin_gpx.py that costs at most 0.3
% of length and 0.4 % of climb on lines without GPS noise, with half of it for heights. The limits below cover
other lines."""

VERTICAL_SHARE = 0.5
"""Vertical tolerance as a share of the horizontal one, from the same tables."""

MAX_LENGTH_LOSS = 0.001
"""Largest share of a track's length that thinning may cost unless a number of points is set: a sixth of the
error of apps that measure on a sphere."""

MAX_RISE_LOSS = 0.01
"""Largest share of the plain sum of rises that it may cost, likewise."""

_FINEST_M = 0.1
"""Smallest distance that positions with six decimals resolve, metres."""

_LADDER_M = [
    round(10.0 ** (step / 24) * 10.0**power, 1 - power) for power in range(-1, 8) for step in range(24)
]
"""Tolerances tried for a number of points, metres: two digits each, up to more than half of the Earth's
circumference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinning:
    """How many points of a track are written."""

    tolerance_m: float = TOLERANCE_M
    """Largest horizontal distance, and twice the largest height difference, of removed points, metres; 0 keeps all."""

    max_points: int | None = None
    """Most points of a track; the tolerance grows until they suffice."""


DEFAULT_THINNING = Thinning()
"""Removes nothing that any app shows."""


def thin_track(
    track: GPXTrack, thinning: Thinning = DEFAULT_THINNING, units: Units = Units.METRIC
) -> GPXTrack:
    """Track with fewer points, whose description says how many were removed and within which tolerance.

    Without `max_points` the tolerance is halved until the track loses at most `MAX_LENGTH_LOSS` of its length
    and `MAX_RISE_LOSS` of its plain sum of rises. Raises OutputError if `max_points` cannot hold the ends of
    every segment.
    """
    total = _count(track.segments)
    # heights as written count
    full = tuple(
        replace(segment, ele_m=None if segment.ele_m is None else np.round(segment.ele_m, 1))
        for segment in track.segments
    )
    tolerance, thin = _within_limits(full, thinning.tolerance_m)
    if thinning.max_points is not None and _count(thin) > thinning.max_points:
        tolerance, thin = _within_points(track.name, full, thinning.max_points, max(tolerance, _FINEST_M))
    if _count(thin) == total:
        return replace(track, segments=full)
    has_ele = all(segment.ele_m is not None for segment in full)
    note = (
        f"Simplified to {_count(thin):,} of {total:,} points: those left out lie within {units.size(tolerance)} of the "
        f"line"
    )
    if has_ele:
        note += f" and {units.size(tolerance * VERTICAL_SHARE)} of its heights"
    losses = [f"{_percent(_loss(_length_m, full, thin))} of its length"]
    if has_ele:
        losses.append(f"{_percent(_loss(_rises_m, full, thin))} of its sum of rises")
    note += f"; that costs {' and '.join(losses)}."
    return replace(track, segments=thin, desc=f"{track.desc} {note}".strip())


def _within_limits(full: tuple[Segment, ...], tolerance_m: float) -> tuple[float, tuple[Segment, ...]]:
    """Tolerance at which little length and climb are lost, and the remaining points."""
    while tolerance_m >= _FINEST_M:
        thin = _thin(full, tolerance_m)
        if _loss(_length_m, full, thin) <= MAX_LENGTH_LOSS and _loss(_rises_m, full, thin) <= MAX_RISE_LOSS:
            return tolerance_m, thin
        tolerance_m *= 0.5
    return 0.0, full


def _within_points(
    name: str, full: tuple[Segment, ...], max_points: int, least_m: float
) -> tuple[float, tuple[Segment, ...]]:
    """Smallest tolerance that leaves at most the wanted number of points, and those points."""
    needed = 2 * len(full)
    if max_points < needed:
        msg = (
            f"{name}: {max_points} points are too few, its {len(full)} segments need {needed} for their ends."
        )
        raise OutputError(msg)
    ladder = [tolerance for tolerance in _LADDER_M if tolerance >= least_m]
    # mostly, a larger tolerance leaves fewer points; whatever is found fits in any case
    found = bisect.bisect_left(
        ladder, x=True, key=lambda tolerance: _count(_thin(full, tolerance)) <= max_points
    )
    return ladder[found], _thin(full, ladder[found])


def _thin(full: tuple[Segment, ...], tolerance_m: float) -> tuple[Segment, ...]:
    out = []
    for segment in full:
        kept = thinned(
            segment.lon_deg,
            segment.lat_deg,
            segment.ele_m,
            horizontal_m=tolerance_m,
            vertical_m=tolerance_m * VERTICAL_SHARE,
        )
        ele = None if segment.ele_m is None else segment.ele_m[kept]
        out.append(replace(segment, lon_deg=segment.lon_deg[kept], lat_deg=segment.lat_deg[kept], ele_m=ele))
    return tuple(out)


def _count(segments: tuple[Segment, ...]) -> int:
    return sum(segment.lon_deg.size for segment in segments)


def _length_m(segment: Segment) -> float:
    return float(cumulative_distance_m(segment.lon_deg, segment.lat_deg)[-1])


def _rises_m(segment: Segment) -> float:
    return 0.0 if segment.ele_m is None else ascent_descent_m(segment.ele_m, threshold_m=0.0)[0]


def _percent(share: float) -> str:
    return "less than 0.1 %" if share < 0.001 else f"{100.0 * share:.1f} %"


def _loss(measure: Callable[[Segment], float], full: tuple[Segment, ...], thin: tuple[Segment, ...]) -> float:
    """Share of a sum over segments that thinning costs; 0 if the sum is 0."""
    whole = sum(measure(segment) for segment in full)
    return 1.0 - sum(measure(segment) for segment in thin) / whole if whole > 0.0 else 0.0
