"""Plans on flat ground, on ramps, and where figures are unknown."""

import pytest

from routes.analysis.planning.plan import Limits, nights_of_plan, plan_variant
from routes.analysis.study import study_trek
from routes.analysis.walking.time import leg_effort
from routes.errors import ModelError
from routes.model.effort import EffortParameters, Method
from routes.model.trek import Variant
from routes.model.units import Units
from tests.analytic import AnalyticSource, plane, sine_hills
from tests.builders import day, leg, line_m, place, trek

FLAT = AnalyticSource(plane(2000.0))
KM = [0.0, 4.0, 7.0, 10.0, 16.0, 20.0]
KINDS = ["trailhead", "camp", "lake", "village", "hotel", "trailhead"]


def places_every(km=KM, kinds=KINDS, **more):
    return [
        place(f"p{i}", 1000.0 * east - 10_000.0, kind=kind, **more)
        for i, (east, kind) in enumerate(zip(km, kinds, strict=True))
    ]


def planned(
    limits, source=FLAT, *, legs=None, line=True, places=None, parameters=None, sleep_at=(), days=None
):
    """One leg of 20 km from p0 to p5 by way of the others, or as `legs` says."""
    places = places or places_every()
    ids = [p.id for p in places]
    legs = legs or [leg("all", ids[0], ids[-1], via=tuple(ids[1:-1]))]
    at = {p.id: (p.lon, p.lat) for p in places}
    made = trek(places, days or [day(1, *legs)])
    lines = {}
    for _, found in made.legs():
        ends = [((at[i][0] - 1.5) * 82_250.0, 0.0) for i in found.stops]
        if line:
            lines[found.id] = line_m(*ends)
    study = study_trek(made, lines, source)
    return plan_variant(study, study.default, limits, parameters, sleep_at=sleep_at)


def ends(plan):
    return [found.end.id for found in plan.days]


def test_nights_fall_where_one_can_sleep_and_days_are_few_and_even():
    """20 km with places to sleep at 4, 10 and 16 km: two days of 10 km; of 12 km at most, still two."""
    plan = planned(Limits(length_m=12_000.0))
    assert ends(plan) == ["p3", "p5"]
    assert [found.length_m.value for found in plan.days] == pytest.approx([10_000.0, 10_000.0], rel=5e-3)
    assert [found.night.id if found.night else None for found in plan.days] == ["p3", None]
    assert plan.keeps_limits
    for units, cut in (
        (Units.METRIC, "after 10.0 km of 20.0 km;"),
        (Units.IMPERIAL, "after 6.2 mi of 12.4 mi;"),
    ):
        assert any(f"Leg all is cut at P3, {cut}" in note for note in plan.notes_in(units))


def test_a_lake_is_no_bed_unless_the_walker_says_so():
    """At most 9 km a day: 4, 6, 6, 4 from bed to bed; with a night at the lake at 7 km, 7, 9 and 4."""
    assert ends(planned(Limits(length_m=9_100.0))) == ["p1", "p3", "p4", "p5"]
    assert ends(planned(Limits(length_m=9_100.0), sleep_at=("p2",))) == ["p2", "p4", "p5"]
    with pytest.raises(ModelError, match="'nowhere' is no place on the walk of test; those are: p0, p1"):
        planned(Limits(length_m=6_000.0), sleep_at=("nowhere",))


def test_the_stretch_to_blame_is_a_day_of_its_own():
    plan = planned(Limits(length_m=5_000.0))
    assert ends(plan) == ["p1", "p3", "p4", "p5"]
    assert [found.over for found in plan.days] == [(), ("length",), ("length",), ()]
    assert not plan.keeps_limits


def test_limits_of_hours_and_ascent():
    """Up 10 % evenly: 2000 m and, by Naismith, 0.32 h a km (12 min and 10 m a minute: 22 min a km)."""
    ramp = AnalyticSource(plane(2500.0, east=0.1))
    naismith = EffortParameters(method=Method.NAISMITH)
    plan = planned(Limits(time_s=22.0 * 60.0 * 10.2), ramp, parameters=naismith)
    assert ends(plan) == ["p3", "p5"]
    assert plan.days[0].time_s.value / 60.0 == pytest.approx(220.0, rel=0.01)
    plan = planned(Limits(ascent_m=650.0), ramp, parameters=naismith)
    assert ends(plan) == ["p1", "p3", "p4", "p5"]
    assert plan.days[1].ascent_m.value == pytest.approx(600.0, rel=0.02)
    assert [found.high_m for found in plan.days] == pytest.approx([1900.0, 2500.0, 3100.0, 3500.0], abs=5.0)


def test_days_add_up_to_the_leg():
    hills = AnalyticSource(sine_hills())
    plan = planned(Limits(length_m=6_100.0), hills)
    whole = plan.variant.legs[0]
    assert sum(found.ascent_m.value for found in plan.days) == pytest.approx(whole.ascent_m.value)
    assert sum(found.descent_m.p90 for found in plan.days) == pytest.approx(whole.descent_m.p90)
    time = leg_effort(whole).times_s[Method.CAMPBELL]
    assert sum(found.time_s.value for found in plan.days) == pytest.approx(time.value)


def test_days_run_over_legs():
    """A place where nobody sleeps between two legs (the lake at 7 km) does not end a day."""
    legs = [leg("one", "p0", "p2", via=("p1",)), leg("two", "p2", "p5", via=("p3", "p4"))]
    plan = planned(Limits(length_m=12_000.0), legs=legs)
    assert ends(plan) == ["p3", "p5"]
    assert [part.leg.leg.id for part in plan.days[0].parts] == ["one", "two"]
    assert [part.is_whole for part in plan.days[0].parts] == [True, False]
    one_day = planned(Limits(length_m=25_000.0), legs=legs).days[0]
    assert [part.is_whole for part in one_day.parts] == [True, True]
    assert one_day.length_m.value == pytest.approx(20_000.0, rel=5e-3)


def test_a_ride_parts_the_walk():
    places = [*places_every(), place("far", 0.0, 9_000.0), place("end", 5_000.0, 9_000.0)]
    legs = [leg("one", "p0", "p3"), leg("ride", "p3", "far", mode="bus"), leg("town", "far", "end")]
    made = trek(places, [day(1, *legs)])
    study = study_trek(made, {}, None)
    plan = plan_variant(study, study.default, Limits(length_m=50_000.0))
    assert [(found.start.id, found.end.id) for found in plan.days] == [("p0", "p3"), ("far", "end")]
    assert plan.rides == (1,)
    assert [found.night for found in plan.days][1].id == "end", "a village"
    assert any("2 runs" in note for note in plan.notes_in(Units.METRIC))


def test_after_a_ride_one_sleeps_where_the_trek_file_says():
    places = [*places_every(), place("hotel", 0.0, 9_000.0, kind="hotel"), place("end", 5_000.0, 9_000.0)]
    days = [
        day(1, leg("one", "p0", "p2"), leg("ride", "p2", "hotel", mode="bus"), sleep="hotel"),
        day(2, leg("two", "hotel", "end")),
    ]
    study = study_trek(trek(places, days), {}, FLAT)
    plan = plan_variant(study, study.default, Limits(length_m=50_000.0))
    assert [(found.end.id, found.night.id) for found in plan.days] == [("p2", "hotel"), ("end", "end")]
    nights = nights_of_plan(study, plan)
    assert [night.place.id for night in nights] == ["hotel", "end"]
    assert nights[1].height_m == pytest.approx(2000.0)


def test_what_is_unknown_is_not_judged():
    plan = planned(Limits(length_m=12_000.0, time_s=3600.0), None)
    assert ends(plan) == ["p3", "p5"]
    assert {found.unjudged for found in plan.days} == {("time",)}
    assert plan.days[0].time_s is None
    assert plan.days[0].high_m is None
    assert not plan.keeps_limits
    plan = planned(Limits(length_m=12_000.0), None, line=False)
    assert {found.unjudged for found in plan.days} == {("length",)}
    assert plan.days[0].is_lower_bound


def test_a_place_far_from_the_line_does_not_part_it():
    far = places_every()
    far[3] = place("p3", 0.0, 900.0, kind="village")
    near = list(far)
    near[3] = place("p3", 0.0, 900.0, kind="village", uncertainty_m=500.0)
    for places, expected in ((far, ["p1", "p4", "p5"]), (near, ["p3", "p5"])):
        ids = [p.id for p in places]
        made = trek(places, [day(1, leg("all", ids[0], ids[-1], via=tuple(ids[1:-1])))])
        study = study_trek(made, {"all": line_m((-10_000.0, 0.0), (10_000.0, 0.0))}, FLAT)
        assert ends(plan_variant(study, study.default, Limits(length_m=12_500.0))) == expected


def test_a_leg_of_no_length_and_two_beds_at_one_spot_do_no_harm():
    beds = [place("x", 3000.0, kind="camp"), place("y", 3000.0, kind="hotel")]
    places = [place("a"), place("twin"), *beds, place("b", 6000.0)]
    made = trek(places, [day(1, leg("none", "a", "twin"), leg("way", "twin", "b", via=("x", "y")))])
    for source in (None, FLAT):
        study = study_trek(made, {"way": line_m((0.0, 0.0), (6000.0, 0.0))}, source)
        plan = plan_variant(study, study.default, Limits(length_m=3500.0))
        assert ends(plan) == ["y", "b"]
        assert sum(found.length_m.value for found in plan.days) == pytest.approx(6000.0, rel=1e-3)
    only = trek(places[:2], [day(1, leg("none", "a", "twin"))])
    study = study_trek(only, {}, None)
    assert ends(plan_variant(study, study.default, Limits(length_m=1.0))) == ["twin"]


def test_limits_are_needed_and_positive_and_something_must_be_hiked():
    with pytest.raises(ModelError, match="needs a limit"):
        Limits()
    with pytest.raises(ModelError, match="more than 0"):
        Limits(length_m=0.0)
    made = trek([place("a"), place("b", 500.0)], [day(1, leg("a-b", "a", "b", mode="walk"))])
    study = study_trek(made, {}, None)
    with pytest.raises(ModelError, match="no hike to plan"):
        plan_variant(study, study.default, Limits(length_m=1.0))


def test_a_variant_is_planned_in_its_own_order():
    legs = [leg("one", "p0", "p3"), leg("two", "p3", "p5")]
    made = trek(
        places_every(),
        [day(1, legs[0]), day(2, legs[1])],
        variants=(Variant(id="late", name="Late", days=(2,)),),
    )
    study = study_trek(made, {}, None)
    plan = plan_variant(study, study.default, Limits(length_m=50_000.0))
    assert [(found.start.id, found.end.id) for found in plan.days] == [("p3", "p5")]
