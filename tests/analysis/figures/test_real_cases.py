"""Small inputs whose figures came out wrong once: files and treks of ROUTES_TEST_DATA, folder ``cases``."""

import numpy as np
import pytest

import routes
from routes.analysis.figures.height_sources import HeightSource
from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.track import study_track
from routes.io.tracks.reader import read_track_file
from routes.model.kinds import Provenance
from routes.model.track import Line
from tests.analytic import LAT0, LAT_M, AnalyticSource


def track(test_data, name, source=None):
    file = read_track_file(test_data / "cases" / "gpx" / name, is_quiet=True)
    line = Line(file.segments(), Provenance.RECORDED, "a file")
    return study_track(line, source, ProfileParameters())


@pytest.mark.parametrize(
    ("name", "ascent_m", "low_m", "told"),
    [
        ("ele_-32768.gpx", 28.5, 1000.0, "1 void code instead of a height"),  # 1000 to 1029 m, one point void
        ("leading_zero_ele.gpx", 150.0, 1040.0, "4 heights of 0, far from all others"),
        ("first_height_bogus.gpx", 0.0, 488.6, "1 wrong height at an end"),
    ],
)
def test_heights_that_are_none_make_no_climb_and_are_told(test_data, name, ascent_m, low_m, told):
    found = track(test_data, name)
    assert found.study.ascent_m.value == pytest.approx(ascent_m, abs=1.0)
    assert found.study.low_m == pytest.approx(low_m, abs=0.1)
    assert found.warnings[0].startswith(told)


def test_a_void_code_does_not_move_the_bias_of_a_file(test_data, recwarn):
    """Over ground 2 m above the file's heights; nothing of numpy's leaks."""
    file = read_track_file(test_data / "cases" / "gpx" / "dem_void_code.gpx", is_quiet=True)
    (segment,) = file.segments()
    good = segment.ele_m > 0.0

    def ground(_, north_m):
        return np.interp(LAT0 + north_m / LAT_M, segment.lat_deg[good], segment.ele_m[good]) + 2.0

    found = track(test_data, "dem_void_code.gpx", AnalyticSource(ground))
    assert found.study.recorded.bias_m == pytest.approx(-2.0, abs=0.1)
    assert found.warnings[0].startswith("1 void code instead of a height")
    assert not recwarn.list


def only_leg(test_data, name, dem):
    study = routes.study_file(test_data / "cases" / "trek" / name, dem=str(dem), offline=True)
    (leg,) = study.legs
    for totals in (study.default.totals, study.days[0].totals):
        assert (totals.ascent_m, totals.descent_m) == (leg.ascent_m, leg.descent_m)
    return study, leg


def closes(leg):
    ends = sum(float(profile.height_m[-1] - profile.height_m[0]) for profile in leg.profiles)
    assert leg.ascent_m.value - leg.descent_m.value == pytest.approx(ends, abs=1e-6)
    return ends


def test_a_modelled_walk_down_closes_and_may_climb_a_little(test_data):
    _, leg = only_leg(test_data, "all-down.toml", test_data / "dem" / "sierra_srtmgl3.tif")
    assert closes(leg) == pytest.approx(-403.2, abs=1.0)
    assert 5.0 < leg.ascent_m.value < 30.0
    assert leg.ascent_m.p10 == 0.0
    assert leg.ascent_m.p90 > 40.0
    assert leg.descent_m.p10 < 403.0 < leg.descent_m.p90


def test_a_pass_road_climbs_what_its_ends_and_its_file_say(test_data):
    """The road hardly descends; the coarse DEM alone climbs 110 m more."""
    study, leg = only_leg(test_data, "road-climb.toml", test_data / "dem" / "N46E008.tif")
    closes(leg)
    assert 1300.0 < leg.ascent_m.value < 1345.0
    assert leg.recorded.source is HeightSource.MAP
    assert leg.recorded.dem_ascent_m == pytest.approx(1449.0, abs=5.0)
    assert any("Combined: ascent 1341 m by the file and 1449 m by the DEM" in note for note in study.notes)


def test_without_a_dem_the_heights_of_the_file_serve(test_data):
    study, leg = only_leg(test_data, "road-climb.toml", "none")
    closes(leg)
    assert leg.ascent_m.value == pytest.approx(1341.0, abs=2.0)
    assert leg.effort.times_s
    assert leg.high_estimate_m is None
    assert study.notes[-1].startswith("No DEM covers this trek: heights of places and verdicts")


def test_one_void_cell_is_bridged_and_told(test_data):
    study, leg = only_leg(test_data, "one_void.toml", test_data / "cases" / "trek" / "one_void.tif")
    closes(leg)
    assert leg.ascent_m.value == pytest.approx(780.0, abs=2.0)
    assert leg.effort.times_s
    assert leg.high_estimate_m is not None
    assert any("bridged, and the ranges are wider" in note for note in study.notes)


def test_ranges_of_modelled_days_hold_the_paths_of_openstreetmap(test_data):
    """Lengths along OpenStreetMap's paths: 9.5, 9.0 and 8.7 km (cases/README.md)."""
    path = test_data / "cases" / "trek" / "andorra" / "andorra-modelled.toml"
    study = routes.study_file(path, dem=str(test_data / "dem" / "N42E001.hgt.zip"), offline=True)
    lengths = [day.totals.walking_m for day in study.days]
    for length, true_m in zip(lengths, (9500.0, 9000.0, 8700.0), strict=True):
        assert length.p10 <= true_m <= length.p90
        assert length.p90 < 1.5 * true_m  # wide enough is not everything
