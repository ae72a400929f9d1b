"""What cleaning finds in walks with planted faults, and what it leaves alone."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routes.kernel.cleaning import SPIKE_M, STILL_POINTS, _extent, is_spike, is_standstill
from tests.analytic import at_m
from tests.strategies import examples

STEP = 10.0


def walk(points_m, step_m=STEP):
    """Points every few metres along a line through corners."""
    corners = np.array(points_m, dtype=float)
    runs = []
    for a, b in itertools.pairwise(corners):
        count = max(int(np.hypot(*(b - a)) // step_m), 1)
        runs.append(a + np.arange(count)[:, None] / count * (b - a))
    return np.concatenate([*runs, corners[-1:]])


def degrees(points):
    return at_m(*np.asarray(points).T)


def found(points):
    lon, lat = degrees(points)
    return np.flatnonzero(is_spike(lon, lat)), np.flatnonzero(is_standstill(lon, lat))


@pytest.mark.parametrize("far_m", [100.0, 200.0, 5000.0])
def test_planted_spikes_are_found(far_m):
    points = walk([(0, 0), (2000, 0)])
    points[[40, 120], 1] = far_m, -far_m
    spikes, still = found(points)
    assert spikes.tolist() == [40, 120]
    assert still.size == 0


def test_a_spike_nearer_than_the_limit_stays():
    points = walk([(0, 0), (500, 0)])
    points[20, 1] = 0.9 * SPIKE_M
    assert found(points)[0].size == 0


def test_a_planted_cluster_is_left_out_but_for_its_first_point():
    points = walk([(0, 0), (1000, 0)])
    ball = points[50] + np.random.default_rng(1).normal(0.0, 4.0, (60, 2))
    _, still = found(np.concatenate([points[:51], ball, points[51:]]))
    assert set(range(55, 108)) <= set(still.tolist())
    assert still.min() >= 45
    assert still.max() <= 116
    assert np.all(np.diff(still) == 1)


def test_a_recorder_that_repeats_one_position_leaves_one():
    points = walk([(0, 0), (1000, 0)])
    _, still = found(np.concatenate([points[:51], np.repeat(points[[50]], 30, axis=0), points[51:]]))
    kept = 131 - still.size
    assert 30 - still.size <= 1
    assert kept >= 100


@pytest.mark.parametrize(
    "corners",
    [
        [(0, 0), (3000, 0)],
        [(0, 0), (1500, 0), (0, 0)],
        [(0, 0), (300, 0), (0, 15), (300, 30), (0, 45)],
        [(0, 0), (80, 0), (0, 12), (80, 24), (0, 36), (80, 48)],
        [(0, 0), (200, 0), (200, 200), (0, 200), (0, 0)],
    ],
    ids=["straight", "out and back", "hairpins", "tight hairpins", "loop"],
)
@pytest.mark.parametrize("step_m", [2.0, 10.0, 50.0])
def test_real_walks_are_left_alone(corners, step_m):
    spikes, still = found(walk(corners, step_m))
    assert spikes.size == 0
    assert still.size == 0


def test_the_end_of_a_spur_far_from_its_neighbours_is_a_spike_by_its_shape():
    """Out to a viewpoint and back with one point there and none on the way cannot be told from a spike."""
    points = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 400.0), (12.0, 0.0), (30.0, 0.0), (40.0, 0.0)])
    assert found(points)[0].tolist() == [2]


@pytest.mark.parametrize("step_m", [60.0, 150.0, 400.0])
def test_the_top_of_an_out_and_back_in_a_thinned_track_is_no_spike(step_m):
    """Apps thin tracks to a point every hundred metres or so; the summit is the one point that must stay."""
    random = np.random.default_rng(3)
    up = walk([(0, 0), (30 * step_m, 500.0)], step_m)
    thinned = np.concatenate([up, up[-2::-1]])
    thinned += random.normal(0.0, 3.0, thinned.shape)
    assert found(thinned)[0].size == 0


def test_faults_at_the_antimeridian_are_found_as_elsewhere():
    points = walk([(0, 0), (2000, 0)])
    points[100, 1] = 300.0
    lon, lat = at_m(*points.T)
    across = (lon - lon[100] + 180.0 + 180.0) % 360.0 - 180.0
    assert (across > 0).any()
    assert (across < 0).any()
    assert np.flatnonzero(is_spike(across, lat)).tolist() == [100]
    assert not is_standstill(across, lat).any()


@pytest.mark.parametrize("count", range(5))
def test_few_points_are_no_fault(count):
    lon, lat = degrees(walk([(0, 0), (1000, 0)])[:count])
    assert is_spike(lon, lat).shape == is_standstill(lon, lat).shape == (count,)
    assert not is_spike(lon, lat).any()
    assert not is_standstill(lon, lat).any()


@given(st.integers(0, 2**32 - 1), st.integers(2, 80), st.floats(0.01, 500.0))
@settings(max_examples=examples(80))
def test_the_ends_are_never_left_out(seed, count, spread_m):
    lon, lat = degrees(np.random.default_rng(seed).normal(0.0, spread_m, (count, 2)))
    out = is_spike(lon, lat) | is_standstill(lon, lat)
    assert not out[[0, -1]].any()


@given(st.integers(0, 2**32 - 1), st.integers(3, 60))
@settings(max_examples=examples(40))
def test_walked_backwards_the_same_spikes_are_found(seed, count):
    lon, lat = degrees(np.random.default_rng(seed).normal(0.0, 200.0, (count, 2)))
    assert is_spike(lon[::-1], lat[::-1])[::-1].tolist() == is_spike(lon, lat).tolist()


@given(st.integers(0, 2**32 - 1), st.integers(STILL_POINTS, 100))
def test_extents_of_windows_equal_numpys(seed, count):
    values = np.random.default_rng(seed).standard_normal(count)
    windows = np.lib.stride_tricks.sliding_window_view(values, STILL_POINTS)
    assert (_extent(values) == np.ptp(windows, axis=1)).all()
