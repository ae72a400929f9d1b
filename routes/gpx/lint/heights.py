"""Check the heights and times of a GPX file."""

import numpy as np

from routes._typing import BoolArray, FloatArray
from routes.gpx.codes import MAX_LINES, Issues
from routes.gpx.lint.lines import CheckedFile, CheckedRun, CheckedWay
from routes.gpx.lint.positions import add_points
from routes.kernel.geodesy import cumulative_distance_m
from routes.model.points import Points

LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""Range of land heights: the Dead Sea shore is at -440 m, Everest at 8849 m."""

VOID_CODES = (-32768.0, -32767.0, 32767.0, 65535.0, -9999.0, -99999.0)
"""Void markers of DEMs."""

ZERO_M = 50.0
"""Neighbouring height from which a height of 0 counts as missing, metres: the sea is not that near."""

SPIKE_M = 50.0
"""Smallest jump up or down and back, metres."""

SPIKE_GRADIENT = 1.5
"""Smallest gradient on both sides of it: 56 degrees, too steep to walk both up and down."""

GPS_EPOCH_S = 315_964_800.0
"""1980-01-06, the start of GPS time: no receiver reports an earlier time."""


def check_heights(file: CheckedFile, issues: Issues) -> None:
    """Find missing, absurd and jumping track heights."""
    tracks = [way for way in file.tracks if way.size]
    if not tracks:
        return
    known = Points.joined([way.points for way in tracks]).height_m
    has_height = np.isfinite(known)
    if not has_height.any():
        issues.add("ele-missing")
        return
    if not has_height.all():
        _add_gaps(tracks, issues)
    if known.size > 1 and not known[has_height].any():
        issues.add("ele-all-zero", int(tracks[0].lines[0]), "", int(has_height.sum()))
        return
    for way in tracks:
        for run in way.runs:
            _check_run(run, issues)


def check_times(file: CheckedFile, issues: Issues) -> None:
    """Find track times that run backwards or are impossible."""
    for way in file.tracks:
        for run in way.runs:
            time_s = run.points.time_s
            known = np.flatnonzero(np.isfinite(time_s))
            backwards = np.zeros(len(run), dtype=np.bool_)
            backwards[known[1:][np.diff(time_s[known]) < 0.0]] = True
            add_points(issues, "time-order", run, backwards)
            add_points(issues, "time-absurd", run, time_s < GPS_EPOCH_S)


def _add_gaps(tracks: list[CheckedWay], issues: Issues) -> None:
    total = missing = 0
    for way in tracks:
        gaps = np.flatnonzero(~np.isfinite(way.points.height_m))
        total += way.size
        missing += gaps.size
    detail = f"{missing:,} of {total:,}"
    for way in tracks:
        gaps = np.flatnonzero(~np.isfinite(way.points.height_m))
        for index in gaps[:MAX_LINES]:
            issues.add("ele-gaps", int(way.lines[index]), detail)
        if gaps.size > MAX_LINES:
            issues.add("ele-gaps", None, detail, int(gaps.size) - MAX_LINES)


def _check_run(run: CheckedRun, issues: Issues) -> None:
    if not len(run):
        return
    ele = run.points.height_m
    void = np.isin(ele, VOID_CODES)
    absurd = ((ele < LOWEST_M) | (ele > HIGHEST_M)) & ~void
    zero = is_missing_zero(ele)
    if void.any():
        add_points(issues, "ele-void", run, void, f"{ele[void][0]:.0f}")
    if absurd.any():
        add_points(issues, "ele-absurd", run, absurd, f"{ele[absurd][0]:.0f} m")
    add_points(issues, "ele-zero", run, zero)
    good = np.flatnonzero(np.isfinite(ele) & ~void & ~absurd & ~zero)
    spike = np.zeros(len(run), dtype=np.bool_)
    spike[good] = _jumps(run.points[good])
    add_points(issues, "ele-spike", run, spike)


def is_missing_zero(ele_m: FloatArray) -> BoolArray:
    """Heights of exactly 0 that mean unknown, because the nearest known ones are far above or below.

    >>> is_missing_zero(np.array([1200.0, 0.0, 0.0, 1210.0, 3.0, 0.0, 2.0])).tolist()
    [False, True, True, False, False, False, False]
    """
    zero = ele_m == 0.0
    other = np.flatnonzero(np.isfinite(ele_m) & ~zero)
    if not zero.any() or not other.size:
        return np.zeros(ele_m.size, dtype=np.bool_)
    at = np.flatnonzero(zero)
    place = np.searchsorted(other, at)
    before = np.abs(ele_m[other[np.maximum(place - 1, 0)]])
    after = np.abs(ele_m[other[np.minimum(place, other.size - 1)]])
    missing = np.zeros(ele_m.size, dtype=np.bool_)
    missing[at[np.minimum(before, after) > ZERO_M]] = True
    return missing


def _jumps(kept: Points) -> BoolArray:
    """Heights that jump up or down and back."""
    jump = np.zeros(len(kept), dtype=np.bool_)
    if len(kept) < 3:
        return jump
    step_m = np.maximum(np.diff(cumulative_distance_m(kept.lon_deg, kept.lat_deg)), 0.1)
    rise_m = np.diff(kept.height_m)
    steep = (np.abs(rise_m) >= SPIKE_M) & (np.abs(rise_m) >= SPIKE_GRADIENT * step_m)
    jump[1:-1] = steep[:-1] & steep[1:] & (np.sign(rise_m[:-1]) != np.sign(rise_m[1:]))
    return jump
