"""Find saddles of a grid: where two basins first meet as the water level rises."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import InvalidCoordinatesError

LADDER = (1.0, 0.5, 0.25)
"""Half-widths of the windows in which a saddle's sides are examined, as shares of the reach."""

_BELOW_ALL_M = 1000.0
"""Depth of terrain that a void may hide, below all known terrain, metres."""


_SAME_M, _SAME_CELLS = 1e-6, 3.0
"""Largest distance of two identical saddles, in height and in cells: on level ground windows place them differently."""


@dataclass(frozen=True, slots=True, eq=False)
class Saddles:
    """Saddles of a grid."""

    row: FloatArray
    """Fractional rows, shape (n,)."""

    col: FloatArray
    """Fractional columns, shape (n,)."""

    height_m: FloatArray
    """Levels at which two basins meet, shape (n,), metres."""

    depth_m: FloatArray
    """Depth of each basin's lowest known cell below the saddle, shape (n, 2), metres, the shallower first."""

    is_certain: BoolArray
    """Whether no void could connect the two basins below that level, whatever terrain it hides, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Lowest connections between basins, one per pair, from low to high."""

    basins: IntArray
    """Flat indices of the two basins' lowest cells, shape (n, 2)."""

    level_m: FloatArray
    """Highest point of the connection, shape (n,), metres."""

    row: FloatArray
    """Row of that point, shape (n,)."""

    col: FloatArray
    """Column of that point, shape (n,)."""


def first_joins(height: FloatArray, *, min_depth_m: float) -> Saddles:
    """Saddles where two basins, each deep enough, first meet as the level rises.

    The terrain is the bilinear surface over the cell centres that is also used for sampling. Two basins meet on the
    line between two neighbouring cells, at the higher one. If two opposite corners of a mesh are lower than the other
    two, they meet at the saddle of the hyperbolic paraboloid. With eight plain neighbours basins would leak through
    diagonal ridges; with four, diagonal valleys would be blocked.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN where unknown. Basins never meet in a void or outside the grid.
    min_depth_m : float
        Smallest depth of the shallower basin below the saddle, metres, more than 0. Only the grid counts, even
        if a basin continues beyond its rim: the depth is then a lower bound, and more terrain can only confirm it.

    Returns
    -------
    Saddles
        One for each pair of basins, lowest first. On level ground it is at the cell nearest to the
        centre of the cells of equal height around it, or on the rim if they reach it.

    Raises
    ------
    InvalidCoordinatesError
        If the grid is not two-dimensional, or the depth is not more than 0.

    Notes
    -----
    Cells drain to the lowest of their four neighbours, which forms basins. The lowest connections between basins are
    joined in order of height (Kruskal), and the basin with the lower bottom absorbs the other. The saddles with
    their depths are the persistence pairs of the terrain's sublevel sets [1]_.

    References
    ----------
    .. [1] Edelsbrunner, Letscher and Zomorodian (2002), Topological persistence and simplification, Discrete Comput.
       Geom. 28, 511-533, https://doi.org/10.1007/s00454-002-2885-2

    Examples
    --------
    >>> found = first_joins(np.array([[1.0, 9.0, 2.0], [1.0, 6.0, 2.0], [1.0, 9.0, 2.0]]), min_depth_m=1.0)
    >>> found.row, found.col, found.height_m, found.depth_m
    (array([1.]), array([1.]), array([6.]), array([[4., 5.]]))
    """
    if height.ndim != 2 or not min_depth_m > 0.0:
        msg = f"Saddles need a grid in two dimensions and a depth above 0; given {height.shape}, {min_depth_m:g} m."
        raise InvalidCoordinatesError(msg)
    return _first_joins(height, min_depth_m, asks_voids=True)


def _first_joins(height: FloatArray, min_depth_m: float, *, asks_voids: bool) -> Saddles:
    """Like `first_joins`, but calls all saddles certain unless `asks_voids`."""
    edges = _edges_of(height)
    joins, depth = _joins(edges, height.ravel(), min_depth_m)
    is_certain = np.ones(joins.size, dtype=np.bool_)
    is_void = ~np.isfinite(height)
    if asks_voids and joins.size and is_void.any():
        opened = np.where(is_void, np.nanmin(height) - _BELOW_ALL_M, height)
        low = _edges_of(opened)
        still, _ = _joins(low, opened.ravel(), 0.0)
        kept = set(zip(low.row[still].tolist(), low.col[still].tolist(), strict=True))
        spots = zip(edges.row[joins].tolist(), edges.col[joins].tolist(), strict=True)
        is_certain[:] = [spot in kept for spot in spots]
    row, col = _mid_plateau(height, edges.row[joins], edges.col[joins])
    return Saddles(row, col, edges.level_m[joins], depth, is_certain)


def find_saddles(
    height: FloatArray,
    *,
    cell_m: tuple[float, float],
    centre: tuple[float, float],
    reach_m: float,
    min_depth_m: float,
    min_rise_m: float,
    nearness_m: float | None = None,
) -> Saddles:
    """Saddles near a position: low points of a ridge with deep ground on either side.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN where unknown. It should extend `reach_m` beyond the search radius.
    cell_m : tuple of float
        Column and row spacing, metres.
    centre : tuple of float
        Fractional row and column of the position.
    reach_m : float
        Largest distance from a saddle of the terrain that counts as its sides, metres.
    min_depth_m : float
        Smallest depth of each side below the saddle, metres, more than 0.
    min_rise_m : float
        Smallest rise of the ridge on either side of it, metres, more than 0, to ignore noise on a level ridge. Does
        not apply to a first join in the whole grid.
    nearness_m : float, optional
        Largest distance of a saddle from the position, metres; `reach_m` by default.

    Returns
    -------
    Saddles
        Nearest first. None is on the rim of the grid, where a ridge that leaves it is lowest.

    Raises
    ------
    InvalidCoordinatesError
        As `first_joins`.

    Notes
    -----
    Every saddle of a surface either joins two basins below its level, or separates two ridges above it (the two
    basins have then met elsewhere, as valleys do downstream). `first_joins` in the whole grid finds the first kind.
    The same search with the terrain turned upside down finds the second kind, whose sides must then be separate and
    deep enough in some window around it, up to `reach_m`.
    """
    within_m = reach_m if nearness_m is None else nearness_m
    found: list[tuple[float, float, float, float, FloatArray, np.bool_]] = []
    below = first_joins(height, min_depth_m=min_depth_m)
    for i, away in _near(below, height.shape, cell_m, centre, within_m):
        spot = float(below.row[i]), float(below.col[i]), float(below.height_m[i])
        found.append((away, *spot, below.depth_m[i], below.is_certain[i]))
    above = _first_joins(-height, min_rise_m, asks_voids=False)  # its sides are checked below
    for i, away in _near(above, height.shape, cell_m, centre, within_m):
        spot = float(above.row[i]), float(above.col[i]), -float(above.height_m[i])
        if any(_is_same(spot, saddle[1:4]) for saddle in found):
            continue  # the rim can make it a saddle of both kinds
        sides = _sides(height, spot, cell_m, reach_m, min_depth_m)
        if sides is not None:
            found.append((away, *spot, *sides))
    found.sort(key=lambda saddle: saddle[:4])
    row, col, level = np.array([saddle[1:4] for saddle in found], dtype=np.float64).reshape(-1, 3).T
    depth = np.array([saddle[4] for saddle in found], dtype=np.float64).reshape(-1, 2)
    return Saddles(row, col, level, depth, np.array([saddle[5] for saddle in found], dtype=np.bool_))


def _is_same(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Whether two saddles (row, column, height) are the same; on level ground windows place them differently."""
    apart = math.hypot(one[0] - other[0], one[1] - other[1])
    return abs(one[2] - other[2]) <= _SAME_M and apart <= _SAME_CELLS


def _near(
    saddles: Saddles,
    shape: tuple[int, ...],
    cell_m: tuple[float, float],
    centre: tuple[float, float],
    reach_m: float,
) -> list[tuple[int, float]]:
    """Indices of the saddles within reach that are not on the grid's rim, with their distances, metres."""
    away = np.hypot((saddles.row - centre[0]) * cell_m[1], (saddles.col - centre[1]) * cell_m[0])
    inside = (saddles.row >= 1.0) & (saddles.row <= shape[0] - 2.0)
    inside &= (saddles.col >= 1.0) & (saddles.col <= shape[1] - 2.0) & (away <= reach_m)
    return [(int(i), float(away[i])) for i in np.flatnonzero(inside)]


def _sides(
    height: FloatArray,
    spot: tuple[float, float, float],
    cell_m: tuple[float, float],
    reach_m: float,
    min_depth_m: float,
) -> tuple[FloatArray, np.bool_] | None:
    """Depths of a saddle's two sides and whether they are certain; None if they are not sides."""
    row, col, _ = spot
    for share in LADDER:
        down, right = (max(share * reach_m / size, 2.0) for size in (cell_m[1], cell_m[0]))
        top, left = max(math.ceil(row - down), 0), max(math.ceil(col - right), 0)
        window = height[top : math.floor(row + down) + 1, left : math.floor(col + right) + 1]
        joins = first_joins(window, min_depth_m=min_depth_m)
        for i in range(joins.row.size):
            if _is_same((joins.row[i] + top, joins.col[i] + left, joins.height_m[i]), spot):
                return joins.depth_m[i], joins.is_certain[i]
    return None


def _edges_of(height: FloatArray) -> _Edges:
    basin = _basins(height)
    cols = height.shape[1]
    cell = np.arange(height.size).reshape(height.shape)
    ends, levels, at_rows, at_cols = [], [], [], []
    for first, second in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:-1], np.s_[1:])):
        parts = basin[first] != basin[second]
        a, b = cell[first][parts], cell[second][parts]
        over = np.where(height.flat[a] >= height.flat[b], a, b)
        ends.append(np.column_stack([basin.flat[a], basin.flat[b]]))
        levels.append(height.flat[over])
        at_rows.append(over // cols)
        at_cols.append(over % cols)
    corners = height[:-1, :-1], height[:-1, 1:], height[1:, 1:], height[1:, :-1]
    spots = tuple(view.ravel() for view in (basin[:-1, :-1], basin[:-1, 1:], basin[1:, 1:], basin[1:, :-1]))
    for turn in (0, 1):
        a, b, c, d = (corners[(turn + k) % 4].ravel() for k in range(4))
        # comparisons with a void are false
        crossing = np.flatnonzero((np.maximum(a, c) < np.minimum(b, d)) & (spots[turn] != spots[turn + 2]))
        if not crossing.size:
            continue
        a, b, c, d = (corner[crossing] for corner in (a, b, c, d))
        bend = (b - a) + (d - c)  # positive
        level = np.clip(a + (b - a) * (d - a) / bend, np.maximum(a, c), np.minimum(b, d))
        to_b, to_d = (d - a) / bend, (b - a) / bend  # shares of the distances from a to b and from a to d
        row, col = crossing // (cols - 1), crossing % (cols - 1)
        ends.append(np.column_stack([spots[turn][crossing], spots[turn + 2][crossing]]))
        levels.append(level)
        at_rows.append(row + (to_b if turn else to_d))
        at_cols.append(col + (1.0 - to_d if turn else to_b))
    basins, level = np.concatenate(ends), np.concatenate(levels)
    known = np.flatnonzero(np.isfinite(level) & np.isfinite(height.ravel()[basins]).all(axis=1))
    order = known[np.argsort(level[known], kind="stable")]
    pair = np.sort(basins[order], axis=1)
    _, lowest = np.unique(pair[:, 0] * height.size + pair[:, 1], return_index=True)
    order = order[np.sort(lowest)]
    return _Edges(basins[order], level[order], np.concatenate(at_rows)[order], np.concatenate(at_cols)[order])


def _basins(height: FloatArray) -> NDArray[np.intp]:
    """Flat index of the lowest cell that each cell drains to, through its four neighbours; voids drain to themselves.

    Cells of equal height are ordered by index, so that every cell of a flat area drains except the lowest.
    """
    order = np.argsort(height, axis=None, kind="stable")  # voids last
    place = np.empty(height.size, dtype=np.intp)
    place[order] = np.arange(height.size)
    rank = place.reshape(height.shape)
    lowest = rank.copy()
    np.minimum(lowest[1:], rank[:-1], out=lowest[1:])
    np.minimum(lowest[:-1], rank[1:], out=lowest[:-1])
    np.minimum(lowest[:, 1:], rank[:, :-1], out=lowest[:, 1:])
    np.minimum(lowest[:, :-1], rank[:, 1:], out=lowest[:, :-1])
    to = np.where(np.isfinite(height), order[lowest], np.arange(height.size).reshape(height.shape)).ravel()
    while True:
        beyond = to[to]
        if np.array_equal(beyond, to):
            return to.reshape(height.shape)
        to = beyond


def _joins(edges: _Edges, flat: FloatArray, min_depth_m: float) -> tuple[NDArray[np.intp], FloatArray]:
    """Edges where two deep enough basins meet, and their depths, the shallower first."""
    names, number = np.unique(edges.basins, return_inverse=True)
    pairs = number.reshape(-1, 2).tolist()
    bottom = flat[names].tolist()
    part = list(range(len(bottom)))

    def part_of(basin: int) -> int:
        while part[basin] != basin:
            part[basin] = part[part[basin]]
            basin = part[basin]
        return basin

    joins, depths = [], []
    for edge, ((a, b), level) in enumerate(zip(pairs, edges.level_m.tolist(), strict=True)):
        low, high = part_of(a), part_of(b)
        if low == high:
            continue
        if bottom[high] < bottom[low]:
            low, high = high, low
        part[high] = low
        if level - bottom[high] >= min_depth_m:
            joins.append(edge)
            depths.append((level - bottom[high], level - bottom[low]))
    return np.array(joins, dtype=np.intp), np.array(depths, dtype=np.float64).reshape(-1, 2)


def _mid_plateau(height: FloatArray, row: FloatArray, col: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Positions; those on a level area move to its cell nearest to the centre, or to one on the rim."""
    last = np.array(height.shape) - 1
    row, col = row.astype(np.float64), col.astype(np.float64)
    for i in np.flatnonzero((row % 1.0 == 0.0) & (col % 1.0 == 0.0)):
        here = int(row[i]), int(col[i])
        patch = _level_patch(height, here)
        if len(patch) > 1:
            on_rim = ((patch == 0) | (patch == last)).any(axis=1)
            off = ((patch - patch.mean(axis=0)) ** 2).sum(axis=1)
            row[i], col[i] = patch[np.argmin(np.where(on_rim, -1.0, off))]
    return row, col


def _level_patch(height: FloatArray, start: tuple[int, int]) -> IntArray:
    """Connected cells (four neighbours) of exactly the same height."""
    rows, cols = height.shape
    level = height[start]
    patch, todo = {start}, [start]
    while todo:
        r, c = todo.pop()
        for at in ((r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)):
            if 0 <= at[0] < rows and 0 <= at[1] < cols and at not in patch and height[at] == level:
                patch.add(at)
                todo.append(at)
    return np.array(sorted(patch))
