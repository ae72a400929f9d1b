"""Standard uncertainties of heights, and how they combine."""

import math

Z90 = 1.6448536269514722
"""Half-width of the central 90 % of a normal distribution, in standard deviations."""

Z80 = 1.2815515655446004
"""Half-width of the central 80 %, from P10 to P90."""

U_DATUM_M = 2.0
"""Standard uncertainty for an unknown or different orthometric vertical datum, metres.

EGM96 and EGM2008 differ by about 0.5 m (rms), and by up to about 10 m in ocean trenches (MICRODEM help, US
Naval Academy, https://www.usna.edu/Users/oceano/pguth/md_help/html/egm96.htm). NGVD29 is 0.6 to 1.6 m below
NAVD88 west of 107° W (remarks on EPSG:7969). Our estimate of 2 m covers these and older national datums.
"""


def sigma_from_le90(le90_m: float) -> float:
    """Standard deviation of an unbiased normal error whose 90 % bound is LE90, metres.

    Examples
    --------
    >>> round(sigma_from_le90(16.0), 2)
    9.73
    """
    return le90_m / Z90


def sigma_from_rounding(step: float) -> float:
    """Standard deviation of a value rounded to a step: uniform over one step, in the unit of the step.

    Examples
    --------
    >>> round(sigma_from_rounding(100.0), 1)
    28.9
    """
    return step / math.sqrt(12.0)


def combine(*sigmas: float) -> float:
    """Root of the sum of squares of independent standard uncertainties, in their unit.

    Examples
    --------
    >>> combine(3.0, 4.0)
    5.0
    """
    return math.hypot(*sigmas)


def log_normal_range(value: float, sigma: float) -> tuple[float, float]:
    """P10 and P90 of a non-negative figure with a log-normal error, in its unit.

    Below two standard deviations a log-normal would say nothing, so the figure plus a shift is log-normal instead. The
    range grows with value and sigma, contains the value and is never below 0.

    Parameters
    ----------
    value : float
        The figure, 0 or more.
    sigma : float
        Its standard deviation, in the unit of the figure.

    Examples
    --------
    >>> [round(end) for end in log_normal_range(1000.0, 100.0)]
    [880, 1137]
    >>> [round(end, 1) for end in log_normal_range(0.0, 10.0)]
    [0.0, 18.0]
    """
    shift = max(2.0 * sigma - value, 0.0)
    whole = value + shift
    if whole == 0.0:
        return value, value
    factor = math.exp(Z80 * sigma / whole)
    return max(whole / factor - shift, 0.0), whole * factor - shift
