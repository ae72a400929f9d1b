"""Folders of DEM files: seams, hemispheres, order of preference, real tiles."""

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from routes.dem import folder as folder_module
from routes.dem.folder import open_dem
from routes.dem.sampling import sample_window
from routes.errors import DEMError, InvalidCoordinatesError
from tests.dem.files import write_glo_tile, write_hgt, write_tif
from tests.strategies import examples


def around_zero(lon, lat):
    """A plane that is a whole number of metres at every 3 arc-second centre."""
    return 4000.0 + 1200.0 * lon - 2400.0 * lat


@pytest.fixture(scope="module")
def four_quadrants(tmp_path_factory):
    """The four HGT tiles around longitude 0, latitude 0, packed in the three ways."""
    folder = tmp_path_factory.mktemp("quadrants")
    write_hgt(folder, 0, 0, around_zero)
    write_hgt(folder, -1, 0, around_zero, ".zip")
    write_hgt(folder, 0, -1, around_zero, ".gz")
    write_hgt(folder, -1, -1, around_zero)
    return open_dem(folder)


@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
@settings(max_examples=examples(40))
def test_plane_over_four_hgt_tiles_is_seamless(four_quadrants, lon, lat):
    found = four_quadrants.sample([lon], [lat])
    assert found.height_m[0] == pytest.approx(around_zero(lon, lat), abs=1e-3)
    assert not found.is_outside[0]


def test_seams_of_four_hgt_tiles_are_invisible(four_quadrants):
    """Lines a tenth of a cell apart across both seams and through the corner that all four share."""
    across = np.linspace(-0.002, 0.002, 81)
    for lon, lat in (
        (across, np.full(81, 0.4)),
        (np.full(81, -0.3), across),
        (across, across),
        (across, 0 * across),
    ):
        assert four_quadrants.sample(lon, lat).height_m == pytest.approx(around_zero(lon, lat), abs=1e-3)
    assert len(four_quadrants.mosaics) == 1
    assert four_quadrants.spacing_deg == pytest.approx(1.0 / 1200.0)


def test_a_window_over_four_hgt_tiles_is_one_plane(four_quadrants):
    grid = four_quadrants.window((-0.02, -0.03, 0.04, 0.01))
    rows, cols = np.indices(grid.height_m.shape)
    lon = grid.west_deg + cols * grid.step_lon_deg
    lat = grid.north_deg - rows * grid.step_lat_deg
    assert grid.height_m == pytest.approx(around_zero(lon, lat), abs=1e-3)
    # a cell to spare on every side
    assert lon.min() <= -0.02 - 1 / 1200 + 1e-9
    assert lon.max() >= 0.04 + 1 / 1200 - 1e-9
    assert lat.min() <= -0.03 - 1 / 1200 + 1e-9
    assert lat.max() >= 0.01 + 1 / 1200 - 1e-9


@pytest.mark.parametrize("packing", ["", ".zip", ".gz"])
@pytest.mark.parametrize(
    ("west", "south"), [(1, 42), (-73, -14), (20, -34), (-119, 37), (179, -17), (-180, 51)]
)
def test_names_of_hgt_tiles_hold_their_south_west_corner(tmp_path, packing, west, south):
    """S14W073 holds latitude -13.2, longitude -72.1. Heights rise by a metre a cell eastward."""
    path = write_hgt(tmp_path, west, south, lambda lon, _: 1200.0 * (lon - west), packing)
    found = open_dem(path).sample([west + 0.1, west + 0.9], [south + 0.8, south + 0.8])
    assert found.height_m == pytest.approx([120.0, 1080.0], abs=1e-3)
    assert open_dem(path).sample([west + 0.5], [south + 1.1]).is_outside[0]


def test_both_sides_of_the_antimeridian_have_heights(tmp_path):
    """Taveuni, Fiji, lies on it: one tile ends at 180 and the next begins at -180."""
    write_hgt(tmp_path, 179, -17, lambda lon, _: 1200.0 * (lon - 179.0))
    write_hgt(tmp_path, -180, -17, lambda lon, _: 1200.0 + 1200.0 * (lon + 180.0))
    found = open_dem(tmp_path).sample([179.5, 179.99, 180.0, -180.0, -179.99], [-16.5] * 5)
    assert found.height_m == pytest.approx([600.0, 1188.0, 1200.0, 1200.0, 1212.0], abs=1e-3)


def gentle(lon, lat):
    return 1500.0 + 300.0 * (lon - 6.0) + 500.0 * (lat - 46.0)


def test_seams_of_abutting_tiles_are_invisible(tmp_path):
    """GLO-30's layout: the last row and column belong to the neighbour, so the strip between needs both tiles."""
    for west, south in ((6, 46), (7, 46), (6, 45), (7, 45)):
        write_glo_tile(tmp_path, west, south, gentle)
    dem = open_dem(tmp_path)
    across = np.linspace(-0.05, 0.05, 101)
    level = np.full(101, 0.4)
    for lon, lat in (
        (7.0 + across, 46.0 + level),
        (6.0 + level, 46.0 + across),
        (7.0 + across, 46.0 + across),
    ):
        assert dem.sample(lon, lat).height_m == pytest.approx(gentle(lon, lat), abs=1e-2)


def test_seam_between_tiles_of_unlike_width_has_no_strip_of_voids(tmp_path):
    """GLO-30's tiles are narrower (in cells) north of 50 degrees; the strip below the parallel needs both."""
    write_glo_tile(tmp_path, 6, 49, gentle)
    write_glo_tile(tmp_path, 6, 50, gentle, cells_lon=40)
    lat = np.linspace(49.9, 50.1, 101)
    found = open_dem(tmp_path).sample(np.full(101, 6.5), lat)
    assert found.height_m == pytest.approx(gentle(6.5, lat), abs=1e-2)


def test_the_outer_edge_of_a_lone_tile_is_known_up_to_its_last_centres(tmp_path):
    path = write_glo_tile(tmp_path, 6, 46, gentle)
    found = open_dem(path).sample([6.0, 6.0 + 59 / 60, 6.0 + 59.4 / 60, 6.0 + 59.8 / 60], [46.5] * 4)
    assert np.isfinite(found.height_m).tolist() == [True, True, False, False]
    assert found.is_outside.tolist() == [False, False, False, True]


def test_finer_files_are_asked_first_and_coarser_ones_fill_their_voids(tmp_path):
    fine = np.full((50, 50), 2000.0, np.float32)
    fine[20:30, 20:30] = np.nan
    write_tif(tmp_path / "z_fine.tif", fine, west=6.4, north=46.6, step=0.002, product="srtmgl3")
    write_glo_tile(tmp_path, 6, 46, gentle)
    dem = open_dem(tmp_path)
    assert [product.id for product in dem.products] == ["srtmgl3", "glo30"]
    assert dem.spacing_deg == pytest.approx(0.002)
    found = dem.sample([6.41, 6.45, 6.2], [46.59, 46.55, 46.2])
    assert found.height_m == pytest.approx([2000.0, gentle(6.45, 46.55), gentle(6.2, 46.2)], abs=1e-2)
    assert found.product_index.tolist() == [0, 1, 1]
    assert dem.window((6.41, 46.58, 6.42, 46.59)).product.id == "srtmgl3"
    assert dem.window((6.1, 46.1, 6.2, 46.2)).product.id == "glo30"


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
@settings(max_examples=examples(30))
def test_sampling_equals_map_coordinates(tmp_path_factory, u, v):
    folder = tmp_path_factory.getbasetemp() / "noise"
    noise = np.random.default_rng(7).uniform(0.0, 3000.0, (40, 50)).astype(np.float32)
    if not folder.exists():
        folder.mkdir()
        write_tif(folder / "noise.tif", noise, west=-72.5, north=-13.0, step=0.01)
    row, col = v * 39, u * 49
    expected = ndimage.map_coordinates(noise.astype(float), [[row], [col]], order=1)
    found = open_dem(folder).sample([-72.5 + (col + 0.5) * 0.01], [-13.0 - (row + 0.5) * 0.01])
    assert found.height_m == pytest.approx(expected, abs=1e-3)


def test_no_window_where_there_is_no_file(four_quadrants):
    assert four_quadrants.window((10.0, 10.0, 10.1, 10.1)) is None


def test_a_window_too_large_for_memory_is_refused(four_quadrants, monkeypatch):
    monkeypatch.setattr(folder_module, "MAX_WINDOW_CELLS", 1000)
    with pytest.raises(DEMError, match="is too large to read at once"):
        four_quadrants.window((-0.5, -0.5, 0.5, 0.5))


def test_positions_not_on_earth_are_refused(four_quadrants):
    with pytest.raises(InvalidCoordinatesError, match="latitude 95"):
        four_quadrants.sample([0.5], [95.0])


def test_an_empty_folder_and_a_missing_path_are_named(tmp_path):
    (tmp_path / "notes.txt").write_text("no DEM")
    with pytest.raises(DEMError, match=r"holds no DEM file \(.tif, .tiff, .hgt"):
        open_dem(tmp_path)
    with pytest.raises(DEMError, match=r"There is no DEM file .*nowhere"):
        open_dem(tmp_path / "nowhere")


def test_other_files_of_a_folder_are_passed_over(tmp_path):
    write_glo_tile(tmp_path, 6, 46, gentle)
    (tmp_path / "README.md").write_text("about these tiles")
    assert len(open_dem(tmp_path).mosaics) == 1


def test_a_bad_file_among_good_ones_is_named(tmp_path):
    write_glo_tile(tmp_path, 6, 46, gentle)
    (tmp_path / "bad.tif").write_text("<html>404</html>")
    with pytest.raises(DEMError, match=r"Cannot open .*bad\.tif as a DEM"):
        open_dem(tmp_path)


# ---------------------------------------------------------------------------------------------------------------------
# Real tiles
# ---------------------------------------------------------------------------------------------------------------------


def test_real_seam_at_42_north_is_continuous(test_data, tmp_path):
    """Two SRTM tiles share the row at 42 N: a step there is no greater than one between neighbouring rows elsewhere."""
    for name in ("N41E001.hgt.zip", "N42E001.hgt.zip"):
        (tmp_path / name).symlink_to(test_data / "dem" / name)
    dem = open_dem(tmp_path)
    assert len(dem.mosaics) == 1
    lon = np.linspace(1.2, 1.8, 1501)
    below, on, above = (
        dem.sample(lon, np.full(lon.shape, 42.0 + shift)).height_m for shift in (-2e-5, 0.0, 2e-5)
    )
    assert np.isfinite(on).mean() > 0.98
    steps = np.abs(np.concatenate([above - on, on - below]))
    # 2.2 m on the ground: even a slope of 70 degrees rises less than 7 m
    assert np.nanmax(steps) < 7.0
    with rasterio.open(test_data / "dem" / "N42E001.hgt.zip") as file:
        row = file.read(1, masked=True)[-1].filled(-32768)
    centres = 1.0 + np.arange(1201) / 1200.0
    found = dem.sample(centres, np.full(1201, 42.0)).height_m
    known = (row != -32768) & np.isfinite(found)
    assert known.sum() > 1100
    assert found[known] == pytest.approx(row[known].astype(float))


@pytest.mark.parametrize(
    ("name", "share"),
    # shares of voids as README.md beside the data gives them: 7 % and 9 %
    [("N46E008.tif", 0.07), ("N27E086_everest.tif", 0.09)],
)
def test_real_voids_are_nan(test_data, name, share):
    path = test_data / "dem" / name
    dem = open_dem(path)
    with rasterio.open(path) as file:
        raw = file.read(1)
        lon, lat = file.transform @ (np.arange(file.width) + 0.5, np.full(file.width, 600.5))
        bounds = file.bounds
    grid = dem.window(tuple(bounds)).height_m[1:-1, 1:-1]
    assert np.isnan(grid).mean() == pytest.approx(share, abs=0.015)
    assert np.nanmin(grid) > 0.0
    row = raw[600]
    found = dem.sample(lon, lat).height_m
    assert np.isnan(found[row == -32768]).all()
    known = (row != -32768) & np.isfinite(found)
    assert known.any()
    assert found[known] == pytest.approx(row[known].astype(float))


def test_one_second_tile_of_vancouver_island_is_read(test_data):
    dem = open_dem(test_data / "dem" / "N48W125.hgt.zip")
    assert dem.mosaics[0][0].shape == (3601, 3601)
    assert dem.spacing_deg == pytest.approx(1.0 / 3600.0)
    with rasterio.open(test_data / "dem" / "N48W125.hgt.zip") as file:
        heights = file.read(1)
    rows, cols = np.nonzero(heights != -32768)
    rows, cols = rows[::1000], cols[::1000]
    found = dem.sample(-125.0 + cols / 3600.0, 49.0 - rows / 3600.0).height_m
    known = np.isfinite(found)
    assert known.mean() > 0.9  # float noise beside a void may make a position void
    assert found[known] == pytest.approx(heights[rows, cols][known].astype(float), abs=1e-6)


def test_window_comes_from_the_finest_dem_that_covers_all_of_it(tmp_path):
    """A fine DEM over a corner must not hide a coarse one over the whole."""
    fine, coarse = np.full((60, 60), 1000.0, np.float32), np.full((100, 100), 900.0, np.float32)
    write_tif(tmp_path / "fine.tif", fine, west=1.0, north=42.5, step=0.001, product="glo30")
    write_tif(tmp_path / "coarse.tif", coarse, west=0.5, north=43.0, step=0.01, product="srtmgl3")
    dem = open_dem(tmp_path)
    assert dem.window((0.99, 42.3, 1.2, 42.49)).product.id == "srtmgl3"
    assert dem.window((1.01, 42.45, 1.05, 42.49)).product.id == "glo30"
    assert dem.window((1.01, 42.45, 1.05, 42.49), dem.products[1]).product.id == "srtmgl3"
    assert dem.window((10.0, 42.45, 11.0, 42.49)) is None


# ---------------------------------------------------------------------------------------------------------------------
# Odd files, longitudes from 0 to 360
# ---------------------------------------------------------------------------------------------------------------------


def test_hidden_files_and_folders_with_the_name_of_a_dem_are_passed_over(tmp_path):
    """macOS leaves `._NAME` beside NAME on foreign disks."""
    path = write_glo_tile(tmp_path, 6, 46, gentle)
    (tmp_path / f"._{path.name}").write_bytes(b"\0\5\x16\7")
    (tmp_path / ".half.tif").write_bytes(b"II*\0")
    (tmp_path / "folder.tif").mkdir()
    assert len(open_dem(tmp_path).mosaics) == 1


def test_a_bad_file_among_good_ones_is_to_be_removed(tmp_path):
    write_glo_tile(tmp_path, 6, 46, gentle)
    (tmp_path / "bad.tif").write_bytes(b"II*\0")
    with pytest.raises(DEMError, match=r"bad\.tif as a DEM: .* Mend it, or remove it from the folder"):
        open_dem(tmp_path)


def test_a_folder_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    def denied(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", denied)
    with pytest.raises(DEMError, match=r"Cannot read the folder .*: Permission denied"):
        open_dem(tmp_path)


@pytest.mark.parametrize("west", [287.5, 361.0, 180.0, 359.5])
def test_longitudes_from_0_to_360_are_found(tmp_path, west):
    rows, cols = np.indices((60, 100))
    write_tif(tmp_path / "dem.tif", 1000.0 + 3.0 * cols + 0.0 * rows, west=west, north=-13.0, step=0.01)
    dem = open_dem(tmp_path)
    lon = (west + 0.505 + 180.0) % 360.0 - 180.0
    assert dem.sample([lon], [-13.3]).height_m == pytest.approx([1150.0])
    grid = dem.window((lon - 0.1, -13.4, lon + 0.1, -13.2))
    row, col = grid.row_col(np.array([lon]), np.array([-13.3]))
    assert grid.height_m[round(row[0]), round(col[0])] == pytest.approx(1150.0)
    assert sample_window(grid, [lon], [-13.3]) == pytest.approx([1150.0])


def test_a_dem_of_nothing_but_voids_has_extent_and_no_heights(tmp_path):
    write_tif(tmp_path / "dem.tif", np.full((50, 50), np.nan), west=1.0, north=42.5, step=0.01)
    dem = open_dem(tmp_path)
    found = dem.sample([1.2], [42.3])
    assert np.isnan(found.height_m).all()
    assert not found.is_outside.any()
    assert np.isnan(dem.sample([1.2], [42.3], fill_voids=True).height_m).all()
    assert np.isnan(dem.window((1.1, 42.2, 1.3, 42.4)).height_m).all()
