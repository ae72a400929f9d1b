"""Files over HTTP, DEMs that are fetched, and what a batch does when a network fails."""

import shutil
import zipfile

import pytest

from tests.dem.mirror import BUCKETS, LARES, Mirror
from tests.pipeline.batch.archives import batch, gpx


@pytest.fixture
def served(tmp_path):
    root = tmp_path / "served"
    root.mkdir()
    (root / "one.gpx").write_text(walk(0.0), encoding="utf-8")
    (root / "two.gpx").write_text(walk(0.01), encoding="utf-8")
    with zipfile.ZipFile(root / "more.zip", "w") as archive:
        archive.writestr("three.gpx", walk(0.02))
        archive.writestr("four.gpx", walk(0.03))
    with Mirror(root) as mirror:
        yield mirror


def walk(north):
    """A walk of two kilometres near Lares, without heights of its own."""
    lon = [-72.10 + 0.0005 * n for n in range(38)]
    return gpx((lon, [-13.20 + north] * 38), ele=False)


def test_files_and_archives_come_over_http(served, tmp_path):
    names = [f"{served.url}/{name}" for name in ("one.gpx", "more.zip", "gone.gpx")]
    result, rows = batch(*names, out=tmp_path / "o.parquet")
    told = {(r["source"].rpartition("/")[2], r["member"]): r["error"] for r in rows}
    assert told["one.gpx", ""] is None
    assert told["more.zip", "three.gpx"] is told["more.zip", "four.gpx"] is None
    assert "404" in told["gone.gpx", ""]
    assert not result.is_passing


def test_passwords_in_addresses_are_used_and_never_stored(served, tmp_path):
    secret = served.url.replace("http://", "http://bob:hidden@")
    _, [row] = batch(f"{secret}/one.gpx", out=tmp_path / "o.parquet")
    assert row["error"] is None
    assert row["source"] == f"{served.url}/one.gpx"
    assert b"hidden" not in (tmp_path / "o.parquet").read_bytes()


def test_a_network_lost_in_the_middle_is_mended_by_another_run(served, tmp_path):
    names = [f"{served.url}/{name}" for name in ("one.gpx", "two.gpx")]
    batch(*names, out=tmp_path / "whole.parquet")
    served.fault("*two.gpx", "cut")
    result, rows = batch(*names, out=tmp_path / "o.parquet")
    assert result.errors == 1
    assert [r["error"] is None for r in rows] == [True, False]
    assert "cut off" in rows[1]["error"]
    assert result.is_passing
    served.heal()
    result, _ = batch(*names, out=tmp_path / "o.parquet")
    assert (result.errors, result.is_passing) == (0, False)
    assert (tmp_path / "o.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


@pytest.fixture
def dem_mirror(plane_root, tmp_path, monkeypatch):
    root = tmp_path / "buckets"
    root.mkdir()
    (root / BUCKETS["glo30"]).symlink_to(plane_root / BUCKETS["glo30"])
    monkeypatch.setenv("ROUTES_DEM_DIR", str(tmp_path / "cache"))
    with Mirror(root) as mirror:
        monkeypatch.setenv("ROUTES_DEM_URL", mirror.url)
        yield mirror


def test_a_dem_is_fetched_once_for_all_tracks(dem_mirror, tmp_path, monkeypatch):
    assert (-14, -73) in LARES
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.gpx").write_text(walk(0.001 * number), encoding="utf-8")
    monkeypatch.setattr("routes.pipeline.batch.stages.FILES_A_PART", 1)
    _, rows = batch(folder, out=tmp_path / "o.parquet", dem="glo30")
    assert {(r["error"], r["dem_product"], r["dem_datum"]) for r in rows} == {(None, "glo30", "EGM2008")}
    sent = dem_mirror.bytes_sent
    batch(folder, out=tmp_path / "again.parquet", dem="glo30")
    assert dem_mirror.bytes_sent == sent
    assert (tmp_path / "o.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()


def test_a_dem_that_cannot_be_fetched_is_asked_for_again(dem_mirror, tmp_path, monkeypatch):
    (tmp_path / "one.gpx").write_text(walk(0.0), encoding="utf-8")
    dem_mirror.fault("*", "hang")
    monkeypatch.setattr("routes.fetch.READ_TIMEOUT_S", 0.3)
    monkeypatch.setattr("routes.fetch.CONNECT_TIMEOUT_S", 0.3)
    result, [row] = batch(tmp_path / "one.gpx", out=tmp_path / "o.parquet", dem="glo30")
    assert row["error"] is None
    assert row["ascent_m"] is None
    assert row["warnings"] == ["No ascent: no DEM."]
    assert result.is_passing
    dem_mirror.heal()
    monkeypatch.setattr("routes.pipeline.batch.heights._down_until", 0.0)
    result, [row] = batch(tmp_path / "one.gpx", out=tmp_path / "o.parquet", dem="glo30")
    assert row["ascent_m"] is not None
    assert not result.is_passing
    shutil.rmtree(tmp_path / "cache")
