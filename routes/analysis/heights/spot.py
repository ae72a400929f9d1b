"""The DEM's height at one position, corrected, and how uncertain the true height is."""

import math
from dataclasses import dataclass

import numpy as np

from routes.analysis.heights.source import ElevationSource
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.grid import bilinear, slope_tangent
from routes.kernel.uncertainty import combine, sigma_from_le90
from routes.model.grid import Grid, Product, Surface

SHARPNESS = 0.55
"""Correction of a pass or summit per metre of its sharpness: what a DEM cuts off, or fills in.

A DEM is blurred terrain, and blur lowers a place by its curvature. Fitted together with `FOREST_M` and `RESIDUAL_M` by
maximum likelihood on 76 saddles and 110 summits of Japan over SRTM 3". Least squares on parts: saddles 0.47, summits
0.60; not used for the fit: Andorra's passes 0.47 to 0.58 (n = 60), summits 0.58 to 0.63 (n = 284).
benchmarks/accuracy/validate.py prints the remaining errors, and repeats the fit with ``--fit``.
"""

SHARPNESS_U = 0.25
"""Standard uncertainty of that correction, as a share of it, since the ground between cells is unknown. Assumed; the
likelihood is flat (best at 0.18)."""

UNKNOWN_SHARPNESS_M = 40.0
"""Assumed size of a sharpness hidden by voids: its root mean square on the summits above, metres."""

FOREST_M = 7.0
"""Height of a surface model above the ground where forest is likely, metres.

Fitted with `SHARPNESS` on the same 186 places (7.3): saddles 6.3, summits 10; Andorra's passes 9 to 11. No data for
X-band radar (GLO-30), which sees more of the canopy.
"""

FOREST_U = 0.5
"""Standard uncertainty of the forest term, as a share of it: no trees, or twice as much. Assumed."""

FOREST_RAMP_M = 1500.0
"""Depth below the tree line from which forest counts in full, metres. Assumed."""

RESIDUAL_M = 8.0
"""Standard deviation of the remaining error over SRTM 3" on the same 186 places, metres (fitted: 7.0 to 8.2)."""

_FITTED_LE90_M, _FITTED_ROW_M = 9.0, 92.5

CELL_SHARE = math.sqrt(RESIDUAL_M**2 - sigma_from_le90(_FITTED_LE90_M) ** 2) / _FITTED_ROW_M
"""Part of `RESIDUAL_M` that LE90 does not explain, as a share of the row spacing (0.063). It scales the fit to other
DEMs, where nothing was fitted."""

SLOPE_SHARE = 0.2
"""Horizontal shift of a DEM, in rows, which makes heights on slopes uncertain: 3,144 points of seven Swiss roads over
SRTM 3" give 0.22. Saddles and tops are level, so a shift has no effect there."""

_RINGS, _SPOKES = 40, 24

RADIUS_95_IN_SIGMA = 2.4477
"""95 % radius of a circular normal distribution, in standard deviations of one coordinate."""

_MARGIN_CELLS = 5.0
"""Terrain to read beyond a radius, in rows: a cell's diagonal to a top, its ring, and the cells around that."""


def tree_line_m(lat_deg: float) -> float:
    """Upper limit of trees by latitude alone, metres, accurate to about 500 m.

    A straight line through Körner (1998, Oecologia 115:445): 3500 to 4000 m between 30° N and 20° S, then about 130 m
    lower per degree to 50° and 75 m to 70°.

    >>> tree_line_m(0.0), tree_line_m(46.0), tree_line_m(-61.0)
    (3900.0, 2100.0, 600.0)
    """
    return min(max(3900.0 - 100.0 * (abs(lat_deg) - 28.0), 0.0), 3900.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A DEM's height at a saddle, a top or another place, and its known errors there."""

    height_m: float
    """DEM height, metres in the product's datum."""

    lat_deg: float
    """Latitude, degrees."""

    row_m: float
    """Row spacing, metres."""

    product: Product
    """Product of the height."""

    sharpness_m: float | None = None
    """`routes.analysis.heights.landform.sharpness_m` of a pass or summit, NaN where unknown; None for other places.

    Other places are not corrected: roads, huts and villages are in the open. On 3,144 road points the fit gives -0.09
    times the sharpness and 0.7 m of forest.
    """

    slope_tangent: float | None = None
    """Slope if the place is neither a saddle nor a top; None for those."""

    @property
    def raised_m(self) -> float:
        """What the DEM cuts off there, metres; negative if it fills in a notch."""
        sharpness = self.sharpness_m
        return SHARPNESS * sharpness if sharpness is not None and math.isfinite(sharpness) else 0.0

    @property
    def forest_share(self) -> float:
        """Probability that the DEM shows treetops: 0 at the tree line and in a DTM, 1 from `FOREST_RAMP_M` below."""
        if self.product.surface is Surface.DTM:
            return 0.0
        return min(max((tree_line_m(self.lat_deg) - self.height_m) / FOREST_RAMP_M, 0.0), 1.0)

    @property
    def forest_m(self) -> float:
        """Height of the DEM above the ground due to trees, metres; 0 if no pass or summit is corrected."""
        return 0.0 if self.sharpness_m is None else FOREST_M * self.forest_share

    @property
    def best_m(self) -> float:
        """Best height, metres: the DEM plus what it cuts off, less its trees."""
        return self.height_m + self.raised_m - self.forest_m

    @property
    def budget(self) -> dict[str, float]:
        """Standard uncertainties of `best_m` by name, metres."""
        budget = {"dem": combine(sigma_from_le90(self.product.le90_m), CELL_SHARE * self.row_m)}
        if self.sharpness_m is not None:
            unknown = SHARPNESS * UNKNOWN_SHARPNESS_M if math.isnan(self.sharpness_m) else 0.0
            budget["sharpness"] = SHARPNESS_U * abs(self.raised_m) + unknown
            budget["forest"] = FOREST_U * self.forest_m
        if self.slope_tangent is not None:
            budget["slope"] = SLOPE_SHARE * self.row_m * self.slope_tangent
        return budget


@dataclass(frozen=True, slots=True)
class DEMHeight:
    """The DEM at one position."""

    height_m: float
    """Height, metres in the product's datum."""

    slope_tangent: float
    """Slope there, rise over run."""

    cell_m: tuple[float, float]
    """Column and row spacing, metres."""

    product: Product
    """Its product."""

    grid: Grid
    """Heights around it."""


def dem_at(
    lon_deg: float, lat_deg: float, source: ElevationSource, *, radius_m: float = 0.0
) -> DEMHeight | None:
    """Height and slope of the DEM at a position (degrees, WGS 84); None where it has none.

    Reads terrain up to `radius_m` around it. Raises InvalidCoordinatesError if the position is not on Earth, DEMError
    if the DEM cannot be read.
    """
    samples = source.sample([lon_deg], [lat_deg])
    height = float(samples.height_m[0])
    if not np.isfinite(height):
        return None
    product = samples.products[int(samples.product_index[0])]
    lon_m, lat_m = metres_per_degree(lat_deg)
    reach = radius_m + _MARGIN_CELLS * source.spacing_deg * lat_m
    grid = source.window(
        (lon_deg - reach / lon_m, lat_deg - reach / lat_m, lon_deg + reach / lon_m, lat_deg + reach / lat_m),
        product,
    )
    if grid is None:
        return None
    row, col = (float(index[0]) for index in grid.row_col(np.array([lon_deg]), np.array([lat_deg])))
    cell_m = grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m
    return DEMHeight(height, _slope_near(grid, row, col, cell_m), cell_m, product, grid)


def _slope_near(grid: Grid, row: float, col: float, cell_m: tuple[float, float]) -> float:
    """Slope at the nearest cell; beside a void the steepest known neighbour's, infinite if none is known.

    An infinite uncertainty leaves a figure undecided; a slope of 0 would let it agree merely because we know too
    little.
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

    It is the rms height difference between the position and a circular normal distribution around it, of which 95 %
    lies within `radius_m` (`at` must have been read with that radius). Infinite if less than half of the terrain is
    known.
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
