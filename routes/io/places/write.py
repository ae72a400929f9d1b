"""Write verdicts on a list of places as CSV or JSON lines."""

import csv
import io
import json
from collections.abc import Iterable, Mapping

from routes.analysis.verdicts.places import ListedVerdict
from routes.io.export.verdict_tables import diagnosis_data
from routes.model.estimate import rounded
from routes.model.units import Units

COLUMNS = ("name", "lon", "lat", "stated", "estimate_m", "u_m", "verdict", "reason", "cause", "cause_probability",
           "osm", "where")  # fmt: skip
"""Columns, in order."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def listed_csv(verdicts: Iterable[ListedVerdict], *, has_header: bool) -> str:
    """CSV rows (RFC 4180), one per verdict, in order; heights in metres, unknown figures empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    if has_header:
        writer.writeheader()
    for verdict in verdicts:
        row = listed_data(verdict)
        # spreadsheets would read such text as a formula
        writer.writerow(
            {
                key: f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
                for key, value in row.items()
            }
        )
    return out.getvalue()


def listed_json_lines(verdicts: Iterable[ListedVerdict]) -> str:
    """JSON lines, one object per verdict, in order; heights in metres, unknown figures null."""
    return "".join(
        json.dumps(_with_causes(verdict), ensure_ascii=False, allow_nan=False) + "\n" for verdict in verdicts
    )


def listed_data(verdict: ListedVerdict) -> dict[str, str | float | None]:
    """One verdict as plain values by column."""
    place, finding = verdict.place, verdict.finding
    likeliest = finding.diagnosis.likeliest if finding is not None and finding.diagnosis else None
    cause = None
    if likeliest is not None:
        meaning = likeliest.text.text(Units.METRIC)
        cause = f"{likeliest.cause}: {meaning}" if meaning else likeliest.cause.value
    return {
        "name": place.name,
        "lon": place.lon,
        "lat": place.lat,
        "stated": place.printed,
        "estimate_m": rounded(None if finding is None else finding.estimate),
        "u_m": rounded(None if finding is None else finding.u),
        "verdict": verdict.verdict,
        "reason": verdict.error if finding is None else finding.reason_in(Units.METRIC),
        "cause": cause,
        "cause_probability": None if likeliest is None else round(likeliest.probability, 3),
        "osm": place.osm,
        "where": place.where,
    }


def _with_causes(verdict: ListedVerdict) -> Mapping[str, object]:
    finding = verdict.finding
    diagnosis = None if finding is None else finding.diagnosis
    return {
        **listed_data(verdict),
        "diagnosis": None if diagnosis is None else diagnosis_data(diagnosis),
        "osm_url": verdict.place.osm_url or None,
    }
