"""Time of distance and ascent of a million points, and of the interval of a day.

    python benchmarks/speed/profile.py

Takes a million points from arrays to geodesic distance, ascent and descent, against gpxpy's `length_3d` and
`get_uphill_downhill` on its own ready-made objects. Then runs 200 Monte Carlo simulations of a 30 km day on a
30 m DEM in memory. Each time is the best of several runs in one process.
"""

import gc
import time
from collections.abc import Callable

import gpxpy.gpx
import numpy as np
from scipy.ndimage import gaussian_filter

from benchmarks.accuracy.ascent_days import MemoryDEM
from routes.analysis.figures.monte_carlo import draw_runs
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.dem.products import GLO30
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.model.grid import Grid

POINTS = 1_000_000
THRESHOLD_M = 5.0
DAY_M = 30_000.0


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
    _day()


def _day() -> None:
    parameters = ProfileParameters()
    side = 1200
    relief = gaussian_filter(np.random.default_rng(2).normal(size=(side, side)), 25.0) * 25_000.0
    step = 1.0 / 3600.0
    dem = MemoryDEM(Grid(2000.0 + relief, 86.0, 28.2, step, step, GLO30))
    along = np.linspace(0.0, 1.0, 400)
    lon, lat = 86.02 + 0.29 * along, 28.02 + 0.06 * along + 0.004 * np.sin(20.0 * along)
    scale = DAY_M / cumulative_distance_m(lon, lat)[-1]
    lon, lat = 86.02 + (lon - 86.02) * scale, 28.02 + (lat - 28.02) * scale
    profile = profile_of(lon, lat, dem, parameters)
    seconds = _best(
        lambda: draw_runs(profile, dem, parameters, lateral_m=10.0, generator=np.random.default_rng(3))
    )
    print(
        f"\n{parameters.runs} runs over {profile.distance_m[-1] / 1000:.1f} km, {profile.distance_m.size} samples "
        f"each, 30 m DEM in memory: {seconds:.2f} s."
    )


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
