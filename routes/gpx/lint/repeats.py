"""Find lines that a GPX file contains twice: route and track, two tracks, out and back."""

from itertools import combinations

import numpy as np
from scipy.spatial import cKDTree

from routes._typing import FloatArray, IntArray
from routes.gpx.codes import Issues
from routes.gpx.lint.lines import CheckedFile, CheckedRun, CheckedWay
from routes.model.points import Points

SPACING_M = 25.0
"""Point spacing for comparing two lines, metres."""

MAX_SAMPLES = 200_000
"""Most such points per line; longer lines get a wider spacing."""

BESIDE_M = 50.0
"""Largest distance of a route's turning points from a track, metres: routes are drawn along roads, tracks
recorded beside them."""

BESIDE_SHARE = 0.9
"""Smallest share of a route's points within that distance."""

SPAN_SHARE = 0.5
"""Smallest share of the tracks between the first and last of them. A 10.4 km route along a 12.2 km track,
which doubled its distance in apps, has 85 %; a route that only crosses the track has little."""

ALIKE_M = 20.0
"""Distance within which two tracks are the same, metres: two GPS recordings with 10 m error each."""

ALIKE_SHARE = 0.95
"""Smallest share of each within that distance of the other."""

ALIKE_LENGTH = 0.1
"""Largest relative difference of their lengths."""

AGAIN_M = 500.0
"""Shortest track between two visits of one place that are not the same visit, metres: a hairpin returns sooner."""

AGAIN_SHARE = 0.4
"""Share of a track walked twice that is worth a note: out and back has half."""

MAX_TRACKS = 60
"""Most tracks that are compared with one another; 1770 pairs take some seconds."""

_RADIUS_M = 6_371_008.8


def check_repeats(file: CheckedFile, issues: Issues) -> None:
    """Find lines that a file contains twice."""
    for way in repeated_routes(file):
        issues.add("route-repeats-track", way.line, _named(way))
    copies = repeated_runs(file)
    for run in copies:
        issues.add("track-twice", run.line)
    same = {id(run) for run in copies}
    tracks = [way for way in file.tracks if way.size > 1 and not all(id(run) in same for run in way.runs)]
    samples = [_samples(way) for way in tracks[:MAX_TRACKS]]
    for (first, a), (second, b) in combinations(zip(tracks, samples, strict=False), 2):
        if _are_alike(a, b):
            issues.add(
                "track-alike", second.line, f"{_named(second)} and {_named(first)} in line {first.line}"
            )
    for way, sampled in zip(tracks, samples, strict=False):
        share = _share_again(sampled)
        if share >= AGAIN_SHARE:
            issues.add("out-and-back", way.line, f"{100.0 * share:.0f} % of {_named(way)}")


def repeated_routes(file: CheckedFile) -> tuple[CheckedWay, ...]:
    """Routes along the tracks of the same file, or along an earlier route."""
    tracks = [_samples(way) for way in file.tracks if way.size > 1]
    if not tracks:
        return ()
    tree = cKDTree(np.concatenate(tracks))
    total = sum(len(part) for part in tracks)
    found = []
    for way in file.ways:
        if not way.is_route or way.size < 2:
            continue
        away_m, nearest = _nearest(tree, _cartesian_m(way.points), BESIDE_M)
        on_it = np.isfinite(away_m)
        if on_it.mean() < BESIDE_SHARE:
            continue
        of_one = min(len(part) for part in tracks)
        span = int(np.ptp(nearest[on_it])) + 1
        if span >= SPAN_SHARE * (total if len(tracks) == 1 else of_one):
            found.append(way)
    return tuple(found)


def repeated_runs(file: CheckedFile) -> tuple[CheckedRun, ...]:
    """Track segments whose positions equal an earlier segment's, to the last digit."""
    seen: set[tuple[bytes, bytes]] = set()
    found = []
    for way in file.tracks:
        for run in way.runs:
            if len(run) < 2:
                continue
            key = (run.points.lon_deg.tobytes(), run.points.lat_deg.tobytes())
            if key in seen:
                found.append(run)
            seen.add(key)
    return tuple(found)


def _named(way: CheckedWay) -> str:
    return repr(way.name[:40]) if way.name else "a track without a name"


def _cartesian_m(points: Points) -> FloatArray:
    """Positions on a sphere, shape (n, 3), metres, without a seam at 180 degrees or the poles."""
    lon, lat = np.radians(points.lon_deg), np.radians(points.lat_deg)
    return _RADIUS_M * np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def _samples(way: CheckedWay) -> FloatArray:
    """Evenly spaced points along the segments of a track, shape (n, 3), metres."""
    parts = [_spread(_cartesian_m(run.points)) for run in way.runs if len(run)]
    return np.concatenate(parts)


def _spread(points: FloatArray) -> FloatArray:
    step_m = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along = np.concatenate(([0.0], np.cumsum(step_m)))
    if not along[-1] > 0.0:
        return points[:1]
    count = int(np.clip(np.ceil(along[-1] / SPACING_M) + 1, 2, MAX_SAMPLES))
    at = np.linspace(0.0, along[-1], count)
    spread = np.column_stack([np.interp(at, along, points[:, axis]) for axis in range(3)])
    length = np.linalg.norm(spread, axis=1, keepdims=True)
    return np.asarray(spread * (_RADIUS_M / np.maximum(length, 1.0)))


def _are_alike(a: FloatArray, b: FloatArray) -> bool:
    """Whether two lines follow each other in the same direction."""
    if abs(len(a) - len(b)) > ALIKE_LENGTH * max(len(a), len(b)):
        return False
    if np.linalg.norm(a[0] - b[0]) > 10.0 * ALIKE_M and np.linalg.norm(a[-1] - b[-1]) > 10.0 * ALIKE_M:
        return False  # cheap test first; in the opposite direction it is another day
    away_m, nearest = _nearest(cKDTree(a), b, ALIKE_M)
    back_m, _ = _nearest(cKDTree(b), a, ALIKE_M)
    met = np.isfinite(away_m)
    if min(met.mean(), np.isfinite(back_m).mean()) < ALIKE_SHARE:
        return False
    order = nearest[met]
    return bool(np.sum(np.diff(order) > 0) > np.sum(np.diff(order) < 0))


def _nearest(tree: cKDTree, points: FloatArray, within_m: float) -> tuple[FloatArray, IntArray]:
    """Distance of points from the nearest of others (infinite beyond a limit), and its index."""
    away_m, which = tree.query(points, distance_upper_bound=within_m)
    return np.asarray(away_m, dtype=np.float64), np.asarray(which, dtype=np.int64)


def _share_again(points: FloatArray) -> float:
    """Share of a line that is walked at least twice, by cells of twice the spacing."""
    cells = np.floor(points / (2.0 * SPACING_M)).astype(np.int64)
    _, cell = np.unique(cells, axis=0, return_inverse=True)
    cell = cell.ravel()
    index = np.arange(len(points))
    first = np.full(cell.max() + 1, len(points))
    last = np.zeros(cell.max() + 1, dtype=np.int64)
    np.minimum.at(first, cell, index)
    np.maximum.at(last, cell, index)
    again = (last - first) * SPACING_M > AGAIN_M
    return float(again[cell].mean())
