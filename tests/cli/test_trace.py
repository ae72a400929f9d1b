"""``routes trace``: what it shows and writes, and what it leaves alone."""

import json
import shutil

import geopandas as gpd
import numpy as np
import pytest
import shapely
from lxml import etree

from routes.gpx.read.reader import read_line, read_tracks
from routes.io.osm.extract import read_osm
from routes.kernel.geodesy import metres_per_degree, resample
from routes.model.kinds import Provenance
from routes.model.track import Segment
from tests.analytic import GEOD
from tests.command import run
from tests.io.osm.files import osm_xml
from tests.pipeline.test_pipeline import TREK, dem

CREDIT = "© OpenStreetMap contributors, ODbL 1.0, https://www.openstreetmap.org/copyright"
ROUND = {1: (1.50, 42.50), 2: (1.51, 42.506), 3: (1.52, 42.494), 4: (1.53, 42.506), 5: (1.54, 42.50)}


@pytest.fixture
def demo(tmp_path):
    """A trek whose leg names its own file, a DEM, and an extract with one winding path."""
    for folder in ("data/treks", "data/dem", "data/gpx/demo"):
        (tmp_path / folder).mkdir(parents=True)
    dem(tmp_path / "data/dem/slope.tif", 1.45, 1.6)
    (tmp_path / "demo.osm").write_text(
        osm_xml([(1, [1, 2, 3, 4, 5], {"highway": "path"})], nodes=ROUND, bounds=(1.4, 42.4, 1.7, 42.7)),
        encoding="utf-8",
    )
    path = tmp_path / "data/treks/demo.toml"
    path.write_text(TREK + 'gpx = "../gpx/demo/a-b.gpx"\n', encoding="utf-8")
    return path


def extract_of(demo):
    return demo.parents[2] / "demo.osm"


def line_of(demo):
    return demo.parents[1] / "gpx/demo/a-b.gpx"


def write_gpx(path, lon_lat, mark=""):
    points = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lon, lat in lon_lat)
    path.write_text(
        f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="t"><trk>{mark}<trkseg>{points}'
        "</trkseg></trk></gpx>",
        encoding="utf-8",
    )
    return path


def traced(*arguments):
    done = run("trace", *arguments, "--offline")
    assert "Traceback" not in done.stderr
    return done


def test_along_an_extract(demo, schema):
    done = traced(demo, "--osm", extract_of(demo), "--write", "--json", "--date", "2024-05-06")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    way_m = GEOD.line_length(*zip(*ROUND.values(), strict=True))
    assert row["line"] == "osm"
    assert row["length_m"]["value"] == pytest.approx(way_m, rel=1e-3)
    assert row["network_share"] == 1.0
    assert row["snap_m"] == pytest.approx(0.0, abs=0.1)
    assert row["file"] == str(line_of(demo))
    text = line_of(demo).read_text(encoding="utf-8")
    schema.assertValid(etree.parse(line_of(demo)))
    assert CREDIT in text
    assert "Made on 2024-05-06." in text
    line = read_line(line_of(demo))
    assert line.provenance is Provenance.OSM
    assert "demo.osm" in line.source


def test_the_same_input_writes_the_same_bytes(demo):
    for _ in range(2):
        assert traced(demo, "--osm", extract_of(demo), "--write").returncode == 0
        text = line_of(demo).read_bytes()
        line_of(demo).rename(line_of(demo).with_suffix(f".{len(text)}"))
    assert len(list(line_of(demo).parent.iterdir())) == 1
    assert b"Made on" not in text


def test_without_write_nothing_is_written(demo):
    done = traced(demo, "--osm", extract_of(demo))
    assert done.returncode == 0
    assert "100.0 %" in done.stdout
    assert not line_of(demo).exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("--method", "terrain"), "modelled"),
        (("--method", "terrain,osm"), "modelled"),
        (("--method", "osm, terrain"), "osm"),
        (("--speed", "campbell"), "osm"),
    ],
)
def test_the_method_that_comes_first_is_taken(demo, arguments, line):
    (row,) = json.loads(traced(demo, "--osm", extract_of(demo), *arguments, "--json").stdout)
    assert row["line"] == line
    if line == "osm":
        assert ("Campbell" in row["source"]) == ("campbell" in arguments)


def test_a_recorded_line_is_never_replaced(demo):
    write_gpx(line_of(demo), [(1.50, 42.5), (1.52, 42.51), (1.54, 42.5)])
    before = line_of(demo).read_bytes()
    for gpx_says in ("", 'provenance = "recorded"\n'):
        demo.write_text(TREK + 'gpx = "../gpx/demo/a-b.gpx"\n' + gpx_says, encoding="utf-8")
        for more in ((), ("--osm", extract_of(demo)), ("--from", line_of(demo))):
            done = traced(demo, *more, "--write")
            assert done.returncode == 0, done.stderr
            assert "its file holds a recorded line, which stays" in done.stderr
            assert line_of(demo).read_bytes() == before


def test_straight_lines_do_not_replace_a_traced_line(demo):
    """Away from the DEM and the extract, --write would throw away what was traced with them."""
    assert traced(demo, "--osm", extract_of(demo), "--write").returncode == 0
    before = line_of(demo).read_bytes()
    done = traced(demo, "--dem", "none", "--write")
    assert done.returncode == 0
    assert "its file holds a better line, which stays" in done.stderr
    assert line_of(demo).read_bytes() == before
    assert traced(demo, "--write").returncode == 0  # over the terrain is another way to trace it
    assert read_line(line_of(demo)).provenance is Provenance.MODELLED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--osm", "missing.osm.pbf"), "There is no file"),
        (("--osm", "{demo}"), "no extract of OpenStreetMap by its name"),
        (("--osm", "overpass"), "Overpass cannot be asked"),
        (("--method", "magic"), "There is no method 'magic'"),
        (("--method", ""), "There is no method ''"),
        (("--method", "osm"), "--osm"),
        (("--speed", "sprint"), "no walking speed 'sprint'; there are tobler, campbell"),
        (("--leg", "x"), "'x' is no leg on foot of demo"),
        (("--date", "yesterday"), "yesterday"),
        (("--from", "missing.gpx"), "missing.gpx"),
        (("--from", "{demo}"), "is no file of tracks"),
        (("--dem", "missing"), "missing"),
    ],
)
def test_bad_input_is_said_and_writes_nothing(demo, arguments, message):
    done = traced(demo, *(text.format(demo=demo) for text in arguments), "--write")
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert message in " ".join(done.stderr.replace("│", " ").split())
    assert not line_of(demo).exists()


def test_a_broken_extract_is_said_and_writes_nothing(demo):
    extract_of(demo).write_text(extract_of(demo).read_text(encoding="utf-8")[:-60], encoding="utf-8")
    done = traced(demo, "--osm", extract_of(demo), "--write")
    assert done.returncode == 2
    assert "is not an extract of OpenStreetMap, or is broken" in done.stderr
    assert not line_of(demo).exists()


def test_a_leg_without_a_line_is_exit_code_1(demo):
    """The path ends half-way, and there is no DEM to bridge the rest."""
    extract_of(demo).write_text(
        osm_xml([(1, [1, 2, 3], {"highway": "path"})], nodes=ROUND, bounds=(1.4, 42.4, 1.7, 42.7)),
        encoding="utf-8",
    )
    done = traced(demo, "--osm", extract_of(demo), "--dem", "none", "--write")
    assert done.returncode == 1
    assert "a-b: osm: No way on foot from A to B" in done.stdout
    assert not line_of(demo).exists()


def test_an_extract_of_elsewhere_falls_back_to_the_terrain_and_says_so(demo):
    text = osm_xml([(1, [1, 2], {"highway": "path"})], nodes={1: (7.0, 46.0), 2: (7.1, 46.1)})
    extract_of(demo).write_text(text, encoding="utf-8")
    done = traced(demo, "--osm", extract_of(demo), "--json")
    (row,) = json.loads(done.stdout)
    assert row["line"] == "modelled"
    assert "does not cover A" in row["notes"][0]
    assert traced(demo, "--osm", extract_of(demo), "--method", "osm").returncode == 1


def test_legs_out_of_a_recording(demo, tmp_path):
    lon = np.linspace(1.58, 1.46, 200)
    track = write_gpx(tmp_path / "walk.gpx", zip(lon, 42.5 + 0.001 * np.sin(lon * 300.0), strict=True))
    done = traced(demo, "--from", track, "--write", "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert row["line"] == "recorded"
    assert row["notes"] == ["walked the other way; turned round"]
    line = read_line(line_of(demo))
    assert line.provenance is Provenance.RECORDED
    assert line.segments[0].lon_deg[0] == pytest.approx(1.50, abs=5e-4)
    assert line.segments[0].lon_deg[-1] == pytest.approx(1.54, abs=5e-4)


def test_a_recording_in_another_format_is_cut_too(demo, tmp_path):
    """What the formats hold is the matter of tests/io/tracks/test_reader.py."""
    lon = np.linspace(1.46, 1.58, 200)
    lat = 42.5 + 0.001 * np.sin(lon * 300.0)
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString(np.column_stack([lon, lat]))], crs="EPSG:4326")
    track = tmp_path / "walk.gpkg"
    for layer in ("other", "walk"):
        frame.to_file(track, layer=layer, driver="GPKG", engine="pyogrio")
    done = traced(demo, "--from", track, "--layer", "walk", "--write")
    assert done.returncode == 0, done.stderr
    line = read_line(line_of(demo))
    assert line.provenance is Provenance.RECORDED
    segment = line.segments[0]
    assert segment.lon_deg[0] == pytest.approx(1.50, abs=5e-4)
    assert segment.lat_deg == pytest.approx(np.interp(segment.lon_deg, lon, lat), abs=2e-6)


def test_our_own_export_does_not_become_a_recording(demo, tmp_path):
    exported = tmp_path / "demo.kml"
    assert traced(demo, "--write").returncode == 0
    assert run("export", demo, "-f", "kml", "-o", exported, "--offline").returncode == 0
    line_of(demo).unlink()
    done = traced(demo, "--from", exported, "--write")
    assert done.returncode == 2
    assert "demo.kml says that its line is modelled" in done.stderr
    assert not line_of(demo).exists()


def test_a_recording_of_elsewhere_is_said_and_writes_nothing(demo, tmp_path):
    track = write_gpx(tmp_path / "walk.gpx", [(7.0, 46.0), (7.1, 46.1)])
    done = traced(demo, "--from", track, "--write")
    assert done.returncode == 2
    assert "walk.gpx does not pass A" in done.stderr
    assert not line_of(demo).exists()


def test_a_line_that_nobody_recorded_does_not_become_a_recording(demo, tmp_path):
    """Our own GPX says that it is modelled; to cut it would call it recorded, for good."""
    said = '<l:line xmlns:l="urn:trek-routes:line:1" provenance="modelled" lateral_p90_m="90"/>'
    track = write_gpx(tmp_path / "line.gpx", [(1.46, 42.5), (1.58, 42.5)], f"<extensions>{said}</extensions>")
    done = traced(demo, "--from", track, "--write")
    assert done.returncode == 2
    assert "line.gpx says that its line is modelled" in done.stderr
    assert not line_of(demo).exists()


def test_nothing_is_written_where_one_file_is_broken(demo):
    """Two legs; the file of the second is no GPX, and nobody knows what it was."""
    second = '[[days.legs]]\nid = "b-a"\nfrom = "b"\nto = "a"\nmode = "hike"\ngpx = "../gpx/demo/b-a.gpx"\n'
    demo.write_text(demo.read_text(encoding="utf-8") + second, encoding="utf-8")
    (line_of(demo).parent / "b-a.gpx").write_text("not GPX", encoding="utf-8")
    done = traced(demo, "--write")
    assert done.returncode == 2
    assert "b-a.gpx" in done.stderr
    assert not line_of(demo).exists()


def test_gr107_along_the_real_extract(demo, test_data, schema):
    """The waymarked GR 107 by the ends of what the extract covers of it, which ends at the border."""
    extract = test_data / "places/andorra.osm.gz"
    east = read_osm(extract, (1.7, 42.48, 1.83, 42.54)).bounds[2]
    ((whole,),) = (track.segments for track in read_tracks(test_data / "gpx/andorra_osm_gr107.gpx"))
    inside = whole.lon_deg < east
    assert (np.diff(inside.astype(int)) >= 0).all()  # it runs in from the east once
    piece = Segment(whole.lon_deg[inside], whole.lat_deg[inside])
    assert GEOD.line_length(piece.lon_deg, piece.lat_deg) > 5000.0
    shutil.copy(test_data / "dem/N42E001.hgt.zip", demo.parents[1] / "dem")
    (demo.parents[1] / "dem/slope.tif").unlink()
    text = TREK[: TREK.index("[[places]]")]
    for end, at in (("a", 0), ("b", -1)):
        text += (
            f'[[places]]\nid = "{end}"\nname = "{end.upper()}"\nkind = "village"\nlon = {piece.lon_deg[at]}'
            f'\nlat = {piece.lat_deg[at]}\nposition_uncertainty_m = 20\nposition_source = "GR 107"\n'
        )
    text += '[[days]]\nnumber = 1\ntitle = "GR 107"\n[[days.legs]]\nid = "a-b"\nfrom = "a"\nto = "b"\n'
    demo.write_text(text + 'mode = "hike"\ngpx = "../gpx/demo/a-b.gpx"\n', encoding="utf-8")
    done = traced(demo, "--osm", extract, "--write", "--json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    schema.assertValid(etree.parse(line_of(demo)))
    assert CREDIT in line_of(demo).read_text(encoding="utf-8")
    line = read_line(line_of(demo))
    assert line.provenance is Provenance.OSM
    assert all(segment.provenance in (None, Provenance.MODELLED) for segment in line.segments)
    assert len(line.unbroken()) == 1
    length = sum(GEOD.line_length(s.lon_deg, s.lat_deg) for s in line.segments)
    assert length == pytest.approx(row["length_m"]["value"], rel=1e-4)
    scale = np.array(metres_per_degree(42.5))
    drawn = shapely.MultiLineString([np.column_stack([s.lon_deg, s.lat_deg]) * scale for s in line.segments])
    lon, lat, *_ = resample(piece.lon_deg, piece.lat_deg, spacing_m=10.0)
    away = shapely.distance(drawn, shapely.points(np.column_stack([lon, lat]) * scale))
    assert (away <= 25.0).mean() >= 0.95
    built = run("build", demo, "--out", demo.parents[2] / "build", "--offline")
    assert built.returncode == 0, built.stderr
    assert "OpenStreetMap contributors" in (demo.parents[2] / "build/demo/index.html").read_text("utf-8")
