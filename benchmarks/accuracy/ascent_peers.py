"""Ascent methods of other tools, rewritten from their descriptions, for ranges.py.

Each takes distances along the route and heights at a file's points, and returns the ascent, all in metres.
"""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter, uniform_filter1d
from shapely import LineString

from routes._typing import FloatArray
from routes.kernel.profile import ascent_descent_m


def raw_sum(distance: FloatArray, height: FloatArray) -> float:  # noqa: ARG001 - all recipes are called alike
    step = np.diff(height)
    return float(step[step > 0.0].sum())


def gpxpy_kernel(distance: FloatArray, height: FloatArray) -> float:
    smoothed = height.copy()
    smoothed[1:-1] = 0.3 * height[:-2] + 0.4 * height[1:-1] + 0.3 * height[2:]
    return raw_sum(distance, smoothed)


def gpx_studio(distance: FloatArray, height: FloatArray) -> float:
    """Points that Douglas-Peucker keeps at 20 m, each with the mean height within 50 m either way."""
    kept = np.array(LineString(np.column_stack([distance, height])).simplify(20.0).coords)[:, 0]
    total = np.concatenate(([0.0], np.cumsum(height)))
    first = np.searchsorted(distance, kept - 50.0, side="left")
    last = np.searchsorted(distance, kept + 50.0, side="right")
    return raw_sum(kept, (total[last] - total[first]) / (last - first))


def ratchet(distance: FloatArray, height: FloatArray, step_m: float = 5.0) -> float:  # noqa: ARG001
    """QMapShack: a new level counts once it is 5 m from the last one."""
    level, ascent = float(height[0]), 0.0
    for value in height.tolist():
        if abs(value - level) >= step_m:
            ascent += max(value - level, 0.0)
            level = value
    return ascent


def brouter(distance: FloatArray, height: FloatArray, buffer_m: float = 10.0) -> float:  # noqa: ARG001
    """BRouter: climbs fill a buffer of 10 m, descents empty it; the overflow is ascent."""
    held, ascent = 0.0, 0.0
    for step in np.diff(height).tolist():
        held = max(held + step, 0.0)
        ascent += max(held - buffer_m, 0.0)
        held = min(held, buffer_m)
    return ascent


def waymarked_trails(distance: FloatArray, height: FloatArray) -> float:
    """500 points, a Hann window of 7, extremes that differ by 15 m."""
    at = np.linspace(0.0, distance[-1], 500)
    window = np.hanning(9)[1:-1]
    smoothed = np.convolve(
        np.pad(np.interp(at, distance, height), 3, mode="edge"), window / window.sum(), mode="valid"
    )
    return ascent_descent_m(smoothed, threshold_m=15.0)[0]


def gpx2elev(distance: FloatArray, height: FloatArray) -> float:
    at = np.arange(0.0, distance[-1], 5.0)
    return ascent_descent_m(
        gaussian_filter1d(np.interp(at, distance, height), 4.0, mode="nearest"), threshold_m=2.0
    )[0]


def gpx2roadbook(distance: FloatArray, height: FloatArray) -> float:
    at = np.arange(0.0, distance[-1], 25.0)
    smoothed = uniform_filter1d(
        median_filter(np.interp(at, distance, height), 5, mode="nearest"), 8, mode="nearest"
    )
    return ascent_descent_m(smoothed, threshold_m=3.0)[0]


def dead_band_2(distance: FloatArray, height: FloatArray) -> float:  # noqa: ARG001
    return ascent_descent_m(height, threshold_m=2.0)[0]


def dead_band_5(distance: FloatArray, height: FloatArray) -> float:  # noqa: ARG001
    return ascent_descent_m(height, threshold_m=5.0)[0]


PEERS: dict[str, Callable[[FloatArray, FloatArray], float]] = {
    "raw sum": raw_sum,
    "gpxpy, 0.3/0.4/0.3": gpxpy_kernel,
    "gpx.studio, Douglas-Peucker and 100 m": gpx_studio,
    "QMapShack, 5 m ratchet": ratchet,
    "BRouter, 10 m buffer": brouter,
    "Waymarked Trails, Hann 7 and 15 m": waymarked_trails,
    "gpx2elev, 20 m Gaussian and 2 m": gpx2elev,
    "gpx2roadbook, 200 m box and 3 m": gpx2roadbook,
    "dead band of 2 m, nothing else": dead_band_2,
    "dead band of 5 m, nothing else": dead_band_5,
}
