"""Simplify a path over a grid without cutting unwalkable corners."""

import numpy as np
from numpy.typing import NDArray
from shapely import LineString

from routes._typing import BoolArray, FloatArray
from routes.kernel.grid import bilinear


def simplify_path(
    path: FloatArray,
    height: FloatArray,
    *,
    is_closed: BoolArray,
    cell_m: tuple[float, float],
    max_slope: float,
) -> FloatArray:
    """Simplify a path to half a cell without cutting corners across closed cells or cliffs.

    Parameters
    ----------
    path : ndarray, shape (n, 2)
        Vertices as fractional rows and columns.
    height : ndarray, shape (rows, columns)
        Heights, metres.
    is_closed : ndarray of bool, shape (rows, columns)
        Cells that may not be entered.
    cell_m : tuple of float
        Column and row spacing, metres.
    max_slope : float
        Steepest walkable rise over run.

    Returns
    -------
    ndarray, shape (m, 2)
        A subset of the vertices, including the first and last.
    """
    kept = _simplified(path)
    lengths = np.hypot(*(np.diff(path[kept], axis=0) * [cell_m[1], cell_m[0]]).T)
    counts = np.maximum(np.ceil(lengths / (0.5 * min(cell_m))).astype(np.intp), 1)
    chord = np.repeat(np.arange(counts.size), counts + 1)
    share = (np.arange(chord.size) - np.repeat(np.cumsum(counts + 1) - counts - 1, counts + 1)) / counts[
        chord
    ]
    at = path[kept[:-1]][chord] + share[:, None] * np.diff(path[kept], axis=0)[chord]
    cell = np.round(at).astype(np.intp)
    is_wrong = is_closed[cell[:, 0], cell[:, 1]]
    rise = np.abs(np.diff(bilinear(height, at[:, 0], at[:, 1])))
    is_cliff = (chord[1:] == chord[:-1]) & (rise > max_slope * (lengths / counts)[chord[1:]])
    is_wrong[1:] |= is_cliff
    bad = np.unique(chord[is_wrong])
    # keep the path itself where a chord is not allowed
    detours = [np.arange(kept[i], kept[i + 1] + 1) for i in bad.tolist()]
    return np.asarray(path[np.unique(np.concatenate([kept, *detours]))], dtype=np.float64)


def _simplified(path: FloatArray) -> NDArray[np.intp]:
    """Indices of the vertices that Douglas-Peucker keeps at half a cell."""
    coords = np.asarray(LineString(path).simplify(0.5).coords) if len(path) > 2 else path
    kept, at = [], 0
    for vertex in coords:
        at += int(np.argmax((path[at:] == vertex).all(axis=1)))
        kept.append(at)
    return np.array(kept, dtype=np.intp)
