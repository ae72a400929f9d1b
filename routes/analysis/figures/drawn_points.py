"""The line of a leg as files draw it: its own vertices, and points between them, with the heights of its profile."""

from dataclasses import dataclass

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.results import LegStudy
from routes.kernel.geodesy import cumulative_distance_m, resample
from routes.model.figures import VerticalDatum
from routes.model.kinds import Provenance
from routes.model.track import Run

_TOUCH_M = 1e-6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class DrawnRun:
    """Points along which one walks without a gap."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees."""

    distance_m: FloatArray
    """Horizontal distance from the start of the run, shape (n,), metres."""

    height_m: FloatArray
    """Smoothed heights, shape (n,), metres above `datum_of` the leg; NaN where unknown."""

    provenances: tuple[Provenance, ...]
    """Where each point comes from, n of them."""

    @property
    def has_heights(self) -> bool:
        """Whether every height is known."""
        return bool(np.isfinite(self.height_m).all())


def drawn_runs(leg: LegStudy) -> tuple[DrawnRun, ...]:
    """Points of a leg, a run for each stretch without a gap.

    Parameters
    ----------
    leg : LegStudy
        A leg; one without a profile keeps the vertices of its line.

    Returns
    -------
    tuple of DrawnRun
        The line's own vertices all stay, so that its shape and length do.
    """
    found = []
    for number, run in enumerate(leg.line.unbroken()):
        segment = run.whole
        if number < len(leg.profiles):
            profile = leg.profiles[number]
            lon, lat, distance, _ = resample(
                segment.lon_deg, segment.lat_deg, spacing_m=profile.spacing_m, keep_vertices=True
            )
            height = np.interp(distance, profile.distance_m, profile.height_m)
        else:
            lon, lat = segment.lon_deg, segment.lat_deg
            distance = cumulative_distance_m(lon, lat)
            height = np.full(lon.size, np.nan)
        found.append(
            DrawnRun(
                lon_deg=lon,
                lat_deg=lat,
                distance_m=distance,
                height_m=height,
                provenances=_provenances(run, leg.line.provenance, distance),
            )
        )
    return tuple(found)


def datum_of(leg: LegStudy) -> VerticalDatum:
    """Vertical datum of a leg's heights; unknown where it has none, or they are of two."""
    known = {profile.product.vertical_datum for profile in leg.profiles if profile.product is not None}
    return known.pop() if len(known) == 1 else VerticalDatum.UNKNOWN


def _provenances(run: Run, default: Provenance, distance_m: FloatArray) -> tuple[Provenance, ...]:
    kinds = [part.provenance or default for part in run.parts]
    if len(set(kinds)) == 1:
        return (kinds[0],) * distance_m.size
    ends = np.cumsum([cumulative_distance_m(part.lon_deg, part.lat_deg)[-1] for part in run.parts])
    owners = np.searchsorted(ends[:-1] + _TOUCH_M, distance_m, side="left")
    return tuple(kinds[owner] for owner in owners.tolist())
