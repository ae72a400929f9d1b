"""How good verdicts are: all tables of docs/accuracy.md on them, in some five minutes.

Saddles found, k of the slope term, sub-cell refinement, summits, passes between villages, planted errors, true
statements, speed.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/validate.py
    ROUTES_TEST_DATA=... python benchmarks/accuracy/validate.py --terrains 20    # fewer random terrains, for a look

Three of the tables have scripts of their own: validate_between.py, validate_errors.py, validate_calibration.py.

The passes are those with a height in OpenStreetMap in Andorra (an unselected set; Coll d'Ordino is Col d'Ordino once
more), the DEM is SRTM 3". The error of the DEM at a pass is taken as normal with variance (LE90/1.645)² + (k · spacing
· tan slope)² + u(datum)²; k is the value of greatest likelihood, and every pass is judged with the k of the others.
"""

import argparse
import csv
import os
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import zoom
from scipy.optimize import minimize_scalar

from benchmarks.accuracy import validate_between, validate_calibration, validate_errors
from routes._typing import FloatArray
from routes.analysis.figures.high_points import REACH_M
from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import SLOPE_K, DEMHeight, dem_at
from routes.analysis.passes.saddles import MIN_DEPTH_M, PassStudy, min_rise_m, study_pass
from routes.analysis.tracing.terrain import cell_size_m
from routes.analysis.verdicts.heights import check_place
from routes.dem.folder import open_dem
from routes.kernel.saddle import Saddles, find_saddles
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine, sigma_from_le90, sigma_from_rounding
from routes.model.figures import Quantity, StatedFigure
from routes.model.grid import Grid
from routes.model.kinds import PlaceKind
from routes.model.trek import Place

NEAR_M = 130.0
"""Distance within which a saddle counts as found: about the diagonal of a 3" cell at 42.5° N."""

POSITION_M = 20.0
"""Uncertainty (95 %) taken for a position in OpenStreetMap, metres."""

_DOWN, _RIGHT = (index.ravel() - 1.0 for index in np.mgrid[:3, :3])
_QUADRATIC = np.linalg.pinv(np.column_stack([np.ones(9), _DOWN, _RIGHT, _DOWN**2, _DOWN * _RIGHT, _RIGHT**2]))


@dataclass(frozen=True)
class Pass:
    """A pass of the set with what is found there."""

    place: Place
    stated_m: float
    study: PassStudy
    estimate_m: float
    coordinate_m: float
    spread: tuple[float, float]
    """Spacing times tangent of the slope at the estimate and at the coordinate, metres."""


def main(data: Path, terrains: int) -> None:
    dem = open_dem(data / "dem" / "N42E001.hgt.zip")
    passes = [look(place, stated, dem) for place, stated in andorra(data)]
    k_of(passes, dem)
    least_rise(passes, dem)
    refinement(passes, dem, open_dem(data / "dem" / "sierra_srtmgl3.tif"))
    speed(passes, dem)
    summits(data, dem)
    print("\nPasses that only two villages tell\n")
    validate_between.main(data)
    print("\nPlanted errors, and a thousand places\n")
    validate_errors.main(data)
    print("\nTrue statements\n")
    validate_calibration.main(terrains)


def andorra(data: Path) -> list[tuple[Place, float]]:
    with (data / "places" / "andorra_osm_peaks_passes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "pass" and row["stated_m"]]
    found = []
    for row in rows:
        if row["name"] == "Coll d'Ordino":
            continue
        figure = StatedFigure(
            quantity=Quantity.ELEVATION, value=f"{row['stated_m']} m", source="OpenStreetMap", rounding=1.0
        )
        place = Place(
            id="pass", name=row["name"], kind=PlaceKind.PASS, lon=float(row["lon"]), lat=float(row["lat"]),
            position_uncertainty_m=POSITION_M, position_source="OpenStreetMap", stated=(figure,),
        )  # fmt: skip
        found.append((place, float(row["stated_m"])))
    return found


def known(at: DEMHeight | None) -> DEMHeight:
    if at is None:
        sys.exit("The DEM does not cover the passes.")
    return at


def look(place: Place, stated_m: float, dem: ElevationSource) -> Pass:
    study = study_pass(place, dem)
    here = known(dem_at(place.lon, place.lat, dem))
    best = here
    if study.candidates:
        best = known(dem_at(study.candidates[0].lon, study.candidates[0].lat, dem))
    spreads = best.spacing_m * best.slope_tangent, here.spacing_m * here.slope_tangent
    return Pass(place, stated_m, study, best.height_m, here.height_m, spreads)


def k_of(passes: list[Pass], dem: ElevationSource) -> None:
    sigma = combine(sigma_from_le90(dem.products[0].le90_m), U_DATUM_M)
    for which, (name, estimates) in enumerate((
        ("saddle where one may be meant, else coordinate", [p.estimate_m for p in passes]),
        ("coordinate", [p.coordinate_m for p in passes]),
    )):  # fmt: skip
        error = np.array([p.stated_m for p in passes]) - np.array(estimates)
        spread = np.array([p.spread[which] for p in passes])
        left_out = np.array(
            [fit(np.delete(error, i), np.delete(spread, i), sigma) for i in range(error.size)]
        )
        u = np.sqrt(sigma**2 + (left_out * spread) ** 2 + sigma_from_rounding(1.0) ** 2)
        ratio = np.abs(error) / u
        print(f"\nEstimate: {name}")
        print(f"stated minus estimate: mean {error.mean():+.1f} m, sd {error.std(ddof=1):.1f} m")
        print(
            f"k {fit(error, spread, sigma):.2f}; leaving one out {left_out.min():.2f} to {left_out.max():.2f}"
        )
        agree, differ = int((ratio <= Z90).sum()), int((ratio > 3.0).sum())
        print(f"with k of the others: {agree} of {error.size} agree, {differ} differ")
        bare = int((np.abs(error) <= Z90 * sigma).sum())
        print(f"without the slope term {bare} agree")
        if which == 0:
            table(passes, error, u)
    found = [p for p in passes if p.study.saddles and p.study.saddles[0].distance_m <= NEAR_M]
    print(f"\nsaddle within {NEAR_M:.0f} m: {len(found)} of {len(passes)}")
    verdicts = [finding.verdict.value for p in passes for finding in check_place(p.place, dem)]
    counts = {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}
    print(f"verdicts of the package (k = {SLOPE_K}): {counts}")


def table(passes: list[Pass], error: FloatArray, u: FloatArray) -> None:
    print(
        "\n| pass | stated | coordinate | nearest saddle | away | sides fall | estimate | stated less estimate | in u |"
    )
    print("|---|---:|---:|---:|---:|---:|---|---:|---:|")
    for p, off, sigma in zip(passes, error, u, strict=True):
        nearest = p.study.saddles[0] if p.study.saddles else None
        saddle = "none | - | -"
        if nearest is not None:
            falls = " and ".join(f"{depth:.0f}" for depth in nearest.depths_m)
            saddle = f"{nearest.height_m:.0f} m | {nearest.distance_m:.0f} m | {falls} m"
        used = "saddle" if p.study.candidates else "coordinate"
        print(
            f"| {p.place.name} | {p.stated_m:.0f} m | {p.coordinate_m:.0f} m | {saddle} | {used} | {off:+.0f} m | "
            f"{abs(off) / sigma:.1f} |"
        )


def fit(error: FloatArray, spread: FloatArray, sigma: float) -> float:
    def cost(k: float) -> float:
        variance = sigma**2 + (k * spread) ** 2
        return float(np.sum(np.log(variance) + error**2 / variance))

    return float(minimize_scalar(cost, bounds=(0.0, 3.0), method="bounded").x)


def least_rise(passes: list[Pass], dem: ElevationSource) -> None:
    print(f"\nLeast rise of the ridge (the package: {min_rise_m(dem.products[0]):.1f} m, from LE90)\n")
    print(f"| least rise | saddle within {NEAR_M:.0f} m | saddles within {REACH_M:.0f} m, mean |")
    print("|---:|---:|---:|")
    for rise in (1.0, 3.0, min_rise_m(dem.products[0]), 10.0, 20.0):
        away = []
        for p in passes:
            grid = window(dem, p.place.lon, p.place.lat, 2.0 * REACH_M)
            away.append(saddles_in(grid, p.place.lon, p.place.lat, rise)[1])
        near = sum(bool(d.size) and d.min() <= NEAR_M for d in away)
        print(f"| {rise:.1f} m | {near} of {len(passes)} | {np.mean([d.size for d in away]):.1f} |")


def window(dem: ElevationSource, lon: float, lat: float, half_m: float) -> Grid:
    wide, high = half_m / (111_320.0 * np.cos(np.radians(lat))), half_m / 111_000.0
    grid = dem.window((lon - wide, lat - high, lon + wide, lat + high))
    if grid is None:
        sys.exit("The DEM does not cover the passes.")
    return grid


def saddles_in(grid: Grid, lon: float, lat: float, rise_m: float) -> tuple[Saddles, FloatArray]:
    row, col = (float(index[0]) for index in grid.row_col(np.array([lon]), np.array([lat])))
    width, height = cell_size_m(grid)
    found = find_saddles(
        grid.height_m, cell_m=(width, height), centre=(row, col), reach_m=REACH_M, min_depth_m=MIN_DEPTH_M,
        min_rise_m=rise_m,
    )  # fmt: skip
    return found, np.hypot((found.row - row) * height, (found.col - col) * width)


def refined(height: FloatArray, row: float, col: float) -> tuple[float, float, float] | None:
    """Saddle of the least-squares quadratic over the 3 by 3 cells around a saddle: row, column, height."""
    r, c = round(row), round(col)
    cells = height[r - 1 : r + 2, c - 1 : c + 2] if r > 0 and c > 0 else height[:0]
    if cells.shape != (3, 3) or not np.isfinite(cells).all():
        return None
    constant, down, right, down2, cross, right2 = _QUADRATIC @ (cells - height[r, c]).ravel()
    bend = 4.0 * down2 * right2 - cross**2
    if bend >= 0.0:
        return None
    off_row = (cross * right - 2.0 * right2 * down) / bend
    off_col = (cross * down - 2.0 * down2 * right) / bend
    if max(abs(off_row), abs(off_col)) > 1.0:
        return None
    return r + off_row, c + off_col, float(height[r, c] + constant + 0.5 * (down * off_row + right * off_col))


def refinement(passes: list[Pass], dem: ElevationSource, sierra: ElevationSource) -> None:
    print("\nSub-cell refinement by a quadratic\n")
    print(
        "| set | saddles | height, sd as found | refined | mean as found | refined | away as found, median | refined |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    rows = []
    for p in passes:
        if not p.study.candidates:
            continue
        grid = window(dem, p.place.lon, p.place.lat, 2.0 * REACH_M)
        found, away = saddles_in(grid, p.place.lon, p.place.lat, min_rise_m(grid.product))
        near = int(np.argmin(away))
        spot = tuple(float(i[0]) for i in grid.row_col(np.array([p.place.lon]), np.array([p.place.lat])))
        rows.append(compared(grid.height_m, cell_size_m(grid), found, near, (*spot, p.stated_m)))
    report("Andorra, against OpenStreetMap", rows)
    rng = np.random.default_rng(6)
    rows = []
    west, south, east, north = -119.9, 37.0, -118.6, 37.9
    for _ in range(150):
        grid = window(sierra, rng.uniform(west, east), rng.uniform(south, north), 3.0 * REACH_M)
        rows.extend(coarsened(grid))
    report('Sierra Nevada, 9" means of 3 by 3 cells, against the 3" saddle', rows)


def coarsened(grid: Grid) -> list[tuple[float, float, float, float]]:
    """Saddles of a grid of means of 3 by 3 cells against the finer grid's own, within a coarse cell."""
    rows, cols = (size // 3 for size in grid.height_m.shape)
    fine = grid.height_m[: rows * 3, : cols * 3]
    coarse = fine.reshape(rows, 3, cols, 3).mean(axis=(1, 3))
    width, height = cell_size_m(grid)
    centre = 0.5 * (rows - 1.0), 0.5 * (cols - 1.0)
    rise = min_rise_m(grid.product)
    found = find_saddles(
        coarse, cell_m=(3.0 * width, 3.0 * height), centre=centre, reach_m=REACH_M, min_depth_m=MIN_DEPTH_M,
        min_rise_m=rise,
    )  # fmt: skip
    truth = find_saddles(
        fine, cell_m=(width, height), centre=(3.0 * centre[0] + 1.0, 3.0 * centre[1] + 1.0), reach_m=2.0 * REACH_M,
        min_depth_m=MIN_DEPTH_M, min_rise_m=rise,
    )  # fmt: skip
    out = []
    for i in range(found.row.size):
        away = np.hypot((truth.row - 1.0) / 3.0 - found.row[i], (truth.col - 1.0) / 3.0 - found.col[i])
        if away.size and away.min() <= 1.5:
            t = int(np.argmin(away))
            goal = (truth.row[t] - 1.0) / 3.0, (truth.col[t] - 1.0) / 3.0, float(truth.height_m[t])
            out.append(compared(coarse, (3.0 * width, 3.0 * height), found, i, goal))
    return out


def compared(
    cells: FloatArray, cell_m: tuple[float, float], found: Saddles, i: int, goal: tuple[float, ...]
) -> tuple[float, float, float, float]:
    """Error of height as found and refined, distance as found and refined, from row, column and height of the truth."""
    plain = float(found.row[i]), float(found.col[i]), float(found.height_m[i])
    better = refined(cells, plain[0], plain[1]) or plain
    away = [
        float(np.hypot((s[0] - goal[0]) * cell_m[1], (s[1] - goal[1]) * cell_m[0])) for s in (plain, better)
    ]
    return plain[2] - goal[2], better[2] - goal[2], away[0], away[1]


def report(name: str, rows: list[tuple[float, float, float, float]]) -> None:
    error, better, away, nearer = np.array(rows).T
    print(
        f"| {name} | {len(rows)} | {error.std(ddof=1):.1f} m | {better.std(ddof=1):.1f} m | {error.mean():+.1f} m | "
        f"{better.mean():+.1f} m | {np.median(away):.0f} m | {np.median(nearer):.0f} m |"
    )


def summits(data: Path, dem: ElevationSource) -> None:
    """How much lower than summits the DEM is, in halves of the set, and the verdicts on their heights."""
    with (data / "places" / "andorra_osm_peaks_passes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "peak" and row["stated_m"]]
    lon, lat, stated = (np.array([float(row[key]) for row in rows]) for key in ("lon", "lat", "stated_m"))
    off = stated - dem.sample(lon, lat).height_m
    known = np.isfinite(off)
    east = lon > np.median(lon[known])
    print("\n| summits | number | stated less DEM, mean | sd |")
    print("|---|---:|---:|---:|")
    for name, half in (("all", known), ("western half", known & ~east), ("eastern half", known & east)):
        print(f"| {name} | {half.sum()} | {off[half].mean():+.1f} m | {off[half].std(ddof=1):.1f} m |")
    verdicts = []
    for row in rows:
        figure = StatedFigure(
            quantity=Quantity.ELEVATION, value=f"{row['stated_m']} m", source="OpenStreetMap", rounding=1.0
        )
        place = Place(
            id="peak", name=row["name"] or "-", kind=PlaceKind.PEAK, lon=float(row["lon"]), lat=float(row["lat"]),
            position_uncertainty_m=POSITION_M, position_source="OpenStreetMap", stated=(figure,),
        )  # fmt: skip
        verdicts += [finding.verdict.value for finding in check_place(place, dem)]
    counts = Counter(verdicts)
    print(f"\nVerdicts on summits: {', '.join(f'{count} {name}' for name, count in counts.most_common())}")


def speed(passes: list[Pass], dem: ElevationSource) -> None:
    places = [passes[i % len(passes)].place for i in range(1000)]
    check_place(places[0], dem)
    start = time.perf_counter()
    for place in places:
        check_place(place, dem)
    took = time.perf_counter() - start
    print(f'\n1000 passes judged on a tile in memory, SRTM 3": {took:.1f} s')
    grid = window(dem, passes[0].place.lon, passes[0].place.lat, 2.0 * REACH_M)
    fine = zoom(grid.height_m, 3, order=1)
    fine += np.random.default_rng(1).normal(0.0, 1.0, fine.shape)
    width, height = (size / 3.0 for size in cell_size_m(grid))
    centre = 0.5 * fine.shape[0], 0.5 * fine.shape[1]
    start = time.perf_counter()
    for _ in range(10):
        find_saddles(
            fine,
            cell_m=(width, height),
            centre=centre,
            reach_m=REACH_M,
            min_depth_m=MIN_DEPTH_M,
            min_rise_m=2.5,
        )
    took = (time.perf_counter() - start) / 10.0
    cells = f"{fine.shape[0]} x {fine.shape[1]} cells of about 30 m, 1 m of noise"
    print(f"saddles within 1 km, {cells}: {1000.0 * took:.0f} ms")


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terrains", type=int, default=validate_calibration.TERRAINS)
    main(Path(os.environ["ROUTES_TEST_DATA"]), parser.parse_args().terrains)
