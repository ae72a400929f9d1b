"""Contour lines lie where the height is theirs."""

import json

import numpy as np
import pytest

from routes.model.grid import Grid
from routes.model.units import Units
from routes.render.page.coding import decoded
from routes.render.page.contours import INDEX, SCALE, STEPS, contour_data, contour_lines
from tests.analytic import EXACT, LAT0, LAT_M, LON0, LON_M, AnalyticSource, cone, local_m, plane

BOUNDS = (LON0 - 0.03, LAT0 - 0.02, LON0 + 0.03, LAT0 + 0.02)


def lines_of(grid, step, units=Units.METRIC):
    """Height, east and north in metres of each line."""
    for height, columns, sizes in contour_lines(grid, step, units):
        for lat, lon in zip(*(np.split(column, np.cumsum(sizes)[:-1]) for column in columns), strict=True):
            yield height, *local_m(lon / SCALE, lat / SCALE)


def test_lines_of_a_cone_are_circles_of_their_height():
    """A cone of slope 0.3 from 3000 m: the line of h runs at (3000 - h) / 0.3 from the top."""
    grid = AnalyticSource(cone(), spacing_deg=1.0 / 3600.0).window(BOUNDS)
    found = list(lines_of(grid, 50))
    rings = {height for height, x, _ in found if x[0] == x[-1]}
    assert {2950, 2900, 2850, 2800, 2750, 2700, 2650, 2600} <= rings
    for height, x, y in found:
        radius = (3000.0 - height) / 0.3
        # a cell is 31 m high: the bent surface between its corners, the simplification, and parts of a degree
        assert np.hypot(x, y) == pytest.approx(radius, abs=8.0)


def test_lines_of_a_plane_are_straight_and_evenly_spaced():
    grid = AnalyticSource(plane(2000.0, north=0.2), spacing_deg=1.0 / 3600.0).window(BOUNDS)
    for height, _, y in lines_of(grid, 20):
        assert y == pytest.approx((height - 2000.0) / 0.2, abs=2.5)


def test_no_line_crosses_a_void():
    source = AnalyticSource(
        plane(2000.0, north=0.2), spacing_deg=1.0 / 3600.0, void=lambda x, _: np.abs(x) < 200.0
    )
    for _, x, _ in lines_of(source.window(BOUNDS), 20):
        assert (x > 150.0).all() or (x < -150.0).all()


@pytest.mark.parametrize("units", Units)
def test_data_keeps_to_its_budget_by_leaving_lines_out(units, monkeypatch):
    grid = AnalyticSource(cone(), spacing_deg=1.0 / 3600.0).window(BOUNDS)
    closest = contour_data(grid, units)
    assert closest["step"] == STEPS[units][0]
    assert closest["index"] == INDEX[units]
    size = sum(len(text) for _, text in closest["lines"])
    monkeypatch.setattr("routes.render.page.contours.MAX_CHARACTERS", size - 1)
    data = contour_data(grid, units)
    assert data["step"] == STEPS[units][1]
    assert all(height % data["step"] == 0 for height, _ in data["lines"])
    assert sum(len(text) for _, text in data["lines"]) < size
    steps = [step for _, step in data["steps"]]
    assert steps[0] == data["step"]
    assert steps == sorted(steps)


def test_gentle_ground_gets_the_closest_lines():
    grid = AnalyticSource(cone(), spacing_deg=1.0 / 3600.0).window(BOUNDS)
    assert contour_data(grid, Units.METRIC)["step"] == 20
    assert contour_data(grid, Units.IMPERIAL)["step"] == 100
    (lat, _) = decoded(contour_data(grid, Units.METRIC)["lines"][0][1], 2)
    assert BOUNDS[1] - 0.001 <= lat.min() / SCALE <= lat.max() / SCALE <= BOUNDS[3] + 0.001


@pytest.mark.parametrize(
    "height", [np.full((20, 20), np.nan), np.full((20, 20), 1234.5), np.full((1, 1), 100.0)]
)
def test_nothing_known_or_level_ground_has_no_lines(height):
    grid = Grid(
        height, west_deg=LON0, north_deg=LAT0, step_lon_deg=30 / LON_M, step_lat_deg=30 / LAT_M, product=EXACT
    )
    assert contour_data(grid, Units.METRIC) is None


def test_same_grid_same_text():
    grid = AnalyticSource(cone()).window(BOUNDS)
    assert json.dumps(contour_data(grid, Units.METRIC)) == json.dumps(contour_data(grid, Units.METRIC))
