"""Saddles near passes, passes that nobody named, and the verdicts that rest on them."""

import dataclasses
import json

import numpy as np
import pytest

from routes.analysis.figures.high_points import REACH_M, unnamed_passes
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.passes.ground import ground_of
from routes.analysis.passes.saddles import min_rise_m, study_pass
from routes.analysis.study import study_trek
from routes.analysis.verdicts.finding import Verdict
from routes.analysis.verdicts.heights import check_place
from routes.io.export.tables import study_data
from routes.io.export.verdict_tables import findings_data
from routes.model.units import Units
from tests.analytic import EXACT, AnalyticSource, at_m, local_m, plane
from tests.builders import line_m, one_leg_trek, place, stated

RIDGE = AnalyticSource(lambda x, y: 2500.0 + 2e-4 * y**2 - 0.3 * (np.hypot(x, 200.0) - 200.0))
"""A rounded ridge along the meridian of the origin, where its saddle is, at 2500 m."""

PARAMETERS = ProfileParameters()


def waves(x, y):
    """A ridge along the meridian with saddles every 1400 m (2450 m at the origin) and tops of 2550 m between."""
    return 2500.0 - 50.0 * np.cos(2.0 * np.pi * y / 1400.0) - 0.3 * np.abs(x)


def col(east_m=0.0, north_m=0.0, **more):
    return place("col", east_m, north_m, kind="pass", **more)


def test_the_saddle_of_a_ridge_with_all_that_is_told_of_it():
    line = line_m((-1500.0, 100.0), (1500.0, 100.0))
    made = one_leg_trek([place("a", -1500.0), col(300.0, uncertainty_m=400.0), place("b", 1500.0)])
    study = study_trek(made, {"a-b": line}, RIDGE, PARAMETERS)
    (found,) = study.passes
    assert found.height_m == pytest.approx(float(RIDGE.height(300.0, 0.0)), abs=1.0)
    (saddle,) = found.saddles
    east, north = local_m(saddle.lon, saddle.lat)
    # the DEM's cells are 68 by 93 m
    assert float(np.hypot(east, north)) < 80.0
    assert saddle.height_m == pytest.approx(2500.0, abs=2.5)
    assert saddle.distance_m == pytest.approx(float(np.hypot(east - 300.0, north)), rel=0.01)
    assert saddle.line_m == pytest.approx(float(abs(north - 100.0)), abs=25.0)
    # slope 0.3 on either side; terrain is looked at to 1 km beyond the reach
    assert 0.3 * (REACH_M - 200.0) <= min(saddle.depths_m) <= 0.3 * 2.0 * REACH_M
    assert saddle.is_certain
    assert found.candidates == (saddle,)
    assert found.spread_m == 0.0
    top = found.line_top
    assert local_m(top.lon, top.lat)[0] == pytest.approx(0.0, abs=60.0)
    assert top.height_m == pytest.approx(2502.0, abs=25.0)


def test_a_verdict_rests_on_the_saddle_that_may_be_meant():
    """The position is 300 m beside the pass, where the ground is 48 m lower; its true height agrees all the same."""
    (finding,) = check_place(
        ground_of(col(300.0, uncertainty_m=400.0, stated=(stated("elevation", "2500 m"),)), RIDGE)
    )
    assert finding.verdict is Verdict.AGREES
    assert finding.budget["position"] == 0.0
    assert "at the saddle, " in finding.reason_in(Units.METRIC)
    assert "one saddle within" in finding.terms["position"]
    assert set(finding.terms) == set(finding.budget)


def test_a_saddle_farther_than_the_position_may_be_off_is_told_but_not_taken():
    (finding,) = check_place(
        ground_of(col(600.0, uncertainty_m=20.0, stated=(stated("elevation", "2500 m"),)), RIDGE)
    )
    assert finding.estimate == pytest.approx(float(RIDGE.height(600.0, 0.0)), abs=1.0)
    assert finding.verdict is Verdict.DIFFERS
    notes = " ".join(finding.notes_in(Units.METRIC))
    assert "Other saddle: " in notes
    assert "the height at the position counts" in notes


def test_several_saddles_are_all_listed_and_their_spread_is_the_positions_uncertainty():
    """Half-way between saddles of 2450 and 2480 m: standard deviation 30 / sqrt 2 = 21.2 m."""

    def two(x, y):
        return waves(x, y) + 30.0 * np.clip(y / 1400.0, 0.0, 1.0)

    here = col(0.0, 700.0, uncertainty_m=800.0, stated=(stated("elevation", "2450 m"),))
    source = AnalyticSource(two, spacing_deg=1.0 / 3600.0)
    found = study_pass(here, source)
    assert sorted(round(saddle.height_m, -1) for saddle in found.candidates) == [2450.0, 2480.0]
    assert found.spread_m == pytest.approx(21.2, abs=2.0)
    (finding,) = check_place(ground_of(here, source))
    assert finding.budget["position"] == found.spread_m
    assert finding.verdict is Verdict.AGREES
    assert "the nearest saddle" in finding.reason_in(Units.METRIC)
    assert len([note for note in finding.notes_in(Units.METRIC) if note.startswith("Saddle that may")]) == 2


def test_saddles_far_apart_in_height_leave_a_pass_undecided():
    def two(x, y):
        return waves(x, y) + 100.0 * np.clip(y / 1400.0, 0.0, 1.0)

    here = col(0.0, 700.0, uncertainty_m=800.0, stated=(stated("elevation", "2450 m"),))
    (finding,) = check_place(ground_of(here, AnalyticSource(two, spacing_deg=1.0 / 3600.0)))
    assert finding.verdict is Verdict.UNDECIDED
    assert finding.printed_figure == ""


def test_a_position_that_may_be_anywhere_means_no_saddle():
    """One lone saddle within reach, but the position is uncertain by 8 km: nothing agrees out of ignorance."""
    (finding,) = check_place(
        ground_of(col(uncertainty_m=8000.0, stated=(stated("elevation", "2500 m"),)), RIDGE)
    )
    assert finding.verdict is Verdict.UNDECIDED
    assert any("too uncertain to mean one" in note for note in finding.notes_in(Units.METRIC))


def test_a_saddle_on_the_antimeridian_has_a_longitude_of_this_world():
    class Moved(AnalyticSource):
        """The ridge, 178.5 degrees farther east: its saddle lies on the antimeridian."""

        def sample(self, lon_deg, lat_deg):
            return super().sample((np.asarray(lon_deg) % 360.0) - 178.5, lat_deg)

        def window(self, bounds, product=None):
            west, south, east, north = bounds
            west, east = (edge % 360.0 - 178.5 for edge in (west, east))
            grid = super().window((west, south, east, north), product)
            return dataclasses.replace(grid, west_deg=grid.west_deg + 178.5)

    here = place("col", kind="pass", lon=179.9995, lat=42.5, uncertainty_m=100.0)
    (saddle,) = study_pass(here, Moved(RIDGE.height)).saddles
    assert -180.0 <= saddle.lon < 180.0
    assert saddle.distance_m < 100.0


def test_without_a_saddle_the_height_at_the_position_counts():
    here = col(stated=(stated("elevation", "2000 m"),))
    source = AnalyticSource(plane(2000.0, east=0.2))
    assert study_pass(here, source).saddles == ()
    (finding,) = check_place(ground_of(here, source))
    assert finding.estimate == pytest.approx(2000.0)
    assert any("No saddle within 1.0 km" in note for note in finding.notes_in(Units.METRIC))


def test_a_saddle_that_a_void_may_undercut_is_told_but_not_taken():
    source = AnalyticSource(RIDGE.height, void=lambda x, y: (np.abs(x) < 800.0) & (np.abs(y - 500.0) < 150.0))
    here = col(60.0, stated=(stated("elevation", "2500 m"),))
    found = study_pass(here, source)
    assert found.saddles
    assert not found.candidates
    (finding,) = check_place(ground_of(here, source))
    notes = " ".join(finding.notes_in(Units.METRIC))
    assert "void of the DEM may join" in notes
    assert "is not certain; the height at the position counts" in notes
    assert finding.estimate == pytest.approx(2500.0, abs=6.0)


def test_a_place_that_is_no_pass_has_the_height_at_its_position():
    here = place("camp", 300.0, stated=(stated("elevation", "2450 m"),), uncertainty_m=50.0)
    (finding,) = check_place(ground_of(here, RIDGE))
    assert finding.estimate == pytest.approx(float(RIDGE.height(300.0, 0.0)), abs=1.0)
    assert finding.notes == ()


@pytest.mark.parametrize("spacing", [3.0, 1.0])
def test_a_summit_is_judged_at_the_top_near_its_position(spacing):
    """A cone of 30 % and 3000 m, the position 40 m off: the top is found, and raised by what a blurred DEM cuts off.

    The ring has 1.5 cells, so a cone is 0.3 x 1.5 cells sharp (3": 79.6 m, 1": 26.5 m), of which 0.55 is added.
    """
    source = AnalyticSource(lambda x, y: 3000.0 - 0.3 * np.hypot(x, y), spacing_deg=spacing / 3600.0)
    lon, lat = (float(v) for v in at_m(40.0, 0.0))
    here = place(
        "top", lon=lon, lat=lat, kind="peak", uncertainty_m=50.0, stated=(stated("elevation", "3000 m"),)
    )
    (finding,) = check_place(ground_of(here, source))
    assert finding.estimate == pytest.approx(3000.0 + 0.55 * 0.3 * 1.5 * 26.53 * spacing, abs=1.5)
    assert finding.budget["position"] == 0.0
    assert (
        set(finding.terms)
        == set(finding.budget)
        == {"dem", "sharpness", "forest", "position", "rounding", "datum"}
    )
    assert "DEM 3000 m at the top, corrected to " in finding.reason_in(Units.METRIC)


def test_a_summit_of_a_vague_position_has_the_height_there():
    """300 m off, another top may be meant: nothing is climbed, and the position adds its doubt."""
    source = AnalyticSource(lambda x, y: 3000.0 - 0.3 * np.hypot(x, y))
    lon, lat = (float(v) for v in at_m(400.0, 0.0))
    ground = ground_of(place("top", lon=lon, lat=lat, kind="peak", uncertainty_m=300.0), source)
    assert ground.spot is not None
    assert ground.spot.height_m == pytest.approx(2880.0, abs=1.0)
    assert set(ground.budget) == {"dem", "sharpness", "forest", "slope", "position"}
    assert ground.u_position_m > 20.0


def test_the_figure_that_we_would_print_is_within_the_interval():
    (finding,) = check_place(ground_of(col(stated=(stated("elevation", "2700 m"),)), RIDGE))
    low, high = finding.interval
    metres = float(finding.printed_figure.split(" m ")[0])
    assert low <= metres <= high
    feet = float(finding.printed_figure.split("(")[1].split(" ")[0].replace(",", ""))
    assert low <= feet * 0.3048 <= high
    data = findings_data("x", [finding])
    json.dumps(data, allow_nan=False)
    assert data["findings"][0]["would_print"] == finding.printed_figure


def test_a_figure_that_agrees_is_left_alone():
    (finding,) = check_place(ground_of(col(stated=(stated("elevation", "2501 m"),)), RIDGE))
    assert (finding.verdict, finding.printed_figure) == (Verdict.AGREES, "2501 m")


# ---------------------------------------------------------------------------------------------------------------------
# Passes that nobody named
# ---------------------------------------------------------------------------------------------------------------------

HILLS = AnalyticSource(lambda x, _: 2000.0 + 150.0 * np.cos(2.0 * np.pi * x / 6000.0))


def crossing(*places):
    """A walk east over tops of 2150 m at -6000, 0 and 6000 m, from 9 km west to 9 km east."""
    made = one_leg_trek([place("a", -9000.0), *places, place("b", 9000.0)])
    return study_trek(made, {"a-b": line_m((-9000.0, 0.0), (9000.0, 0.0))}, HILLS, PARAMETERS)


def test_high_points_that_nobody_named_are_listed_with_the_nearest_place():
    study = crossing(col(200.0), place("lake", 5000.0, kind="lake"))
    first, second = study.legs[0].unnamed_passes
    assert local_m(first.lon, first.lat)[0] == pytest.approx(-6000.0, abs=60.0)
    assert (first.nearest_id, second.nearest_id) == ("a", "lake")
    assert second.nearest_m == pytest.approx(1000.0, abs=60.0)
    for found in (first, second):
        assert found.height_m == pytest.approx(2150.0, abs=3.0)
        assert found.prominence_m == pytest.approx(300.0, abs=6.0)
    assert second.along_m == pytest.approx(15_000.0, abs=60.0)
    told = study_data(study, study.default)
    assert len(told["days"][0]["legs"][0]["unnamed_passes"]) == 2
    json.dumps(told, allow_nan=False)


def test_prominence_is_a_parameter():
    profiles, places = crossing().legs[0].profiles, crossing().trek.places
    assert len(unnamed_passes(profiles, places)) == 3
    assert unnamed_passes(profiles, places, prominence_m=310.0) == ()


# ---------------------------------------------------------------------------------------------------------------------
# Real passes
# ---------------------------------------------------------------------------------------------------------------------


def test_least_rise_is_the_noise_of_two_cells():
    """sqrt 2 times the part of sigma that differs from cell to cell, a fifth of the variance: sqrt 0.4 times 1 m."""
    assert min_rise_m(EXACT) == pytest.approx(np.sqrt(0.4), rel=1e-3)


def test_positions_of_saddles_are_where_the_surface_has_their_heights():
    for here in (col(100.0, 50.0), col(-200.0, 100.0)):
        for saddle in study_pass(here, RIDGE).saddles:
            east, north = local_m(saddle.lon, saddle.lat)
            assert np.allclose(at_m(east, north), (saddle.lon, saddle.lat))
            assert saddle.height_m == pytest.approx(float(RIDGE.height(east, north)), abs=0.5)
