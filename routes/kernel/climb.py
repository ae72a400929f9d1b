"""Ascent and descent as one value, so that their difference always matches the ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routes.kernel.profile import ascent_descent_m


@dataclass(frozen=True, slots=True)
class Climb:
    """Ascent and descent, stored as their difference and what is climbed and lost again.

    Ascent minus descent stays `net_m`: corrections and errors change `counter_m`, and so both alike.
    """

    net_m: float
    """Height of the end minus that of the start, metres."""

    counter_m: float
    """The smaller of ascent and descent, metres, 0 or more."""

    @property
    def ascent_m(self) -> float:
        """Sum of rises, metres."""
        return max(self.net_m, 0.0) + self.counter_m

    @property
    def descent_m(self) -> float:
        """Sum of falls, metres."""
        return max(-self.net_m, 0.0) + self.counter_m

    @property
    def half_m(self) -> float:
        """Half the sum of all rises and falls, metres."""
        return 0.5 * abs(self.net_m) + self.counter_m

    def with_more(self, more_m: float) -> "Climb":
        """Return the climb with this much added to both ascent and descent, metres."""
        return Climb(self.net_m, max(self.counter_m + more_m, 0.0))

    def __add__(self, other: "Climb") -> "Climb":
        """Return the climb of two stretches in sequence: ascents and descents add up."""
        ascent, descent = self.ascent_m + other.ascent_m, self.descent_m + other.descent_m
        return Climb(self.net_m + other.net_m, min(ascent, descent))


LEVEL = Climb(0.0, 0.0)
"""No climb, the start of a sum."""


def climb_of(height_m: ArrayLike, *, threshold_m: float) -> Climb:
    """Climb along a profile, with the dead band of `routes.kernel.profile.ascent_descent_m`.

    Parameters
    ----------
    height_m : array_like, shape (n,), n >= 1
        Heights in walking order, metres; finite, else InvalidCoordinatesError.
    threshold_m : float
        Dead band, metres.

    Examples
    --------
    >>> climb_of([100.0, 103.0, 101.0, 140.0, 120.0], threshold_m=5.0)
    Climb(net_m=20.0, counter_m=20.0)
    """
    height = np.asarray(height_m, dtype=np.float64)
    return Climb(float(height[-1] - height[0]), min(ascent_descent_m(height, threshold_m=threshold_m)))
