"""Sample heights on a regular grid; slopes and level water."""

from enum import StrEnum
from typing import Any, Never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routes._typing import BoolArray, FloatArray
from routes.errors import InvalidCoordinatesError, ModelError

CHUNK = 16_384
"""Positions sampled at a time: their temporary arrays (128 kB each) fit into a core's cache."""

NEAR = 1e-6
"""Cells that a position may be beyond the outermost centres, to absorb rounding."""

NO_WEIGHT = 1e-9
"""Largest weight of a void that is ignored, to absorb rounding."""


class Method(StrEnum):
    """Interpolation between cell centres."""

    NEAREST = "nearest"
    """Height of the cell that contains the position."""

    BILINEAR = "bilinear"
    """From the four surrounding cells, linear along rows and columns."""

    CUBIC = "cubic"
    """From the sixteen surrounding cells, by cubic convolution with a = -0.5 (Catmull-Rom), like GDAL's cubic."""

    @classmethod
    def _missing_(cls, value: object) -> Never:
        msg = f"There is no sampling method {value!r}; there are {', '.join(cls)}."
        raise ModelError(msg)


def sample_grid(
    height: NDArray[np.floating[Any]],
    row: ArrayLike,
    col: ArrayLike,
    method: Method | str = Method.BILINEAR,
) -> FloatArray:
    """Heights at positions between the cell centres of a grid.

    Parameters
    ----------
    height : ndarray, shape (rows, columns), at least one cell
        Heights, metres; NaN where unknown. Single precision is interpolated in double precision. An array
        whose rows are not contiguous is copied first.
    row, col : array_like, shape (n,)
        Fractional indices; whole numbers are cell centres.
    method : Method or str
        ``"nearest"``, ``"bilinear"`` or ``"cubic"``.

    Returns
    -------
    ndarray, shape (n,)
        Heights in metres. NaN outside the grid, which ends at the outermost centres (for nearest, at the outer edges
        of their cells); where the position is NaN; and where a cell with weight is NaN.

    Raises
    ------
    InvalidCoordinatesError
        If the grid is not two-dimensional or has no cell, or rows and columns differ in shape.
    ModelError
        If the method is unknown.

    Notes
    -----
    Halfway between two centres, nearest takes the cell with the larger index, as GDAL does. At the rim, cubic lacks
    a row or column of its sixteen cells and extends the last two linearly: the surface stays continuous and
    planes exact (GDAL falls back to bilinear there, with a step). Cubic may exceed the range of its neighbours.

    References
    ----------
    .. [1] Keys (1981), Cubic convolution interpolation for digital image processing, IEEE Trans. Acoust. Speech
       Signal Process. 29, 1153-1160, https://doi.org/10.1109/TASSP.1981.1163711

    Examples
    --------
    >>> height = np.array([[0.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 0.0]])
    >>> sample_grid(height, [1.0, 1.0], [1.0, 0.75], "nearest")
    array([8., 8.])
    >>> sample_grid(height, [1.0, 1.0, 2.5], [1.0, 0.75, 1.0], "bilinear")
    array([ 8.,  6., nan])
    >>> sample_grid(height, [1.0, 1.0], [1.0, 0.75], "cubic")
    array([8.   , 7.125])
    """
    method = Method(method)
    row, col = np.asarray(row, dtype=np.float64), np.asarray(col, dtype=np.float64)
    if height.ndim != 2 or height.size == 0 or row.ndim != 1 or row.shape != col.shape:
        msg = f"Sampling needs a grid in two dimensions, and a row for each column; it has {height.shape}, "
        msg += f"{row.shape} and {col.shape}."
        raise InvalidCoordinatesError(msg)
    rows, cols = height.shape
    formula = {Method.NEAREST: _nearest, Method.BILINEAR: _bilinear, Method.CUBIC: _cubic}[method]
    reach = NEAR + (0.5 if method is Method.NEAREST else 0.0)
    # a single row or column is duplicated, so that every position is between two
    shape = (max(rows, 2), max(cols, 2))
    cells = np.broadcast_to(height, shape).ravel()
    result = np.empty(row.shape)
    for start in range(0, row.size, CHUNK):
        part = slice(start, start + CHUNK)
        r, c, out = row[part], col[part], result[part]
        if r.min() >= 0.0 and c.min() >= 0.0 and r.max() <= rows - 1 and c.max() <= cols - 1:
            formula(cells, shape, r, c, out)
            continue
        inside = (r >= -reach) & (c >= -reach) & (r <= rows - 1 + reach) & (c <= cols - 1 + reach)
        # fmin and fmax drop NaN, so that every index is a whole number
        formula(
            cells, height.shape, np.fmin(np.fmax(r, 0.0), rows - 1), np.fmin(np.fmax(c, 0.0), cols - 1), out
        )
        out[~inside] = np.nan
    return result


def bilinear(height: FloatArray, row: FloatArray, col: FloatArray) -> FloatArray:
    """Interpolate between the four cell centres around each position.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN where unknown.
    row, col : ndarray, shape (n,)
        Fractional indices; whole numbers are cell centres.

    Returns
    -------
    ndarray, shape (n,)
        Heights in metres; NaN outside the outermost centres, and where a neighbour with weight is NaN.

    Raises
    ------
    InvalidCoordinatesError
        If the grid is not two-dimensional or has no cell, or rows and columns differ in shape.

    Examples
    --------
    >>> bilinear(np.array([[0.0, 10.0], [20.0, 30.0]]), np.array([0.5]), np.array([0.25]))
    array([12.5])
    """
    return sample_grid(height, row, col, Method.BILINEAR)


_Cells = NDArray[np.floating[Any]]
_Shape = tuple[int, int]


def _nearest(cells: _Cells, shape: _Shape, row: FloatArray, col: FloatArray, out: FloatArray) -> None:
    rows, cols = shape
    r = np.minimum(np.floor(row + 0.5), rows - 1)
    c = np.minimum(np.floor(col + 0.5), cols - 1)
    out[:] = cells.take((r * cols + c).astype(np.intp))


def _bilinear(cells: _Cells, shape: _Shape, row: FloatArray, col: FloatArray, out: FloatArray) -> None:
    first, r, c = _first_cell(shape, row, col)
    cols = shape[1]
    _between(cells.take(first), cells[1:].take(first), c, out)
    below = np.empty_like(out)
    _between(cells[cols:].take(first), cells[cols + 1 :].take(first), c, below)
    below -= out
    below *= r
    out += below
    _rescue(cells, shape, (row, col), out, np.flatnonzero(np.isnan(out)), Method.BILINEAR)


def _cubic(cells: _Cells, shape: _Shape, row: FloatArray, col: FloatArray, out: FloatArray) -> None:
    rows, cols = shape
    at_rim = (row < 1.0) | (col < 1.0) | (row >= rows - 2) | (col >= cols - 2)
    out[:] = 0.0
    if not at_rim.all():
        # positions at the rim read an arbitrary cell, and are recomputed below
        first, r, c = _first_cell(shape, row, col)
        first -= cols + 1
        across = _cubic_weights(c)
        line, term = np.empty_like(out), np.empty_like(out)
        for i, down in enumerate(_cubic_weights(r)):
            for j, weight in enumerate(across):
                np.multiply(cells[i * cols + j :].take(first, mode="clip"), weight, out=term if j else line)
                if j:
                    line += term
            line *= down
            out += line
    _rescue(cells, shape, (row, col), out, np.flatnonzero(at_rim | np.isnan(out)), Method.CUBIC)


def _first_cell(
    shape: _Shape, row: FloatArray, col: FloatArray
) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Flat index of the cell up and left of each position, and the position's offset from it (0 to 1)."""
    rows, cols = shape
    r, c = np.floor(row), np.floor(col)
    np.minimum(r, rows - 2, out=r)
    np.minimum(c, cols - 2, out=c)
    first = (r * cols + c).astype(np.intp)  # exact: whole numbers below 2^53
    np.subtract(row, r, out=r)
    np.subtract(col, c, out=c)
    return first, r, c


def _between(left: _Cells, right: _Cells, share: FloatArray, out: FloatArray) -> None:
    np.subtract(right, left, out=out, dtype=np.float64)
    out *= share
    out += left


def _linear_weights(t: FloatArray) -> list[FloatArray]:
    return [1.0 - t, t]


def _cubic_weights(t: FloatArray) -> list[FloatArray]:
    """Weights of the centres at -1, 0, 1 and 2 for a position at `t` (Keys 1981, a = -1/2)."""
    return [
        ((1.0 - 0.5 * t) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1.0,
        ((2.0 - 1.5 * t) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    ]


def _rescue(
    cells: _Cells,
    shape: _Shape,
    position: tuple[FloatArray, FloatArray],
    out: FloatArray,
    wanted: NDArray[np.intp],
    method: Method,
) -> None:
    """Recompute heights at the rim of a cubic, and those that are NaN only because of a void without weight."""
    row, col = (index[wanted] for index in position)
    if wanted.size and method is Method.BILINEAR:
        # if a product is at most NO_WEIGHT, one factor is at most its root
        off_line = np.minimum(np.abs(row - np.rint(row)), np.abs(col - np.rint(col)))
        may_be = off_line <= NO_WEIGHT**0.5
        wanted, row, col = wanted[may_be], row[may_be], col[may_be]
    if wanted.size == 0:
        return
    weighted_rows = _axis(row, shape[0], method)
    weighted_cols = _axis(col, shape[1], method)
    total, kept = np.zeros(wanted.shape), np.zeros(wanted.shape)
    for i, down in weighted_rows:
        for j, across in weighted_cols:
            value, weight = cells[i * shape[1] + j], down * across
            dropped = np.isnan(value) & (np.abs(weight) <= NO_WEIGHT)
            total += np.where(dropped, 0.0, weight * value)
            kept += np.where(dropped, 0.0, weight)
    out[wanted] = total / kept


def _axis(position: FloatArray, size: int, method: Method) -> list[tuple[NDArray[np.intp], FloatArray]]:
    """Index and weight of each contributing centre along one axis."""
    first = np.minimum(np.floor(position), size - 2)
    t = position - first
    start = first.astype(np.intp)
    if method is Method.BILINEAR:
        return [(start + k, weight) for k, weight in enumerate(_linear_weights(t))]
    before, left, right, after = _cubic_weights(t)
    # a missing centre is on the line through the two next to it: h(-1) = 2 h(0) - h(1)
    no_before, no_after = np.where(start == 0, before, 0.0), np.where(start == size - 2, after, 0.0)
    weights = [before - no_before, left + 2.0 * no_before - no_after, right - no_before + 2.0 * no_after,
               after - no_after]  # fmt: skip
    return [(np.clip(start + k - 1, 0, size - 1), weight) for k, weight in enumerate(weights)]


def slope_tangent(height: FloatArray, step_x_m: float, step_y_m: float) -> FloatArray:
    """Tangent of the slope at each cell from central differences (one-sided at the rim).

    Parameters
    ----------
    height : ndarray, shape (rows, columns), both at least 2
        Heights, metres; NaN where unknown.
    step_x_m, step_y_m : float
        Column and row spacing, metres.

    Returns
    -------
    ndarray, shape (rows, columns)
        Rise over run in the steepest direction; NaN beside a void.

    Raises
    ------
    InvalidCoordinatesError
        If the grid has fewer than two rows or columns.
    """
    if min(height.shape) < 2:
        msg = f"Slope needs two rows and columns; the grid has {height.shape}."
        raise InvalidCoordinatesError(msg)
    down, across = np.gradient(height, step_y_m, step_x_m)
    return np.asarray(np.hypot(down, across), dtype=np.float64)


def flat_water(height: FloatArray, *, min_cells: int) -> BoolArray:
    """Cells that are probably open water: areas of exactly equal height.

    DEM producers level lakes to one height, while land of that size is never exactly level. An area counts if
    at least `min_cells` of its cells have eight neighbours of the same height.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN where unknown.
    min_cells : int
        Smallest number of such inner cells.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        True on these areas, including their rims of equal height.
    """
    from scipy import ndimage  # noqa: PLC0415 - slow to import, and only tracing needs it

    filled = np.where(np.isfinite(height), height, -1e9)
    level = ndimage.maximum_filter(filled, 3) == ndimage.minimum_filter(filled, 3)
    level &= np.isfinite(height)
    labels, count = ndimage.label(level, np.ones((3, 3)))
    sizes = ndimage.sum_labels(level, labels, np.arange(count + 1))
    inner = (sizes >= min_cells)[labels] & level
    return np.asarray(ndimage.binary_dilation(inner, np.ones((3, 3), dtype=np.bool_)), dtype=np.bool_)
