"""Points of a leg for files and pages: vertices of its line and its height profile."""

from dataclasses import dataclass

import numpy as np

from routes._typing import FloatArray, IntArray
from routes.analysis.figures.results import LegStudy
from routes.kernel.geodesy import cumulative_distance_m, resample
from routes.model.figures import VerticalDatum
from routes.model.kinds import Provenance
from routes.model.points import Points
from routes.model.track import Line, Run


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a run with one provenance and lateral uncertainty."""

    provenance: Provenance
    """Recorded, along OpenStreetMap, modelled or schematic."""

    lateral_p90_m: float | None
    """Distance that contains 90 % of the real trail, metres; None if unknown."""

    first: int
    """Index of its first point in the run."""

    last: int
    """Index of its last point, which is also the first of the next stretch."""


@dataclass(frozen=True, slots=True, eq=False)
class LegRun:
    """Points of a walk without gaps."""

    points: Points
    """Positions, and smoothed heights in the leg's `datum_of`; NaN where unknown."""

    distance_m: FloatArray
    """Horizontal distances from the start of the run, shape (n,), metres."""

    stretches: tuple[Stretch, ...]
    """Its stretches, in walking order; neighbours differ."""

    @property
    def provenances(self) -> tuple[Provenance, ...]:
        """Provenance of each point; a point shared by two stretches belongs to the first."""
        sizes = [part.last - part.first for part in self.stretches]
        sizes[0] += 1
        return tuple(
            part.provenance for part, size in zip(self.stretches, sizes, strict=True) for _ in range(size)
        )


def leg_runs(leg: LegStudy, *, is_whole: bool = False) -> tuple[LegRun, ...]:
    """Points of a leg with all vertices of its line, one run per stretch without a gap.

    With `is_whole`, heights are kept only if the whole leg has them.
    """
    runs = []
    has_profiles = leg.ascent_m is not None or not is_whole
    for number, run in enumerate(leg.line.unbroken()):
        lon, lat = run.whole.lon_deg, run.whole.lat_deg
        if has_profiles and number < len(leg.profiles):
            profile = leg.profiles[number]
            lon, lat, distance, _ = resample(lon, lat, spacing_m=profile.spacing_m, keep_vertices=True)
            points = Points(lon, lat, np.interp(distance, profile.distance_m, profile.height_m))
            at = np.cumsum([cumulative_distance_m(part.lon_deg, part.lat_deg)[-1] for part in run.parts])
            ends = np.abs(distance[None, :] - at[:, None]).argmin(axis=1)
            ends[-1] = distance.size - 1
        else:
            points, distance = Points(lon, lat), cumulative_distance_m(lon, lat)
            ends = np.cumsum([part.lon_deg.size - 1 for part in run.parts])
        runs.append(LegRun(points, distance, _stretches(leg.line, run, ends)))
    return tuple(runs)


def datum_of(leg: LegStudy) -> VerticalDatum:
    """Vertical datum of a leg's heights; unknown if there is none, or more than one."""
    known = {profile.product.vertical_datum for profile in leg.profiles if profile.product is not None}
    return known.pop() if len(known) == 1 else VerticalDatum.UNKNOWN


def _stretches(line: Line, run: Run, ends: IntArray) -> tuple[Stretch, ...]:
    """Stretches of a run from the last index of each part; equal neighbours are merged."""
    found: list[Stretch] = []
    first = 0
    for part, last in zip(run.parts, ends.tolist(), strict=True):
        kind, lateral = part.provenance or line.provenance, line.lateral_of(part)
        if found and (found[-1].provenance, found[-1].lateral_p90_m) == (kind, lateral):
            found[-1] = Stretch(kind, lateral, found[-1].first, last)
        else:
            found.append(Stretch(kind, lateral, first, last))
        first = last
    return tuple(found)
