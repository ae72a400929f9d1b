"""Gaussian smoothing of rows of numbers."""

from typing import Literal

import numpy as np

from routes._typing import FloatArray

_REACH_SIGMAS = 4.0
"""Half-width of the kernel in standard deviations; the weight cut off is below 1e-4."""

_BLOCK = 8_192
"""Numbers smoothed at a time, at least a row: few enough for the processor's cache."""


def gaussian_smooth(values: FloatArray, sigma: float, *, beyond: Literal["edge", "wrap"]) -> FloatArray:
    """Gaussian smoothing of rows, bit for bit like `scipy.ndimage.gaussian_filter1d` on the last axis.

    Importing SciPy takes longer than smoothing most profiles.

    Parameters
    ----------
    values : ndarray, shape (n,) or (rows, n), n >= 1
        Finite numbers at equal distances.
    sigma : float
        Standard deviation, positive, in steps between neighbours.
    beyond : str
        How a row continues: ``"edge"``, with its last value; ``"wrap"``, with its other end.

    Returns
    -------
    ndarray
        Same shape.

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
        for step in range(reach):  # from the outside in, as SciPy adds them
            np.add(block[:, step : step + count], block[:, 2 * reach - step :][:, :count], out=pair)
            pair *= weights[step]
            out += pair
    return np.asarray(smoothed.reshape(values.shape), dtype=np.float64)
