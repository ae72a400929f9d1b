"""Verdicts on true heights of real saddles and summits: the rates that are asked for."""

from collections import Counter

import pytest

from benchmarks.accuracy.validate_sets import andorra_2025, japan, named_dem
from routes.analysis.verdicts.finding import Verdict
from routes.dem.folder import open_dem
from routes.model.kinds import PlaceKind


def counted(cases, off_m=0.0):
    return Counter(case.verdict(off_m).verdict for case in cases)


@pytest.fixture(scope="module")
def fuji(test_data):
    with named_dem(test_data / "truth" / "dem" / "fuji_srtm3.tif", "srtm3") as dem:
        yield dem


def test_true_heights_of_japanese_saddles_agree_nine_times_in_ten(test_data, fuji):
    """90 saddles, one on a void: the 95 % binomial interval of 90 is 77 to 85; at most one differs."""
    counts = counted(japan(test_data, "saddles", fuji))
    assert sum(counts.values()) == 90
    assert 77 <= counts[Verdict.AGREES] <= 85
    assert counts[Verdict.DIFFERS] <= 1
    assert counts[Verdict.UNDECIDED] <= 1


def test_planted_errors_are_caught(test_data, fuji):
    """Of 30 m 85 % at least, and 97 % of 60 m differ: 153 and 174.6 of 180 (two lie on a void)."""
    cases = japan(test_data, "saddles", fuji)
    small, large = (counted(cases, by) + counted(cases, -by) for by in (30.0, 60.0))
    assert small[Verdict.DOUBTFUL] + small[Verdict.DIFFERS] >= 153
    assert large[Verdict.DIFFERS] >= 175


def test_true_heights_of_japanese_summits_agree(test_data, fuji):
    """85 to 95 % of 112."""
    counts = counted(japan(test_data, "summits", fuji))
    assert sum(counts.values()) == 112
    assert 96 <= counts[Verdict.AGREES] <= 106


def test_true_heights_of_andorran_passes_agree_without_a_fit(test_data):
    """91 passes of OpenStreetMap in 2025: 76 is the 2.5 % quantile of what 90 % give."""
    pytest.importorskip("osmium", reason="pyosmium reads the extract (pip install trek-routes[osm])")
    counts = counted(andorra_2025(test_data, PlaceKind.PASS, open_dem(test_data / "dem" / "N42E001.hgt.zip")))
    assert sum(counts.values()) == 91
    assert counts[Verdict.AGREES] >= 76
    assert counts[Verdict.DIFFERS] <= 3
    assert counts[Verdict.UNDECIDED] == 0
