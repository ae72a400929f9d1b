"""How far figures of a profile may be off: the line moved, the DEM's errors drawn, the recipe's own doubt added."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routes._typing import FloatArray
from routes.analysis.figures.profile import Profile, ProfileParameters
from routes.analysis.figures.recipes import Recipe
from routes.analysis.heights.source import ElevationSource
from routes.kernel.gaussian import gaussian_smooth
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.profile import ascents_descents_m, smooth
from routes.kernel.uncertainty import sigma_from_le90
from routes.model.estimate import Estimate

SHORT_VARIANCE_SHARE = 0.2
"""Share of the variance of a DEM's error that changes from cell to cell; the rest lasts kilometres (assumed)."""

SHORT_CORRELATION_CELLS, LONG_CORRELATION_M = 1.5, 3000.0
"""Distances over which the two parts stay alike: rows of the DEM, and metres (assumed)."""

LINE_CORRELATION_M = 300.0
"""Distance over which the error of a line across its direction stays alike, metres (assumed)."""


MAX_DRAWN = 2_000_000
"""Samples of all runs that are drawn at once (16 MB an array): a line of any length then needs no more memory than one
of 150 km at 15 m."""

_BAND_SAMPLES = 10_000
"""Samples whose percentiles are taken at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Figures of every run, each of shape (runs,), metres; their spread counts, not their centre."""

    ascent_m: FloatArray
    """Sum of rises."""

    descent_m: FloatArray
    """Sum of falls."""

    high_m: FloatArray
    """Highest point."""

    length_m: FloatArray
    """Horizontal length."""

    band_m: tuple[FloatArray, ...] = ()
    """P10 and P90 of the height less its median at each sample, one array of shape (2, n) a segment."""


def sum_runs(parts: Sequence[Runs]) -> Runs:
    """Figures of several stretches as one, run by run."""
    return Runs(
        np.sum([part.ascent_m for part in parts], axis=0),
        np.sum([part.descent_m for part in parts], axis=0),
        np.max([part.high_m for part in parts], axis=0),
        np.sum([part.length_m for part in parts], axis=0),
        tuple(band for part in parts for band in part.band_m),
    )


def draw_runs(
    profile: Profile,
    source: ElevationSource,
    parameters: ProfileParameters,
    *,
    lateral_m: float | FloatArray,
    generator: np.random.Generator,
) -> Runs:
    """Ascent, descent, highest point and length of a segment under errors of the line and of the DEM.

    Each run moves the line across its direction by an offset that changes slowly along it, samples the DEM there,
    and adds noise scaled from the product's LE90, one part alike over kilometres and one from cell to cell.

    Parameters
    ----------
    profile : Profile
        A complete profile.
    source : ElevationSource
        Heights.
    parameters : ProfileParameters
        Number of runs.
    lateral_m : float or ndarray, shape (n,)
        Standard uncertainty of the line across its direction, at all samples or at each, metres.
    generator : numpy Generator
        Source of the random numbers.

    Returns
    -------
    Runs
        Each of shape (runs,). A moved position without height keeps the profile's own.
    """
    count = max(1, MAX_DRAWN // profile.distance_m.size)
    blocks = [min(count, parameters.runs - first) for first in range(0, parameters.runs, count)]
    parts, drawn = [], []
    for runs in blocks:
        part, heights = _draw(profile, source, runs, lateral_m, generator)
        parts.append(part)
        # half the memory where there is much of it: a tenth of a millimetre at most
        drawn.append(heights if len(blocks) == 1 else heights.astype(np.float32))
    return Runs(
        np.concatenate([part.ascent_m for part in parts]),
        np.concatenate([part.descent_m for part in parts]),
        np.concatenate([part.high_m for part in parts]),
        np.concatenate([part.length_m for part in parts]),
        (_band(drawn),),
    )


def _band(drawn: Sequence[NDArray[np.floating]]) -> FloatArray:
    """P10 and P90 of heights less their median at each sample, shape (2, n), from runs in blocks of shape (runs, n)."""
    size = drawn[0].shape[1]
    parts = []
    for first in range(0, size, _BAND_SAMPLES):
        heights = np.concatenate([block[:, first : first + _BAND_SAMPLES] for block in drawn])
        low, middle, high = np.percentile(heights, [10.0, 50.0, 90.0], axis=0)
        parts.append(np.stack([low - middle, high - middle]))
    return np.concatenate(parts, axis=1).astype(np.float64)


def _draw(
    profile: Profile,
    source: ElevationSource,
    runs: int,
    lateral_m: float | FloatArray,
    generator: np.random.Generator,
) -> tuple[Runs, FloatArray]:
    """Some of the runs of `draw_runs`, without their band, and the heights of each, shape (runs, n), metres."""
    spacing, row_m = profile.spacing_m, profile.dem_spacing_m
    shape = (runs, profile.distance_m.size)
    offset = lateral_m * correlated(shape, LINE_CORRELATION_M / spacing, generator)
    lon_m, lat_m = metres_per_degree(float(profile.lat_deg.mean()))
    azimuth = np.radians(profile.azimuth_deg + 90.0)
    east, north = offset * np.sin(azimuth), offset * np.cos(azimuth)
    lon = profile.lon_deg + east / lon_m
    lat = profile.lat_deg + north / lat_m
    moved = source.sample((lon.ravel() + 180.0) % 360.0 - 180.0, np.clip(lat.ravel(), -90.0, 90.0)).height_m
    heights = moved.reshape(shape)
    heights = np.where(np.isfinite(heights), heights, profile.raw_m)
    sigma = sigma_from_le90(profile.product.le90_m) if profile.product else 0.0
    for share, length_m in (
        (SHORT_VARIANCE_SHARE, SHORT_CORRELATION_CELLS * row_m),
        (1.0 - SHORT_VARIANCE_SHARE, LONG_CORRELATION_M),
    ):
        heights += sigma * np.sqrt(share) * correlated(shape, length_m / spacing, generator)
    heights = smooth(heights, sigma_m=profile.sigma_m, spacing_m=spacing)
    ascent, descent = ascents_descents_m(heights, threshold_m=profile.threshold_m)
    turn = (np.diff(profile.lon_deg) + 180.0) % 360.0 - 180.0  # a line may cross the antimeridian
    step_east = turn * lon_m + np.diff(east, axis=1)
    step_north = np.diff(profile.lat_deg) * lat_m + np.diff(north, axis=1)
    length = np.hypot(step_east, step_north).sum(axis=1)
    return Runs(ascent, descent, heights.max(axis=1), length), heights


def doubt(parameters: ProfileParameters, which: str) -> FloatArray:
    """Standard normal numbers, shape (runs,), for what a recipe gets wrong: the same for every leg, as its error is.

    Parameters
    ----------
    parameters : ProfileParameters
        Number of runs and seed.
    which : str
        Figure that they are for, so that different figures get different numbers.
    """
    generator = np.random.default_rng([parameters.seed, *which.encode()])
    return generator.standard_normal(parameters.runs)


def around(value: float, runs_m: FloatArray) -> FloatArray:
    """Runs moved so that their median is the value.

    The heights that the runs start from have their own error already, so that added errors climb on top of it: the
    runs tell how far a sum may be off, not on which side (benchmarks/accuracy/ascent.py prints the bias of either
    centre).
    """
    return value + (runs_m - float(np.median(runs_m)))


def climb_runs(value: float, runs_m: FloatArray, recipe: Recipe, doubts: FloatArray) -> FloatArray:
    """Ascent or descent in every run, what the recipe gets wrong included; shape (runs,), metres, 0 or more."""
    sigma = math.hypot(recipe.ascent_share * value, recipe.ascent_drawn * float(np.std(runs_m)))
    return np.maximum(around(value, runs_m) + sigma * doubts, 0.0)


def high_runs(value: float, runs_m: FloatArray, recipe: Recipe, doubts: FloatArray) -> FloatArray:
    """Highest point in every run, what cells and smoothing cut included; shape (runs,), metres."""
    return around(value, runs_m) + recipe.high_offset_m + recipe.high_sigma_m * doubts


def length_runs(value: float, runs_m: FloatArray, recipe: Recipe, doubts: FloatArray) -> FloatArray:
    """Length in every run, with what the drawing of a line adds or leaves out; shape (runs,), metres."""
    shares = recipe.length_offset_share + recipe.length_sigma_share * doubts
    return around(value, runs_m) + value * shares


def drawn_basis(runs: int) -> str:
    """Say what an interval of drawn errors rests on."""
    return (
        f"spread of {runs} Monte Carlo runs of line and DEM errors, and of what the recipe itself gets wrong"
    )


def estimate_of(value: float, runs_m: FloatArray, basis: str) -> Estimate:
    """Value with P10 and P90 of runs, widened to hold the value itself."""
    low, high = (float(end) for end in np.percentile(runs_m, [10.0, 90.0]))
    return Estimate(value, min(low, value), max(high, value), basis)


def correlated(shape: tuple[int, int], length: float, generator: np.random.Generator) -> FloatArray:
    """Smooth unit-variance noise along each row whose correlation falls to 1/e over `length` samples.

    White noise under a Gaussian: errors of a DEM and of a line have no steps from sample to sample, and rough noise
    would itself climb. Long correlations are drawn at nodes an eighth of the length apart and interpolated.
    """
    stride = max(length / 8.0, 1.0)
    sigma = max(0.5 * length / stride, 1e-3)
    nodes = int(np.ceil((shape[1] - 1) / stride)) + 2
    count = nodes + int(np.ceil(8.0 * sigma))  # what wraps around stays out of the rows
    white = generator.standard_normal((shape[0], count))
    impulse = np.zeros(count)
    impulse[count // 2] = 1.0
    gain = np.sqrt(np.sum(gaussian_smooth(impulse, sigma, beyond="wrap") ** 2))
    smooth_noise = gaussian_smooth(white, sigma, beyond="wrap")[:, :nodes] / gain
    at = np.arange(shape[1]) / stride
    left = at.astype(np.int64)
    share = at - left
    return np.asarray(
        smooth_noise[:, left] * (1.0 - share) + smooth_noise[:, left + 1] * share, dtype=np.float64
    )
