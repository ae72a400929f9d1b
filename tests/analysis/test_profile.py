"""Profiles and noisy ascents on terrain of known form."""

import numpy as np
import pytest

from routes.analysis.profile import ProfileParameters, _correlated, dem_spacing_m, noisy_ascents_m, profile_of
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
    corner = np.abs(profile.distance_m - np.hypot(3000.0, 2000.0)) < 6.0 * profile.sigma_m
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
    assert profile.sigma_m == pytest.approx(0.5 * SPACING_M, rel=1e-6)


def test_ascent_over_hills_is_known():
    """Six waves of 100 m: 1200 m, damped by the Gaussian as its Fourier transform says, exp(-2 (pi sigma / L)^2)."""
    profile = profile_of(*east_line(), AnalyticSource(sine_hills(100.0, 2000.0)), PARAMETERS)
    ascent, descent = ascent_descent_m(profile.height_m, threshold_m=5.0)
    damped = 1200.0 * np.exp(-2.0 * (np.pi * 0.5 * SPACING_M / 2000.0) ** 2)
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


def test_a_void_stays_where_it_is():
    source = AnalyticSource(sine_hills(), void=lambda x, _: np.abs(x) < 300.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    x, _ = local_m(profile.lon_deg, profile.lat_deg)
    assert (np.isnan(profile.height_m) == (np.abs(x) < 300.0)).all()
    assert not profile.is_complete
    assert not profile.is_outside.any()
    assert profile.product is EXACT


def test_outside_is_said_to_be_outside():
    source = AnalyticSource(plane(), inside=lambda x, _: x < 0.0)
    profile = profile_of(*east_line(), source, PARAMETERS)
    x, _ = local_m(profile.lon_deg, profile.lat_deg)
    assert (profile.is_outside == (x >= 0.0)).all()
    nowhere = profile_of(*east_line(), AnalyticSource(plane(), inside=lambda x, _: x > 1e6), PARAMETERS)
    assert nowhere.product is None
    assert nowhere.is_outside.all()


def noisy(source, *, seed=1, lateral_m=15.0, parameters=PARAMETERS, line=None):
    profile = profile_of(*(line or east_line()), source, parameters)
    return noisy_ascents_m(
        profile, source, parameters, lateral_m=lateral_m, generator=np.random.default_rng(seed)
    )  # fmt: skip


def test_one_seed_gives_one_answer():
    source = AnalyticSource(sine_hills())
    first, second, other = noisy(source), noisy(source), noisy(source, seed=2)
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()
    assert (first[0] != other[0]).any()
    assert first[0].shape == first[1].shape == (PARAMETERS.runs,)


def test_sideways_error_matters_on_a_side_slope_only():
    """An eastward line on a slope to the north: 30 m aside at 50 % is 15 m of height, on the flat nothing."""
    flat = noisy(AnalyticSource(plane()), lateral_m=30.0)[0]
    side = noisy(AnalyticSource(plane(north=0.5)), lateral_m=30.0)[0]
    assert np.median(side) > 3.0 * np.median(flat) + 20.0


def test_moving_off_the_dem_keeps_the_own_height():
    """A strip of data 20 m wide around the line: noise would leave it, and no NaN may come of that."""
    source = AnalyticSource(sine_hills(), inside=lambda _, y: np.abs(y) < 20.0)
    ascent, descent = noisy(source, lateral_m=200.0)
    assert np.isfinite(ascent).all()
    assert np.isfinite(descent).all()


def test_noise_has_unit_variance_and_the_stated_correlation():
    """Gaussian correlation: 1/e at the stated length, exp(-9) at three times it."""
    noise = _correlated((4000, 61), 20.0, np.random.default_rng(3))
    assert noise.std(axis=0) == pytest.approx(np.ones(61), abs=0.06)
    assert np.corrcoef(noise[:, 10], noise[:, 30])[0, 1] == pytest.approx(np.exp(-1.0), abs=0.05)
    assert np.corrcoef(noise[:, 0], noise[:, 60])[0, 1] == pytest.approx(np.exp(-9.0), abs=0.05)
