"""Passes that are given only by the two places that they part."""

import gzip
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from routes.analysis.passes.between import find_positions, passes_between
from routes.analysis.passes.ground import ground_of
from routes.analysis.passes.saddles import study_pass
from routes.analysis.study import study_trek
from routes.analysis.verdicts.finding import Verdict
from routes.analysis.verdicts.heights import check_place
from routes.analysis.windows import need_of
from routes.dem.folder import open_dem
from routes.errors import TraceError, TrekFileError
from routes.io.trek.read import parse_trek
from routes.kernel.geodesy import distance_m
from routes.model.units import Units
from tests.analytic import AnalyticSource, at_m, local_m, plane
from tests.builders import place

FINE = 1.0 / 3600.0


def ridge_of(*saddles, between_m=300.0):
    """A rounded ridge along the meridian whose saddles have given northings and heights, 2400 m at its tops."""

    def height(x, y):
        crest = 2400.0 + 0.0 * y
        for north, level in saddles:
            crest = crest - (2400.0 - level) * np.exp(-(((y - north) / between_m) ** 2))
        return crest - 0.25 * (np.hypot(x, 150.0) - 150.0)

    return AnalyticSource(height, spacing_deg=FINE)


def villages(north_m=0.0):
    return place("a", -1800.0, north_m), place("b", 1800.0, north_m)


def test_the_pass_of_a_ridge_is_found_without_a_position():
    (found,) = passes_between(*villages(), ridge_of((400.0, 2200.0)))
    assert local_m(found.lon, found.lat) == (pytest.approx(0.0, abs=40.0), pytest.approx(400.0, abs=60.0))
    assert found.height_m == pytest.approx(2200.0, abs=3.0)
    assert found.detour_share == pytest.approx(0.0, abs=0.02)


def test_several_passes_are_all_listed_the_least_detour_first():
    found = passes_between(*villages(), ridge_of((700.0, 2200.0), (-500.0, 2190.0)))
    assert [round(float(local_m(c.lon, c.lat)[1]), -2) for c in found] == [-500.0, 700.0]
    assert found[0].detour_share < found[1].detour_share <= 0.2


def test_valleys_that_meet_downstream_do_not_hide_the_pass():
    """Round the southern end of the ridge the way is level: a lowest way would lead there, and its top be a village."""

    def height(x, y):
        ridge = 2100.0 - 200.0 * np.exp(-((y / 300.0) ** 2)) - 0.35 * (np.hypot(x, 150.0) - 150.0)
        ridge = np.where(y < -3500.0, ridge - 0.8 * (-3500.0 - y), ridge)
        return np.maximum(ridge, 1500.0 + 0.02 * (y + 6000.0) + 1e-4 * np.abs(x))

    a, b = place("a", -2000.0, 0.0), place("b", 2000.0, 500.0)
    source = AnalyticSource(height, spacing_deg=FINE)
    found = passes_between(a, b, source)
    assert len(found) == 1
    assert found[0].height_m == pytest.approx(1900.0, abs=3.0)
    ends = source.sample([a.lon, b.lon], [a.lat, b.lat]).height_m
    assert found[0].height_m > ends.max() + 20.0


def test_no_pass_where_no_ridge_parts_the_places():
    assert passes_between(*villages(), AnalyticSource(plane(2000.0, north=0.1))) == ()


def test_a_dem_that_does_not_hold_both_places_says_so():
    source = AnalyticSource(plane(), inside=lambda x, _: x > 1e6)
    with pytest.raises(TraceError, match="no heights between A and B"):
        passes_between(*villages(), source)


TREK = """
id = "t"
name = "T"
country = "Andorra"
region = "Ordino"
time_zone = "Europe/Andorra"
summary = "For tests."
source = "Made for tests"

[[places]]
id = "a"
name = "A"
kind = "village"
lon = {a[0]}
lat = {a[1]}
position_uncertainty_m = 50
position_source = "made"

[[places]]
id = "b"
name = "B"
kind = "village"
lon = {b[0]}
lat = {b[1]}
position_uncertainty_m = 50
position_source = "made"

[[places]]
id = "col"
name = "The Col"
kind = "pass"
between = ["a", "b"]
{more}
[[places.stated]]
quantity = "elevation"
value = "2200 m"
source = "A guide"

[[days]]
number = 1
title = "One"

[[days.legs]]
id = "a-b"
from = "a"
to = "b"
mode = "hike"
via = ["col"]
"""


def trek_file(more=""):
    a, b = (tuple(float(v) for v in at_m(x, 0.0)) for x in (-1800.0, 1800.0))
    return parse_trek(TREK.format(a=a, b=b, more=more), "t.toml")


def test_a_trek_file_may_leave_the_position_out():
    trek = trek_file()
    col = trek.place("col")
    assert col.is_sought
    assert local_m(col.lon, col.lat) == (pytest.approx(0.0, abs=0.1), pytest.approx(0.0, abs=0.1))
    assert col.position_uncertainty_m == pytest.approx(1800.0, rel=1e-3)
    west, south, east, north = np.array(need_of(trek, {})).T
    for spot in ("a", "b"):
        at = trek.place(spot)
        assert ((west < at.lon) & (at.lon < east) & (south < at.lat) & (at.lat < north)).any()


def test_it_is_found_before_the_study_with_its_own_uncertainty_and_source():
    source = ridge_of((700.0, 2200.0), (-500.0, 2190.0))
    found = find_positions(trek_file(), source)
    (note,) = found.notes
    col = found.trek.place("col")
    assert not col.is_sought
    assert local_m(col.lon, col.lat) == (pytest.approx(0.0, abs=40.0), pytest.approx(-500.0, abs=60.0))
    assert col.position_uncertainty_m == pytest.approx(1200.0, abs=80.0)
    assert "2 passes may be meant" in col.position_source
    assert "The Col was found between A and B" in note
    study = study_trek(found.trek, {}, source, found=found.candidates)
    assert {len(passing.candidates) for passing in study.passes} == {2}
    (finding,) = [f for f in study.findings if f.subject == "col"]
    assert finding.verdict is Verdict.AGREES
    assert finding.budget["position"] == pytest.approx(10.0 / 2.0**0.5, abs=1.0)
    assert "pass of the least detour between its two places" in str(finding.reason)
    told = finding.notes_in(Units.METRIC)
    assert sum("saddle that may be meant" in note.lower() for note in told) == 2
    assert not any("given position" in note for note in told)


def test_a_saddle_that_parts_other_places_does_not_count_where_no_position_was_given():
    """Behind a knoll on the slope, no farther from the best candidate than the other one, is none of the two."""
    ridge = ridge_of((1200.0, 2200.0), (-600.0, 2190.0))

    def height(x, y):
        return ridge.height(x, y) + np.maximum(250.0 - 0.6 * np.hypot(x - 1000.0, y + 2200.0), 0.0)

    source = AnalyticSource(height, spacing_deg=FINE)
    notch = place("notch", 584.0, -2200.0, kind="pass", uncertainty_m=100.0)
    assert study_pass(notch, source).candidates
    found = find_positions(trek_file(), source)
    col = found.trek.place("col")
    assert distance_m([col.lon], [col.lat], [notch.lon], [notch.lat])[0] < col.position_uncertainty_m
    (passing,) = study_trek(found.trek, {}, source, found=found.candidates).passes
    assert [round(saddle.height_m, -1) for saddle in passing.candidates] == [2190.0, 2200.0]


def test_passes_of_very_different_height_leave_the_figure_undecided_and_say_how_many_there_are():
    source = ridge_of((700.0, 2330.0), (-500.0, 2190.0))
    found = find_positions(trek_file(), source)
    study = study_trek(found.trek, {}, source, found=found.candidates)
    (finding,) = [f for f in study.findings if f.subject == "col"]
    assert finding.verdict is Verdict.UNDECIDED
    assert "2 passes may be meant" in str(finding.reason)
    assert finding.budget["position"] == pytest.approx(140.0 / 2.0**0.5, rel=0.05)
    (fits,) = [note for note in finding.notes_in(Units.METRIC) if "stated height" in note]
    assert fits.startswith("Of the 2 passes that may be meant, the stated height fits 1: 2190 m (")


@pytest.mark.parametrize(
    ("source", "said"), [(None, "needs a DEM"), (AnalyticSource(plane()), "shows no pass between them")]
)
def test_what_is_not_found_stays_half_way_and_is_undecided(source, said):
    found = find_positions(trek_file(), source)
    (note,) = found.notes
    assert said in note
    assert found.trek.place("col").is_sought
    assert not found.candidates
    (finding,) = check_place(ground_of(found.trek.place("col"), source))
    assert finding.verdict is Verdict.UNDECIDED
    assert "position is not known" in str(finding.reason)


def test_a_position_given_in_part_is_an_error():
    with pytest.raises(TrekFileError, match=r"places\.2 \(col\)\.lat: this key is required"):
        trek_file("lon = 1.5\n")


@pytest.mark.parametrize(
    ("between", "said"),
    [
        ('["a", "nowhere"]', r"unknown place 'nowhere'; known places: a, b, col"),
        ('["a", "col"]', r"lies between two others"),
        ('["a", "a"]', r"lies between two others"),
        ('["a", "second"]', r"'second' has no position of its own either"),
    ],
)
def test_what_a_place_cannot_lie_between_is_named_with_the_file_and_the_place(between, said):
    text = TREK.format(a=(1.5, 42.5), b=(1.6, 42.5), more="").replace('["a", "b"]', between)
    if "second" in between:
        other = '[[places]]\nid = "second"\nname = "S"\nkind = "pass"\nbetween = ["a", "b"]\n\n[[days]]'
        text = text.replace("[[days]]", other, 1)
    with pytest.raises(TrekFileError, match=r"^t\.toml: places\.2 \(col\)\.between: .*" + said):
        parse_trek(text, "t.toml")


@pytest.mark.parametrize("between", ['["a"]', '["a", "b", "a"]', '"a"', '["a", 3]'])
def test_between_is_two_ids(between):
    text = TREK.format(a=(1.5, 42.5), b=(1.6, 42.5), more="").replace('["a", "b"]', between)
    with pytest.raises(TrekFileError, match=r"places\.2 \(col\)\.between: give the ids of two places"):
        parse_trek(text, "t.toml")


@pytest.fixture(scope="module")
def named(request):
    """Positions of the named places and passes of Andorra in OpenStreetMap's extract (2013)."""
    test_data = request.getfixturevalue("test_data")
    found = {}
    with gzip.open(test_data / "places" / "andorra.osm.gz") as file:
        for _, node in ET.iterparse(file):  # noqa: S314 - our own test data
            if node.tag == "node":
                tags = {tag.get("k"): tag.get("v") for tag in node}
                if "name" in tags and ("place" in tags or "mountain_pass" in tags or "ele" in tags):
                    found[tags["name"]] = float(node.get("lon")), float(node.get("lat"))
                node.clear()
    return found


@pytest.mark.parametrize(
    ("first", "second", "name"),
    # positions and the pass itself from the extract; the road CS-240 and the path over Coll d'Arenys join them
    [("Ordino", "Canillo", "Col d'Ordino"), ("el Serrat", "el Tarter", "Col d'Arenys")],
)
def test_known_passes_between_villages_of_andorra(test_data, named, first, second, name):
    source = open_dem(test_data / "dem" / "N42E001.hgt.zip")
    ends = [place(key.lower().replace(" ", "-"), name=key, lon=named[key][0], lat=named[key][1])
            for key in (first, second)]  # fmt: skip
    found = passes_between(*ends, source)
    away = distance_m([named[name][0]], [named[name][1]], [c.lon for c in found], [c.lat for c in found])
    assert away[0] <= 130.0  # the least detour of all candidates
    heights = source.sample([end.lon for end in ends], [end.lat for end in ends]).height_m
    assert all(c.height_m > heights.max() + 20.0 for c in found)


@pytest.mark.parametrize(
    ("first", "second", "name"),
    # villages that the water from either side of the pass runs by first: benchmarks/accuracy/validate_between.py
    [
        ("Meritxell", "Segudet", "Col d'Ordino"),
        ("Canillo", "Llorts", "Col d'Arenys"),
        ("Mas d'en Soler", "Mas de Ribafeta", "Coll de les Cases"),
    ],
)
def test_a_known_pass_is_among_those_that_a_trek_finds_between_two_villages(
    test_data, named, first, second, name
):
    """Whatever else is found, the figure of the right pass is never called wrong, and the pass is pointed out."""
    trek = parse_trek(TREK.format(a=named[first], b=named[second], more=""), "t.toml")
    heights = {"Col d'Ordino": "1987 m", "Col d'Arenys": "2550 m", "Coll de les Cases": "1965 m"}
    figure = replace(trek.place("col").stated[0], value=heights[name], rounding=1.0)
    col = replace(trek.place("col"), stated=(figure,))
    trek = replace(trek, places=tuple(col if p.id == "col" else p for p in trek.places))
    source = open_dem(test_data / "dem" / "N42E001.hgt.zip")
    found = find_positions(trek, source)
    passes = found.candidates["col"]
    away = distance_m([named[name][0]], [named[name][1]], [c.lon for c in passes], [c.lat for c in passes])
    assert away.min() <= 135.0  # the diagonal of a cell and 20 m
    study = study_trek(found.trek, {}, source, found=found.candidates)
    (finding,) = [f for f in study.findings if f.subject == "col"]
    assert finding.verdict in (Verdict.AGREES, Verdict.DOUBTFUL, Verdict.UNDECIDED)
    best = passes[int(np.argmin(away))]
    assert any(f"({best.lon:.5f}, {best.lat:.5f})" in note for note in finding.notes_in(Units.METRIC))
