"""Figures of a study as JSON and plain values."""

import json

from routes.analysis.figures.height_sources import BAND_M, HeightSource
from routes.analysis.figures.high_points import FoundPass
from routes.analysis.figures.recorded_heights import RecordedHeights
from routes.analysis.figures.results import DayStudy, LegStudy, Totals, VariantStudy, height_sources_of
from routes.analysis.figures.slopes import GRADIENT_EDGES_PCT, STEEP_PCT, Gradients, Rise
from routes.analysis.passes.saddles import PassStudy
from routes.analysis.study import Study
from routes.analysis.walking.outing import Outing
from routes.io.export.walking_tables import outing_data
from routes.model.estimate import Estimate, rounded
from routes.model.grid import Product


def study_json(study: Study, variant: VariantStudy) -> str:
    """All figures of a study as JSON: metres, unknown figures null."""
    return dumped(study_data(study, variant))


def study_data(study: Study, variant: VariantStudy, outing: Outing | None = None) -> dict[str, object]:
    """All figures of a study as plain values, like `study_json`; `outing` replaces the study's own."""
    parameters = study.parameters
    outing = outing or study.outings[variant.variant.id]
    return {
        "trek": study.trek.id,
        "name": study.trek.name,
        "variant": variant.variant.id,
        "on_foot": _totals(variant.totals),
        "days": [_day(day) for day in variant.days],
        "effort": outing_data(outing),
        "variants": [
            {
                "id": other.variant.id,
                "name": other.variant.name,
                "days": list(other.variant.days),
                "assumed": other.variant.assumed,
                "on_foot": _totals(other.totals),
            }
            for other in study.variants
        ],
        "place_heights_m": {key: round(height, 1) for key, height in study.place_heights_m.items()},
        "passes": [_pass(passing) for passing in study.passes],
        "parameters": {
            "sample_spacing_share_of_dem": parameters.spacing_share,
            "heights": parameters.heights.value,
            "recipes": [_recipe(source) for source in height_sources_of(study.legs)],
        },
        "dem": [product_data(product) for product in study.products],
        "notes": list(study.notes),
    }


def product_data(product: Product) -> dict[str, object]:
    """Properties of a DEM product as plain values; LE90 (the 90 % error of its heights) in metres."""
    return {
        "product": product.id,
        "title": product.title,
        "surface": product.surface.value,
        "vertical_datum": product.vertical_datum.value,
        "le90_m": product.le90_m,
        "le90_source": product.le90_source,
        "licence": product.licence,
        "attribution": product.attribution,
        "doi": product.doi,
    }


def _day(day: DayStudy) -> dict[str, object]:
    return {
        "number": day.day.number,
        "title": day.day.title,
        "sleep": day.day.sleep,
        "on_foot": _totals(day.totals),
        "legs": [_leg(leg) for leg in day.legs],
    }


def _leg(leg: LegStudy) -> dict[str, object]:
    return {
        "id": leg.leg.id,
        "from": leg.leg.start,
        "to": leg.leg.end,
        "mode": leg.leg.mode.value,
        "line": leg.line.provenance.value,
        "line_source": leg.line.source,
        "lateral_p90_m": leg.line.lateral_p90_m,
        "length_m": estimate_data(leg.length_m),
        "is_lower_bound": leg.is_lower_bound,
        "ascent_m": estimate_data(leg.ascent_m),
        "descent_m": estimate_data(leg.descent_m),
        "high_m": rounded(leg.high_m),
        "low_m": rounded(leg.low_m),
        "high": estimate_data(leg.high_estimate_m),
        "slope": _slope(leg.gradients),
        "climbs": [_climb(climb) for climb in leg.climbs],
        "unnamed_passes": [found_pass_data(found) for found in leg.unnamed_passes],
        "recorded_heights": _recorded(leg.recorded),
        "missing": leg.missing,
    }


def _totals(totals: Totals) -> dict[str, object]:
    return {
        "length_m": estimate_data(totals.walking_m),
        "is_lower_bound": totals.is_lower_bound,
        "ascent_m": estimate_data(totals.ascent_m),
        "descent_m": estimate_data(totals.descent_m),
        "high_m": rounded(totals.high_m),
        "low_m": rounded(totals.low_m),
        "high": estimate_data(totals.high_estimate_m),
        "slope": _slope(totals.gradients),
        "missing": totals.missing,
        "length_by_mode_m": {
            mode.value: round(length, 1) for mode, length in totals.length_by_mode_m.items()
        },
    }


def estimate_data(estimate: Estimate | None) -> dict[str, object] | None:
    """Value and range of a figure in metres, rounded to 0.1."""
    return None if estimate is None else estimate.rounded().data()


def _slope(gradients: Gradients | None) -> dict[str, object] | None:
    if gradients is None:
        return None
    return {
        "baseline_m": round(gradients.baseline_m, 1),
        "share_steeper": {f"{edge:g}_pct": round(gradients.share_steeper(edge), 3) for edge in STEEP_PCT},
        "histogram": [
            {"from_pct": edge, "share": round(share, 3)}
            for edge, share in zip(GRADIENT_EDGES_PCT, gradients.shares, strict=True)
        ],
    }


def _climb(climb: Rise) -> dict[str, object]:
    return {
        "start_m": round(climb.start_m, 1),
        "length_m": round(climb.length_m, 1),
        "foot_m": round(climb.foot_m, 1),
        "top_m": round(climb.top_m, 1),
        "foot_lonlat": [round(degrees, 6) for degrees in climb.foot_lonlat],
        "top_lonlat": [round(degrees, 6) for degrees in climb.top_lonlat],
        "gradient_pct": round(climb.gradient_pct, 1),
        "category": climb.category,
    }


def _pass(passing: PassStudy) -> dict[str, object]:
    top = passing.line_top
    return {
        "place": passing.place_id,
        "height_m": rounded(passing.height_m),
        "reach_m": passing.reach_m,
        "line_top": None
        if top is None
        else {
            "lonlat": [round(degrees, 6) for degrees in (top.lon, top.lat)],
            "height_m": round(top.height_m, 1),
            "distance_m": round(top.distance_m, 1),
        },
        "saddles": [
            {
                "lonlat": [round(degrees, 6) for degrees in (saddle.lon, saddle.lat)],
                "height_m": round(saddle.height_m, 1),
                "distance_m": round(saddle.distance_m, 1),
                "line_m": rounded(saddle.line_m),
                "depths_m": [round(depth, 1) for depth in saddle.depths_m],
                "is_certain": saddle.is_certain,
                "may_be_meant": saddle.is_meant,
            }
            for saddle in passing.saddles
        ],
    }


def found_pass_data(found: FoundPass) -> dict[str, object]:
    """An unnamed high point of a line as plain values, metres."""
    return {
        "lonlat": [round(degrees, 6) for degrees in (found.lon, found.lat)],
        "height_m": round(found.height_m, 1),
        "prominence_m": round(found.prominence_m, 1),
        "along_m": round(found.along_m, 1),
        "nearest_place": found.nearest_id,
        "nearest_place_m": round(found.nearest_m, 1),
    }


def _recorded(heights: RecordedHeights | None) -> dict[str, object] | None:
    if heights is None:
        return None
    return {
        "source": heights.source.value,
        "points": heights.points,
        "bias_to_dem_m": round(heights.bias_m, 1),
        "spread_to_dem_m": round(heights.spread_m, 1),
        "ascent_m": estimate_data(heights.ascent_m),
        "descent_m": estimate_data(heights.descent_m),
        "is_stated": heights.is_stated,
        "excludes_dem": heights.is_excluded,
    }


def _recipe(source: HeightSource) -> dict[str, object]:
    return {
        "source": source.value,
        "smoothing_sigma_m": source.smoothing_m,
        "ascent_threshold_m": BAND_M,
    }


def dumped(data: object) -> str:
    """Plain values as indented JSON; raises ValueError for NaN and infinity."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
