"""``routes validate --report`` and ``routes build --report``: files in a folder, and exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import run
from tests.pipeline.test_pipeline import TREK, dem

PLACES = """name,lon,lat,ele,kind
Right,1.50,42.5,2438,pass
../<b>,1.52,42.5,2638,pass
"""


@pytest.fixture
def demo(tmp_path):
    path = tmp_path / "demo.toml"
    path.write_text(TREK.replace('"2000 m"', '"2438 m"'), encoding="utf-8")
    return path, dem(tmp_path / "flat.tif", 1.45, 1.6, height=2438)


def test_report_and_json_together(demo, tmp_path):
    trek, tile = demo
    folder = tmp_path / "out" / "report"
    done = run("validate", trek, "--dem", tile, "--report", folder, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) == [
        "pass-b-map.svg", "pass-b-profile.svg", "report.html", "report.md", "verdicts.json",
    ]  # fmt: skip
    assert "report.html" in done.stderr


def test_exit_codes_are_those_of_validate(demo, tmp_path):
    trek, tile = demo
    trek.write_text(TREK.replace('"2000 m"', '"2638 m"'), encoding="utf-8")
    assert run("validate", trek, "--dem", tile, "--report", tmp_path / "r").returncode == 1
    assert run("validate", trek, "--dem", "none", "--report", tmp_path / "r").returncode == 0
    assert run("validate", trek, "--dem", "none", "--report", tmp_path / "r", "--strict").returncode == 1
    # the pictures of the first report are gone, as there is no DEM for new ones
    assert not list((tmp_path / "r").glob("*.svg"))


def test_files_of_somebody_else_stay(demo, tmp_path):
    trek, tile = demo
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "report.html").write_text("theirs", encoding="utf-8")
    (folder / "notes.md").write_text("theirs", encoding="utf-8")
    done = run("validate", trek, "--dem", tile, "--report", folder)
    assert done.returncode == 2
    assert "report.html exists" in done.stderr
    assert "--overwrite" in done.stderr
    assert done.stdout == ""
    assert (folder / "report.html").read_text(encoding="utf-8") == "theirs"
    assert not (folder / "report.md").exists()
    assert run("validate", trek, "--dem", tile, "--report", folder, "--overwrite").returncode == 0
    assert "<!DOCTYPE html>" in (folder / "report.html").read_text(encoding="utf-8")
    assert run("validate", trek, "--dem", tile, "--report", folder).returncode == 0  # ours may be replaced
    assert (folder / "notes.md").read_text(encoding="utf-8") == "theirs"


def test_a_report_in_the_folder_of_a_build_removes_nothing_of_it(demo, tmp_path):
    trek, tile = demo
    assert run("build", trek, "--dem", tile, "--out", tmp_path / "b").returncode == 0
    built = {path: path.read_bytes() for path in (tmp_path / "b" / "demo").iterdir()}
    done = run("validate", trek, "--dem", tile, "--report", tmp_path / "b" / "demo")
    assert done.returncode == 2
    assert {path: path.read_bytes() for path in (tmp_path / "b" / "demo").iterdir()} == built
    assert (
        run("validate", trek, "--dem", tile, "--report", tmp_path / "b" / "demo", "--overwrite").returncode
        == 0
    )
    assert (tmp_path / "b" / "demo" / "index.html").exists()


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_a_file_where_the_folder_must_be(demo, tmp_path, name):
    trek, tile = demo
    (tmp_path / "file").write_text("theirs", encoding="utf-8")
    done = run("validate", trek, "--dem", tile, "--report", tmp_path / name)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text(encoding="utf-8") == "theirs"


def test_a_position_has_no_report_and_says_what_to_do(demo, tmp_path):
    _, tile = demo
    done = run(
        "validate", "--at", "1.5", "42.5", "--stated", "2438 m", "--dem", tile, "--report", tmp_path / "r"
    )
    assert done.returncode == 2
    assert "list of one row" in " ".join(done.stderr.split())
    assert not (tmp_path / "r").exists()


def test_a_list_of_places_with_rows_and_report(demo, tmp_path):
    _, tile = demo
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    done = run("validate", "--places", places, "--dem", tile, "--report", tmp_path / "r")
    assert done.returncode == 1, done.stderr
    assert len(done.stdout.splitlines()) == 3  # the rows, as without a report
    data = json.loads((tmp_path / "r" / "verdicts.json").read_text(encoding="utf-8"))
    assert data["counts"] == {"agrees": 1, "differs": 1}
    assert [finding["subject"] for finding in data["findings"]] == ["row-1", "row-2"]
    assert (tmp_path / "r" / "place-2-b-map.svg").is_file()
    assert "Right" not in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")


def test_build_writes_the_report_where_asked(demo, tmp_path):
    trek, tile = demo
    done = run("build", trek, "--dem", tile, "--out", tmp_path / "b", "--report", "--json")
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)
    assert str(tmp_path / "b" / "demo" / "report" / "report.html") in result["files"]
    assert all(Path(file).is_file() for file in result["files"])


def test_matplotlib_waits_until_something_is_drawn_and_has_no_pyplot(demo, tmp_path):
    trek, tile = demo
    code = """
import sys
import routes.pipeline, routes.cli.validate
from tests.command import run

loaded = lambda: print([name in sys.modules for name in ("matplotlib", "matplotlib.pyplot")])
loaded()
validate = ["validate", sys.argv[1]]
assert run(*validate, "--dem", sys.argv[2]).returncode == 0
loaded()
assert run(*validate, "--dem", sys.argv[2], "--report", sys.argv[3]).returncode == 0
loaded()
"""
    arguments = [str(path) for path in (trek, tile, tmp_path / "r")]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines() == ["[False, False]", "[False, False]", "[True, False]"], done.stderr
