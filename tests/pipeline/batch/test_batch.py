"""`routes batch` in this process: figures, errors as rows, going on, order, locks."""

import gzip
import json
import os
import warnings
import zipfile

import geopandas as gpd
import gpxpy
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import routes
from routes.analysis.figures.legs import study_leg
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.walking.time import leg_effort
from routes.dem.folder import open_dem
from routes.dem.raster import RasterDEM
from routes.errors import BatchError, DEMError, OutputError
from routes.gpx.read.reader import read_gpx
from routes.model.kinds import Provenance, Recorder
from routes.model.track import Line
from routes.pipeline.batch import stages as passes
from routes.pipeline.batch.schema import COLUMNS
from routes.pipeline.batch.work import opened, work_folder_of
from tests import builders
from tests.analytic import GEOD, local_m
from tests.command import killed
from tests.pipeline.batch.archives import SLOPE, batch, eastward, gpx, rows_of, write_plane, write_walks
from tests.strategies import examples


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    """Patterns are told from the folder of the test."""
    monkeypatch.chdir(tmp_path)


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_figures_of_a_walk_up_a_plane(tmp_path):
    """Two kilometres up one in ten: 200 m of ascent, and nothing else."""
    put(tmp_path / "walk.gpx", gpx(eastward(0.0, 2000.0)))
    _, [row] = batch("walk.gpx", out=tmp_path / "o.parquet", dem=write_plane(tmp_path / "dem"))
    assert row["error"] is None
    assert row["distance_m"] == pytest.approx(2000.0, abs=0.1)
    assert row["ascent_m"] == pytest.approx(200.0, abs=0.1)
    assert row["descent_m"] == pytest.approx(0.0, abs=0.05)
    assert row["low_m"] == pytest.approx(1000.0, abs=0.1)
    assert row["high_m"] == pytest.approx(1200.0, abs=0.1)
    assert row["ascent_p10_m"] <= row["ascent_m"] <= row["ascent_p90_m"]
    assert row["recorded_bias_m"] == pytest.approx(5.0, abs=0.1)
    assert (row["heights"], row["dem_product"], row["dem_void_share"]) == (
        "DEM on a recorded line",
        "local",
        0.0,
    )
    assert (row["segments"], row["points"], row["track"], row["copies"], row["climbs"]) == (1, 41, 1, 1, 1)
    assert row["elapsed_time_s"] == row["moving_time_s"] == 1600.0
    assert row["start_time"].isoformat() == "2024-06-01T06:00:00+00:00"


def test_figures_are_those_of_a_leg_of_a_trek(tmp_path):
    """As `routes stats` studies it."""
    generator = np.random.default_rng(3)
    lon, lat = eastward(0.0, 4000.0, 81)
    file = put(tmp_path / "walk.gpx", gpx((lon, lat + np.cumsum(generator.normal(0.0, 1e-4, 81)))))
    dem = write_plane(tmp_path / "dem")
    _, [row] = batch("walk.gpx", out=tmp_path / "o.parquet", dem=dem)
    line = Line(read_gpx(file).segments(), Provenance.RECORDED, "made for tests")
    places = [builders.place("a", -3000.0), builders.place("b", 3000.0)]
    leg = builders.leg("a-b", "a", "b")
    trek = builders.trek(places, [builders.day(1, leg)])
    study = study_leg(trek, trek.days[0], leg, line, source=open_dem(dem), parameters=ProfileParameters())
    time_s = leg_effort(study).time_s
    for name, unit, estimate in (
        ("distance", "m", study.length_m), ("ascent", "m", study.ascent_m), ("descent", "m", study.descent_m),
        ("high", "m", study.high_estimate_m), ("walking_time", "s", time_s),
    ):  # fmt: skip
        told = [row[f"{name}{part}_{unit}"] for part in ("", "_p10", "_p90")]
        assert told == pytest.approx([estimate.value, estimate.p10, estimate.p90], rel=1e-9, abs=1e-6), name
    assert row["low_m"] == pytest.approx(study.low_m)
    assert row["climbs"] == len(study.climbs)


def test_moving_time_is_that_of_gpxpy(tmp_path):
    """gpxpy's own limit of 1 km/h, on a walk with a rest in the middle."""
    lon, lat = eastward(0.0, 1500.0, 31)
    lon[15:20] = lon[15]
    text = gpx((lon, lat))
    put(tmp_path / "walk.gpx", text)
    _, [row] = batch("walk.gpx", out=tmp_path / "o.parquet")
    truth = gpxpy.parse(text).tracks[0].segments[0].get_moving_data(speed_extreemes_percentiles=0.0, raw=True)
    assert row["moving_time_s"] == pytest.approx(truth.moving_time)
    assert row["moving_time_s"] < row["elapsed_time_s"]


def test_recorded_heights_serve_where_the_dem_has_none(tmp_path):
    put(tmp_path / "far.gpx", gpx(eastward(60_000.0)))
    put(tmp_path / "half.gpx", gpx(eastward(0.0, 4000.0, east_m=22_000.0)))
    put(tmp_path / "bare.gpx", gpx(eastward(60_000.0), ele=False))
    _, rows = batch("*.gpx", out=tmp_path / "o.parquet", dem=write_plane(tmp_path / "dem"))
    row = {r["source"]: r for r in rows}
    for name, rise, share in (("far.gpx", 200.0, None), ("half.gpx", 400.0, pytest.approx(0.35, abs=0.1))):
        assert row[name]["ascent_m"] == pytest.approx(rise, abs=0.5)
        assert (row[name]["heights"], row[name]["dem_product"], row[name]["dem_datum"]) == (
            "recorded barometer",
            None,
            "unknown",
        )
        assert row[name]["dem_void_share"] == share
    assert "the figures rest on the file's own heights" in row["half.gpx"]["warnings"][-1]
    assert row["bare.gpx"]["ascent_m"] is None
    assert row["bare.gpx"]["error"] is None
    truth = GEOD.line_length(*eastward(60_000.0))
    assert row["bare.gpx"]["distance_m"] == pytest.approx(truth, abs=0.1)
    assert row["bare.gpx"]["warnings"] == ["No ascent: no DEM."]


@pytest.mark.parametrize(
    ("provenance", "heights", "warning"),
    [
        ("osm", "DEM on an OpenStreetMap line", None),
        ("modelled", "DEM on a modelled line", None),
        ("schematic", None, "No ascent: no line is known"),
    ],
)
def test_lines_of_ours_are_taken_for_what_they_say(tmp_path, provenance, heights, warning):
    mark = (
        f'<extensions><line xmlns="urn:trek-routes:line:1" provenance="{provenance}"/></extensions><trkseg>'
    )
    put(tmp_path / "walk.gpx", gpx(eastward()).replace("<trkseg>", mark, 1))
    _, [row] = batch("walk.gpx", out=tmp_path / "o.parquet", dem=write_plane(tmp_path / "dem"))
    assert (row["line"], row["heights"], row["error"]) == (provenance, heights, None)
    assert (row["ascent_m"] is None) == (provenance == "schematic")
    assert (warning is None) == (row["warnings"] == [])
    assert warning is None or row["warnings"][0].startswith(warning)


def test_every_track_is_a_row_and_every_bad_file_an_error(tmp_path):
    folder = tmp_path / "in"
    two = (
        gpx(eastward(), name="One").replace("</gpx>", "")
        + gpx(eastward(500.0), name="Two").partition('GPX/1/1">')[2]
    )
    put(folder / "two.gpx", two)
    put(folder / "html.gpx", "<html><body>Sign in</body></html>")
    put(folder / "empty.gpx", "")
    put(folder / "latitude.gpx", gpx(eastward()).replace('lat="42.5', 'lat="142.5'))
    put(folder / "still.gpx", gpx((np.full(5, 1.5), np.full(5, 42.5))))
    put(folder / "places.gpx", '<gpx version="1.1"><wpt lat="1" lon="2"/></gpx>')
    put(folder / "notes.txt", "not looked at")
    put(folder / ".hidden.gpx", "not looked at")
    (folder / "pipe.gpx").unlink(missing_ok=True)
    os.mkfifo(folder / "pipe.gpx")
    (folder / "gone.gpx").symlink_to(folder / "nowhere.gpx")
    (folder / "ring").symlink_to(folder)
    result, rows = batch("in", out=tmp_path / "o.parquet")
    good = [(r["name"], r["track"]) for r in rows if r["error"] is None]
    assert good == [("One", 1), ("Two", 2)]
    errors = {r["source"].removeprefix("in/"): r["error"] for r in rows if r["error"] is not None}
    assert set(errors) == {
        "html.gpx", "empty.gpx", "latitude.gpx", "still.gpx", "places.gpx", "pipe.gpx", "gone.gpx"
    }  # fmt: skip
    assert "not GPX" in errors["html.gpx"] or "html" in errors["html.gpx"]
    assert "line 1" in errors["latitude.gpx"]
    assert "pipe" in errors["pipe.gpx"]
    assert "No such file" in errors["gone.gpx"]
    assert "waypoints: 1" in errors["places.gpx"]
    assert "one position" in errors["still.gpx"]
    assert (result.rows, result.errors, result.is_passing) == (9, 7, False)
    assert not work_folder_of(tmp_path / "o.parquet").exists()


def test_archives_packed_files_and_hostile_names(tmp_path):
    walk = gpx(eastward())
    with zipfile.ZipFile(tmp_path / "tracks.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd.gpx", walk)
        archive.writestr("a/b\n\x1b[31m.gpx", walk)
        archive.writestr("readme.txt", "no")
        archive.writestr("bomb.gpx.gz", gzip.compress(b"<gpx" + b" " * 5_000_000))
    (tmp_path / "packed.gpx.gz").write_bytes(gzip.compress(walk.encode()))
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and then nothing")
    with open(os.fsencode(tmp_path) + b"/caf\xe9 $(rm -rf).gpx", "w") as file:  # noqa: PTH123 - bytes
        file.write(walk)
    _, rows = batch(".", out=tmp_path / "o.parquet")
    found = {(r["source"], r["member"]): r["error"] for r in rows}
    assert found["tracks.zip", "../../etc/passwd.gpx"] is None
    assert found["tracks.zip", "a/b\n\x1b[31m.gpx"] is None
    assert found["packed.gpx.gz", ""] is None
    assert found["caf\\udce9 $(rm -rf).gpx", ""] is None
    assert "Cannot open the archive" in found["broken.zip", ""]
    assert found["tracks.zip", "bomb.gpx.gz"] is not None
    assert len(found) == len(rows) == 6


def test_text_of_tracks_stays_text(tmp_path):
    """A name that would be a formula, markup or a terminal's order is stored as it is, and goes nowhere."""
    name = "=cmd|'/c calc'!A1 &lt;script&gt; \u202e"
    put(tmp_path / "w.gpx", gpx(eastward(), name=name))
    _, [row] = batch("w.gpx", out=tmp_path / "o.parquet")
    assert row["name"] == "=cmd|'/c calc'!A1 <script> \u202e"


def test_copies_are_told_and_counted_once_when_asked(tmp_path):
    for name in ("b.gpx", "a.gpx", "c.gpx"):
        put(tmp_path / name, gpx(eastward()))
    put(tmp_path / "other.gpx", gpx(eastward(300.0)))
    for name in ("bad1.gpx", "bad2.gpx"):
        put(tmp_path / name, "<gpx><")
    _, rows = batch("*.gpx", out=tmp_path / "all.parquet")
    assert sorted((r["source"], r["copies"]) for r in rows) == [
        ("a.gpx", 3), ("b.gpx", 3), ("bad1.gpx", 2), ("bad2.gpx", 2), ("c.gpx", 3), ("other.gpx", 1)
    ]  # fmt: skip
    _, rows = batch("*.gpx", out=tmp_path / "unique.parquet", is_unique=True)
    assert sorted(r["source"] for r in rows) == ["a.gpx", "bad1.gpx", "other.gpx"]


def test_the_same_file_by_several_patterns_is_read_once(tmp_path):
    write_walks(tmp_path / "in", 3)
    put(tmp_path / "list.txt", "# three ways\nin\nin/*.gpx\n")
    _, rows = batch("in", "in/walk-001.gpx", "in/**", "@list.txt", out=tmp_path / "o.parquet")
    assert [r["source"] for r in rows] == [f"in/walk-{n:03d}.gpx" for n in range(3)]


def test_patterns_that_name_nothing_are_errors(tmp_path):
    (tmp_path / "empty").mkdir()
    for pattern, match in (("nowhere.gpx", "no file or folder"), ("*.gpx", "names no file"), ("empty", "names no file"),
                           ("@gone.txt", "list"), ("bogus://x/y.gpx", "no address")):  # fmt: skip
        with pytest.raises((BatchError, routes.RoutesError), match=match):
            batch(pattern, out=tmp_path / "o.parquet")
    with pytest.raises(routes.RoutesError, match="pip install s3fs"):
        batch("s3://bucket/*.gpx", out=tmp_path / "o.parquet")
    assert not (tmp_path / "o.parquet").exists()


def test_a_store_of_fsspec_is_listed_and_read(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    store.pipe("/bucket/a/one.gpx", gpx(eastward()).encode())
    store.pipe("/bucket/a/two.gpx", gpx(eastward(200.0)).encode())
    store.pipe("/bucket/a/readme.txt", b"no")
    for pattern in ("memory://bucket/a", "memory://bucket/**/*.gpx"):
        _, rows = batch(pattern, out=tmp_path / "o.parquet", is_overwriting=True)
        assert {r["source"] for r in rows} == {"memory://bucket/a/one.gpx", "memory://bucket/a/two.gpx"}
        assert all(r["error"] is None for r in rows)


def test_columns_metadata_and_geometry(tmp_path):
    """Read by two libraries that do not know us; the geometry stays within its tolerance of the track."""
    generator = np.random.default_rng(1)
    lon, lat = eastward(0.0, 5000.0, 501)
    lat = lat + np.cumsum(generator.normal(0.0, 3e-5, 501))
    put(tmp_path / "w.gpx", gpx((lon[:300], lat[:300]), (lon[300:], lat[300:])))
    put(tmp_path / "bad.gpx", "no")
    out = tmp_path / "o.parquet"
    batch("*.gpx", out=out, dem=write_plane(tmp_path / "dem"), tolerance_m=20.0)
    assert pq.read_schema(out).names == [column.name for column in COLUMNS]
    frame = gpd.read_parquet(out)
    shape = frame.geometry[0]
    assert frame.crs == "OGC:CRS84"
    assert shape.geom_type == "MultiLineString"
    assert len(shape.geoms) == 2
    assert shapely.get_num_coordinates(shape) < 250
    x, y = local_m(lon, lat)
    local = shapely.MultiLineString([np.column_stack(local_m(*np.array(g.coords).T)) for g in shape.geoms])
    away = shapely.distance(shapely.points(x, y), local)
    assert away.max() <= 20.5  # the file has seven decimals, and our metres are those of one latitude
    assert rows_of(out)[0]["bbox"] == dict(zip(("xmin", "ymin", "xmax", "ymax"), shape.bounds, strict=True))
    assert len(gpd.read_parquet(out, bbox=(0.0, 0.0, 0.1, 0.1))) == 0
    assert len(gpd.read_parquet(out, bbox=(1.4, 42.4, 1.6, 42.6))) == 1
    about = json.loads(pq.read_schema(out).metadata[b"trek-routes"])
    assert about["version"] == routes.__version__
    assert about["parameters"]["heights"] == "auto"
    assert about["geometry_tolerance_m"] == 20.0
    assert about["products"]["local"]["vertical_datum"] == "unknown"


def test_a_walk_across_the_antimeridian_is_cut_there(tmp_path):
    lon = np.array([179.99, 179.995, -179.998, -179.99])
    put(tmp_path / "w.gpx", gpx((lon, np.full(4, -16.8)), ele=False))
    _, [row] = batch("w.gpx", out=tmp_path / "o.parquet")
    parts = shapely.from_wkb(row["geometry"]).geoms
    assert [max(abs(x) for x, _ in part.coords) for part in parts] == [180.0, 180.0]
    assert row["distance_m"] == pytest.approx(0.02 * 106_600, rel=0.01)


class _EndedError(Exception):
    """Stands for the end of the process."""


def _end_after(count):
    left = [count]

    def on_progress(progress):
        if progress.phase == "studying":
            left[0] -= 1
            if left[0] < 0:
                raise _EndedError

    return on_progress


@settings(max_examples=examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ended_after=st.integers(0, 4), size=st.sampled_from([1, 2, 32]))
def test_ended_anywhere_it_goes_on_to_the_same_bytes(tmp_path, monkeypatch, ended_after, size):
    monkeypatch.setattr(passes, "FILES_A_PART", size)
    folder = write_walks(tmp_path / "in", 6, tiles=2)
    put(folder / "bad.gpx", "no")
    whole, broken = tmp_path / "whole.parquet", tmp_path / "broken.parquet"
    batch("in", out=whole, is_overwriting=True)
    broken.unlink(missing_ok=True)
    try:
        batch("in", out=broken, on_progress=_end_after(ended_after))
        is_ended = False
    except _EndedError:
        is_ended = True
        assert not broken.exists()
        result, _ = batch("in", out=broken)
        assert result.kept == ended_after + 1
    assert broken.read_bytes() == whole.read_bytes()
    assert is_ended or size > 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.parquet", "in", "whole.parquet"]


def test_killed_by_the_system_it_goes_on_to_the_same_bytes(tmp_path):
    write_walks(tmp_path / "in", 70, tiles=5)
    whole, broken = tmp_path / "whole.parquet", tmp_path / "broken.parquet"
    batch("in", out=whole)
    work = work_folder_of(broken)
    killed("batch", "in", "-o", broken, "--dem", "none", "--workers", "0", folder=work, moves=4)
    assert not broken.exists()
    assert (work / "manifest.jsonl").read_bytes().count(b"\n") == 4
    with (work / "manifest.jsonl").open("ab") as file:
        file.write(b'{"key": "half a li')
    result, _ = batch("in", out=broken)
    assert result.kept > 0
    assert broken.read_bytes() == whole.read_bytes()
    assert not work.exists()


def test_a_damaged_part_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setattr(passes, "FILES_A_PART", 2)
    write_walks(tmp_path / "in", 8)
    whole, broken = tmp_path / "whole.parquet", tmp_path / "broken.parquet"
    batch("in", out=whole)
    with pytest.raises(_EndedError):
        batch("in", out=broken, on_progress=_end_after(2))
    assert len(list(work_folder_of(broken).glob("*.part"))) == 4  # one of the first pass, three of the second
    for part in work_folder_of(broken).glob("*.part"):
        part.write_bytes(part.read_bytes()[:-7])
    result, _ = batch("in", out=broken)
    assert result.kept == 0
    assert broken.read_bytes() == whole.read_bytes()


def test_parts_of_other_parameters_or_contents_are_not_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(passes, "FILES_A_PART", 2)
    folder = write_walks(tmp_path / "in", 8)
    out, fresh = tmp_path / "o.parquet", tmp_path / "fresh.parquet"
    with pytest.raises(_EndedError):
        batch("in", out=out, on_progress=_end_after(3))
    result, _ = batch("in", out=out, heights=Recorder.GPS)
    assert result.kept == 0
    out.unlink()
    with pytest.raises(_EndedError):
        batch("in", out=out, on_progress=_end_after(3))
    put(folder / "walk-000.gpx", gpx(eastward(700.0, 3210.0), name="changed"))
    batch("in", out=out)
    batch("in", out=fresh)
    assert out.read_bytes() == fresh.read_bytes()


def test_rows_depend_on_their_own_track_alone(tmp_path, monkeypatch):
    """However files are put together to parts, and whatever else is in the archive."""
    folder = write_walks(tmp_path / "in", 7, tiles=2)
    dem = write_plane(tmp_path / "dem")
    write_plane(dem, "north.tif", north=43.7)
    _, together = batch("in", out=tmp_path / "a.parquet", dem=dem)
    monkeypatch.setattr(passes, "FILES_A_PART", 1)
    _, singly = batch("in", out=tmp_path / "b.parquet", dem=dem)
    assert together == singly
    (folder / "walk-003.gpx").unlink()
    _, fewer = batch("in", out=tmp_path / "c.parquet", dem=dem)
    assert fewer == [row for row in together if row["source"] != "in/walk-003.gpx"]


def test_another_batch_on_the_same_output_is_refused(tmp_path):
    write_walks(tmp_path / "in", 2)
    out = tmp_path / "o.parquet"
    with opened(out), pytest.raises(OutputError, match=f"Another batch .process {os.getpid()} on .* writes"):
        batch("in", out=out)
    result, rows = batch("in", out=out)
    assert result.rows == len(rows) == 2


def test_an_output_that_is_there_is_replaced_only_when_asked(tmp_path):
    write_walks(tmp_path / "in", 1)
    out = put(tmp_path / "o.parquet", "mine")
    with pytest.raises(OutputError, match="--overwrite"):
        batch("in", out=out)
    assert out.read_text(encoding="utf-8") == "mine"
    batch("in", out=out, is_overwriting=True)
    assert len(rows_of(out)) == 1
    with pytest.raises(OutputError, match="is a folder"):
        batch("in", out=tmp_path)


@pytest.mark.parametrize(
    ("options", "match"),
    [({"tolerance_m": 0.0}, "tolerance"), ({"workers": -1}, "-1 workers")],
)
def test_numbers_out_of_range_are_refused(tmp_path, options, match):
    write_walks(tmp_path / "in", 1)
    with pytest.raises(BatchError, match=match):
        batch("in", out=tmp_path / "o.parquet", **options)


def test_a_dem_that_cannot_be_opened_is_an_error_before_any_work(tmp_path):
    write_walks(tmp_path / "in", 1)
    put(tmp_path / "dem.tif", "no raster")
    with pytest.raises(DEMError, match=r"dem\.tif"):
        batch("in", out=tmp_path / "o.parquet", dem="dem.tif")


def test_no_warning_escapes_and_memory_of_a_long_track_is_bounded(tmp_path):
    """Ten times 40 km there and back: no height is one that Earth has not."""
    there = np.array(eastward(0.0, 40_000.0, 401))
    walk = np.concatenate([there, there[:, ::-1]] * 5, axis=1)
    put(tmp_path / "long.gpx", gpx(walk, pace_s=9))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, [row] = batch("long.gpx", out=tmp_path / "o.parquet")
    assert row["distance_m"] == pytest.approx(400_000.0, rel=0.01)
    assert row["ascent_m"] == pytest.approx(5.0 * SLOPE * 40_000.0, rel=0.01)


def test_each_cell_of_the_dem_is_decoded_once(tmp_path, monkeypatch):
    """However many tracks cross it, and in however many parts they are."""
    times = np.zeros((480, 720), dtype=int)
    decoded = RasterDEM._decoded

    def noted(self, window):
        top, left, bottom, right = window
        times[top:bottom, left:right] += 1
        return decoded(self, window)

    monkeypatch.setattr(RasterDEM, "_decoded", noted)
    monkeypatch.setattr(passes, "FILES_A_PART", 2)
    write_walks(tmp_path / "in", 12)
    _, rows = batch("in", out=tmp_path / "o.parquet", dem=write_plane(tmp_path / "dem"))
    assert all(row["dem_product"] == "local" for row in rows)
    assert times.max() == 1
