"""Recorded heights beside those of a DEM, and flaws of recorded lines."""

import numpy as np
import pytest

from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.figures.recipes import HeightSource, recipe_for
from routes.analysis.figures.recorded_heights import flaws_of, recorded_heights
from routes.model.track import Segment
from tests.analytic import AnalyticSource, at_m, plane

SOURCE = AnalyticSource(plane(2000.0, east=0.05))


def segment(ele=None, points=401, aside_m=0.0):
    east = np.linspace(0.0, 4000.0, points)
    north = np.zeros(points)
    north[points // 2] = aside_m
    return Segment(*at_m(east, north), None if ele is None else ele(east))


def compared(*segments):
    profiles = [profile_of(s.lon_deg, s.lat_deg, SOURCE, ProfileParameters()) for s in segments]
    return recorded_heights(segments, profiles)


def test_bias_and_spread_are_those_put_in():
    """Ten metres too high, and a wave of 3 m: its standard deviation is 3 / sqrt 2."""
    found = compared(segment(lambda x: 2010.0 + 0.05 * x + 3.0 * np.sin(2.0 * np.pi * x / 1000.0)))
    assert found.bias_m == pytest.approx(10.0, abs=0.1)
    assert found.spread_m == pytest.approx(3.0 / np.sqrt(2.0), rel=0.05)
    assert found.used == "DEM"
    # four waves of 3 m on a ramp of 5 %: between crests the ramp rises faster than they fall for most of the way
    assert found.ascent_m.value - found.descent_m.value == pytest.approx(200.0, abs=0.1)


def test_a_ramp_climbs_what_it_climbs():
    found = compared(segment(lambda x: 2000.0 + 0.05 * x))
    assert (found.ascent_m.value, found.descent_m.value) == pytest.approx((200.0, 0.0), abs=0.1)
    share = recipe_for(HeightSource.GPS).ascent_share
    assert found.ascent_m.p90 - found.ascent_m.p10 == pytest.approx(2.0 * 1.2816 * share * 200.0, rel=1e-3)


def test_missing_heights_give_no_sum_and_are_not_compared():
    def ele(x):
        return np.where(np.abs(x - 2000.0) < 300.0, np.nan, 2005.0 + 0.05 * x)

    found = compared(segment(ele))
    assert found.ascent_m is None
    assert found.bias_m == pytest.approx(5.0, abs=0.1)
    assert compared(segment()) is None
    assert compared(segment(lambda x: np.full(x.shape, np.nan))) is None
    assert compared(segment(lambda x: 2000.0 + 0.05 * x), segment()).ascent_m is None


def test_flaws_are_told_with_the_length_that_they_add():
    """A spike of 300 m adds 2 sqrt(300^2 + 10^2) - 20 m = 580 m."""
    assert flaws_of([segment()]) == ()
    (spike,) = flaws_of([segment(aside_m=300.0)])
    assert spike == "1 spike in the recorded line: 580 m of its length; kept."
    generator = np.random.default_rng(1)
    rest = generator.normal(0.0, 4.0, (2, 80)).clip(-9.0, 9.0)
    east = np.concatenate([np.arange(0.0, 1000.0, 10.0), 1000.0 + rest[0], np.arange(1010.0, 2000.0, 10.0)])
    north = np.concatenate([np.zeros(100), rest[1], np.zeros(99)])
    (told,) = flaws_of([Segment(*at_m(east, north))])
    assert told.startswith("1 standstill in the recorded line: ")
