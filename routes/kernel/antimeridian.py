"""Cut lines where they cross longitude 180, as maps and RFC 7946 require."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Geod

from routes._typing import FloatArray
from routes.kernel._check import check_lonlat

_WGS84 = Geod(ellps="WGS84")
_STEPS = 60
"""Bisections of a crossing step, enough for double precision."""


def cut_at_antimeridian(
    lon_deg: ArrayLike, lat_deg: ArrayLike, value: ArrayLike
) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
    """Split a line where it crosses longitude 180.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,), n >= 2
        WGS 84 vertices, decimal degrees. A step of more than 180 degrees of longitude crosses the antimeridian.
    value : array_like, shape (n,)
        Another value per vertex, such as its height; interpolated at the cuts.

    Returns
    -------
    list of (lon_deg, lat_deg, value)
        One part if there is no crossing. A cut ends at 180 and continues at -180 (or the reverse), where the geodesic
        between the two vertices crosses.

    Raises
    ------
    InvalidCoordinatesError
        If the shapes differ, or a vertex is non-finite or out of range.

    References
    ----------
    RFC 7946, section 3.1.9, https://www.rfc-editor.org/rfc/rfc7946

    Examples
    --------
    >>> parts = cut_at_antimeridian([179.0, -179.0], [0.0, 0.0], [10.0, 20.0])
    >>> [part[0].tolist() for part in parts], parts[0][2].round(6).tolist()
    ([[179.0, 180.0], [-180.0, -179.0]], [10.0, 15.0])
    """
    lon, lat = check_lonlat(lon_deg, lat_deg)
    other = np.asarray(value, dtype=np.float64)
    crossing = np.flatnonzero(np.abs(np.diff(lon)) > 180.0)
    if not crossing.size:
        return [(lon, lat, other)]
    parts: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    head = np.empty((3, 0))
    for first, last in pairwise([-1, *crossing.tolist(), lon.size - 1]):
        run = np.stack([lon[first + 1 : last + 1], lat[first + 1 : last + 1], other[first + 1 : last + 1]])
        tail = np.empty((3, 0))
        if last < lon.size - 1:
            side = np.copysign(180.0, lon[last])
            at_lat, share = _crossing(lon[last : last + 2], lat[last : last + 2])
            at = other[last] + share * (other[last + 1] - other[last])
            tail = np.array([[side], [at_lat], [at]])
        part = np.concatenate([head, run, tail], axis=1)
        if np.ptp(part[0]) > 0.0 or np.ptp(part[1]) > 0.0:  # not a single point on the meridian
            parts.append((part[0], part[1], part[2]))
        head = np.array([[-side], [at_lat], [at]]) if tail.size else head
    return parts


def _crossing(lon: FloatArray, lat: FloatArray) -> tuple[float, float]:
    """Latitude where a geodesic step crosses longitude 180, and the share of the step before it."""
    azimuth, _, length = _WGS84.inv(lon[0], lat[0], lon[1], lat[1])
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        here, _, _ = _WGS84.fwd(lon[0], lat[0], azimuth, middle * length)
        if np.sign(here) == np.sign(lon[0]) and abs(here) < 180.0:
            low = middle
        else:
            high = middle
    _, at_lat, _ = _WGS84.fwd(lon[0], lat[0], azimuth, high * length)
    return float(at_lat), high
