"""Sampling against planes, SciPy and a naive reference; slope; level water."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from routes.errors import InvalidCoordinatesError, ModelError
from routes.kernel import grid as grid_module
from routes.kernel.grid import Method, bilinear, flat_water, sample_grid, slope_tangent
from tests.strategies import grids

share = st.floats(0.0, 1.0)
every_method = pytest.mark.parametrize("method", list(Method))

MICROMETRE = 1e-6
"""What issue 3 asks of planes."""


@pytest.mark.parametrize("method", [Method.BILINEAR, Method.CUBIC])
@pytest.mark.parametrize("shape", [(2, 2), (3, 4), (6, 9)])
@given(st.floats(-3000.0, 3000.0), st.floats(-50.0, 50.0), st.floats(-50.0, 50.0), share, share)
def test_planes_are_exact_up_to_the_rim(method, shape, height, down, right, u, v):
    rows, cols = np.indices(shape).astype(float)
    row, col = (shape[0] - 1) * u, (shape[1] - 1) * v
    found = sample_grid(height + down * rows + right * cols, [row], [col], method)
    assert found[0] == pytest.approx(height + down * row + right * col, abs=MICROMETRE)


@given(grids(), share, share)
def test_bilinear_equals_map_coordinates(grid, u, v):
    row, col = u * (grid.shape[0] - 1), v * (grid.shape[1] - 1)
    expected = ndimage.map_coordinates(grid, [[row], [col]], order=1, mode="nearest")
    assert bilinear(grid, np.array([row]), np.array([col])) == pytest.approx(expected, abs=MICROMETRE)


@given(grids(), share, share)
def test_bilinear_stays_between_its_neighbours(grid, u, v):
    row, col = u * (grid.shape[0] - 1), v * (grid.shape[1] - 1)
    r, c = min(int(row), grid.shape[0] - 2), min(int(col), grid.shape[1] - 2)
    around = grid[r : r + 2, c : c + 2]
    found = bilinear(grid, np.array([row]), np.array([col]))[0]
    assert around.min() - MICROMETRE <= found <= around.max() + MICROMETRE


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


@every_method
def test_no_positions_have_no_heights(method):
    assert sample_grid(np.ones((3, 3)), [], [], method).size == 0


@given(grids(), share, share)
def test_nearest_is_the_cell_that_rounding_names(grid, u, v):
    """Anywhere in the cells, which reach half a cell beyond the outermost centres; halves go to the greater index."""
    rows, cols = grid.shape
    row, col = u * rows - 0.5, v * cols - 0.5
    expected = grid[min(int(np.floor(row + 0.5)), rows - 1), min(int(np.floor(col + 0.5)), cols - 1)]
    assert sample_grid(grid, [row], [col], "nearest")[0] == expected


def test_nearest_beyond_the_outer_edges_is_void():
    row, col = [-0.51, 2.51, 1.0, 1.0, -0.5, 2.5], [1.0, 1.0, -0.51, 3.51, -0.5, 3.5]
    found = sample_grid(np.ones((3, 4)), row, col, "nearest")
    assert np.isfinite(found).tolist() == [False, False, False, False, True, True]


def keys(x):
    """Kernel of cubic convolution as Keys (1981) writes it, a = -1/2."""
    x = abs(x)
    if x < 1.0:
        return 1.5 * x**3 - 2.5 * x**2 + 1.0
    return -0.5 * x**3 + 2.5 * x**2 - 4.0 * x + 2.0 if x < 2.0 else 0.0


def naive_cubic(grid, row, col):
    """Sum over all cells of a grid that is continued linearly by two cells on each side."""
    wide = np.pad(grid, 2, mode="reflect", reflect_type="odd")
    return sum(
        wide[i, j] * keys(row + 2 - i) * keys(col + 2 - j)
        for i in range(wide.shape[0])
        for j in range(wide.shape[1])
        if keys(row + 2 - i) and keys(col + 2 - j)
    )


@given(grids(), share, share)
def test_cubic_equals_the_formula_of_keys(grid, u, v):
    grid = np.pad(
        grid, ((0, 1), (0, 1)), mode="edge"
    )  # NumPy reflects by two cells only where there are three
    row, col = u * (grid.shape[0] - 1), v * (grid.shape[1] - 1)
    found = sample_grid(grid, [row], [col], "cubic")[0]
    assert found == pytest.approx(naive_cubic(grid, row, col), abs=MICROMETRE)


@given(grids(), share, share)
def test_cubic_is_continuous_also_into_the_rim(grid, u, v):
    """Ten micrometres aside on the ground (1" cells) the height of the steepest grid differs by millimetres."""
    row, col = u * (grid.shape[0] - 1), v * (grid.shape[1] - 1)
    for line in (1.0, grid.shape[0] - 2.0):
        a, b = sample_grid(grid, [line - 1e-7, line + 1e-7], [col, col], "cubic")
        assert a == pytest.approx(b, abs=0.02)
    for line in (1.0, grid.shape[1] - 2.0):
        a, b = sample_grid(grid, [row, row], [line - 1e-7, line + 1e-7], "cubic")
        assert a == pytest.approx(b, abs=0.02)


@given(grids())
def test_cubic_at_cell_centres_is_the_cell(grid):
    rows, cols = np.indices(grid.shape)
    found = sample_grid(grid, rows.ravel(), cols.ravel(), "cubic")
    assert found == pytest.approx(grid.ravel(), abs=MICROMETRE)


@given(st.integers(0, 6), st.integers(0, 6), st.floats(0.0, 6.0), st.floats(0.0, 6.0))
def test_cubic_is_void_exactly_where_the_void_has_weight(void_row, void_col, row, col):
    """Inside the rim the sixteen cells are those less than two rows and columns away."""
    grid = np.full((7, 7), 1500.0)
    grid[void_row, void_col] = np.nan
    found = sample_grid(grid, [row], [col], "cubic")[0]
    weight = abs(keys(row - void_row) * keys(col - void_col))
    is_inside = 1.0 <= row <= 5.0 and 1.0 <= col <= 5.0
    if weight > 1e-8:
        assert np.isnan(found)
    elif weight == 0.0 and is_inside:
        assert found == pytest.approx(1500.0)


@every_method
def test_a_centre_beside_voids_is_known_also_with_float_noise(method):
    grid = np.full((7, 7), np.nan)
    grid[3, 3] = 1500.0
    noise = np.array([-1e-11, 0.0, 1e-11])
    found = sample_grid(grid, 3.0 + noise, 3.0 - noise, method)
    assert found == pytest.approx([1500.0] * 3, abs=MICROMETRE)


@every_method
def test_positions_that_are_no_numbers_have_no_height(method):
    found = sample_grid(
        np.ones((4, 4)), [np.nan, 1.0, np.inf, -np.inf, 1.5], [1.0, np.nan, 1.0, 1.0, 1.5], method
    )
    assert np.isfinite(found).tolist() == [False, False, False, False, True]


@every_method
@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_bounds_between_chunks_do_not_matter(method, extra, monkeypatch):
    """All at once or one by one: the same heights to the last bit, voids and positions outside included."""
    generator = np.random.default_rng(5)
    grid = generator.uniform(0.0, 3000.0, (30, 40))
    grid[generator.random(grid.shape) < 0.05] = np.nan
    size = 3 * 64 + extra
    row, col = generator.uniform(-1.0, 30.0, size), generator.uniform(-1.0, 40.0, size)
    whole = sample_grid(grid, row, col, method)
    assert 0 < np.isnan(whole).sum() < size
    for chunk in (1, 7, 64):
        monkeypatch.setattr(grid_module, "CHUNK", chunk)
        assert np.array_equal(sample_grid(grid, row, col, method), whole, equal_nan=True)


@every_method
def test_single_precision_and_strided_grids_have_the_same_heights(method):
    generator = np.random.default_rng(6)
    grid = generator.integers(0, 4000, (30, 40)).astype(np.float64)
    row, col = generator.uniform(0.0, 29.0, 500), generator.uniform(0.0, 39.0, 500)
    expected = sample_grid(grid, row, col, method)
    assert sample_grid(grid.astype(np.float32), row, col, method) == pytest.approx(expected, abs=MICROMETRE)
    assert np.array_equal(sample_grid(np.asfortranarray(grid), row, col, method), expected)
    assert np.array_equal(sample_grid(np.pad(grid, 3)[3:-3, 3:-3], row, col, method), expected)


@every_method
def test_inputs_are_left_as_they_are(method):
    grid, row, col = np.arange(20.0).reshape(4, 5), np.array([-3.0, 1.5]), np.array([2.0, 9.0])
    before = grid.copy(), row.copy(), col.copy()
    sample_grid(grid, row, col, method)
    assert all(np.array_equal(a, b) for a, b in zip((grid, row, col), before, strict=True))


def test_an_unknown_method_is_refused():
    with pytest.raises(ModelError, match="no sampling method 'lanczos'; there are nearest, bilinear, cubic"):
        sample_grid(np.ones((3, 3)), [1.0], [1.0], "lanczos")


@pytest.mark.parametrize(
    ("shape", "row", "col"), [((3,), [1.0], [1.0]), ((0, 3), [1.0], [1.0]), ((3, 3), [1.0], [1.0, 2.0])]
)
def test_shapes_that_do_not_fit_are_refused(shape, row, col):
    with pytest.raises(InvalidCoordinatesError, match="a grid in two dimensions"):
        sample_grid(np.ones(shape), row, col)


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
