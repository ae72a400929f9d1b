"""Compare the heights of a recording with the DEM's, and find flaws in its line."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routes.analysis.figures.clean_heights import cleaned
from routes.analysis.figures.height_sources import HeightSource, recorded_source
from routes.analysis.figures.modelled_lines import Stops
from routes.analysis.figures.profile import Profile, recorded_profile
from routes.analysis.figures.ranges import ClimbModel, climb_model, exclude
from routes.kernel.cleaning import is_spike, is_standstill, runs_of
from routes.kernel.geodesy import cumulative_distance_m
from routes.model.estimate import Estimate
from routes.model.kinds import Provenance, Recorder
from routes.model.track import Segment


@dataclass(frozen=True, slots=True, eq=False)
class RecordedSeries:
    """Heights of a file along its runs."""

    profiles: tuple[Profile | None, ...]
    """One per run; None for a run without heights."""

    source: HeightSource
    """What recorded them."""

    notes: tuple[str, ...]
    """What was wrong with them."""

    @property
    def complete(self) -> tuple[Profile, ...]:
        """The profiles if every run has all heights (short gaps bridged); otherwise none."""
        known = tuple(part for part in self.profiles if part is not None and part.is_complete)
        return known if len(known) == len(self.profiles) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedHeights:
    """Heights of the file compared with those of a DEM of known datum; the leg's climb uses both."""

    source: HeightSource
    """What recorded them."""

    is_stated: bool
    """Whether the trek file or user says so; otherwise it is inferred from the heights."""

    points: int
    """Number of samples where both are known."""

    bias_m: float
    """Mean of recorded minus DEM height, metres: datum, pressure and canopy."""

    spread_m: float
    """Standard deviation of recorded minus DEM height, metres."""

    ascent_m: Estimate | None
    """Sum of rises of the recorded heights, metres; None if some are missing."""

    descent_m: Estimate | None
    """Sum of falls of the recorded heights, metres; None if some are missing."""

    dem_ascent_m: float
    """Sum of rises of the DEM's heights alone, metres."""

    is_excluded: bool
    """Whether the climbs by file and DEM contradict each other."""


def sentence(heights: RecordedHeights) -> str:
    """Write how the two series differ and what the figures are based on."""
    how = "stated" if heights.is_stated else "by their steps and noise"
    text = (
        f"The file's heights ({heights.source.value}, {how}) lie {heights.bias_m:+.0f} m from the DEM's on average "
        f"(standard deviation {heights.spread_m:.0f} m)."
    )
    if heights.ascent_m is None:
        return f"{text} Some are missing, so ascent and descent rest on the DEM alone."
    both = f"ascent {heights.ascent_m.value:.0f} m by the file and {heights.dem_ascent_m:.0f} m by the DEM"
    if heights.is_excluded:
        return f"{text} The two exclude each other: {both}. Check what recorded the heights (--heights)."
    return f"{text} Combined: {both}."


def recorded_series(runs: Sequence[Segment], recorder: Recorder = Recorder.AUTO) -> RecordedSeries | None:
    """Heights of a file along its unbroken runs, cleaned and smoothed; None if it has none."""
    heights = [
        None if run.ele_m is None else (cumulative_distance_m(run.lon_deg, run.lat_deg), run.ele_m)
        for run in runs
    ]
    clean = [None if found is None else (found[0], *cleaned(*found)) for found in heights]
    known = [
        (run, found)
        for run, found in zip(runs, clean, strict=True)
        if found is not None and np.isfinite(found[1]).any()
    ]
    if not known:
        return None
    longest, (along, ele, _) = max(known, key=lambda pair: pair[0].lon_deg.size)
    source = recorded_source(along, ele, is_timed=longest.is_timed, recorder=recorder)
    return RecordedSeries(
        tuple(
            None if found is None else recorded_profile(run.lon_deg, run.lat_deg, found[1], source)
            for run, found in zip(runs, clean, strict=True)
        ),
        source,
        tuple(note for _, (_, _, notes) in known for note in notes),
    )


def recorded_heights(
    series: RecordedSeries, profiles: Sequence[Profile], dem: ClimbModel, recorder: Recorder
) -> tuple[RecordedHeights, ClimbModel | None] | None:
    """Compare the heights of a file with DEM profiles of the same runs.

    Also returns the climb by the file, None if heights are missing. Returns None if too few heights can be compared.
    """
    differences = [
        np.interp(profile.distance_m, recorded.distance_m, recorded.raw_m) - profile.raw_m
        for recorded, profile in zip(series.profiles, profiles, strict=True)
        if recorded is not None
    ]
    difference = np.concatenate(differences)
    difference = difference[np.isfinite(difference)]
    if difference.size < 2:
        return None
    file = climb_model(series.complete, Provenance.RECORDED, Stops()) if series.complete else None
    heights = RecordedHeights(
        source=series.source, is_stated=recorder is not Recorder.AUTO, points=int(difference.size),
        bias_m=float(difference.mean()), spread_m=float(difference.std(ddof=1)),
        ascent_m=None if file is None else file.ascent, descent_m=None if file is None else file.descent,
        dem_ascent_m=dem.climb.ascent_m, is_excluded=file is not None and exclude(dem, file),
    )  # fmt: skip
    return heights, file


def flaws_of(segments: Sequence[Segment]) -> tuple[str, ...]:
    """Describe the spikes and standstills of recorded segments and the length they add; nothing is removed."""
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
            ]  # a standstill keeps its first point
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
