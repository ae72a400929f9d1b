"""Argument checks for functions on coordinates."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray
from routes.errors import InvalidCoordinatesError


def check_lonlat(lon_deg: ArrayLike, lat_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Coordinates as one-dimensional float arrays.

    Raises
    ------
    InvalidCoordinatesError
        If the shapes differ, there is no position, or one is not finite or out of range (longitude -180 to 180,
        latitude -90 to 90).
    """
    lon = np.asarray(lon_deg, dtype=np.float64)
    lat = np.asarray(lat_deg, dtype=np.float64)
    if lon.ndim != 1 or lon.shape != lat.shape or lon.size == 0:
        msg = f"Longitudes and latitudes need one dimension and one length; they have {lon.shape} and {lat.shape}."
        raise InvalidCoordinatesError(msg)
    bad = ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
    if bad.any():
        first = int(np.argmax(bad))
        msg = (
            f"{int(bad.sum())} of {lon.size} positions are not on Earth; the first, number {first}, is longitude "
            f"{lon[first]}, latitude {lat[first]}. Longitude comes first, -180 to 180; latitude -90 to 90."
        )
        raise InvalidCoordinatesError(msg)
    return lon, lat


def check_totals(*totals: float) -> None:
    """Refuse totals that are negative or not finite.

    Raises
    ------
    InvalidCoordinatesError
        If one is.
    """
    if not all(np.isfinite(total) and total >= 0.0 for total in totals):
        msg = f"Totals are 0 or more, not {', '.join(f'{total:g}' for total in totals)}."
        raise InvalidCoordinatesError(msg)
