"""Time and memory of tracing over the terrain, for benchmarks/accuracy/trace.py."""

import resource
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.ndimage import zoom

from benchmarks.data.trails import Ground
from routes._typing import Bounds
from routes.analysis.heights.source import ElevationSource
from routes.analysis.tracing.terrain import trace_positions
from routes.dem.folder import DEMFolder
from routes.model.grid import Grid, Product, Samples


def speed_table(ground: Ground) -> None:
    """Print tracing times over SRTM 3" and over the same terrain in 30 m cells, whose lines mean nothing."""
    print("\n### Time of one leg between two places, and the process's peak memory so far\n")
    print("| leg | cells | time | peak memory |\n|---:|---|---:|---:|")
    start = np.array([1.05, 42.15])
    for kilometres in (25.0, 40.0):
        end = start + np.array([0.9, 0.6]) * kilometres / 25.0 * 0.255
        for source in _sources(ground):
            begun = time.perf_counter()
            trace_positions(np.array([start, end]), source)
            seconds = time.perf_counter() - begun
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
            cells = 3600.0 * source.spacing_deg
            print(f"| {kilometres:g} km | {cells:g} arc-seconds | {seconds:.1f} s | {peak:.0f} MB |")


def _sources(ground: Ground) -> tuple[ElevationSource, ...]:
    return ground.dem, _Finer(ground.dem)


@dataclass(frozen=True)
class _Finer:
    """A DEM with three times as many rows and columns, interpolated."""

    dem: DEMFolder
    origin: str = "interpolated"
    is_incomplete: bool = False

    @property
    def products(self) -> tuple[Product, ...]:
        return self.dem.products

    @property
    def spacing_deg(self) -> float:
        return self.dem.spacing_deg / 3.0

    def sample(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> Samples:
        return self.dem.sample(lon_deg, lat_deg)

    def window(self, bounds: Bounds, product: Product | None = None) -> Grid | None:
        grid = self.dem.window(bounds, product)
        if grid is None:
            return None
        known = np.where(np.isfinite(grid.height_m), grid.height_m, np.nanmean(grid.height_m))
        fine = zoom(known, 3, order=1)
        return Grid(
            fine,
            west_deg=grid.west_deg,
            north_deg=grid.north_deg,
            step_lon_deg=grid.step_lon_deg * (grid.height_m.shape[1] - 1) / (fine.shape[1] - 1),
            step_lat_deg=grid.step_lat_deg * (grid.height_m.shape[0] - 1) / (fine.shape[0] - 1),
            product=grid.product,
        )
