"""Thin the points of a line within horizontal and vertical tolerances."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray, IntArray
from routes.errors import InvalidCoordinatesError
from routes.kernel._check import check_lonlat
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import turning_points

_RADIUS_M = 6_399_594.0
"""Largest radius of curvature of WGS 84, a²/b: distances are never too small, and at most 1.1 % too large."""


def thinned(
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    height_m: ArrayLike | None = None,
    *,
    horizontal_m: float,
    vertical_m: float,
) -> IntArray:
    """Points that are enough to draw a line and its height profile within tolerances.

    Keeps the first and last point, every turning point of the heights whose swings reach `vertical_m`, and of the
    rest what Douglas-Peucker [1]_ keeps when the distance of a point from a chord is the larger of two:
    its horizontal distance from the chord in units of `horizontal_m`, and its height difference from the
    chord in units of `vertical_m`, where the chord rises evenly with the distance along the line.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,), n >= 1
        WGS 84 vertices in walking order, decimal degrees. May cross poles and the 180th meridian.
    height_m : array_like, shape (n,), optional
        Heights, metres; finite.
    horizontal_m, vertical_m : float
        Tolerances, metres, more than 0.

    Returns
    -------
    ndarray of int, shape (m,)
        Indices of the points kept, increasing.

    Raises
    ------
    InvalidCoordinatesError
        If a vertex is not on Earth, a height is not finite, shapes differ, or a tolerance is not more than 0.

    Notes
    -----
    With any threshold of `vertical_m` or more, the sum of rises (`profile.ascent_descent_m`) is exactly that of all
    points: all turning points are kept, and no new ones appear. shapely's ``simplify`` ignores heights.

    References
    ----------
    .. [1] Douglas and Peucker (1973), Cartographica 10, 112-122, https://doi.org/10.3138/FM57-6770-U75U-7727

    Examples
    --------
    >>> lon, lat = [0.0, 0.001, 0.002, 0.003], [0.0, 0.0, 0.0, 0.0]
    >>> thinned(lon, lat, horizontal_m=1.0, vertical_m=1.0)
    array([0, 3])
    >>> thinned(lon, lat, [0.0, 10.0, 40.0, 30.0], horizontal_m=1.0, vertical_m=1.0)
    array([0, 1, 2, 3])
    """
    if not (horizontal_m > 0.0 and vertical_m > 0.0):
        msg = f"Tolerances must be more than 0 m, not {horizontal_m} m and {vertical_m} m."
        raise InvalidCoordinatesError(msg)
    lon, lat = check_lonlat(lon_deg, lat_deg)
    is_kept = np.zeros(lon.size, dtype=bool)
    is_kept[[0, -1]] = True
    profile = None
    if height_m is not None:
        height = np.asarray(height_m, dtype=np.float64)
        if height.shape != lon.shape:
            msg = f"{lon.size} points have {height.size} heights."
            raise InvalidCoordinatesError(msg)
        is_kept[turning_points(height, threshold_m=vertical_m)] = True
        profile = cumulative_distance_m(lon, lat) / vertical_m, height / vertical_m
    place = _unit_vectors(lon, lat)
    chords = _with_inside(np.flatnonzero(is_kept))
    while chords.size:
        point, chord, first = _inside(chords)
        off = _off_chord_m(place, point, *chords[:, chord]) / horizontal_m
        if profile is not None:
            np.maximum(off, _off_profile(*profile, point, *chords[:, chord]), out=off)
        worst = np.maximum.reduceat(off, first)
        candidates = np.flatnonzero(off == worst[chord])
        farthest = point[candidates[np.searchsorted(chord[candidates], np.arange(first.size))]]
        split, ends = farthest[worst > 1.0], chords[:, worst > 1.0]
        is_kept[split] = True
        halves = np.concatenate([np.stack([ends[0], split]), np.stack([split, ends[1]])], axis=1)
        chords = halves[:, halves[1] - halves[0] > 1]
    return np.flatnonzero(is_kept)


def _with_inside(kept: IntArray) -> IntArray:
    """First and last point, shape (2, chords), of the chords that span other points."""
    chords = np.stack([kept[:-1], kept[1:]])
    return np.asarray(chords[:, chords[1] - chords[0] > 1], dtype=np.int64)


def _inside(chords: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Points that chords span, the chord of each, and where those of each chord begin."""
    counts = chords[1] - chords[0] - 1
    first = np.cumsum(counts) - counts
    chord = np.repeat(np.arange(counts.size), counts)
    return np.arange(chord.size) - first[chord] + chords[0, chord] + 1, chord, first


def _unit_vectors(lon_deg: FloatArray, lat_deg: FloatArray) -> FloatArray:
    """Normals of the ellipsoid, shape (n, 3); a great circle of normals is straight on the ground to a metre."""
    lon, lat = np.radians(lon_deg), np.radians(lat_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _off_chord_m(place: FloatArray, point: IntArray, start: IntArray, end: IntArray) -> FloatArray:
    """Distance of points from the great-circle arc between two others, metres; shape (points,)."""
    a, b, p = place[start], place[end], place[point]
    along, out = b - a, p - a
    normal = np.cross(a, along)  # not a x b, which loses the digits of a short chord
    size = np.linalg.norm(normal, axis=1)
    to_start, to_end = np.linalg.norm(out, axis=1), np.linalg.norm(p - b, axis=1)
    ahead = np.cross(normal, a)
    is_beside = (np.einsum("ij,ij->i", ahead, out) > 0.0) & (
        np.einsum("ij,ij->i", np.cross(normal, b), p - b) < 0.0
    )
    is_beside &= size > 0.0
    across = np.abs(np.einsum("ij,ij->i", normal, out)) / np.where(size > 0.0, size, 1.0)
    chord = 2.0 * np.arcsin(np.minimum(0.5 * np.minimum(to_start, to_end), 1.0))
    return np.asarray(_RADIUS_M * np.where(is_beside, np.arcsin(np.minimum(across, 1.0)), chord))


def _off_profile(
    along: FloatArray, height: FloatArray, point: IntArray, start: IntArray, end: IntArray
) -> FloatArray:
    """Height difference from a chord that rises evenly along the line, in the unit of the heights."""
    length = along[end] - along[start]
    share = (along[point] - along[start]) / np.where(length > 0.0, length, 1.0)
    return np.asarray(np.abs(height[point] - height[start] - share * (height[end] - height[start])))
