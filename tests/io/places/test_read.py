"""Lists of places: CSV, GeoJSON and GPX; wrong rows stay rows, wrong files are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.errors import GPXReadError, PointFileError
from routes.io.places.read import read_places
from routes.model.kinds import PlaceKind


def csv_of(tmp_path, text, name="list.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_csv_of_openstreetmap(tmp_path):
    text = "kind,name,lon,lat,stated_m,osm_node\npass,Port de Rat,1.45,42.62,2540,123\npeak,,1.5,42.5,,\n"
    rat, unnamed = read_places(csv_of(tmp_path, text))
    assert (rat.name, rat.lon, rat.lat, rat.printed) == ("Port de Rat", 1.45, 42.62, "2540 m")
    assert (rat.kind, rat.osm_url) == (PlaceKind.PASS, "https://www.openstreetmap.org/node/123")
    assert (rat.where, rat.uncertainty_m, rat.error) == ("line 2", 100.0, "")
    assert (unnamed.kind, unnamed.printed, unnamed.osm, unnamed.error) == (PlaceKind.PEAK, "", "", "")


@pytest.mark.parametrize(
    ("header", "cell", "printed"),
    [
        ("ele", "2540", "2540 m"), ("ele", "8,330 ft", "8,330 ft"), ("height_ft", "8330", "8330 ft"),
        ("altitude", " 2540.5 ", "2540.5 m"), ("stated", "2540 m", "2540 m"), ("elevation", "+2540", "2540 m"),
        ("elevation", "high", "high"),
    ],
)  # fmt: skip
def test_heights_and_their_units(tmp_path, header, cell, printed):
    (place,) = read_places(csv_of(tmp_path, f'x;y;{header}\n1.5;42.5;"{cell}"\n'))
    assert place.printed == printed


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ("1,5,42.5,2540", "4 fields under 3 column names"),
        ("east,42.5,2540", "degrees with a decimal point"),
        (",,2540", "degrees with a decimal point"),
        ("nan,42.5,2540", "degrees with a decimal point"),
        ("42.5,101.5,2540", "is not on Earth; are they swapped?"),
        ("1.5", "1 fields under 3 column names"),
    ],
)
def test_a_wrong_row_stays_a_row(tmp_path, row, error):
    before, wrong, after = read_places(
        csv_of(tmp_path, f"lon,lat,ele\n1.5,42.5,2000\n{row}\n1.6,42.6,2100\n")
    )
    assert (before.error, after.error) == ("", "")
    assert error in wrong.error
    assert wrong.where == "line 3"


def test_an_uncertainty_of_ones_own(tmp_path):
    text = "lon,lat,ele,uncertainty_m\n1.5,42.5,2000,25\n1.5,42.5,2000,\n1.5,42.5,2000,-1\n1.5,42.5,2000,x\n"
    own, default, negative, text_ = read_places(csv_of(tmp_path, text), uncertainty_m=70.0)
    assert (own.uncertainty_m, default.uncertainty_m) == (25.0, 70.0)
    assert "not more than 0" in negative.error
    assert "no number" in text_.error


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "has no point"),
        ("a.csv", "lon,lat,ele\n", "has no point"),
        ("a.csv", "lon,lat,name\n1,2,x\n", "no column of heights"),
        ("a.csv", "lon,ele\n1,2\n", "no column of latitudes"),
        ("a.csv", "lon,lat,ele,ele\n1,2,3,4\n", "2 columns are called ele"),
        ("a.csv", 'lon,lat,ele\n1,2,"3\n', "is not CSV"),
        ("a.csv", b"\xff\x00lon", "is not text"),
        ("a.geojson", "[1, 2]", "neither"),
        ("a.geojson", '{"type": "FeatureCollection", "features": 3}', "no list of features"),
        ("a.geojson", '{"type": "FeatureCollection", "features": []}', "has no point"),
        ("a.json", "{", "is not JSON"),
        ("a.txt", "x", "none of the lists"),
    ],
)
def test_wrong_files_are_refused(tmp_path, name, text, message):
    with pytest.raises(PointFileError, match=message):
        read_places(csv_of(tmp_path, text, name))
    with pytest.raises(PointFileError, match="Cannot read"):
        read_places(tmp_path / "absent.csv")


def point(coordinates, kind="Point", **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def test_geojson_of_overpass_and_its_errors(tmp_path):
    features = [
        point([1.5, 42.5], name="Coll", ele="2438", natural="saddle", **{"@id": "node/77"}),
        point([1.5, 42.5, 0.0], name="B", ele=2438.0),
        point([[1.5, 42.5], [1.6, 42.5]], "LineString"),
        point(["1.5", 42.5]),
        {"type": "Feature", "properties": None, "geometry": None},
        7,
        point([1.5]),
        point([200.0, 42.5], ele=1),
    ]
    path = csv_of(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "a.geojson")
    coll, b, *wrong = read_places(path)
    assert (coll.printed, coll.kind, coll.osm, coll.where) == (
        "2438 m",
        PlaceKind.PASS,
        "node/77",
        "feature 1",
    )
    assert (b.printed, b.lon, b.error) == ("2438 m", 1.5, "")
    assert [bool(place.error) for place in wrong] == [True] * 6
    assert "LineString" in wrong[0].error


def test_geojson_in_another_crs(tmp_path):
    """Origin of UTM zone 31: 500 km easting on 3 degrees east."""
    crs = {"type": "name", "properties": {"name": "EPSG:32631"}}
    document = {"type": "FeatureCollection", "crs": crs, "features": [point([500000.0, 4700000.0], ele=1)]}
    (place,) = read_places(csv_of(tmp_path, json.dumps(document), "a.geojson"))
    assert place.lon == pytest.approx(3.0)
    assert place.lat == pytest.approx(42.45, abs=0.01)


def test_gpx_waypoints(tmp_path):
    text = (
        '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="42.5" lon="1.5"><ele>2438.25</ele><name>Coll</name><type>pass</type></wpt>'
        '<wpt lat="42.5" lon="1.6"><name>no height</name></wpt>'
        "</gpx>"
    )
    coll, bare = read_places(csv_of(tmp_path, text, "a.gpx"))
    assert (coll.name, coll.printed, coll.kind, coll.where) == (
        "Coll",
        "2438.25 m",
        PlaceKind.PASS,
        "waypoint 1",
    )
    assert (bare.printed, bare.error) == ("", "")
    off = text.replace("</gpx>", '\n<wpt lat="142.5" lon="1"/></gpx>')
    for odd, message in ((off, "line 2: a wpt is not on Earth: latitude 142.5"), ("<html>", "is not GPX")):
        with pytest.raises(GPXReadError, match=message):
            read_places(csv_of(tmp_path, odd, "b.gpx"))


def test_names_steer_no_terminal(tmp_path):
    (place,) = read_places(csv_of(tmp_path, 'lon,lat,ele,name\n1.5,42.5,1,"a\x1b[31m\nb\u202ec"\n'))
    assert place.name == "a [31m b c"


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=12), min_size=1, max_size=8))
def test_whatever_a_table_holds_every_line_is_a_row_or_the_file_is_refused(tmp_path_factory, cells):
    rows = [f"1.5,42.5,{cell}" for cell in cells]
    path = csv_of(tmp_path_factory.mktemp("list"), "\n".join(["lon,lat,ele", *rows]))
    try:
        places = read_places(path)
    except PointFileError:
        return
    assert 1 <= len(places) <= sum(len(row.splitlines()) for row in rows)
