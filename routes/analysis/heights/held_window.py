"""A window of heights kept in memory for many queries in one area."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import Bounds
from routes.analysis.heights.source import ElevationSource
from routes.kernel._check import check_lonlat
from routes.kernel.grid import bilinear
from routes.model.grid import Grid, Product, Samples

MAX_CELLS = 20_000_000
"""Largest window that is kept (160 MB)."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldSource:
    """A height source that reads a window of each product once, and passes on anything outside it."""

    source: ElevationSource
    """Where the heights come from."""

    bounds: Bounds
    """West, south, east, north of the window, degrees."""

    held: dict[str, Grid | None] = field(default_factory=dict)
    """Windows read so far, by product id."""

    @property
    def origin(self) -> str:
        """Where the heights come from, for messages."""
        return self.source.origin

    @property
    def is_incomplete(self) -> bool:
        """Whether a download failed."""
        return self.source.is_incomplete

    @property
    def products(self) -> tuple[Product, ...]:
        """Products, in order of preference."""
        return self.source.products

    @property
    def spacing_deg(self) -> float:
        """Finest row spacing, degrees of latitude."""
        return self.source.spacing_deg

    def sample(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> Samples:
        """Heights at positions of shape (n,), degrees WGS 84, as the source returns them; NaN where unknown."""
        lon, lat = check_lonlat(lon_deg, lat_deg)
        grid = self._grid(self.products[0]) if self.products else None
        if grid is None:
            return self.source.sample(lon, lat)
        height = bilinear(grid.height_m, *grid.row_col(lon, lat))
        unknown = np.isnan(height)
        if unknown.any():  # another product may know, or it is outside the window
            return self.source.sample(lon, lat)
        none = np.zeros(lon.shape, dtype=np.bool_)
        return Samples(height, np.zeros(lon.shape, dtype=np.int64), self.products, none, none)

    def window(self, bounds: Bounds, product: Product | None = None) -> Grid | None:
        """Heights of a window, of one product if named; None if there are none."""
        grid = None if product is None else self._grid(product)
        part = None if grid is None else _part(grid, bounds)
        return self.source.window(bounds, product) if part is None else part

    def _grid(self, product: Product) -> Grid | None:
        if product.id not in self.held:
            west, south, east, north = self.bounds
            cells = (east - west) * (north - south) / self.source.spacing_deg**2
            is_small = cells <= MAX_CELLS
            self.held[product.id] = self.source.window(self.bounds, product) if is_small else None
        found = self.held[product.id]
        return found if found is not None and found.product == product else None


def _part(grid: Grid, bounds: Bounds) -> Grid | None:
    """Cells of a window with one spare cell on each side; None if the grid is too small."""
    west, south, east, north = bounds
    left = int(np.floor((west - grid.west_deg) / grid.step_lon_deg)) - 1
    right = int(np.ceil((east - grid.west_deg) / grid.step_lon_deg)) + 1
    top = int(np.floor((grid.north_deg - north) / grid.step_lat_deg)) - 1
    bottom = int(np.ceil((grid.north_deg - south) / grid.step_lat_deg)) + 1
    rows, cols = grid.height_m.shape
    if left < 0 or top < 0 or right >= cols or bottom >= rows:
        return None
    return Grid(
        grid.height_m[top : bottom + 1, left : right + 1],
        west_deg=grid.west_deg + left * grid.step_lon_deg,
        north_deg=grid.north_deg - top * grid.step_lat_deg,
        step_lon_deg=grid.step_lon_deg,
        step_lat_deg=grid.step_lat_deg,
        product=grid.product,
    )
