"""Small archives for tests of `routes batch`, over a plane whose heights are known."""

import io

import numpy as np
import pyarrow.parquet as pq
import rasterio
from rasterio import Affine

from routes.pipeline.batch import BatchOptions, run_batch
from tests.analytic import LAT0, LAT_M, LON0, LON_M, at_m

SLOPE = 0.1
"""Metres that the plane rises for each metre to the east."""


def write_plane(folder, name="plane.tif", west=LON0 - 0.3, north=LAT0 + 0.2, rows=480, cols=720):
    """DEM of three arc-seconds: 1000 m at the origin of `tests.analytic`, rising to the east."""
    folder.mkdir(parents=True, exist_ok=True)
    step = 3.0 / 3600.0
    lon = west + (np.arange(cols) + 0.5) * step
    height = np.broadcast_to(1000.0 + SLOPE * (lon - LON0) * LON_M, (rows, cols))
    with rasterio.open(
        folder / name, "w", driver="GTiff", dtype="float32", count=1, width=cols, height=rows, crs="EPSG:4326",
        transform=Affine(step, 0.0, west, 0.0, -step, north),
    ) as out:  # fmt: skip
        out.write(height.astype(np.float32), 1)
    return folder


def eastward(north_m=0.0, length_m=2000.0, points=41, east_m=0.0):
    """Longitudes and latitudes of a straight walk to the east."""
    return at_m(east_m + np.linspace(0.0, length_m, points), np.full(points, north_m))


def gpx(*segments, name="Walk", ele=True, pace_s=40):
    """GPX of one track; heights are those of the plane plus 5 m."""
    parts = []
    for lon, lat in segments:
        rows = []
        for number, (x, y) in enumerate(zip(lon, lat, strict=True)):
            height = f"<ele>{1005.0 + SLOPE * (x - LON0) * LON_M:.2f}</ele>" if ele else ""
            time = f"<time>2024-06-01T{6 + number * pace_s // 3600:02d}:{number * pace_s // 60 % 60:02d}:"
            rows.append(
                f'<trkpt lat="{y:.7f}" lon="{x:.7f}">{height}{time}{number * pace_s % 60:02d}Z</time></trkpt>'
            )
        parts.append(f"<trkseg>{''.join(rows)}</trkseg>")
    return (
        '<gpx version="1.1" creator="tests" xmlns="http://www.topografix.com/GPX/1/1"><trk>'
        f"<name>{name}</name>{''.join(parts)}</trk></gpx>"
    )


def write_walks(folder, count, *, tiles=1):
    """Walks to the east, spread over tiles of a degree from south to north."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        lon, lat = eastward(100.0 * (number % 50), 1000.0 + 40.0 * number)
        (folder / f"walk-{number:03d}.gpx").write_text(
            gpx((lon, lat + number % tiles), name=f"Walk {number}"), encoding="utf-8"
        )
    return folder


def batch(*patterns, out, dem="none", workers=0, **options):
    """Run a batch and give its result with its rows."""
    result = run_batch(
        [str(p) for p in patterns], out, BatchOptions(dem=str(dem), workers=workers, **options)
    )
    return result, rows_of(out)


def rows_of(out):
    data = out if isinstance(out, bytes) else out.read_bytes()
    return pq.read_table(io.BytesIO(data)).to_pylist()


__all__ = ["LAT0", "LAT_M", "batch", "eastward", "gpx", "rows_of", "write_plane", "write_walks"]
