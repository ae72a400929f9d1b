"""Legs and places as geopandas frames, for maps, exports and people who want to go on from there."""

import geopandas as gpd
from shapely import LineString, MultiLineString, Point

from routes.analysis.figures.results import LegStudy, VariantStudy
from routes.analysis.study import Study

CRS = "EPSG:4326"


def legs_frame(variant: VariantStudy) -> gpd.GeoDataFrame:
    """One row a leg of a variant, in its order.

    Returns
    -------
    GeoDataFrame
        Columns ``leg``, ``day``, ``mode``, ``provenance``, ``is_lower_bound``, ``length_m``, ``length_p10_m``,
        ``length_p90_m``, ``ascent_m``, ``ascent_p10_m``, ``ascent_p90_m``, ``descent_m``, ``descent_p10_m``,
        ``descent_p90_m``, ``high_m``, ``low_m``, ``lateral_p90_m``, ``line_source``, ``missing`` and
        ``geometry`` (a line a segment, WGS 84 longitude and latitude). Unknown figures are empty.
    """
    rows = [_leg_row(leg) for leg in variant.legs]
    return gpd.GeoDataFrame(rows, geometry=[_geometry(leg) for leg in variant.legs], crs=CRS)


def places_frame(study: Study) -> gpd.GeoDataFrame:
    """One row a place of the trek.

    Returns
    -------
    GeoDataFrame
        Columns ``place``, ``name``, ``kind``, ``position_uncertainty_m``, ``position_source``, ``assumed``,
        ``stated`` (as printed, by source), ``dem_height_m``, ``note`` and ``geometry`` (a point, WGS 84).
    """
    rows = [
        {
            "place": place.id,
            "name": place.name,
            "kind": place.kind.value,
            "position_uncertainty_m": place.position_uncertainty_m,
            "position_source": place.position_source,
            "assumed": place.assumed,
            "stated": "; ".join(f"{figure.printed} ({figure.source})" for figure in place.stated),
            "dem_height_m": study.place_heights_m.get(place.id),
            "note": place.note,
        }
        for place in study.trek.places
    ]
    points = [Point(place.lon, place.lat) for place in study.trek.places]
    return gpd.GeoDataFrame(rows, geometry=points, crs=CRS)


def _leg_row(study: LegStudy) -> dict[str, object]:
    row: dict[str, object] = {
        "leg": study.leg.id,
        "day": study.day_number,
        "mode": study.leg.mode.value,
        "provenance": study.line.provenance.value,
        "is_lower_bound": study.is_lower_bound,
    }
    for name, estimate in (
        ("length", study.length_m),
        ("ascent", study.ascent_m),
        ("descent", study.descent_m),
    ):
        row[f"{name}_m"] = estimate.value if estimate else None
        row[f"{name}_p10_m"] = estimate.p10 if estimate else None
        row[f"{name}_p90_m"] = estimate.p90 if estimate else None
    row |= {
        "high_m": study.high_m,
        "low_m": study.low_m,
        "lateral_p90_m": study.line.lateral_p90_m,
        "line_source": study.line.source,
        "missing": study.missing,
    }
    return row


def _geometry(study: LegStudy) -> LineString | MultiLineString:
    parts = [list(zip(s.lon_deg.tolist(), s.lat_deg.tolist(), strict=True)) for s in study.line.segments]
    return LineString(parts[0]) if len(parts) == 1 else MultiLineString(parts)
