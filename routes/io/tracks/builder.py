"""Build a track file's model from points of any format."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np

from routes.errors import TrackReadError
from routes.gpx.codes import Trap
from routes.gpx.read.gather import Gathered
from routes.gpx.track_file import GPXFile, GPXMetadata, LineMark, TrackInfo
from routes.model.kinds import Provenance
from routes.model.points import Points

MAX_NAME = 10_000
"""Longest name that is kept, in characters."""

_SAID_IN_NAME = {
    "MODELLED ": Provenance.MODELLED,
    "PARTLY MODELLED ": Provenance.MODELLED,
    "SCHEMATIC ": Provenance.SCHEMATIC,
}
"""Prefixes of names in our own exports, the only sign of provenance in formats without our extension."""


@dataclass(slots=True, kw_only=True)
class TrackBuilder(Gathered):
    """Data read so far from a file of any format except GPX."""

    def fail(self, what: str, where: str = "") -> NoReturn:
        """Reject the file, with its name and the place in it."""
        msg = f"{self.source}{f', {where}' if where else ''}: {what}."
        raise TrackReadError(msg)

    def add_track(
        self,
        name: str,
        runs: Sequence[Points],
        where: str,
        *,
        kind: str = "",
        line: int = 0,
        said: str = "",
    ) -> None:
        """Add a track with its segments; `where` is its place in the file, for messages.

        `line` is 0 in a file without lines; `said` is the provenance, if the file states it in our words.
        Raises TrackReadError if a point is not on Earth.
        """
        first = len(self.segment_marks)
        for run in runs:
            self.points.extend(self._checked(run, where, line))
            self.end_segment()
        if said in set(Provenance):
            provenance: Provenance | None = Provenance(said)
        else:
            provenance = next((of for start, of in _SAID_IN_NAME.items() if name.startswith(start)), None)
        self.tracks.append(
            TrackInfo(
                first_segment=first,
                stop_segment=len(self.segment_marks),
                name=self._text(name, line),
                type=self._text(kind, line),
                line=line,
                mark=None if provenance is None else LineMark(provenance),
            )
        )

    def add_waypoints(
        self,
        points: Points,
        name: str,
        where: str,
        *,
        desc: str = "",
        kind: str = "",
        line: int = 0,
    ) -> None:
        """Add waypoints with one name. Raises TrackReadError if one is not on Earth."""
        for index in range(len(points)):
            self.waypoints.extend(self._checked(points[index : index + 1], where, line))
            texts = (self._text(name, line), "", self._text(desc, line), "", self._text(kind, line))
            self.waypoint_texts.append(texts)
            self.waypoint_lines.append(line)

    def file(self) -> GPXFile:
        """Build the file from the added data."""
        return self.result(GPXMetadata())

    def _checked(self, run: Points, where: str, line: int) -> Points:
        """Points with longitudes within 180 degrees and heights that are finite or NaN."""
        lon, lat, height = run.lon_deg, run.lat_deg, run.height_m
        bad = ~((np.abs(lon) <= 360.0) & (np.abs(lat) <= 90.0))  # true for NaN too
        if bad.any():
            first = int(np.argmax(bad))
            self.fail(f"point {first + 1} is not on Earth (lat {lat[first]:g}, lon {lon[first]:g})", where)
        over = np.abs(lon) > 180.0
        if over.any():
            text = f"In {where}, {over.sum()} longitudes are beyond 180 degrees, such as {lon[over][0]:.10g}; wrapped."
            self.notes.add(Trap.LONGITUDE_WRAPPED, line, text)
            lon = np.where(over, lon - np.copysign(360.0, lon), lon)
        return replace(run, lon_deg=lon, height_m=np.where(np.isfinite(height), height, np.nan))

    def _text(self, text: str, line: int) -> str:
        if len(text) <= MAX_NAME:
            return text
        self.notes.add(Trap.TEXT_CUT, line, f"A text of {len(text):,} characters is cut to {MAX_NAME:,}.")
        return text[:MAX_NAME]
