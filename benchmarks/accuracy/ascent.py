"""Calibrate ascent for each source of heights, and hold it against other recipes and against real days.

    python benchmarks/accuracy/ascent.py              # synthetic terrain; with ROUTES_TEST_DATA also the real days
    python benchmarks/accuracy/ascent.py --days 40 --test-days 40    # fewer days, for a look

Calibration days and test days come from two generators that share no code (benchmarks/accuracy/ascent_terrain.py),
with errors of line, device and DEM of different form. Smoothing and dead band are those of the least root mean
square error of ascent on the calibration days; the other figures of a recipe (routes/analysis/figures/recipes.py)
hold four of five of them, those of ascent and descent by the least interval score (Gneiting and Raftery 2007) among
those that do. All tables but the first are of the test days, with the recipes just found; the real days take those
of the package.
"""

import argparse
import itertools
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binomtest

from benchmarks.accuracy.ascent_days import STOPS_M, Day, days_of
from benchmarks.accuracy.ascent_peers import PEERS
from benchmarks.accuracy.ascent_real import print_real
from benchmarks.accuracy.ascent_terrain import Lattice, Waves
from routes._typing import FloatArray
from routes.analysis.figures.legs import modelled_climb
from routes.analysis.figures.line_error import LATERAL_P90_M
from routes.analysis.figures.modelled_lines import modelled_errors
from routes.analysis.figures.monte_carlo import Runs, climb_runs, doubt, draw_runs, high_runs, length_runs
from routes.analysis.figures.profile import Profile, ProfileParameters, profile_of, recorded_profile
from routes.analysis.figures.recipes import RECIPES, HeightSource, Recipe
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m, smooth
from routes.kernel.uncertainty import Z90
from routes.model.kinds import Provenance

SMOOTHING_M = {
    None: (0.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0),
    30.0: (0.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 50.0),
    90.0: (0.0, 20.0, 30.0, 45.0, 60.0, 90.0),
}
"""Smoothing that is tried, metres, by spacing of the DEM."""

THRESHOLD_M = (0.0, 0.5, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0)
LATERAL = {
    HeightSource.DEM_RECORDED: LATERAL_P90_M[Provenance.RECORDED] / Z90,
    HeightSource.DEM_OSM: LATERAL_P90_M[Provenance.OSM] / Z90,
    HeightSource.DEM_MODELLED: 0.0,  # the trail is no random neighbour of a least-time line
}
CLIMBS = ("ascent", "descent")
BATCH = 10
TEST_SEED = 7_000_000
PARAMETERS = ProfileParameters()


@dataclass(frozen=True)
class Result:
    """One day and one source: truth, grid of calibration, peers, and our figures with their runs."""

    ascent_m: float
    descent_m: float
    high_m: float
    length_m: float
    grid_m: FloatArray
    peers_m: tuple[float, ...]
    ours: tuple[float, float, float, float]
    """Ascent, descent, highest point, length."""

    runs: Runs | None


Task = tuple[type[Waves] | type[Lattice], int, int, tuple[Recipe, ...], bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--days", type=int, default=600, help="calibration days")
    parser.add_argument("--test-days", type=int, default=300, help="test days")
    given = parser.parse_args()
    print(f"## Calibration, {given.days} days of 12 km\n")
    found, calibration = _calibrate(given.days)
    _print_recipes(found)
    if [row for row in found if row not in RECIPES]:
        print(
            "\nroutes/analysis/figures/recipes.py has other figures than these (expected with another --days)."
        )
    days = given.test_days
    results = _evaluate(Lattice, days, TEST_SEED, found, is_calibration=False)
    print(f"\n## Ascent of {days} test days: mean error ± standard deviation over days\n")
    _print_bias(results)
    print(f"\n## Intervals of {days} test days\n")
    _print_coverage(found, calibration, results)
    print(f"\n## Centre of the runs, {days} test days: mean error of ascent\n")
    _print_centres(results)
    if "ROUTES_TEST_DATA" in os.environ:
        print_real(Path(os.environ["ROUTES_TEST_DATA"]))


def _calibrate(days: int) -> tuple[tuple[Recipe, ...], dict[tuple[HeightSource, float | None], list[Result]]]:
    """Recipes, and the calibration days by them."""
    plain = _evaluate(Waves, days, 1_000_000, RECIPES, is_calibration=True)
    chosen = []
    for row in RECIPES:
        results = plain[_key(row)]
        error = np.array([result.grid_m / result.ascent_m - 1.0 for result in results])
        rms = np.sqrt((error**2).mean(axis=0))
        best = np.unravel_index(int(rms.argmin()), rms.shape)
        chosen.append(
            replace(
                row,
                smoothing_m=SMOOTHING_M[row.dem_m][int(best[0])],
                threshold_m=THRESHOLD_M[int(best[1])],
                ascent_share=0.0, ascent_drawn=0.0, high_offset_m=0.0, high_sigma_m=0.0,
                length_offset_share=0.0, length_sigma_share=0.0,
            )
        )  # fmt: skip
    drawn = _evaluate(Waves, days, 1_000_000, tuple(chosen), is_calibration=False)
    return tuple(_with_errors(row, drawn[_key(row)]) for row in chosen), drawn


def _with_errors(row: Recipe, results: Sequence[Result]) -> Recipe:
    """Fill in what the errors that are drawn leave open, so that four of five calibration days are held."""
    if row.source is not HeightSource.DEM_MODELLED:
        row = _with_doubts(row, results)
    if results[0].runs is None:
        return row
    offset = float(np.median([result.high_m - result.ours[2] for result in results]))
    row = replace(row, high_offset_m=round(offset, 1))
    sigma = _share(lambda metres: _held(replace(row, high_sigma_m=100.0 * metres), results, "high"), 3)
    return replace(row, high_sigma_m=round(100.0 * sigma, 1))


def _with_doubts(row: Recipe, results: Sequence[Result]) -> Recipe:
    length = np.array([result.length_m / result.ours[3] - 1.0 for result in results])
    row = replace(_with_climb_doubts(row, results), length_offset_share=round(float(np.median(length)), 4))
    held = _share(lambda share: _held(replace(row, length_sigma_share=share), results, "length"), 4)
    return replace(row, length_sigma_share=held)


def _with_climb_doubts(row: Recipe, results: Sequence[Result]) -> Recipe:
    """Of the pairs of share and multiple of the spread drawn that hold four of five, that of the best intervals."""
    most = 0.0
    if row.dem_m is not None:
        most = _share(lambda drawn: _held(replace(row, ascent_drawn=drawn), results, *CLIMBS), 2, 20.0)
    tried = []
    for drawn in np.round(np.linspace(0.0, most, 6), 2).tolist() if most else [0.0]:
        at = replace(row, ascent_drawn=drawn)
        tried.append(replace(at, ascent_share=_climb_share(at, results)))
    return min(tried, key=lambda each: _interval_score(each, results))


def _climb_share(row: Recipe, results: Sequence[Result]) -> float:
    return _share(lambda share: _held(replace(row, ascent_share=share), results, *CLIMBS))


def _interval_score(row: Recipe, results: Sequence[Result]) -> float:
    """Mean width of the intervals of ascent and descent, misses punished by ten times what they miss by; of ascent.

    Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation, equation 43, for 80 %.
    """
    scores = []
    for which, result in itertools.product(CLIMBS, results):
        (low, high), true = _ends(row, result, which), getattr(result, f"{which}_m")
        scores.append((high - low + 10.0 * max(low - true, true - high, 0.0)) / result.ascent_m)
    return float(np.mean(scores))


def _share(held: Callable[[float], float], digits: int = 3, most: float = 2.0) -> float:
    """Least share at which four of five are held; 0 where they are without."""
    if held(0.0) >= 0.8:
        return 0.0
    return round(float(brentq(lambda share: held(share) - 0.8, 0.0, most, xtol=1e-4)), digits)


def _held(row: Recipe, results: Sequence[Result], *figures: str) -> float:
    return float(np.mean([is_held(row, result, which) for which in figures for result in results]))


def is_held(row: Recipe, result: Result, which: str) -> bool:
    """Whether P10 to P90 holds the truth."""
    low, high = _ends(row, result, which)
    return bool(low <= getattr(result, f"{which}_m") <= high)


def _ends(row: Recipe, result: Result, which: str) -> tuple[float, float]:
    """P10 and P90 as `routes.analysis.figures.legs` has them: a modelled line's by measured ratios."""
    if row.source is HeightSource.DEM_MODELLED and which != "high":
        ratios = modelled_errors(STOPS_M)
        value = result.ours[("ascent", "descent", "high", "length").index(which)]
        if which == "length":
            return ratios.length_ratio[0] * value, ratios.length_ratio[1] * value
        climb = modelled_climb(value, ratios.ascent_ratio, row.threshold_m)
        return climb.p10 or 0.0, climb.p90 or 0.0
    low, high = np.percentile(_runs_of(row, result, which), [10.0, 90.0])
    return float(low), float(high)


def _value(source: HeightSource, result: Result, which: str) -> float:
    """Figure as `routes.analysis.figures.legs` has it: a modelled line's with the median of the measured ratios."""
    value = result.ours[("ascent", "descent", "high", "length").index(which)]
    if source is not HeightSource.DEM_MODELLED or which == "high":
        return value
    ratios = modelled_errors(STOPS_M)
    return value * (ratios.length_ratio if which == "length" else ratios.ascent_ratio)[1]


def _runs_of(row: Recipe, result: Result, which: str) -> FloatArray:
    position = ("ascent", "descent", "high", "length").index(which)
    value = result.ours[position]
    drawn = np.zeros(PARAMETERS.runs) if result.runs is None else getattr(result.runs, f"{which}_m")
    make = {"high": high_runs, "length": length_runs}.get(which, climb_runs)
    doubts = _DOUBTS["climb" if make is climb_runs else which]
    return make(value, drawn, row, doubts)


_DOUBTS = {which: doubt(PARAMETERS, which) for which in ("climb", "high", "length")}


def _key(row: Recipe) -> tuple[HeightSource, float | None]:
    return row.source, row.dem_m


def _evaluate(
    kind: type[Waves] | type[Lattice],
    days: int,
    seed: int,
    recipes: tuple[Recipe, ...],
    *,
    is_calibration: bool,
) -> dict[tuple[HeightSource, float | None], list[Result]]:
    tasks: list[Task] = [
        (kind, min(BATCH, days - first), seed + first, recipes, is_calibration)
        for first in range(0, days, BATCH)
    ]
    together: dict[tuple[HeightSource, float | None], list[Result]] = {_key(row): [] for row in recipes}
    with ProcessPoolExecutor() as pool:
        for part in pool.map(_batch, tasks):
            for key, results in part.items():
                together[key].extend(results)
    return together


def _batch(task: Task) -> dict[tuple[HeightSource, float | None], list[Result]]:
    kind, count, seed, recipes, is_calibration = task
    days = days_of(kind, count, seed)
    return {
        _key(row): [result_of(day, k, row, is_calibration=is_calibration) for k, day in enumerate(days)]
        for row in recipes
    }


def result_of(day: Day, number: int, row: Recipe, *, is_calibration: bool) -> Result:
    """Figures of a day by a recipe; with a grid for calibration, or with runs."""
    profile = _profile(day, row)
    grid = np.zeros((0, 0))
    if is_calibration:
        grid = np.array(
            [
                [ascent_descent_m(heights, threshold_m=threshold)[0] for threshold in THRESHOLD_M]
                for heights in (
                    smooth(profile.raw_m, sigma_m=sigma, spacing_m=profile.spacing_m)
                    for sigma in SMOOTHING_M[row.dem_m]
                )
            ]
        )
    lon, lat = _line(day, row)
    runs = None
    if row.dem_m is not None and not is_calibration:
        runs = draw_runs(
            profile, day.dems[row.dem_m], PARAMETERS, lateral_m=LATERAL[row.source],
            generator=np.random.default_rng([PARAMETERS.seed, number]),
        )  # fmt: skip
    along = cumulative_distance_m(lon, lat)
    points = _heights_at_vertices(day, row)
    up, down = ascent_descent_m(profile.height_m, threshold_m=row.threshold_m)
    return Result(
        ascent_m=day.ascent_m, descent_m=day.ascent_m - day.net_m, high_m=day.high_m, length_m=day.length_m,
        grid_m=grid, peers_m=tuple(peer(along, points) for peer in PEERS.values()),
        ours=(up, down, float(profile.height_m.max()), float(along[-1])), runs=runs,
    )  # fmt: skip


def _heights_at_vertices(day: Day, row: Recipe) -> FloatArray:
    if row.dem_m is None:
        return day.series[row.source].ele_m
    return day.dems[row.dem_m].sample(*_line(day, row)).height_m


def _line(day: Day, row: Recipe) -> tuple[FloatArray, FloatArray]:
    return day.lines[row.source if row.dem_m else HeightSource.DEM_RECORDED]


def _profile(day: Day, row: Recipe) -> Profile:
    lon, lat = _line(day, row)
    if row.dem_m is None:
        return recorded_profile(lon, lat, day.series[row.source].ele_m, row)
    return profile_of(lon, lat, day.dems[row.dem_m], replace(PARAMETERS, recipe=row), row.source)


def _print_recipes(rows: Iterable[Recipe]) -> None:
    print(
        "| source | DEM | smoothing | dead band | ascent share | of the spread drawn | highest: offset | sigma "
        "| length: offset | sigma |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        dem = f"{row.dem_m:g} m" if row.dem_m else "-"
        high = f"{row.high_offset_m:+g} m | {row.high_sigma_m:g} m" if row.dem_m else "- | -"
        is_modelled = row.source is HeightSource.DEM_MODELLED
        share = "by ratios | -" if is_modelled else f"{row.ascent_share:.1%} | {row.ascent_drawn:g}"
        length = (
            "by ratios | -"
            if is_modelled
            else f"{row.length_offset_share:+.2%} | {row.length_sigma_share:.2%}"
        )
        print(
            f"| {row.source.value} | {dem} | {row.smoothing_m:g} m | {row.threshold_m:g} m | {share} "
            f"| {high} | {length} |"
        )


def _print_bias(results: dict[tuple[HeightSource, float | None], list[Result]]) -> None:
    heads = [f"{source.value}{f', {dem_m:g} m' if dem_m else ''}" for source, dem_m in results]
    print(f"| recipe | {' | '.join(heads)} |")
    print("|---|" + "---:|" * len(heads))
    errors: dict[str, list[FloatArray]] = {"ours": []}
    for (source, _), column in results.items():
        true = np.array([result.ascent_m for result in column])
        ours = np.array([_value(source, result, "ascent") for result in column])
        errors["ours"].append(ours / true - 1.0)
        for k, name in enumerate(PEERS):
            errors.setdefault(name, []).append(
                np.array([result.peers_m[k] for result in column]) / true - 1.0
            )
    for name, columns in errors.items():
        cells = [f"{error.mean():+.1%} ± {error.std(ddof=1):.1%}" for error in columns]
        print(f"| {name} | {' | '.join(cells)} |")
    beaten = [
        f"{name} on {head}"
        for name, (k, head) in itertools.product(PEERS, enumerate(heads))
        if abs(errors[name][k].mean()) < abs(errors["ours"][k].mean())
        and errors[name][k].std() < errors["ours"][k].std()
    ]
    print(f"\nBetter than ours in both: {'; '.join(beaten) or 'none'}.")


def _print_coverage(
    rows: Iterable[Recipe],
    calibration: dict[tuple[HeightSource, float | None], list[Result]],
    results: dict[tuple[HeightSource, float | None], list[Result]],
) -> None:
    print(
        "| source | figure | mean error | held by P10 to P90 | of n | 95 % binomial | mean half width "
        "| held of the calibration days | of n |"
    )
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        column = results[_key(row)]
        for which in ("ascent", "descent", "high", "length"):
            if which == "high" and row.dem_m is None:
                continue
            true = np.array([getattr(result, f"{which}_m") for result in column])
            value = np.array([_value(row.source, result, which) for result in column])
            ends = np.array([_ends(row, result, which) for result in column])
            held = int(((ends[:, 0] <= true) & (true <= ends[:, 1])).sum())
            low, high = binomtest(held, true.size).proportion_ci(method="wilson")
            half = 0.5 * (ends[:, 1] - ends[:, 0])
            if which == "high":
                error, width = f"{np.mean(value - true):+.1f} m", f"{half.mean():.1f} m"
            else:
                error, width = f"{value.sum() / true.sum() - 1.0:+.1%}", f"{np.mean(half / value):.1%}"
            name = f"{row.source.value}{f', {row.dem_m:g} m' if row.dem_m else ''}"
            label = "highest point" if which == "high" else which
            print(
                f"| {name} | {label} | {error} | {held / true.size:.0%} | {true.size} "
                f"| {low:.0%} to {high:.0%} | {width} | {_held(row, calibration[_key(row)], which):.0%} "
                f"| {len(calibration[_key(row)])} |"
            )


def _print_centres(results: dict[tuple[HeightSource, float | None], list[Result]]) -> None:
    print("| source | the value | median of the runs | twice the value less that median |")
    print("|---|---:|---:|---:|")
    for (source, dem_m), column in results.items():
        if dem_m is None:
            continue
        true = sum(result.ascent_m for result in column)
        value = sum(result.ours[0] for result in column)  # of the line itself, if modelled
        middle = sum(float(np.median(result.runs.ascent_m)) for result in column if result.runs)
        cells = [f"{centre / true - 1.0:+.1%}" for centre in (value, middle, 2.0 * value - middle)]
        print(f"| {source.value}, {dem_m:g} m | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
