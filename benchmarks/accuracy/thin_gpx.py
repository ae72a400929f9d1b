"""Measure what thinning a GPX track costs: length and climb as apps compute them.

    ROUTES_TEST_DATA=FOLDER python benchmarks/accuracy/thin_gpx.py

Lines: the days of the John Muir sample as written. With the folder that docs/data.md describes, also the trails in
Andorra with SRTM heights, the day routes in Khumbu, and those routes as a watch would record them, one point per
second (generated: 1.2 m/s; noise of 2.5 m correlated over a minute and 0.2 m per fix, 30 % of that in height). For
each pair of tolerances it prints the points kept, and the worst loss of length and of the plain sum of climbs on any
day or piece with more than 3 km and 100 m of climb.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.signal import lfilter

import routes
from routes._typing import FloatArray
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.heights.source import ElevationSource
from routes.dem.folder import open_dem
from routes.gpx.read.reader import read_gpx
from routes.kernel.geodesy import cumulative_distance_m, resample
from routes.kernel.profile import ascent_descent_m
from routes.kernel.thinning import thinned

HORIZONTAL_M = (0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
VERTICAL_M = (0.25, 0.5, 1.0, 2.0, 5.0)
SPEED_M_S = 1.2

_Points: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]


def main() -> None:
    for name, lines in _lines().items():
        days = [line for line in lines if _length_m(line) > 3000.0 and _rises_m(line) > 100.0]
        count = sum(line[0].size for line in days)
        print(f"\n{name}: {len(days)} pieces, {count:,} points\n")
        print("| horizontal | vertical | points kept | length lost, worst | sum of rises lost, worst |")
        print("|---:|---:|---:|---:|---:|")
        for horizontal_m in HORIZONTAL_M:
            for vertical_m in VERTICAL_M:
                _row(days, count, horizontal_m, vertical_m)


def _row(days: list[_Points], count: int, horizontal_m: float, vertical_m: float) -> None:
    kept = 0
    length_lost, rises_lost = [], []
    for lon, lat, ele in days:
        index = thinned(lon, lat, ele, horizontal_m=horizontal_m, vertical_m=vertical_m)
        thin = lon[index], lat[index], ele[index]
        kept += index.size
        length_lost.append(1.0 - _length_m(thin) / _length_m((lon, lat, ele)))
        rises_lost.append(1.0 - _rises_m(thin) / _rises_m((lon, lat, ele)))
    print(
        f"| {horizontal_m:g} m | {vertical_m:g} m | {kept / count:.0%} | {max(length_lost):.2%} |"
        f" {max(rises_lost):.2%} |"
    )


def _lines() -> dict[str, list[_Points]]:
    study = routes.study_file(Path("data/treks/john-muir.toml"), offline=True)
    muir = [
        _written(
            run.whole.lon_deg, run.whole.lat_deg, profile.distance_m, profile.height_m, profile.spacing_m
        )
        for leg in study.default.legs
        for run, profile in zip(leg.line.unbroken(), leg.profiles, strict=False)
    ]
    found = {"John Muir sample, modelled lines": muir}
    folder = os.environ.get("ROUTES_TEST_DATA")
    if folder:
        gpx = Path(folder) / "gpx"
        source = open_dem(Path(folder) / "dem")
        found["Andorra, OpenStreetMap"] = [
            line for path in sorted(gpx.glob("andorra_osm_*.gpx")) for line in _sampled(path, source)
        ]
        khumbu = [
            (segment.lon_deg, segment.lat_deg, segment.ele_m)
            for segment in read_gpx(gpx / "khumbu_day_wise_routes.gpx").segments()
            if segment.ele_m is not None and np.isfinite(segment.ele_m).all()
        ]
        found["Khumbu, day routes"] = khumbu
        found["Khumbu, a point a second"] = [_recorded(*line, seed) for seed, line in enumerate(khumbu)]
    return found


def _sampled(path: Path, source: ElevationSource) -> Iterator[_Points]:
    for segment in read_gpx(path).segments():
        profile = profile_of(segment.lon_deg, segment.lat_deg, source, ProfileParameters())
        if profile.is_complete:
            yield _written(
                segment.lon_deg, segment.lat_deg, profile.distance_m, profile.height_m, profile.spacing_m
            )


def _written(
    lon: FloatArray, lat: FloatArray, distance_m: FloatArray, height_m: FloatArray, spacing_m: float
) -> _Points:
    """Points before the writer thins them: the line's own vertices and those of the profile."""
    lon, lat, along, _ = resample(lon, lat, spacing_m=spacing_m, keep_vertices=True)
    return lon, lat, np.round(np.interp(along, distance_m, height_m), 1)


def _recorded(lon: FloatArray, lat: FloatArray, ele: FloatArray, seed: int) -> _Points:
    along = cumulative_distance_m(lon, lat)
    moves = np.append(True, np.diff(along) > 0.0)
    lon1, lat1, at, _ = resample(lon, lat, spacing_m=SPEED_M_S)
    generator = np.random.default_rng(seed)
    keep = np.exp(-1.0 / 60.0)
    noise = generator.normal(0.0, 2.5 * np.sqrt(1.0 - keep**2), (3, at.size))
    slow = lfilter([1.0], [1.0, -keep], noise, axis=1) + generator.normal(0.0, 0.2, (3, at.size))
    metre = 180.0 / np.pi / 6_371_009.0
    height = np.interp(at, along[moves], ele[moves])
    return (
        lon1 + slow[0] * metre / np.cos(np.radians(lat1)),
        lat1 + slow[1] * metre,
        np.round(height + 0.3 * slow[2], 1),
    )


def _length_m(line: _Points) -> float:
    return float(cumulative_distance_m(line[0], line[1])[-1])


def _rises_m(line: _Points) -> float:
    return ascent_descent_m(line[2], threshold_m=0.0)[0]


if __name__ == "__main__":
    main()
