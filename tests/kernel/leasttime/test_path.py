"""Least-time paths on terrain whose fastest way is known."""

import heapq
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routes.errors import TraceError
from routes.kernel.leasttime import path as leasttime
from routes.kernel.leasttime.path import least_time_path, tobler_speed_m_s
from tests.strategies import examples

CELL = (30.0, 30.0)
FLAT_M_S = 6.0 / 3.6 * np.exp(-3.5 * 0.05)
"""Tobler (1993): 6 km/h times exp(-3.5 |0 + 0.05|)."""

ELONGATION = 1.0 / np.cos(0.5 * np.arctan(0.5))
"""Worst case of 16 neighbours: half-way between east and the knight's move (26.6 degrees), 2.7 % longer."""


def path(height, start, goal, *, barred=None, max_slope=1.0, cell=CELL):
    if barred is None:
        barred = np.zeros(height.shape, dtype=bool)
    return least_time_path(height, cell_m=cell, start=start, goal=goal, barred=barred, max_slope=max_slope)


def length_m(cells, cell=CELL):
    steps = np.diff(cells, axis=0)
    return float(np.hypot(steps[:, 0] * cell[1], steps[:, 1] * cell[0]).sum())


def test_tobler_walks_as_published():
    """Tobler (1993): 6 km/h at most, on a 5 % downhill; about 5 km/h on the flat."""
    slopes = np.linspace(-1.0, 1.0, 2001)
    speed = tobler_speed_m_s(slopes) * 3.6
    assert speed.max() == pytest.approx(6.0)
    assert slopes[speed.argmax()] == pytest.approx(-0.05)
    assert tobler_speed_m_s(np.array([0.0]))[0] * 3.6 == pytest.approx(5.037, abs=1e-3)


@given(*[st.integers(0, 24)] * 4)
@settings(max_examples=examples(40))
def test_path_on_the_flat_is_nearly_straight(row, col, goal_row, goal_col):
    cells, time = path(np.full((25, 25), 1500.0), (row, col), (goal_row, goal_col))
    straight = float(np.hypot(goal_row - row, goal_col - col)) * 30.0
    assert cells[0].tolist() == [row, col]
    assert cells[-1].tolist() == [goal_row, goal_col]
    assert straight - 1e-6 <= length_m(cells) <= straight * ELONGATION + 1e-6
    assert time == pytest.approx(length_m(cells) / FLAT_M_S)


def test_cells_of_unlike_sides_count_as_they_are():
    """Columns 20 m apart, rows 50 m: ten columns are 200 m, ten rows 500 m."""
    flat = np.zeros((11, 11))
    _, east = path(flat, (5, 0), (5, 10), cell=(20.0, 50.0))
    _, south = path(flat, (0, 5), (10, 5), cell=(20.0, 50.0))
    assert east == pytest.approx(200.0 / FLAT_M_S)
    assert south == pytest.approx(500.0 / FLAT_M_S)


def test_up_is_not_down():
    """Straight up a 20 % plane, and down again: Tobler's speeds at +0.2 and -0.2."""
    slope = np.tile(np.arange(21)[:, None] * 6.0, (1, 5))
    up_cells, up = path(slope, (0, 2), (20, 2), max_slope=1.0)
    down_cells, down = path(slope, (20, 2), (0, 2), max_slope=1.0)
    assert len(up_cells) == len(down_cells) == 21
    assert up == pytest.approx(600.0 / (6.0 / 3.6 * np.exp(-3.5 * 0.25)))
    assert down == pytest.approx(600.0 / (6.0 / 3.6 * np.exp(-3.5 * 0.15)))
    assert up > down


def test_steep_ground_makes_hairpins():
    """Straight up 90 % Tobler crawls; traversing to and fro is faster, as on real hillsides."""
    slope = np.tile(np.arange(21)[:, None] * 27.0, (1, 21))
    cells, time = path(slope, (0, 10), (20, 10), max_slope=1.0)
    straight = 600.0 / (6.0 / 3.6 * np.exp(-3.5 * 0.95))
    assert time < straight
    assert np.ptp(cells[:, 1]) > 0


def test_path_goes_round_a_barred_lake():
    lake = np.zeros((31, 31), dtype=bool)
    lake[10:21, 10:21] = True
    cells, _ = path(np.zeros((31, 31)), (15, 2), (15, 28), barred=lake)
    assert not lake[cells[:, 0], cells[:, 1]].any()
    assert length_m(cells) > 26 * 30.0


def test_path_does_not_jump_a_barred_line():
    """A river one cell wide with one ford: the knight's move must not leap over it."""
    river = np.zeros((21, 21), dtype=bool)
    river[10, :] = True
    river[10, 20] = False
    cells, _ = path(np.zeros((21, 21)), (2, 1), (18, 1), barred=river)
    assert [10, 20] in cells.tolist()


@pytest.mark.parametrize("is_void", [False, True])
def test_path_does_not_slip_through_a_barred_diagonal(is_void):
    """Cells that touch at their corners only are as closed as a row of them."""
    river = np.fliplr(np.eye(21, dtype=bool))
    river[20, 0] = False  # the ford
    height = np.where(river & is_void, np.nan, 0.0)
    cells, _ = path(height, (2, 2), (18, 18), barred=river & (not is_void))
    assert ((cells[:, 0] >= 19) & (cells[:, 1] <= 1)).any()  # through the ford, or by its open corner
    assert not river[cells[:, 0], cells[:, 1]].any()


def test_path_goes_round_a_cliff():
    height = np.zeros((21, 41))
    height[:, 20:] = 60.0  # a step of 60 m over 30 m
    height[18:, :] = np.linspace(0.0, 60.0, 41)  # but a ramp at the southern end
    cells, _ = path(height, (2, 5), (2, 35), max_slope=1.0)
    assert cells[:, 0].max() >= 18


@pytest.mark.parametrize("step_m", [33.0, 45.0, 60.0])
def test_a_step_steeper_than_the_limit_is_not_leapt_by_a_longer_move(step_m):
    """Cells of 30 m, a wall of one cell: 1.1, 1.5 and 2 metres a metre, all steeper than 45 degrees.

    A knight's move spreads the same height over 67 m, but on the ground the wall is no lower.
    """
    height = np.zeros((9, 21))
    height[:, 10:] = step_m
    with pytest.raises(TraceError, match="No way on foot"):
        path(height, (4, 2), (4, 18), max_slope=1.0)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=examples(25))
def test_path_never_enters_voids_or_barred_cells(seed):
    random = np.random.default_rng(seed)
    height = random.normal(1000.0, 8.0, (18, 18))
    height[random.random(height.shape) < 0.2] = np.nan
    barred = random.random(height.shape) < 0.1
    height[0, 0] = height[17, 17] = 1000.0
    barred[0, 0] = barred[17, 17] = False
    try:
        cells, _ = path(height, (0, 0), (17, 17), barred=barred)
    except TraceError:
        return
    assert np.isfinite(height[cells[:, 0], cells[:, 1]]).all()
    assert not barred[cells[:, 0], cells[:, 1]].any()


MOVES = [
    move for move in itertools.product(range(-2, 3), repeat=2) if move != (0, 0) and sorted(map(abs, move)) != [0, 2]
    and sorted(map(abs, move)) != [2, 2]
]  # fmt: skip


def oracle_time_s(height, start, goal):
    """Textbook Dijkstra on 16 neighbours with a heap."""
    best, queue = {start: 0.0}, [(0.0, start)]
    while queue:
        time, (row, col) = heapq.heappop(queue)
        if (row, col) == goal:
            return time
        for down, right in MOVES:
            to = (row + down, col + right)
            if not (0 <= to[0] < height.shape[0] and 0 <= to[1] < height.shape[1]):
                continue
            run = 30.0 * (down**2 + right**2) ** 0.5
            slope = (height[to] - height[row, col]) / run
            later = time + run / (6.0 / 3.6 * np.exp(-3.5 * abs(slope + 0.05)))
            if later < best.get(to, np.inf):
                best[to] = later
                heapq.heappush(queue, (later, to))
    return None


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=examples(15))
def test_time_is_that_of_a_textbook_search(seed):
    height = np.random.default_rng(seed).normal(0.0, 4.0, (12, 12)).cumsum(axis=0)
    assert len(MOVES) == 16
    cells, time = path(height, (1, 1), (10, 9), max_slope=100.0)
    assert time == pytest.approx(oracle_time_s(height, (1, 1), (10, 9)))
    steps = np.diff(cells, axis=0)
    run = np.hypot(*(30.0 * steps.T))
    rise = np.diff(height[cells[:, 0], cells[:, 1]])
    assert (run / tobler_speed_m_s(rise / run)).sum() == pytest.approx(time)


def test_start_that_is_the_goal_takes_no_time():
    cells, time = path(np.zeros((3, 3)), (1, 1), (1, 1))
    assert cells.tolist() == [[1, 1]]
    assert time == 0.0


@pytest.mark.parametrize("shape", [(1, 10), (10, 1), (2, 10), (10, 2)])
def test_narrow_grids_work(shape):
    goal = (shape[0] - 1, shape[1] - 1)
    cells, time = path(np.zeros(shape), (0, 0), goal)
    assert cells[-1].tolist() == list(goal)
    assert time >= float(np.hypot(*goal)) * 30.0 / FLAT_M_S - 1e-6


def test_ends_in_a_lake_can_be_left():
    lake = np.ones((9, 9), dtype=bool)
    lake[:, 4:] = False
    cells, _ = path(np.zeros((9, 9)), (4, 3), (4, 8), barred=lake)
    assert cells[0].tolist() == [4, 3]


@pytest.mark.parametrize("bad", [(-1, 0), (0, 9), (2, 2)])
def test_an_end_without_height_is_refused(bad):
    height = np.zeros((5, 5))
    height[2, 2] = np.nan
    for start, goal in ((bad, (0, 0)), ((0, 0), bad)):
        with pytest.raises(TraceError, match="no height in the DEM"):
            path(height, start, goal)


def test_ends_parted_by_water_are_said_to_be():
    water = np.zeros((9, 9), dtype=bool)
    water[:, 4] = True
    with pytest.raises(TraceError, match="No way on foot joins the ends: water, voids or cliffs"):
        path(np.zeros((9, 9)), (4, 0), (4, 8), barred=water)


def test_too_large_a_grid_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr(leasttime, "MAX_CELLS", 80)
    with pytest.raises(TraceError, match=r"81 cells are too many .* \(via\)"):
        path(np.zeros((9, 9)), (0, 0), (8, 8))
