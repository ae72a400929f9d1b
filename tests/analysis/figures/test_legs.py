"""Figures of legs, days and variants on terrain of known form."""

import dataclasses

import numpy as np
import pytest

from routes.analysis.figures.legs import study_leg, study_variant, sum_estimates, totals_of
from routes.analysis.figures.line_error import LATERAL_P90_M, lateral_sigma_m, lateral_sigmas_m
from routes.analysis.figures.modelled_lines import LEAST_TIME
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.tracing.terrain import schematic_line
from routes.errors import DEMError
from routes.model.estimate import Estimate
from routes.model.track import Line, Segment
from routes.model.trek import Mode, Provenance, Variant
from tests.analytic import AnalyticSource, plane, sine_hills
from tests.builders import day, leg, line_m, one_leg_trek, place, trek

PARAMETERS = ProfileParameters()
LINE = line_m((-6000.0, 0.0), (6000.0, 0.0))
HILLS = AnalyticSource(sine_hills(100.0, 2000.0))


def study(source, line=LINE, mode="hike"):
    made = trek([place("a", -6000.0), place("b", 6000.0)], [day(1, leg("a-b", "a", "b", mode=mode))])
    return study_leg(made, made.days[0], made.days[0].legs[0], line, source=source, parameters=PARAMETERS)


def test_a_leg_over_hills_has_length_ascent_and_extremes():
    """Twelve kilometres over six waves of 100 m around 2000 m; smoothing takes about 1 %."""
    found = study(HILLS)
    assert found.length_m.value == pytest.approx(12_000.0, rel=1e-4)
    assert found.ascent_m.value == pytest.approx(1200.0, rel=0.02)
    assert found.descent_m.value == pytest.approx(found.ascent_m.value, abs=0.5)
    assert (found.high_m, found.low_m) == pytest.approx((2100.0, 1900.0), abs=2.0)
    assert found.missing == ""
    assert not found.is_lower_bound


def test_range_of_ascent_is_that_of_the_model_and_says_what_it_rests_on():
    """Out and back on one height: all is climbed and lost again. 7 m, 4 m a km over 93 m rows, 10 % of the climb."""
    found = study(HILLS)
    sigma = np.hypot(np.hypot(7.0, 12.0 * 4.0 * 92.6 / 90.0), 0.1 * found.ascent_m.value)
    half = 1.28155 * sigma / found.ascent_m.value
    assert np.log(found.ascent_m.p90 / found.ascent_m.value) == pytest.approx(half, rel=1e-3)
    assert np.log(found.ascent_m.value / found.ascent_m.p10) == pytest.approx(half, rel=1e-3)
    assert found.ascent_m.basis == "errors of DEMs on 16 recorded lines of 4 sources"


@pytest.mark.parametrize("slope", [0.0, 0.02, -0.02])
def test_a_ramp_climbs_what_it_climbs_and_what_is_none_has_a_range_too(slope):
    """240 m up or down, or nothing; over 12 km of coarse cells 50 m may be climbed and lost again unseen."""
    found = study(AnalyticSource(plane(2000.0, east=slope)))
    for estimate, true in ((found.ascent_m, 12_000.0 * slope), (found.descent_m, -12_000.0 * slope)):
        assert estimate.value == pytest.approx(max(true, 0.0), abs=0.5)
        assert 0.0 <= estimate.p10 <= estimate.value < estimate.p90
        assert np.copysign(1.0, estimate.value) == 1.0  # no -0.0
    assert found.ascent_m.p90 - found.ascent_m.value > 50.0


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


def test_a_straight_line_is_the_least_and_the_trail_is_likely_longer():
    """One stretch of 12 km: 1.46 (12 / 1.5)^0.08 times as long, give or take hypot(0.17, 0.32) of the logarithm."""
    made = one_leg_trek([place("a", -6000.0), place("b", 6000.0)])
    length = study(None, line=schematic_line(made, made.days[0].legs[0])).length_m
    likely, sigma = 12_000.0 * 1.46 * 8.0**0.08, np.hypot(0.17, 0.32)
    assert length.value == pytest.approx(12_000.0, rel=1e-4)
    assert length.p90 == pytest.approx(likely * np.exp(1.28155 * sigma), rel=1e-3)
    assert length.p10 == pytest.approx(max(likely * np.exp(-1.28155 * sigma), 12_000.0), rel=1e-3)


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
    holes = study(AnalyticSource(sine_hills(), void=lambda x, _: np.abs(x) < 600.0))
    assert elsewhere.missing == "no DEM covers it"
    assert holes.missing.startswith("the DEM is void at ")
    assert elsewhere.ascent_m is holes.ascent_m is None


def test_a_modelled_line_stands_for_a_longer_trail_that_climbs_and_falls_more():
    """Six per cent of half of all rises and falls, times the root of 12 over 1.5 km, is added to both."""
    line = Line(LINE.segments, Provenance.MODELLED, "least-time path", 332.0)
    rising = AnalyticSource(lambda x, _: 2000.0 + 0.02 * x + 60.0 * np.sin(x / 400.0))
    found, walked = study(rising, line=line), study(rising)
    more = 0.06 * np.sqrt(8.0) * 0.5 * (walked.ascent_m.value + walked.descent_m.value)
    assert found.ascent_m.value - walked.ascent_m.value == pytest.approx(more)
    assert found.descent_m.value - walked.descent_m.value == pytest.approx(more)
    assert found.line_climb == walked.line_climb
    likely = 12_000.0 * LEAST_TIME.base_factor * 8.0**0.08
    assert found.length_m.value == pytest.approx(likely, rel=1e-4)
    assert np.log(found.length_m.p90 / likely) == pytest.approx(1.28155 * np.hypot(0.15, 0.25), rel=1e-3)
    assert found.band_m == ()


def test_a_stated_lateral_bound_widens_the_band_on_a_side_slope():
    """A slope of 50 % beside the line: 36 m aside (60 m in nine of ten cases) are 18 m of height."""
    source = AnalyticSource(lambda x, y: 2000.0 + 0.5 * y + 0.0 * x)
    narrow = study(source, line=Line(LINE.segments, Provenance.RECORDED, "GPS", 1.0))
    wide = study(source, line=Line(LINE.segments, Provenance.RECORDED, "GPS", 60.0))
    for found, sigma in ((narrow, np.hypot(1.0, 0.3)), (wide, np.hypot(1.0, 0.5 * 60.0 / 1.645))):
        assert found.band_m[0][1] == pytest.approx(1.28155 * sigma, rel=0.01)
        assert (found.band_m[0][0] == -found.band_m[0][1]).all()
    assert wide.ascent_m == narrow.ascent_m
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


def three_legs(source):
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
        found.id: study_leg(made, number, found, lines[found.id], source=source, parameters=PARAMETERS)
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


@pytest.mark.parametrize("provenance", [Provenance.RECORDED, Provenance.OSM, Provenance.MODELLED])
def test_legs_days_and_treks_close_whatever_the_line(provenance):
    """Ascent less descent is end less start of the profiles used; a ride between counts nothing."""
    source = AnalyticSource(lambda x, _: 2000.0 + 0.03 * x + 40.0 * np.sin(x / 300.0))
    made, legs = three_legs(source)
    for number, found in made.legs():
        line = dataclasses.replace(legs[found.id].line, provenance=provenance)
        legs[found.id] = study_leg(made, number, found, line, source=source, parameters=PARAMETERS)
    both = study_variant(made, made.variants[0], legs, is_default=True)
    for totals, walked in (
        (both.totals, both.legs),
        *((part.totals, part.legs) for part in both.days),
        *((legs[name], [legs[name]]) for name in ("there", "again")),
    ):
        net = sum(float(p.height_m[-1] - p.height_m[0]) for leg in walked for p in leg.profiles)
        assert totals.ascent_m.value - totals.descent_m.value == pytest.approx(net, abs=1e-6)


def test_what_legs_err_by_alike_adds_up_and_the_ends_do_not():
    """Two legs of 12 km: 7 m of floor each in quadrature, 4 m a km and 10 % of the climb in full."""
    made, legs = three_legs(HILLS)
    total = study_variant(made, made.variants[0], legs, is_default=True).totals
    floor, alike = np.hypot(7.0, 7.0), 24.0 * 4.0 * 92.6 / 90.0
    sigma = np.hypot(np.hypot(floor, alike), 0.1 * total.descent_m.value)
    width = np.log(total.ascent_m.p90 / total.ascent_m.value)
    assert width == pytest.approx(1.28155 * sigma / total.ascent_m.value, rel=1e-3)


def test_the_highest_point_has_the_range_of_the_dem_there():
    """The terrain is level across the line: only the DEM's standard deviation of 1 m counts."""
    made, legs = three_legs(HILLS)
    leg_high = legs["there"].high_estimate_m
    total = study_variant(made, made.variants[0], legs, is_default=True).totals.high_estimate_m
    assert leg_high.value == legs["there"].high_m
    assert leg_high.p90 - leg_high.value == pytest.approx(1.28155, rel=0.01)
    assert total == leg_high
    assert legs["ride"].high_estimate_m is None


def test_a_pass_that_a_modelled_line_goes_through_is_no_less_sure_for_its_corridor():
    """The trail goes through the stop at the top, whatever way it takes to it."""
    west = line_m((-6000.0, 0.0), (0.0, 0.0)).segments[0]
    east = line_m((0.0, 0.0), (6000.0, 0.0)).segments[0]
    source = AnalyticSource(lambda x, y: 3000.0 - 0.3 * np.abs(x) + 0.5 * y)
    through = study(source, line=Line((west, east), Provenance.MODELLED, "least-time path", 332.0))
    past = study(source, line=Line(LINE.segments, Provenance.MODELLED, "least-time path", 332.0))
    assert through.high_estimate_m.p90 - through.high_m == pytest.approx(1.28155, rel=0.2)
    assert past.high_estimate_m.p90 - past.high_m > 100.0


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
