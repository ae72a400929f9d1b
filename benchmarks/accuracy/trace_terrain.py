"""Tables of modelled lines for trace.py."""

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.data.trails import HELD_OUT, TRAINING, Ground, Piece, cut, length_m, offsets_m, stretches
from routes._typing import FloatArray
from routes.analysis.figures.height_sources import BAND_M, HeightSource
from routes.analysis.figures.modelled_lines import stops_of
from routes.analysis.figures.profile import Profile, ProfileParameters, profile_of
from routes.analysis.figures.ranges import climb_model, length_model, sum_climbs
from routes.analysis.tracing.terrain import TerrainPath, TraceParameters, trace_positions
from routes.dem.folder import DEMFolder
from routes.errors import TraceError
from routes.kernel.climb import climb_of
from routes.kernel.leasttime.path import SPEEDS
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance

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
    print("\n### Modelled lines through the ends and named passes of each trail\n")
    print(
        "| piece | stops every | true | line | corrected (P10 to P90) | ascent true | corrected (P10 to P90) | offset "
        "median | 90 % | bound | within it |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for names in (HELD_OUT, TRAINING):
        rows = [_piece_row(piece, ground.dem) for piece in ground.of(names)]
        within = np.average([share for share, _ in rows], weights=[metres for _, metres in rows])
        print(
            f"| **{'GR 11' if names is HELD_OUT else 'GR 107, HRP'}** | | | | | | | | | | **{within:.3f}** |"
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
    """Print a row; returns the share within the bound, and the length."""
    stops = np.array([(stop.lon, stop.lat) for stop in piece.stops])
    paths = trace_positions(stops, dem)
    lines = _vertices(paths)
    known = stops_of(piece.stops)
    length = length_model(sum(length_m(line) for line in lines), Provenance.MODELLED, known)
    climb = sum_climbs(
        climb_model([_profile(line, dem, _LINE)], Provenance.MODELLED, known) for line in lines
    )
    # each run between stops has its own bound
    within = [
        (offsets_m(true, [line]) <= path.lateral_p90_m).mean()
        for true, line, path in zip(cut(piece), lines, paths, strict=True)
    ]
    share = float(np.average(within, weights=[length_m(true) for true in cut(piece)]))
    offset = offsets_m(piece.line, lines)
    bounds = " / ".join(f"{path.lateral_p90_m:.0f}" for path in paths)
    print(
        f"| {piece.name} | {known.every_m / 1000:.1f} km | {piece.length_m / 1000:.1f} km | "
        f"{length.drawn_m / 1000:.1f} km | {_ranged(length.estimate, 1000.0, 1)} km | "
        f"{_ascent_m(piece.line, dem):.0f} m | {_ranged(climb.ascent, 1.0, 0)} m | {np.median(offset):.0f} m | "
        f"{np.percentile(offset, 90):.0f} m | {bounds} m | {share:.3f} |"
    )
    return share, piece.length_m


def _ascent_m(line: FloatArray, dem: DEMFolder, kind: HeightSource = HeightSource.DEM_OSM) -> float:
    """Ascent along a line, metres; by default as for a trail from OpenStreetMap."""
    height = _profile(line, dem, kind).height_m
    return climb_of(height[np.isfinite(height)], threshold_m=BAND_M).ascent_m


def _profile(line: FloatArray, dem: DEMFolder, kind: HeightSource) -> Profile:
    return profile_of(line[:, 0], line[:, 1], dem, ProfileParameters(), kind)


def _ranged(estimate: Estimate, unit: float, digits: int) -> str:
    value, low, high = (
        f"{(end or 0.0) / unit:.{digits}f}" for end in (estimate.value, estimate.p10, estimate.p90)
    )
    return f"{value} ({low} to {high})"
