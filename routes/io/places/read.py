"""Read lists of named points with stated heights: CSV, GeoJSON, GPX."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from routes.errors import PointFileError
from routes.files import shown
from routes.gpx.encoding import SUFFIXES
from routes.gpx.read.reader import read_waypoints
from routes.io.points.csv import LAT_NAMES, LON_NAMES
from routes.io.points.geojson import crs_of, read_document, to_wgs84
from routes.io.points.point_heights import number_of, read_text
from routes.model.kinds import PlaceKind
from routes.model.listed import ListedPlace

HEIGHT_NAMES = ("stated", "stated_m", "ele", "ele_m", "elevation", "elevation_m", "height", "height_m", "altitude",
                "altitude_m", "stated_ft", "ele_ft", "elevation_ft", "height_ft", "altitude_ft")  # fmt: skip
"""Names of the height column, best first; metres or feet by their ending, unless a cell has a unit."""

OSM_NAMES = ("osm_node", "osm_id", "node_id", "@id", "id")
"""Names of the column of OpenStreetMap elements. A bare number is a node, but ``id`` must say ``node/1``."""

UNCERTAINTY_NAMES = ("position_uncertainty_m", "uncertainty_m")
"""Names of the column of position uncertainties (95 % radius, metres)."""

FORMATS = (".csv", ".geojson", ".json", ".gpx")
"""Suffixes of readable lists."""

_KIND_NAMES = ("kind", "type", "natural", "place")
_KINDS = {kind.value: kind for kind in PlaceKind} | {
    "saddle": PlaceKind.PASS, "mountain_pass": PlaceKind.PASS, "col": PlaceKind.PASS, "summit": PlaceKind.PEAK,
    "volcano": PlaceKind.PEAK, "hamlet": PlaceKind.VILLAGE, "alpine_hut": PlaceKind.HOTEL,
    "camp_site": PlaceKind.CAMP, "water": PlaceKind.LAKE,
}  # fmt: skip
_BARE = re.compile(r"[-\u2212+]?[0-9][0-9,.\u2009\u202f ]*")
_OSM = re.compile(r"(?:https?://www\.openstreetmap\.org/)?(node|way|relation)/([0-9]{1,19})")
_MAX_TEXT = 500
_JOINERS = "\u200c\u200d"


def read_places(path: Path, *, uncertainty_m: float = 100.0) -> tuple[ListedPlace, ...]:
    """Read a list of named points with stated heights, one per row, in file order.

    Formats are ``.csv`` (comma, semicolon or tab; columns lon and lat; optional: name, kind, height,
    uncertainty, OpenStreetMap element), ``.geojson`` or ``.json`` (points with the same properties), and
    ``.gpx`` (waypoints). `uncertainty_m` is the 95 % radius of positions without one. A wrong row stays in
    the list, with its error. Raises GPXReadError or PointFileError if the file cannot be read, has no point,
    or has no positions or heights.
    """
    match ".gpx" if path.name.lower().endswith(SUFFIXES) else path.suffix.lower():
        case ".csv":
            rows = _csv_rows(path)
        case ".geojson" | ".json":
            rows = _geojson_rows(path)
        case ".gpx":
            rows = _gpx_rows(path)
        case _:
            msg = f"{shown(path)} is none of the lists of places that are read ({', '.join(FORMATS)})."
            raise PointFileError(msg)
    places = tuple(_place(where, cells, error, uncertainty_m) for where, cells, error in rows)
    if not places:
        msg = f"{shown(path)} has no point."
        raise PointFileError(msg)
    return places


_Row = tuple[str, Mapping[str, str], str]
"""Location in the file, text by lower-case name (including lon and lat), and error."""


def _csv_rows(path: Path) -> Iterator[_Row]:
    _, text = read_text(path)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    header: list[str] = []
    try:
        for fields in reader:
            if not header:
                header = [name.strip().lower() for name in fields]
                if header:
                    _check_header(path, header)
            elif fields:
                where = f"line {reader.line_num}"
                error = ""
                if len(fields) != len(header):
                    error = f"{len(fields)} fields under {len(header)} column names."
                yield where, dict(zip(header, fields, strict=False)), error
    except csv.Error as error:
        msg = f"{shown(path)}, line {reader.line_num}, is not CSV: {error}."
        raise PointFileError(msg) from error


def _check_header(path: Path, header: Sequence[str]) -> None:
    found = ", ".join(header)[:200]
    for names, what in ((LON_NAMES, "longitudes"), (LAT_NAMES, "latitudes"), (HEIGHT_NAMES, "heights")):
        present = [name for name in names if name in header]
        if not present:
            msg = (
                f"{shown(path)}, line 1: no column of {what} ({', '.join(names)}); the columns are {found!r}."
            )
            raise PointFileError(msg)
        if header.count(present[0]) > 1:
            count, name = header.count(present[0]), present[0]
            msg = f"{shown(path)}, line 1: {count} columns are called {name}; rename all but one."
            raise PointFileError(msg)


def _geojson_rows(path: Path) -> Iterator[_Row]:
    document = read_document(path)
    crs = crs_of(path, document)
    features = [document] if document["type"] == "Feature" else document.get("features")
    if not isinstance(features, list):
        msg = f"{shown(path)} has no list of features."
        raise PointFileError(msg)
    rows: list[_Row] = []
    points: list[tuple[int, float, float]] = []
    for number, feature in enumerate(features, start=1):
        cells = _properties(feature)
        try:
            points.append((number - 1, *_point(feature)))
        except (ValueError, TypeError, KeyError, IndexError) as error:
            is_ours = type(error) is ValueError
            rows.append(
                (f"feature {number}", cells, f"{error}." if is_ours else "It is no point as GeoJSON has it.")
            )
        else:
            rows.append((f"feature {number}", cells, ""))
    if points:
        at, x, y = (np.array(part) for part in zip(*points, strict=True))
        for index, lon, lat in zip(
            at.tolist(), *(part.tolist() for part in to_wgs84(path, crs, x, y)), strict=True
        ):
            where, cells, _ = rows[index]
            rows[index] = (where, {**cells, "lon": repr(lon), "lat": repr(lat)}, "")
    yield from rows


def _properties(feature: object) -> dict[str, str]:
    """Properties of a feature as text, and its id if that is text."""
    if not isinstance(feature, dict):
        return {}
    properties = feature.get("properties")
    pairs = properties.items() if isinstance(properties, dict) else ()
    cells = {str(key).lower(): _text(value) for key, value in pairs if value is not None}
    if isinstance(feature.get("id"), str):
        cells.setdefault("@id", feature["id"])
    return cells


def _point(feature: object) -> tuple[float, float]:
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        msg = "It has no geometry"
        raise ValueError(msg)  # noqa: TRY004 - of the file, not of our caller
    geometry = feature["geometry"]
    if geometry.get("type") != "Point":
        msg = f"It is a {str(geometry.get('type'))[:40]}, no point"
        raise ValueError(msg)
    x, y = geometry["coordinates"][:2]
    if isinstance(x, str) or isinstance(y, str):
        msg = "Coordinates are numbers, not text"
        raise ValueError(msg)  # noqa: TRY004 - likewise
    return number_of(x), number_of(y)


def _gpx_rows(path: Path) -> Iterator[_Row]:
    for number, waypoint in enumerate(read_waypoints(path), start=1):
        cells = {
            "name": waypoint.name,
            "lon": repr(waypoint.lon),
            "lat": repr(waypoint.lat),
            "type": waypoint.type,
        }
        if waypoint.height_m is not None:
            cells["ele"] = _text(waypoint.height_m)
        yield f"waypoint {number}", cells, ""


def _text(value: object) -> str:
    """Value as text; numbers have at most two decimals, without trailing zeros."""
    if isinstance(value, float) and abs(value) < 1e6:
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)[:_MAX_TEXT]


def _plain(text: str) -> str:
    """Text on one line without control characters and non-characters; joiners of letters stay."""
    kept = (letter if letter.isprintable() or letter in _JOINERS else " " for letter in text[: 2 * _MAX_TEXT])
    return " ".join("".join(kept).split())[:_MAX_TEXT]


def _place(where: str, cells: Mapping[str, str], error: str, uncertainty_m: float) -> ListedPlace:
    name = _plain(cells.get("name", ""))
    lon, lat = (_degrees(cells, names) for names in (LON_NAMES, LAT_NAMES))
    radius = uncertainty_m
    if not error and (lon is None or lat is None):
        error = "Longitude and latitude must be degrees with a decimal point."
    elif not error and lon is not None and lat is not None and not (abs(lon) <= 180.0 and abs(lat) <= 90.0):
        error = f"Longitude {lon:g}, latitude {lat:g} is not on Earth; are they swapped?"
    given = _first(cells, UNCERTAINTY_NAMES)[1]
    if given:
        try:
            radius = number_of(given)
        except ValueError as fault:
            error = error or f"Its uncertainty: {fault}."
        else:
            if not 0.0 < radius <= 100_000.0:
                error = error or f"An uncertainty of {given[:40]} m is not more than 0 and at most 100,000."
    return ListedPlace(
        where=where, name=name, lon=lon, lat=lat, printed=_printed(cells), kind=_kind(cells),
        uncertainty_m=radius, osm=_osm(cells), error=error,
    )  # fmt: skip


def _first(cells: Mapping[str, str], names: Sequence[str]) -> tuple[str, str]:
    """Name and text of the first non-empty cell among these names."""
    return next(((name, cells[name].strip()) for name in names if cells.get(name, "").strip()), ("", ""))


def _degrees(cells: Mapping[str, str], names: Sequence[str]) -> float | None:
    try:
        return number_of(_first(cells, names)[1])
    except ValueError:
        return None


def _printed(cells: Mapping[str, str]) -> str:
    name, text = _first(cells, HEIGHT_NAMES)
    if _BARE.fullmatch(text):
        return f"{text.removeprefix('+').strip()} {'ft' if name.endswith('_ft') else 'm'}"
    return _plain(text)


def _kind(cells: Mapping[str, str]) -> PlaceKind:
    for name in _KIND_NAMES:
        kind = _KINDS.get(cells.get(name, "").strip().lower())
        if kind is not None:
            return kind
    return PlaceKind.PASS if cells.get("mountain_pass", "").strip().lower() == "yes" else PlaceKind.VIEWPOINT


def _osm(cells: Mapping[str, str]) -> str:
    for name in OSM_NAMES:
        text = cells.get(name, "").strip()
        match = _OSM.fullmatch(text)
        if match:
            return f"{match[1]}/{match[2]}"
        if name != "id" and re.fullmatch(r"[0-9]{1,19}", text):
            return f"node/{text}"
    return ""
