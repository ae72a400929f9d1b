"""Gradients and climbs on terrain of known form."""

import numpy as np
import pytest

from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.profile import ProfileParameters, profile_of
from routes.analysis.figures.slopes import GRADIENT_EDGES_PCT, category_of, climbs_of, gradients_of
from tests.analytic import AnalyticSource, at_m, plane


def profile(height, length_m=9000.0, **source):
    line = at_m([0.0, length_m], [0.0, 0.0])
    return profile_of(*line, AnalyticSource(height, **source), ProfileParameters(), HeightSource.DEM_RECORDED)


@pytest.mark.parametrize("slope", [0.02, -0.12, 0.22, -0.33, 0.47])
def test_a_plane_has_one_gradient(slope):
    found = gradients_of([profile(plane(2000.0, east=slope))])
    wanted = [0.0] * len(GRADIENT_EDGES_PCT)
    wanted[min(int(abs(slope) * 20.0), 8)] = 1.0
    assert found.shares == pytest.approx(wanted)
    for edge in (15.0, 25.0, 35.0):
        assert found.share_steeper(edge) == pytest.approx(float(abs(slope) * 100.0 > edge))


def roof(x, _):
    """Up 20 % for a third of 9 km, flat for a third, down 40 % for the last."""
    return 1000.0 + 0.2 * np.minimum(x, 3000.0) - 0.4 * np.maximum(x - 6000.0, 0.0)


def test_shares_are_by_length():
    found = gradients_of([profile(roof)])
    assert found.share_steeper(15.0) == pytest.approx(2.0 / 3.0, abs=0.03)
    assert found.share_steeper(25.0) == pytest.approx(1.0 / 3.0, abs=0.03)
    both = found + gradients_of([profile(plane())])
    assert both.share_steeper(25.0) == pytest.approx(1.0 / 6.0, abs=0.02)
    assert sum(both.shares) == pytest.approx(1.0)


def test_a_gap_has_no_gradient():
    found = gradients_of([profile(roof, void=lambda x, _: x > 5900.0)])
    assert found.share_steeper(25.0) == 0.0
    assert sum(found.length_m) == pytest.approx(5900.0, abs=100.0)


def test_a_climb_has_foot_top_length_gradient_and_category():
    """600 m up at 20 %: score 60,000, category 2; the fall after it is none."""
    (climb,) = climbs_of([profile(roof)])
    assert climb.start_m == pytest.approx(0.0)
    assert climb.foot_m == pytest.approx(1000.0, abs=0.5)
    assert climb.top_m == pytest.approx(1600.0, abs=1.0)
    assert climb.gradient_pct == pytest.approx(100.0 * (climb.top_m - climb.foot_m) / climb.length_m)
    assert 3000.0 - 50.0 <= climb.length_m <= 6050.0  # the top is anywhere on the flat
    assert climb.category == "2"
    assert climb.foot_lonlat == pytest.approx((1.5, 42.5))


def test_a_small_fall_does_not_part_a_climb_and_a_large_one_does():
    def steps(fall_m):
        return lambda x, _: (
            1000.0 + np.interp(x, [0.0, 3000.0, 4500.0, 9000.0], [0.0, 300.0, 300.0 - fall_m, 700.0])
        )

    assert [climb.category for climb in climbs_of([profile(steps(20.0))])] == ["1"]
    assert [climb.category for climb in climbs_of([profile(steps(60.0))])] == ["3", "2"]


def test_climbs_of_segments_are_counted_from_the_start_of_the_leg():
    one, other = profile(plane(2000.0, east=0.1)), profile(plane(500.0, east=0.1))
    assert [climb.start_m for climb in climbs_of([one, other])] == pytest.approx([0.0, 9000.0], rel=1e-3)


@pytest.mark.parametrize(
    ("rise", "length", "category"),
    [
        (80.0, 2000.0, "4"), (79.9, 2000.0, ""), (160.0, 2000.0, "3"), (320.0, 2000.0, "2"), (640.0, 9000.0, "1"),
        (800.0, 9000.0, "HC"), (100.0, 3400.0, ""), (-500.0, 2000.0, ""),
    ],
)  # fmt: skip
def test_categories_are_the_published_ones(rise, length, category):
    """Length times gradient in per cent: 8,000, 16,000, 32,000, 64,000 and 80,000, from 3 % upwards."""
    assert category_of(rise, length) == category
