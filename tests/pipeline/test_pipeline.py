"""Trek file in, outputs out."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio import Affine

import routes
from routes.dem.opening import DEMOptions, dem_folder_of, open_dem_for
from routes.errors import DEMError, GPXReadError, OutputError, TrekFileError
from routes.pipeline import TraceOptions, load_trek, trace_legs, write_lines

TREK = """
id = "demo"
name = "Demo"
country = "Andorra"
region = "Ordino"
time_zone = "Europe/Andorra"
summary = "A trek for tests."
source = "Made for tests"
[[places]]
id = "a"
name = "A"
kind = "village"
lon = 1.50
lat = 42.50
position_uncertainty_m = 20
position_source = "made for tests"
[[places]]
id = "b"
name = "B"
kind = "pass"
lon = 1.54
lat = 42.50
position_uncertainty_m = 20
position_source = "made for tests"
[[places.stated]]
quantity = "elevation"
value = "2000 m"
source = "A guide"
[[days]]
number = 1
title = "From A to B"
[[days.legs]]
id = "a-b"
from = "a"
to = "b"
mode = "hike"
"""


@pytest.fixture
def project(tmp_path):
    """A project folder with one trek and no DEM."""
    for folder in ("data/treks", "data/dem", "data/gpx/demo"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "data/treks/demo.toml").write_text(TREK, encoding="utf-8")
    return tmp_path


def dem(path, west, east, height=2000):
    """GeoTIFF over latitude 42.4 to 42.6, cells of 1/1000 degree, a slope: level would be a lake."""
    columns = round((east - west) * 1000)
    profile = {"driver": "GTiff", "dtype": "int16", "count": 1, "crs": "EPSG:4326", "nodata": -32768,
               "width": columns, "height": 200, "transform": Affine(0.001, 0, west, 0, -0.001, 42.6)}  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(
            np.repeat(np.arange(200, dtype="int16")[:, None] + np.int16(height - 100), columns, axis=1), 1
        )
    return path


def trek_of(project):
    return project / "data/treks/demo.toml"


def test_build_without_dem_makes_everything_that_needs_none(project):
    result = routes.build(trek_of(project), out=project / "build")
    assert {path.name for path in result.files} == {
        "index.html", "report.md", "stats.json", "stats.csv", "verdicts.json", "demo.gpx", "day-1.gpx", "card.json"
    }  # fmt: skip
    assert result.page == project / "build/demo/index.html"
    assert any("No DEM covers this trek" in note for note in result.study.notes)
    stats = json.loads((result.folder / "stats.json").read_text(encoding="utf-8"))
    assert stats["on_foot"]["is_lower_bound"] is True
    assert stats["on_foot"]["ascent_m"] is None
    assert json.loads((result.folder / "verdicts.json").read_text())["counts"] == {"undecided": 1}


def test_a_dem_turns_the_schematic_leg_into_a_modelled_one(project):
    dem(project / "data/dem/flat.tif", 1.45, 1.6)
    result = routes.build(trek_of(project), out=project / "build")
    (leg,) = result.study.legs
    assert leg.line.provenance.value == "modelled"
    assert leg.ascent_m.value < 5.0
    assert [finding.verdict.value for finding in result.study.findings] == ["agrees"]
    assert "MODELLED Day 1" in (result.folder / "demo.gpx").read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_bytes(project):
    dem(project / "data/dem/flat.tif", 1.45, 1.6)
    first = routes.build(trek_of(project), out=project / "one")
    second = routes.build(trek_of(project), out=project / "two")
    for a, b in zip(first.files, second.files, strict=True):
        assert a.read_bytes() == b.read_bytes(), a.name


def test_a_dem_that_covers_half_the_route_is_refused_and_nothing_is_written(project):
    half = dem(project / "half.tif", 1.45, 1.52)
    gpx = project / "data/gpx/demo/a-b.gpx"
    write_track(gpx, [(1.50, 42.5), (1.54, 42.5)])
    with_gpx(project)
    with pytest.raises(DEMError, match=r"half\.tif covers only \d+ % of leg 'a-b'.*--dem none"):
        routes.build(trek_of(project), out=project / "build", dem=str(half))
    assert not (project / "build").exists()


def test_a_dem_that_covers_half_of_a_leg_without_a_track_is_refused_too(project):
    half = dem(project / "half.tif", 1.45, 1.52)
    with pytest.raises(
        DEMError, match=r"half\.tif covers only a part of the way from A to B: B .* lies outside"
    ):
        routes.build(trek_of(project), out=project / "build", dem=str(half))
    assert not (project / "build").exists()


def test_a_dem_of_elsewhere_is_refused_when_it_was_asked_for(project):
    far = dem(project / "far.tif", 11.0, 11.2)
    with pytest.raises(DEMError, match=r"far\.tif covers no place of Demo"):
        routes.build(trek_of(project), out=project / "build", dem=str(far))
    with pytest.raises(DEMError, match="There is no DEM file"):
        routes.build(trek_of(project), out=project / "build", dem=str(project / "absent.tif"))
    with pytest.raises(DEMError, match="holds no DEM file"):
        routes.build(trek_of(project), out=project / "build", dem=str(project / "data/dem"))


def write_track(path, points):
    body = "".join(f'<trkpt lat="{lat}" lon="{lon}"/>' for lon, lat in points)
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
    path.write_text(f"{head}<trk><trkseg>{body}</trkseg></trk></gpx>")


def with_gpx(project, extra='provenance = "recorded"'):
    text = TREK.replace('mode = "hike"', f'mode = "hike"\ngpx = "../gpx/demo/a-b.gpx"\n{extra}')
    trek_of(project).write_text(text, encoding="utf-8")


def test_a_line_on_another_continent_is_refused(project):
    with_gpx(project)
    write_track(project / "data/gpx/demo/a-b.gpx", [(-72.0, -13.2), (-72.1, -13.1)])
    with pytest.raises(
        GPXReadError, match=r"a-b\.gpx does not belong to leg 'a-b': its line ends [\d,.]+ km from A"
    ):
        routes.build(trek_of(project), out=project / "build")


def test_a_line_much_shorter_than_its_leg_is_refused(project):
    with_gpx(project)
    write_track(project / "data/gpx/demo/a-b.gpx", [(1.5, 42.5), (1.50000001, 42.5)])
    with pytest.raises(GPXReadError, match=r"its line is 0 m long, but A and B are 3,2\d\d m apart"):
        routes.build(trek_of(project), out=project / "build")


def test_each_variant_has_a_gpx_file(project):
    variants = "".join(
        f'[[variants]]\nid = "{name}"\nname = "{name.title()}"\ndays = [1]\n' for name in ("all", "short")
    )
    trek_of(project).write_text(TREK + variants, encoding="utf-8")
    result = routes.build(trek_of(project), out=project / "build")
    assert {path.name for path in result.files if path.suffix == ".gpx"} == {
        "demo.gpx", "demo-short.gpx", "day-1.gpx"
    }  # fmt: skip
    alone = routes.build(trek_of(project), out=project / "build", variant="short")
    assert {path.name for path in alone.files if path.suffix == ".gpx"} == {"demo-short.gpx", "day-1.gpx"}
    assert (alone.folder / "demo-short.gpx").read_bytes() == (result.folder / "demo-short.gpx").read_bytes()


def test_a_trek_named_like_the_file_of_a_day_is_refused(project):
    trek_of(project).write_text(TREK.replace('id = "demo"', 'id = "day-1"'), encoding="utf-8")
    with pytest.raises(OutputError, match=r"Two GPX files would be called day-1\.gpx"):
        routes.build(trek_of(project), out=project / "build")
    assert not (project / "build").exists()


def test_trace_writes_from_inside_the_folder_of_the_trek_file(project, monkeypatch):
    with_gpx(project, extra="")
    monkeypatch.chdir(project / "data/treks")
    result = trace_legs("demo.toml", TraceOptions(dem="none"))
    assert write_lines(Path("demo.toml"), result) == {"a-b": project / "data/gpx/demo/a-b.gpx"}


def test_a_line_that_runs_the_other_way_is_turned_round(project):
    with_gpx(project)
    write_track(project / "data/gpx/demo/a-b.gpx", [(1.54, 42.5), (1.50, 42.5)])
    _, lines = load_trek(trek_of(project))
    assert lines["a-b"].segments[0].lon_deg.tolist() == [1.50, 1.54]


def test_a_missing_gpx_is_named(project):
    with_gpx(project)
    with pytest.raises(GPXReadError, match=r"a-b\.gpx: No such file"):
        routes.build(trek_of(project), out=project / "build")


def test_an_output_folder_that_cannot_be_written(project):
    (project / "build").write_text("a file")
    with pytest.raises(OutputError, match="Cannot write"):
        routes.build(trek_of(project), out=project / "build")


def test_an_unknown_variant_is_an_error(project):
    with pytest.raises(routes.RoutesError, match="no variant 'x'; it has: none"):
        routes.build(trek_of(project), out=project / "build", variant="x")


def test_a_trek_file_that_is_none(project):
    trek_of(project).write_text("id = = 1", encoding="utf-8")
    with pytest.raises(TrekFileError, match=r"demo\.toml is not valid TOML: .*line 1"):
        routes.build(trek_of(project), out=project / "build")


def test_where_the_dem_is_looked_for(project, monkeypatch, tmp_path):
    monkeypatch.delenv("ROUTES_DEM_DIR", raising=False)
    assert dem_folder_of(trek_of(project)) == project / "data/dem"
    assert open_dem_for(trek_of(project), [], DEMOptions(is_offline=True))[0] is None
    monkeypatch.setenv("ROUTES_DEM_DIR", str(tmp_path / "elsewhere"))
    assert dem_folder_of(trek_of(project)) == tmp_path / "elsewhere"
    assert open_dem_for(trek_of(project), [], DEMOptions(choice="none"))[0] is None


def test_trace_writes_lines_that_the_next_build_uses(project):
    with_gpx(project, extra="")
    dem(project / "data/dem/flat.tif", 1.45, 1.6)
    result = trace_legs(trek_of(project))
    (traced,) = result.legs
    assert traced.notes == ()
    assert write_lines(trek_of(project), result) == {"a-b": project / "data/gpx/demo/a-b.gpx"}
    study = routes.study_file(trek_of(project))
    assert study.legs[0].line.provenance.value == "modelled"
    assert study.legs[0].length_m.value == pytest.approx(traced.study.length_m.value, abs=1.0)
    assert study.legs[0].line.lateral_p90_m == pytest.approx(traced.line.lateral_p90_m, abs=0.5)


def test_trace_never_replaces_a_recorded_line(project):
    with_gpx(project)
    path = project / "data/gpx/demo/a-b.gpx"
    write_track(path, [(1.50, 42.5), (1.54, 42.5)])
    before = path.read_bytes()
    result = trace_legs(trek_of(project))
    assert result.legs[0].line is not None
    assert write_lines(trek_of(project), result) == {}
    assert path.read_bytes() == before


def test_trace_writes_to_its_own_folder_only(project):
    text = TREK.replace('mode = "hike"', 'mode = "hike"\ngpx = "../../../../etc/passwd"')
    trek_of(project).write_text(text, encoding="utf-8")
    result = trace_legs(trek_of(project))
    with pytest.raises(OutputError, match=r'set gpx = "\.\./gpx/demo/a-b\.gpx"'):
        write_lines(trek_of(project), result)


def test_trace_of_an_unknown_leg(project):
    with pytest.raises(routes.RoutesError, match="'x' is no leg on foot of demo; those are: a-b"):
        trace_legs(trek_of(project), TraceOptions(only=["x"]))


def test_committed_lines_are_what_trace_makes(repository, tmp_path):
    """The modelled lines of the sample trek come from the DEM beside them, and nobody edited them."""
    shutil.copytree(repository / "data", tmp_path / "data")
    trek_file = tmp_path / "data/treks/john-muir.toml"
    written = write_lines(trek_file, trace_legs(trek_file))
    assert written
    for path in written.values():
        assert path.read_bytes() == (repository / "data/gpx/john-muir" / path.name).read_bytes(), path.name
