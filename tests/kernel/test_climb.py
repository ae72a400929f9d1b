"""Ascent and descent close: their difference is that of the ends, whatever is done to them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.kernel.climb import LEVEL, Climb, climb_of
from routes.kernel.profile import ascent_descent_m
from routes.kernel.uncertainty import Z80, log_normal_range

HEIGHTS = st.lists(st.floats(-400.0, 8800.0), min_size=1, max_size=60)
BANDS = st.sampled_from([0.0, 0.5, 1.0, 5.0, 50.0])
EXACT_M = 1e-5
"""Heights are rounded to a micrometre for sums; floating point adds less."""


def closes(climb, net_m):
    assert climb.ascent_m - climb.descent_m == pytest.approx(net_m, abs=EXACT_M)
    for figure in (climb.ascent_m, climb.descent_m):
        assert figure >= 0.0
        assert math.copysign(1.0, figure) == 1.0  # no -0.0
    return True


@given(HEIGHTS, BANDS)
def test_a_profile_closes_and_is_the_sum_of_its_rises_and_falls(height, band):
    climb = climb_of(height, threshold_m=band)
    assert closes(climb, height[-1] - height[0])
    sums = ascent_descent_m(height, threshold_m=band)
    assert (climb.ascent_m, climb.descent_m) == pytest.approx(sums, abs=EXACT_M)


@given(HEIGHTS, BANDS)
def test_walked_back_ascent_and_descent_swap(height, band):
    there, back = climb_of(height, threshold_m=band), climb_of(height[::-1], threshold_m=band)
    assert (back.ascent_m, back.descent_m) == pytest.approx((there.descent_m, there.ascent_m), abs=EXACT_M)


@given(HEIGHTS, st.floats(-100.0, 1000.0))
def test_what_is_added_goes_to_both(height, more):
    climb = climb_of(height, threshold_m=1.0)
    other = climb.with_more(more)
    assert closes(other, height[-1] - height[0])
    if more >= 0.0:
        assert other.ascent_m - climb.ascent_m == pytest.approx(more, abs=EXACT_M)


@given(st.lists(HEIGHTS, min_size=1, max_size=6))
def test_sums_close_and_add_up(parts):
    climbs = [climb_of(height, threshold_m=1.0) for height in parts]
    total = sum(climbs, LEVEL)
    assert closes(total, sum(height[-1] - height[0] for height in parts))
    assert total.ascent_m == pytest.approx(sum(climb.ascent_m for climb in climbs), abs=EXACT_M)
    assert total.descent_m == pytest.approx(sum(climb.descent_m for climb in climbs), abs=EXACT_M)


def test_half_of_all_rises_and_falls():
    climb = Climb(-403.0, 14.0)
    assert climb.half_m == 0.5 * (climb.ascent_m + climb.descent_m) == 215.5


@given(st.floats(0.0, 1e4), st.floats(0.0, 1e3))
def test_a_range_holds_its_value_and_is_never_below_nothing(value, sigma):
    low, high = log_normal_range(value, sigma)
    assert 0.0 <= low <= value * (1.0 + 1e-12) + 1e-9
    assert high >= value * (1.0 - 1e-12) - 1e-9
    if sigma > 1e-6:
        assert high > low


@given(st.floats(1.0, 1e4), st.floats(0.1, 1e3), st.floats(0.0, 100.0))
def test_a_range_grows_with_value_and_sigma(value, sigma, more):
    low, high = log_normal_range(value, sigma)
    assert log_normal_range(value + more, sigma)[1] >= high - 1e-6
    wider = log_normal_range(value, sigma + more)
    assert wider[1] >= high - 1e-6
    assert wider[0] <= low + 1e-6


def test_a_range_well_above_its_doubt_is_a_factor():
    low, high = log_normal_range(1000.0, 100.0)
    assert (math.log(1000.0 / low), math.log(high / 1000.0)) == pytest.approx((0.1 * Z80, 0.1 * Z80))
