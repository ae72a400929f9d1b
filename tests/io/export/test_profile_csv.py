"""The profile as CSV, against the formula of the terrain."""

import csv
import io

import numpy as np
import pytest

from routes.io.export.plain_text import cell_text
from routes.io.export.profile_csv import PROFILE_COLUMNS, profile_csv
from tests.io.export.exported import SLOPE, exported_study, height_m


def rows_of(study):
    rows = list(csv.DictReader(io.StringIO(profile_csv(study.default))))
    assert list(rows[0]) == list(PROFILE_COLUMNS)
    return rows


def test_distances_heights_and_gradients_are_those_of_the_terrain():
    rows = rows_of(exported_study())
    assert list(dict.fromkeys((row["day"], row["leg"], row["run"]) for row in rows)) == [
        ("1", "a-b", "1"), ("1", "a-b", "2"), ("2", "c-d", "1"), ("2", "d-e", "1"),
    ]  # fmt: skip
    along = np.array([float(row["distance_m"]) for row in rows])
    assert (np.diff(along) >= 0.0).all()
    assert along[-1] == pytest.approx(5000.0 + 2 * 2996.15, abs=3.0)
    assert float(rows[-1]["day_distance_m"]) == pytest.approx(2 * 2996.15, abs=3.0)
    lon, lat, height = (np.array([float(row[name]) for row in rows]) for name in ("lon", "lat", "height_m"))
    assert height == pytest.approx(height_m(lon, lat), abs=0.5)
    gradients = [float(row["gradient_pct"]) for row in rows if row["gradient_pct"] and row["leg"] == "a-b"]
    assert np.median(gradients) == pytest.approx(100.0 * SLOPE, abs=0.2)
    starts = [row for before, row in zip([None, *rows], rows, strict=False) if before is None or
              (before["leg"], before["run"]) != (row["leg"], row["run"])]  # fmt: skip
    assert all(row["gradient_pct"] == "" for row in starts)
    assert {row["vertical_datum"] for row in rows} == {"EGM96"}
    assert {row["provenance"] for row in rows} == {"recorded", "osm", "modelled"}


def test_unknown_heights_are_empty():
    rows = rows_of(exported_study(source=False))
    assert {(row["height_m"], row["gradient_pct"], row["vertical_datum"]) for row in rows} == {("", "", "")}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_cell_is_no_formula(text):
    assert cell_text(text) == f"'{text}"


def test_plain_text_stays():
    assert cell_text("Day 1 - over = the pass") == "Day 1 - over = the pass"
