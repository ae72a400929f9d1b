"""Conversion between vertical datums: never by doing nothing, and exact by a grid whose undulation is known.

PROJ's folders and network are global to a process, so what depends on them runs in a process of its own.
"""

import json
import os
import subprocess
import sys
import traceback
import warnings
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import numpy as np
import pyproj
import pytest
import rasterio
from pyproj import Transformer, network
from rasterio.transform import Affine

from routes.dem import vertical
from routes.dem.geoid import geoid
from routes.dem.vertical import convert_heights, describe_conversion
from routes.errors import DatumError, InvalidCoordinatesError, RoutesError
from routes.model.figures import VerticalDatum
from tests.command import run
from tests.pipeline.test_pipeline import dem

EGM96, EGM2008, ELLIPSOID = VerticalDatum.EGM96, VerticalDatum.EGM2008, VerticalDatum.ELLIPSOID
NAVD88, NGVD29, UNKNOWN = VerticalDatum.NAVD88, VerticalDatum.NGVD29, VerticalDatum.UNKNOWN
KNOWN = [datum for datum in VerticalDatum if datum is not UNKNOWN]

GEOID = "VERTICAL_OFFSET_GEOGRAPHIC_TO_VERTICAL", "geoid_undulation"
OFFSET = "VERTICAL_OFFSET_VERTICAL_TO_VERTICAL", "vertical_offset"
WORLD = -180, -90, 179, 90
QUADRANTS = [[10.25, -72.3, 100.0, -119.6, 0.0, 179.0], [45.5, -13.1, -45.2, 37.4, 0.0, -89.5]]


def answer(call):
    """What PROJ gives in a process of its own, or what a command prints there."""
    if "command" in call:
        done = run(*call["command"])
        return {"out": done.stdout, "err": done.stderr}
    if call["endpoint"]:
        os.environ["PROJ_NETWORK_ENDPOINT"] = call["endpoint"]
    if call["folder"]:
        pyproj.datadir.append_data_dir(call["folder"])
    datums = VerticalDatum(call["source"]), VerticalDatum(call["target"])
    undulation = geoid()
    found = {
        "undulation": undulation and [undulation(*at) for at in zip(call["lon"], call["lat"], strict=True)]
    }
    try:
        found["available"] = describe_conversion(*datums).is_available
        found["height"] = convert_heights(
            call["height"],
            call["lon"],
            call["lat"],
            source=datums[0],
            target=datums[1],
            allow_network=bool(call["endpoint"]),
        ).tolist()
    except DatumError as error:
        found["error"] = str(error)
    found["network"] = network.is_network_enabled()
    return found


def serve():
    """Answer each line of stdin in a copy of this process, which has loaded everything and asked PROJ for nothing."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                warnings.simplefilter("error")
                with ThreadPoolExecutor(1) as pool:  # a thread has folders and a network of PROJ's of its own
                    found = pool.submit(answer, json.loads(line)).result()
                sys.stdout.write(json.dumps(found) + "\n")
                sys.stdout.flush()
                code = 0
            finally:
                if code:
                    traceback.print_exc()
                    sys.stderr.flush()
                os._exit(code)
        if os.waitpid(child, 0)[1]:
            sys.stdout.write("{}\n")
            sys.stdout.flush()


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    """A process that answers, whose PROJ has no network, and the user's folder of its grids."""
    folder = tmp_path_factory.mktemp("proj-user")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PROJ_")}
    environment |= {"PROJ_NETWORK": "OFF", "PROJ_USER_WRITABLE_DIRECTORY": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", "from tests.dem.test_vertical import serve; serve()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**environment, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:  # fmt: skip
        yield process, folder
        process.stdin.close()


@pytest.fixture
def user_folder(worker):
    """The user's folder of PROJ's grids, empty before a test and after it."""
    _, folder = worker
    yield folder
    for file in folder.iterdir():
        file.unlink()


@pytest.fixture
def ask(worker, user_folder):  # noqa: ARG001 - emptied
    """Answer of a process whose PROJ knows nothing yet: a copy of one that was started once."""

    def ask_(**call):
        process, _ = worker
        process.stdin.write(json.dumps(call) + "\n")
        process.stdin.flush()
        found = json.loads(process.stdout.readline())
        assert found, "see stderr"
        return found

    return ask_


def n96(lon, lat):
    return 40.0 + 0.1 * lon - 0.2 * lat


def n2008(lon, lat):
    return 38.0 + 0.11 * lon - 0.19 * lat


def write_grid(path, plane, kind=GEOID, bounds=WORLD):
    """Geodetic TIFF grid as PROJ reads it, cells of one degree, values at the cells' centres."""
    west, south, east, north = bounds
    lon, lat = np.meshgrid(np.arange(west, east + 1), np.arange(north, south - 1, -1))
    with rasterio.open(
        path, "w", driver="GTiff", height=lon.shape[0], width=lon.shape[1], count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(1.0, 0.0, west - 0.5, 0.0, -1.0, north + 0.5),
    ) as file:  # fmt: skip
        file.write(plane(lon, lat).astype(np.float32), 1)
        file.update_tags(TYPE=kind[0], AREA_OR_POINT="Point")
        file.set_band_description(1, kind[1])
        file.set_band_unit(1, "metre")


@pytest.fixture
def convert(ask):
    """Conversion where PROJ has no grid but those of the user and of a folder, and no network but a given one."""

    def convert_(source, target, positions, height, *, folder="", endpoint=""):
        return ask(
            source=source, target=target, lon=list(positions[0]), lat=list(positions[1]), height=list(height),
            folder=str(folder), endpoint=endpoint,
        )  # fmt: skip

    return convert_


@pytest.mark.parametrize(
    ("source", "target", "position", "names"),
    [
        (EGM96, ELLIPSOID, (1.5, 42.5), ["us_nga_egm96_15.tif"]),
        (ELLIPSOID, EGM2008, (-72.1, -13.2), ["us_nga_egm08_25.tif"]),
        (EGM96, EGM2008, (86.9, 28.0), ["us_nga_egm96_15.tif", "us_nga_egm08_25.tif"]),
        (NAVD88, ELLIPSOID, (-118.3, 36.6), ["us_noaa_g2018u0.tif"]),
        (NGVD29, NAVD88, (-118.3, 36.6), ["us_noaa_vertconw.tif"]),
        (NGVD29, EGM96, (-75.0, 41.0), ["us_noaa_vertcone.tif"]),
    ],
)
def test_a_missing_grid_is_an_error_that_names_it_and_how_to_get_it(convert, source, target, position, names):
    answer = convert(source, target, np.transpose([position]), [1000.0])
    assert not answer["available"]
    assert "height" not in answer
    for name in names:
        assert f"{name} (https://cdn.proj.org/{name})" in answer["error"]
    assert "pyproj sync --file" in answer["error"]
    assert "PROJ_NETWORK=ON" in answer["error"]


def test_one_of_two_grids_is_not_enough(convert, tmp_path):
    """Only what is missing is asked for."""
    write_grid(tmp_path / "us_nga_egm96_15.tif", n96)
    answer = convert(EGM96, EGM2008, [[1.0], [2.0]], [1000.0], folder=tmp_path)
    assert "us_nga_egm08_25.tif" in answer["error"]
    assert "us_nga_egm96_15.tif" not in answer["error"]


@pytest.mark.parametrize("is_users", [False, True])
def test_ellipsoidal_height_is_height_plus_undulation(convert, tmp_path, user_folder, is_users):
    """h = H + N with N a plane, which PROJ's bilinear interpolation keeps; all quadrants, equator, near a pole.

    The folder is appended to PROJ's own, or is the user's folder that the message tells to put the file into.
    """
    write_grid((user_folder if is_users else tmp_path) / "us_nga_egm96_15.tif", n96)
    folder = "" if is_users else tmp_path
    lon, lat = np.array(QUADRANTS)
    orthometric = np.linspace(-400.0, 8800.0, lon.size)
    up = convert(EGM96, ELLIPSOID, QUADRANTS, orthometric, folder=folder)
    assert up["available"]
    assert up["height"] == pytest.approx(orthometric + n96(lon, lat), abs=1e-3)
    assert up["undulation"] == pytest.approx(n96(lon, lat), abs=1e-3)
    down = convert(ELLIPSOID, EGM96, QUADRANTS, up["height"], folder=folder)
    assert down["height"] == pytest.approx(orthometric, abs=1e-3)


def test_between_geoids_heights_differ_by_the_undulations(convert, tmp_path):
    write_grid(tmp_path / "us_nga_egm96_15.tif", n96)
    write_grid(tmp_path / "us_nga_egm08_25.tif", n2008)
    lon, lat = np.array(QUADRANTS)
    height = np.full(lon.size, 4450.0)
    answer = convert(EGM96, EGM2008, QUADRANTS, height, folder=tmp_path)
    assert answer["height"] == pytest.approx(height + n96(lon, lat) - n2008(lon, lat), abs=1e-3)


def test_ngvd29_reaches_the_ellipsoid_by_way_of_navd88(convert, tmp_path):
    """h = H29 + offset + N; NAD83(2011) is WGS 84 in EPSG's operation, so N needs no further shift."""
    write_grid(tmp_path / "us_noaa_vertconw.tif", lambda lon, lat: 1.0 + 0.0 * lon + 0.01 * lat, OFFSET,
               (-126, 30, -106, 51))  # fmt: skip
    write_grid(tmp_path / "us_noaa_g2018u0.tif", lambda lon, lat: -25.0 + 0.1 * (lon + 120) + 0.0 * lat, GEOID,
               (-130, 24, -60, 58))  # fmt: skip
    lon, lat = np.array([[-118.3, -110.5], [36.6, 44.6]])
    answer = convert(NGVD29, ELLIPSOID, [lon, lat], [4000.0, 2500.0], folder=tmp_path)
    expected = np.array([4000.0, 2500.0]) + 1.0 + 0.01 * lat - 25.0 + 0.1 * (lon + 120)
    assert answer["height"] == pytest.approx(expected, abs=1e-3)
    outside = convert(NGVD29, NAVD88, [[-118.3, 1.5], [36.6, 42.5]], [4000.0, 2500.0], folder=tmp_path)
    assert "1 of 2 heights" in outside["error"]
    assert "longitude 1.5, latitude 42.5" in outside["error"]
    assert "no operation" in outside["error"]


def test_a_broken_grid_is_an_error(convert, tmp_path):
    (tmp_path / "us_nga_egm96_15.tif").write_bytes(b"<html>404</html>")
    answer = convert(EGM96, ELLIPSOID, [[1.5], [42.5]], [1000.0], folder=tmp_path)
    assert answer["undulation"] is None  # for a diagnosis it is as good as none
    assert "height" not in answer
    assert "EGM96 to WGS84 ellipsoid is there but broken" in answer["error"]
    assert str(tmp_path) in answer["error"]


def test_a_void_stays_a_void(convert, tmp_path):
    write_grid(tmp_path / "us_nga_egm96_15.tif", n96)
    answer = convert(EGM96, ELLIPSOID, [[0.0, 1.0, 2.0]] * 2, [np.nan, 5.0, np.nan], folder=tmp_path)
    assert np.isnan(answer["height"]).tolist() == [True, False, True]
    assert answer["height"][1] == pytest.approx(5.0 + n96(1.0, 1.0), abs=1e-3)


def test_a_network_that_refuses_is_an_error_and_is_off_again(convert):
    answer = convert(EGM96, ELLIPSOID, [[1.5], [42.5]], [1000.0], endpoint="http://127.0.0.1:9")
    assert "us_nga_egm96_15.tif" in answer["error"]
    assert "etwork error" in answer["error"]
    assert answer["network"] is False


def test_a_grid_comes_from_the_network_where_allowed(convert, tmp_path):
    write_grid(tmp_path / "us_nga_egm96_15.tif", n96)
    content = (tmp_path / "us_nga_egm96_15.tif").read_bytes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            first, last = (int(x) for x in self.headers["Range"].removeprefix("bytes=").split("-"))
            part = content[first : last + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {first}-{first + len(part) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(part)))
            self.send_header("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT")
            self.send_header("ETag", '"1"')
            self.end_headers()
            self.wfile.write(part)

        def log_message(self, *_args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        answer = convert(EGM96, ELLIPSOID, [[1.5], [42.5]], [1000.0], endpoint=endpoint)
        server.shutdown()
    assert not answer["available"]  # without the network, which describe_conversion leaves alone
    assert answer["height"] == pytest.approx([1000.0 + n96(1.5, 42.5)], abs=1e-3)
    assert answer["network"] is False


@pytest.mark.parametrize("datum", KNOWN)
def test_heights_in_the_wanted_datum_come_back_as_a_copy(datum):
    height = np.array([1000.0, np.nan])
    same = convert_heights(height, [1.0, 2.0], [3.0, 4.0], source=datum, target=datum)
    np.testing.assert_array_equal(same, height)
    assert not np.shares_memory(same, height)
    assert describe_conversion(datum, datum).grids == ()


@pytest.mark.parametrize(("source", "target"), [(UNKNOWN, EGM96), (EGM96, UNKNOWN), (UNKNOWN, UNKNOWN)])
def test_an_unknown_datum_is_refused(source, target):
    with pytest.raises(DatumError, match="unknown vertical datum") as caught:
        convert_heights([1.0], [2.0], [3.0], source=source, target=target)
    assert isinstance(caught.value, RoutesError)
    assert isinstance(caught.value, LookupError)
    status = describe_conversion(source, target)
    assert not status.is_available
    assert status.how_to_get == str(caught.value)


def test_ballpark_operations_are_always_barred(monkeypatch):
    """Each group of operations that is asked for bars them, and an operation without a grid is not used."""
    asked = []

    class Group:
        unavailable_operations = ()
        transformers = (Transformer.from_pipeline("+proj=noop"),)

        def __init__(self, *_crs, **options):
            asked.append(options["allow_ballpark"])

    monkeypatch.setattr(vertical, "TransformerGroup", Group)
    for source in KNOWN:
        for target in KNOWN:
            if source is not target:
                with pytest.raises(DatumError, match="no operation"):
                    convert_heights([1.0], [2.0], [3.0], source=source, target=target)
    assert asked
    assert not any(asked)


@pytest.mark.parametrize(
    ("height", "match"), [([1.0], "Heights have shape"), ([1.0, np.inf], "infinite, the first is number 1")]
)
def test_heights_that_do_not_fit_are_refused(height, match):
    with pytest.raises(InvalidCoordinatesError, match=match):
        convert_heights(height, [1.0, 2.0], [3.0, 4.0], source=EGM96, target=EGM96)


def test_the_network_is_restored_after_an_error():
    before = network.is_network_enabled()
    seen = []

    def fail():
        with vertical._network(is_allowed=True):
            seen.append(network.is_network_enabled())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert seen == [True]
    assert network.is_network_enabled() is before


@pytest.mark.parametrize("has_grid", [True, False])
def test_validate_names_a_height_above_the_ellipsoid_where_proj_has_the_geoid(
    ask, tmp_path, user_folder, has_grid
):
    """A height 50 m too high, where a grid of PROJ has the geoid 50 m above the ellipsoid; and where it has none."""
    if has_grid:
        write_grid(user_folder / "us_nga_egm96_15.tif", lambda lon, lat: 50.0 + 0.0 * lon + 0.0 * lat)
    path = dem(tmp_path / "slope.tif", 1.45, 1.6, height=2438)
    command = [
        "validate",
        "--at",
        "1.5",
        "42.5",
        "--stated",
        "2487 m",
        "--uncertainty",
        "10",
        "--dem",
        str(path),
    ]
    done = ask(command=[*command, "--json"])
    (finding,) = json.loads(done["out"])["findings"]
    assert finding["verdict"] in ("doubtful", "differs"), done["err"]
    causes = {cause["cause"]: cause["probability"] for cause in finding["diagnosis"]["causes"]}
    assert finding["estimate"] == pytest.approx(2437.5, abs=1.0)
    if has_grid:
        assert max(causes, key=lambda cause: causes[cause]) == "ellipsoidal height"
        assert finding["diagnosis"]["untested"] == []
    else:
        assert "ellipsoidal height" not in causes
        assert "us_nga_egm96_15.tif" in finding["diagnosis"]["untested"][0]
        assert "was not weighed" in done["err"]
