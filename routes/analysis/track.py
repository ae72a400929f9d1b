"""Figures of a single recorded track."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routes.analysis.figures.legs import study_line
from routes.analysis.figures.profile import ProfileParameters, profile_of, recorded_profile
from routes.analysis.figures.recipes import HeightSource, recipe_for, source_on_line
from routes.analysis.figures.recorded_heights import flaws_of, recorded_climb, sentence
from routes.analysis.figures.results import LineStudy
from routes.analysis.figures.slopes import climbs_of, gradients_of
from routes.analysis.heights.source import ElevationSource
from routes.analysis.walking.time import leg_effort
from routes.kernel.geodesy import distance_m
from routes.model.grid import Product
from routes.model.kinds import Provenance
from routes.model.track import Line, Run


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TrackFigures:
    """Figures of a track."""

    study: LineStudy
    """Length, ascent, descent, highest and lowest point, climbs, walking time."""

    heights: HeightSource | None
    """Source of the heights; None without any."""

    product: Product | None
    """Their DEM; None for recorded heights."""

    void_share: float | None
    """Share of samples along the track without a DEM height, 0 to 1; None without a DEM."""

    warnings: tuple[str, ...]
    """Warnings for the reader."""


def study_track(
    line: Line, source: ElevationSource | None, parameters: ProfileParameters, *, seed: str
) -> TrackFigures:
    """Figures of a track over a DEM, as for a walking leg; recorded heights serve where the DEM has gaps.

    Ascent is missing if some heights are unknown or the line is schematic. `seed` (lower-case letters and
    digits) seeds the Monte Carlo runs; one made from the points gives the same intervals wherever the track
    is stored. Raises InvalidCoordinatesError if a segment has no length, DEMError if a DEM file cannot be
    read, or covers only part of the track and is not marked incomplete.
    """
    first, last = line.segments[0], line.segments[-1]
    every_m = float(distance_m(first.lon_deg[:1], first.lat_deg[:1], last.lon_deg[-1:], last.lat_deg[-1:])[0])
    study = study_line(line, seed=seed, source=source, parameters=parameters, every_m=every_m)
    if study.ascent_m is not None:
        product = study.profiles[0].product
        kind = source_on_line(line.provenance)
        compared = None if study.recorded is None else sentence(study.recorded)
        notes = [note for note in study.notes if note != compared]  # the figures say it better
        return _figures(study, kind, product, 0.0, notes)
    share = None
    if source is not None and line.provenance is not Provenance.SCHEMATIC:
        share = _void_share(line, source, parameters)
    flaws = flaws_of(line.segments) if line.provenance is Provenance.RECORDED else ()
    recorded = (
        None if line.provenance is Provenance.SCHEMATIC else _by_recorded_heights(study, line.unbroken())
    )
    if recorded is None:
        return _figures(study, None, None, share, (*flaws, f"No ascent: {study.missing}."))
    why = (
        ()
        if source is None
        else (f"{_sentence(study.missing)}; the figures rest on the file's own heights.",)
    )
    return _figures(recorded, HeightSource.GPS, None, share, (*flaws, *why))


def _figures(
    study: LineStudy,
    kind: HeightSource | None,
    product: Product | None,
    share: float | None,
    warnings: Sequence[str],
) -> TrackFigures:
    """Combine the figures of a track with its walking time."""
    return TrackFigures(
        study=replace(study, effort=leg_effort(study)), heights=kind, product=product, void_share=share,
        warnings=tuple(warnings),
    )  # fmt: skip


def _sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _void_share(line: Line, source: ElevationSource, parameters: ProfileParameters) -> float:
    """Share of samples along a line without a DEM height."""
    kind = source_on_line(line.provenance)
    profiles = [
        profile_of(run.whole.lon_deg, run.whole.lat_deg, source, parameters, kind) for run in line.unbroken()
    ]
    return float(np.mean(np.concatenate([~np.isfinite(profile.raw_m) for profile in profiles])))


def _by_recorded_heights(study: LineStudy, runs: Sequence[Run]) -> LineStudy | None:
    """The same line with the file's heights; None if some are missing."""
    recipe = recipe_for(HeightSource.GPS)
    series = []
    for run in runs:
        if run.whole.ele_m is None or not np.isfinite(run.whole.ele_m).all():
            return None
        series.append(recorded_profile(run.whole.lon_deg, run.whole.lat_deg, run.whole.ele_m, recipe))
    ascent, descent = recorded_climb(series)
    return replace(
        study,
        profiles=tuple(series),
        ascent_m=ascent,
        descent_m=descent,
        gradients=gradients_of(series),
        climbs=climbs_of(series),
        missing="",
    )
