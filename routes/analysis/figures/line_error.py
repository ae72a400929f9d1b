"""How far the lines of legs may lie from the way that is walked."""

import numpy as np

from routes._typing import FloatArray
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.uncertainty import Z90
from routes.model.kinds import Provenance
from routes.model.track import Line, Run

LATERAL_P90_M = {Provenance.RECORDED: 16.0, Provenance.OSM: 25.0}
"""Bound on nine tenths of the offsets of lines that do not state one, metres. Assumed: 10 m (standard deviation) for
GPS in mountains, 15 m for OpenStreetMap's ways, drawn from GPS or imagery."""


def lateral_sigma_m(line: Line) -> float:
    """Standard deviation of the true way's offset from a line, metres: that of a normal error with the line's bound."""
    lateral = line.lateral_p90_m
    if lateral is None:
        lateral = LATERAL_P90_M.get(line.provenance, LATERAL_P90_M[Provenance.RECORDED])
    return lateral / Z90


def lateral_sigmas_m(line: Line, run: Run, distance_m: FloatArray) -> FloatArray:
    """Standard deviation of the offset along an unbroken run of a line, as its segments say, metres.

    Parameters
    ----------
    line : Line
        The line.
    run : Run
        One of ``line.unbroken()``.
    distance_m : ndarray, shape (n,)
        Distances from the start of the run, metres, ascending.

    Returns
    -------
    ndarray, shape (n,)
        Metres.
    """
    along = cumulative_distance_m(run.whole.lon_deg, run.whole.lat_deg)
    ends = along[np.cumsum([part.lon_deg.size - 1 for part in run.parts])]
    sigma = [
        lateral_sigma_m(line) if part.lateral_p90_m is None else part.lateral_p90_m / Z90
        for part in run.parts
    ]
    part = np.minimum(np.searchsorted(ends, distance_m), len(sigma) - 1)
    return np.asarray(np.array(sigma)[part], dtype=np.float64)
