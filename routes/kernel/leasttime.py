"""Least-time path over a grid of heights (Tobler's walking speed, 16 neighbours, up is not down)."""

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import TraceError

_NEIGHBOURS = (
    *((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)),
    *((i, j) for i in (-2, -1, 1, 2) for j in (-2, -1, 1, 2) if abs(i) != abs(j)),
)
"""Offsets in rows and columns: the eight adjacent cells, and the eight a knight's move away."""

MAX_CELLS = 2_000_000
"""Largest grid that is searched; about 1 GB of memory."""


def tobler_speed_m_s(slope: FloatArray) -> FloatArray:
    """Walking speed on a path by Tobler's hiking function [1]_.

    Parameters
    ----------
    slope : ndarray
        Rise over run in the direction of travel (tangent; negative downhill).

    Returns
    -------
    ndarray
        Horizontal speed in metres per second; greatest (6 km/h) on a 5 % downhill.

    References
    ----------
    .. [1] Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA technical report 93-1,
       https://escholarship.org/uc/item/05r820mz

    Examples
    --------
    >>> (tobler_speed_m_s(np.array([-0.05, 0.0])) * 3.6).round(2)
    array([6.  , 5.04])
    """
    return np.asarray(6.0 / 3.6 * np.exp(-3.5 * np.abs(slope + 0.05)), dtype=np.float64)


def least_time_path(
    height: FloatArray,
    *,
    cell_m: tuple[float, float],
    start: tuple[int, int],
    goal: tuple[int, int],
    barred: BoolArray,
    max_slope: float,
) -> tuple[IntArray, float]:
    """Cells of the fastest way on foot from one cell to another.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN cells are never entered.
    cell_m : tuple of float
        Distance between columns and between rows, metres.
    start, goal : tuple of int
        Row and column.
    barred : ndarray of bool, shape (rows, columns)
        Cells that are not entered (water); start and goal always may be.
    max_slope : float
        Steepest rise over run, up or down, that is walked.

    Returns
    -------
    cells : ndarray of int, shape (n, 2)
        Rows and columns from start to goal.
    time_s : float
        Walking time by Tobler's function, seconds.

    Raises
    ------
    TraceError
        If the grid is too large, start or goal lies outside or on a void, or no way joins them.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - slow to import, and only tracing needs it
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415

    rows, cols = height.shape
    if height.size > MAX_CELLS:
        msg = (
            f"{height.size:,} cells are too many for one search; add places on the way (via) to part the leg."
        )
        raise TraceError(msg)
    is_open = np.isfinite(height) & ~barred
    for row, col in (start, goal):
        if not (0 <= row < rows and 0 <= col < cols) or not np.isfinite(height[row, col]):
            msg = "An end of the path has no height in the DEM."
            raise TraceError(msg)
        is_open[row, col] = True
    index = np.arange(height.size).reshape(rows, cols)
    sources, targets, times = [], [], []
    for down, right in _NEIGHBOURS:
        here, there = _overlap(rows, down), _overlap(rows, -down)
        left, over = _overlap(cols, right), _overlap(cols, -right)
        from_cell, to_cell = (here, left), (there, over)
        run = float(np.hypot(down * cell_m[1], right * cell_m[0]))
        slope = (height[to_cell] - height[from_cell]) / run
        usable = is_open[from_cell] & is_open[to_cell] & (np.abs(slope) <= max_slope)
        if down and right:
            usable &= _is_passable_around(height, is_open, from_cell, (down, right), cell_m, max_slope)
        sources.append(index[from_cell][usable])
        targets.append(index[to_cell][usable])
        times.append(run / tobler_speed_m_s(slope[usable]))
    graph = csr_array(
        (np.concatenate(times), (np.concatenate(sources), np.concatenate(targets))),
        shape=(height.size, height.size),
    )
    first, last = int(index[start]), int(index[goal])
    times_s, befores = dijkstra(graph, directed=True, indices=np.array([first]), return_predecessors=True)
    time, before = times_s[0], befores[0]
    if not np.isfinite(time[last]):
        msg = "No way on foot joins the ends: water, voids or cliffs part them."
        raise TraceError(msg)
    chain = [last]
    while chain[-1] != first:
        chain.append(int(before[chain[-1]]))
    return np.stack(np.unravel_index(chain[::-1], (rows, cols)), axis=1), float(time[last])


def _overlap(length: int, shift: int) -> slice:
    """Part of an axis that stays inside when moved by `shift`."""
    return slice(max(0, -shift), min(length, length - shift))


def _is_passable_around(
    height: FloatArray,
    is_open: BoolArray,
    from_cell: tuple[slice, slice],
    move: tuple[int, int],
    cell_m: tuple[float, float],
    max_slope: float,
) -> BoolArray:
    """Whether a diagonal or knight's move may pass the two cells beside it: no step around them too steep.

    The longer run of the move itself would let it leap an edge that no step to a neighbour may take. A knight's move
    passes between its two cells, which must be open too.
    """
    down, right = move
    is_knight = abs(down) != abs(right)
    if is_knight:
        first = (down // 2, 0) if abs(down) == 2 else (0, right // 2)
        second = (first[0], right) if abs(down) == 2 else (down, first[1])
        passable = is_open[_moved(from_cell, first)] & is_open[_moved(from_cell, second)]
    else:
        first, second = (down, 0), (0, right)
        passable = np.ones(is_open[from_cell].shape, dtype=np.bool_)
    steps = [((0, 0), first), ((0, 0), second), (first, move), (second, move)]
    for a, b in [*steps, (first, second)] if is_knight else steps:
        run = float(np.hypot((b[0] - a[0]) * cell_m[1], (b[1] - a[1]) * cell_m[0]))
        rise = np.abs(height[_moved(from_cell, b)] - height[_moved(from_cell, a)])
        passable &= ~(rise > max_slope * run)  # a void beside the move is no cliff
    return np.asarray(passable, dtype=np.bool_)


def _moved(cells: tuple[slice, slice], step: tuple[int, int]) -> tuple[slice, slice]:
    rows, cols = cells
    return slice(rows.start + step[0], rows.stop + step[0]), slice(cols.start + step[1], cols.stop + step[1])
