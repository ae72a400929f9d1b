"""What is shown of a pass: terrain, lines, and the ground along a way over it, on terrain known in closed form."""

import math

import numpy as np
import pytest

from routes.analysis.pass_views import HALF_M, MAX_HALF_M, pass_views, view_of_place
from routes.analysis.study import study_trek
from tests.analytic import LON0, LON_M, AnalyticSource, plane, ridge, sine_hills
from tests.builders import day, leg, line_m, place, stated, trek

RIDGE = AnalyticSource(ridge())


def over_a_ridge(source=RIDGE, near="Lake", **more):
    """A line of two legs due east over the saddle of a ridge, where the pass is stated, from a place near it."""
    places = [
        place("west", -4000.0, name="Westhut"),
        place("lake", -1000.0, name=near),
        place("gap", 0.0, kind="pass", stated=(stated("elevation", "2500 m"),), **more),
        place("east", 4000.0, name="Easthut"),
    ]
    made = trek(
        places, [day(1, leg("flat", "west", "lake"), leg("up", "lake", "gap"), leg("down", "gap", "east"))]
    )
    lines = {
        "flat": line_m((-4000.0, 0.0), (-1000.0, 0.0)),
        "up": line_m((-1000.0, 0.0), (0.0, 0.0)),
        "down": line_m((0.0, 0.0), (4000.0, 0.0)),
    }
    return study_trek(made, lines, source)


def test_section_along_the_line_joins_the_legs_that_meet_at_the_pass():
    (view,) = pass_views(over_a_ridge(), RIDGE)
    section = view.section
    assert section.is_line
    assert (section.start, section.end) == ("Lake", "Easthut")
    assert section.distance_m[0] == pytest.approx(-2000.0, abs=50.0)
    assert section.distance_m[-1] == pytest.approx(2000.0, abs=50.0)
    # smoothing along the way rounds the edge of the ridge off, and leaves its sides as they are
    away = np.abs(section.distance_m) > 300.0
    truth = 2500.0 - 0.3 * np.abs(section.distance_m)
    assert section.height_m[away] == pytest.approx(truth[away], abs=2.0)


def test_section_without_a_line_runs_straight_down_both_sides_of_the_saddle():
    view = view_of_place(place("gap", 30.0, 40.0, kind="pass", uncertainty_m=100.0), RIDGE)
    section = view.section
    assert not section.is_line
    assert (section.start, section.end) == ("west", "east")  # as on a map
    assert section.lon_deg[0] < section.lon_deg[-1]
    assert section.height_m == pytest.approx(2500.0 - 0.3 * np.abs(section.distance_m), abs=6.0)
    assert (section.lon_deg[section.distance_m == 0.0] - LON0) * LON_M == pytest.approx(0.0, abs=50.0)


def test_terrain_holds_the_square_around_the_place():
    view = view_of_place(place("gap", kind="pass"), RIDGE)
    rows, cols = view.terrain.height_m.shape
    assert rows * view.terrain.step_lat_deg * 111_000.0 >= 2.0 * HALF_M
    assert cols * view.terrain.step_lon_deg * LON_M >= 2.0 * HALF_M
    assert view.half_m == HALF_M
    assert view_of_place(place("gap", kind="pass", uncertainty_m=4000.0), RIDGE).half_m == pytest.approx(
        4800.0
    )
    assert view_of_place(place("gap", kind="pass", uncertainty_m=90_000.0), RIDGE).half_m == MAX_HALF_M


def test_a_pass_without_a_stated_height_gets_our_own():
    view = view_of_place(place("gap", kind="pass"), RIDGE)
    assert view.ground.spot.height_m == pytest.approx(2500.0, abs=20.0)
    # one saddle, and level where it is lowest: only the DEM's own error and its cells count
    assert view.ground.u_m == pytest.approx(math.hypot(*view.ground.spot.budget.values()))
    stated_one = view_of_place(place("gap", kind="pass", stated=(stated("elevation", "2500 m"),)), RIDGE)
    assert stated_one.ground is None


def test_high_points_that_nobody_named_are_views_too():
    source = AnalyticSource(sine_hills(amplitude_m=100.0, wavelength_m=4000.0))
    places = [place("west", -5000.0), place("east", 7000.0)]
    study = study_trek(
        trek(places, [day(1, leg("way", "west", "east"))]),
        {"way": line_m((-5000.0, 0.0), (7000.0, 0.0))},
        source,
    )
    views = pass_views(study, source)
    found = [known for leg_study in study.legs for known in leg_study.unnamed_passes]
    assert len(found) >= 2
    assert [view.found for view in views] == found
    assert [view.place.lon for view in views] == [known.lon for known in found]
    assert all(view.leg_id == "way" and view.section.is_line for view in views)


def test_without_a_dem_there_are_passes_with_stated_heights_and_nothing_to_draw():
    (view,) = pass_views(over_a_ridge(None), None)
    assert (view.terrain, view.section, view.passing) == (None, None, None)
    assert view_of_place(place("gap", kind="pass"), None).section is None


def test_outside_of_the_dem_nothing_is_drawn():
    source = AnalyticSource(plane(), inside=lambda x, _: np.asarray(x) > 50_000.0)
    view = view_of_place(place("gap", kind="pass"), source)
    assert (view.terrain, view.section) == (None, None)


def test_across_the_antimeridian():
    """Terrain that knows no border: a ridge along 180 degrees, seen from either side of it."""

    def height(x, y):
        lon = LON0 + np.asarray(x) / LON_M
        return 2500.0 + 1e-4 * y**2 - 0.3 * LON_M * np.abs(lon % 360.0 - 180.0)

    source = AnalyticSource(height)
    for lon in (-180.0, 179.9995):
        view = view_of_place(place("gap", kind="pass", lon=lon), source)
        section = view.section
        assert section.height_m == pytest.approx(2500.0 - 0.3 * np.abs(section.distance_m), abs=30.0)
        assert {section.start, section.end} == {"east", "west"}
