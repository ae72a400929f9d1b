"""Real tracks of known ascent, length and time, and real lines beside what a watch measured along them."""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import gpxpy
import numpy as np

from routes._typing import FloatArray
from routes.dem.folder import DEMFolder, open_dem
from routes.io.tracks.reader import read_track_file
from routes.kernel.geodesy import distance_m
from routes.kernel.moving import moving_time_s
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment

ARANS, PORTELLA = (1.5180695, 42.5825312), (1.4387417, 42.5926551)
"""Village of Arans and Portella de Baiau, OpenStreetMap nodes 64954560 and 1367708930; between them the stage up the
GR 11 to the Baiau hut does all of its climbing."""

GR11_M = 2100.0
"""Published ascent of that stage, metres."""


@dataclass(frozen=True, slots=True)
class Track:
    """A recorded track with what somebody says of it."""

    name: str
    line: Line
    row: Mapping[str, str]
    moving_s: float
    dem: DEMFolder | None

    @property
    def source(self) -> str:
        """Whose it is."""
        return self.name.split("-")[0]

    @property
    def bare(self) -> Line:
        """Its line without heights."""
        return replace(self.line, segments=tuple(replace(s, ele_m=None) for s in self.line.segments))

    @property
    def vertices(self) -> FloatArray:
        """Longitude and latitude of all its points, shape (n, 2), degrees."""
        return np.concatenate([np.column_stack([s.lon_deg, s.lat_deg]) for s in self.line.segments])


@dataclass(frozen=True, slots=True)
class Pair:
    """A line along OpenStreetMap, and what somebody measured along it."""

    name: str
    line: Line
    ascent_m: float
    descent_m: float | None


@functools.cache
def dem_at(path: Path) -> DEMFolder:
    """A DEM, opened once."""
    return open_dem(path)


def tracks_of(data: Path) -> dict[str, Track]:
    """All tracks of the truth by name."""
    with (data / "truth" / "tracks.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["track"]: _track(data, row) for row in rows}


def _track(data: Path, row: Mapping[str, str]) -> Track:
    file = read_track_file(data / "truth" / "tracks" / f"{row['track']}.gpx.gz", is_quiet=True)
    runs = [file.segment_points(i) for i in range(file.offsets.size - 1)]
    moving = sum(moving_time_s(run.lon_deg, run.lat_deg, run.time_s) for run in runs if len(run) > 1)
    line = Line(file.segments(), Provenance.RECORDED, row["track"])
    return Track(row["track"], line, row, float(row["moving_s"] or moving), _dem(data, row["dem"]))


def _dem(data: Path, text: str) -> DEMFolder | None:
    if not text:
        return None
    for key, file in (("N46E008", "N46E008.tif"), ("N42E001", "N42E001.hgt.zip")):
        if key in text:
            return dem_at(data / "dem" / file)
    return dem_at(data / "truth" / "dem" / text)


def watch_rows(data: Path) -> list[dict[str, str]]:
    """Rows of a walker's watch in Khumbu."""
    with (data / "places" / "khumbu_garmin_daily_stats.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def khumbu_pairs(data: Path) -> list[Pair]:
    """Rows of the watch whose ends lie on OpenStreetMap lines."""
    gpx = gpxpy.parse((data / "gpx" / "khumbu_day_wise_routes.gpx").read_text(encoding="utf-8"))
    at = {point.name: (point.longitude, point.latitude) for point in gpx.waypoints}
    lines = {
        track.name: np.array([(p.longitude, p.latitude) for s in track.segments for p in s.points])
        for track in gpx.tracks
    }
    out, back = lines["Lobuche - Everest Base Camp Monument"], lines["Everest Base Camp Monument - Lobuche"]
    down, up, camp = lines["Lobuche - Namche Bazaar"], at["Gorak Shep"], at["Tengboche"]
    parts = {
        ("Lukla to Monjo", "Monjo to Namche Bazaar"): (
            lines["Lukla - Phakding"],
            lines["Phakding - Namche Bazaar"],
        ),
        ("Namche Bazaar to Pangboche",): (_cut(down, at["Pangboche"], None)[::-1],),
        ("Lobuche to Gorak Shep",): (_cut(out, None, up),),
        ("Gorak Shep to Everest Base Camp (return)",): (_cut(out, up, None), _cut(back, None, up)),
        ("Gorak Shep to Lobuche",): (_cut(back, up, None),),
        ("Lobuche to Tengboche",): (_cut(down, None, camp),),
        ("Tengboche to Namche Bazaar",): (_cut(down, camp, None),),
        ("Namche Bazaar to Lukla",): (lines["Namche Bazaar - Lukla"],),
    }
    rows = {row["name"]: row for row in watch_rows(data)}
    return [
        Pair(", ".join(names), _osm_line(line), *(sum(float(rows[n][key]) for n in names) for key in _CLIMB))
        for names, line in parts.items()
    ]


def gr11_pair(data: Path) -> Pair:
    """The stage of the GR 11 with a published ascent."""
    gpx = gpxpy.parse((data / "gpx" / "andorra_osm_gr11.gpx").read_text(encoding="utf-8"))
    segment = max((s for t in gpx.tracks for s in t.segments), key=lambda s: len(s.points))
    line = np.array([(point.longitude, point.latitude) for point in segment.points])
    return Pair(
        "GR 11, Arans to the Portella de Baiau", _osm_line((_cut(line, ARANS, PORTELLA),)), GR11_M, None
    )


_CLIMB = ("ascent_m", "descent_m")


def _osm_line(parts: tuple[FloatArray, ...]) -> Line:
    return Line(tuple(Segment(part[:, 0], part[:, 1]) for part in parts), Provenance.OSM, "OpenStreetMap")


def _cut(line: FloatArray, start: tuple[float, float] | None, end: tuple[float, float] | None) -> FloatArray:
    first = 0 if start is None else _nearest(line, start)
    last = len(line) - 1 if end is None else _nearest(line, end)
    return line[first : last + 1]


def _nearest(line: FloatArray, position: tuple[float, float]) -> int:
    return int(distance_m([position[0]], [position[1]], line[:, 0], line[:, 1]).argmin())
