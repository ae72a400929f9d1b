"""``routes validate --places``: rows in, rows out."""

import csv
import io
import json

import pytest

from routes.io.places.write import COLUMNS
from tests.command import run
from tests.pipeline.test_pipeline import dem

LIST = """name,lon,lat,ele,kind,osm_id
Flat,1.50,42.5,2438,pass,11
=cmd|' /C calc'!A0,1.51,42.5,2439,pass,12
Off | <b>,1.52,42.5,2638,pass,13
Feet,1.53,42.5,7999,pass,
Bad,1.54,42.5,high,pass,15
Bare,1.55,42.5,,peak,16
"""
WANTED = ["agrees", "agrees", "differs", "differs", "error", "undecided"]


@pytest.fixture
def files(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path, dem(tmp_path / "flat.tif", 1.45, 1.6, height=2438)


def test_rows_of_csv_in_order(files):
    path, tile = files
    done = run("validate", "--places", path, "--dem", tile)
    assert done.returncode == 1, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["verdict"] for row in rows] == WANTED
    assert rows[1]["name"].startswith("'=cmd")  # no spreadsheet takes it for a formula
    assert rows[3]["cause"].startswith("feet as metres")
    assert "no figure with a unit" in rows[4]["reason"]
    assert float(rows[0]["estimate_m"]) == pytest.approx(2438.0, abs=1.0)  # the tile ends in .5
    assert "2 differs, 0 doubtful, 1 undecided, 2 agrees, 1 error." in done.stderr


def test_lines_of_json_and_a_file(files, tmp_path):
    path, tile = files
    done = run("validate", "--places", path, "--dem", tile, "--json", "-q")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["verdict"] for line in lines] == WANTED
    assert lines[2]["osm_url"] == "https://www.openstreetmap.org/node/13"
    assert sum(c["probability"] for c in lines[3]["diagnosis"]["causes"]) == pytest.approx(1.0, abs=0.01)
    assert done.stderr == ""
    out = tmp_path / "out.csv"
    done = run("validate", "--places", path, "--dem", tile, "--out", out)
    assert (done.returncode, len(out.read_text().splitlines())) == (1, 7)
    assert "Wrote" in done.stdout
    again = run("validate", "--places", path, "--dem", tile, "--out", out)
    assert (again.returncode, "--overwrite" in again.stderr) == (2, True)
    assert run("validate", "--places", path, "--dem", tile, "--out", out, "--overwrite").returncode == 1


def test_a_list_for_mappers(files):
    path, tile = files
    done = run("validate", "--places", path, "--dem", tile, "--osm-quality", "-q")
    assert done.returncode == 1
    assert "## Differ (2)" in done.stdout
    assert "[Off \\| \\<b\\>](https://www.openstreetmap.org/node/13)" in done.stdout
    assert "`ele` = 2438 (±" in done.stdout  # 2638 with one digit wrong
    assert "to be confirmed" in done.stdout
    assert "Do not change heights by machine" in done.stdout
    assert "Flat" not in done.stdout  # what agrees needs nobody


def test_exit_codes(files, tmp_path):
    _, tile = files
    fine = tmp_path / "fine.csv"
    fine.write_text("lon,lat,ele\n1.5,42.5,2438\n", encoding="utf-8")
    assert run("validate", "--places", fine, "--dem", tile).returncode == 0
    assert run("validate", "--places", fine, "--dem", tile, "--strict").returncode == 0
    bare = tmp_path / "bare.csv"
    bare.write_text("lon,lat,ele\n1.5,42.5,\nx,42.5,1\n", encoding="utf-8")
    assert run("validate", "--places", bare, "--dem", tile).returncode == 0
    assert run("validate", "--places", bare, "--dem", tile, "--strict").returncode == 1
    far = tmp_path / "far.csv"
    far.write_text("lon,lat,ele\n10,10,5\n", encoding="utf-8")
    for arguments, message in (
        (("--places", far, "--dem", tile), "covers no place"),
        (("--places", tmp_path / "no.csv"), "Cannot read"),
        (("--places", fine, "--at", "1", "2", "--stated", "3 m"), "Give either"),
        (("--at", "1", "2", "--stated", "3 m", "--osm-quality"), "go with --places"),
    ):
        done = run("validate", *arguments)
        assert done.returncode == 2
        assert message in " ".join(done.stderr.split()), done.stderr
        assert "Traceback" not in done.stderr
