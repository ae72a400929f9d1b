"""Test the search for passes between two villages, on pairs of villages in Andorra.

Run with ROUTES_TEST_DATA set to the folder that docs/data.md describes:

    ROUTES_TEST_DATA=... python benchmarks/accuracy/validate_between.py

The pairs are not chosen by hand. For every ``mountain_pass`` node of the OpenStreetMap extract, water runs down the
filled DEM from a circle of 300 m. The two settlements within 500 m that most of it passes first are the villages that
the pass separates. Settlements are the extract's towns, villages and hamlets and, as it ends at the border, five
villages of the neighbours. A pass without settlements on both sides is named and left out. Two further pairs are
joined over a pass by a road or a mapped path, wherever the water runs.
"""

import gzip
import heapq
import os
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from routes._typing import FloatArray, IntArray
from routes.analysis.heights.source import ElevationSource
from routes.analysis.passes.between import PASS_SLACK, BetweenCandidate, passes_between
from routes.analysis.passes.saddles import study_pass
from routes.dem.folder import open_dem
from routes.kernel.geodesy import distance_m, metres_per_degree
from routes.model.grid import Grid
from routes.model.kinds import PlaceKind
from routes.model.trek import Place

NEAR_M = 150.0
"""Distance within which a saddle belongs to a pass, metres: the diagonal of a 3" cell and 20 m of position are 135;
rounded up to include Portella de Baiau's, 141 m away."""

CIRCLE_M, VILLAGE_M = 300.0, 500.0
LEAST_SHARE = 0.1
"""Minimum share of the circle that must drain to a settlement."""

BOUNDS = (1.28, 42.40, 1.86, 42.80)

NEIGHBOURS = {
    "Pas de la Casa": (1.73383, 42.54234),
    "l'Hospitalet-près-l'Andorre": (1.80389, 42.59167),
    "Siguer": (1.56639, 42.76528),
    "Àreu": (1.3261, 42.5908),
}
"""Villages beyond the extract, longitude and latitude: the first three from their Wikipedia articles (to a second of
arc); that of Àreu is read off by hand, without a published figure."""

BY_ROAD = (("Ordino", "Canillo", "Col d'Ordino"), ("Erts", "la Cortinada", "Coll de les Cases"))
"""Villages joined over a pass by the road CS-240 and by a mapped path."""


@dataclass(frozen=True)
class Pair:
    """Two villages and the pass that separates them."""

    name: str
    at: tuple[float, float]
    first: Place
    second: Place


def main(data: Path) -> None:
    dem = open_dem(data / "dem" / "N42E001.hgt.zip")
    villages, passes = named(data)
    pairs, left_out = pairs_of(villages, passes, dem)
    print("| pass | stands between | saddle in the DEM | passes found | its place among them | its detour |")
    print("|---|---|---:|---:|---:|---:|")
    found = [row(pair, dem) for pair in pairs]
    shown = [is_found for has_saddle, is_found in found if has_saddle]
    print(
        f"\nBy the water: {sum(shown)} of {len(shown)} that the DEM shows, of {len(pairs)}; {PASS_SLACK:.0%} allowed."
    )
    print(f"Without a settlement on both sides, left out: {', '.join(left_out)}.\n")
    print("By road and path:\n")
    print("| pass | stands between | saddle in the DEM | passes found | its place among them | its detour |")
    print("|---|---|---:|---:|---:|---:|")
    for first, second, name in BY_ROAD:
        row(Pair(name, passes[name], village(first, villages[first]), village(second, villages[second])), dem)


def row(pair: Pair, dem: ElevationSource) -> tuple[bool, bool]:
    """Print what is found for a pair: whether the DEM has a saddle at the pass, and whether that is found."""
    here = study_pass(
        Place(id="pass", name=pair.name, kind=PlaceKind.PASS, lon=pair.at[0], lat=pair.at[1],
              position_uncertainty_m=20.0, position_source="OpenStreetMap"), dem,
    )  # fmt: skip
    has_saddle = bool(here.saddles) and here.saddles[0].distance_m <= NEAR_M
    saddle = (
        f"{here.saddles[0].height_m:.0f} m, {here.saddles[0].distance_m:.0f} m away" if has_saddle else "none"
    )
    everything = passes_between(pair.first, pair.second, dem, slack=np.inf)
    listed = [candidate for candidate in everything if candidate.detour_share <= PASS_SLACK]
    away = distances(pair, everything)
    hits = np.flatnonzero(away <= NEAR_M)
    rank, detour = "-", "-"
    if hits.size:
        detour = f"{everything[hits[0]].detour_share:.0%}"
        rank = f"{hits[0] + 1}" if hits[0] < len(listed) else "not among them"
    print(
        f"| {pair.name} | {pair.first.name}, {pair.second.name} | {saddle} | {len(listed)} | {rank} | {detour} |"
    )
    return has_saddle, bool(hits.size) and bool(hits[0] < len(listed))


def distances(pair: Pair, candidates: tuple[BetweenCandidate, ...]) -> FloatArray:
    if not candidates:
        return np.zeros(0)
    return distance_m([pair.at[0]], [pair.at[1]], [c.lon for c in candidates], [c.lat for c in candidates])


def named(data: Path) -> tuple[dict[str, tuple[float, float]], dict[str, tuple[float, float]]]:
    """Positions of settlements and of passes by name; Coll d'Ordino duplicates Col d'Ordino."""
    villages: dict[str, tuple[float, float]] = {}
    passes: dict[str, tuple[float, float]] = {}
    with gzip.open(data / "places" / "andorra.osm.gz") as file:
        for _, node in ET.iterparse(file):  # noqa: S314 - our own test data
            if node.tag == "node":
                tags = {tag.get("k"): tag.get("v") for tag in node}
                at = float(node.get("lon", "nan")), float(node.get("lat", "nan"))
                if tags.get("place") in ("town", "village", "hamlet"):
                    villages[str(tags["name"])] = at
                elif tags.get("mountain_pass") == "yes" and tags["name"] != "Coll d'Ordino":
                    passes[str(tags["name"])] = at
                node.clear()
    return villages | NEIGHBOURS, passes


def village(name: str, at: tuple[float, float]) -> Place:
    return Place(
        id="village", name=name, kind=PlaceKind.VILLAGE, lon=at[0], lat=at[1], position_uncertainty_m=50.0,
        position_source="OpenStreetMap",
    )  # fmt: skip


def pairs_of(
    villages: dict[str, tuple[float, float]], passes: dict[str, tuple[float, float]], dem: ElevationSource
) -> tuple[list[Pair], list[str]]:
    grid = dem.window(BOUNDS)
    if grid is None:
        sys.exit("The DEM does not cover Andorra.")
    down = downhill(grid)
    settlement, names = settlements(grid, villages)
    pairs, left_out = [], []
    for name, at in sorted(passes.items()):
        lon_m, lat_m = metres_per_degree(at[1])
        angle = np.arange(72) * np.pi / 36.0
        row, col = grid.row_col(
            at[0] + CIRCLE_M * np.sin(angle) / lon_m, at[1] + CIRCLE_M * np.cos(angle) / lat_m
        )
        cells = np.round(row).astype(int) * grid.height_m.shape[1] + np.round(col).astype(int)
        ends = Counter(first_of(int(cell), down, settlement) for cell in cells)
        both = [end for end, count in ends.most_common() if end >= 0 and count >= LEAST_SHARE * angle.size]
        if len(both) < 2:
            left_out.append(name)
            continue
        first, second = (village(names[end], villages[names[end]]) for end in both[:2])
        pairs.append(Pair(name, at, first, second))
    return pairs, left_out


def downhill(grid: Grid) -> IntArray:
    """Cell that each cell drains to, over the DEM with filled pits (priority flood from the rim); -1 on the rim."""
    rows, cols = grid.height_m.shape
    height = np.where(np.isfinite(grid.height_m), grid.height_m, np.nanmax(grid.height_m)).ravel().tolist()
    rim = [r * cols + c for r in range(rows) for c in range(cols) if r in (0, rows - 1) or c in (0, cols - 1)]
    to, is_done = [-1] * len(height), [False] * len(height)
    todo = [(height[cell], cell) for cell in rim]
    for cell in rim:
        is_done[cell] = True
    heapq.heapify(todo)
    while todo:
        level, cell = heapq.heappop(todo)
        r, c = divmod(cell, cols)
        for rr in range(max(r - 1, 0), min(r + 2, rows)):
            for other in range(rr * cols + max(c - 1, 0), rr * cols + min(c + 2, cols)):
                if not is_done[other]:
                    is_done[other] = True
                    to[other] = cell
                    heapq.heappush(todo, (max(level, height[other]), other))
    return np.array(to)


def settlements(grid: Grid, villages: dict[str, tuple[float, float]]) -> tuple[IntArray, list[str]]:
    """Number of the nearest settlement within reach of each cell (-1 if none), and the settlements' names."""
    rows, cols = grid.height_m.shape
    lon = grid.west_deg + np.arange(cols) * grid.step_lon_deg
    lat = grid.north_deg - np.arange(rows) * grid.step_lat_deg
    lon_m, lat_m = metres_per_degree(float(lat.mean()))
    nearest, best = np.full(rows * cols, -1), np.full(rows * cols, VILLAGE_M)
    for number, (x, y) in enumerate(villages.values()):
        away = np.hypot((lon[None, :] - x) * lon_m, (lat[:, None] - y) * lat_m).ravel()
        nearest[away < best] = number
        best = np.minimum(best, away)
    return nearest, list(villages)


def first_of(cell: int, down: IntArray, settlement: IntArray) -> int:
    """First settlement that water from a cell passes; -1 if none."""
    while cell >= 0 and settlement[cell] < 0:
        cell = int(down[cell])
    return int(settlement[cell]) if cell >= 0 else -1


if __name__ == "__main__":
    if "ROUTES_TEST_DATA" not in os.environ:
        sys.exit(__doc__)
    main(Path(os.environ["ROUTES_TEST_DATA"]))
