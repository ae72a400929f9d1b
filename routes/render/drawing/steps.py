"""Round steps for scales."""

import math


def nice_step(extent: float, parts: int) -> float:
    """Smallest step of 1, 2 or 5 times a power of ten that divides an extent into at most so many parts.

    >>> nice_step(51.2, 6)
    10.0
    """
    power = 10.0 ** math.floor(math.log10(extent / parts))
    return next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power * parts >= extent * (1.0 - 1e-9))
