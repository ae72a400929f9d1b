"""Tracks, places, days and verdicts of a variant as geodata tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiLineString, Point, force_2d, get_coordinates
from shapely.geometry.base import BaseGeometry

from routes.analysis.figures.leg_points import datum_of, leg_runs
from routes.analysis.figures.results import DayStudy, LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.io.export.rows import VERDICT_COLUMNS, figure_cells, time_cells, verdict_row
from routes.kernel.antimeridian import cut_at_antimeridian
from routes.model.estimate import rounded
from routes.model.figures import VerticalDatum

CRS = "EPSG:4326"

POSITION_DECIMALS, HEIGHT_DECIMALS = 6, 1
"""Decimals of degrees (0.1 m) and of metres, as in GPX."""

VAGUE_M = 500.0
"""From this position uncertainty on, a place has no height of its own."""

COMPOUND_CRS = {
    VerticalDatum.EGM96: "EPSG:9707",
    VerticalDatum.EGM2008: "EPSG:9518",
    VerticalDatum.ELLIPSOID: "EPSG:4979",
}
"""Compound CRS of WGS 84 and heights, by vertical datum; other datums have none with WGS 84."""

_NUMBERS = ("_m", "_h", "_count", "_probability")
_FINEST_DECIMALS = 3

LAYERS = ("tracks", "places", "days", "verdicts")
"""Layer names, in order."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Layers:
    """Four tables with geometry; column names include units."""

    tracks: gpd.GeoDataFrame
    """One row per leg, in order."""

    places: gpd.GeoDataFrame
    """One row per place, passes and camps first."""

    days: gpd.GeoDataFrame
    """One row per day; the geometry is its walk, or None."""

    verdicts: gpd.GeoDataFrame
    """One row per finding; the geometry is the place concerned, or None."""

    datum: VerticalDatum
    """Vertical datum of the geometries' heights; unknown without heights or with several datums."""

    about: dict[str, str]
    """What the data is, credits, and how heights and times were computed."""

    def named(self) -> tuple[tuple[str, gpd.GeoDataFrame], ...]:
        """Layers by name, in order."""
        return tuple((name, getattr(self, name)) for name in LAYERS)


def layers_of(study: Study, variant: VariantStudy) -> Layers:
    """Layers of a variant.

    Lines are cut at longitude 180. A geometry has heights if all of its heights are known; if only some
    geometries of a layer have them, the others have NaN. The CRS is compound if all heights of a layer share
    a datum that has one.
    """
    datum = _common(datum_of(leg) for leg in variant.legs if leg.ascent_m is not None)
    ids = place_ids(variant.days)
    return Layers(
        tracks=_tracks(study, variant),
        places=_places(study, ids),
        days=_days(study, variant),
        verdicts=_verdicts(study, variant, ids),
        datum=datum,
        about=_about(study, variant, datum),
    )


def place_ids(days: Sequence[DayStudy], *, on_foot: bool = False) -> tuple[str, ...]:
    """Ids of places of legs (`on_foot`: walking legs only) and nights, in travel order, each once."""
    ids: dict[str, None] = {}
    for day in days:
        for leg in day.legs:
            if leg.is_on_foot or not on_foot:
                ids.update(dict.fromkeys(leg.leg.stops))
        if day.day.sleep is not None:
            ids[day.day.sleep] = None
    return tuple(ids)


def leg_name(study: Study, leg: LegStudy) -> str:
    """Names of the places at the ends of a leg."""
    return f"{study.trek.place(leg.leg.start).name} to {study.trek.place(leg.leg.end).name}"


def has_heights(shape: BaseGeometry | None) -> bool:
    """Whether a geometry has heights, all of them known."""
    if shape is None or not shape.has_z:
        return False
    return bool(np.isfinite(get_coordinates(shape, include_z=True)[:, 2]).all())


def _common(datums: Iterable[VerticalDatum]) -> VerticalDatum:
    known = set(datums)
    return known.pop() if len(known) == 1 else VerticalDatum.UNKNOWN


def _tracks(study: Study, variant: VariantStudy) -> gpd.GeoDataFrame:
    rows = [
        {
            "leg": leg.leg.id,
            "name": leg_name(study, leg),
            "from_place": leg.leg.start,
            "to_place": leg.leg.end,
            "variant": variant.variant.id,
            "day": leg.day_number,
            "mode": leg.leg.mode.value,
            "is_on_foot": leg.is_on_foot,
            "provenance": leg.line.provenance.value,
            "is_lower_bound": leg.is_lower_bound,
            **figure_cells(leg),
            "high_m": rounded(leg.high_m),
            "low_m": rounded(leg.low_m),
            "lateral_p90_m": leg.line.lateral_p90_m,
            "line_source": leg.line.source,
            "missing": leg.missing,
            **time_cells(leg),
            "heights_datum": None if leg.ascent_m is None else datum_of(leg).value,
        }
        for leg in variant.legs
    ]
    datum = _common(datum_of(leg) for leg in variant.legs if leg.ascent_m)
    return _framed(pd.DataFrame(rows), [_multi_line([leg]) for leg in variant.legs], datum)


def _places(study: Study, ids: Sequence[str]) -> gpd.GeoDataFrame:
    datum = _common(product.vertical_datum for product in study.products)
    rows, points = [], []
    # passes and camps first, as in GPX: a shortened list then loses what matters least
    for key in sorted(ids, key=lambda key: study.trek.place(key).kind.value not in ("pass", "peak", "camp")):
        place, height = study.trek.place(key), rounded(study.place_heights_m.get(key), HEIGHT_DECIMALS)
        rows.append(
            {
                "place": place.id,
                "name": place.name,
                "kind": place.kind.value,
                "position_uncertainty_m": place.position_uncertainty_m,
                "position_source": place.position_source,
                "assumed": place.assumed,
                "stated": "; ".join(f"{figure.printed} ({figure.source})" for figure in place.stated),
                "dem_height_m": height,
                "note": place.note,
                "heights_datum": None if height is None else datum.value,
            }
        )
        points.append(
            Point(
                *_rounded_lonlat(place.lon, place.lat),
                np.nan if height is None or place.position_uncertainty_m >= VAGUE_M else height,
            )
        )
    return _framed(pd.DataFrame(rows), points, datum)


def _days(study: Study, variant: VariantStudy) -> gpd.GeoDataFrame:
    rows = [
        {
            "day": day.day.number,
            "title": day.day.title,
            "variant": variant.variant.id,
            "sleep_place": day.day.sleep,
            "sleep_name": None if day.day.sleep is None else study.trek.place(day.day.sleep).name,
            "is_trekking": day.day.is_trekking,
            "is_lower_bound": day.totals.is_lower_bound,
            **figure_cells(day.totals),
            "high_m": rounded(day.totals.high_m),
            "low_m": rounded(day.totals.low_m),
            "missing": day.totals.missing,
            "note": day.day.note,
            **time_cells(day.totals),
        }
        for day in variant.days
    ]
    walked = [[leg for leg in day.legs if leg.is_on_foot] for day in variant.days]
    lines = [_multi_line(legs) if legs else None for legs in walked]
    datum = _common(datum_of(leg) for legs in walked for leg in legs if leg.ascent_m is not None)
    return _framed(pd.DataFrame(rows), lines, datum)


def _verdicts(study: Study, variant: VariantStudy, ids: Sequence[str]) -> gpd.GeoDataFrame:
    legs = {leg.leg.id for leg in variant.legs}
    others = {place.id for place in study.trek.places} | {leg.leg.id for leg in study.legs}
    kept = [f for f in study.findings if f.subject in {*ids, *legs} or f.subject not in others]
    known = set(ids)
    points = []
    for finding in kept:
        place = study.trek.place(finding.subject) if finding.subject in known else None
        points.append(None if place is None else Point(_rounded_lonlat(place.lon, place.lat)))
    frame = pd.DataFrame([verdict_row(finding) for finding in kept], columns=list(VERDICT_COLUMNS))
    return _framed(frame, points, VerticalDatum.UNKNOWN)


def _rounded_lonlat(lon: float, lat: float) -> tuple[float, float]:
    return round(lon, POSITION_DECIMALS), round(lat, POSITION_DECIMALS)


def _multi_line(legs: Sequence[LegStudy]) -> MultiLineString:
    """Line of legs, cut at longitude 180 and rounded, with heights if all are known."""
    parts = []
    lines = [run.points for leg in legs for run in leg_runs(leg)]
    is_known = all(points.has_heights for points in lines) and all(leg.ascent_m is not None for leg in legs)
    for points in lines:
        for lon, lat, height in cut_at_antimeridian(points.lon_deg, points.lat_deg, points.height_m):
            solid = np.round(height, HEIGHT_DECIMALS) if is_known else np.full(lon.size, np.nan)
            flat = np.round(lon, POSITION_DECIMALS), np.round(lat, POSITION_DECIMALS)
            parts.append(LineString(np.column_stack([*flat, solid]) + 0.0))  # no negative zero
    return MultiLineString(parts)


def _framed(
    frame: pd.DataFrame, shapes: Sequence[BaseGeometry | None], datum: VerticalDatum
) -> gpd.GeoDataFrame:
    """Frame with geometries of one dimension, and a CRS that names their vertical datum."""
    for name in frame.columns:
        if name.endswith(_NUMBERS):  # even if all are unknown
            decimals = HEIGHT_DECIMALS if name.endswith("_m") else _FINEST_DECIMALS
            frame[name] = frame[name].astype("float64").round(decimals)
        elif frame[name].dtype.kind not in "biuf":
            frame[name] = frame[name].astype("string")
    is_solid = any(has_heights(shape) for shape in shapes)
    crs = COMPOUND_CRS.get(datum, CRS) if is_solid else CRS
    series = gpd.GeoSeries(
        [shape if is_solid else force_2d(shape) for shape in shapes], index=frame.index, crs=crs
    )
    return gpd.GeoDataFrame(frame, geometry=series, crs=crs)


def _about(study: Study, variant: VariantStudy, datum: VerticalDatum) -> dict[str, str]:
    heights = "; ".join(f"{p.title} ({p.vertical_datum}): {p.attribution}" for p in study.products)
    return {
        "trek": study.trek.id,
        "name": study.trek.name,
        "variant": variant.variant.id,
        "source": study.trek.source,
        "attribution": " ".join(study.credits),
        "heights": heights or "none",
        "heights_datum": datum.value if study.products else "none",
        "positions": f"WGS 84 longitude and latitude, rounded to {POSITION_DECIMALS} decimals",
        "walking_time": study.effort_parameters.method.label,
        "written_by": "trek-routes",
    }
