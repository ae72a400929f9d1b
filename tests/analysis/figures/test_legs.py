"""Figures of legs, days and variants on terrain of known form."""

import dataclasses

import numpy as np
import pytest

from routes.analysis.figures.legs import study_leg, study_variant, sum_estimates, totals_of
from routes.analysis.figures.line_error import LATERAL_P90_M, lateral_sigma_m, lateral_sigmas_m
from routes.analysis.figures.modelled_lines import MODELLED_ERRORS_SOURCE, modelled_errors
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.figures.recipes import HeightSource, recipe_for
from routes.analysis.tracing.terrain import schematic_line
from routes.errors import DEMError
from routes.model.estimate import Estimate
from routes.model.track import Line, Segment
from routes.model.trek import Mode, Provenance, Variant
from tests.analytic import EXACT, AnalyticSource, plane, sine_hills
from tests.builders import day, leg, line_m, one_leg_trek, place, trek

SMOOTHED = dataclasses.replace(recipe_for(HeightSource.DEM_RECORDED, 90.0), smoothing_m=46.0, threshold_m=5.0)
PARAMETERS = ProfileParameters(runs=40, recipe=SMOOTHED)
LINE = line_m((-6000.0, 0.0), (6000.0, 0.0))
HILLS = AnalyticSource(sine_hills(100.0, 2000.0))


def study(source, line=LINE, mode="hike", parameters=PARAMETERS):
    made = trek([place("a", -6000.0), place("b", 6000.0)], [day(1, leg("a-b", "a", "b", mode=mode))])
    return study_leg(made, made.days[0], made.days[0].legs[0], line, source=source, parameters=parameters)


def test_a_leg_over_hills_has_length_ascent_and_extremes():
    """Twelve kilometres over six waves of 100 m around 2000 m; smoothing takes about 1 %."""
    found = study(HILLS)
    assert found.length_m.value == pytest.approx(12_000.0, rel=1e-4)
    assert found.ascent_m.value == pytest.approx(1200.0, rel=0.02)
    assert found.descent_m.value == pytest.approx(found.ascent_m.value, abs=0.5)
    assert (found.high_m, found.low_m) == pytest.approx((2100.0, 1900.0), abs=2.0)
    assert found.missing == ""
    assert not found.is_lower_bound


def test_interval_of_ascent_is_in_order_and_says_what_it_rests_on():
    found = study(HILLS)
    assert found.ascent_m.p10 < found.ascent_m.p90
    assert found.ascent_m.basis == (
        "spread of 40 Monte Carlo runs of line and DEM errors, and of what the recipe itself gets wrong"
    )
    assert found.ascent_m.p10 == pytest.approx(1200.0, rel=0.1)


@pytest.mark.parametrize("le90_m", [1.645, 4.0, 16.0])
@pytest.mark.parametrize("slope", [0.0, 0.02])
def test_the_interval_holds_the_true_ascent_of_a_ramp(le90_m, slope):
    """The DEM is the truth here: 0 or 240 m up, none down. Added noise always climbs, and must not move the value."""
    product = dataclasses.replace(EXACT, le90_m=le90_m)
    found = study(AnalyticSource(plane(2000.0, east=slope), product=product))
    for estimate, true in ((found.ascent_m, 12_000.0 * slope), (found.descent_m, 0.0)):
        assert estimate.value == pytest.approx(true, abs=0.5)
        assert 0.0 <= estimate.p10 <= estimate.value <= estimate.p90


def test_same_input_gives_same_interval_and_another_seed_another():
    assert study(HILLS).ascent_m == study(HILLS).ascent_m
    assert study(HILLS, parameters=dataclasses.replace(PARAMETERS, seed=1)).ascent_m != study(HILLS).ascent_m


def test_walking_back_swaps_ascent_and_descent():
    source = AnalyticSource(lambda x, _: 2000.0 + 0.05 * x + 60.0 * np.sin(x / 400.0))
    there, back = study(source), study(source, line=LINE.reversed())
    assert back.ascent_m.value == pytest.approx(there.descent_m.value, abs=1e-3)
    assert back.descent_m.value == pytest.approx(there.ascent_m.value, abs=1e-3)
    net = 600.0 + 2.0 * 60.0 * np.sin(6000.0 / 400.0)
    assert there.ascent_m.value - there.descent_m.value == pytest.approx(net, abs=0.1)


def test_segments_are_never_joined():
    """Two halves with a gap of 4 km: length and ascent are those of the halves."""
    parts = (
        line_m((-6000.0, 0.0), (-2000.0, 0.0)).segments[0],
        line_m((2000.0, 0.0), (6000.0, 0.0)).segments[0],
    )
    found = study(HILLS, line=Line(parts, Provenance.RECORDED, "GPS"))
    assert found.length_m.value == pytest.approx(8000.0, rel=1e-4)
    assert found.ascent_m.value == pytest.approx(800.0, rel=0.02)
    assert len(found.profiles) == 2


def test_a_schematic_line_gives_no_ascent():
    made = one_leg_trek([place("a", -6000.0), place("b", 6000.0)])
    found = study(HILLS, line=schematic_line(made, made.days[0].legs[0]))
    assert found.ascent_m is None
    assert found.high_m is None
    assert found.is_lower_bound
    assert "straight lines" in found.missing


def test_without_a_dem_there_is_no_ascent():
    found = study(None)
    assert found.ascent_m is None
    assert found.missing == "no DEM"
    assert found.length_m.value == pytest.approx(12_000.0, rel=1e-4)


def test_a_bus_has_a_length_and_no_ascent():
    found = study(HILLS, mode="bus")
    assert found.ascent_m is None
    assert found.missing == ""
    assert not found.is_on_foot


def test_a_dem_that_covers_half_a_leg_is_an_error():
    source = AnalyticSource(sine_hills(), inside=lambda x, _: x < 0.0)
    message = (
        r"analytic terrain covers only 50 % of leg 'a-b': it ends at longitude 1\.5.*Give a DEM that covers"
    )
    with pytest.raises(DEMError, match=message):
        study(source)


def test_a_dem_elsewhere_and_a_dem_with_holes_say_so():
    elsewhere = study(AnalyticSource(sine_hills(), inside=lambda x, _: x > 1e6))
    holes = study(AnalyticSource(sine_hills(), void=lambda x, _: np.abs(x) < 100.0))
    assert elsewhere.missing == "no DEM covers it"
    assert holes.missing.startswith("the DEM is void at ")
    assert elsewhere.ascent_m is holes.ascent_m is None


def test_a_modelled_line_has_the_intervals_of_the_measured_ratios():
    """The line is 12 km long and climbs as the recorded one does; the trail is longer and climbs more."""
    line = Line(LINE.segments, Provenance.MODELLED, "least-time path", 332.0)
    found = study(HILLS, line=line)
    errors = modelled_errors(12_000.0)
    ends = (found.length_m.p10, found.length_m.value, found.length_m.p90)
    assert ends == pytest.approx(tuple(12_000.0 * ratio for ratio in errors.length_ratio), rel=1e-4)
    assert found.length_m.basis == MODELLED_ERRORS_SOURCE
    # the ratios, widened to hold the line's own climb and by the dead band, below which nothing is counted
    low, middle, high = errors.ascent_ratio
    climb, band = study(HILLS).ascent_m.value, SMOOTHED.threshold_m
    assert found.ascent_m.value == pytest.approx(middle * climb)
    assert found.ascent_m.p10 == pytest.approx(min(low, 1.0) * climb - band)
    assert found.ascent_m.p90 == pytest.approx(max(high, 1.0) * climb + band)
    assert found.runs_m is None


def test_a_stated_lateral_bound_widens_the_interval():
    source = AnalyticSource(lambda x, y: 2000.0 + 0.5 * y + 20.0 * np.sin(x / 300.0))
    narrow = study(source, line=Line(LINE.segments, Provenance.RECORDED, "GPS", 1.0)).ascent_m
    wide = study(source, line=Line(LINE.segments, Provenance.RECORDED, "GPS", 60.0)).ascent_m
    assert wide.p90 > narrow.p90
    assert LATERAL_P90_M[Provenance.RECORDED] < LATERAL_P90_M[Provenance.OSM]


def test_the_bound_of_a_line_is_nine_tenths_of_a_normal_error():
    """1.645 standard deviations hold nine tenths of a normal error."""
    stated = Line(LINE.segments, Provenance.MODELLED, "least-time path", 164.5)
    assert lateral_sigma_m(stated) == pytest.approx(100.0, rel=1e-3)
    silent = Line(LINE.segments, Provenance.OSM, "ways")
    assert lateral_sigma_m(silent) == pytest.approx(LATERAL_P90_M[Provenance.OSM] / 1.645, rel=1e-3)


def test_each_segment_of_a_run_has_its_own_error():
    west = line_m((-6000.0, 0.0), (0.0, 0.0)).segments[0]
    east = line_m((0.0, 0.0), (6000.0, 0.0)).segments[0]
    bridge = Segment(east.lon_deg, east.lat_deg, provenance=Provenance.MODELLED, lateral_p90_m=329.0)
    line = Line((west, bridge), Provenance.OSM, "ways and a bridge", 329.0)
    (run,) = line.unbroken()
    along = np.array([0.0, 5990.0, 6010.0, 12_000.0])
    sigma = lateral_sigmas_m(dataclasses.replace(line, lateral_p90_m=16.45), run, along)
    assert sigma == pytest.approx([10.0, 10.0, 200.0, 200.0], rel=1e-3)


def test_segments_that_meet_are_walked_as_one():
    """The climb at the joint counts, as on a line that was never parted."""
    west = line_m((-6000.0, 0.0), (-500.0, 0.0)).segments[0]
    east = line_m((-500.0, 0.0), (6000.0, 0.0)).segments[0]
    parted = study(HILLS, line=Line((west, east), Provenance.RECORDED, "GPS"))
    assert parted.ascent_m.value == pytest.approx(study(HILLS).ascent_m.value, abs=0.5)
    assert len(parted.profiles) == 1


def test_estimates_add_up_with_their_ends():
    one, other = Estimate(1.0, 0.5, 2.0, "x"), Estimate(2.0, 1.0, 4.0, "y")
    assert sum_estimates([one, other]) == Estimate(3.0, 1.5, 6.0, "x; y")
    assert sum_estimates([one, Estimate(2.0)]) == Estimate(3.0)
    assert sum_estimates([]) == Estimate(0.0)


def three_legs(source, parameters=PARAMETERS):
    made = trek(
        [place("a", -6000.0), place("b", 6000.0)],
        [
            day(1, leg("there", "a", "b"), leg("ride", "b", "a", mode="bus")),
            day(2, leg("again", "a", "b")),
        ],
        variants=(Variant(id="both", name="Both", days=(1, 2)), Variant(id="one", name="One", days=(2,))),
    )  # fmt: skip
    lines = {"there": LINE, "ride": LINE.reversed(), "again": LINE}
    legs = {
        found.id: study_leg(made, number, found, lines[found.id], source=source, parameters=parameters)
        for number, found in made.legs()
    }
    return made, legs


def test_totals_take_walked_legs_only():
    made, legs = three_legs(HILLS)
    both, one = (study_variant(made, variant, legs, is_default=True) for variant in made.variants)
    assert both.totals.walking_m.value == pytest.approx(24_000.0, rel=1e-4)
    assert both.totals.length_by_mode_m[Mode.BUS] == pytest.approx(12_000.0, rel=1e-4)
    assert both.totals.ascent_m.value == pytest.approx(
        legs["there"].ascent_m.value + legs["again"].ascent_m.value
    )  # fmt: skip
    assert one.totals.ascent_m.value == legs["again"].ascent_m.value
    assert both.totals.high_m == pytest.approx(2100.0, abs=2.0)
    assert [found.leg.id for found in both.legs] == ["there", "ride", "again"]


def test_independent_errors_of_legs_average_out_in_the_sum():
    """Ends of intervals of independent runs do not add up: their sum is wider than the interval of the sum."""
    recipe = dataclasses.replace(SMOOTHED, ascent_share=0.0, ascent_drawn=0.0)
    sure = dataclasses.replace(PARAMETERS, recipe=recipe)
    made, legs = three_legs(HILLS, sure)
    total = study_variant(made, made.variants[0], legs, is_default=True).totals.ascent_m
    widths = sum(legs[name].ascent_m.p90 - legs[name].ascent_m.p10 for name in ("there", "again"))
    assert total.p90 - total.p10 < widths


@pytest.mark.parametrize(("share", "drawn"), [(0.2, 0.0), (0.0, 8.0)])
def test_what_the_recipe_gets_wrong_adds_up_over_legs(share, drawn):
    """Its error is that of the ground, which is alike on all legs: the doubts of two legs add up."""
    recipe = dataclasses.replace(SMOOTHED, ascent_share=share, ascent_drawn=drawn)
    doubtful = dataclasses.replace(PARAMETERS, recipe=recipe)
    made, legs = three_legs(HILLS, doubtful)
    total = study_variant(made, made.variants[0], legs, is_default=True).totals.ascent_m
    widths = [legs[name].ascent_m.p90 - legs[name].ascent_m.p10 for name in ("there", "again")]
    assert total.p90 - total.p10 == pytest.approx(sum(widths), rel=0.05)


def test_the_highest_point_has_an_interval_run_by_run_over_legs():
    made, legs = three_legs(HILLS)
    leg_high = legs["there"].high_estimate_m
    total = study_variant(made, made.variants[0], legs, is_default=True).totals.high_estimate_m
    assert leg_high.value == legs["there"].high_m
    assert leg_high.p10 <= leg_high.value <= leg_high.p90
    assert total.p10 >= leg_high.p10  # the higher of two in every run
    assert legs["ride"].high_estimate_m is None


def test_a_recorded_line_has_an_interval_of_length_and_its_flaws_are_told():
    found = study(HILLS)
    assert found.length_m.p10 < found.length_m.value <= found.length_m.p90
    assert found.notes == ()
    lon, lat = np.linspace(LINE.segments[0].lon_deg[0], LINE.segments[0].lon_deg[1], 401), np.full(401, 42.5)
    lat[200] += 0.005
    spiked = study(HILLS, line=Line((Segment(lon, lat),), Provenance.RECORDED, "GPS"))
    assert spiked.notes[0].startswith("1 spike in the recorded line: ")
    assert study(HILLS, line=Line((Segment(lon, lat),), Provenance.OSM, "OSM")).notes == ()


def test_gradients_and_climbs_are_those_of_the_hills():
    """Six waves of 100 m over 2 km: steepest 31 %, six rises of 200 m and about 1 km."""
    made, legs = three_legs(HILLS)
    found = legs["there"]
    assert found.gradients.share_steeper(35.0) == 0.0
    assert 0.5 < found.gradients.share_steeper(15.0) < 0.8
    assert [climb.category for climb in found.climbs][1:-1] == ["3"] * 5
    total = study_variant(made, made.variants[0], legs, is_default=True).totals.gradients
    assert sum(total.length_m) == pytest.approx(24_000.0, rel=1e-4)
    assert total.share_steeper(15.0) == pytest.approx(found.gradients.share_steeper(15.0))


def test_a_sum_with_a_missing_part_is_missing_except_length():
    _, legs = three_legs(HILLS)
    totals = totals_of([legs["there"], study(None)])
    assert totals.ascent_m is totals.high_m is None
    assert totals.walking_m.value == pytest.approx(24_000.0, rel=1e-4)
    assert totals.missing == "1 of 2 legs on foot (a-b): no DEM"


def test_a_day_without_walking_has_no_ascent_and_nothing_missing():
    totals = totals_of([study(HILLS, mode="car")])
    assert totals.ascent_m is None
    assert totals.walking_m.value == 0.0
    assert totals.missing == ""


def test_heights_below_the_sea_are_no_surprise():
    """A walk along the Dead Sea, 400 m below the sea, has its highest point below zero."""
    found = study(AnalyticSource(plane(-400.0, east=0.001)))
    assert found.high_m == pytest.approx(-394.0, abs=0.5)
    assert totals_of([found]).high_m == pytest.approx(-394.0, abs=0.5)
