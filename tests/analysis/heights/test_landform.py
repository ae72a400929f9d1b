"""How sharp a place is, and the top above a position, on terrain in closed form."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.heights.landform import RING_CELLS, sharpness_m, top_near

CELL_M = (80.0, 80.0)
RADIUS_M = RING_CELLS * 80.0


def terrain(height, cell_m=CELL_M, size=21):
    """Heights of a formula of metres east and north of the middle cell."""
    steps = np.arange(size) - size // 2
    return height(steps[None, :] * cell_m[0], -steps[:, None] * cell_m[1]) * np.ones((size, size))


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.floats(8.0, 12.0), st.floats(8.0, 12.0))
def test_a_slope_is_not_sharp(east, north, row, col):
    height = terrain(lambda x, y: 2000.0 + east * x + north * y)
    assert sharpness_m(height, row, col, CELL_M) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(
    ("height", "expected"),
    [
        # a cone falls by slope times the ring's radius; a ridge and a notch by the mean of |cos|, 2/pi of that
        (lambda x, y: -0.3 * np.hypot(x, y), 0.3 * RADIUS_M),
        (lambda x, y: -0.3 * np.abs(x) + 0.0 * y, 0.3 * RADIUS_M * 2.0 / np.pi),
        (lambda x, y: 0.3 * np.abs(x) + 0.0 * y, -0.3 * RADIUS_M * 2.0 / np.pi),
        # the two curvatures of a saddle work against each other: half of their sum times the radius squared
        (lambda x, y: 1e-4 * y**2 - 3e-4 * x**2, 1e-4 * RADIUS_M**2),
        (lambda x, y: 3e-4 * y**2 - 3e-4 * x**2, 0.0),
    ],
)
def test_sharpness_of_known_forms(height, expected):
    """Bilinear cells cut a few per cent off."""
    assert sharpness_m(terrain(height), 10.0, 10.0, CELL_M) == pytest.approx(expected, rel=0.12, abs=0.3)


def test_a_ring_is_round_on_the_ground_where_cells_are_not_square():
    cell_m = (60.0, 120.0)
    radius = RING_CELLS * math.sqrt(60.0 * 120.0)
    cone = terrain(lambda x, y: -0.3 * np.hypot(x, y), cell_m)
    assert sharpness_m(cone, 10.0, 10.0, cell_m) == pytest.approx(0.3 * radius, rel=0.1)


def test_a_void_that_cuts_the_ring_lets_no_slope_in():
    height = terrain(lambda x, y: 2000.0 + 0.5 * x - 0.2 * y)
    height[:9, :] = np.nan
    assert sharpness_m(height, 10.0, 10.0, CELL_M) == pytest.approx(0.0, abs=1e-9)


def test_sharpness_among_voids_is_unknown():
    height = np.full((21, 21), np.nan)
    height[9:12, 9:12] = 2000.0
    assert math.isnan(sharpness_m(height, 10.0, 10.0, CELL_M))


@pytest.mark.parametrize(("reach_m", "top"), [(300.0, (10, 10)), (100.0, (11, 12)), (1.0, (12, 12))])
def test_the_steepest_ascent_ends_at_the_top_or_at_its_reach(reach_m, top):
    """From 2 cells east and 2 south of a cone's tip; 100 m away lie only the next cells, the diagonal is 113 m."""
    cone = terrain(lambda x, y: -0.3 * np.hypot(x + 1e-3 * y, y))
    found = top_near(cone, 12.0, 12.0, CELL_M, reach_m)
    assert found is not None
    assert cone[found] == pytest.approx(cone[top], abs=0.1)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 19.0), st.floats(0.0, 19.0), st.floats(120.0, 1000.0))
def test_a_top_is_no_lower_than_what_it_was_found_from(seed, row, col, reach_m):
    height = np.random.default_rng(seed).normal(0.0, 30.0, (20, 20))
    top = top_near(height, row, col, CELL_M, reach_m)
    start = height[math.floor(row) : math.floor(row) + 2, math.floor(col) : math.floor(col) + 2]
    assert top is not None
    assert height[top] >= start.max()
    assert math.hypot(top[0] - row, top[1] - col) * 80.0 <= reach_m + 1e-9


def test_there_is_no_top_among_voids():
    assert top_near(np.full((5, 5), np.nan), 2.0, 2.0, CELL_M, 500.0) is None
