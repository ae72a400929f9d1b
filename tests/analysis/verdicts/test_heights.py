"""Verdicts: the rule, the budget, and real passes."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.heights.spot import SLOPE_SHARE, dem_at, position_sigma_m
from routes.analysis.passes.ground import MAX_DOUBT_M, ground_of
from routes.analysis.study import study_trek
from routes.analysis.verdicts.finding import Check, Verdict, judge
from routes.analysis.verdicts.heights import check_place
from routes.analysis.verdicts.lines import CLIMB_SHARE
from routes.dem.folder import open_dem
from routes.io.export.verdict_tables import findings_data
from routes.kernel.uncertainty import U_DATUM_M
from routes.model.figures import VerticalDatum
from routes.model.units import Units
from tests.analytic import EXACT, LAT_M, AnalyticSource, at_m, cone, plane, ridge
from tests.builders import line_m, one_leg_trek, place, stated
from tests.dem.files import write_tif

SPACING_M = 3.0 / 3600.0 * LAT_M
SHARE = (8.0**2 - (9.0 / 1.64485) ** 2) ** 0.5 / 92.5  # what LE90 9 m leaves of 8 m, of SRTM's rows of 92.5 m
U_DEM_M = (1.0 + (SHARE * SPACING_M) ** 2) ** 0.5  # LE90 1.645 m, and that share of a row
Z90 = 1.6448536269514722
FLAT = AnalyticSource(plane(2000.0))
PARAMETERS = ProfileParameters()


def verdicts(source, *figures, **more):
    """Findings on heights stated for the place at the origin."""
    here = place("pass", kind="pass", stated=figures, **more)
    return check_place(ground_of(here, source))


@given(st.floats(0.0, 9000.0), st.floats(0.01, 200.0), st.sampled_from([-1.0, 1.0]))
def test_rule_of_the_verdict(estimate, u, sign):
    """DESIGN 4: within 1.645 u agrees, within 3 u doubtful, beyond differs."""
    assert judge(estimate + sign * 1.64 * u, estimate, u) is Verdict.AGREES
    assert judge(estimate + sign * 1.66 * u, estimate, u) is Verdict.DOUBTFUL
    assert judge(estimate + sign * 2.99 * u, estimate, u) is Verdict.DOUBTFUL
    assert judge(estimate + sign * 3.01 * u, estimate, u) is Verdict.DIFFERS


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (0.2, 0.0), (0.0, -0.3), (0.3, 0.4)])
def test_dem_at_a_plane_has_its_height_and_slope(east, north):
    at = dem_at(
        *(float(v) for v in at_m(700.0, 300.0)), AnalyticSource(plane(2000.0, east, north)), radius_m=100.0
    )
    assert at.height_m == pytest.approx(2000.0 + 700.0 * east + 300.0 * north)
    assert at.slope_tangent == pytest.approx(np.hypot(east, north), rel=2e-3, abs=1e-9)
    assert at.cell_m[1] == pytest.approx(SPACING_M, rel=1e-4)
    assert at.product is EXACT


def test_budget_of_a_flat_place_in_numbers():
    """DEM of LE90 1.645 m and 92.6 m rows, level, position known, 10 m / sqrt 12 of rounding, 2 m for the datum."""
    (finding,) = verdicts(FLAT, stated("elevation", "2000 m", rounding=10.0))
    assert dict(finding.budget) == pytest.approx(
        {
            "dem": U_DEM_M,
            "sharpness": 0.0,
            "forest": 0.0,
            "slope": 0.0,
            "position": 0.0,
            "rounding": 10.0 / 12.0**0.5,
            "datum": 2.0,
        },
        abs=1e-3,
    )
    assert finding.u == pytest.approx((U_DEM_M**2 + 100.0 / 12.0 + 4.0) ** 0.5, abs=1e-3)
    assert (finding.verdict, finding.estimate, finding.unit) == (Verdict.AGREES, pytest.approx(2000.0), "m")
    assert finding.basis == "analytic terrain, EGM96"
    assert finding.check is Check.DEM


def test_budget_of_a_slope_in_numbers():
    """40 % slope, position within 50 m (95 %, so 50 / 2.4477 m each way): all terms of the budget."""
    source = AnalyticSource(plane(2000.0, east=0.4))
    (finding,) = verdicts(source, stated("elevation", "2001 m"), uncertainty_m=50.0)
    assert finding.budget["slope"] == pytest.approx(SLOPE_SHARE * SPACING_M * 0.4, rel=1e-3)
    assert finding.budget["position"] == pytest.approx(0.4 * 50.0 / 2.4477, rel=0.15)
    assert finding.u == pytest.approx(np.sqrt(sum(part**2 for part in finding.budget.values())))


@pytest.mark.parametrize("radius", [10.0, 45.0, 50.0, 70.0, 100.0, 150.0, 200.0, 400.0, 1600.0])
@pytest.mark.parametrize("east_m", [0.0, 20.0, 46.0])
def test_position_uncertainty_on_a_plane_is_slope_times_sigma(radius, east_m):
    """Rayleigh: 95 % of a circular normal distribution lie within 2.4477 sigma (sqrt(-2 ln 0.05))."""
    lon, lat = (float(v) for v in at_m(east_m, 0.0))
    at = dem_at(lon, lat, AnalyticSource(plane(2000.0, 0.2)), radius_m=2.0 * radius)
    sigma = radius / np.sqrt(-2.0 * np.log(0.05))
    assert position_sigma_m(at, lon, lat, radius) == pytest.approx(0.2 * sigma, rel=0.15)


def test_position_uncertainty_on_a_cone_grows_with_the_radius():
    lon, lat = (float(v) for v in at_m(0.0, 0.0))
    sigmas = [
        position_sigma_m(dem_at(lon, lat, AnalyticSource(cone()), radius_m=2.0 * radius), lon, lat, radius)
        for radius in (100.0, 300.0, 900.0)
    ]
    assert sigmas == sorted(sigmas)
    # on the tip of a cone every other position is lower: rms of slope times distance, sqrt 2 sigma
    assert sigmas[2] == pytest.approx(0.3 * np.sqrt(2.0) * 900.0 / 2.4477, rel=0.05)


@pytest.mark.parametrize(
    ("off_in_u", "verdict"),
    [
        (0.0, "agrees"),
        (1.6, "agrees"),
        (1.7, "doubtful"),
        (2.9, "doubtful"),
        (3.1, "differs"),
        (20.0, "differs"),
    ],
)
@pytest.mark.parametrize("sign", [-1, 1])
def test_verdict_on_a_height_so_many_u_off(off_in_u, verdict, sign):
    u = (U_DEM_M**2 + 1.0 / 12.0 + 4.0) ** 0.5
    (finding,) = verdicts(FLAT, stated("elevation", f"{2000.0 + sign * off_in_u * u:.3f} m", rounding=1.0))
    assert finding.u == pytest.approx(u, abs=1e-3)
    assert finding.verdict == verdict


@pytest.mark.parametrize(
    ("datum", "expected"),
    [
        (VerticalDatum.UNKNOWN, U_DATUM_M), (VerticalDatum.EGM2008, U_DATUM_M), (VerticalDatum.NAVD88, U_DATUM_M),
        (VerticalDatum.EGM96, 0.0),
    ],
)  # fmt: skip
def test_only_a_datum_that_is_the_dems_own_is_certain(datum, expected):
    (finding,) = verdicts(FLAT, stated("elevation", "2000 m", datum=datum))
    assert finding.budget["datum"] == expected


def test_an_ellipsoidal_height_is_undecided():
    (finding,) = verdicts(FLAT, stated("elevation", "2050 m", datum=VerticalDatum.ELLIPSOID))
    assert finding.verdict is Verdict.UNDECIDED
    assert "ellipsoid" in finding.reason_in(Units.METRIC)
    assert "geoid" in finding.reason_in(Units.METRIC)


def test_nothing_agrees_out_of_ignorance():
    """DESIGN 4: own doubt over 50 m is undecided, even where the figure happens to fit, and where it does not."""
    source = AnalyticSource(plane(2000.0, east=0.4))
    for value in ("2000 m", "2900 m"):
        (finding,) = verdicts(source, stated("elevation", value), uncertainty_m=600.0)
        own = Z90 * np.sqrt(sum(finding.budget[name] ** 2 for name in ("dem", "slope", "position")))
        assert own > MAX_DOUBT_M
        assert finding.verdict is Verdict.UNDECIDED
        assert "uncertain by 600 m" in finding.reason_in(Units.METRIC)


def test_coarse_rounding_is_not_our_doubt():
    """A height rounded to 100 m is judged: its own coarseness widens u, it does not make us undecided."""
    (finding,) = verdicts(FLAT, stated("elevation", "3000 m", rounding=100.0))
    assert finding.budget["rounding"] == pytest.approx(28.87, abs=0.01)
    assert finding.verdict is Verdict.DIFFERS


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "no DEM"),
        (AnalyticSource(plane(), void=lambda x, y: np.hypot(x, y) < 50.0), "no height here"),
        (AnalyticSource(plane(), inside=lambda x, _: x > 1e6), "no height here"),
    ],
)
def test_without_a_height_nothing_is_decided(source, reason):
    (finding,) = verdicts(source, stated("elevation", "2000 m"))
    assert finding.verdict is Verdict.UNDECIDED
    assert reason in finding.reason_in(Units.METRIC)
    assert finding.estimate is None


def test_units_that_exclude_each_other_get_a_verdict_each():
    """11,000 ft is 3353 m, not 3,000 m: over ground of 3350 m the feet are right."""
    source = AnalyticSource(plane(3350.0))
    findings = verdicts(source, stated("elevation", "11,000 ft", also="3,000 m"))
    assert [(f.statements[0].printed, f.verdict) for f in findings] == [
        ("11,000 ft", Verdict.AGREES), ("3,000 m", Verdict.DIFFERS),
    ]  # fmt: skip


def test_units_that_fit_get_one_verdict():
    (finding,) = verdicts(AnalyticSource(plane(4450.0)), stated("elevation", "4450 m", also="14,600 ft"))
    assert finding.statements[0].printed == "4450 m (14,600 ft)"
    assert finding.verdict is Verdict.AGREES


def test_every_statement_gets_its_own_verdict():
    findings = verdicts(FLAT, stated("elevation", "2000 m"), stated("elevation", "2300 m", source="Another"))
    assert [(f.verdict, f.statements[0].source) for f in findings] == [
        (Verdict.AGREES, "A guide"), (Verdict.DIFFERS, "Another"),
    ]  # fmt: skip


def test_a_void_nearby_does_not_make_a_slope_flat():
    """A slope of 60 % with a hole one cell away: the slope term must not vanish because it cannot be computed."""
    edge = 1.2 * SPACING_M
    source = AnalyticSource(plane(2000.0, east=0.6), void=lambda x, _: x > edge)
    for east_m in np.linspace(-1.0, 0.9, 20) * SPACING_M:
        at = dem_at(*(float(v) for v in at_m(east_m, 0.0)), source)
        assert at is not None
        assert at.slope_tangent >= 0.3


def test_height_and_slope_come_from_one_dem(tmp_path):
    """The fine DEM has a hole at the place; what the coarse one says there comes with the coarse one's cells."""
    fine = np.full((60, 60), 1000.0, np.float32)
    fine[20:40, 20:40] = np.nan
    write_tif(tmp_path / "fine.tif", fine, west=1.485, north=42.515, step=0.0005, product="glo30")
    cols = np.arange(30)[None, :] * np.ones((30, 1))
    write_tif(
        tmp_path / "coarse.tif", (1000.0 + 100.0 * cols).astype(np.float32), west=1.35, north=42.65, step=0.01,
        product="srtmgl3",
    )  # fmt: skip
    at = dem_at(1.5, 42.5, open_dem(tmp_path))
    assert at.product.id == "srtmgl3"
    assert at.grid.product.id == "srtmgl3"
    assert at.cell_m[1] == pytest.approx(0.01 * LAT_M, rel=1e-3)
    assert at.slope_tangent > 0.1


# ---------------------------------------------------------------------------------------------------------------------
# Figures of the route
# ---------------------------------------------------------------------------------------------------------------------

ENDS = (place("a", -6000.0), place("b", 6000.0))


def route_findings(figure, source=None, line=None, places=ENDS):
    """Findings on one figure stated about a leg of 12 km."""
    study = study_trek(
        one_leg_trek(list(places), (figure,)), {"a-b": line} if line else {}, source, PARAMETERS
    )  # fmt: skip
    return [f for f in study.findings if f.check in (Check.LINE, Check.STRAIGHT_LINE)]


RECORDED = line_m((-6000.0, 0.0), (6000.0, 0.0))
TILTED = AnalyticSource(plane(2000.0, east=0.05))


@pytest.mark.parametrize(
    ("value", "verdict"),
    # 12 km with 3 % (0.36 km) and rounding to a km (0.29 km): u = 0.46 km
    [
        ("12 km", "agrees"),
        ("12.5 km", "agrees"),
        ("13 km", "doubtful"),
        ("11 km", "doubtful"),
        ("15 km", "differs"),
    ],
)
def test_distance_against_a_recorded_line(value, verdict):
    (finding,) = route_findings(stated("distance", value), line=RECORDED)
    assert finding.estimate == pytest.approx(12_000.0, rel=1e-4)
    assert finding.verdict == verdict
    assert finding.check is Check.LINE


def test_the_narrow_interval_of_a_line_does_not_judge_how_others_measure():
    """With a DEM the line has an interval of half a per cent; a statement 4 % off still agrees."""
    (finding,) = route_findings(stated("distance", "12.5 km"), source=TILTED, line=RECORDED)
    assert finding.verdict is Verdict.AGREES
    assert finding.budget["line"] == pytest.approx(360.0, rel=0.01)


@pytest.mark.parametrize("value", ["8 to 12 km", "12 to 16 km", "9 to 15 km"])
def test_a_range_that_holds_the_distance_agrees(value):
    """docs/trek-file.md: a range is taken at its word. The line is 12.0 km."""
    (finding,) = route_findings(stated("distance", value), line=RECORDED)
    assert finding.verdict is Verdict.AGREES


def test_a_range_that_holds_the_ascent_agrees():
    """The line climbs 600 m."""
    (finding,) = route_findings(stated("ascent", "400 to 800 m"), source=TILTED, line=RECORDED)
    assert finding.verdict is Verdict.AGREES
    (finding,) = route_findings(stated("ascent", "500 to 610 m"), source=TILTED, line=RECORDED)
    assert finding.verdict is Verdict.AGREES


def test_a_schematic_line_supports_no_distance_but_refutes_what_is_too_short():
    """As the crow flies it is 12 km: 13 km may be, 8 km cannot."""
    (longer,) = route_findings(stated("distance", "13 km"))
    (shorter,) = route_findings(stated("distance", "8 km"))
    assert (longer.check, longer.verdict) == (Check.STRAIGHT_LINE, Verdict.UNDECIDED)
    assert "at least 12.0 km, straight lines" in longer.reason_in(Units.METRIC)
    assert shorter.verdict is Verdict.DIFFERS


def test_uncertain_places_excuse_a_short_distance():
    places = (place("a", -6000.0, uncertainty_m=3000.0), place("b", 6000.0, uncertainty_m=3000.0))
    (finding,) = route_findings(stated("distance", "8 km"), places=places)
    assert finding.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("quantity", "value", "verdict"),
    [
        ("ascent", "600 m", "agrees"), ("ascent", "800 m", "agrees"), ("ascent", "900 m", "doubtful"),
        ("ascent", "1100 m", "differs"), ("descent", "0 m", "agrees"),
        ("descent", "600 m", "differs"), ("max_elevation", "2300 m", "agrees"), ("max_elevation", "2700 m", "differs"),
    ],
)  # fmt: skip
def test_climbs_and_highest_point_against_a_plane(quantity, value, verdict):
    """East along a slope of 5 %: 600 m up, nothing down, 2300 m at the end."""
    (finding,) = route_findings(stated(quantity, value), source=TILTED, line=RECORDED)
    assert finding.verdict == verdict


def test_a_stated_climb_may_be_off_as_watches_are():
    """Measured climbs of the six real stretches lie 25 % (rms) from ours: 1.645 times that of 600 m is 247 m."""
    for value, verdict in (
        ("830 m", "agrees"),
        ("860 m", "doubtful"),
        ("370 m", "agrees"),
        ("340 m", "doubtful"),
    ):
        (finding,) = route_findings(stated("ascent", value, rounding=1.0), source=TILTED, line=RECORDED)
        assert finding.verdict == verdict
        assert finding.budget["line"] == pytest.approx(CLIMB_SHARE * 600.0, rel=0.02)


@pytest.mark.parametrize("quantity", ["ascent", "descent", "max_elevation"])
def test_climbs_without_a_dem_are_undecided(quantity):
    (finding,) = route_findings(stated(quantity, "600 m"), line=RECORDED)
    assert finding.verdict is Verdict.UNDECIDED
    assert "no DEM" in finding.reason_in(Units.METRIC)


def test_highest_point_is_named_when_it_is_a_pass_on_the_way():
    places = (place("a", -3000.0), place("col", kind="pass", uncertainty_m=50.0), place("b", 3000.0))
    trek = one_leg_trek(list(places), stated=(stated("max_elevation", "2500 m"),))
    source = AnalyticSource(ridge(saddle_m=2500.0, slope=0.2))
    study = study_trek(trek, {"a-b": line_m((-3000.0, 0.0), (3000.0, 0.0))}, source, PARAMETERS)
    (finding,) = [f for f in study.findings if f.check is Check.LINE]
    assert "Col" in finding.reason_in(Units.METRIC)
    assert finding.verdict in (Verdict.AGREES, Verdict.DOUBTFUL)  # the DEM's cells round the sharp ridge off
    # 0.55 of a crest that is 0.2 x 2/pi x 1.5 cells of 79.6 m sharp
    assert finding.estimate == pytest.approx(2500.0 + 0.55 * 0.2 * 119.4 * 2.0 / np.pi, abs=0.7)


# ---------------------------------------------------------------------------------------------------------------------
# Real passes
# ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lon", "lat", "value", "source"),
    [
        # National Park Service, www.nps.gov/yose/planyourvisit/jmt.htm; position: Halfmile PCT Project
        ("Donohue Pass", -119.248082, 37.760877, "11,056 ft", "National Park Service"),
        # places/sierra_khumbu_passes.csv: 3110 m, position good to about 200 m (chosen because it agreed)
        ("Island Pass", -119.1956, 37.7358, "3110 m", "commonly published"),
    ],
)
def test_passes_of_the_john_muir_trail_agree_with_the_sample_dem(repository, name, lon, lat, value, source):
    dem = open_dem(repository / "data" / "dem" / "john-muir-srtmgl3.tif")
    here = place(
        "pass", kind="pass", name=name, lon=lon, lat=lat, uncertainty_m=100.0,
        stated=(stated("elevation", value, source=source),),
    )  # fmt: skip
    (finding,) = check_place(ground_of(here, dem))
    assert finding.verdict is Verdict.AGREES
    assert finding.basis.endswith("EGM96")


def test_a_wrong_height_of_a_real_pass_differs(repository):
    """A printed 9900 ft for Donohue Pass contradicts every other source by over 1,100 ft."""
    dem = open_dem(repository / "data" / "dem" / "john-muir-srtmgl3.tif")
    here = place(
        "pass", kind="pass", lon=-119.248082, lat=37.760877, uncertainty_m=100.0,
        stated=(stated("elevation", "9900 ft"),),
    )  # fmt: skip
    (finding,) = check_place(ground_of(here, dem))
    assert finding.verdict is Verdict.DIFFERS


def test_a_height_in_the_middle_of_voids_is_undecided_and_can_be_written_as_json():
    """One known cell alone: its slope is unknown, so nothing can be said; no infinite number leaves the analysis."""
    near = 0.5 * SPACING_M
    source = AnalyticSource(plane(2000.0), void=lambda x, y: (np.abs(x) > near) | (np.abs(y) > near))
    findings = check_place(ground_of(place("a", 0.0, stated=(stated("elevation", "2000 m"),)), source))
    assert [finding.verdict for finding in findings] == [Verdict.UNDECIDED]
    json.dumps(findings_data("x", findings), allow_nan=False)
