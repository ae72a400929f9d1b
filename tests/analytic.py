"""Terrain whose heights are known in closed form, as a source of heights for the analysis."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pyproj import Geod

from routes.model.figures import VerticalDatum
from routes.model.grid import Grid, Product, Samples, Surface

GEOD = Geod(ellps="WGS84")

EXACT = Product(
    id="analytic",
    title="analytic terrain",
    surface=Surface.DTM,
    vertical_datum=VerticalDatum.EGM96,
    le90_m=1.645,
    le90_source="made for tests: standard deviation 1 m",
    licence="none",
    attribution="none",
)
"""Product whose standard uncertainty is 1 m (1.645 m at 90 %)."""

LON0, LAT0 = 1.5, 42.5
"""Origin of the local coordinates of all terrains below (Andorra)."""

LON_M = GEOD.inv(LON0 - 0.005, LAT0, LON0 + 0.005, LAT0)[2] / 0.01
LAT_M = GEOD.inv(LON0, LAT0 - 0.005, LON0, LAT0 + 0.005)[2] / 0.01
"""Length of a degree at the origin, metres."""


def at_m(east_m, north_m):
    """Longitude and latitude of local coordinates."""
    return LON0 + np.asarray(east_m) / LON_M, LAT0 + np.asarray(north_m) / LAT_M


def local_m(lon_deg, lat_deg):
    """Local coordinates, metres east and north of the origin, of longitude and latitude."""
    return (np.asarray(lon_deg) - LON0) * LON_M, (np.asarray(lat_deg) - LAT0) * LAT_M


def plane(height_m=2000.0, east=0.0, north=0.0):
    """Plane that rises by `east` and `north` metres a metre."""
    return lambda x, y: height_m + east * x + north * y


def cone(top_m=3000.0, slope=0.3):
    """Cone with its top at the origin."""
    return lambda x, y: top_m - slope * np.hypot(x, y)


def ridge(saddle_m=2500.0, slope=0.3, rise=1e-4):
    """Ridge along the meridian of the origin, whose lowest point, the saddle, is the origin."""
    return lambda x, y: saddle_m + rise * y**2 - slope * np.abs(x)


def sine_hills(amplitude_m=100.0, wavelength_m=2000.0, base_m=2000.0):
    """Parallel hills that an eastward line crosses: it climbs twice the amplitude a wavelength."""
    return lambda x, _: base_m + amplitude_m * np.sin(2.0 * np.pi * x / wavelength_m)


@dataclass(frozen=True)
class AnalyticSource:
    """Heights of a formula; satisfies `routes.analysis.heights.source.ElevationSource`."""

    height: Callable
    """Height in metres at local coordinates (east, north) in metres."""

    spacing_deg: float = 3.0 / 3600.0
    product: Product = EXACT
    inside: Callable = lambda x, _: np.ones(np.shape(x), dtype=bool)
    """Where the terrain has data at all, by local coordinates."""

    void: Callable = lambda x, _: np.zeros(np.shape(x), dtype=bool)
    """Where it has holes, by local coordinates."""

    origin: str = "analytic terrain"
    is_incomplete: bool = False

    @property
    def products(self):
        return (self.product,)

    def _heights(self, lon, lat):
        x, y = local_m(lon, lat)
        outside = ~self.inside(x, y)
        height = np.where(outside | self.void(x, y), np.nan, self.height(x, y))
        return np.asarray(height, dtype=np.float64), outside

    def sample(self, lon_deg, lat_deg):
        height, outside = self._heights(np.asarray(lon_deg, dtype=float), np.asarray(lat_deg, dtype=float))
        index = np.where(np.isfinite(height), 0, -1)
        return Samples(height, index, self.products, outside, np.zeros(height.shape, dtype=bool))

    def window(self, bounds, product=None):  # noqa: ARG002 - it has one product only
        west, south, east, north = bounds
        step = self.spacing_deg
        left, right = int(np.floor(west / step)) - 1, int(np.ceil(east / step)) + 1
        bottom, top = int(np.floor(south / step)) - 1, int(np.ceil(north / step)) + 1
        lon, lat = np.meshgrid(np.arange(left, right + 1) * step, np.arange(top, bottom - 1, -1) * step)
        height, outside = self._heights(lon, lat)
        if outside.all():
            return None
        return Grid(
            height,
            west_deg=left * step,
            north_deg=top * step,
            step_lon_deg=step,
            step_lat_deg=step,
            product=self.product,
        )
