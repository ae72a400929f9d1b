"""Find the cells that can be reached on foot, without a path search."""

import numpy as np

from routes._typing import BoolArray, FloatArray


def connected_cells(
    height: FloatArray,
    is_open: BoolArray,
    *,
    cell_m: tuple[float, float],
    start: tuple[int, int],
    max_slope: float,
) -> BoolArray:
    """Cells connected to a cell by steps no steeper than the limit, and perhaps a few more.

    No move of a least-time path leaves them: longer moves pass cells that they could step on.

    Parameters
    ----------
    height, is_open, cell_m, max_slope
        As for `routes.kernel.leasttime.path.terrain_edges`.
    start : tuple of int
        Row and column of an open cell.

    Returns
    -------
    ndarray of bool, shape (rows, columns)
        The two diagonals between four cells count as one: if either can be walked, both can.
    """
    from scipy.ndimage import label  # noqa: PLC0415 - slow to import, and only tracing needs it

    rows, cols = height.shape
    # cells at even rows and columns of a doubled grid, steps between them at the others
    steps = np.zeros((2 * rows - 1, 2 * cols - 1), dtype=np.bool_)
    steps[::2, ::2] = is_open
    known = np.where(is_open, height, np.nan)
    width, depth = cell_m

    def may_step(a: FloatArray, b: FloatArray, run: float) -> BoolArray:
        return np.asarray(np.abs(b - a) <= max_slope * run, dtype=np.bool_)

    steps[::2, 1::2] = may_step(known[:, :-1], known[:, 1:], width)
    steps[1::2, ::2] = may_step(known[:-1], known[1:], depth)
    diagonal = float(np.hypot(width, depth))
    steps[1::2, 1::2] = may_step(known[:-1, :-1], known[1:, 1:], diagonal) | may_step(
        known[:-1, 1:], known[1:, :-1], diagonal
    )
    number, _ = label(steps, np.ones((3, 3), dtype=np.bool_))
    return np.asarray(number[::2, ::2] == number[2 * start[0], 2 * start[1]], dtype=np.bool_) & is_open
