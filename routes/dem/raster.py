"""One DEM file on disk, read by windows."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasterio.windows import Window

from routes._typing import Bounds, FloatArray
from routes.dem.gdal_file import files_of, opened
from routes.dem.memory_cache import BlockCache
from routes.dem.products import LOCAL, PRODUCTS, SRTM3_RAW
from routes.errors import DEMError
from routes.model.grid import Product

SUFFIXES = (".tif", ".tiff", ".hgt", ".hgt.zip", ".hgt.gz", ".vrt")
"""Suffixes of DEM files in a folder."""

VOID = -32768.0
"""SRTM's void value, used where a warped file declares none."""

LOWEST_M, HIGHEST_M = -430.0 - 20.0, 8850.0 + 20.0
"""Dead Sea shore and top of Everest, with a margin for noise; heights beyond count as voids."""

MAX_FILES_WATCHED = 100
"""Most sources of a VRT that is cached in memory; each is checked for changes at every window."""

MAX_SIDECAR_BYTES = 1_000_000
"""Largest sidecar that is read."""


@dataclass(frozen=True, slots=True)
class RasterDEM:
    """A DEM file: its product and its grid in longitude and latitude. Recently used blocks stay in memory."""

    path: Path
    """The file."""

    product: Product
    """What its heights mean."""

    west_deg: float
    """Longitude of the centres of the first column."""

    north_deg: float
    """Latitude of the centres of the first row."""

    step_lon_deg: float
    """Column spacing, degrees."""

    step_lat_deg: float
    """Row spacing, degrees."""

    shape: tuple[int, int]
    """Rows, columns."""

    @property
    def bounds(self) -> Bounds:
        """Outer edges of the cells (west, south, east, north), degrees."""
        rows, cols = self.shape
        west = self.west_deg - 0.5 * self.step_lon_deg
        north = self.north_deg + 0.5 * self.step_lat_deg
        return west, north - rows * self.step_lat_deg, west + cols * self.step_lon_deg, north

    def read(self, row: int, col: int, shape: tuple[int, int]) -> FloatArray:
        """Heights of a window of whole cells, metres; NaN where void or outside the file.

        Raises DEMError if the file cannot be read.
        """
        rows, cols = shape
        result = np.full(shape, np.nan)
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + rows, self.shape[0]), min(col + cols, self.shape[1])
        if top >= bottom or left >= right:
            return result
        window = (top, left, bottom, right)
        key = _state_of(self.path)
        if key:
            is_packed = self.path.suffix.lower() in (".zip", ".gz")
            values = _CACHE.window(key, self.shape, window, self._decoded, is_packed=is_packed)
        else:
            values = self._decoded(window)
        result[top - row : bottom - row, left - col : right - col] = values
        return result

    def _decoded(self, window: tuple[int, int, int, int]) -> FloatArray:
        """Heights of a window within the file (first row, first column, last row, last column), decoded anew."""
        top, left, bottom, right = window
        remedy = " The file may be damaged; fetch or copy it again."
        with opened(self.path, VOID, f"Cannot read heights from {self.path}", remedy) as file:
            band = file.dataset.read(1, window=Window(left, top, right - left, bottom - top), masked=True)
        values: FloatArray = np.ma.filled(band.astype(np.float64), np.nan)
        if not file.is_void_declared:
            values[values == VOID] = np.nan
        values = values * file.scale + file.offset_m
        values[~((values >= LOWEST_M) & (values <= HIGHEST_M))] = np.nan
        return values


_CACHE = BlockCache()


def open_raster(path: Path | str) -> RasterDEM:
    """Open a DEM file: GeoTIFF, HGT (plain, zip, gz), VRT, or anything else that GDAL reads from disk.

    Other systems are resampled to WGS 84 longitude and latitude (bilinear), feet become metres. A sidecar ``NAME.json``
    names the product of ``NAME.tif``; without one an HGT file is SRTM and anything else a local DEM of unknown origin.
    Raises DEMError if the file cannot be opened, is not a DEM of one band with a coordinate reference system, refers to
    a network, or has a bad sidecar.
    """
    path = Path(path)
    try:
        is_file = path.is_file()
    except OSError as error:
        msg = f"Cannot open {_shortened(path)} as a DEM: {error.strerror}."
        raise DEMError(msg) from error
    if not is_file:
        msg = f"There is no DEM file {path}."
        raise DEMError(msg)
    with opened(path, VOID, f"Cannot open {path} as a DEM") as file:
        transform = file.dataset.transform
        shape = (int(file.dataset.height), int(file.dataset.width))
    if min(shape) < 1:
        msg = (
            f"{path} holds no cell in longitude and latitude: it crosses the antimeridian or a pole (cut it there with "
            f"gdalwarp -te), or its coordinate reference system is wrong."
        )
        raise DEMError(msg)
    if transform.b or transform.d or transform.a <= 0.0 or transform.e >= 0.0:
        msg = f"{path} is rotated or upside down; warp it to north-up first (gdalwarp)."
        raise DEMError(msg)
    return RasterDEM(
        path,
        _product(path),
        west_deg=transform.c + 0.5 * transform.a,
        north_deg=transform.f + 0.5 * transform.e,
        step_lon_deg=transform.a,
        step_lat_deg=-transform.e,
        shape=shape,
    )


def _shortened(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:120]}...{text[-60:]}"


def _state_of(path: Path) -> tuple[object, ...] | None:
    """Identity of a file in its present state; None if finding it would take too long or fails."""
    try:
        files = files_of(path)
        if files is None or len(files) > MAX_FILES_WATCHED:
            return None
        return (
            path.absolute(),
            *((s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for s in map(Path.stat, files)),
        )
    except OSError:  # reading it reports what is wrong
        return None


def sidecar_of(path: Path) -> Path:
    """Path of a DEM file's provenance sidecar."""
    return path.with_suffix(".json")


def _product(path: Path) -> Product:
    sidecars = [sidecar_of(path)]
    if path.name.lower().endswith((".hgt.zip", ".hgt.gz")):
        sidecars.append(path.with_suffix("").with_suffix(".json"))
    for sidecar in sidecars:
        try:
            if not sidecar.is_file():
                continue
        except OSError:  # a name that is too long has no sidecar
            continue
        try:
            with sidecar.open("rb") as file:
                product_id = json.loads(file.read(MAX_SIDECAR_BYTES).decode("utf-8"))["product"]
            return PRODUCTS[product_id]
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            msg = f'{sidecar} does not name a known product ("product": one of {", ".join(PRODUCTS)}).'
            raise DEMError(msg) from error
    if ".hgt" in path.name.lower():
        return SRTM3_RAW
    return LOCAL
