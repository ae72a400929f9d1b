"""What a profile shows: stretches of days along the hikes, heights along them, and places on the way."""

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
"""Distance from a line beyond which a place that the leg goes by is left out of the profile, metres."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Heights along one segment."""

    day_number: int
    """Day that it belongs to."""

    along_m: FloatArray
    """Distance from the start of the profile, shape (n,), metres."""

    height_m: FloatArray
    """Heights, shape (n,), metres."""

    band_m: FloatArray | None = None
    """P10 and P90 of the heights, shape (2, n), metres; None where there are none."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the way."""

    place: Place
    """The place."""

    day_number: int
    """Day on which it is passed."""

    along_m: float
    """Distance from the start of the profile, metres."""

    heights_m: tuple[float, ...]
    """The height of the profile there, or every height that somebody states; empty when there is none."""

    priority: int
    """How much its name matters: 0 passes and peaks, 1 nights, 2 camps, 3 others."""

    run: int
    """Number of the unbroken walk that it belongs to: a ride between two hikes starts another."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """All that is drawn."""

    days: tuple[tuple[int, float, float], ...]
    """Number, start and end of each day along the profile, metres."""

    curves: tuple[Curve, ...]
    """Heights from the DEM; empty when there are none."""

    marks: tuple[Mark, ...]
    """Places, in the order of walking."""

    length_m: float
    """Whole length, metres."""

    is_lower_bound: bool
    """Whether some of it is straight lines."""


def outline(study: Study, variant: VariantStudy) -> Outline | None:
    """Profile of the hikes of a variant (of its walks when it has no hike); None when nobody walks."""
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
    """Longitude, latitude, distance along the profile and heights of each segment of a leg.

    Distances are stretched to the length of the leg, since that of a modelled line is the length of its trail.
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
    """Where a leg comes nearest to a place; None when it does not come near."""
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
