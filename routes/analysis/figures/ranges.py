"""Uncertainty of lengths and climbs: one log-normal model, fitted on real lines.

Source of the constants: benchmarks/accuracy/ranges.py, see docs/accuracy.md.
"""

import functools
import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.modelled_lines import LEAST_TIME, STRAIGHT, Stops, wander_m
from routes.analysis.figures.profile import Profile
from routes.kernel.climb import LEVEL, Climb
from routes.kernel.uncertainty import log_normal_range
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance

COUNTER_SHARE = 0.10
"""Standard deviation of what is climbed and lost again, as a share of it, for any height source. 21 recordings of 3
sources have 0.065; 24 other days by one walker have 0.098."""

COMMON_SHARE = COUNTER_SHARE / math.sqrt(2.0)
"""Part of `COUNTER_SHARE` that a DEM and a file have in common, because both miss or count the same undulations
(assumed to be half the variance: they err to the same side on 4 of 6 lines)."""

PER_KM_90_M, PER_KM_90_OSM_M = 4.0, 10.0
"""Standard deviation per km of what a DEM with 90 m row spacing adds or misses, metres; proportional to the spacing.
Recorded and modelled lines: most likely 3.8 on 16 lines of 4 sources (42 to 93 m); 3.0 to 5.6 if one source is left
out. OpenStreetMap: root mean square 12 on 6 pairs of 2 sources."""

DEM_FLOOR_M, RECORDED_FLOOR_M = 7.0, 5.0
"""Standard deviation of a climb so short that only its ends matter, metres. DEM: 6.7 to 8.7 on 577 pieces of 500 m (16
lines, 4 sources). Recorded heights: assumed."""

GAP_PER_KM_M = 15.0
"""Standard deviation of what a straight bridge misses per km of gap, metres: 10 to 16 on gaps of 100 to 1000 m (450 of
each length) cut into 18 lines of 4 sources."""

RECORDED_LENGTH_SHARE, OSM_LENGTH_SHARE = 0.015, 0.03
"""Standard deviation of a length, as a share of it (assumed). Recordings agree with their apps to 0.5 %; on 9 days
watches read 3 to 10 % more than OpenStreetMap's lines."""

WANDER_SIGMA = 1.3
"""Standard deviation of the extra climbing beyond a modelled line, as a multiple of it (18 lines of 4 sources)."""

EXCLUDING_SIGMAS = 2.0
"""Two climbs of one line contradict each other if they differ by more standard deviations than this."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Standard deviation of a figure, in two parts."""

    alike: float = 0.0
    """Part shared along a trek, which adds up over legs."""

    own: float = 0.0
    """Part independent in each leg, whose squares add up."""

    @property
    def sigma(self) -> float:
        """Both parts together."""
        return math.hypot(self.alike, self.own)

    def __add__(self, other: "Doubt") -> "Doubt":
        """Doubt of the sum of two legs."""
        return Doubt(self.alike + other.alike, math.hypot(self.own, other.own))


@dataclass(frozen=True, slots=True)
class LengthModel:
    """Length of the trail, and its uncertainty."""

    drawn_m: float
    """Length of the line, metres."""

    likely_m: float
    """Median of the trail's length, metres."""

    doubt: Doubt
    """Standard deviation, metres."""

    basis: str
    """What the range is based on."""

    is_straight: bool = False
    """Whether the line is straight between places, so that its length is a lower bound."""

    def __add__(self, other: "LengthModel") -> "LengthModel":
        """Model of two legs together."""
        return LengthModel(
            self.drawn_m + other.drawn_m, self.likely_m + other.likely_m, self.doubt + other.doubt,
            _merged(self.basis, other.basis), self.is_straight or other.is_straight,
        )  # fmt: skip

    @property
    def estimate(self) -> Estimate:
        """Length with its range; for a straight line, its own length with the trail's range."""
        low, high = log_normal_range(self.likely_m, self.doubt.sigma)
        if self.is_straight:
            return Estimate(self.drawn_m, max(low, self.drawn_m), high, self.basis)
        return Estimate(self.likely_m, low, high, self.basis)


@dataclass(frozen=True, slots=True)
class ClimbModel:
    """Ascent and descent of the trail, and their uncertainty."""

    climb: Climb
    """Best value."""

    doubt: Doubt
    """Standard deviation without that of the method, metres."""

    basis: str
    """What the range is based on."""

    counter_share: float = COUNTER_SHARE
    """Standard deviation of the method, as a share of what is climbed and lost again."""

    def __add__(self, other: "ClimbModel") -> "ClimbModel":
        """Model of two legs together, with one error of the method."""
        return ClimbModel(
            self.climb + other.climb, self.doubt + other.doubt, _merged(self.basis, other.basis),
            max(self.counter_share, other.counter_share),
        )  # fmt: skip

    @property
    def sigma_m(self) -> float:
        """Standard deviation of ascent and of descent, metres."""
        return math.hypot(self.doubt.sigma, self.counter_share * self.climb.counter_m)

    @property
    def ascent(self) -> Estimate:
        """Sum of rises with its range, metres."""
        return Estimate(self.climb.ascent_m, *log_normal_range(self.climb.ascent_m, self.sigma_m), self.basis)

    @property
    def descent(self) -> Estimate:
        """Sum of falls with its range, metres."""
        return Estimate(
            self.climb.descent_m, *log_normal_range(self.climb.descent_m, self.sigma_m), self.basis
        )


def length_model(drawn_m: float, provenance: Provenance, stops: Stops) -> LengthModel:
    """Length of the trail along a line of `drawn_m` metres; `stops` made a modelled or schematic line."""
    if provenance in (Provenance.MODELLED, Provenance.SCHEMATIC):
        is_straight = provenance is Provenance.SCHEMATIC
        trail = STRAIGHT if is_straight else LEAST_TIME
        likely = trail.factor(stops) * drawn_m
        doubt = Doubt(
            trail.between_lines * likely, trail.between_stretches / math.sqrt(stops.stretches) * likely
        )
        return LengthModel(drawn_m, likely, doubt, trail.basis, is_straight)
    share, kind = RECORDED_LENGTH_SHARE, "recorded"
    if provenance is Provenance.OSM:
        share, kind = OSM_LENGTH_SHARE, "OpenStreetMap"
    return LengthModel(
        drawn_m,
        drawn_m,
        Doubt(share * drawn_m),
        f"lengths of {kind} lines err by {100.0 * share:g} % (assumed)",
    )


def climb_along(profiles: Sequence[Profile]) -> Climb:
    """Climb of complete profiles together; gaps between them add nothing."""
    return functools.reduce(operator.add, (profile.climb for profile in profiles), LEVEL)


def climb_model(profiles: Sequence[Profile], provenance: Provenance, stops: Stops) -> ClimbModel:
    """Climb of the trail along complete profiles (at least one) of one height source. `stops` made a modelled line."""
    first, climb = profiles[0], climb_along(profiles)
    gaps = [GAP_PER_KM_M * gap.length_m / 1000.0 for profile in profiles for gap in profile.gaps]
    own = math.hypot(RECORDED_FLOOR_M if first.heights.is_recorded else DEM_FLOOR_M, *gaps)
    alike = 0.0
    if not first.heights.is_recorded:
        at_90 = PER_KM_90_OSM_M if first.heights is HeightSource.DEM_OSM else PER_KM_90_M
        length_m = sum(float(profile.distance_m[-1]) for profile in profiles)
        alike = at_90 * first.dem_spacing_m / 90.0 * length_m / 1000.0
    if provenance is not Provenance.MODELLED:
        return ClimbModel(climb, Doubt(alike, own), _BASES[first.heights])
    more = wander_m(climb, stops)
    alike = math.hypot(LEAST_TIME.base_factor * alike, WANDER_SIGMA * more)
    return ClimbModel(climb.with_more(more), Doubt(alike, own), _BASES[HeightSource.DEM_MODELLED])


def combined(dem: ClimbModel, file: ClimbModel) -> ClimbModel:
    """Combine the climbs of one line by a DEM and by its file's heights.

    Weights are inverse variances of each source's independent part. The uncertainty grows if the two disagree (Birge's
    ratio), and keeps the shared part and that of the ends, which come from the DEM.
    """
    both = (dem, file)
    middle = 0.5 * sum(model.climb.counter_m for model in both)
    common = COMMON_SHARE * middle
    own = [math.sqrt(max(_sigma_at(model, middle) ** 2 - common**2, 1.0)) for model in both]
    weights = [sigma**-2.0 for sigma in own]
    counter = sum(w * model.climb.counter_m for w, model in zip(weights, both, strict=True)) / sum(weights)
    apart = math.hypot(
        *((model.climb.counter_m - counter) / sigma for sigma, model in zip(own, both, strict=True))
    )
    alike = sum(weights) ** -0.5 * max(1.0, apart)
    return ClimbModel(
        Climb(dem.climb.net_m, counter),
        Doubt(alike, DEM_FLOOR_M),
        _merged(dem.basis, file.basis),
        COMMON_SHARE,
    )


def exclude(one: ClimbModel, other: ClimbModel) -> bool:
    """Whether two climbs of one line contradict each other."""
    middle = 0.5 * (one.climb.counter_m + other.climb.counter_m)
    apart = abs(one.climb.counter_m - other.climb.counter_m)
    return apart > EXCLUDING_SIGMAS * math.hypot(_sigma_at(one, middle), _sigma_at(other, middle))


def sum_lengths(models: Iterable[LengthModel]) -> Estimate:
    """Total length of legs; 0 without any."""
    found = list(models)
    return functools.reduce(operator.add, found).estimate if found else Estimate(0.0)


def sum_climbs(models: Iterable[ClimbModel]) -> ClimbModel:
    """Total climb of one leg or more."""
    return functools.reduce(operator.add, models)


def _sigma_at(model: ClimbModel, counter_m: float) -> float:
    """Standard deviation of a climb if this much were climbed and lost again, metres."""
    return replace(model, climb=Climb(model.climb.net_m, counter_m)).sigma_m


def _merged(one: str, other: str) -> str:
    return "; ".join(dict.fromkeys((*one.split("; "), *other.split("; "))))


_RECORDED_BASIS = "errors of recorded heights on 21 lines of 3 sources"
_BASES = {
    HeightSource.BAROMETER: _RECORDED_BASIS,
    HeightSource.GPS: _RECORDED_BASIS,
    HeightSource.MAP: _RECORDED_BASIS,
    HeightSource.DEM_RECORDED: "errors of DEMs on 16 recorded lines of 4 sources",
    HeightSource.DEM_OSM: 'errors of SRTM 3" on 6 OpenStreetMap lines of 2 sources',
    HeightSource.DEM_MODELLED: "trails against least-time lines: 18 lines of 4 sources",
}
