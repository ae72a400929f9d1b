"""Open a file of points that can take heights: GPX, CSV, GeoJSON, GeoPackage."""

from pathlib import Path

from routes.errors import OutputError, PointFileError
from routes.gpx.encoding import SUFFIXES
from routes.io.points.csv import read_csv_points
from routes.io.points.geojson import read_geojson_points
from routes.io.points.gpx import read_gpx_points
from routes.io.points.point_heights import PointFile

FORMATS = {".gpx": "GPX", ".csv": "CSV", ".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GeoPackage"}
"""Format by suffix."""


def read_point_file(path: Path) -> PointFile:
    """Read a file of points in one of the `FORMATS`, to write it again with heights.

    Raises GPXReadError or PointFileError if the format is another or the file is wrong; the message names the
    line, or the layer and feature.
    """
    match format_of(path):
        case "GPX":
            return read_gpx_points(path)
        case "CSV":
            return read_csv_points(path)
        case "GeoJSON":
            return read_geojson_points(path)
        case _:
            from routes.io.points.gpkg import read_gpkg_points  # noqa: PLC0415 - geopandas is slow to import

            return read_gpkg_points(path)


def format_of(path: Path) -> str:
    """Format of a file by its suffix. Raises PointFileError if heights cannot be added to such files.

    >>> format_of(Path("huts.JSON"))
    'GeoJSON'
    """
    if path.name.lower().endswith(SUFFIXES):
        return "GPX"
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        msg = f"{path} is none of the files that heights can be added to ({', '.join(FORMATS)})."
        raise PointFileError(msg) from None


def check_target(source: Path, out: Path, *, overwrite: bool) -> None:
    """Check a target before any work is done.

    Raises OutputError if it exists (unless `overwrite`) or has another format than the source.
    """
    expected = format_of(source)
    if FORMATS.get(out.suffix.lower()) != expected:
        suffixes = " or ".join(suffix for suffix, name in FORMATS.items() if name == expected)
        msg = f"{out} does not end in {suffixes}, and {source} is {expected}; the format is not changed."
        raise OutputError(msg)
    if out.exists() and not overwrite:
        msg = f"{out} exists and was not written by this command; move it away or pass --overwrite."
        raise OutputError(msg)
