"""Diagnosis: planted causes are named, probabilities are probabilities, and the gazetteer finds like-named places."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate
from scipy.stats import norm

from routes.analysis.study import study_trek
from routes.analysis.verdicts.causes import Cause, Clues
from routes.analysis.verdicts.diagnose import diagnose, diagnosed, which_unit
from routes.analysis.verdicts.finding import Check, Verdict
from routes.analysis.verdicts.gazetteer import gazetteer_of, similarity
from routes.analysis.verdicts.likelihoods import Normal
from routes.errors import ModelError
from routes.model.figures import Quantity, VerticalDatum
from routes.model.measure import Measure
from routes.model.statement import statements_on_place
from routes.model.units import Units
from tests.analytic import AnalyticSource, plane
from tests.builders import one_leg_trek, place, stated

FLAT = AnalyticSource(plane(2438.0))


def cause_of(printed, estimate=2438.0, u=10.0, **clues):
    return diagnose(Measure.parse(printed), estimate, u, Clues(**clues)).likeliest.cause


@pytest.mark.parametrize(
    ("printed", "estimate", "cause"),
    [
        ("7999 m", 2438.0, Cause.FEET_AS_METRES),  # 2438 m is 7999 ft
        ("8,000 m", 2440.0, Cause.FEET_AS_METRES),
        ("2438 ft", 2441.0, Cause.METRES_AS_FEET),
        ("4238 m", 2438.0, Cause.TRANSPOSED),
        ("2348 m", 2438.0, Cause.TRANSPOSED),
        ("3438 m", 2438.0, Cause.WRONG_DIGIT),
        ("2400 m", 2480.0, Cause.ROUNDED),
        ("2438 m", 2439.0, Cause.CHANCE),
        ("3171 m", 2438.0, Cause.NONE),
    ],
)
def test_planted_causes_are_named(printed, estimate, cause):
    assert cause_of(printed, estimate) is cause


def test_miles_for_kilometres():
    found = diagnose(Measure.parse("10.0 km"), 16093.0, 200.0, Clues(quantity=Quantity.DISTANCE))
    assert found.likeliest.cause is Cause.MILES_AS_KILOMETRES
    assert "10.0 mi is 16.1 km" in found.text(Units.METRIC)
    assert not found.untested  # a distance has no geoid


def test_an_ellipsoidal_height_needs_the_undulation():
    assert cause_of("2490 m", undulation_m=51.0) is Cause.ELLIPSOIDAL
    found = diagnose(Measure.parse("2490 m"), 2438.0, 10.0)
    assert Cause.ELLIPSOIDAL not in {likely.cause for likely in found.causes}
    assert "us_nga_egm96_15.tif" in found.untested[0]
    assert cause_of("2490 m", undulation_m=-30.0) is not Cause.ELLIPSOIDAL


def test_the_other_unit_of_a_statement_is_right_where_it_fits():
    assert cause_of("2790 m", second=Measure.parse("8,000 ft")) is Cause.OTHER_UNIT
    assert cause_of("2790 m", second=Measure.parse("8,900 ft")) is not Cause.OTHER_UNIT


@pytest.mark.parametrize(("estimate", "fits"), [(3340.0, "11,000 ft fits"), (3005.0, "3,000 m fits")])
def test_which_of_two_units_the_dem_supports(estimate, fits):
    assert fits in which_unit(Measure.parse("11,000 ft"), Measure.parse("3,000 m"), estimate, 15.0).text(
        Units.METRIC
    )


def test_neither_unit_fits():
    found = which_unit(Measure.parse("11,056 ft"), Measure.parse("3,000 m"), 4000.0, 15.0)
    assert found.likeliest.cause is Cause.NONE


@given(
    st.integers(1, 8999),
    st.sampled_from(["m", "ft"]),
    st.floats(-400.0, 8900.0),
    st.floats(0.5, 80.0),
    st.none() | st.floats(-107.0, 86.0),
)
def test_probabilities_add_up_and_are_in_order(number, unit, estimate, u, undulation):
    found = diagnose(Measure.parse(f"{number} {unit}"), estimate, u, Clues(undulation_m=undulation))
    chances = [likely.probability for likely in found.causes]
    assert sum(chances) == pytest.approx(1.0)
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert chances == sorted(chances, reverse=True)
    assert len({likely.cause for likely in found.causes}) == len(chances)
    assert {Cause.NONE, Cause.CHANCE} <= {likely.cause for likely in found.causes}


@given(st.integers(1000, 2700), st.floats(3.0, 30.0))
def test_feet_for_metres_are_named_whatever_the_height(height_m, u):
    """The printed figure is three times the height: few other causes reach as far."""
    feet = round(height_m / 0.3048)
    found = diagnose(Measure.parse(f"{feet} m"), float(height_m), u)
    assert found.likeliest.cause in (Cause.FEET_AS_METRES, Cause.TRANSPOSED)
    chances = {likely.cause: likely.probability for likely in found.causes}
    assert chances[Cause.FEET_AS_METRES] > chances[Cause.NONE]


@given(st.floats(-3.0, 6.0), st.floats(0.01, 3.0), st.floats(1.0, 50.0))
def test_mass_of_an_interval_is_that_of_the_normal_distribution(start, width, u):
    low, high = 2000.0 + start * u, 2000.0 + (start + width) * u
    expected = norm.sf(low, 2000.0, u) - norm.sf(high, 2000.0, u)
    assert Normal(2000.0, u).mass(low, high) == pytest.approx(expected, rel=1e-6)


def test_an_error_of_unknown_size_is_a_distribution():
    """Its density integrates to one within the largest error (5000 m), and is that of 1/error beyond u."""
    ours = Normal(2000.0, 10.0)
    assert ours.gross(-3000.0, 7000.0) == pytest.approx(1.0)
    density = lambda z: 1.0 / (2.0 * math.asinh(500.0) * math.hypot(z, 1.0))  # noqa: E731 - a formula
    area, _ = integrate.quad(density, 4.5, 5.5)
    assert ours.gross(2045.0, 2055.0) == pytest.approx(area)


def test_estimates_are_checked():
    with pytest.raises(ModelError, match="positive uncertainty"):
        diagnose(Measure.parse("2438 m"), 2438.0, 0.0)


# Gazetteer and findings


def test_names_are_alike_without_accents_and_case():
    assert similarity(["port de rat"], ["port de rat"]) == 1.0
    assert similarity(["huchayccasa"], ["huchuyccasa"]) > 0.8
    assert similarity(["lares"], ["ollantaytambo"]) == 0.0


def trek_with(*places):
    return one_leg_trek(list(places))


def test_gazetteer_knows_like_named_places_and_the_next_of_the_kind():
    trek = trek_with(
        place("a", -3000.0, kind="pass", name="Ipsaycocha", stated=(stated("elevation", "4450 m"),)),
        place("b", -2000.0, kind="village", name="Lares", stated=(stated("elevation", "3700 m"),)),
        place("c", -1000.0, kind="pass", name="Huchayccasa", stated=(stated("elevation", "4400 m"),)),
        place("d", 0.0, kind="pass", name="Abra Malaga", stated=(stated("elevation", "4316 m"),)),
        place("e", 1000.0, kind="camp", name="Ipsaycocha camp", stated=(stated("elevation", "4300 m"),)),
        place(
            "f",
            2000.0,
            kind="pass",
            name="X",
            stated=(stated("elevation", "30 m", datum=VerticalDatum.ELLIPSOID),),
        ),
    )
    others = {other.name for other in gazetteer_of(trek).others("a")}
    assert others == {
        "Huchayccasa",
        "Ipsaycocha camp",
    }  # not the village between, nor the pass after the next
    assert (
        gazetteer_of(trek, statements_on_place(trek.place("c"))).others("a")
        == gazetteer_of(trek).others("a")[1:]
    )


def test_the_height_of_the_next_pass_is_recognised():
    trek = trek_with(
        place("a", 0.0, kind="pass", name="Port Dret", stated=(stated("elevation", "2617 m"),)),
        place("b", 500.0, kind="pass", name="Coll Blanc", stated=(stated("elevation", "2617 m"),)),
    )
    ends = AnalyticSource(lambda x, _: np.where(np.asarray(x) > 250.0, 2617.0, 2438.0))
    (first, *_) = study_trek(trek, {}, ends).findings
    assert first.verdict is Verdict.DIFFERS
    assert first.diagnosis.likeliest.cause is Cause.OTHER_PLACE
    assert "Coll Blanc has 2617 m" in first.told_in(Units.METRIC)
    (first, *_) = study_trek(trek, {}, FLAT).findings  # where it is wrong there, too, it explains nothing
    assert Cause.OTHER_PLACE not in {likely.cause for likely in first.diagnosis.causes}


def test_findings_that_agree_have_no_diagnosis_and_the_units_say_which_is_right():
    figure = stated("elevation", "2438 m", also="9,200 ft")
    trek = trek_with(place("a", stated=(figure, stated("elevation", "2440 m"))), place("b", 500.0))
    study = study_trek(trek, {}, FLAT)
    by_check = {(f.check, f.statements[0].printed): f for f in study.findings}
    assert by_check[Check.DEM, "2438 m"].diagnosis is None
    assert by_check[Check.DEM, "9,200 ft"].diagnosis.likeliest.cause is Cause.OTHER_UNIT
    units = by_check[Check.UNITS, "2438 m (9,200 ft)"]
    assert "2438 m fits, 9,200 ft does not" in units.told_in(Units.METRIC)
    assert any("was not weighed" in note for note in study.notes)


def test_without_a_dem_nothing_is_diagnosed():
    trek = trek_with(place("a", stated=(stated("elevation", "7999 m"),)), place("b", 500.0))
    findings = study_trek(trek, {}).findings
    assert all(finding.diagnosis is None for finding in diagnosed(trek, findings))
