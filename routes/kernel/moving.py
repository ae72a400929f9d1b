"""Moving time from the times of a track."""

import numpy as np
from numpy.typing import ArrayLike

from routes.errors import InvalidCoordinatesError
from routes.kernel.geodesy import cumulative_distance_m

STOPPED_M_S = 1000.0 / 3600.0
"""Speed up to which a step counts as standing, metres per second: 1 km/h, as in gpxpy's ``get_moving_data``."""


def moving_time_s(lon_deg: ArrayLike, lat_deg: ArrayLike, time_s: ArrayLike) -> float:
    """Total time of a segment's steps that are faster than `STOPPED_M_S`.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,), n >= 1
        Points in walking order, degrees, WGS 84.
    time_s : array_like, shape (n,)
        Time of each, seconds; NaN where unknown. Steps with an unknown time, or back in time, do not count.

    Returns
    -------
    float
        Seconds; 0 if no step counts.

    Raises
    ------
    InvalidCoordinatesError
        If the shapes differ, or a position is not on Earth.

    References
    ----------
    gpxpy, ``GPXTrackSegment.get_moving_data``, https://github.com/tkrajina/gpxpy

    Examples
    --------
    A degree of longitude on the equator (111 km) in a day, then an hour of rest.

    >>> moving_time_s([0.0, 1.0, 1.0], [0.0, 0.0, 0.0], [0.0, 86400.0, 90000.0])
    86400.0
    """
    along = cumulative_distance_m(lon_deg, lat_deg)
    time = np.asarray(time_s, dtype=np.float64)
    if time.shape != along.shape:
        msg = f"{along.size} positions have {time.size} times."
        raise InvalidCoordinatesError(msg)
    step_m, step_s = np.diff(along), np.diff(time)
    counts = (step_s > 0.0) & (step_m > STOPPED_M_S * step_s)
    return float(step_s[counts].sum())
