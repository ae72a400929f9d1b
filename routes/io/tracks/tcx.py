"""Read activities and courses of Garmin's Training Center XML (TCX)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from routes.gpx.codes import Trap
from routes.gpx.read.gather import quoted
from routes.gpx.read.numbers import number_of, time_of
from routes.gpx.track_file import GPXFile
from routes.io.tracks.builder import TrackBuilder
from routes.io.tracks.xml_walk import walk
from routes.model.points import Points

_OWNERS = ("Activity", "Course")
_POINTS = ("Trackpoint", "CoursePoint")
_UNKNOWN = float("nan")


@dataclass(slots=True)
class _Point:
    line: int
    lon: float | None = None
    lat: float | None = None
    ele: float = _UNKNOWN
    time: float = _UNKNOWN
    name: str = ""
    kind: str = ""
    notes: str = ""


@dataclass(slots=True)
class _Content:
    """Trackpoints and course points of a TCX file."""

    made: TrackBuilder
    name: str = ""
    kind: str = ""
    line: int = 0
    runs: list[list[tuple[float, float, float, float]]] = field(default_factory=list)
    is_new_lap: bool = False
    point: _Point | None = None
    is_open: bool = False

    def start(self, path: list[str], attributes: Mapping[str, str], line: int) -> None:
        name = path[-1]
        if name in _OWNERS and path[-2:-1] in (["Activities"], ["Courses"], ["MultiSportSession"]):
            self.name, self.kind, self.line, self.runs = "", attributes.get("Sport", ""), line, []
            self.is_open = True
        elif name == "Lap":
            self.is_new_lap = True
        elif name == "Track":
            # a lap continues where the previous one ended; within a lap, pauses separate tracks
            if not (self.is_new_lap and self.runs):
                self.runs.append([])
            self.is_new_lap = False
        elif name in _POINTS:
            self.point = _Point(line)

    def end(self, path: list[str], text: str, line: int) -> None:
        name, parent = path[-1], path[-2] if len(path) > 1 else ""
        if name in _POINTS:
            self._close_point(name)
        elif self.point is not None:
            self._inside(self.point, name, parent, text.strip(), line)
        elif name == "Name" and parent == "Course":
            self.name = text.strip()
        elif name in _OWNERS and self.is_open:
            self.close()

    def close(self) -> None:
        """End an activity or course, even in a truncated file."""
        if not self.is_open:
            return
        self.is_open = False
        runs = [Points(*np.array(run, dtype=np.float64).T) for run in self.runs if run]
        if runs:
            self.made.add_track(self.name, runs, f"line {self.line}", kind=self.kind, line=self.line)

    def _inside(self, point: _Point, name: str, parent: str, text: str, line: int) -> None:
        match name:
            case "LongitudeDegrees" if parent == "Position":
                point.lon = self._degrees(text, line)
            case "LatitudeDegrees" if parent == "Position":
                point.lat = self._degrees(text, line)
            case "AltitudeMeters" if parent in _POINTS:
                point.ele = self._height(text, line)
            case "Time" if parent in _POINTS:
                point.time = self._time(text, line)
            case "Name" if parent == "CoursePoint":
                point.name = text
            case "PointType" if parent == "CoursePoint":
                point.kind = text
            case "Notes" if parent == "CoursePoint":
                point.notes = text

    def _close_point(self, name: str) -> None:
        point, self.point = self.point, None
        if point is None or point.lon is None or point.lat is None:  # indoors, or before the first fix
            return
        if name == "CoursePoint":
            self.made.add_waypoints(
                Points(*np.array([[point.lon], [point.lat], [point.ele]])), point.name, f"line {point.line}",
                desc=point.notes, kind=point.kind, line=point.line,
            )  # fmt: skip
            return
        if not (abs(point.lat) <= 90.0 and abs(point.lon) <= 360.0):
            what = f"a trackpoint is not on Earth (lat {point.lat:g}, lon {point.lon:g})"
            self.made.fail(what, f"line {point.line}")
        if not self.runs:
            self.runs.append([])
        self.runs[-1].append((point.lon, point.lat, point.ele, point.time))

    def _degrees(self, text: str, line: int) -> float:
        value = number_of(text)
        if value is None:
            self.made.fail(f"{quoted(text)} is no number of degrees with a decimal point", f"line {line}")
        return value

    def _height(self, text: str, line: int) -> float:
        value = number_of(text)
        if value is None:
            code = Trap.ELE_NOT_A_NUMBER if text else Trap.ELE_EMPTY
            self.made.notes.add(code, line, f"{quoted(text)} is no altitude; the height is unknown.")
        return _UNKNOWN if value is None else value

    def _time(self, text: str, line: int) -> float:
        found = time_of(text)
        if found is None:
            code = Trap.TIME_NOT_A_TIME if text else Trap.TIME_EMPTY
            self.made.notes.add(code, line, f"{quoted(text)} is no time; the time is unknown.")
        return _UNKNOWN if found is None else found[0]


def read_tcx(data: bytes, source: str) -> GPXFile:
    """Read TCX: each activity or course is a track, course points are waypoints.

    All laps are one segment; a second track in a lap, after a pause, starts a new one. Trackpoints without a
    position are left out. Raises TrackReadError, with the line, if it is not well-formed, declares a document
    type, or has an invalid position.
    """
    made = TrackBuilder(source=source)
    content = _Content(made)
    walk(data, made, content)
    content.close()
    return made.file()
