"""Fetching the public DEM: what is read, what is kept, and what each fault of a server does.

The server is `tests.dem.mirror`: tiles of true size with the layout of the real buckets, on 127.0.0.1.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from routes import fetch
from routes.analysis.windows import need_of_leg
from routes.dem.disk_cache import Cache
from routes.dem.opening import DEMChoice, open_choice
from routes.dem.public import blocks as transfer
from routes.dem.public.download import fetch_dem
from routes.dem.public.tiles import BUCKETS, blocks_of, tiles_of
from routes.errors import DEMError
from routes.fetch import Network
from routes.io.trek.read import read_trek
from tests.command import killed, run
from tests.dem import mirror as truth
from tests.dem.mirror import Mirror

LARES = (-72.2, -13.2, -71.95, -13.1)
"""A window across the meridian of 72 W, which parts two tiles."""

TILE = "copernicus-dem-30m/*S14*W073*/*.tif"


@pytest.fixture
def served(mirror_root, monkeypatch):
    with Mirror(mirror_root) as mirror:
        monkeypatch.setenv("ROUTES_DEM_URL", mirror.url)
        yield mirror


@pytest.fixture
def network():
    network = Network()
    yield network
    network.close()


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "dem")


def heights_of(cache, need=(LARES,), products=("glo30", "glo90")):
    """The DEM as it lies in the cache, with no network."""
    source, report = open_choice(DEMChoice(products), need, cache, Network(is_allowed=False))
    return source, report


# ---------------------------------------------------------------------------------------------------------------------
# What a tile is: names and grids
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("product", ["glo30", "glo90"])
@pytest.mark.parametrize(
    "lat", [-90, -86, -81, -71, -61, -51, -50, -14, -1, 0, 49, 50, 60, 70, 79, 80, 84, 85, 89]
)
@pytest.mark.parametrize("lon", [-180, -73, -1, 0, 6, 179])
def test_names_and_grids_are_those_of_the_bucket(product, lat, lon):
    bucket = BUCKETS[product]
    assert bucket.tile_name(lat, lon) == truth.glo_name(product, lat, lon)
    assert bucket.tile_path(lat, lon) == truth.glo_path(product, lat, lon)
    grid = bucket.grid(lat, lon)
    assert (grid.rows, grid.cols) == truth.glo_shape(product, lat)
    transform = truth.glo_transform(product, lat, lon)
    assert grid.west_deg - 0.5 * grid.step_lon_deg == pytest.approx(transform.c, abs=1e-12)
    assert grid.north_deg + 0.5 * grid.step_lat_deg == pytest.approx(transform.f, abs=1e-12)


def test_skadi_names():
    assert BUCKETS["skadi"].tile_path(-14, -73) == truth.skadi_path(-14, -73) == "skadi/S14/S14W073.hgt.gz"


def test_tiles_of_a_window_in_all_quadrants():
    assert list(tiles_of((-0.1, -0.1, 0.1, 0.1))) == [(-1, -1), (-1, 0), (0, -1), (0, 0)]
    assert list(tiles_of((179.9, 10.2, 180.1, 10.3))) == [(10, 179), (10, -180)]
    assert list(tiles_of((5.0, 89.5, 5.1, 90.0))) == [(89, 5)]


def test_blocks_cover_a_window_and_no_more():
    """A point in the middle of a block needs that block; beside its edge the neighbour counts too."""
    glo30 = BUCKETS["glo30"]
    cell = 1.0 / 3600.0

    def blocks(row, col):
        lon, lat = -73.0 + col * cell, -13.0 - row * cell
        return [(b.row, b.col) for b in blocks_of(glo30, -14, -73, (lon, lat, lon, lat))]

    assert blocks(500, 500) == [(0, 0)]
    assert blocks(500, 1023) == [(0, 0), (0, 1)]
    assert blocks(3599, 3599) == [(3, 3)]
    assert blocks(1500, 3500) == [(1, 3)]


# ---------------------------------------------------------------------------------------------------------------------
# A fetch that goes well
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("served")
def test_heights_are_those_of_the_surface_across_the_seam_of_two_tiles(cache, network):
    report = fetch_dem([LARES], cache, network)
    assert report.faults == []
    source, _ = heights_of(cache)
    lon = np.concatenate([np.linspace(LARES[0], LARES[2], 400), -72.0 + np.linspace(-1, 1, 201) / 3600.0])
    lat = np.concatenate([np.linspace(LARES[1], LARES[3], 400), np.full(201, -13.15)])
    found = source.sample(lon, lat)
    # the bilinear error of these hills between cells of 1" is below 4 mm (docstring of `surface`)
    np.testing.assert_allclose(found.height_m, truth.surface(lon, lat), atol=5e-3)
    assert {found.products[index].id for index in found.product_index} == {"glo30"}


def test_planes_are_exact_across_seams_and_where_tiles_change_their_width(
    plane_root, cache, network, monkeypatch
):
    """Bilinear is exact for planes to 1e-6 m, also at 50 N, where cells become 1.5 times wider."""
    with Mirror(plane_root) as mirror:
        monkeypatch.setenv("ROUTES_DEM_URL", mirror.url)
        for window, height in (
            ((-72.01, -13.2, -71.99, -13.1), truth.plane()),
            ((6.3, 49.99, 6.32, 50.01), truth.plane(6.0, 49.0)),
        ):
            assert fetch_dem([window], cache, network, products=("glo30",)).faults == []
            source, _ = heights_of(cache, [window], ("glo30",))
            random = np.random.default_rng(1)
            lon = random.uniform(window[0], window[2], 2000)
            lat = random.uniform(window[1], window[3], 2000)
            # a point beside the seam has neighbours in both tiles
            lat[:500] = (
                round(window[3]) + random.uniform(-1.5, 1.5, 500) / 3600.0 if window[3] > 0 else lat[:500]
            )
            assert np.abs(source.sample(lon, lat).height_m - height(lon, lat)).max() < 1e-6


def test_only_needed_blocks_are_read_and_a_second_fetch_makes_no_request(served, cache, network):
    report = fetch_dem([LARES], cache, network)
    whole = sum(
        (served.root / truth.BUCKETS["glo30"] / truth.glo_path("glo30", *tile)).stat().st_size
        for tile in truth.LARES
    )
    assert report.tile_bytes == whole
    assert served.bytes_sent < 0.25 * whole
    # what is reported is what crossed the wire, but for headers and the list of tiles
    assert report.fetched_bytes <= served.bytes_sent <= report.fetched_bytes + 200_000
    served.reset()
    again = fetch_dem([LARES], cache, network)
    assert served.requests == ()
    assert (again.fetched, again.cached) == ([], len(report.fetched))
    source, offline = heights_of(cache)
    assert offline.faults == []
    assert np.isfinite(source.sample([-72.1], [-13.15]).height_m).all()


@pytest.mark.usefixtures("served")
def test_the_walked_legs_of_the_lares_trek_need_less_than_15_percent_of_their_tiles(
    cache, network, repository
):
    """Days 3 to 5, on blocks of true size (1024 x 1024 float32, deflate, predictor)."""
    trek = read_trek(repository / "data/treks/lares.toml")
    legs = [leg for day, leg in trek.legs() if day.number in (3, 4, 5) and leg.mode.is_on_foot]
    report = fetch_dem([window for leg in legs for window in need_of_leg(trek, leg, None)], cache, network)
    assert report.faults == []
    assert report.fetched_bytes < 0.15 * report.tile_bytes


def test_a_withheld_tile_comes_from_the_next_product(served, cache, network):
    """Armenia: not in GLO-30's list, but in GLO-90's."""
    lat, lon = truth.WITHHELD
    window = (lon + 0.4, lat + 0.4, lon + 0.45, lat + 0.45)
    assert fetch_dem([window], cache, network).faults == []
    source, _ = heights_of(cache, [window])
    found = source.sample([lon + 0.42], [lat + 0.42])
    assert found.products[found.product_index[0]].id == "glo90"
    assert found.height_m[0] == pytest.approx(truth.surface(lon + 0.42, lat + 0.42), abs=0.05)
    served.reset()
    assert fetch_dem([window], cache, network).fetched == []
    assert served.requests == ()


def test_no_strip_is_void_at_the_border_of_a_withheld_tile(mirror_root, tmp_path, monkeypatch, network):
    """GLO-30 without S14W073, whose neighbour it has: between the last column of the one product and the first of the
    other nothing may be missing."""
    root = tmp_path / "bucket"
    shutil.copytree(mirror_root, root, symlinks=True)
    names = root / truth.BUCKETS["glo30"] / "tileList.txt"
    kept = [name for name in names.read_text(encoding="utf-8").split() if "S14_00_W073" not in name]
    names.unlink()
    names.write_text("\n".join(kept) + "\n", encoding="utf-8")
    cache = Cache(tmp_path / "dem")
    with Mirror(root) as mirror:
        monkeypatch.setenv("ROUTES_DEM_URL", mirror.url)
        assert fetch_dem([LARES], cache, network).faults == []
        mirror.reset()
        assert fetch_dem([LARES], cache, network).faults == []
        assert mirror.requests == ()
    source, _ = heights_of(cache)
    lon = -72.0 + np.linspace(-3.0, 3.0, 1201) / 1200.0
    found = source.sample(lon, np.full(lon.size, -13.15))
    np.testing.assert_allclose(found.height_m, truth.surface(lon, -13.15), atol=0.05)
    assert {found.products[index].id for index in found.product_index} == {"glo30", "glo90"}


@pytest.mark.usefixtures("served")
def test_sea_is_only_where_no_list_names_a_tile(cache, network):
    window = (-100.5, -30.5, -100.4, -30.4)
    report = fetch_dem([window], cache, network)
    assert report.sea == ["Copernicus_DSM_COG_10_S31_00_W101_00_DEM"]
    source, _ = heights_of(cache, [window])
    assert source.sample([-100.45], [-30.45]).height_m.tolist() == [0.0]


@pytest.mark.usefixtures("served")
def test_a_withheld_tile_is_never_sea(cache, network):
    """GLO-30 alone cannot tell Armenia from the sea."""
    lat, lon = truth.WITHHELD
    report = fetch_dem([(lon + 0.4, lat + 0.4, lon + 0.45, lat + 0.45)], cache, network, products=("glo30",))
    assert report.sea == []
    assert "has no tile at latitude 40, longitude 44" in report.faults[0]
    assert list(cache.entries()) == []


@pytest.mark.usefixtures("served")
def test_a_list_of_tiles_that_lost_lines_makes_no_sea(cache, network):
    """A cut list in the cache is not believed: land would turn into water for good."""
    far = [(6.1, 49.9, 6.11, 49.91)]
    fetch_dem(far, cache, network)
    for product in ("glo30", "glo90"):
        kept = cache.folder / product / "tileList.txt"
        if kept.exists():
            kept.write_text("Copernicus_DSM_COG_10_N49_00_E006_00_DEM\n", encoding="utf-8")
    report = fetch_dem([LARES], cache, network)
    assert (report.sea, report.faults) == ([], [])


def test_a_tile_that_is_named_and_cannot_be_had_is_no_sea(served, cache, network):
    """Not even where the next product, which lists all land, does not name it."""
    lat, lon = truth.WITHHELD
    served.fault("copernicus-dem-90m/*.tif", 403)
    report = fetch_dem(
        [(lon + 0.4, lat + 0.4, lon + 0.45, lat + 0.45)], cache, network, products=("glo90", "glo30")
    )
    assert report.sea == []
    assert any("HTTP 403" in fault for fault in report.faults)


def test_blocks_on_both_sides_of_the_antimeridian():
    glo30 = BUCKETS["glo30"]
    for window in (
        (179.9999, 10.5, 180.0, 10.5),
        (-180.0, 10.5, -179.9999, 10.5),
        (179.9, 10.5, 180.1, 10.5),
    ):
        assert [block.col for block in blocks_of(glo30, 10, 179, window)] == [3], window
        assert [block.col for block in blocks_of(glo30, 10, -180, window)] == [0], window


@pytest.mark.usefixtures("served")
def test_a_better_product_is_looked_for_though_a_coarser_one_is_there(cache, network):
    fetch_dem([LARES], cache, network, products=("glo90",))
    report = fetch_dem([LARES], cache, network)
    assert {name.partition("/")[0] for name in report.fetched} == {"glo30"}
    # with no network the coarser one serves
    other = (-72.65, -13.65, -72.64, -13.64)
    fetch_dem([other], cache, network, products=("glo90",))
    assert fetch_dem([other], cache, Network(is_allowed=False)).faults == []


def test_a_password_in_the_url_of_a_mirror_is_kept_nowhere(served, cache, network, monkeypatch):
    monkeypatch.setenv("ROUTES_DEM_URL", served.url.replace("http://", "http://bob:secret@"))
    served.fault("copernicus-dem-30m/*W073*", 403)
    report = fetch_dem([LARES], cache, network, products=("glo30",))
    assert report.faults
    assert report.fetched
    assert "secret" not in " ".join(report.faults)
    assert all(b"secret" not in path.read_bytes() for path in cache.folder.rglob("*") if path.is_file())


def test_too_many_tiles_are_a_mistake(cache, network):
    with pytest.raises(DEMError, match="tiles of one degree are needed, more than 400"):
        fetch_dem([(-180.0, -10.0, 180.0, 10.0)], cache, network)


@pytest.mark.usefixtures("served")
def test_clean_leaves_what_is_not_ours_and_what_is_at_work(cache, network):
    fetch_dem([LARES], cache, network)
    mine = cache.folder / "glo30" / "Copernicus_DSM_COG_10_S14_00_W073_00_DEM.tif"
    at_work = cache.folder / "glo30" / ".S14W073-r0-c0.abc.tif"
    old = cache.folder / "glo30" / ".S14W073-r0-c1.abc.tif"
    for path in (mine, at_work, old):
        path.write_bytes(b"x")
    os.utime(old, (1.0, 1.0))
    blocks = [entry.path for entry in cache.entries() if not entry.fault]
    assert old in cache.clean()
    assert mine.exists()
    assert at_work.exists()
    assert not old.exists()
    assert all(path.exists() for path in blocks)


@pytest.mark.usefixtures("served")
def test_skadi_is_unpacked_and_says_what_it_is(cache, network):
    window = (-72.6, -13.6, -72.5, -13.5)
    assert fetch_dem([window], cache, network, products=("skadi",)).faults == []
    source, _ = heights_of(cache, [window], ("skadi",))
    found = source.sample([-72.55], [-13.55])
    assert found.products[0].id == "skadi"
    assert found.height_m[0] == pytest.approx(truth.surface(-72.55, -13.55), abs=0.6)  # whole metres


def test_a_sidecar_says_where_a_block_comes_from(served, cache, network):
    fetch_dem([LARES], cache, network)
    for entry in cache.entries():
        assert entry.fault == ""
        assert entry.provenance["product"] == "glo30"
        assert str(entry.provenance["url"]).startswith(served.url)
        assert entry.provenance["bounds"][0] < entry.provenance["bounds"][2]


# ---------------------------------------------------------------------------------------------------------------------
# Faults of the server: a clear message, nothing half-kept, never a height of 0
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("html", "answers with a web page, not with data"),
        (403, r"was refused \(HTTP 403 Forbidden\)"),
        (404, r"does not exist \(HTTP 404\)"),
        (500, r"was refused \(HTTP 500"),
        ("norange", "is not served in ranges"),
        ("wrong", "does not hold the tile of its name"),
    ],
)
def test_a_tile_that_cannot_be_had_is_reported_and_left_out(
    served, cache, network, monkeypatch, kind, message
):
    served.fault(
        "copernicus-dem-30m/*S14*W073*", kind, other=f"copernicus-dem-30m/{truth.glo_path('glo30', -14, -72)}"
    )
    report = fetch_dem([LARES], cache, network, products=("glo30",))
    assert len(report.faults) == 1
    assert re.search(message, report.faults[0]), report.faults
    source, _ = heights_of(cache, products=("glo30",))
    assert np.isnan(source.sample([-72.1], [-13.15]).height_m).all()
    assert np.isfinite(source.sample([-71.97], [-13.15]).height_m).all()
    # the fault passes, and the next run completes the cache
    served.heal()
    served.renew()
    monkeypatch.setenv("ROUTES_DEM_URL", served.url)
    assert fetch_dem([LARES], cache, Network(), products=("glo30",)).faults == []
    source, _ = heights_of(cache, products=("glo30",))
    assert source.sample([-72.1], [-13.15]).height_m[0] == pytest.approx(
        truth.surface(-72.1, -13.15), abs=5e-3
    )


def test_a_tile_that_cannot_be_had_falls_to_the_next_product_and_says_so(served, cache, network):
    served.fault("copernicus-dem-30m/*S14*W073*", 403)
    report = fetch_dem([LARES], cache, network)
    assert report.faults == []
    assert "HTTP 403" in report.fallbacks[0]
    source, _ = heights_of(cache)
    found = source.sample([-72.1], [-13.15])
    assert found.products[found.product_index[0]].id == "glo90"


def test_a_passing_failure_of_the_server_is_tried_again(served, cache, network):
    fetch_dem([(-71.97, -13.16, -71.96, -13.15)], cache, network)  # the list of tiles is there now
    served.fault(TILE, 503, times=1)
    assert fetch_dem([(-72.2, -13.16, -72.1, -13.15)], cache, network).faults == []


def test_a_connection_cut_in_the_middle_is_no_block(served, cache, network):
    served.fault("copernicus-dem-30m/*S14*W073*", "cut")
    report = fetch_dem([LARES], cache, network, products=("glo30",))
    assert len(report.faults) == 1
    assert not list((cache.folder / "glo30").glob("S14W073*.tif"))
    assert not list((cache.folder / "glo30").glob(".*tif"))


def test_two_waits_for_a_server_are_ten_seconds_at_most():
    assert fetch.CONNECT_TIMEOUT_S + fetch.READ_TIMEOUT_S < 10.0
    assert float(fetch.GDAL_OPTIONS["GDAL_HTTP_LOW_SPEED_TIME"]) + fetch.READ_TIMEOUT_S < 10.0


@pytest.mark.parametrize("kind", ["hang", "slow"])
def test_a_server_that_hangs_is_waited_for_once_in_all(served, cache, network, kind, monkeypatch):
    monkeypatch.setattr(fetch, "READ_TIMEOUT_S", 0.5)
    served.fault("*", kind)
    need = [LARES, (-0.5, -0.5, 0.5, 0.5), (6.1, 49.9, 6.2, 50.1), (44.1, 40.1, 44.2, 40.2)]
    report = fetch_dem(need, cache, network)
    assert len(served.requests) == 1
    assert report.faults
    assert network.down


def test_a_body_that_hangs_is_waited_for_once_in_all(served, cache, network, monkeypatch):
    """The list and the first bytes come, then the tiles drip."""
    fetch_dem([(6.1, 49.9, 6.11, 49.91)], cache, network)
    monkeypatch.setitem(fetch.GDAL_OPTIONS, "GDAL_HTTP_LOW_SPEED_TIME", "1")
    monkeypatch.setattr(transfer, "PATIENCE_S", 0.5)
    served.fault("copernicus-dem-*/*.tif", "slow")
    served.reset()
    report = fetch_dem([LARES, (-0.5, -0.5, 0.5, 0.5)], cache, network)
    assert len({request.path for request in served.requests}) == 1
    assert report.faults
    assert network.down


def test_a_network_that_refuses_is_asked_once_and_said_once(cache, monkeypatch):
    monkeypatch.setenv("ROUTES_DEM_URL", "http://127.0.0.1:9")
    network = Network()
    sent = []
    send = Network._send
    monkeypatch.setattr(Network, "_send", lambda *arguments: sent.append(arguments) or send(*arguments))
    report = fetch_dem([LARES, (-0.5, -0.5, 0.5, 0.5)], cache, network)
    assert len(sent) == 1
    assert "cannot be reached" in report.faults[0]
    network.close()


def test_offline_sends_nothing(served, cache):
    report = fetch_dem([LARES], cache, Network(is_allowed=False))
    assert served.requests == ()
    assert "not to be used (--offline)" in report.faults[0]


def test_a_mirror_that_is_no_url_is_an_error(cache, network, monkeypatch):
    monkeypatch.setenv("ROUTES_DEM_URL", "ftp://example.org")
    report = fetch_dem([LARES], cache, network)
    assert "ROUTES_DEM_URL is 'ftp://example.org'" in report.faults[0]


def test_a_tile_list_that_is_no_list_makes_no_sea(served, cache, network):
    served.fault("*/tileList.txt", "html")
    report = fetch_dem([LARES], cache, network)
    assert report.sea == []
    assert "web page" in report.fallbacks[0]
    # a tile that is there speaks for itself; one that is not may be sea or lost, and nobody can tell
    source, _ = heights_of(cache)
    assert np.isfinite(source.sample([-72.1], [-13.15]).height_m).all()
    report = fetch_dem([(-100.5, -30.5, -100.4, -30.4)], cache, network)
    assert report.sea == []
    assert any("does not exist" in fault for fault in report.faults)


def test_an_unknown_product_is_an_error(cache, network):
    with pytest.raises(DEMError, match="no public bucket of 'glo10'; there are: glo30, glo90, skadi"):
        fetch_dem([LARES], cache, network, products=("glo10",))


@pytest.mark.parametrize("damage", ["truncate", "garble", "no sidecar", "bad sidecar"])
def test_a_damaged_block_is_found_and_fetched_again(served, cache, network, damage):
    fetch_dem([LARES], cache, network)
    victim = next(iter(cache.entries())).path
    sidecar = victim.with_suffix(".json")
    raw = victim.read_bytes()
    if damage == "truncate":
        victim.write_bytes(raw[: len(raw) // 2])
    elif damage == "garble":
        victim.write_bytes(raw[:5000] + bytes(100) + raw[5100:])
    elif damage == "no sidecar":
        sidecar.unlink()
    else:
        sidecar.write_text("{", encoding="utf-8")
    assert [entry.fault != "" for entry in cache.entries()].count(True) == 1
    served.reset()
    report = fetch_dem([LARES], cache, network)
    assert report.fetched == [f"glo30/{victim.stem}"]
    assert served.requests
    assert [entry.fault for entry in cache.entries()] == [""] * len(list(cache.entries()))


@pytest.mark.usefixtures("served")
def test_a_full_disk_is_a_clear_error_and_leaves_nothing(cache, network, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("routes.dem.disk_cache._write_geotiff", full)
    with pytest.raises(
        DEMError, match=r"Cannot write .*No space left on device\. Make room, or set ROUTES_DEM_DIR"
    ):
        fetch_dem([LARES], cache, network)
    assert not list((cache.folder / "glo30").glob("*tif"))


@pytest.mark.usefixtures("served")
def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path, network):
    (tmp_path / "dem").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(DEMError, match=r"Cannot write .*set ROUTES_DEM_DIR to another folder"):
        fetch_dem([LARES], Cache(tmp_path / "dem"), network)


# ---------------------------------------------------------------------------------------------------------------------
# Two at once, and killed in the middle
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("served")
def test_two_at_once_fetch_each_block_once(cache):
    reports = []

    def work():
        network = Network()
        reports.append(fetch_dem([LARES], cache, network, products=("glo30",)))
        network.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fetched = [name for report in reports for name in report.fetched]
    assert len(fetched) == len(set(fetched)) > 0
    assert [fault for report in reports for fault in report.faults] == []


FETCH = ("dem", "fetch", "--bounds", "-72.5", "-13.5", "-71.5", "-13.1")


def is_sound(folder):
    """Whether each block that has a sidecar is whole."""
    return not [entry for entry in Cache(folder).entries() if entry.fault and entry.provenance]


def test_killed_anywhere_the_cache_is_sound_and_the_next_run_completes_it(served, tmp_path):
    """Killed before the list of tiles has its name, before a block and its sidecar have theirs, and as it waits.

    Sidecars come before what they belong to: the list takes two moves of a file, and each block two.
    """
    folder = tmp_path / "dem"
    for moves in (1, 2, 1, 4):
        killed(*FETCH, "--folder", folder, folder=folder, moves=moves)
        assert is_sound(folder)
    served.fault(TILE, "hang")
    served.reset()
    waiting = subprocess.Popen(
        [sys.executable, "-m", "routes", *FETCH, "--folder", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not served.requests and waiting.poll() is None:
        time.sleep(0.01)
    waiting.kill()
    assert waiting.wait() == -signal.SIGKILL
    served.heal()
    assert is_sound(folder)
    data = json.loads(run(*FETCH, "--folder", folder, "--json").stdout)
    assert data["faults"] == []
    entries = list(Cache(folder).entries())
    assert [entry.fault for entry in entries] == [""] * len(entries)
    assert len(entries) == len(data["fetched"]) + data["cached"] > 8
    assert data["cached"] == 2
    assert run("dem", "verify", "--folder", folder).returncode == 0
