"""Places along a line, against all ways to place them in order."""

from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from routes.analysis.figures.stops import _in_order, stops_along
from tests.analytic import at_m
from tests.builders import place


@given(hnp.arrays(np.int64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=st.integers(0, 20)))
def test_no_other_order_lies_nearer(away):
    found = _in_order(away.astype(float))
    assert found == sorted(found)
    rows = range(len(away))
    least = min(
        sum(away[k, i] for k, i in zip(rows, chosen, strict=True))
        for chosen in combinations_with_replacement(range(away.shape[1]), len(away))
    )
    assert sum(away[k, i] for k, i in zip(rows, found, strict=True)) == least


def test_out_and_back_places_keep_their_order():
    """Past the hut to the top and back to the hut: the second visit is the later sample."""
    east = np.array([0.0, 1000.0, 2000.0, 1000.0, 0.0])
    lon, lat = at_m(east, np.zeros(5))
    places = [
        place("a"),
        place("hut", 1000.0, 50.0),
        place("top", 2000.0),
        place("hut", 1000.0, 50.0),
        place("a"),
    ]
    stops = stops_along(places, lon, lat)
    assert [stop.index for stop in stops] == [0, 1, 2, 3, 4]
    assert stops[1].away_m == pytest.approx(50.0, abs=0.01)


def test_two_places_are_the_ends():
    lon, lat = at_m([0.0, 10.0, 20.0], [0.0, 0.0, 0.0])
    assert [stop.index for stop in stops_along([place("a"), place("b", 20.0)], lon, lat)] == [0, 2]
