"""Figures of a study as JSON, CSV and GeoJSON."""

import csv
import io
import json
from collections.abc import Sequence

from routes.analysis.causes import Diagnosis
from routes.analysis.consensus import Consensus
from routes.analysis.effort import total_effort
from routes.analysis.finding import Finding
from routes.analysis.frames import legs_frame
from routes.analysis.outing import Outing, outing_of
from routes.analysis.recipes import Recipe
from routes.analysis.recorded_heights import RecordedHeights
from routes.analysis.results import DayStudy, LegStudy, Totals, VariantStudy, recipes_of
from routes.analysis.saddles import FoundPass, PassStudy
from routes.analysis.slopes import GRADIENT_EDGES_PCT, STEEP_PCT, Climb, Gradients
from routes.analysis.study import Study
from routes.io.effort_tables import outing_data
from routes.model.effort import EffortParameters
from routes.model.estimate import Estimate
from routes.model.grid import Product
from routes.model.listed import ListedPlace
from routes.model.units import Units

_ESTIMATES = ("length", "ascent", "descent")

CSV_COLUMNS = (
    "scope", "variant", "day", "leg", "title", "mode", "line", "is_lower_bound",
    *(f"{name}_{suffix}" for name in _ESTIMATES for suffix in ("m", "p10_m", "p90_m")),
    "walking_time_h", "walking_time_p10_h", "walking_time_p90_h",
    "high_m", "high_p10_m", "high_p90_m", "low_m",
    *(f"share_steeper_{edge:g}_pct" for edge in STEEP_PCT), "missing",
)  # fmt: skip
"""Columns of stats.csv; figures of days and variants are on foot only, walking times by the default method."""


def study_json(study: Study, variant: VariantStudy) -> str:
    """All figures of a study as JSON; lengths and heights in metres, unknown figures null."""
    return _dump(study_data(study, variant))


def study_data(study: Study, variant: VariantStudy, outing: Outing | None = None) -> dict[str, object]:
    """All figures of a study as plain values, as `study_json` writes them; walking times by default unless given."""
    parameters = study.parameters
    outing = outing or outing_of(study, variant)
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
            "monte_carlo_runs": parameters.runs,
            "seed": parameters.seed,
            "recipes": [_recipe(recipe) for recipe in recipes_of(study.legs)],
        },
        "dem": [product_data(product) for product in study.products],
        "notes": list(study.notes),
    }


def product_data(product: Product) -> dict[str, object]:
    """What is known of a DEM product as plain values; its LE90 in metres."""
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


def findings_json(study: Study) -> str:
    """All findings of a trek as JSON, as `verdicts_data` has them."""
    return _dump(verdicts_data(study))


def verdicts_data(study: Study) -> dict[str, object]:
    """All findings of a trek as plain values, with the high points of its lines that nobody named."""
    return findings_data(study.trek.id, study.findings, study.consensus) | {
        "unnamed_passes": [
            {"leg": leg.leg.id, **_found_pass(found)} for leg in study.legs for found in leg.unnamed_passes
        ]
    }


def listed_findings_json(
    name: str, findings: Sequence[Finding], errors: Sequence[tuple[ListedPlace, str]]
) -> str:
    """Findings on a list of places as JSON, with the rows that cannot be read."""
    wrong = [{"where": place.where, "name": place.name, "error": error} for place, error in errors]
    return _dump(findings_data(name, findings) | {"errors": wrong})


def findings_data(
    trek_id: str, findings: Sequence[Finding], consensus: Sequence[Consensus] = ()
) -> dict[str, object]:
    """All findings as plain values, with a count of each verdict, and what the sources on a height say together."""
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.verdict.value] = counts.get(finding.verdict.value, 0) + 1
    return {
        "trek": trek_id,
        "counts": counts,
        "findings": [_finding(finding) for finding in findings],
        "consensus": [_consensus(whole) for whole in consensus],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "subject": finding.subject,
        "name": finding.name,
        "check": finding.check.value,
        "quantity": str(finding.quantity),
        "claims": [{"printed": claim.printed, "source": claim.source} for claim in finding.claims],
        "verdict": finding.verdict.value,
        "reason": finding.reason_in(Units.METRIC),
        "stated": _rounded(finding.stated),
        "estimate": _rounded(finding.estimate),
        "unit": finding.unit,
        "u": _rounded(finding.u),
        "interval": None if finding.interval is None else [round(end, 1) for end in finding.interval],
        "would_print": finding.printed_figure,
        "budget": {key: round(value, 2) for key, value in finding.budget.items()},
        "terms": dict(finding.terms),
        "notes": list(finding.notes_in(Units.METRIC)),
        "basis": finding.basis,
        "diagnosis": None if finding.diagnosis is None else diagnosis_data(finding.diagnosis),
    }


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, object]:
    """Likely causes as plain values, the likeliest first; what has less than a thousandth is left out."""
    return {
        "causes": [
            {
                "cause": likely.cause.value,
                "probability": round(likely.probability, 3),
                "text": likely.text.text(Units.METRIC),
            }
            for likely in diagnosis.causes
            if likely.probability >= 0.001
        ],
        "untested": list(diagnosis.untested),
    }


def _consensus(whole: Consensus) -> dict[str, object]:
    low, high = whole.interval_m
    return {
        "subject": whole.subject,
        "name": whole.name,
        "value_m": _rounded(whole.value_m),
        "low_m": _rounded(low),
        "high_m": _rounded(high),
        "u_m": _rounded(whole.u_m),
        "text": whole.text(Units.METRIC),
        "members": [
            {
                "printed": member.vote.printed,
                "source": member.vote.source,
                "value_m": _rounded(member.vote.value_m),
                "u_m": _rounded(member.vote.u_m),
                "verdict": member.verdict.value,
                "p_wrong": round(member.p_wrong, 3),
                "is_outlier": member.is_outlier,
            }
            for member in whole.members
        ],
    }


def stats_csv(variant: VariantStudy) -> str:
    """Figures per leg, day and variant as CSV (RFC 4180), units in the names of the columns."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, CSV_COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    for day in variant.days:
        for leg in day.legs:
            writer.writerow(_leg_row(variant, leg))
        title = {"day": day.day.number, "title": _cell(day.day.title)}
        writer.writerow(_total_row("day", variant, day.totals) | _time_cells(day.legs) | title)
    title = {"title": _cell(variant.variant.name)}
    writer.writerow(_total_row("variant", variant, variant.totals) | _time_cells(variant.legs) | title)
    return buffer.getvalue()


def legs_geojson(variant: VariantStudy) -> str:
    """Legs of a variant as GeoJSON (RFC 7946), six decimals."""
    frame = legs_frame(variant)
    return str(frame.to_json(drop_id=True, to_wgs84=True, ensure_ascii=False)) + "\n"


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _leg_row(variant: VariantStudy, leg: LegStudy) -> dict[str, object]:
    row: dict[str, object] = {
        "scope": "leg", "variant": variant.variant.id, "day": leg.day_number, "leg": leg.leg.id,
        "mode": leg.leg.mode.value, "line": leg.line.provenance.value, "is_lower_bound": leg.is_lower_bound,
        "low_m": _rounded(leg.low_m), "missing": leg.missing,
        **_height_cells(leg.high_m, leg.high_estimate_m, leg.gradients),
    }  # fmt: skip
    return row | _estimate_cells((leg.length_m, leg.ascent_m, leg.descent_m)) | _time_cells([leg])


def _total_row(scope: str, variant: VariantStudy, totals: Totals) -> dict[str, object]:
    row: dict[str, object] = {
        "scope": scope, "variant": variant.variant.id, "mode": "on foot", "is_lower_bound": totals.is_lower_bound,
        "low_m": _rounded(totals.low_m), "missing": totals.missing,
        **_height_cells(totals.high_m, totals.high_estimate_m, totals.gradients),
    }  # fmt: skip
    return row | _estimate_cells((totals.walking_m, totals.ascent_m, totals.descent_m))


def _height_cells(
    high_m: float | None, drawn: Estimate | None, gradients: Gradients | None
) -> dict[str, object]:
    cells: dict[str, object] = {"high_m": _rounded(high_m)}
    if drawn is not None:
        cells |= {"high_p10_m": _rounded(drawn.p10), "high_p90_m": _rounded(drawn.p90)}
    if gradients is not None:
        cells |= {
            f"share_steeper_{edge:g}_pct": round(gradients.share_steeper(edge), 3) for edge in STEEP_PCT
        }
    return cells


def _estimate_cells(estimates: Sequence[Estimate | None]) -> dict[str, object]:
    cells: dict[str, object] = {}
    for name, estimate in zip(_ESTIMATES, estimates, strict=True):
        if estimate is not None:
            cells[f"{name}_m"] = _rounded(estimate.value)
            cells[f"{name}_p10_m"] = _rounded(estimate.p10)
            cells[f"{name}_p90_m"] = _rounded(estimate.p90)
    return {key: value for key, value in cells.items() if value is not None}


def _time_cells(legs: Sequence[LegStudy]) -> dict[str, object]:
    time = total_effort(legs).time_s(EffortParameters().method)
    if time is None:
        return {}
    cells = zip(("", "_p10", "_p90"), (time.value, time.p10, time.p90), strict=True)
    return {f"walking_time{end}_h": round(value / 3600.0, 3) for end, value in cells if value is not None}


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
        "length_m": _estimate(leg.length_m),
        "is_lower_bound": leg.is_lower_bound,
        "ascent_m": _estimate(leg.ascent_m),
        "descent_m": _estimate(leg.descent_m),
        "high_m": _rounded(leg.high_m),
        "low_m": _rounded(leg.low_m),
        "high": _estimate(leg.high_estimate_m),
        "slope": _slope(leg.gradients),
        "climbs": [_climb(climb) for climb in leg.climbs],
        "unnamed_passes": [_found_pass(found) for found in leg.unnamed_passes],
        "recorded_heights": _recorded(leg.recorded),
        "missing": leg.missing,
    }


def _totals(totals: Totals) -> dict[str, object]:
    return {
        "length_m": _estimate(totals.walking_m),
        "is_lower_bound": totals.is_lower_bound,
        "ascent_m": _estimate(totals.ascent_m),
        "descent_m": _estimate(totals.descent_m),
        "high_m": _rounded(totals.high_m),
        "low_m": _rounded(totals.low_m),
        "high": _estimate(totals.high_estimate_m),
        "slope": _slope(totals.gradients),
        "missing": totals.missing,
        "length_by_mode_m": {
            mode.value: round(length, 1) for mode, length in totals.length_by_mode_m.items()
        },
    }


def _estimate(estimate: Estimate | None) -> dict[str, object] | None:
    if estimate is None:
        return None
    return {
        "value": _rounded(estimate.value),
        "p10": _rounded(estimate.p10),
        "p90": _rounded(estimate.p90),
        "basis": estimate.basis,
    }


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


def _climb(climb: Climb) -> dict[str, object]:
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
    meant = set(map(id, passing.candidates))
    top = passing.line_top
    return {
        "place": passing.place_id,
        "height_m": _rounded(passing.height_m),
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
                "line_m": _rounded(saddle.line_m),
                "depths_m": [round(depth, 1) for depth in saddle.depths_m],
                "is_certain": saddle.is_certain,
                "may_be_meant": id(saddle) in meant,
            }
            for saddle in passing.saddles
        ],
    }


def _found_pass(found: FoundPass) -> dict[str, object]:
    """A high point of a line that nobody named, as plain values; lengths and heights in metres."""
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
        "source": heights.source,
        "points": heights.points,
        "bias_to_dem_m": round(heights.bias_m, 1),
        "spread_to_dem_m": round(heights.spread_m, 1),
        "ascent_m": _estimate(heights.ascent_m),
        "descent_m": _estimate(heights.descent_m),
        "used": heights.used,
    }


def _recipe(recipe: Recipe) -> dict[str, object]:
    return {
        "source": recipe.source.value,
        "dem_m": recipe.dem_m,
        "smoothing_sigma_m": recipe.smoothing_m,
        "ascent_threshold_m": recipe.threshold_m,
        "calibration": recipe.calibration,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _dump(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
