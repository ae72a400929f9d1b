"""Fastest routes through every cell of a grid: their detours and highest points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routes._typing import BoolArray, FloatArray
from routes.kernel.leasttime.path import Speed, graph_of, open_cells, terrain_edges, tobler_speed_m_s


@dataclass(frozen=True, slots=True, eq=False)
class Detours:
    """Fastest routes through each cell of a grid, from one cell to another."""

    share: FloatArray
    """Extra time as a share of the fastest route's, shape (rows, columns); inf if there is no route."""

    top_m: FloatArray
    """Highest cell, shape (rows, columns), metres; inf if there is no route."""


def detours(
    height: FloatArray,
    *,
    cell_m: tuple[float, float],
    start: tuple[int, int],
    goal: tuple[int, int],
    barred: BoolArray,
    max_slope: float,
    speed: Speed = tobler_speed_m_s,
) -> Detours:
    """Detours and highest cells of the fastest routes through each cell.

    Parameters
    ----------
    height, cell_m, start, goal, barred, max_slope, speed
        As for `least_time_path`; the grid has at most `WHOLE_CELLS`.

    Raises
    ------
    TraceError
        If start or goal is outside or on a void.
    """
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - slow to import, and only tracing needs it

    is_open = open_cells(height, barred, (start, goal))
    edges = terrain_edges(height, cell_m=cell_m, is_open=is_open, max_slope=max_slope, speed=speed)
    graph = graph_of(edges.start, edges.end, edges.time_s, height.size)
    first, last = (int(np.ravel_multi_index(cell, height.shape)) for cell in (start, goal))
    total, top = np.zeros(height.size), np.full(height.size, -np.inf)
    for way, end in ((graph, first), (graph.T.tocsr(), last)):
        times, befores = dijkstra(way, directed=True, indices=np.array([end]), return_predecessors=True)
        total += times[0]
        np.maximum(top, _top_on_way(height.ravel(), befores[0]), out=top)
    shortest = total[first]
    if not np.isfinite(shortest):
        share = np.full(height.size, np.inf)
    elif shortest == 0.0:
        share = np.where(np.arange(height.size) == first, 0.0, np.inf)
    else:
        share = np.maximum(total / shortest - 1.0, 0.0)
    top[~np.isfinite(share)] = np.inf
    return Detours(share.reshape(height.shape), top.reshape(height.shape))


def _top_on_way(flat: FloatArray, before: NDArray[np.int32]) -> FloatArray:
    """Highest cell on the way back from each cell to the start, by doubling the number of steps."""
    back = np.where(before >= 0, before, np.arange(flat.size))
    top = flat.copy()
    while True:
        top = np.maximum(top, top[back])
        beyond = back[back]
        if np.array_equal(beyond, back):
            return top
        back = beyond
