"""Time of sampling heights at a million random positions on one 1" tile, against other tools.

    python benchmarks/speed/sampling.py

The tile is dem/N48W125.hgt.zip in ROUTES_TEST_DATA (docs/data.md), or else a generated one of the same size
(3601 x 3601). All rows are from one run, each the best of several repeats. Ratios carry over to other
machines, times do not. Rows marked "scaled" ran on fewer positions. SRTM.py (pip install SRTM.py) is
optional.
"""

import importlib
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import rasterio
from scipy import ndimage

from routes._typing import Bounds, FloatArray
from routes.dem.folder import DEMFolder, open_dem
from routes.dem.sampling import sample_window
from routes.kernel.grid import Method, sample_grid
from routes.model.grid import Grid

SIDE = 3601
POSITIONS = 1_000_000
TRACK = 20_000


def main(folder: Path) -> None:
    name, raw = _tile()
    path = folder / name
    path.write_bytes(raw)
    south, west = (
        (-1 if name[0] == "S" else 1) * int(name[1:3]),
        (-1 if name[3] == "W" else 1) * int(name[4:7]),
    )
    generator = np.random.default_rng(1)
    # slightly inside, because SRTM.py asks for the next tile at the edge
    lon = west + generator.uniform(1e-6, 1.0 - 1e-3, POSITIONS)
    lat = south + generator.uniform(1e-3, 1.0 - 1e-6, POSITIONS)
    dem = open_dem(path)
    bounds = (west, south, west + 1.0, south + 1.0)
    window = _window(dem, bounds)
    height = window.height_m
    row, col = window.row_col(lon, lat)
    r, c = row.astype(np.int64), col.astype(np.int64)
    seconds = {
        "numpy gather of the four neighbours (indices given)": _best(
            lambda: (height[r, c], height[r, c + 1], height[r + 1, c], height[r + 1, c + 1])
        )
    }
    cells, first = height.ravel(), r * height.shape[1] + c
    steps = (0, 1, height.shape[1], height.shape[1] + 1)
    seconds["numpy take of the four neighbours (flat indices given)"] = _best(
        lambda: [cells.take(first + step) for step in steps]
    )
    for method in Method:
        seconds[f"ours, {method}, window in memory"] = _best(
            partial(sample_window, window, lon, lat, method=method)
        )
    seconds["ours, bilinear, rows and columns given"] = _best(lambda: sample_grid(height, row, col))
    seconds["scipy map_coordinates order=1, rows and columns given"] = _best(
        lambda: ndimage.map_coordinates(height, [row, col], order=1), 3
    )
    seconds["ours, bilinear, `DEMFolder.sample`: reads its window each time"] = _best(
        lambda: dem.sample(lon, lat), 3
    )
    with rasterio.open(path) as file:
        few = list(zip(lon[:TRACK], lat[:TRACK], strict=True))
        seconds[f"rasterio dataset.sample, nearest (scaled from {TRACK:,})"] = _best(
            lambda: list(file.sample(few)), 2
        ) * (POSITIONS / TRACK)
    seconds.update(_srtm_py(name, raw, lon[:100_000], lat[:100_000]))
    _print_table(seconds)

    def decode() -> object:
        with rasterio.open(path) as file:
            return file.read(1)

    print(f"\nDecoding the tile: {_best(decode, 3) * 1e3:.0f} ms by rasterio (HGT, not compressed), ", end="")
    whole = _best(lambda: dem.window(bounds), 3)
    print(f"{whole * 1e3:.0f} ms by DEMFolder.window (voids masked, float64, a cell to spare on each side).")
    along = np.linspace(0.0, 1.0, TRACK)
    x = west + 0.4 + 0.1 * along + 0.005 * np.sin(40.0 * along)
    y = south + 0.5 + 0.08 * along + 0.005 * np.cos(30.0 * along)
    read = _best(lambda: dem.sample(x, y), 5)
    part = _window(dem, (x.min(), y.min(), x.max(), y.max()))
    memory = _best(lambda: sample_window(part, x, y), 20)
    print(
        f"A track of {TRACK:,} positions over {part.height_m.shape[0]} by {part.height_m.shape[1]} cells: "
        f"{read * 1e3:.1f} ms with reading its window ({read / TRACK * 1e6:.3f} µs a position), "
        f"{memory * 1e3:.2f} ms in memory ({memory / TRACK * 1e6:.4f} µs a position)."
    )


def _window(dem: DEMFolder, bounds: Bounds) -> Grid:
    grid = dem.window(bounds)
    if grid is None:
        raise SystemExit(__doc__)
    return grid


def _tile() -> tuple[str, bytes]:
    """Name and bytes of a 1" HGT tile."""
    data = os.environ.get("ROUTES_TEST_DATA")
    if data:
        with zipfile.ZipFile(Path(data) / "dem" / "N48W125.hgt.zip") as archive:
            return "N48W125.hgt", archive.read(archive.namelist()[0])
    noise = ndimage.gaussian_filter(np.random.default_rng(2).normal(size=(SIDE, SIDE)), 20.0)
    return "N46E008.hgt", np.rint(2000.0 + 30_000.0 * noise).astype(">i2").tobytes()


def _srtm_py(name: str, raw: bytes, lon: FloatArray, lat: FloatArray) -> dict[str, float]:
    try:
        srtm = importlib.import_module("srtm.data")
    except ImportError:
        print("SRTM.py is not installed.\n")
        return {}
    data = srtm.GeoElevationData({name: ""}, {}, file_handler=None)
    data.files[name] = srtm.GeoElevationFile(name, raw, data)
    pairs = list(zip(lat.tolist(), lon.tolist(), strict=True))

    def ask() -> None:
        for y, x in pairs:
            data.get_elevation(y, x)

    return {f"SRTM.py, nearest by floor (scaled from {lon.size:,})": _best(ask, 2) * (POSITIONS / lon.size)}


def _best(task: Callable[[], object], repeats: int = 5) -> float:
    """Shortest wall time of several runs, seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def _print_table(seconds: dict[str, float]) -> None:
    ours = seconds["ours, bilinear, window in memory"]
    gather = next(iter(seconds.values()))
    print(f"| {POSITIONS:,} positions, {SIDE} x {SIDE} | time | over numpy gather | over ours, bilinear |")
    print("|---|---:|---:|---:|")
    for label, time_s in sorted(seconds.items(), key=lambda item: item[1]):
        print(f"| {label} | {time_s * 1e3:,.0f} ms | {time_s / gather:.2f} | {time_s / ours:.2f} |")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
