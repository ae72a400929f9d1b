"""Modelled lines on terrain whose best way is known."""

import numpy as np
import pytest

from routes.analysis.figures.modelled_lines import LEAST_TIME, STRAIGHT, Stops, lateral_share, stops_of
from routes.analysis.tracing.terrain import schematic_line, trace_line, trace_positions
from routes.errors import DEMError, TraceError
from routes.model.trek import Provenance
from tests.analytic import GEOD, AnalyticSource, at_m, local_m, plane, ridge
from tests.builders import one_leg_trek, place

ELONGATION = 1.0 / np.cos(0.5 * np.arctan(0.5))
"""Worst case of 16 neighbours (kernel tests)."""


def metres(line):
    (run,) = line.unbroken()
    segment = run.whole
    return local_m(segment.lon_deg, segment.lat_deg)


@pytest.mark.parametrize("end", [(4000.0, 0.0), (3600.0, 900.0), (2000.0, 3500.0), (-3000.0, -3000.0)])
def test_on_an_even_gentle_slope_the_path_is_nearly_straight(end):
    source = AnalyticSource(plane(east=0.01, north=0.005))
    stops = [place("a"), place("b", *end)]
    line = trace_line(stops, source)
    (segment,) = line.segments
    straight = GEOD.inv(stops[0].lon, stops[0].lat, stops[1].lon, stops[1].lat)[2]
    # start and end lie up to 0.7 cells (65 m) off the centres that the path runs through
    assert (
        straight * (1 - 1e-9)
        <= GEOD.line_length(segment.lon_deg, segment.lat_deg)
        <= straight * ELONGATION + 130.0
    )


def test_path_over_a_ridge_goes_by_the_saddle():
    """Two villages either side of a ridge that rises away from its saddle; both lie 1500 m north of it."""
    source = AnalyticSource(ridge(saddle_m=2500.0, slope=0.3, rise=2.5e-4))
    x, y = metres(trace_line([place("a", -2500.0, 1500.0), place("b", 2500.0, 1500.0)], source))
    crossing = np.interp(0.0, x, y)
    straight_climb = 2.5e-4 * 1500.0**2
    assert 2.5e-4 * crossing**2 < 0.3 * straight_climb
    assert np.abs(crossing) < 900.0


def test_path_goes_round_a_lake():
    def with_lake(x, y):
        return np.where(np.hypot(x, y) < 1000.0, 1990.0, 2000.0 + 0.02 * x + 0.01 * y)

    x, y = metres(trace_line([place("a", -3000.0), place("b", 3000.0)], AnalyticSource(with_lake)))
    along = np.linspace(0.0, 1.0, 50)
    for i in range(len(x) - 1):
        away = np.hypot(x[i] + along * (x[i + 1] - x[i]), y[i] + along * (y[i + 1] - y[i]))
        assert away.min() > 1000.0 - 100.0  # to a cell


def test_path_goes_round_voids():
    source = AnalyticSource(
        plane(east=0.01, north=0.01), void=lambda x, y: (np.abs(x) < 400.0) & (y > -900.0)
    )
    x, y = metres(trace_line([place("a", -2000.0), place("b", 2000.0)], source))
    assert np.interp(0.0, x, y) < -900.0


def test_path_passes_through_its_places_in_order():
    stops = [place("a", -3000.0, 0.0), place("b", 0.0, 1800.0), place("c", 3000.0, -500.0)]
    line = trace_line(stops, AnalyticSource(plane(east=0.02)))
    assert len(line.segments) == 2
    (run,) = line.unbroken()
    segment = run.whole
    where = [
        int(np.argmin(np.hypot(segment.lon_deg - stop.lon, segment.lat_deg - stop.lat))) for stop in stops
    ]
    assert where[0] == 0
    assert where[-1] == segment.lon_deg.size - 1
    assert where == sorted(where)
    for index, stop in zip(where, stops, strict=True):
        assert (segment.lon_deg[index], segment.lat_deg[index]) == pytest.approx((stop.lon, stop.lat))


def test_line_says_how_it_was_made_and_how_uncertain_it_is():
    stops = [place("a", -3000.0), place("b", 2000.0)]
    line = trace_line(stops, AnalyticSource(plane(east=0.02)))
    assert line.provenance is Provenance.MODELLED
    assert "least-time path" in line.source
    assert "analytic terrain" in line.source
    assert stops_of(stops).every_m == pytest.approx(5000.0, rel=1e-3)
    assert stops_of(stops).stretches == len(stops) - 1
    assert line.lateral_p90_m == max(segment.lateral_p90_m for segment in line.segments)
    assert 92.0 < line.lateral_p90_m < 2500.0  # no less than a cell, and no more than half of the way


@pytest.mark.parametrize("model", [LEAST_TIME, STRAIGHT])
def test_a_trail_is_longer_the_farther_its_stops_are_apart_within_limits(model):
    factors = [model.factor(Stops(1, every_m)) for every_m in (0.0, 500.0, 1500.0, 6000.0, 15_000.0, 1e5)]
    assert factors == sorted(factors)
    assert factors[0] == factors[1]
    assert factors[2] == model.base_factor
    assert factors[3] / factors[2] == pytest.approx(4.0**0.08)
    assert factors[4] == factors[5]
    assert STRAIGHT.factor(Stops()) > LEAST_TIME.factor(Stops())


def test_a_trail_keeps_closer_to_its_corridor_where_stops_are_close():
    assert lateral_share(3000.0) == 0.71 < lateral_share(3001.0) == 1.0


def test_the_bound_grows_where_many_ways_are_about_as_fast():
    """In a steep-sided valley the trail can hardly be elsewhere; on a plain it may."""
    stops = [place("a", -3000.0), place("b", 3000.0)]
    valley = trace_line(stops, AnalyticSource(lambda _, y: 2000.0 + 0.5 * np.abs(y)))
    open_ground = trace_line(stops, AnalyticSource(plane(east=0.01)))
    assert valley.lateral_p90_m < 0.5 * open_ground.lateral_p90_m


def test_without_heights_there_is_no_path():
    source = AnalyticSource(plane(), inside=lambda x, _: x > 1e6)
    assert trace_line([place("a", -3000.0), place("b", 2000.0)], source) is None


def test_heights_at_some_places_only_is_an_error_that_names_the_place():
    stops = [place("a", -3000.0), place("b", 2000.0)]
    with pytest.raises(
        DEMError, match=r"analytic terrain covers only a part of the way from A to B: B \(1\.5"
    ):
        trace_line(stops, AnalyticSource(plane(east=0.01), inside=lambda x, _: x < 0.0))
    with pytest.raises(TraceError, match=r"The DEM is void at B \(1\.5"):
        trace_line(stops, AnalyticSource(plane(east=0.01), void=lambda x, _: x > 0.0))


def test_places_parted_by_a_gulf_have_no_path():
    source = AnalyticSource(plane(east=0.01), void=lambda x, _: np.abs(x) < 400.0)
    with pytest.raises(TraceError, match="No way on foot joins the ends"):
        trace_line([place("a", -2000.0), place("b", 2000.0)], source)


def test_places_in_one_cell_are_joined():
    (path,) = trace_positions(
        np.column_stack(at_m([0.0, 20.0], [0.0, 10.0])), AnalyticSource(plane(east=0.01))
    )
    assert (path.lon_deg[0], path.lat_deg[0]) == at_m(0.0, 0.0)
    assert (path.lon_deg[-1], path.lat_deg[-1]) == at_m(20.0, 10.0)
    assert path.is_long


def test_schematic_line_is_straight_from_place_to_place():
    places = [place("a", -3000.0), place("b", 0.0, 500.0), place("c", 3000.0)]
    trek = one_leg_trek(places)
    line = schematic_line(trek, trek.days[0].legs[0])
    assert line.provenance is Provenance.SCHEMATIC
    assert line.lateral_p90_m is None
    assert line.segments[0].lon_deg.tolist() == [p.lon for p in places]
    assert line.source.endswith("A, B, C")
