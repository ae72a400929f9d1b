"""What a trek needs of a DEM."""

import numpy as np
import pytest

from routes.analysis.windows import need_of, need_of_leg, need_of_points
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from tests.builders import day as make_day
from tests.builders import leg, line_m, one_leg_trek, place, stated
from tests.builders import trek as make_trek


def line_at(lon, lat, provenance=Provenance.RECORDED):
    return Line((Segment(np.array(lon, float), np.array(lat, float)),), provenance, "x")


def test_a_line_needs_its_surroundings_and_a_stated_place_its_uncertainty():
    made = one_leg_trek(
        [
            place("a", -3000.0, stated=(stated("elevation", "2000 m"),), uncertainty_m=1000.0),
            place("b", 3000.0),
        ]
    )
    line = line_m((-3000.0, 0.0), (3000.0, 0.0))
    windows = need_of(made, {"a-b": line})
    west, south, east, north = windows[0]
    bounds = line.bounds
    assert west < bounds[0] < bounds[2] < east
    assert south < bounds[1] <= bounds[3] < north
    # twice the uncertainty and a little more, on each side
    assert (windows[1][3] - windows[1][1]) * 111_000.0 == pytest.approx(2 * 2300.0, rel=0.01)


def test_a_line_across_the_antimeridian_does_not_need_the_whole_earth():
    made = one_leg_trek([place("a", lon=179.95, lat=-16.8), place("b", lon=-179.95, lat=-16.8)])
    ((west, _, east, _),) = need_of_leg(
        made, made.days[0].legs[0], line_at([179.95, -179.95], [-16.8, -16.8])
    )
    assert 179.9 < west < 179.95
    assert 180.05 < east < 180.1
    for window in need_of_leg(made, made.days[0].legs[0], None):
        assert window[2] - window[0] < 0.3


def test_a_line_at_the_pole_needs_every_longitude_once():
    made = make_trek(
        [place("a", lon=10.0, lat=90.0), place("b", lon=11.0, lat=89.99)], [make_day(1, leg("x", "a", "b"))]
    )
    ((west, _, east, north),) = need_of_leg(made, made.days[0].legs[0], line_at([10.0, 11.0], [90.0, 89.99]))
    assert east - west <= 360.0
    assert north == 90.0


def test_points_far_apart_need_windows_of_their_own():
    assert len(need_of_points(np.array([1.51, 1.52, 7.0]), np.array([42.5, 42.52, 46.0]))) == 2
