"""Walking time by six published methods.

Times are moving times, without breaks. Methods based on the gradient take a profile and return the time at
every sample; methods for totals take length, ascent and descent.
"""

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray
from routes.errors import InvalidCoordinatesError
from routes.kernel._check import check_totals
from routes.kernel.leasttime.path import tobler_speed_m_s

_HOUR = 3600.0

_SWISS = (
    14.271, 3.6991, 2.5922, -1.4384, 0.32105, 0.81542, -0.090261, -0.20757, 0.010192, 0.028588, -0.00057466,
    -0.0021842, 1.5176e-5, 8.6894e-5, -1.3584e-7, -1.4026e-6,
)  # fmt: skip
"""Minutes per kilometre as a polynomial of the gradient in tenths (10 % is 1), lowest power first."""

_GENTLE, _STEEP = np.tan(np.radians(5.0)), np.tan(np.radians(12.0))


def naismith_langmuir_s(distance_m: ArrayLike, height_m: ArrayLike) -> FloatArray:
    """Walking time along a profile by Naismith's rule [1]_ with Langmuir's corrections for descents [2]_.

    5 km/h, plus an hour per 600 m of ascent; on descents between 5 and 12 degrees minus 10 minutes per
    300 m, on steeper ones plus 10 minutes.

    Parameters
    ----------
    distance_m : array_like, shape (n,), n >= 1
        Horizontal distance from the start, metres; strictly increasing.
    height_m : array_like, shape (n,)
        Heights, metres.

    Returns
    -------
    ndarray, shape (n,)
        Time from the start, seconds; element 0 is 0.

    Raises
    ------
    InvalidCoordinatesError
        If the shapes differ, a value is not finite, or the distance does not increase.

    References
    ----------
    .. [1] Naismith (1892), Scottish Mountaineering Club Journal 2, 136
    .. [2] Langmuir (1984), Mountaincraft and Leadership; as coefficients in GRASS GIS,
       https://grass.osgeo.org/grass-stable/manuals/r.walk.html

    Examples
    --------
    >>> (naismith_langmuir_s([0.0, 5000.0], [0.0, 600.0]) / 3600.0).tolist()
    [0.0, 2.0]
    """
    run, rise = _steps(distance_m, height_m)
    slope = rise / run
    gentle = (slope <= -_GENTLE) & (slope >= -_STEEP)
    correction = np.where(gentle, 2.0 * rise, np.where(slope < -_STEEP, -2.0 * rise, 0.0))
    return _cumulative(run * 0.72 + 6.0 * np.maximum(rise, 0.0) + correction)


def tobler_s(distance_m: ArrayLike, height_m: ArrayLike) -> FloatArray:
    """Walking time along a profile by Tobler's hiking function [1]_.

    Parameters, result and errors are those of `naismith_langmuir_s`.

    References
    ----------
    .. [1] Tobler (1993), https://escholarship.org/uc/item/05r820mz; the speed is `tobler_speed_m_s`
    """
    run, rise = _steps(distance_m, height_m)
    return _cumulative(run / tobler_speed_m_s(rise / run))


def swiss_s(distance_m: ArrayLike, height_m: ArrayLike) -> FloatArray:
    """Walking time along a profile by the polynomial used for Swiss trail signposts [1]_.

    A 15th-degree polynomial of the gradient, fitted to more than 150 walked sections of even gradient; 4.2 km/h
    on the flat. Beyond 40 % up or down, time depends on height only, as in the national map viewer [2]_.
    Parameters, result and errors are those of `naismith_langmuir_s`.

    References
    ----------
    .. [1] Schweizer Wanderwege (2006); its origin: "Die praktische Wanderzeitformel", Die Alpen, Swiss Alpine Club,
       https://www.sac-cas.ch/de/die-alpen/die-praktische-wanderzeitformel-25135/
    .. [2] Coefficients and range: swisstopo, github.com/geoadmin/web-mapviewer, packages/geoadmin-elevation-profile,
       src/utils.ts

    Examples
    --------
    >>> (swiss_s([0.0, 1000.0], [0.0, 0.0]) / 60.0).round(3).tolist()
    [0.0, 14.271]
    """
    run, rise = _steps(distance_m, height_m)
    tenths = 10.0 * rise / run
    inside = np.polynomial.polynomial.polyval(np.clip(tenths, -4.0, 4.0), _SWISS)
    pace = np.where(tenths >= 4.0, 17.0 * tenths, np.where(tenths <= -4.0, -9.0 * tenths, inside))
    return _cumulative(run / 1000.0 * pace * 60.0)


def campbell_s(distance_m: ArrayLike, height_m: ArrayLike) -> FloatArray:
    """Walking time along a profile by tracked speeds of slow hikers and walkers on each slope [1]_.

    The 15th percentile of the speeds of GPS tracks around Salt Lake City: the middle of the slowest 30 %, which
    stay below 2 m/s on the flat, where people begin to run. Beyond 30 degrees the speed is that at 30 degrees.
    Parameters, result and errors are those of `naismith_langmuir_s`.

    References
    ----------
    .. [1] Campbell, Dennison, Butler and Page (2019), Using crowdsourced fitness tracker data to model the relationship
       between slope and travel rates, Applied Geography 106, 93-107, https://doi.org/10.1016/j.apgeog.2019.03.008,
       table S1. The coefficients are second hand: from the R package leastcostpath,
       github.com/josephlewis/leastcostpath, cost function "campbell 2019 15"

    Examples
    --------
    >>> (campbell_s([0.0, 1000.0], [0.0, 0.0]) / 60.0).round(1).tolist()
    [0.0, 11.2]
    """
    run, rise = _steps(distance_m, height_m)
    degrees = np.clip(np.degrees(np.arctan2(rise, run)), -_STEEPEST_DEG, _STEEPEST_DEG)
    return _cumulative(run / _lorentz_speed_m_s(degrees, _WALKERS))


def din_33466_s(length_m: float, ascent_m: float, descent_m: float) -> float:
    """Walking time from totals by DIN 33466, the standard for trail signposts [1]_.

    The larger of two times plus half of the smaller: 4 km/h horizontally; 300 m/h up plus 500 m/h down.

    Parameters
    ----------
    length_m, ascent_m, descent_m : float
        Horizontal length and sums of rises and falls, metres, 0 or more.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    InvalidCoordinatesError
        If a total is negative or not finite.

    References
    ----------
    .. [1] DIN 33466:1994; as the Alpine clubs explain it, for example
       http://www.freytagberndt.com/de/magazin/wanderung-berechnung-der-gehzeit

    Examples
    --------
    >>> din_33466_s(10_000.0, 1200.0, 0.0) / 3600.0
    5.25
    """
    check_totals(length_m, ascent_m, descent_m)
    along = length_m / 4000.0
    vertical = ascent_m / 300.0 + descent_m / 500.0
    return _HOUR * (max(along, vertical) + 0.5 * min(along, vertical))


def munter_s(rising_m: float, ascent_m: float, other_m: float, descent_m: float) -> float:
    """Walking time from totals by Munter's method [1]_.

    A kilometre and 100 m of height are one unit each; a walker does 4 units an hour uphill, 6 on the flat or downhill.

    Parameters
    ----------
    rising_m, ascent_m : float
        Horizontal length of the rising part, and the sum of rises, metres, 0 or more.
    other_m, descent_m : float
        Horizontal length of the rest, and the sum of falls, metres, 0 or more.

    Returns
    -------
    float
        Seconds.

    Raises
    ------
    InvalidCoordinatesError
        If a total is negative or not finite.

    References
    ----------
    .. [1] Munter, 3x3 Lawinen; rates for walking: http://www.guidepace.net/2014/01/guidepace-app.html

    Examples
    --------
    >>> munter_s(9500.0, 500.0, 0.0, 0.0) / 3600.0
    3.625
    """
    check_totals(rising_m, ascent_m, other_m, descent_m)
    up = (rising_m / 1000.0 + ascent_m / 100.0) / 4.0
    return _HOUR * (up + (other_m / 1000.0 + descent_m / 100.0) / 6.0)


_WALKERS = (-1.626, 11.847, 38.231, 0.481, -0.00356)
"""Like `_CREWS`, for percentile 15 of everybody who walks, hikes or runs."""

_CREWS = {
    1.0 / 6.0: (-3.3717, 25.8255, 92.6594, -0.1624, 0.0019),
    5.0 / 6.0: (-2.2893, 19.4024, 65.3577, 0.6226, -0.0020),
}
"""Hiking speed by slope in degrees: Lorentz curve (place, width, area), level and slope of a line, by quantile."""

_STEEPEST_DEG = 30.0
"""Slope beyond which those curves are constant, degrees."""

_SIXTH_IN_SIGMA = 0.9674215661017014
"""Distance of the first and fifth sextile of a normal distribution from its mean, in standard deviations."""


def pace_spread(distance_m: ArrayLike, height_m: ArrayLike) -> float:
    """Spread of different walkers' times on one profile, as the standard deviation of their logarithm.

    From the first and fifth sextile of tracked walking speeds at each slope [1]_: hotshot crews hiking on trails with
    their loads, so no runners. These speeds vary between moments as well as walkers, and we apply them to the whole
    profile, so the result exceeds the spread of walkers alone. Parameters and errors are those of
    `naismith_langmuir_s`; a profile needs at least two points.

    Returns
    -------
    float
        Standard deviation of the logarithm of time; about 0.3.

    References
    ----------
    .. [1] Sullivan, Campbell, Dennison, Brewer and Butler (2020), Modeling wildland firefighter travel rates by terrain
       slope, Fire 3, 52, https://doi.org/10.3390/fire3030052; coefficients as in the R package leastcostpath,
       github.com/josephlewis/leastcostpath, R/cost.R

    Examples
    --------
    >>> round(pace_spread([0.0, 1000.0], [0.0, 0.0]), 2)
    0.29
    """
    run, rise = _steps(distance_m, height_m)
    if not run.size:
        msg = "The spread of walkers' times needs a profile of two points or more."
        raise InvalidCoordinatesError(msg)
    degrees = np.clip(np.degrees(np.arctan2(rise, run)), -_STEEPEST_DEG, _STEEPEST_DEG)
    slow, fast = (
        float(np.sum(run / _lorentz_speed_m_s(degrees, coefficients))) for coefficients in _CREWS.values()
    )
    return float(np.log(slow / fast) / (2.0 * _SIXTH_IN_SIGMA))


def _lorentz_speed_m_s(slope_deg: FloatArray, coefficients: tuple[float, ...]) -> FloatArray:
    place, width, area, level, tilt = coefficients
    curve = area / (np.pi * width * (1.0 + ((slope_deg - place) / width) ** 2))
    return np.asarray(curve + level + tilt * slope_deg, dtype=np.float64)


def _steps(distance_m: ArrayLike, height_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Run and rise between samples of a checked profile."""
    distance, height = (np.asarray(values, dtype=np.float64) for values in (distance_m, height_m))
    if distance.ndim != 1 or distance.shape != height.shape or distance.size == 0:
        msg = f"A profile needs as many distances as heights; it has {distance.shape} and {height.shape}."
        raise InvalidCoordinatesError(msg)
    run, rise = np.diff(distance), np.diff(height)
    if not (np.isfinite(distance).all() and np.isfinite(height).all() and (run > 0.0).all()):
        msg = "A profile needs known heights at increasing distances."
        raise InvalidCoordinatesError(msg)
    return run, rise


def _cumulative(step_s: FloatArray) -> FloatArray:
    return np.concatenate(([0.0], np.cumsum(step_s)))
