"""Stated figures, seasons and facts: value, source, and rounding."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import ConfigDict

from routes.errors import ModelError
from routes.model.measure import Measure, Unit


class Quantity(StrEnum):
    """Quantity of a stated figure."""

    ELEVATION = "elevation"
    DISTANCE = "distance"
    DURATION = "duration"
    ASCENT = "ascent"
    DESCENT = "descent"
    MAX_ELEVATION = "max_elevation"
    DAYS = "days"
    PASSES = "passes"


class VerticalDatum(StrEnum):
    """Reference surface of a height."""

    UNKNOWN = "unknown"
    EGM96 = "EGM96"
    EGM2008 = "EGM2008"
    NAVD88 = "NAVD88"
    NGVD29 = "NGVD29"
    ELLIPSOID = "WGS84 ellipsoid"


_HEIGHTS = (Unit.METRE, Unit.FOOT)
UNITS_OF = {
    Quantity.ELEVATION: _HEIGHTS,
    Quantity.MAX_ELEVATION: _HEIGHTS,
    Quantity.ASCENT: _HEIGHTS,
    Quantity.DESCENT: _HEIGHTS,
    Quantity.DISTANCE: (Unit.METRE, Unit.FOOT, Unit.KILOMETRE, Unit.MILE),
    Quantity.DURATION: (Unit.HOUR, Unit.MINUTE),
    Quantity.DAYS: (Unit.DAY,),
    Quantity.PASSES: (Unit.COUNT,),
}
"""Allowed units of each quantity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFigure:
    """A figure exactly as printed, with its source."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    quantity: Quantity
    """Quantity."""

    value: str
    """Number (or range) and unit as printed, such as ``"11,000 ft"``."""

    source: str
    """Citation that readers can follow."""

    also: str | None = None
    """The same figure in a second unit, if the source prints it next to the first."""

    rounding: float | None = None
    """Rounding step of `value`, in its unit; inferred from trailing zeros if absent."""

    datum: VerticalDatum = VerticalDatum.UNKNOWN
    """Vertical datum, if the source names one."""

    note: str = ""
    """What exactly the source states, in our own words."""

    def __post_init__(self) -> None:
        if not self.source.strip():
            msg = f"The stated {self.quantity} {self.value!r} has an empty source; say who printed it."
            raise ModelError(msg)
        for measure in (self.measure, self.second):
            if measure is None:
                continue
            if measure.unit not in UNITS_OF[self.quantity]:
                units = ", ".join(
                    unit.value if unit is not Unit.COUNT else "none" for unit in UNITS_OF[self.quantity]
                )
                msg = f"{measure.printed!r} has no unit for {self.quantity}; allowed: {units}."
                raise ModelError(msg)
            if self.quantity in (Quantity.ELEVATION, Quantity.MAX_ELEVATION):
                if not -500.0 < measure.value < 9000.0:
                    msg = f"A stated height of {measure.printed} ({self.source}) is not on land."
                    raise ModelError(msg)
            elif measure.low < 0.0:
                msg = f"A stated {self.quantity} of {measure.printed} ({self.source}) is negative."
                raise ModelError(msg)
        if self.second is not None and self.second.unit is self.measure.unit:
            msg = f"{self.value!r} and {self.also!r} are in the same unit; give two stated figures instead."
            raise ModelError(msg)

    @property
    def measure(self) -> Measure:
        """The first value, parsed."""
        return Measure.parse(self.value, self.rounding)

    @property
    def second(self) -> Measure | None:
        """The second value, parsed; None if there is none."""
        return None if self.also is None else Measure.parse(self.also)

    @property
    def printed(self) -> str:
        """Both values as printed, such as ``"4450 m (14,600 ft)"``."""
        return self.value if self.also is None else f"{self.value} ({self.also})"


class SeasonKind(StrEnum):
    """Kind of a stated season."""

    BEST = "best"
    WETTEST = "wettest"


_SEASON_START_MONTH_NORTH = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_THIRD = {"early": 0, "mid": 1, "late": 2}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedSeason:
    """A time of year that a source recommends or warns of, by months or by names of seasons."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    kind: SeasonKind
    """Best time to go, or wettest time."""

    source: str
    """Citation that readers can follow."""

    months: tuple[int, ...] = ()
    """Months 1 to 12, if the source names months."""

    seasons: tuple[str, ...] = ()
    """Names such as ``"late spring"`` or ``"summer"``, if the source names seasons."""

    note: str = ""
    """Note in our own words."""

    def __post_init__(self) -> None:
        if bool(self.months) == bool(self.seasons):
            msg = "A stated season gives either months or names of seasons."
            raise ModelError(msg)
        if any(not 1 <= month <= 12 for month in self.months):
            msg = f"Months run from 1 to 12, not {list(self.months)}."
            raise ModelError(msg)
        for name in self.seasons:
            part, _, season = name.rpartition(" ")
            if season not in _SEASON_START_MONTH_NORTH or (part and part not in _THIRD):
                msg = f"{name!r} is no season; write for example 'late spring', 'summer', 'early autumn'."
                raise ModelError(msg)

    @property
    def printed(self) -> str:
        """Names of seasons or months, as an English guide prints them."""
        return " and ".join(self.seasons or month_names(self.months))

    @property
    def cited(self) -> str:
        """The printed words, with their source in brackets."""
        return f"{self.printed} ({self.source})"

    def months_at(self, lat_deg: float) -> frozenset[int]:
        """Months at a latitude: meteorological seasons, shifted by half a year south of the equator."""
        if self.months:
            return frozenset(self.months)
        shift = 6 if lat_deg < 0.0 else 0
        months: set[int] = set()
        for name in self.seasons:
            part, _, season = name.rpartition(" ")
            thirds = (_THIRD[part],) if part else (0, 1, 2)
            first = _SEASON_START_MONTH_NORTH[season] - 1 + shift
            months.update((first + third) % 12 + 1 for third in thirds)
        return frozenset(months)


def month_names(numbers: Iterable[int]) -> tuple[str, ...]:
    """English names of months 1 to 12."""
    return tuple(_MONTHS[number - 1] for number in numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact without a figure: permits, sights, difficulty."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    topic: str
    """Short key, such as ``"permit"``."""

    text: str
    """The fact in our own words."""

    source: str
    """Citation that readers can follow."""
