"""Synthetic days for benchmarks/accuracy/ascent.py: a trail, what devices and a DEM make of it, and the truth."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Geod
from scipy.interpolate import CubicSpline
from scipy.ndimage import (
    distance_transform_edt,
    gaussian_filter,
    gaussian_filter1d,
    uniform_filter,
    uniform_filter1d,
    zoom,
)
from scipy.signal import lfilter
from shapely import LineString

from benchmarks.accuracy.ascent_terrain import Lattice, Waves, lay_trails
from routes._typing import Bounds, FloatArray
from routes.analysis.figures.recipes import HeightSource
from routes.analysis.tracing.terrain import trace_positions
from routes.dem.products import GLO30, SRTMGL3
from routes.dem.sampling import sample_window
from routes.kernel.geodesy import metres_per_degree, resample
from routes.model.grid import Grid, Product, Samples
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment

LENGTH_M = 12_000.0
STOPS_M = 1500.0
"""Distance between the stops of a modelled line, along the way, metres."""

NEAR_M = 600.0
"""Distance from the way within which a 30 m DEM is made, metres."""

LEAST_M = 200.0
"""Days that climb less are left out: a share of little says nothing."""

LON0, LAT0 = 86.0, 28.0
LON_M, LAT_M = metres_per_degree(LAT0)
GEOD = Geod(ellps="WGS84")

PRODUCTS = {30.0: (GLO30, 1.0 / 3600.0), 90.0: (SRTMGL3, 3.0 / 3600.0)}
"""Product and spacing in degrees by nominal spacing in metres."""


@dataclass(frozen=True)
class Series:
    """A recorded track: local positions, metres, and its heights."""

    x: FloatArray
    y: FloatArray
    ele_m: FloatArray


@dataclass(frozen=True)
class Day:
    """One synthetic day and its truth."""

    ascent_m: float
    """Sum of all rises of the ground every 5 m of the way."""

    net_m: float
    high_m: float
    length_m: float
    lines: dict[HeightSource, tuple[FloatArray, FloatArray]]
    """Longitude and latitude of the lines that stand for the way."""

    series: dict[HeightSource, Series]
    dems: dict[float, "MemoryDEM"]


@dataclass(frozen=True)
class MemoryDEM:
    """A window of a DEM as a source of heights (`routes.analysis.heights.source.ElevationSource`)."""

    grid: Grid
    origin: str = "synthetic terrain"
    is_incomplete: bool = False

    @property
    def products(self) -> tuple[Product, ...]:
        """Its one product."""
        return (self.grid.product,)

    @property
    def spacing_deg(self) -> float:
        """Distance between rows, degrees."""
        return self.grid.step_lat_deg

    def sample(self, lon_deg: ArrayLike, lat_deg: ArrayLike) -> Samples:
        """Heights between cell centres, bilinear."""
        height = sample_window(self.grid, np.asarray(lon_deg), np.asarray(lat_deg))
        index = np.where(np.isfinite(height), 0, -1)
        return Samples(height, index, self.products, np.zeros(height.shape, dtype=np.bool_))

    def window(self, bounds: Bounds, product: Product | None = None) -> Grid | None:  # noqa: ARG002 - it is one
        """Part of the window."""
        west, south, east, north = bounds
        top, left = (int(at[0]) for at in self.grid.row_col(np.array([west]), np.array([north])))
        low, right = (int(at[0]) + 2 for at in self.grid.row_col(np.array([east]), np.array([south])))
        top, left = max(top, 0), max(left, 0)
        return replace(
            self.grid,
            height_m=self.grid.height_m[top:low, left:right],
            west_deg=self.grid.west_deg + left * self.grid.step_lon_deg,
            north_deg=self.grid.north_deg - top * self.grid.step_lat_deg,
        )


STEPS_M = 0.3
"""Standard deviation of the steps and stones of a trail, metres."""


def days_of(
    kind: type[Waves] | type[Lattice],
    count: int,
    seed: int,
    *,
    forms_of: type[Waves] | type[Lattice] | None = None,
    steps_m: float = STEPS_M,
) -> list[Day]:
    """Days on terrain of one generator; the errors of line, devices and DEM have another form for each, too.

    `forms_of` takes the form of all errors along the way from the other one; only ascent_forms.py does that.
    """
    is_waves = (forms_of or kind) is Waves
    generator = np.random.default_rng(seed)
    terrain = kind.draw(count, generator)
    x, y = lay_trails(terrain, count, generator, LENGTH_M)
    days = [_day(terrain, k, x[k], y[k], generator, is_waves, steps_m) for k in range(count)]
    return [day for day in days if day is not None and day.ascent_m >= LEAST_M]


def _day(
    terrain: Waves | Lattice,
    k: int,
    x: FloatArray,
    y: FloatArray,
    generator: np.random.Generator,
    is_waves: bool,  # noqa: FBT001 - one caller
    steps_m: float,
) -> Day | None:
    nodes = np.arange(x.size) * 10.0
    dense = np.arange(0.0, nodes[-1] + 1.0, 5.0)
    x, y = CubicSpline(nodes, x)(dense), CubicSpline(nodes, y)(dense)
    errors = _Errors(generator, dense.size, is_waves=is_waves)
    ground = _trodden(terrain.ground(k, x, y), errors, steps_m)
    rise = np.diff(ground)
    strength = np.exp(generator.normal(0.0, 0.3, 4))
    gps = [c + 10.0 * strength[0] * errors.slow(400.0) + 1.5 * errors.rough(50.0) for c in (x, y)]
    osm = [c + 15.0 * strength[1] * errors.slow(400.0) for c in (x, y)]
    drawn = np.array(LineString(np.column_stack(osm)).simplify(4.0).coords).T
    every = slice(None, None, 2)
    barometer = ground + 0.7 * errors.rough(72.0) + 4.0 * errors.slow(5000.0)
    receiver = ground + 2.5 * strength[3] * errors.rough(72.0) + 3.0 * errors.slow(2000.0)
    track = gps[0][every], gps[1][every]
    lines = {
        HeightSource.DEM_RECORDED: track,
        HeightSource.DEM_OSM: (drawn[0], drawn[1]),
    }
    lon, lat = _degrees(x, y)
    dems = {dem_m: _dem(terrain, k, dem_m, lines, generator) for dem_m in PRODUCTS}
    on_earth = {kind: _degrees(*line) for kind, line in lines.items()}
    stops = np.append(np.arange(0, dense.size - 150, int(STOPS_M / 5.0)), dense.size - 1)
    paths = trace_positions(np.column_stack([lon[stops], lat[stops]]), dems[90.0])
    segments = tuple(Segment(path.lon_deg, path.lat_deg) for path in paths if path.is_long)
    (run,) = Line(segments, Provenance.MODELLED, "least-time path").unbroken()
    on_earth[HeightSource.DEM_MODELLED] = run.whole.lon_deg, run.whole.lat_deg
    if not all(
        np.isfinite(dem.sample(*resample(*line, spacing_m=15.0)[:2]).height_m).all()
        for dem in dems.values()
        for line in on_earth.values()
    ):
        return None
    return Day(
        ascent_m=float(rise[rise > 0.0].sum()),
        net_m=float(ground[-1] - ground[0]),
        high_m=float(ground.max()),
        length_m=float(GEOD.line_length(lon, lat)),
        lines=on_earth,
        series={
            HeightSource.BAROMETER: Series(*track, np.round(barometer[every] / 0.2) * 0.2),
            HeightSource.GPS: Series(*track, receiver[every]),
        },
        dems=dems,
    )


def _trodden(ground: FloatArray, errors: "_Errors", steps_m: float) -> FloatArray:
    """Heights of the trail: cut, filled and woven around bumps it has a more even grade than the ground, and steps.

    How much is assumed: evened out over 40 m (standard deviation of the weights; by days half to double that), steps
    and stones.
    """
    sigma_m = 40.0 * np.exp(errors.generator.normal(0.0, 0.35))
    if errors.is_waves:
        even = gaussian_filter1d(ground, sigma_m / 5.0, mode="nearest")
    else:
        even = uniform_filter1d(ground, max(round(sigma_m * np.sqrt(12.0) / 5.0), 1), mode="nearest")
    return np.asarray(even + steps_m * np.exp(errors.generator.normal(0.0, 0.3)) * errors.slow(40.0))


class _Errors:
    """Unit-variance errors along a way of 5 m steps; their form differs between calibration and test days."""

    def __init__(self, generator: np.random.Generator, count: int, *, is_waves: bool) -> None:
        self.generator, self.count, self.is_waves = generator, count, is_waves

    def rough(self, length_m: float) -> FloatArray:
        """First-order autoregression; on test days the mean of two, of half and of double the length."""
        length_m *= self._factor()
        if self.is_waves:
            return self._ar1(length_m)
        both = self._ar1(0.5 * length_m) + self._ar1(2.0 * length_m)
        return np.asarray(both / np.sqrt(2.0))

    def slow(self, length_m: float) -> FloatArray:
        """Noise under a Gaussian; on test days autoregression run through a mean of a quarter of its length."""
        length_m *= self._factor()
        if self.is_waves:
            noise = gaussian_filter1d(self._white(8.0 * length_m), 0.1 * length_m, mode="wrap")
        else:
            width = max(int(0.25 * length_m / 5.0), 1)
            rough = self._ar1(length_m, 10 * width)
            total = np.cumsum(rough)
            noise = (total[width:] - total[:-width]) / width
            noise = noise / np.sqrt(0.92)  # what the mean takes away
            return np.asarray(noise[: self.count])
        sigma = 0.1 * length_m
        gain = 1.0 / np.sqrt(2.0 * sigma * np.sqrt(np.pi))
        return np.asarray(noise[: self.count] / gain)

    def _factor(self) -> float:
        """How much longer or shorter than usual an error lasts on this day: devices and valleys differ."""
        return float(np.exp(self.generator.normal(0.0, 0.4)))

    def _white(self, spare_m: float) -> FloatArray:
        return self.generator.standard_normal(self.count + int(spare_m / 5.0))

    def _ar1(self, length_m: float, spare: int = 0) -> FloatArray:
        kept = float(np.exp(-5.0 / length_m))
        lead = int(5.0 * length_m / 5.0)
        white = self.generator.standard_normal(self.count + spare + lead)
        noise = lfilter([np.sqrt(1.0 - kept**2)], [1.0, -kept], white)
        return np.asarray(noise[lead:])


def _degrees(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    return LON0 + x / LON_M, LAT0 + y / LAT_M


def _dem(
    terrain: Waves | Lattice,
    k: int,
    dem_m: float,
    lines: dict[HeightSource, tuple[FloatArray, FloatArray]],
    generator: np.random.Generator,
) -> MemoryDEM:
    """Means of the ground over cells, with an error of which a fifth of the variance changes from cell to cell."""
    product, step = PRODUCTS[dem_m]
    wide, high = step * LON_M, step * LAT_M
    x = np.concatenate([line[0] for line in lines.values()])
    y = np.concatenate([line[1] for line in lines.values()])
    cols = np.arange(np.floor(x.min() / wide) - 16, np.ceil(x.max() / wide) + 17)
    rows = np.arange(np.ceil(y.max() / high) + 16, np.floor(y.min() / high) - 17, -1)
    near = np.zeros((rows.size, cols.size))
    near[np.rint(rows[0] - y / high).astype(int), np.rint(x / wide - cols[0]).astype(int)] = 1.0
    # errors drawn move a line a little, and a modelled line, which is traced at 90 m, by some hundred metres
    near_m = NEAR_M if dem_m < 60.0 else 1e6
    is_near = distance_transform_edt(near == 0.0) * high < near_m
    height = terrain.cells(k, cols * wide, rows * high, wide, high, is_near)
    sigma = product.le90_m / 1.645 * generator.uniform(0.7, 1.1)
    height += sigma * (
        np.sqrt(0.8) * _far(height.shape, high, generator)
        + np.sqrt(0.2) * _cells(terrain, height.shape, generator)
    )
    if product is SRTMGL3:
        height = np.rint(height)
    west, north = LON0 + cols[0] * step, LAT0 + rows[0] * step
    return MemoryDEM(Grid(height, float(west), float(north), step, step, product))


def _far(shape: tuple[int, int], cell_m: float, generator: np.random.Generator) -> FloatArray:
    nodes = [int(size * cell_m / 1500.0) + 5 for size in shape]
    noise = gaussian_filter(generator.standard_normal(nodes), 1.0, mode="wrap")
    noise = noise / noise.std()
    wide = zoom(noise, 1500.0 / cell_m, order=3)
    return np.asarray(wide[: shape[0], : shape[1]])


def _cells(terrain: Waves | Lattice, shape: tuple[int, int], generator: np.random.Generator) -> FloatArray:
    white = generator.standard_normal(shape)
    noise = gaussian_filter(white, 0.8) if isinstance(terrain, Waves) else uniform_filter(white, 3)
    return np.asarray(noise / noise.std())
