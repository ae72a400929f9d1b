"""The figures of lines, legs, days and variants, as computed by `legs`."""

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
    """Seconds by method; empty if unknown."""

    missing: str = ""
    """Why it is unknown."""

    method: Method = DEFAULT_METHOD
    """The method shown first."""

    @property
    def time_s(self) -> Estimate | None:
        """Walking time by the method shown first, seconds; None if unknown."""
        return self.times_s.get(self.method)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Way:
    """A walked leg sample by sample, accumulated from its start."""

    lon_deg: FloatArray
    """Longitudes of the samples, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes of the samples, shape (n,), degrees."""

    distance_m: FloatArray
    """Horizontal distance from the start, shape (n,), metres; gaps between segments add nothing."""

    height_m: FloatArray
    """Smoothed heights, shape (n,), metres."""

    rise_m: FloatArray
    """Sum of rises of the smoothed profile from the start, shape (n,), metres."""

    fall_m: FloatArray
    """Sum of falls of the smoothed profile from the start, shape (n,), metres."""

    time_s: FloatArray
    """Walking time from the start by the chosen method, shape (n,), seconds."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LineStudy:
    """Figures of one line."""

    line: Line
    """The line: read from a file, traced along OpenStreetMap, modelled over the DEM, or schematic."""

    length_m: Estimate
    """Horizontal length, metres; a lower bound for straight lines."""

    profiles: tuple[Profile, ...] = ()
    """One per segment; empty without heights."""

    ascent_m: Estimate | None = None
    """Sum of rises, metres; None if unknown."""

    descent_m: Estimate | None = None
    """Sum of falls, metres; None if unknown."""

    length_model: LengthModel | None = None
    """Model behind `length_m`; None off foot."""

    climb_model: ClimbModel | None = None
    """Model behind `ascent_m` and `descent_m`; None if they are unknown."""

    line_climb: Climb = LEVEL
    """Climb along `profiles`: on a modelled line, less than the trail's."""

    high_estimate_m: Estimate | None = None
    """Highest point with its range, metres; None without ascent, and for recorded heights."""

    void_share: float | None = None
    """Share of samples without a DEM height, 0 to 1; None without a DEM."""

    band_m: tuple[FloatArray, ...] = ()
    """P10 and P90 of each profile's heights minus the heights, shape (2, n), metres; empty for recorded heights, and
    where the trail's height at a distance is unknown, as on a modelled line."""

    gradients: Gradients | None = None
    """Gradients; None without ascent."""

    climbs: tuple[Rise, ...] = ()
    """Sustained climbs, in walking order."""

    unnamed_passes: tuple[FoundPass, ...] = ()
    """High points that are not named passes, in walking order."""

    recorded: RecordedHeights | None = None
    """Heights of the file compared with the DEM's; None if it has none."""

    notes: tuple[str, ...] = ()
    """Flaws of a recorded line, and how its heights differ from the DEM's."""

    missing: str = ""
    """Why figures are missing, if they are."""

    is_on_foot: bool = True
    """Whether it counts in walking figures."""

    effort: Effort = Effort({}, "walking time is not computed")
    """Walking time."""

    way: Way | None = None
    """Walking time from the start to each sample; None if unknown."""

    @property
    def is_lower_bound(self) -> bool:
        """Whether the length is straight-line, so that the trail is longer."""
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
    """Sums over legs on foot; `length_by_mode_m` covers all legs."""

    length_by_mode_m: Mapping[Mode, float]
    """Horizontal length by mode, metres; straight-line where nothing better is known."""

    walking_m: Estimate
    """Horizontal length on foot, metres."""

    is_lower_bound: bool
    """Whether a leg on foot is schematic, so that the trail is longer."""

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
    """Gradients; None if a leg on foot has no heights."""

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
    """Its legs, in order; in a variant, those it keeps."""

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
    """Whether it is the complete default variant, which represents the trek."""

    @property
    def legs(self) -> tuple[LegStudy, ...]:
        """All legs, in order."""
        return tuple(leg for day in self.days for leg in day.legs)


def height_sources_of(legs: Sequence[LegStudy]) -> tuple[HeightSource, ...]:
    """Height sources of legs, each once."""
    return tuple(dict.fromkeys(profile.heights for leg in legs for profile in leg.profiles))


def missing_of(legs: Iterable[LegStudy]) -> str:
    """Why figures of legs are missing, each reason once; "" if none is."""
    return "; ".join(dict.fromkeys(leg.missing for leg in legs if leg.missing))


def lines_of(legs: Iterable[LegStudy]) -> str:
    """Provenances of the legs' lines, each once, for example ``"recorded, modelled"``."""
    return ", ".join(dict.fromkeys(leg.line.provenance.value for leg in legs))
