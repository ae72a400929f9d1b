"""Shaded relief as an image for a Web Mercator map."""

import base64
import warnings

import numpy as np
from rasterio.drivers import raster_driver_extensions
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

from routes._typing import BoolArray, Bounds, FloatArray
from routes.kernel.geodesy import metres_per_degree
from routes.model.grid import Grid

MAX_WIDTH_PX = 900
"""Largest width and height of the image, pixels."""

_LIGHTS = ((315.0, 0.55), (270.0, 0.2), (0.0, 0.15), (225.0, 0.1))
"""Azimuth of each light in degrees clockwise from north, and its share; all are 45 degrees high."""

_EXAGGERATION = 1.4
_LOW_RGB = np.array([222.0, 230.0, 214.0])
_HIGH_RGB = np.array([250.0, 247.0, 242.0])
_UNKNOWN_RGB = np.array([201.0, 208.0, 214.0])
GROUND = "#e6eae1"
"""Colour of ground of unknown height, on maps without relief."""

_FADE_PX = 36
_DARKEST = 0.58
"""Brightness of unlit slopes, as a share; light enough for dark names and lines on top."""


def relief_image(grid: Grid) -> tuple[str, Bounds]:
    """Shaded relief as a data URI (WebP, or PNG if GDAL lacks it), and the bounds of its cells, degrees.

    Rows are evenly spaced in the Mercator projection, so the stretched image is correct everywhere on a web
    map, not only at its corners. Unknown heights are transparent.
    """
    rgba, bounds = relief_pixels(grid)
    has_webp = "webp" in raster_driver_extensions()
    return _data_uri(rgba, "WEBP" if has_webp else "PNG"), bounds


def relief_square(grid: Grid, row: FloatArray, col: FloatArray) -> str:
    """Shaded relief at fractional grid rows and columns, as a data URI that every SVG viewer can show.

    JPEG, or PNG if GDAL lacks it; unknown heights get a plain tone.
    """
    rgba = shaded(grid, row, col)
    rgb = np.where(rgba[3] > 0, rgba[:3], _UNKNOWN_RGB[:, None, None]).astype(np.uint8)
    return _data_uri(rgb, "JPEG" if "jpg" in raster_driver_extensions() else "PNG")


def relief_thumbnail(grid: Grid, row: FloatArray, col: FloatArray) -> str:
    """Like `relief_square`, but fading into `GROUND` where heights are unknown or outside the grid."""
    rgba = shaded(grid, row, col)
    rows, cols = grid.height_m.shape
    inside = ((row > -0.5) & (row < rows - 0.5))[:, None] & ((col > -0.5) & (col < cols - 0.5))[None, :]
    known = np.pad((rgba[3] > 0) & inside, 1, mode="edge")
    share = np.clip(_away_px(known)[1:-1, 1:-1] / _FADE_PX, 0.0, 1.0)
    ground = np.array([int(GROUND[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64)
    mixed = ground[:, None, None] + share * (rgba[:3] - ground[:, None, None])
    return _data_uri(
        np.rint(mixed).astype(np.uint8), "JPEG" if "jpg" in raster_driver_extensions() else "PNG"
    )


def _away_px(known: BoolArray) -> FloatArray:
    """Distance of each pixel from the nearest unknown one, exact up to `_FADE_PX`, at least that beyond."""
    far = 2 * _FADE_PX
    row = np.arange(known.shape[0])[:, None]
    above = np.maximum.accumulate(np.where(known, -far, row), axis=0)
    below = np.minimum.accumulate(np.where(known, known.shape[0] + far, row)[::-1], axis=0)[::-1]
    in_column = np.minimum(np.minimum(row - above, below - row), far) ** 2
    padded = np.pad(in_column, ((0, 0), (_FADE_PX, _FADE_PX)), constant_values=far**2)
    nearest = in_column.copy()
    for shift in range(-_FADE_PX, _FADE_PX + 1):
        column = padded[:, _FADE_PX + shift :][:, : known.shape[1]]
        np.minimum(nearest, column + shift**2, out=nearest)
    return np.asarray(np.sqrt(nearest), dtype=np.float64)


def _data_uri(pixels: np.ndarray, driver: str) -> str:
    """Encode pixels of shape (bands, height, width) as an image."""
    options = {"QUALITY": 72} if driver != "PNG" else {"ZLEVEL": 9}
    with warnings.catch_warnings():
        # the image is not georeferenced; the bounds locate it
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with MemoryFile() as memory:
            bands, height, width = pixels.shape
            with memory.open(
                driver=driver, width=width, height=height, count=bands, dtype="uint8", **options
            ) as image:
                image.write(pixels)
            data = memory.read()
    return f"data:image/{driver.lower()};base64,{base64.b64encode(data).decode('ascii')}"


def relief_pixels(grid: Grid) -> tuple[np.ndarray, Bounds]:
    """Red, green, blue and opacity of the relief, shape (4, height, width), and its bounds in degrees."""
    grid = coarsened(grid)
    rows, cols = grid.height_m.shape
    west = grid.west_deg - 0.5 * grid.step_lon_deg
    north = min(grid.north_deg + 0.5 * grid.step_lat_deg, 85.0)
    east = west + cols * grid.step_lon_deg
    south = max(grid.north_deg - (rows - 0.5) * grid.step_lat_deg, -85.0)
    top, bottom = (float(_mercator(np.array(lat))) for lat in (north, south))
    per_radian = cols * max(1, MAX_WIDTH_PX // max(rows, cols)) / np.radians(east - west)
    width = max(1, round(per_radian * np.radians(east - west)))
    height = max(1, round(per_radian * (top - bottom)))
    if height > MAX_WIDTH_PX:
        width, height = max(1, round(width * MAX_WIDTH_PX / height)), MAX_WIDTH_PX
    y = top - (np.arange(height) + 0.5) / height * (top - bottom)
    row = (grid.north_deg - np.degrees(2.0 * np.arctan(np.exp(y)) - 0.5 * np.pi)) / grid.step_lat_deg
    col = (np.arange(width) + 0.5) / width * cols - 0.5
    return shaded(grid, row, col), (west, south, east, north)


def shaded(grid: Grid, row: FloatArray, col: FloatArray) -> np.ndarray:
    """Red, green, blue and opacity of the relief at grid rows and columns, shape (4, rows, columns), 0 to 255."""
    shade = _between(_brightness(grid), row, col)
    tint = _between(_share_of_height(grid.height_m), row, col)
    opaque = _between(np.isfinite(grid.height_m).astype(np.float64), row, col) > 0.5
    colours = (_LOW_RGB + tint[..., None] * (_HIGH_RGB - _LOW_RGB)) * shade[..., None]
    rgba = np.empty((4, *shade.shape), dtype=np.uint8)
    rgba[:3] = np.clip(np.rint(colours), 0, 255).astype(np.uint8).transpose(2, 0, 1)
    rgba[3] = np.where(opaque, 255, 0)
    return rgba


def coarsened(grid: Grid) -> Grid:
    """Average blocks of cells until the longer side fits; an incomplete block averages what it has."""
    factor = -(-max(grid.height_m.shape) // MAX_WIDTH_PX)
    if factor == 1:
        return grid
    rows, cols = grid.height_m.shape
    padded = np.pad(grid.height_m, ((0, -rows % factor), (0, -cols % factor)), constant_values=np.nan)
    blocks = padded.reshape(padded.shape[0] // factor, factor, padded.shape[1] // factor, factor)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0.0).sum(axis=(1, 3))
    height = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    shift = 0.5 * (factor - 1)
    return Grid(
        height,
        west_deg=grid.west_deg + shift * grid.step_lon_deg,
        north_deg=grid.north_deg - shift * grid.step_lat_deg,
        step_lon_deg=factor * grid.step_lon_deg,
        step_lat_deg=factor * grid.step_lat_deg,
        product=grid.product,
    )


def _mercator(lat_deg: FloatArray) -> FloatArray:
    """Northing in the Mercator projection of a unit sphere."""
    return np.asarray(np.arcsinh(np.tan(np.radians(lat_deg))))


def _brightness(grid: Grid) -> FloatArray:
    """Reflected light of each cell: 1 on level ground, at most 1.08, at least `_DARKEST`."""
    known = np.isfinite(grid.height_m)
    height = np.where(known, grid.height_m, grid.height_m[known].mean() if known.any() else 0.0)
    lon_m, lat_m = metres_per_degree(grid.north_deg - 0.5 * height.shape[0] * grid.step_lat_deg)
    south, east = np.zeros_like(height), np.zeros_like(height)
    if height.shape[0] > 1:
        south = np.gradient(height, grid.step_lat_deg * lat_m, axis=0) * _EXAGGERATION
    if height.shape[1] > 1:
        east = np.gradient(height, grid.step_lon_deg * lon_m, axis=1) * _EXAGGERATION
    light = np.zeros_like(height)
    for azimuth, share in _LIGHTS:
        towards = np.radians(azimuth)
        # normal (-east, south, 1) times the direction to the light, which is 45 degrees high
        dot = -east * np.sin(towards) + south * np.cos(towards) + 1.0
        light += share * np.maximum(dot, 0.0) / np.sqrt(1.0 + south**2 + east**2)
    return np.asarray(np.clip(_DARKEST + (1.0 - _DARKEST) * light, _DARKEST, 1.08))


def _share_of_height(height_m: FloatArray) -> FloatArray:
    """Height scaled from 0 (lowest cell) to 1 (highest)."""
    known = np.isfinite(height_m)
    if not known.any():
        return np.zeros_like(height_m)
    low, high = float(height_m[known].min()), float(height_m[known].max())
    return np.where(known, (height_m - low) / max(high - low, 1.0), 0.0)


def _between(values: FloatArray, row: FloatArray, col: FloatArray) -> FloatArray:
    """Bilinear values between cells; edges extend beyond the last centres."""
    row, col = np.clip(row, 0, values.shape[0] - 1), np.clip(col, 0, values.shape[1] - 1)
    top, left = np.floor(row).astype(int), np.floor(col).astype(int)
    below, right = np.minimum(top + 1, values.shape[0] - 1), np.minimum(left + 1, values.shape[1] - 1)
    down, along = (row - top)[:, None], (col - left)[None, :]
    upper = values[np.ix_(top, left)] * (1.0 - along) + values[np.ix_(top, right)] * along
    lower = values[np.ix_(below, left)] * (1.0 - along) + values[np.ix_(below, right)] * along
    return np.asarray(upper * (1.0 - down) + lower * down)
