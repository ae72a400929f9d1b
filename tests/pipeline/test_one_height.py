"""A pass has one height, wherever it is read: the position is off the saddle, and the DEM has another height there."""

import json

import gpxpy
import numpy as np
import pytest

from routes.analysis.passes.ground import ground_of
from routes.analysis.study import study_trek
from routes.analysis.verdicts.finding import Check
from routes.io.export.gpx import variant_gpx
from routes.io.export.kml import variant_kml
from routes.io.export.tables import study_data
from routes.model.units import Units
from routes.render.page.cards import place_card
from routes.render.page.profile import profile_svg
from routes.render.words.reader import Reader
from tests.analytic import AnalyticSource, ridge
from tests.builders import line_m, one_leg_trek, place, stated

SHARP = AnalyticSource(ridge(saddle_m=2500.0, slope=0.3))


@pytest.fixture(scope="module")
def study():
    col = place(
        "col", 100.0, kind="pass", name="Col", uncertainty_m=100.0, stated=(stated("elevation", "2510 m"),)
    )
    made = one_leg_trek([place("a", -3000.0), col, place("b", 3000.0)])
    return study_trek(made, {"a-b": line_m((-3000.0, 0.0), (3000.0, 0.0))}, SHARP)


def test_a_pass_has_one_height_everywhere(study):
    """The DEM has 2470 m at the position and 2500 m at the saddle; what it would cut off a crest of 30 % is 13 m."""
    best = study.place_heights_m["col"]
    assert (
        SHARP.sample(*np.array([[study.trek.place("col").lon], [study.trek.place("col").lat]])).height_m[0]
        < 2475.0
    )
    assert best == pytest.approx(2513.0, abs=2.0)
    (finding,) = [f for f in study.findings if f.subject == "col" and f.check is Check.DEM]
    assert finding.estimate == best
    assert finding.own_u == study.place_u_m["col"]
    shown = f"{best:.0f} m"
    waypoint = next(w for w in gpxpy.parse(variant_gpx(study, study.default)).waypoints if w.name == "Col")
    assert waypoint.elevation == pytest.approx(best, abs=0.05)
    assert f"DEM: {shown} ± " in waypoint.description
    assert "easured" not in waypoint.description
    assert f"Col {shown}" in profile_svg(study, study.default)
    assert f"DEM {shown}" in place_card(study, study.trek.place("col"), Reader(Units.METRIC))
    assert study_data(study, study.default)["place_heights_m"]["col"] == round(best, 1)
    assert f",{best:.1f}</coordinates>" in variant_kml(study, study.default)


def test_no_height_is_known_without_a_dem(study):
    bare = study_trek(study.trek, {})
    assert (dict(bare.place_heights_m), dict(bare.place_u_m)) == ({}, {})
    assert json.dumps(study_data(bare, bare.default)["place_heights_m"]) == "{}"
    here = study.trek.place("col")
    assert ground_of(here, None).budget == {}
