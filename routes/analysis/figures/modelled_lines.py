"""How trails differ from the lines that stand for them: least-time lines, and straight lines from place to place.

Printed by benchmarks/accuracy/ranges.py on 18 real lines of 4 sources, in 135 stretches between stops.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes.kernel.climb import Climb
from routes.kernel.geodesy import distance_m
from routes.model.trek import Place

SPACING_M, SPACING_POWER = 1500.0, 0.08
"""Distance between stops that the factors are for, metres, and the power of it that they grow with (0.076 ± 0.034 over
least-time lines, 0.093 ± 0.034 over straight ones)."""

SPACINGS_M = (500.0, 15_000.0)
"""Distances between stops beyond which nothing changes, metres."""

WANDER_SHARE = 0.06
"""What a trail climbs beyond its line and loses again, as a share of half of the line's rises and falls, at `SPACING_M`
between stops; it grows with the root of that distance."""

SLACK = 0.2
"""Ways that take up to this share longer than the fastest make the corridor that a trail may follow."""

LATERAL_P90_SHARE, LATERAL_P90_SHARE_FAR, FAR_M = 0.71, 1.0, 3000.0
"""How far from its line nine tenths of a trail lie at most, as a share of nine tenths of that corridor: with stops up
to `FAR_M` apart, and beyond, where one stretch in five leaves the corridor. By source 0.64 to 0.88."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Places that a line was made from."""

    stretches: int = 1
    """Number of stretches between neighbours."""

    every_m: float = SPACING_M
    """Mean straight length of these, metres."""

    @property
    def spacings(self) -> float:
        """Distance between stops in multiples of `SPACING_M`."""
        return min(max(self.every_m, SPACINGS_M[0]), SPACINGS_M[1]) / SPACING_M


@dataclass(frozen=True, slots=True)
class TrailModel:
    """Length of a trail over that of the line that stands for it: a log-normal."""

    base_factor: float
    """Median at `SPACING_M` between stops."""

    between_lines: float
    """Standard deviation of the logarithm between lines."""

    between_stretches: float
    """Standard deviation of the logarithm between stretches of one line."""

    basis: str
    """Where these figures come from."""

    def factor(self, stops: Stops) -> float:
        """Median for this distance between stops."""
        return self.base_factor * float(stops.spacings**SPACING_POWER)


LEAST_TIME = TrailModel(1.25, 0.15, 0.25, "trails against least-time lines: 18 lines of 4 sources")
"""With stops at the ends, the tops and every 3 km the mean of the logarithm is 0.27 on 18 lines, and 0.17 on 19 lines
of others, whose P10 to P90 (0.99 to 1.55) seven stretches give."""

STRAIGHT = TrailModel(1.46, 0.17, 0.32, "trails against straight lines: 18 lines of 4 sources")
"""Straight lines from stop to stop: 0.42 on the same 18 lines, less the 0.04 by which 1.25 is less than theirs."""


def wander_m(climb: Climb, stops: Stops) -> float:
    """What the trail climbs beyond its least-time line and loses again, metres."""
    return WANDER_SHARE * math.sqrt(stops.spacings) * climb.half_m


def lateral_share(away_m: float) -> float:
    """P90 of a trail's offset over that of the corridor, by the straight distance between two stops, metres."""
    return LATERAL_P90_SHARE if away_m <= FAR_M else LATERAL_P90_SHARE_FAR


def stops_of(places: Sequence[Place]) -> Stops:
    """Places of a line, two or more, as its model needs them."""
    lon, lat = np.array([place.lon for place in places]), np.array([place.lat for place in places])
    every_m = float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).mean())
    return Stops(len(places) - 1, every_m)
