"""Convert a GPX file to gpxpy or geopandas objects, imported on demand."""

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import geopandas as gpd
import gpxpy.gpx
import numpy as np
import shapely

from routes.errors import ModelError
from routes.gpx.track_file import GPXFile, TrackInfo
from routes.model.points import Points

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CRS = "EPSG:4326"
_Named = TypeVar("_Named", gpxpy.gpx.GPXRoute, gpxpy.gpx.GPXTrack)
_NAMES = {"name": "name", "desc": "description", "cmt": "comment", "src": "source", "type": "type"}
"""gpxpy's names for the texts of a track."""

FRAMES = ("points", "tracks", "waypoints")
"""Kinds of rows in a frame."""


def gpxpy_of(file: GPXFile) -> gpxpy.gpx.GPX:
    """A gpxpy object with everything in the file except extensions."""
    gpx = gpxpy.gpx.GPX()
    said = file.metadata
    gpx.version, gpx.creator = said.version or None, said.creator or None
    gpx.name, gpx.description, gpx.author_name = said.name or None, said.desc or None, said.author or None
    gpx.keywords, gpx.copyright_author = said.keywords or None, said.copyright or None
    gpx.copyright_license = said.licence or None
    gpx.time = None if said.time_s is None else _EPOCH + timedelta(seconds=said.time_s)
    if said.bounds is not None:
        west, south, east, north = said.bounds
        gpx.bounds = gpxpy.gpx.GPXBounds(south, north, west, east)
    points, at = file.waypoints, _rows(file.waypoints.points)
    for i, (lon, lat, ele, time) in enumerate(at):
        waypoint = gpxpy.gpx.GPXWaypoint(lat, lon, ele, time, points.name[i] or None, points.desc[i] or None)
        waypoint.symbol, waypoint.type = points.sym[i] or None, points.type[i] or None
        waypoint.comment = points.cmt[i] or None
        gpx.waypoints.append(waypoint)
    for info in file.tracks:
        runs = [file.segment_points(i) for i in range(info.first_segment, info.stop_segment)]
        if info.is_route:
            route = gpxpy.gpx.GPXRoute()
            route.points = [gpxpy.gpx.GPXRoutePoint(b, a, c, d) for run in runs for a, b, c, d in _rows(run)]
            gpx.routes.append(_named(route, info))
        else:
            track = gpxpy.gpx.GPXTrack()
            for run in runs:
                made = [gpxpy.gpx.GPXTrackPoint(lat, lon, ele, time) for lon, lat, ele, time in _rows(run)]
                track.segments.append(gpxpy.gpx.GPXTrackSegment(made))
            gpx.tracks.append(_named(track, info))
    return gpx


def _named(made: _Named, info: TrackInfo) -> _Named:
    for ours, theirs in _NAMES.items():
        setattr(made, theirs, getattr(info, ours) or None)
    return made


def _rows(points: Points) -> Iterator[tuple[float, float, float | None, datetime | None]]:
    columns = (column.tolist() for column in (points.lon_deg, points.lat_deg, points.height_m, points.time_s))
    for lon, lat, ele, time in zip(*columns, strict=True):
        when = None if math.isnan(time) else _EPOCH + timedelta(seconds=time)
        yield lon, lat, None if math.isnan(ele) else ele, when


def frame_of(file: GPXFile, kind: str = "points") -> gpd.GeoDataFrame:
    """GeoDataFrame of a GPX file, in WGS 84 (EPSG:4326).

    ``points``: one row per point of tracks and routes, with track and segment index, elevation (m, NaN if
    unknown) and time (UTC, NaT if unknown). ``tracks``: one row per track or route, a MultiLineString of its
    segments of two or more points, never joined. ``waypoints``: one row per waypoint. Raises ModelError for
    any other kind.
    """
    if kind not in FRAMES:
        msg = f"There is no frame of {kind!r}; there are {', '.join(FRAMES)}."
        raise ModelError(msg)
    if kind == "tracks":
        columns = {
            name: [getattr(track, name) for track in file.tracks]
            for name in ("name", "cmt", "desc", "src", "type", "is_route")
        }
        lines = [_multi_line(file, track) for track in file.tracks]
        return gpd.GeoDataFrame(columns, geometry=lines, crs=_CRS)
    if kind == "waypoints":
        found = file.waypoints
        texts = {name: list(getattr(found, name)) for name in ("name", "cmt", "desc", "sym", "type")}
        return _points_frame(found.points, texts)
    counts = [int(file.offsets[t.stop_segment] - file.offsets[t.first_segment]) for t in file.tracks]
    sizes = np.diff(file.offsets)
    indices = {
        "track": np.repeat(np.arange(len(counts)), counts), "segment": np.repeat(np.arange(sizes.size), sizes)
    }  # fmt: skip
    return _points_frame(file.points, indices)


def _points_frame(points: Points, columns: Mapping[str, object]) -> gpd.GeoDataFrame:
    known = np.isfinite(points.time_s)
    time = np.full(len(points), np.datetime64("NaT", "ms"))
    time[known] = np.round(points.time_s[known] * 1e3).astype(np.int64).astype("datetime64[ms]")
    frame = gpd.GeoDataFrame(
        dict(columns), geometry=gpd.points_from_xy(points.lon_deg, points.lat_deg, crs=_CRS), crs=_CRS
    )
    frame["ele_m"] = points.height_m
    frame["time"] = time
    frame["time"] = frame["time"].dt.tz_localize("UTC")
    return frame


def _multi_line(file: GPXFile, track: TrackInfo) -> shapely.MultiLineString:
    segments = file.segments(track)
    return shapely.MultiLineString([np.column_stack((s.lon_deg, s.lat_deg)) for s in segments])
