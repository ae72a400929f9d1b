"""Views of passes: surrounding terrain, routes across, and a terrain section."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.high_points import FoundPass
from routes.analysis.figures.results import LegStudy
from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import dem_at
from routes.analysis.passes.saddles import PassStudy, study_pass
from routes.analysis.study import Study
from routes.analysis.verdicts.heights import MAX_DOUBT_M
from routes.kernel.geodesy import metres_per_degree
from routes.kernel.grid import bilinear
from routes.kernel.uncertainty import Z90, combine
from routes.model.grid import Grid
from routes.model.kinds import PlaceKind, Provenance
from routes.model.trek import Place

HALF_M = 1500.0
"""Smallest half-width of the terrain shown, metres."""

MAX_HALF_M = 6000.0
"""Largest half-width, metres: the extent of a pass study."""

SIDE_M = 1200.0
"""Length of a section down either side of a saddle, metres."""

ALONG_M = 2000.0
"""Length of a section each way along a route, metres, where the terrain shown has its smallest size."""

_SPARE = 1.2
_JOINS_M = 100.0
_WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_RAYS = 72


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Section:
    """Heights along a route over a pass."""

    lon_deg: FloatArray
    """Longitudes, shape (n,), degrees."""

    lat_deg: FloatArray
    """Latitudes, shape (n,), degrees."""

    distance_m: FloatArray
    """Distance from the pass, shape (n,), metres, negative before it."""

    height_m: FloatArray
    """Heights, shape (n,), metres in the product's datum; NaN where unknown."""

    is_line: bool
    """Whether it follows a leg's line; otherwise it runs straight down both sides."""

    start: str
    """What is towards its start: a place or a direction."""

    end: str
    """What is towards its end."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PassView:
    """A place and its surroundings."""

    place: Place
    """The pass; an unnamed one is made from its position."""

    passing: PassStudy | None = None
    """Its saddles; None without a DEM."""

    found: FoundPass | None = None
    """High point of the line, for an unnamed pass."""

    leg_id: str = ""
    """Leg of that line."""

    half_m: float = HALF_M
    """Half-width of the surrounding terrain, metres."""

    terrain: Grid | None = None
    """That terrain; None where no DEM covers it."""

    lines: tuple[tuple[Provenance, FloatArray, FloatArray], ...] = ()
    """Lines of walking legs: provenance, longitudes and latitudes (degrees)."""

    neighbours: tuple[Place, ...] = ()
    """Other places on that terrain."""

    height_m: float | None = None
    """Height of the nearest likely saddle, metres, for a pass without a stated height; None if too uncertain
    for a verdict."""

    height_u_m: float | None = None
    """Its standard uncertainty, metres."""

    section: Section | None = None
    """Terrain section across it; None without heights."""


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Profiles of consecutive legs."""

    lon: FloatArray
    lat: FloatArray
    height: FloatArray
    distance: FloatArray
    marks: tuple[tuple[float, str], ...]
    """Distances and names of the places where legs begin and end."""


def pass_views(study: Study, source: ElevationSource | None) -> tuple[PassView, ...]:
    """Views of all passes of a trek: named ones in file order, then unnamed ones in walking order.

    `source` holds the heights of the study. Raises DEMError if the DEM cannot be read.
    """
    known = {passing.place_id: passing for passing in study.passes}
    runs = list(_runs(study))
    views = []
    for place in study.trek.places:
        if place.kind is PlaceKind.PASS and (place.stated or place.id in known):
            is_placed = not place.is_sought
            views.append(_view(place, source if is_placed else None, known.get(place.id), (study, runs)))
    for leg in study.legs:
        for number, found in enumerate(leg.unnamed_passes, 1):
            place = _place_of(study, leg, found, number)
            passing = None if source is None else study_pass(place, source, leg.profiles)
            views.append(_view(place, source, passing, (study, runs), (found, leg.leg.id)))
    return tuple(views)


def view_of_place(place: Place, source: ElevationSource | None) -> PassView:
    """View of a place outside a trek, with its saddles if it is a pass.

    Raises DEMError if the DEM cannot be read.
    """
    passing = study_pass(place, source) if source is not None and place.kind is PlaceKind.PASS else None
    return _view(place, source, passing)


def _place_of(study: Study, leg: LegStudy, found: FoundPass, number: int) -> Place:
    """Place for an unnamed pass, as uncertain as its line."""
    spacing = max((profile.dem_spacing_m for profile in leg.profiles), default=0.0)
    return Place(
        id=f"{leg.leg.id}-unnamed-{number}",
        name=f"Unnamed pass near {study.trek.place(found.nearest_id).name}",
        kind=PlaceKind.PASS,
        lon=found.lon,
        lat=found.lat,
        position_uncertainty_m=max(leg.line.lateral_p90_m or 0.0, spacing),
        position_source=f"highest point of the line of {leg.leg.id}",
    )


def _view(
    place: Place,
    source: ElevationSource | None,
    passing: PassStudy | None,
    trek: tuple[Study, Sequence[_Run]] | None = None,
    found: tuple[FoundPass, str] | None = None,
) -> PassView:
    half = _half_m(place, passing)
    terrain = None
    if source is not None:
        lon_m, lat_m = metres_per_degree(place.lat)
        wide, high = min(half / max(lon_m, 1.0), 180.0), half / lat_m
        bounds = (place.lon - wide, place.lat - high, place.lon + wide, place.lat + high)
        terrain = source.window(bounds, None if passing is None else passing.product)
        if terrain is not None and (
            not np.isfinite(terrain.height_m).any() or min(terrain.height_m.shape) < 3
        ):
            terrain = None
    height, u = (None, None) if place.stated else _height(passing, source)
    along = None if trek is None else _along(place, trek[1], ALONG_M * half / HALF_M, half)
    return PassView(
        place=place,
        passing=passing,
        found=None if found is None else found[0],
        leg_id="" if found is None else found[1],
        half_m=half,
        terrain=terrain,
        lines=() if trek is None else _lines(trek[0]),
        neighbours=() if trek is None else _neighbours(place, trek[0], half),
        height_m=height,
        height_u_m=u,
        section=along or _sides(place, passing, terrain),
    )


def _height(passing: PassStudy | None, source: ElevationSource | None) -> tuple[float | None, float | None]:
    """Height of the nearest likely saddle and its standard uncertainty, metres, as used in verdicts."""
    if passing is None or source is None or not passing.candidates:
        return None, None
    at = dem_at(passing.candidates[0].lon, passing.candidates[0].lat, source)
    if at is None:
        return None, None
    u = combine(at.u_dem_m, at.u_slope_m, passing.spread_m)
    return (at.height_m, u) if Z90 * u <= MAX_DOUBT_M else (None, None)


def _half_m(place: Place, passing: PassStudy | None) -> float:
    """Half-width that holds the uncertain position, the likely saddles and the top of the line."""
    away = [place.position_uncertainty_m]
    if passing is not None:
        away.extend(saddle.distance_m for saddle in passing.candidates)
        away.extend([passing.line_top.distance_m] if passing.line_top else [])
    return float(np.clip(_SPARE * max(away), HALF_M, MAX_HALF_M))


def _lines(study: Study) -> tuple[tuple[Provenance, FloatArray, FloatArray], ...]:
    """Lines of walking legs, except schematic ones."""
    return tuple(
        (kind, segment.lon_deg, segment.lat_deg)
        for leg in study.legs
        if leg.is_on_foot
        for kind, segment in leg.line.stretches()
        if kind is not Provenance.SCHEMATIC
    )


def _neighbours(place: Place, study: Study, half_m: float) -> tuple[Place, ...]:
    lon_m, lat_m = metres_per_degree(place.lat)
    return tuple(
        other
        for other in study.trek.places
        if other.id != place.id
        and not other.is_sought
        and max(abs(other.lon - place.lon) * lon_m, abs(other.lat - place.lat) * lat_m) < half_m
    )


def _runs(study: Study) -> Iterator[_Run]:
    """Profiles of all walking legs, joined where they are consecutive."""
    parts: list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]] = []
    marks: list[tuple[float, str]] = []
    for leg in study.legs:
        names = [study.trek.place(key).name for key in (leg.leg.start, leg.leg.end)]
        for profile in leg.profiles if leg.is_on_foot else ():
            offset = 0.0
            if parts:
                lon_m, lat_m = metres_per_degree(float(profile.lat_deg[0]))
                gap = np.hypot(
                    (profile.lon_deg[0] - parts[-1][0][-1]) * lon_m,
                    (profile.lat_deg[0] - parts[-1][1][-1]) * lat_m,
                )
                if gap > _JOINS_M:
                    yield _joined(parts, marks)
                    parts, marks = [], []
                else:
                    offset = float(parts[-1][3][-1] + gap)
            marks.append((offset, names[0]))
            parts.append((profile.lon_deg, profile.lat_deg, profile.height_m, profile.distance_m + offset))
            marks.append((offset + float(profile.distance_m[-1]), names[1]))
    if parts:
        yield _joined(parts, marks)


def _joined(
    parts: Sequence[tuple[FloatArray, FloatArray, FloatArray, FloatArray]],
    marks: Sequence[tuple[float, str]],
) -> _Run:
    lon, lat, height, distance = (np.concatenate([part[i] for part in parts]) for i in range(4))
    return _Run(lon, lat, height, distance, tuple(marks))


def _along(place: Place, runs: Sequence[_Run], reach_m: float, near_m: float) -> Section | None:
    """Part of the nearest line, if it is near enough; distances are from its nearest point."""
    lon_m, lat_m = metres_per_degree(place.lat)
    best: tuple[float, int, _Run] | None = None
    for run in runs:
        away = np.hypot((run.lon - place.lon) * lon_m, (run.lat - place.lat) * lat_m)
        nearest = int(np.argmin(away))
        if away[nearest] <= near_m and (best is None or away[nearest] < best[0]):
            best = (float(away[nearest]), nearest, run)
    if best is None:
        return None
    _, nearest, run = best
    distance = run.distance - run.distance[nearest]
    shown = np.abs(distance) <= reach_m
    if np.isfinite(run.height[shown]).sum() < 2:
        return None
    before = [name for at, name in run.marks if at < run.distance[nearest] - _JOINS_M]
    after = [name for at, name in run.marks if at > run.distance[nearest] + _JOINS_M]
    return Section(
        lon_deg=run.lon[shown], lat_deg=run.lat[shown], distance_m=distance[shown], height_m=run.height[shown],
        is_line=True, start=before[-1] if before else "", end=after[0] if after else "",
    )  # fmt: skip


def _sides(place: Place, passing: PassStudy | None, terrain: Grid | None) -> Section | None:
    """Section straight down both sides of the likely saddle, or of the position if there is none.

    Of all pairs of directions at least a right angle apart, it takes the one whose gentler side falls most on
    average.
    """
    if terrain is None:
        return None
    at = (place.lon, place.lat)
    if passing is not None and passing.candidates:
        at = (passing.candidates[0].lon, passing.candidates[0].lat)
    lon_m, lat_m = metres_per_degree(at[1])
    step = 0.5 * terrain.step_lat_deg * lat_m
    reach = np.arange(0.0, SIDE_M + 0.5 * step, step)
    angle = np.arange(_RAYS) * 2.0 * np.pi / _RAYS
    # a place and its terrain may be 360 degrees apart, which means no distance
    turn = 360.0 * round((terrain.west_deg - at[0]) / 360.0)
    lon = at[0] + turn + np.outer(np.sin(angle), reach) / max(lon_m, 1.0)
    lat = at[1] + np.outer(np.cos(angle), reach) / lat_m
    height = bilinear(terrain.height_m, *terrain.row_col(lon.ravel(), lat.ravel())).reshape(lon.shape)
    fall = height[:, :1] - height
    known = np.isfinite(fall).mean(axis=1) > 0.5
    mean = np.where(known, np.nansum(fall, axis=1) / np.maximum(np.isfinite(fall).sum(axis=1), 1), -np.inf)
    apart = np.abs(np.angle(np.exp(1j * (angle[:, None] - angle[None, :])))) >= 0.5 * np.pi - 1e-9
    lesser = np.where(apart, np.minimum(mean[:, None], mean[None, :]), -np.inf)
    first, second = (int(i) for i in np.unravel_index(np.argmax(lesser), lesser.shape))
    if not np.isfinite(lesser[first, second]):
        return None
    if np.sin(angle[first]) > np.sin(angle[second]):  # west is on the left, as on a map
        first, second = second, first
    return Section(
        lon_deg=np.concatenate([lon[first, :0:-1], lon[second]]) - turn,
        lat_deg=np.concatenate([lat[first, :0:-1], lat[second]]),
        distance_m=np.concatenate([-reach[:0:-1], reach]),
        height_m=np.concatenate([height[first, :0:-1], height[second]]),
        is_line=False, start=_wind(angle[first]), end=_wind(angle[second]),
    )  # fmt: skip


def _wind(angle: float) -> str:
    return _WINDS[round(angle / (np.pi / 4.0)) % 8]
