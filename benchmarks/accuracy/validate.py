"""Test verdicts on heights on real ground: their tables in docs/accuracy.md, in two minutes.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/validate.py
    ROUTES_TEST_DATA=... python benchmarks/accuracy/validate.py --fit    # also refit the constants of spot.py

The constants were fitted on the places in Japan; everything else is reported without a fit. Also runs
validate_between.py (passes known only by two villages) and validate_errors.py (causes).
"""

import argparse
import gzip
import itertools
import math
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.stats import beta

from benchmarks.accuracy import validate_between, validate_errors
from benchmarks.accuracy.validate_sets import Case, all_around, andorra_2013, andorra_2025, japan, named_dem
from routes._typing import FloatArray
from routes.analysis.heights.landform import sharpness_m
from routes.analysis.heights.spot import FOREST_U, SHARPNESS_U, SLOPE_SHARE, Spot
from routes.analysis.passes.ground import Where
from routes.analysis.verdicts.finding import Finding, Verdict
from routes.analysis.verdicts.ground_causes import LEVEL_TANGENT
from routes.dem.folder import open_dem
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.grid import bilinear, slope_tangent
from routes.kernel.uncertainty import U_DATUM_M, Z90, combine
from routes.model.kinds import PlaceKind

MONT_BLANC = (
    # name, kind, longitude, latitude, printed heights; positions to a second of arc from French Wikipedia (IGN map);
    # Col du Géant English Wikipedia, Col de Voza and Le Prarion OpenStreetMap; see docs/accuracy.md
    ("Col du Bonhomme", "pass", "6 42 24", "45 44 06", (2329,)),
    ("Col de la Seigne", "pass", "6 48 26", "45 45 05", (2514, 2516)),
    ("Col de Tricot", "pass", "6 46 12", "45 51 01", (2120,)),
    ("Col du Joly", "pass", "6 40 26", "45 47 02", (1989,)),
    ("Col de Voza", "pass", "6.7614", "45.8768", (1650, 1653)),
    ("Col de Miage (ice)", "pass", "6 48 40", "45 49 28", (3356, 3358)),
    ("Col Infranchissable (ice)", "pass", "6 48 30", "45 48 45", (3344, 3349)),
    ("Col du Géant (ice)", "pass", "6 56 06", "45 50 46", (3356, 3365)),
    ("Dômes de Miage (ice)", "peak", "6 48 00", "45 48 56", (3673,)),
    ("Le Brévent", "peak", "6 50 16", "45 56 03", (2525,)),
    ("Mont Joly", "peak", "6 41 34", "45 49 33", (2525,)),
    ("Pointe Léchaud", "peak", "6 48 51", "45 44 01", (3127, 3128)),
    ("Le Prarion", "peak", "6.7505", "45.8942", (1969,)),
)  # fmt: skip

ROADS = (18, 19, 20, 21, 22, 23, 25)
_POINT = re.compile(r'<trkpt[^>]*lat="([^"]+)"[^>]*lon="([^"]+)"[^>]*>\s*<ele>([^<]+)</ele>')


def main(data: Path, *, is_fitted: bool = False) -> None:
    path = data / "truth" / "dem" / "fuji_srtm3.tif"
    tile = open_dem(data / "dem" / "N42E001.hgt.zip")
    with (
        named_dem(path, "srtm3") as fuji,
        named_dem(data / "truth" / "dem" / "chamonix_glo30.tif", "glo30") as glo30,
    ):
        saddles = japan(data, "saddles", fuji)
        passes = andorra_2025(data, PlaceKind.PASS, tile)
        sets = {
            "Japan, saddles (fitted)": saddles,
            "Japan, summits (fitted)": japan(data, "summits", fuji),
            "Andorra 2025, passes": passes,
            "Andorra 2013, summits": andorra_2013(data, tile),
            "Andorra 2025, summits": andorra_2025(data, PlaceKind.PEAK, tile),
        }
        if is_fitted:
            fit([*sets["Japan, saddles (fitted)"], *sets["Japan, summits (fitted)"]])
        errors(sets)
        thirds({"Japan, saddles": saddles, "Andorra 2025, passes": passes})
        planted({
            "Japan, saddles, position good to 20 m": saddles,
            "Japan, saddles, position good to 100 m": [case.moved(0.0, 0.0, 100.0) for case in saddles],
            "Japan, saddles, DEM without a sidecar (LE90 16 m)": japan(data, "saddles", open_dem(path)),
            "Andorra 2025, passes": passes,
        })  # fmt: skip
        off = list(all_around(saddles, 500.0, 100.0))
        moved(off)
        clues({"right, Japan": saddles, "right, Andorra": passes, "500 m off, Japan": off})
        mont_blanc([
            Case(name, PlaceKind(kind), degrees(lon), degrees(lat), float(np.mean(heights)), glo30, 60.0)
            for name, kind, lon, lat, heights in MONT_BLANC
        ])  # fmt: skip
        roads(data)
        print("\n## Slips of the pen\n")
        validate_errors.main(saddles, data)
    print("\n## Passes that only two villages tell\n")
    validate_between.main(data)


def errors(sets: Mapping[str, Sequence[Case]]) -> None:
    print("\n## True heights (true less DEM, mean ± standard deviation, metres)\n")
    print(
        "| set | n | read at | DEM | corrected | u, median | agrees (95 % interval) | doubtful | differs | undecided |"
    )
    print("|---|---:|---|---|---|---:|---|---:|---:|---:|")
    for name, cases in sets.items():
        known = spots(cases)
        where = ", ".join(
            f"{n} {at}" for at, n in Counter(case.ground.where for case, _ in known).most_common()
        )
        u = np.median([combine(case.ground.u_m, U_DATUM_M) for case, _ in known])
        counts = verdicts(case.verdict() for case in cases)
        print(
            f"| {name} | {len(cases)} | {where} | {told([c.true_m - s.height_m for c, s in known])} | "
            f"{told([c.true_m - s.best_m for c, s in known])} | {u:.1f} | {held(counts[Verdict.AGREES], len(cases))} | "
            f"{counts[Verdict.DOUBTFUL]} | {counts[Verdict.DIFFERS]} | {counts[Verdict.UNDECIDED]} |"
        )


def spots(cases: Iterable[Case]) -> list[tuple[Case, Spot]]:
    """Cases that the DEM covers, with what it shows there."""
    return [(case, case.ground.spot) for case in cases if case.ground.spot is not None]


def told(off: Sequence[float]) -> str:
    return f"{np.mean(off):+.1f} ± {np.std(off, ddof=1):.1f}"


def held(hits: int, n: int) -> str:
    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
    return f"{hits} ({100 * low:.0f} to {100 * high:.0f} %)"


def verdicts(findings: Iterable[Finding]) -> Counter[Verdict]:
    return Counter(finding.verdict for finding in findings)


def thirds(sets: Mapping[str, Sequence[Case]]) -> None:
    """Print how many true heights agree, by thirds of what may make a DEM err."""
    print("\n## Thirds\n\n| set | by | from | to | n | agrees (95 % interval) | true less corrected |")
    print("|---|---|---:|---:|---:|---|---|")
    keys: dict[str, Callable[[Case, Spot], float]] = {
        "slope": lambda case, _: slope_at(case), "height": lambda case, _: case.true_m,
        "sharpness": lambda _, spot: spot.sharpness_m or 0.0,
    }  # fmt: skip
    for name, cases in sets.items():
        known = spots(cases)
        for by, key in keys.items():
            ordered = sorted(known, key=lambda pair, key=key: key(*pair))  # type: ignore[misc]
            for part in np.array_split(np.arange(len(ordered)), 3):
                rows = [ordered[i] for i in part]
                counts = verdicts(case.verdict() for case, _ in rows)
                ends = f"{key(*rows[0]):.2f} | {key(*rows[-1]):.2f}"
                off = told([case.true_m - spot.best_m for case, spot in rows])
                print(
                    f"| {name} | {by} | {ends} | {len(rows)} | {held(counts[Verdict.AGREES], len(rows))} | {off} |"
                )


def slope_at(case: Case) -> float:
    """Slope of the DEM at the position; 0 if unknown."""
    lon_m, lat_m = metres_per_degree(case.lat)
    reach = 400.0
    bounds = (
        case.lon - reach / lon_m,
        case.lat - reach / lat_m,
        case.lon + reach / lon_m,
        case.lat + reach / lat_m,
    )
    grid = case.dem.window(bounds)
    if grid is None:
        return 0.0
    slope = slope_tangent(grid.height_m, grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m)
    row, col = grid.row_col(np.array([case.lon]), np.array([case.lat]))
    return float(np.nan_to_num(slope[round(float(row[0])), round(float(col[0]))]))


def planted(sets: Mapping[str, Sequence[Case]]) -> None:
    print("\n## Planted errors\n\n| set | n | error | caught | differs | doubtful | agrees | undecided |")
    print("|---|---:|---:|---|---|---:|---:|---:|")
    for name, cases in sets.items():
        for by in (30.0, 60.0):
            counts = verdicts(case.verdict(sign * by) for case in cases for sign in (1.0, -1.0))
            n, differ, doubt = 2 * len(cases), counts[Verdict.DIFFERS], counts[Verdict.DOUBTFUL]
            print(
                f"| {name} | {n} | ±{by:.0f} m | {differ + doubt} ({100 * (differ + doubt) / n:.0f} %) | {differ} "
                f"({100 * differ / n:.1f} %) | {doubt} | {counts[Verdict.AGREES]} | {counts[Verdict.UNDECIDED]} |"
            )


def moved(cases: Sequence[Case]) -> None:
    print("\n## True heights at positions 500 m off, said to be good to 100 m (eight directions)\n")
    print("| verdict | n | likeliest cause |\n|---|---:|---|")
    findings = [case.verdict() for case in cases]
    for verdict in Verdict:
        own = [finding for finding in findings if finding.verdict is verdict]
        causes = Counter(f.diagnosis.likeliest.cause for f in own if f.diagnosis is not None)
        first = ", ".join(f"{cause} {n}" for cause, n in causes.most_common(4))
        print(f"| {verdict} | {len(own)} ({100 * len(own) / len(findings):.1f} %) | {first} |")


def clues(sets: Mapping[str, Sequence[Case]]) -> None:
    """Print what is found at pass positions, the basis of the odds that a position is wrong."""
    print("\n| positions | n | no saddle | of those level |\n|---|---:|---:|---:|")
    for name, cases in sets.items():
        known = spots(cases)
        bare = [
            spot for case, spot in known
            if case.ground.where is Where.POSITION and (passing := case.ground.passing) is not None
            and not (passing.saddles and passing.saddles[0].distance_m < passing.nearness_m)
        ]  # fmt: skip
        level = sum((spot.slope_tangent or 0.0) < LEVEL_TANGENT for spot in bare)
        print(f"| {name} | {len(known)} | {len(bare)} | {level} |")


def mont_blanc(cases: Sequence[Case]) -> None:
    print("\n## GLO-30 (resampled to 54 m), Mont Blanc massif\n")
    print("| place | printed | DEM | corrected | u | read at |\n|---|---:|---:|---:|---:|---|")
    groups: dict[str, list[tuple[Case, Spot]]] = {}
    for case, spot in spots(cases):
        groups.setdefault("ice" if "(" in case.name else case.kind, []).append((case, spot))
        print(
            f"| {case.name} | {case.true_m:.0f} | {spot.height_m:.0f} | {spot.best_m:.0f} | {case.ground.u_m:.1f} | "
            f"{case.ground.where} |"
        )
    print("\n| group | n | printed less DEM | printed less corrected |\n|---|---:|---|---|")
    for name, group in groups.items():
        raw, best = (
            [c.true_m - value for c, s in group for value in [getattr(s, key)]]
            for key in ("height_m", "best_m")
        )
        print(f"| {name} | {len(group)} | {told(raw)} | {told(best)} |")


def degrees(text: str) -> float:
    """Degrees, minutes and seconds in degrees."""
    return sum(float(part) / 60.0**i for i, part in enumerate(text.split()))


def roads(data: Path) -> None:
    """Print places that are neither passes nor summits: road points with heights from their map service."""
    print('\n## Other places: points of seven Swiss roads over SRTM 3"\n')
    error, slope, sharp, bare = road_points(data)
    print(
        "| slope | points | true less DEM | held at 90 % | if corrected as ridges |\n|---|---:|---|---:|---:|"
    )
    edges = np.quantile(slope, [0.0, 0.25, 0.5, 0.75, 1.0])
    for low, high in [(edges[0], edges[-1]), *itertools.pairwise(edges)]:
        part = (slope >= low) & (slope <= high)
        u = np.hypot(bare[part], U_DATUM_M)
        ridge = np.hypot(u, SHARPNESS_U * sharp[part])
        inside, corrected = (
            100.0 * np.mean(np.abs(err) <= Z90 * width)
            for err, width in ((error[part], u), (error[part] - sharp[part], ridge))
        )
        off = told(error[part].tolist())
        print(f"| {low:.2f} to {high:.2f} | {part.sum()} | {off} | {inside:.0f} % | {corrected:.0f} % |")


def road_points(data: Path) -> tuple[FloatArray, ...]:
    """True less DEM height, slope, correction as if on a ridge, and our standard uncertainty, by point."""
    with named_dem(data / "dem" / "N46E008.tif", "srtm3") as dem:
        parts = []
        for number in ROADS:
            with gzip.open(
                data / "truth" / "tracks" / f"road-{number}.gpx.gz", "rt", encoding="utf-8"
            ) as file:
                lat, lon, height = np.array(_POINT.findall(file.read()), dtype=np.float64).T
            grid = dem.window((lon.min() - 0.01, lat.min() - 0.01, lon.max() + 0.01, lat.max() + 0.01))
            if grid is None:
                continue
            lon_m, lat_m = metres_per_degree(float(lat.mean()))
            cell_m = grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m
            row, col = grid.row_col(lon, lat)
            raw = bilinear(grid.height_m, row, col)
            slope = bilinear(slope_tangent(grid.height_m, *cell_m), row, col)
            made = [
                Spot(
                    height_m=float(h), lat_deg=float(y), row_m=cell_m[1], product=grid.product, slope_tangent=float(t),
                    sharpness_m=sharpness_m(grid.height_m, float(r), float(c), cell_m),
                )
                for h, y, t, r, c in zip(raw, lat, slope, row, col, strict=True)
            ]  # fmt: skip
            u = [
                combine(spot.budget["dem"], SLOPE_SHARE * spot.row_m * (spot.slope_tangent or 0.0))
                for spot in made
            ]
            whole = np.column_stack([height - raw, slope, [spot.raised_m for spot in made], u])
            parts.append(whole[np.isfinite(whole).all(axis=1)])
    return tuple(np.concatenate(parts).T)


def fit(cases: Sequence[Case]) -> None:
    """Print the constants of greatest likelihood on saddles and summits."""
    known = [
        (c, s)
        for c, s in spots(cases)
        if c.ground.where is not Where.POSITION and math.isfinite(s.sharpness_m or 0.0)
    ]
    error = np.array([case.true_m - spot.height_m for case, spot in known])
    sharp = np.array([spot.sharpness_m for _, spot in known])
    share = np.array([spot.forest_share for _, spot in known])

    def cost(p: FloatArray) -> float:
        per_metre, forest, rest = p
        variance = (
            rest**2 + (SHARPNESS_U * per_metre * sharp) ** 2 + (FOREST_U * forest * share) ** 2 + U_DATUM_M**2
        )
        return float(
            0.5 * np.sum(np.log(variance) + (error - per_metre * sharp + forest * share) ** 2 / variance)
        )

    per_metre, forest, rest = minimize(
        cost, [0.5, 6.0, 8.0], method="Nelder-Mead", options={"maxiter": 4000}
    ).x
    print(
        f"\nFitted on {len(known)}: sharpness {per_metre:.2f}, forest {forest:.1f} m, residual {rest:.1f} m"
    )


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="fit the constants anew")
    main(Path(os.environ["ROUTES_TEST_DATA"]), is_fitted=parser.parse_args().fit)
