"""Saddles near a pass, and the line's highest point there."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from routes.analysis.figures.high_points import MAX_REACH_M, REACH_M, reach_of
from routes.analysis.figures.profile import Profile
from routes.analysis.heights.landform import sharpness_m
from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import Spot
from routes.errors import ModelError
from routes.kernel.geodesy import distance_m, metres_per_degree
from routes.kernel.saddle import find_saddles
from routes.kernel.uncertainty import sigma_from_le90
from routes.model.grid import Grid, Product
from routes.model.trek import Place

MIN_DEPTH_M = 20.0
"""Smallest drop on either side of a saddle, metres."""

SHORT_VARIANCE_SHARE = 0.2
"""Share of a DEM's error variance that changes from cell to cell; the rest lasts kilometres (assumed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saddle:
    """A saddle near a place."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    height_m: float
    """Height of the DEM's surface there, metres in the product's datum."""

    distance_m: float
    """Distance from the given position, metres."""

    line_m: float | None
    """Distance from the line, metres; None if no line with heights is within reach."""

    depths_m: tuple[float, float]
    """Drop on either side before the sides meet, metres, the shallower first. A lower bound, since only terrain up to
    `REACH_M` beyond the reach is used."""

    is_certain: bool
    """Whether no DEM void could join the two sides at a lower level."""

    sharpness_m: float
    """`routes.analysis.heights.landform.sharpness_m` there, metres; NaN where unknown."""

    is_meant: bool = False
    """Whether it is a likely saddle: see `meant_among`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTop:
    """Highest point of a line near a place."""

    lon: float
    """Longitude, degrees, WGS 84."""

    lat: float
    """Latitude, degrees, WGS 84."""

    height_m: float
    """Smoothed height, metres in the product's datum."""

    distance_m: float
    """Distance from the given position, metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassStudy:
    """A pass according to the DEM and the line."""

    place_id: str
    """Id of the place."""

    height_m: float | None
    """DEM height at the given position, metres; None where it has none."""

    saddles: tuple[Saddle, ...] = ()
    """All saddles within reach, nearest first."""

    line_top: LineTop | None = None
    """Highest point of the line within reach; None if there is no line."""

    reach_m: float = REACH_M
    """Radius of the search, metres."""

    nearness_m: float = 0.0
    """Largest distance of a likely saddle from the given position, metres: the position's uncertainty, at least a
    cell's diagonal (the DEM cannot place a saddle more precisely)."""

    product: Product | None = field(default=None)
    """Product of the heights; None without any."""

    row_m: float = 0.0
    """Row spacing of its DEM, metres."""

    is_found: bool = False
    """Whether no position was given; the saddles are then the passes found between two places, smallest detour
    first."""

    @property
    def candidates(self) -> tuple[Saddle, ...]:
        """Likely saddles, nearest first."""
        return tuple(saddle for saddle in self.saddles if saddle.is_meant)

    @property
    def others(self) -> tuple[Saddle, ...]:
        """Saddles within reach that are not likely ones."""
        return tuple(saddle for saddle in self.saddles if not saddle.is_meant)

    def spot(self, saddle: Saddle) -> Spot:
        """The DEM at one of the saddles."""
        if self.product is None:
            msg = f"{self.place_id} has no DEM, so no saddles."
            raise ModelError(msg)
        return Spot(
            height_m=saddle.height_m, lat_deg=saddle.lat, row_m=self.row_m, product=self.product,
            sharpness_m=saddle.sharpness_m,
        )  # fmt: skip

    @property
    def spread_m(self) -> float:
        """Standard deviation of the candidates' heights, metres; 0 for fewer than two."""
        heights = [saddle.height_m for saddle in self.candidates]
        return float(np.std(heights, ddof=1)) if len(heights) > 1 else 0.0


def meant_among(saddles: Sequence[Saddle], nearness_m: float) -> tuple[Saddle, ...]:
    """The same saddles, with those near enough (metres) to be the pass marked as likely.

    None is marked if a void may join the sides of a near one at a lower level: that one may be the pass, and its
    height is unknown.
    """
    near = [saddle.distance_m < nearness_m for saddle in saddles]
    is_known = all(saddle.is_certain for saddle in itertools.compress(saddles, near))
    return tuple(
        replace(saddle, is_meant=is_near and is_known) for saddle, is_near in zip(saddles, near, strict=True)
    )


def margin_of(place: Place) -> float:
    """Radius of terrain that a pass study needs, metres: its reach, and the sides of a saddle at its edge."""
    return reach_of(place) + REACH_M


def min_rise_m(product: Product) -> float:
    """Smallest rise of a ridge on either side of a saddle, metres, that is not noise between adjacent cells.

    It is the standard deviation of the difference of two cells, from the part of the product's variance that is
    independent in each cell.
    """
    return float(np.sqrt(2.0 * SHORT_VARIANCE_SHARE) * sigma_from_le90(product.le90_m))


def study_pass(place: Place, source: ElevationSource, profiles: Sequence[Profile] = ()) -> PassStudy:
    """Saddles near a pass, the DEM height at its position, and the highest point of the lines near it.

    Has no saddles if none is within reach or there is no DEM. Raises DEMError if the DEM cannot be read.
    """
    reach = reach_of(place)
    samples = source.sample([place.lon], [place.lat])
    height = float(samples.height_m[0])
    if not np.isfinite(height):
        return PassStudy(place_id=place.id, height_m=None, reach_m=reach)
    product = samples.products[int(samples.product_index[0])]
    line = _line_near(place, profiles, reach)
    top = _line_top(line)
    grid = _window(place, source, product, margin_of(place))
    if grid is None or min(grid.height_m.shape) < 3:
        return PassStudy(place_id=place.id, height_m=height, line_top=top, reach_m=reach, product=product)
    lon_m, lat_m = metres_per_degree(place.lat)
    cell_m = grid.step_lon_deg * lon_m, grid.step_lat_deg * lat_m
    row, col = grid.row_col(np.array([place.lon]), np.array([place.lat]))
    found = find_saddles(
        grid.height_m,
        cell_m=cell_m,
        centre=(float(row[0]), float(col[0])),
        reach_m=REACH_M,
        nearness_m=reach,
        min_depth_m=MIN_DEPTH_M,
        min_rise_m=min_rise_m(product),
    )
    lon = (grid.west_deg + found.col * grid.step_lon_deg + 180.0) % 360.0 - 180.0
    lat = grid.north_deg - found.row * grid.step_lat_deg
    away = distance_m([place.lon], [place.lat], lon, lat) if lon.size else np.zeros(0)
    saddles = [
        Saddle(
            lon=float(lon[i]),
            lat=float(lat[i]),
            height_m=float(found.height_m[i]),
            distance_m=float(away[i]),
            line_m=_away_from_line(line, float(lon[i]), float(lat[i])),
            depths_m=(float(found.depth_m[i, 0]), float(found.depth_m[i, 1])),
            is_certain=bool(found.is_certain[i]),
            sharpness_m=sharpness_m(grid.height_m, float(found.row[i]), float(found.col[i]), cell_m),
        )
        for i in np.argsort(away, kind="stable")
    ]
    nearness_m = _nearness_m(place, cell_m)
    return PassStudy(
        place_id=place.id, height_m=height, saddles=meant_among(saddles, nearness_m), line_top=top, reach_m=reach,
        product=product, nearness_m=nearness_m, row_m=cell_m[1],
    )  # fmt: skip


def _nearness_m(place: Place, cell_m: tuple[float, float]) -> float:
    """Largest distance of a likely saddle, metres; 0 if the position is too uncertain to pick one."""
    if place.position_uncertainty_m > MAX_REACH_M:
        return 0.0
    return place.position_uncertainty_m + float(np.hypot(*cell_m))


def _window(place: Place, source: ElevationSource, product: Product, margin_m: float) -> Grid | None:
    lon_m, lat_m = metres_per_degree(place.lat)
    wide, high = (
        min(margin_m / max(lon_m, 1.0), 180.0),
        margin_m / lat_m,
    )  # at a pole a metre spans any longitude
    return source.window((place.lon - wide, place.lat - high, place.lon + wide, place.lat + high), product)


_Line = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""Longitudes, latitudes, heights and distances from a place of lines' points."""


def _line_near(place: Place, profiles: Sequence[Profile], reach_m: float) -> _Line | None:
    """Points with a height of all lines within reach of a place."""
    if not profiles:
        return None
    lon, lat, height = (
        np.concatenate([getattr(profile, name) for profile in profiles])
        for name in ("lon_deg", "lat_deg", "height_m")
    )
    lon_m, lat_m = metres_per_degree(place.lat)
    away = np.hypot((lon - place.lon) * lon_m, (lat - place.lat) * lat_m)
    near = (away <= reach_m) & np.isfinite(height)
    return (lon[near], lat[near], height[near], away[near]) if near.any() else None


def _line_top(line: _Line | None) -> LineTop | None:
    if line is None:
        return None
    top = int(np.argmax(line[2]))
    lon, lat, height, away = (float(values[top]) for values in line)
    return LineTop(lon=lon, lat=lat, height_m=height, distance_m=away)


def away_from_lines_m(lon: float, lat: float, profiles: Sequence[Profile]) -> float | None:
    """Distance to the nearest line sample that has a height, metres; None if there is none."""
    lines = [
        (p.lon_deg[known], p.lat_deg[known]) for p in profiles if (known := np.isfinite(p.height_m)).any()
    ]
    if not lines:
        return None
    lon_m, lat_m = metres_per_degree(lat)
    return min(float(np.hypot((x - lon) * lon_m, (y - lat) * lat_m).min()) for x, y in lines)


def _away_from_line(line: _Line | None, lon: float, lat: float) -> float | None:
    if line is None:
        return None
    lon_m, lat_m = metres_per_degree(lat)
    return float(np.hypot((line[0] - lon) * lon_m, (line[1] - lat) * lat_m).min())
