"""A GPX file in memory: points in columns, tracks, waypoints, metadata, warnings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from routes._typing import IntArray
from routes.gpx.codes import Note
from routes.model.kinds import Provenance
from routes.model.points import Points
from routes.model.track import Segment


@dataclass(frozen=True, slots=True)
class LineMark:
    """Our own extension for a line (``<line xmlns="urn:trek-routes:line:1" .../>``)."""

    provenance: Provenance
    """Where the line comes from."""

    lateral_p90_m: float | None = None
    """Distance within which 90 % of the real trail lies, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackInfo:
    """A track (``trk``) or a route (``rte``, one segment)."""

    first_segment: int
    """Index of its first segment."""

    stop_segment: int
    """Index after its last segment; equal to `first_segment` if it has none."""

    is_route: bool = False
    """Whether it is a route: planned turning points instead of a recorded path."""

    name: str = ""
    cmt: str = ""
    desc: str = ""
    src: str = ""
    type: str = ""

    line: int = 0
    """Line of the file where it begins."""

    mark: LineMark | None = None
    """Our own extension for it; None in other files."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Waypoints:
    """Waypoints in columns of one length n, in file order; an absent text is empty."""

    points: Points
    name: tuple[str, ...]
    cmt: tuple[str, ...]
    desc: tuple[str, ...]
    sym: tuple[str, ...]
    type: tuple[str, ...]

    lines: tuple[int, ...]
    """Line of the file where each begins."""

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class GPXMetadata:
    """A file's own metadata, as given and unchecked; missing texts are empty."""

    version: str = ""
    """``version`` of the root: ``1.1`` or ``1.0`` in valid files."""

    namespace: str = ""
    """Namespace of the root."""

    creator: str = ""
    name: str = ""
    desc: str = ""
    author: str = ""
    """Name of the author."""

    keywords: str = ""
    copyright: str = ""
    """Copyright holder (``copyright author="..."``)."""

    licence: str = ""
    """Link to the licence (``copyright/license``)."""

    time_s: float | None = None
    """Creation time, seconds since 1970-01-01T00:00:00 UTC; None if unknown."""

    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north as given, degrees; never computed."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GPXFile:
    """A GPX file.

    The points of all tracks and routes are in one set of columns, in file order. Segment `i` has the points
    ``offsets[i]`` up to ``offsets[i + 1]`` (possibly one or none), and is never joined to another.
    """

    source: str
    """Name of the file, for messages."""

    metadata: GPXMetadata
    points: Points
    """Points of all segments."""

    offsets: IntArray
    """Start of each segment, shape (n_segments + 1,); the last is the number of points."""

    tracks: tuple[TrackInfo, ...]
    """Tracks and routes, in file order."""

    segment_marks: tuple[LineMark | None, ...]
    """Our own extension for each segment, shape (n_segments,)."""

    waypoints: Waypoints
    warnings: tuple[Note, ...] = ()
    """Problems, by line; at most `MAX_KEPT` of a kind."""

    warning_totals: Mapping[str, int] = field(default_factory=dict)
    """Number of problems of each kind, including those that are not kept."""

    def __post_init__(self) -> None:
        offsets = np.asarray(self.offsets, dtype=np.int64).view()
        offsets.setflags(write=False)
        object.__setattr__(self, "offsets", offsets)
        assert len(self.segment_marks) == offsets.size - 1  # noqa: S101 - our own reader makes it
        assert offsets[0] == 0  # noqa: S101 - likewise
        assert offsets[-1] == len(self.points)  # noqa: S101 - likewise

    def lines(self) -> tuple[TrackInfo, ...]:
        """Tracks of the file, or its routes if no track has a segment: a route often repeats a track."""
        has_tracks = any(
            not track.is_route and track.stop_segment > track.first_segment for track in self.tracks
        )
        return tuple(track for track in self.tracks if track.is_route is not has_tracks)

    def segment_points(self, index: int) -> Points:
        """Points of a segment with times, as views of the columns."""
        return self.points[int(self.offsets[index]) : int(self.offsets[index + 1])]

    def segments(self, track: TrackInfo | None = None) -> tuple[Segment, ...]:
        """Segments of two or more points, in file order, of one of `tracks` or by default of all `lines`."""
        found = []
        for one in self.lines() if track is None else (track,):
            for index in range(one.first_segment, one.stop_segment):
                points, mark = self.segment_points(index), self.segment_marks[index]
                if len(points) < 2:
                    continue
                ele = points.height_m if np.isfinite(points.height_m).any() else None
                kind, lateral_m = (None, None) if mark is None else (mark.provenance, mark.lateral_p90_m)
                is_timed = bool(np.isfinite(points.time_s).any())
                found.append(Segment(points.lon_deg, points.lat_deg, ele, kind, lateral_m, is_timed))
        return tuple(found)

    def duration_s(self, track: TrackInfo | None = None) -> float | None:
        """Seconds from the first to the last known time of a track or by default of all `lines`; None if unknown."""
        found = []
        for one in self.lines() if track is None else (track,):
            run = slice(int(self.offsets[one.first_segment]), int(self.offsets[one.stop_segment]))
            time_s = self.points.time_s[run]
            found.append(time_s[np.isfinite(time_s)])
        known = np.concatenate(found) if found else np.empty(0)
        return float(np.ptp(known)) if known.size > 1 else None
