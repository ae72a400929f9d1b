"""Bilinear sampling against SciPy and planes; slope; level water."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from routes.errors import InvalidCoordinatesError
from routes.kernel.grid import bilinear, flat_water, slope_tangent
from tests.strategies import grids

share = st.floats(0.0, 1.0)

TENTH_OF_A_MILLIMETRE = 1e-4
"""More than enough for heights: weights below 1e-9 are left out, so that a void without weight does no harm."""


@given(st.floats(-3000.0, 3000.0), st.floats(-50.0, 50.0), st.floats(-50.0, 50.0), share, share)
def test_bilinear_reproduces_planes(height, down, right, u, v):
    rows, cols = np.mgrid[0:6, 0:9].astype(float)
    row, col = 5.0 * u, 8.0 * v
    found = bilinear(height + down * rows + right * cols, np.array([row]), np.array([col]))
    assert found[0] == pytest.approx(height + down * row + right * col, abs=TENTH_OF_A_MILLIMETRE)


@given(grids(), share, share)
def test_bilinear_equals_map_coordinates(grid, u, v):
    row, col = u * (grid.shape[0] - 1), v * (grid.shape[1] - 1)
    expected = ndimage.map_coordinates(grid, [[row], [col]], order=1, mode="nearest")
    assert bilinear(grid, np.array([row]), np.array([col])) == pytest.approx(
        expected, abs=TENTH_OF_A_MILLIMETRE
    )


@given(grids(), share, share)
def test_bilinear_stays_between_its_neighbours(grid, u, v):
    row, col = u * (grid.shape[0] - 1), v * (grid.shape[1] - 1)
    r, c = min(int(row), grid.shape[0] - 2), min(int(col), grid.shape[1] - 2)
    around = grid[r : r + 2, c : c + 2]
    found = bilinear(grid, np.array([row]), np.array([col]))[0]
    assert around.min() - TENTH_OF_A_MILLIMETRE <= found <= around.max() + TENTH_OF_A_MILLIMETRE


@given(grids())
def test_bilinear_at_cell_centres_is_the_cell(grid):
    rows, cols = np.indices(grid.shape)
    found = bilinear(grid, rows.ravel().astype(float), cols.ravel().astype(float))
    assert found == pytest.approx(grid.ravel())


@given(st.integers(0, 4), st.integers(0, 4), st.floats(0.0, 4.0), st.floats(0.0, 4.0))
def test_bilinear_near_a_void_is_void_and_elsewhere_is_not(void_row, void_col, row, col):
    grid = np.full((5, 5), 1500.0)
    grid[void_row, void_col] = np.nan
    found = bilinear(grid, np.array([row]), np.array([col]))[0]
    weight = max(0.0, 1.0 - abs(row - void_row)) * max(0.0, 1.0 - abs(col - void_col))
    if weight > 1e-8:
        assert np.isnan(found)
    elif weight == 0.0:
        assert found == pytest.approx(1500.0)


def test_bilinear_across_an_undeclared_code_would_be_absurd_so_voids_are_nan():
    """FINDINGS 3: bilinear across -32768 gives -10,265 m; with NaN it gives NaN."""
    grid = np.array([[3000.0, np.nan], [3000.0, 3000.0]])
    assert np.isnan(bilinear(grid, np.array([0.5]), np.array([0.5])))[0]


@pytest.mark.parametrize(
    ("row", "col"), [(-0.01, 1.0), (1.0, -0.01), (2.01, 1.0), (1.0, 3.01), (-5.0, -5.0), (99.0, 99.0)]
)
def test_bilinear_outside_the_outermost_centres_is_void(row, col):
    assert np.isnan(bilinear(np.ones((3, 4)), np.array([row]), np.array([col])))[0]


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
def test_bilinear_on_a_single_row_or_column(shape):
    grid = np.arange(float(np.prod(shape))).reshape(shape)
    row, col = (side - 1 for side in shape)
    found = bilinear(grid, np.array([row / 2.0]), np.array([col / 2.0]))
    assert found[0] == pytest.approx((grid.size - 1) / 2.0)


def test_bilinear_of_no_positions_is_empty():
    assert bilinear(np.ones((3, 3)), np.empty(0), np.empty(0)).size == 0


@given(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0), st.floats(10.0, 100.0), st.floats(10.0, 100.0))
def test_slope_of_a_plane_is_exact_up_to_the_rim(east, south, step_x, step_y):
    rows, cols = np.mgrid[0:5, 0:6].astype(float)
    slope = slope_tangent(1000.0 + east * step_x * cols + south * step_y * rows, step_x, step_y)
    assert slope == pytest.approx(np.full((5, 6), np.hypot(east, south)), abs=1e-9)


def test_slope_of_a_cone_is_its_own():
    """Away from the tip a cone of 30 % falls by 0.3 a metre in every direction."""
    y, x = np.mgrid[-50:51, -50:51] * 10.0
    slope = slope_tangent(3000.0 - 0.3 * np.hypot(x, y), 10.0, 10.0)
    far = np.hypot(x, y) > 150.0
    assert slope[far] == pytest.approx(np.full(far.sum(), 0.3), abs=2e-3)


def test_slope_beside_a_void_is_unknown():
    grid = np.full((5, 5), 100.0)
    grid[2, 2] = np.nan
    slope = slope_tangent(grid, 10.0, 10.0)
    assert np.isnan(slope[[1, 3, 2, 2], [2, 2, 1, 3]]).all()
    assert slope[0, 0] == 0.0


@pytest.mark.parametrize("shape", [(1, 5), (5, 1)])
def test_slope_of_a_single_row_is_refused(shape):
    with pytest.raises(InvalidCoordinatesError, match="two rows and columns"):
        slope_tangent(np.ones(shape), 10.0, 10.0)


def land(seed=3, side=40):
    return 2000.0 + np.random.default_rng(seed).normal(0.0, 5.0, (side, side)).cumsum(axis=0)


def test_a_level_lake_is_water_up_to_its_rim_and_the_land_is_not():
    height = land()
    height[10:20, 12:25] = 2100.0
    expected = np.zeros(height.shape, dtype=bool)
    expected[10:20, 12:25] = True
    assert (flat_water(height, min_cells=4) == expected).all()


def test_a_pond_below_the_least_size_is_land():
    height = land()
    height[10:14, 10:14] = 2100.0  # 2 by 2 inner cells
    assert not flat_water(height, min_cells=5).any()
    assert flat_water(height, min_cells=4).sum() == 16


def test_voids_are_not_water():
    height = land()
    height[5:30, 5:30] = np.nan
    assert not flat_water(height, min_cells=4).any()


def test_an_even_slope_is_not_water():
    rows, cols = np.mgrid[0:30, 0:30].astype(float)
    assert not flat_water(100.0 + rows, min_cells=4).any()
    assert not flat_water(100.0 + rows + cols, min_cells=4).any()


def test_two_lakes_of_unlike_height_are_both_water():
    height = land()
    height[5:12, 5:12], height[25:35, 25:35] = 2100.0, 2200.0
    water = flat_water(height, min_cells=4)
    assert water[5:12, 5:12].all()
    assert water[25:35, 25:35].all()
    assert water.sum() == 49 + 100
