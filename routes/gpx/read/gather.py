"""Collect points, warnings and texts of a file of any format, within limits."""

from array import array
from dataclasses import dataclass, field

import numpy as np

from routes._typing import FloatArray
from routes.gpx.codes import Notes
from routes.gpx.track_file import GPXFile, GPXMetadata, LineMark, TrackInfo, Waypoints
from routes.model.points import Points

WAYPOINT_TEXTS = ("name", "cmt", "desc", "sym", "type")
"""Texts of a waypoint, in the order of `Gathered.waypoint_texts`."""


@dataclass(slots=True)
class Columns:
    """Columns of points that grow by points and runs."""

    parts: list[tuple[FloatArray, ...]] = field(default_factory=list)
    singles: tuple["array[float]", ...] = field(
        default_factory=lambda: tuple(array("d") for _ in range(4)),
    )
    done: int = 0

    def __len__(self) -> int:
        return self.done + len(self.singles[0])

    def add(self, lon: float, lat: float, ele: float, time: float) -> None:
        """Add a point."""
        for column, value in zip(self.singles, (lon, lat, ele, time), strict=True):
            column.append(value)

    def extend(self, points: Points) -> None:
        """Add points."""
        self._settle()
        self.parts.append((points.lon_deg, points.lat_deg, points.height_m, points.time_s))
        self.done += len(points)

    def _settle(self) -> None:
        if self.singles[0]:
            self.done += len(self.singles[0])
            self.parts.append(tuple(np.array(column, dtype=np.float64) for column in self.singles))
            self.singles = tuple(array("d") for _ in range(4))

    def take(self) -> Points:
        """Return the points and start anew."""
        self._settle()
        parts, self.parts, self.done = self.parts, [], 0
        columns = []
        for i in range(4):
            # one column at a time, so that at most two copies of one column exist
            columns.append(np.concatenate([part[i] for part in parts]) if parts else np.empty(0))
            parts = [tuple(np.empty(0) if j == i else part[j] for j in range(4)) for part in parts]
        return Points(*columns)


@dataclass(slots=True, kw_only=True)
class Gathered:
    """Data read so far from a file."""

    source: str
    """Name of the file, as shown in messages."""

    notes: Notes = field(default_factory=Notes)
    points: Columns = field(default_factory=Columns)
    offsets: "array[int]" = field(default_factory=lambda: array("q", [0]))
    tracks: list[TrackInfo] = field(default_factory=list)
    segment_marks: list[LineMark | None] = field(default_factory=list)
    waypoints: Columns = field(default_factory=Columns)
    waypoint_texts: list[tuple[str, ...]] = field(default_factory=list)
    waypoint_lines: "array[int]" = field(default_factory=lambda: array("q"))

    def end_segment(self, mark: LineMark | None = None) -> None:
        """End a segment, with the points since the previous one."""
        self.offsets.append(len(self.points))
        self.segment_marks.append(mark)

    def result(self, metadata: GPXMetadata) -> GPXFile:
        """Build the file from the collected data."""
        texts = zip(*self.waypoint_texts, strict=True) if self.waypoint_texts else ((),) * 5
        return GPXFile(
            source=self.source,
            metadata=metadata,
            points=self.points.take(),
            offsets=np.array(self.offsets, dtype=np.int64),
            tracks=tuple(self.tracks),
            segment_marks=tuple(self.segment_marks),
            waypoints=Waypoints(
                points=self.waypoints.take(),
                **dict(zip(WAYPOINT_TEXTS, texts, strict=True)),
                lines=tuple(self.waypoint_lines),
            ),
            warnings=tuple(sorted(self.notes.kept, key=lambda note: note.line)),
            warning_totals=dict(self.notes.counts),
        )


def quoted(text: str) -> str:
    """Text from a file as shown in a message: short, on one line, without terminal control characters."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
