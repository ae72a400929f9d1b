"""Walking time of legs and days on terrain of known form."""

import dataclasses

import numpy as np
import pytest

from routes.analysis.figures.legs import study_leg, total_effort
from routes.analysis.figures.modelled_lines import LEAST_TIME
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.tracing.terrain import schematic_line
from routes.analysis.walking.time import leg_effort, timed_leg
from routes.errors import ModelError
from routes.kernel.effort import campbell_s, din_33466_s, munter_s
from routes.kernel.slowdown import altitude_slowdown, pack_slowdown
from routes.model.effort import PEOPLE, EffortParameters, Method
from routes.model.estimate import Estimate
from routes.model.track import Line
from routes.model.trek import Provenance
from tests.analytic import AnalyticSource, plane, sine_hills
from tests.builders import day, leg, line_m, place, trek

LINE = line_m((-3000.0, 0.0), (3000.0, 0.0))
UP_10 = AnalyticSource(plane(2000.0, east=0.1))
PARTS = (
    line_m((-3000.0, 0.0), (-1000.0, 0.0)).segments[0],
    line_m((1000.0, 0.0), (3000.0, 0.0)).segments[0],
)


def study(source, line=LINE, mode="hike"):
    made = trek([place("a", -3000.0), place("b", 3000.0)], [day(1, leg("a-b", "a", "b", mode=mode))])
    line = line or schematic_line(made, made.days[0].legs[0])
    return study_leg(
        made, made.days[0], made.days[0].legs[0], line, source=source, parameters=ProfileParameters()
    )


def minutes(effort, method):
    return effort.times_s[method].value / 60.0


def test_a_ramp_takes_what_the_formulas_say():
    """6 km up at 10 %: 600 m. Swiss polynomial: 20.00 min/km there (sum of its coefficients)."""
    found = leg_effort(study(UP_10))
    assert minutes(found, Method.SWISS) == pytest.approx(6.0 * 19.9957, rel=1e-3)
    thin = float(altitude_slowdown(np.linspace(1700.0, 2300.0, 1000)).mean())
    walkers = campbell_s([0.0, 6000.0], [0.0, 600.0])[-1] / 60.0
    assert minutes(found, Method.CAMPBELL) == pytest.approx(thin * walkers, rel=1e-3)
    assert minutes(found, Method.NAISMITH) == pytest.approx(72.0 + 60.0, rel=1e-3)
    assert minutes(found, Method.TOBLER) == pytest.approx(60.0 * 6.0 / (6.0 * np.exp(-3.5 * 0.15)), rel=1e-3)
    assert minutes(found, Method.DIN) == pytest.approx(din_33466_s(6000.0, 600.0, 0.0) / 60.0, rel=1e-3)
    assert minutes(found, Method.MUNTER) == pytest.approx(munter_s(6000.0, 600.0, 0.0, 0.0) / 60.0, rel=1e-3)


def test_pace_pack_and_altitude_are_factors():
    plain = leg_effort(study(UP_10), EffortParameters(is_slower_at_altitude=False))
    changed = EffortParameters(pace=1.2, pack_kg=15.0, is_slower_at_altitude=True)
    other = leg_effort(study(UP_10), changed)
    factor = 1.2 * pack_slowdown(15.0) * float(altitude_slowdown(np.linspace(1700.0, 2300.0, 1000)).mean())
    for method in Method:
        ratio = other.times_s[method].value / plain.times_s[method].value
        assert ratio == pytest.approx(factor, rel=1e-3), method


def test_only_campbells_walkers_are_slower_in_thin_air_unless_one_says_so():
    usual = leg_effort(study(UP_10)).times_s
    never, always = (
        leg_effort(study(UP_10), EffortParameters(is_slower_at_altitude=thin)).times_s
        for thin in (False, True)
    )
    for method in Method:
        expected = always if method is Method.CAMPBELL else never
        assert usual[method].value == expected[method].value
        assert always[method].value > never[method].value


def test_the_range_is_that_of_people_and_of_length_and_climb():
    found = study(UP_10)
    wide = dataclasses.replace(
        found,
        length_m=Estimate(6000.0, 6000.0, 7200.0, "made"),
        ascent_m=Estimate(600.0, 540.0, 720.0, "made"),
        descent_m=Estimate(0.0, 0.0, 0.0, "made"),
    )
    people = 1.28155 * PEOPLE
    for method, low, value, high in (
        (Method.NAISMITH, 72.0 + 54.0, 72.0 + 60.0, 86.4 + 72.0),
        (
            Method.DIN,
            *(din_33466_s(*end, 0.0) for end in ((6000.0, 540.0), (6000.0, 600.0), (7200.0, 720.0))),
        ),
    ):
        time = leg_effort(wide).times_s[method]
        assert np.log(time.value / time.p10) == pytest.approx(np.hypot(people, np.log(value / low)), rel=2e-3)
        assert np.log(time.p90 / time.value) == pytest.approx(
            np.hypot(people, np.log(high / value)), rel=2e-3
        )
    assert "how differently people walk" in time.basis


def test_a_modelled_line_takes_the_time_of_the_trail_it_stands_for():
    """6 km up at 10 %, longer and higher as its trail: 5 km and 600 m an hour each by Naismith."""
    found = study(UP_10, Line(LINE.segments, Provenance.MODELLED, "least-time path", 300.0))
    times = leg_effort(found).times_s
    length = 6000.0 * LEAST_TIME.base_factor * 4.0**0.08
    climb = 600.0 + 0.06 * 2.0 * 300.0
    assert found.ascent_m.value == pytest.approx(climb, rel=1e-3)
    # what is lost again on the way up falls too gently to count by Langmuir
    took = times[Method.NAISMITH].value / 60.0
    assert took == pytest.approx(length * 60.0 / 5000.0 + climb * 60.0 / 600.0, rel=1e-3)
    for method in Method:
        assert times[method].p10 < times[method].value < times[method].p90, method
    way = timed_leg(found).way
    assert way.time_s[-1] == pytest.approx(times[Method.CAMPBELL].value)


def test_value_lies_within_its_interval_for_every_method_over_hills():
    found = leg_effort(study(AnalyticSource(sine_hills())))
    for method, time in found.times_s.items():
        assert time.p10 <= time.value <= time.p90, method


@pytest.mark.parametrize(
    ("source", "line", "mode", "reason"),
    [
        (None, LINE, "hike", "no DEM"),
        (UP_10, None, "hike", "straight lines"),
        (UP_10, LINE, "bus", "not on foot"),
        (AnalyticSource(plane(), void=lambda x, _: np.abs(x) < 500.0), LINE, "hike", ""),
    ],
)
def test_no_time_where_it_cannot_be_told(source, line, mode, reason):
    found = leg_effort(study(source, line, mode))
    assert not found.times_s
    assert found.missing
    assert reason in found.missing
    assert found.time_s is None
    assert timed_leg(study(source, line, mode)).way is None


def test_a_day_is_the_sum_of_its_legs_and_unknown_if_one_is():
    known, bus, unknown = (
        timed_leg(found) for found in (study(UP_10), study(UP_10, mode="bus"), study(None))
    )
    one, two = known.effort.times_s[Method.DIN], total_effort([known, bus, known]).times_s[Method.DIN]
    assert (two.value, two.p90) == pytest.approx((2.0 * one.value, 2.0 * one.p90))
    assert total_effort([known, unknown]).missing == "no DEM"
    assert total_effort([bus]).missing == "nothing on foot"


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("line", [LINE, Line(PARTS, Provenance.RECORDED, "GPS")])
def test_a_way_adds_up_to_the_leg(method, line):
    """With a gap too: its two ends are samples of their own, and nothing is walked between them."""
    parameters = EffortParameters(method=method, pace=1.1, is_slower_at_altitude=True)
    found = study(AnalyticSource(sine_hills()), line)
    way = timed_leg(found, parameters).way
    assert way.time_s[0] == 0.0
    assert way.time_s[-1] == pytest.approx(leg_effort(found, parameters).times_s[method].value)
    assert way.distance_m[-1] == pytest.approx(found.length_m.value)
    assert (np.diff(way.time_s) >= 0.0).all()
    assert {len(a) for a in (way.lon_deg, way.lat_deg, way.rise_m, way.fall_m, way.time_s)} == {
        sum(p.distance_m.size for p in found.profiles)
    }
    still = np.flatnonzero(np.diff(way.distance_m) == 0.0)
    gaps = [found.profiles[0].distance_m.size - 1] if len(found.profiles) > 1 else []
    assert still.tolist() == gaps


def test_on_a_ramp_time_grows_evenly():
    way = timed_leg(study(UP_10), EffortParameters(method=Method.MUNTER)).way
    assert way.time_s / way.time_s[-1] == pytest.approx(way.distance_m / way.distance_m[-1], abs=1e-3)


@pytest.mark.parametrize("bad", [{"pace": 0.0}, {"pack_kg": -1.0}, {"body_kg": float("nan")}, {"pace": 9.0}])
def test_parameters_out_of_range_are_refused(bad):
    with pytest.raises(ModelError, match=f"{next(iter(bad))} must be within"):
        EffortParameters(**bad)
