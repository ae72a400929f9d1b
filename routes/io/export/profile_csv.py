"""Write the height profile of a variant as CSV, one row per point."""

import csv
import io
from collections.abc import Iterator

import numpy as np

from routes.analysis.figures.leg_points import LegRun, datum_of, leg_runs
from routes.analysis.figures.results import LegStudy, VariantStudy

PROFILE_COLUMNS = (
    "distance_m", "day_distance_m", "lon", "lat", "height_m", "gradient_pct", "day", "leg", "run", "provenance",
    "vertical_datum",
)  # fmt: skip
"""Columns."""


def profile_csv(variant: VariantStudy) -> str:
    """Points of a variant's walking legs as CSV (RFC 4180), in walking order.

    Distances follow the lines from the start of the variant and of the day, without gaps and rides. ``run``
    numbers the stretches of a leg between gaps. ``gradient_pct`` is the gradient from the previous point,
    empty at the start of a run. Unknown heights are empty.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(PROFILE_COLUMNS)
    whole = 0.0
    for day in variant.days:
        before = whole
        for leg in day.legs:
            if not leg.is_on_foot:
                continue
            for number, run in enumerate(leg_runs(leg), start=1):
                writer.writerows(_rows(leg, number, run, whole, before))
                whole += float(run.distance_m[-1])
    return buffer.getvalue()


def _rows(leg: LegStudy, number: int, run: LegRun, whole_m: float, day_m: float) -> Iterator[list[str]]:
    points = run.points
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = 100.0 * np.diff(points.height_m, prepend=np.nan) / np.diff(run.distance_m, prepend=np.nan)
    known = leg.ascent_m is not None
    datum = datum_of(leg).value
    columns = (run.distance_m, points.lon_deg, points.lat_deg, points.height_m, gradient)
    for (along, lon, lat, height, steep), kind in zip(
        np.column_stack(columns).tolist(), run.provenances, strict=True
    ):
        has_height = bool(np.isfinite(height))
        yield [
            f"{whole_m + along:.1f}",
            f"{whole_m - day_m + along:.1f}",
            f"{lon:.6f}",
            f"{lat:.6f}",
            f"{height:.1f}" if has_height else "",
            f"{steep:.1f}" if known and bool(np.isfinite(steep)) else "",
            str(leg.day_number),
            leg.leg.id,
            str(number),
            kind.value,
            datum if has_height else "",
        ]
