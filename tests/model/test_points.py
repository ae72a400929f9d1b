import numpy as np
import pytest

from routes.errors import ModelError
from routes.model.points import Points


def test_what_is_unknown_is_nan_and_columns_are_views():
    lon = np.array([1.0, 2.0, 3.0])
    points = Points(lon, lon + 10.0)
    assert np.shares_memory(points.lon_deg, lon)
    assert np.isnan(points.height_m).tolist() == np.isnan(points.time_s).tolist() == [True] * 3
    assert not points.has_heights
    with pytest.raises(ValueError, match="read-only"):
        points.lon_deg[0] = 0.0


def test_points_are_cut_reversed_and_joined():
    points = Points(np.arange(4.0), np.arange(4.0), np.arange(4.0) * 100.0)
    assert points.has_heights
    assert points[::-1].height_m.tolist() == [300.0, 200.0, 100.0, 0.0]
    assert points[points.height_m > 150.0].lon_deg.tolist() == [2.0, 3.0]
    whole = Points.joined([points[:1], points[1:]])
    assert (len(whole), whole.height_m.tolist()) == (4, points.height_m.tolist())
    assert len(Points.joined([])) == 0


@pytest.mark.parametrize("height", [[1.0], [1.0, 2.0, 3.0], [[1.0, 2.0]]])
def test_columns_of_other_lengths_are_refused(height):
    with pytest.raises(ModelError, match="of one length"):
        Points(np.zeros(2), np.zeros(2), np.array(height))
