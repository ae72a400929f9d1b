"""Smooth a height profile; find its ascent, descent, turning points and peaks."""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray, IntArray
from routes.errors import InvalidCoordinatesError
from routes.kernel.gaussian import gaussian_smooth

_SHORT = 64
"""Number of turning points that a plain loop handles as fast as numpy."""

_GRAIN = 2.0**20
"""Heights are whole multiples of 1/2**20 m (a micrometre), so sums up to 8 million kilometres are exact."""


def smooth(height_m: ArrayLike, *, sigma_m: float, spacing_m: float) -> FloatArray:
    """Gaussian smoothing along the profile that keeps both ends.

    The profile is extended beyond each end by point reflection, so the first and last height, and any
    even slope, stay unchanged.

    Parameters
    ----------
    height_m : array_like, shape (n,) or (runs, n)
        Evenly spaced heights, metres; finite.
    sigma_m : float
        Standard deviation of the Gaussian along the profile, metres; 0 returns the heights unchanged.
    spacing_m : float
        Spacing, metres.

    Returns
    -------
    ndarray
        Smoothed heights of the same shape, metres.

    Raises
    ------
    InvalidCoordinatesError
        If a height is not finite.

    Examples
    --------
    >>> smooth([0.0, 10.0, 20.0, 30.0], sigma_m=15.0, spacing_m=10.0).round(6)
    array([ 0., 10., 20., 30.])
    """
    height = _finite(height_m)
    sigma = sigma_m / spacing_m
    count = height.shape[-1]
    if sigma <= 0.0 or count < 3:
        return height.copy()
    pad = int(np.ceil(4.0 * sigma)) + 1
    widths = [(0, 0)] * (height.ndim - 1) + [(pad, pad)]
    padded = np.pad(height, widths, mode="reflect", reflect_type="odd")
    return gaussian_smooth(padded, sigma, beyond="edge")[..., pad : pad + count]


def ascent_descent_m(height_m: ArrayLike, *, threshold_m: float) -> tuple[float, float]:
    """Sums of rises and falls between turning points that differ by at least a threshold.

    Smaller rises and falls count as noise, except before the first and after the last turning point. So ascent
    minus descent is end minus start, and the opposite direction swaps the two. Heights are rounded to 2**-20 m,
    which makes all sums exact.

    Parameters
    ----------
    height_m : array_like, shape (n,), n >= 1
        Heights in walking order, metres; finite.
    threshold_m : float
        Threshold, metres; 0 sums every rise.

    Returns
    -------
    ascent_m, descent_m : float
        Both 0 or more, metres.

    Raises
    ------
    InvalidCoordinatesError
        If a height is not finite.

    Examples
    --------
    >>> ascent_descent_m([100.0, 103.0, 101.0, 140.0, 120.0], threshold_m=5.0)
    (40.0, 20.0)
    """
    height = _exact(_finite(height_m))
    steps = np.diff(height[_turns(height, threshold_m)])
    return float(steps[steps > 0.0].sum()), 0.0 - float(steps[steps < 0.0].sum())


def turning_points(height_m: ArrayLike, *, threshold_m: float) -> IntArray:
    """Turning points of a profile, ignoring small swings.

    Parameters
    ----------
    height_m : array_like, shape (n,), n >= 1
        Heights in walking order, metres; finite.
    threshold_m : float
        Threshold, metres: neighbours in the result, other than its first and last, differ in height by at
        least this much.

    Returns
    -------
    ndarray of int, shape (m,)
        Indices, rising: the first sample, the turning points, the last sample.

    Raises
    ------
    InvalidCoordinatesError
        If a height is not finite.

    Examples
    --------
    >>> turning_points([100.0, 103.0, 101.0, 140.0, 120.0], threshold_m=5.0)
    array([0, 3, 4])
    """
    height = _exact(_finite(height_m))
    return np.unique(_turns(height, threshold_m))


def prominent_peaks(height_m: ArrayLike, *, prominence_m: float) -> tuple[IntArray, FloatArray]:
    """Peaks of a profile with enough prominence, and their prominences.

    The same as from `scipy.signal.find_peaks`, whose import takes a second.

    Parameters
    ----------
    height_m : array_like, shape (n,), n >= 1
        Heights in walking order, metres; finite.
    prominence_m : float
        Smallest drop on either side before the profile rises higher or ends, metres.

    Returns
    -------
    index : ndarray of int, shape (m,)
        Increasing; the middle of a level top. The first and last samples do not count.
    prominence_m : ndarray, shape (m,)
        The smaller of the two drops, metres.

    Raises
    ------
    InvalidCoordinatesError
        If a height is not finite.

    Examples
    --------
    >>> prominent_peaks([0.0, 50.0, 40.0, 90.0, 90.0, 90.0, 30.0], prominence_m=20.0)
    (array([4]), array([60.]))
    """
    height = _finite(height_m)
    starts = np.append(0, np.flatnonzero(np.diff(height)) + 1)  # of runs of equal heights
    level = height[starts]
    rises = np.diff(level) > 0.0
    tops = np.flatnonzero(rises[:-1] & ~rises[1:]) + 1
    if not tops.size:
        return tops, np.empty(0)
    # lowest levels before the first top, between tops, and after the last
    lows = np.minimum.reduceat(level, np.append(0, tops)).tolist()
    peaks = level[tops].tolist()
    before = _lowest_since_higher(peaks, lows[:-1])
    after = _lowest_since_higher(peaks[::-1], lows[:0:-1])[::-1]
    prominence = level[tops] - np.maximum(before, after)
    index = (starts[tops] + starts[tops + 1] - 1) // 2
    is_prominent = prominence >= prominence_m
    return index[is_prominent], prominence[is_prominent]


def _lowest_since_higher(peaks: list[float], lows: list[float]) -> list[float]:
    """Lowest point between each peak and the last higher one before it, given the lowest just before each peak."""
    found = []
    open_peaks: list[tuple[float, float]] = []
    for peak, just_before in zip(peaks, lows, strict=True):
        low = just_before
        while open_peaks and open_peaks[-1][0] <= peak:
            low = min(low, open_peaks.pop()[1])
        open_peaks.append((peak, low))
        found.append(low)
    return found


def _turns(height: FloatArray, threshold: float) -> IntArray:
    """Indices of the first sample, of turning points with swings of at least the threshold, and of the last sample.

    Parallel passes first remove every swing below the threshold that is no larger than both its neighbours;
    the order of removal does not change the result (persistence of extrema). A loop handles the short
    remainder.
    """
    step = np.diff(height)
    is_moving = step != 0.0
    if is_moving.all():
        rising = step > 0.0
        inner = np.flatnonzero(rising[1:] != rising[:-1]) + 1
    else:
        moving = np.flatnonzero(is_moving)
        rising = step[moving] > 0.0
        inner = moving[np.flatnonzero(rising[1:] != rising[:-1])] + 1
    index = np.concatenate(([0], inner, [height.size - 1]))
    if threshold <= 0.0:
        return index
    value = height[index]
    while index.size > _SHORT:
        swing = np.abs(np.diff(value))
        middle = swing[1:-1]
        gone = np.flatnonzero((middle < threshold) & (middle <= swing[:-2]) & (middle < swing[2:])) + 1
        if gone.size * 50 < index.size:
            break
        kept = np.ones(index.size, dtype=np.bool_)
        kept[gone] = kept[gone + 1] = False
        index, value = index[kept], value[kept]
    return index[_dead_band(value.tolist(), threshold)]


def _dead_band(height: list[float], threshold: float) -> list[int]:
    """Indices of the first height, of turning points with swings of at least the threshold, and of the last height."""
    chain = [0]
    low = high = height[0]
    low_at = high_at = direction = 0
    for i, value in enumerate(height):
        if direction >= 0 and high - value >= threshold and high > value:
            chain.append(high_at)
            direction, low, low_at = -1, value, i
        elif direction <= 0 and value - low >= threshold and value > low:
            chain.append(low_at)
            direction, high, high_at = 1, value, i
        if direction >= 0 and value > high:
            high, high_at = value, i
        if direction <= 0 and value < low:
            low, low_at = value, i
    if direction != 0:
        chain.append(high_at if direction > 0 else low_at)
    return [*chain, len(height) - 1]


def _exact(height_m: FloatArray) -> FloatArray:
    exact = height_m * _GRAIN
    np.rint(exact, out=exact)
    exact *= 1.0 / _GRAIN
    return exact


def _finite(height_m: ArrayLike) -> FloatArray:
    height = np.asarray(height_m, dtype=np.float64)
    if height.size == 0 or not np.isfinite(height).all():
        bad = int(height.size - np.isfinite(height).sum())
        msg = f"A profile needs heights without gaps; {bad} of {height.size} are missing."
        raise InvalidCoordinatesError(msg)
    return height
