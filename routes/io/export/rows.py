"""Table columns shared by exports: figures with ranges, and verdicts."""

from routes.analysis.figures.results import LegStudy, Totals
from routes.analysis.verdicts.finding import Finding
from routes.model.estimate import Estimate, range_columns, rounded
from routes.model.units import Units

VERDICT_COLUMNS = (
    "subject", "name", "check", "quantity", "stated", "stated_source", "verdict", "reason", "estimate_m", "u_m",
    "low_m", "high_m", "estimate_count", "would_print", "basis", "cause", "cause_probability",
)  # fmt: skip
"""Columns of `verdict_row`, present even in an empty table."""


def range_cells(name: str, unit: str, estimate: Estimate | None) -> dict[str, float | None]:
    """Columns of a figure and its range; None if unknown."""
    return dict.fromkeys(range_columns(name, unit)) if estimate is None else estimate.columns(name, unit)


def figure_cells(of: LegStudy | Totals) -> dict[str, float | None]:
    """Length, ascent and descent in metres, rounded to 0.1; None if unknown."""
    length = of.length_m if isinstance(of, LegStudy) else of.walking_m
    cells = range_cells("length", "m", length.rounded())
    for name, estimate in (("ascent", of.ascent_m), ("descent", of.descent_m)):
        cells |= range_cells(name, "m", None if estimate is None else estimate.rounded())
    return cells


def time_cells(of: LegStudy | Totals) -> dict[str, float | None]:
    """Walking time by the study's method, hours, rounded to 0.001; None if unknown."""
    time_s = of.effort.time_s
    return range_cells("walking_time", "h", None if time_s is None else time_s.rounded(3, divisor=3600.0))


def height_cells(of: LegStudy | Totals) -> dict[str, float | None]:
    """Highest point with its range, and lowest point, metres, rounded to 0.1; None if unknown."""
    drawn = of.high_estimate_m
    cells = range_cells("high", "m", None if drawn is None else drawn.rounded())
    return cells | {"high_m": rounded(of.high_m), "low_m": rounded(of.low_m)}


def verdict_row(finding: Finding) -> dict[str, object]:
    """A verdict by the columns `VERDICT_COLUMNS`; heights, lengths and climbs in metres."""
    is_length = finding.unit == "m"
    low, high = finding.interval if is_length and finding.interval is not None else (None, None)
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
        "estimate_m": rounded(finding.estimate) if is_length else None,
        "u_m": rounded(finding.u) if is_length else None,
        "low_m": rounded(low),
        "high_m": rounded(high),
        "estimate_count": finding.estimate if finding.unit == "1" else None,
        "would_print": finding.printed_figure,
        "basis": finding.basis,
        "cause": None if likeliest is None else likeliest.cause.value,
        "cause_probability": None if likeliest is None else round(likeliest.probability, 3),
    }
