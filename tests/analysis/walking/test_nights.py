"""Nights against the guideline of the Wilderness Medical Society."""

import pytest

from routes.analysis.study import study_trek
from routes.analysis.walking.nights import Ascent, judge_nights, season_notes
from routes.model.figures import SeasonKind, StatedSeason
from routes.model.units import Units
from tests.analytic import AnalyticSource, plane
from tests.builders import day, leg, place, trek


def judged(*heights, u=1.0):
    places = [place(f"camp-{i}") for i, _ in enumerate(heights)]
    return judge_nights(range(1, len(heights) + 1), places, heights, u_height_m=u)


def verdicts(*heights, **more):
    return [night.ascent for night in judged(*heights, **more)]


def test_above_3000_m_500_m_a_night():
    """460 m, then 650 m, which with 100 m more makes over 1000 m without a rest; 500 m to the metre is no verdict."""
    assert verdicts(2500.0, 2990.0, 3450.0, 4100.0, 4200.0) == [
        Ascent.LOW,
        Ascent.LOW,
        Ascent.WITHIN,
        Ascent.ABOVE,
        Ascent.REST_DUE,
    ]
    assert verdicts(3000.0, 3500.0)[1] is Ascent.UNDECIDED
    night = judged(3000.0, 3600.0)[1]
    assert night.reason_in(Units.METRIC) == "600 m higher than the night before, more than 500 m"
    assert night.reason_in(Units.IMPERIAL) == "1,969 ft higher than the night before, more than 1,640 ft"


def test_a_night_without_gain_is_due_after_four_nights_or_1000_m():
    """Five nights of 150 m each; the 3010 m of the first is the night before of the second."""
    steady = [3010.0 + 150.0 * i for i in range(6)]
    assert verdicts(*steady)[1:] == [Ascent.WITHIN] * 4 + [Ascent.REST_DUE]
    assert verdicts(3010.0, 3400.0, 3790.0, 4180.0)[-1] is Ascent.REST_DUE
    assert verdicts(3010.0, 3400.0, 3790.0, 3790.0, 4180.0)[-1] is Ascent.WITHIN
    assert verdicts(3010.0, 3400.0, 3790.0, 3500.0, 3890.0)[-2:] == [Ascent.WITHIN, Ascent.WITHIN]


def test_unknown_heights_are_said_to_be_unknown():
    nights = judged(3100.0, None, 3900.0)
    assert [night.ascent for night in nights] == [Ascent.UNKNOWN] * 3
    assert [night.reason for night in nights] == [
        "the height of the night before is not known",
        "no DEM height there",
        "the height of the night before is not known",
    ]
    assert nights[2].gain_m is None
    nowhere = judge_nights([1], [None], [None], u_height_m=1.0)[0]
    assert nowhere.reason == "the trek file does not say where one sleeps"


def test_a_gain_near_the_limit_is_undecided_within_the_uncertainty_of_both_heights():
    assert verdicts(3100.0, 3615.0, u=10.0)[1] is Ascent.UNDECIDED
    assert verdicts(3100.0, 3630.0, u=10.0)[1] is Ascent.ABOVE


def test_the_same_place_twice_is_no_gain():
    hut = place("hut")
    nights = judge_nights([1, 2], [hut, hut], [3500.0, 3500.0], u_height_m=100.0)
    assert (nights[1].gain_m, nights[1].ascent, nights[1].reason) == (0.0, Ascent.WITHIN, "no gain")


def itinerary(**more):
    places = [place("a", -3000.0), place("b", 0.0), place("c", 3000.0)]
    return trek(
        places, [day(1, leg("a-b", "a", "b"), sleep="b"), day(2, leg("b-c", "b", "c"), sleep="c"),
                 day(3, leg("c-b", "c", "b"))], **more,
    )  # fmt: skip


def test_nights_of_a_study_take_heights_from_the_dem():
    """A plane 10 % up: c lies 300 m above b; the last day ends without a night."""
    study = study_trek(itinerary(), {}, AnalyticSource(plane(3100.0, east=0.1)))
    nights = study.outings[study.default.variant.id].nights
    assert [night.day_number for night in nights] == [1, 2]
    assert nights[1].gain_m == pytest.approx(300.0, abs=0.5)
    assert nights[1].u_gain_m == pytest.approx(2.0**0.5, rel=1e-3)
    assert nights[1].ascent is Ascent.WITHIN
    dry = study_trek(itinerary(), {}, None)
    assert {night.ascent for night in dry.outings[dry.default.variant.id].nights} == {Ascent.UNKNOWN}


def test_seasons_are_read_for_the_hemisphere_and_held_against_a_month():
    best = StatedSeason(kind=SeasonKind.BEST, seasons=("summer",), source="A guide")
    wet = StatedSeason(kind=SeasonKind.WETTEST, months=(12, 1), source="A guide")
    notes = season_notes(itinerary(seasons=(best, wet)), 7)
    assert [(note.months, note.holds) for note in notes] == [((6, 7, 8), True), ((1, 12), False)]
    assert season_notes(itinerary(seasons=(best,)))[0].holds is None
