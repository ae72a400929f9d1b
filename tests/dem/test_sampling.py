"""Sampling of DEM files: methods, seams, antimeridian, poles, voids; GDAL and OpenStreetMap as oracles."""

import csv

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from scipy import ndimage

from routes.dem.folder import open_dem
from routes.dem.sampling import FILL_REACH, sample_window
from routes.errors import InvalidCoordinatesError, ModelError
from routes.kernel.grid import Method
from tests.dem.files import write_glo_tile, write_hgt, write_tif
from tests.strategies import examples

MICROMETRE = 1e-6
every_method = pytest.mark.parametrize("method", list(Method))
smooth_method = pytest.mark.parametrize("method", [Method.BILINEAR, Method.CUBIC])


def whole_metres(lon, lat):
    """A plane that is a whole number of metres at every centre of 3" and 1' grids, so that files hold it exactly."""
    return 4000.0 + 1200.0 * lon - 2400.0 * lat


# ---------------------------------------------------------------------------------------------------------------------
# Seams, quadrants, antimeridian, poles
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hgt_quadrants(tmp_path_factory):
    """Four HGT tiles around longitude 0, latitude 0: neighbours share a row or column."""
    folder = tmp_path_factory.mktemp("hgt")
    for west, south in ((0, 0), (-1, 0), (0, -1), (-1, -1)):
        write_hgt(folder, west, south, whole_metres)
    return open_dem(folder)


@pytest.fixture(scope="module")
def glo_quadrants(tmp_path_factory):
    """Four tiles of GLO-30's layout around longitude 0, latitude 0: the last row and column belong to the neighbour."""
    folder = tmp_path_factory.mktemp("glo")
    for west, south in ((0, 0), (-1, 0), (0, -1), (-1, -1)):
        write_glo_tile(folder, west, south, whole_metres)
    return open_dem(folder)


@smooth_method
@pytest.mark.parametrize("layout", ["hgt_quadrants", "glo_quadrants"])
@given(st.lists(st.tuples(st.floats(-0.95, 0.95), st.floats(-0.95, 0.95)), min_size=1, max_size=5))
@example([(0.0, 0.0)])
@example([(0.0, 0.5), (-0.5, 0.0)])
@example([(-1e-9, 1e-9), (-1e-4, 1e-4), (-0.01, -0.01)])
@settings(max_examples=examples(15))
def test_planes_are_exact_in_all_quadrants_and_on_all_seams(request, layout, method, positions):
    lon, lat = np.array(positions).T
    found = request.getfixturevalue(layout).sample(lon, lat, method=method)
    assert found.height_m == pytest.approx(whole_metres(lon, lat), abs=MICROMETRE)
    assert not found.is_outside.any()
    assert not found.is_filled.any()


@every_method
def test_a_seam_is_no_place_of_its_own(tmp_path, method):
    """Rough terrain cut into four tiles has the heights of the same terrain in one file."""
    noise = np.random.default_rng(8).uniform(0.0, 3000.0, (40, 40)).astype(np.float32)
    (tmp_path / "parts").mkdir()
    for i in (0, 1):
        for j in (0, 1):
            part = noise[20 * i : 20 * i + 20, 20 * j : 20 * j + 20]
            write_tif(
                tmp_path / "parts" / f"{i}{j}.tif", part, west=10 + 0.2 * j, north=47 - 0.2 * i, step=0.01
            )
    whole = open_dem(write_tif(tmp_path / "whole.tif", noise, west=10.0, north=47.0, step=0.01))
    generator = np.random.default_rng(9)
    lon, lat = generator.uniform(10.0, 10.4, 3000), generator.uniform(46.6, 47.0, 3000)
    lon[:1000] = 10.2 + generator.uniform(-0.02, 0.02, 1000)
    expected = whole.sample(lon, lat, method=method).height_m
    found = open_dem(tmp_path / "parts").sample(lon, lat, method=method).height_m
    assert np.isfinite(expected).mean() > 0.9
    assert found == pytest.approx(expected, abs=1e-3, nan_ok=True)


@smooth_method
def test_the_antimeridian_is_a_seam_like_any_other(tmp_path, method):
    """GLO-30's layout: the strip between the last centre west of 180 and the first east of it needs both tiles."""

    def east_of_180(lon, lat):
        return 4000.0 + 1200.0 * (lon % 360.0 - 180.0) - 60.0 * lat

    write_glo_tile(tmp_path, 179, -17, east_of_180)
    write_glo_tile(tmp_path, -180, -17, east_of_180)
    dem = open_dem(tmp_path)
    beyond = np.linspace(-0.05, 0.05, 201)
    lon = np.where(beyond < 0.0, 180.0 + beyond, -180.0 + beyond)
    found = dem.sample(lon, np.full(lon.shape, -16.5), method=method)
    assert found.height_m == pytest.approx(4000.0 + 1200.0 * beyond + 60.0 * 16.5, abs=MICROMETRE)
    both = dem.sample([180.0, -180.0], [-16.2, -16.2], method=method)
    assert both.height_m == pytest.approx([4000.0 + 60.0 * 16.2] * 2, abs=MICROMETRE)
    assert not found.is_outside.any()
    assert not both.is_outside.any()


def test_longitude_180_is_found_in_a_lone_tile_east_of_it(tmp_path):
    dem = open_dem(write_glo_tile(tmp_path, -180, -17, lambda lon, _: 0.0 * lon + 100.0))
    found = dem.sample([180.0, -180.0, 179.9], [-16.5] * 3)
    assert found.height_m == pytest.approx([100.0, 100.0, np.nan], nan_ok=True)
    assert found.is_outside.tolist() == [False, False, True]


def test_a_file_that_counts_longitude_from_0_to_360_is_read_all_around(tmp_path):
    """Heights rise westward and eastward from Greenwich; the file's own seam lies there."""
    lon = np.arange(360) + 0.5
    heights = np.broadcast_to(10.0 * np.minimum(lon, 360.0 - lon), (20, 360)).astype(np.float32)
    dem = open_dem(write_tif(tmp_path / "world.tif", heights, west=0.0, north=10.0, step=1.0))
    asked = np.array([-179.0, -90.25, -10.0, -1.0, -0.25, 0.0, 0.25, 1.0, 90.25, 179.0])
    found = dem.sample(asked, np.full(asked.shape, 0.5)).height_m
    assert found == pytest.approx(np.maximum(10.0 * np.abs(asked), 5.0), abs=MICROMETRE)


@smooth_method
def test_poles_have_heights_where_a_tile_has_a_row_there(tmp_path, method):
    north = open_dem(write_hgt(tmp_path, 0, 89, lambda lon, lat: 1200.0 * (lat - 89.0) + 0.0 * lon))
    assert north.sample([0.5, 0.0], [90.0, 89.9], method=method).height_m == pytest.approx([1200.0, 1080.0])
    south = open_dem(write_hgt(tmp_path, -60, -90, lambda lon, lat: 1200.0 * (lat + 90.0) + 0.0 * lon))
    assert south.sample([-59.5, -59.5], [-90.0, -89.9], method=method).height_m == pytest.approx(
        [0.0, 120.0], abs=MICROMETRE
    )
    assert north.sample([0.5], [-90.0], method=method).is_outside[0]


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@example(0.0, 1.0)
@example(0.001, 0.999)
def test_cubic_is_exact_for_planes_up_to_the_outermost_centres(glo_quadrants, u, v):
    """Beyond the files lies a rim, not a void: the last two rows are continued."""
    lon, lat = -1.0 + u * (1.0 + 59.0 / 60.0), -1.0 + 1.0 / 60.0 + v * (1.0 + 59.0 / 60.0)
    found = glo_quadrants.sample([lon], [lat], method="cubic").height_m[0]
    # float noise may put a position on the outermost line a hair beyond it, by less than a micrometre of height
    assert found == pytest.approx(whole_metres(lon, lat), abs=MICROMETRE)


@smooth_method
def test_beyond_the_outermost_centres_nothing_is_known(glo_quadrants, method):
    lon, lat = [-1.004, 0.99, 0.5, 0.5], [0.5, 0.5, 1.004, -0.99]
    found = glo_quadrants.sample(lon, lat, method=method)
    assert np.isnan(found.height_m).all()
    assert not found.is_outside.any()
    assert np.isfinite(glo_quadrants.sample(lon[:1], lat[:1], method="nearest").height_m).all()


def test_samples_of_many_positions_are_those_of_each(glo_quadrants):
    generator = np.random.default_rng(4)
    lon, lat = generator.uniform(-1.2, 1.2, 200), generator.uniform(-1.2, 1.2, 200)
    together = glo_quadrants.sample(lon, lat, method="cubic")
    alone = [glo_quadrants.sample([x], [y], method="cubic") for x, y in zip(lon, lat, strict=True)]
    assert together.height_m == pytest.approx([s.height_m[0] for s in alone], abs=MICROMETRE, nan_ok=True)
    assert together.is_outside.tolist() == [s.is_outside[0] for s in alone]


def test_a_window_in_memory_has_the_heights_of_its_dem(hgt_quadrants):
    lon, lat = np.linspace(-0.1, 0.1, 50), np.linspace(0.2, -0.2, 50)
    grid = hgt_quadrants.window((-0.1, -0.2, 0.1, 0.2))
    for method in Method:
        expected = hgt_quadrants.sample(lon, lat, method=method).height_m
        assert sample_window(grid, lon, lat, method=method) == pytest.approx(expected, abs=MICROMETRE)
    with pytest.raises(InvalidCoordinatesError, match="latitude 95"):
        sample_window(grid, [0.0], [95.0])


def test_an_unknown_method_is_refused_before_a_file_is_read(hgt_quadrants):
    with pytest.raises(ModelError, match="no sampling method 'spline'"):
        hgt_quadrants.sample([0.5], [0.5], method="spline")


# ---------------------------------------------------------------------------------------------------------------------
# Filled voids
# ---------------------------------------------------------------------------------------------------------------------


def holed(side=60, holes=((slice(20, 24), slice(30, 33)),)):
    """A plane of whole metres with holes, and where they are."""
    rows, cols = np.mgrid[0:side, 0:side]
    heights = (2000 + 3 * rows + 5 * cols).astype(np.float32)
    is_hole = np.zeros(heights.shape, dtype=bool)
    for hole in holes:
        is_hole[hole] = True
    return heights, is_hole


def centres(shape, *, west=10.0, north=47.0, step=0.01):
    rows, cols = np.indices(shape)
    return west + (cols.ravel() + 0.5) * step, north - (rows.ravel() + 0.5) * step


def test_voids_are_filled_only_on_request_and_counted(tmp_path):
    heights, is_hole = holed()
    dem = open_dem(
        write_tif(tmp_path / "a.tif", np.where(is_hole, np.nan, heights), west=10.0, north=47.0, step=0.01)
    )
    lon, lat = centres(heights.shape)
    plain = dem.sample(lon, lat)
    assert np.array_equal(np.isnan(plain.height_m), is_hole.ravel())
    assert not plain.is_filled.any()
    filled = dem.sample(lon, lat, fill_voids=True)
    assert filled.is_filled.sum() == 12
    assert np.array_equal(filled.is_filled, is_hole.ravel())
    assert np.array_equal(filled.height_m[~filled.is_filled], plain.height_m[~filled.is_filled])
    assert (filled.product_index == 0).all()
    # a mean of cells around: within their range, and near the plane
    around = heights[19:25, 29:34]
    assert around.min() <= filled.height_m[filled.is_filled].min()
    assert filled.height_m[filled.is_filled].max() <= around.max()
    assert filled.height_m[filled.is_filled] == pytest.approx(heights[is_hole], abs=5.0)


@pytest.mark.parametrize(("method", "touched"), [("nearest", 1), ("bilinear", 4), ("cubic", 16)])
def test_a_height_rests_on_a_filled_void_when_a_cell_that_counts_was_one(tmp_path, method, touched):
    """Of positions in the middle of every four cells, as many rest on a hole of one cell as cells count."""
    heights, is_hole = holed(30, ((15, 15),))
    dem = open_dem(
        write_tif(tmp_path / "a.tif", np.where(is_hole, np.nan, heights), west=10.0, north=47.0, step=0.01)
    )
    lon, lat = centres((29, 29), west=10.0051, north=46.9949)
    found = dem.sample(lon, lat, method=method, fill_voids=True)
    assert found.is_filled.sum() == touched
    assert np.isfinite(found.height_m).all()
    assert np.isnan(dem.sample(lon, lat, method=method).height_m).sum() == touched


def test_what_lies_deep_in_a_void_stays_unknown(tmp_path):
    heights, is_hole = holed(80, ((slice(20, 61), slice(20, 61)),))
    dem = open_dem(
        write_tif(tmp_path / "a.tif", np.where(is_hole, np.nan, heights), west=10.0, north=47.0, step=0.01)
    )
    found = dem.sample(*centres(heights.shape), fill_voids=True)
    depth = ndimage.distance_transform_edt(is_hole).ravel()
    assert np.isnan(found.height_m[depth > FILL_REACH]).all()
    assert np.isfinite(found.height_m[(depth <= FILL_REACH - 1)]).all()
    assert not found.is_filled[np.isnan(found.height_m)].any()
    assert found.product_index[depth > FILL_REACH].tolist() == [-1] * int((depth > FILL_REACH).sum())
    assert not found.is_outside.any()


def test_a_void_is_filled_alike_from_far_and_near(tmp_path):
    """The window has cells to spare, so that one position alone sees what surrounds its void."""
    heights, is_hole = holed(60, ((slice(20, 26), slice(30, 37)), (slice(40, 41), slice(5, 9))))
    dem = open_dem(
        write_tif(tmp_path / "a.tif", np.where(is_hole, np.nan, heights), west=10.0, north=47.0, step=0.01)
    )
    lon, lat = (axis[is_hole.ravel()] for axis in centres(heights.shape))
    together = dem.sample(lon, lat, fill_voids=True).height_m
    alone = [dem.sample([x], [y], fill_voids=True).height_m[0] for x, y in zip(lon, lat, strict=True)]
    assert together == pytest.approx(alone, abs=1e-3)


@every_method
def test_filling_never_extrapolates_beyond_the_files(tmp_path, method):
    dem = open_dem(write_glo_tile(tmp_path, 6, 46, lambda lon, lat: 60.0 * (lon + lat)))
    lon = np.array([6.5, 6.0 + 59.4 / 60, 6.0 + 59.8 / 60, 7.5])
    found = dem.sample(lon, np.full(4, 46.5), method=method, fill_voids=True)
    # nearest knows the last cells as far as their outer edge
    is_known = [True, method is Method.NEAREST, False, False]
    assert np.isfinite(found.height_m).tolist() == is_known
    assert found.is_outside.tolist() == [False, False, True, True]
    assert not found.is_filled.any()


def test_a_coarser_product_comes_before_a_filled_void(tmp_path):
    heights, is_hole = holed(50)
    write_tif(
        tmp_path / "fine.tif",
        np.where(is_hole, np.nan, heights),
        west=6.4,
        north=46.6,
        step=0.002,
        product="srtmgl3",
    )
    write_tif(tmp_path / "coarse.tif", np.full((60, 60), 900.0, np.float32), west=6.0, north=47.0, step=0.0166,
              product="glo30")  # fmt: skip
    lon, lat = (axis[is_hole.ravel()] for axis in centres(heights.shape, west=6.4, north=46.6, step=0.002))
    found = open_dem(tmp_path).sample(lon, lat, fill_voids=True)
    assert found.height_m == pytest.approx(np.full(lon.shape, 900.0))
    assert not found.is_filled.any()
    (tmp_path / "coarse.tif").unlink()
    assert open_dem(tmp_path).sample(lon, lat, fill_voids=True).is_filled.all()


def test_a_void_across_a_seam_is_filled_from_both_tiles(tmp_path):
    heights, is_hole = holed(40, ((slice(17, 23), slice(17, 23)),))
    holes = np.where(is_hole, np.nan, heights)
    for i in (0, 1):
        part = holes[20 * i : 20 * i + 20]
        write_tif(tmp_path / f"{i}.tif", part, west=10.0, north=47.0 - 0.2 * i, step=0.01)
    (tmp_path / "whole").mkdir()
    whole = open_dem(write_tif(tmp_path / "whole" / "a.tif", holes, west=10.0, north=47.0, step=0.01))
    lon, lat = centres(heights.shape)
    found = open_dem(tmp_path).sample(lon, lat, fill_voids=True)
    expected = whole.sample(lon, lat, fill_voids=True)
    assert found.is_filled.sum() == expected.is_filled.sum() == 36
    assert found.height_m == pytest.approx(expected.height_m, abs=1e-3)


# ---------------------------------------------------------------------------------------------------------------------
# Real tiles
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["N42E001.hgt.zip", "N46E008.tif", "N27E086_everest.tif"])
@pytest.mark.parametrize(
    ("method", "resampling"),
    [("nearest", Resampling.nearest), ("bilinear", Resampling.bilinear), ("cubic", Resampling.cubic)],
)
def test_real_tiles_have_the_heights_that_gdal_warps(test_data, name, method, resampling):
    """GDAL's warper onto a grid three times as fine and shifted; where it has voids to leave out, ours are void."""
    with rasterio.open(test_data / "dem" / name) as file:
        step, origin = file.transform.a / 3.0, file.transform @ (300.123, 400.456)
        fine = Affine(step, 0.0, origin[0], 0.0, -step, origin[1])
        with WarpedVRT(
            file, crs=file.crs, transform=fine, width=900, height=900, resampling=resampling,
            dtype="float64",
        ) as warped:  # fmt: skip
            expected = warped.read(1, masked=True).filled(np.nan).ravel()
    lon, lat = centres((900, 900), west=origin[0], north=origin[1], step=step)
    found = open_dem(test_data / "dem" / name).sample(lon, lat, method=method).height_m
    known = np.isfinite(found)
    assert known.sum() > 500_000
    assert np.isfinite(expected[known]).all()
    assert np.abs(found[known] - expected[known]).max() < 1e-3


@every_method
@pytest.mark.parametrize("name", ["N46E008.tif", "N27E086_everest.tif", "N42E001.hgt.zip"])
def test_real_voids_are_counted_exactly(test_data, name, method):
    """At all cell centres, against rasterio's own mask: not one void more or less."""
    with rasterio.open(test_data / "dem" / name) as file:
        band, transform = file.read(1), file.transform
        is_void = ~file.read_masks(1).astype(bool)
    lon, lat = centres(band.shape, west=transform.c, north=transform.f, step=transform.a)
    found = open_dem(test_data / "dem" / name).sample(lon, lat, method=method)
    assert is_void.any()
    assert np.array_equal(np.isnan(found.height_m), is_void.ravel())
    assert np.abs(found.height_m[~is_void.ravel()] - band[~is_void]).max() < MICROMETRE
    assert not found.is_outside.any()


@pytest.mark.parametrize("name", ["N46E008.tif", "N27E086_everest.tif"])
def test_real_voids_are_filled_as_deep_as_the_reach_and_counted(test_data, name):
    with rasterio.open(test_data / "dem" / name) as file:
        band, transform, is_void = file.read(1), file.transform, ~file.read_masks(1).astype(bool)
    lon, lat = centres(band.shape, west=transform.c, north=transform.f, step=transform.a)
    found = open_dem(test_data / "dem" / name).sample(lon, lat, fill_voids=True)
    depth = ndimage.distance_transform_edt(is_void)
    assert not found.is_filled[~is_void.ravel()].any()
    # GDAL searches in directions, so it may miss a known cell at an odd angle
    assert found.is_filled.sum() == pytest.approx((is_void & (depth <= FILL_REACH)).sum(), rel=0.02)
    assert np.isnan(found.height_m[(depth > FILL_REACH).ravel()]).all()
    assert found.is_filled.sum() + np.isnan(found.height_m).sum() == is_void.sum()
    assert np.nanmin(found.height_m) >= band[~is_void].min()
    assert np.nanmax(found.height_m) <= band[~is_void].max()


def test_passes_of_andorra_have_the_heights_of_openstreetmap(test_data):
    """The 16 passes with a height in OpenStreetMap: mean error within 2 m, standard deviation within 13 m."""
    with (test_data / "places" / "andorra_osm_peaks_passes.csv").open(encoding="utf-8", newline="") as file:
        passes = [row for row in csv.DictReader(file) if row["kind"] == "pass" and row["stated_m"]]
    assert len(passes) == 16
    lon, lat, stated = (np.array([float(row[key]) for row in passes]) for key in ("lon", "lat", "stated_m"))
    error = open_dem(test_data / "dem" / "N42E001.hgt.zip").sample(lon, lat).height_m - stated
    assert abs(error.mean()) <= 2.0
    assert error.std(ddof=1) <= 13.0


@smooth_method
def test_the_real_seam_at_42_north_is_invisible(test_data, tmp_path, method):
    """Two SRTM tiles pasted by hand and sampled by SciPy or through one file: the same heights across the seam."""
    tiles = []
    for name in ("N42E001.hgt.zip", "N41E001.hgt.zip"):
        (tmp_path / name).symlink_to(test_data / "dem" / name)
        with rasterio.open(test_data / "dem" / name) as file:
            tiles.append(file.read(1, masked=True).astype(np.float32).filled(np.nan))
            corner = file.transform.c
    assert np.array_equal(tiles[0][-1], tiles[1][0], equal_nan=True)
    pasted = np.vstack([tiles[0], tiles[1][1:]])
    (tmp_path / "whole").mkdir()
    whole = open_dem(
        write_tif(tmp_path / "whole" / "a.tif", pasted, west=corner, north=43.0 + 1 / 2400, step=1 / 1200)
    )
    generator = np.random.default_rng(3)
    lon, lat = generator.uniform(1.1, 1.9, 20_000), 42.0 + generator.uniform(-0.003, 0.003, 20_000)
    found = open_dem(tmp_path).sample(lon, lat, method=method).height_m
    assert np.isfinite(found).mean() > 0.95
    expected = whole.sample(lon, lat, method=method).height_m
    assert np.allclose(found, expected, rtol=0.0, atol=1e-4, equal_nan=True)
    if method is Method.BILINEAR:
        expected = ndimage.map_coordinates(
            pasted.astype(float), [(43.0 - lat) * 1200.0, (lon - 1.0) * 1200.0], order=1
        )
        known = np.isfinite(found)
        assert np.abs(found[known] - expected[known]).max() < 1e-4
