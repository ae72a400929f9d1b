"""The space-filling curve over the globe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.errors import InvalidCoordinatesError
from routes.kernel.hilbert import curve_index, hilbert_index, tile_of_index


@pytest.mark.parametrize("bits", [1, 2, 5, 7])
def test_the_curve_visits_each_cell_once_and_steps_to_neighbours(bits):
    """The two properties that make it Hilbert's."""
    side = 1 << bits
    col, row = (axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side)))
    place = hilbert_index(col, row, bits=bits)
    assert sorted(place.tolist()) == list(range(side * side))
    order = np.argsort(place)
    assert set((np.abs(np.diff(col[order])) + np.abs(np.diff(row[order]))).tolist()) == {1}


@given(st.floats(-180.0, 180.0), st.floats(-90.0, 90.0))
def test_positions_of_a_tile_are_together(lon, lat):
    lon, lat = round(lon, 7), round(lat, 7)  # a position less than a rounding error beside a line lies on it
    corner = curve_index([min(np.floor(lon), 179.0) + 0.5], [min(np.floor(lat), 89.0) + 0.5])
    assert tile_of_index(curve_index([lon], [lat])).tolist() == tile_of_index(corner).tolist()


def test_neighbours_on_the_ground_are_neighbours_on_the_curve():
    """Along the curve ten thousand random places of a tile are far nearer to each other than in random order."""
    generator = np.random.default_rng(1)
    lon, lat = generator.uniform(0.0, 1.0, (2, 10_000))
    order = np.argsort(curve_index(lon, lat))
    along = np.hypot(np.diff(lon[order]), np.diff(lat[order])).mean()
    assert along < 0.05 * np.hypot(np.diff(lon), np.diff(lat)).mean()


def test_positions_off_earth_are_refused():
    with pytest.raises(InvalidCoordinatesError):
        curve_index([200.0], [0.0])
