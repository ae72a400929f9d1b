"""Add heights to the points and line vertices of a GeoJSON file."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pyproj
from pyproj.exceptions import ProjError

from routes._typing import FloatArray
from routes.errors import PointFileError
from routes.files import write_text
from routes.io.points.point_heights import (
    COLUMNS,
    PointHeight,
    check_positions,
    number_of,
    read_text,
    require_known,
)

_JSON: TypeAlias = dict[str, object]

_DEPTHS = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2}
"""Nesting depth of positions in the coordinates of each geometry type."""

_CRS_NAME = re.compile(r"(urn:(x-)?ogc:def:crs:[\w.:-]+|[A-Za-z]+:\w+)")
"""A name from an authority's list; other names that PROJ accepts could refer to files."""


@dataclass(frozen=True, slots=True, eq=False)
class GeoJSONPoints:
    """A GeoJSON document with points and lines."""

    path: Path
    """The file."""

    document: _JSON
    """The whole document; never changed."""

    counts: tuple[int, ...]
    """Number of positions of each feature."""

    lon_deg: FloatArray
    """Longitudes, degrees WGS 84."""

    lat_deg: FloatArray
    """Latitudes, degrees WGS 84."""

    has_heights: bool
    """Whether the file's CRS has a vertical axis, which defines the datum of third coordinates."""

    def elevated(self, heights: Sequence[PointHeight]) -> str:
        """Text of the document: points get properties, line vertices a third coordinate.

        Raises DEMError if a line vertex has no height, PointFileError if the heights' datum is not that of
        the file's CRS.
        """
        features, done = [], 0
        for number, (feature, count) in enumerate(
            zip(_features(self.document), self.counts, strict=True), start=1
        ):
            features.append(self._feature(feature, number, heights[done : done + count]))
            done += count
        if self.document["type"] == "Feature":
            return _dumps(self.path, features[0]) + "\n"
        lines = ",\n".join(_dumps(self.path, feature) for feature in features)
        members = (
            f"{_dumps(self.path, key)}: "
            + (f"[\n{lines}\n]" if key == "features" else _dumps(self.path, value))
            for key, value in self.document.items()
        )
        return "{\n" + ",\n".join(members) + "\n}\n"

    def write(self, heights: Sequence[PointHeight], out: Path, *, overwrite: bool = False) -> None:
        """Write the document with heights.

        Raises as `elevated`, and OutputError if `out` exists (unless `overwrite`) or cannot be written.
        """
        write_text(out, self.elevated(heights), overwrite=overwrite)

    def _feature(self, feature: _JSON, number: int, heights: Sequence[PointHeight]) -> _JSON:
        geometry = cast("_JSON", feature["geometry"])
        properties = cast("_JSON", feature.get("properties") or {})
        if geometry["type"] == "Point":
            return feature | {
                "properties": properties | {name: getattr(heights[0], name) for name in COLUMNS}
            }
        check_can_hold_heights(self.path, has_heights=self.has_heights)
        require_known(self.path, heights, lambda vertex: f"feature {number}, vertex {vertex + 1}")
        left = iter([height.height_m for height in heights])
        raised = _raised(geometry["coordinates"], _DEPTHS[str(geometry["type"])], left)
        bare = {key: value for key, value in geometry.items() if key != "bbox"}
        return {key: value for key, value in feature.items() if key != "bbox"} | {
            "geometry": bare | {"coordinates": raised},
            "properties": properties | line_columns(heights),
        }


def read_geojson_points(path: Path) -> GeoJSONPoints:
    """Read the points and lines of a GeoJSON file, in WGS 84 unless its member ``crs`` names another CRS.

    Raises PointFileError, with the line or feature, if the file cannot be read, is not GeoJSON, has other
    geometries, an unknown CRS, or a position that is not on Earth.
    """
    document = read_document(path)
    crs = crs_of(path, document)
    found: list[list[float]] = []
    counts: list[int] = []
    owners: list[int] = []
    for number, feature in enumerate(_features_checked(path, document), start=1):
        before = len(found)
        try:
            found.extend(_positions(feature))
        except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            reason = str(error) if isinstance(error, ValueError) else "its geometry is not as GeoJSON has it"
            msg = f"{path}, feature {number}: {reason}."
            raise PointFileError(msg) from error
        counts.append(len(found) - before)
        owners += [number] * counts[-1]
    x, y = np.array(found, dtype=np.float64).reshape(-1, 2).T
    lon, lat = to_wgs84(path, crs, x, y)
    check_positions(path, lon, lat, lambda index: f"feature {owners[index]}")
    return GeoJSONPoints(path, document, tuple(counts), lon, lat, len(crs.axis_info) > 2)


def read_document(path: Path) -> dict[str, object]:
    """Unchecked document of a GeoJSON file: a FeatureCollection or a Feature.

    Raises PointFileError, with the line, if the file cannot be read or is neither.
    """
    _, text = read_text(path)
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        msg = f"{path}, line {error.lineno}, is not JSON: {error.msg}."
        raise PointFileError(msg) from error
    except (RecursionError, ValueError) as error:
        msg = f"{path} is no JSON that can be read: {str(error).partition(';')[0]}."
        raise PointFileError(msg) from error
    if not isinstance(document, dict) or document.get("type") not in ("FeatureCollection", "Feature"):
        msg = (
            f"{path}, line 1: a GeoJSON file of points is a FeatureCollection or a Feature; this is neither."
        )
        raise PointFileError(msg)
    return document


def to_wgs84(path: Path, crs: pyproj.CRS, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude of positions in any CRS, easting or longitude first.

    Raises PointFileError if no transformation is known.
    """
    try:
        change = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        lon, lat = change.transform(x, y)
    except ProjError as error:
        msg = f"{path}: no way is known from its CRS {crs.name!r} to WGS 84: {error}."
        raise PointFileError(msg) from error
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def check_can_hold_heights(path: Path, *, has_heights: bool) -> None:
    """Raise PointFileError if the file's CRS has a vertical axis, so that heights refer to another datum."""
    if has_heights:
        msg = (
            f"{path}: the CRS of its lines has a vertical axis, so its heights refer to another surface than the "
            "DEM's. Give the file a CRS of two dimensions first."
        )
        raise PointFileError(msg)


def line_columns(heights: Sequence[PointHeight]) -> dict[str, object]:
    """Columns of a line whose vertices have heights: their sources and largest error."""
    errors = [height.le90_m for height in heights]
    return {
        "height_m": None,
        "product": ", ".join(dict.fromkeys(str(height.product) for height in heights)),
        "vertical_datum": ", ".join(dict.fromkeys(str(height.vertical_datum) for height in heights)),
        "le90_m": None if None in errors else max(error for error in errors if error is not None),
        "is_void": False,
    }


def _features(document: _JSON) -> list[_JSON]:
    return [document] if document["type"] == "Feature" else cast("list[_JSON]", document["features"])


def _features_checked(path: Path, document: _JSON) -> list[_JSON]:
    features = document.get("features", []) if document["type"] == "FeatureCollection" else [document]
    if not isinstance(features, list):
        msg = f"{path}: features must be a list."
        raise PointFileError(msg)
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            msg = f"{path}, feature {number}: it is not as GeoJSON has it."
            raise PointFileError(msg)
    return cast("list[_JSON]", features)


def _positions(feature: _JSON) -> list[list[float]]:
    geometry = cast("_JSON | None", feature["geometry"])
    if geometry is None:
        msg = "it has no geometry; take it out"
        raise ValueError(msg)
    if geometry["type"] not in _DEPTHS:
        msg = f"it is a {str(geometry['type'])[:40]}; heights go to points and lines only"
        raise ValueError(msg)
    level = [geometry["coordinates"]]
    for _ in range(_DEPTHS[str(geometry["type"])]):
        level = [part for whole in level for part in cast("list[object]", whole)]
    if not level:
        msg = "its geometry is empty; take it out"
        raise ValueError(msg)
    return [[number_of(value) for value in _pair(position)] for position in level]


def _pair(position: object) -> list[object]:
    if not isinstance(position, list) or len(position) < 2:
        msg = "a position is a list of two numbers or more"
        raise ValueError(msg)
    if any(isinstance(value, str) for value in position):
        msg = "coordinates are numbers, not text"
        raise ValueError(msg)
    return position[:2]


def _raised(coordinates: object, depth: int, heights: Iterator[float | None]) -> list[object]:
    parts = cast("list[object]", coordinates)
    if depth == 0:
        return [*parts[:2], next(heights), *parts[3:]]
    return [_raised(part, depth - 1, heights) for part in parts]


def crs_of(path: Path, document: Mapping[str, object]) -> pyproj.CRS:
    """CRS of a GeoJSON document: WGS 84 unless its member ``crs`` names another.

    Raises PointFileError if that name is unknown or not from an authority's list.
    """
    if "crs" not in document:
        return pyproj.CRS.from_epsg(4326)
    member = document["crs"]
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or _CRS_NAME.fullmatch(name) is None:
        msg = f"{path}: its crs names no coordinate reference system that is known; expected a name such as EPSG:25830."
        raise PointFileError(msg)
    try:
        return pyproj.CRS.from_user_input(name)
    except ProjError as error:
        msg = f"{path}: its crs {name!r} is unknown."
        raise PointFileError(msg) from error


def _dumps(path: Path, value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError) as error:
        msg = f"{path} holds a number that JSON does not know (NaN or infinite), or is nested too deep."
        raise PointFileError(msg) from error
