"""How far off is a modelled line? Least-time paths against trails drawn from OpenStreetMap.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/trace.py

The trails are the long-distance paths of Andorra (gpx/andorra_osm_*.gpx) and the DEM is SRTM 3" (dem/N42E001.hgt.zip).
Each trail is parted into stretches of one length; each is traced between its two ends only, as a leg would be
between two stops. Printed for each distance between stops: how far the trail lies from the modelled line, and trail
over modelled, for length and for ascent, of days of 12 km put together from stretches drawn at random (ascent: of days
that climb 200 m or more, since a ratio of little to nothing says nothing).
"""

import os
import sys
from pathlib import Path

import gpxpy
import numpy as np
import shapely
from shapely import LineString

from routes._typing import FloatArray
from routes.analysis.profile import ProfileParameters, profile_of
from routes.analysis.recipes import HeightSource
from routes.analysis.tracing import trace_positions
from routes.dem.folder import DEMFolder, open_dem
from routes.errors import TraceError
from routes.kernel.geodesy import cumulative_distance_m, metres_per_degree
from routes.kernel.profile import ascent_descent_m

DAY_M = 12_000.0
DAYS = 2000
CLIMB_M = 200.0


def main(data: Path) -> None:
    dem = open_dem(data / "dem" / "N42E001.hgt.zip")
    trails = [trail for file in sorted((data / "gpx").glob("andorra_*.gpx")) for trail in _trails(file)]
    print(
        "| stops every | stretches | offset median | rms | 95 % | length P10 | 50 | 90 | ascent P10 | 50 | 90 |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for stretch_m in (1500.0, 3000.0, 6000.0):
        _row(trails, dem, stretch_m)


def _row(trails: list[FloatArray], dem: DEMFolder, stretch_m: float) -> None:
    offsets: list[FloatArray] = []
    sums: list[tuple[float, float, float, float]] = []
    for true in (part for trail in trails for part in _stretches(trail, stretch_m)):
        try:
            path = trace_positions(true[[0, -1]], dem)
        except TraceError:
            continue
        offsets.append(_offsets_m(true, path))
        sums.append((_length_m(true), _length_m(path), _ascent_m(true, dem), _ascent_m(path, dem)))
    offset = np.concatenate(offsets)
    generator = np.random.default_rng(1)
    draws = generator.integers(len(sums), size=(DAYS, round(DAY_M / stretch_m)))
    days = np.array(sums)[draws].sum(axis=1)
    climbing = days[days[:, 3] >= CLIMB_M]
    figures = [
        *np.percentile(days[:, 0] / days[:, 1], [10, 50, 90]),
        *np.percentile(climbing[:, 2] / climbing[:, 3], [10, 50, 90]),
    ]
    print(
        f"| {stretch_m / 1000:g} km | {len(sums)} | {np.median(offset):.0f} m | {np.sqrt((offset**2).mean()):.0f} m "
        f"| {np.percentile(offset, 95):.0f} m | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |"
    )


def _trails(file: Path) -> list[FloatArray]:
    gpx = gpxpy.parse(file.read_text(encoding="utf-8"))
    segments = [segment for track in gpx.tracks for segment in track.segments if len(segment.points) > 5]
    return [np.array([(point.longitude, point.latitude) for point in segment.points]) for segment in segments]


def _stretches(trail: FloatArray, stretch_m: float) -> list[FloatArray]:
    """Stretches whose ends are a quarter of their length apart or more; a loop has no least-time path."""
    along = cumulative_distance_m(trail[:, 0], trail[:, 1])
    parts = []
    for k in range(int(along[-1] // stretch_m)):
        part = trail[(along >= k * stretch_m) & (along <= (k + 1) * stretch_m)]
        if len(part) > 4 and _length_m(part[[0, -1]]) > 0.25 * stretch_m:
            parts.append(part)
    return parts


def _offsets_m(true: FloatArray, path: FloatArray) -> FloatArray:
    scale = metres_per_degree(float(true[0, 1]))
    line, model = LineString(true * scale), LineString(path * scale)
    points = shapely.line_interpolate_point(line, np.linspace(0.0, line.length, 100))
    return np.asarray(shapely.distance(points, model), dtype=np.float64)


def _length_m(line: FloatArray) -> float:
    return float(cumulative_distance_m(line[:, 0], line[:, 1])[-1])


def _ascent_m(line: FloatArray, dem: DEMFolder) -> float:
    profile = profile_of(line[:, 0], line[:, 1], dem, ProfileParameters(), HeightSource.DEM_OSM)
    return ascent_descent_m(profile.height_m[np.isfinite(profile.height_m)], threshold_m=profile.threshold_m)[
        0
    ]


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]))
