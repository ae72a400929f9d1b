"""Distance and ascent on terrain whose answer follows from a formula, through a DEM of cells and the default recipes.

What a DEM of spacing c can know: bilinear interpolation of a surface of curvature k errs by at most k c²/8 either way,
and samples half a row apart miss a turning point by at most k (c/4)²/2. Smoothing with a Gaussian of sigma lowers a
turning point by k sigma²/2. The bounds below follow from that; all lie within 0.5 % of the ascent.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.dem.sampling import sample_window
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.model.grid import Grid, Samples
from tests.analytic import GEOD, AnalyticSource, at_m, cone, plane, sine_hills

SPACINGS = [1.0 / 3600.0, 3.0 / 3600.0]


@dataclass(frozen=True)
class Cells:
    """A formula as a DEM sees it: heights at cell centres only, bilinear between them."""

    grid: Grid
    origin: str = "cells of a formula"
    is_incomplete: bool = False

    @property
    def products(self):
        return (self.grid.product,)

    @property
    def spacing_deg(self):
        return self.grid.step_lat_deg

    def sample(self, lon_deg, lat_deg):
        height = sample_window(self.grid, np.asarray(lon_deg), np.asarray(lat_deg))
        return Samples(
            height, np.where(np.isfinite(height), 0, -1), self.products, np.zeros(height.shape, dtype=bool)
        )

    def window(self, bounds, product=None):  # noqa: ARG002 - it has one only
        return self.grid


def climbed(height, line, spacing):
    lon, lat = line
    bounds = (min(lon) - 0.01, min(lat) - 0.01, max(lon) + 0.01, max(lat) + 0.01)
    source = Cells(AnalyticSource(height, spacing_deg=spacing).window(bounds))
    profile = profile_of(lon, lat, source, ProfileParameters(), HeightSource.DEM_RECORDED)
    return ascent_descent_m(profile.height_m, threshold_m=profile.threshold_m)


@pytest.mark.parametrize("spacing", SPACINGS)
def test_plane(spacing):
    """A plane is reproduced by bilinear interpolation and by smoothing: the ascent is slope times length, no more."""
    up, down = climbed(plane(2000.0, east=0.08, north=0.02), at_m([-5000.0, 5000.0], [100.0, 700.0]), spacing)
    assert up == pytest.approx(0.08 * 10_000.0 + 0.02 * 600.0, rel=1e-3)  # the local plane is metric to 1e-3
    assert down == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("aside_m", [500.0, 1500.0])
def test_cone(spacing, aside_m):
    """A line that passes a cone of slope s at a distance b climbs s (sqrt(x² + b²) - b) on each side; k = s/b there."""
    up, down = climbed(cone(slope=0.3), at_m([-6000.0, 6000.0], [aside_m, aside_m]), spacing)
    exact = 0.3 * (np.hypot(6000.0, aside_m) - aside_m)
    assert up == pytest.approx(exact, rel=5e-3)
    assert down == pytest.approx(exact, rel=5e-3)


@pytest.mark.parametrize("spacing", SPACINGS)
def test_sinusoid(spacing):
    """Two waves of amplitude A climb 4 A; k = A (2 pi/L)², so that each turning point errs by under 0.25 % of A."""
    up, down = climbed(sine_hills(300.0, 6000.0), at_m([-6000.0, 6000.0], [0.0, 0.0]), spacing)
    assert up == pytest.approx(1200.0, rel=5e-3)
    assert down == pytest.approx(1200.0, rel=5e-3)


@pytest.mark.parametrize("spacing", SPACINGS)
def test_staircase(spacing):
    """Ten steps of 40 m, a kilometre apart: cells make ramps of them, which changes no sum; nothing falls."""

    def stairs(x, _):
        return 1000.0 + 40.0 * np.floor((x + 5500.0) / 1000.0)

    up, down = climbed(stairs, at_m([-5200.0, 5200.0], [0.0, 0.0]), spacing)
    assert up == pytest.approx(400.0, rel=1e-3)
    assert down == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("spacing", SPACINGS)
def test_battlement(spacing):
    """Up and down 40 m every kilometre: five rises and five falls, flats as long as many cells between them."""

    def battlement(x, _):
        return 1000.0 + 40.0 * (np.floor((x + 5500.0) / 1000.0) % 2)

    up, down = climbed(battlement, at_m([-5200.0, 5200.0], [0.0, 0.0]), spacing)
    assert up == pytest.approx(200.0, rel=5e-3)
    assert down == pytest.approx(200.0, rel=5e-3)


@pytest.mark.parametrize("points", [2, 30, 3000])
def test_distance_is_geodesic_however_dense_the_line(points):
    """Within 1e-9 of pyproj's geodesics, in one step, in steps of 400 m, and in steps of 4 m."""
    t = np.linspace(0.0, 1.0, points)
    lon, lat = at_m(12_000.0 * t, 900.0 * np.sin(9.0 * t))
    assert cumulative_distance_m(lon, lat)[-1] == pytest.approx(GEOD.line_length(lon, lat), rel=1e-9)
