"""Heights and flaws of recorded lines: what the device wrote beside what the DEM says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes.analysis.figures.profile import Profile, recorded_profile
from routes.analysis.figures.recipes import HeightSource, recipe_for
from routes.kernel.cleaning import is_spike, is_standstill, runs_of
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.model.estimate import Estimate
from routes.model.track import Segment

_Z90 = 1.2815515655446004
"""Standard normal quantile of 90 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedHeights:
    """The heights of the file beside those of the DEM; figures of the leg rest on the DEM's, whose datum is known."""

    points: int
    """Samples at which both are known."""

    bias_m: float
    """Mean of recorded less DEM height, metres: datum, pressure and canopy."""

    spread_m: float
    """Standard deviation of recorded less DEM height, metres."""

    ascent_m: Estimate | None
    """Sum of rises of the recorded heights, metres; None where some are missing."""

    descent_m: Estimate | None
    """Sum of falls of the recorded heights, metres; None where some are missing."""

    used: str = "DEM"
    """Which of the two the figures of the leg rest on."""

    source: str = "recorded heights of unknown device: read as GPS"
    """What the recorded heights are taken for; a file does not say whether a barometer was at work."""


def sentence(heights: RecordedHeights) -> str:
    """Say how the two series differ and which one is used."""
    return (
        f"the heights of the file lie {heights.bias_m:+.0f} m from the DEM's on average (standard deviation "
        f"{heights.spread_m:.0f} m); figures rest on the {heights.used}'s."
    )


def recorded_heights(segments: Sequence[Segment], profiles: Sequence[Profile]) -> RecordedHeights | None:
    """Compare the heights of a file with the DEM's, and sum their rises by the recipe for GPS heights.

    Parameters
    ----------
    segments : sequence of Segment
        Segments of the line.
    profiles : sequence of Profile
        DEM profiles of the same segments.

    Returns
    -------
    RecordedHeights or None
        None where no segment has recorded heights.
    """
    recipe = recipe_for(HeightSource.GPS)
    differences, series = [], []
    for segment, profile in zip(segments, profiles, strict=True):
        if segment.ele_m is None:
            continue
        recorded = recorded_profile(segment.lon_deg, segment.lat_deg, segment.ele_m, recipe)
        series.append(recorded)
        differences.append(np.interp(profile.distance_m, recorded.distance_m, recorded.raw_m) - profile.raw_m)
    if not series:
        return None
    difference = np.concatenate(differences)
    difference = difference[np.isfinite(difference)]
    if difference.size < 2:
        return None
    ascent = descent = None
    if len(series) == len(segments) and all(part.is_complete for part in series):
        ascent, descent = recorded_climb(series)
    return RecordedHeights(
        points=int(difference.size), bias_m=float(difference.mean()), spread_m=float(difference.std(ddof=1)),
        ascent_m=ascent, descent_m=descent,
    )  # fmt: skip


def recorded_climb(series: Sequence[Profile]) -> tuple[Estimate, Estimate]:
    """Ascent and descent of recorded heights, with what the recipe itself gets wrong, metres.

    Parameters
    ----------
    series : sequence of Profile
        Complete profiles of recorded heights, all by one recipe.
    """
    recipe = series[0].recipe
    sums = [ascent_descent_m(part.height_m, threshold_m=recipe.threshold_m) for part in series]
    basis = f"{recipe.source.value}, {recipe.calibration}"
    low, high = 1.0 - _Z90 * recipe.ascent_share, 1.0 + _Z90 * recipe.ascent_share
    up, down = (float(total) for total in np.sum(sums, axis=0))
    return Estimate(up, up * low, up * high, basis), Estimate(down, down * low, down * high, basis)


def flaws_of(segments: Sequence[Segment]) -> tuple[str, ...]:
    """Say which spikes and standstills recorded segments have, and how much length they add; nothing is removed.

    Parameters
    ----------
    segments : sequence of Segment
        Segments of a recorded line.
    """
    spikes = rests = 0
    spike_m = rest_m = 0.0
    for segment in segments:
        lon, lat = segment.lon_deg, segment.lat_deg
        along = cumulative_distance_m(lon, lat)
        spike = is_spike(lon, lat)
        if spike.any():
            spikes += int(spike.sum())
            spike_m += float(along[-1] - cumulative_distance_m(lon[~spike], lat[~spike])[-1])
        for run in runs_of(is_standstill(lon, lat)):
            rests += 1
            ends = [
                run.start - 1,
                run.stop - 1,
            ]  # the first point of a standstill is not among those to leave out
            rest_m += float(along[ends[1]] - along[ends[0]] - cumulative_distance_m(lon[ends], lat[ends])[-1])
    found = []
    if spikes:
        found.append(_told(spikes, "spike", spike_m))
    if rests:
        found.append(_told(rests, "standstill", rest_m))
    return tuple(found)


def _told(count: int, what: str, added_m: float) -> str:
    told = f"{count} {what}s" if count > 1 else f"1 {what}"
    return f"{told} in the recorded line: {added_m:.0f} m of its length; kept."
