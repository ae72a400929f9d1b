"""Find passes without a position, given the two places on either side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from routes.analysis.figures.high_points import REACH_M
from routes.analysis.figures.profile import Profile
from routes.analysis.heights.landform import sharpness_m
from routes.analysis.heights.source import ElevationSource
from routes.analysis.passes.saddles import (
    MIN_DEPTH_M,
    PassStudy,
    Saddle,
    away_from_lines_m,
    meant_among,
    min_rise_m,
    study_pass,
)
from routes.analysis.tracing.terrain import TraceParameters, cell_of, cell_size_m, corridor, water_of
from routes.errors import TraceError
from routes.kernel.geodesy import distance_m
from routes.kernel.leasttime.detours import Detours, detours
from routes.kernel.leasttime.path import block_side, in_blocks
from routes.kernel.saddle import find_saddles
from routes.model.grid import Grid
from routes.model.trek import Place, Trek

PASS_SLACK = 0.4
"""Largest detour over a likely pass, as a share of the fastest time between the two places.

benchmarks/accuracy/validate_between.py: of the passes in Andorra that SRTM 3" shows and that separate two villages in
different valleys, the largest detour is 0.37, the next 0.25. There are only six: a measured bound, not a rate.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenCandidate:
    """A pass that may be the one between two places."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    height_m: float
    """Height of the saddle, metres in the product's datum."""

    detour_share: float
    """Extra time of the fastest route over it, as a share of the fastest time between the two places."""

    depths_m: tuple[float, float]
    """Drop on either side, metres, the shallower first."""

    is_certain: bool
    """Whether no DEM void could join the two sides at a lower level."""

    sharpness_m: float
    """`routes.analysis.heights.landform.sharpness_m` there, metres; NaN where unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundPositions:
    """A trek whose missing positions have been searched for."""

    trek: Trek
    """With found positions, their uncertainty and origin; anything not found stays half-way."""

    notes: tuple[str, ...] = ()
    """What was found and what was not."""

    candidates: Mapping[str, tuple[BetweenCandidate, ...]] = field(default_factory=dict)
    """Likely passes by place id, smallest detour first; only for places that were found."""


def passes_between(
    first: Place,
    second: Place,
    source: ElevationSource,
    parameters: TraceParameters | None = None,
    *,
    slack: float = PASS_SLACK,
) -> tuple[BetweenCandidate, ...]:
    """Passes over the ridge between two places, smallest detour first.

    A saddle counts if it is the highest ground of the fastest route over it, and is above both places by at least the
    depth of a saddle. That excludes the two ends, valley floors, and spurs on the way to a higher pass. The lowest
    route would not do: it follows the valleys to where they meet. `slack` is the largest detour as a share of the
    fastest time. Raises DEMError if the DEM cannot be read, TraceError if it does not cover both places.
    """
    parameters = parameters or TraceParameters()
    start, goal = (first.lon, first.lat), (second.lon, second.lat)
    grid = source.window(corridor(start, goal, parameters))
    if grid is None:
        msg = f"The DEM has no heights between {first.name} and {second.name}."
        raise TraceError(msg)
    ways, side = _ways(grid, start, goal, parameters)
    cell_m = cell_size_m(grid)
    shape = np.array(grid.height_m.shape)
    found = find_saddles(
        grid.height_m,
        cell_m=cell_m,
        centre=(0.5 * float(shape[0]), 0.5 * float(shape[1])),
        reach_m=REACH_M,
        nearness_m=float(np.hypot(*(shape * cell_m[::-1]))),
        min_depth_m=MIN_DEPTH_M,
        min_rise_m=min_rise_m(grid.product),
    )
    ends_m = max(float(grid.height_m[cell_of(grid, end)]) for end in (start, goal))
    passes = []
    for i in range(found.row.size):
        row, col = (round(float(index[i])) // side for index in (found.row, found.col))
        near = np.s_[max(row - 1, 0) : row + 2, max(col - 1, 0) : col + 2]
        share, top = float(ways.share[near].min()), float(ways.top_m[near].min())
        level = float(found.height_m[i])
        if share <= slack and ends_m + MIN_DEPTH_M <= level and top <= level + MIN_DEPTH_M:
            lon = (grid.west_deg + float(found.col[i]) * grid.step_lon_deg + 180.0) % 360.0 - 180.0
            lat = grid.north_deg - float(found.row[i]) * grid.step_lat_deg
            passes.append(BetweenCandidate(
                lon=lon, lat=lat, height_m=level, detour_share=share,
                depths_m=(float(found.depth_m[i, 0]), float(found.depth_m[i, 1])), is_certain=bool(found.is_certain[i]),
                sharpness_m=sharpness_m(grid.height_m, float(found.row[i]), float(found.col[i]), cell_m),
            ))  # fmt: skip
    return tuple(sorted(passes, key=lambda candidate: candidate.detour_share))


def find_positions(trek: Trek, source: ElevationSource | None) -> FoundPositions:
    """Set missing positions of a trek to passes that the DEM shows between their two places.

    Raises DEMError if the DEM cannot be read.
    """
    places: list[Place] = []
    notes: list[str] = []
    candidates: dict[str, tuple[BetweenCandidate, ...]] = {}
    for place in trek.places:
        if not place.is_sought:
            places.append(place)
            continue
        found, note, passes = _found(trek, place, source)
        places.append(found)
        notes.append(note)
        if passes:
            candidates[place.id] = passes
    return FoundPositions(replace(trek, places=tuple(places)) if notes else trek, tuple(notes), candidates)


def study_found(
    place: Place,
    candidates: Sequence[BetweenCandidate],
    source: ElevationSource,
    profiles: Sequence[Profile] = (),
) -> PassStudy:
    """Study of a pass whose position was found, with the candidates as its saddles.

    `place` is at the candidate with the smallest detour, which comes first; all of them are likely. Raises DEMError if
    the DEM cannot be read.
    """
    # the area around the best candidate only, as for any pass; the others are already listed
    here = study_pass(replace(place, position_uncertainty_m=1.0), source, profiles)
    away = distance_m(
        [place.lon], [place.lat], [found.lon for found in candidates], [found.lat for found in candidates]
    )
    saddles = [
        Saddle(
            lon=found.lon, lat=found.lat, height_m=found.height_m, distance_m=float(apart),
            line_m=away_from_lines_m(found.lon, found.lat, profiles), depths_m=found.depths_m,
            is_certain=found.is_certain, sharpness_m=found.sharpness_m,
        )
        for found, apart in zip(candidates, away, strict=True)
    ]  # fmt: skip
    nearness_m = place.position_uncertainty_m + here.nearness_m
    return replace(here, saddles=meant_among(saddles, nearness_m), nearness_m=nearness_m, is_found=True)


def _found(
    trek: Trek, place: Place, source: ElevationSource | None
) -> tuple[Place, str, tuple[BetweenCandidate, ...]]:
    first, second = (trek.place(place_id) for place_id in place.between or ())
    parted = f"{first.name} and {second.name}"
    stays = f"{place.name} has no position and stands half-way between {parted} ("
    if source is None:
        return place, f"{stays}finding the pass needs a DEM: give one, or lon and lat).", ()
    try:
        candidates = passes_between(first, second, source)
    except TraceError as error:
        return place, f"{stays}{error}).", ()
    if not candidates:
        return place, f"{stays}the DEM shows no pass between them; give lon and lat).", ()
    best = candidates[0]
    listed = _listed(candidates)
    text = f"pass between {parted} with the least detour over {source.products[0].title}; {listed}"
    here = replace(
        place,
        lon=best.lon,
        lat=best.lat,
        position_uncertainty_m=_uncertainty_m(candidates, source),
        position_source=text,
    )
    note = f"{place.name} was found between {parted} at {best.lon:.5f}, {best.lat:.5f}: {listed}."
    return here, note, candidates


def _listed(candidates: Sequence[BetweenCandidate]) -> str:
    if len(candidates) == 1:
        return "the only one there"
    each = "; ".join(
        f"{c.height_m:.0f} m at {c.lon:.5f}, {c.lat:.5f} (detour {100.0 * c.detour_share:.0f} %)"
        for c in candidates
    )
    return f"{len(candidates)} passes may be meant: {each}"


def _uncertainty_m(candidates: Sequence[BetweenCandidate], source: ElevationSource) -> float:
    """Distance to the farthest candidate, at least one DEM row, metres."""
    best = candidates[0]
    away = distance_m([best.lon], [best.lat], [c.lon for c in candidates], [c.lat for c in candidates])
    return max(float(away.max()), source.spacing_deg * 111_000.0)


def _ways(
    grid: Grid, start: tuple[float, float], goal: tuple[float, float], parameters: TraceParameters
) -> tuple[Detours, int]:
    """Detours through each block of cells, and the blocks' side in cells."""
    side = block_side(grid.height_m.size)
    water = water_of(grid)
    blocks = in_blocks(grid.height_m, np.isfinite(grid.height_m) & ~water, side)
    ends = []
    for end in (start, goal):
        row, col = cell_of(grid, end)
        if not (0 <= row < grid.height_m.shape[0] and 0 <= col < grid.height_m.shape[1]):
            msg = "The DEM does not reach both places."
            raise TraceError(msg)
        ends.append((row // side, col // side))
        if not np.isfinite(blocks[ends[-1]]):
            blocks[ends[-1]] = grid.height_m[row, col]
    width, height = cell_size_m(grid)
    return detours(
        blocks,
        cell_m=(side * width, side * height),
        start=ends[0],
        goal=ends[1],
        barred=np.zeros(blocks.shape, dtype=np.bool_),
        max_slope=parameters.max_slope,
        speed=parameters.speed_m_s,
    ), side
