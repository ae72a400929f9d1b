"""Generate an archive for benchmarks: four DEM tiles of synthetic terrain, and GPX of random walks.

    python benchmarks/data/archive.py FOLDER [FILES]

Writes FOLDER/dem and FOLDER/gpx. The terrain is noise, not a real place; the files are the same every time.
"""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine
from scipy.ndimage import map_coordinates, spline_filter

from routes._typing import FloatArray
from routes.kernel.geodesy import metres_per_degree

WEST, SOUTH = 1, 42
"""South-west corner of the four tiles, which span two degrees each way, degrees."""

SIDE = 3600
"""Cells per tile side: one arc-second, as in GLO-30."""

OCTAVES = tuple((6.0 * 2.0**k, 900.0 * 0.55**k) for k in range(8))
"""Bumps per degree, and their size in metres."""

POINTS = 2000
STEP_M, PAUSE_S = 10.0, 9


@cache
def _noise(number: int, side: int) -> FloatArray:
    values = np.random.default_rng([7, number]).standard_normal((side, side))
    return np.asarray(spline_filter(values, order=2, mode="nearest"), dtype=np.float64)


def height_m(lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Synthetic terrain: octaves of smoothly interpolated noise."""
    total = np.full(lon.shape, 1800.0)
    for number, (bumps, size) in enumerate(OCTAVES):
        side = int(2.0 * bumps) + 4
        at = np.stack([(lat - SOUTH + 0.01) * bumps, (lon - WEST + 0.01) * bumps])
        total += (
            size * map_coordinates(_noise(number, side), at, order=2, mode="nearest", prefilter=False) * 0.6
        )
    return np.asarray(np.maximum(total, 0.0), dtype=np.float64)


def write_tiles(folder: Path) -> None:
    """Four GeoTIFF tiles of a degree."""
    folder.mkdir(parents=True, exist_ok=True)
    for south in (SOUTH, SOUTH + 1):
        for west in (WEST, WEST + 1):
            path = folder / f"N{south:02d}E{west:03d}.tif"
            if path.exists():
                continue
            with rasterio.open(
                path, "w", driver="GTiff", dtype="int16", count=1, width=SIDE, height=SIDE, crs="EPSG:4326",
                transform=Affine(1.0 / SIDE, 0.0, west, 0.0, -1.0 / SIDE, south + 1.0), compress="deflate", tiled=True,
            ) as out:  # fmt: skip
                lon = west + (np.arange(SIDE) + 0.5) / SIDE
                rows = [
                    south + 1.0 - (np.arange(first, first + 400) + 0.5) / SIDE
                    for first in range(0, SIDE, 400)
                ]
                cells = [height_m(*np.meshgrid(lon, lat)) for lat in rows]
                out.write(np.concatenate(cells).round().astype(np.int16), 1)


def walk(number: int, points: int = POINTS) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Longitudes, latitudes and recorded heights of a walk."""
    generator = np.random.default_rng([11, number])
    azimuth = np.cumsum(generator.normal(0.0, 0.15, points))
    east, north = np.cumsum(STEP_M * np.sin(azimuth)), np.cumsum(STEP_M * np.cos(azimuth))
    lon_m, lat_m = metres_per_degree(SOUTH + 1.0)
    lon = WEST + 1.0 + np.clip(generator.uniform(-0.85, 0.85) + (east - east.mean()) / lon_m, -0.99, 0.99)
    lat = SOUTH + 1.0 + np.clip(generator.uniform(-0.85, 0.85) + (north - north.mean()) / lat_m, -0.99, 0.99)
    return lon, lat, height_m(lon, lat) + np.cumsum(generator.normal(0.0, 0.2, points))


def gpx_of(number: int, points: int = POINTS) -> str:
    """GPX text of a walk, as written by a device."""
    lon, lat, ele = walk(number, points)
    seconds = np.datetime64("2024-06-01T06:00:00") + np.arange(points) * PAUSE_S
    rows = zip(lat.tolist(), lon.tolist(), ele.tolist(), np.datetime_as_string(seconds).tolist(), strict=True)
    body = "\n".join(
        f'<trkpt lat="{y:.6f}" lon="{x:.6f}"><ele>{z:.1f}</ele><time>{t}Z</time></trkpt>'
        for y, x, z, t in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="synthetic" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>Walk {number}</name><trkseg>\n{body}\n'
        "</trkseg></trk></gpx>\n"
    )


def write_archive(folder: Path, files: int) -> None:
    """Write the missing tiles and GPX files."""
    write_tiles(folder / "dem")
    for number in range(files):
        path = folder / "gpx" / f"{number // 1000:03d}" / f"walk-{number:05d}.gpx"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(gpx_of(number), encoding="utf-8")


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
