"""DEM windows that a trek needs: around its walking legs and places."""

import itertools
from collections.abc import Mapping

import numpy as np

from routes._typing import Bounds, FloatArray
from routes.analysis.figures.high_points import REACH_M
from routes.analysis.figures.line_error import lateral_sigma_m
from routes.analysis.passes.saddles import margin_of
from routes.analysis.tracing.terrain import TraceParameters, corridor
from routes.kernel.geodesy import metres_per_degree, resample
from routes.model.kinds import PlaceKind, Provenance
from routes.model.track import Line
from routes.model.trek import Leg, Place, Trek

LINE_MARGIN_M = 500.0
"""Terrain beside a line that profiles and saddles may need, metres."""

LATERAL_REACH = 5.0
"""Terrain on each side of a line for its highest point, in standard deviations of the lateral offset (2 x 2.45)."""

PLACE_MARGIN_M = 300.0
"""Terrain around a place with a stated height beyond its position's uncertainty, for the slope, metres."""


def need_of(trek: Trek, lines: Mapping[str, Line]) -> tuple[Bounds, ...]:
    """Windows (degrees) that a study of a trek needs, given lines by leg id.

    A walking leg without a line, or with a schematic one, needs the corridors of its path.
    """
    legs = [leg for _, leg in trek.legs() if leg.mode.is_on_foot]
    windows = [window for leg in legs for window in need_of_leg(trek, leg, lines.get(leg.id))]
    for place in trek.places:
        windows.extend(need_of_sought(trek, place) if place.is_sought else need_of_place(place))
    return tuple(dict.fromkeys(windows))


def need_of_leg(trek: Trek, leg: Leg, line: Line | None) -> tuple[Bounds, ...]:
    """Windows that one walking leg needs."""
    if line is not None and line.provenance is not Provenance.SCHEMATIC:
        return (_grown(_unwrapped(line), LINE_MARGIN_M + LATERAL_REACH * lateral_sigma_m(line)),)
    stops: list[Place] = [trek.place(place_id) for place_id in leg.stops]
    parameters = TraceParameters()
    return tuple(corridor((a.lon, a.lat), (b.lon, b.lat), parameters) for a, b in itertools.pairwise(stops))


def need_of_line(line: Line) -> tuple[Bounds, ...]:
    """Windows along a line that is not schematic: few and narrow, even if it is diagonal."""
    margin = LINE_MARGIN_M + LATERAL_REACH * lateral_sigma_m(line)
    parts = [
        resample(segment.lon_deg, segment.lat_deg, spacing_m=LINE_MARGIN_M, keep_vertices=True)
        for segment in line.segments
    ]
    lon, lat = (np.concatenate([part[which] for part in parts]) for which in (0, 1))
    return need_of_points(lon, lat, margin_m=margin)


def need_of_place(place: Place) -> tuple[Bounds, ...]:
    """Window around a pass or a place with a stated height; none for other places."""
    if not place.stated and place.kind is not PlaceKind.PASS:
        return ()
    spot = (place.lon, place.lat, place.lon, place.lat)
    margin = 2.0 * place.position_uncertainty_m + PLACE_MARGIN_M
    if place.kind is PlaceKind.PASS:
        margin = max(margin, margin_of(place) + PLACE_MARGIN_M)
    return (_grown(spot, margin),)


def need_of_sought(trek: Trek, place: Place) -> tuple[Bounds, ...]:
    """Window to search for a missing position, and the terrain around the passes in it."""
    first, second = (trek.place(place_id) for place_id in place.between or ())
    window = corridor((first.lon, first.lat), (second.lon, second.lat), TraceParameters())
    return (_grown(window, 2.0 * REACH_M + PLACE_MARGIN_M),)


def need_of_points(lon_deg: FloatArray, lat_deg: FloatArray, *, margin_m: float = 0.0) -> tuple[Bounds, ...]:
    """Windows (degrees) that positions need: around those in each square of 0.1 degrees.

    They are few, and together hardly larger than the terrain within `margin_m` of the positions.

    >>> need_of_points(np.array([1.51, 1.52, 7.0]), np.array([42.5, 42.52, 46.0]))
    ((1.51, 42.5, 1.52, 42.52), (7.0, 46.0, 7.0, 46.0))
    """
    squares = np.column_stack([np.floor(lon_deg * 10.0), np.floor(lat_deg * 10.0)])
    _, square_of = np.unique(squares, axis=0, return_inverse=True)
    order = np.argsort(square_of, kind="stable")
    starts = np.flatnonzero(np.diff(square_of[order], prepend=-1))
    lon, lat = lon_deg[order], lat_deg[order]
    edges = (
        np.minimum.reduceat(lon, starts),
        np.minimum.reduceat(lat, starts),
        np.maximum.reduceat(lon, starts),
        np.maximum.reduceat(lat, starts),
    )
    bare = (
        (float(west), float(south), float(east), float(north))
        for west, south, east, north in zip(*edges, strict=True)
    )
    return tuple(_grown(bounds, margin_m) if margin_m else bounds for bounds in bare)


def _grown(bounds: Bounds, margin_m: float) -> Bounds:
    west, south, east, north = bounds
    lon_m, lat_m = metres_per_degree(0.5 * (south + north))
    spare = min(margin_m / max(lon_m, 1.0), 180.0)  # at a pole a metre spans any longitude
    south, north = max(south - margin_m / lat_m, -90.0), min(north + margin_m / lat_m, 90.0)
    if east - west + 2.0 * spare >= 360.0:
        return -180.0, south, 180.0, north
    return west - spare, south, east + spare, north


def _unwrapped(line: Line) -> Bounds:
    """Bounds of a line; across the antimeridian they continue beyond 180 degrees."""
    west, south, east, north = line.bounds
    if east - west <= 180.0:
        return west, south, east, north
    lon = np.concatenate([segment.lon_deg for segment in line.segments]) % 360.0
    return float(lon.min()), south, float(lon.max()), north
