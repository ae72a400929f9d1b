"""Lines for legs that nobody recorded: straight from place to place, or the least-time path over the terrain."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely import LineString

from routes._typing import BoolArray, Bounds, FloatArray
from routes.analysis.elevation import ElevationSource
from routes.errors import DEMError, TraceError
from routes.kernel.geodesy import distance_m, metres_per_degree
from routes.kernel.grid import flat_water
from routes.kernel.leasttime import least_time_path
from routes.model.grid import Grid
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from routes.model.trek import Leg, Place, Trek


@dataclass(frozen=True, slots=True)
class ModelledErrors:
    """How trails differ from least-time lines between stops a certain distance apart."""

    stops_every_m: float
    """Distance between stops along the trail, metres."""

    lateral_m: float
    """Root mean square distance of the trail from the line, metres."""

    length_ratio: tuple[float, float]
    """Length of the trail over that of the line, P10 and P90."""

    ascent_ratio: tuple[float, float]
    """Ascent of the trail over that of the line, P10 and P90."""


MODELLED_ERRORS = (
    ModelledErrors(1500.0, 123.0, (1.04, 1.24), (0.99, 1.16)),
    ModelledErrors(3000.0, 213.0, (1.09, 1.36), (1.01, 1.29)),
    ModelledErrors(6000.0, 332.0, (1.06, 1.34), (1.02, 1.89)),
)
"""Printed by benchmarks/trace.py: 69, 33 and 15 stretches of trails in Andorra, SRTM 3", days of 12 km."""

MODELLED_ERRORS_SOURCE = 'trails against least-time lines in Andorra, SRTM 3" (benchmarks/trace.py)'
"""What to print beside an interval made from the table."""

LAKE_M2 = 100_000.0
"""Smallest area of exactly level cells (their rim not counted) that is taken for water: 10 hectares."""


@dataclass(frozen=True, slots=True)
class TraceParameters:
    """What a modelled line depends on."""

    max_slope: float = 1.0
    """Steepest slope that is walked, rise over run between cells: 1 is 45 degrees."""

    margin_m: float = 1500.0
    """Least width of terrain around two stops that the path may use, metres."""

    margin_share: float = 0.35
    """Width of that terrain as a share of the distance between the stops."""


def modelled_errors(stops_every_m: float) -> ModelledErrors:
    """Row of `MODELLED_ERRORS` for a distance between stops: the next one up, the last one beyond."""
    return next((row for row in MODELLED_ERRORS if stops_every_m <= row.stops_every_m), MODELLED_ERRORS[-1])


def stops_every_m(stops: Sequence[Place]) -> float:
    """Mean distance between neighbouring places, metres."""
    lon, lat = _positions(stops)
    return float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).mean())


def schematic_line(trek: Trek, leg: Leg) -> Line:
    """Straight lines from place to place of a leg."""
    stops = [trek.place(place_id) for place_id in leg.stops]
    lon, lat = _positions(stops)
    source = "straight lines between places: " + ", ".join(place.name for place in stops)
    return Line((Segment(lon, lat),), Provenance.SCHEMATIC, source)


def model_line(trek: Trek, leg: Leg, line: Line, source: ElevationSource) -> tuple[Line, str]:
    """Replace a schematic line by a modelled one where that can be done.

    Returns
    -------
    line : Line
        The modelled line, or `line` where no DEM covers the leg or no path is found.
    note : str
        What was done, for the reader; empty where no DEM covers the leg.

    Raises
    ------
    DEMError
        If the DEM covers only some of the leg's places, or cannot be read.
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
    """Least-time path on foot through places in order.

    Parameters
    ----------
    stops : sequence of Place
        Two or more places; the path passes through each.
    source : ElevationSource
        Heights.
    parameters : TraceParameters, optional
        Limits of the search.

    Returns
    -------
    Line or None
        A `modelled` line with its lateral uncertainty; None where no DEM covers any of the places.

    Raises
    ------
    DEMError
        If the DEM covers only some of the places.
    TraceError
        If it is void at a place, could not be fetched for one, or no way joins two of them.
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
    path = trace_positions(np.column_stack([lon, lat]), source, parameters)
    lateral = modelled_errors(stops_every_m(stops)).lateral_m
    products = ", ".join(product.title for product in source.products)
    text = (
        f"least-time path over {products} (Tobler 1993, 16 neighbours, slope at most {parameters.max_slope:g}) "
        f"through {', '.join(place.name for place in stops)}"
    )
    return Line((Segment(path[:, 0], path[:, 1]),), Provenance.MODELLED, text, lateral)


def trace_positions(
    positions: FloatArray, source: ElevationSource, parameters: TraceParameters | None = None
) -> FloatArray:
    """Least-time path through positions in order, simplified to half a cell.

    Parameters
    ----------
    positions : ndarray, shape (n, 2), n >= 2
        Longitude and latitude, degrees, WGS 84.
    source : ElevationSource
        Heights.
    parameters : TraceParameters, optional
        Limits of the search.

    Returns
    -------
    ndarray, shape (m, 2)
        Vertices of the path, longitude and latitude; the positions are among them.

    Raises
    ------
    TraceError
        If no DEM covers a stretch, or no way joins two positions.
    """
    parameters = parameters or TraceParameters()
    stops = [(float(lon), float(lat)) for lon, lat in positions]
    runs = [_path_between(a, b, source, parameters) for a, b in itertools.pairwise(stops)]
    return np.concatenate([runs[0], *(run[1:] for run in runs[1:])])


def _positions(stops: Sequence[Place]) -> tuple[FloatArray, FloatArray]:
    return np.array([place.lon for place in stops]), np.array([place.lat for place in stops])


def _path_between(
    start: tuple[float, float], end: tuple[float, float], source: ElevationSource, parameters: TraceParameters
) -> FloatArray:
    """Vertices (longitude, latitude) of the path between two positions, the positions themselves included."""
    if abs(start[0] - end[0]) > 180.0:
        msg = "A way across the antimeridian is not modelled."
        raise TraceError(msg)
    grid = source.window(corridor(start, end, parameters))
    if grid is None:
        msg = f"The DEM has no heights between {start} and {end}."
        raise TraceError(msg)
    cell_lon_m, cell_lat_m = _cell_m(grid)
    cells, _ = least_time_path(
        grid.height_m,
        cell_m=(cell_lon_m, cell_lat_m),
        start=_cell_of(grid, start),
        goal=_cell_of(grid, end),
        barred=_water(grid),
        max_slope=parameters.max_slope,
    )
    inner = np.column_stack(
        [grid.west_deg + cells[:, 1] * grid.step_lon_deg, grid.north_deg - cells[:, 0] * grid.step_lat_deg]
    )[1:-1]
    path = np.concatenate([[start], inner, [end]])
    # in units of cells, so that the tolerance means the same both ways
    scaled = path / [grid.step_lon_deg, grid.step_lat_deg]
    kept = np.asarray(LineString(scaled).simplify(0.5).coords)
    return np.asarray(kept * [grid.step_lon_deg, grid.step_lat_deg])


def corridor(start: tuple[float, float], end: tuple[float, float], parameters: TraceParameters) -> Bounds:
    """Window in which a path between two positions (longitude, latitude) is looked for, degrees."""
    if abs(start[0] - end[0]) > 180.0:  # across the antimeridian, longitudes go on beyond 180
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


def _cell_m(grid: Grid) -> tuple[float, float]:
    middle = grid.north_deg - 0.5 * grid.height_m.shape[0] * grid.step_lat_deg
    lon_m, lat_m = metres_per_degree(middle)
    return grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m


def _cell_of(grid: Grid, position: tuple[float, float]) -> tuple[int, int]:
    row, col = grid.row_col(np.array([position[0]]), np.array([position[1]]))
    return round(float(row[0])), round(float(col[0]))


def _water(grid: Grid) -> BoolArray:
    width, height = _cell_m(grid)
    return flat_water(grid.height_m, min_cells=max(4, round(LAKE_M2 / (width * height))))
