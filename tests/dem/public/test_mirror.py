"""The mirror that other tests lean on: its tiles, its HTTP, its faults."""

import gzip
import http.client
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import rasterio
from rasterio.windows import Window

from tests.dem.mirror import (
    BUCKETS,
    LARES,
    SEA,
    SEAM_50N,
    WITHHELD,
    Mirror,
    glo_centres,
    glo_name,
    glo_path,
    glo_shape,
    mirror_root,  # noqa: F401 - a fixture
    plane,
    plane_root,  # noqa: F401 - a fixture
    skadi_path,
    surface,
    write_skadi_tile,
)

DIGITS = b"0123456789" * 100
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
GDAL = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".tif",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_HTTP_TIMEOUT": "10",
}


@pytest.fixture
def mirror(tmp_path):
    for name in ("a/one.bin", "b/two.bin"):
        (tmp_path / name).parent.mkdir()
    (tmp_path / "a/one.bin").write_bytes(DIGITS)
    (tmp_path / "b/two.bin").write_bytes(DIGITS[::-1])
    with Mirror(tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def buckets(mirror_root):  # noqa: F811 - the fixture
    with Mirror(mirror_root) as running:
        yield running


def ask(url, *, method="GET", timeout=10, **headers):
    """Status, headers and body, whatever the status."""
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310 - of the mirror
    try:
        answer = OPENER.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read()


def threads():
    return [thread for thread in threading.enumerate() if thread.name.startswith("mirror ")]


# names and grids


@pytest.mark.parametrize(
    ("product", "lat", "lon", "name"),
    [
        ("glo30", -14, -73, "Copernicus_DSM_COG_10_S14_00_W073_00_DEM"),
        ("glo90", 40, 44, "Copernicus_DSM_COG_30_N40_00_E044_00_DEM"),
        ("glo30", 0, 0, "Copernicus_DSM_COG_10_N00_00_E000_00_DEM"),
        ("glo30", -1, -1, "Copernicus_DSM_COG_10_S01_00_W001_00_DEM"),
        ("glo30", 83, -180, "Copernicus_DSM_COG_10_N83_00_W180_00_DEM"),
    ],
)
def test_names(product, lat, lon, name):
    assert glo_name(product, lat, lon) == name
    assert glo_path(product, lat, lon) == f"{name}/{name}.tif"


def test_skadi_path():
    assert skadi_path(-14, -73) == "skadi/S14/S14W073.hgt.gz"
    assert skadi_path(0, 6) == "skadi/N00/N00E006.hgt.gz"


@pytest.mark.parametrize(
    ("latitudes", "columns"),
    [
        ((0, 49, -1, -50), 3600),
        ((50, 59, -51, -60), 2400),
        ((60, 69, -61, -70), 1800),
        ((70, 79, -71, -80), 1200),
        ((80, 84, -81, -85), 720),
        ((85, 89, -86, -90), 360),
    ],
)
def test_widths_are_the_published_ones(latitudes, columns):
    """Readme of the bucket, https://copernicus-dem-30m.s3.amazonaws.com/readme.html, "COG width"."""
    for lat in latitudes:
        assert glo_shape("glo30", lat) == (3600, columns)
        assert glo_shape("glo90", lat) == (1200, columns // 3)


def test_tile_lists(mirror_root):  # noqa: F811
    lists = {
        product: (mirror_root / BUCKETS[product] / "tileList.txt").read_text(encoding="ascii").split("\n")
        for product in ("glo30", "glo90")
    }
    for product, names in lists.items():
        assert names.pop() == ""
        stored = {path.parent.name for path in (mirror_root / BUCKETS[product]).glob("*/*.tif")}
        assert set(names) == stored
        assert glo_name(product, *SEA) not in names
    assert glo_name("glo30", *WITHHELD) not in lists["glo30"]
    assert glo_name("glo90", *WITHHELD) in lists["glo90"]


@pytest.mark.parametrize(
    ("product", "lat", "lon"),
    [("glo30", *LARES[0]), ("glo30", *SEAM_50N[1]), ("glo30", -1, -1), ("glo90", *WITHHELD)],
)
def test_tiles_are_as_copernicus_lays_them_out(mirror_root, product, lat, lon):  # noqa: F811
    with rasterio.open(mirror_root / BUCKETS[product] / glo_path(product, lat, lon)) as file:
        assert file.shape == glo_shape(product, lat)
        assert (file.dtypes, file.nodata, file.crs.to_epsg()) == (("float32",), None, 4326)
        assert file.block_shapes == [(1024, 1024)]
        assert file.tags()["AREA_OR_POINT"] == "Point"
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert file.overviews(1)
        # the centre of the first cell lies on the whole degree, that of the last one a cell before the next
        assert file.xy(0, 0) == pytest.approx((lon, lat + 1), abs=1e-9)
        assert file.xy(file.height - 1, file.width - 1) == pytest.approx(
            (lon + 1 - 1 / file.width, lat + 1 / file.height), abs=1e-9
        )
        rows, columns = np.array([0, 1, 517, file.height - 1]), np.array([0, 1, 111, file.width - 1])
        heights = file.read(1)[np.ix_(rows, columns)]
        assert heights == pytest.approx(
            surface(
                *(
                    np.array(axis)
                    for axis in np.meshgrid(lon + columns / file.width, lat + 1 - rows / file.height)
                )
            ),
            abs=1e-3,
        )


def test_point_tiles_store_the_whole_degree(mirror_root):  # noqa: F811
    """GDAL adds the half cell: the tie point in the file itself is the centre, as PixelIsPoint says."""
    path = mirror_root / BUCKETS["glo30"] / glo_path("glo30", -14, -73)
    with rasterio.Env(GTIFF_POINT_GEO_IGNORE=True), rasterio.open(path) as file:
        assert (file.transform.c, file.transform.f) == pytest.approx((-73.0, -13.0), abs=1e-12)


def test_plane_is_stored_exactly(plane_root):  # noqa: F811
    for (lat, lon), height in zip((*LARES, *SEAM_50N), (plane(), plane(), *[plane(6, 49)] * 2), strict=True):
        lons, lats = glo_centres("glo30", lat, lon)
        with rasterio.open(plane_root / BUCKETS["glo30"] / glo_path("glo30", lat, lon)) as file:
            heights = file.read(1).astype(float)
        assert np.abs(heights - height(lons[np.newaxis], lats[:, np.newaxis])).max() < 1e-9
        assert (heights % 0.25 == 0.0).all()


def test_skadi_tile(mirror_root):  # noqa: F811
    raw = (mirror_root / BUCKETS["skadi"] / skadi_path(-14, -73)).read_bytes()
    heights = np.frombuffer(gzip.decompress(raw), dtype=">i2").reshape(3601, 3601)
    for row, column in ((0, 0), (0, 3600), (3600, 0), (3600, 3600), (1234, 321)):
        expected = surface(-73 + column / 3600, -13 - row / 3600)
        assert heights[row, column] == pytest.approx(expected, abs=0.5 + 1e-6)


def test_skadi_voids(tmp_path):
    path = write_skadi_tile(tmp_path, 0, 6, lambda lon, lat: np.where(lat > 0.5, np.nan, 0.0 * lon))
    heights = np.frombuffer(gzip.decompress(path.read_bytes()), dtype=">i2").reshape(3601, 3601)
    assert (heights[:1800] == -32768).all()
    assert (heights[1800:] == 0).all()


def test_surface_is_plausible_terrain():
    lon, lat = np.meshgrid(np.linspace(-180, 180, 3001), np.linspace(-90, 90, 1501))
    heights = surface(lon, lat)
    assert 900 < heights.min() < heights.max() < 4100


# HTTP


def test_whole_file(mirror):
    status, headers, body = ask(f"{mirror.url}/a/one.bin")
    assert (status, body) == (200, DIGITS)
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Length"] == "1000"
    (request,) = mirror.requests
    assert (request.method, request.path, request.range, request.status) == ("GET", "a/one.bin", None, 200)
    assert mirror.bytes_sent == request.bytes_sent == 1000
    mirror.reset()
    assert (mirror.requests, mirror.bytes_sent) == ((), 0)


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=990-", 990, 1000),
        ("bytes=-10", 990, 1000),
        ("bytes=990-5000", 990, 1000),
        ("bytes=-5000", 0, 1000),
    ],
)
def test_range(mirror, header, start, stop):
    status, headers, body = ask(f"{mirror.url}/a/one.bin", Range=header)
    assert (status, body) == (206, DIGITS[start:stop])
    assert headers["Content-Range"] == f"bytes {start}-{stop - 1}/1000"
    assert int(headers["Content-Length"]) == mirror.bytes_sent == stop - start
    assert mirror.requests[0].range == header


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=9-1", "lines=1-2", "bytes=-"])
def test_a_range_that_s3_ignores(mirror, header):
    assert ask(f"{mirror.url}/a/one.bin", Range=header)[::2] == (200, DIGITS)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0"])
def test_a_range_behind_the_end(mirror, header):
    status, headers, body = ask(f"{mirror.url}/a/one.bin", Range=header)
    assert (status, headers["Content-Range"]) == (416, "bytes */1000")
    assert b"<Code>InvalidRange</Code>" in body


def test_a_range_of_another_version(mirror):
    etag = ask(f"{mirror.url}/a/one.bin")[1]["ETag"]
    ranged = {"Range": "bytes=0-4"}
    assert ask(f"{mirror.url}/a/one.bin", **ranged, **{"If-Range": etag})[0] == 206
    assert ask(f"{mirror.url}/a/one.bin", **ranged, **{"If-Range": '"older"'})[0] == 200


def test_head(mirror):
    status, headers, body = ask(f"{mirror.url}/a/one.bin", method="HEAD")
    assert (status, headers["Content-Length"], body, mirror.bytes_sent) == (200, "1000", b"", 0)
    assert ask(f"{mirror.url}/none", method="HEAD")[0] == 404


@pytest.mark.parametrize(
    "path", ["none", "a", "", "a/", "../a/one.bin", "%2e%2e/secret", "a//one.bin", "%2fetc/passwd"]
)
def test_what_is_not_there(mirror, path):
    status, headers, body = ask(f"{mirror.url}/{path}")
    assert (status, headers["Content-Type"]) == (404, "application/xml")
    assert b"<Code>NoSuchKey</Code>" in body


def test_keep_alive(mirror):
    connection = http.client.HTTPConnection("127.0.0.1", mirror.port, timeout=10)
    prefix = mirror.url.removeprefix(f"http://127.0.0.1:{mirror.port}")
    connection.connect()
    socket = connection.sock
    for name in ("a/one.bin", "none", "b/two.bin") * 20:
        connection.request("GET", f"{prefix}/{name}")
        with connection.getresponse() as answer:
            answer.read()
        assert connection.sock is socket
    connection.close()


def test_many_at_once(mirror):
    with ThreadPoolExecutor(16) as pool:
        bodies = list(
            pool.map(lambda i: ask(f"{mirror.url}/a/one.bin", Range=f"bytes={i}-{i + 9}")[2], range(200))
        )
    assert bodies == [DIGITS[i : i + 10] for i in range(200)]
    assert mirror.bytes_sent == 2000
    assert len({request.range for request in mirror.requests}) == 200


def test_urls_differ(tmp_path):
    with Mirror(tmp_path) as first, Mirror(tmp_path) as second:
        urls = [first.url, second.url]
        first.renew()
        urls.append(first.url)
        assert len(set(urls)) == 3
        assert first.base("glo90") == f"{first.url}/copernicus-dem-90m"


# faults


def test_html(mirror):
    mirror.fault("a/*", "html")
    status, headers, body = ask(f"{mirror.url}/a/one.bin", Range="bytes=0-9")
    assert (status, headers.get_content_type()) == (200, "text/html")
    assert body.startswith(b"<!DOCTYPE html>")
    assert ask(f"{mirror.url}/b/two.bin")[2] == DIGITS[::-1]
    mirror.heal()
    assert ask(f"{mirror.url}/a/one.bin")[2] == DIGITS


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "AccessDenied"), (404, "NoSuchKey"), (500, "InternalError"), (503, "SlowDown")],
)
def test_statuses(mirror, status, code):
    mirror.fault("*/one.bin", status, times=2)
    for _ in range(2):
        answer, headers, body = ask(f"{mirror.url}/a/one.bin")
        assert (answer, headers["Content-Type"]) == (status, "application/xml")
        assert f"<Error><Code>{code}</Code>".encode() in body
    assert ask(f"{mirror.url}/a/one.bin")[0] == 200
    assert [request.status for request in mirror.requests] == [status, status, 200]


def test_the_latest_fault_counts(mirror):
    mirror.fault("*", 500)
    mirror.fault("*", 403, times=1)
    assert [ask(f"{mirror.url}/a/one.bin")[0] for _ in range(2)] == [403, 500]


def test_cut(mirror):
    mirror.fault("*", "cut")
    with pytest.raises(http.client.IncompleteRead) as caught:
        ask(f"{mirror.url}/a/one.bin")
    assert (caught.value.partial, caught.value.expected) == (DIGITS[:500], 500)
    assert mirror.bytes_sent == 500


def test_wrong(mirror):
    mirror.fault("a/*", "wrong")
    assert ask(f"{mirror.url}/a/one.bin")[2] == DIGITS[::-1]
    mirror.fault("none", "wrong", other="a/one.bin")
    assert ask(f"{mirror.url}/none", Range="bytes=0-4")[::2] == (206, DIGITS[:5])


def test_norange(mirror):
    mirror.fault("*", "norange")
    status, headers, body = ask(f"{mirror.url}/a/one.bin", Range="bytes=0-4")
    assert (status, body, headers["Accept-Ranges"]) == (200, DIGITS, None)


def test_slow(mirror):
    mirror.fault("*", "slow")
    connection = http.client.HTTPConnection("127.0.0.1", mirror.port, timeout=10)
    connection.request("GET", "/m0/a/one.bin")
    started = time.monotonic()
    with connection.getresponse() as answer:
        assert answer.headers["Content-Length"] == "1000"
        assert answer.read(3) == DIGITS[:3]
    connection.close()
    assert time.monotonic() - started > 0.5
    assert mirror.bytes_sent < 100


def test_hang(mirror):
    mirror.fault("*", "hang")
    with pytest.raises(TimeoutError):
        ask(f"{mirror.url}/a/one.bin", timeout=0.2)
    while not mirror.requests:  # it may be heard only after the client has gone
        time.sleep(0.01)
    (request,) = mirror.requests
    assert (request.status, request.bytes_sent) == (None, 0)


def test_no_such_fault(mirror):
    with pytest.raises(ValueError, match="no such fault: 'flood'; there are html, hang"):
        mirror.fault("*", "flood")


def test_it_closes_whatever_is_open(tmp_path):
    """A hanging, a slow, an idle and a silent connection end with the mirror, and at once."""
    (tmp_path / "one.bin").write_bytes(DIGITS)
    before = threads()
    connections = []
    with Mirror(tmp_path) as mirror:
        mirror.fault("hang", "hang")
        mirror.fault("*", "slow", times=1)
        for path in ("one.bin", "hang", "one.bin", None):
            connection = http.client.HTTPConnection("127.0.0.1", mirror.port, timeout=10)
            connections.append(connection)
            connection.connect()
            if path:
                connection.request("GET", f"/m0/{path}")
                while not mirror.requests or mirror.requests[-1].path != path:
                    time.sleep(0.01)
        with connections[2].getresponse() as answer:
            assert answer.read() == DIGITS
        assert len(threads()) > len(before)
        port = mirror.port
    assert threads() == before
    for connection in connections:
        connection.close()
    with pytest.raises(urllib.error.URLError, match="refused"):
        OPENER.open(f"http://127.0.0.1:{port}/m0/one.bin", timeout=1)


def test_it_closes_after_an_error(tmp_path):
    before = threads()
    with pytest.raises(KeyError), Mirror(tmp_path):
        raise KeyError
    assert threads() == before


# GDAL


def read(url, window, **options):
    with rasterio.Env(**{**GDAL, **options}), rasterio.open(f"/vsicurl/{url}") as file:
        return file.read(1, window=window), file.transform


@pytest.mark.parametrize(
    ("product", "corner"), [("glo30", LARES[0]), ("glo30", SEAM_50N[1]), ("glo90", WITHHELD)]
)
def test_gdal_reads_a_window(buckets, product, corner):
    buckets.reset()
    size = (buckets.root / BUCKETS[product] / glo_path(product, *corner)).stat().st_size
    window = Window(300, 500, 60, 40)
    heights, _ = read(f"{buckets.base(product)}/{glo_path(product, *corner)}", window)
    lons, lats = glo_centres(product, *corner)
    expected = surface(lons[np.newaxis, 300:360], lats[500:540, np.newaxis])
    assert heights == pytest.approx(expected, abs=1e-3)
    assert all(request.range for request in buckets.requests if request.method == "GET")
    assert 0 < buckets.bytes_sent < (0.2 if product == "glo30" else 0.9) * size


def test_gdal_asks_again_at_a_new_url(buckets):
    path, window = glo_path("glo30", *LARES[1]), Window(0, 0, 5, 5)
    read(f"{buckets.base('glo30')}/{path}", window)
    buckets.reset()
    read(f"{buckets.base('glo30')}/{path}", window)
    assert buckets.bytes_sent == 0  # from GDAL's own cache
    buckets.renew()
    read(f"{buckets.base('glo30')}/{path}", window)
    assert buckets.bytes_sent > 0


@pytest.mark.parametrize("kind", ["html", 403, 404, 500, 503, "cut", "hang"])
def test_gdal_fails(buckets, kind):
    buckets.renew()
    buckets.reset()
    buckets.fault("*.tif", kind)
    try:
        with pytest.raises(rasterio.errors.RasterioIOError):
            read(
                f"{buckets.base('glo30')}/{glo_path('glo30', *LARES[0])}",
                Window(0, 0, 1, 1),
                GDAL_HTTP_TIMEOUT="1",
            )
        assert buckets.requests
    finally:
        buckets.heal()


def test_gdal_recovers_after_two_refusals(buckets):
    buckets.renew()
    buckets.reset()
    buckets.fault("*.tif", 503, times=2)
    url = f"{buckets.base('glo30')}/{glo_path('glo30', *LARES[0])}"
    retry = {**GDAL, "GDAL_HTTP_MAX_RETRY": "3", "GDAL_HTTP_RETRY_DELAY": "0.05"}
    with rasterio.Env(**retry), rasterio.open(f"/vsicurl/{url}") as file:
        assert file.shape == (3600, 3600)
    assert [request.status for request in buckets.requests[:3]] == [503, 503, 200]


def test_gdal_reads_a_wrong_tile_unawares(buckets):
    buckets.renew()
    path = glo_path("glo30", *LARES[0])
    buckets.fault(f"*/{path}", "wrong", other=f"{BUCKETS['glo30']}/{glo_path('glo30', *LARES[1])}")
    try:
        _, transform = read(f"{buckets.base('glo30')}/{path}", Window(0, 0, 1, 1))
    finally:
        buckets.heal()
    assert transform.c == pytest.approx(-72 - 0.5 / 3600, abs=1e-9)
