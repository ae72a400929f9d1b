"""Time of writing GPX: one track of 200,000 points with heights, against other tools.

    python benchmarks/speed/write_gpx.py

Objects and arrays are made beforehand; writing the file counts. Each time is the best of several runs in this
one process. pyogrio reads each file back to check that it holds the points. Ratios carry over to other
machines, times do not. gpxpy and pyogrio write all digits of a coordinate.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import gpxpy.gpx
import numpy as np

from routes._typing import FloatArray
from routes.files import write_text
from routes.gpx.write.document import GPXDocument, GPXTrack, gpx_text
from routes.model.track import Segment

POINTS = 200_000


def main(folder: Path) -> None:
    lon, lat, ele = _walk()
    document = _document(lon, lat, ele)
    with_gpxpy = _gpxpy(lon, lat, ele)
    frame = gpd.GeoDataFrame(
        {"track_fid": np.zeros(POINTS, dtype=int), "track_seg_id": np.zeros(POINTS, dtype=int), "ele": ele},
        geometry=gpd.points_from_xy(lon, lat),
        crs="EPSG:4326",
    )
    writers: dict[str, Callable[[Path], object]] = {
        "routes": lambda path: write_text(path, gpx_text(document), overwrite=True),
        "f-strings, point by point": lambda path: path.write_text(_one_by_one(lon, lat, ele), encoding="utf-8"),
        "gpxpy to_xml": lambda path: path.write_text(with_gpxpy.to_xml("1.1"), encoding="utf-8"),
        "pyogrio (GDAL)": lambda path: frame.to_file(path, layer="track_points", driver="GPX", engine="pyogrio"),
    }  # fmt: skip
    seconds, bytes_ = {}, {}
    for name, write in writers.items():
        path = folder / "track.gpx"
        seconds[name] = min(_seconds(write, path) for _ in range(7 if name == "routes" else 3))
        bytes_[name] = path.stat().st_size
        _check(path, lon, lat, ele)
    print(f"{POINTS:,} points\n\n| writer | time | times as long as routes | file |\n|---|---:|---:|---:|")
    for name, best in sorted(seconds.items(), key=lambda row: row[1]):
        print(f"| {name} | {best:.3f} s | {best / seconds['routes']:.1f} | {bytes_[name] / 1e6:.1f} MB |")


def _walk() -> tuple[FloatArray, FloatArray, FloatArray]:
    generator = np.random.default_rng(1)
    lon, lat = (start + np.cumsum(generator.normal(0.0, 1e-5, POINTS)) for start in (-72.1, -13.2))
    return lon, lat, 4000.0 + np.cumsum(generator.normal(0.0, 0.3, POINTS))


def _document(lon: FloatArray, lat: FloatArray, ele: FloatArray) -> GPXDocument:
    track = GPXTrack(
        name="Day 1", desc="", src="", kind="hiking", colour="0072b2", garmin_colour="Blue",
        segments=(Segment(lon, lat, ele),),
    )  # fmt: skip
    return GPXDocument(name="Benchmark", desc="", attribution="", tracks=(track,))


def _gpxpy(lon: FloatArray, lat: FloatArray, ele: FloatArray) -> gpxpy.gpx.GPX:
    points = [gpxpy.gpx.GPXTrackPoint(y, x, z) for x, y, z in zip(lon, lat, ele, strict=True)]
    track = gpxpy.gpx.GPXTrack(name="Day 1")
    track.segments.append(gpxpy.gpx.GPXTrackSegment(points))
    gpx = gpxpy.gpx.GPX()
    gpx.tracks.append(track)
    return gpx


def _one_by_one(lon: FloatArray, lat: FloatArray, ele: FloatArray) -> str:
    rows = zip(lat.tolist(), lon.tolist(), ele.tolist(), strict=True)
    points = "\n".join(f'<trkpt lat="{y:.6f}" lon="{x:.6f}"><ele>{z:.1f}</ele></trkpt>' for y, x, z in rows)
    head = '<gpx version="1.1" creator="benchmark" xmlns="http://www.topografix.com/GPX/1/1">'
    return f"{head}<trk><trkseg>\n{points}\n</trkseg></trk></gpx>\n"


def _seconds(write: Callable[[Path], object], path: Path) -> float:
    path.unlink(missing_ok=True)
    start = time.perf_counter()
    write(path)
    return time.perf_counter() - start


def _check(path: Path, lon: FloatArray, lat: FloatArray, ele: FloatArray) -> None:
    points = gpd.read_file(path, layer="track_points", columns=["ele"], engine="pyogrio")
    np.testing.assert_allclose(points.geometry.x, lon, atol=5.1e-7, rtol=0)
    np.testing.assert_allclose(points.geometry.y, lat, atol=5.1e-7, rtol=0)
    np.testing.assert_allclose(points["ele"], ele, atol=0.051, rtol=0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(scratch))
