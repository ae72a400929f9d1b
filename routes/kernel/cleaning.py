"""Find GPS noise in a track: spikes, and clusters of points recorded at a standstill."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import BoolArray, FloatArray
from routes.kernel.geodesy import metres_per_degree

SPIKE_M = 50.0
"""Smallest distance of a spike from the points before and after it, metres."""

SPIKE_RATIO = 8.0
"""Smallest ratio of the distance out to a spike and back to the distance between its neighbours."""

SPIKE_STEPS = 3.0
"""Smallest ratio of that distance to the median step of the segment (assumed): where points are far apart, a
summit walked out and back looks like a spike."""

STILL_POINTS = 12
"""Consecutive points that can form a cluster."""

STILL_M = 30.0
"""Largest diagonal of a cluster, metres."""

STILL_RATIO = 3.0
"""Smallest ratio of the path through a cluster to its diagonal: a straight walk has 1, a hairpin 2."""


def is_spike(lon_deg: ArrayLike, lat_deg: ArrayLike) -> BoolArray:
    """Points far away from both neighbours, which are close together, as are most points of the segment.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,)
        Points of one segment, degrees.

    Returns
    -------
    ndarray of bool, shape (n,)
        Never the first or the last.

    Examples
    --------
    >>> is_spike([1.5, 1.5, 1.52, 1.5, 1.5, 1.5], [42.5, 42.5005, 42.5007, 42.5008, 42.501, 42.5015]).tolist()
    [False, False, True, False, False, False]
    """
    x, y = _local_m(lon_deg, lat_deg)
    spike = np.zeros(x.size, dtype=np.bool_)
    if x.size < 3:
        return spike
    step = np.hypot(np.diff(x), np.diff(y))
    across = np.hypot(x[2:] - x[:-2], y[2:] - y[:-2])
    out, back = step[:-1], step[1:]
    least = max(SPIKE_M, SPIKE_STEPS * float(np.median(step)))
    spike[1:-1] = (np.minimum(out, back) >= least) & (out + back >= SPIKE_RATIO * across)
    return spike


def is_standstill(lon_deg: ArrayLike, lat_deg: ArrayLike) -> BoolArray:
    """Points of clusters recorded at a standstill, except the first of each.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,)
        Points of one segment, degrees.

    Returns
    -------
    ndarray of bool, shape (n,)
        Never the first or the last point of the segment.
    """
    x, y = _local_m(lon_deg, lat_deg)
    if x.size < STILL_POINTS:
        return np.zeros(x.size, dtype=np.bool_)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    # window i contains the points i to i + STILL_POINTS - 1
    diagonal = np.hypot(_extent(x), _extent(y))
    way = along[STILL_POINTS - 1 :] - along[: 1 - STILL_POINTS]
    is_cluster = (diagonal <= STILL_M) & (way >= STILL_RATIO * diagonal)
    edges = np.zeros(x.size + 1, dtype=np.int64)
    starts = np.flatnonzero(is_cluster)
    np.add.at(edges, starts, 1)
    np.add.at(edges, starts + STILL_POINTS, -1)
    still = np.cumsum(edges[:-1]) > 0
    still[1:] &= still[:-1]  # the first of each cluster stays
    still[[0, -1]] = False
    return np.asarray(still, dtype=np.bool_)


def runs_of(mask: BoolArray) -> list[slice]:
    """Slices of consecutive True values.

    Examples
    --------
    >>> runs_of(np.array([True, True, False, True]))
    [slice(0, 2, None), slice(3, 4, None)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [slice(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _extent(values: FloatArray) -> FloatArray:
    """Range of each window of STILL_POINTS values, shape (n - STILL_POINTS + 1,)."""
    return _of_windows(values, np.maximum) - _of_windows(values, np.minimum)


def _of_windows(values: FloatArray, larger: np.ufunc) -> FloatArray:
    """Largest (or smallest) value of each window; windows double in width, and the last two may overlap."""
    width = 1
    while width < STILL_POINTS:
        step = min(width, STILL_POINTS - width)
        values = larger(values[:-step], values[step:])
        width += step
    return values


def _local_m(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Metres east and north, accurate between neighbours."""
    lon = np.unwrap(np.asarray(lon_deg, dtype=np.float64), period=360.0)
    lat = np.asarray(lat_deg, dtype=np.float64)
    if not lon.size:
        return lon, lat
    lon_m, lat_m = metres_per_degree(float(lat.mean()))
    return lon * lon_m, lat * lat_m
