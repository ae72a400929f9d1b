"""Thinning a line: what is left out lies near what is kept, by another way of measuring."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely import LineString, Point

from routes.errors import InvalidCoordinatesError
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.kernel.thinning import thinned
from tests.strategies import profiles

GEOD = Geod(ellps="WGS84")


@st.composite
def walks(draw, max_size=40):
    """A walk anywhere on Earth, poles and the 180th meridian included, in steps of up to 300 m, with heights."""
    size = draw(st.integers(2, max_size))
    lon = draw(st.sampled_from([-179.999, 179.9995, 0.0, -72.1]))
    lat = draw(st.sampled_from([90.0, -90.0, 89.999, 0.0, -13.2, 60.0]))
    azimuth = draw(st.lists(st.floats(-180.0, 180.0), min_size=size, max_size=size))
    step = draw(st.lists(st.floats(0.0, 300.0), min_size=size, max_size=size))
    points = []
    for turn, metres in zip(azimuth, step, strict=True):
        lon, lat, _ = GEOD.fwd(lon, lat, turn, metres)
        points.append((lon, lat))
    height = draw(st.lists(st.integers(0, 600), min_size=size, max_size=size))
    return *np.array(points).T, np.array(height, dtype=float) / 10.0


@given(walk=walks(), horizontal=st.floats(0.5, 200.0), vertical=st.floats(0.1, 30.0))
def test_every_point_left_out_lies_within_both_tolerances(walk, horizontal, vertical):
    """On a plane about the chord (azimuthal equidistant, by PROJ), measured by shapely."""
    lon, lat, height = walk
    kept = thinned(lon, lat, height, horizontal_m=horizontal, vertical_m=vertical)
    assert kept[0] == 0
    assert kept[-1] == lon.size - 1
    assert (np.diff(kept) > 0).all()
    along = np.concatenate([[0.0], np.cumsum(GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2])])
    for first, last in pairwise(kept):
        if last - first < 2:
            continue
        plane = f"+proj=aeqd +lon_0={lon[first]:.12f} +lat_0={lat[first]:.12f} +ellps=WGS84"
        x, y = Transformer.from_crs("OGC:CRS84", plane, always_xy=True).transform(
            lon[first : last + 1], lat[first : last + 1]
        )
        chord = LineString([(x[0], y[0]), (x[-1], y[-1])])
        length = along[last] - along[first]
        for i in range(1, last - first):
            assert chord.distance(Point(x[i], y[i])) <= horizontal * 1.001 + 1e-3
            share = (along[first + i] - along[first]) / length if length > 0.0 else 0.0
            on_chord = height[first] + share * (height[last] - height[first])
            # where all stand on one spot, who is how far along is anybody's guess
            jump = abs(height[last] - height[first]) * (1e-6 / max(length, 1e-6))
            assert abs(height[first + i] - on_chord) <= vertical + jump + 1e-6


@given(walk=walks(), vertical=st.floats(0.1, 30.0), more=st.floats(1.0, 3.0))
def test_sums_of_rises_by_a_dead_band_of_the_tolerance_or_more_stay_exactly(walk, vertical, more):
    lon, lat, height = walk
    kept = thinned(lon, lat, height, horizontal_m=1e6, vertical_m=vertical)
    for threshold in (vertical, vertical * more):
        assert ascent_descent_m(height[kept], threshold_m=threshold) == ascent_descent_m(
            height, threshold_m=threshold
        )


@given(height=profiles(min_size=2), vertical=st.integers(1, 40))
@example(height=[0.0, 5.0, 0.0, 5.0, 0.0], vertical=5)
@example(height=[0.0, 4.0, 0.0, 5.0, 1.0], vertical=5)
def test_so_do_they_where_swings_equal_the_dead_band(height, vertical):
    profile = np.array(height)
    lon = np.linspace(0.0, 0.01, profile.size)
    kept = thinned(lon, np.zeros(profile.size), profile, horizontal_m=1.0, vertical_m=float(vertical))
    for threshold in range(vertical, 45):
        assert ascent_descent_m(profile[kept], threshold_m=threshold) == ascent_descent_m(
            profile, threshold_m=threshold
        )


@given(walk=walks(), horizontal=st.floats(0.5, 100.0))
def test_a_line_gets_no_longer(walk, horizontal):
    lon, lat, height = walk
    kept = thinned(lon, lat, height, horizontal_m=horizontal, vertical_m=1.0)
    whole, thin = cumulative_distance_m(lon, lat)[-1], cumulative_distance_m(lon[kept], lat[kept])[-1]
    assert thin <= whole * (1.0 + 1e-8) + 1e-6


@pytest.mark.parametrize("tolerance_m", [1.0, 5.0, 20.0])
def test_without_heights_it_keeps_what_shapely_keeps(tolerance_m):
    """Near 0, 0 the Earth is a plane; a degree on the sphere of 6,399,594 m that the kernel measures on."""
    generator = np.random.default_rng(4)
    turn = np.cumsum(generator.normal(0.0, 0.2, 2000))
    lon, lat = np.cumsum(np.cos(turn)) * 1e-5, np.cumsum(np.sin(turn)) * 1e-5
    degrees = np.degrees(tolerance_m / 6_399_594.0)
    expected = LineString(np.stack([lon, lat], axis=1)).simplify(degrees, preserve_topology=False)
    kept = thinned(lon, lat, horizontal_m=tolerance_m, vertical_m=1.0)
    np.testing.assert_array_equal(np.stack([lon, lat], axis=1)[kept], np.array(expected.coords))


def test_a_summit_on_a_straight_line_is_kept():
    lon = np.linspace(0.0, 0.1, 101)
    height = 1000.0 - np.abs(np.arange(101) - 37.0)
    kept = thinned(lon, np.zeros(101), height, horizontal_m=5.0, vertical_m=2.0)
    assert kept.tolist() == [0, 37, 100]


def test_a_walk_out_and_back_keeps_its_far_end():
    lon = np.concatenate([np.linspace(0.0, 0.01, 50), np.linspace(0.01, 0.0, 50)])
    kept = thinned(lon, np.zeros(100), horizontal_m=5.0, vertical_m=1.0)
    assert 49 in kept or 50 in kept
    assert kept.size == 3


@pytest.mark.parametrize(
    ("lon", "height", "tolerances", "message"),
    [
        ([0.0, 1.0], [1.0], (1.0, 1.0), "2 points have 1 heights"),
        ([0.0, 1.0], [1.0, np.nan], (1.0, 1.0), "1 of 2 are missing"),
        ([0.0, 1.0], None, (0.0, 1.0), "more than 0 m, not 0.0 m"),
        ([0.0, np.inf], None, (1.0, 1.0), "1 of 2 positions are not on Earth"),
    ],
)
def test_bad_input_is_refused(lon, height, tolerances, message):
    with pytest.raises(InvalidCoordinatesError, match=message):
        thinned(lon, [0.0, 0.0], height, horizontal_m=tolerances[0], vertical_m=tolerances[1])
