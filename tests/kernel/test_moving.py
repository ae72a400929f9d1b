"""Time in motion."""

import numpy as np
import pytest

from routes.errors import InvalidCoordinatesError
from routes.kernel.moving import moving_time_s


def test_rests_unknown_times_and_steps_back_in_time_do_not_count():
    """Steps of 111 m: 100 s (moving), 3600 s (a rest), to and from an unknown time, and back by 50 s."""
    lat = np.arange(6) * 0.001
    time = [0.0, 100.0, 3700.0, np.nan, 4000.0, 3950.0]
    assert moving_time_s(np.zeros(6), lat, time) == 100.0


def test_one_point_has_not_moved():
    assert moving_time_s([1.0], [2.0], [3.0]) == 0.0


def test_times_must_fit_positions():
    with pytest.raises(InvalidCoordinatesError, match="2 positions have 3 times"):
        moving_time_s([0.0, 1.0], [0.0, 0.0], [0.0, 1.0, 2.0])
