"""Large grids in blocks and bands, and how much slower than the fastest other ways are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routes.errors import TraceError
from routes.kernel.leasttime import path as leasttime
from routes.kernel.leasttime.connected import connected_cells
from routes.kernel.leasttime.detours import detours
from routes.kernel.leasttime.path import (
    campbell_speed_m_s,
    fastest_way,
    in_blocks,
    least_time_path,
    terrain_edges,
)
from tests.strategies import examples

CELL = (30.0, 40.0)


def search(height, start, goal, *, barred=None, max_slope=1.0):
    return {
        "height": height,
        "cell_m": CELL,
        "start": start,
        "goal": goal,
        "barred": np.zeros(height.shape, dtype=bool) if barred is None else barred,
        "max_slope": max_slope,
    }


def way(**given_):
    height = given_.pop("height")
    return least_time_path(height, **given_)


def share(**given_):
    height = given_.pop("height")
    return detours(height, **given_).share


@pytest.mark.parametrize("slope_deg", [-30, -15, -5, 0, 5, 15, 30])
def test_campbell_walks_as_published(slope_deg):
    """The Lorentz function of Campbell et al. (2019), eq. 5, with the parameters of its tenth percentile."""
    a, b, c, d, e = -1.568, 13.328, 38.892, 0.404, -0.003
    published = c / (np.pi * b * (1.0 + ((slope_deg - a) / b) ** 2)) + d + e * slope_deg
    assert campbell_speed_m_s(np.tan(np.radians([slope_deg])))[0] == pytest.approx(published)
    assert 0.3 < published < 1.4


def test_campbell_is_positive_on_every_slope_and_faster_downhill():
    slopes = np.linspace(-50.0, 50.0, 4001)
    speed = campbell_speed_m_s(slopes)
    assert speed.min() > 0.0
    assert -0.05 < slopes[speed.argmax()] < 0.0
    assert (campbell_speed_m_s(np.array([-0.3])) > campbell_speed_m_s(np.array([0.3]))).all()


def hills(shape, seed):
    """Smooth terrain: sums of waves a good deal longer than a block."""
    random = np.random.default_rng(seed)
    row, col = np.mgrid[: shape[0], : shape[1]]
    height = np.full(shape, 1500.0)
    for _ in range(4):
        wave = random.uniform(40.0, 120.0)
        angle, phase = random.uniform(0.0, 2.0 * np.pi, 2)
        height += random.uniform(20.0, 120.0) * np.sin(
            2.0 * np.pi * (np.cos(angle) * row + np.sin(angle) * col) / wave + phase
        )
    return height


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("whole", [400, 1500, 6000])
def test_in_blocks_and_bands_the_path_is_about_as_fast(seed, whole, monkeypatch):
    height = hills((121, 140), seed)
    barred = np.zeros(height.shape, dtype=bool)
    random = np.random.default_rng(100 + seed)
    for _ in range(4):
        row, col = random.integers(20, 100, 2)
        barred[row : row + 14, col : col + 18] = True
    ends = search(height, (4, 5), (117, 133), barred=barred)
    _, best = way(**ends)
    monkeypatch.setattr(leasttime, "WHOLE_CELLS", whole)
    cells, time = way(**ends)
    assert best * (1.0 - 1e-9) <= time <= best * 1.05
    assert cells[0].tolist() == [4, 5]
    assert cells[-1].tolist() == [117, 133]
    assert not barred[cells[:, 0], cells[:, 1]].any()


@given(st.integers(0, 2**32 - 1), st.integers(20, 300))
@settings(max_examples=examples(40))
def test_bands_find_a_way_where_there_is_one_and_none_where_there_is_none(seed, whole):
    random = np.random.default_rng(seed)
    height = random.normal(1000.0, 8.0, (24, 31))
    height[random.random(height.shape) < 0.15] = np.nan
    barred = random.random(height.shape) < 0.15
    height[0, 0] = height[23, 30] = 1000.0
    ends = search(height, (0, 0), (23, 30), barred=barred)
    outcomes = []
    for cells_at_once in (leasttime.WHOLE_CELLS, whole):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(leasttime, "WHOLE_CELLS", cells_at_once)
            try:
                cells, time = way(**ends)
            except TraceError as error:
                outcomes.append(str(error))
                continue
        inner = cells[1:-1]
        assert not barred[inner[:, 0], inner[:, 1]].any()
        assert np.isfinite(height[cells[:, 0], cells[:, 1]]).all()
        outcomes.append(time)
    if isinstance(outcomes[0], str):
        assert outcomes[1] == outcomes[0]
    else:
        assert outcomes[1] >= outcomes[0] * (1.0 - 1e-9)


@pytest.mark.parametrize("offset", [0, 1, 2])
@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_a_winding_gorge_no_wider_than_a_block_is_found(offset, width, monkeypatch):
    """Walls of 500 m: the gorge is the only way, and blocks of five cells blur it."""
    height = np.full((60, 100), 500.0)
    middle = offset + 30 + np.round(12.0 * np.sin(np.arange(100) / 9.0)).astype(int)
    for col in range(100):
        before = middle[max(col - 1, 0)]
        low, high = sorted((before, middle[col]))
        height[low : high + width, col] = 0.0
    monkeypatch.setattr(leasttime, "WHOLE_CELLS", 60 * 100 // 25)
    cells, _ = way(**search(height, (int(middle[0]), 0), (int(middle[99]), 99)))
    assert (height[cells[:, 0], cells[:, 1]] == 0.0).all()


def test_blocks_have_the_mean_of_their_open_cells():
    height = np.arange(30.0).reshape(5, 6)
    is_open = np.ones((5, 6), dtype=bool)
    is_open[0, 0] = False
    is_open[2:4, 2:4] = [[False, False], [False, True]]
    height[0, 0] = np.nan
    blocks = in_blocks(height, is_open, 2)
    assert blocks.shape == (3, 3)
    assert blocks[0, 0] == pytest.approx(np.mean([1.0, 6.0, 7.0]))
    assert np.isnan(blocks[1, 1])  # a quarter open
    assert blocks[2, 2] == pytest.approx(np.mean([28.0, 29.0]))  # the edge cuts it in half


def test_no_detour_on_the_path_itself():
    height = hills((40, 50), 3)
    ends = search(height, (3, 4), (35, 44))
    cells, _ = way(**ends)
    found = share(**ends)
    assert found[cells[:, 0], cells[:, 1]] == pytest.approx(0.0, abs=1e-9)
    assert (found >= 0.0).all()
    assert found[39, 0] > 0.1


def test_on_the_flat_detours_are_the_same_walked_back():
    flat = np.zeros((21, 33))
    there = share(**search(flat, (10, 3), (4, 28)))
    back = share(**search(flat, (4, 28), (10, 3)))
    assert there == pytest.approx(back, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=examples(12))
def test_detours_are_those_of_two_searches_through_each_cell(seed):
    random = np.random.default_rng(seed)
    height = random.normal(0.0, 6.0, (7, 8)).cumsum(axis=1)
    barred = random.random(height.shape) < 0.15
    barred[0, 0] = barred[6, 7] = False
    ends = search(height, (0, 0), (6, 7), barred=barred)
    found = share(**ends)
    edges = terrain_edges(height, cell_m=CELL, is_open=~barred, max_slope=1.0)
    direct = fastest_way(edges, height.size, 0, height.size - 1)
    if direct is None:
        assert np.isinf(found).all()
        return
    for cell in range(height.size):
        legs = [fastest_way(edges, height.size, *ends_) for ends_ in ((0, cell), (cell, height.size - 1))]
        expected = np.inf if None in legs else (legs[0][1] + legs[1][1]) / direct[1] - 1.0
        assert found.ravel()[cell] == pytest.approx(expected, abs=1e-9)


def test_ends_in_one_cell_have_no_detour_and_no_other_way():
    found = share(**search(np.zeros((5, 5)), (2, 2), (2, 2)))
    assert found[2, 2] == 0.0
    assert np.isinf(found).sum() == 24


def test_ends_parted_by_voids_have_no_detour_at_all():
    height = np.zeros((5, 9))
    height[:, 4] = np.nan
    assert np.isinf(share(**search(height, (2, 0), (2, 8)))).all()
    with pytest.raises(TraceError, match="no height in the DEM"):
        share(**search(height, (2, 0), (2, 4)))


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5), st.floats(1.0, 40.0))
@settings(max_examples=examples(60))
def test_no_move_leads_out_of_connected_cells(seed, closed_share, rough_m):
    random = np.random.default_rng(seed)
    height = random.normal(0.0, rough_m, (13, 17))
    is_open = random.random(height.shape) >= closed_share
    height[random.random(height.shape) < 0.1] = np.nan
    is_open &= np.isfinite(height)
    is_open[6, 8], height[6, 8] = True, 0.0
    part = connected_cells(height, is_open, cell_m=CELL, start=(6, 8), max_slope=1.0)
    assert part[6, 8]
    assert not (part & ~is_open).any()
    edges = terrain_edges(height, cell_m=CELL, is_open=is_open, max_slope=1.0)
    inside = part.ravel()
    assert (inside[edges.start] == inside[edges.end]).all()


@pytest.mark.parametrize("wall", ["void", "cliff"])
def test_ends_parted_on_a_large_grid_are_found_out_without_a_search_of_it_all(wall, monkeypatch):
    """Edges of all cells take about a kilobyte each; a wall is seen before they are made."""
    height = hills((60, 80), 1)
    height[:, 40:] += 2000.0 if wall == "cliff" else 0.0
    if wall == "void":
        height[:, 36:44] = np.nan
    monkeypatch.setattr(leasttime, "WHOLE_CELLS", 300)
    sizes = []

    def counted(cells, **more):
        sizes.append(int(more["is_open"].sum()))
        return terrain_edges(cells, **more)

    monkeypatch.setattr(leasttime, "terrain_edges", counted)
    with pytest.raises(TraceError, match="No way on foot joins the ends: water, voids or cliffs"):
        way(**search(height, (30, 5), (30, 75)))
    assert max(sizes) <= 400
