"""Compute the figures of a single recorded track."""

from dataclasses import dataclass, replace

from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.legs import study_line
from routes.analysis.figures.modelled_lines import Stops
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.figures.recorded_heights import sentence
from routes.analysis.figures.results import LineStudy
from routes.analysis.heights.source import ElevationSource
from routes.analysis.walking.time import leg_effort
from routes.kernel.geodesy import distance_m
from routes.model.grid import Product
from routes.model.track import Line


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TrackFigures:
    """Figures of a track."""

    study: LineStudy
    """Length, ascent, descent, highest and lowest point, climbs, walking time."""

    heights: HeightSource | None
    """Source of the heights; None without heights."""

    product: Product | None
    """DEM product; None for recorded heights."""

    void_share: float | None
    """Share of samples along the track without a DEM height, 0 to 1; None without a DEM."""

    warnings: tuple[str, ...]
    """Warnings for the reader."""


def study_track(line: Line, source: ElevationSource | None, parameters: ProfileParameters) -> TrackFigures:
    """Figures of a track by a DEM, or by its recorded heights where the DEM has gaps.

    There is no climb if heights are missing or the line is schematic. Raises InvalidCoordinatesError if a segment has
    no length. Raises DEMError if a DEM file cannot be read, or a DEM not marked as incomplete covers only part of the
    track.
    """
    first, last = line.segments[0], line.segments[-1]
    every_m = float(distance_m(first.lon_deg[:1], first.lat_deg[:1], last.lon_deg[-1:], last.lat_deg[-1:])[0])
    study = study_line(
        line, source=source, parameters=parameters, stops=Stops(1, every_m), recorder=parameters.heights
    )
    study = replace(study, effort=leg_effort(study))
    # only a contradiction needs a warning: the figures show how the two differ
    untold = None if study.recorded is None or study.recorded.is_excluded else sentence(study.recorded)
    warnings = [note for note in study.notes if note != untold]
    if study.ascent_m is None:
        return TrackFigures(
            study=study, heights=None, product=None, void_share=study.void_share,
            warnings=(*warnings, f"No ascent: {study.missing}."),
        )  # fmt: skip
    used = study.profiles[0]
    return TrackFigures(
        study=study, heights=used.heights, product=used.product, void_share=study.void_share,
        warnings=tuple(warnings),
    )  # fmt: skip
