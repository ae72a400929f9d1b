"""Spikes and standstills of recorded tracks: where a receiver, not the walker, moved."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import BoolArray, FloatArray
from routes.errors import InvalidCoordinatesError
from routes.kernel._check import check_lonlat
from routes.kernel.geodesy import cumulative_distance_m, distance_m, metres_per_degree


def find_spikes(
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    time_s: ArrayLike | None = None,
    *,
    reach_m: float = 50.0,
    speed_m_s: float = 8.0,
) -> BoolArray:
    """Points that leave the track and come back at once.

    A point is a spike if it lies at least `reach_m` from both its neighbours, and these lie nearer to each other than
    to it by a factor of three or more. With times it must also need more than `speed_m_s` both ways, so that a walk
    out and back between two points far apart in time stays.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,), n >= 1
        WGS 84 points in the order of recording, decimal degrees.
    time_s : array_like, shape (n,), optional
        Seconds from any start; NaN where unknown.
    reach_m : float
        Least distance from both neighbours, metres.
    speed_m_s : float
        Speed that nobody has on foot, metres a second.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for each spike; never for the first or the last point.

    Raises
    ------
    InvalidCoordinatesError
        If a point is not on Earth or the shapes differ.

    Examples
    --------
    >>> find_spikes([8.0, 8.0001, 8.01, 8.0003, 8.0004], [46.0] * 5)
    array([False, False,  True, False, False])
    """
    lon, lat = check_lonlat(lon_deg, lat_deg)
    spikes = np.zeros(lon.size, dtype=np.bool_)
    if lon.size < 3:
        return spikes
    step = np.diff(cumulative_distance_m(lon, lat))
    out, back = step[:-1], step[1:]
    aside = distance_m(lon[:-2], lat[:-2], lon[2:], lat[2:])
    inner = (np.minimum(out, back) >= reach_m) & (3.0 * aside <= np.minimum(out, back))
    if time_s is not None:
        passed = np.diff(_times(time_s, lon.size))
        slow = (out <= speed_m_s * passed[:-1]) | (
            back <= speed_m_s * passed[1:]
        )  # False where a time is unknown
        inner &= ~slow
    spikes[1:-1] = inner
    return spikes


def find_standstills(
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    time_s: ArrayLike | None = None,
    *,
    radius_m: float = 15.0,
    least_points: int = 10,
    least_s: float = 120.0,
) -> BoolArray:
    """Points that were recorded while the walker stood still and the receiver wandered.

    A standstill is a run of points that all lie within `radius_m` of its first, has `least_points` of them, turns back
    and forth (its path is at least three times the farthest that it gets from its first point and twice the radius),
    and with times lasts `least_s`. Runs are looked for from the start of the track onwards, each as long as it can be.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,), n >= 1
        WGS 84 points in the order of recording, decimal degrees.
    time_s : array_like, shape (n,), optional
        Seconds from any start; NaN where unknown.
    radius_m : float
        How far a standing receiver wanders, metres.
    least_points : int
        Fewest points of a standstill.
    least_s : float
        Shortest standstill, seconds; counts only where times are given and known.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for each point of a standstill, its first and its last included.

    Raises
    ------
    InvalidCoordinatesError
        If a point is not on Earth or the shapes differ.
    """
    lon, lat = check_lonlat(lon_deg, lat_deg)
    still = np.zeros(lon.size, dtype=np.bool_)
    time = None if time_s is None else _times(time_s, lon.size)
    along = cumulative_distance_m(lon, lat)
    lon_m, lat_m = metres_per_degree(float(lat.mean()))
    x = np.unwrap(lon, period=360.0) * lon_m
    y = lat * lat_m
    start = 0
    while start + least_points <= lon.size:
        end = _stay(x, y, start, radius_m)
        run = slice(start, end)
        far = float(np.hypot(x[run] - x[start], y[run] - y[start]).max())
        path = float(along[end - 1] - along[start])
        lasts = time is None or not (time[end - 1] - time[start] < least_s)
        if end - start >= least_points and path >= max(3.0 * far, 2.0 * radius_m) and lasts:
            still[run] = True
            start = end
        else:
            start += 1
    for gap in runs_of(~still):  # a point or two farther off part one rest into two
        if gap.start > 0 and gap.stop < lon.size and gap.stop - gap.start <= 3:
            still[gap] = True
    return still


def runs_of(mask: BoolArray) -> list[slice]:
    """Stretches of neighbouring True values.

    Examples
    --------
    >>> runs_of(np.array([True, True, False, True]))
    [slice(0, 2, None), slice(3, 4, None)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [slice(int(start), int(end)) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _stay(x: FloatArray, y: FloatArray, start: int, radius_m: float) -> int:
    """First index after `start` that lies farther than the radius from it; the number of points if none does."""
    block = 64
    first = start
    while first < x.size:
        part = slice(first, first + block)
        away = np.hypot(x[part] - x[start], y[part] - y[start]) > radius_m
        if away.any():
            return first + int(away.argmax())
        first, block = first + block, 2 * block
    return int(x.size)


def _times(time_s: ArrayLike, size: int) -> FloatArray:
    time = np.asarray(time_s, dtype=np.float64)
    if time.shape != (size,):
        msg = f"{size} points need {size} times; there are {time.size}."
        raise InvalidCoordinatesError(msg)
    return time
