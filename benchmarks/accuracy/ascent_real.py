"""Real days with a published or barometric ascent, for benchmarks/accuracy/ascent.py."""

import csv
from dataclasses import dataclass
from pathlib import Path

import gpxpy
import numpy as np
from scipy.stats import binomtest, chi2

from benchmarks.accuracy.ascent_peers import PEERS
from routes._typing import FloatArray
from routes.analysis.figures.line_error import LATERAL_P90_M
from routes.analysis.figures.monte_carlo import climb_runs, doubt, draw_runs, sum_runs
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.figures.recipes import HeightSource
from routes.analysis.heights.source import ElevationSource
from routes.dem.folder import open_dem
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.kernel.profile import ascent_descent_m
from routes.kernel.uncertainty import Z90
from routes.model.kinds import Provenance

CLOSE_M = 60.0
"""How far ascent minus descent of the watch may be from the change of the DEM's height between the ends, metres."""

LENGTH_SHARE = 0.12
"""How far the lengths of the watch and of the line may part: the watch adds its own wandering."""

ARANS = 1.5180695, 42.5825312
"""Village of Arans, OpenStreetMap node 64954560; the stage up the GR 11 starts there."""

PORTELLA = 1.4387417, 42.5926551
"""Portella de Baiau, OpenStreetMap node 1367708930, 240 m above the hut; after it the stage only falls."""

GR11_M = 2100.0
"""Published ascent of the stage from Arans to the Baiau hut, metres."""


@dataclass(frozen=True)
class Pair:
    """A line of ours and what somebody measured along it."""

    name: str
    parts: tuple[FloatArray, ...]
    length_m: float | None
    ascent_m: float
    descent_m: float | None


def print_real(data: Path) -> None:
    """Print which pairs match and why others do not, and bias and coverage on those that do."""
    dem = open_dem(data / "dem" / "N27E086_everest.tif")
    print('\n## Real days, lines along OpenStreetMap, SRTM 3": pairs\n')
    print("| pair | line | watch | ascent minus descent | change of DEM height | verdict |")
    print("|---|---:|---:|---:|---:|---|")
    kept: list[tuple[Pair, ElevationSource]] = []
    for pair in _khumbu(data):
        reason = _fault(pair, dem)
        if not reason:
            kept.append((pair, dem))
    gr11 = _gr11(data)
    andorra = open_dem(data / "dem" / "N42E001.hgt.zip")
    line_m = sum(_length_m(part) for part in gr11.parts)
    print(
        f"| {gr11.name} | {line_m / 1000:.2f} km | - | - | {_change_m(gr11, andorra):+.0f} m | used, ascent only |"
    )
    kept.append((gr11, andorra))
    _print_errors(kept)


def _khumbu(data: Path) -> list[Pair]:
    """Every row of the watch whose ends lie on our lines."""
    gpx = gpxpy.parse((data / "gpx" / "khumbu_day_wise_routes.gpx").read_text(encoding="utf-8"))
    at = {point.name: (point.longitude, point.latitude) for point in gpx.waypoints}
    lines = {
        track.name: np.array([(p.longitude, p.latitude) for s in track.segments for p in s.points])
        for track in gpx.tracks
    }
    out, back = lines["Lobuche - Everest Base Camp Monument"], lines["Everest Base Camp Monument - Lobuche"]
    down = lines["Lobuche - Namche Bazaar"]
    up, camp = "Gorak Shep", "Tengboche"
    sources = (
        (("Lukla to Monjo", "Monjo to Namche Bazaar"), (lines["Lukla - Phakding"], lines["Phakding - Namche Bazaar"])),
        (("Namche Bazaar to Pangboche",), (_cut(down, at["Pangboche"], None)[::-1],)),
        (("Lobuche to Gorak Shep",), (_cut(out, None, at[up]),)),
        (("Gorak Shep to Everest Base Camp (return)",), (_cut(out, at[up], None), _cut(back, None, at[up]))),
        (("Gorak Shep to Lobuche",), (_cut(back, at[up], None),)),
        (("Lobuche to Tengboche",), (_cut(down, None, at[camp]),)),
        (("Tengboche to Namche Bazaar",), (_cut(down, at[camp], None),)),
        (("Namche Bazaar to Lukla",), (lines["Namche Bazaar - Lukla"],)),
    )  # fmt: skip
    with (data / "places" / "khumbu_garmin_daily_stats.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    return [
        Pair(
            ", ".join(names),
            parts,
            *(
                scale * sum(float(rows[name][key]) for name in names)
                for key, scale in (("distance_km", 1000.0), ("ascent_m", 1.0), ("descent_m", 1.0))
            ),
        )
        for names, parts in sources
    ]


def _cut(line: FloatArray, start: tuple[float, float] | None, end: tuple[float, float] | None) -> FloatArray:
    first = 0 if start is None else _nearest(line, start)
    last = len(line) - 1 if end is None else _nearest(line, end)
    return line[first : last + 1]


def _nearest(line: FloatArray, position: tuple[float, float]) -> int:
    return int(distance_m([position[0]], [position[1]], line[:, 0], line[:, 1]).argmin())


def _gr11(data: Path) -> Pair:
    gpx = gpxpy.parse((data / "gpx" / "andorra_osm_gr11.gpx").read_text(encoding="utf-8"))
    segment = max((s for t in gpx.tracks for s in t.segments), key=lambda s: len(s.points))
    line = np.array([(point.longitude, point.latitude) for point in segment.points])
    return Pair("GR 11, Arans to the Portella de Baiau", (_cut(line, ARANS, PORTELLA),), None, GR11_M, None)


def _fault(pair: Pair, dem: ElevationSource) -> str:
    """Print the pair and return why it does not match; "" if it does."""
    line_m = sum(_length_m(part) for part in pair.parts)
    void = np.concatenate([_heights(part, dem)[1] for part in pair.parts])
    missing = float(np.mean(~np.isfinite(void)))
    change = _change_m(pair, dem)
    net = pair.ascent_m - (pair.descent_m or 0.0)
    watch_m = pair.length_m or line_m
    faults = []
    if missing > 0.0:
        faults.append(f"the DEM is void along {missing:.0%} of it")
    elif abs(net - change) > CLOSE_M:
        faults.append("the watch does not close")
    if abs(line_m / watch_m - 1.0) > LENGTH_SHARE:
        faults.append("another way")
    print(
        f"| {pair.name} | {line_m / 1000:.2f} km | {watch_m / 1000:.2f} km | {net:+.0f} m | {change:+.0f} m "
        f"| {'; '.join(faults) or 'used'} |"
    )
    return "; ".join(faults)


def _length_m(part: FloatArray) -> float:
    return float(cumulative_distance_m(part[:, 0], part[:, 1])[-1])


def _heights(part: FloatArray, dem: ElevationSource) -> tuple[FloatArray, FloatArray]:
    profile = profile_of(part[:, 0], part[:, 1], dem, ProfileParameters(), HeightSource.DEM_OSM)
    return profile.distance_m, profile.raw_m


def _change_m(pair: Pair, dem: ElevationSource) -> float:
    ends = [(_heights(part, dem)[1][0], _heights(part, dem)[1][-1]) for part in pair.parts]
    return float(sum(end - start for start, end in ends))


def _print_errors(kept: list[tuple[Pair, ElevationSource]]) -> None:
    parameters = ProfileParameters()
    print("\n| pair | figure | measured | ours | P10 to P90 | held | error |")
    print("|---|---|---:|---:|---:|---|---:|")
    held: list[bool] = []
    ratios: list[float] = []
    errors: dict[str, list[float]] = {name: [] for name in ("ours", *PEERS)}
    for pair, dem in kept:
        profiles = [profile_of(p[:, 0], p[:, 1], dem, parameters, HeightSource.DEM_OSM) for p in pair.parts]
        generator = np.random.default_rng(parameters.seed)
        runs = sum_runs(
            [
                draw_runs(
                    profile,
                    dem,
                    parameters,
                    lateral_m=LATERAL_P90_M[Provenance.OSM] / Z90,
                    generator=generator,
                )
                for profile in profiles
            ]
        )
        sums = np.sum([ascent_descent_m(p.height_m, threshold_m=p.threshold_m) for p in profiles], axis=0)
        peers = {
            name: sum(peer(*_at_vertices(part, dem)) for part in pair.parts) for name, peer in PEERS.items()
        }
        errors["ours"].append(float(sums[0]) / pair.ascent_m - 1.0)
        for name, value in peers.items():
            errors[name].append(value / pair.ascent_m - 1.0)
        for which, true, value in (
            ("ascent", pair.ascent_m, float(sums[0])),
            ("descent", pair.descent_m, float(sums[1])),
        ):
            if true is None:
                continue
            ends = np.percentile(
                climb_runs(value, getattr(runs, f"{which}_m"), profiles[0].recipe, doubt(parameters, "climb")), [10, 90]
            )  # fmt: skip
            ratios.append(true / value)
            held.append(bool(ends[0] <= true <= ends[1]))
            print(
                f"| {pair.name} | {which} | {true:.0f} m | {value:.0f} m | {ends[0]:.0f} to {ends[1]:.0f} m "
                f"| {'yes' if held[-1] else 'no'} | {value / true - 1.0:+.0%} |"
            )
    _print_floor(ratios, len(kept))
    low, high = binomtest(sum(held), len(held)).proportion_ci(method="wilson")
    print(
        f"\n{sum(held)} of {len(held)} figures of {len(kept)} pairs held ({sum(held) / len(held):.0%}; 95 % binomial "
        f"{low:.0%} to {high:.0%}, were they independent; ascent and descent of one pair are not).\n"
    )
    print(f"| recipe, ascent of {len(kept)} pairs | mean error | standard deviation |")
    print("|---|---:|---:|")
    for name, values in errors.items():
        print(f"| {name} | {np.mean(values):+.1%} | {np.std(values, ddof=1):.1%} |")


def _print_floor(ratios: list[float], pairs: int) -> None:
    """Print how far statements lie from our figures (`routes.analysis.verdicts.lines.CLIMB_SHARE`)."""
    n = len(ratios)
    squares = float(((np.array(ratios) - 1.0) ** 2).sum())
    low, high = (np.sqrt(squares / chi2.ppf(level, n)) for level in (0.975, 0.025))
    print(
        f"\nMeasured over ours less 1, {n} figures of {pairs} pairs: root mean square {np.sqrt(squares / n):.2f} (95 % "
        f"{low:.2f} to {high:.2f}, were they independent and normal)."
    )


def _at_vertices(part: FloatArray, dem: ElevationSource) -> tuple[FloatArray, FloatArray]:
    return cumulative_distance_m(part[:, 0], part[:, 1]), dem.sample(part[:, 0], part[:, 1]).height_m
