"""One DEM file: where its heights lie, what is void, and what is refused."""

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from routes.dem.folder import open_dem
from routes.dem.products import GLO30, LOCAL, PRODUCTS, SRTM3_RAW, SRTMGL3
from routes.dem.raster import open_raster
from routes.errors import DEMError
from tests.dem.files import write_hgt, write_tif

STEP = 0.01


def heights_of(rows=6, cols=8, dtype=np.float32):
    return (1000 + 10 * np.arange(rows * cols)).reshape(rows, cols).astype(dtype)


def centres(west, north, shape, step=STEP):
    rows, cols = np.indices(shape)
    return (west + (cols + 0.5) * step).ravel(), (north - (rows + 0.5) * step).ravel()


@pytest.mark.parametrize("point", [False, True])
@pytest.mark.parametrize("west", [1.0, -72.5])
@pytest.mark.parametrize("north", [42.5, -13.0])
def test_cell_centres_have_the_heights_of_their_cells(tmp_path, point, west, north):
    """Pixel-is-area and pixel-is-point; the oracle is rasterio's own nearest sampling at the centres."""
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=west, north=north, step=STEP, point=point)
    lon, lat = centres(west, north, (6, 8))
    with rasterio.open(path) as file:
        assert file.tags().get("AREA_OR_POINT") == ("Point" if point else "Area")
        oracle = [float(value[0]) for value in file.sample(zip(lon, lat, strict=True))]
    found = open_dem(path).sample(lon, lat).height_m
    assert found == pytest.approx(oracle)
    assert found == pytest.approx(heights_of().ravel())


def test_pixel_is_point_means_the_tie_point_is_a_centre(tmp_path):
    """GeoTIFF 1.1, requirement on RasterPixelIsPoint: the tie point is the centre of the first pixel.

    The file is written with the raw tags: ModelTiepoint at (1.0, 42.5), as an HGT-like producer would.
    """
    path = tmp_path / "dem.tif"
    with rasterio.Env(GTIFF_POINT_GEO_IGNORE=True):
        write_tif(path, heights_of(), west=1.0, north=42.5, step=STEP, point=True)
    raster = open_raster(path)
    assert raster.west_deg == pytest.approx(1.0)
    assert raster.north_deg == pytest.approx(42.5)
    assert open_dem(path).sample([1.0, 1.02], [42.5, 42.49]).height_m == pytest.approx([1000.0, 1100.0])


@given(st.floats(0.5, 6.5), st.floats(0.5, 4.5))
@settings(max_examples=30, deadline=None)
def test_between_centres_a_plane_comes_back(tmp_path_factory, cols, rows):
    folder = tmp_path_factory.getbasetemp() / "plane"
    path = folder / "dem.tif"
    if not folder.exists():
        folder.mkdir()
        write_tif(path, heights_of(), west=1.0, north=42.5, step=STEP)
    # ten metres a column, eighty a row, 1000 m at the first centre
    found = open_dem(path).sample([1.0 + (cols + 0.5) * STEP], [42.5 - (rows + 0.5) * STEP]).height_m
    assert found[0] == pytest.approx(1000.0 + 10.0 * cols + 80.0 * rows, abs=1e-3)


def test_read_gives_whole_windows_with_nan_outside(tmp_path):
    raster = open_raster(write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP))
    part = raster.read(-1, 6, (3, 4))
    expected = np.full((3, 4), np.nan)
    expected[1:, :2] = heights_of()[:2, 6:]
    np.testing.assert_array_equal(part, expected)
    assert np.isnan(raster.read(50, 50, (2, 2))).all()
    assert raster.bounds == pytest.approx((1.0, 42.44, 1.08, 42.5))


@pytest.mark.parametrize(
    ("code", "dtype", "declared"),
    [
        (-32768, np.int16, -32768), (-32768, np.int16, None), (-9999, np.float32, -9999.0), (-9999, np.float32, None),
        (0, np.int16, 0), (np.nan, np.float32, None), (np.nan, np.float32, np.nan), (32767, np.int16, None),
        (-3.4e38, np.float32, None), (9000, np.int16, None), (-451, np.int16, None), (65535, np.uint16, None),
    ],
)  # fmt: skip
def test_voids_are_nan_whether_their_code_is_declared_or_not(tmp_path, code, dtype, declared):
    heights = heights_of(dtype=dtype)
    heights[2, 3] = code
    path = write_tif(tmp_path / "dem.tif", heights, west=1.0, north=42.5, step=STEP, nodata=declared)
    lon, lat = centres(1.0, 42.5, (6, 8))
    found = open_dem(path).sample(lon, lat)
    void = np.zeros((6, 8), dtype=bool)
    void[2, 3] = True
    assert np.isnan(found.height_m).reshape(6, 8)[2, 3]
    assert found.height_m[~void.ravel()] == pytest.approx(heights_of().ravel()[~void.ravel()])
    assert not found.is_outside.any()
    assert (found.product_index.reshape(6, 8)[void] == -1).all()
    # and half-way to the void nobody knows either
    assert np.isnan(open_dem(path).sample([1.0 + 4.0 * STEP], [42.5 - 2.5 * STEP]).height_m)[0]


def test_sea_level_is_a_height_where_zero_is_not_declared_void(tmp_path):
    path = write_tif(
        tmp_path / "sea.tif", np.zeros((3, 3), np.int16), west=1.0, north=42.5, step=STEP, nodata=-32768
    )
    assert open_dem(path).sample([1.015], [42.485]).height_m[0] == 0.0


@pytest.mark.parametrize("height", [-430, 8849])
def test_dead_sea_and_everest_are_heights(tmp_path, height):
    path = write_tif(tmp_path / "dem.tif", np.full((3, 3), height, np.int16), west=1.0, north=42.5, step=STEP)
    assert open_dem(path).sample([1.015], [42.485]).height_m[0] == pytest.approx(height)


def test_outside_is_nan_never_zero(tmp_path):
    """rasterio #2862: `sample` yields 0.0 outside a raster without nodata."""
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    found = open_dem(path).sample([0.9, 1.04, 1.2, 5.0], [42.47, 42.6, 42.47, -13.0])
    assert np.isnan(found.height_m).all()
    assert found.is_outside.all()
    assert (found.product_index == -1).all()


def test_a_projected_raster_has_its_heights_where_pyproj_puts_them(tmp_path):
    """A plane in UTM 31N (2000 m, 0.1 up a metre east, 0.05 a metre north), looked up by longitude and latitude."""
    east = 380_000.0 + 30.0 * (np.arange(150) + 0.5)
    north = 4_720_000.0 - 30.0 * (np.arange(120) + 0.5)
    x, y = np.meshgrid(east, north)
    heights = (2000.0 + 0.1 * (x - 380_000.0) + 0.05 * (y - 4_720_000.0)).astype(np.float32)
    path = write_tif(
        tmp_path / "utm.tif",
        heights,
        west=380_000.0,
        north=4_720_000.0,
        step=30.0,
        crs="EPSG:32631",
        nodata=-9999.0,
    )
    random = np.random.default_rng(5)
    px, py = random.uniform(380_300, 384_200, 50), random.uniform(4_716_700, 4_719_700, 50)
    lon, lat = Transformer.from_crs("EPSG:32631", "EPSG:4326", always_xy=True).transform(px, py)
    found = open_dem(path).sample(lon, lat).height_m
    # resampling twice moves a height by a small part of a cell, on a plane of 11 %
    assert found == pytest.approx(2000.0 + 0.1 * (px - 380_000.0) + 0.05 * (py - 4_720_000.0), abs=0.5)


@pytest.mark.parametrize("nodata", [-9999.0, None])
def test_corners_of_a_projected_raster_are_void_not_zero(tmp_path, nodata):
    """North of UTM is not north: the warped rectangle has corners that the file does not cover."""
    heights = np.full((100, 100), 2000.0, np.float32)
    path = write_tif(
        tmp_path / "utm.tif",
        heights,
        west=380_000.0,
        north=4_720_000.0,
        step=30.0,
        crs="EPSG:32631",
        nodata=nodata,
    )
    raster = open_raster(path)
    values = raster.read(0, 0, raster.shape)
    assert np.isnan(values).any()
    assert np.unique(values[np.isfinite(values)]) == pytest.approx([2000.0])


def test_a_geographic_raster_on_another_ellipsoid_is_read(tmp_path):
    """ETRS89 (EPSG:4258) is longitude and latitude too."""
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP, crs="EPSG:4258")
    assert open_dem(path).sample([1.005], [42.495]).height_m[0] == pytest.approx(1000.0)


def test_a_file_without_crs_is_refused(tmp_path):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP, crs=None)
    with pytest.raises(DEMError, match=r"dem\.tif has no coordinate reference system"):
        open_raster(path)


def test_a_picture_without_any_georeference_is_refused(tmp_path):
    path = tmp_path / "picture.tif"
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(path, "w", driver="GTiff", height=4, width=4, count=1, dtype="uint8") as file,
    ):
        file.write(np.ones((4, 4), np.uint8), 1)
    with pytest.raises(DEMError, match=r"picture\.tif has no coordinate reference system"):
        open_raster(path)


@pytest.mark.parametrize("content", [b"", b"<html><body>404 Not Found</body></html>", b"II*\x00garbage" * 30])
@pytest.mark.parametrize("name", ["dem.tif", "N42E001.hgt", "N42E001.hgt.zip", "N42E001.hgt.gz", "dem.vrt"])
def test_a_file_that_is_no_dem_is_refused(tmp_path, name, content):
    """FINDINGS 3: a saved HTML error page is not a tile."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DEMError, match=f"Cannot open .*{name} as a DEM"):
        open_raster(path)


def test_a_truncated_file_is_refused_when_it_is_read(tmp_path):
    noise = np.random.default_rng(0).integers(0, 3000, (400, 400)).astype(np.int16)
    path = write_tif(tmp_path / "dem.tif", noise, west=1.0, north=42.5, step=0.001, compress="deflate")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DEMError, match=r"dem\.tif"):
        open_dem(path).window((1.0, 42.1, 1.4, 42.5))


def test_a_truncated_hgt_is_refused(tmp_path):
    path = write_hgt(tmp_path, 1, 42, lambda lon, _: 1000 + 0 * lon)
    path.write_bytes(path.read_bytes()[:1_000_000])
    with pytest.raises(DEMError, match=r"N42E001\.hgt"):
        open_dem(path).sample([1.5], [42.1])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DEMError, match=r"There is no DEM file .*nowhere\.tif"):
        open_raster(tmp_path / "nowhere.tif")


def test_a_file_upside_down_is_refused(tmp_path):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.0, step=-STEP, step_lon=STEP)
    with pytest.raises(DEMError, match=r"upside down; warp it to north-up first \(gdalwarp\)"):
        open_raster(path)


def test_sidecar_names_the_product(tmp_path):
    for product_id, product in PRODUCTS.items():
        path = write_tif(
            tmp_path / f"{product_id}.tif", heights_of(), west=1.0, north=42.5, step=STEP, product=product_id
        )
        assert open_raster(path).product is product
    path = write_tif(tmp_path / "other.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    assert open_raster(path).product is LOCAL


def test_an_hgt_tile_is_srtm_unless_its_sidecar_says_otherwise(tmp_path):
    path = write_hgt(tmp_path, 1, 42, lambda lon, _: 1000 + 0 * lon)
    assert open_raster(path).product is SRTM3_RAW
    path.with_suffix(".json").write_text('{"product": "srtmgl3"}', encoding="utf-8")
    assert open_raster(path).product is SRTMGL3


@pytest.mark.parametrize(
    "text", ['{"product": "srtm99"}', "{}", "not json", "[]", '{"product": ["glo30"]}', "\xff"]
)
def test_a_wrong_sidecar_is_refused(tmp_path, text):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    path.with_suffix(".json").write_text(text, encoding="latin-1")
    with pytest.raises(DEMError, match=r'dem.json does not name a known product \("product": one of srtmgl3'):
        open_raster(path)


def test_table_of_products_states_its_sources():
    """Copernicus DEM handbook: GLO-30 is EGM2008 with LE90 below 4 m. SRTM: EGM96, LE90 9.0 m in North America."""
    assert (GLO30.vertical_datum.value, GLO30.le90_m) == ("EGM2008", 4.0)
    assert (SRTMGL3.vertical_datum.value, SRTMGL3.le90_m) == ("EGM96", 9.0)
    assert LOCAL.vertical_datum.value == "unknown"
    assert all(product.le90_source for product in PRODUCTS.values())
