"""How often is a true statement said to differ? Statements about terrain that is known in closed form.

    python benchmarks/accuracy/validate_calibration.py        # 200 terrains for each DEM, 50 statements of each kind
    python benchmarks/accuracy/validate_calibration.py --terrains 20

Terrains are sums of 60 random waves; the DEM has their means over its cells and an error of the size of its product's
LE90, correlated over a few cells. A statement is the height of the ground at a true position, rounded; the position
that the place gives is off by its uncertainty. Statements are of three kinds: about *passes*, the saddles of the ground
itself, found where its gradient is nothing, with ground 20 m lower within 1 km down either side; about *any points*, as
of villages, lakes and huts; and about any points that are *called passes* although they are none.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product as pairs_of

import numpy as np
from numpy.typing import ArrayLike

from routes._typing import BoolArray, Bounds, FloatArray
from routes.analysis.figures.high_points import REACH_M
from routes.analysis.heights.spot import RADIUS_95_IN_SIGMA
from routes.analysis.passes.saddles import MIN_DEPTH_M
from routes.analysis.verdicts.finding import Verdict
from routes.analysis.verdicts.heights import check_place
from routes.dem.products import PRODUCTS
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.grid import bilinear
from routes.kernel.uncertainty import sigma_from_le90
from routes.model.figures import Quantity, StatedFigure
from routes.model.grid import Grid, Product, Samples
from routes.model.kinds import PlaceKind
from routes.model.trek import Place

TERRAINS, PLACES_EACH, WAVES = 200, 50, 60
LON, LAT, HALF_DEG = 1.5, 42.5, 0.1
MARGIN_DEG = 0.06
"""Terrain around the statements that a study of them may read, degrees."""

KINDS = ("passes", "any points", "any points called passes")
DEMS = (("srtmgl3", 3.0), ("glo30", 1.0))

GEOID_M = 0.5
"""Difference of the statement's vertical datum from the DEM's, standard deviation, metres (as of EGM96 and EGM2008)."""


class Waves:
    """Sum of random plane waves, on grids as a product of two matrices."""

    def __init__(
        self, generator: np.random.Generator, lengths_m: tuple[float, float], sizes: FloatArray
    ) -> None:
        self.k = 2.0 * np.pi / generator.uniform(*lengths_m, WAVES)
        turn, self.phase = generator.uniform(0.0, 2.0 * np.pi, (2, WAVES))
        self.kx, self.ky, self.size = self.k * np.cos(turn), self.k * np.sin(turn), sizes

    def at(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Values at positions, shape (n,)."""
        return np.asarray(np.sin(self._angle(x, y)) @ self.size, dtype=np.float64)

    def gradient(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Derivatives east and north, shape (n, 2)."""
        slope = np.cos(self._angle(x, y)) * self.size
        return np.stack([slope @ self.kx, slope @ self.ky], axis=-1)

    def bend(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Second derivatives, shape (n, 2, 2)."""
        curve = -np.sin(self._angle(x, y)) * self.size
        xx, xy, yy = curve @ self.kx**2, curve @ (self.kx * self.ky), curve @ self.ky**2
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)

    def grid(self, x: FloatArray, y: FloatArray, cell: tuple[float, float] = (0.0, 0.0)) -> FloatArray:
        """Means over cells of that size (0: values) around rows at `y` and columns at `x`."""
        # the mean of a wave over a cell is the wave times sinc of half the phase across it
        damped = (
            self.size
            * np.sinc(self.kx * cell[0] / (2.0 * np.pi))
            * np.sinc(self.ky * cell[1] / (2.0 * np.pi))
        )
        down = damped[:, None] * np.exp(1j * (np.outer(self.ky, y) + self.phase[:, None]))
        return np.asarray((down.T @ np.exp(1j * np.outer(self.kx, x))).imag, dtype=np.float64)

    def _angle(self, x: FloatArray, y: FloatArray) -> FloatArray:
        return np.asarray(x[..., None] * self.kx + y[..., None] * self.ky + self.phase, dtype=np.float64)


class Hills:
    """Random hills with known heights, seen by a DEM with errors: correlated, of the size of its product's LE90."""

    origin = "random hills"
    is_incomplete = False

    def __init__(self, generator: np.random.Generator, product: Product, spacing_deg: float) -> None:
        self.products = (product,)
        self.spacing_deg = spacing_deg
        self.lon_m, self.lat_m = metres_per_degree(LAT)
        steep = generator.uniform(0.1, 0.6)  # root mean square of the slope along each axis
        self.ground = Waves(generator, (300.0, 8000.0), np.ones(WAVES))
        self.ground.size = steep * 2.0 / np.sqrt(WAVES) / self.ground.k
        sigma = sigma_from_le90(product.le90_m)
        error = Waves(generator, (200.0, 3000.0), np.full(WAVES, sigma * np.sqrt(2.0 / WAVES)))
        first = np.floor((LON - HALF_DEG - MARGIN_DEG) / spacing_deg)
        top = np.ceil((LAT + HALF_DEG + MARGIN_DEG) / spacing_deg)
        count = round(2.0 * (HALF_DEG + MARGIN_DEG) / spacing_deg)
        self._west, self._north = float(first * spacing_deg), float(top * spacing_deg)
        x, y = self.local(
            self._west + np.arange(count) * spacing_deg, self._north - np.arange(count) * spacing_deg
        )
        cell = spacing_deg * self.lon_m, spacing_deg * self.lat_m
        self._height = 2500.0 + self.ground.grid(x, y, cell) + error.grid(x, y)

    def local(self, lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Metres east and north of the middle."""
        return (np.asarray(lon) - LON) * self.lon_m, (np.asarray(lat) - LAT) * self.lat_m

    def window(self, bounds: Bounds, product: Product | None = None) -> Grid:  # noqa: ARG002 - it has one only
        """Heights of the DEM."""
        west, south, east, north = bounds
        step = self.spacing_deg
        left, right = (
            int(np.floor((west - self._west) / step)) - 1,
            int(np.ceil((east - self._west) / step)) + 2,
        )
        top, bottom = (
            int(np.floor((self._north - north) / step)) - 1,
            int(np.ceil((self._north - south) / step)) + 2,
        )
        rows, cols = self._height.shape
        if min(left, top) < 0 or right > cols or bottom > rows:
            msg = "A window reaches beyond the hills; widen their margin."
            raise ValueError(msg)
        return Grid(
            self._height[top:bottom, left:right], west_deg=self._west + left * step,
            north_deg=self._north - top * step, step_lon_deg=step, step_lat_deg=step, product=self.products[0],
        )  # fmt: skip

    def sample(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> Samples:
        """Heights of the DEM between its cells."""
        lon, lat = np.asarray(lon_deg, dtype=np.float64), np.asarray(lat_deg, dtype=np.float64)
        row, col = (self._north - lat) / self.spacing_deg, (lon - self._west) / self.spacing_deg
        none = np.zeros(lon.shape, dtype=np.bool_)
        index = np.zeros(lon.shape, dtype=np.int64)
        return Samples(bilinear(self._height, row, col), index, self.products, none, none)

    def saddles(self) -> FloatArray:
        """Saddles of the ground: metres east and north, shape (n, 2)."""
        half_x, half_y = HALF_DEG * self.lon_m, HALF_DEG * self.lat_m
        x, y = np.arange(-half_x, half_x, 50.0), np.arange(-half_y, half_y, 50.0)
        height = self.ground.grid(x, y)
        ring = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
        inner = height[1:-1, 1:-1]
        is_above = [
            height[1 + down : height.shape[0] - 1 + down, 1 + right : height.shape[1] - 1 + right] > inner
            for down, right in ring
        ]
        changes = sum(
            (a != b).astype(int) for a, b in zip(is_above, [*is_above[1:], is_above[0]], strict=True)
        )
        row, col = np.nonzero(changes == 4)
        at = np.column_stack([x[col + 1], y[row + 1]])
        start = at.copy()
        for _ in range(20):  # Newton
            step = np.linalg.solve(self.ground.bend(*at.T), self.ground.gradient(*at.T)[..., None])[..., 0]
            at = at - np.clip(step, -50.0, 50.0)
        bend = self.ground.bend(*at.T)
        is_flat = np.abs(self.ground.gradient(*at.T)).max(axis=1) < 1e-9
        at = at[is_flat & (np.linalg.det(bend) < 0.0) & (np.hypot(*(at - start).T) < 200.0)]
        at = at[(np.abs(at) < (half_x, half_y)).all(axis=1)]
        at = at[np.unique(at.round(0), axis=0, return_index=True)[1]]
        return np.asarray(at[self._falls(at)], dtype=np.float64)

    def _falls(self, at: FloatArray) -> BoolArray:
        """Whether the ground falls far enough down either side within reach, on ways of steepest descent."""
        level = self.ground.at(*at.T)
        value, vector = np.linalg.eigh(self.ground.bend(*at.T))
        deep = np.ones(len(at), dtype=np.bool_)
        for side in (1.0, -1.0):
            way = at + side * 20.0 * vector[:, :, 0]  # the direction that bends down
            lowest = self.ground.at(*way.T)
            for _ in range(int(REACH_M / 20.0)):
                slope = self.ground.gradient(*way.T)
                way = way - 20.0 * slope / np.maximum(np.hypot(*slope.T), 1e-9)[:, None]
                lowest = np.where(
                    np.hypot(*(way - at).T) <= REACH_M, np.minimum(lowest, self.ground.at(*way.T)), lowest
                )
            deep &= level - lowest >= MIN_DEPTH_M
        return np.asarray(deep & (value[:, 0] < 0.0))


def statements(hills: Hills, kind: str, generator: np.random.Generator) -> Iterator[Place]:
    """Places whose stated height is that of the ground at their true position, rounded."""
    if kind == "passes":
        true = hills.saddles()
        true = true[generator.permutation(len(true))[:PLACES_EACH]]
    else:
        true = generator.uniform(-HALF_DEG, HALF_DEG, (PLACES_EACH, 2)) * (hills.lon_m, hills.lat_m)
    heights = 2500.0 + hills.ground.at(*true.T) + generator.normal(0.0, GEOID_M, len(true))
    for number, ((x, y), height) in enumerate(zip(true.tolist(), heights.tolist(), strict=True)):
        radius = float(generator.choice([20.0, 50.0, 100.0]))
        step = float(generator.choice([1.0, 10.0, 50.0]))
        east, north = generator.normal(0.0, radius / RADIUS_95_IN_SIGMA, 2)
        figure = StatedFigure(
            quantity=Quantity.ELEVATION,
            value=f"{step * round(height / step):.0f} m",
            source="true",
            rounding=step,
        )
        yield Place(
            id=f"p-{number}", name=f"P {number}",
            lon=LON + (x + east) / hills.lon_m, lat=LAT + (y + north) / hills.lat_m,
            kind=PlaceKind.VIEWPOINT if kind == "any points" else PlaceKind.PASS,
            position_uncertainty_m=radius, position_source="made", stated=(figure,),
        )  # fmt: skip


def counted(task: tuple[str, float, str, int]) -> Counter[Verdict]:
    """Verdicts on the statements of one kind about one terrain."""
    key, arc_seconds, kind, seed = task
    generator = np.random.default_rng([6, seed])
    hills = Hills(generator, PRODUCTS[key], arc_seconds / 3600.0)
    return Counter(
        finding.verdict
        for place in statements(hills, kind, generator)
        for finding in check_place(place, hills)
    )


def main(terrains: int = TERRAINS) -> None:
    print("| DEM | true statements about | judged | agrees | doubtful | differs | undecided, not counted |")
    print("|---|---|---:|---:|---:|---:|---:|")
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for (key, arc_seconds), kind in pairs_of(DEMS, KINDS):
            tasks = [(key, arc_seconds, kind, seed) for seed in range(terrains)]
            counts = sum(pool.map(counted, tasks, chunksize=5), Counter[Verdict]())
            judged = counts.total() - counts[Verdict.UNDECIDED]
            shares = " | ".join(
                f"{counts[verdict]} ({100.0 * counts[verdict] / judged:.2f} %)"
                for verdict in (Verdict.AGREES, Verdict.DOUBTFUL, Verdict.DIFFERS)
            )
            print(
                f"| {PRODUCTS[key].title} | {kind} | {judged} | {shares} | {counts[Verdict.UNDECIDED]} |",
                flush=True,
            )
    print()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--terrains", type=int, default=TERRAINS, help="terrains for each DEM and kind")
    main(parser.parse_args().terrains)
