"""What is known of a DEM's error at a place: corrections and budget in numbers."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.heights.spot import Spot, tree_line_m
from routes.dem.products import PRODUCTS
from routes.model.grid import Surface
from tests.analytic import EXACT

SURFACE = replace(EXACT, surface=Surface.DSM)


def spot(height_m=2000.0, lat_deg=46.0, product=SURFACE, **more):
    return Spot(height_m=height_m, lat_deg=lat_deg, row_m=92.5, product=product, **more)


@pytest.mark.parametrize(
    ("lat", "metres"),
    [(0.0, 3900.0), (28.0, 3900.0), (46.0, 2100.0), (-46.0, 2100.0), (67.0, 0.0), (90.0, 0.0)],
)
def test_tree_line_by_latitude(lat, metres):
    """100 m a degree from 28 degrees on: Alps 2100 m, Lapland none."""
    assert tree_line_m(lat) == pytest.approx(metres)


@pytest.mark.parametrize(
    ("height", "lat", "share"),
    [(2100.0, 46.0, 0.0), (3000.0, 46.0, 0.0), (1350.0, 46.0, 0.5), (500.0, 46.0, 1.0), (2400.0, 0.0, 1.0)],
)
def test_forest_by_height_and_latitude(height, lat, share):
    """None from the tree line up, all of it 1500 m below; 7 m of treetops where it counts in full."""
    here = spot(height, lat, sharpness_m=0.0)
    assert here.forest_share == pytest.approx(share)
    assert here.forest_m == pytest.approx(7.0 * share)
    assert here.best_m == pytest.approx(height - 7.0 * share)
    assert here.budget["forest"] == pytest.approx(3.5 * share)


def test_a_terrain_model_has_no_trees_and_a_dem_of_unknown_kind_may():
    assert spot(500.0, product=EXACT, sharpness_m=0.0).forest_m == 0.0
    assert spot(500.0, product=replace(EXACT, surface=Surface.UNKNOWN), sharpness_m=0.0).forest_m == 7.0


def test_budget_of_a_saddle_over_srtm_in_numbers():
    """LE90 9 m and rows of 92.5 m give the 8.0 m that were fitted; 20 m sharp gives 11 m, known to a quarter."""
    here = spot(3000.0, product=PRODUCTS["srtm3"], sharpness_m=20.0)
    assert PRODUCTS["srtm3"].le90_m == 9.0
    assert here.best_m == pytest.approx(3011.0)
    assert here.budget == pytest.approx({"dem": 8.0, "sharpness": 2.75, "forest": 0.0})


def test_a_place_that_is_neither_pass_nor_summit_is_not_corrected():
    """Low and steep: slope 0.5 shifts by 0.2 of 92.5 m, so 9.25 m; the forest around is not above its roof."""
    here = spot(500.0, slope_tangent=0.5)
    assert here.best_m == 500.0
    assert here.forest_m == 0.0
    assert set(here.budget) == {"dem", "slope"}
    assert here.budget["slope"] == pytest.approx(9.25)


def test_sharpness_that_voids_hide_widens_the_budget():
    here = spot(3000.0, sharpness_m=math.nan)
    assert here.best_m == 3000.0
    assert here.budget["sharpness"] == pytest.approx(0.55 * 40.0)


@given(st.floats(-100.0, 100.0), st.floats(-400.0, 8800.0), st.floats(-90.0, 90.0))
def test_sharp_places_rise_and_notches_sink_and_doubt_grows_with_both(sharpness, height, lat):
    here = spot(height, lat, sharpness_m=sharpness)
    flat = spot(height, lat, sharpness_m=0.0)
    assert (here.best_m - flat.best_m) * sharpness >= 0.0
    assert all(here.budget[name] >= flat.budget[name] for name in flat.budget)
    assert 0.0 <= here.forest_share <= 1.0
