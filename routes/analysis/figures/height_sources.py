"""Sources of heights: how each is smoothed, and what recorded the heights of a file."""

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
        """Whether the heights are a file's own."""
        return self in (HeightSource.BAROMETER, HeightSource.GPS, HeightSource.MAP)

    @property
    def smoothing_m(self) -> float:
        """Standard deviation of the Gaussian along the way, metres."""
        return SHORT_M if self in (HeightSource.BAROMETER, HeightSource.MAP) else LONG_M


SHORT_M, LONG_M, BAND_M = 10.0, 40.0, 1.0
"""Two smoothings and one dead band, metres. The short one is for recorded heights that are smooth or stepped (16
lines of 2 sources), the long one for noisy heights (5 lines) and every DEM of 30 to 90 m (16 lines of 4 sources). The
band is the step of stepped heights. Figures: docs/accuracy.md, benchmarks/accuracy/ranges.py."""

LATTICE_OFF_M, LATTICE_SHARE = 0.15, 0.9
"""Heights are stepped, as phones and watches with a barometer write them, if this share of their changes are whole
metres to within a rounding, though the heights themselves are not. Of 34 lines, 14 have 0.96 to 1, the others at most
0.72."""

NOISY_SHARE = 0.10
"""Share of changes of height with the opposite sign of the one before, from which on heights are noisy. Of 21 lines,
smooth ones have 0.01 to 0.06, noisy ones 0.14 to 0.32; this is midway."""

DRAWN_STEP_M = 10.0
"""Median distance between points from which on smooth heights without times are taken for a map service's, metres. Ten
road lines have 18 to 39 m, a recording without its times 1.3 m. This only names the source: the smoothing is the
same."""

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
    """Kind of DEM heights on a line, by where the line comes from."""
    return _ON_LINE[provenance]


def recorded_source(
    distance_m: FloatArray, ele_m: FloatArray, *, is_timed: bool, recorder: Recorder = Recorder.AUTO
) -> HeightSource:
    """What recorded the heights of a track: as stated, else as its changes of height show.

    Parameters
    ----------
    distance_m : ndarray, shape (n,)
        Distance from the start, metres.
    ele_m : ndarray, shape (n,)
        Recorded heights without void codes, metres; NaN where there is none.
    is_timed : bool
        Whether its points have times.
    recorder : Recorder
        What somebody says recorded them.
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
