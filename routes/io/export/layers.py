"""Tracks, places, days and verdicts of a variant as layers of geodata."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, MultiLineString, Point, force_2d, get_coordinates
from shapely.geometry.base import BaseGeometry

from routes.analysis.figures.drawn_points import datum_of, drawn_runs
from routes.analysis.figures.results import DayStudy, LegStudy, Totals, VariantStudy
from routes.analysis.study import Study
from routes.analysis.verdicts.finding import Finding
from routes.io.export.frames import CRS, legs_frame, places_frame
from routes.kernel.antimeridian import cut_at_antimeridian
from routes.model.estimate import Estimate
from routes.model.figures import VerticalDatum
from routes.model.units import Units

POSITION_DECIMALS, HEIGHT_DECIMALS = 6, 1
"""Decimals of degrees (0.1 m) and of metres, as in GPX."""

VAGUE_M = 500.0
"""A place whose position is this uncertain gets no height of its own."""

COMPOUND_CRS = {
    VerticalDatum.EGM96: "EPSG:9707",
    VerticalDatum.EGM2008: "EPSG:9518",
    VerticalDatum.ELLIPSOID: "EPSG:4979",
}
"""CRS of WGS 84 with heights, by vertical datum; others have none that is made with WGS 84."""

_NUMBERS = ("_m", "_h", "_count", "_probability")
_FINEST_DECIMALS = 3

LAYERS = ("tracks", "places", "days", "verdicts")
"""Names of the layers, in order."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Layers:
    """Four tables with geometry, units in the names of their columns."""

    tracks: gpd.GeoDataFrame
    """A row a leg, in order."""

    places: gpd.GeoDataFrame
    """A row a place, passes and camps first."""

    days: gpd.GeoDataFrame
    """A row a day; its geometry is what is walked, None where nothing is."""

    verdicts: gpd.GeoDataFrame
    """A row a finding; its geometry is the place that it is about, None where it is about something else."""

    datum: VerticalDatum
    """Vertical datum of the heights in the geometries; unknown where there are none, or they are of two."""

    about: dict[str, str]
    """What the data is, whom to credit, how heights and times were made."""

    def named(self) -> tuple[tuple[str, gpd.GeoDataFrame], ...]:
        """Layers by name, in order."""
        return tuple((name, getattr(self, name)) for name in LAYERS)


def layers_of(study: Study, variant: VariantStudy) -> Layers:
    """Layers of a variant.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants, or some of its days.

    Returns
    -------
    Layers
        Lines are cut at longitude 180. A geometry has heights where all of them are
        known; in a layer of both kinds the unknown ones are NaN. The CRS has a vertical part where all heights of a
        layer share a datum for which there is one.
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
    """Ids of places of legs and nights, in order of travel, each once; of legs on foot only where that is asked."""
    ids: dict[str, None] = {}
    for day in days:
        for leg in day.legs:
            if leg.is_on_foot or not on_foot:
                ids.update(dict.fromkeys(leg.leg.stops))
        if day.day.sleep is not None:
            ids[day.day.sleep] = None
    return tuple(ids)


def leg_name(study: Study, leg: LegStudy) -> str:
    """Names of the places between which a leg runs."""
    return f"{study.trek.place(leg.leg.start).name} to {study.trek.place(leg.leg.end).name}"


def has_heights(shape: BaseGeometry | None) -> bool:
    """Whether a geometry has heights, and all of them are known."""
    if shape is None or not shape.has_z:
        return False
    return bool(np.isfinite(get_coordinates(shape, include_z=True)[:, 2]).all())


def _common(datums: Iterable[VerticalDatum]) -> VerticalDatum:
    known = set(datums)
    return known.pop() if len(known) == 1 else VerticalDatum.UNKNOWN


def _tracks(study: Study, variant: VariantStudy) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(legs_frame(variant).drop(columns="geometry"))
    legs = variant.legs
    frame.insert(1, "name", [leg_name(study, leg) for leg in legs])
    frame.insert(2, "from_place", [leg.leg.start for leg in legs])
    frame.insert(3, "to_place", [leg.leg.end for leg in legs])
    frame.insert(4, "variant", variant.variant.id)
    frame.insert(7, "is_on_foot", [leg.is_on_foot for leg in legs])
    for name, values in _time_columns([leg.effort.time_s for leg in legs]).items():
        frame[name] = values
    frame["heights_datum"] = [None if leg.ascent_m is None else datum_of(leg).value for leg in legs]
    return _framed(
        frame, [_multi_line([leg]) for leg in legs], _common(datum_of(leg) for leg in legs if leg.ascent_m)
    )


def _places(study: Study, ids: Sequence[str]) -> gpd.GeoDataFrame:
    whole = places_frame(study).set_index("place", drop=False)
    # passes and camps first, as in GPX: what is left out of a short list is then the least
    order = sorted(ids, key=lambda key: study.trek.place(key).kind.value not in ("pass", "peak", "camp"))
    frame = pd.DataFrame(whole.loc[order].drop(columns="geometry")).reset_index(drop=True)
    datum = _common(product.vertical_datum for product in study.products)
    heights = study.place_heights_m
    frame["dem_height_m"] = [
        None if key not in heights else round(heights[key], HEIGHT_DECIMALS) for key in order
    ]
    frame["heights_datum"] = [None if key not in heights else datum.value for key in order]
    points = []
    for key in order:
        place = study.trek.place(key)
        at = _rounded_lonlat(place.lon, place.lat)
        is_known = key in heights and place.position_uncertainty_m < VAGUE_M
        points.append(Point(*at, round(heights[key], HEIGHT_DECIMALS) if is_known else np.nan))
    return _framed(frame, points, datum)


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
            **_total_columns(day.totals),
            "missing": day.totals.missing,
            "note": day.day.note,
        }
        for day in variant.days
    ]
    frame = pd.DataFrame(rows)
    for name, values in _time_columns([day.totals.effort.time_s for day in variant.days]).items():
        frame[name] = values
    walked = [[leg for leg in day.legs if leg.is_on_foot] for day in variant.days]
    lines = [_multi_line(legs) if legs else None for legs in walked]
    datum = _common(datum_of(leg) for legs in walked for leg in legs if leg.ascent_m is not None)
    return _framed(frame, lines, datum)


def _verdicts(study: Study, variant: VariantStudy, ids: Sequence[str]) -> gpd.GeoDataFrame:
    legs = {leg.leg.id for leg in variant.legs}
    others = {place.id for place in study.trek.places} | {leg.leg.id for leg in study.legs}
    kept = [f for f in study.findings if f.subject in {*ids, *legs} or f.subject not in others]
    known = set(ids)
    points = []
    for finding in kept:
        place = study.trek.place(finding.subject) if finding.subject in known else None
        points.append(None if place is None else Point(_rounded_lonlat(place.lon, place.lat)))
    frame = pd.DataFrame([_verdict_row(finding) for finding in kept], columns=list(_VERDICT_COLUMNS))
    return _framed(frame, points, VerticalDatum.UNKNOWN)


_VERDICT_COLUMNS = (
    "subject", "name", "check", "quantity", "stated", "stated_source", "verdict", "reason", "estimate_m", "u_m",
    "low_m", "high_m", "estimate_count", "would_print", "basis", "cause", "cause_probability",
)  # fmt: skip
"""Also where nothing is stated: a table has its columns."""


def _verdict_row(finding: Finding) -> dict[str, object]:
    interval = finding.interval if finding.unit == "m" else None
    likeliest = finding.diagnosis.likeliest if finding.diagnosis else None
    return {
        "subject": finding.subject,
        "name": finding.name,
        "check": finding.check.value,
        "quantity": str(finding.quantity),
        "stated": "; ".join(stated.printed for stated in finding.statements),
        "stated_source": "; ".join(stated.source for stated in finding.statements),
        "verdict": finding.verdict.value,
        "reason": finding.reason_in(Units.METRIC),
        "estimate_m": _tenths(finding.estimate) if finding.unit == "m" else None,
        "u_m": _tenths(finding.u) if finding.unit == "m" else None,
        "low_m": None if interval is None else _tenths(interval[0]),
        "high_m": None if interval is None else _tenths(interval[1]),
        "estimate_count": finding.estimate if finding.unit == "1" else None,
        "would_print": finding.printed_figure,
        "basis": finding.basis,
        "cause": None if likeliest is None else likeliest.cause.value,
        "cause_probability": None if likeliest is None else round(likeliest.probability, 3),
    }


def _total_columns(totals: Totals) -> dict[str, float | None]:
    columns: dict[str, float | None] = {}
    estimates = {"length": totals.walking_m, "ascent": totals.ascent_m, "descent": totals.descent_m}
    for name, estimate in estimates.items():
        columns[f"{name}_m"] = None if estimate is None else _tenths(estimate.value)
        columns[f"{name}_p10_m"] = None if estimate is None else _tenths(estimate.p10)
        columns[f"{name}_p90_m"] = None if estimate is None else _tenths(estimate.p90)
    return columns | {"high_m": _tenths(totals.high_m), "low_m": _tenths(totals.low_m)}


def _time_columns(times: Sequence[Estimate | None]) -> dict[str, list[float | None]]:
    return {
        "walking_time_h": [None if time is None else _hours(time.value) for time in times],
        "walking_time_p10_h": [None if time is None else _hours(time.p10) for time in times],
        "walking_time_p90_h": [None if time is None else _hours(time.p90) for time in times],
    }


def _hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 3600.0, 3)


def _tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _rounded_lonlat(lon: float, lat: float) -> tuple[float, float]:
    return round(lon, POSITION_DECIMALS), round(lat, POSITION_DECIMALS)


def _multi_line(legs: Sequence[LegStudy]) -> MultiLineString:
    """Line of legs with heights where all of them are known, cut at longitude 180 and rounded."""
    parts = []
    runs = [run for leg in legs for run in drawn_runs(leg)]
    is_known = all(run.has_heights for run in runs) and all(leg.ascent_m is not None for leg in legs)
    for run in runs:
        for lon, lat, height in cut_at_antimeridian(run.lon_deg, run.lat_deg, run.height_m):
            solid = np.round(height, HEIGHT_DECIMALS) if is_known else np.full(lon.size, np.nan)
            flat = np.round(lon, POSITION_DECIMALS), np.round(lat, POSITION_DECIMALS)
            parts.append(LineString(np.column_stack([*flat, solid]) + 0.0))  # no negative zero
    return MultiLineString(parts)


def _framed(
    frame: pd.DataFrame, shapes: Sequence[BaseGeometry | None], datum: VerticalDatum
) -> gpd.GeoDataFrame:
    """Frame with geometries of one dimension, and the CRS that says what their heights are."""
    for name in frame.columns:
        if name.endswith(_NUMBERS):  # also where none is known
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
