"""The command line as people and programs use it: stdout, stderr, exit codes."""

import csv
import json

import gpxpy
import numpy as np
import pytest
import rasterio
from affine import Affine

from tests.command import run
from tests.pipeline.test_pipeline import TREK, dem


@pytest.fixture
def demo(tmp_path):
    (tmp_path / "data/treks").mkdir(parents=True)
    (tmp_path / "data/dem").mkdir()
    path = tmp_path / "data/treks/demo.toml"
    path.write_text(TREK, encoding="utf-8")
    return path


def test_john_muir_passes_agree_with_their_published_heights(repository):
    """Donohue Pass 11,056 ft and Island Pass 10,205 ft by the sources in the trek file (National Park Service, ...)."""
    done = run("validate", repository / "data/treks/john-muir.toml", "--json")
    data = json.loads(done.stdout)
    verdicts = {
        (finding["subject"], finding["claims"][0]["printed"]): finding["verdict"]
        for finding in data["findings"]
        if finding["check"] == "dem"
    }
    assert verdicts["donohue-pass", "11,056 ft (3,370 m)"] == "agrees"
    assert verdicts["island-pass", "10,205 ft"] == "agrees"


def test_explain_shows_the_budget_and_what_we_would_print(repository):
    """Donohue Pass is 11,056 ft (National Park Service): that stays, a stated 9900 ft becomes what is within 40 ft."""
    done = run("validate", repository / "data/treks/john-muir.toml", "--explain", "--offline")
    assert done.returncode == 1
    part = done.stdout.split("Donohue Pass: 11,056 ft, agrees")[1].split("Unnamed pass")[0]
    for term in (
        "dem",
        "sharpness",
        "forest",
        "position",
        "rounding",
        "datum",
        "LE90 9 m",
        "Best estimate",
        "Saddle that may be",
    ):
        assert term in part
    assert "We would print: 11,056 ft (as stated)" in part
    wrong = done.stdout.split("Donohue Pass: 9900 ft, differs")[1]
    feet = wrong.split("We would print: ")[1].split("(")[1].split(" ft")[0]
    assert abs(int(feet.replace(",", "")) - 11_056) <= 40
    # the trail between Shadow Creek and Devils Postpile crosses a divide that the trek file does not name
    assert "Unnamed pass on shadow-creek-to-devils-postpile" in done.stdout


def test_lares_without_dem_finds_what_is_wrong_in_print(repository):
    done = run("validate", repository / "data/treks/lares.toml", "--json", "--dem", "none")
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]

    def verdict(subject, check, printed=None):
        return {
            finding["verdict"]
            for finding in findings
            if finding["subject"] == subject
            and finding["check"] == check
            and (printed is None or any(claim["printed"] == printed for claim in finding["claims"]))
        }

    assert verdict("cusco", "units", "11,000 ft (3,000 m)") == {"differs"}
    assert verdict("lares", "units", "4450 m (14,600 ft)") == {"agrees"}
    assert verdict("cusco-totora", "sources", "2 h") == {"differs"}
    assert verdict("huchayccasa-pass", "sources") == {"differs"}
    assert verdict("ipsaycocha-pass", "sources") == {"differs"}
    assert "differs" in verdict("lares", "season")
    assert {finding["verdict"] for finding in findings if finding["check"] == "dem"} == {"undecided"}


def test_build_prints_where_to_look_and_keeps_stdout_clean(demo, tmp_path):
    done = run("build", demo, "--out", tmp_path / "build", "--offline")
    assert done.returncode == 0, done.stderr
    page = tmp_path / "build/demo/index.html"
    size = page.stat().st_size
    index = tmp_path / "build/index.html"
    assert done.stdout == (
        f"Demo: open {page} ({size / 1000:.0f} kB)\n"
        f"Index of 1 trek: open {index} ({index.stat().st_size / 1000:.0f} kB)\n"
    )
    assert "No DEM covers this trek" in done.stderr
    done = run("build", demo, "--out", tmp_path / "build", "--quiet", "--json")
    (built,) = json.loads(done.stdout)
    assert (built["trek"], built["page_bytes"]) == ("demo", size)
    assert done.stderr == ""


def test_build_leaves_an_index_of_somebody_else_alone(demo, tmp_path):
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    done = run("build", demo, "--out", tmp_path, "--offline")
    assert done.returncode == 0
    assert "Index" not in done.stdout
    assert "index.html was not written by this command" in done.stderr
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_pictures_go_to_files_alone(demo, tmp_path):
    assert run("export", demo, "-f", "map-png").returncode == 2
    assert run("export", demo, "-f", "map-png", "-o", tmp_path / "map.png").returncode == 0
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_map_without_relief_has_no_image_of_the_ground(repository):
    trek = repository / "data/treks/john-muir.toml"
    with_relief, without = (
        run("map", trek, "--offline", "-q", "-o", "-", *more).stdout for more in ((), ("--no-relief",))
    )
    assert "data:image/webp" in with_relief or "data:image/png" in with_relief
    assert "data:image/webp" not in without
    assert len(without) < 0.7 * len(with_relief)


def test_strict_counts_undecided(demo):
    assert run("validate", demo).returncode == 0
    assert run("validate", demo, "--strict").returncode == 1


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (("[[days]]", "[[dais]]"), "dais: unknown key; did you mean 'days'?"),
        (('mode = "hike"', 'mod = "hike"'), "unknown key; did you mean 'mode'?"),
        (('to = "b"', 'to = "c"'), "unknown place 'c'"),
        (("[[days]]", "[[days]"), "is not valid TOML"),
        (('id = "demo"', 'id = "../demo"'), "must be lower-case letters"),
    ],
)
def test_bad_input_is_one_line_with_exit_code_2_and_nothing_written(demo, tmp_path, break_it, message):
    demo.write_text(TREK.replace(*break_it), encoding="utf-8")
    done = run("build", demo, "--out", tmp_path / "build")
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert str(demo) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "build").exists()


def test_elevation_takes_negative_numbers_and_tells_when_a_latitude_comes_first(tmp_path):
    path = tmp_path / "peru.tif"
    profile = {"driver": "GTiff", "dtype": "float32", "count": 1, "crs": "EPSG:4326", "width": 10, "height": 10,
               "transform": rasterio.Affine(0.01, 0, -72.1, 0, -0.01, -13.1)}  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(np.full((10, 10), 3700.5, dtype="float32"), 1)
    done = run("elevation", "-72.08", "-13.16", "--dem", path, "--json")
    assert json.loads(done.stdout)["heights"][0]["height_m"] == 3700.5
    done = run("elevation", "-72.08", "-13.16", "--dem", path)
    assert done.stdout.startswith("3700.5 m (local DEM of unknown origin")
    done = run("elevation", "-13.16", "-172.08", "--dem", path)
    assert done.returncode == 2
    assert "Longitude comes first" in done.stderr
    done = run("elevation", "10", "10", "--dem", path)
    assert done.stdout == "unknown: no DEM covers this position\n"
    assert run("elevation", "a", "b", "--dem", path).returncode == 2


def test_one_off_validation(tmp_path):
    path = dem(tmp_path / "flat.tif", 1.45, 1.6, height=4438)
    done = run("validate", "--at", "1.5", "42.5", "--stated", "4450 m (14,600 ft)", "--dem", path, "--json")
    assert (done.returncode, json.loads(done.stdout)["counts"]) == (0, {"agrees": 1}), done.stderr
    assert run("validate", "--at", "1.5", "42.5", "--stated", "4650 m", "--dem", path).returncode == 1
    assert run("validate", "--at", "1.5", "42.5").returncode == 2
    assert run("validate", "--at", "1.5", "142.5", "--stated", "4650 m", "--dem", path).returncode == 2
    assert run("validate", "--at", "1.5", "42.5", "--stated", "high", "--dem", path).returncode == 2


def test_what_a_position_is_taken_for_without_a_kind(tmp_path):
    """A ridge with a saddle 150 m north of the position, 30 m lower than it."""
    step = 1.0 / 3600.0
    east, north = np.meshgrid((np.arange(400) - 200) * 22.8, (200 - np.arange(400)) * 30.9)
    height = 2500.0 + 0.0013 * np.minimum(north - 150.0, 800.0) ** 2 - 0.3 * np.abs(east)
    path = tmp_path / "ridge.tif"
    shape = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "crs": "EPSG:4326",
        "width": 400,
        "height": 400,
    }
    corner = Affine(
        step, 0, 1.5 - 200.5 * step, 0, -step, 42.5 + 200.5 * step
    )  # cell 200, 200 has its centre there
    with rasterio.open(path, "w", transform=corner, **shape) as out:
        out.write(height.astype("float32"), 1)
    at = ("validate", "--at", "1.5", "42.5", "--stated", "2500 m", "--dem", path, "--json")

    def told(*more):
        done = run(*at, *more)
        (finding,) = json.loads(done.stdout)["findings"]
        return finding["estimate"], done.stderr

    assert told("--uncertainty", "50")[0] == pytest.approx(2529.0, abs=5.0)
    estimate, said = told("--uncertainty", "200")
    assert estimate == pytest.approx(2500.0, abs=5.0)
    assert "Taken for a pass: a saddle lies 1" in said
    assert "--kind" in said
    estimate, said = told("--uncertainty", "200", "--kind", "village")
    assert estimate == pytest.approx(2529.0, abs=5.0)
    assert "Taken for" not in said
    # a pass may mean a saddle a cell's diagonal farther than its position is uncertain
    assert told("--uncertainty", "140", "--kind", "pass")[0] == pytest.approx(2500.0, abs=5.0)
    done = run("validate", "data.toml", "--kind", "pass")
    assert done.returncode == 2
    assert "goes with --at" in done.stderr


def test_new_from_places_and_from_gpx_makes_trek_files_that_build(tmp_path):
    places = tmp_path / "My places.csv"
    with places.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "lon", "lat", "kind", "stated", "source"])
        writer.writerow(['Ärla "hut"', 1.50, 42.50, "hotel", "", ""])
        writer.writerow(["Pass; <b>", 1.52, 42.51, "pass", "2,410 m", "Guide, page 3"])
        writer.writerow(['Ärla "hut"', 1.54, 42.50, "hotel", "", ""])
    done = run("new", places, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert run("build", "my-places.toml", cwd=tmp_path).returncode == 0
    assert run("new", places, cwd=tmp_path).returncode == 2
    gpx = tmp_path / "track.gpx"
    gpx.write_text(
        '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
        '<wpt lat="42.5" lon="1.5"><name>Start</name></wpt>'
        '<trk><trkseg><trkpt lat="42.5" lon="1.5"/><trkpt lat="42.51" lon="1.53"/></trkseg></trk></gpx>',
        encoding="utf-8",
    )
    (tmp_path / "sub").mkdir()
    assert run("new", gpx, "--out", tmp_path / "sub/t.toml").returncode == 0
    done = run("build", tmp_path / "sub/t.toml", "--out", tmp_path / "b")
    assert done.returncode == 0, done.stderr
    places.write_text("name,lon\nx,1\ny,2\n", encoding="utf-8")
    done = run("new", places, "--out", tmp_path / "z.toml")
    assert done.returncode == 2
    assert "missing: lat" in done.stderr


def test_gpx_of_one_day_and_for_devices_that_hold_few_points(repository, demo):
    trek = repository / "data/treks/john-muir.toml"
    options = ("export", trek, "--offline", "--quiet")
    whole = gpxpy.parse(run(*options).stdout)
    few = gpxpy.parse(run(*options, "--max-points", 50).stdout)
    assert [track.name for track in few.tracks] == [track.name for track in whole.tracks]
    assert all(
        track.get_points_no() <= 50 < more.get_points_no()
        for track, more in zip(few.tracks, whole.tracks, strict=True)
    )
    assert all("Simplified to " in track.description for track in few.tracks)
    (day,) = gpxpy.parse(run(*options, "--day", 2).stdout).tracks
    assert [(p.longitude, p.latitude, p.elevation) for p in day.walk(only_points=True)] == [
        (p.longitude, p.latitude, p.elevation) for p in whole.tracks[1].walk(only_points=True)
    ]
    for more, message in (
        (("--day", 9), "has no day 9; its days are 1."),
        (("--max-points", 1), "should be greater than or equal to 2"),
        (("--format", "csv", "--day", 1), "tells of a whole variant; leave the day out"),
        (("--format", "kml", "--max-points", 50), "--max-points is for GPX, not for kml"),
    ):
        done = run("export", demo, "--offline", "--quiet", *more)
        assert done.returncode == 2
        assert message in " ".join(done.stderr.replace("│", " ").split())
        assert not done.stdout


@pytest.mark.parametrize("file_format", ["gpx", "kml", "geojson", "csv", "profile-csv", "json", "md"])
def test_export_writes_to_stdout(demo, file_format):
    done = run("export", demo, "--format", file_format, "--quiet")
    assert done.returncode == 0, done.stderr
    assert {
        "gpx": "<gpx",
        "kml": "<kml",
        "geojson": "FeatureCollection",
        "profile-csv": "distance_m,",
        "csv": "scope,",
        "json": '"trek": "demo"',
        "md": "# Demo",
    }[file_format] in done.stdout


def test_export_writes_files_and_says_which(demo, tmp_path):
    done = run("export", demo, "--format", "gpkg", "--quiet")
    assert done.returncode == 2
    assert "name a file with --out" in done.stderr
    assert run("export", demo, "-f", "gpkg", "-o", tmp_path / "x.gpkg", "--quiet").returncode == 0
    again = run("export", demo, "-f", "gpkg", "-o", tmp_path / "x.gpkg", "--quiet")
    assert again.returncode == 2
    assert "exists" in again.stderr
    done = run(
        "export", demo, "-f", "fit", "--day", "1", "--date", "2027-07-01", "-o", tmp_path / "x.fit", "-q"
    )
    assert done.stdout.strip() == str(tmp_path / "x.fit")


def test_map_is_one_file(demo, tmp_path):
    assert run("map", demo, "--out", tmp_path / "m.html").returncode == 0
    assert run("map", demo, "--out", tmp_path / "m.html").returncode == 2
    assert "<!DOCTYPE html>" in (tmp_path / "m.html").read_text(encoding="utf-8")[:200]


def test_page_speaks_the_language_asked_for_and_other_files_stay_english(demo, tmp_path):
    spanish = run("map", demo, "--lang", "es", "--out", "-", "--quiet").stdout
    assert '<html lang="es">' in spanish
    assert "al menos 3.3 km, líneas rectas" in spanish
    assert run("build", demo, "--lang", "es", "--out", tmp_path, "--quiet").returncode == 0
    assert '<html lang="es">' in (tmp_path / "demo/index.html").read_text(encoding="utf-8")
    assert "at least 3.3 km, straight lines" in (tmp_path / "demo/report.md").read_text(encoding="utf-8")
    assert run("map", demo, "--lang", "fr", "--out", "-").returncode == 2


def test_stats_as_table_and_json(demo):
    assert "at least 3.3 km, straight lines" in run("stats", demo).stdout
    assert json.loads(run("stats", demo, "--json").stdout)["trek"] == "demo"


def test_help_and_version():
    done = run("--help")
    assert done.returncode == 0
    assert all(
        command in done.stdout
        for command in ("build", "stats", "validate", "new", "elevation", "map", "export")
    )
    assert run("--version").stdout.startswith("trek-routes ")


def test_a_usage_error_is_exit_code_2(demo):
    assert run("build", demo, "--nonsense").returncode == 2
    assert run("export", demo, "--format", "docx").returncode == 2
    assert run("elevation", "--jsn", "1", "2").returncode == 2
