"""A trek file to start from: whatever the source, `read_trek` reads what is made of it."""

import csv
import io
import json
import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routes.cli.main import main
from routes.errors import GPXReadError, RoutesError, TrekFileError
from routes.gpx.read.reader import read_gpx
from routes.io.trek.read import parse_trek, read_trek
from routes.io.trek.scaffold import scaffold
from routes.model.kinds import Provenance
from routes.pipeline import load_trek

HEADER = "name,lon,lat,kind,stated,source,position_source,position_uncertainty_m"
ROWS = ("Hut,1.50,42.50,hotel,,,,", "Pass,1.52,42.51,pass,,,,")


@pytest.fixture
def table(tmp_path):
    def make(*rows, header=HEADER):
        path = tmp_path / "my places.csv"
        path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
        return parse_trek(scaffold(path, tmp_path / "t.toml").text, "t.toml")

    return make


def test_a_height_in_two_units_is_parted_as_printed(table):
    trek = table(ROWS[0], 'Pass,1.52,42.51,pass,"2,550 m (8,366 ft)","Guide, page 3",,')
    (figure,) = trek.places[1].stated
    assert (figure.value, figure.also, figure.source) == ("2,550 m", "8,366 ft", "Guide, page 3")


def test_the_source_is_that_of_the_height_and_the_position_has_its_own(table):
    hut, saddle, lake = table(
        "Hut,1.50,42.50,hotel,2000 m,,,",
        "Pass,1.52,42.51,pass,2550 m,Guide,GPS at the cairn,",
        "Lake,1.6,42.5,lake,,Map,,",
    ).places
    assert hut.stated[0].source == "TODO (my places.csv, line 2)"
    assert hut.position_source == "TODO (my places.csv, line 2)"
    assert (saddle.stated[0].source, saddle.position_source) == ("Guide", "GPS at the cairn")
    assert lake.position_source == "TODO (my places.csv, line 4: Map)"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Pass,1.52,42.51,pass,about 2500,,,", "line 3: stated 'about 2500': .* is no figure with a unit"),
        ("Pass,1.52,42.51,pass,2500,,,", "line 3: stated '2500': '2500' has no unit for elevation"),
        ("Pass,1.52,42.51,pass,2.550 m,,,", "line 3: stated '2.550 m': .*write 2550 m"),
        ("Pass,1.52,42.51,pass,25000 m,,,", "line 3: .*is not on land"),
        ("Pass,1.52,42.51,pass,,,,nan", "line 3: position_uncertainty_m must be a number"),
        ("Pass,1.52,42.51,pass,,,,-5", "line 3: position_uncertainty_m must be more than 0 and at most 100,000"),
        ("Pass,1.52,42.51,pass,,,,1e6", "line 3: position_uncertainty_m must be more than 0 and at most 100,000"),
        ("Pass,nan,42.51,pass,,,,", "line 3: lon must be a number"),
        ("Pass,1_0,42.51,pass,,,,", "line 3: lon must be a number"),
        ("Pass,1.52,,pass,,,,", "line 3: lat must be a number"),
        ("Pass,181,42.51,pass,,,,", "line 3: longitude 181.0, latitude 42.51 is not on Earth"),
        ("Pass,1.52,42.51,saddle,,,,", "line 3: kind 'saddle' is not allowed"),
    ],
)  # fmt: skip
def test_a_row_that_makes_no_place_is_told_with_its_line(table, row, message):
    with pytest.raises(TrekFileError, match=message) as caught:
        table(ROWS[0], row)
    assert str(caught.value).isprintable()


def test_a_row_too_short_and_a_column_twice_are_told(table):
    with pytest.raises(RoutesError, match="line 3: 2 fields under 8 column names"):
        table(ROWS[0], "Pass,1.52")
    with pytest.raises(TrekFileError, match="several columns are called 'lon'"):
        table("a,1,2,3", "b,1,2,3", header="name,lon,lat,lon")


def test_the_antimeridian_and_blank_names(table):
    first, second = table("   ,179.99999999,42.5,,,,,", "\x7f\t,180,42.5,,,,,").places
    assert (first.lon, first.name, first.id) == (-180.0, "Place 1", "place-1")
    assert (second.lon, second.name, second.id) == (-180.0, "\x7f", "place-2")


def test_semicolons_and_names_of_columns_in_capitals(table):
    trek = table("Hut;1.5;42.5", "Pass;1.6;42.5", header="Name; LON;Lat")
    assert [place.id for place in trek.places] == ["hut", "pass"]


CELLS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(
    rows=st.lists(
        st.tuples(
            CELLS,
            st.floats(-180.0, 180.0).map(repr),
            st.floats(-90.0, 90.0).map(repr),
            st.sampled_from(["", "pass", "Hut"]),
            st.sampled_from(["", "2,550 m (8,366 ft)", "4450 m", "about", "10 m (20 m)"]) | CELLS,
            CELLS,
            CELLS,
            st.sampled_from(["", "5", "1e-300", "100000"]) | st.floats().map(repr),
        ),
        min_size=2,
        max_size=4,
    )
)
@example(rows=[('"\\', "-0.0", "-1e-9", "", "", "\x00", "\x85\u2028", "99999.99")] * 3)
def test_a_table_makes_a_trek_that_is_read_or_one_line_of_reason(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER.split(","), *rows])
    path.write_bytes(text.getvalue().encode())
    try:
        made = scaffold(path, path.with_suffix(".toml"))
    except RoutesError as error:
        assert "makes no trek file" not in str(error)  # noqa: PT017 - either outcome is right
        assert str(error).isprintable()  # noqa: PT017
    else:
        assert len(parse_trek(made.text, "t").places) == len(rows)


def gpx(*tracks, waypoints=""):
    """GPX of tracks, each a name and segments of (lon, lat)."""
    body = "".join(
        f"<trk><name>{name}</name>"
        + "".join(
            "<trkseg>" + "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lon, lat in run) + "</trkseg>"
            for run in runs
        )
        + "</trk>"
        for name, *runs in tracks
    )
    return f'<gpx version="1.1" creator="an app" xmlns="http://www.topografix.com/GPX/1/1">{waypoints}{body}</gpx>'


@pytest.fixture
def made(tmp_path):
    """What ``routes new`` makes of a GPX text: the trek and its lines."""

    def make(text):
        source = tmp_path / "walk.gpx"
        source.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as done:
            main(["new", str(source), "--out", str(tmp_path / "t.toml")])
        assert done.value.code == 0
        return load_trek(tmp_path / "t.toml")

    return make


HUT = '<wpt lat="42.5" lon="1.5"><name>Hut</name></wpt>'
TWO_DAYS = gpx(
    ("Up", [(1.5, 42.5), (1.52, 42.51)], [(1.53, 42.51), (1.55, 42.52)]),
    ("Down", [(1.5501, 42.52), (1.5001, 42.5)]),
    waypoints=HUT,
)


def test_a_gpx_gives_a_day_a_track_and_never_joins_segments(made):
    trek, lines = made(TWO_DAYS)
    assert [(day.title, day.legs[0].id, day.transfer) for day in trek.days] == [
        ("Up", "up", False),
        ("Down", "down", False),
    ]
    assert [leg.stops for _, leg in trek.legs()] == [("hut", "end-of-day-1"), ("end-of-day-1", "hut")]
    assert [leg.gpx for _, leg in trek.legs()] == ["t-gpx/up.gpx", "t-gpx/down.gpx"]
    assert [len(lines[leg_id].segments) for leg_id in ("up", "down")] == [2, 1]
    assert lines["up"].provenance is Provenance.RECORDED
    assert lines["up"].segments[1].lon_deg.tolist() == [1.53, 1.55]


def test_a_day_that_begins_elsewhere_is_a_transfer(made):
    trek, _ = made(gpx(("A", [(1.5, 42.5), (1.52, 42.51)]), ("A", [(1.6, 42.5), (1.62, 42.51)])))
    assert [day.transfer for day in trek.days] == [False, True]
    assert [leg.id for _, leg in trek.legs()] == ["a", "a-2"]
    assert len({place.id for place in trek.places}) == 4


def test_a_single_track_names_the_original_file(tmp_path, made):
    trek, lines = made(gpx(("Up", [(1.5, 42.5), (1.52, 42.51)], [(1.53, 42.51), (1.55, 42.52)])))
    ((_, leg),) = trek.legs()
    assert leg.gpx == "walk.gpx"
    assert len(lines[leg.id].segments) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.toml", "walk.gpx"]


def test_waypoints_of_one_name_and_of_none_are_places(made):
    blank = '<wpt lat="42.7" lon="1.5"><name> </name></wpt>'
    trek, _ = made(gpx(("Up", [(1.5, 42.5), (1.52, 42.51)]), waypoints=HUT + HUT + blank))
    assert [place.id for place in trek.places] == ["hut", "hut-2", "place-3", "end"]


def test_a_line_that_says_what_it_is_keeps_saying_so(made):
    said = 'provenance="modelled" lateral_p90_m="80"'
    mark = f'<extensions><l:line xmlns:l="urn:trek-routes:line:1" {said}/></extensions>'
    trek, lines = made(TWO_DAYS.replace("<name>Up</name>", f"<name>Up</name>{mark}"))
    assert (lines["up"].provenance, lines["up"].lateral_p90_m) == (Provenance.MODELLED, 80.0)
    assert trek.days[0].legs[0].provenance is Provenance.MODELLED
    assert lines["down"].provenance is Provenance.RECORDED


def test_nothing_is_overwritten_unasked_and_nothing_is_half_written(tmp_path, capsys):
    source = tmp_path / "walk.gpx"
    source.write_text(TWO_DAYS, encoding="utf-8")
    (tmp_path / "t-gpx").mkdir()
    (tmp_path / "t-gpx" / "down.gpx").write_text("theirs", encoding="utf-8")
    command = ["new", str(source), "--out", str(tmp_path / "t.toml")]
    with pytest.raises(SystemExit, match="2"):
        main(command)
    assert "--overwrite" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["down.gpx", "t-gpx", "walk.gpx"]
    with pytest.raises(SystemExit, match="0"):
        main([*command, "--overwrite"])
    assert len(read_gpx(tmp_path / "t-gpx" / "down.gpx").segments()) == 1


def test_the_source_is_never_overwritten(tmp_path):
    source = tmp_path / "walk.gpx"
    source.write_text(TWO_DAYS, encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        main(["new", str(source), "--out", str(source), "--overwrite"])
    assert source.read_text(encoding="utf-8") == TWO_DAYS


def test_a_thousand_tracks_and_a_track_without_length_are_refused(tmp_path):
    source = tmp_path / "walk.gpx"
    source.write_text(gpx(*[("A", [(1.5, 42.5), (1.52, 42.51)])] * 1000), encoding="utf-8")
    with pytest.raises(GPXReadError, match="1000 tracks; a trek has 999 days at most"):
        scaffold(source, tmp_path / "t.toml")
    short = ("A", [(1.5, 42.5), (1.50000001, 42.5)])
    source.write_text(gpx(short, short), encoding="utf-8")
    with pytest.raises(GPXReadError, match=r"track 1 \('A'\) is shorter than 0\.1 m"):
        scaffold(source, tmp_path / "t.toml")


def test_a_pipe_is_refused_before_it_is_opened(tmp_path):
    for name in ("pipe.csv", "pipe.gpx"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(RoutesError, match="no regular file"):
            scaffold(tmp_path / name, tmp_path / "t.toml")


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("andorra_osm_gr107", 1),
        ("andorra_osm_gr11", 1),
        ("andorra_osm_gr11varianteexpuesta", 1),
        ("andorra_osm_hrp", 1),
        ("khumbu_day_wise_routes", 11),
    ],
)
def test_real_files_become_treks_with_all_their_segments(test_data, tmp_path, name, days):
    source = test_data / "gpx" / f"{name}.gpx"
    with pytest.raises(SystemExit, match="0"):
        main(["new", str(source), "--out", str(tmp_path / "t.toml"), "--quiet"])
    trek, lines = load_trek(tmp_path / "t.toml")
    assert len(read_trek(tmp_path / "t.toml").days) == days
    assert sum(len(line.segments) for line in lines.values()) == len(read_gpx(source).segments())
    assert len(lines) == len(list(trek.legs())) == days


def test_tracks_of_other_formats_get_gpx_files_of_their_own(tmp_path):
    """A leg has one GPX file, so even a single track is written to one."""
    line = {"type": "LineString", "coordinates": [[8.5, 46.5, 1500], [8.51, 46.5, 1600]]}
    point = {"type": "Point", "coordinates": [8.5, 46.5]}
    features = [
        {"type": "Feature", "properties": {"name": "Up"}, "geometry": line},
        {"type": "Feature", "properties": {"name": "Hut"}, "geometry": point},
    ]
    source = tmp_path / "walk.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    made = scaffold(source, tmp_path / "t.toml")
    assert list(made.files) == ["t-gpx/walk.gpx"]
    (tmp_path / "t-gpx").mkdir()
    (tmp_path / "t-gpx/walk.gpx").write_text(made.files["t-gpx/walk.gpx"], encoding="utf-8")
    (tmp_path / "t.toml").write_text(made.text, encoding="utf-8")
    trek, lines = load_trek(tmp_path / "t.toml")
    assert [place.name for place in trek.places] == ["Hut", "TODO: end"]
    segment = lines["walk"].segments[0]
    assert (segment.lon_deg.tolist(), segment.ele_m.tolist()) == ([8.5, 8.51], [1500.0, 1600.0])
