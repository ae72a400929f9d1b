"""Figures of legs, days and variants."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from routes._typing import FloatArray
from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.high_points import FoundPass
from routes.analysis.figures.profile import Profile
from routes.analysis.figures.ranges import ClimbModel, LengthModel
from routes.analysis.figures.recorded_heights import RecordedHeights
from routes.analysis.figures.slopes import Gradients, Rise
from routes.kernel.climb import LEVEL, Climb
from routes.model.effort import DEFAULT_METHOD, Method
from routes.model.estimate import Estimate
from routes.model.kinds import Mode, Provenance
from routes.model.track import Line
from routes.model.trek import Day, Leg, Variant


@dataclass(frozen=True, slots=True)
class Effort:
    """Walking time of a leg, a day or a variant."""

    times_s: Mapping[Method, Estimate]
    """Seconds by method; empty where it cannot be told."""

    missing: str = ""
    """Why it cannot be told."""

    method: Method = DEFAULT_METHOD
    """The method that is shown first."""

    @property
    def time_s(self) -> Estimate | None:
        """Walking time by the method that is shown first, seconds; None where it cannot be told."""
        return self.times_s.get(self.method)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Way:
    """A leg on foot sample by sample: what it takes from its start to each sample."""

    lon_deg: FloatArray
    """Longitudes of the samples, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes of the samples, shape (n,), degrees."""

    distance_m: FloatArray
    """Horizontal distance along the line from the start, shape (n,), metres; gaps between segments count nothing."""

    height_m: FloatArray
    """Smoothed heights, shape (n,), metres."""

    rise_m: FloatArray
    """Sum of all rises of the smoothed profile from the start, shape (n,), metres."""

    fall_m: FloatArray
    """Sum of all falls of the smoothed profile from the start, shape (n,), metres."""

    time_s: FloatArray
    """Walking time from the start by the chosen method, shape (n,), seconds."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LineStudy:
    """Figures of one line."""

    line: Line
    """The line: read from GPX, modelled over the DEM, or schematic."""

    length_m: Estimate
    """Horizontal length, metres; of straight lines the least that it may be."""

    profiles: tuple[Profile, ...] = ()
    """One a segment; empty where there are no heights."""

    ascent_m: Estimate | None = None
    """Sum of rises, metres; None where it cannot be told."""

    descent_m: Estimate | None = None
    """Sum of falls, metres; None where it cannot be told."""

    length_model: LengthModel | None = None
    """What `length_m` comes from; None off foot."""

    climb_model: ClimbModel | None = None
    """What `ascent_m` and `descent_m` come from; None where they cannot be told."""

    line_climb: Climb = LEVEL
    """Ascent and descent along `profiles`: less than those of the trail that a modelled line stands for."""

    high_estimate_m: Estimate | None = None
    """Highest point with its range, metres; None without ascent, and by recorded heights."""

    void_share: float | None = None
    """Share of the samples at which the DEM has no height, 0 to 1; None without a DEM."""

    band_m: tuple[FloatArray, ...] = ()
    """P10 and P90 of the height at each sample of each profile, less the height itself, of shape (2, n), metres; empty
    where the trail is not known well enough to have a height at a distance, as along a modelled line, and by recorded
    heights."""

    gradients: Gradients | None = None
    """How steep it is; None without ascent."""

    climbs: tuple[Rise, ...] = ()
    """Rises of some size in one go, in walking order."""

    unnamed_passes: tuple[FoundPass, ...] = ()
    """High points of the line that no place of kind pass names, in walking order."""

    recorded: RecordedHeights | None = None
    """Heights of the file beside the DEM's; None where it has none."""

    notes: tuple[str, ...] = ()
    """Flaws found in a recorded line, and how its heights differ from the DEM's."""

    missing: str = ""
    """Why figures are missing, if they are."""

    is_on_foot: bool = True
    """Whether it counts in walking figures."""

    effort: Effort = Effort({}, "walking time is not computed")
    """Walking time."""

    way: Way | None = None
    """Walking time from the start to each sample; None where it cannot be told."""

    @property
    def is_lower_bound(self) -> bool:
        """Whether the length is that of straight lines, so that the way is longer."""
        return self.line.provenance is Provenance.SCHEMATIC

    @property
    def high_m(self) -> float | None:
        """Highest point of the smoothed profile, metres; None without ascent."""
        return max(float(p.height_m.max()) for p in self.profiles) if self.ascent_m else None

    @property
    def low_m(self) -> float | None:
        """Lowest point of the smoothed profile, metres; None without ascent."""
        return min(float(p.height_m.min()) for p in self.profiles) if self.ascent_m else None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LegStudy(LineStudy):
    """Figures of one leg."""

    day_number: int
    """Day that it belongs to."""

    leg: Leg
    """The leg."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over legs; all but `length_by_mode_m` take legs on foot only."""

    length_by_mode_m: Mapping[Mode, float]
    """Horizontal length by mode, metres; straight lines where nothing better is known."""

    walking_m: Estimate
    """Horizontal length on foot, metres."""

    is_lower_bound: bool
    """Whether a leg on foot is schematic, so that the way is longer."""

    ascent_m: Estimate | None
    """Sum of rises, metres; None if a leg on foot has none."""

    descent_m: Estimate | None
    """Sum of falls, metres; None if a leg on foot has none."""

    high_m: float | None
    """Highest point, metres; None if a leg on foot has no heights."""

    low_m: float | None
    """Lowest point, metres; None if a leg on foot has no heights."""

    high_estimate_m: Estimate | None = None
    """Highest point with its interval, metres; None if a leg on foot has no heights."""

    gradients: Gradients | None = None
    """How steep the way is; None if a leg on foot has no heights."""

    effort: Effort
    """Walking time."""

    missing: str
    """Why figures are missing, if they are."""


@dataclass(frozen=True, slots=True, eq=False)
class DayStudy:
    """Figures of one day."""

    day: Day
    """The day."""

    legs: tuple[LegStudy, ...]
    """Its legs, in order; in a variant, those that it keeps."""

    totals: Totals
    """Sums over them."""

    @property
    def is_on_foot(self) -> bool:
        """Whether some of it is on foot."""
        return any(leg.is_on_foot for leg in self.legs)


@dataclass(frozen=True, slots=True, eq=False)
class VariantStudy:
    """Figures of one variant."""

    variant: Variant
    """The variant."""

    days: tuple[DayStudy, ...]
    """Its days, in its order."""

    totals: Totals
    """Sums over them."""

    is_default: bool
    """Whether it is the whole of the trek's default variant, which stands for the trek."""

    @property
    def legs(self) -> tuple[LegStudy, ...]:
        """All legs, in order."""
        return tuple(leg for day in self.days for leg in day.legs)


def height_sources_of(legs: Sequence[LegStudy]) -> tuple[HeightSource, ...]:
    """Sources of the heights of legs, each once."""
    return tuple(dict.fromkeys(profile.heights for leg in legs for profile in leg.profiles))


def missing_of(legs: Iterable[LegStudy]) -> str:
    """Why figures of legs are missing, each reason once; "" when none is missing."""
    return "; ".join(dict.fromkeys(leg.missing for leg in legs if leg.missing))


def lines_of(legs: Iterable[LegStudy]) -> str:
    """Where the lines of legs come from, each once, for example ``"recorded, modelled"``."""
    return ", ".join(dict.fromkeys(leg.line.provenance.value for leg in legs))
