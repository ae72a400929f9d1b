"""Build the model of a track file out of runs of points, whatever format they come from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import FloatArray
from routes.errors import TrackReadError
from routes.gpx.read.gather import Notes
from routes.gpx.track_file import GPXFile, GPXMetadata, LineMark, PointColumns, TrackInfo, Trap, Waypoints
from routes.model.kinds import Provenance

MAX_NAME = 10_000
"""Longest name that is kept, characters."""

_SAID_IN_NAME = {
    "MODELLED ": Provenance.MODELLED,
    "PARTLY MODELLED ": Provenance.MODELLED,
    "SCHEMATIC ": Provenance.SCHEMATIC,
}
"""First words of the names of our own exports: formats without our extension say so only there."""


@dataclass(slots=True)
class TrackBuilder:
    """What was read so far of a file."""

    source: str
    """Name of the file as messages show it."""

    creator: str = ""
    notes: Notes = field(default_factory=Notes)
    runs: list[FloatArray] = field(default_factory=list)
    """Points of each segment: longitude, latitude, elevation, time; shape (4, n)."""

    tracks: list[TrackInfo] = field(default_factory=list)
    waypoints: list[tuple[float, float, float]] = field(default_factory=list)
    texts: list[tuple[str, str, str, int]] = field(default_factory=list)
    """Name, description, type and line of each waypoint."""

    def fail(self, what: str, where: str = "") -> NoReturn:
        """Refuse the file.

        Raises
        ------
        TrackReadError
            With its name and the place in it.
        """
        msg = f"{self.source}{f', {where}' if where else ''}: {what}."
        raise TrackReadError(msg)

    def add_track(
        self,
        name: str,
        runs: Sequence[FloatArray],
        where: str,
        *,
        kind: str = "",
        line: int = 0,
        said: str = "",
    ) -> None:
        """Add a track.

        Parameters
        ----------
        name : str
            Its name.
        runs : sequence of ndarray, shape (4, n)
            Its segments: longitudes, latitudes (degrees), elevations (metres), times (seconds since 1970); NaN where
            unknown.
        where : str
            Place in the file, for messages.
        kind : str
            What the file calls it.
        line : int
            Line at which it begins; 0 in a file without lines.
        said : str
            Where the line comes from, in our own words for it, if the file says so.

        Raises
        ------
        TrackReadError
            If a point is not on Earth.
        """
        first = len(self.runs)
        self.runs += [self._checked(run, where, line) for run in runs]
        mark = LineMark(Provenance(said)) if said in set(Provenance) else None
        if mark is None:
            words = (kind for start, kind in _SAID_IN_NAME.items() if name.startswith(start))
            found = next(words, None)
            mark = None if found is None else LineMark(found)
        self.tracks.append(
            TrackInfo(
                first_segment=first,
                stop_segment=len(self.runs),
                name=self._text(name, line),
                type=self._text(kind, line),
                line=line,
                mark=mark,
            )
        )

    def add_waypoint(
        self,
        position: ArrayLike,
        name: str,
        where: str,
        *,
        desc: str = "",
        kind: str = "",
        line: int = 0,
    ) -> None:
        """Add a waypoint at longitude, latitude (degrees) and elevation (metres, NaN where unknown).

        Raises
        ------
        TrackReadError
            If it is not on Earth.
        """
        lon, lat, ele = np.asarray(position, dtype=np.float64).tolist()
        run = self._checked(np.array([[lon], [lat], [ele], [np.nan]]), where, line)
        self.waypoints.append((float(run[0, 0]), float(run[1, 0]), float(run[2, 0])))
        self.texts.append((self._text(name, line), self._text(desc, line), self._text(kind, line), line))

    def result(self) -> GPXFile:
        """Make the file out of all that was added."""
        lon, lat, ele, time = np.concatenate([np.empty((4, 0)), *self.runs], axis=1)
        at_lon, at_lat, at_ele = np.array(self.waypoints, dtype=np.float64).reshape(-1, 3).T
        names, descs, kinds, lines = zip(*self.texts, strict=True) if self.texts else ((), (), (), ())
        empty = ("",) * len(names)
        return GPXFile(
            source=self.source,
            metadata=GPXMetadata(creator=self.creator),
            points=PointColumns(lon, lat, ele, time),
            offsets=np.cumsum([0, *(run.shape[1] for run in self.runs)]),
            tracks=tuple(self.tracks),
            segment_marks=(None,) * len(self.runs),
            waypoints=Waypoints(
                points=PointColumns(at_lon, at_lat, at_ele, np.full(len(names), np.nan)),
                name=names,
                cmt=empty,
                desc=descs,
                sym=empty,
                type=kinds,
                lines=lines,
            ),
            warnings=tuple(sorted(self.notes.kept, key=lambda note: note.line)),
            warning_totals=dict(self.notes.totals),
        )

    def _checked(self, run: FloatArray, where: str, line: int) -> FloatArray:
        """Run with longitudes within 180 degrees and elevations that are finite or NaN."""
        lon, lat, ele, time = run
        bad = ~((np.abs(lon) <= 360.0) & (np.abs(lat) <= 90.0))  # also what is no number
        if bad.any():
            first = int(np.argmax(bad))
            self.fail(f"point {first + 1} is not on Earth (lat {lat[first]:g}, lon {lon[first]:g})", where)
        over = np.abs(lon) > 180.0
        if over.any():
            text = f"In {where}, {over.sum()} longitudes are beyond 180 degrees, such as {lon[over][0]:.10g}; wrapped."
            self.notes.add(line, Trap.LONGITUDE_WRAPPED, text)
            lon = np.where(over, lon - np.copysign(360.0, lon), lon)
        return np.stack([lon, lat, np.where(np.isfinite(ele), ele, np.nan), time])

    def _text(self, text: str, line: int) -> str:
        if len(text) <= MAX_NAME:
            return text
        self.notes.add(line, Trap.TEXT_CUT, f"A text of {len(text):,} characters is cut to {MAX_NAME:,}.")
        return text[:MAX_NAME]
