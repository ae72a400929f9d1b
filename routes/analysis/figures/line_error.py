"""How far a leg's line may be from the trail, and the height errors this causes."""

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.profile import Profile
from routes.analysis.heights.source import ElevationSource
from routes.kernel.geodesy import cumulative_distance_m, metres_per_degree
from routes.kernel.uncertainty import Z90, sigma_from_le90
from routes.model.kinds import Provenance
from routes.model.track import Line, Run

LATERAL_P90_M = {Provenance.RECORDED: 16.0, Provenance.OSM: 25.0}
"""90 % bound on the offset of lines that state none, metres. Assumes a standard deviation of 10 m for GPS in mountains,
and 15 m for OpenStreetMap ways, which are drawn from GPS or imagery."""


def lateral_sigma_m(line: Line) -> float:
    """Standard deviation of the trail's offset from a line, metres: that of a normal error with the line's bound."""
    lateral = line.lateral_p90_m
    if lateral is None:
        lateral = LATERAL_P90_M.get(line.provenance, LATERAL_P90_M[Provenance.RECORDED])
    return lateral / Z90


def lateral_sigmas_m(line: Line, run: Run, distance_m: FloatArray) -> FloatArray:
    """Standard deviation of the offset at distances along a run of ``line.unbroken()``, by its segments, metres."""
    along = cumulative_distance_m(run.whole.lon_deg, run.whole.lat_deg)
    ends = along[np.cumsum([part.lon_deg.size - 1 for part in run.parts])]
    sigma = [
        lateral_sigma_m(line) if part.lateral_p90_m is None else part.lateral_p90_m / Z90
        for part in run.parts
    ]
    part = np.minimum(np.searchsorted(ends, distance_m), len(sigma) - 1)
    return np.asarray(np.array(sigma)[part], dtype=np.float64)


def lateral_near_stops_m(line: Line, run: Run, distance_m: FloatArray) -> FloatArray:
    """`lateral_sigmas_m`, but on modelled lines at most the distance to the nearest stop, which the trail visits."""
    along = cumulative_distance_m(run.whole.lon_deg, run.whole.lat_deg)
    ends = along[np.cumsum([0, *(part.lon_deg.size - 1 for part in run.parts)])]
    part = np.clip(np.searchsorted(ends, distance_m) - 1, 0, len(run.parts) - 1)
    is_modelled = np.array([(one.provenance or line.provenance) is Provenance.MODELLED for one in run.parts])
    near = np.minimum(np.abs(distance_m - ends[part]), np.abs(ends[part + 1] - distance_m))
    sigma = lateral_sigmas_m(line, run, distance_m)
    return np.where(is_modelled[part], np.minimum(sigma, near), sigma)


def height_sigmas_m(
    profile: Profile, source: ElevationSource, lateral_m: FloatArray, at: slice = slice(None)
) -> FloatArray:
    """Standard deviation of the trail's height at chosen samples of a profile, metres.

    It combines the DEM's error with how much the terrain differs at one standard deviation to the side, or is the DEM's
    alone where that terrain is unknown.
    """
    lon, lat = profile.lon_deg[at], profile.lat_deg[at]
    lon_m, lat_m = metres_per_degree(float(lat.mean()))
    aside = np.radians(profile.azimuth_deg[at] + 90.0)
    east, north = lateral_m[at] * np.sin(aside) / lon_m, lateral_m[at] * np.cos(aside) / lat_m
    squares = np.zeros(lon.shape)
    for sign in (-1.0, 1.0):
        moved = (lon + sign * east + 180.0) % 360.0 - 180.0, np.clip(lat + sign * north, -90.0, 90.0)
        differs = source.sample(*moved).height_m - profile.raw_m[at]
        squares += 0.5 * np.where(np.isfinite(differs), differs, 0.0) ** 2
    dem = sigma_from_le90(profile.product.le90_m) if profile.product else 0.0
    return np.asarray(np.hypot(dem, np.sqrt(squares)), dtype=np.float64)
