"""Two treks side by side on flat ground and ramps."""

import pytest

from routes.analysis.planning.compare import Order, Quantity, Side, compare
from routes.analysis.study import study_trek
from routes.model.effort import EffortParameters
from routes.model.trek import Variant
from tests.analytic import AnalyticSource, plane
from tests.builders import day, leg, line_m, place, trek

RAMP = AnalyticSource(plane(2500.0, east=0.1))


def side(length_m, *, source=RAMP, line=True, **more):
    """Two days up the ramp, half of the way each, and a walk about town on a third."""
    places = [place("a", 0.0), place("b", 0.5 * length_m), place("c", length_m), place("d", length_m, 500.0)]
    days = [
        day(1, leg("a-b", "a", "b"), sleep="b"),
        day(2, leg("b-c", "b", "c"), sleep="c"),
        day(3, leg("c-d", "c", "d", mode="walk")),
    ]
    made = trek(places, days, **more)
    half = 0.5 * length_m
    lines = {"a-b": line_m((0.0, 0.0), (half, 0.0)), "b-c": line_m((half, 0.0), (length_m, 0.0))}
    study = study_trek(made, lines if line else {}, source)
    return Side(study=study, variant=study.default)


SEA_AIR = EffortParameters(is_slower_at_altitude=False)
"""Halves of a ramp then take as long as each other."""


def rows(first, second):
    return {row.quantity: row for row in compare(first, second, SEA_AIR)}


def test_the_longer_of_two_ramps_is_larger_in_everything_but_days():
    found = rows(side(6000.0), side(9000.0))
    assert {quantity: row.larger for quantity, row in found.items()} == {
        Quantity.WALKING: Order.SECOND,
        Quantity.ASCENT: Order.SECOND,
        Quantity.DESCENT: Order.NOT_TOLD_APART,  # none at all, but for what the DEM does not show
        Quantity.HIGHEST: Order.SECOND,
        Quantity.DAYS: Order.EQUAL,
        Quantity.TIME: Order.SECOND,
        Quantity.NIGHT: Order.SECOND,
        Quantity.HARDEST: Order.SECOND,
    }
    assert found[Quantity.WALKING].first.estimate.value == pytest.approx(6000.0, rel=1e-3)
    assert found[Quantity.HIGHEST].first.estimate.value == pytest.approx(3100.0, abs=1.0)
    assert found[Quantity.NIGHT].first.remark == "C, day 2"
    assert found[Quantity.NIGHT].first.estimate.p90 == pytest.approx(3100.0 + 1.2816, abs=0.5)
    assert found[Quantity.HARDEST].second.remark.startswith("day ")
    assert found[Quantity.TIME].first.estimate.value == pytest.approx(
        sum(2 * [found[Quantity.HARDEST].first.estimate.value]), rel=5e-3
    )


def test_what_is_nearly_alike_is_not_told_apart():
    found = rows(side(6000.0), side(6010.0))
    assert found[Quantity.ASCENT].larger is Order.NOT_TOLD_APART
    assert found[Quantity.NIGHT].larger is Order.NOT_TOLD_APART


def test_straight_lines_tell_only_at_least():
    schematic = side(9000.0, source=None, line=False)
    found = rows(schematic, side(6000.0))
    assert found[Quantity.WALKING].first.is_lower_bound
    assert found[Quantity.WALKING].larger is Order.FIRST
    assert rows(side(6000.0), schematic)[Quantity.WALKING].larger is Order.SECOND
    assert rows(side(12_000.0), schematic)[Quantity.WALKING].larger is Order.NOT_TOLD_APART
    assert rows(schematic, schematic)[Quantity.WALKING].larger is Order.NOT_TOLD_APART
    for quantity in (Quantity.ASCENT, Quantity.TIME, Quantity.HARDEST, Quantity.NIGHT, Quantity.HIGHEST):
        assert found[quantity].larger is Order.UNKNOWN
        assert found[quantity].first.remark


def test_variants_of_one_trek():
    both = side(
        6000.0,
        variants=(Variant(id="all", name="All", days=(1, 2, 3)), Variant(id="one", name="One", days=(1,))),
    )
    one = Side(study=both.study, variant=both.study.variant("one"))
    found = rows(both, one)
    assert found[Quantity.DAYS].larger is Order.FIRST
    assert found[Quantity.NIGHT].second.remark == "B, day 1"
