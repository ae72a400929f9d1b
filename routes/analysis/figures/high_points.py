"""High points of lines that nobody named as a pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from routes.analysis.figures.profile import Profile
from routes.kernel.geodesy import distance_m
from routes.kernel.profile import prominent_peaks
from routes.model.trek import Place

REACH_M = 1000.0
"""How far from the coordinate a saddle is looked for, and how far its sides may reach, metres."""

MAX_REACH_M = 5000.0
"""Largest reach: a position less certain than that says nothing about which saddle is meant, metres."""

MIN_PROMINENCE_M = 100.0
"""Least rise along the line on either side of a pass that nobody named, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPass:
    """A high point of a line that nobody named as a pass."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    height_m: float
    """Smoothed height of the line, metres in the product's datum."""

    prominence_m: float
    """How far the line falls on either side before it rises higher or ends, metres, the lesser of the two."""

    along_m: float
    """Distance from the start of its segment, metres."""

    nearest_id: str
    """Id of the nearest named place."""

    nearest_m: float
    """Distance to it, metres."""


def reach_of(place: Place) -> float:
    """How far around a place saddles are looked for, metres."""
    return min(max(REACH_M, place.position_uncertainty_m), MAX_REACH_M)


def unnamed_passes(
    profiles: Iterable[Profile], places: Sequence[Place], *, prominence_m: float = MIN_PROMINENCE_M
) -> tuple[FoundPass, ...]:
    """High points of a line with ground that falls far enough on either side along it.

    Parameters
    ----------
    profiles : iterable of Profile
        Height profiles, one a segment; those with gaps are looked at between the gaps.
    places : sequence of Place
        Named places, at least one.
    prominence_m : float
        Least prominence along the line, metres.

    Returns
    -------
    tuple of FoundPass
        In walking order; those within reach of a pass among the places are left out.

    Notes
    -----
    Prominence as `scipy.signal.peak_prominences` defines it: the line's ends bound it, so that a top at an end of the
    line is none.
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
