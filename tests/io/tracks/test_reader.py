"""One reader for all formats: files made by gpsbabel and GDAL from a known track, and files that are wrong."""

import gzip
import io
import json
import shutil
import subprocess
import sys
import zipfile

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import routes
from routes.errors import RoutesError, RoutesWarning, TrackReadError
from routes.gpx.codes import Trap
from routes.io.export.fit import variant_fit
from routes.io.export.geojson import layers_geojson
from routes.io.export.gpkg import layers_gpkg
from routes.io.export.kml import variant_kml
from routes.io.export.layers import layers_of
from routes.io.tracks import reader as track_read
from routes.io.tracks.reader import read_track_file, read_tracks
from routes.model.kinds import Provenance
from tests.io.export.exported import exported_study
from tests.strategies import examples

NOON = 1_593_590_400.0
"""2020-07-01T08:00:00 UTC."""

RUNS = [
    [(8.5, 46.5, 1500.2, NOON), (8.501, 46.501, 1510.4, NOON + 180), (8.503, 46.502, 1525.0, NOON + 360)],
    [(8.51, 46.51, 1600.0, NOON + 3600), (8.511, 46.511, 1610.0, NOON + 3780)],
]
SECOND = [(8.6, 46.6, 1500.2, NOON + 86400), (8.601, 46.601, 1510.4, NOON + 86580)]


def gpx_text():
    def point(lon, lat, ele, time):
        stamp = np.datetime64(int(time), "s")
        return f'<trkpt lat="{lat}" lon="{lon}"><ele>{ele}</ele><time>{stamp}Z</time></trkpt>'

    def segment(run):
        return f"<trkseg>{''.join(point(*row) for row in run)}</trkseg>"

    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="46.55" lon="8.55"><ele>2100</ele><name>Pass A</name></wpt>'
        '<wpt lat="46.6" lon="8.6"><name>Hut B</name></wpt>'
        f"<trk><name>First day</name>{''.join(map(segment, RUNS))}</trk>"
        f"<trk><name>Second day</name>{segment(SECOND)}</trk></gpx>"
    )


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "known.gpx"
    path.write_text(gpx_text(), encoding="utf-8")
    return path


needs_gpsbabel = pytest.mark.skipif(shutil.which("gpsbabel") is None, reason="gpsbabel is not installed")


@needs_gpsbabel
@pytest.mark.parametrize(
    ("suffix", "how", "has_gap", "has_times"),
    [
        ("kml", "kml,points=0", True, False),
        ("kml", "kml,points=0,lines=0,track=1", False, True),
        ("tcx", "gtrnctr", False, True),
        ("tcx", "gtrnctr,course=0", False, True),
        ("fit", "garmin_fit", False, True),
        ("geojson", "geojson", False, False),
        ("gpx", "gpx", True, True),
    ],
)
def test_what_gpsbabel_makes_of_a_known_track_reads_the_same(
    source, tmp_path, suffix, how, has_gap, has_times
):
    """gpsbabel joins segments in most formats; times are where the format has them."""
    path = tmp_path / f"made.{suffix}"
    subprocess.run(["gpsbabel", "-i", "gpx", "-f", source, "-o", how, "-F", path], check=True)
    file = read_track_file(path)
    expected = np.array([*RUNS[0], *RUNS[1], *SECOND]).T
    got = np.stack([file.points.lon_deg, file.points.lat_deg, file.points.height_m])
    assert got == pytest.approx(expected[:3], abs=2e-6)
    if has_times:
        assert file.points.time_s.tolist() == expected[3].tolist()
    else:
        assert np.isnan(file.points.time_s).all()
    if suffix != "fit":  # which holds one course
        assert file.offsets.tolist() == ([0, 3, 5, 7] if has_gap else [0, 5, 7])
    if how != "gtrnctr,course=0" and suffix != "fit":
        assert [track.name for track in file.tracks] == ["First day", "Second day"]
    if suffix != "tcx":
        assert file.waypoints.name == ("Pass A", "Hut B")
        assert file.waypoints.points.lon_deg == pytest.approx([8.55, 8.6], abs=1e-6)
    if suffix in ("kml", "geojson"):
        assert file.waypoints.points.height_m == pytest.approx([2100.0, np.nan], nan_ok=True)


def frame():
    lines = [
        shapely.MultiLineString([[row[:3] for row in run] for run in RUNS]),
        shapely.LineString([r[:3] for r in SECOND]),
    ]
    return gpd.GeoDataFrame({"name": ["First day", "Second day"]}, geometry=lines, crs="EPSG:4326")


@pytest.mark.parametrize(("driver", "suffix"), [("GPKG", "gpkg"), ("GeoJSON", "geojson"), ("LIBKML", "kml")])
def test_what_gdal_writes_reads_the_same(tmp_path, driver, suffix):
    path = tmp_path / f"x.{suffix}"
    frame().to_file(path, driver=driver, engine="pyogrio")
    file = read_track_file(path)
    assert [track.name for track in file.tracks] == ["First day", "Second day"]
    assert file.offsets.tolist() == [0, 3, 5, 7]
    expected = np.array([*RUNS[0], *RUNS[1], *SECOND]).T[:3]
    got = np.stack([file.points.lon_deg, file.points.lat_deg, file.points.height_m])
    assert got == pytest.approx(expected, abs=1e-9)
    assert file.segments()[0].ele_m is not None


def test_other_crs_are_converted(tmp_path):
    path = tmp_path / "x.gpkg"
    frame().to_crs("EPSG:32632").to_file(path, driver="GPKG", engine="pyogrio")
    assert read_track_file(path).points.lon_deg[0] == pytest.approx(8.5, abs=1e-8)
    assert not list(tmp_path.glob("*.gpkg-*"))
    document = json.loads(frame().to_crs("EPSG:32632").to_json())
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}}
    other = tmp_path / "x.json"
    other.write_text(json.dumps(document), encoding="utf-8")
    assert read_track_file(other).points.lat_deg[-1] == pytest.approx(46.601, abs=1e-8)


def test_the_name_of_a_file_is_of_no_matter(tmp_path):
    kml = tmp_path / "x.gpx"
    kml.write_text(KML.format("1,2,3 4,5,6"), encoding="utf-8")
    assert read_track_file(kml).points.lon_deg.tolist() == [1.0, 4.0]
    packed = tmp_path / "x.tcx.gz"
    packed.write_bytes(gzip.compress(TCX.format("<AltitudeMeters>7</AltitudeMeters>").encode()))
    assert read_track_file(packed).points.height_m[0] == 7.0
    kmz = tmp_path / "x.zip"
    with zipfile.ZipFile(kmz, "w") as archive:
        archive.writestr("../../evil.txt", "x")
        archive.writestr("doc.kml", KML.format("1,2,3 4,5,6"))
    assert read_track_file(kmz).points.height_m.tolist() == [3.0, 6.0]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.gpx", "x.tcx.gz", "x.zip"]
    wide = tmp_path / "wide.kml"
    wide.write_bytes(KML.format("1,2,3 4,5,6").encode("utf-16"))
    assert len(read_track_file(wide).points) == 2


KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark>'
    "<name>A</name>\n<LineString><coordinates>{}</coordinates></LineString></Placemark></Document></kml>"
)
TCX = (
    '<TrainingCenterDatabase><Activities><Activity Sport="Other"><Id>x</Id><Lap><Track>\n<Trackpoint>'
    "<Position><LatitudeDegrees>46</LatitudeDegrees><LongitudeDegrees>8</LongitudeDegrees></Position>{}</Trackpoint>"
    "<Trackpoint><Time>2020-07-01T08:00:00Z</Time></Trackpoint>"
    "<Trackpoint><Position><LatitudeDegrees>46.1</LatitudeDegrees><LongitudeDegrees>8</LongitudeDegrees></Position>"
    "</Trackpoint></Track></Lap></Activity></Activities></TrainingCenterDatabase>"
)


def read(tmp_path, data):
    path = tmp_path / "x"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_track_file(path)


def test_gdal_takes_what_is_no_number_for_one_and_we_do_not(tmp_path):
    """Why KML is not read through GDAL."""
    path = tmp_path / "x.kml"
    path.write_text(KML.format("1,2 3,x 5,6"), encoding="utf-8")
    assert len(shapely.get_coordinates(pyogrio.read_dataframe(path).geometry)) == 3
    with pytest.raises(TrackReadError, match="line 2: 'x' in coordinates is no number"):
        read_track_file(path)


@pytest.mark.parametrize(
    ("coordinates", "message"),
    [
        ("1,2 3", "lon,lat or lon,lat,altitude, not '3'"),
        ("1,2 3,4,5,6", "lon,lat or lon,lat,altitude"),
        ("1,2 3,146", r"point 2 is not on Earth \(lat 146, lon 3\)"),
        ("1,2 nan,4", "point 2 is not on Earth"),
        ("1,2 inf,4", "point 2 is not on Earth"),
        ("1, 2, 3", "lon,lat or lon,lat,altitude"),
    ],
)
def test_wrong_positions_of_kml_are_refused_with_their_line(tmp_path, coordinates, message):
    with pytest.raises(TrackReadError, match=f"line [12]: .*{message}"):
        read(tmp_path, KML.format(coordinates))


def test_altitudes_that_are_no_heights_are_unknown(tmp_path):
    assert np.isnan(read(tmp_path, KML.format("1,2,0 3,4,0")).points.height_m).all()
    assert read(tmp_path, KML.format("1,2,0 3,4,5")).points.height_m.tolist() == [0.0, 5.0]
    assert read(tmp_path, KML.format("1,2,nan 3,4,5 5,6,inf")).points.height_m == pytest.approx(
        [np.nan, 5.0, np.nan], nan_ok=True
    )
    above = KML.format("1,2,9 3,4,9").replace(
        "<LineString>", "<LineString><altitudeMode>relativeToGround</altitudeMode>"
    )
    with pytest.warns(RoutesWarning, match="relativeToGround"):
        assert np.isnan(read(tmp_path, above).points.height_m).all()


def test_a_track_of_google_with_gaps_and_too_few_times(tmp_path):
    coords = "<gx:coord>1 2 3</gx:coord><gx:coord/><gx:coord>4 5 6</gx:coord>"
    whens = "".join(f"<when>2020-07-01T08:0{i}:00Z</when>" for i in range(3))
    text = KML.format("1,2").replace(
        "<LineString><coordinates>1,2</coordinates></LineString>",
        f"<gx:MultiTrack><gx:Track>{whens}{coords}</gx:Track><gx:Track>{coords}</gx:Track></gx:MultiTrack>",
    )
    file = read(tmp_path, text)
    assert file.offsets.tolist() == [0, 2, 4]
    assert file.points.time_s == pytest.approx([NOON, NOON + 120, np.nan, np.nan], nan_ok=True)
    with pytest.warns(RoutesWarning, match="2 times for 3 positions"):
        short = read(tmp_path, text.replace("<when>2020-07-01T08:02:00Z</when>", "", 1))
    assert np.isnan(short.points.time_s).all()


def test_trackpoints_without_position_or_height(tmp_path):
    file = read(tmp_path, TCX.format(""))
    assert len(file.points) == 2
    assert np.isnan(file.points.height_m).all()
    for text, code in (("", Trap.ELE_EMPTY), ("100,5", Trap.ELE_NOT_A_NUMBER)):
        with pytest.warns(RoutesWarning, match="line 2: .*the height is unknown"):
            file = read(tmp_path, TCX.format(f"<AltitudeMeters>{text}</AltitudeMeters>"))
        assert file.warnings[0].code is code
    with pytest.raises(TrackReadError, match=r"line 2: a trackpoint is not on Earth \(lat 146"):
        read(tmp_path, TCX.format("").replace(">46<", ">146<"))
    with pytest.raises(TrackReadError, match="line 2: '46,1' is no number"):
        read(tmp_path, TCX.format("").replace(">46<", ">46,1<"))


def test_laps_are_one_way_and_pauses_part_it(tmp_path):
    lap = "<Lap><Track>{0}</Track>{1}</Lap>"

    def point(lat):
        at = f"<LatitudeDegrees>{lat}</LatitudeDegrees><LongitudeDegrees>8</LongitudeDegrees>"
        return f"<Trackpoint><Position>{at}</Position></Trackpoint>"

    first = lap.format(point(1) + point(2), "")
    second = lap.format(point(3), f"<Track>{point(4)}{point(5)}</Track>")
    activity = f'<Activities><Activity Sport="Other">{first}{second}</Activity></Activities>'
    text = f"<TrainingCenterDatabase>{activity}</TrainingCenterDatabase>"
    assert read(tmp_path, text).offsets.tolist() == [0, 3, 5]


BOMB = '<!DOCTYPE k [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("text", [KML.format("1,2 3,4"), TCX.format("")])
def test_document_types_are_refused(tmp_path, text):
    with pytest.raises(TrackReadError, match="line 1: it declares a document type"):
        read(tmp_path, BOMB + text)


@pytest.mark.parametrize("text", [KML.format("1,2 3,4"), TCX.format("")])
def test_broken_xml_is_refused_with_its_line(tmp_path, text):
    with pytest.raises(TrackReadError, match="line 2: it is not well-formed XML: mismatched tag"):
        read(tmp_path, text.replace("</LineString>", "</x>").replace("</Track>", "</x>"))
    deep = text.replace("\n", "\n" + "<a>" * 300)
    with pytest.raises(TrackReadError, match="nested more than 200 deep"):
        read(tmp_path, deep)


def test_a_file_cut_in_the_middle_keeps_what_is_complete(tmp_path):
    text = KML.format("1,2 3,4").replace("</Document>", "<Placemark><LineString><coordinates>5,6 7")
    with pytest.warns(RoutesWarning, match="ends in the middle"):
        assert len(read(tmp_path, text[: text.index("5,6 7") + 5]).points) == 2
    text = TCX.format("")
    with pytest.warns(RoutesWarning, match="ends in the middle"):
        assert len(read(tmp_path, text[: text.rindex("<Position>")]).points) == 1


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "line 1: it is not JSON"),
        ('{"a": 1}', "no member type"),
        ("[1]", "no member type"),
        ('{"type": "FeatureCollection", "features": 1}', "features is no list"),
        (
            '{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3]]}}',
            "feature 1: position 2",
        ),
        (
            '{"type": "LineString", "coordinates": [[1, 2], ["3", 4]]}',
            "feature 1: position 2 is not two numbers",
        ),
        ('{"type": "LineString", "coordinates": [[1, 2], [3, 146]]}', "feature 1: point 2 is not on Earth"),
        ('{"type": "LineString", "coordinates": [[1, 2], [true, 4]]}', "position 2 is not two numbers"),
        ('{"type": "LineString", "coordinates": 1}', "no list of positions"),
        ('{"type": "LineString", "coordinates": [[1, 2], [NaN, 3]]}', "position 2"),
        (
            '{"type": "LineString", "crs": {"type": "name", "properties": {"name": "EPSG:0"}}, "coordinates": []}',
            "EPSG:0",
        ),
        ("[" * 100_000, "no JSON that can be read"),
    ],
)
def test_wrong_geojson_is_refused_with_its_place(tmp_path, document, message):
    with pytest.raises(TrackReadError, match=message):
        read(tmp_path, document)


def test_geojson_of_other_geometries_and_unknown_heights(tmp_path):
    polygon = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    line = {"type": "LineString", "coordinates": [[1, 2, None], [3, 4, 5], [6, 7, 1e400]]}
    both = {"type": "GeometryCollection", "geometries": [polygon, line]}
    document = {"type": "Feature", "properties": None, "geometry": both}
    with pytest.warns(RoutesWarning, match="a 'Polygon' is no track"):
        file = read(tmp_path, json.dumps(document).replace("Infinity", "1e400"))
    assert file.points.height_m == pytest.approx([np.nan, 5.0, np.nan], nan_ok=True)


def test_longitudes_beyond_180_are_wrapped(tmp_path):
    with pytest.warns(RoutesWarning, match="beyond 180 degrees"):
        file = read(tmp_path, '{"type": "LineString", "coordinates": [[179.9, 2], [180.1, 4]]}')
    assert file.points.lon_deg == pytest.approx([179.9, -179.9])


def test_a_layer_is_chosen_or_asked_for(tmp_path):
    path = tmp_path / "x.gpkg"
    for name in ("up", "down"):
        frame().to_file(path, layer=name, driver="GPKG", engine="pyogrio")
    with pytest.raises(TrackReadError, match=r"several layers of lines \(up, down\); say which with --layer"):
        read_track_file(path)
    assert len(read_track_file(path, layer="down").tracks) == 2
    with pytest.raises(TrackReadError, match="no layer 'x'; it has: up, down"):
        read_track_file(path, layer="x")
    frame().to_file(path, layer="tracks", driver="GPKG", engine="pyogrio")
    assert len(read_track_file(path).tracks) == 2


def test_a_database_that_is_no_geopackage(tmp_path):
    with pytest.raises(TrackReadError, match="cannot be read as a GeoPackage"):
        read(tmp_path, b"SQLite format 3\0" + b"\1" * 2000)


def test_a_geopackage_whose_text_is_no_utf_8(tmp_path):
    path = tmp_path / "x.gpkg"
    frame().to_file(path, driver="GPKG", engine="pyogrio")
    path.write_bytes(path.read_bytes().replace(b"Second day", b"Second \x8a\x8ay"))
    with pytest.raises(TrackReadError, match=r"cannot be read as a GeoPackage: .*decode"):
        read_track_file(path)


def fit_file():
    study = exported_study()
    return variant_fit(study, study.default)["day-2"]


@pytest.mark.parametrize("cut", [False, True])
def test_a_damaged_fit_gives_what_is_before_the_damage(tmp_path, cut):
    data = fit_file()
    whole = len(read(tmp_path, data).points)
    damaged = data[: len(data) // 2] if cut else data[:-1] + bytes([data[-1] ^ 1])
    with pytest.warns(
        RoutesWarning, match=r"damaged or ends in the middle \(.+\); the records before that are read"
    ):
        file = read(tmp_path, damaged)
    assert len(file.points) < whole if cut else len(file.points) == whole
    assert file.warnings[0].code is (Trap.CUT_OFF if cut else Trap.CHECKSUM)


def test_a_fit_without_anything_is_refused(tmp_path, monkeypatch):
    with pytest.raises(TrackReadError, match="no FIT file that can be read"):
        read(tmp_path, fit_file()[:14])
    monkeypatch.setitem(sys.modules, "garmin_fit_sdk", None)
    with pytest.raises(TrackReadError, match=r"pip install 'trek-routes\[fit\]'"):
        read(tmp_path, fit_file())


def test_our_own_exports_say_what_their_lines_are(tmp_path):
    """A modelled line must not come back as a recorded one, whatever the format."""
    study = exported_study()
    layers = layers_of(study, study.default)
    for data, expected in (
        (layers_geojson(layers).encode(), ["recorded", "schematic", "osm", "modelled"]),
        (layers_gpkg(layers), ["recorded", "schematic", "osm", "modelled"]),
        (variant_kml(study, study.default).encode(), [None, None, "modelled"]),
        (fit_file(), ["modelled"]),
    ):
        file = read(tmp_path, data)
        assert [track.mark and track.mark.provenance.value for track in file.tracks] == expected
    assert read_tracks(tmp_path / "x")[0].provenance is Provenance.MODELLED


def test_what_is_no_file_of_tracks(tmp_path, source):
    with pytest.raises(TrackReadError, match=r"no file of tracks .*; it begins with 'hello'"):
        read(tmp_path, "hello")
    with pytest.raises(TrackReadError, match="not GPX"):
        read(tmp_path, "<html><body>404</body></html>")
    with pytest.raises(TrackReadError, match="No such file"):
        read_track_file(tmp_path / "none")
    with pytest.raises(TrackReadError, match="directory"):
        read_track_file(tmp_path)
    read(tmp_path, KML.format("1,2"))
    with pytest.raises(TrackReadError, match="no track or route of two points"):
        read_tracks(tmp_path / "x")
    assert routes.read_track_file(source).source.endswith("known.gpx")


def test_sizes_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(track_read, "MAX_BYTES", 1000)
    big = KML.format("1,2 3,4" + " " * 5000)
    with pytest.raises(TrackReadError, match="larger than"):
        read(tmp_path, big)
    with pytest.raises(TrackReadError, match="larger than"):
        read(tmp_path, gzip.compress(big.encode()))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", big)
    with pytest.raises(TrackReadError, match="larger than"):
        read(tmp_path, buffer.getvalue())


def test_a_damaged_kmz_is_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("doc.kml", KML.format("1,2 3,4"))
    data = bytearray(buffer.getvalue())
    data[60] ^= 255
    with pytest.raises(TrackReadError, match="not a KMZ file that can be read"):
        read(tmp_path, bytes(data))
    # bytes that are missing before the list of its members: zipfile looks before the beginning of the file
    with pytest.raises(TrackReadError, match="negative seek"):
        read(tmp_path, buffer.getvalue()[:10] + buffer.getvalue()[90:])


def seeds():
    study = exported_study()
    layers = layers_of(study, study.default)
    return [KML.format("1,2,3 4,5,6").encode(), TCX.format("").encode(), fit_file(), layers_gpkg(layers),
            b'{"type": "LineString", "coordinates": [[1, 2], [3, 4, 5]]}']  # fmt: skip


SEEDS = seeds()


@pytest.mark.filterwarnings("ignore::routes.errors.RoutesWarning")
@settings(max_examples=examples(150))
@given(
    st.sampled_from(range(len(SEEDS))),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=8),
    st.floats(0, 1),
)
def test_whatever_the_bytes_nothing_but_our_own_errors(tmp_path_factory, which, changes, end):
    data = bytearray(SEEDS[which])
    for at, value in changes:
        data[int(at * (len(data) - 1))] = value
    path = tmp_path_factory.getbasetemp() / "mutated"
    path.write_bytes(bytes(data[: max(int(end * len(data)), 1)] if end < 0.5 else data))
    try:
        file = read_track_file(path)
    except RoutesError:
        return
    assert (np.abs(file.points.lat_deg) <= 90.0).all()
    assert (np.abs(file.points.lon_deg) <= 180.0).all()


HEIGHTS = st.one_of(st.none(), st.floats(-400, 9000))
POSITIONS = st.tuples(st.floats(-180, 180), st.floats(-90, 90), HEIGHTS)


@given(st.lists(st.lists(POSITIONS, min_size=1, max_size=6), min_size=1, max_size=4), st.text(max_size=20))
def test_any_line_in_geojson_comes_back(tmp_path_factory, runs, name):
    lines = [[[x, y] if z is None else [x, y, z] for x, y, z in run] for run in runs]
    document = {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "MultiLineString", "coordinates": lines},
    }
    path = tmp_path_factory.getbasetemp() / "any.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    file = read_track_file(path)
    flat = [row for run in runs for row in run]
    assert file.points.lon_deg.tolist() == [row[0] for row in flat]
    assert file.points.lat_deg.tolist() == [row[1] for row in flat]
    expected = np.array([np.nan if row[2] is None else row[2] for row in flat])
    assert np.array_equal(file.points.height_m, expected, equal_nan=True)
    assert np.diff(file.offsets).tolist() == [len(run) for run in runs]
    assert file.tracks[0].name == name
