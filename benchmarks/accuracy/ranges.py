"""Test our ranges on real ground: ascent, length of modelled lines, and walking time.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/ranges.py [recorded dem modelled time gaps]

For each line it prints the true value, our estimate with P10 to P90, the logarithm of true over estimated value, and
whether the range contains the true value; then bias, spread and coverage with 95 % intervals, by source. A source is a
person, a publisher or a region. Its lines may share errors, so parameters are refitted without each source in turn,
never without single lines.
"""

import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.accuracy.ascent_peers import PEERS
from benchmarks.accuracy.coverage import Coverage, held_text, known
from benchmarks.accuracy.ranges_modelled import modelled_tables
from benchmarks.accuracy.ranges_time import time_tables
from benchmarks.data.truth import Track, dem_at, gr11_pair, khumbu_pairs, tracks_of
from routes._typing import FloatArray
from routes.analysis.figures.clean_heights import cleaned
from routes.analysis.figures.height_sources import BAND_M, LONG_M
from routes.analysis.figures.legs import study_line
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.figures.ranges import COUNTER_SHARE, DEM_FLOOR_M, PER_KM_90_M
from routes.analysis.figures.results import LineStudy
from routes.analysis.heights.source import ElevationSource
from routes.kernel.climb import climb_of
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import smooth
from routes.kernel.uncertainty import Z80
from routes.model.estimate import Estimate
from routes.model.track import Line

PARAMETERS = ProfileParameters()

CLOSE_M = 60.0
"""Largest difference between a watch's ascent less descent and the DEM's height change end to end, metres."""

LEFT_OUT = {"us-01", "us-05"}
"""Tracks whose own heights are not the truth, according to their README."""

CELL = "| line | truth | ours (P10 to P90) | log | held |\n|---|---:|---:|---:|---|"


def studied(line: Line, source: ElevationSource | None) -> LineStudy:
    return study_line(line, source=source, parameters=PARAMETERS)


def true_ascent_m(track: Track) -> float:
    """Ascent of a track: an app's, otherwise from its own heights."""
    if track.source in ("walk", "cat") or track.name == "us-03":
        return float(track.row["ascent_m"])
    return known(studied(track.line, None).ascent_m).value


def recorded_table(tracks: Sequence[Track]) -> None:
    print("\n## Ascent from recorded heights\n")
    print("| line | heights | truth | ours (P10 to P90) | log | held |\n|---|---|---:|---:|---:|---|")
    cover, peers, shares = Coverage(), {name: Coverage() for name in PEERS}, []
    for track in tracks:
        if track.source not in ("walk", "cat") and track.name != "us-03":
            continue
        study, truth = studied(track.line, None), float(track.row["ascent_m"])
        ascent = known(study.ascent_m)
        cells = cover.add(truth, ascent, track.source)
        print(f"| {track.name} | {study.profiles[0].heights.value} | {cells} |")
        shares.append((truth - ascent.value) / study.line_climb.counter_m)
        for name, peer in PEERS.items():
            value = sum(peer(*_own_heights(track.line, i)) for i in range(len(track.line.segments)))
            peers[name].add(truth, Estimate(max(value, 1.0)), track.source)
    cover.print_all("ours")
    _print_peers(cover, peers)
    print(
        "\nShare of what is climbed and lost again, root mean square, and held, left out a source at a time:"
    )
    held: list[bool] = []
    sources = np.array(cover.sources)
    for source in dict.fromkeys(cover.sources):
        rest = np.array(shares)[sources != source]
        spread = math.sqrt(float(np.mean(rest**2)))
        own = np.abs(np.array(shares)[sources == source]) <= Z80 * spread + 0.02
        held.extend(own.tolist())
        print(f"  {source}: {spread:.3f} from {rest.size} others; {int(own.sum())}/{own.size}")
    print(f"  together {held_text(held)}; all lines {math.sqrt(float(np.mean(np.square(shares)))):.3f}")


def _own_heights(line: Line, index: int) -> tuple[FloatArray, FloatArray]:
    segment = line.segments[index]
    along = cumulative_distance_m(segment.lon_deg, segment.lat_deg)
    height, _ = cleaned(along, known(segment.ele_m))
    is_known = np.isfinite(height)
    return along[is_known], height[is_known]


def _print_peers(ours: Coverage, peers: dict[str, Coverage]) -> None:
    print("\n| method | bias | spread |\n|---|---:|---:|")
    for name, found in {"ours": ours, **peers}.items():
        print(f"| {name} | {np.mean(found.logs):+.3f} | {np.std(found.logs, ddof=1):.3f} |")


def dem_table(tracks: Sequence[Track], data: Path) -> None:
    print("\n## Ascent from a DEM on recorded lines, and from file and DEM together\n")
    print("| line | rows | truth | DEM (P10 to P90) | log | held | both | excluded |\n" + "|---" * 8 + "|")
    cover, fine, coarse, both = Coverage(), Coverage(), Coverage(), Coverage()
    peers: dict[str, Coverage] = {name: Coverage() for name in PEERS}
    rows: list[tuple[float, float, float]] = []
    for track in tracks:
        if track.dem is None or track.name in LEFT_OUT:
            continue
        study, truth, whole = (
            studied(track.bare, track.dem),
            true_ascent_m(track),
            studied(track.line, track.dem),
        )
        if study.ascent_m is None or whole.ascent_m is None:
            print(f"| {track.name} | {study.missing} |")
            continue
        cells = cover.add(truth, study.ascent_m, track.source)
        row_m, length_m = study.profiles[0].dem_spacing_m, study.length_m.value
        (coarse if row_m > 75.0 else fine).add(truth, study.ascent_m, track.source)
        rows.append(
            (truth - study.ascent_m.value, length_m / 1000.0 * row_m / 90.0, study.line_climb.counter_m)
        )
        if track.source in ("walk", "cat") or track.name == "us-03":
            both.add(truth, whole.ascent_m, track.source)
        is_excluded = whole.recorded is not None and whole.recorded.is_excluded
        print(
            f"| {track.name} | {row_m:.0f} m | {cells} | {whole.ascent_m.value:.0f} ({whole.ascent_m.p10:.0f} to "
            f"{whole.ascent_m.p90:.0f}) | {'yes' if is_excluded else ''} |"
        )
        for name, peer in PEERS.items() if row_m > 75.0 else ():
            value = sum(peer(*_dem_heights(s.lon_deg, s.lat_deg, track.dem)) for s in track.line.segments)
            peers[name].add(truth, Estimate(max(value, 1.0)), track.source)
    cover.print_all("all")
    coarse.print_all("rows 90 m apart")
    fine.print_all("rows 42 to 59 m apart")
    both.print_all("file and DEM together, against apps")
    _print_peers(coarse, peers)
    _print_left_out(rows, cover.sources)
    _osm_table(data)


def _dem_heights(lon: FloatArray, lat: FloatArray, dem: ElevationSource) -> tuple[FloatArray, FloatArray]:
    height = dem.sample(lon, lat).height_m
    is_known = np.isfinite(height)
    return cumulative_distance_m(lon, lat)[is_known], height[is_known]


def _print_left_out(rows: Sequence[tuple[float, float, float]], sources: Sequence[str]) -> None:
    print("\nMetres a kilometre over rows 90 m apart, most likely, left out a source at a time:")
    held: list[bool] = []
    for source in dict.fromkeys(sources):
        rest = [row for row, of in zip(rows, sources, strict=True) if of != source]
        own = [row for row, of in zip(rows, sources, strict=True) if of == source]
        per_km = _most_likely(rest)
        hits = [abs(row[0]) <= Z80 * _sigma(row, per_km) for row in own]
        held.extend(hits)
        print(f"  without {source}: {per_km:.1f} from {len(rest)} lines; held {sum(hits)}/{len(hits)}")
    print(f"  together {held_text(held)}; all lines {_most_likely(rows):.1f}, in use {PER_KM_90_M:g}")


def _sigma(row: tuple[float, float, float], per_km: float) -> float:
    return math.hypot(DEM_FLOOR_M, per_km * row[1], COUNTER_SHARE * row[2])


def _most_likely(rows: Sequence[tuple[float, float, float]]) -> float:
    def log_likelihood(per_km: float) -> float:
        sigmas = [_sigma(row, per_km) for row in rows]
        return sum(
            -0.5 * (row[0] / sigma) ** 2 - math.log(sigma) for row, sigma in zip(rows, sigmas, strict=True)
        )

    return max((0.1 * tenths for tenths in range(200)), key=log_likelihood)


def _osm_table(data: Path) -> None:
    print(
        f'\n## Ascent and descent from SRTM 3" on OpenStreetMap lines, against a watch; not fitted\n\n{CELL}'
    )
    cover = Coverage()
    everest, andorra = dem_at(data / "dem" / "N27E086_everest.tif"), dem_at(data / "dem" / "N42E001.hgt.zip")
    for pair, source, dem in [
        *((p, "khumbu", everest) for p in khumbu_pairs(data)),
        (gr11_pair(data), "gr11", andorra),
    ]:
        study = studied(pair.line, dem)
        if study.ascent_m is None or study.descent_m is None:
            print(f"| {pair.name} | {study.missing} |")
            continue
        off = 0.0 if pair.descent_m is None else pair.ascent_m - pair.descent_m - study.line_climb.net_m
        if abs(off) > CLOSE_M:
            print(f"| {pair.name} | the watch's ends are {off:+.0f} m off |")
            continue
        print(f"| {pair.name}, ascent | {cover.add(pair.ascent_m, study.ascent_m, source)} |")
        if pair.descent_m is not None:
            print(f"| {pair.name}, descent | {cover.add(pair.descent_m, study.descent_m, source)} |")
    cover.print_all("OpenStreetMap lines")


def gaps_table(tracks: Sequence[Track]) -> None:
    print("\n## Gaps cut into known profiles: what a straight bridge misses of ascent\n")
    print("| gap | gaps | mean | root mean square | a km |\n|---:|---:|---:|---:|---:|")
    random = np.random.default_rng(1)
    missed: dict[int, list[float]] = {}
    for track in tracks:
        if track.dem is None:
            continue
        for profile in studied(track.bare, track.dem).profiles:
            whole = profile.climb.half_m
            raw = np.where(np.isfinite(profile.raw_m), profile.raw_m, profile.height_m)
            for gap_m in (100, 200, 300, 500, 700, 1000):
                count = max(round(gap_m / profile.spacing_m), 1)
                for first in random.integers(1, max(raw.size - count - 1, 2), 25).tolist():
                    ends = [first - 1, min(first + count, raw.size - 1)]
                    cut = raw.copy()
                    cut[first : ends[1]] = np.interp(np.arange(first, ends[1]), ends, raw[ends])
                    cut = smooth(cut, sigma_m=LONG_M, spacing_m=profile.spacing_m)
                    missed.setdefault(gap_m, []).append(whole - climb_of(cut, threshold_m=BAND_M).half_m)
    for gap_m, values in missed.items():
        rms = math.sqrt(float(np.mean(np.square(values))))
        print(
            f"| {gap_m} m | {len(values)} | {np.mean(values):+.1f} m | {rms:.1f} m | {1000.0 * rms / gap_m:.0f} m |"
        )


def main(data: Path, wanted: Sequence[str]) -> None:
    tracks = tracks_of(data)
    tables = {
        "recorded": lambda: recorded_table(list(tracks.values())),
        "dem": lambda: dem_table(list(tracks.values()), data),
        "modelled": lambda: modelled_tables(tracks, data, true_ascent_m),
        "time": lambda: time_tables(list(tracks.values()), data),
        "gaps": lambda: gaps_table(list(tracks.values())),
    }
    for name in wanted or tables:
        tables[name]()


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]), sys.argv[1:])
