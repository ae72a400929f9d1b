"""One DEM file on disk, read by windows."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from routes._typing import Bounds, FloatArray
from routes.dem.products import LOCAL, PRODUCTS, SRTM3_RAW
from routes.errors import DEMError
from routes.model.grid import Product

SUFFIXES = (".tif", ".tiff", ".hgt", ".hgt.zip", ".hgt.gz", ".vrt")
"""Endings of files that count as DEMs in a folder."""

VOID = -32768.0
"""Void value of SRTM, used where a file that must be warped declares none."""

LOWEST_M, HIGHEST_M = -430.0 - 20.0, 8850.0 + 20.0
"""Shore of the Dead Sea and top of Everest, with a margin for noise; heights beyond are voids."""


@dataclass(frozen=True, slots=True)
class RasterDEM:
    """A DEM file: its grid in longitude and latitude, and its product. Opened anew for each window."""

    path: Path
    """The file."""

    product: Product
    """What its heights mean."""

    west_deg: float
    """Longitude of the centres of the first column."""

    north_deg: float
    """Latitude of the centres of the first row."""

    step_lon_deg: float
    """Distance between columns, degrees."""

    step_lat_deg: float
    """Distance between rows, degrees."""

    shape: tuple[int, int]
    """Rows, columns."""

    @property
    def bounds(self) -> Bounds:
        """Outer edges of the cells: west, south, east, north, degrees."""
        rows, cols = self.shape
        west = self.west_deg - 0.5 * self.step_lon_deg
        north = self.north_deg + 0.5 * self.step_lat_deg
        return west, north - rows * self.step_lat_deg, west + cols * self.step_lon_deg, north

    def read(self, row: int, col: int, shape: tuple[int, int]) -> FloatArray:
        """Heights of a window of whole cells; NaN where void or outside the file.

        Raises
        ------
        DEMError
            If the file cannot be read.
        """
        rows, cols = shape
        result = np.full(shape, np.nan)
        top, left = max(row, 0), max(col, 0)
        bottom, right = min(row + rows, self.shape[0]), min(col + cols, self.shape[1])
        if top >= bottom or left >= right:
            return result
        window = Window(left, top, right - left, bottom - top)
        try:
            with rasterio.open(_gdal_name(self.path)) as file, _geographic(file) as dataset:
                band = dataset.read(1, window=window, masked=True)
        except (RasterioError, OSError) as error:
            msg = f"Cannot read heights from {self.path}: {error}. The file may be damaged; fetch or copy it again."
            raise DEMError(msg) from error
        values = np.ma.filled(band.astype(np.float64), np.nan)
        values[~((values >= LOWEST_M) & (values <= HIGHEST_M))] = np.nan
        result[top - row : bottom - row, left - col : right - col] = values
        return result


def open_raster(path: Path | str) -> RasterDEM:
    """Look at a DEM file: GeoTIFF, HGT (plain, zip, gz), VRT, or whatever else GDAL reads.

    A file in another coordinate reference system than longitude and latitude is resampled to it (bilinear) as it
    is read. A sidecar ``NAME.json`` beside ``NAME.tif`` names the product; without one an HGT file is SRTM, and
    anything else a local DEM of unknown origin.

    Raises
    ------
    DEMError
        If the file cannot be opened, has no coordinate reference system, or its sidecar is wrong.
    """
    path = Path(path)
    if not path.is_file():
        msg = f"There is no DEM file {path}."
        raise DEMError(msg)
    try:
        with _ungeoreferenced_is_no_warning(), rasterio.open(_gdal_name(path)) as file:
            if file.crs is None:
                msg = f"{path} has no coordinate reference system, so nobody knows where its heights lie."
                raise DEMError(msg)
            with _geographic(file) as dataset:
                transform = dataset.transform
                shape = (int(dataset.height), int(dataset.width))
    except (RasterioError, OSError) as error:
        if isinstance(error, DEMError):
            raise
        msg = f"Cannot open {path} as a DEM: {error}."
        raise DEMError(msg) from error
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


@contextmanager
def _ungeoreferenced_is_no_warning() -> Iterator[None]:
    """Keep rasterio from warning of what becomes our error a line later."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield


def _gdal_name(path: Path) -> str:
    if path.name.lower().endswith(".hgt.gz"):
        return f"/vsigzip/{path.resolve()}"
    return str(path)


def _geographic(dataset: Any) -> Any:  # noqa: ANN401 - rasterio has no types
    """Give the dataset itself when it is in longitude and latitude, else a view warped to it."""
    if dataset.crs.is_geographic:
        return dataset
    # without a nodata value, what lies outside the source would read as 0
    nodata = VOID if dataset.nodata is None else dataset.nodata
    return WarpedVRT(dataset, crs="EPSG:4326", resampling=Resampling.bilinear, nodata=nodata, dtype="float32")


def sidecar_of(path: Path) -> Path:
    """Path of the provenance file of a DEM file."""
    return path.with_suffix(".json")


def _product(path: Path) -> Product:
    sidecar = sidecar_of(path)
    if sidecar.is_file():
        try:
            product_id = json.loads(sidecar.read_text(encoding="utf-8"))["product"]
            return PRODUCTS[product_id]
        except (OSError, ValueError, TypeError, KeyError) as error:
            msg = f'{sidecar} does not name a known product ("product": one of {", ".join(PRODUCTS)}).'
            raise DEMError(msg) from error
    if ".hgt" in path.name.lower():
        return SRTM3_RAW
    return LOCAL
