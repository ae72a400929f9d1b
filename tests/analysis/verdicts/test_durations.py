"""Stated durations: walked legs against five methods, everything else undecided."""

import math

import numpy as np
import pytest

from routes.analysis.study import study_trek
from routes.analysis.verdicts.durations import REST_RATIO
from routes.analysis.verdicts.finding import Check, Verdict
from routes.analysis.verdicts.lines import check_route
from routes.kernel.effort import pace_spread
from tests.analytic import AnalyticSource, plane
from tests.builders import day, leg, line_m, one_leg_trek, place, stated, trek

LEVEL_10_KM_H = (14.271 * 10.0 / 60.0, 2.0, 10.0 / (6.0 * math.exp(-0.175)), 2.5, 10.0 / 6.0)
"""Hours for ten level kilometres: Swiss signposts, Naismith, Tobler, DIN 33466, Munter."""

LINE = {"a-b": line_m((-5000.0, 0.0), (5000.0, 0.0))}
SOURCE = AnalyticSource(plane())


def found(value, *, source=SOURCE, lines=LINE, **more):
    places = [place("a", -5000.0), place("b", 5000.0)]
    study = study_trek(one_leg_trek(places, [stated("duration", value, **more)]), lines, source)
    (finding,) = [f for f in study.findings if f.quantity == "duration"]
    return finding


def test_the_estimate_is_the_middle_of_five_methods_and_of_the_rests():
    finding = found("3 h")
    mean = math.exp(np.log(LEVEL_10_KM_H).mean())
    # the ascent that noise makes of a plane adds less than 2 %
    assert finding.estimate == pytest.approx(mean * math.sqrt(REST_RATIO), rel=0.02)
    assert (finding.check, finding.unit) == (Check.LINE, "h")
    assert finding.budget["methods"] / finding.estimate == pytest.approx(
        np.log(LEVEL_10_KM_H).std(ddof=1), rel=0.1
    )
    assert finding.u == pytest.approx(math.hypot(*finding.budget.values()))
    assert set(finding.terms) == set(finding.budget)
    assert "rests" in str(finding.reason)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("2 h", Verdict.AGREES),  # moving
        ("4 h", Verdict.AGREES),  # with all rests of a day
        ("2 to 3 h", Verdict.AGREES),
        ("20 min", Verdict.DIFFERS),  # ten kilometres at 30 km/h
        ("30 h", Verdict.DIFFERS),
        ("0 h", Verdict.DIFFERS),
    ],
)
def test_a_walk_of_ten_level_kilometres(value, verdict):
    assert found(value).verdict is verdict


def test_a_coarser_figure_has_more_doubt():
    coarse, fine = found("4 h"), found("4 h", rounding=0.25)
    assert coarse.budget["rounding"] == pytest.approx(1.0 / math.sqrt(12.0))
    assert fine.budget["rounding"] == pytest.approx(0.25 / math.sqrt(12.0))
    assert fine.u < coarse.u


def test_without_heights_or_a_line_nothing_is_said():
    assert found("2 h", source=None).verdict is Verdict.UNDECIDED
    missing = found("2 h", lines={}, source=None)
    assert missing.verdict is Verdict.UNDECIDED
    assert str(missing.reason).startswith("It cannot be told: ")


@pytest.mark.parametrize("mode", ["bus", "car", "train", "flight"])
def test_what_is_not_walked_is_undecided_and_only_compared(mode):
    ride = leg("a-b", "a", "b", mode=mode, stated=(stated("duration", "2 h"), stated("duration", "5 h", "B")))
    made = trek([place("a", -5000.0), place("b", 5000.0)], [day(1, ride)])
    findings = [f for f in study_trek(made, {}, SOURCE).findings if f.quantity == "duration"]
    by_line = [f for f in findings if f.check is Check.LINE]
    assert [f.verdict for f in by_line] == [Verdict.UNDECIDED] * 2
    assert all(f"by {mode} is not modelled" in str(f.reason) for f in by_line)
    (together,) = [f for f in findings if f.check is Check.SOURCES]
    assert together.verdict is Verdict.DIFFERS


def test_a_trek_is_judged_by_all_its_hikes_together():
    places = [place("a", -5000.0), place("b", 0.0), place("c", 5000.0)]
    made = trek(
        places,
        [day(1, leg("a-b", "a", "b")), day(2, leg("b-c", "b", "c"))],
        stated=(stated("duration", "2.5 h"),),
    )
    lines = {"a-b": line_m((-5000.0, 0.0), (0.0, 0.0)), "b-c": line_m((0.0, 0.0), (5000.0, 0.0))}
    study = study_trek(made, lines, SOURCE)
    (finding,) = check_route(made, {s.leg.id: s for s in study.legs}, SOURCE)
    assert finding.subject == made.id
    assert finding.estimate == pytest.approx(found("3 h").estimate, rel=0.02)


def test_the_spread_of_walkers_is_that_of_the_published_speeds_on_level_ground():
    """By hand from the coefficients of Sullivan and others (2020) at no slope: a sixth walks slower than 0.961 m/s."""
    slow = 92.6594 / (math.pi * 25.8255 * (1.0 + (3.3717 / 25.8255) ** 2)) - 0.1624
    fast = 65.3577 / (math.pi * 19.4024 * (1.0 + (2.2893 / 19.4024) ** 2)) + 0.6226
    assert (slow, fast) == (pytest.approx(0.961, abs=0.001), pytest.approx(1.680, abs=0.001))
    spread = pace_spread([0.0, 500.0, 1000.0], [0.0, 0.0, 0.0])
    assert spread == pytest.approx(math.log(fast / slow) / (2.0 * 0.96742), rel=1e-4)


def test_steep_ground_beyond_the_measured_slopes_is_taken_as_the_steepest_of_them():
    steepest = math.tan(math.radians(30.0))
    there = pace_spread([0.0, 100.0], [0.0, 100.0 * steepest])
    assert pace_spread([0.0, 100.0], [0.0, 500.0]) == pytest.approx(there)
    assert 0.1 < there < 1.0
