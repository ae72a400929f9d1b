"""Lines for unrecorded legs: straight lines, or least-time paths over the terrain."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes._typing import BoolArray, Bounds, FloatArray, IntArray
from routes.analysis.figures.modelled_lines import SLACK, lateral_share
from routes.analysis.heights.source import ElevationSource
from routes.errors import DEMError, TraceError
from routes.kernel.geodesy import distance_m, metres_per_degree
from routes.kernel.grid import flat_water
from routes.kernel.leasttime.detours import detours
from routes.kernel.leasttime.path import (
    SPEEDS,
    Speed,
    block_side,
    in_blocks,
    least_time_path,
)
from routes.kernel.simplify import simplify_path
from routes.model.grid import Grid
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from routes.model.trek import Leg, Place, Trek

LAKE_M2 = 100_000.0
"""Smallest area of exactly level cells (without their rim) that counts as water: 10 hectares."""


@dataclass(frozen=True, slots=True)
class TraceParameters:
    """Parameters of a modelled line."""

    max_slope: float = 1.0
    """Steepest walkable slope, rise over run between cells: 1 is 45 degrees."""

    margin_m: float = 1500.0
    """Smallest width of terrain around two stops that the path may use, metres."""

    margin_share: float = 0.35
    """That width as a share of the distance between the stops."""

    slack: float = SLACK
    """Extra time of alternative routes, as a share of the fastest; they show how far off the trail may be."""

    speed: str = "tobler"
    """Speed function by slope: a key of `routes.kernel.leasttime.path.SPEEDS`."""

    @property
    def speed_m_s(self) -> Speed:
        """Walking speed as a function of slope. Raises TraceError for an unknown name."""
        if self.speed not in SPEEDS:
            msg = f"There is no walking speed {self.speed!r}; there are {', '.join(SPEEDS)}."
            raise TraceError(msg)
        return SPEEDS[self.speed]


def schematic_line(trek: Trek, leg: Leg) -> Line:
    """Straight lines between the places of a leg."""
    stops = [trek.place(place_id) for place_id in leg.stops]
    lon, lat = _positions(stops)
    source = "straight lines between places: " + ", ".join(place.name for place in stops)
    return Line((Segment(lon, lat),), Provenance.SCHEMATIC, source)


def model_line(trek: Trek, leg: Leg, line: Line, source: ElevationSource) -> tuple[Line, str]:
    """Replace a schematic line by a modelled one where possible, with a note for the reader.

    Returns `line` itself if no DEM covers the leg (the note is then empty) or no path is found. Raises
    DEMError if the DEM covers only some of the leg's places, or cannot be read.
    """
    stops = [trek.place(place_id) for place_id in leg.stops]
    if len({(place.lon, place.lat) for place in stops}) == 1:
        return line, "stays schematic: all its places have one position."
    try:
        modelled = trace_line(stops, source)
    except TraceError as error:
        return line, f"stays schematic. {error}"
    if modelled is None:
        return line, ""
    return modelled, "modelled line (least-time path over the DEM), no recorded track."


def trace_line(
    stops: Sequence[Place], source: ElevationSource, parameters: TraceParameters | None = None
) -> Line | None:
    """Least-time path on foot through places in order, with its lateral uncertainty; None if no DEM covers any.

    Raises DEMError if the DEM covers only some of the places, TraceError if it is void or missing at one, or
    two of them cannot be connected.
    """
    parameters = parameters or TraceParameters()
    lon, lat = _positions(stops)
    samples = source.sample(lon, lat)
    known = np.isfinite(samples.height_m)
    if samples.is_outside.all():
        return None
    if samples.is_outside.any() and source.is_incomplete:
        msg = f"The DEM at hand does not reach {stops[int(np.argmax(samples.is_outside))].name}."
        raise TraceError(msg)
    if samples.is_outside.any():
        place = stops[int(np.argmax(samples.is_outside))]
        msg = (
            f"{source.origin} covers only a part of the way from {stops[0].name} to {stops[-1].name}: {place.name} "
            f"({place.lon:.4f}, {place.lat:.4f}) lies outside. Give a DEM that covers it all (--dem), or build without "
            f"one (--dem none)."
        )
        raise DEMError(msg)
    if not known.all():
        place = stops[int(np.argmin(known))]
        msg = f"The DEM is void at {place.name} ({place.lon:.5f}, {place.lat:.5f})."
        raise TraceError(msg)
    paths = trace_positions(np.column_stack([lon, lat]), source, parameters)
    products = ", ".join(product.title for product in source.products)
    text = (
        f"least-time path over {products} ({parameters.speed.capitalize()}'s walking speed, 16 neighbours, slope at "
        f"most {parameters.max_slope:g}; its offset from ways up to {100.0 * parameters.slack:g} % slower) through "
        f"{', '.join(place.name for place in stops)}"
    )
    segments = tuple(
        Segment(path.lon_deg, path.lat_deg, None, Provenance.MODELLED, path.lateral_p90_m)
        for path in paths
        if path.is_long
    )
    if not segments:
        msg = f"{stops[0].name} and {stops[-1].name} have one position."
        raise TraceError(msg)
    return Line(segments, Provenance.MODELLED, text, max(path.lateral_p90_m for path in paths))


@dataclass(frozen=True, slots=True, eq=False)
class TerrainPath:
    """Least-time path between two positions."""

    lon_deg: FloatArray
    """Longitudes of its vertices, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes of its vertices, shape (n,), degrees."""

    lateral_p90_m: float
    """Distance within which 90 % of a trail between the two is expected, metres."""

    @property
    def is_long(self) -> bool:
        """Whether it has any length."""
        return bool(np.ptp(self.lon_deg) or np.ptp(self.lat_deg))


def trace_positions(
    positions: FloatArray, source: ElevationSource, parameters: TraceParameters | None = None
) -> tuple[TerrainPath, ...]:
    """Least-time paths between consecutive positions (longitude and latitude, degrees), one fewer than positions.

    Raises TraceError if no DEM covers a section, or two positions cannot be connected.
    """
    parameters = parameters or TraceParameters()
    stops = [(float(lon), float(lat)) for lon, lat in positions]
    return tuple(_path_between(a, b, source, parameters) for a, b in itertools.pairwise(stops))


def _positions(stops: Sequence[Place]) -> tuple[FloatArray, FloatArray]:
    return np.array([place.lon for place in stops]), np.array([place.lat for place in stops])


def _path_between(
    start: tuple[float, float], end: tuple[float, float], source: ElevationSource, parameters: TraceParameters
) -> TerrainPath:
    if abs(start[0] - end[0]) > 180.0:
        msg = "A way across the antimeridian is not modelled."
        raise TraceError(msg)
    grid = source.window(corridor(start, end, parameters))
    if grid is None:
        msg = f"The DEM has no heights between {start} and {end}."
        raise TraceError(msg)
    cell_m, water = cell_size_m(grid), water_of(grid)
    first, last = cell_of(grid, start), cell_of(grid, end)
    cells, _ = least_time_path(
        grid.height_m,
        cell_m=cell_m,
        start=first,
        goal=last,
        barred=water,
        max_slope=parameters.max_slope,
        speed=parameters.speed_m_s,
    )
    vertices = np.concatenate(
        [[grid_position(grid, start)], cells[1:-1], [grid_position(grid, end)]]
    )  # rows and columns
    is_closed = water | ~np.isfinite(grid.height_m)
    is_closed[first] = is_closed[last] = False
    kept = simplify_path(
        vertices, grid.height_m, is_closed=is_closed, cell_m=cell_m, max_slope=parameters.max_slope
    )
    lon = grid.west_deg + kept[:, 1] * grid.step_lon_deg
    lat = grid.north_deg - kept[:, 0] * grid.step_lat_deg
    lon[[0, -1]], lat[[0, -1]] = [start[0], end[0]], [start[1], end[1]]  # exact ends
    corridor_m = _corridor_p90_m(grid, water, cells, parameters)
    share = lateral_share(float(distance_m(*([edge] for edge in (*start, *end)))[0]))
    return TerrainPath(lon, lat, max(share * corridor_m, *cell_m))


def _corridor_p90_m(grid: Grid, water: BoolArray, cells: IntArray, parameters: TraceParameters) -> float:
    """Distance from the path within which nine tenths of the cells lie that ways little slower than it pass."""
    from scipy.ndimage import distance_transform_edt  # noqa: PLC0415 - slow to import, and only tracing needs it

    side = block_side(grid.height_m.size)
    blocks = in_blocks(grid.height_m, np.isfinite(grid.height_m) & ~water, side)
    path = cells // side
    blocks[path[:, 0], path[:, 1]] = np.where(
        np.isfinite(blocks[path[:, 0], path[:, 1]]),
        blocks[path[:, 0], path[:, 1]],
        grid.height_m[cells[:, 0], cells[:, 1]],
    )
    width, height = (side * size for size in cell_size_m(grid))
    share = detours(
        blocks,
        cell_m=(width, height),
        start=(int(path[0, 0]), int(path[0, 1])),
        goal=(int(path[-1, 0]), int(path[-1, 1])),
        barred=np.zeros(blocks.shape, dtype=np.bool_),
        max_slope=parameters.max_slope,
        speed=parameters.speed_m_s,
    ).share
    is_off = np.ones(blocks.shape, dtype=np.bool_)
    is_off[path[:, 0], path[:, 1]] = False
    away = distance_transform_edt(is_off, sampling=(height, width))
    near = away[(share <= parameters.slack) | ~is_off]
    return float(np.percentile(near, 90.0))


def corridor(start: tuple[float, float], end: tuple[float, float], parameters: TraceParameters) -> Bounds:
    """Window for the path between two positions (longitude, latitude), degrees."""
    if abs(start[0] - end[0]) > 180.0:  # across the antimeridian, longitudes continue beyond 180
        start, end = ((lon % 360.0, lat) for lon, lat in (start, end))
    length = float(distance_m([_signed(start[0])], [start[1]], [_signed(end[0])], [end[1]])[0])
    margin = max(parameters.margin_m, parameters.margin_share * length)
    lon_m, lat_m = metres_per_degree(0.5 * (start[1] + end[1]))
    return (
        min(start[0], end[0]) - margin / lon_m,
        min(start[1], end[1]) - margin / lat_m,
        max(start[0], end[0]) + margin / lon_m,
        max(start[1], end[1]) + margin / lat_m,
    )


def _signed(lon_deg: float) -> float:
    """Longitude within -180 to 180."""
    return (lon_deg + 180.0) % 360.0 - 180.0


def cell_size_m(grid: Grid) -> tuple[float, float]:
    """Column and row spacing of a grid, metres."""
    middle = grid.north_deg - 0.5 * grid.height_m.shape[0] * grid.step_lat_deg
    lon_m, lat_m = metres_per_degree(middle)
    return grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m


def grid_position(grid: Grid, position: tuple[float, float]) -> tuple[float, float]:
    """Fractional row and column of a position (longitude, latitude)."""
    row, col = grid.row_col(np.array([position[0]]), np.array([position[1]]))
    return float(row[0]), float(col[0])


def cell_of(grid: Grid, position: tuple[float, float]) -> tuple[int, int]:
    """Row and column of the cell at a position (longitude, latitude)."""
    row, col = grid_position(grid, position)
    return round(row), round(col)


def water_of(grid: Grid) -> BoolArray:
    """Lake and sea cells, found as level areas."""
    width, height = cell_size_m(grid)
    return flat_water(grid.height_m, min_cells=max(4, round(LAKE_M2 / (width * height))))
