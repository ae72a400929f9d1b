"""Monte Carlo runs on terrain of known form."""

import dataclasses

import numpy as np
import pytest

from routes.analysis.figures.monte_carlo import (
    around,
    climb_runs,
    correlated,
    doubt,
    draw_runs,
    estimate_of,
    high_runs,
    length_runs,
    sum_runs,
)
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.figures.recipes import HeightSource, recipe_for
from tests.analytic import EXACT, AnalyticSource, at_m, plane, sine_hills

PARAMETERS = ProfileParameters()
RECIPE = dataclasses.replace(
    recipe_for(HeightSource.DEM_RECORDED, 90.0),
    smoothing_m=46.0, threshold_m=5.0, ascent_share=0.05, ascent_drawn=1.5, high_offset_m=3.0, high_sigma_m=4.0,
    length_offset_share=-0.01, length_sigma_share=0.02,
)  # fmt: skip


def east_line(length_m=12_000.0):
    return at_m([-length_m / 2, length_m / 2], [0.0, 0.0])


def drawn(source, *, seed=1, lateral_m=15.0, line=None):
    profile = profile_of(*(line or east_line()), source, ProfileParameters(recipe=RECIPE))
    return draw_runs(profile, source, PARAMETERS, lateral_m=lateral_m, generator=np.random.default_rng(seed))


def test_one_seed_gives_one_answer():
    source = AnalyticSource(sine_hills())
    first, second, other = drawn(source), drawn(source), drawn(source, seed=2)
    for name in ("ascent_m", "descent_m", "high_m", "length_m"):
        assert (getattr(first, name) == getattr(second, name)).all()
        assert (getattr(first, name) != getattr(other, name)).any()
        assert getattr(first, name).shape == (PARAMETERS.runs,)


def test_sideways_error_matters_on_a_side_slope_only():
    """An eastward line on a slope to the north: 30 m aside at 50 % is 15 m of height, on the flat nothing."""
    flat = drawn(AnalyticSource(plane()), lateral_m=30.0).ascent_m
    side = drawn(AnalyticSource(plane(north=0.5)), lateral_m=30.0).ascent_m
    assert np.median(side) > 3.0 * np.median(flat) + 20.0


def test_highest_point_varies_as_the_dem_errs():
    """On a ramp the highest point is its end: its spread is the standard error of the DEM there, 10 m."""
    product = dataclasses.replace(EXACT, le90_m=16.45)
    high = drawn(AnalyticSource(plane(east=0.1), product=product), lateral_m=0.0).high_m
    assert high.std() == pytest.approx(10.0, rel=0.15)


def test_lines_that_are_moved_get_longer_by_their_wiggles():
    """Offset of sigma s, alike as exp(-(d/L)^2): mean square slope 2 s^2/L^2, and length grows by half of that."""
    length = drawn(AnalyticSource(plane()), lateral_m=30.0).length_m
    assert length.mean() / 12_000.0 - 1.0 == pytest.approx((30.0 / 300.0) ** 2, rel=0.15)
    assert drawn(AnalyticSource(plane()), lateral_m=0.0).length_m == pytest.approx(12_000.0, rel=1e-4)


def test_a_line_over_the_antimeridian_is_not_round_the_world():
    source = AnalyticSource(lambda x, _: np.full(np.shape(x), 10.0))
    length = drawn(source, line=([179.95, -179.95], [10.0, 10.0])).length_m
    assert length == pytest.approx(10_964.0, rel=0.01)


def test_moving_off_the_dem_keeps_the_own_height():
    """A strip of data 20 m wide around the line: noise would leave it, and no NaN may come of that."""
    source = AnalyticSource(sine_hills(), inside=lambda _, y: np.abs(y) < 20.0)
    runs = drawn(source, lateral_m=200.0)
    assert np.isfinite(runs.ascent_m).all()
    assert np.isfinite(runs.high_m).all()


@pytest.mark.parametrize("length", [20.0, 64.0])
def test_noise_has_unit_variance_and_the_stated_correlation(length):
    """Gaussian correlation: 1/e at the stated length, exp(-9) at three times it; drawn at nodes from 8 on."""
    noise = correlated((4000, 200), length, np.random.default_rng(3))
    near, far = 10 + int(length), 3 * int(length)
    assert noise.std(axis=0) == pytest.approx(np.ones(200), abs=0.06)
    assert np.corrcoef(noise[:, 10], noise[:, near])[0, 1] == pytest.approx(np.exp(-1.0), abs=0.05)
    assert np.corrcoef(noise[:, 0], noise[:, far])[0, 1] == pytest.approx(np.exp(-9.0), abs=0.05)


def test_runs_gather_around_the_value_with_the_recipes_doubt_added():
    """Normal numbers: spread of the runs, the share of the value and the multiple of the spread add as squares."""
    generator = np.random.default_rng(7)
    parameters = dataclasses.replace(PARAMETERS, runs=20_000)
    noise = generator.normal(1300.0, 30.0, 20_000)
    assert np.median(around(1000.0, noise)) == pytest.approx(1000.0)
    climbs = climb_runs(1000.0, noise, RECIPE, doubt(parameters, "climb"))
    assert climbs.std() == pytest.approx(np.sqrt(30.0**2 + 50.0**2 + 45.0**2), rel=0.03)
    highs = high_runs(2000.0, noise, RECIPE, doubt(parameters, "high"))
    assert highs.mean() == pytest.approx(2003.0, abs=1.0)
    assert highs.std() == pytest.approx(np.hypot(30.0, 4.0), rel=0.03)
    lengths = length_runs(10_000.0, noise, RECIPE, doubt(parameters, "length"))
    assert lengths.mean() == pytest.approx(9900.0, abs=5.0)
    assert lengths.std() == pytest.approx(np.hypot(30.0, 200.0), rel=0.03)
    assert (climb_runs(1.0, noise, RECIPE, doubt(parameters, "climb")) >= 0.0).all()


def test_doubts_are_the_same_for_every_leg_and_others_for_other_figures():
    assert (doubt(PARAMETERS, "climb") == doubt(PARAMETERS, "climb")).all()
    assert (doubt(PARAMETERS, "climb") != doubt(PARAMETERS, "high")).any()


def test_sums_are_run_by_run():
    one, other = drawn(AnalyticSource(sine_hills())), drawn(AnalyticSource(plane(east=0.1)), seed=2)
    both = sum_runs([one, other])
    assert both.ascent_m == pytest.approx(one.ascent_m + other.ascent_m)
    assert both.high_m == pytest.approx(np.maximum(one.high_m, other.high_m))


def test_an_interval_holds_its_value():
    estimate = estimate_of(100.0, np.linspace(110.0, 120.0, 50), "drawn")
    assert (estimate.p10, estimate.value) == (100.0, 100.0)
    assert estimate.p90 == pytest.approx(119.0)


def test_runs_in_blocks_are_as_many_and_spread_as_far(monkeypatch):
    """A long line is drawn in blocks: other numbers, the same distribution; 200 runs tell a spread to 5 %."""
    source = AnalyticSource(sine_hills())
    whole = drawn(source)
    size = whole.band_m[0].shape[1]
    monkeypatch.setattr("routes.analysis.figures.monte_carlo.MAX_DRAWN", 30 * size)
    monkeypatch.setattr("routes.analysis.figures.monte_carlo._BAND_SAMPLES", 100)
    blocks = drawn(source)
    for name in ("ascent_m", "descent_m", "high_m", "length_m"):
        one, other = getattr(whole, name), getattr(blocks, name)
        assert one.shape == other.shape == (PARAMETERS.runs,)
        assert other.std() == pytest.approx(one.std(), rel=0.25)
        assert other.mean() == pytest.approx(one.mean(), abs=0.5 * one.std())
    assert blocks.band_m[0].shape == (2, size)
    assert blocks.band_m[0].mean(axis=1) == pytest.approx(whole.band_m[0].mean(axis=1), rel=0.15)
