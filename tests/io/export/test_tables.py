"""JSON and CSV of a study."""

import csv
import io
import json
from dataclasses import replace

import pytest

from routes.analysis.study import study_trek
from routes.io.export.stats_csv import CSV_COLUMNS, stats_csv
from routes.io.export.tables import study_json
from routes.io.export.verdict_tables import findings_json
from tests.analytic import AnalyticSource, sine_hills
from tests.builders import day, leg, line_m, place, stated, trek

PLACES = [place("a", -3000.0), place("b", 3000.0), place("c", 3000.0, 9000.0)]


@pytest.fixture(scope="module")
def study():
    days = [day(1, leg("a-b", "a", "b"), leg("b-c", "b", "c", mode="bus")), day(2, leg("c-b", "c", "b"))]
    itinerary = trek(PLACES, days, stated=(stated("days", "2 days"),), name="=cmd|' /C calc'!A0")
    lines = {"a-b": line_m((-3000, 0), (3000, 0)), "c-b": line_m((3000, 9000), (3000, 0))}
    return study_trek(itinerary, lines, AnalyticSource(sine_hills(100.0, 2000.0)))


def test_json_is_strict_and_has_units_in_its_keys(study):
    data = json.loads(study_json(study, study.default), parse_constant=pytest.fail)
    assert data["on_foot"]["length_m"]["value"] == pytest.approx(15_000.0, rel=1e-3)
    assert data["on_foot"]["length_by_mode_m"].keys() == {"hike", "bus"}
    assert data["days"][0]["legs"][1]["ascent_m"] is None
    assert data["dem"][0]["le90_m"] == 1.645


def test_csv_has_a_row_a_leg_a_day_and_the_variant(study):
    rows = list(csv.DictReader(io.StringIO(stats_csv(study.default))))
    assert [row["scope"] for row in rows] == ["leg", "leg", "day", "leg", "day", "variant"]
    assert list(rows[0]) == list(CSV_COLUMNS)
    on_foot = [float(row["length_m"]) for row in rows if row["scope"] == "leg" and row["mode"] == "hike"]
    assert float(rows[-1]["length_m"]) == pytest.approx(sum(on_foot), abs=0.2)
    assert rows[1]["ascent_m"] == ""
    assert not rows[-1]["title"].startswith("=")


def test_findings_count_their_verdicts(study):
    data = json.loads(findings_json(study))
    assert sum(data["counts"].values()) == len(data["findings"]) > 0
    assert data["findings"][0]["claims"][0]["source"] == "A guide"


def test_slope_climbs_and_recipes_are_in_json_and_csv(study):
    """Six rises of 200 m over a kilometre each; the steepest spot of sin(2 pi x / 2 km) x 100 m is 31 %."""
    data = json.loads(study_json(study, study.default))
    first = data["days"][0]["legs"][0]
    slope = data["on_foot"]["slope"]
    assert sum(part["share"] for part in slope["histogram"]) == pytest.approx(1.0, abs=0.005)
    assert slope["share_steeper"]["15_pct"] > slope["share_steeper"]["25_pct"] > 0.0
    assert slope["share_steeper"]["35_pct"] == 0.0
    assert first["climbs"][1]["category"] == "3"
    assert first["climbs"][1]["top_m"] - first["climbs"][1]["foot_m"] == pytest.approx(200.0, abs=2.0)
    assert first["high"]["p10"] <= first["high"]["value"] == first["high_m"] <= first["high"]["p90"]
    assert first["recorded_heights"] is None
    (recipe,) = data["parameters"]["recipes"]
    assert recipe["source"] == "DEM on a recorded line"
    assert (recipe["smoothing_sigma_m"], recipe["ascent_threshold_m"]) == (40.0, 1.0)
    row = next(csv.DictReader(io.StringIO(stats_csv(study.default))))
    assert float(row["share_steeper_15_pct"]) == first["slope"]["share_steeper"]["15_pct"]
    assert float(row["high_p10_m"]) == first["high"]["p10"]


def test_heights_of_the_file_stand_beside_those_of_the_dem():
    line = line_m(*((x, 0.0) for x in range(-3000, 3001, 50)))
    segment = line.segments[0]
    dem = AnalyticSource(sine_hills(100.0, 2000.0))
    ele = dem.sample(segment.lon_deg, segment.lat_deg).height_m + 12.0
    recorded = replace(line, segments=(replace(segment, ele_m=ele),))
    made = study_trek(trek(PLACES[:2], [day(1, leg("a-b", "a", "b"))]), {"a-b": recorded}, dem)
    (note,) = made.notes
    assert note.startswith(
        "a-b: The file's heights (recorded from a map service, by their steps and noise) lie +12 m from the DEM's"
    )
    data = json.loads(study_json(made, made.default))["days"][0]["legs"][0]
    assert data["recorded_heights"]["bias_to_dem_m"] == pytest.approx(12.0, abs=0.3)
    assert data["recorded_heights"]["ascent_m"]["value"] == pytest.approx(data["ascent_m"]["value"], rel=0.01)
    assert data["recorded_heights"]["source"] == "recorded from a map service"
    assert not data["recorded_heights"]["is_stated"]
    assert not data["recorded_heights"]["excludes_dem"]
