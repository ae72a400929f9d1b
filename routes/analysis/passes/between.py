"""Passes without a position: found between the two places that they part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from routes.analysis.figures.high_points import REACH_M
from routes.analysis.figures.profile import Profile
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
"""Greatest detour of a way over a pass that may be meant, as a share of the time of the fastest way.

benchmarks/accuracy/validate_between.py: of the passes of Andorra that SRTM 3" shows, and that part two villages by
the run of the water, the greatest detour is 0.37, the next 0.25. Those are six: a measured bound, not a rate.
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
    """How much longer than the fastest way from place to place the fastest way over it takes, as a share."""

    depths_m: tuple[float, float]
    """How far the terrain falls on either side, metres, the shallower first."""

    is_certain: bool
    """Whether no void of the DEM could join the two sides lower."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundPositions:
    """A trek whose places without a position have been looked for."""

    trek: Trek
    """With positions, their uncertainty and how they were found; what was not found stays half-way."""

    notes: tuple[str, ...] = ()
    """What was found and what was not, for the reader."""

    candidates: Mapping[str, tuple[BetweenCandidate, ...]] = field(default_factory=dict)
    """Passes that may be meant by id of the place, the one of the least detour first; only what was found."""


def passes_between(
    first: Place,
    second: Place,
    source: ElevationSource,
    parameters: TraceParameters | None = None,
    *,
    slack: float = PASS_SLACK,
) -> tuple[BetweenCandidate, ...]:
    """Passes over the ridge that parts two places.

    Parameters
    ----------
    first, second : Place
        The two places.
    source : ElevationSource
        Heights.
    parameters : TraceParameters, optional
        Width of the corridor, and walking speed.
    slack : float
        How much slower than the fastest a way over a candidate may be, as a share.

    Returns
    -------
    tuple of BetweenCandidate
        From the least detour to the longest. Saddles that the fastest way over them has as its highest ground, by at
        least the depth of a saddle above both places: so no end, no valley floor, and no spur on the way to a higher
        pass. A lowest way from place to place would follow the valleys to where they meet.

    Raises
    ------
    DEMError
        If the DEM cannot be read.
    TraceError
        If the DEM does not hold both places.
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
            ))  # fmt: skip
    return tuple(sorted(passes, key=lambda candidate: candidate.detour_share))


def find_positions(trek: Trek, source: ElevationSource | None) -> FoundPositions:
    """Put the places of a trek that have no position where the DEM shows a pass between their two places.

    Parameters
    ----------
    trek : Trek
        The itinerary.
    source : ElevationSource or None
        Heights.

    Returns
    -------
    FoundPositions
        Frozen.

    Raises
    ------
    DEMError
        If the DEM cannot be read.
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
    """What the DEM and the line tell of a pass whose position was found: its saddles are the candidates, and only they.

    Parameters
    ----------
    place : Place
        The pass, at the candidate of the least detour.
    candidates : sequence of BetweenCandidate
        As `find_positions` gives them, one or more.
    source : ElevationSource
        Heights.
    profiles : sequence of Profile
        Height profiles of the lines that may pass it.

    Returns
    -------
    PassStudy
        All of its saddles may be meant; the first is that of the least detour.

    Raises
    ------
    DEMError
        If the DEM cannot be read.
    """
    # what lies around the best of them, no wider than around any pass: the others are listed, not looked for
    here = study_pass(replace(place, position_uncertainty_m=1.0), source, profiles)
    away = distance_m(
        [place.lon], [place.lat], [found.lon for found in candidates], [found.lat for found in candidates]
    )
    saddles = [
        Saddle(
            lon=found.lon, lat=found.lat, height_m=found.height_m, distance_m=float(apart),
            line_m=away_from_lines_m(found.lon, found.lat, profiles), depths_m=found.depths_m,
            is_certain=found.is_certain,
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
    """Distance to the farthest candidate, at least a row of the DEM."""
    best = candidates[0]
    away = distance_m([best.lon], [best.lat], [c.lon for c in candidates], [c.lat for c in candidates])
    return max(float(away.max()), source.spacing_deg * 111_000.0)


def _ways(
    grid: Grid, start: tuple[float, float], goal: tuple[float, float], parameters: TraceParameters
) -> tuple[Detours, int]:
    """Ways through each block of cells, and the side of the blocks, in cells."""
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
