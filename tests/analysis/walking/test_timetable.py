"""Arrival at the places of a day."""

import numpy as np
import pytest

from routes.analysis.study import study_trek
from routes.analysis.walking.timetable import end_of_walk, timetable
from routes.model.effort import PEOPLE, EffortParameters, Method
from tests.analytic import AnalyticSource, plane
from tests.builders import day, leg, line_m, place, stated, trek

FLAT = AnalyticSource(plane(2000.0))
NAISMITH = EffortParameters(method=Method.NAISMITH, break_min_per_hour=10.0)
LINES = {
    "a-c": line_m((-5000.0, 0.0), (0.0, 0.0), (5000.0, 0.0)),
    "d-e": line_m((0.0, 9000.0), (5000.0, 9000.0)),
}


def arrivals(*legs, parameters=NAISMITH, transfer=False):
    places = [
        place("a", -5000.0), place("b", 0.0), place("c", 5000.0), place("d", 0.0, 9000.0), place("e", 5000.0, 9000.0)
    ]  # fmt: skip
    made = trek(places, [day(1, *legs, transfer=transfer)])
    study = study_trek(
        made,
        {k: v for k, v in LINES.items() if k in [x.id for x in legs]},
        FLAT,
        effort_parameters=parameters,
    )
    return timetable(made, study.days[0], break_min_per_hour=parameters.break_min_per_hour)


WALK = leg("a-c", "a", "c", via=("b",))


def hours(found):
    return [None if arrival.after_s is None else arrival.after_s.value / 3600.0 for arrival in found]


def test_five_kilometres_take_an_hour_and_ten_minutes_of_breaks():
    found = arrivals(WALK)
    assert [arrival.place.id for arrival in found] == ["a", "b", "c"]
    assert hours(found) == pytest.approx([0.0, 7 / 6, 14 / 6], rel=5e-3)
    assert end_of_walk(found).place.id == "c"
    without = EffortParameters(method=Method.NAISMITH, break_min_per_hour=0.0)
    assert hours(arrivals(WALK, parameters=without)) == pytest.approx([0.0, 1.0, 2.0], rel=5e-3)


def test_the_clock_starts_with_the_walk_not_with_the_ride_before_it():
    found = arrivals(leg("ride", "d", "a", mode="bus"), WALK)
    assert [arrival.place.id for arrival in found] == ["a", "b", "c"]


def test_a_ride_takes_the_time_that_is_stated_for_it():
    ride = leg("ride", "c", "d", mode="bus", stated=(stated("duration", "2 to 3 h"),))
    found = arrivals(WALK, ride, leg("d-e", "d", "e"))
    assert hours(found)[3:] == pytest.approx([14 / 6 + 2.5, 14 / 6 + 2.5 + 7 / 6], rel=5e-3)
    last = found[-1].after_s
    # an hour of the ride, and how people differ on walks of 14 and 7 tenths of an hour
    walks = (14 / 6 + 7 / 6) * 2.0 * np.sinh(1.28155 * PEOPLE)
    assert (last.p90 - last.p10) / 3600.0 == pytest.approx(1.0 + walks, abs=0.1)
    assert end_of_walk(found).place.id == "e"


def test_after_a_stretch_of_unknown_time_arrivals_are_unknown():
    found = arrivals(WALK, leg("ride", "c", "d", mode="bus"), leg("d-e", "d", "e"))
    assert hours(found)[3:] == [None, None]
    assert found[-1].missing == "nobody states how long the bus takes"
    gap = arrivals(WALK, leg("d-e", "d", "e"), transfer=True)
    assert gap[-1].missing == "the way there is not described"


def test_a_day_without_a_walk_has_no_timetable():
    assert arrivals(leg("ride", "a", "c", mode="bus")) == ()
    assert end_of_walk(()) is None
