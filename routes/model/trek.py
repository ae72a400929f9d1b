"""The itinerary: treks, days, legs, places, variants."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import ConfigDict, Field

from routes.errors import ModelError
from routes.model.figures import Fact, StatedFigure, StatedSeason
from routes.model.kinds import Mode, PlaceKind, Provenance, Recorder, check_identifier

MAX_DAY = 999
"""Largest number of a day."""

HALF_WAY = "half-way between the two places that it parts, for want of a position"
"""Position source of a place of which the trek file gives no position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place with a position, its uncertainty, and the heights stated for it."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key by which legs refer to it."""

    name: str
    """Name as shown."""

    kind: PlaceKind
    """What it is."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    position_uncertainty_m: float
    """Radius in metres within which the true position lies with about 95 % probability."""

    position_source: str
    """Citation of the position that a reader can follow."""

    aliases: tuple[str, ...] = ()
    """Other spellings and names."""

    between: tuple[str, str] | None = None
    """For a pass without a published position: ids of the two places that it parts. Where the trek file gives no
    position at all, `routes.io.trek.read` puts it half-way between them, and the DEM then tells where it is."""

    note: str = ""
    """Own words."""

    assumed: bool = False
    """Whether no source gives the position and it is our assumption."""

    stated: tuple[StatedFigure, ...] = ()
    """Heights that somebody printed for it."""

    @property
    def is_sought(self) -> bool:
        """Whether nobody gave its position, and it stands half-way between two places until the DEM tells the pass."""
        return self.between is not None and self.position_source == HALF_WAY

    def __post_init__(self) -> None:
        check_identifier(self.id, "place")
        if not self.name.strip():
            msg = f"Place {self.id!r} has an empty name."
            raise ModelError(msg)
        if not -90.0 <= self.lat <= 90.0:
            msg = f"Latitude {self.lat} of place {self.id!r} is outside -90 to 90; are lon and lat swapped?"
            raise ModelError(msg)
        if not -180.0 <= self.lon < 180.0:
            msg = f"Longitude {self.lon} of place {self.id!r} is outside -180 to 180 (180 itself is -180)."
            raise ModelError(msg)
        if self.between is not None and self.id in self.between:
            msg = f"Place {self.id!r} lies between itself and another; name the two places that it parts."
            raise ModelError(msg)
        if not 0.0 < self.position_uncertainty_m <= 100_000.0:
            msg = f"position_uncertainty_m of place {self.id!r} must be more than 0 and at most 100,000 m."
            raise ModelError(msg)
        for figure in self.stated:
            if figure.quantity.value != "elevation":
                msg = f"Place {self.id!r} states a {figure.quantity}; a place has elevations only."
                raise ModelError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One stretch of a day between two places, in one mode of travel."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key; also the name of its GPX file in ``data/gpx/<trek>/``."""

    start: Annotated[str, Field(alias="from")]
    """Id of the place where it begins (``from`` in the trek file)."""

    end: Annotated[str, Field(alias="to")]
    """Id of the place where it ends (``to`` in the trek file)."""

    mode: Mode
    """How it is travelled."""

    via: tuple[str, ...] = ()
    """Ids of places on the way, in order."""

    gpx: str | None = None
    """Path of its GPX file, relative to the trek file."""

    provenance: Provenance | None = None
    """Where the line comes from; may be absent where the GPX says so itself."""

    heights: Recorder = Recorder.AUTO
    """What recorded the heights of its GPX file."""

    assumed: bool = False
    """Whether the source does not describe the leg and it is our assumption."""

    note: str = ""
    """Own words."""

    stated: tuple[StatedFigure, ...] = ()
    """Distance, duration, ascent, descent or highest point that somebody printed."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "leg")
        for figure in self.stated:
            if figure.quantity.value in ("elevation", "days"):
                msg = f"Leg {self.id!r} states {figure.quantity}, which belongs to a place or the trek."
                raise ModelError(msg)

    @property
    def stops(self) -> tuple[str, ...]:
        """Ids of all places that the leg touches, in order."""
        return (self.start, *self.via, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day: its legs in order, and where one sleeps."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    number: int
    """Number in the guide's order; add-on days continue the count."""

    title: str
    """Short title in own words."""

    legs: tuple[Leg, ...]
    """Legs in the order of travel."""

    sleep: str | None = None
    """Id of the place where one sleeps."""

    transfer: bool = False
    """Whether legs may begin elsewhere than where the one before ended (the way between is not described)."""

    note: str = ""
    """Own words."""

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MAX_DAY:
            msg = f"Day number {self.number} is not within 1 to {MAX_DAY}."
            raise ModelError(msg)
        if not self.legs:
            msg = f"Day {self.number} has no legs."
            raise ModelError(msg)

    @property
    def is_trekking(self) -> bool:
        """Whether part of the day is hiked (a walk about town is none)."""
        return any(leg.mode is Mode.HIKE for leg in self.legs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A way to do the trek: which days in which order, with which legs left out."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key; also the name of its output folder."""

    name: str
    """Name as shown."""

    days: tuple[int, ...]
    """Day numbers in order."""

    skip_legs: tuple[str, ...] = ()
    """Ids of legs of those days that this variant leaves out."""

    assumed: bool = False
    """Whether the source does not say which days it means and it is our assumption."""

    note: str = ""
    """Own words."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "variant")
        if not self.days or len(set(self.days)) != len(self.days):
            msg = f"Variant {self.id!r} needs days, each once; it has {list(self.days)}."
            raise ModelError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trek:
    """A multi-day trek: places, days, variants and what is stated about the whole."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key; also the name of its output folder."""

    name: str
    """Name as shown."""

    country: str
    """Country."""

    region: str
    """Region within the country."""

    time_zone: str
    """IANA time zone, for example ``"America/Lima"``."""

    summary: str
    """What it is, in own words."""

    source: str
    """Where the itinerary comes from."""

    places: tuple[Place, ...]
    """All places that legs and facts refer to."""

    days: tuple[Day, ...]
    """All days, add-ons included, in order of number."""

    variants: tuple[Variant, ...] = ()
    """Ways to do it; the first is the default. Without any, all days in order."""

    stated: tuple[StatedFigure, ...] = ()
    """Figures stated about the trek as a whole (its trekking days, without add-ons)."""

    seasons: tuple[StatedSeason, ...] = ()
    """Times of year that somebody recommends or warns of."""

    facts: tuple[Fact, ...] = ()
    """Facts that are no figures."""

    attribution: str = ""
    """Credit that the sources of positions and lines ask for; printed on the map and in the GPX."""

    author: str = ""
    """Who wrote the trek file; the author that GPX names."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "trek")
        if not _may_be_zone(self.time_zone):
            msg = f"time_zone {self.time_zone!r} is no IANA name such as 'America/Lima'."
            raise ModelError(msg)
        _check_unique("places", [place.id for place in self.places])
        _check_unique("days", [day.number for day in self.days])
        _check_unique("legs", [leg.id for _, leg in self.legs()])
        _check_unique("variants", [variant.id for variant in self.variants])
        known = {place.id for place in self.places}
        for key, place_id in self._references():
            if place_id not in known:
                msg = f"{key}: unknown place {place_id!r}; known places: {', '.join(sorted(known))}."
                raise ModelError(msg)
        for day, leg in self.legs():
            if len(set(leg.stops)) == 1 and leg.gpx is None:
                msg = f"Day {day.number}, leg {leg.id!r} goes nowhere: give it places on the way (via) or a gpx."
                raise ModelError(msg)
        for variant in self.variants or (self.default_variant,):
            self._check_order(variant)

    def place(self, place_id: str) -> Place:
        """Return the place with that id.

        Raises
        ------
        KeyError
            If there is none; the ids inside a trek are checked when it is made.
        """
        return next(place for place in self.places if place.id == place_id)

    def legs(self) -> Iterator[tuple[Day, Leg]]:
        """Yield every leg with its day, in order."""
        for day in self.days:
            for leg in day.legs:
                yield day, leg

    @property
    def default_variant(self) -> Variant:
        """The first variant; all days in order when none is given."""
        if self.variants:
            return self.variants[0]
        return Variant(id="all", name=self.name, days=tuple(day.number for day in self.days))

    def variant(self, variant_id: str) -> Variant:
        """Return a variant by id.

        Raises
        ------
        ModelError
            If there is none of that id; the message lists those that exist.
        """
        for variant in self.variants:
            if variant.id == variant_id:
                return variant
        known = ", ".join(variant.id for variant in self.variants) or "none"
        msg = f"Trek {self.id!r} has no variant {variant_id!r}; it has: {known}."
        raise ModelError(msg)

    def itinerary(self, variant: Variant) -> tuple[tuple[Day, tuple[Leg, ...]], ...]:
        """Days of a variant in its order, each with the legs that the variant keeps."""
        by_number = {day.number: day for day in self.days}
        return tuple(
            (day, tuple(leg for leg in day.legs if leg.id not in variant.skip_legs))
            for day in (by_number[number] for number in variant.days)
        )

    def _references(self) -> Iterator[tuple[str, str]]:
        for day, leg in self.legs():
            yield f"day {day.number}, leg {leg.id!r}, from", leg.start
            yield f"day {day.number}, leg {leg.id!r}, to", leg.end
            for place_id in leg.via:
                yield f"day {day.number}, leg {leg.id!r}, via", place_id
        for day in self.days:
            if day.sleep is not None:
                yield f"day {day.number}, sleep", day.sleep
        for place in self.places:
            for place_id in place.between or ():
                yield f"place {place.id!r}, between", place_id

    def _check_order(self, variant: Variant) -> None:
        numbers = {day.number for day in self.days}
        missing = [number for number in variant.days if number not in numbers]
        if missing:
            msg = f"Variant {variant.id!r} names day {missing[0]}, which does not exist; days: {sorted(numbers)}."
            raise ModelError(msg)
        unknown = set(variant.skip_legs) - {leg.id for _, leg in self.legs()}
        if unknown:
            msg = f"Variant {variant.id!r} skips the unknown leg {min(unknown)!r}."
            raise ModelError(msg)
        before: Leg | None = None
        for day, legs in self.itinerary(variant):
            for leg in legs:
                if before is not None and leg.start != before.end and not day.transfer:
                    msg = (
                        f"Day {day.number}, leg {leg.id!r} begins at {leg.start!r}, but leg {before.id!r} ended at "
                        f"{before.end!r} (variant {variant.id!r}); mend one of them, add the leg between, or set "
                        f"transfer = true for the day."
                    )
                    raise ModelError(msg)
                before = leg


def _check_unique(what: str, keys: list[str] | list[int]) -> None:
    seen: set[str | int] = set()
    for key in keys:
        if key in seen:
            msg = f"{what}: {key!r} occurs twice."
            raise ModelError(msg)
        seen.add(key)


def _may_be_zone(name: str) -> bool:
    """Whether a time zone is known here, or none is: a system without a time zone database cannot tell."""
    if not name.startswith(("posix", "right")):  # other clocks of the same zones, which nobody lists
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return bool(ZoneInfo(name).key)
    zones = available_timezones()  # looks into hundreds of files
    return not zones or name in zones
