"""``routes elevation`` with files: what goes to stdout, to --out and to stderr."""

import csv
import io
import json
import re

import gpxpy
import numpy as np
import pytest
import rasterio

from tests.command import run

GPX = (
    '<?xml version="1.0"?>\n<gpx version="1.1" creator="c" xmlns="http://www.topografix.com/GPX/1/1"><!-- kept -->\n'
    '<wpt lat="42.55" lon="1.55"/><trk><trkseg><trkpt lat="42.52" lon="1.52"><time>2020-01-01T00:00:00Z</time></trkpt>'
    '<trkpt lat="42.58" lon="1.58"/></trkseg></trk></gpx>'
)


@pytest.fixture
def dem(tmp_path):
    """A plane, 10 m a cell eastwards, with a void of one cell at longitude 1.58, latitude 42.58."""
    heights = np.tile(2000 + 10 * np.arange(100, dtype="int16"), (100, 1))
    heights[19:22, 79:82] = -32768
    path = tmp_path / "plane.tif"
    profile = {"driver": "GTiff", "dtype": "int16", "count": 1, "crs": "EPSG:4326", "width": 100, "height": 100,
               "nodata": -32768, "transform": rasterio.Affine(0.001, 0, 1.4995, 0, -0.001, 42.6005)}  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(heights, 1)
    return path


@pytest.fixture
def track(tmp_path):
    path = tmp_path / "t.gpx"
    path.write_text(GPX, encoding="utf-8")
    return path


def test_gpx_with_a_void_is_written_only_when_voids_are_filled(dem, track, tmp_path):
    out = tmp_path / "o.gpx"
    done = run("elevation", track, "--out", out, "--dem", dem)
    assert done.returncode == 2
    assert (
        "t.gpx: 1 of 3 points have no height (0 outside every DEM, 1 in voids); the first is in line 3"
        in done.stderr
    )
    assert len(done.stderr.strip().splitlines()) == 1
    assert not out.exists()
    done = run("elevation", track, "--out", out, "--dem", dem, "--fill-voids")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "3 of 3 points have a height" in done.stderr
    assert "1 interpolated across voids" in done.stderr
    gpx = gpxpy.parse(out.read_text(encoding="utf-8"))
    points = [*gpx.waypoints, *gpx.tracks[0].segments[0].points]
    assert [p.elevation for p in points[:2]] == pytest.approx([2500, 2200], abs=0.051)
    assert points[2].elevation == pytest.approx(2800, abs=15)
    assert "<!-- kept -->" in out.read_text(encoding="utf-8")
    assert run("elevation", track, "--out", out, "--dem", dem, "--fill-voids").returncode == 2
    done = run("elevation", track, "--out", out, "--dem", dem, "--fill-voids", "--overwrite", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert run("elevation", track, "--out", tmp_path / "o.csv", "--dem", dem).returncode == 2


def test_gpx_as_a_table_and_as_json(dem, track):
    done = run("elevation", track, "--dem", dem)
    assert done.stdout.splitlines() == [
        "lon\tlat\theight_m", "1.550000\t42.550000\t2500.0", "1.520000\t42.520000\t2200.0", "1.580000\t42.580000\t",
    ]  # fmt: skip
    heights = json.loads(run("elevation", track, "--dem", dem, "--json").stdout)["heights"]
    assert set(heights[0]) == {
        "lon", "lat", "height_m", "product", "vertical_datum", "le90_m", "is_void", "is_outside", "is_filled",
    }  # fmt: skip
    assert [height["is_void"] for height in heights] == [False, False, True]
    filled = json.loads(run("elevation", track, "--dem", dem, "--json", "--fill-voids").stdout)["heights"]
    assert [(height["is_void"], height["is_filled"]) for height in filled] == [
        (False, False),
        (False, False),
        (False, True),
    ]
    assert [height["le90_m"] is None for height in filled] == [False, False, True]


def test_csv_goes_to_stdout_as_csv(dem, tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(b"name;X;Y\r\nh\xc3\xa9;1.55;42.55\r\nfar;9;9\r\n")
    done = run("elevation", path, "--dem", dem)
    assert done.returncode == 0, done.stderr
    table = list(csv.DictReader(io.StringIO(done.stdout), delimiter=";"))
    assert [(row["name"], row["X"], row["height_m"], row["is_void"]) for row in table] == [
        ("h\xe9", "1.55", "2500.0", "false"), ("far", "9", "", "false"),
    ]  # fmt: skip
    assert run("elevation", path, "--dem", dem, "--out", tmp_path / "o.csv").stdout == ""
    assert (tmp_path / "o.csv").read_bytes().count(b"\r\n") == 3
    path.write_text("lon,lat\n1,200\n")
    done = run("elevation", path, "--dem", dem)
    assert (done.returncode, done.stdout) == (2, "")
    assert "p.csv, line 2: longitude 1.0, latitude 200.0 is not on Earth" in done.stderr


@pytest.mark.parametrize(
    ("method", "expected"), [("nearest", 2500.0), ("bilinear", 2504.0), ("cubic", 2504.0)]
)
def test_method_of_sampling(dem, method, expected):
    done = run("elevation", "1.5504", "42.55", "--dem", dem, "--method", method, "--json")
    assert json.loads(done.stdout)["heights"][0]["height_m"] == pytest.approx(expected, abs=0.01)


def test_misuse_is_exit_code_2(dem, track, tmp_path):
    assert run("elevation", "1.5", "42.5", "--dem", dem, "--out", tmp_path / "o.gpx").returncode == 2
    assert run("elevation", "1.5", "--dem", dem).returncode == 2
    assert run("elevation", track, "--dem", dem, "--method", "magic").returncode == 2
    assert run("elevation", track, track, "--dem", dem).returncode == 2
    done = run("elevation", track, "--dem", "none")
    assert done.returncode == 2
    assert "No DEM is at hand" in done.stderr


def test_listing_is_in_the_units_of_the_reader_and_files_in_metres(tmp_path, dem):
    """The plane has 2200 m at longitude 1.52: 7217.8 ft."""
    points = tmp_path / "points.geojson"
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Point", "coordinates": [1.52, 42.52]},
    }
    points.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    listed = {
        units: run("elevation", points, "--dem", dem, "--units", units).stdout.split("\n")[:2]
        for units in ("metric", "imperial")
    }
    assert listed["metric"][0].split("\t")[2] == "height_m"
    assert listed["imperial"][0].split("\t")[2] == "height_ft"
    assert float(listed["metric"][1].split("\t")[2]) == pytest.approx(2200.0, abs=5.5)
    feet = float(listed["imperial"][1].split("\t")[2])
    assert feet * 0.3048 == pytest.approx(float(listed["metric"][1].split("\t")[2]), abs=0.21)
    one = run("elevation", "1.52", "42.52", "--dem", dem, "--units", "imperial").stdout
    assert one.startswith(f"{feet:,.0f} ft (")
    assert not re.search(r"\d m\b", one)
    same = [
        run("elevation", points, "--dem", dem, "--json", "--units", units).stdout
        for units in ("metric", "imperial")
    ]
    assert same[0] == same[1]
    assert '"height_m"' in same[0]


def test_csv_of_heights_is_in_metres_whatever_the_units(tmp_path, dem):
    points = tmp_path / "points.csv"
    points.write_text("lon,lat\n1.52,42.52\n", encoding="utf-8")
    texts = [
        run("elevation", points, "--dem", dem, "--units", units).stdout for units in ("metric", "imperial")
    ]
    assert texts[0] == texts[1]
    assert "height_m" in texts[0]
