"""Add heights to the points and line vertices of a GeoPackage."""

import os
import sqlite3
import struct
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio  # type: ignore[import-untyped]
import pyogrio.errors  # type: ignore[import-untyped]
import shapely
from shapely.geometry.base import BaseGeometry

from routes._typing import FloatArray, IntArray
from routes.errors import OutputError, PointFileError
from routes.io.points.geojson import check_can_hold_heights, line_columns, to_wgs84
from routes.io.points.point_heights import COLUMNS, PointHeight, check_positions, require_known

_SQL_TYPES = {"height_m": "DOUBLE", "le90_m": "DOUBLE", "is_void": "BOOLEAN"}
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_KINDS = {"Point", "MultiPoint", "LineString", "MultiLineString"}


@dataclass(frozen=True, slots=True, eq=False)
class GeoPackagePoints:
    """The only layer of points or lines in a GeoPackage."""

    path: Path
    """The file."""

    layer: str
    """Name of its table."""

    id_column: str
    """Name of the feature id column."""

    geometry_column: str
    """Name of the geometry column."""

    features: gpd.GeoSeries
    """Geometry by feature id, in the file's CRS."""

    owners: IntArray
    """Index in `features` of each position's feature."""

    lon_deg: FloatArray
    """Longitudes, degrees WGS 84."""

    lat_deg: FloatArray
    """Latitudes, degrees WGS 84."""

    def write(self, heights: Sequence[PointHeight], out: Path, *, overwrite: bool = False) -> None:
        """Write a copy with heights: columns for points, a third coordinate for line vertices.

        Everything else is copied: other tables, styles, types, feature ids, CRS. `out` may be the file
        itself. Raises DEMError if a line vertex has no height, PointFileError if vertices have M values or
        the heights' datum is not that of the file's CRS, OutputError if `out` exists (unless `overwrite`) or
        cannot be written.
        """
        if out.exists() and not overwrite:
            msg = f"{out} exists and was not written by this command; move it away or pass --overwrite."
            raise OutputError(msg)
        edits = list(self._edits(heights))
        temporary = ""
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
            os.close(handle)
            with (
                closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(temporary)) as copy,
            ):
                source.backup(copy)
                with copy:
                    self._apply(copy, edits)
            mask = os.umask(0o022)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(out)
        except PointFileError:
            raise
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or error
            msg = f"Cannot write {self.path} with heights to {out}: {reason}."
            raise OutputError(msg) from error
        finally:
            if temporary:
                with suppress(OSError):
                    Path(temporary).unlink(missing_ok=True)

    def _edits(self, heights: Sequence[PointHeight]) -> Iterator[tuple[int, dict[str, object], bytes | None]]:
        """Id, columns and (for lines) new geometry of each feature."""
        firsts = np.searchsorted(self.owners, np.arange(len(self.features) + 1)).tolist()
        for number, (fid, geometry) in enumerate(self.features.items()):
            mine = heights[firsts[number] : firsts[number + 1]]
            if geometry.geom_type == "Point":
                yield int(str(fid)), {name: getattr(mine[0], name) for name in COLUMNS}, None
                continue
            check_can_hold_heights(self.path, has_heights=len(self.features.crs.axis_info) > 2)
            place = f"layer {self.layer}, feature {fid}, vertex"
            require_known(self.path, mine, partial(_numbered, place))
            z = np.array([height.height_m for height in mine], dtype=np.float64)
            raised = np.column_stack([shapely.get_coordinates(geometry), z])
            solid = shapely.set_coordinates(shapely.force_3d(geometry), raised)
            yield int(str(fid)), line_columns(mine), shapely.to_wkb(solid, flavor="iso", byte_order=1)

    def _apply(
        self, copy: sqlite3.Connection, edits: Sequence[tuple[int, dict[str, object], bytes | None]]
    ) -> None:
        table = _quoted(self.layer)
        # positions do not move, so the spatial index stays valid; its triggers call functions that only GDAL
        # has
        triggers = copy.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE "
            "AND substr(name, 1, 6) = 'rtree_'",
            (self.layer,),
        ).fetchall()
        for name, _ in triggers:
            copy.execute(f"DROP TRIGGER {_quoted(name)}")
        present = {row[1].lower() for row in copy.execute(f"PRAGMA table_info({table})")}
        for name in COLUMNS:
            if name not in present:
                copy.execute(f"ALTER TABLE {table} ADD COLUMN {name} {_SQL_TYPES.get(name, 'TEXT')}")
        setters = ", ".join(f"{name} = ?" for name in COLUMNS)
        key, shape = _quoted(self.id_column), _quoted(self.geometry_column)
        for fid, columns, wkb in edits:
            copy.execute(
                f"UPDATE {table} SET {setters} WHERE {key} = ?",  # noqa: S608 - names are quoted
                (*(columns[name] for name in COLUMNS), fid),
            )
            if wkb is not None:
                (old,) = copy.execute(f"SELECT {shape} FROM {table} WHERE {key} = ?", (fid,)).fetchone()  # noqa: S608
                copy.execute(
                    f"UPDATE {table} SET {shape} = ? WHERE {key} = ?",  # noqa: S608
                    (_header(f"{self.path}, layer {self.layer}, feature {fid}", old) + wkb, fid),
                )
        if any(wkb is not None for _, _, wkb in edits):
            copy.execute(
                "UPDATE gpkg_geometry_columns SET z = 2 WHERE z = 0 AND table_name = ? COLLATE NOCASE",
                (self.layer,),
            )
        copy.execute(
            "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
            "WHERE table_name = ? COLLATE NOCASE",
            (self.layer,),
        )
        for _, sql in triggers:
            copy.execute(sql)


def read_gpkg_points(path: Path) -> GeoPackagePoints:
    """Read the points or lines of a GeoPackage with a single layer of them.

    Raises PointFileError, with the layer and feature, if the file is not a GeoPackage, does not have exactly
    one layer with geometry, has other geometries, an unknown CRS, or a position that is not on Earth.
    """
    try:
        with path.open("rb") as file:
            is_database = file.read(16) == b"SQLite format 3\0"
    except OSError as error:
        msg = f"Cannot read {path}: {error.strerror}."
        raise PointFileError(msg) from error
    # GDAL would open anything with that name, even a text that refers to other files
    if not is_database:
        msg = f"{path} is no GeoPackage: it is not an SQLite database."
        raise PointFileError(msg)
    try:
        with warnings.catch_warnings():
            # GDAL's warnings about tables and types that are only copied do not matter
            warnings.simplefilter("ignore")
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            if len(layers) != 1:
                names = ", ".join(layers) or "none"
                msg = f"{path} needs one layer with geometry and has {len(layers)} ({names}); copy one to its own file."
                raise PointFileError(msg)
            info = pyogrio.read_info(path, layer=layers[0])
            frame = gpd.read_file(path, layer=layers[0], columns=[], fid_as_index=True, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.GEOSException) as error:
        msg = f"{path} cannot be read as a GeoPackage: {error}."
        raise PointFileError(msg) from error
    if info["driver"] != "GPKG" or not isinstance(frame, gpd.GeoDataFrame) or frame.crs is None:
        msg = f"{path}, layer {layers[0]}: no GeoPackage layer with a known CRS."
        raise PointFileError(msg)
    series = frame.geometry
    for fid, geometry in series.items():
        _check_geometry(f"{path}, layer {layers[0]}, feature {fid}", geometry)
    coordinates, owners = shapely.get_coordinates(series.to_numpy(), return_index=True)
    lon, lat = to_wgs84(path, series.crs, *coordinates.T)
    fids = series.index
    check_positions(path, lon, lat, lambda number: f"layer {layers[0]}, feature {fids[owners[number]]}")
    return GeoPackagePoints(
        path, layers[0], info["fid_column"], info["geometry_name"], series, owners.astype(np.int64), lon, lat
    )


def _numbered(place: str, number: int) -> str:
    return f"{place} {number + 1}"


def _check_geometry(where: str, geometry: BaseGeometry | None) -> None:
    if geometry is None or geometry.is_empty:
        msg = f"{where}: it has no geometry; take it out."
        raise PointFileError(msg)
    if geometry.geom_type not in _KINDS:
        msg = f"{where}: it is a {geometry.geom_type}; heights go to points and lines only."
        raise PointFileError(msg)


def _header(where: str, blob: bytes) -> bytes:
    """Header of a new geometry, with the old one's CRS and no envelope (GeoPackage 1.4, section 2.1.3)."""
    flags = blob[3]
    (srs_id,) = struct.unpack_from("<i" if flags & 1 else ">i", blob, 4)
    wkb = 8 + _ENVELOPE_BYTES[flags >> 1 & 7]
    (kind,) = struct.unpack_from("<I" if blob[wkb] else ">I", blob, wkb + 1)
    if kind // 1000 in (2, 3) or kind & 0x40000000:
        msg = f"{where}: its vertices have M values, which would be lost; take them out first."
        raise PointFileError(msg)
    return b"GP\x00\x01" + struct.pack("<i", srs_id)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
