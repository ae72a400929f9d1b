"""Simplified paths cross nothing that the path itself went round."""

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from routes.errors import TraceError
from routes.kernel.leasttime.path import least_time_path
from routes.kernel.simplify import simplify_path
from tests.strategies import examples

CELL = (30.0, 40.0)


def simplified(path, height, closed=None, max_slope=1.0):
    closed = np.zeros(height.shape, dtype=bool) if closed is None else closed
    return simplify_path(
        np.asarray(path, dtype=float), height, is_closed=closed, cell_m=CELL, max_slope=max_slope
    )


def test_a_straight_path_has_two_vertices():
    path = np.column_stack([np.full(20, 3.0), np.arange(20.0)])
    assert simplified(path, np.zeros((7, 20))).tolist() == [[3.0, 0.0], [3.0, 19.0]]


def test_a_wiggle_of_less_than_half_a_cell_goes_and_a_bend_stays():
    wiggle = [[2.0, 0.0], [2.4, 3.0], [2.0, 6.0]]
    bend = [[2.0, 0.0], [2.6, 3.0], [2.0, 6.0]]
    assert len(simplified(wiggle, np.zeros((5, 7)))) == 2
    assert simplified(bend, np.zeros((5, 7))).tolist() == bend


def test_the_path_stays_where_a_chord_would_run_over_a_cliff():
    """A pillar of 100 m in the middle; the path passes half a cell beside it."""
    height = np.zeros((5, 9))
    height[2, 4] = 100.0
    path = [[2.5, float(col)] for col in range(9)]
    path[3:6] = [[2.9, 3.0], [2.9, 4.0], [2.9, 5.0]]
    kept = simplified(path, height)
    assert [2.9, 4.0] in kept.tolist()


@pytest.mark.parametrize("path", [[[1.0, 1.0], [1.0, 1.0]], [[0.2, 0.4], [1.0, 1.0]]])
def test_paths_of_two_vertices_keep_their_ends(path):
    kept = simplified(path, np.zeros((3, 3)))
    assert kept[0].tolist() == path[0]
    assert kept[-1].tolist() == path[-1]


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.4), st.floats(1.0, 25.0))
@settings(max_examples=examples(120))
def test_chords_cross_no_closed_cell_and_no_cliff_that_the_path_does_not(seed, share, rough_m):
    """Checked with exact geometry: no chord runs for half a cell or more through a closed cell."""
    random = np.random.default_rng(seed)
    height = random.normal(0.0, rough_m, (14, 16))
    closed = random.random(height.shape) < share
    height[closed & (random.random(height.shape) < 0.5)] = np.nan
    height[0, 0] = height[13, 15] = 0.0
    closed[0, 0] = closed[13, 15] = False
    try:
        path, _ = least_time_path(
            height, cell_m=CELL, start=(0, 0), goal=(13, 15), barred=closed, max_slope=1.0
        )
    except TraceError:
        return
    closed |= ~np.isfinite(height)
    kept = simplified(path, height, closed)
    vertices = path.tolist()
    assert kept[[0, -1]].tolist() == [vertices[0], vertices[-1]]
    where = [vertices.index(vertex) for vertex in kept.astype(int).tolist()]
    assert where == sorted(set(where))
    metre = np.array([CELL[1], CELL[0]])
    for a, b in itertools.pairwise(kept):
        if vertices.index(b.astype(int).tolist()) - vertices.index(a.astype(int).tolist()) == 1:
            continue  # a move of the search itself
        chord = shapely.LineString([a * metre, b * metre])
        for row, col in np.argwhere(closed):
            cell = shapely.box(
                *((np.array([row, col]) - 0.5) * metre), *((np.array([row, col]) + 0.5) * metre)
            )
            assert chord.intersection(cell).length <= 0.5 * min(CELL) + 1e-6
