"""Time from a GPX of a million points to distance, ascent and highest point on a DEM.

    python benchmarks/speed/whole.py [--points 1000000]     # needs: pip install SRTM.py==0.3.7

The usual script for comparison is gpxpy with SRTM.py, with a 1" tile in its cache and no network. Each runs
in its own process, including imports; the kernel reports seconds and peak memory. gpxpy uses lxml if it is
installed, and is slower with it: both are listed, and the ratio is to the faster. Ours is the best of three.
The answers differ because the methods differ (docs/accuracy.md): SRTM.py rounds down to a cell, and gpxpy
sums nearly every rise. Terrain and line are synthetic (benchmarks/data/archive.py).
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.data.archive import SIDE, SOUTH, STEP_M, WEST, height_m
from routes._typing import FloatArray
from routes.kernel.geodesy import metres_per_degree

OURS = """
import sys
from routes import open_dem, read_gpx
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.kernel.profile import ascent_descent_m

file, dem = read_gpx(sys.argv[1]), open_dem(sys.argv[2])
profiles = [profile_of(s.lon_deg, s.lat_deg, dem, ProfileParameters()) for s in file.segments()]
climbs = [ascent_descent_m(p.height_m, threshold_m=p.threshold_m)[0] for p in profiles]
print(sum(p.distance_m[-1] for p in profiles), sum(climbs), max(p.height_m.max() for p in profiles))
"""

USUAL = """
import os, sys
if "without-lxml" in sys.argv:
    sys.modules["lxml"] = None
import gpxpy, srtm

with open(sys.argv[1]) as file:
    gpx = gpxpy.parse(file)
srtm.get_data(local_cache_dir=os.path.dirname(sys.argv[2])).add_elevations(gpx)
print(gpx.length_2d(), gpx.get_uphill_downhill().uphill, gpx.get_elevation_extremes().maximum)
"""


def main(points: int, folder: Path) -> None:
    if importlib.util.find_spec("srtm") is None:
        sys.exit("SRTM.py is missing: pip install SRTM.py==0.3.7")
    gpx, tile = write_walk(folder, points)
    print(
        f"{points:,} points, {gpx.stat().st_size / 1e6:.0f} MB, one tile of one arc-second; load "
        f"{os.getloadavg()[0]:.1f}\n"
    )
    print("| what | s | CPU s | peak MB | distance km | ascent m | highest m |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    ours = min((run_process("routes", OURS, gpx, tile) for _ in range(3)), key=lambda told: told[0])
    _row("routes", ours)
    usual = [run_process("gpxpy", USUAL, gpx, tile, "without-lxml")]
    _row("gpxpy + SRTM.py, without lxml", usual[0])
    if importlib.util.find_spec("lxml") is not None:
        usual.append(run_process("gpxpy", USUAL, gpx, tile))
        _row("gpxpy + SRTM.py, with lxml", usual[1])
    seconds = min(told[0] for told in usual) / ours[0]
    cpu_s = min(told[1] for told in usual) / ours[1]
    print(f"\nTimes the usual script: {seconds:.1f} by the clock, {cpu_s:.1f} by the processor.")
    print(f"Our peak memory: {ours[2]:.0f} MB.")


def write_walk(folder: Path, points: int) -> tuple[Path, Path]:
    """Write the GPX of one walk and the DEM tile that it crosses.

    A separate process writes them: Linux counts what the parent holds at the fork in a child's peak memory.
    """
    gpx, tile = folder / "walk.gpx", folder / f"N{SOUTH:02d}E{WEST:03d}.hgt"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(_write, gpx, tile, points).result()
    return gpx, tile


def _write(gpx: Path, tile: Path, points: int) -> None:
    axis = np.arange(SIDE + 1) / SIDE
    cells = [height_m(*np.meshgrid(WEST + axis, SOUTH + 1.0 - rows)) for rows in np.array_split(axis, 10)]
    tile.write_bytes(np.concatenate(cells).round().astype(">i2").tobytes())
    generator = np.random.default_rng(5)
    azimuth = np.cumsum(generator.normal(0.0, 0.02, points))
    step_m = 0.15 * STEP_M
    lon_m, lat_m = metres_per_degree(SOUTH + 0.5)
    east = _folded(np.cumsum(step_m * np.sin(azimuth)), 0.3 * lon_m)
    north = _folded(np.cumsum(step_m * np.cos(azimuth)), 0.4 * lat_m)
    lon, lat = WEST + 0.5 + east / lon_m, SOUTH + 0.5 + north / lat_m
    seconds = np.datetime_as_string(np.datetime64("2024-06-01T06:00:00") + np.arange(points)).tolist()
    rows = zip(lat.tolist(), lon.tolist(), height_m(lon, lat).tolist(), seconds, strict=True)
    with gpx.open("w", encoding="utf-8") as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="synthetic" '
            'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Walk</name><trkseg>\n'
        )
        out.writelines(
            f'<trkpt lat="{y:.7f}" lon="{x:.7f}"><ele>{z:.1f}</ele><time>{t}Z</time></trkpt>\n'
            for y, x, z, t in rows
        )
        out.write("</trkseg></trk></gpx>\n")


def _folded(metres: FloatArray, half: float) -> FloatArray:
    """Positions of a walk that turns back at both ends of a range."""
    return np.asarray(np.abs((metres + half) % (4.0 * half) - 2.0 * half) - half, dtype=np.float64)


def run_process(name: str, code: str, gpx: Path, tile: Path, *more: str) -> tuple[float, float, float, str]:
    """Wall seconds, CPU seconds, peak megabytes, and output."""
    begun = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(gpx), str(tile), *more], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    printed = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{name} failed.")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / _KILO, printed


_KILO = 1e6 if sys.platform == "darwin" else 1e3
"""Units of `ru_maxrss` per megabyte."""


def _row(name: str, told: tuple[float, float, float, str]) -> None:
    distance, ascent, high = map(float, told[3].split())
    print(
        f"| {name} | {told[0]:.2f} | {told[1]:.2f} | {told[2]:.0f} | {distance / 1000.0:.1f} | {ascent:.0f} "
        f"| {high:.0f} |",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--points", type=int, default=1_000_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(given.points, Path(temporary))
