"""Interpret GPX elements: tracks, routes, points, waypoints, metadata."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from routes.gpx.codes import Trap
from routes.gpx.names import LINE, NS_10
from routes.gpx.read.bulk import Run
from routes.gpx.read.gather import WAYPOINT_TEXTS, Gathered, quoted
from routes.gpx.read.numbers import number_of, time_of
from routes.gpx.track_file import GPXFile, GPXMetadata, LineMark, TrackInfo
from routes.model.kinds import Provenance

MAX_LATERAL_M = 100_000.0
"""Largest lateral uncertainty of a line, metres."""

MARK = f"{LINE} line"
"""Our own element's name in a path."""

_TRACK, _ROUTE, _WAYPOINT = ("gpx", "trk"), ("gpx", "rte"), ("gpx", "wpt")
_SEGMENT = (*_TRACK, "trkseg")
_POINTS = {_WAYPOINT, (*_ROUTE, "rtept"), (*_SEGMENT, "trkpt")}
_LINES = {_TRACK, _ROUTE}
_MARKED = {(*home, "extensions", MARK) for home in (_TRACK, _ROUTE, _SEGMENT)}
_LINE_TEXTS = ("name", "cmt", "desc", "src", "type")
_SAID = {
    ("gpx", "metadata", "name"): "name",
    ("gpx", "metadata", "desc"): "desc",
    ("gpx", "metadata", "author", "name"): "author",
    ("gpx", "metadata", "keywords"): "keywords",
    ("gpx", "metadata", "copyright", "license"): "licence",
    # GPX 1.0
    ("gpx", "name"): "name",
    ("gpx", "desc"): "desc",
    ("gpx", "author"): "author",
    ("gpx", "keywords"): "keywords",
}
_MADE_IN_10 = ("gpx", "time")
_MADE = {("gpx", "metadata", "time"), _MADE_IN_10}
_BOUNDS = {("gpx", "metadata", "bounds"), ("gpx", "bounds")}
_COPYRIGHT = ("gpx", "metadata", "copyright")
_UNKNOWN = math.nan

_TEXTS = {
    *_SAID,
    *_MADE,
    *((*home, name) for home in _POINTS for name in ("ele", "time")),
    *((*home, name) for home in _LINES for name in _LINE_TEXTS),
    *((*_WAYPOINT, name) for name in WAYPOINT_TEXTS),
}
"""Elements whose text is needed."""

Path = tuple[str, ...]
"""Names of the open elements from the root; foreign ones have their namespace and a blank before the name."""


@dataclass(slots=True)
class _Point:
    """A point whose element is still open."""

    lon: float
    lat: float
    line: int
    ele: float = _UNKNOWN
    time: float = _UNKNOWN
    has_ele: bool = False
    has_time: bool = False
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Track:
    """A track or route whose element is still open."""

    line: int
    first_segment: int
    is_route: bool
    mark: LineMark | None = None
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Content(Gathered):
    """Builds a `GPXFile` element by element."""

    fail: Callable[[str], NoReturn]
    """Rejects the file, at the current line."""

    line: Callable[[], int]
    """Current line of the file."""

    said: dict[str, str] = field(default_factory=dict)
    made_s: float | None = None
    bounds: tuple[float, float, float, float] | None = None
    track: _Track | None = None
    point: _Point | None = None
    is_in_segment: bool = False
    segment_mark: LineMark | None = None

    def open(self, path: Path, attributes: Mapping[str, str]) -> bool:
        """Handle the start of an element; returns whether its text is needed."""
        if path in _POINTS:
            self.point = self._open_point(path, attributes)
        elif path in _LINES:
            self.track = _Track(self.line(), len(self.segment_marks), is_route=path == _ROUTE)
            self.is_in_segment, self.segment_mark = self.track.is_route, None
        elif path == _SEGMENT:
            self.is_in_segment, self.segment_mark = True, None
        elif path in _MARKED:
            self._take_mark(path, attributes)
        elif path in _BOUNDS:
            self._take_bounds(attributes)
        elif path == _COPYRIGHT:
            self.said.setdefault("copyright", attributes.get("author", ""))
        return path in _TEXTS

    def close(self, path: Path, text: str) -> None:
        """Handle the end of an element, with its text if needed."""
        if path in _TEXTS:
            self._take_text(path, text)
        elif path in _POINTS:
            self._close_point(path)
        elif path == _SEGMENT:
            self._close_segment()
        elif path in _LINES:
            self._close_track()

    def takes_run(self, path: Path) -> bool:
        """Whether track points may begin in an element of this path."""
        return path == (*_SEGMENT, "trkpt")

    def take_run(self, run: Run) -> None:
        """Add track points."""
        self.points.extend(run.points)

    def cut_off(self, why: str) -> None:
        """End a truncated file, keeping what is complete."""
        self.notes.add(
            Trap.CUT_OFF, self.line(), f"The file is cut off: {why}. Its complete points are kept."
        )
        self.point = None
        if self.is_in_segment and self.track is not None and not self.track.is_route:
            self._close_segment()
        if self.track is not None:
            self._close_track()

    def file(self) -> GPXFile:
        """Build the file."""
        return self.result(GPXMetadata(**self.said, time_s=self.made_s, bounds=self.bounds))

    def _open_point(self, path: Path, attributes: Mapping[str, str]) -> _Point:
        lon, lat = (self._degrees(path[-1], name, attributes) for name in ("lon", "lat"))
        if not abs(lat) <= 90.0:
            self.fail(f"a {path[-1]} is not on Earth: latitude {lat:g}")
        if abs(lon) > 180.0:
            if abs(lon) > 360.0:
                self.fail(f"a {path[-1]} is not on Earth: longitude {lon:g}")
            wrapped = lon - math.copysign(360.0, lon)
            text = f"Longitude {lon:.10g} is beyond 180 degrees; taken as {wrapped:.10g}."
            self.notes.add(Trap.LONGITUDE_WRAPPED, self.line(), text)
            lon = wrapped
        return _Point(lon, lat, self.line() if path == _WAYPOINT else 0)

    def _degrees(self, what: str, name: str, attributes: Mapping[str, str]) -> float:
        text = attributes.get(name)
        if text is None:
            self.fail(f"a {what} has no {name}")
        value = number_of(text)
        if value is None:
            self.fail(f"{name} of a {what} is no number with a decimal point: {quoted(text)}")
        self._look_at(text)
        return value

    def _look_at(self, text: str) -> None:
        if "e" in text or "E" in text:
            said = f"The number {quoted(text)} has an exponent, which the schema of GPX forbids."
            self.notes.add(Trap.EXPONENT, self.line(), said)

    def _close_point(self, path: Path) -> None:
        point, self.point = self.point, None
        if point is None:
            return
        if path == _WAYPOINT:
            self.waypoints.add(point.lon, point.lat, point.ele, point.time)
            self.waypoint_texts.append(tuple(point.texts.get(name, "") for name in WAYPOINT_TEXTS))
            self.waypoint_lines.append(point.line)
        else:
            self.points.add(point.lon, point.lat, point.ele, point.time)

    def _close_segment(self) -> None:
        self.end_segment(self.segment_mark)
        self.is_in_segment = False

    def _close_track(self) -> None:
        track, self.track = self.track, None
        if track is None:
            return
        if track.is_route:
            self.segment_mark = None
            self._close_segment()
        self.tracks.append(
            TrackInfo(
                first_segment=track.first_segment,
                stop_segment=len(self.segment_marks),
                is_route=track.is_route,
                line=track.line,
                mark=track.mark,
                **track.texts,
            )
        )

    def _take_text(self, path: Path, text: str) -> None:
        name, home = path[-1], path[:-1]
        text = text.strip(" \t\r\n")
        if self.point is not None:
            if name == "ele":
                self._take_ele(self.point, text)
            elif name == "time":
                self._take_time(self.point, text)
            else:
                self.point.texts.setdefault(name, text)
        elif home in _LINES and self.track is not None:
            self.track.texts.setdefault(name, text)
        elif path in _SAID:
            self.said.setdefault(_SAID[path], text)
        elif path in _MADE and (path != _MADE_IN_10 or self._is_gpx_10):
            made_s = self._time(text, "The file")
            self.made_s = None if math.isnan(made_s) else made_s

    @property
    def _is_gpx_10(self) -> bool:
        """Whether the root says GPX 1.0; in 1.1 a time beside the tracks means nothing."""
        return self.said.get("namespace") == NS_10 or self.said.get("version", "").strip() == "1.0"

    def _take_ele(self, point: _Point, text: str) -> None:
        if point.has_ele:
            self.notes.add(Trap.ELE_REPEATED, self.line(), "A point has a second ele; the first counts.")
            return
        point.has_ele = True
        value = number_of(text) if text else None
        if value is not None:
            self._look_at(text)
            point.ele = value
        elif text:
            said = f"The ele {quoted(text)} is no number with a decimal point; that height is unknown."
            self.notes.add(Trap.ELE_NOT_A_NUMBER, self.line(), said)
        else:
            self.notes.add(Trap.ELE_EMPTY, self.line(), "An ele is empty; that height is unknown.")

    def _take_time(self, point: _Point, text: str) -> None:
        if point.has_time:
            self.notes.add(Trap.TIME_REPEATED, self.line(), "A point has a second time; the first counts.")
            return
        point.has_time = True
        point.time = self._time(text, "A point")

    def _time(self, text: str, what: str) -> float:
        """Seconds since 1970 of a time; NaN if it is invalid."""
        if not text:
            self.notes.add(Trap.TIME_EMPTY, self.line(), f"{what} has an empty time; it is unknown.")
            return _UNKNOWN
        found = time_of(text)
        if found is None:
            said = f"{what} has the time {quoted(text)}, which is none; it is unknown."
            self.notes.add(Trap.TIME_NOT_A_TIME, self.line(), said)
            return _UNKNOWN
        time_s, has_zone = found
        if not has_zone:
            said = f"{what} has the time {quoted(text)}, which names no zone; it is taken as UTC."
            self.notes.add(Trap.TIME_WITHOUT_ZONE, self.line(), said)
        return time_s

    def _take_mark(self, path: Path, attributes: Mapping[str, str]) -> None:
        """Read our own extension of a track or segment."""
        lateral = attributes.get("lateral_p90_m")
        try:
            provenance = Provenance(attributes.get("provenance", ""))
        except ValueError as error:
            self.fail(f"the element that says where the line comes from is wrong: {error}")
        lateral_m = None
        if lateral is not None:
            lateral_m = number_of(lateral)
            if lateral_m is None or not 0.0 < lateral_m <= MAX_LATERAL_M:
                most = f"{MAX_LATERAL_M:,.0f} m"
                self.fail(f"lateral_p90_m must be more than 0 and at most {most}, not {quoted(lateral)}")
        mark = LineMark(provenance, lateral_m)
        if path[:-2] == _SEGMENT:
            self.segment_mark = self.segment_mark or mark
        elif self.track is not None:
            self.track.mark = self.track.mark or mark

    def _take_bounds(self, attributes: Mapping[str, str]) -> None:
        names = ("minlon", "minlat", "maxlon", "maxlat")
        west, south, east, north = (number_of(attributes.get(name, "")) for name in names)
        if west is None or south is None or east is None or north is None:
            said = "The bounds in the metadata are not four numbers; they are left out."
            self.notes.add(Trap.BOUNDS_WRONG, self.line(), said)
        else:
            self.bounds = self.bounds or (west, south, east, north)
