"""Figures of a study as CSV."""

import csv
import io
from collections.abc import Iterator, Sequence

from routes.analysis.figures.results import Effort, LegStudy, Totals, VariantStudy
from routes.analysis.figures.slopes import STEEP_PCT, Gradients
from routes.io.export.plain_text import cell_text
from routes.model.estimate import Estimate

_ESTIMATES = ("length", "ascent", "descent")

CSV_COLUMNS = (
    "scope", "variant", "day", "leg", "title", "mode", "line", "is_lower_bound",
    *(f"{name}_{suffix}" for name in _ESTIMATES for suffix in ("m", "p10_m", "p90_m")),
    "walking_time_h", "walking_time_p10_h", "walking_time_p90_h",
    "high_m", "high_p10_m", "high_p90_m", "low_m",
    *(f"share_steeper_{edge:g}_pct" for edge in STEEP_PCT), "missing",
)  # fmt: skip
"""Columns of stats.csv; figures of days and variants are on foot only, walking times by the study's method."""


def stats_csv(variant: VariantStudy) -> str:
    """Figures per leg, day and variant as CSV (RFC 4180), units in the names of the columns."""
    return "".join(stats_csv_parts(variant))


def stats_csv_parts(variant: VariantStudy) -> tuple[str, ...]:
    """The same as the parts that it may share with other files: the head, and each row in two."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, CSV_COLUMNS, lineterminator="\r\n", restval="")
    writer.writeheader()
    parts = [_taken(buffer)]
    for row in _rows(variant):
        writer.writerow(row)
        start = f"{row['scope']},{row['variant']},"
        parts += [start, _taken(buffer).removeprefix(start)]
    return tuple(parts)


def _taken(buffer: io.StringIO) -> str:
    """What a buffer holds; it is empty afterwards."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _rows(variant: VariantStudy) -> Iterator[dict[str, object]]:
    """Cells of each leg, day, and the variant."""
    for day in variant.days:
        for leg in day.legs:
            yield _leg_row(variant, leg)
        title = {"day": day.day.number, "title": cell_text(day.day.title)}
        yield _total_row("day", variant, day.totals) | title
    yield _total_row("variant", variant, variant.totals) | {"title": cell_text(variant.variant.name)}


def _leg_row(variant: VariantStudy, leg: LegStudy) -> dict[str, object]:
    row: dict[str, object] = {
        "scope": "leg", "variant": variant.variant.id, "day": leg.day_number, "leg": leg.leg.id,
        "mode": leg.leg.mode.value, "line": leg.line.provenance.value, "is_lower_bound": leg.is_lower_bound,
        "low_m": _rounded(leg.low_m), "missing": leg.missing,
        **_height_cells(leg.high_m, leg.high_estimate_m, leg.gradients),
    }  # fmt: skip
    return row | _estimate_cells((leg.length_m, leg.ascent_m, leg.descent_m)) | _time_cells(leg.effort)


def _total_row(scope: str, variant: VariantStudy, totals: Totals) -> dict[str, object]:
    row: dict[str, object] = {
        "scope": scope, "variant": variant.variant.id, "mode": "on foot", "is_lower_bound": totals.is_lower_bound,
        "low_m": _rounded(totals.low_m), "missing": totals.missing,
        **_height_cells(totals.high_m, totals.high_estimate_m, totals.gradients),
    }  # fmt: skip
    cells = _estimate_cells((totals.walking_m, totals.ascent_m, totals.descent_m))
    return row | cells | _time_cells(totals.effort)


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


def _time_cells(effort: Effort) -> dict[str, object]:
    """Walking time with its interval, hours; nothing where it cannot be told."""
    time = effort.time_s
    if time is None:
        return {}
    cells = zip(("", "_p10", "_p90"), (time.value, time.p10, time.p90), strict=True)
    return {f"walking_time{end}_h": round(value / 3600.0, 3) for end, value in cells if value is not None}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
