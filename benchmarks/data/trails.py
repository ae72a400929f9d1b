"""Real trails with places along them, for benchmarks/accuracy/trace.py."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import gpxpy
import numpy as np
import shapely
from shapely import LineString, MultiLineString

from routes._typing import FloatArray
from routes.dem.folder import DEMFolder
from routes.dem.opening import open_dem
from routes.io.osm.extract import read_osm
from routes.kernel.geodesy import cumulative_distance_m, distance_m, metres_per_degree
from routes.model.kinds import PlaceKind
from routes.model.network import PathNetwork
from routes.model.trek import Place

TRAINING = ("gr107", "hrp")
HELD_OUT = ("gr11", "gr11varianteexpuesta")

ON_TRAIL_M = 30.0
"""A pass farther from the trail is not one of its places."""


@dataclass(frozen=True)
class Piece:
    """An unbroken piece of a trail."""

    name: str
    line: FloatArray
    """Longitudes and latitudes of its vertices, shape (n, 2), degrees."""

    stops: tuple[Place, ...]
    """Its ends and passes, in order."""

    @property
    def length_m(self) -> float:
        """Length, metres."""
        return length_m(self.line)


@dataclass(frozen=True)
class Ground:
    """Trails, DEM and network."""

    pieces: tuple[Piece, ...]
    dem: DEMFolder
    network: PathNetwork

    @classmethod
    def read(cls, data: Path) -> "Ground":
        """Read everything from the folder of test data."""
        pieces = tuple(
            piece
            for name in (*TRAINING, *HELD_OUT)
            for piece in trail_pieces(data / "gpx" / f"andorra_osm_{name}.gpx", name)
        )
        network = read_osm(data / "places" / "andorra.osm.gz", (1.3, 42.3, 1.9, 42.8))
        # the extract also holds trails that begin outside the box in its header
        unmarked = replace(network, is_marked=np.zeros_like(network.is_marked), bounds=(1.3, 42.3, 1.9, 42.8))
        return cls(pieces, open_dem(data / "dem" / "N42E001.hgt.zip"), unmarked)

    def of(self, names: Sequence[str]) -> list[Piece]:
        """Pieces of the trails with these names."""
        return [piece for piece in self.pieces if piece.name.split()[0] in names]


def offsets_m(true: FloatArray, lines: Sequence[FloatArray], count: int = 1000) -> FloatArray:
    """Distances from points spread evenly along the true line to the nearest of the lines, metres."""
    scale = np.array(metres_per_degree(float(true[0, 1])))
    line = LineString(true * scale)
    other = MultiLineString([LineString(part * scale) for part in lines])
    points = shapely.line_interpolate_point(line, np.linspace(0.0, line.length, count))
    return np.asarray(shapely.distance(points, other), dtype=np.float64)


def length_m(line: FloatArray) -> float:
    return float(cumulative_distance_m(line[:, 0], line[:, 1])[-1])


def cut(piece: Piece) -> list[FloatArray]:
    """Parts of a piece between consecutive stops."""
    at = [int(np.argmin(_away_m(piece.line, stop.lon, stop.lat))) for stop in piece.stops]
    return [piece.line[a : b + 1] for a, b in itertools.pairwise(at)]


def stretches(line: FloatArray, stretch_m: float) -> list[FloatArray]:
    """Stretches that overlap by half; without loops, as their ends are a quarter of their length apart."""
    along = cumulative_distance_m(line[:, 0], line[:, 1])
    parts = []
    for begin in np.arange(0.0, along[-1] - stretch_m + 1.0, 0.5 * stretch_m):
        part = line[(along >= begin) & (along <= begin + stretch_m)]
        if len(part) > 4 and length_m(part[[0, -1]]) > 0.25 * stretch_m:
            parts.append(part)
    return parts


def trail_pieces(file: Path, name: str) -> list[Piece]:
    gpx = gpxpy.parse(file.read_text(encoding="utf-8"))
    found: list[Piece] = []
    for segment in (segment for track in gpx.tracks for segment in track.segments if len(segment.points) > 5):
        line = np.array([(point.longitude, point.latitude) for point in segment.points])
        passes = []
        for waypoint in gpx.waypoints:
            away = _away_m(line, waypoint.longitude, waypoint.latitude)
            if away.min() <= ON_TRAIL_M:
                passes.append((int(away.argmin()), waypoint))
        inner = [
            _place(f"pass {i}", w.longitude, w.latitude)
            for i, w in sorted(passes, key=lambda found: found[0])
        ]
        ends = [_place(what, *line[i].tolist()) for what, i in (("start", 0), ("end", -1))]
        found.append(Piece(f"{name} {len(found) + 1}", line, (ends[0], *inner, ends[1])))
    return found


def _away_m(line: FloatArray, lon: float, lat: float) -> FloatArray:
    return distance_m(line[:, 0], line[:, 1], np.full(len(line), lon), np.full(len(line), lat))


def _place(name: str, lon: float, lat: float) -> Place:
    return Place(
        id=name.replace(" ", "-"), name=name, kind=PlaceKind.PASS, lon=lon, lat=lat, position_uncertainty_m=30.0,
        position_source="OpenStreetMap",
    )  # fmt: skip
