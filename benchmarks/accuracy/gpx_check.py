"""Test a limit of `routes check` on real tracks, and measure its speed.

    ROUTES_TEST_DATA=... python benchmarks/accuracy/gpx_check.py

First table: the longest step of every segment of the real tracks over the 95th percentile of its steps. A jump must be
well above the largest of these ratios (`routes.gpx.lint.positions.JUMP_RATIO`). Second table: processor time of
checking and fixing a walk of 100,000 points with heart rates, compared with parsing it with gpxpy.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import gpxpy
import numpy as np

from routes.gpx.fix.copy import fix_gpx
from routes.gpx.lint.check import check_gpx
from routes.gpx.read.reader import read_gpx
from routes.kernel.geodesy import cumulative_distance_m

POINTS = 100_000


def step_ratios(folder: Path) -> list[float]:
    """Longest step over the 95th percentile, by segment."""
    ratios = []
    for path in sorted((folder / "gpx").glob("*.gpx")):
        for segment in read_gpx(path, is_quiet=True).segments():
            step_m = np.diff(cumulative_distance_m(segment.lon_deg, segment.lat_deg))
            ratios.append(float(step_m.max() / np.percentile(step_m, 95)))
    return ratios


def walk() -> str:
    """GPX as a watch writes it."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="c"'
        ' xmlns:t="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"><trk><name>Walk</name><trkseg>\n'
    )
    rng = np.random.default_rng(1)
    lat = 46.0 + np.cumsum(rng.normal(2e-5, 1e-5, POINTS))
    lon = 8.0 + np.cumsum(rng.normal(0.0, 2e-5, POINTS))
    ele = 1000.0 + np.cumsum(rng.normal(0.0, 0.3, POINTS))
    start = np.datetime64("2024-07-01T05:00:00")
    rows = [
        f'<trkpt lat="{a:.7f}" lon="{o:.7f}"><ele>{e:.1f}</ele><time>{start + i}Z</time><extensions>'
        f"<t:TrackPointExtension><t:hr>{100 + i % 50}</t:hr></t:TrackPointExtension></extensions></trkpt>\n"
        for i, (a, o, e) in enumerate(zip(lat, lon, ele, strict=True))
    ]
    return f"{head}{''.join(rows)}</trkseg></trk></gpx>\n"


def cpu_s(work: Callable[[], object]) -> float:
    """Shortest processor time of three runs, seconds."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    if folder := os.environ.get("ROUTES_TEST_DATA"):
        ratios = step_ratios(Path(folder))
        print(
            f"longest step / P95 of {len(ratios)} segments: median {np.median(ratios):.1f}, largest {max(ratios):.1f}"
        )
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "walk.gpx"
        path.write_text(walk(), encoding="utf-8")
        peer = cpu_s(lambda: gpxpy.parse(path.read_text(encoding="utf-8")))
        size = path.stat().st_size / 1e6
        print(f"{POINTS:,} points, {size:.0f} MB; processor time, and over that of gpxpy's parsing:")
        print(f"  gpxpy.parse  {peer:5.2f} s  1.00")
        for name, work in (("check_gpx", check_gpx), ("fix_gpx", fix_gpx)):
            took = cpu_s(lambda work=work: work(path))  # type: ignore[misc]
            print(f"  {name:11}  {took:5.2f} s  {took / peer:.2f}")


if __name__ == "__main__":
    main()
