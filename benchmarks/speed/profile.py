"""Time distance and ascent of a million points.

    python benchmarks/speed/profile.py

A million points from arrays to geodesic distance, ascent and descent, against gpxpy's `length_3d` and
`get_uphill_downhill` on its own ready-made objects (making them is not timed). Best of several runs each, in one
process.
"""

import gc
import time
from collections.abc import Callable

import gpxpy.gpx
import numpy as np
from scipy.ndimage import gaussian_filter

from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m

POINTS = 1_000_000
THRESHOLD_M = 5.0


def main() -> None:
    generator = np.random.default_rng(1)
    lon = 8.0 + np.cumsum(generator.normal(4e-6, 8e-6, POINTS))
    lat = 46.0 + np.cumsum(generator.normal(0.0, 8e-6, POINTS))
    slow = np.cumsum(gaussian_filter(generator.standard_normal(POINTS), 200.0))
    height = 2000.0 + slow / np.abs(slow).max() * 1000.0 + generator.normal(0.0, 0.4, POINTS)
    points = [
        gpxpy.gpx.GPXTrackPoint(*point)
        for point in zip(lat.tolist(), lon.tolist(), height.tolist(), strict=True)
    ]
    segment = gpxpy.gpx.GPXTrackSegment(points)
    ours = _best(
        lambda: (cumulative_distance_m(lon, lat)[-1], ascent_descent_m(height, threshold_m=THRESHOLD_M))
    )
    theirs = _best(lambda: (segment.length_3d(), segment.get_uphill_downhill()), 3)
    rows = {
        "ours, geodesic distance": _best(lambda: cumulative_distance_m(lon, lat)),
        "ours, ascent and descent, dead band of 5 m": _best(
            lambda: ascent_descent_m(height, threshold_m=THRESHOLD_M)
        ),
        "ours, both": ours,
        "gpxpy, length_3d": _best(segment.length_3d, 3),
        "gpxpy, get_uphill_downhill": _best(segment.get_uphill_downhill, 3),
        "gpxpy, both": theirs,
    }
    print(f"| {POINTS:,} points | time | over ours, both |")
    print("|---|---:|---:|")
    for name, seconds in rows.items():
        print(f"| {name} | {seconds * 1e3:.0f} ms | {seconds / ours:.1f} |")


def _best(task: Callable[[], object], repeats: int = 11) -> float:
    """Shortest wall time of several runs, seconds, without garbage collection and the first run."""
    task()
    gc.disable()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    gc.enable()
    return min(times)


if __name__ == "__main__":
    main()
