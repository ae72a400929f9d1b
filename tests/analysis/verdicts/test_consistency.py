"""Stated figures held against one another, without any DEM."""

import pytest

from routes.analysis.verdicts.consistency import check_consistency
from routes.analysis.verdicts.finding import Check, Verdict
from routes.model.figures import StatedSeason, VerticalDatum
from routes.model.units import Units
from tests.builders import day, leg, one_leg_trek, place, stated, trek

A, B = place("a"), place("b", 3000.0)


def findings(check, made):
    return [f for f in check_consistency(made) if f.check is check]


def of_place(check, *figures):
    return findings(check, one_leg_trek([place("a", stated=figures), B]))


def of_leg(check, *figures):
    return findings(check, one_leg_trek([A, B], figures))


@pytest.mark.parametrize(
    ("value", "also", "verdict"),
    [
        ("11,000 ft", "3,000 m", "differs"),  # Cusco: 11,000 ft is 3353 m
        ("4450 m", "14,600 ft", "agrees"),  # 14,600 ft is 4450.1 m
        ("14,271 ft", "4350 m", "agrees"),
        ("2,200 meters", "6,889 feet", "differs"),
        ("11,056 ft", "3,370 m", "agrees"),
    ],
)
def test_two_units_of_one_height(value, also, verdict):
    (finding,) = of_place(Check.UNITS, stated("elevation", value, also=also))
    assert finding.verdict == verdict
    assert finding.statements[0].printed == f"{value} ({also})"
    assert ("one of the two is wrong" in finding.reason_in(Units.METRIC)) == (verdict == "differs")


@pytest.mark.parametrize(
    ("quantity", "value", "also", "verdict"),
    [
        ("distance", "2.5 mi", "4 km", "agrees"),
        ("distance", "34 mi", "55 km", "agrees"),
        ("distance", "2.5 mi", "6 km", "differs"),
        ("duration", "2 h", "120 min", "agrees"),
        ("duration", "2 h", "300 min", "differs"),
    ],
)
def test_two_units_of_a_leg(quantity, value, also, verdict):
    (finding,) = of_leg(Check.UNITS, stated(quantity, value, also=also))
    assert finding.verdict == verdict
    assert finding.name == "A to B"


def test_one_unit_is_held_against_nothing():
    assert of_place(Check.UNITS, stated("elevation", "4450 m")) == []


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("2 h", "3 to 4 h", "differs"),
        ("2 h", "2 to 3 h", "agrees"),
        ("2 h", "2.4 h", "agrees"),
        ("3 to 4 h", "4 to 6 h", "agrees"),
        ("45 min", "2 h", "differs"),
    ],
)
def test_two_durations_of_one_road(first, second, verdict):
    figures = stated("duration", first, "One place"), stated("duration", second, "Another place")
    (finding,) = of_leg(Check.SOURCES, *figures)
    assert finding.verdict == verdict
    assert [claim.source for claim in finding.statements] == ["One place", "Another place"]


def test_unlike_quantities_of_a_leg_are_not_compared():
    assert of_leg(Check.SOURCES, stated("duration", "2 h"), stated("distance", "11 km")) == []


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        # u is 2.9 m (rounding to 10 m) each, with 2 m of datum each: 5.0 m
        ("4450 m", "4450 m", "agrees"),
        ("4450 m", "4460 m", "doubtful"),
        ("4450 m", "4550 m", "differs"),
        ("4450 m", "4400 m", "doubtful"),  # 4400 m is rounded to 100 m: u is 29 m, and 50 m are 1.7 u
        ("4440 m", "4400 m", "agrees"),
        ("4450 m", "14,600 ft", "agrees"),
    ],
)
def test_two_sources_on_one_height(first, second, verdict):
    (finding,) = of_place(
        Check.SOURCES, stated("elevation", first, "One"), stated("elevation", second, "Two")
    )
    assert finding.verdict == verdict


def test_of_many_sources_the_worst_pair_counts():
    printed = (("4450 m", "A"), ("4451 m", "B"), ("4700 m", "C"))
    figures = [stated("elevation", value, source) for value, source in printed]
    (finding,) = of_place(Check.SOURCES, *figures)
    assert finding.verdict is Verdict.DIFFERS
    assert "4450 m (A) and 4700 m (C)" in finding.reason_in(Units.METRIC)
    assert len(finding.statements) == 3


def test_a_shared_datum_makes_a_comparison_sharper():
    """6 m apart, both to the metre: 3.0 u' with 2 m of doubt about each datum, 14 u without."""
    known = {"datum": VerticalDatum.EGM2008, "rounding": 1.0}
    (sharp,) = of_place(
        Check.SOURCES, stated("elevation", "2000 m", **known), stated("elevation", "2006 m", **known)
    )
    (blunt,) = of_place(
        Check.SOURCES,
        stated("elevation", "2000 m", rounding=1.0),
        stated("elevation", "2006 m", rounding=1.0),
    )
    assert sharp.verdict is Verdict.DIFFERS
    assert blunt.verdict is Verdict.DOUBTFUL


def test_a_height_above_the_ellipsoid_does_not_differ_from_one_above_the_sea():
    """The geoid lies some 50 m above the ellipsoid in Andorra: 2050 m and 2000 m may well be one height."""
    (finding,) = of_place(
        Check.SOURCES,
        stated("elevation", "2050 m", datum=VerticalDatum.ELLIPSOID),
        stated("elevation", "2001 m"),
    )
    assert finding.verdict is not Verdict.DIFFERS


@pytest.mark.parametrize("value", ["4400 m", "4201 m", "4399 m"])
def test_a_range_of_heights_is_taken_at_its_word(value):
    """A source that prints 4200 to 4400 m allows every height in between."""
    exact = stated("elevation", value, rounding=1.0)
    (finding,) = of_place(Check.SOURCES, stated("elevation", "4200 to 4400 m"), exact)
    assert finding.verdict is Verdict.AGREES


# ---------------------------------------------------------------------------------------------------------------------
# Maximum, counts, parts
# ---------------------------------------------------------------------------------------------------------------------


def over_a_pass(pass_height, maximum, *, whose="A guide, day 5"):
    col = place("col", 1000.0, kind="pass", stated=(stated("elevation", pass_height, whose),))
    made = one_leg_trek([A, col, B], stated=(stated("max_elevation", maximum, "A guide, fast facts"),))
    return findings(Check.MAXIMUM, made)


@pytest.mark.parametrize(
    ("pass_height", "maximum", "verdict"),
    [
        ("4450 m", "4450 m", "agrees"),
        ("14,600 ft", "4450 m", "agrees"),
        ("4550 m", "4450 m", "differs"),
        ("4200 m", "4450 m", "undecided"),
    ],
)
def test_maximum_against_the_pass_on_the_way(pass_height, maximum, verdict):
    (finding,) = over_a_pass(pass_height, maximum)
    assert finding.verdict == verdict
    assert "the same source" in finding.reason_in(Units.METRIC)
    assert "Col" in finding.reason_in(Units.METRIC)


def test_maximum_against_other_sources_is_a_finding_of_its_own():
    (finding,) = over_a_pass("4550 m", "4450 m", whose="Another guide")
    assert finding.verdict is Verdict.DIFFERS
    assert "other sources" in finding.reason_in(Units.METRIC)


def test_places_off_the_way_do_not_count_for_the_maximum():
    peak = place("peak", 500.0, 500.0, kind="peak", stated=(stated("elevation", "5682 m"),))
    made = trek([A, B, peak], [day(1, leg("a-b", "a", "b"))], stated=(stated("max_elevation", "4450 m"),))
    assert findings(Check.MAXIMUM, made) == []


def two_days_over_passes(*figures):
    places = [
        A,
        place("col-one", 1000.0, kind="pass"),
        B,
        place("col-two", 5000.0, kind="pass"),
        place("c", 6000.0),
    ]
    days = [
        day(1, leg("a-b", "a", "b", via=("col-one",))),
        day(2, leg("b-c", "b", "c", via=("col-two",))),
        day(3, leg("c-a", "c", "a", mode="bus", via=("col-two",))),
    ]
    return findings(Check.COUNT, trek(places, days, stated=figures))


@pytest.mark.parametrize(
    ("quantity", "value", "verdict", "count"),
    [
        ("days", "2 days", "agrees", 2), ("days", "3 days", "differs", 2), ("days", "2 to 3 days", "agrees", 2),
        ("passes", "2", "agrees", 2), ("passes", "3", "differs", 2), ("passes", "1", "differs", 2),
    ],
)  # fmt: skip
def test_counts_of_days_and_passes(quantity, value, verdict, count):
    """Two days are hiked, over two passes; the bus of the third makes no trekking day."""
    (finding,) = two_days_over_passes(stated(quantity, value))
    assert finding.verdict == verdict
    assert finding.estimate == count


def parts(total, *legs):
    places = [place(f"p{i}", 1000.0 * i) for i in range(len(legs) + 1)]
    made = [
        leg(f"l{i}", f"p{i}", f"p{i + 1}", stated=() if value is None else (stated("distance", value),))
        for i, value in enumerate(legs)
    ]
    return findings(Check.PARTS, trek(places, [day(1, *made)], stated=(stated("distance", total),)))


@pytest.mark.parametrize(
    ("total", "legs", "verdict"),
    [
        ("27 km", ("11 km", "16 km"), "agrees"),
        ("28 km", ("11 km", "16 km"), "agrees"),  # 26 to 28 km by rounding
        ("35 km", ("11 km", "16 km"), "differs"),
        ("17 mi", ("11 km", "16 km"), "agrees"),
    ],
)
def test_parts_against_their_total(total, legs, verdict):
    (finding,) = parts(total, *legs)
    assert finding.verdict == verdict


def test_parts_of_which_one_is_unknown_prove_nothing():
    assert parts("35 km", "11 km", None) == []


# ---------------------------------------------------------------------------------------------------------------------
# Seasons
# ---------------------------------------------------------------------------------------------------------------------


def seasons(lat, *stated_seasons):
    places = [place("a", lon=-72.0, lat=lat), place("b", lon=-72.01, lat=lat)]
    return findings(Check.SEASON, one_leg_trek(places, seasons=stated_seasons))


LATE_SPRING = StatedSeason(kind="best", seasons=("late spring", "early autumn"), source="Fast facts")
MAY_SEPTEMBER = StatedSeason(kind="best", months=(5, 9), source="Text")


def test_late_spring_is_not_may_south_of_the_equator():
    (finding,) = seasons(-13.2, LATE_SPRING, MAY_SEPTEMBER)
    assert finding.verdict is Verdict.DIFFERS
    assert "March, November (south of the equator)" in finding.reason_in(Units.METRIC)
    assert "no month in common" in finding.reason_in(Units.METRIC)


def test_late_spring_is_may_north_of_the_equator():
    (finding,) = seasons(42.5, LATE_SPRING, MAY_SEPTEMBER)
    assert finding.verdict is Verdict.AGREES
    assert "south" not in finding.reason_in(Units.METRIC)


def test_best_and_wettest_seasons_are_not_compared():
    wettest = StatedSeason(kind="wettest", months=(12, 1, 2), source="Text")
    assert seasons(-13.2, MAY_SEPTEMBER, wettest) == []


def test_a_trek_that_states_nothing_has_no_findings():
    assert check_consistency(one_leg_trek([A, B])) == []
