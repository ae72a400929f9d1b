"""Spikes and standstills put into tracks are found, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.errors import InvalidCoordinatesError
from routes.kernel.cleaning import find_spikes, find_standstills, runs_of
from tests.analytic import at_m


def walk(points=400, step_m=8.0):
    """A winding way east, in steps of about 8 m."""
    east = step_m * np.arange(points)
    return east, 60.0 * np.sin(east / 150.0)


@given(st.sets(st.integers(1, 97).map(lambda k: 4 * k), max_size=12), st.floats(80.0, 5000.0))
def test_spikes_put_in_are_the_spikes_found(places, reach):
    east, north = walk()
    wrong = sorted(places)
    north[wrong] += reach
    assert np.flatnonzero(find_spikes(*at_m(east, north))).tolist() == wrong


def test_a_spike_is_one_only_if_nobody_is_that_fast():
    east, north = walk()
    north[200] += 300.0
    lon, lat = at_m(east, north)
    seconds = 7.0 * np.arange(east.size)
    assert np.flatnonzero(find_spikes(lon, lat, seconds)).tolist() == [200]
    seconds[200:] += 600.0
    seconds[201:] += 600.0
    assert not find_spikes(lon, lat, seconds).any()
    assert find_spikes(lon, lat, np.full(east.size, np.nan))[200]


def test_a_sparse_line_with_sharp_bends_has_no_spikes():
    """Switchbacks of 200 m, a vertex at each bend and 40 m apart at the ends."""
    north = np.arange(20) * 40.0 + 40.0 * (np.arange(20) % 2)
    east = np.where(np.arange(20) % 2, 100.0, 0.0)
    assert not find_spikes(*at_m(east, north)).any()


def with_rest(points=60, spread_m=5.0, at=200):
    east, north = walk()
    generator = np.random.default_rng(5)
    rest = generator.normal(0.0, spread_m, (2, points)).clip(-10.0, 10.0)
    return (
        np.concatenate([east[:at], east[at] + rest[0], east[at:]]),
        np.concatenate([north[:at], north[at] + rest[1], north[at:]]),
    )


def test_a_rest_is_found_with_a_few_points_to_spare():
    found = runs_of(find_standstills(*at_m(*with_rest())))
    assert len(found) == 1
    assert 195 <= found[0].start <= 205
    assert 255 <= found[0].stop <= 265


def test_a_rest_must_last():
    east, north = with_rest()
    lon, lat = at_m(east, north)
    assert find_standstills(lon, lat, 10.0 * np.arange(east.size)).any()
    assert not find_standstills(lon, lat, 0.5 * np.arange(east.size)).any()


@pytest.mark.parametrize("step_m", [1.0, 3.0, 8.0, 50.0])
def test_walking_is_no_rest(step_m):
    assert not find_standstills(*at_m(*walk(step_m=step_m))).any()


def test_hairpins_are_no_rest():
    """Legs of 60 m that return 8 m beside themselves, a point every 4 m."""
    along = np.arange(0.0, 1200.0, 4.0)
    leg, share = np.divmod(along, 60.0)
    east = np.where(leg % 2 == 0, share, 60.0 - share)
    assert not find_standstills(*at_m(east, 8.0 * along / 60.0)).any()


def test_a_receiver_that_repeats_one_point_is_left_alone():
    """It adds no length, so there is nothing to report."""
    assert not find_standstills([1.5] * 50, [42.5] * 50).any()


def test_short_and_wrong_input():
    assert find_spikes([1.5], [42.5]).tolist() == [False]
    assert find_standstills([1.5, 1.6], [42.5, 42.5]).tolist() == [False, False]
    with pytest.raises(InvalidCoordinatesError, match="3 points need 3 times; there are 2"):
        find_spikes([1.5] * 3, [42.5] * 3, [0.0, 1.0])
