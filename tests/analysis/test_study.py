"""A whole study on analytic terrain."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.study import study_trek
from routes.errors import DEMError
from routes.io.export.layers import layers_of
from routes.model.trek import Provenance, Variant
from tests.analytic import EXACT, AnalyticSource, plane, sine_hills
from tests.builders import day, leg, line_m, place, stated, trek

if TYPE_CHECKING:
    from routes.analysis.heights.source import ElevationSource

PARAMETERS = ProfileParameters()
HILLS = AnalyticSource(lambda x, y: 2000.0 + 60.0 * np.sin(x / 500.0) + 0.02 * y)
PLACES = (
    place("a", -3000.0, stated=(stated("elevation", "2020 m"),)),
    place("b", 0.0, 1000.0),
    place("c", 3000.0),
)
TREK = trek(
    PLACES,
    [day(1, leg("a-b", "a", "b"), leg("b-c", "b", "c")), day(2, leg("c-a", "c", "a", mode="bus"))],
    variants=(Variant(id="all", name="All", days=(1, 2)), Variant(id="first", name="First day", days=(1,))),
)
RECORDED = {"a-b": line_m((-3000.0, 0.0), (0.0, 1000.0))}


def study(source=HILLS, lines=None, **more):
    return study_trek(TREK, RECORDED if lines is None else lines, source, PARAMETERS, **more)


def test_the_analytic_source_is_an_elevation_source():
    source: ElevationSource = HILLS
    grid = source.window((1.45, 42.45, 1.55, 42.55))
    lon = grid.west_deg + grid.step_lon_deg * np.arange(grid.height_m.shape[1])
    lat = grid.north_deg - grid.step_lat_deg * np.arange(grid.height_m.shape[0])
    assert grid.height_m[3] == pytest.approx(source.sample(lon, np.full(lon.shape, lat[3])).height_m)


def test_legs_without_a_line_are_modelled_on_foot_and_schematic_on_wheels():
    made = study()
    assert [found.line.provenance for found in made.legs] == [
        Provenance.RECORDED, Provenance.MODELLED, Provenance.SCHEMATIC,
    ]  # fmt: skip
    assert any(note.startswith("b-c: modelled line") for note in made.notes)
    assert made.default.totals.ascent_m is not None
    assert not made.default.totals.is_lower_bound


def test_a_study_without_dem_keeps_lengths_and_says_what_is_missing():
    made = study(None)
    assert made.products == ()
    assert made.place_heights_m == {}
    assert made.terrain is None
    assert any("No DEM covers this trek" in note for note in made.notes)
    assert made.default.totals.ascent_m is None
    assert made.default.totals.walking_m.value > 6000.0
    assert made.default.totals.is_lower_bound
    assert [finding.verdict for finding in made.findings] == ["undecided"]


def test_a_dem_elsewhere_is_like_none():
    made = study(AnalyticSource(plane(), inside=lambda x, _: x > 1e6))
    assert made.products == ()
    assert made.default.totals.ascent_m is None
    assert any("No DEM covers this trek" in note for note in made.notes)


def test_a_dem_that_covers_half_a_recorded_leg_is_an_error():
    half = AnalyticSource(plane(east=0.01), inside=lambda x, _: x < -1500.0)
    with pytest.raises(DEMError, match="covers only 50 % of leg 'a-b'"):
        study(half)


def test_a_leg_that_cannot_be_modelled_stays_schematic_and_says_why():
    gulf = AnalyticSource(plane(east=0.01), void=lambda x, _: np.abs(x - 1500.0) < 300.0)
    made = study(gulf)
    assert made.legs[1].line.provenance is Provenance.SCHEMATIC
    assert any(note.startswith("b-c: stays schematic. No way on foot") for note in made.notes)


def test_heights_of_places_are_those_of_the_terrain():
    made = study()
    expected = {p.id: float(HILLS.sample([p.lon], [p.lat]).height_m[0]) for p in PLACES}
    assert dict(made.place_heights_m) == pytest.approx(expected)
    assert made.products == (EXACT,)


def test_terrain_holds_the_walked_legs():
    made = study()
    grid = made.terrain
    rows, cols = grid.height_m.shape
    for found in made.legs[:2]:
        west, south, east, north = found.line.bounds
        assert grid.west_deg < west
        assert east < grid.west_deg + (cols - 1) * grid.step_lon_deg
        assert north < grid.north_deg
        assert grid.north_deg - (rows - 1) * grid.step_lat_deg < south


def test_same_input_same_study():
    one, two = study(), study()
    assert one.default.totals == two.default.totals
    assert one.findings == two.findings
    assert one.notes == two.notes


def test_variants_sum_their_days():
    made = study()
    assert [variant.variant.id for variant in made.variants] == ["all", "first"]
    assert made.variants[1].totals.ascent_m == made.days[0].totals.ascent_m
    assert made.default is made.variants[0]


def test_ascent_minus_descent_is_what_the_ends_differ_by():
    made = study(AnalyticSource(sine_hills()), lines={})
    for found in made.legs[:2]:
        net = found.ascent_m.value - found.descent_m.value
        ends = [made.place_heights_m[p] for p in (found.leg.start, found.leg.end)]
        assert net == pytest.approx(ends[1] - ends[0], abs=1e-3)


def test_progress_is_told_leg_by_leg():
    seen = []
    study(on_leg=seen.append)
    assert seen == ["a-b", "b-c", "c-a"]


def test_results_are_frozen():
    made = study()
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.notes = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.findings[0].verdict = "agrees"


def test_frames_have_a_row_a_leg_and_a_row_a_place():
    made = study()
    layers = layers_of(made, made.default)
    legs, places = layers.tracks, layers.places
    assert legs["leg"].tolist() == ["a-b", "b-c", "c-a"]
    assert legs["provenance"].tolist() == ["recorded", "modelled", "schematic"]
    assert legs["length_m"].iloc[0] == round(made.legs[0].length_m.value, 1)
    assert legs.geometry.iloc[0].geoms[0].coords[0][:2] == pytest.approx((PLACES[0].lon, PLACES[0].lat))
    assert places["place"].tolist() == ["a", "b", "c"]
    assert places["stated"].iloc[0] == "2020 m (A guide)"
    assert places.geometry.iloc[2].coords[0][:2] == pytest.approx((PLACES[2].lon, PLACES[2].lat))
