"""Hypothesis strategies for tracks, profiles and grids."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def examples(count):
    """Number of examples of a test that has its own: all of them in the profile ``ci``, a quarter in others."""
    return count if settings.get_current_profile_name() == "ci" else max(count // 4, 5)


@st.composite
def tracks(draw, min_size=2, max_size=12):
    """Longitudes and latitudes of a walk: a start away from the poles, steps of up to about a kilometre."""
    size = draw(st.integers(min_size, max_size))
    lon = draw(st.floats(-179.0, 179.0)) + np.cumsum(
        draw(st.lists(st.floats(-0.01, 0.01), min_size=size, max_size=size))
    )
    lat = draw(st.floats(-70.0, 70.0)) + np.cumsum(
        draw(st.lists(st.floats(-0.01, 0.01), min_size=size, max_size=size))
    )
    return lon, lat


def moving_tracks(**sizes):
    """Tracks that get at least ten metres somewhere."""
    return tracks(**sizes).filter(lambda track: np.ptp(track[0]) > 1e-3 or np.ptp(track[1]) > 1e-3)


def profiles(min_size=1, max_size=40):
    """Heights in whole metres, so that sums and comparisons with a threshold are exact."""
    return st.lists(st.integers(0, 40), min_size=min_size, max_size=max_size).map(
        lambda heights: [float(height) for height in heights]
    )


def grids(max_side=8):
    """Small grids of finite heights."""
    return hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=max_side),
        elements=st.floats(-400.0, 8800.0, width=32),
    )
