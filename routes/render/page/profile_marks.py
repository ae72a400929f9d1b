"""Content of a profile: days, heights along the hikes, and places."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.results import LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.model.kinds import Mode, PlaceKind
from routes.model.trek import Place

OFF_LINE_M = 500.0
"""A place farther than this from its leg's line is left out, metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Heights of one segment."""

    day_number: int
    """Number of its day."""

    along_m: FloatArray
    """Distance from the start of the profile, shape (n,), metres."""

    height_m: FloatArray
    """Heights, shape (n,), metres."""

    band_m: FloatArray | None = None
    """P10 and P90 of the heights, shape (2, n), metres; None if unknown."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the route."""

    place: Place
    """The place."""

    day_number: int
    """Number of the day that passes it."""

    along_m: float
    """Distance from the start of the profile, metres."""

    heights_m: tuple[float, ...]
    """The profile's height there, or all stated heights; empty if there is none."""

    priority: int
    """Priority of its name: 0 passes and peaks, 1 nights, 2 camps, 3 others."""

    run: int
    """Number of its unbroken walk; a ride between two hikes starts another."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Content of a profile."""

    days: tuple[tuple[int, float, float], ...]
    """Number, start and end of each day; distances along the profile in metres."""

    curves: tuple[Curve, ...]
    """Heights from the DEM; empty if there are none."""

    marks: tuple[Mark, ...]
    """Places, in walking order."""

    length_m: float
    """Total length, metres."""

    is_lower_bound: bool
    """Whether parts are straight lines."""


def outline(study: Study, variant: VariantStudy) -> Outline | None:
    """Profile of a variant's hikes, or of all walks if it has no hike; None without any walk."""
    legs = [leg for leg in variant.legs if leg.leg.mode is Mode.HIKE] or [
        leg for leg in variant.legs if leg.is_on_foot
    ]
    if not legs:
        return None
    has_heights = any(leg.profiles for leg in legs)
    nights = {day.day.sleep for day in variant.days}
    curves: list[Curve] = []
    marks: list[Mark] = []
    days: dict[int, tuple[float, float]] = {}
    start, run, before = 0.0, 0, ""
    for leg in legs:
        run += bool(before) and leg.leg.start != before
        before = leg.leg.end
        tracks = list(_tracks(leg, start))
        for i, (_, _, along, heights) in enumerate(tracks):
            if heights is not None:
                band = heights + leg.band_m[i] if leg.band_m else None
                curves.append(Curve(leg.day_number, along, heights, band))
        for place_id in leg.leg.stops:
            place = study.trek.place(place_id)
            mark = _mark(place, leg, tracks, has_heights=has_heights, run=run, nights=nights)
            if mark is not None and not (marks and marks[-1].place.id == place.id and marks[-1].run == run):
                marks.append(mark)
        end = start + leg.length_m.value
        days[leg.day_number] = (days.get(leg.day_number, (start, end))[0], end)
        start = end
    return Outline(
        days=tuple((number, *ends) for number, ends in days.items()),
        curves=tuple(curves),
        marks=tuple(marks),
        length_m=start,
        is_lower_bound=any(leg.is_lower_bound for leg in legs),
    )


def _tracks(
    leg: LegStudy, start: float
) -> Iterator[tuple[FloatArray, FloatArray, FloatArray, FloatArray | None]]:
    """Yield longitude, latitude, distance along the profile, and heights of each segment of a leg.

    Distances are stretched to the leg's length: a modelled line is shorter than the trail.
    """
    tracks: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray | None]] = [
        (profile.lon_deg, profile.lat_deg, profile.distance_m, profile.height_m) for profile in leg.profiles
    ] or [
        (segment.lon_deg, segment.lat_deg, cumulative_distance_m(segment.lon_deg, segment.lat_deg), None)
        for segment in leg.line.segments
    ]
    length = float(sum(along[-1] for _, _, along, _ in tracks))
    stretch = leg.length_m.value / length if length > 0.0 else 1.0
    for lon, lat, along, heights in tracks:
        yield lon, lat, start + stretch * along, heights
        start += stretch * float(along[-1])


def _mark(
    place: Place,
    leg: LegStudy,
    tracks: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray | None]],
    *,
    has_heights: bool,
    run: int,
    nights: set[str | None],
) -> Mark | None:
    """Mark where a leg comes nearest to a place; None if it does not come near."""
    is_end = place.id in (leg.leg.start, leg.leg.end)
    best: tuple[float, float, float | None] | None = None
    for lon, lat, along, heights in tracks:
        away = distance_m([place.lon], [place.lat], lon, lat)
        nearest = int(np.argmin(away))
        if best is None or away[nearest] < best[0]:
            height = None if heights is None else float(heights[nearest])
            best = float(away[nearest]), float(along[nearest]), height
    if best is None or (best[0] > max(OFF_LINE_M, place.position_uncertainty_m) and not is_end):
        return None
    known: tuple[float, ...]
    if has_heights:
        known = () if best[2] is None or not np.isfinite(best[2]) else (best[2],)
    else:
        known = tuple(figure.measure.value for figure in place.stated)
    return Mark(place, leg.day_number, best[1], known, _priority(place, is_night=place.id in nights), run)


def _priority(place: Place, *, is_night: bool) -> int:
    if place.kind in (PlaceKind.PASS, PlaceKind.PEAK):
        return 0
    if is_night:
        return 1
    return 2 if place.kind is PlaceKind.CAMP else 3
