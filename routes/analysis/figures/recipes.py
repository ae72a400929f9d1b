"""Recipes for ascent: what is smoothed and passed over for each source of heights, and what that may be off by."""

from dataclasses import dataclass
from enum import StrEnum

from routes.model.kinds import Provenance


class HeightSource(StrEnum):
    """Where the heights of a profile come from, and how its line lies to the way."""

    BAROMETER = "recorded barometer"
    GPS = "recorded GPS"
    DEM_RECORDED = "DEM on a recorded line"
    DEM_OSM = "DEM on an OpenStreetMap line"
    DEM_MODELLED = "DEM on a modelled line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How ascent is made from the heights of one source, and the errors that a calibration found."""

    source: HeightSource
    """Source of heights that it is for."""

    dem_m: float | None
    """Distance between rows of the DEM that it is for, metres; None for recorded heights."""

    smoothing_m: float
    """Standard deviation of the Gaussian along the way, metres."""

    threshold_m: float
    """Dead band of ascent and descent, metres."""

    ascent_share: float
    """Standard deviation of what the recipe itself gets wrong, a share of ascent: ground differs in roughness."""

    ascent_drawn: float
    """The same as a multiple of the spread drawn: where line and DEM matter more, the recipe errs more, too."""

    high_offset_m: float
    """Mean of true less computed highest point, metres: the DEM's cells and the smoothing cut tops."""

    high_sigma_m: float
    """Standard deviation of that besides the errors drawn, metres."""

    length_offset_share: float
    """Mean of true less measured length, as a share of the latter."""

    length_sigma_share: float
    """Standard deviation of that, as a share of the measured length."""

    calibration: str
    """Where these figures come from."""


SYNTHETIC = "calibrated on synthetic terrain (benchmarks/accuracy/ascent.py)"
"""The only calibration so far: real days with a known ascent are too few to fit anything to (docs/accuracy.md)."""


def _row(source: HeightSource, dem_m: float | None, *figures: float) -> Recipe:
    smoothing, threshold, share, drawn, high_offset, high_sigma, length_offset, length_sigma = figures
    return Recipe(
        source=source, dem_m=dem_m, smoothing_m=smoothing, threshold_m=threshold, ascent_share=share,
        ascent_drawn=drawn, high_offset_m=high_offset, high_sigma_m=high_sigma,
        length_offset_share=length_offset, length_sigma_share=length_sigma, calibration=SYNTHETIC,
    )  # fmt: skip


RECIPES = (
    _row(HeightSource.BAROMETER, None, 5.0, 1.0, 0.006, 0.0, 0.0, 0.0, -0.0047, 0.0034),
    _row(HeightSource.GPS, None, 20.0, 2.5, 0.021, 0.0, 0.0, 0.0, -0.0047, 0.0034),
    _row(HeightSource.DEM_RECORDED, 30.0, 40.0, 0.0, 0.002, 4.07, -0.3, 2.3, -0.0047, 0.0018),
    _row(HeightSource.DEM_OSM, 30.0, 40.0, 1.25, 0.002, 2.76, -0.4, 2.2, 0.0022, 0.0),
    _row(HeightSource.DEM_MODELLED, 30.0, 15.0, 0.0, 0.0, 0.0, 8.7, 20.1, 0.0, 0.0),
    _row(HeightSource.DEM_RECORDED, 90.0, 0.0, 0.0, 0.0, 3.44, 1.1, 3.7, -0.0047, 0.002),
    _row(HeightSource.DEM_OSM, 90.0, 0.0, 0.0, 0.003, 2.71, 1.2, 3.7, 0.0022, 0.0018),
    _row(HeightSource.DEM_MODELLED, 90.0, 0.0, 0.0, 0.0, 0.0, 11.1, 20.0, 0.0, 0.0),
)
"""One a source, printed by benchmarks/accuracy/ascent.py; its columns in the order of the fields of `Recipe`.

Climb and length of a modelled line have no doubts here: measured ratios give their intervals (`MODELLED_ERRORS`).
"""

_ON_LINE = {
    Provenance.RECORDED: HeightSource.DEM_RECORDED,
    Provenance.OSM: HeightSource.DEM_OSM,
    Provenance.MODELLED: HeightSource.DEM_MODELLED,
    Provenance.SCHEMATIC: HeightSource.DEM_MODELLED,
}


def recipe_for(source: HeightSource, dem_m: float | None = None) -> Recipe:
    """Recipe of a source; of the DEM distances at hand, the one nearest in proportion.

    Examples
    --------
    >>> recipe_for(HeightSource.DEM_OSM, 92.6).dem_m
    90.0
    """
    rows = [row for row in RECIPES if row.source is source]
    if dem_m is None:
        return rows[0]
    return min(rows, key=lambda row: abs(_proportion(row.dem_m or dem_m, dem_m)))


def source_on_line(provenance: Provenance) -> HeightSource:
    """Kind of DEM heights on a line, by where the line comes from."""
    return _ON_LINE[provenance]


def _proportion(one: float, other: float) -> float:
    return max(one, other) / min(one, other)
