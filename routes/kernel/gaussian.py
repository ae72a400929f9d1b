"""Gaussian smoothing of rows of numbers."""

from typing import Literal

import numpy as np

from routes._typing import FloatArray

_REACH_SIGMAS = 4.0
"""Half the kernel's width in standard deviations; what it cuts off weighs less than 1e-4."""

_BLOCK = 8_192
"""Numbers smoothed at once, at least a row: few enough to stay in the processor's cache."""


def gaussian_smooth(values: FloatArray, sigma: float, *, beyond: Literal["edge", "wrap"]) -> FloatArray:
    """Rows smoothed by a Gaussian, bit for bit as `scipy.ndimage.gaussian_filter1d` smooths the last axis.

    Importing SciPy's takes longer than most profiles do.

    Parameters
    ----------
    values : ndarray, shape (n,) or (rows, n), n >= 1
        Finite numbers at equal distances.
    sigma : float
        Standard deviation, positive, in steps between neighbours.
    beyond : str
        What continues a row: ``"edge"``, its last value; ``"wrap"``, its other end.

    Returns
    -------
    ndarray
        Of the same shape.

    Examples
    --------
    >>> gaussian_smooth(np.array([0.0, 0.0, 1.0, 0.0, 0.0]), 0.5, beyond="edge").round(3)
    array([0.   , 0.106, 0.787, 0.106, 0.   ])
    """
    reach = int(_REACH_SIGMAS * sigma + 0.5)
    weights = np.exp(-0.5 / (sigma * sigma) * np.arange(-reach, reach + 1) ** 2)
    weights /= weights.sum()
    rows = np.atleast_2d(values)
    count = rows.shape[1]
    padded = np.pad(rows, ((0, 0), (reach, reach)), mode=beyond)
    smoothed = padded[:, reach : reach + count] * weights[reach]
    height = max(_BLOCK // count, 1)
    for top in range(0, len(rows), height):
        block, out = padded[top : top + height], smoothed[top : top + height]
        pair = np.empty_like(out)
        for step in range(reach):  # from the farthest in, as SciPy adds them
            np.add(block[:, step : step + count], block[:, 2 * reach - step :][:, :count], out=pair)
            pair *= weights[step]
            out += pair
    return np.asarray(smoothed.reshape(values.shape), dtype=np.float64)
