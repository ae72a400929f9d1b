"""One DEM file: where its heights lie, what is void, and what is refused."""

import http.server
import threading

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from routes.dem import gdal_file
from routes.dem import raster as raster_module
from routes.dem.folder import open_dem
from routes.dem.memory_cache import MAX_BYTES, BlockCache
from routes.dem.products import GLO30, LOCAL, PRODUCTS, SRTM3_RAW, SRTMGL3
from routes.dem.raster import open_raster
from routes.errors import DEMError
from tests.dem.files import write_hgt, write_tif
from tests.strategies import examples

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
@settings(max_examples=examples(30))
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


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_an_undeclared_void_is_not_blended_with_heights_when_a_file_is_warped(tmp_path, dtype):
    heights = np.full((100, 100), 2000, dtype)
    heights[40:60, 40:60] = -32768
    path = write_tif(
        tmp_path / "utm.tif", heights, west=380_000, north=4_720_000, step=30.0, crs="EPSG:32631"
    )
    raster = open_raster(path)
    values = raster.read(0, 0, raster.shape)
    assert np.unique(values[np.isfinite(values)]) == pytest.approx([2000.0])


def test_a_projected_raster_across_the_antimeridian_is_refused(tmp_path):
    """GDAL would spread it over all longitudes, in less than one row."""
    path = write_tif(
        tmp_path / "utm60.tif",
        np.ones((240, 240), np.float32),
        west=830_000,
        north=5000,
        step=30.0,
        crs="EPSG:32660",
    )
    with pytest.raises(DEMError, match=r"utm60\.tif holds no cell .* crosses the antimeridian"):
        open_raster(path)


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


# ---------------------------------------------------------------------------------------------------------------------
# What the numbers of a file mean
# ---------------------------------------------------------------------------------------------------------------------


def changed(path, **values):
    """Set attributes of a file that is there (units, scales, offsets)."""
    with rasterio.open(path, "r+") as file:
        for name, value in values.items():
            setattr(file, name, (value,))
    return path


@pytest.mark.parametrize(
    ("unit", "metres"),
    # NIST SP 811, B.6: a foot is 0.3048 m, a US survey foot 1200/3937 m
    [("ft", 0.3048), ("feet", 0.3048), ("Foot", 0.3048), ("US survey foot", 1200 / 3937), ("m", 1.0), ("metre", 1.0),
     ("", 1.0)],
)  # fmt: skip
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4230"])
def test_heights_in_feet_become_metres(tmp_path, unit, metres, crs):
    path = write_tif(
        tmp_path / "dem.tif", np.full((20, 20), 6000.0, np.float32), west=1, north=42.5, step=STEP, crs=crs
    )
    if unit:
        changed(path, units=unit)
    assert open_dem(path).sample([1.1], [42.4]).height_m == pytest.approx([6000 * metres])


def test_a_vertical_reference_system_in_feet_means_heights_in_feet(tmp_path):
    """EPSG:6360 is NAVD88 height in US survey feet."""
    path = write_tif(
        tmp_path / "dem.tif", heights_of(), west=-119, north=38, step=STEP, crs="EPSG:4269+6360", nodata=-9999
    )
    found = open_dem(path).sample([-118.995], [37.995]).height_m
    assert found == pytest.approx([1000 * 1200 / 3937])


def test_an_unknown_unit_is_refused(tmp_path):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    changed(path, units="fathom")
    with pytest.raises(DEMError, match=r"dem\.tif has heights in 'fathom', .* Convert them to metres"):
        open_raster(path)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4230"])
def test_scale_and_offset_are_applied(tmp_path, crs):
    """The oracle is the definition in GDAL's raster data model: units = raw * scale + offset."""
    stored = np.full((20, 20), 15_000, np.int32)
    stored[:3] = -32768
    path = write_tif(tmp_path / "dem.tif", stored, west=1.0, north=42.5, step=STEP, nodata=-32768, crs=crs)
    changed(path, scales=0.1, offsets=500.0)
    found = open_dem(path).sample([1.1, 1.1], [42.4, 42.49]).height_m
    assert found == pytest.approx([2000.0, np.nan], nan_ok=True)
    changed(path, units="ft")
    assert open_dem(path).sample([1.1], [42.4]).height_m == pytest.approx([2000.0 * 0.3048])


@pytest.mark.parametrize("scale", [0.0, np.nan])
def test_a_scale_that_makes_no_heights_is_refused(tmp_path, scale):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    changed(path, scales=scale)
    with pytest.raises(DEMError, match="make no heights"):
        open_raster(path)


@pytest.mark.parametrize("count", [2, 3])
def test_several_bands_are_refused(tmp_path, count):
    path = tmp_path / "rgb.tif"
    one = write_tif(tmp_path / "one.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    with rasterio.open(one) as file:
        profile = file.profile | {"count": count}
    with rasterio.open(path, "w", **profile) as file:
        file.write(np.stack([heights_of()] * count))
    with pytest.raises(DEMError, match=rf"rgb\.tif has {count} bands, and a DEM has one.*gdal_translate -b"):
        open_raster(path)


@pytest.mark.parametrize(
    ("dtype", "message"),
    [
        ("complex64", "complex numbers"),
        ("uint8", "8 bits .uint8., which hold no heights"),
        ("int8", "8 bits .int8."),
    ],
)
def test_numbers_that_are_no_heights_are_refused(tmp_path, dtype, message):
    path = write_tif(
        tmp_path / "dem.tif", np.full((6, 6), 100).astype(dtype), west=1.0, north=42.5, step=STEP
    )
    with pytest.raises(DEMError, match=f"dem.tif holds .*{message}"):
        open_raster(path)


@pytest.mark.parametrize(
    ("crs", "unit_deg", "west_of_greenwich"),
    # EPSG:4230 is ED50, 4267 NAD27; 4807 is NTF in grads from Paris, 2 deg 20' 14.025" east of Greenwich
    [("EPSG:4230", 1.0, 0.0), ("EPSG:4267", 1.0, 0.0), ("EPSG:4807", 0.9, 2.337229167)],
)
def test_other_longitudes_and_latitudes_are_shifted_to_wgs84(tmp_path, crs, unit_deg, west_of_greenwich):
    """A plane, looked up where pyproj puts its places; ED50 is some 150 m off in the Pyrenees."""
    lon0, lat0 = (-119.0, 38.0) if crs == "EPSG:4267" else (1.5, 42.6)
    step = 0.001 / unit_deg
    west, north = (lon0 - west_of_greenwich) / unit_deg, lat0 / unit_deg
    rows, cols = np.indices((200, 200))
    heights = (2000.0 + 4.0 * cols - 3.0 * rows).astype(np.float32)
    path = write_tif(
        tmp_path / "dem.tif", heights, west=west, north=north, step=step, crs=crs, nodata=-9999.0
    )
    x, y = west + np.array([50.0, 77.3, 140.1]) * step, north - np.array([60.0, 130.2, 90.9]) * step
    lon, lat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(x, y)
    expected = 2000.0 + 4.0 * ((x - west) / step - 0.5) - 3.0 * ((north - y) / step - 0.5)
    # GDAL and pyproj may choose operations that differ by some metres; a cell is 100 m and rises 5 m
    assert open_dem(path).sample(lon, lat).height_m == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize(
    "crs", ["EPSG:4979", "OGC:CRS84", "EPSG:4269", "EPSG:4326+5773", "+proj=longlat +datum=WGS84"]
)
def test_longitude_and_latitude_as_good_as_wgs84_are_not_resampled(tmp_path, crs):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP, crs=crs)
    raster = open_raster(path)
    np.testing.assert_array_equal(raster.read(0, 0, raster.shape), heights_of().astype(float))


@pytest.mark.parametrize("crs", ['LOCAL_CS["x",UNIT["metre",1]]', "EPSG:4978"])
def test_a_reference_system_without_a_place_on_a_map_is_refused(tmp_path, crs):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=0.0, north=0.0, step=30.0, crs=crs)
    with pytest.raises(
        DEMError, match=r"dem\.tif has a coordinate reference system .*neither longitude and latitude"
    ):
        open_raster(path)


def test_a_file_that_lies_nowhere_is_refused(tmp_path):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=-2e8, north=2e8, step=1e6, crs="EPSG:3857")
    with pytest.raises(DEMError, match=r"dem\.tif"):
        open_raster(path)


# ---------------------------------------------------------------------------------------------------------------------
# Paths, sidecars
# ---------------------------------------------------------------------------------------------------------------------


def test_a_name_too_long_is_refused():
    for opener in (open_raster, open_dem):
        with pytest.raises(DEMError, match=r"Cannot open a.* as a DEM: File name too long"):
            opener("a" * 300)


def test_a_folder_that_may_not_be_searched_is_refused(tmp_path, monkeypatch):
    """As root no folder is closed, so the answer of the system is played."""

    def denied(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.stat", denied)
    with pytest.raises(DEMError, match=r"Cannot open .*dem\.tif as a DEM: Permission denied"):
        open_raster(tmp_path / "dem.tif")


def test_a_sidecar_of_many_brackets_is_refused(tmp_path):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    path.with_suffix(".json").write_text("[" * 100_000)
    with pytest.raises(DEMError, match=r"dem\.json does not name a known product"):
        open_raster(path)


def test_a_name_too_long_for_a_sidecar_has_none(tmp_path):
    path = write_tif(tmp_path / f"{'a' * 251}.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    assert open_raster(path).product is LOCAL


@pytest.mark.parametrize("packing", [".zip", ".gz"])
@pytest.mark.parametrize("name", ["N42E001.hgt.json", "N42E001.json"])
def test_a_packed_tile_has_its_sidecar_under_either_name(tmp_path, packing, name):
    path = write_hgt(tmp_path, 1, 42, lambda lon, _: 1000 + 0 * lon, packing)
    (tmp_path / name).write_text('{"product": "srtmgl3"}', encoding="utf-8")
    assert open_raster(path).product is SRTMGL3


# ---------------------------------------------------------------------------------------------------------------------
# No network
# ---------------------------------------------------------------------------------------------------------------------

VRT = """<VRTDataset rasterXSize="8" rasterYSize="6">
<SRS>EPSG:4326</SRS><GeoTransform>1.0, 0.01, 0, 42.5, 0, -0.01</GeoTransform>
<Metadata><MDI key="source">https://example.com/prose</MDI></Metadata>
<VRTRasterBand dataType="Float32" band="1"><SimpleSource>
<SourceFilename relativeToVRT="{relative}">{source}</SourceFilename><SourceBand>1</SourceBand>
</SimpleSource></VRTRasterBand></VRTDataset>"""


@pytest.fixture
def server():
    """A server on this machine that counts what it is asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}", asked
        served.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "source",
    ["/vsicurl/{url}/x.tif", "{url}/x.tif", "&#47;vsicurl/{url}/y.tif", "/vsizip//vsicurl/{url}/x.zip/x.tif",
     "/vsis3/bucket/x.tif", "&lt;GDAL_WMS>&lt;Service name='TMS'>&lt;ServerUrl>{url}/&lt;/ServerUrl>&lt;/Service>"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["dem.vrt", "dem.tif"])
def test_a_vrt_that_refers_to_a_network_is_refused_and_asks_nothing(tmp_path, server, source, name):
    url, asked = server
    path = tmp_path / name
    path.write_text(VRT.format(relative=0, source=source.format(url=url)))
    with pytest.raises(DEMError, match=rf"{name} refers to .*not on this disk"):
        open_dem(path).window((1.0, 42.45, 1.05, 42.5))
    assert asked == []


def test_a_vrt_of_a_vrt_that_refers_to_a_network_is_refused(tmp_path, server):
    url, asked = server
    (tmp_path / "inner.vrt").write_text(VRT.format(relative=0, source=f"/vsicurl/{url}/x.tif"))
    (tmp_path / "outer.vrt").write_text(VRT.format(relative=1, source="inner.vrt"))
    with pytest.raises(DEMError, match=r"inner\.vrt refers to /vsicurl/http"):
        open_dem(tmp_path / "outer.vrt").window((1.0, 42.45, 1.05, 42.5))
    assert asked == []


def test_a_map_service_is_no_dem(tmp_path, server):
    url, asked = server
    path = tmp_path / "wms.tif"
    path.write_text(
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}</ServerUrl></Service><DataWindow><UpperLeftX>1'
        "</UpperLeftX><UpperLeftY>43</UpperLeftY><LowerRightX>2</LowerRightX><LowerRightY>42</LowerRightY><SizeX>256"
        "</SizeX><SizeY>256</SizeY></DataWindow><Projection>EPSG:4326</Projection><DataType>Int16</DataType>"
        "<BandsCount>1</BandsCount></GDAL_WMS>"
    )
    with pytest.raises(DEMError, match=r"wms\.tif as a DEM"):
        open_dem(path).window((1.0, 42.45, 1.05, 42.5))
    assert asked == []


@pytest.mark.parametrize("relative", [0, 1])
def test_a_vrt_of_files_on_this_disk_is_read_and_sees_them_change(tmp_path, relative):
    source = write_tif(tmp_path / "a.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    path = tmp_path / "dem.vrt"
    path.write_text(VRT.format(relative=relative, source=source.name if relative else source))
    raster = open_raster(path)
    np.testing.assert_array_equal(raster.read(0, 0, raster.shape), heights_of().astype(float))
    write_tif(source, heights_of() + 7, west=1.0, north=42.5, step=STEP)
    np.testing.assert_array_equal(raster.read(0, 0, raster.shape), heights_of().astype(float) + 7)


# ---------------------------------------------------------------------------------------------------------------------
# Blocks in memory
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def noisy(tmp_path_factory):
    noise = np.random.default_rng(3).integers(0, 3000, (700, 900)).astype(np.int16)
    noise[300:330, 500:540] = -32768
    path = tmp_path_factory.mktemp("noisy") / "dem.tif"
    write_tif(path, noise, west=1.0, north=43.0, step=0.001, compress="deflate", nodata=-32768)
    return path, np.where(noise == -32768, np.nan, noise)


@given(st.integers(-50, 750), st.integers(-50, 950), st.integers(1, 400), st.integers(1, 400))
@settings(max_examples=examples(60))
def test_windows_from_memory_are_those_of_the_file(noisy, row, col, rows, cols):
    path, heights = noisy
    around = np.pad(heights, 500, constant_values=np.nan)
    expected = around[row + 500 : row + 500 + rows, col + 500 : col + 500 + cols]
    whole = np.full((rows, cols), np.nan)
    whole[: expected.shape[0], : expected.shape[1]] = expected
    np.testing.assert_array_equal(open_raster(path).read(row, col, (rows, cols)), whole)


def test_a_caller_who_edits_a_window_does_not_edit_memory(noisy):
    raster = open_raster(noisy[0])
    raster.read(0, 0, (10, 10))[:] = -1.0
    np.testing.assert_array_equal(raster.read(0, 0, (10, 10)), noisy[1][:10, :10])


@pytest.mark.parametrize("packing", [".zip", ".gz"])
def test_windows_of_a_packed_tile_are_those_of_the_plain_one(tmp_path, packing):
    def slope(lon, lat):
        return 1200 * (lon - 1) + 600 * (lat - 42)

    plain = open_raster(write_hgt(tmp_path, 1, 42, slope))
    packed = open_raster(write_hgt(tmp_path, 1, 42, slope, packing))
    for window in ((1100, 1150, (200, 90)), (200, 300, (100, 5)), (0, 0, (1201, 1201))):
        np.testing.assert_array_equal(packed.read(*window), plain.read(*window))


def test_a_file_that_changes_is_read_again(tmp_path):
    path = write_tif(tmp_path / "dem.tif", heights_of(), west=1.0, north=42.5, step=STEP)
    raster = open_raster(path)
    for shift in range(5):
        write_tif(path, heights_of() + shift, west=1.0, north=42.5, step=STEP)
        np.testing.assert_array_equal(raster.read(0, 0, (6, 8)), heights_of().astype(float) + shift)


def test_memory_is_bounded(tmp_path, monkeypatch):
    cache = BlockCache()
    monkeypatch.setattr(raster_module, "_CACHE", cache)
    path = write_tif(tmp_path / "dem.tif", np.ones((4000, 4000), np.int16), west=1.0, north=42.5, step=1e-4)
    raster = open_raster(path)
    for row in range(0, 4000, 250):
        for col in range(0, 4000, 250):
            raster.read(row, col, (10, 10))
    before = cache.size_bytes
    assert 0.9 * MAX_BYTES < before <= MAX_BYTES
    assert raster.read(0, 0, raster.shape).sum() == 16e6
    assert cache.size_bytes == before


def test_a_thousand_short_profiles_open_the_file_a_few_times(tmp_path, monkeypatch):
    path = write_tif(
        tmp_path / "dem.tif",
        np.ones((1024, 1024), np.float32),
        west=1.0,
        north=43.0,
        step=0.001,
        compress="deflate",
    )
    dem = open_dem(path)
    opened = []
    monkeypatch.setattr(raster_module, "opened", lambda *args: opened.append(args) or gdal_file.opened(*args))
    random = np.random.default_rng(1)
    for lon, lat in random.uniform([1.1, 42.1], [1.9, 42.9], (1000, 2)):
        dem.sample(lon + np.linspace(0, 0.02, 50), lat + np.linspace(0, 0.02, 50))
    assert len(opened) <= 16  # blocks of 256 by 256 cells
