"""Points of the ways on foot as they leave this program: in GPX, and in the map page."""

from dataclasses import dataclass

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.results import LegStudy
from routes.kernel.geodesy import cumulative_distance_m, resample
from routes.model.kinds import Provenance
from routes.model.track import Line, Run


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a run that comes from one source."""

    provenance: Provenance
    """Where it comes from."""

    lateral_p90_m: float | None
    """How far from it nine tenths of the true way lie at most, metres; None when nobody can say."""

    first: int
    """Index of its first point in the run."""

    last: int
    """Index of its last point, which is the first of the next stretch."""


@dataclass(frozen=True, slots=True, eq=False)
class WalkedRun:
    """Points of an unbroken way: the vertices of the line, and between them the samples of its profile."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees."""

    height_m: FloatArray | None
    """Smoothed heights, shape (n,), metres; None where the leg has no profile."""

    stretches: tuple[Stretch, ...]
    """Where its parts come from, in walking order."""


def walked_runs(leg: LegStudy) -> tuple[WalkedRun, ...]:
    """Unbroken runs of a leg with the heights of its profile.

    Parameters
    ----------
    leg : LegStudy
        The leg.

    Returns
    -------
    tuple of WalkedRun
        One for each run of the line. Where there are heights, the samples that they were taken at stand between the
        vertices, so that the sum of rises is that of the profile.
    """
    runs = []
    for i, run in enumerate(leg.line.unbroken()):
        whole = run.whole
        if leg.ascent_m is None:
            ends = np.cumsum([part.lon_deg.size - 1 for part in run.parts])
            runs.append(WalkedRun(whole.lon_deg, whole.lat_deg, None, _stretches(leg.line, run, ends)))
            continue
        profile = leg.profiles[i]
        lon, lat, distance, _ = resample(
            whole.lon_deg, whole.lat_deg, spacing_m=profile.spacing_m, keep_vertices=True
        )
        height = np.interp(distance, profile.distance_m, profile.height_m)
        at = np.cumsum([cumulative_distance_m(part.lon_deg, part.lat_deg)[-1] for part in run.parts])
        ends = np.abs(distance[None, :] - at[:, None]).argmin(axis=1)
        ends[-1] = distance.size - 1
        runs.append(WalkedRun(lon, lat, height, _stretches(leg.line, run, ends)))
    return tuple(runs)


def _stretches(line: Line, run: Run, ends: np.ndarray) -> tuple[Stretch, ...]:
    """Stretches of a run by the last index of each of its parts; neighbours alike are one."""
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
