"""A GPX file as it was read: points in columns, tracks, waypoints, metadata, and what was odd about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from routes._typing import BoolArray, FloatArray, IntArray
from routes.errors import ModelError
from routes.model.kinds import Provenance
from routes.model.track import Segment

if TYPE_CHECKING:
    import geopandas as gpd
    import gpxpy.gpx

LINE_NAMESPACE = "urn:trek-routes:line:1"
"""Namespace of the element in which our own GPX says what a line is."""


class Trap(StrEnum):
    """What a reader can trip over; the value is a stable code."""

    BLANK_BEFORE_DECLARATION = "blank-before-declaration"
    """Blank space stands before the XML declaration, which XML forbids."""

    UNDECLARED_PREFIX = "undeclared-prefix"
    """An element has a namespace prefix that nothing declares; it is left out."""

    CUT_OFF = "cut-off"
    """The file ends in the middle; its complete points are kept."""

    ELE_EMPTY = "ele-empty"
    """An ``ele`` without text; the height is unknown."""

    ELE_NOT_A_NUMBER = "ele-not-a-number"
    """An ``ele`` that is no number, such as ``100,5`` or ``nan``; the height is unknown."""

    ELE_REPEATED = "ele-repeated"
    """A second ``ele`` in one point; the first counts."""

    TIME_EMPTY = "time-empty"
    """A ``time`` without text; the time is unknown."""

    TIME_NOT_A_TIME = "time-not-a-time"
    """A ``time`` that is none; the time is unknown."""

    TIME_WITHOUT_ZONE = "time-without-zone"
    """A ``time`` that names no zone; it is taken as UTC."""

    TIME_REPEATED = "time-repeated"
    """A second ``time`` in one point; the first counts."""

    LONGITUDE_WRAPPED = "longitude-wrapped"
    """A longitude beyond 180 degrees, wrapped."""

    EXPONENT = "exponent"
    """A number with an exponent, which the schema forbids and many readers trip over."""

    TEXT_CUT = "text-cut"
    """A name or description longer than is kept; cut."""

    BOUNDS_WRONG = "bounds-wrong"
    """Bounds in the metadata that are no numbers; left out."""

    CHECKSUM = "checksum"
    """A checksum that does not fit its file."""

    GEOMETRY_LEFT_OUT = "geometry-left-out"
    """A geometry that is neither line nor point; it is left out."""

    NOT_GPX_NAMESPACE = "not-gpx-namespace"
    """The root is in a namespace other than those of GPX 1.0 and 1.1."""


@dataclass(frozen=True, slots=True, order=True)
class GPXWarning:
    """One odd thing that was read nevertheless."""

    line: int
    """Line of the file, from 1; of the unpacked file where it is packed."""

    code: Trap
    """Which trap it is."""

    text: str
    """What was found and what was made of it, one sentence."""


def _frozen(values: FloatArray) -> FloatArray:
    """Array that is not written to, without a copy: the reader hands over millions of points."""
    view = np.asarray(values, dtype=np.float64).view()
    view.setflags(write=False)
    return view


@dataclass(frozen=True, slots=True, eq=False)
class PointColumns:
    """Points in columns of one length n, in file order."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees, WGS 84, within -180..180."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees, WGS 84."""

    ele_m: FloatArray
    """Elevations as the file gives them, shape (n,), metres above an unknown datum; NaN where unknown, never 0."""

    time_s: FloatArray
    """Times, shape (n,), seconds since 1970-01-01T00:00:00 UTC without leap seconds; NaN where unknown."""

    def __post_init__(self) -> None:
        names = ("lon_deg", "lat_deg", "ele_m", "time_s")
        shapes = {getattr(self, name).shape for name in names}
        if len(shapes) != 1 or self.lon_deg.ndim != 1:
            msg = f"Columns of points must be of one length; they have the shapes {sorted(shapes)}."
            raise ModelError(msg)
        for name in names:
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    def __len__(self) -> int:
        return int(self.lon_deg.size)

    def part(self, first: int, stop: int) -> "PointColumns":
        """Points from one index up to, but not with, another; views, no copies."""
        run = slice(first, stop)
        return PointColumns(self.lon_deg[run], self.lat_deg[run], self.ele_m[run], self.time_s[run])


@dataclass(frozen=True, slots=True)
class LineMark:
    """What our own extension says of a line (``<line xmlns="urn:trek-routes:line:1" .../>``)."""

    provenance: Provenance
    """Where the line comes from."""

    lateral_p90_m: float | None = None
    """How far from it nine tenths of the true way lie at most, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackInfo:
    """A track (``trk``) or a route (``rte``, one segment)."""

    first_segment: int
    """Index of its first segment in the file."""

    stop_segment: int
    """Index after its last; equal to `first_segment` if it has none."""

    is_route: bool = False
    """Whether it is a route: planned turning points, not a recorded path."""

    name: str = ""
    cmt: str = ""
    desc: str = ""
    src: str = ""
    type: str = ""

    line: int = 0
    """Line of the file at which it begins."""

    mark: LineMark | None = None
    """What our own extension says of it; None in files of others."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Waypoints:
    """Waypoints in columns of one length n, in file order; an absent text is empty."""

    points: PointColumns
    name: tuple[str, ...]
    cmt: tuple[str, ...]
    desc: tuple[str, ...]
    sym: tuple[str, ...]
    type: tuple[str, ...]

    lines: tuple[int, ...]
    """Line of the file at which each begins."""

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, slots=True, kw_only=True)
class GPXMetadata:
    """What a file says of itself, as stated and unchecked; an absent text is empty."""

    version: str = ""
    """``version`` of the root: ``1.1`` or ``1.0`` in honest files."""

    namespace: str = ""
    """Namespace of the root."""

    creator: str = ""
    name: str = ""
    desc: str = ""
    author: str = ""
    """Name of the author."""

    keywords: str = ""
    copyright: str = ""
    """Holder of the copyright (``copyright author="..."``)."""

    licence: str = ""
    """Link to the licence (``copyright/license``)."""

    time_s: float | None = None
    """When it was made, seconds since 1970-01-01T00:00:00 UTC; None if unknown."""

    bounds: tuple[float, float, float, float] | None = None
    """West, south, east, north as stated, degrees; never computed."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class GPXFile:
    """A GPX file.

    Points of all tracks and routes lie in one set of columns in file order; segment `i` has the points
    ``offsets[i]`` up to ``offsets[i + 1]`` (it may have one or none) and is never joined to another.
    """

    source: str
    """Name of the file, for messages."""

    metadata: GPXMetadata
    points: PointColumns
    """Points of all segments."""

    offsets: IntArray
    """Where segments begin, shape (n_segments + 1,); the last is the number of points."""

    tracks: tuple[TrackInfo, ...]
    """Tracks and routes, in file order."""

    segment_marks: tuple[LineMark | None, ...]
    """What our own extension says of each segment, shape (n_segments,)."""

    waypoints: Waypoints
    warnings: tuple[GPXWarning, ...] = ()
    """What was odd, by line; at most `MAX_KEPT` of a kind."""

    warning_totals: Mapping[Trap, int] = field(default_factory=dict)
    """How many there were of each kind, those that are not kept too."""

    def __post_init__(self) -> None:
        offsets = np.asarray(self.offsets, dtype=np.int64).view()
        offsets.setflags(write=False)
        object.__setattr__(self, "offsets", offsets)
        assert len(self.segment_marks) == offsets.size - 1  # noqa: S101 - our own reader makes it
        assert offsets[0] == 0  # noqa: S101 - likewise
        assert offsets[-1] == len(self.points)  # noqa: S101 - likewise

    @property
    def has_tracks(self) -> bool:
        """Whether any track (no route) has a segment."""
        return any(not track.is_route and track.stop_segment > track.first_segment for track in self.tracks)

    def lines(self) -> tuple[TrackInfo, ...]:
        """Tracks of the file, or its routes when no track has a segment: a route often repeats a track."""
        return tuple(track for track in self.tracks if track.is_route is not self.has_tracks)

    def segment_points(self, index: int) -> PointColumns:
        """Points of a segment: views of the columns, with times."""
        return self.points.part(int(self.offsets[index]), int(self.offsets[index + 1]))

    def segments(self, track: TrackInfo | None = None) -> tuple[Segment, ...]:
        """Segments of two points or more, in file order.

        Parameters
        ----------
        track : TrackInfo, optional
            One of `tracks`; those of all `lines` by default.
        """
        chosen = self.lines() if track is None else (track,)
        found = []
        for one in chosen:
            for index in range(one.first_segment, one.stop_segment):
                points, mark = self.segment_points(index), self.segment_marks[index]
                if len(points) < 2:
                    continue
                ele = points.ele_m if np.isfinite(points.ele_m).any() else None
                said = (None, None) if mark is None else (mark.provenance, mark.lateral_p90_m)
                found.append(Segment(points.lon_deg, points.lat_deg, ele, *said))
        return tuple(found)

    def segment_of_points(self) -> IntArray:
        """Index of the segment of each point, shape (n,)."""
        return np.repeat(np.arange(self.offsets.size - 1, dtype=np.int64), np.diff(self.offsets))

    @property
    def is_after_gap(self) -> BoolArray:
        """Whether each point begins a segment, shape (n,): no line leads to it."""
        first = np.zeros(len(self.points), dtype=np.bool_)
        first[self.offsets[:-1][np.diff(self.offsets) > 0]] = True
        return first

    def duration_s(self, track: TrackInfo | None = None) -> float | None:
        """Seconds from the earliest to the latest known time of a track, of all `lines` by default; None if unknown."""
        chosen = self.lines() if track is None else (track,)
        found = []
        for one in chosen:
            run = slice(int(self.offsets[one.first_segment]), int(self.offsets[one.stop_segment]))
            time_s = self.points.time_s[run]
            found.append(time_s[np.isfinite(time_s)])
        known = np.concatenate(found) if found else np.empty(0)
        return float(np.ptp(known)) if known.size > 1 else None

    def to_gpxpy(self) -> "gpxpy.gpx.GPX":
        """Objects of gpxpy; see `routes.gpx.interop`."""
        from routes.gpx.interop import gpxpy_of  # noqa: PLC0415 - heavy

        return gpxpy_of(self)

    def to_frame(self, kind: str = "points") -> "gpd.GeoDataFrame":
        """GeoDataFrame in WGS 84; see `routes.gpx.interop`.

        Parameters
        ----------
        kind : str
            ``points``, a row a point of tracks and routes; ``tracks``, a row a track or route with a MultiLineString
            of its segments; ``waypoints``.
        """
        from routes.gpx.interop import frame_of  # noqa: PLC0415 - heavy

        return frame_of(self, kind)


MAX_KEPT = 1000
"""Largest number of warnings of one kind that a `GPXFile` holds; all are counted."""
