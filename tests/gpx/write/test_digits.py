"""Numbers of GPX, against exact decimal arithmetic."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.errors import InvalidCoordinatesError
from routes.gpx.write.digits import MAX_ELE_M, degree_text, ele_text, micro_degrees, point_digits
from tests.gpx.samples import HEIGHTS, LATITUDES, LONGITUDES

_LINE = re.compile(
    r' {6}<trkpt lat="(-?\d{1,2}\.\d{6})" lon="(-?\d{1,3}\.\d{6})"(?:/>|><ele>(-?\d+\.\d)</ele></trkpt>)'
)
HALF_STEP = Decimal("0.0000005")
ROUNDING = Decimal("1e-12")
"""Multiplying by a million is off by an ulp of 180 millions at most."""


@given(points=st.lists(st.tuples(LONGITUDES, LATITUDES, st.floats(-MAX_ELE_M, MAX_ELE_M)), min_size=1))
def test_numbers_are_the_nearest_of_fixed_point_and_no_zero_has_a_sign(points):
    lon, lat, ele = np.array(points).T
    lines = point_digits(lon, lat, ele).text().splitlines()
    assert len(lines) == len(points)
    for line, (x, y, z) in zip(lines, points, strict=True):
        match = _LINE.fullmatch(line)
        assert match
        assert not re.search(r'["> ]-0\.0+["<]', line)
        written_lat, written_lon, written_ele = (Decimal(text) for text in match.groups())
        assert abs(written_lat - Decimal(y)) <= HALF_STEP + ROUNDING
        assert -180 <= written_lon < 180
        off = abs(written_lon - Decimal(x))
        assert min(off, abs(off - 360)) <= HALF_STEP + ROUNDING
        assert abs(written_ele - Decimal(z)) <= Decimal("0.05") + ROUNDING


@given(lon=LONGITUDES, lat=LATITUDES, ele=HEIGHTS)
def test_one_by_one_gives_the_same_text(lon, lat, ele):
    micro_lon, micro_lat = (int(v[0]) for v in micro_degrees(np.array([lon]), np.array([lat])))
    match = _LINE.fullmatch(
        point_digits(np.array([lon]), np.array([lat]), np.array([ele])).text().rstrip("\n")
    )
    assert match
    assert match.groups() == (degree_text(micro_lat), degree_text(micro_lon), ele_text(ele))


@pytest.mark.parametrize(
    ("lon", "lat", "ele", "message"),
    [
        (
            [1.0, 181.0],
            [0.0, 0.0],
            None,
            r"1 of 2 positions are not on Earth; the first, number 1, is longitude 181\.0",
        ),
        ([1.0, 2.0], [-90.1, 0.0], None, r"number 0, .* latitude -90\.1"),
        ([np.nan, 2.0], [0.0, 0.0], None, "longitude nan"),
        ([1.0, 2.0], [0.0, 0.0], [1.0, np.nan], "elevation of point 2 of 2 cannot be written to GPX: nan m"),
        ([1.0, 2.0], [0.0, 0.0], [1e6, 1.0], "elevation of point 1"),
    ],
)
def test_what_is_no_position_or_height_is_refused(lon, lat, ele, message):
    with pytest.raises(InvalidCoordinatesError, match=message):
        point_digits(np.array(lon), np.array(lat), None if ele is None else np.array(ele))
