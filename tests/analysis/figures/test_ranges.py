"""Models of length and climb, their sums, and a DEM's and a file's climb together."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.figures.modelled_lines import Stops
from routes.analysis.figures.ranges import (
    COUNTER_SHARE,
    ClimbModel,
    Doubt,
    combined,
    exclude,
    length_model,
    sum_climbs,
    sum_lengths,
)
from routes.kernel.climb import Climb
from routes.kernel.uncertainty import Z80
from routes.model.kinds import Provenance

METRES = st.floats(0.0, 3000.0)


def climb(net_m=0.0, counter_m=500.0, alike=40.0, own=7.0, share=COUNTER_SHARE):
    return ClimbModel(Climb(net_m, counter_m), Doubt(alike, own), "made", share)


def log_width(estimate):
    return math.log(estimate.p90 / estimate.p10) / (2.0 * Z80)


@pytest.mark.parametrize(("provenance", "sigma"), [(Provenance.RECORDED, 0.015), (Provenance.OSM, 0.03)])
def test_a_line_that_is_the_way_has_its_own_length(provenance, sigma):
    found = length_model(10_000.0, provenance, Stops()).estimate
    assert found.value == 10_000.0
    assert log_width(found) == pytest.approx(sigma)


@pytest.mark.parametrize("stretches", [1, 7, 100])
def test_stretches_even_out_and_lines_do_not(stretches):
    found = length_model(10_000.0, Provenance.MODELLED, Stops(stretches)).estimate
    assert found.value == pytest.approx(12_500.0)
    assert log_width(found) == pytest.approx(math.hypot(0.15, 0.25 / math.sqrt(stretches)))


def test_legs_with_one_stretch_each_have_the_range_of_a_leg_with_as_many():
    legs = [length_model(2000.0, Provenance.MODELLED, Stops()) for _ in range(5)]
    whole = length_model(10_000.0, Provenance.MODELLED, Stops(5)).estimate
    together = sum_lengths(legs)
    assert (together.value, together.p10, together.p90) == pytest.approx((whole.value, whole.p10, whole.p90))


def test_straight_lines_are_the_least_and_a_sum_with_them_too():
    straight = length_model(10_000.0, Provenance.SCHEMATIC, Stops(7))
    assert straight.estimate.value == 10_000.0
    # as 18 real trails have it: 1.12 to 1.91 with seven stretches
    assert (straight.estimate.p10, straight.estimate.p90) == pytest.approx((11_200.0, 19_100.0), rel=0.005)
    both = sum_lengths([straight, length_model(5000.0, Provenance.RECORDED, Stops())])
    assert both.value == 15_000.0
    assert both.p10 > straight.estimate.p10 + 4800.0


@given(METRES, METRES, METRES, METRES)
def test_a_sum_is_no_surer_than_its_parts_and_closes(up, down, more_up, more_down):
    one = climb(up - down, min(up, down))
    other = climb(more_up - more_down, min(more_up, more_down))
    both = sum_climbs([one, other])
    assert both.sigma_m >= max(one.sigma_m, other.sigma_m)
    assert both.climb.ascent_m == pytest.approx(up + more_up, abs=1e-6)
    assert both.climb.descent_m == pytest.approx(down + more_down, abs=1e-6)


@given(METRES, METRES)
def test_together_lies_between_both_and_keeps_the_ends_of_the_dem(dem_m, file_m):
    both = combined(climb(-100.0, dem_m, alike=80.0), climb(-90.0, file_m, alike=0.0, own=5.0))
    assert min(dem_m, file_m) - 1e-6 <= both.climb.counter_m <= max(dem_m, file_m) + 1e-6
    assert both.climb.net_m == -100.0


def test_two_that_agree_are_surer_together_and_two_that_do_not_are_less_sure():
    dem, file = climb(counter_m=500.0, alike=60.0), climb(counter_m=510.0, alike=0.0, own=5.0)
    assert combined(dem, file).sigma_m < min(dem.sigma_m, file.sigma_m) + 1.0
    far = climb(counter_m=1000.0, alike=0.0, own=5.0)
    assert combined(dem, far).sigma_m > combined(dem, file).sigma_m * 2.0
    assert exclude(dem, far)
    assert not exclude(dem, file)


def test_the_surer_one_weighs_more():
    dem, file = climb(counter_m=500.0, alike=200.0), climb(counter_m=600.0, alike=0.0, own=5.0)
    assert combined(dem, file).climb.counter_m == pytest.approx(595.0, abs=6.0)
    assert np.isfinite(combined(climb(counter_m=0.0), climb(counter_m=0.0)).sigma_m)
