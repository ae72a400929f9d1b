"""Map frame of a trek: Mercator, north up, around its lines."""

import math
from collections.abc import Sequence

import numpy as np

from routes._typing import Bounds, FloatArray
from routes.analysis.figures.results import LegStudy
from routes.model.grid import Grid
from routes.render.drawing.relief import coarsened

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius, for the scale (Moritz 2000, Geodetic Reference System 1980)."""

_MARGIN = 0.09
_LEAST_SIDE_M = 1500.0
_MOST_LAT_DEG = 85.0
_SPARE_CELLS = 4


class MapFrame:
    """Frame around the lines of one or more legs.

    `width` is in any unit; `across` are the smallest and largest ratio of width to height.
    """

    def __init__(self, legs: Sequence[LegStudy], width: float, across: tuple[float, float]) -> None:
        self._middle_deg = float(legs[0].line.segments[0].lon_deg[0])
        lines = [self._mercator(part.lon_deg, part.lat_deg) for leg in legs for part in leg.line.segments]
        low, high = np.concatenate(lines).min(axis=0), np.concatenate(lines).max(axis=0)
        centre = 0.5 * (low + high)
        metre = 1.0 / (EARTH_RADIUS_M * math.cos(math.atan(math.sinh(float(centre[1])))))
        span = np.maximum((high - low) * (1.0 + 2.0 * _MARGIN), _LEAST_SIDE_M * metre)
        shape = min(max(float(span[0] / span[1]), across[0]), across[1])
        wide = max(float(span[0]), float(span[1]) * shape)
        self._corner = centre - 0.5 * np.array([wide, wide / shape])
        self._scale = width / wide
        self.width = width
        """Width of the picture."""
        self.height = width / shape
        """Height of the picture, in the same unit."""
        self.metre = metre * self._scale
        """Length of a metre at the centre of the picture, in that unit."""

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north, degrees; longitudes may exceed 180."""
        low, high = self._corner, self._corner + np.array([self.width, self.height]) / self._scale
        south, north = (math.degrees(math.atan(math.sinh(float(y)))) for y in (low[1], high[1]))
        west, east = (self._middle_deg + math.degrees(float(x)) for x in (low[0], high[0]))
        return west, south, east, north

    def _mercator(self, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Easting and northing on a unit sphere, shape (n, 2), within half a turn of the centre."""
        lon = (np.asarray(lon_deg) - self._middle_deg + 180.0) % 360.0 - 180.0
        lat = np.clip(np.asarray(lat_deg), -_MOST_LAT_DEG, _MOST_LAT_DEG)
        return np.column_stack([np.radians(lon), np.arcsinh(np.tan(np.radians(lat)))])

    def xy(self, lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
        """Positions relative to the lower left corner, shape (n, 2)."""
        return np.asarray((self._mercator(lon_deg, lat_deg) - self._corner) * self._scale)

    def cells(self, grid: Grid, across: int, down: int) -> tuple[FloatArray, FloatArray]:
        """Grid rows and columns at equal steps over the picture, from north to south and from west to east."""
        east = self._corner[0] + (np.arange(across) + 0.5) / across * self.width / self._scale
        north = self._corner[1] + (1.0 - (np.arange(down) + 0.5) / down) * self.height / self._scale
        lat, lon = np.degrees(np.arctan(np.sinh(north))), self._middle_deg + np.degrees(east)
        centre = grid.west_deg + 0.5 * grid.height_m.shape[1] * grid.step_lon_deg
        turn = 360.0 * round((centre - float(lon.mean())) / 360.0)
        return (grid.north_deg - lat) / grid.step_lat_deg, (lon + turn - grid.west_deg) / grid.step_lon_deg

    def seen(self, grid: Grid) -> Grid:
        """Visible part of a grid, no finer than the page's."""
        row, col = self.cells(grid, 2, 2)
        edges_row, edges_col = 2.0 * row - row.mean(), 2.0 * col - col.mean()
        rows, cols = grid.height_m.shape
        top, below = (
            max(0, math.floor(edges_row.min()) - _SPARE_CELLS),
            min(rows, math.ceil(edges_row.max()) + _SPARE_CELLS + 1),
        )
        left, right = (
            max(0, math.floor(edges_col.min()) - _SPARE_CELLS),
            min(cols, math.ceil(edges_col.max()) + _SPARE_CELLS + 1),
        )
        if below - top < 2 or right - left < 2:
            return coarsened(grid)
        part = Grid(
            grid.height_m[top:below, left:right],
            west_deg=grid.west_deg + left * grid.step_lon_deg,
            north_deg=grid.north_deg - top * grid.step_lat_deg,
            step_lon_deg=grid.step_lon_deg,
            step_lat_deg=grid.step_lat_deg,
            product=grid.product,
        )
        return coarsened(part)
