"""Profiles on terrain of known form."""

import numpy as np
import pytest

from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.profile import ProfileParameters, dem_spacing_m, profile_of, recorded_profile
from routes.kernel.profile import ascent_descent_m
from tests.analytic import EXACT, GEOD, LAT_M, AnalyticSource, at_m, local_m, plane, sine_hills

PARAMETERS = ProfileParameters()
SPACING_M = 3.0 / 3600.0 * LAT_M
"""Distance between rows of the analytic source, 92.6 m."""


def east_line(length_m=12_000.0, north_m=0.0):
    return at_m([-length_m / 2, length_m / 2], [north_m, north_m])


def test_profile_of_a_plane_is_the_plane():
    lon, lat = at_m([-2000.0, 1000.0, 3000.0], [-1000.0, 1000.0, 500.0])
    profile = profile_of(lon, lat, AnalyticSource(plane(east=0.1, north=-0.05)), PARAMETERS)
    x, y = local_m(profile.lon_deg, profile.lat_deg)
    expected = 2000.0 + 0.1 * x - 0.05 * y
    corner = np.abs(profile.distance_m - np.hypot(3000.0, 2000.0)) < 6.0 * profile.heights.smoothing_m
    # smoothing rounds the corner of the way, nothing else
    assert profile.height_m[~corner] == pytest.approx(expected[~corner], abs=0.05)
    assert profile.height_m[[0, -1]] == pytest.approx(expected[[0, -1]])
    assert profile.distance_m[-1] == pytest.approx(GEOD.line_length(lon, lat))
    assert profile.is_complete
    assert profile.product is EXACT
    assert not profile.is_outside.any()


def test_samples_are_half_a_dem_row_apart_at_most():
    profile = profile_of(*east_line(), AnalyticSource(plane()), PARAMETERS)
    assert dem_spacing_m(AnalyticSource(plane()), 42.5) == pytest.approx(SPACING_M, rel=1e-6)
    assert profile.spacing_m <= 0.5 * SPACING_M * (1 + 1e-6)
    assert profile.spacing_m == pytest.approx(0.5 * SPACING_M, rel=0.02)
    assert np.diff(profile.distance_m) == pytest.approx(
        np.full(profile.distance_m.size - 1, profile.spacing_m)
    )
    assert profile.heights.smoothing_m == 40.0
    assert profile.dem_spacing_m == pytest.approx(SPACING_M, rel=1e-6)


def test_ascent_over_hills_is_known():
    """Six waves of 100 m: 1200 m, damped by the Gaussian as its Fourier transform says, exp(-2 (pi sigma / L)^2)."""
    profile = profile_of(*east_line(), AnalyticSource(sine_hills(100.0, 2000.0)), PARAMETERS)
    ascent, descent = ascent_descent_m(profile.height_m, threshold_m=5.0)
    damped = 1200.0 * np.exp(-2.0 * (np.pi * 40.0 / 2000.0) ** 2)
    assert ascent == pytest.approx(damped, rel=0.01)
    assert descent == pytest.approx(ascent, abs=0.5)


def test_ascent_does_not_depend_on_density_of_the_line():
    source = AnalyticSource(sine_hills(50.0, 900.0))
    lon, lat = east_line()
    dense = np.array(GEOD.npts(lon[0], lat[0], lon[1], lat[1], 3000))
    sparse = profile_of(lon, lat, source, PARAMETERS)
    full = profile_of([lon[0], *dense[:, 0], lon[1]], [lat[0], *dense[:, 1], lat[1]], source, PARAMETERS)
    assert ascent_descent_m(full.height_m, threshold_m=5.0) == pytest.approx(
        ascent_descent_m(sparse.height_m, threshold_m=5.0), abs=0.5
    )


def test_a_long_void_stays_where_it_is():
    source = AnalyticSource(sine_hills(), void=lambda x, _: np.abs(x) < 600.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    x, _ = local_m(profile.lon_deg, profile.lat_deg)
    assert (np.isnan(profile.height_m) == (np.abs(x) < 600.0)).all()
    assert not profile.is_complete
    assert not profile.is_outside.any()
    assert profile.product is EXACT


def test_a_short_void_is_bridged_straight_and_marked():
    """A ramp has the same heights bridged; 400 m of 12 km are a twentieth and under the 700 m that are bridged."""
    source = AnalyticSource(plane(east=0.1), void=lambda x, _: np.abs(x) < 200.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    x, _ = local_m(profile.lon_deg, profile.lat_deg)
    assert profile.height_m == pytest.approx(2000.0 + 0.1 * x, abs=0.01)
    (gap,) = profile.gaps
    assert gap.start_m == pytest.approx(6000.0 - 200.0, abs=SPACING_M)
    assert gap.length_m == pytest.approx(400.0, abs=2.0 * SPACING_M)
    assert np.isnan(profile.raw_m[np.abs(x) < 200.0]).all()


@pytest.mark.parametrize("middle", [-6000.0, 6000.0])
def test_a_gap_at_an_end_is_not_bridged(middle):
    source = AnalyticSource(plane(east=0.1), void=lambda x, _: np.abs(x - middle) < 100.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    assert not profile.is_complete
    assert profile.gaps == ()


def test_outside_is_said_to_be_outside():
    source = AnalyticSource(plane(), inside=lambda x, _: x < 0.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    x, _ = local_m(profile.lon_deg, profile.lat_deg)
    assert (profile.is_outside == (x >= 0.0)).all()
    nowhere = profile_of(*east_line(), AnalyticSource(plane(), inside=lambda x, _: x > 1e6), PARAMETERS)
    assert nowhere.product is None
    assert nowhere.is_outside.all()


def test_heights_beside_a_void_are_those_of_a_line_that_ends_there():
    """What lies between gaps is smoothed by itself: a void changes nothing beyond it."""
    source = AnalyticSource(plane(east=0.1), void=lambda x, _: np.abs(x) < 600.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    x, _ = local_m(profile.lon_deg, profile.lat_deg)
    known = np.abs(x) >= 600.0
    assert profile.height_m[known] == pytest.approx(2000.0 + 0.1 * x[known], abs=0.01)


def test_recorded_heights_are_a_profile_of_their_own():
    """A ramp of 5 % with 400 m between points; one missing height takes both stretches beside it away."""
    lon, lat = at_m(np.arange(-2000.0, 2001.0, 400.0), np.zeros(11))
    ele = 1000.0 + 0.05 * (np.arange(11) * 400.0)
    profile = recorded_profile(lon, lat, ele, HeightSource.GPS)
    assert profile.spacing_m <= 5.0
    assert profile.product is None
    assert profile.height_m == pytest.approx(1000.0 + 0.05 * profile.distance_m, abs=0.01)
    ele[5] = np.nan
    gap = recorded_profile(lon, lat, ele, HeightSource.GPS)
    inside = (gap.distance_m > 1601.0) & (gap.distance_m < 2399.0)
    assert np.isnan(gap.height_m[inside]).all()
    assert np.isfinite(gap.height_m[(gap.distance_m < 1599.0) | (gap.distance_m > 2401.0)]).all()
