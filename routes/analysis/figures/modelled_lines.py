"""How trails differ from the least-time and straight lines that stand for them.

Source: benchmarks/accuracy/ranges.py, on 135 stretches between stops of 18 real lines of 4 sources.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes.kernel.climb import Climb
from routes.kernel.geodesy import distance_m
from routes.model.trek import Place

SPACING_M, SPACING_POWER = 1500.0, 0.08
"""Stop spacing that the factors refer to, metres, and the power by which they grow with it (0.076 ± 0.034 over
least-time lines, 0.093 ± 0.034 over straight ones)."""

SPACINGS_M = (500.0, 15_000.0)
"""Stop spacings between which the factors vary, metres."""

WANDER_SHARE = 0.06
"""Extra climbing of a trail, which it loses again, as a share of half the line's rises and falls, at a stop spacing of
`SPACING_M`; it grows with the square root of the spacing."""

SLACK = 0.2
"""A trail may follow any route that takes at most this share longer than the fastest: its corridor."""

LATERAL_P90_SHARE, LATERAL_P90_SHARE_FAR, FAR_M = 0.71, 1.0, 3000.0
"""P90 of a trail's offset from its line, as a share of the corridor's P90: for stops up to `FAR_M` apart, and beyond,
where one stretch in five leaves the corridor. By source 0.64 to 0.88."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Places that a line was made from."""

    stretches: int = 1
    """Number of stretches between neighbouring stops."""

    every_m: float = SPACING_M
    """Mean straight length of the stretches, metres."""

    @property
    def spacings(self) -> float:
        """Stop spacing in multiples of `SPACING_M`."""
        return min(max(self.every_m, SPACINGS_M[0]), SPACINGS_M[1]) / SPACING_M


@dataclass(frozen=True, slots=True)
class TrailModel:
    """Log-normal model of a trail's length relative to its line."""

    base_factor: float
    """Median at a stop spacing of `SPACING_M`."""

    between_lines: float
    """Standard deviation of the logarithm between lines."""

    between_stretches: float
    """Standard deviation of the logarithm between stretches of one line."""

    basis: str
    """Where these figures come from."""

    def factor(self, stops: Stops) -> float:
        """Median at this stop spacing."""
        return self.base_factor * float(stops.spacings**SPACING_POWER)


LEAST_TIME = TrailModel(1.25, 0.15, 0.25, "trails against least-time lines: 18 lines of 4 sources")
"""With stops at the ends, the tops and every 3 km, the mean of the logarithm is 0.27 on the 18 lines, and 0.17 on 19
other lines, of which seven stretches give the P10 to P90 (0.99 to 1.55)."""

STRAIGHT = TrailModel(1.46, 0.17, 0.32, "trails against straight lines: 18 lines of 4 sources")
"""Straight lines between stops: 0.42 on the same 18 lines, reduced by the 0.04 by which 1.25 is less than theirs."""


def wander_m(climb: Climb, stops: Stops) -> float:
    """Extra climbing of the trail beyond its least-time line, which it loses again, metres."""
    return WANDER_SHARE * math.sqrt(stops.spacings) * climb.half_m


def lateral_share(away_m: float) -> float:
    """P90 of a trail's offset as a share of the corridor's, by the straight distance between two stops, metres."""
    return LATERAL_P90_SHARE if away_m <= FAR_M else LATERAL_P90_SHARE_FAR


def stops_of(places: Sequence[Place]) -> Stops:
    """Stops of a line from its places (at least two)."""
    lon, lat = np.array([place.lon for place in places]), np.array([place.lat for place in places])
    every_m = float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).mean())
    return Stops(len(places) - 1, every_m)
