"""Causes that lie in what we compare with: the position, trees, a modelled line; and what we would print for them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.passes.ground import ground_of
from routes.analysis.study import study_trek
from routes.analysis.verdicts.causes import Cause, Clues
from routes.analysis.verdicts.diagnose import diagnose, explained
from routes.analysis.verdicts.finding import Verdict
from routes.analysis.verdicts.ground_causes import CANOPY_M
from routes.analysis.verdicts.heights import check_place
from routes.analysis.verdicts.places import check_listed
from routes.dem.folder import open_dem
from routes.io.places.read import read_places
from routes.model.figures import Quantity
from routes.model.grid import Surface
from routes.model.measure import Measure
from routes.model.units import Units
from routes.pipeline.loading import load_trek
from tests.analytic import EXACT, AnalyticSource, at_m, plane
from tests.builders import place, stated


def two_passes(x, y):
    """A ridge along the meridian with saddles of 2500 m at the origin and 2600 m 700 m north of it."""
    along = 2500.0 + 50.0 * (1.0 - np.cos(np.pi * y / 700.0)) + 60.0 * np.sin(np.pi * y / 700.0) ** 2
    return along - 0.4 * np.abs(x)


def judged(printed, east_m=0.0, north_m=0.0, **more):
    lon, lat = (float(v) for v in at_m(east_m, north_m))
    here = place(
        "col", lon=lon, lat=lat, kind="pass", stated=(stated("elevation", printed, rounding=1.0),), **more
    )
    (finding,) = check_place(ground_of(here, AnalyticSource(two_passes)))
    return finding, explained(finding)


def test_a_pass_on_a_hillside_whose_height_a_saddle_nearby_has_is_doubtful_for_its_position():
    """400 m down the slope there is no saddle, one of 2509 m lies near: the position is off, the height stays."""
    before, after = judged("2510 m", east_m=400.0, uncertainty_m=50.0)
    assert (before.verdict, after.verdict) == (Verdict.DIFFERS, Verdict.DOUBTFUL)
    assert after.diagnosis.likeliest.cause is Cause.POSITION
    assert "a saddle of 2" in after.diagnosis.text(Units.METRIC)
    assert after.printed_figure == "2510 m"


def test_a_pass_at_a_saddle_is_not_excused_by_others():
    """At the lower saddle, with the height of the one 700 m away: at the saddle by chance once in twenty only."""
    _, after = judged("2620 m", uncertainty_m=20.0)
    assert after.verdict is Verdict.DIFFERS


def test_a_height_that_no_saddle_has_differs_on_a_hillside_too():
    _, after = judged("3100 m", east_m=400.0, uncertainty_m=50.0)
    assert after.verdict is Verdict.DIFFERS
    assert after.diagnosis.probability(Cause.POSITION) < 0.01


@given(st.floats(0.0, 4000.0))
def test_no_place_but_a_pass_has_a_position_that_saddles_excuse(printed_m):
    lake = ground_of(place("lake", 400.0, kind="lake"), AnalyticSource(two_passes))
    found = diagnose(Measure.parse(f"{printed_m:.0f} m", 1.0), 2340.0, 8.0, Clues(ground=lake))
    assert found.probability(Cause.POSITION) == 0.0


def in_forest(height_m=500.0, surface=Surface.DSM):
    source = AnalyticSource(plane(height_m), product=replace(EXACT, surface=surface))
    return ground_of(place("hut", kind="hotel"), source)


@pytest.mark.parametrize(
    ("ground", "is_likely"),
    [(in_forest(), True), (in_forest(2500.0), False), (in_forest(surface=Surface.DTM), False)],
)
def test_trees_explain_a_dem_that_reads_high_below_the_tree_line(ground, is_likely):
    """25 m lower than a surface model, by 4 u: treetops, where trees can stand and the DEM shows them."""
    estimate = ground.spot.best_m
    found = diagnose(Measure.parse(f"{estimate - 25.0:.0f} m", 1.0), estimate, 6.0, Clues(ground=ground))
    assert (found.probability(Cause.FOREST) > 0.5) is is_likely


def test_trees_do_not_explain_a_dem_that_reads_low_or_too_high():
    ground = in_forest()
    for off in (25.0, -CANOPY_M - 40.0):
        found = diagnose(Measure.parse(f"{500.0 + off:.0f} m", 1.0), 500.0, 6.0, Clues(ground=ground))
        assert found.probability(Cause.FOREST) < 0.05


@given(st.floats(0.3, 3.0), st.sampled_from([Quantity.DISTANCE, Quantity.ASCENT, Quantity.DURATION]))
def test_no_digit_of_a_length_climb_or_time_is_named_that_does_not_fit_clearly_better(ratio, quantity):
    unit, size = ("h", 6.0) if quantity is Quantity.DURATION else ("m", 2300.0)
    clues = Clues(quantity=quantity, is_modelled=True)
    found = diagnose(Measure.parse(f"{size * ratio:.1f} {unit}"), size, 0.1 * size, clues)
    slips = [likely for likely in found.causes if likely.meant is not None]
    assert all(likely.probability > 10.0 / 11.0 for likely in slips)


# Inputs that once came out wrong


def listed(test_data, name, dem):
    rows = read_places(test_data / "cases" / "trek" / f"{name}.csv")
    return {found.place.name: found.finding for found in check_listed(rows, open_dem(test_data / dem))}


def test_true_heights_under_trees_do_not_differ(test_data):
    """cases/trek/canopy.csv: three true saddles of Japan that a surface model reads 21 to 27 m too high."""
    found = listed(test_data, "canopy", "truth/dem/fuji_srtm3.tif")
    assert [f.verdict.value for f in found.values()] == ["doubtful", "agrees", "agrees"]
    first = found["saddle 0"]
    assert first.diagnosis.likeliest.cause is Cause.FOREST
    assert first.printed_figure == "208 m"


def test_a_change_of_a_metre_explains_nothing(test_data):
    """cases/trek/albeille.csv: 2601 m is not 2600 m misprinted."""
    (finding,) = listed(test_data, "albeille", "dem/N42E001.hgt.zip").values()
    assert finding.verdict is Verdict.DIFFERS
    assert finding.diagnosis.likeliest.cause is Cause.NONE
    assert finding.diagnosis.probability(Cause.WRONG_DIGIT) < 0.05


def test_the_editors_list_gets_its_causes_and_figures(test_data):
    """cases/trek/editor-list.csv: the right heights agree, each wrong one gets what its cause says was meant.

    Port d'Envalira's 2804 m was made of 2408 by swapping two digits far apart: not a slip that is known.
    """
    found = listed(test_data, "editor-list", "dem/N42E001.hgt.zip")
    wrong = {
        "Col Blanc": (Cause.FEET_AS_METRES, "2528 m (8,294 ft)"),
        "Portella de Baiau": (Cause.WRONG_DIGIT, "2757 m (9,045 ft)"),
        "Coll de Jovell": (Cause.TRANSPOSED, "1780 m (5,840 ft)"),
        "Port d'Envalira": (Cause.WRONG_DIGIT, "2404 m (7,887 ft)"),
        "Port de Siguer": (Cause.NONE, "2390 m (7,850 ft)"),
        "Collada de Juclar": (Cause.NONE, "2440 m (8,010 ft)"),
    }
    for name, (cause, figure) in wrong.items():
        assert (found[name].verdict, found[name].diagnosis.likeliest.cause) == (Verdict.DIFFERS, cause)
        assert found[name].printed_figure == figure
    doubtful = {"Port de Cabus": "2318 m", "Pic de Noe": "2750 m (9,000 ft)"}
    for name, figure in doubtful.items():
        assert (found[name].verdict, found[name].printed_figure) == (Verdict.DOUBTFUL, figure)
    assert found["Pic de Medecourbe"].verdict is Verdict.UNDECIDED  # a void
    rest = set(found) - set(wrong) - set(doubtful) - {"Pic de Medecourbe"}
    assert {found[name].verdict for name in rest} == {Verdict.AGREES}


def test_passes_without_a_height_get_ours(test_data):
    """cases/trek/passes-without-height.csv: nothing to judge, yet each has our height with its uncertainty."""
    found = listed(test_data, "passes-without-height", "dem/N42E001.hgt.zip")
    assert {finding.verdict for finding in found.values()} == {Verdict.UNDECIDED}
    known = [finding for finding in found.values() if finding.estimate is not None]
    assert len(known) == len(found)
    assert all(low < f.estimate < high for f in known for low, high in [f.interval])


def test_a_modelled_line_that_is_short_names_no_figure(test_data):
    """cases/trek/modelled-27km.toml: 27 km over a modelled 22.9 km agrees, or the line is not the trail."""
    path = test_data / "cases" / "trek" / "modelled-27km.toml"
    study = study_trek(*load_trek(path), open_dem(test_data / "dem" / "N42E001.hgt.zip"))
    (finding,) = [f for f in study.findings if f.quantity == Quantity.DISTANCE and f.subject == study.trek.id]
    assert finding.verdict in (Verdict.AGREES, Verdict.DOUBTFUL)
    if finding.diagnosis is not None:
        assert finding.diagnosis.likeliest.cause is Cause.LINE
        assert "meant" not in finding.diagnosis.text(Units.METRIC)
