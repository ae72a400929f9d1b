"""Find high points of lines that no named pass accounts for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routes.analysis.figures.profile import Profile
from routes.kernel.geodesy import distance_m
from routes.kernel.profile import prominent_peaks
from routes.model.trek import Place

REACH_M = 1000.0
"""Search radius for a saddle around its coordinate, and how far its sides may extend, metres."""

MAX_REACH_M = 5000.0
"""Largest search radius, metres: a less certain position does not identify a saddle."""

MIN_PROMINENCE_M = 100.0
"""Smallest rise along the line on both sides of an unnamed pass, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPass:
    """A high point of a line that is not a named pass."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    height_m: float
    """Smoothed height, metres in the product's datum."""

    prominence_m: float
    """Drop along the line to the lower of the two sides, metres, before it rises higher or ends."""

    along_m: float
    """Distance from the start of its segment, metres."""

    nearest_id: str
    """Id of the nearest named place."""

    nearest_m: float
    """Distance to that place, metres."""


def reach_of(place: Place) -> float:
    """Radius in which saddles are searched around a place, metres."""
    return min(max(REACH_M, place.position_uncertainty_m), MAX_REACH_M)


def unnamed_passes(
    profiles: Iterable[Profile], places: Sequence[Place], *, prominence_m: float = MIN_PROMINENCE_M
) -> tuple[FoundPass, ...]:
    """High points of a line, in walking order, without those near a named pass.

    Prominence is that of `scipy.signal.peak_prominences`, so a top at an end of the line does not count. Needs at least
    one place.
    """
    found = []
    for profile in profiles:
        known = np.isfinite(profile.height_m)
        edges = np.flatnonzero(np.diff(known.astype(np.int8), prepend=0, append=0))
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            peaks, prominences = prominent_peaks(profile.height_m[start:stop], prominence_m=prominence_m)
            for peak, prominence in zip(peaks + start, prominences, strict=True):
                here = _found_pass(profile, int(peak), float(prominence), places)
                found.extend([here] if here is not None else [])
    return tuple(found)


def _found_pass(
    profile: Profile, peak: int, prominence_m: float, places: Sequence[Place]
) -> FoundPass | None:
    lon, lat = float(profile.lon_deg[peak]), float(profile.lat_deg[peak])
    away = distance_m([lon], [lat], [place.lon for place in places], [place.lat for place in places])
    for place, apart in zip(places, away, strict=True):
        if place.kind.value == "pass" and apart <= reach_of(place):
            return None
    nearest = int(np.argmin(away))
    return FoundPass(
        lon=lon, lat=lat, height_m=float(profile.height_m[peak]), prominence_m=prominence_m,
        along_m=float(profile.distance_m[peak]), nearest_id=places[nearest].id, nearest_m=float(away[nearest]),
    )  # fmt: skip
