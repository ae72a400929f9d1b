"""Relief lies right on a Web Mercator map."""

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio.io import MemoryFile
from scipy.ndimage import distance_transform_edt

from routes.model.grid import Grid
from routes.render.drawing.relief import _FADE_PX, MAX_WIDTH_PX, _away_px, relief_image, relief_pixels
from tests.analytic import EXACT

TO_MERCATOR = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


def grid_of(height, step_deg=0.1, west_deg=5.0, north_deg=60.0):
    return Grid(
        height,
        west_deg=west_deg,
        north_deg=north_deg,
        step_lon_deg=step_deg,
        step_lat_deg=step_deg,
        product=EXACT,
    )


def pixel_of(lon, lat, bounds, shape):
    """Fractional row and column at which a web map that stretches the image shows a position (oracle: pyproj)."""
    west, south, east, north = bounds
    left, bottom = TO_MERCATOR.transform(west, south)
    right, top = TO_MERCATOR.transform(east, north)
    x, y = TO_MERCATOR.transform(lon, lat)
    return (top - y) / (top - bottom) * shape[0] - 0.5, (x - left) / (right - left) * shape[1] - 0.5


@pytest.mark.parametrize(("row", "col"), [(15, 20), (50, 50), (90, 80)])
def test_peak_stands_at_its_pixel(row, col):
    height = np.zeros((100, 100))
    height[row, col] = 3000.0
    rgba, bounds = relief_pixels(grid_of(height))
    flat = rgba[:3, 0, 0].astype(int)[:, None, None]
    rows, cols = np.nonzero(np.abs(rgba[:3].astype(int) - flat).sum(axis=0) > 3)
    middle = 0.5 * (rows.min() + rows.max()), 0.5 * (cols.min() + cols.max())
    expected = pixel_of(5.0 + 0.1 * col, 60.0 - 0.1 * row, bounds, rgba.shape[1:])
    assert middle == pytest.approx(expected, abs=1.0)


@pytest.mark.parametrize(("row", "col"), [(20, 10), (55, 90)])
def test_void_is_transparent_at_its_pixel_and_nowhere_else(row, col):
    height = np.full((100, 100), 500.0)
    height[row, col] = np.nan
    rgba, bounds = relief_pixels(grid_of(height))
    rows, cols = np.nonzero(rgba[3] == 0)
    expected = pixel_of(5.0 + 0.1 * col, 60.0 - 0.1 * row, bounds, rgba.shape[1:])
    assert (rows.mean(), cols.mean()) == pytest.approx(expected, abs=0.6)
    assert np.ptp(rows) < rgba.shape[1] / 50


def test_bounds_are_the_edges_of_the_cells():
    _, bounds = relief_pixels(grid_of(np.zeros((10, 20))))
    assert bounds == pytest.approx((4.95, 59.05, 6.95, 60.05))


def test_large_grid_is_made_smaller_and_keeps_its_place():
    height = np.zeros((1000, 2000))
    height[500:504, 1000:1004] = 4000.0
    rgba, bounds = relief_pixels(grid_of(height, step_deg=0.001))
    assert max(rgba.shape) <= MAX_WIDTH_PX
    dark = rgba[0].astype(int)
    row, col = np.argwhere(np.abs(dark - dark[0, 0]) > 20).mean(axis=0)
    assert (row, col) == pytest.approx(pixel_of(6.0015, 59.4985, bounds, rgba.shape[1:]), abs=1.5)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_image_opens_with_its_transparency():
    height = np.fromfunction(lambda row, col: 50.0 * np.sin(row / 5.0) * col, (60, 40))
    height[:, :5] = np.nan
    uri, _ = relief_image(grid_of(height))
    kind, data = uri.split(";base64,")
    assert kind in ("data:image/webp", "data:image/png")
    with MemoryFile(base64.b64decode(data)) as memory, memory.open() as image:
        assert image.count == 4
        assert image.read(4)[5, 5] == 0
        assert image.read(4)[5, -5] == 255


def test_slopes_to_the_north_west_are_brighter_than_those_to_the_south_east():
    rows, cols = np.mgrid[:60, :60]
    height = 5000.0 - 60_000.0 * 0.05 * np.hypot(rows - 30, cols - 30)
    rgba, _ = relief_pixels(grid_of(height, step_deg=0.01))
    h, w = rgba.shape[1:]
    assert rgba[0, h // 4, w // 4] > rgba[0, 3 * h // 4, 3 * w // 4]


def test_grid_without_any_height_is_transparent():
    rgba, _ = relief_pixels(grid_of(np.full((5, 5), np.nan)))
    assert (rgba[3] == 0).all()


@given(
    st.integers(0, 2**32 - 1), st.integers(1, 120), st.integers(1, 120), st.sampled_from([0.5, 0.01, 5e-4])
)
def test_thumbnails_fade_with_the_distance_that_scipy_measures(seed, rows, cols, share):
    known = np.random.default_rng(seed).random((rows, cols)) > share
    away = _away_px(known)
    if known.all():
        assert (away >= _FADE_PX).all()
    else:
        expected = distance_transform_edt(known)
        assert (np.minimum(away, _FADE_PX) == np.minimum(expected, _FADE_PX)).all()
