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
"""Highest day number."""

HALF_WAY = "half-way between the two places that it parts, for want of a position"
"""Position source of a place without a position in the trek file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place with a position, its uncertainty, and its stated heights."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key by which legs refer to it."""

    name: str
    """Display name."""

    kind: PlaceKind
    """Kind of place."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    position_uncertainty_m: float
    """Position uncertainty: 95 % radius, metres."""

    position_source: str
    """Source of the position, as a citation that readers can follow."""

    aliases: tuple[str, ...] = ()
    """Other spellings and names."""

    between: tuple[str, str] | None = None
    """For a pass without a published position: ids of the places on either side.

    Without a position in the trek file, `routes.io.trek.read` puts the pass half-way, and the DEM then finds it.
    """

    note: str = ""
    """Note in our own words."""

    assumed: bool = False
    """Whether the position is our assumption, as no source gives one."""

    stated: tuple[StatedFigure, ...] = ()
    """Heights that sources state for it."""

    @property
    def is_sought(self) -> bool:
        """Whether no source gives its position, so that the DEM must find it between two places."""
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
    """A part of a day between two places, in one mode of travel."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key, and the name of its GPX file in ``data/gpx/<trek>/``."""

    start: Annotated[str, Field(alias="from")]
    """Id of its first place (``from`` in the trek file)."""

    end: Annotated[str, Field(alias="to")]
    """Id of its last place (``to`` in the trek file)."""

    mode: Mode
    """Mode of travel."""

    via: tuple[str, ...] = ()
    """Ids of intermediate places, in order."""

    gpx: str | None = None
    """Path of its GPX file, relative to the trek file."""

    provenance: Provenance | None = None
    """Origin of the line; not needed if the GPX states it."""

    heights: Recorder = Recorder.AUTO
    """What recorded the heights of its GPX file."""

    assumed: bool = False
    """Whether the leg is our assumption, as the source does not describe it."""

    note: str = ""
    """Note in our own words."""

    stated: tuple[StatedFigure, ...] = ()
    """Distances, durations, ascents, descents or highest points that sources state for it."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "leg")
        for figure in self.stated:
            if figure.quantity.value in ("elevation", "days"):
                msg = f"Leg {self.id!r} states {figure.quantity}, which belongs to a place or the trek."
                raise ModelError(msg)

    @property
    def stops(self) -> tuple[str, ...]:
        """Ids of all its places, in order."""
        return (self.start, *self.via, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day: its legs in order, and the night's place."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    number: int
    """Number in the guide's order; add-on days continue the count."""

    title: str
    """Short title in our own words."""

    legs: tuple[Leg, ...]
    """Legs, in travel order."""

    sleep: str | None = None
    """Id of the place for the night."""

    transfer: bool = False
    """Whether legs may start elsewhere than the previous one ended; the connection is then not described."""

    note: str = ""
    """Note in our own words."""

    def __post_init__(self) -> None:
        if not 1 <= self.number <= MAX_DAY:
            msg = f"Day number {self.number} is not within 1 to {MAX_DAY}."
            raise ModelError(msg)
        if not self.legs:
            msg = f"Day {self.number} has no legs."
            raise ModelError(msg)

    @property
    def is_trekking(self) -> bool:
        """Whether the day includes a hike; a walk in town is none."""
        return any(leg.mode is Mode.HIKE for leg in self.legs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A variant of the trek: its days in order, without some legs."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key, and the name of its output folder."""

    name: str
    """Display name."""

    days: tuple[int, ...]
    """Day numbers, in order."""

    skip_legs: tuple[str, ...] = ()
    """Ids of legs of these days that the variant leaves out."""

    assumed: bool = False
    """Whether the choice of days is our assumption, as the source does not say."""

    note: str = ""
    """Note in our own words."""

    def __post_init__(self) -> None:
        check_identifier(self.id, "variant")
        if not self.days or len(set(self.days)) != len(self.days):
            msg = f"Variant {self.id!r} needs days, each once; it has {list(self.days)}."
            raise ModelError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trek:
    """A multi-day trek: places, days, variants, and figures stated about the whole."""

    __pydantic_config__: ClassVar[ConfigDict] = {"extra": "forbid"}

    id: str
    """Key, and the name of its output folder."""

    name: str
    """Display name."""

    country: str
    """Country."""

    region: str
    """Region within the country."""

    time_zone: str
    """IANA time zone, for example ``"America/Lima"``."""

    summary: str
    """Summary in our own words."""

    source: str
    """Source of the itinerary."""

    places: tuple[Place, ...]
    """All places that legs and facts use."""

    days: tuple[Day, ...]
    """All days, including add-ons, in order of number."""

    variants: tuple[Variant, ...] = ()
    """Variants, the default first; if there are none, all days in order."""

    stated: tuple[StatedFigure, ...] = ()
    """Figures stated about the whole trek: its trekking days, without add-ons."""

    seasons: tuple[StatedSeason, ...] = ()
    """Times of year that sources recommend or warn of."""

    facts: tuple[Fact, ...] = ()
    """Facts without a figure."""

    attribution: str = ""
    """Credit required by the sources of positions and lines; shown on the map and in the GPX."""

    author: str = ""
    """Author of the trek file, named in the GPX."""

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
        """Return a place by id.

        Raises
        ------
        KeyError
            If there is none. (Ids used inside a trek are checked when it is made.)
        """
        return next(place for place in self.places if place.id == place_id)

    def legs(self) -> Iterator[tuple[Day, Leg]]:
        """Yield every leg with its day, in order."""
        for day in self.days:
            for leg in day.legs:
                yield day, leg

    @property
    def default_variant(self) -> Variant:
        """The first variant, or all days in order if there are none."""
        if self.variants:
            return self.variants[0]
        return Variant(id="all", name=self.name, days=tuple(day.number for day in self.days))

    def variant(self, variant_id: str) -> Variant:
        """Return a variant by id.

        Raises
        ------
        ModelError
            If there is none; the message lists the existing ids.
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
    """Whether a time zone exists; always true on a system without a time zone database."""
    if not name.startswith(("posix", "right")):  # duplicates of other zones, in no list
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return bool(ZoneInfo(name).key)
    zones = available_timezones()  # slow: reads hundreds of files
    return not zones or name in zones
