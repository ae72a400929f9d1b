"""A folder of DEM files as one height source without seams."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from shapely import box
from shapely.ops import unary_union

from routes._typing import BoolArray, Bounds, FloatArray
from routes.dem.raster import SUFFIXES, RasterDEM, open_raster
from routes.dem.sampling import FILL_REACH, sample_inside, turns_of, window_around, with_voids_filled
from routes.errors import DEMError
from routes.kernel._check import check_lonlat
from routes.kernel.grid import Method, bilinear
from routes.model.grid import Grid, Product, Samples

MAX_WINDOW_CELLS = 50_000_000
"""Largest window that is read at once (400 MB)."""


@dataclass(frozen=True, slots=True)
class DEMFolder:
    """Heights from one or more DEM files, finest first.

    Files of one product on one grid are joined before interpolation, so tiles have no visible seams.
    """

    mosaics: tuple[tuple[RasterDEM, ...], ...]
    """Files grouped by grid, finest first."""

    origin: str
    """Where the files are, for messages."""

    is_incomplete: bool = False
    """Whether a download failed, so that a gap is not the caller's mistake."""

    @property
    def products(self) -> tuple[Product, ...]:
        """Product of each mosaic, in order."""
        return tuple(mosaic[0].product for mosaic in self.mosaics)

    @property
    def spacing_deg(self) -> float:
        """Finest row spacing, degrees."""
        return min(mosaic[0].step_lat_deg for mosaic in self.mosaics)

    def sample(
        self,
        lon_deg: ArrayLike,
        lat_deg: ArrayLike,
        *,
        method: Method | str = Method.BILINEAR,
        fill_voids: bool = False,
    ) -> Samples:
        """Heights at positions (degrees, WGS 84), metres; NaN where no file covers one or a void touches it.

        Methods are those of `routes.kernel.grid.sample_grid`. With `fill_voids`, voids in all files are filled up to
        `routes.dem.sampling.FILL_REACH` cells deep, and `Samples.is_filled` marks heights that rest on them. Raises
        InvalidCoordinatesError if a position is not on Earth, ModelError for an unknown method, DEMError if a file
        cannot be read.
        """
        lon, lat = check_lonlat(lon_deg, lat_deg)
        method = Method(method)
        height = np.full(lon.shape, np.nan)
        index = np.full(lon.shape, -1, dtype=np.int64)
        outside, filled = np.ones(lon.shape, dtype=np.bool_), np.zeros(lon.shape, dtype=np.bool_)
        looks = [(n, tile, turn) for n, m in enumerate(self.mosaics) for tile in m for turn in turns_of(tile)]
        # a second round, so that a coarser product comes before a filled void
        for is_filling in (False, True) if fill_voids else (False,):
            spare = (method is Method.CUBIC) + is_filling * FILL_REACH
            for number, tile, turn in looks:
                wanted = np.flatnonzero(np.isnan(height) & _covers(tile, lon + turn, lat))
                if wanted.size == 0:
                    continue
                outside[wanted] = False
                x, y = lon[wanted] + turn, lat[wanted]
                grid = window_around(partial(self._grid, self.mosaics[number]), tile, _bounds_of(x, y), spare)
                kin = [other for m in self.mosaics for other in m if other.product == tile.product]
                if is_filling:
                    grid = with_voids_filled(grid, kin)
                found = sample_inside(grid, kin, x, y, method)
                known = wanted[np.isfinite(found)]
                height[known], index[known] = found[np.isfinite(found)], number
                filled[known] = is_filling
        return Samples(height, index, self.products, outside, filled)

    def window(self, bounds: Bounds, product: Product | None = None) -> Grid | None:
        """Heights of a window (degrees) from the finest mosaic that covers all of it, or the one that covers most.

        None if no file covers any of it. Files with longitudes from 0 to 360 are found too; the window keeps
        the longitudes asked for. Raises DEMError if it is too large for memory or a file cannot be read.
        """
        best: tuple[float, float, Sequence[RasterDEM]] = (0.0, 0.0, ())
        for mosaic in self.mosaics:
            if product is not None and mosaic[0].product != product:
                continue
            extent = unary_union([box(*tile.bounds) for tile in mosaic])
            for turn in sorted({turn for tile in mosaic for turn in turns_of(tile)}, key=abs):
                asked = box(*_turned(bounds, turn))
                share = extent.intersection(asked).area / asked.area
                # almost everything counts as everything (float noise at edges); only clearly more goes to a
                # coarser mosaic
                if share > best[0] + 1e-6:
                    best = (share, turn, mosaic)
        _, turn, chosen = best
        if not chosen:
            return None
        grid = self._grid(chosen, _turned(bounds, turn))
        return replace(grid, west_deg=grid.west_deg - turn) if turn else grid

    def _grid(self, mosaic: Sequence[RasterDEM], bounds: Bounds) -> Grid:
        """Window of a mosaic, completed with cells from other grids of the same product.

        Otherwise half a cell would be void where tiles of one product have cells of different width.
        """
        grid = _paste(mosaic, bounds)
        for other in self.mosaics:
            if other is mosaic or other[0].product != mosaic[0].product:
                continue
            row, col = np.nonzero(np.isnan(grid.height_m))
            lon = np.asarray(grid.west_deg + col * grid.step_lon_deg, dtype=np.float64)
            lat = np.asarray(grid.north_deg - row * grid.step_lat_deg, dtype=np.float64)
            beyond = ~np.any([_covers(tile, lon, lat) for tile in mosaic], axis=0)
            wanted = beyond & np.any([_covers(tile, lon, lat) for tile in other], axis=0)
            if wanted.any():
                there = _paste(other, _bounds_of(lon[wanted], lat[wanted]))
                found = bilinear(there.height_m, *there.row_col(lon[wanted], lat[wanted]))
                grid.height_m[row[wanted], col[wanted]] = found
        return grid


def open_dem(path: Path | str) -> DEMFolder:
    """Open a DEM file, or all DEM files of a folder.

    Raises DEMError if the path does not exist, a file cannot be opened, or the folder has no DEM.
    """
    path = Path(path)
    try:
        is_folder = path.is_dir()
    except OSError:  # opening it as a file reports what is wrong
        is_folder = False
    if is_folder:
        files = dem_files(path)
        if not files:
            msg = f"The folder {path} holds no DEM file ({', '.join(SUFFIXES)})."
            raise DEMError(msg)
        rasters = [_open_among_others(file) for file in files]
    else:
        rasters = [open_raster(path)]
    return DEMFolder(group_by_grid(rasters), str(path))


def _open_among_others(file: Path) -> RasterDEM:
    try:
        return open_raster(file)
    except DEMError as error:
        msg = f"{error} Mend it, or remove it from the folder {file.parent}."
        raise DEMError(msg) from error


def dem_files(folder: Path) -> list[Path]:
    """DEM files of a folder, sorted by name, without hidden files and subfolders.

    Raises DEMError if the folder cannot be read.
    """
    try:
        return [
            file
            for file in sorted(folder.iterdir())
            if file.name.lower().endswith(SUFFIXES) and not file.name.startswith(".") and not file.is_dir()
        ]
    except OSError as error:
        msg = f"Cannot read the folder {folder}: {error.strerror}."
        raise DEMError(msg) from error


def group_by_grid(rasters: Sequence[RasterDEM]) -> tuple[tuple[RasterDEM, ...], ...]:
    """Group files that share a grid, finest grid first, then by name."""
    groups: list[list[RasterDEM]] = []
    for raster in rasters:
        for group in groups:
            if _same_grid(group[0], raster):
                group.append(raster)
                break
        else:
            groups.append([raster])
    groups.sort(key=lambda group: (group[0].step_lat_deg * group[0].step_lon_deg, group[0].path.name))
    return tuple(tuple(group) for group in groups)


def _same_grid(a: RasterDEM, b: RasterDEM) -> bool:
    if a.product != b.product:
        return False
    # a hundredth of a cell over a whole tile is float noise in a file's transform
    if not (
        abs(a.step_lon_deg / b.step_lon_deg - 1.0) < 1e-6
        and abs(a.step_lat_deg / b.step_lat_deg - 1.0) < 1e-6
    ):
        return False
    cols = (b.west_deg - a.west_deg) / a.step_lon_deg
    rows = (b.north_deg - a.north_deg) / a.step_lat_deg
    return abs(cols - round(cols)) < 0.01 and abs(rows - round(rows)) < 0.01


def _covers(tile: RasterDEM, lon: FloatArray, lat: FloatArray) -> BoolArray:
    west, south, east, north = tile.bounds
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north), dtype=np.bool_)


def _bounds_of(lon: FloatArray, lat: FloatArray) -> Bounds:
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _turned(bounds: Bounds, turn: float) -> Bounds:
    west, south, east, north = bounds
    return west + turn, south, east + turn, north


def _paste(mosaic: Sequence[RasterDEM], bounds: Bounds) -> Grid:
    """Read a window from all files of a mosaic, with one spare cell on each side."""
    origin = mosaic[0]
    west, south, east, north = bounds
    left = int(np.floor((west - origin.west_deg) / origin.step_lon_deg)) - 1
    right = int(np.ceil((east - origin.west_deg) / origin.step_lon_deg)) + 1
    top = int(np.floor((origin.north_deg - north) / origin.step_lat_deg)) - 1
    bottom = int(np.ceil((origin.north_deg - south) / origin.step_lat_deg)) + 1
    shape = (bottom - top + 1, right - left + 1)
    if shape[0] * shape[1] > MAX_WINDOW_CELLS:
        msg = f"A window of {shape[0]:,} by {shape[1]:,} cells is too large to read at once."
        raise DEMError(msg)
    height = np.full(shape, np.nan)
    for tile in mosaic:
        row = round((origin.north_deg - tile.north_deg) / origin.step_lat_deg)
        col = round((tile.west_deg - origin.west_deg) / origin.step_lon_deg)
        if row > bottom or col > right or row + tile.shape[0] <= top or col + tile.shape[1] <= left:
            continue
        part = tile.read(top - row, left - col, shape)
        np.copyto(height, part, where=np.isnan(height))
    return Grid(
        height,
        west_deg=origin.west_deg + left * origin.step_lon_deg,
        north_deg=origin.north_deg - top * origin.step_lat_deg,
        step_lon_deg=origin.step_lon_deg,
        step_lat_deg=origin.step_lat_deg,
        product=origin.product,
    )
