"""Read a trek file and its lines, and check that they fit together."""

import logging
from pathlib import Path

import numpy as np

from routes.dem.public.fetch_run import FetchReport
from routes.errors import GPXReadError
from routes.gpx.read.reader import read_line
from routes.io.trek.read import read_trek
from routes.kernel.geodesy import cumulative_distance_m, distance_m
from routes.model.track import Line
from routes.model.trek import Leg, Place, Trek

_LOG = logging.getLogger(__name__)

FAR_M, NEAR_M = 5_000.0, 1_000.0
"""Limits of the distance from a line's end to its place: half the distance between the leg's places, within these
limits, or twice the place's uncertainty if larger. Beyond it the line belongs to another leg."""


def load_trek(trek_file: Path | str) -> tuple[Trek, dict[str, Line]]:
    """Read a trek file and the lines of its legs.

    Parameters
    ----------
    trek_file : Path or str
        TOML file in the format of docs/trek-file.md.

    Returns
    -------
    trek : Trek
        The itinerary.
    lines : dict of str to Line
        Lines by leg id, for legs that name a GPX file.

    Raises
    ------
    TrekFileError
        If the trek file is wrong.
    GPXReadError
        If a GPX file cannot be read, or its line does not connect the places of its leg.
    """
    trek_file = Path(trek_file)
    trek = read_trek(trek_file)
    lines = {
        leg.id: _fit(
            trek, leg, trek_file.parent / leg.gpx, read_line(trek_file.parent / leg.gpx, leg.provenance)
        )
        for _, leg in trek.legs()
        if leg.gpx is not None
    }
    return trek, lines


def tell(report: FetchReport) -> tuple[str, ...]:
    """Log a download, and return its failures as text that is the same in every run."""
    if report.fetched:
        _LOG.warning("%s", report.sentence())
    for fault in (*report.fallbacks, *report.faults):
        _LOG.warning("%s", fault)
    if not report.faults:
        return ()
    return (
        "Not all of the DEM could be fetched; heights are missing where it is needed. Run again with a network.",
    )


def _fit(trek: Trek, leg: Leg, path: Path, line: Line) -> Line:
    """Check that a line connects the places of its leg, and reverse it if it runs the other way."""
    start, end = trek.place(leg.start), trek.place(leg.end)
    first = line.segments[0].lon_deg[0], line.segments[0].lat_deg[0]
    last = line.segments[-1].lon_deg[-1], line.segments[-1].lat_deg[-1]
    forward = _away_m(start, first), _away_m(end, last)
    backward = _away_m(start, last), _away_m(end, first)
    if sum(backward) < sum(forward):
        line, forward = line.reversed(), backward
    apart = _away_m(start, (end.lon, end.lat))
    # gaps count: a device that was off for a while still went from one end to the other
    lon, lat = (np.concatenate([getattr(s, name) for s in line.segments]) for name in ("lon_deg", "lat_deg"))
    length = float(cumulative_distance_m(lon, lat)[-1])
    slack = start.position_uncertainty_m + end.position_uncertainty_m + NEAR_M
    if length < 0.5 * (apart - slack):
        msg = (
            f"{path} does not belong to leg {leg.id!r}: its line is {length:,.0f} m long, but {start.name} and "
            f"{end.name} are {apart:,.0f} m apart. Name the right file, or mend the places' positions."
        )
        raise GPXReadError(msg)
    far = min(FAR_M, max(NEAR_M, 0.5 * apart))
    for place, away in ((start, forward[0]), (end, forward[1])):
        if away > max(far, 2.0 * place.position_uncertainty_m):
            msg = (
                f"{path} does not belong to leg {leg.id!r}: its line ends {away / 1000:,.1f} km from {place.name} "
                f"({place.lon:.4f}, {place.lat:.4f}). Name the right file, or mend the place's position."
            )
            raise GPXReadError(msg)
    return line


def _away_m(place: Place, point: tuple[float, float]) -> float:
    return float(distance_m([place.lon], [place.lat], [point[0]], [point[1]])[0])
