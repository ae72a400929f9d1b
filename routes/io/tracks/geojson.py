"""Read GeoJSON lines and points as tracks and waypoints."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn, cast

import numpy as np
import pyproj

from routes._typing import FloatArray
from routes.errors import PointFileError
from routes.gpx.codes import Trap
from routes.gpx.track_file import GPXFile
from routes.io.points.geojson import crs_of, to_wgs84
from routes.io.tracks.builder import TrackBuilder
from routes.model.points import Points

_LINES = {"LineString": 0, "MultiLineString": 1}
_POINTS = {"Point": 0, "MultiPoint": 1}
_MAX_NESTED = 10


def read_geojson(data: bytes, source: str) -> GPXFile:
    """Read GeoJSON: each feature with lines is a track, each line a segment, each point a waypoint.

    Third coordinates are elevations of unknown datum. Other geometries are left out, with a warning. Raises
    TrackReadError, with the feature, if it is not GeoJSON, has an unknown CRS, or an invalid position.
    """
    made = TrackBuilder(source=source)
    document = _document(data, made)
    try:
        crs = crs_of(Path(source), document)
    except PointFileError as error:
        _refuse(made, error)
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list):
        made.fail("its member features is no list")
    for number, feature in enumerate(features, start=1):
        where = f"feature {number}"
        if not isinstance(feature, dict):
            made.fail("it is not as GeoJSON has it", where)
        geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
        properties = feature.get("properties")
        _take(made, crs, geometry, properties if isinstance(properties, dict) else {}, where)
    return made.file()


def _document(data: bytes, made: TrackBuilder) -> dict[str, object]:
    try:
        document = json.loads(data)
    except json.JSONDecodeError as error:
        made.fail(f"it is not JSON: {error.msg}", f"line {error.lineno}")
    except (RecursionError, ValueError) as error:
        made.fail(f"it is no JSON that can be read: {str(error).partition(';')[0]}")
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        made.fail("it is JSON, but no GeoJSON: it has no member type")
    return document


def _take(
    made: TrackBuilder, crs: pyproj.CRS, geometry: object, properties: Mapping[str, object], where: str
) -> None:
    name = text_of(properties, "name", "Name", "title", "NAME")
    runs: list[Points] = []
    for kind, coordinates in _geometries(made, geometry, where):
        if kind in _LINES:
            parts = [coordinates] if _LINES[kind] == 0 else coordinates
            if not isinstance(parts, list):
                made.fail("its coordinates are no list", where)
            runs += [_run(made, crs, part, where) for part in parts]
        else:
            points = _run(made, crs, [coordinates] if _POINTS[kind] == 0 else coordinates, where)
            desc = text_of(properties, "description", "desc", "note")
            made.add_waypoints(
                points, name, where, desc=desc, kind=text_of(properties, "kind", "type", "sym")
            )
    if runs:
        # our own layers state the provenance; in other files the word may mean something else
        said = text_of(properties, "provenance") if properties.get("layer") == "tracks" else ""
        made.add_track(name, runs, where, said=said)


def _geometries(
    made: TrackBuilder, geometry: object, where: str, depth: int = 0
) -> Iterator[tuple[str, object]]:
    """Lines and points of a geometry, with their coordinates."""
    if geometry is None:  # a feature without a location
        return
    if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str) or depth > _MAX_NESTED:
        made.fail("its geometry is not as GeoJSON has it", where)
    kind = cast("str", geometry["type"])
    if kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        for part in cast("list[object]", geometry["geometries"]):
            yield from _geometries(made, part, where, depth + 1)
    elif kind in _LINES or kind in _POINTS:
        yield kind, geometry.get("coordinates")
    else:
        text = f"In {where}, a {kind[:40]!r} is no track; it is left out."
        made.notes.add(Trap.GEOMETRY_LEFT_OUT, 0, text)


def _run(made: TrackBuilder, crs: pyproj.CRS, positions: object, where: str) -> Points:
    """Points of a list of positions."""
    if not isinstance(positions, list):
        made.fail("its coordinates are no list of positions", where)
    rows = []
    for index, position in enumerate(positions, start=1):
        if not isinstance(position, list) or len(position) < 2 or not all(map(_is_number, position[:2])):
            made.fail(f"position {index} is not two numbers or more", where)
        height = position[2] if len(position) > 2 and _is_number(position[2]) else np.nan
        rows.append((float(position[0]), float(position[1]), float(height)))
    lon, lat, ele = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    if crs.to_epsg() != 4326 and lon.size:
        lon, lat = in_wgs84(made, crs, lon, lat)
    return Points(lon, lat, ele)


def in_wgs84(
    made: TrackBuilder, crs: pyproj.CRS, x: FloatArray, y: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude of positions in any CRS. Raises TrackReadError if no transformation is known."""
    try:
        return to_wgs84(Path(made.source), crs, x, y)
    except PointFileError as error:
        _refuse(made, error)


def _refuse(made: TrackBuilder, error: PointFileError) -> NoReturn:
    made.fail(str(error).removeprefix(f"{made.source}: ").rstrip("."))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def text_of(properties: Mapping[str, object], *names: str) -> str:
    """First property with one of these names that is a text."""
    return next((value for name in names if isinstance(value := properties.get(name), str) and value), "")
