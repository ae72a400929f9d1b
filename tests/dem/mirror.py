"""A mirror of the public DEM buckets on 127.0.0.1: tiles of true size made from formulas, an HTTP server, faults.

Names and grids are written down here a second time, independently of `routes.dem`: they are the truth of the tests.

>>> glo_name("glo30", -14, -73)
'Copernicus_DSM_COG_10_S14_00_W073_00_DEM'
>>> glo_shape("glo30", 50), glo_shape("glo90", -50), glo_shape("glo30", -51)
((3600, 2400), (1200, 1200), (3600, 2400))
"""

import gzip
import itertools
import os
import re
import sys
import threading
from dataclasses import dataclass, replace
from email.utils import formatdate
from fnmatch import fnmatchcase
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import SHUT_RDWR
from socketserver import TCPServer
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest
import rasterio
from affine import Affine
from filelock import FileLock

# --------------------------------------------------------------------------------------------- names and grids

BUCKETS = {"glo30": "copernicus-dem-30m", "glo90": "copernicus-dem-90m", "skadi": "elevation-tiles-prod"}
"""Sub folder of the mirror that stands for the bucket of a product; its base URL is `{mirror.url}/{bucket}`."""

HGT_SIDE = 3601
HGT_VOID = -32768

_COG_CODE = {"glo30": "10", "glo90": "30"}
"""Spacing in tenths of an arc second, as the names have it."""

_ROWS = {"glo30": 3600, "glo90": 1200}
_BANDS = ((85, 10.0), (80, 5.0), (70, 3.0), (60, 2.0), (50, 1.5), (0, 1.0))
"""Latitude of a band's edge towards the equator, and how many times wider than high its cells are, in degrees.

Source: https://copernicus-dem-30m.s3.amazonaws.com/readme.html, "Longitude spacing", which has the widths of
`glo_shape` too.
"""


def _corner(lat, lon, between=""):
    north_south, east_west = "NS"[lat < 0], "EW"[lon < 0]
    return f"{north_south}{abs(lat):02d}{between}{east_west}{abs(lon):03d}"


def glo_name(product, lat, lon):
    """Name of the tile of `glo30` or `glo90` whose south-west corner is (lat, lon), whole degrees."""
    return f"Copernicus_DSM_COG_{_COG_CODE[product]}_{_corner(lat, lon, '_00_')}_00_DEM"


def glo_path(product, lat, lon):
    """Path of a tile inside its bucket."""
    name = glo_name(product, lat, lon)
    return f"{name}/{name}.tif"


def skadi_path(lat, lon):
    """Path of a Skadi tile inside its bucket."""
    corner = _corner(lat, lon)
    return f"skadi/{corner[:3]}/{corner}.hgt.gz"


def glo_shape(product, lat):
    """Rows and columns of a tile whose south edge is `lat`."""
    nearest = lat if lat >= 0 else -(lat + 1)  # edge nearer to the equator: S50 reaches from 50 to 49 S
    rows = _ROWS[product]
    return rows, next(round(rows / wider) for edge, wider in _BANDS if nearest >= edge)


def glo_centres(product, lat, lon):
    """Longitudes of a tile's columns and latitudes of its rows, cell centres, degrees.

    The first row lies on the north edge, the first column on the west edge; the edges at south and east belong to
    the neighbours.
    """
    rows, columns = glo_shape(product, lat)
    return lon + np.arange(columns) / columns, lat + 1 - np.arange(rows) / rows


def glo_transform(product, lat, lon):
    """Transform of a tile as GDAL tells it: its origin is the outer corner of the first cell."""
    rows, columns = glo_shape(product, lat)
    return Affine(1.0 / columns, 0.0, lon - 0.5 / columns, 0.0, -1.0 / rows, lat + 1 + 0.5 / rows)


# ----------------------------------------------------------------------------------------------------- terrain


def surface(lon, lat):
    """Hills on a plane, 0.9 to 4.1 km high everywhere on Earth: 200 m sines of 0.2 and 0.25 degrees wavelength.

    Stored as float32 it is off by 1.3e-4 m at most; bilinear interpolation between cells of 1" is off by less
    than 4 mm, of 3" by less than 3 cm.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    return (2500.0 + 3.0 * lon + 200.0 * np.sin(10.0 * np.pi * lon)) + (
        7.0 * lat + 200.0 * np.cos(8.0 * np.pi * lat)
    )


def plane(lon0=-73.0, lat0=-14.0):
    """Plane 1000 + 1800 (lon - lon0) + 900 (lat - lat0), which float32 holds exactly at the centres of all tiles.

    A cell of 1" rises by 0.5 m eastward and by 0.25 m northward, a wider one by 0.75, 1, 1.5, 2.5 or 5 m: all heights
    are multiples of 0.25 m, and those up to 4e6 m are float32 numbers. (lon0, lat0) are whole degrees.
    """

    def height(lon, lat):
        east, north = np.asarray(lon, dtype=float) - lon0, np.asarray(lat, dtype=float) - lat0
        return 1000.0 + 1800.0 * east + 900.0 * north

    return height


# ------------------------------------------------------------------------------------------------------- tiles


def write_glo_tile(folder, product, lat, lon, height_fn):
    """Write a tile of true size into a bucket's folder, as GDAL's COG driver does; return its path.

    `height_fn(lon, lat)` gets a row of longitudes (1 x columns) and a column of latitudes (rows x 1) that broadcast.
    Like the real tiles it is PixelIsPoint float32 and declares no nodata value.
    """
    lons, lats = glo_centres(product, lat, lon)
    rows, columns = glo_shape(product, lat)
    heights = np.broadcast_to(height_fn(lons[np.newaxis, :], lats[:, np.newaxis]), (rows, columns))
    path = Path(folder) / glo_path(product, lat, lon)
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="COG", height=rows, width=columns, count=1, dtype="float32", crs="EPSG:4326",
        transform=glo_transform(product, lat, lon), blocksize=1024, compress="DEFLATE", predictor="YES", level=1,
        overviews="AUTO", overview_resampling="NEAREST", num_threads="ALL_CPUS",
    ) as file:  # fmt: skip
        file.update_tags(AREA_OR_POINT="Point")
        file.write(np.ascontiguousarray(heights, dtype=np.float32), 1)
    return path


def write_skadi_tile(folder, lat, lon, height_fn):
    """Write `skadi/S14/S14W073.hgt.gz` into a bucket's folder; where `height_fn` is NaN the tile is void."""
    step = np.arange(HGT_SIDE) / (HGT_SIDE - 1)
    heights = height_fn((lon + step)[np.newaxis, :], (lat + 1 - step)[:, np.newaxis])
    heights = np.broadcast_to(np.where(np.isnan(heights), HGT_VOID, np.rint(heights)), (HGT_SIDE, HGT_SIDE))
    path = Path(folder) / skadi_path(lat, lon)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(heights.astype(">i2").tobytes(), 1))
    return path


def write_tile_list(folder, product, corners):
    """Write `tileList.txt`, one name a line, of the tiles whose south-west corners (lat, lon) are given."""
    path = Path(folder) / "tileList.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{glo_name(product, *corner)}\n" for corner in corners), encoding="ascii")
    return path


LARES = ((-14, -73), (-14, -72))
SEAM_50N = ((49, 6), (50, 6))
"""Neighbours of unlike width: 3600 columns south of 50 N, 2400 north of it."""

QUADRANTS = ((0, 0), (-1, 0), (0, -1), (-1, -1))
"""The four tiles around 0 N 0 E."""

WITHHELD = (40, 44)
"""Armenia: GLO-90 has the tile, GLO-30 has not."""

SEA = (-14, -80)
"""A tile of neither product."""


def write_bucket(root, product, corners, height_fn):
    """Write the tiles and their list into the sub folder of a bucket; return that folder."""
    folder = Path(root) / BUCKETS[product]
    for corner in corners:
        write_glo_tile(folder, product, *corner, height_fn)
    write_tile_list(folder, product, corners)
    return folder


def _once(tmp_path_factory, name, build):
    """Build a folder once a run, however many modules import the fixture and however many processes test."""
    base = tmp_path_factory.getbasetemp()
    root = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    with FileLock(root.with_suffix(".lock")):
        done = root / ".done"
        if not done.exists():
            root.mkdir(exist_ok=True)
            build(root)
            done.touch()
    return root


@pytest.fixture(scope="session")
def mirror_root(tmp_path_factory):
    """Folder of the three buckets, all heights from `surface`; tests must not write into it.

    GLO-30 around Lares, the seam at 50 N and 0 N 0 E; GLO-90 the same and Armenia; Skadi S14W073.
    """

    def build(root):
        corners = (*LARES, *SEAM_50N, *QUADRANTS)
        write_bucket(root, "glo30", corners, surface)
        write_bucket(root, "glo90", (*corners, WITHHELD), surface)
        write_skadi_tile(root / BUCKETS["skadi"], -14, -73, surface)

    return _once(tmp_path_factory, "mirror_surface", build)


@pytest.fixture(scope="session")
def plane_root(tmp_path_factory):
    """Folder of GLO-30 whose heights are exact: `plane()` around Lares, `plane(6, 49)` at the seam at 50 N."""

    def build(root):
        folder = root / BUCKETS["glo30"]
        for corners, height_fn in ((LARES, plane()), (SEAM_50N, plane(6.0, 49.0))):
            for corner in corners:
                write_glo_tile(folder, "glo30", *corner, height_fn)
        write_tile_list(folder, "glo30", (*LARES, *SEAM_50N))

    return _once(tmp_path_factory, "mirror_plane", build)


# ------------------------------------------------------------------------------------------------------ server

_CHUNK_BYTES = 1 << 16
_SLOW_PAUSE_S = 0.25
_CLOSE_TIMEOUT_S = 60.0

_S3_CODES = {
    400: "BadRequest",
    403: "AccessDenied",
    404: "NoSuchKey",
    416: "InvalidRange",
    429: "TooManyRequests",
    500: "InternalError",
    502: "BadGateway",
    503: "SlowDown",
    504: "GatewayTimeout",
}
_KINDS = ("html", "hang", "slow", "cut", "wrong", "norange")

_HTML = b"""<!DOCTYPE html>
<html><head><title>Sign in to the network</title></head>
<body><h1>Service unavailable</h1><p>Please sign in to go on.</p></body></html>
"""

_PREFIX = re.compile(r"/m\d+/")
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def _serving(label):
    return f"mirror {label}"


@dataclass(frozen=True)
class Request:
    """A request as the mirror saw it."""

    method: str
    path: str
    """Path below the mirror's URL, without a leading slash."""

    range: str | None
    """The header, such as `bytes=0-16383`."""

    status: int | None = None
    """Status of the answer; None while, or because, there is none."""

    bytes_sent: int = 0
    """Bytes of the body only."""


@dataclass
class _Fault:
    pattern: str
    kind: str | int
    left: int | None
    other: str | None


class Mirror:
    """Serve a folder over HTTP/1.1 with ranges, record every request, and fail as told.

    Its threads are those of the process of the tests, and rasterio keeps the GIL while GDAL looks for files beside a
    tile: without GDAL_DISABLE_READDIR_ON_OPEN=EMPTY_DIR each of these requests waits for GDAL's timeout, for ever by
    default. GDAL that opens and reads a tile releases the GIL.

    >>> import tempfile, urllib.request
    >>> with tempfile.TemporaryDirectory() as folder, Mirror(folder) as mirror:
    ...     _ = (Path(folder) / "a.txt").write_bytes(b"0123456789")
    ...     ask = urllib.request.Request(f"{mirror.url}/a.txt", headers={"Range": "bytes=2-4"})
    ...     with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(ask) as answer:
    ...         print(answer.status, answer.read(), mirror.requests)
    206 b'234' (Request(method='GET', path='a.txt', range='bytes=2-4', status=206, bytes_sent=3),)
    """

    _numbers = itertools.count(1)

    def __init__(self, root):
        self.root = Path(root).resolve()
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._faults: list[_Fault] = []
        self._server = None
        self._thread = None
        self.renew()

    def renew(self):
        """Move to a new URL below the same host and port: GDAL remembers what it read, and what failed, by URL."""
        self._number = next(self._numbers)

    @property
    def port(self):
        return self._server.server_address[1]

    @property
    def url(self):
        """URL of the folder, without a slash at its end; no two mirrors of a process have the same."""
        return f"http://127.0.0.1:{self.port}/m{self._number}"

    def base(self, product):
        """URL of the bucket of a product."""
        return f"{self.url}/{BUCKETS[product]}"

    # what was asked

    @property
    def requests(self):
        """All requests since the start or the last `reset`, in the order of their arrival."""
        with self._lock:
            return tuple(self._requests)

    @property
    def bytes_sent(self):
        """Bytes of all bodies since the start or the last `reset`."""
        return sum(request.bytes_sent for request in self.requests)

    def reset(self):
        """Forget the requests; faults stay (see `heal`)."""
        with self._lock:
            self._requests = []

    # faults

    def fault(self, pattern, kind, times=None, *, other=None):
        """Answer the next `times` requests (None: all) whose path matches the `fnmatch` pattern with a fault.

        The path is that below the mirror's URL; the latest fault that matches counts. Kinds: `html` (200 with an HTML
        page), a status such as 403, 404, 500 or 503 (XML as S3 writes it), `hang` (no answer), `slow` (four bytes a
        second), `cut` (the connection ends in the middle of the body), `wrong` (the bytes of the file `other`, else
        of another file with the same ending), `norange` (200 with all of the file, whatever the range).
        """
        if kind not in _KINDS and kind not in _S3_CODES:
            message = f"no such fault: {kind!r}; there are {', '.join(map(str, (*_KINDS, *_S3_CODES)))}"
            raise ValueError(message)
        with self._lock:
            self._faults.append(_Fault(pattern, kind, times, other))

    def heal(self):
        """End all faults; answers on their way are not changed."""
        with self._lock:
            self._faults = []

    def _take_fault(self, path):
        with self._lock:
            for fault in reversed(self._faults):
                if fault.left != 0 and fnmatchcase(path, fault.pattern):
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None

    def file(self, path):
        """File of a path below the mirror's URL, None where there is none."""
        parts = path.split("/")
        if ".." in parts or "" in parts:
            return None
        file = self.root.joinpath(*parts)
        return file if file.is_file() else None

    def _other_file(self, path, other):
        if other is not None:
            return self.file(other)
        ending = "".join(Path(path).suffixes)
        files = (
            file
            for file in sorted(self.root.rglob(f"*{ending}"))
            if file.is_file() and file != self.root / path
        )
        near = Path(path).parts[0]
        return min(files, key=lambda file: file.relative_to(self.root).parts[0] != near, default=None)

    # life

    def __enter__(self):
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name=_serving(self.port),
            daemon=True,
        )
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.close()
        self._thread.join(_CLOSE_TIMEOUT_S)
        if self._server.failures:
            message = "the mirror itself failed"
            raise ExceptionGroup(message, self._server.failures)


class _Server(ThreadingHTTPServer):
    """Server that knows its connections, so that it can end them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, mirror):
        self.mirror = mirror
        self.stopping = threading.Event()
        self.failures = []
        self._live = {}
        self._live_lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self):
        TCPServer.server_bind(self)  # HTTPServer's own asks the name service for the name of the host
        self.server_name, self.server_port = self.server_address[:2]

    def process_request(self, request, client_address):
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name=_serving(client_address),
            daemon=True,
        )
        with self._live_lock:
            self._live[thread] = request
        thread.start()

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._live_lock:
                self._live.pop(threading.current_thread(), None)

    def handle_error(self, request, client_address):  # noqa: ARG002 - the signature is socketserver's
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):  # a client that went away is no failure of the mirror
            self.failures.append(error)

    def close(self):
        self.stopping.set()
        self.shutdown()
        with self._live_lock:
            live = dict(self._live)
        for connection in live.values():
            try:
                connection.shutdown(SHUT_RDWR)
            except OSError:
                continue  # it ended by itself
        for thread in live:
            thread.join(_CLOSE_TIMEOUT_S)
            if thread.is_alive():
                self.failures.append(RuntimeError(f"{thread.name} does not end"))
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Mirror"
    disable_nagle_algorithm = True  # else a body waits 40 ms for the acknowledgement of its header

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self._answer()

    def do_GET(self):
        self._answer()

    def _answer(self):
        mirror = self.server.mirror
        path = unquote(_PREFIX.sub("", urlsplit(self.path).path, count=1)).removeprefix("/")
        self._record = Request(self.command, path, self.headers.get("Range"))
        with mirror._lock:
            mirror._requests.append(self._record)
        fault = mirror._take_fault(path)
        kind = fault.kind if fault else None
        if kind == "hang":
            self.server.stopping.wait()
            self.close_connection = True
            return
        if kind == "html":
            self._send(200, _HTML, {"Content-Type": "text/html; charset=utf-8"})
            return
        if isinstance(kind, int):
            self._send_error(kind)
            return
        file = mirror._other_file(path, fault.other) if kind == "wrong" else mirror.file(path)
        if file is None:
            self._send_error(404)
            return
        self._send_file(file, kind)

    def _send_file(self, file, kind):
        status = file.stat()
        headers = {
            "Content-Type": "binary/octet-stream",
            "Last-Modified": formatdate(status.st_mtime, usegmt=True),
            "ETag": f'"{status.st_mtime_ns:x}-{status.st_size:x}"',
        }
        size = status.st_size
        start, stop = 0, size
        code = 200
        if kind != "norange":
            headers["Accept-Ranges"] = "bytes"
            wanted = _wanted(self._record.range, size)
            if wanted is not None and self.headers.get("If-Range") in (None, headers["ETag"]):
                start, stop = wanted
                if start >= stop:
                    self._send_error(416, {"Content-Range": f"bytes */{size}"})
                    return
                code = 206
                headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        with file.open("rb") as stream:
            stream.seek(start)
            body = stream.read(stop - start) if self.command == "GET" else b""
        self._send(code, body, headers, kind=kind, length=stop - start)

    def _send_error(self, status, headers=None):
        code = _S3_CODES[status]
        message = HTTPStatus(status).phrase
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>MIRROR</RequestId></Error>"
        ).encode()
        self._send(status, body, {"Content-Type": "application/xml", **(headers or {})})

    def _send(self, status, body, headers, *, kind=None, length=None):
        self._note(status=status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command == "HEAD":
            return
        if kind == "slow":
            self._send_slowly(body)
            return
        if kind == "cut":
            body = body[: len(body) // 2]
            self.close_connection = True
        view = memoryview(body)
        for start in range(0, len(view), _CHUNK_BYTES):
            self._write(view[start : start + _CHUNK_BYTES])

    def _send_slowly(self, body):
        for start in range(len(body)):
            if self.server.stopping.wait(_SLOW_PAUSE_S):
                self.close_connection = True
                return
            self._write(body[start : start + 1])

    def _write(self, part):
        """Count first: who has read the answer finds it counted."""
        self._note(more=len(part))
        try:
            self.wfile.write(part)
        except OSError:
            self._note(more=-len(part))
            raise

    def _note(self, status=None, more=0):
        mirror, old = self.server.mirror, self._record
        self._record = replace(old, status=status or old.status, bytes_sent=old.bytes_sent + more)
        with mirror._lock:
            for i in range(len(mirror._requests) - 1, -1, -1):
                if mirror._requests[i] is old:  # not there after a reset
                    mirror._requests[i] = self._record
                    break


def _wanted(header, size):
    """First byte and the byte after the last that a Range header asks for; None: all, as S3 reads many ranges too."""
    match = _RANGE.fullmatch((header or "").replace(" ", ""))
    if not match or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size
