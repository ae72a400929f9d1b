"""Height profile of a line, sampled from a DEM or a recording and smoothed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import BoolArray, FloatArray
from routes.analysis.figures.gaps import Gap, bridged
from routes.analysis.figures.height_sources import BAND_M, HeightSource
from routes.analysis.heights.source import ElevationSource
from routes.kernel.climb import Climb, climb_of
from routes.kernel.geodesy import cumulative_distance_m, metres_per_degree, resample
from routes.kernel.profile import smooth
from routes.model.grid import Product
from routes.model.kinds import Recorder


@dataclass(frozen=True, slots=True)
class ProfileParameters:
    """Parameters of climb besides the height source; printed with every result."""

    spacing_share: float = 0.5
    """Distance between samples, as a share of the DEM's row spacing."""

    heights: Recorder = Recorder.AUTO
    """What recorded the heights of files; by default as the trek file states, or inferred for each leg."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Heights along one segment."""

    lon_deg: FloatArray
    """Longitudes of the samples, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes of the samples, shape (n,), degrees."""

    azimuth_deg: FloatArray
    """Direction of the line at the samples, shape (n,), degrees clockwise from north."""

    distance_m: FloatArray
    """Horizontal distance from the start of the segment, shape (n,), metres."""

    raw_m: FloatArray
    """Heights as sampled, shape (n,), metres in the product's datum; NaN where unknown."""

    height_m: FloatArray
    """Smoothed heights, shape (n,), metres in the product's datum; NaN in gaps that are too long to bridge."""

    is_outside: BoolArray
    """Whether no DEM file covers the sample, shape (n,)."""

    product: Product | None
    """Product of most heights; None if no height is known."""

    heights: HeightSource
    """Source of the heights."""

    dem_spacing_m: float
    """Row spacing of the finest DEM, metres."""

    spacing_m: float
    """Distance between samples, metres."""

    gaps: tuple[Gap, ...] = ()
    """Bridged stretches without heights of their own, in walking order."""

    @property
    def threshold_m(self) -> float:
        """Dead band for climb, metres."""
        return BAND_M

    @property
    def climb(self) -> Climb:
        """Ascent and descent of a complete profile."""
        return climb_of(self.height_m, threshold_m=self.threshold_m)

    @property
    def is_complete(self) -> bool:
        """Whether every height is known."""
        return bool(np.isfinite(self.height_m).all())


def profile_of(
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
    source: ElevationSource,
    parameters: ProfileParameters,
    kind: HeightSource = HeightSource.DEM_RECORDED,
) -> Profile:
    """Sample a segment at equal distances (WGS 84 vertices, degrees) and smooth its heights.

    Short gaps are bridged; stretches between longer ones are smoothed separately. Raises InvalidCoordinatesError if a
    vertex is not on Earth or the line has no length.
    """
    row_m = dem_spacing_m(source, float(np.mean(np.asarray(lat_deg, dtype=np.float64))))
    lon, lat, distance, azimuth = resample(lon_deg, lat_deg, spacing_m=parameters.spacing_share * row_m)
    spacing = float(distance[1] - distance[0])
    samples = source.sample(lon, lat)
    height, gaps = _smoothed(distance, samples.height_m, kind.smoothing_m)
    known = samples.product_index[samples.product_index >= 0]
    product = samples.products[int(np.bincount(known).argmax())] if known.size else None
    return Profile(
        lon,
        lat,
        azimuth,
        distance,
        samples.height_m,
        height,
        samples.is_outside,
        product,
        kind,
        row_m,
        spacing,
        gaps,
    )


RECORDED_SPACING_M = 5.0
"""Distance between samples of recorded heights, metres: half the step of a track with a point every few seconds."""


def recorded_profile(lon_deg: ArrayLike, lat_deg: ArrayLike, ele_m: ArrayLike, kind: HeightSource) -> Profile:
    """Recorded heights (metres, NaN where unknown) at equal distances, smoothed along the line.

    The stretch on either side of a vertex without a height is a gap. Raises InvalidCoordinatesError like `profile_of`.
    """
    lon, lat, distance, azimuth = resample(lon_deg, lat_deg, spacing_m=RECORDED_SPACING_M)
    spacing = float(distance[1] - distance[0])
    along = cumulative_distance_m(lon_deg, lat_deg)
    raw = np.interp(distance, along * (distance[-1] / along[-1]), np.asarray(ele_m, dtype=np.float64))
    height, gaps = _smoothed(distance, raw, kind.smoothing_m)
    outside = np.zeros(raw.shape, dtype=np.bool_)
    return Profile(
        lon, lat, azimuth, distance, raw, height, outside, None, kind, RECORDED_SPACING_M, spacing, gaps
    )


def _smoothed(
    distance_m: FloatArray, raw_m: FloatArray, sigma_m: float
) -> tuple[FloatArray, tuple[Gap, ...]]:
    """Smoothed heights with short gaps bridged, and those gaps."""
    spacing = float(distance_m[1] - distance_m[0])
    found = bridged(distance_m, raw_m)
    if found is None:
        return smooth_runs(raw_m, sigma_m=sigma_m, spacing_m=spacing), ()
    return smooth(found[0], sigma_m=sigma_m, spacing_m=spacing), found[1]


def smooth_runs(height_m: FloatArray, *, sigma_m: float, spacing_m: float) -> FloatArray:
    """Smooth each run of known heights separately, so that gaps neither spread nor are bridged.

    Heights in metres at equal distances; NaN stays NaN.
    """
    smoothed = height_m.copy()
    known = np.concatenate(([False], np.isfinite(height_m), [False]))
    edges = np.flatnonzero(known[1:] != known[:-1])
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        smoothed[start:end] = smooth(height_m[start:end], sigma_m=sigma_m, spacing_m=spacing_m)
    return smoothed


def dem_spacing_m(source: ElevationSource, lat_deg: float) -> float:
    """Row spacing of the source's finest DEM at a latitude, metres."""
    return source.spacing_deg * metres_per_degree(lat_deg)[1]
