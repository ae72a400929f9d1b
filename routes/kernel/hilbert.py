"""A space-filling curve over the globe that keeps neighbours together."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import IntArray
from routes.kernel._check import check_lonlat

_TILE_BITS = 9
"""512 columns and rows hold the 360 and 180 whole degrees."""

_INNER_BITS = 12
"""4096 cells per degree: 27 m of latitude."""


def curve_index(lon_deg: ArrayLike, lat_deg: ArrayLike) -> IntArray:
    """Index of positions on a Hilbert curve that runs through one-degree tiles, one after another.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,)
        WGS 84 positions, decimal degrees.

    Returns
    -------
    ndarray of int, shape (n,)
        0 or more; `tile_of_index` extracts the tile.

    Raises
    ------
    InvalidCoordinatesError
        If a position is not on Earth.

    References
    ----------
    Hilbert (1891), Math. Ann. 38, 459-460, https://doi.org/10.1007/BF01199431; the rotations as in Warren (2012),
    Hacker's Delight, 2nd ed., section 16-1.
    """
    lon, lat = check_lonlat(lon_deg, lat_deg)
    x, y = np.minimum(lon + 180.0, np.nextafter(360.0, 0.0)), np.minimum(lat + 90.0, np.nextafter(180.0, 0.0))
    col, row = np.floor(x), np.floor(y)
    cells = float(1 << _INNER_BITS)
    tile = hilbert_index(col.astype(np.int64), row.astype(np.int64), bits=_TILE_BITS)
    inner = hilbert_index(
        np.floor((x - col) * cells).astype(np.int64),
        np.floor((y - row) * cells).astype(np.int64),
        bits=_INNER_BITS,
    )
    return np.asarray((tile << (2 * _INNER_BITS)) | inner, dtype=np.int64)


def tile_of_index(index: ArrayLike) -> IntArray:
    """Number of the one-degree tile of each curve index, shape (n,)."""
    return np.asarray(np.asarray(index, dtype=np.int64) >> (2 * _INNER_BITS), dtype=np.int64)


def hilbert_index(col: IntArray, row: IntArray, *, bits: int) -> IntArray:
    """Index of cells of a square grid on its Hilbert curve.

    Parameters
    ----------
    col, row : ndarray of int, shape (n,)
        Cells, 0 up to ``2**bits - 1``.
    bits : int
        The grid has ``2**bits`` columns and rows.

    Returns
    -------
    ndarray of int, shape (n,)
        A unique index for each cell; consecutive indices are neighbours.

    Examples
    --------
    >>> hilbert_index(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), bits=1).tolist()
    [0, 1, 2, 3]
    """
    x, y = col.copy(), row.copy()
    place = np.zeros(x.shape, dtype=np.int64)
    for bit in range(bits - 1, -1, -1):
        side = np.int64(1) << bit
        right, up = (x & side) > 0, (y & side) > 0
        place += side * side * ((3 * right) ^ up)
        x, y = x & (side - 1), y & (side - 1)
        flip = right & ~up
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
    return place
