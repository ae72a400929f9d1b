"""Saddles on grids whose saddles are known, and against flooding level by level."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from routes.errors import InvalidCoordinatesError
from routes.kernel.saddle import find_saddles, first_joins
from tests.strategies import examples

CELL = (30.0, 30.0)


def saddles(height, *, centre=None, reach_m=1000.0, cell=CELL, depth=20.0, rise=5.0):
    middle = tuple(0.5 * (size - 1) for size in height.shape)
    return find_saddles(
        height, cell_m=cell, centre=centre or middle, reach_m=reach_m, min_depth_m=depth, min_rise_m=rise
    )


def ground(formula, half=50, step=30.0):
    """Heights of a formula of metres east and north on a square grid about the origin."""
    east = (np.arange(2 * half + 1) - half) * step
    x, y = np.meshgrid(east, -east)
    return formula(x, y)


def ways_of(height):
    """Ways between cells: along lines between neighbours, and across a mesh by the saddle of its bilinear surface."""
    rows, cols = height.shape
    ways = []
    for r, c in np.ndindex(rows, cols):
        for r2, c2 in ((r + 1, c), (r, c + 1)):
            if r2 < rows and c2 < cols:
                ways.append((max(height[r, c], height[r2, c2]), (r, c), (r2, c2)))
    for r, c in np.ndindex(max(rows - 1, 0), max(cols - 1, 0)):
        corners = [(r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c)]
        values = [height[corner] for corner in corners]
        for k in (0, 1):
            low, high = (values[k], values[k + 2]), (values[1 - k], values[(3 - k) % 4])
            if max(low) < min(high):
                # (low low' - high high') / (sum of lows - sum of highs)
                level = (low[0] * low[1] - high[0] * high[1]) / (sum(low) - sum(high))
                ways.append((level, corners[k], corners[k + 2]))
    return [way for way in ways if np.isfinite([way[0], height[way[1]], height[way[2]]]).all()]


def parts_below(height, ways, level):
    """Parts of the terrain up to a level, by walking from cell to cell."""
    reached = {cell for cell in np.ndindex(height.shape) if height[cell] <= level}
    beside = {cell: [] for cell in reached}
    for at, a, b in ways:
        if at <= level:
            beside[a].append(b)
            beside[b].append(a)
    while reached:
        part, todo = set(), [reached.pop()]
        while todo:
            cell = todo.pop()
            part.add(cell)
            todo += [other for other in beside[cell] if other not in part]
        reached -= part
        yield part


def flooded(height, min_depth):
    """Bottom and level of each join, by brute force at every level."""
    ways = ways_of(height)
    found, before = [], []
    for level in sorted({way[0] for way in ways} | set(height[np.isfinite(height)].tolist())):
        parts = list(parts_below(height, ways, level))
        for part in parts:
            bottoms = sorted(min(height[cell] for cell in old) for old in before if old <= part)
            found += [(bottom, level) for bottom in bottoms[1:] if level - bottom >= min_depth]
        before = parts
    return Counter((round(float(bottom), 6), round(float(level), 6)) for bottom, level in found)


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 6), st.integers(1, 6)),
        elements=st.one_of(st.integers(0, 9).map(float), st.floats(0.0, 9.0, width=16), st.just(np.nan)),
    )
)
@settings(max_examples=examples(150))
def test_joins_are_those_of_flooding_level_by_level(height):
    """Whole numbers make plateaus; NaN makes voids. Bottom and level of every pair of parts."""
    found = first_joins(height, min_depth_m=0.5)
    pairs = zip(found.height_m - found.depth_m[:, 0], found.height_m, strict=True)
    wanted = flooded(height, 0.5)
    close = Counter((round(float(bottom), 6), round(float(level), 6)) for bottom, level in pairs)
    # a depth at the limit itself may fall to either side
    assert {key for key in (wanted - close) + (close - wanted) if abs(key[1] - key[0] - 0.5) > 1e-6} == set()
    assert (found.depth_m[:, 0] <= found.depth_m[:, 1]).all()


@given(
    arrays(np.float64, (7, 7), elements=st.floats(0.0, 100.0, width=16)),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=4),
    st.floats(-50.0, 150.0),
)
@settings(max_examples=examples(100))
def test_a_certain_saddle_is_there_whatever_the_void_hides(height, holes, hidden):
    """Fill the voids with anything: every certain join is still one, at its level."""
    open_ground = height.copy()
    for hole in holes:
        open_ground[hole], height[hole] = hidden, np.nan
    if not np.isfinite(height).any():
        return
    found = first_joins(height, min_depth_m=2.0)
    levels = first_joins(open_ground, min_depth_m=1e-9).height_m
    for level in found.height_m[found.is_certain]:
        assert np.abs(levels - level).min() < 1e-6


@pytest.mark.parametrize("turn", np.radians([0.0, 30.0, 45.0, 77.0]))
@pytest.mark.parametrize("slope", [0.2, 0.5])
def test_saddle_of_a_ridge_is_found_however_it_runs(turn, slope):
    """A sharp ridge whose lowest point is the origin, at 2500 m: a diagonal one neither leaks nor dams."""

    def ridge(x, y):
        along, across = x * np.sin(turn) + y * np.cos(turn), x * np.cos(turn) - y * np.sin(turn)
        return 2500.0 + 2e-4 * along**2 - slope * np.abs(across)

    found = saddles(ground(ridge))
    assert found.row.size == 1
    # the cells beside the ridge are lower than it by up to half a cell's diagonal times the slope
    assert 2500.0 - slope * 22.0 <= found.height_m[0] <= 2505.0
    assert np.hypot(found.row[0] - 50.0, found.col[0] - 50.0) * 30.0 < 150.0
    assert (found.depth_m > 100.0).all()
    assert found.is_certain.all()


def joined_downstream(x, y):
    """A spur with a knoll, cut by a pass at the origin (2300 m); the valleys on both sides meet 500 m to the south."""
    spur = 2300.0 + 150.0 * np.sin(np.clip(y, -400.0, 500.0) * np.pi / 800.0) ** 2
    crest = np.where(y < -400.0, 2450.0 - 0.9 * (-400.0 - y), spur)
    return np.maximum(crest - 0.4 * np.abs(x), 1900.0 + 0.1 * y)


def test_valleys_that_join_downstream_hide_no_pass():
    height = ground(joined_downstream)
    assert first_joins(height, min_depth_m=20.0).row.size == 0  # they have met below the pass
    found = saddles(height)
    assert found.height_m[0] == pytest.approx(2300.0, abs=2.0)
    assert np.hypot(found.row[0] - 50.0, found.col[0] - 50.0) < 1.5


@pytest.mark.parametrize(
    "formula",
    [
        lambda x, y: 2000.0 + 0.3 * x + 0.1 * y,
        lambda x, y: 2000.0 - 0.3 * np.hypot(x, y),
        lambda x, y: 2000.0 + 0.3 * np.hypot(x, y),
        lambda x, _: 2000.0 - 0.3 * np.abs(x),
        lambda x, _: np.full(x.shape, 2000.0),
        lambda x, y: 2000.0 + 1e-6 * (y**2 - x**2),
    ],
)
def test_no_saddle_on_a_slope_a_top_a_bowl_a_level_ridge_a_plain_or_a_shallow_one(formula):
    assert saddles(ground(formula)).row.size == 0


def test_a_plateau_has_its_saddle_in_the_middle():
    """A pass of level ground, 7 by 5 cells: the saddle is its middle cell."""
    height = ground(lambda x, y: 2500.0 + 2e-4 * y**2 - 0.3 * np.abs(x))
    height[47:54, 48:53] = 2490.0
    found = saddles(height)
    assert (found.row[0], found.col[0], found.height_m[0]) == (50.0, 50.0, 2490.0)


def test_a_saddle_beside_a_void_that_may_join_the_valleys_is_not_certain():
    height = ground(lambda x, y: 2500.0 + 2e-4 * y**2 - 0.3 * np.abs(x))
    assert saddles(height).is_certain.all()
    gap = height.copy()
    gap[60:63, 30:71] = np.nan  # a strip without heights across the ridge, 300 m away
    found = saddles(gap)
    assert found.height_m[0] == pytest.approx(2500.0)
    assert not found.is_certain.any()
    hole = height.copy()
    hole[70:73, 60:63] = np.nan  # on one flank only
    assert saddles(hole).is_certain.all()


def test_reach_counts_and_the_nearest_comes_first():
    height = ground(lambda x, y: 2500.0 - 60.0 * np.cos(2.0 * np.pi * y / 700.0) - 0.3 * np.abs(x))
    found = saddles(height, reach_m=800.0)
    assert [round((50.0 - row) * 30.0, -2) for row in found.row] in (
        [0.0, 700.0, -700.0],
        [0.0, -700.0, 700.0],
    )
    assert saddles(height, reach_m=300.0).row.size == 1
    assert saddles(height, centre=(50.0, 80.0), reach_m=300.0).row.size == 0


def test_what_noise_makes_of_a_level_ridge_is_no_saddle():
    noise = np.random.default_rng(1).normal(0.0, 0.5, (101, 101))
    height = ground(lambda x, _: 2500.0 - 0.5 * np.abs(x)) + noise
    assert saddles(height, rise=5.0).row.size == 0


def test_bad_arguments_are_refused():
    with pytest.raises(InvalidCoordinatesError, match="two dimensions"):
        first_joins(np.zeros(4), min_depth_m=1.0)
    with pytest.raises(InvalidCoordinatesError, match="above 0"):
        first_joins(np.zeros((4, 4)), min_depth_m=0.0)


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (2, 2), (3, 3)])
@pytest.mark.parametrize("value", [0.0, np.nan])
def test_grids_of_any_size_have_an_answer(shape, value):
    assert saddles(np.full(shape, value)).row.size == 0
