"""Steps of scales that people read easily."""

import math


def nice_step(extent: float, parts: int) -> float:
    """Least step of 1, 2 or 5 times a power of ten that cuts an extent into so many parts at most.

    Parameters
    ----------
    extent : float
        More than 0, in any unit.
    parts : int
        1 or more.

    Examples
    --------
    >>> nice_step(51.2, 6)
    10.0
    """
    power = 10.0 ** math.floor(math.log10(extent / parts))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power * parts >= extent * (1.0 - 1e-9))
