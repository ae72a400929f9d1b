"""Height profile of a line: sampled from a DEM at equal distances and smoothed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import gaussian_filter1d

from routes._typing import BoolArray, FloatArray
from routes.analysis.elevation import ElevationSource
from routes.kernel.geodesy import displace, metres_per_degree, resample
from routes.kernel.profile import ascents_descents_m, smooth
from routes.kernel.uncertainty import sigma_from_le90
from routes.model.grid import Product


@dataclass(frozen=True, slots=True)
class ProfileParameters:
    """What ascent and descent depend on; printed with every result.

    The defaults are not calibrated against measured ascents yet.
    """

    spacing_share: float = 0.5
    """Distance between samples, as a share of the DEM's distance between rows."""

    smoothing_share: float = 0.5
    """Standard deviation of the Gaussian along the way, as a share of the DEM's distance between rows."""

    threshold_m: float = 5.0
    """Dead band of ascent and descent, metres."""

    runs: int = 100
    """Monte Carlo runs behind the interval of ascent and descent."""

    seed: int = 20_240_101
    """Seed of those runs: the same input gives the same interval."""

    correlation_m: float = 300.0
    """Distance over which the error of the line and of the DEM stays alike, metres (assumed)."""


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

    height_m: FloatArray
    """Smoothed heights, shape (n,), metres in the product's datum; NaN where unknown."""

    is_outside: BoolArray
    """Where no DEM file covers the sample, shape (n,)."""

    product: Product | None
    """Product of most of the heights; None when none is known."""

    sigma_m: float
    """Standard deviation of the smoothing along the way, metres."""

    spacing_m: float
    """Distance between samples, metres."""

    @property
    def is_complete(self) -> bool:
        """Whether every height is known."""
        return bool(np.isfinite(self.height_m).all())


def profile_of(
    lon_deg: ArrayLike, lat_deg: ArrayLike, source: ElevationSource, parameters: ProfileParameters
) -> Profile:
    """Sample a segment at equal distances and smooth the heights along the way.

    Parameters
    ----------
    lon_deg, lat_deg : array_like, shape (n,), n >= 2
        Vertices, degrees, WGS 84.
    source : ElevationSource
        Heights.
    parameters : ProfileParameters
        Spacing and smoothing.

    Returns
    -------
    Profile
        Unsmoothed where a height is unknown somewhere, so that a void does not spread.

    Raises
    ------
    InvalidCoordinatesError
        If a vertex is not on Earth or the line has no length.
    """
    row_m = dem_spacing_m(source, float(np.mean(np.asarray(lat_deg, dtype=np.float64))))
    lon, lat, distance, azimuth = resample(lon_deg, lat_deg, spacing_m=parameters.spacing_share * row_m)
    spacing = float(distance[1] - distance[0])
    samples = source.sample(lon, lat)
    height = samples.height_m
    sigma = parameters.smoothing_share * row_m
    if np.isfinite(height).all():
        height = smooth(height, sigma_m=sigma, spacing_m=spacing)
    known = samples.product_index[samples.product_index >= 0]
    product = samples.products[int(np.bincount(known).argmax())] if known.size else None
    return Profile(lon, lat, azimuth, distance, height, samples.is_outside, product, sigma, spacing)


def dem_spacing_m(source: ElevationSource, lat_deg: float) -> float:
    """Distance between rows of the source's finest DEM at a latitude, metres."""
    return source.spacing_deg * metres_per_degree(lat_deg)[1]


def noisy_ascents_m(
    profile: Profile,
    source: ElevationSource,
    parameters: ProfileParameters,
    *,
    lateral_m: float | FloatArray,
    generator: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Ascent and descent of a segment under errors of the line and of the DEM.

    Each run moves the line across its direction by an offset that changes slowly along it, samples the DEM there,
    and adds slowly changing noise scaled from the product's LE90.

    Parameters
    ----------
    profile : Profile
        A complete profile.
    source : ElevationSource
        Heights.
    parameters : ProfileParameters
        Threshold, runs, correlation distance.
    lateral_m : float or ndarray, shape (n,)
        Standard uncertainty of the line across its direction, at all samples or at each, metres.
    generator : numpy Generator
        Source of the random numbers.

    Returns
    -------
    ascent_m, descent_m : ndarray, shape (runs,)
        Sums of each run, metres. A moved position without height keeps the profile's own.
    """
    shape = (parameters.runs, profile.distance_m.size)
    offset = lateral_m * _correlated(shape, parameters.correlation_m / profile.spacing_m, generator)
    lon, lat = displace(profile.lon_deg, profile.lat_deg, profile.azimuth_deg + 90.0, offset)
    moved = source.sample(lon.ravel(), lat.ravel()).height_m.reshape(shape)
    moved = np.where(np.isfinite(moved), moved, profile.height_m)
    le90 = profile.product.le90_m if profile.product else 0.0
    moved += sigma_from_le90(le90) * _correlated(
        shape, parameters.correlation_m / profile.spacing_m, generator
    )
    heights = smooth(moved, sigma_m=profile.sigma_m, spacing_m=profile.spacing_m)
    return ascents_descents_m(heights, threshold_m=parameters.threshold_m)


def _correlated(shape: tuple[int, int], length: float, generator: np.random.Generator) -> FloatArray:
    """Smooth unit-variance noise along each row whose correlation falls to 1/e over `length` samples.

    White noise under a Gaussian: errors of a DEM and of a line have no steps from sample to sample, and rough noise
    would itself climb.
    """
    sigma = max(0.5 * length, 1e-3)
    count = shape[1] + int(np.ceil(8.0 * sigma))  # what wraps around stays out of the rows
    white = generator.standard_normal((shape[0], count))
    impulse = np.zeros(count)
    impulse[count // 2] = 1.0
    gain = np.sqrt(np.sum(gaussian_filter1d(impulse, sigma, mode="wrap") ** 2))
    return np.asarray(
        gaussian_filter1d(white, sigma, axis=1, mode="wrap")[:, : shape[1]] / gain, dtype=np.float64
    )
