"""The one height of each place that verdicts, page, exports and plans all use."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from routes.analysis.heights.landform import sharpness_m, top_near
from routes.analysis.heights.source import ElevationSource
from routes.analysis.heights.spot import DEMHeight, Spot, dem_at, position_sigma_m
from routes.analysis.passes.saddles import PassStudy, Saddle, study_pass
from routes.kernel.uncertainty import Z90, combine
from routes.model.kinds import PlaceKind
from routes.model.trek import Place

TOP_REACH_M = 200.0
"""Position uncertainty up to which a summit is searched for around its position, metres (assumed). With a vaguer
position another top may be intended, so the height at the position counts, with its large uncertainty."""

MAX_DOUBT_M = 50.0
"""Half-width of our 90 % interval beyond which a height is too uncertain for a verdict, metres."""


class Where(StrEnum):
    """Where a place's height is read."""

    SADDLE = "saddle"
    TOP = "top"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the DEM shows at a place."""

    place: Place
    """The place."""

    spot: Spot | None = None
    """The DEM at the nearest likely saddle, the summit or the position; None if no height is known."""

    where: Where = Where.POSITION
    """Which of these it is."""

    u_position_m: float = 0.0
    """Standard uncertainty of the height from the uncertain position, metres."""

    passing: PassStudy | None = None
    """Saddles near a pass."""

    missing: str = "The DEM at hand has no height here."
    """Why `spot` is None."""

    @property
    def saddles(self) -> tuple[Saddle, ...]:
        """Likely saddles."""
        return () if self.passing is None else self.passing.candidates

    @property
    def found(self) -> PassStudy | None:
        """Passes found between two places, if there are several; otherwise None."""
        is_one_of_several = self.passing is not None and self.passing.is_found and len(self.saddles) > 1
        return self.passing if is_one_of_several else None

    @property
    def budget(self) -> dict[str, float]:
        """Standard uncertainties of the height by name, metres; empty without a height."""
        return {} if self.spot is None else {**self.spot.budget, "position": self.u_position_m}

    @property
    def u_m(self) -> float:
        """Standard uncertainty of the height, metres; infinite if unknown."""
        return combine(*self.budget.values()) if self.spot is not None else math.inf

    @property
    def is_certain(self) -> bool:
        """Whether the height is known well enough for a verdict."""
        return Z90 * self.u_m <= MAX_DOUBT_M


def grounds_of(
    places: Iterable[Place], source: ElevationSource | None, passes: Iterable[PassStudy] = ()
) -> dict[str, Ground]:
    """Ground at places, by id; saddles are searched for at passes that `passes` lacks.

    Raises DEMError if the DEM cannot be read.
    """
    known = {passing.place_id: passing for passing in passes}
    return {place.id: ground_of(place, source, known.get(place.id)) for place in places}


def ground_of(place: Place, source: ElevationSource | None, passing: PassStudy | None = None) -> Ground:
    """Ground at a place.

    A pass has the height of the nearest likely saddle, a summit that of the top above its position, both corrected for
    what a DEM cuts off there. All other places, passes without a saddle and summits with a vague position have the
    height at their position. Raises DEMError if the DEM cannot be read.
    """
    if place.is_sought:
        missing = "Its position is not known: no pass was found between the two places that it parts."
        return Ground(place=place, passing=passing, missing=missing)
    if source is None:
        return Ground(place=place, passing=passing, missing="There is no DEM.")
    if place.kind is PlaceKind.PASS and passing is None:
        passing = study_pass(place, source)
    if passing is not None and passing.candidates:
        return Ground(
            place=place, spot=passing.spot(passing.candidates[0]), where=Where.SADDLE, u_position_m=passing.spread_m,
            passing=passing,
        )  # fmt: skip
    at = dem_at(place.lon, place.lat, source, radius_m=1.3 * place.position_uncertainty_m)
    return Ground(place=place, passing=passing) if at is None else _around(place, at, passing)


def _around(place: Place, at: DEMHeight, passing: PassStudy | None) -> Ground:
    row, col = (float(i[0]) for i in at.grid.row_col(np.array([place.lon]), np.array([place.lat])))
    top = None
    if place.kind is PlaceKind.PEAK and place.position_uncertainty_m <= TOP_REACH_M:
        reach = place.position_uncertainty_m + math.hypot(*at.cell_m)
        top = top_near(at.grid.height_m, row, col, at.cell_m, reach)
    sharpness = None
    if place.kind in (PlaceKind.PASS, PlaceKind.PEAK):
        here = (row, col) if top is None else top
        sharpness = sharpness_m(at.grid.height_m, here[0], here[1], at.cell_m)
    spot = Spot(
        height_m=at.height_m if top is None else float(at.grid.height_m[top]), lat_deg=place.lat, row_m=at.cell_m[1],
        product=at.product, sharpness_m=sharpness, slope_tangent=at.slope_tangent if top is None else None,
    )  # fmt: skip
    u = position_sigma_m(at, place.lon, place.lat, place.position_uncertainty_m) if top is None else 0.0
    where = Where.POSITION if top is None else Where.TOP
    return Ground(place=place, spot=spot, where=where, u_position_m=u, passing=passing)


def heights_of(grounds: Mapping[str, Ground]) -> tuple[dict[str, float], dict[str, float]]:
    """Best height of each place and its standard uncertainty, metres, by id, if known."""
    known = {key: ground for key, ground in grounds.items() if ground.spot is not None}
    heights = {key: ground.spot.best_m for key, ground in known.items() if ground.spot is not None}
    return heights, {key: ground.u_m for key, ground in known.items() if math.isfinite(ground.u_m)}
