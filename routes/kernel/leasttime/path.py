"""Least-time path over a grid: 16 neighbours, direction-dependent speed, barred cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import TraceError
from routes.kernel.leasttime.connected import connected_cells

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_MOVES = (
    *((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)),
    *((i, j) for i in (-2, -1, 1, 2) for j in (-2, -1, 1, 2) if abs(i) != abs(j)),
)
"""Moves in rows and columns: to the eight adjacent cells, and the eight knight's moves."""

MAX_CELLS = 25_000_000
"""Largest grid to search; its arrays stay below 1 GB."""

WHOLE_CELLS = 250_000
"""Most cells searched at once; a larger grid is searched in blocks first, then along the route found there."""

BAND_BLOCKS = (6, 24)
"""Half-widths, in blocks, of the bands around the block route that are searched cell by cell in turn."""

OFF_PATH = 0.6
"""Ratio of the speed off a path to that on one (Tobler 1993)."""

Speed = Callable[[FloatArray], FloatArray]
"""Walking speed, metres per second, by slope (rise over run in the direction of travel)."""


def tobler_speed_m_s(slope: FloatArray) -> FloatArray:
    """Walking speed on a path by Tobler's hiking function [1]_.

    Parameters
    ----------
    slope : ndarray
        Rise over run in the direction of travel (tangent; negative downhill).

    Returns
    -------
    ndarray
        Horizontal speed in metres per second, highest (6 km/h) on a 5 % descent. Multiply by `OFF_PATH` off paths.

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


def campbell_speed_m_s(slope: FloatArray) -> FloatArray:
    """Walking speed by Campbell's function, the tenth percentile of tracked walkers and runners [1]_.

    Parameters
    ----------
    slope : ndarray
        Rise over run in the direction of travel (tangent; negative downhill).

    Returns
    -------
    ndarray
        Horizontal speed in metres per second: a Lorentz curve of the slope in degrees plus a straight line. It
        decreases with the slope more slowly than Tobler's.

    References
    ----------
    .. [1] Campbell, Dennison, Butler and Page (2019), Using crowdsourced fitness tracker data to model the relationship
       between slope and travel rates, Applied Geography 106, 93-107, table S1; slopes there end at 30 degrees or so.

    Examples
    --------
    >>> (campbell_speed_m_s(np.array([-0.0274, 0.0])) * 3.6).round(2)
    array([4.82, 4.75])
    """
    degrees = np.degrees(np.arctan(slope))
    curve = 38.892 / (np.pi * 13.328 * (1.0 + ((degrees + 1.568) / 13.328) ** 2))
    return np.asarray(np.maximum(curve + 0.404 - 0.003 * degrees, 0.05), dtype=np.float64)


SPEEDS: dict[str, Speed] = {"tobler": tobler_speed_m_s, "campbell": campbell_speed_m_s}
"""Walking speeds by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Moves between numbered positions, with their times."""

    start: IntArray
    """Position where each move starts, shape (n,)."""

    end: IntArray
    """Position where each move ends, shape (n,)."""

    time_s: FloatArray
    """Time, shape (n,), seconds."""


def terrain_edges(
    height: FloatArray,
    *,
    cell_m: tuple[float, float],
    is_open: BoolArray,
    max_slope: float,
    speed: Speed = tobler_speed_m_s,
) -> Edges:
    """Moves on foot between open cells of a grid.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres.
    cell_m : tuple of float
        Column and row spacing, metres.
    is_open : ndarray of bool, shape (rows, columns)
        Cells that may be entered; all have a height.
    max_slope : float
        Steepest walkable rise over run, up or down.
    speed : callable
        Walking speed by slope.

    Returns
    -------
    Edges
        Positions are flat cell indices.
    """
    rows, cols = height.shape
    row, col = np.nonzero(is_open)
    flat, cells, is_in = height.ravel(), row * cols + col, is_open.ravel()
    starts, ends, times = [], [], []
    for down, right in _MOVES:
        inside = (row + down >= 0) & (row + down < rows) & (col + right >= 0) & (col + right < cols)
        source = cells[inside]
        target = source + down * cols + right
        run = float(np.hypot(down * cell_m[1], right * cell_m[0]))
        slope = (flat[target] - flat[source]) / run
        usable = is_in[target] & (np.abs(slope) <= max_slope)
        source, target, slope = source[usable], target[usable], slope[usable]
        if down and right:
            free = _is_free_beside(flat, is_in, source, (down, right), cols, cell_m, max_slope)
            source, target, slope = source[free], target[free], slope[free]
        starts.append(source)
        ends.append(target)
        times.append(run / speed(slope))
    return Edges(np.concatenate(starts), np.concatenate(ends), np.concatenate(times))


def fastest_way(edges: Edges, count: int, start: int, goal: int) -> tuple[IntArray, float] | None:
    """Positions of the fastest route between two of `count` positions, and its time; None if there is none.

    At most one edge may run from one position to another: the times of several would add up.
    """
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - slow to import, and only tracing needs it

    is_used = np.zeros(count, dtype=np.bool_)
    for ends in (edges.start, edges.end, np.array([start, goal])):
        is_used[ends] = True
    number = np.cumsum(is_used) - 1
    used = np.flatnonzero(is_used)
    graph = graph_of(number[edges.start], number[edges.end], edges.time_s, used.size)
    source, target = int(number[start]), int(number[goal])
    times_s, befores = dijkstra(graph, directed=True, indices=np.array([source]), return_predecessors=True)
    time, before = times_s[0], befores[0]
    if not np.isfinite(time[target]):
        return None
    chain = [target]
    while chain[-1] != source:
        chain.append(int(before[chain[-1]]))
    return used[chain[::-1]], float(time[target])


def least_time_path(
    height: FloatArray,
    *,
    cell_m: tuple[float, float],
    start: tuple[int, int],
    goal: tuple[int, int],
    barred: BoolArray,
    max_slope: float,
    speed: Speed = tobler_speed_m_s,
) -> tuple[IntArray, float]:
    """Cells of the fastest route on foot between two cells.

    A grid of more than `WHOLE_CELLS` is searched in blocks of cells first, then cell by cell in a band around that
    route, so the result is the fastest within the band.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN cells are never entered.
    cell_m : tuple of float
        Column and row spacing, metres.
    start, goal : tuple of int
        Row and column.
    barred : ndarray of bool, shape (rows, columns)
        Cells that may not be entered (water), except start and goal.
    max_slope : float
        Steepest walkable rise over run, up or down.
    speed : callable
        Walking speed by slope.

    Returns
    -------
    cells : ndarray of int, shape (n, 2)
        Rows and columns from start to goal.
    time_s : float
        Walking time, seconds.

    Raises
    ------
    TraceError
        If the grid is too large, start or goal is outside or on a void, or they cannot be connected.
    """
    if height.size > MAX_CELLS:
        msg = (
            f"{height.size:,} cells are too many for one search; add places on the way (via) to part the leg."
        )
        raise TraceError(msg)
    is_open = open_cells(height, barred, (start, goal))
    for band in _bands(
        height, is_open, cell_m=cell_m, start=start, goal=goal, max_slope=max_slope, speed=speed
    ):
        edges = terrain_edges(height, cell_m=cell_m, is_open=band, max_slope=max_slope, speed=speed)
        ends = (int(np.ravel_multi_index(cell, height.shape)) for cell in (start, goal))
        way = fastest_way(edges, height.size, *ends)
        if way is not None:
            return np.stack(np.unravel_index(way[0], height.shape), axis=1), way[1]
    msg = "No way on foot joins the ends: water, voids or cliffs part them."
    raise TraceError(msg)


def open_cells(height: FloatArray, barred: BoolArray, ends: tuple[tuple[int, int], ...]) -> BoolArray:
    """Cells that may be entered: those with a height that are not barred, and the ends.

    Raises
    ------
    TraceError
        If an end is outside or on a void.
    """
    is_open = np.isfinite(height) & ~barred
    for row, col in ends:
        if not (0 <= row < height.shape[0] and 0 <= col < height.shape[1]) or not np.isfinite(
            height[row, col]
        ):
            msg = "An end of the path has no height in the DEM."
            raise TraceError(msg)
        is_open[row, col] = True
    return np.asarray(is_open, dtype=np.bool_)


def in_blocks(height: FloatArray, is_open: BoolArray, side: int) -> FloatArray:
    """Mean height of the open cells in blocks of `side` by `side` cells; NaN if less than half of a block is open."""
    rows, cols = (-(-size // side) * side for size in height.shape)
    known = np.zeros((rows, cols), dtype=np.bool_)
    known[: height.shape[0], : height.shape[1]] = is_open
    filled = np.zeros((rows, cols))
    filled[: height.shape[0], : height.shape[1]] = np.where(is_open, height, 0.0)
    shape = (rows // side, side, cols // side, side)
    count = known.reshape(shape).sum(axis=(1, 3))
    total = filled.reshape(shape).sum(axis=(1, 3))
    return np.where(2 * count >= side * side, total / np.maximum(count, 1), np.nan)


def block_side(cells: int) -> int:
    """Side of blocks, in cells, that reduces a grid of so many cells to at most `WHOLE_CELLS`."""
    return int(np.ceil(np.sqrt(cells / WHOLE_CELLS)))


def graph_of(start: IntArray, end: IntArray, time_s: FloatArray, count: int) -> "csr_array":
    """Graph of moves between `count` positions, for `scipy.sparse.csgraph`."""
    from scipy.sparse import csr_array  # noqa: PLC0415

    return csr_array((time_s, (start, end)), shape=(count, count))


def _bands(
    height: FloatArray,
    is_open: BoolArray,
    *,
    cell_m: tuple[float, float],
    start: tuple[int, int],
    goal: tuple[int, int],
    max_slope: float,
    speed: Speed,
) -> Iterator[BoolArray]:
    """Open cells to search until a route is found: bands around the block route, then all."""
    side = block_side(height.size)
    if side == 1:
        yield is_open
        return
    blocks = in_blocks(height, is_open, side)
    ends = [(cell[0] // side, cell[1] // side) for cell in (start, goal)]
    for cell, block in zip((start, goal), ends, strict=True):
        if not np.isfinite(blocks[block]):
            blocks[block] = height[cell]
    edges = terrain_edges(
        blocks,
        cell_m=(side * cell_m[0], side * cell_m[1]),
        is_open=np.isfinite(blocks),
        max_slope=max_slope,
        speed=speed,
    )
    way = fastest_way(edges, blocks.size, *(int(np.ravel_multi_index(block, blocks.shape)) for block in ends))
    if way is not None:
        from scipy.ndimage import binary_dilation  # noqa: PLC0415 - slow to import, and only tracing needs it

        near = np.zeros(blocks.shape, dtype=np.bool_)
        near.ravel()[way[0]] = True
        for width in BAND_BLOCKS:
            wide = binary_dilation(near, np.ones((3, 3), dtype=np.bool_), iterations=width)
            cells = np.repeat(np.repeat(wide, side, axis=0), side, axis=1)
            yield is_open & cells[: height.shape[0], : height.shape[1]]
    # searching all takes gigabytes; checking that a route exists takes far less
    connected = connected_cells(height, is_open, cell_m=cell_m, start=start, max_slope=max_slope)
    if connected[goal]:
        yield connected


def _is_free_beside(
    height: FloatArray,
    is_open: BoolArray,
    source: NDArray[np.intp],
    move: tuple[int, int],
    cols: int,
    cell_m: tuple[float, float],
    max_slope: float,
) -> BoolArray:
    """Whether a diagonal or knight's move may pass the two cells beside it: no step around them is too steep.

    Otherwise its longer run would let it jump an edge that no step to a neighbour may take. A knight's move
    passes between its two cells, so both must be open. A diagonal needs one open cell beside it, or it would
    jump a river that runs across.
    """
    down, right = move
    is_knight = abs(down) != abs(right)
    if is_knight:
        first = (down // 2, 0) if abs(down) == 2 else (0, right // 2)
        second = (first[0], right) if abs(down) == 2 else (down, first[1])
    else:
        first, second = (down, 0), (0, right)

    def at(step: tuple[int, int]) -> NDArray[np.intp]:
        return np.asarray(source + step[0] * cols + step[1])

    beside = is_open[at(first)], is_open[at(second)]
    free = beside[0] & beside[1] if is_knight else beside[0] | beside[1]
    steps = [((0, 0), first), ((0, 0), second), (first, move), (second, move)]
    for a, b in [*steps, (first, second)] if is_knight else steps:
        run = float(np.hypot((b[0] - a[0]) * cell_m[1], (b[1] - a[1]) * cell_m[0]))
        rise = np.abs(height[at(b)] - height[at(a)])
        free &= ~(rise > max_slope * run)  # a void beside the move is not a cliff
    return np.asarray(free, dtype=np.bool_)
