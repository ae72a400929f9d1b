"""Where heights come from, and how much each source is smoothed."""

from enum import StrEnum

import numpy as np

from routes._typing import FloatArray
from routes.model.kinds import Provenance, Recorder


class HeightSource(StrEnum):
    """Where the heights of a profile come from."""

    BAROMETER = "recorded barometer"
    GPS = "recorded GPS"
    MAP = "recorded from a map service"
    DEM_RECORDED = "DEM on a recorded line"
    DEM_OSM = "DEM on an OpenStreetMap line"
    DEM_MODELLED = "DEM on a modelled line"

    @property
    def is_recorded(self) -> bool:
        """Whether the heights come from the track file."""
        return self in (HeightSource.BAROMETER, HeightSource.GPS, HeightSource.MAP)

    @property
    def smoothing_m(self) -> float:
        """Standard deviation of the Gaussian smoothing along the line, metres."""
        return SHORT_M if self in (HeightSource.BAROMETER, HeightSource.MAP) else LONG_M


SHORT_M, LONG_M, BAND_M = 10.0, 40.0, 1.0
"""Two smoothings and a dead band, metres. The short one suits smooth or stepped recorded heights (16 lines of 2
sources), the long one noisy heights (5 lines) and DEMs of 30 to 90 m (16 lines of 4 sources). The band is the step of
stepped heights. Source: benchmarks/accuracy/ranges.py, see docs/accuracy.md."""

LATTICE_OFF_M, LATTICE_SHARE = 0.15, 0.9
"""Heights are stepped (barometers of phones and watches) if this share of their changes are whole metres within
rounding, although the heights are not. Of 34 lines, 14 have 0.96 to 1, the others at most 0.72."""

NOISY_SHARE = 0.10
"""Heights are noisy if more than this share of their changes reverse the previous one. Of 21 lines, smooth ones have
0.01 to 0.06, noisy ones 0.14 to 0.32."""

DRAWN_STEP_M = 10.0
"""Smooth heights without times come from a map service if the median point spacing is at least this, metres. Ten road
lines have 18 to 39 m, a recording without times 1.3 m. Only the name depends on it, not the smoothing."""

_ON_LINE = {
    Provenance.RECORDED: HeightSource.DEM_RECORDED,
    Provenance.OSM: HeightSource.DEM_OSM,
    Provenance.MODELLED: HeightSource.DEM_MODELLED,
    Provenance.SCHEMATIC: HeightSource.DEM_MODELLED,
}

_BY_RECORDER = {
    Recorder.BAROMETER: HeightSource.BAROMETER,
    Recorder.GPS: HeightSource.GPS,
    Recorder.MAP: HeightSource.MAP,
}


def source_on_line(provenance: Provenance) -> HeightSource:
    """Source of DEM heights on a line of this provenance."""
    return _ON_LINE[provenance]


def recorded_source(
    distance_m: FloatArray, ele_m: FloatArray, *, is_timed: bool, recorder: Recorder = Recorder.AUTO
) -> HeightSource:
    """What recorded the heights of a track: as stated, otherwise inferred from how they change.

    Heights and distances are in metres; NaN means unknown.
    """
    if recorder is not Recorder.AUTO:
        return _BY_RECORDER[recorder]
    kept = np.isfinite(ele_m) & np.concatenate(([True], np.diff(distance_m) > 0.0))
    height = ele_m[kept]
    change = np.diff(height)
    change = change[np.abs(change) > 0.01]
    if change.size < 2:
        return HeightSource.BAROMETER
    is_whole = np.mean(height == np.rint(height)) >= LATTICE_SHARE
    if not is_whole and np.mean(np.abs(change - np.rint(change)) <= LATTICE_OFF_M) >= LATTICE_SHARE:
        return HeightSource.BAROMETER
    sign = np.sign(change)
    if np.mean(sign[1:] != sign[:-1]) > NOISY_SHARE:
        return HeightSource.GPS
    is_drawn = not is_timed and np.median(np.diff(distance_m)) >= DRAWN_STEP_M
    return HeightSource.MAP if is_drawn else HeightSource.BAROMETER
