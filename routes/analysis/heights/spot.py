"""DEM height at one position, its slope, and the effect of an uncertain position."""

import math
from dataclasses import dataclass

import numpy as np

from routes.analysis.heights.source import ElevationSource
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.grid import bilinear, slope_tangent
from routes.kernel.uncertainty import sigma_from_le90
from routes.model.grid import Grid, Product

SLOPE_K = 0.64
"""DEM error across the slope, as a share of a cell. benchmarks/accuracy/validate.py: 15 passes in Andorra,
SRTM 3", estimated at the saddle; 0.45 to 0.68 when leaving one out. With this term 13 of 15 true heights
agree, without it 9."""

_RINGS, _SPOKES = 40, 24

RADIUS_95_IN_SIGMA = 2.4477
"""95 % radius of a circular normal distribution, in standard deviations of one coordinate."""


@dataclass(frozen=True, slots=True)
class DEMHeight:
    """The DEM at one position."""

    height_m: float
    """Height, metres in the product's datum."""

    slope_tangent: float
    """Slope there, rise over run."""

    spacing_m: float
    """Row spacing, metres."""

    product: Product
    """Its product."""

    grid: Grid
    """Heights around it."""

    @property
    def u_dem_m(self) -> float:
        """Standard uncertainty from the product's LE90 alone, metres."""
        return sigma_from_le90(self.product.le90_m)

    @property
    def u_slope_m(self) -> float:
        """Standard uncertainty from the cell size on a slope, metres."""
        return SLOPE_K * self.spacing_m * self.slope_tangent


def dem_at(
    lon_deg: float, lat_deg: float, source: ElevationSource, *, radius_m: float = 0.0
) -> DEMHeight | None:
    """Height and slope of the DEM at a position (degrees, WGS 84); None where it has none.

    Reads terrain up to `radius_m` around it. Raises InvalidCoordinatesError if the position is not on Earth,
    DEMError if the DEM cannot be read.
    """
    samples = source.sample([lon_deg], [lat_deg])
    height = float(samples.height_m[0])
    if not np.isfinite(height):
        return None
    product = samples.products[int(samples.product_index[0])]
    lon_m, lat_m = metres_per_degree(lat_deg)
    reach = radius_m + 3.0 * source.spacing_deg * lat_m
    grid = source.window(
        (lon_deg - reach / lon_m, lat_deg - reach / lat_m, lon_deg + reach / lon_m, lat_deg + reach / lat_m),
        product,
    )
    if grid is None:
        return None
    row, col = (float(index[0]) for index in grid.row_col(np.array([lon_deg]), np.array([lat_deg])))
    slope = _slope_near(grid, row, col, (grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m))
    return DEMHeight(height, slope, grid.step_lat_deg * lat_m, product, grid)


def _slope_near(grid: Grid, row: float, col: float, cell_m: tuple[float, float]) -> float:
    """Slope at the nearest cell; beside a void the steepest known neighbour's, infinite if none is known.

    An infinite uncertainty leaves a figure undecided; a slope of 0 would let it agree merely because we know
    too little.
    """
    slope = slope_tangent(grid.height_m, *cell_m)
    r, c = round(row), round(col)
    if np.isfinite(slope[r, c]):
        return float(slope[r, c])
    around = slope[max(r - 2, 0) : r + 3, max(c - 2, 0) : c + 3]
    known = around[np.isfinite(around)]
    return float(known.max()) if known.size else math.inf


def position_sigma_m(at: DEMHeight, lon_deg: float, lat_deg: float, radius_m: float) -> float:
    """Standard uncertainty of a height due to an uncertain position, metres.

    It is the rms height difference between the position and a circular normal distribution around it, of
    which 95 % lies within `radius_m` (`at` must have been read with that radius). Infinite if less than half
    of the terrain is known.
    """
    lon_m, lat_m = metres_per_degree(lat_deg)
    sigma = radius_m / RADIUS_95_IN_SIGMA
    # rings of equal probability, so that all samples have equal weight
    share = (np.arange(_RINGS) + 0.5) / _RINGS
    ring_m = sigma * np.sqrt(-2.0 * np.log1p(-share))
    angle = np.arange(_SPOKES) * 2.0 * np.pi / _SPOKES
    lon = lon_deg + np.outer(ring_m, np.sin(angle)).ravel() / lon_m
    lat = lat_deg + np.outer(ring_m, np.cos(angle)).ravel() / lat_m
    around = bilinear(at.grid.height_m, *at.grid.row_col(lon, lat))
    known = np.isfinite(around)
    if known.mean() < 0.5:
        return math.inf
    return float(np.sqrt(np.mean((around[known] - at.height_m) ** 2)))
