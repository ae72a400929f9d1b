"""Read lines, tracks and points of KML 2.2, including Google's track extension.

GDAL reads KML too, but accepts ``8,x`` as a position, drops the times of a track, and reports no line
numbers; see the tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from routes._typing import FloatArray
from routes.gpx.codes import Trap
from routes.gpx.read.gather import quoted
from routes.gpx.read.numbers import time_of
from routes.gpx.track_file import GPXFile
from routes.io.tracks.builder import TrackBuilder
from routes.io.tracks.xml_walk import walk
from routes.model.points import Points

_FOLDERS = ("Folder", "Document")
_ANONYMOUS = ("", "Path")
"""Meaningless names: gpsbabel uses them for the line of a track, and names its folder after the track."""


@dataclass(slots=True)
class _Placemark:
    line: int
    name: str = ""
    description: str = ""
    mode: str = ""
    runs: list[Points] = field(default_factory=list)
    points: list[Points] = field(default_factory=list)
    others: int = 0
    whens: list[float] = field(default_factory=list)
    coords: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class _Content:
    """Placemarks with geometry of a KML file."""

    made: TrackBuilder
    folders: list[str] = field(default_factory=list)
    placemark: _Placemark | None = None

    def start(self, path: list[str], _: Mapping[str, str], line: int) -> None:
        name = path[-1]
        if name in _FOLDERS:
            self.folders.append("")
        elif name == "Placemark":
            self.placemark = _Placemark(line)
        elif self.placemark is not None and name in ("Polygon", "Model", "PhotoOverlay"):
            self.placemark.others += 1
        elif self.placemark is not None and name == "Track":
            self.placemark.whens, self.placemark.coords, self.placemark.mode = [], [], ""

    def end(self, path: list[str], text: str, line: int) -> None:
        name, parent = path[-1], path[-2] if len(path) > 1 else ""
        if name in _FOLDERS:
            self.folders.pop()
        elif name == "name" and parent in _FOLDERS:
            self.folders[-1] = text.strip()
        elif self.placemark is not None:
            self._inside(self.placemark, name, parent, text.strip(), line)

    def _inside(self, mark: _Placemark, name: str, parent: str, text: str, line: int) -> None:
        match name:
            case "name" | "description" if parent == "Placemark":
                setattr(mark, name, text)
            case "altitudeMode":
                mark.mode = text
            case "coordinates" if parent in ("LineString", "Point"):
                positions = self._points([token.split(",") for token in text.split()], line)
                (mark.runs if parent == "LineString" else mark.points).append(positions)
            case "when" if parent == "Track":
                mark.whens.append(self._time(text, line))
            case "coord" if parent == "Track":
                mark.coords.append(text.split())
            case "Track":
                mark.runs.append(self._track(mark, line))
            case "LineString" | "Point":
                self._close(mark, mark.runs if name == "LineString" else mark.points, line)
            case "Placemark":
                self._finish(mark)
                self.placemark = None

    def _close(self, mark: _Placemark, done: list[Points], line: int) -> None:
        """End a line or point, whose altitude mode is known only now."""
        if done:
            done[-1] = self._with_heights(done[-1], mark.mode, line)
        mark.mode = ""

    def _finish(self, mark: _Placemark) -> None:
        where = f"line {mark.line}"
        name = mark.name
        if name in _ANONYMOUS and self.folders and self.folders[-1]:
            name = self.folders[-1]
        if mark.runs:
            self.made.add_track(name, mark.runs, where, line=mark.line)
        for point in mark.points:
            if len(point) != 1:
                self.made.fail(f"a point has {len(point)} positions", where)
            self.made.add_waypoints(point, mark.name, where, desc=mark.description, line=mark.line)
        if mark.others:
            text = "Areas and models are no tracks; they are left out."
            self.made.notes.add(Trap.GEOMETRY_LEFT_OUT, mark.line, text)

    def _track(self, mark: _Placemark, line: int) -> Points:
        """Points of a ``gx:Track``, without those that have no position."""
        whens = mark.whens
        if whens and len(whens) != len(mark.coords):
            text = f"A track has {len(whens)} times for {len(mark.coords)} positions; its times are unknown."
            self.made.notes.add(Trap.TIME_NOT_A_TIME, line, text)
            whens = []
        kept = [i for i, coord in enumerate(mark.coords) if coord]
        run = self._points([mark.coords[i] for i in kept], line)
        if whens:
            run = replace(run, time_s=np.array(whens)[kept])
        return self._with_heights(run, mark.mode, line)

    def _points(self, rows: list[list[str]], line: int) -> Points:
        """Points from rows of longitude, latitude and optional altitude."""
        wrong = next((row for row in rows if not 2 <= len(row) <= 3), None)
        if wrong is not None:
            self.made.fail(
                f"a position is lon,lat or lon,lat,altitude, not {quoted(','.join(wrong))}", f"line {line}"
            )
        lon, lat = (self._numbers([row[axis] for row in rows], line) for axis in (0, 1))
        ele = self._numbers([row[2] if len(row) > 2 and row[2] else "nan" for row in rows], line)
        return Points(lon, lat, ele)

    def _numbers(self, texts: list[str], line: int) -> FloatArray:
        try:
            return np.array([float(text) for text in texts], dtype=np.float64)
        except ValueError:
            bad = next(text for text in texts if not _is_number(text))
            self.made.fail(f"{quoted(bad)} in coordinates is no number with a decimal point", f"line {line}")

    def _with_heights(self, run: Points, mode: str, line: int) -> Points:
        """Points with real heights only: not those above the ground, nor the zeros that editors write for none."""
        height = run.height_m
        if (
            mode in ("relativeToGround", "relativeToSeaFloor", "clampToSeaFloor")
            and np.isfinite(height).any()
        ):
            text = f"Altitudes are {quoted(mode)}, so they are no heights; these are unknown."
            self.made.notes.add(Trap.ELE_NOT_A_NUMBER, line, text)
        elif np.nan_to_num(height).any():
            return run
        return replace(run, height_m=np.array(np.nan))

    def _time(self, text: str, line: int) -> float:
        found = time_of(text)
        if found is None:
            said = f"{quoted(text)} is no time; the time is unknown."
            self.made.notes.add(Trap.TIME_NOT_A_TIME, line, said)
            return float("nan")
        return found[0]


def read_kml(data: bytes, source: str) -> GPXFile:
    """Read KML: each placemark with lines or tracks is a track, each line a segment, each point a waypoint.

    Altitudes above the ground are unknown, and so are altitudes that are 0 all along a line. Raises
    TrackReadError, with the line, if it is not well-formed, declares a document type, or has an invalid
    position.
    """
    made = TrackBuilder(source=source)
    content = _Content(made)
    walk(data, made, content)
    return made.file()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
