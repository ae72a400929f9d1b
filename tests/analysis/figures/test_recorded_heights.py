"""Recorded heights beside those of a DEM, and flaws of recorded lines."""

import numpy as np
import pytest

from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.modelled_lines import Stops
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.figures.ranges import climb_model
from routes.analysis.figures.recorded_heights import flaws_of, recorded_heights, recorded_series, sentence
from routes.model.kinds import Provenance, Recorder
from routes.model.track import Segment
from tests.analytic import AnalyticSource, at_m, plane

SOURCE = AnalyticSource(plane(2000.0, east=0.05))


def segment(ele=None, points=401, aside_m=0.0):
    east = np.linspace(0.0, 4000.0, points)
    north = np.zeros(points)
    north[points // 2] = aside_m
    return Segment(*at_m(east, north), None if ele is None else ele(east), is_timed=True)


def compared(*segments, recorder=Recorder.AUTO):
    profiles = [profile_of(s.lon_deg, s.lat_deg, SOURCE, ProfileParameters()) for s in segments]
    series = recorded_series(segments, recorder)
    if series is None:
        return None
    dem = climb_model(profiles, Provenance.RECORDED, Stops())
    return recorded_heights(series, profiles, dem, recorder)[0]


def test_bias_and_spread_are_those_put_in():
    """Ten metres too high, and a wave of 3 m: its standard deviation is 3 / sqrt 2."""
    found = compared(segment(lambda x: 2010.0 + 0.05 * x + 3.0 * np.sin(2.0 * np.pi * x / 1000.0)))
    assert found.bias_m == pytest.approx(10.0, abs=0.1)
    assert found.spread_m == pytest.approx(3.0 / np.sqrt(2.0), rel=0.05)
    # four waves of 3 m on a ramp of 5 %: between crests the ramp rises faster than they fall for most of the way
    assert found.ascent_m.value - found.descent_m.value == pytest.approx(200.0, abs=0.1)


def test_a_ramp_climbs_what_it_climbs():
    found = compared(segment(lambda x: 2000.0 + 0.05 * x))
    assert (found.ascent_m.value, found.descent_m.value) == pytest.approx((200.0, 0.0), abs=0.1)
    # nothing is climbed and lost again, so that only the 5 m of the ends are left
    assert np.log(found.ascent_m.p90 / 200.0) == pytest.approx(1.28155 * 5.0 / 200.0, rel=0.01)
    assert found.source is HeightSource.BAROMETER
    assert not found.is_excluded
    assert "ascent 200 m by the file and 200 m by the DEM" in sentence(found)


def test_a_file_that_climbs_what_no_dem_shows_is_said_to_contradict_it():
    """Eight waves of 100 m where the DEM has a plain ramp."""
    found = compared(segment(lambda x: 2000.0 + 0.05 * x + 100.0 * np.sin(2.0 * np.pi * x / 500.0)))
    assert found.is_excluded
    assert "exclude each other" in sentence(found)


def test_what_the_user_says_of_the_recorder_counts():
    found = compared(segment(lambda x: 2000.0 + 0.05 * x), recorder=Recorder.GPS)
    assert found.source is HeightSource.GPS
    assert found.is_stated
    assert "recorded GPS, stated" in sentence(found)


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
