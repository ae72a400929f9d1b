"""Sampling and slope of heights on a regular grid."""

import numpy as np

from routes._typing import BoolArray, FloatArray
from routes.errors import InvalidCoordinatesError


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
        Heights in metres; NaN outside the outermost centres, and where a neighbour that counts is NaN.

    Examples
    --------
    >>> bilinear(np.array([[0.0, 10.0], [20.0, 30.0]]), np.array([0.5]), np.array([0.25]))
    array([12.5])
    """
    rows, cols = height.shape
    # a position on the outermost centre line computes to a hair beyond it
    near = 1e-6
    inside = (row >= -near) & (col >= -near) & (row <= rows - 1 + near) & (col <= cols - 1 + near)
    r = np.clip(np.where(inside, row, 0.0), 0.0, rows - 1)
    c = np.clip(np.where(inside, col, 0.0), 0.0, cols - 1)
    r0 = np.minimum(r.astype(np.int64), max(rows - 2, 0))
    c0 = np.minimum(c.astype(np.int64), max(cols - 2, 0))
    r1, c1 = np.minimum(r0 + 1, rows - 1), np.minimum(c0 + 1, cols - 1)
    fr, fc = r - r0, c - c0
    total = np.zeros(row.shape)
    for i, j, weight in (
        (r0, c0, (1.0 - fr) * (1.0 - fc)),
        (r0, c1, (1.0 - fr) * fc),
        (r1, c0, fr * (1.0 - fc)),
        (r1, c1, fr * fc),
    ):
        # a void with no weight must not spoil a position that lies exactly on known centres
        total += np.where(weight > 1e-9, weight * height[i, j], 0.0)
    return np.where(inside, total, np.nan)


def slope_tangent(height: FloatArray, step_x_m: float, step_y_m: float) -> FloatArray:
    """Tangent of the slope at each cell from central differences (one-sided at the rim).

    Parameters
    ----------
    height : ndarray, shape (rows, columns), both at least 2
        Heights, metres; NaN where unknown.
    step_x_m, step_y_m : float
        Distance between columns and between rows, metres.

    Returns
    -------
    ndarray, shape (rows, columns)
        Rise over run of the steepest way; NaN beside a void.

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
    """Cells that are probably open water: patches of exactly equal height.

    DEM producers level lakes to one height, while land of the same size is never exactly level. A patch counts when
    the cells whose eight neighbours all have their height number at least `min_cells`.

    Parameters
    ----------
    height : ndarray, shape (rows, columns)
        Heights, metres; NaN where unknown.
    min_cells : int
        Smallest number of such inner cells.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        True on the patches, their rims of equal height included.
    """
    from scipy import ndimage  # noqa: PLC0415 - slow to import, and only tracing needs it

    filled = np.where(np.isfinite(height), height, -1e9)
    level = ndimage.maximum_filter(filled, 3) == ndimage.minimum_filter(filled, 3)
    level &= np.isfinite(height)
    labels, count = ndimage.label(level, np.ones((3, 3)))
    sizes = ndimage.sum_labels(level, labels, np.arange(count + 1))
    inner = (sizes >= min_cells)[labels] & level
    return np.asarray(ndimage.binary_dilation(inner, np.ones((3, 3), dtype=np.bool_)), dtype=np.bool_)
