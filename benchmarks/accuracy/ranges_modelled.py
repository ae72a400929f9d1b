"""Tables of modelled lines for ranges.py: real trails, and the lines traced for them."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.accuracy.coverage import Coverage, held_text, known
from benchmarks.data.trails import length_m, offsets_m, trail_pieces
from benchmarks.data.truth import Track, dem_at
from routes._typing import FloatArray
from routes.analysis.figures.legs import study_line
from routes.analysis.figures.modelled_lines import LEAST_TIME, SPACING_POWER, Stops
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.figures.ranges import length_model
from routes.analysis.tracing.terrain import trace_positions
from routes.dem.folder import DEMFolder
from routes.errors import TraceError
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import prominent_peaks
from routes.kernel.uncertainty import Z80
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment

TRACKS = ("walk-03", "walk-10", "walk-14", "us-01", "us-02", "us-03", "us-04", "us-06", "cat-02", "cat-04")
TRAILS = ("gr107", "hrp", "gr11", "gr11varianteexpuesta")
LEAST_PIECE_M = 3000.0
TOP_M = 100.0
"""Prominence along the route from which a top becomes a stop, metres."""

REPORTED = (math.log(1.19), math.log(1.55 / 0.99) / (2.0 * Z80), 19)
"""Reported ratio of trails to least-time lines for 19 other lines: mean and standard deviation of its logarithm,
number of lines."""


@dataclass(frozen=True)
class Trail:
    """A real trail over a DEM."""

    name: str
    source: str
    line: FloatArray
    dem: DEMFolder
    ascent_m: float | None = None
    """Its ascent, metres; if None, the DEM's along it."""


@dataclass(frozen=True)
class Fit:
    """Logarithm of trail over line at the standard stop spacing, and number of stretches."""

    source: str
    log: float
    stretches: int


def modelled_tables(tracks: Mapping[str, Track], data: Path, true_ascent_m: Callable[[Track], float]) -> None:
    trails = list(_trails(tracks, data, true_ascent_m))
    for every_m in (3000.0, 0.0):
        _table(trails, every_m)


def _trails(
    tracks: Mapping[str, Track], data: Path, true_ascent_m: Callable[[Track], float]
) -> Iterator[Trail]:
    for name in TRACKS:
        track = tracks[name]
        ascent_m = None if name == "us-01" else true_ascent_m(track)
        yield Trail(name, track.source, track.vertices, known(track.dem), ascent_m)
    andorra = dem_at(data / "dem" / "N42E001.hgt.zip")
    for trail in TRAILS:
        for piece in trail_pieces(data / "gpx" / f"andorra_osm_{trail}.gpx", trail):
            if piece.length_m > LEAST_PIECE_M:
                yield Trail(piece.name, "andorra", piece.line, andorra)


def _table(trails: Sequence[Trail], every_m: float) -> None:
    also = f" and every {every_m / 1000:g} km" if every_m else ""
    print(f"\n## Modelled lines, stops at the ends, at tops of {TOP_M:g} m{also}\n")
    print(
        "| line | stretches | every | trail, m | ours (P10 to P90) | log | held | ascent | ours (P10 to P90) | log "
        "| held | offset 90 % / bound |\n" + "|---" * 12 + "|"
    )
    length, straight, climb = Coverage(), Coverage(), Coverage()
    fits: list[Fit] = []
    offsets: list[FloatArray] = []
    for trail in trails:
        parts, paths = _traced(trail, every_m)
        away = [length_m(part[[0, -1]]) for part in parts]
        stops = Stops(len(parts), sum(away) / len(parts))
        line = Line(tuple(Segment(*path.T) for path, _ in paths), Provenance.MODELLED, "traced")
        ours = study_line(line, source=trail.dem, parameters=ProfileParameters(), stops=stops)
        walked = Line(tuple(Segment(*part.T) for part in parts), Provenance.RECORDED, "trail")
        by_dem = study_line(walked, source=trail.dem, parameters=ProfileParameters())
        true_m = sum(length_m(part) for part in parts)
        shares = [
            offsets_m(part, [path], 200) / bound for part, (path, bound) in zip(parts, paths, strict=True)
        ]
        offsets.append(np.concatenate(shares))
        log = math.log(true_m / known(ours.length_model).drawn_m) - SPACING_POWER * math.log(stops.spacings)
        fits.append(Fit(trail.source, log, stops.stretches))
        crow = length_model(sum(away), Provenance.SCHEMATIC, stops)
        likely = crow.__class__(crow.likely_m, crow.likely_m, crow.doubt, crow.basis).estimate
        straight.add(true_m, likely, trail.source)
        cells = length.add(true_m, ours.length_m, trail.source)
        climbs = "| | |"
        if ours.ascent_m is not None and by_dem.ascent_m is not None:
            climbs = climb.add(trail.ascent_m or by_dem.ascent_m.value, ours.ascent_m, trail.source)
        print(
            f"| {trail.name} | {stops.stretches} | {stops.every_m / 1000:.1f} km | {cells} | {climbs} "
            f"| {np.percentile(offsets[-1], 90.0):.2f} |"
        )
    length.print_all("length")
    straight.print_all("length from straight lines")
    climb.print_all("ascent")
    pooled = np.concatenate(offsets)
    ends = ", ".join(f"{share} % within {np.percentile(pooled, share):.2f}" for share in (50, 90, 99))
    print(f"\nOffset of the trails over the bound of their lines, along {len(fits)} lines: {ends}")
    for is_reported in (False, True):
        _left_out(fits, is_reported=is_reported)


def _traced(trail: Trail, every_m: float) -> tuple[list[FloatArray], list[tuple[FloatArray, float]]]:
    """Parts of a trail between its stops, and for each the least-time line with its bound."""
    parts, paths = [], []
    for first, last in pairwise(_stops(trail, every_m)):
        part = trail.line[first : last + 1]
        if length_m(part[[0, -1]]) < 100.0:
            continue
        try:
            (path,) = trace_positions(part[[0, -1]], trail.dem)
        except TraceError:  # an end on a void
            continue
        parts.append(part)
        paths.append((np.column_stack([path.lon_deg, path.lat_deg]), path.lateral_p90_m))
    return parts, paths


def _stops(trail: Trail, every_m: float) -> list[int]:
    """Vertices at the ends, at tops, and at intervals between them."""
    along = cumulative_distance_m(trail.line[:, 0], trail.line[:, 1])
    line = Line((Segment(*trail.line.T),), Provenance.RECORDED, "trail")
    study = study_line(line, source=trail.dem, parameters=ProfileParameters())
    tops = [
        float(profile.distance_m[top])
        for profile in study.profiles
        for top in prominent_peaks(profile.height_m, prominence_m=TOP_M)[0]
    ]
    more = np.arange(every_m, along[-1] - 500.0, every_m).tolist() if every_m else []
    at = np.array(sorted({0.0, float(along[-1]), *tops, *more}))
    at = at[np.concatenate(([True], np.diff(at) > 200.0))]
    at[-1] = along[-1]
    return [int(np.argmin(np.abs(along - one))) for one in at]


def _left_out(fits: Sequence[Fit], *, is_reported: bool) -> None:
    print(
        f"\nLength left out a source at a time{', the 19 reported lines always in' if is_reported else ''}:"
    )
    held: list[bool] = []
    for source in dict.fromkeys(fit.source for fit in fits):
        rest = [fit for fit in fits if fit.source != source]
        own = [fit for fit in fits if fit.source == source]
        centre = float(
            np.mean(
                [np.mean([f.log for f in rest if f.source == one]) for one in {fit.source for fit in rest}]
            )
        )
        if is_reported:
            centre = 0.5 * (centre + REPORTED[0])
        within = LEAST_TIME.between_stretches**2
        squares = [(fit.log - centre) ** 2 - within / fit.stretches for fit in rest]
        if is_reported:
            squares += [REPORTED[1] ** 2 + (REPORTED[0] - centre) ** 2 - within / 7.0] * REPORTED[2]
        between = max(float(np.mean(squares)), 0.0)
        hits = [abs(fit.log - centre) <= Z80 * math.sqrt(between + within / fit.stretches) for fit in own]
        held.extend(hits)
        print(
            f"  without {source}: factor {math.exp(centre):.2f}, between lines {math.sqrt(between):.2f}; held "
            f"{sum(hits)}/{len(hits)}"
        )
    print(f"  together {held_text(held)}")
