"""Check lines of a GPX file for jumps, spikes, standstills, duplicates, stray positions."""

from itertools import pairwise

import numpy as np

from routes._typing import BoolArray, FloatArray
from routes.gpx.codes import MAX_LINES, Issues
from routes.gpx.lint.lines import CheckedFile, CheckedRun, CheckedWay
from routes.kernel.cleaning import is_spike, is_standstill, runs_of
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.model.points import Points

JUMP_M = 500.0
"""Shortest jump, metres: half an hour's unrecorded walk uphill."""

JUMP_RATIO = 20.0
"""Shortest jump, as a multiple of the 95th percentile of its segment's steps. The longest step of 19 good
segments, recorded and drawn, is at most 5 times that percentile (`benchmarks/accuracy/gpx_check.py`)."""

JUMP_POINTS = 20
"""Fewest points for a meaningful percentile."""

GAP_M = 100.0
"""Shortest gap between two segments that is worth a note, metres: when GPS is lost and found again, it is shorter."""

NULL_ISLAND_M = 100_000.0
"""Distance of 0, 0 from all other points that makes it a false position, metres."""

COARSE_DECIMALS = 4
"""Too few decimals: 0.0001 degrees are 11 m, more than GPS error in the open."""

FINE_DECIMALS = 10
"""Decimals that carry no information: FIT files have steps of 8.4e-8 degrees, and 1e-10 is 0.01 mm."""

FEW_POINTS = 10
"""Fewest points that show a coarse grid."""


def check_lines(file: CheckedFile, issues: Issues) -> None:
    """Find what is odd about the positions of a file."""
    for way in file.ways:
        if not way.is_route:
            for run in way.runs:
                _check_run(run, issues)
            _check_gaps(way, issues)
    _check_counts(file, issues)
    _check_null_island(file, issues)
    _check_decimals(file, issues)
    _check_swapped_waypoints(file, issues)


def add_points(issues: Issues, code: str, run: CheckedRun, mask: BoolArray, detail: str = "") -> None:
    """Record a finding for every marked point."""
    found = np.flatnonzero(mask)
    for index in found[:MAX_LINES]:
        issues.add(code, int(run.lines[index]), detail)
    if found.size > MAX_LINES:
        issues.add(code, None, detail, int(found.size) - MAX_LINES)


def _check_run(run: CheckedRun, issues: Issues) -> None:
    if len(run) < 2:
        return
    points = run.points
    spikes = spikes_of(points)
    step_m = np.diff(cumulative_distance_m(points.lon_deg, points.lat_deg))
    if len(run) >= JUMP_POINTS:
        limit_m = max(JUMP_M, JUMP_RATIO * float(np.percentile(step_m, 95)))
        jumps = np.concatenate(([False], step_m > limit_m)) & ~_beside(spikes)
        if jumps.any():
            first_m = float(step_m[jumps[1:]][0])
            add_points(issues, "gap-in-segment", run, jumps, f"{first_m / 1000.0:.1f} km")
    add_points(issues, "spike", run, spikes)
    for cluster in runs_of(is_standstill(points.lon_deg, points.lat_deg)):
        issues.add("standstill", int(run.lines[cluster.start]), f"{cluster.stop - cluster.start} points")
    add_points(issues, "point-repeated", run, is_repeated(points))


def spikes_of(points: Points) -> BoolArray:
    """Points of a segment far away from their neighbours."""
    return is_spike(points.lon_deg, points.lat_deg)


def is_repeated(points: Points) -> BoolArray:
    """Points that repeat the previous one: same position, height and time."""
    same = np.ones(max(len(points) - 1, 0), dtype=np.bool_)
    for values in (points.lon_deg, points.lat_deg, points.height_m, points.time_s):
        same &= (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    return np.concatenate((np.zeros(min(len(points), 1), dtype=np.bool_), same))


def _beside(mask: BoolArray) -> BoolArray:
    """Marked points and those after them: steps to and from a spike are already reported as jumps."""
    return mask | np.concatenate(([False], mask[:-1]))


def _check_gaps(way: CheckedWay, issues: Issues) -> None:
    for before, after in pairwise(run for run in way.runs if len(run)):
        end, start = before.points[-1:], after.points[:1]
        gap_m = float(distance_m(end.lon_deg, end.lat_deg, start.lon_deg, start.lat_deg)[0])
        if gap_m > GAP_M:
            issues.add("gap-between-segments", after.line, f"{gap_m / 1000.0:.1f} km")


def _check_counts(file: CheckedFile, issues: Issues) -> None:
    for way in file.ways:
        for run in way.runs:
            if not len(run):
                issues.add("segment-empty", run.line)
            elif len(run) == 1 and not way.is_route:
                issues.add("one-point", run.line)
        if not way.runs:
            issues.add("segment-empty", way.line)
    if not file.ways and not file.waypoints:
        issues.add("nothing")


def is_null_island(points: Points) -> BoolArray:
    """Positions of exactly 0, 0."""
    return np.asarray((points.lon_deg == 0.0) & (points.lat_deg == 0.0))


def has_null_island(file: CheckedFile) -> bool:
    """Whether positions of 0, 0 are far from all others."""
    waypoints = Points(np.array([w.lon for w in file.waypoints]), np.array([w.lat for w in file.waypoints]))
    points = Points.joined([*(way.points for way in file.ways), waypoints])
    null = is_null_island(points)
    if not null.any() or null.all():
        return False
    middle = [np.median(points.lon_deg[~null])], [np.median(points.lat_deg[~null])]
    return bool(distance_m([0.0], [0.0], *middle)[0] > NULL_ISLAND_M)


def _check_null_island(file: CheckedFile, issues: Issues) -> None:
    if not has_null_island(file):
        return
    for way in file.ways:
        for run in way.runs:
            add_points(issues, "null-island", run, is_null_island(run.points))
    for waypoint in file.waypoints:
        if waypoint.lon == 0.0 and waypoint.lat == 0.0:
            issues.add("null-island", waypoint.line)


def _check_decimals(file: CheckedFile, issues: Issues) -> None:
    if file.n_points < FEW_POINTS:
        return
    if file.decimals <= COARSE_DECIMALS:
        grid_m = 111_195.0 * 10.0**-file.decimals
        issues.add("coarse-positions", None, f"{file.decimals} decimals are steps of {grid_m:,.0f} m")
    elif file.decimals > FINE_DECIMALS:
        issues.add("many-decimals", None, f"{file.decimals}")


def _check_swapped_waypoints(file: CheckedFile, issues: Issues) -> None:
    """Find waypoints that are within the tracks only if latitude and longitude are swapped."""
    points = Points.joined([way.points for way in file.ways])
    if not len(points):
        return
    lon, lat = points.lon_deg, points.lat_deg
    margin = 0.1  # degrees: a waypoint is near the route
    for point in file.waypoints:
        is_there = _inside(point.lon, lon, margin) and _inside(point.lat, lat, margin)
        would_be = _inside(point.lat, lon, margin) and _inside(point.lon, lat, margin)
        if would_be and not is_there:
            issues.add("maybe-swapped", point.line, repr(point.name[:40]))


def _inside(value: float, values: FloatArray, margin: float) -> bool:
    return bool(values.min() - margin <= value <= values.max() + margin)
