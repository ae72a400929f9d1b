"""``routes dem`` and builds that fetch, against the mirror."""

import json
import shutil

import pytest

from tests.command import run
from tests.dem.mirror import Mirror, surface


@pytest.fixture
def served(mirror_root, monkeypatch):
    with Mirror(mirror_root) as mirror:
        monkeypatch.setenv("ROUTES_DEM_URL", mirror.url)
        yield mirror


@pytest.fixture
def project(tmp_path, repository):
    """A copy of the treks and lines, without any DEM."""
    shutil.copytree(repository / "data" / "treks", tmp_path / "data" / "treks")
    shutil.copytree(repository / "data" / "gpx", tmp_path / "data" / "gpx")
    (tmp_path / "data" / "dem").mkdir()
    return tmp_path


def test_fetch_then_build_offline_gives_every_figure_of_the_walked_days(served, project):
    """The mirror's hills are no Peru; what counts is that the figures are there, and that nothing is asked twice."""
    lares = project / "data/treks/lares.toml"
    fetched = run("dem", "fetch", lares, "--json")
    data = json.loads(fetched.stdout)
    # the mirror has no tile of Lima: here the city is sea, and nobody walks on water
    assert data["sea"]
    assert all(name.endswith("_W078_00_DEM") for name in data["sea"])
    assert data["faults"] == []
    assert data["fetched_bytes"] < 0.35 * data["tile_bytes"]
    served.reset()
    built = run("build", lares, "--offline", "--out", project / "build", "--quiet")
    assert built.returncode == 0, built.stderr
    assert served.requests == ()
    stats = json.loads((project / "build/lares/stats.json").read_text(encoding="utf-8"))
    for day in stats["days"]:
        assert (day["on_foot"]["ascent_m"] is None) == (day["number"] in (1, 6)), day["number"]
    assert {product["product"] for product in stats["dem"]} == {"glo30"}
    assert run("build", lares, "--out", project / "build", "--quiet").returncode == 0
    assert served.requests == ()


@pytest.mark.usefixtures("served")
def test_a_build_with_a_network_fetches_by_itself_and_one_without_says_so(project):
    lares = project / "data/treks/lares.toml"
    offline = run("build", lares, "--offline", "--out", project / "build")
    assert offline.returncode == 0
    assert "not to be used (--offline)" in offline.stderr
    assert "Not all of the DEM could be fetched" in (project / "build/lares/report.md").read_text(
        encoding="utf-8"
    )
    online = run("build", lares, "--out", project / "build")
    assert online.returncode == 0, online.stderr
    assert "Fetched " in online.stderr
    assert "could be fetched" not in (project / "build/lares/report.md").read_text(encoding="utf-8")


def test_the_sample_trek_asks_for_nothing(served, repository, tmp_path):
    """Its DEM lies in the repository."""
    assert (
        run("build", repository / "data/treks/john-muir.toml", "--out", tmp_path, "--quiet").returncode == 0
    )
    assert served.requests == ()


@pytest.mark.usefixtures("served")
def test_list_info_verify_and_clean(tmp_path):
    folder = tmp_path / "dem"
    window = ("--bounds", "-72.2", "-13.2", "-72.1", "-13.1", "--folder", folder)
    assert run("dem", "fetch", *window).stdout.startswith("Fetched 2 blocks")
    assert run("dem", "fetch", *window).stdout == "Nothing to fetch: 2 blocks are in the cache.\n"
    listed = json.loads(run("dem", "list", "--folder", folder, "--json").stdout)
    assert [entry["product"] for entry in listed] == ["glo30", "glo30"]
    block = listed[0]["file"]
    info = json.loads(run("dem", "info", block, "--json").stdout)
    assert (info["vertical_datum"], info["le90_m"], info["voids"]) == ("EGM2008", 4.0, 0)
    assert run("dem", "verify", "--folder", folder).returncode == 0
    with open(block, "r+b") as file:  # noqa: PTH123
        file.seek(2000)
        file.write(b"damage")
    bad = run("dem", "verify", "--folder", folder)
    assert (bad.returncode, "checksum" in bad.stdout) == (1, True)
    (folder / "mine.tif").write_bytes(b"my own")
    assert run("dem", "clean", "--folder", folder).returncode == 0
    assert run("dem", "verify", "--folder", folder).stdout == "1 blocks, 0 damaged\n"
    assert run("dem", "clean", "--folder", folder, "--all").returncode == 0
    assert json.loads(run("dem", "list", "--folder", folder, "--json").stdout) == []
    assert (folder / "mine.tif").exists()


def test_elevation_fetches_what_it_needs(served, tmp_path, monkeypatch):
    monkeypatch.setenv("ROUTES_DEM_DIR", str(tmp_path / "dem"))
    done = run("elevation", "-72.15", "-13.15", "--json", cwd=tmp_path)
    (point,) = json.loads(done.stdout)["heights"]
    assert point["height_m"] == pytest.approx(surface(-72.15, -13.15), abs=0.02)
    assert (point["product"], point["vertical_datum"]) == ("glo30", "EGM2008")
    assert served.requests
    done = run("elevation", "-72.15", "-13.15", "--datum", "WGS84 ellipsoid", "--offline", cwd=tmp_path)
    assert done.returncode == 2
    assert "us_nga_egm08_25.tif" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("dem", "fetch"), "Give either a trek file or --bounds"),
        (("dem", "fetch", "--bounds", "1", "2", "0", "3"), "is not west < east"),
        (("dem", "fetch", "--bounds", "1", "2", "3", "4", "--product", "glo1"), "no public bucket of 'glo1'"),
        (("dem", "info", "absent.tif"), "There is no DEM file"),
    ],
)
def test_bad_input(arguments, message, tmp_path):
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.replace("│", " ").split())


def test_a_fetch_that_fails_exits_2_and_names_the_reason(tmp_path):
    done = run("dem", "fetch", "--bounds", "-72.2", "-13.2", "-72.1", "-13.1", "--folder", tmp_path / "dem")
    assert done.returncode == 2
    assert "cannot be reached" in done.stderr
