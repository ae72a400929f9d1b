"""Gradients and sustained climbs of height profiles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes.analysis.figures.profile import Profile
from routes.kernel.profile import turning_points

GRADIENT_EDGES_PCT = (0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0)
"""Lower ends of the gradient classes, per cent; the last class is open."""

STEEP_PCT = (15.0, 25.0, 35.0)
"""Gradients above which the share of the route is shown, per cent."""

CLIMB_BAND_M = 30.0
"""A smaller fall does not end a climb, metres (our definition)."""

CATEGORIES = ((80_000.0, "HC"), (64_000.0, "1"), (32_000.0, "2"), (16_000.0, "3"), (8_000.0, "4"))
"""Smallest length in metres times mean gradient in per cent of each category, for mean gradients from 3 %.

Strava Support, "Climb Categorization" (support.strava.com, article 216917057), made for cycling. On foot, 800 m of
climbing is HC, 640 m category 1, 320 m 2, 160 m 3 and 80 m 4.
"""

LEAST_GRADIENT_PCT = 3.0
"""A rise with a smaller mean gradient is not a climb, per cent."""


@dataclass(frozen=True, slots=True)
class Gradients:
    """Horizontal length by gradient; up and down count alike."""

    length_m: tuple[float, ...]
    """Length in each class of `GRADIENT_EDGES_PCT`, metres."""

    baseline_m: float
    """Distance over which gradients are measured, metres: shorter bumps do not show."""

    def __add__(self, other: "Gradients") -> "Gradients":
        """Gradients of two stretches as one."""
        lengths = tuple(one + two for one, two in zip(self.length_m, other.length_m, strict=True))
        return Gradients(lengths, max(self.baseline_m, other.baseline_m))

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the length in each class, 0 to 1."""
        whole = sum(self.length_m)
        return tuple(length / whole for length in self.length_m)

    def share_steeper(self, gradient_pct: float) -> float:
        """Share of the length steeper than one of `GRADIENT_EDGES_PCT`, 0 to 1."""
        return sum(self.shares[GRADIENT_EDGES_PCT.index(gradient_pct) :])


@dataclass(frozen=True, slots=True)
class Rise:
    """A rise between two turning points, ignoring falls below `CLIMB_BAND_M`."""

    start_m: float
    """Distance from the start of the leg to its foot, without gaps between segments, metres."""

    length_m: float
    """Horizontal length, metres."""

    foot_m: float
    """Height of its foot, metres."""

    top_m: float
    """Height of its top, metres."""

    foot_lonlat: tuple[float, float]
    """Longitude and latitude of its foot, degrees."""

    top_lonlat: tuple[float, float]
    """Longitude and latitude of its top, degrees."""

    category: str
    """"4" to "1", or "HC": see `CATEGORIES`."""

    @property
    def gradient_pct(self) -> float:
        """Mean gradient, per cent."""
        return 100.0 * (self.top_m - self.foot_m) / self.length_m


def gradients_of(profiles: Sequence[Profile]) -> Gradients:
    """Lengths by gradient of one or more smoothed profiles, measured between samples; gaps do not count."""
    edges = np.array([*GRADIENT_EDGES_PCT, np.inf])
    total = np.zeros(len(GRADIENT_EDGES_PCT))
    for profile in profiles:
        step = np.diff(profile.distance_m)
        gradient = 100.0 * np.abs(np.diff(profile.height_m)) / step
        known = np.isfinite(gradient)
        total += np.histogram(gradient[known], bins=edges, weights=step[known])[0]
    return Gradients(tuple(total.tolist()), max(profile.spacing_m for profile in profiles))


def climbs_of(profiles: Sequence[Profile]) -> tuple[Rise, ...]:
    """Climbs of complete profiles (one per segment) in walking order; none crosses a gap between profiles."""
    climbs: list[Rise] = []
    start = 0.0
    for profile in profiles:
        turns = turning_points(profile.height_m, threshold_m=max(CLIMB_BAND_M, profile.threshold_m))
        for foot, top in zip(turns[:-1].tolist(), turns[1:].tolist(), strict=True):
            rise = float(profile.height_m[top] - profile.height_m[foot])
            length = float(profile.distance_m[top] - profile.distance_m[foot])
            category = category_of(rise, length)
            if category:
                climbs.append(
                    Rise(
                        start + float(profile.distance_m[foot]),
                        length,
                        float(profile.height_m[foot]),
                        float(profile.height_m[top]),
                        (float(profile.lon_deg[foot]), float(profile.lat_deg[foot])),
                        (float(profile.lon_deg[top]), float(profile.lat_deg[top])),
                        category,
                    )
                )
        start += float(profile.distance_m[-1])
    return tuple(climbs)


def category_of(rise_m: float, length_m: float) -> str:
    """Category of a climb by `CATEGORIES`; "" if it is not a climb.

    >>> category_of(850.0, 9000.0), category_of(330.0, 3000.0), category_of(330.0, 30_000.0)
    ('HC', '2', '')
    """
    if not 100.0 * rise_m >= LEAST_GRADIENT_PCT * length_m > 0.0:
        return ""
    return next((name for least, name in CATEGORIES if 100.0 * rise_m >= least), "")
