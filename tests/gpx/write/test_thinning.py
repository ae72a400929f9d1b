"""Tracks of fewer points: how many, how near, and what the description says."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.errors import OutputError
from routes.gpx.write.digits import point_digits
from routes.gpx.write.thinning import MAX_LENGTH_LOSS, MAX_RISE_LOSS, Thinning, thin_track
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.model.units import Units
from tests.gpx.samples import segment, track


def walk(size, seed, shake_m):
    """A winding way of a point every ten metres, shaken sideways and in height."""
    generator = np.random.default_rng(seed)
    turn = np.cumsum(generator.normal(0.0, 0.15, size))
    lon = 8.0 + (10.0 * np.cumsum(np.cos(turn)) + generator.normal(0.0, shake_m, size)) / 77_000.0
    lat = 46.0 + (10.0 * np.cumsum(np.sin(turn)) + generator.normal(0.0, shake_m, size)) / 111_000.0
    return lon, lat, 2000.0 + 300.0 * np.sin(np.arange(size) / 80.0) + generator.normal(0.0, shake_m, size)


def count(line):
    return sum(part.lon_deg.size for part in line.segments)


def length_m(line):
    return sum(cumulative_distance_m(part.lon_deg, part.lat_deg)[-1] for part in line.segments)


def rises_m(line):
    return sum(ascent_descent_m(part.ele_m, threshold_m=0.0)[0] for part in line.segments)


@given(seed=st.integers(0, 1000), shake_m=st.sampled_from([0.0, 0.2, 3.0]), size=st.integers(2, 400))
def test_by_default_little_length_and_climb_is_lost(seed, shake_m, size):
    line = track(segment(*walk(size, seed, shake_m)))
    thin = thin_track(line)
    assert count(thin) <= size
    assert length_m(thin) >= length_m(line) * (1.0 - MAX_LENGTH_LOSS) - 1e-6
    # against heights of a decimetre, as they are written
    assert (
        rises_m(thin) >= rises_m(thin_track(line, Thinning(tolerance_m=0.0))) * (1.0 - MAX_RISE_LOSS) - 1e-6
    )


@given(seed=st.integers(0, 1000), wanted=st.integers(4, 300))
def test_no_more_points_than_wanted_and_the_ends_of_all_segments(seed, wanted):
    first, second = (segment(*walk(150, seed + i, 1.0)) for i in range(2))
    thin = thin_track(track(first, second), Thinning(max_points=wanted))
    assert count(thin) <= wanted
    for part, whole in zip(thin.segments, (first, second), strict=True):
        assert (part.lon_deg[0], part.lon_deg[-1]) == (whole.lon_deg[0], whole.lon_deg[-1])
        assert set(part.lon_deg) <= set(whole.lon_deg)


def test_a_smooth_way_needs_few_points_and_the_description_tells_the_truth():
    line = track(segment(*walk(2000, 1, 0.0)), desc="Up and down.")
    for thinning, units in ((Thinning(), Units.METRIC), (Thinning(max_points=100), Units.METRIC)):
        thin = thin_track(line, thinning, units)
        assert 10 < count(thin) < 1500
        said = re.fullmatch(
            r"Up and down\. Simplified to ([\d,]+) of 2,000 points: those left out lie within ([\d.]+) m of the line "
            r"and ([\d.]+) m of its heights; that costs (less than 0\.1|[\d.]+) % of its length and "
            r"(less than 0\.1|[\d.]+) % of its sum of rises\.",
            thin.desc,
        )
        assert said, thin.desc
        assert int(said[1].replace(",", "")) == count(thin)
        assert float(said[3]) == float(said[2]) / 2.0
        for text, measure in ((said[4], length_m), (said[5], rises_m)):
            lost = 100.0 * (1.0 - measure(thin) / measure(line))
            assert lost < 0.15 if "less" in text else lost == pytest.approx(float(text), abs=0.1)
    assert "1.6 ft of the line and 0.82 ft" in thin_track(line, Thinning(), Units.IMPERIAL).desc


def test_nothing_is_left_out_or_said_when_asked_or_needed():
    line = track(segment(*walk(300, 1, 0.0)), desc="D")
    assert thin_track(line, Thinning(tolerance_m=0.0)).desc == "D"
    assert count(thin_track(line, Thinning(tolerance_m=0.0))) == 300
    corner = track(segment([0.0, 0.001, 0.001], [0.0, 0.0, 0.001]))
    assert thin_track(corner).desc == ""
    whole = thin_track(corner).segments[0]
    written = [point_digits(s.lon_deg, s.lat_deg, None).text() for s in (whole, corner.segments[0])]
    assert written[0] == written[1]


def test_a_line_without_heights_says_nothing_of_them():
    lon, lat, _ = walk(500, 2, 0.0)
    thin = thin_track(track(segment(lon, lat)))
    assert count(thin) < 500
    assert "height" not in thin.desc
    assert "rises" not in thin.desc


def test_fewer_points_than_ends_are_refused():
    line = track(*(segment(*walk(10, i, 0.0)) for i in range(3)), name="Day 2")
    with pytest.raises(
        OutputError, match="Day 2: 5 points are too few, its 3 segments need 6 for their ends"
    ):
        thin_track(line, Thinning(max_points=5))
    assert count(thin_track(line, Thinning(max_points=6))) == 6
