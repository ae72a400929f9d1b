"""Write the figures of a study as CSV."""

import csv
import io
from collections.abc import Iterator

from routes.analysis.figures.results import LegStudy, Totals, VariantStudy
from routes.analysis.figures.slopes import STEEP_PCT
from routes.io.export.plain_text import cell_text
from routes.io.export.rows import figure_cells, height_cells, time_cells
from routes.model.estimate import range_columns

CSV_COLUMNS = (
    "scope", "variant", "day", "leg", "title", "mode", "line", "is_lower_bound",
    *range_columns("length", "m"), *range_columns("ascent", "m"), *range_columns("descent", "m"),
    *range_columns("walking_time", "h"), *range_columns("high", "m"), "low_m",
    *(f"share_steeper_{edge:g}_pct" for edge in STEEP_PCT), "missing",
)  # fmt: skip
"""Columns of stats.csv: days and variants count walks only, times follow the study's method."""


def stats_csv(variant: VariantStudy) -> str:
    """Figures per leg, day and variant as CSV (RFC 4180); column names include units."""
    return "".join(stats_csv_parts(variant))


def stats_csv_parts(variant: VariantStudy) -> tuple[str, ...]:
    """The same in parts that other files can share: the header, and each row in two."""
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
    """Content of a buffer, which is then emptied."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _rows(variant: VariantStudy) -> Iterator[dict[str, object]]:
    """Yield the cells of each leg, day, and the variant."""
    for day in variant.days:
        for leg in day.legs:
            yield _leg_row(variant, leg)
        title = {"day": day.day.number, "title": cell_text(day.day.title)}
        yield _total_row("day", variant, day.totals) | title
    yield _total_row("variant", variant, variant.totals) | {"title": cell_text(variant.variant.name)}


def _leg_row(variant: VariantStudy, leg: LegStudy) -> dict[str, object]:
    about = {
        "day": leg.day_number,
        "leg": leg.leg.id,
        "mode": leg.leg.mode.value,
        "line": leg.line.provenance.value,
    }
    return {"scope": "leg", "variant": variant.variant.id, **about, **_cells(leg)}


def _total_row(scope: str, variant: VariantStudy, totals: Totals) -> dict[str, object]:
    return {"scope": scope, "variant": variant.variant.id, "mode": "on foot", **_cells(totals)}


def _cells(of: LegStudy | Totals) -> dict[str, object]:
    steep = {} if of.gradients is None else {
        f"share_steeper_{edge:g}_pct": round(of.gradients.share_steeper(edge), 3) for edge in STEEP_PCT
    }  # fmt: skip
    figures = {**figure_cells(of), **time_cells(of), **height_cells(of)}
    return {"is_lower_bound": of.is_lower_bound, "missing": of.missing, **figures, **steep}
