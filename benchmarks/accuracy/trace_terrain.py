"""Tables of modelled lines for benchmarks/accuracy/trace.py."""

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.data.trails import HELD_OUT, TRAINING, Ground, Piece, cut, length_m, offsets_m, stretches
from routes._typing import FloatArray
from routes.analysis.figures.modelled_lines import modelled_errors, stops_every_m
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.figures.recipes import HeightSource
from routes.analysis.tracing.terrain import TerrainPath, TraceParameters, trace_positions
from routes.dem.folder import DEMFolder
from routes.errors import TraceError
from routes.kernel.leasttime.path import SPEEDS
from routes.kernel.profile import ascent_descent_m

STRETCHES_M = (1500.0, 3000.0, 6000.0, 12_000.0)
SLACKS = (0.05, 0.08, 0.1, 0.11, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22)
DAY_M = 12_000.0
DAYS = 2000
CLIMB_M = 200.0
_LINE = HeightSource.DEM_MODELLED


def terrain_tables(ground: Ground) -> None:
    train = ground.of(TRAINING)
    print(
        '\n### Slack: share of the GR107 and the HRP within the bound of lines over SRTM 3", by length of stretch\n'
    )
    print("| slack | " + " | ".join(f"{m / 1000:g} km" for m in STRETCHES_M) + " | least of a piece |")
    print("|---:|" + "---:|" * (len(STRETCHES_M) + 1))
    for slack in SLACKS:
        parameters = TraceParameters(slack=slack)
        shares = [_coverage(_parts(train, metres), ground.dem, parameters) for metres in STRETCHES_M]
        by_piece = [
            _coverage(parts, ground.dem, parameters)
            for piece in train
            for metres in STRETCHES_M
            if (parts := _parts([piece], metres))
        ]
        print(f"| {slack:g} | " + " | ".join(f"{share:.3f}" for share in (*shares, min(by_piece))) + " |")
    print("\n### Trails against modelled lines: GR107 and HRP, days of 12 km made of such stretches\n")
    print(
        "| speed | stretch | n | offset median | rms | 90 % | length P10 | 50 | 90 | ascent P10 | 50 | 90 |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for speed in SPEEDS:
        for metres in STRETCHES_M[:3]:
            _error_row(_parts(train, metres), ground.dem, metres, speed)
    print("\n### Held out: modelled lines through the ends and named passes of the GR11\n")
    print(
        "| piece | stops every | true | line | corrected (P10 to P90) | ascent true | corrected (P10 to P90) | offset "
        "median | 90 % | bound | within it |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for names in (HELD_OUT, TRAINING):
        rows = [_piece_row(piece, ground.dem) for piece in ground.of(names)]
        within = np.average([share for share, _ in rows], weights=[metres for _, metres in rows])
        print(
            f"| **{'held out' if names is HELD_OUT else 'fitted on'}** | | | | | | | | | | **{within:.3f}** |"
        )


def _parts(pieces: Iterable[Piece], metres: float) -> list[FloatArray]:
    return [part for piece in pieces for part in stretches(piece.line, metres)]


def _paths(ends: FloatArray, dem: DEMFolder, parameters: TraceParameters) -> tuple[TerrainPath, ...] | None:
    try:
        return trace_positions(ends, dem, parameters)
    except TraceError:  # an end on a void
        return None


def _coverage(parts: Sequence[FloatArray], dem: DEMFolder, parameters: TraceParameters) -> float:
    shares, weights = [], []
    for part in parts:
        paths = _paths(part[[0, -1]], dem, parameters)
        if paths is not None:
            shares.append((offsets_m(part, _vertices(paths)) <= paths[0].lateral_p90_m).mean())
            weights.append(length_m(part))
    return float(np.average(shares, weights=weights))


def _vertices(paths: Sequence[TerrainPath]) -> list[FloatArray]:
    return [np.column_stack([path.lon_deg, path.lat_deg]) for path in paths]


def _error_row(parts: Sequence[FloatArray], dem: DEMFolder, metres: float, speed: str) -> None:
    offsets: list[FloatArray] = []
    sums: list[tuple[float, float, float, float]] = []
    for part in parts:
        paths = _paths(part[[0, -1]], dem, TraceParameters(speed=speed))
        if paths is None:
            continue
        (path,) = _vertices(paths)
        offsets.append(offsets_m(part, [path]))
        sums.append((length_m(part), length_m(path), _ascent_m(part, dem), _ascent_m(path, dem, _LINE)))
    offset = np.concatenate(offsets)
    draws = np.random.default_rng(1).integers(len(sums), size=(DAYS, round(DAY_M / metres)))
    days = np.array(sums)[draws].sum(axis=1)
    climbing = days[days[:, 3] >= CLIMB_M]
    figures = [
        *np.percentile(days[:, 0] / days[:, 1], [10, 50, 90]),
        *np.percentile(climbing[:, 2] / climbing[:, 3], [10, 50, 90]),
    ]
    print(
        f"| {speed} | {metres / 1000:g} km | {len(sums)} | {np.median(offset):.0f} m | "
        f"{np.sqrt((offset**2).mean()):.0f} m | {np.percentile(offset, 90):.0f} m | "
        + " | ".join(f"{figure:.2f}" for figure in figures)
        + " |"
    )


def _piece_row(piece: Piece, dem: DEMFolder) -> tuple[float, float]:
    """Print a row; share within the bound, and length."""
    stops = np.array([(stop.lon, stop.lat) for stop in piece.stops])
    paths = trace_positions(stops, dem)
    lines = _vertices(paths)
    errors = modelled_errors(stops_every_m(piece.stops))
    line_m = sum(length_m(line) for line in lines)
    ascent = sum(_ascent_m(line, dem, _LINE) for line in lines)
    # each run between stops has its own bound
    within = [
        (offsets_m(true, [line]) <= path.lateral_p90_m).mean()
        for true, line, path in zip(cut(piece), lines, paths, strict=True)
    ]
    share = float(np.average(within, weights=[length_m(true) for true in cut(piece)]))
    offset = offsets_m(piece.line, lines)
    low, middle, high = (ratio * line_m / 1000.0 for ratio in errors.length_ratio)
    least, most_likely, most = (ratio * ascent for ratio in errors.ascent_ratio)
    bounds = " / ".join(f"{path.lateral_p90_m:.0f}" for path in paths)
    print(
        f"| {piece.name} | {stops_every_m(piece.stops) / 1000:.1f} km | {piece.length_m / 1000:.1f} km | "
        f"{line_m / 1000:.1f} km | {middle:.1f} ({low:.1f} to {high:.1f}) km | {_ascent_m(piece.line, dem):.0f} m | "
        f"{most_likely:.0f} ({least:.0f} to {most:.0f}) m | {np.median(offset):.0f} m | "
        f"{np.percentile(offset, 90):.0f} m | {bounds} m | {share:.3f} |"
    )
    return share, piece.length_m


def _ascent_m(line: FloatArray, dem: DEMFolder, kind: HeightSource = HeightSource.DEM_OSM) -> float:
    """Ascent by the recipe of the kind of line: trails are as OpenStreetMap has them."""
    profile = profile_of(line[:, 0], line[:, 1], dem, ProfileParameters(), kind)
    return ascent_descent_m(profile.height_m[np.isfinite(profile.height_m)], threshold_m=profile.threshold_m)[
        0
    ]
