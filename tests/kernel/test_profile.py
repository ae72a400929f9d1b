"""Ascent, descent and smoothing against a readable reference."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.signal import find_peaks

from routes.errors import InvalidCoordinatesError
from routes.kernel.profile import (
    ascent_descent_m,
    prominent_peaks,
    smooth,
    turning_points,
)
from tests.strategies import profiles

thresholds = st.sampled_from([0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 100.0])


def reference_ascent_descent_m(heights, threshold):
    """Persistence of turning points: take away the smallest swing until none is below the threshold.

    A swing in the middle goes with both its turning points; one at an end takes only the end with it. What lies
    before the first and after the last turning point that remain counts as it is.
    """
    turns = [heights[0]]
    for height in heights[1:]:
        if height == turns[-1]:
            continue
        if len(turns) > 1 and (turns[-1] - turns[-2]) * (height - turns[-1]) > 0:
            turns[-1] = height
        else:
            turns.append(height)
    while len(turns) > 1:
        swings = [abs(b - a) for a, b in itertools.pairwise(turns)]
        smallest = min(range(len(swings)), key=swings.__getitem__)
        if swings[smallest] >= threshold:
            break
        if smallest == 0:
            del turns[0]
        elif smallest == len(swings) - 1:
            del turns[-1]
        else:
            del turns[smallest : smallest + 2]
    chain = [heights[0], *(turns if len(turns) > 1 else []), heights[-1]]
    steps = np.diff(chain)
    return float(steps[steps > 0].sum()), float(-steps[steps < 0].sum())


@given(profiles(), thresholds)
@example([0.0, 3.0, -1.0, 4.0], 5.0)
@example([0.0, 3.0, 1.0], 5.0)
@example([0.0, 6.0, 3.0], 5.0)
@example([7.0], 5.0)
@example([7.0, 7.0, 7.0], 0.0)
@example([0.0, 5.0, 0.0], 5.0)  # a swing of just the threshold counts
def test_ascent_and_descent_equal_the_reference(heights, threshold):
    assert ascent_descent_m(heights, threshold_m=threshold) == reference_ascent_descent_m(heights, threshold)


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1.0, 3.0, 8.0]))
def test_long_profiles_that_are_thinned_in_passes_equal_the_reference(seed, threshold):
    generator = np.random.default_rng(seed)
    heights = np.cumsum(generator.integers(-3, 4, 600)).astype(float).tolist()
    assert ascent_descent_m(heights, threshold_m=threshold) == reference_ascent_descent_m(heights, threshold)


@given(st.lists(st.floats(-500.0, 9000.0), min_size=1, max_size=300), st.floats(0.0, 50.0))
def test_any_heights_balance_and_reverse_exactly(heights, threshold):
    """No tolerance: heights are taken to a micrometre, in which sums have no rounding."""
    ascent, descent = ascent_descent_m(heights, threshold_m=threshold)
    start, end = (round(height * 2**20) / 2**20 for height in (heights[0], heights[-1]))
    assert ascent - descent == end - start
    assert ascent_descent_m(heights[::-1], threshold_m=threshold) == (descent, ascent)
    assert abs((ascent - descent) - (heights[-1] - heights[0])) < 1e-6


@given(profiles(), thresholds)
def test_turning_points_carry_the_ascent(heights, threshold):
    turns = turning_points(heights, threshold_m=threshold)
    assert turns[0] == 0
    assert turns[-1] == len(heights) - 1
    assert (np.diff(turns) > 0).all()
    steps = np.diff(np.array(heights)[turns])
    sums = float(steps[steps > 0].sum()), float(-steps[steps < 0].sum())
    assert sums == ascent_descent_m(heights, threshold_m=threshold)
    assert (np.abs(steps[1:-1]) >= threshold).all()


@given(profiles(), thresholds)
def test_ascent_minus_descent_is_end_minus_start(heights, threshold):
    ascent, descent = ascent_descent_m(heights, threshold_m=threshold)
    assert ascent >= 0
    assert descent >= 0
    assert ascent - descent == heights[-1] - heights[0]


@given(profiles(), thresholds)
def test_walking_back_swaps_ascent_and_descent(heights, threshold):
    ascent, descent = ascent_descent_m(heights, threshold_m=threshold)
    assert ascent_descent_m(heights[::-1], threshold_m=threshold) == (descent, ascent)


@given(profiles(), thresholds)
def test_turning_the_profile_upside_down_swaps_ascent_and_descent(heights, threshold):
    ascent, descent = ascent_descent_m(heights, threshold_m=threshold)
    assert ascent_descent_m([-height for height in heights], threshold_m=threshold) == (descent, ascent)


@given(profiles(min_size=2))
def test_without_threshold_every_rise_counts(heights):
    steps = np.diff(heights)
    expected = (steps[steps > 0].sum(), -steps[steps < 0].sum())
    assert ascent_descent_m(heights, threshold_m=0.0) == expected


@given(profiles(), thresholds, thresholds)
def test_a_wider_dead_band_never_adds_ascent(heights, one, other):
    narrow, wide = sorted([one, other])
    assert ascent_descent_m(heights, threshold_m=wide)[0] <= ascent_descent_m(heights, threshold_m=narrow)[0]


@given(profiles(), thresholds, st.integers(1, 4))
def test_density_of_points_does_not_matter(heights, threshold, between):
    positions = np.arange(len(heights))
    dense = np.interp(np.linspace(0, len(heights) - 1, (len(heights) - 1) * between + 1), positions, heights)
    assert ascent_descent_m(dense, threshold_m=threshold) == pytest.approx(
        ascent_descent_m(heights, threshold_m=threshold)
    )


def test_hills_of_a_sine_count_twice_their_amplitude():
    """Six whole waves of amplitude 100 m: 1200 m up and as much down, by the formula."""
    heights = 2000.0 - 100.0 * np.cos(np.linspace(0.0, 12.0 * np.pi, 1201))
    assert ascent_descent_m(heights, threshold_m=5.0) == pytest.approx((1200.0, 1200.0), abs=1e-6)


def test_noise_below_the_dead_band_adds_nothing():
    """An even climb of 500 m with a jitter of at most 2 m either way."""
    jitter = np.random.default_rng(1).uniform(-2.0, 2.0, 2001)
    jitter[[0, -1]] = 0.0
    heights = np.linspace(1000.0, 1500.0, 2001) + jitter
    ascent, descent = ascent_descent_m(heights, threshold_m=5.0)
    assert 500.0 <= ascent <= 504.0  # the first and the last turning point may lie 2 m off the slope
    assert ascent - descent == pytest.approx(500.0)
    assert ascent_descent_m(heights, threshold_m=0.0)[0] > 1000.0


@pytest.mark.parametrize("heights", [[1.0, np.nan, 2.0], [np.inf, 1.0], []])
def test_gaps_in_heights_are_refused(heights):
    for function in (
        lambda h: ascent_descent_m(h, threshold_m=1.0),
        lambda h: smooth(h, sigma_m=1.0, spacing_m=1.0),
    ):
        with pytest.raises(
            InvalidCoordinatesError, match=r"heights without gaps; [0-9]+ of [0-9]+ are missing"
        ):
            function(heights)


@given(st.integers(3, 60), st.floats(-50.0, 50.0), st.floats(-5.0, 5.0), st.floats(0.1, 300.0))
@example(3, 0.0, 1.0, 300.0)  # a Gaussian far wider than the profile
def test_smoothing_leaves_linear_slopes(count, start, step, sigma):
    heights = start + step * np.arange(count)
    smoothed = smooth(heights, sigma_m=sigma, spacing_m=10.0)
    assert smoothed == pytest.approx(heights, abs=1e-6)


@given(profiles(min_size=3, max_size=60), st.floats(0.1, 300.0))
def test_smoothing_leaves_the_ends(heights, sigma):
    smoothed = smooth(heights, sigma_m=sigma, spacing_m=10.0)
    assert smoothed[[0, -1]] == pytest.approx([heights[0], heights[-1]], abs=1e-6)


@given(profiles(min_size=3, max_size=60), st.floats(0.1, 300.0))
def test_smoothing_knows_no_direction(heights, sigma):
    there = smooth(heights, sigma_m=sigma, spacing_m=10.0)
    back = smooth(heights[::-1], sigma_m=sigma, spacing_m=10.0)[::-1]
    assert there == pytest.approx(back, abs=1e-6)


def test_smoothing_damps_a_wave_as_the_gaussian_says():
    """A Gaussian of sigma takes a wave of wavelength L down to exp(-2 (pi sigma / L)^2) (its Fourier transform)."""
    x = np.arange(0.0, 10_000.0, 5.0)
    wave = np.sin(2.0 * np.pi * x / 500.0)
    smoothed = smooth(wave, sigma_m=60.0, spacing_m=5.0)
    middle = slice(500, 1500)
    assert np.abs(smoothed[middle]).max() == pytest.approx(
        np.exp(-2.0 * (np.pi * 60.0 / 500.0) ** 2), rel=1e-3
    )


def test_smoothing_of_many_profiles_is_that_of_each():
    runs = np.random.default_rng(2).normal(2000.0, 30.0, (4, 50))
    together = smooth(runs, sigma_m=25.0, spacing_m=10.0)
    each = [smooth(run, sigma_m=25.0, spacing_m=10.0) for run in runs]
    assert together == pytest.approx(np.array(each))


@pytest.mark.parametrize(("heights", "sigma"), [([1.0, 5.0, 2.0], 0.0), ([1.0, 5.0], 100.0), ([4.0], 10.0)])
def test_smoothing_of_nothing_returns_a_copy(heights, sigma):
    given_heights = np.array(heights)
    smoothed = smooth(given_heights, sigma_m=sigma, spacing_m=10.0)
    assert smoothed.tolist() == heights
    assert not np.shares_memory(smoothed, given_heights)


@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.sampled_from([0.0, 1.0, 2.0, 3.0]))
@example([0, 2, 2, 0], 1.0)  # a level top of even width
@example([2, 2, 0, 3, 3], 0.0)  # level ends are no tops
@example([0, 3, 1, 3, 0], 0.0)  # of equal tops neither is higher
@example([1], 0.0)
def test_prominent_peaks_equal_scipy(heights, prominence):
    index, found = prominent_peaks(heights, prominence_m=prominence)
    expected, traits = find_peaks(np.array(heights, dtype=np.float64), prominence=prominence)
    assert index.tolist() == expected.tolist()
    assert found.tolist() == traits["prominences"].tolist()
