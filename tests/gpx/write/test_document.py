"""GPX out: the schema, two independent readers, and what apps need beyond the schema."""

import re
import shutil
import subprocess

import gpxpy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyproj import Geod

from routes.analysis.study import study_trek
from routes.dem.folder import open_dem
from routes.gpx.read.reader import read_line
from routes.gpx.write.document import gpx_text
from routes.io.export.gpx import day_gpx, line_gpx, variant_gpx
from routes.io.trek.read import read_trek
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from tests.gpx.samples import document, segment, track, waypoint

G = "{http://www.topografix.com/GPX/1/1}"


@pytest.fixture(scope="module")
def studies(repository):
    return {
        "john-muir": study_trek(
            read_trek(repository / "data/treks/john-muir.toml"), {}, open_dem(repository / "data/dem")
        ),
        "lares": study_trek(read_trek(repository / "data/treks/lares.toml"), {}),
    }


@pytest.mark.parametrize("trek", ["john-muir", "lares"])
def test_trek_and_days_pass_the_schema(studies, schema, trek):
    study = studies[trek]
    texts = [variant_gpx(study, variant) for variant in study.variants]
    texts += [day_gpx(study, day) for day in study.days if day.is_on_foot]
    for text in texts:
        schema.assertValid(etree.fromstring(text.encode()))


def test_modelled_and_schematic_lines_say_so_first_in_the_name_of_their_track(studies):
    for trek, word in (("john-muir", "MODELLED "), ("lares", "SCHEMATIC ")):
        root = etree.fromstring(variant_gpx(studies[trek], studies[trek].default).encode())
        names = [name.text for name in root.iterfind(f"{G}trk/{G}name")]
        assert names
        assert all(name.startswith(word) for name in names)


def test_only_legs_on_foot_are_tracks_a_segment_a_leg(studies):
    study = studies["lares"]
    root = etree.fromstring(variant_gpx(study, study.default).encode())
    walked = [leg for leg in study.default.legs if leg.is_on_foot]
    assert len(root.findall(f"{G}trk/{G}trkseg")) == len(walked)
    assert not root.findall(f"{G}rte")


def test_an_ele_stands_on_every_point_or_on_none(studies):
    for trek, expected in (("john-muir", True), ("lares", False)):
        root = etree.fromstring(variant_gpx(studies[trek], studies[trek].default).encode())
        points = root.findall(f"{G}trk/{G}trkseg/{G}trkpt")
        assert {point.find(f"{G}ele") is not None for point in points} == {expected}
    half = document(track(segment([1, 2], [1, 2], [5, 6])), track(segment([1, 2], [1, 2])))
    assert "<ele>" not in gpx_text(half)


def test_passes_and_camps_come_first_among_waypoints(studies):
    root = etree.fromstring(variant_gpx(studies["john-muir"], studies["john-muir"].default).encode())
    kinds = [kind.text for kind in root.iterfind(f"{G}wpt/{G}type")]
    leading = [kind in ("pass", "peak", "camp") for kind in kinds]
    assert leading == sorted(leading, reverse=True)
    assert "pass" in kinds


def test_text_from_files_is_escaped_and_cleaned(schema):
    hostile = "</name><script>&\x00\x0b\ud800 ]]> é"
    text = gpx_text(
        document(
            track(segment([1, 2], [1, 2]), name=hostile, desc=hostile, src=hostile),
            name=hostile, desc=hostile, attribution=hostile,
            waypoints=(waypoint(1, 1, name=hostile, desc=hostile),),
        )
    )  # fmt: skip
    root = etree.fromstring(text.encode("utf-8"))
    schema.assertValid(root)
    assert root.find(f"{G}trk/{G}name").text == "</name><script>& ]]> é"


def test_longitude_180_is_written_as_the_schema_wants_it(schema):
    root = etree.fromstring(
        gpx_text(document(track(segment([179.9999999, -180.0, -1e-9], [0, 0.1, 0.2])))).encode()
    )
    schema.assertValid(root)
    assert [point.get("lon") for point in root.iter(f"{G}trkpt")] == [
        "-180.000000",
        "-180.000000",
        "0.000000",
    ]


@given(
    points=st.lists(
        st.tuples(st.floats(-179.9, 179.9), st.floats(-89.9, 89.9), st.floats(-400, 8800)),
        min_size=2,
        max_size=20,
    )
)
def test_an_independent_reader_gets_the_points_back(points):
    lon, lat, ele = np.array(points).T
    gpx = gpxpy.parse(gpx_text(document(track(segment(lon, lat, ele)))))
    back = [(p.longitude, p.latitude, p.elevation) for p in gpx.tracks[0].segments[0].points]
    np.testing.assert_allclose(back, points, atol=0.051)
    np.testing.assert_allclose(np.array(back)[:, :2], np.array(points)[:, :2], atol=5.1e-7)


def test_a_line_comes_back_with_its_provenance(tmp_path, schema):
    line = Line(
        (Segment(np.array([1.5, 1.6]), np.array([42.5, 42.6])),), Provenance.MODELLED, "over a DEM", 123.0
    )
    path = tmp_path / "leg.gpx"
    path.write_text(line_gpx("A to B", line, "credit"), encoding="utf-8")
    schema.assertValid(etree.parse(path))
    back = read_line(path)
    assert (back.provenance, back.lateral_p90_m, back.source) == (
        Provenance.MODELLED,
        123.0,
        "over a DEM",
    )
    np.testing.assert_allclose(back.segments[0].lon_deg, [1.5, 1.6])


def test_segments_keep_their_own_marks_and_meet_again(tmp_path, schema):
    """Along ways, a centimetre of another way, over the terrain: what is too short for six decimals is left out."""
    lon, lat = np.array([1.5, 1.6]), np.array([42.5, 42.6])
    parts = (
        Segment(lon, lat),
        Segment(np.array([1.6, 1.60000004]), np.array([42.6, 42.6])),
        Segment(
            np.array([1.60000004, 1.7]), np.array([42.6, 42.6]),
            provenance=Provenance.MODELLED, lateral_p90_m=321.0,
        ),
    )  # fmt: skip
    path = tmp_path / "leg.gpx"
    path.write_text(
        line_gpx("A to B", Line(parts, Provenance.OSM, "ways", 321.0), "credit", made_on="2024-05-06"),
        encoding="utf-8",
    )
    schema.assertValid(etree.parse(path))
    text = path.read_text(encoding="utf-8")
    assert "PARTLY MODELLED A to B" in text
    assert "Made on 2024-05-06." in text
    assert "© OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright" in text
    back = read_line(path)
    assert [(s.provenance, s.lateral_p90_m) for s in back.segments] == [
        (None, None),
        (Provenance.MODELLED, 321.0),
    ]
    assert len(back.unbroken()) == 1


@pytest.mark.skipif(shutil.which("gpsbabel") is None, reason="gpsbabel is not installed")
def test_gpsbabel_reads_it(studies, tmp_path):
    path = tmp_path / "trek.gpx"
    path.write_text(variant_gpx(studies["john-muir"], studies["john-muir"].default), encoding="utf-8")
    done = subprocess.run(
        ["gpsbabel", "-t", "-i", "gpx", "-f", str(path), "-o", "unicsv", "-F", "-"],
        capture_output=True,
        check=True,
    )
    points = len(etree.parse(path).getroot().findall(f".//{G}trkpt"))
    assert len(done.stdout.splitlines()) == points + 1


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not installed")
def test_xmllint_finds_it_well_formed(studies, tmp_path):
    path = tmp_path / "trek.gpx"
    path.write_text(variant_gpx(studies["lares"], studies["lares"].default), encoding="utf-8")
    subprocess.run(["xmllint", "--nonet", "--noout", str(path)], capture_output=True, check=True)


def test_waypoints_have_the_height_of_the_dem_and_those_stated_with_verdict_and_a_quiet_name(studies):
    study = studies["john-muir"]
    root = etree.fromstring(variant_gpx(study, study.default).encode())
    points = {point.findtext(f"{G}name"): point for point in root.iterfind(f"{G}wpt")}
    donohue = points["Donohue Pass"]
    assert donohue.findtext(f"{G}sym") == "Summit"
    assert donohue.findtext(f"{G}type") == "pass"
    assert float(donohue.findtext(f"{G}ele")) == pytest.approx(3370.0, abs=15.0)  # 11,056 ft by the NPS
    desc = donohue.findtext(f"{G}desc")
    place = study.trek.place("donohue-pass")
    assert desc.startswith(place.note)
    finding = next(f for f in study.findings if f.subject == place.id and f.interval)
    half = finding.interval[1] - finding.estimate
    assert f' DEM: {finding.estimate:.0f} m ± {half:.0f} m (90 %; NASA SRTM 3" (SRTMGL3 v3), EGM96). ' in desc
    assert "11,056 ft (National Park Service, www.nps.gov/yose/planyourvisit/jmt.htm): agrees" in desc
    assert "9900 ft" in desc
    # a place of which nobody states a height
    quiet = next(p for p in study.trek.places if not p.stated and p.name in points)
    assert re.search(r"DEM: \d+ m ± \d+ m \(90 %; NASA SRTM", points[quiet.name].findtext(f"{G}desc"))


def test_a_vague_position_has_no_height_and_says_so(studies):
    root = etree.fromstring(variant_gpx(studies["lares"], studies["lares"].default).encode())
    vague = [p for p in studies["lares"].trek.places if p.position_uncertainty_m >= 500.0]
    points = {point.findtext(f"{G}name"): point for point in root.iterfind(f"{G}wpt")}
    shown = [place for place in vague if place.name in points]
    assert shown
    for place in shown:
        assert points[place.name].find(f"{G}ele") is None
        assert "Position uncertain by" in points[place.name].findtext(f"{G}desc")


def test_metadata_name_author_keywords_and_terms_of_openstreetmap(studies):
    study = studies["john-muir"]
    root = etree.fromstring(variant_gpx(study, study.default).encode())
    metadata = root.find(f"{G}metadata")
    assert metadata.findtext(f"{G}author/{G}name") == study.trek.author != ""
    assert metadata.find(f"{G}copyright") is None
    assert metadata.findtext(f"{G}keywords").startswith("hiking, ")
    assert "public domain" in metadata.findtext(f"{G}desc")
    line = Line((Segment(np.array([1.5, 1.6]), np.array([42.5, 42.6])),), Provenance.OSM, "ways")
    metadata = etree.fromstring(line_gpx("A to B", line, "").encode()).find(f"{G}metadata")
    assert metadata.find(f"{G}author") is None
    assert metadata.find(f"{G}copyright").get("author") == "OpenStreetMap contributors"
    assert metadata.findtext(f"{G}copyright/{G}license") == "https://opendatacommons.org/licenses/odbl/1-0/"
    assert metadata.find(f"{G}link").get("href") == "https://www.openstreetmap.org/copyright"


def test_descriptions_tell_the_drawn_length_apart_from_that_of_the_trail(studies):
    """Apps show the length of the line; ours is longer where a modelled line stands for a trail that winds."""
    study = studies["john-muir"]
    root = etree.fromstring(variant_gpx(study, study.default).encode())
    (desc, *_) = [track.findtext(f"{G}desc") for track in root.iterfind(f"{G}trk")]
    points = root.find(f"{G}trk").findall(f"{G}trkseg/{G}trkpt")
    lon, lat = ([float(point.get(key)) for point in points] for key in ("lon", "lat"))
    drawn = Geod(ellps="WGS84").line_length(lon, lat) / 1000.0
    said = re.search(r": ([\d.]+) km as trails wind, ([\d.]+) km along the modelled line", desc)
    assert float(said[2]) == pytest.approx(drawn, abs=0.06)
    assert float(said[1]) > float(said[2])
