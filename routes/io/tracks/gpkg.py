"""Read GeoPackage lines and points as tracks and waypoints."""

import warnings

import geopandas as gpd
import pyogrio  # type: ignore[import-untyped]
import shapely

from routes.gpx.codes import Trap
from routes.gpx.track_file import GPXFile
from routes.io.tracks.builder import TrackBuilder
from routes.io.tracks.geojson import in_wgs84, text_of
from routes.model.points import Points

_LINES = ("LineString", "MultiLineString")
_POINTS = ("Point", "MultiPoint")
_USUAL_LINES, _USUAL_POINTS = ("tracks", "routes"), ("places", "waypoints")
"""Layer names in our own files and in GDAL's conversions of GPX."""

_NAMES = ("name", "Name", "title", "NAME")


def read_gpkg(data: bytes, source: str, layer: str | None = None) -> GPXFile:
    """Read a GeoPackage: each feature of a line layer is a track, each line a segment.

    The line layer is `layer`, the only one, or the one called ``tracks`` or ``routes``; waypoints come from the only
    point layer, or the one called ``places`` or ``waypoints``. Any CRS is converted to WGS 84; third coordinates are
    elevations of unknown datum. Raises TrackReadError if it is not a GeoPackage, has no such layer or an ambiguous
    choice, or a position is not on Earth.
    """
    made = TrackBuilder(source=source)
    try:
        with warnings.catch_warnings():
            # GDAL warns about the name of a file in memory, and about types that it skips
            warnings.simplefilter("ignore")
            kinds = {
                str(name): str(kind).removesuffix(" ZM").removesuffix(" Z").removesuffix(" M")
                for name, kind in pyogrio.list_layers(data)
                if kind is not None
            }
            lines = [name for name, kind in kinds.items() if kind in (*_LINES, "Unknown")]
            points = [name for name, kind in kinds.items() if kind in _POINTS]
            if layer is not None and layer not in kinds:
                made.fail(f"it has no layer {layer!r}; it has: {', '.join(kinds) or 'none'}")
            chosen = layer or _chosen(lines, _USUAL_LINES)
            if chosen is None and lines:
                made.fail(f"it has several layers of lines ({', '.join(lines)}); say which with --layer")
            for name in (chosen, _chosen(points, _USUAL_POINTS)):
                if name is not None and name not in {track.type for track in made.tracks}:
                    _take(made, name, _frame(made, data, name))
    except (RuntimeError, ValueError, shapely.GEOSException) as error:  # pyogrio raises RuntimeErrors
        made.fail(f"it cannot be read as a GeoPackage: {_reason(error)}")
    return made.file()


def _chosen(names: list[str], usual: tuple[str, ...]) -> str | None:
    """The only one of several layers, or the one with a usual name."""
    if len(names) == 1:
        return names[0]
    return next((name for name in usual if name in names), None)


def _frame(made: TrackBuilder, data: bytes, layer: str) -> gpd.GeoDataFrame:
    info = pyogrio.read_info(data, layer=layer)
    if info["driver"] != "GPKG":
        made.fail("it is no GeoPackage")
    wanted = [
        name for name in info["fields"] if name in (*_NAMES, "provenance", "kind", "type", "note", "desc")
    ]
    frame = pyogrio.read_dataframe(data, layer=layer, columns=wanted)
    if not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        made.fail(f"layer {layer!r} has no known CRS")
    return frame


def _take(made: TrackBuilder, layer: str, frame: gpd.GeoDataFrame) -> None:
    """Add the features of a layer."""
    for number, (shape, row) in enumerate(
        zip(frame.geometry, frame.drop(columns="geometry").to_dict("records"), strict=True), start=1
    ):
        where = f"layer {layer}, feature {number}"
        if shape is None or shape.is_empty:
            continue
        name = text_of(row, *_NAMES)
        parts = [_run(made, frame, part) for part in shapely.get_parts(shape)]
        if shape.geom_type in _LINES:
            said = text_of(row, "provenance") if layer == "tracks" else ""
            made.add_track(name, parts, where, kind=text_of(row, "type"), said=said)
        elif shape.geom_type in _POINTS:
            for part in parts:
                desc, kind = text_of(row, "note", "desc"), text_of(row, "kind", "type")
                made.add_waypoints(part, name, where, desc=desc, kind=kind)
        else:
            text = f"In {where}, a {shape.geom_type} is no track; it is left out."
            made.notes.add(Trap.GEOMETRY_LEFT_OUT, 0, text)


def _run(made: TrackBuilder, frame: gpd.GeoDataFrame, part: shapely.Geometry) -> Points:
    x, y, z = shapely.get_coordinates(part, include_z=True).T
    return Points(*in_wgs84(made, frame.crs, x, y), z)


def _reason(error: Exception) -> str:
    """GDAL's message without the name of the file in memory."""
    return " ".join(word for word in str(error).split() if "/vsimem/" not in word)[:200]
