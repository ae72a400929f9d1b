"""The profile drawing."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routes.analysis.figures.profile import ProfileParameters
from routes.analysis.study import study_trek
from routes.model.kinds import Provenance
from routes.model.track import Line
from routes.render.page.profile import profile_svg
from routes.render.page.profile_labels import Label, placed_labels
from routes.render.page.profile_marks import outline
from tests.analytic import AnalyticSource, plane
from tests.builders import day, leg, line_m, place, trek
from tests.render.studies import (
    HOSTILE,
    hills,
    hostile_study,
    places_m,
    study_over_hills,
    study_without_heights,
    two_days,
)

SVG = "{http://www.w3.org/2000/svg}"


def drawn(study):
    return ET.fromstring(profile_svg(study, study.default))  # noqa: S314 - our own text


def texts(svg):
    return [element.text for element in svg.iter(f"{SVG}text")]


def test_without_heights_the_stated_ones_are_joined_by_a_dashed_line_and_said_so():
    svg = drawn(study_without_heights())
    assert [path.get("stroke-dasharray") for path in svg.iter(f"{SVG}path")].count("7 5") == 2
    assert any("Stated heights, not measured" in text for text in texts(svg))
    dots = [dot.find(f"{SVG}title").text for dot in svg.iter(f"{SVG}circle")]
    assert dots == ["Start: 2000 m (A guide)", "Gap & Col: 6,562 ft (A guide)", "Camp: 1,950 m (A guide)",
                    "Camp: 2050 m (A guide)"]  # fmt: skip
    assert "Camp 1950 to 2050 m" in texts(svg)


def test_with_heights_the_line_is_solid_and_rises_as_the_hills_do():
    """Hills of 100 m amplitude: 1900 to 2100 m."""
    svg = drawn(study_over_hills())
    assert not [path for path in svg.iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert any(text.startswith("Heights from analytic terrain") for text in texts(svg))
    assert "Gap & Col 2000 m" in texts(svg)
    assert "Day 1" in texts(svg)
    assert "19" in re.search(r"from (\d+) to (\d+) m", svg.find(f"{SVG}desc").text)[1]
    assert not any("modelled" in text for text in texts(svg))


def test_band_of_heights_holds_what_the_dem_may_be_off():
    """Level ground, whose standard uncertainty is 1 m: P10 and P90 of a normal error lie 1.2816 m off."""
    lines = {"up": line_m((-3000.0, 0.0), (0.0, 0.0)), "down": line_m((0.0, 0.0), (3000.0, 0.0))}
    study = study_trek(trek(places_m(), two_days()), lines, AnalyticSource(plane()), ProfileParameters())
    bands = [curve.band_m for curve in outline(study, study.default).curves]
    # smoothing along the way takes away some of what changes from cell to cell
    for low, high in bands:
        assert 0.85 * 1.2816 < float((2000.0 - low).mean()) < 1.05 * 1.2816
        assert 0.85 * 1.2816 < float((high - 2000.0).mean()) < 1.05 * 1.2816
    svg = drawn(study)
    assert [path for path in svg.iter(f"{SVG}path") if path.get("fill-opacity") == ".22"]
    assert "(P10 to P90)" in svg.find(f"{SVG}desc").text


def test_modelled_line_is_called_modelled():
    places = [place("a", -2000.0), place("b", 2000.0)]
    study = study_trek(trek(places, [day(1, leg("a-b", "a", "b"))]), {}, hills())
    assert any("modelled lines, which nobody recorded" in text for text in texts(drawn(study)))
    # where the trail runs is not known well enough for a band of its heights
    assert outline(study, study.default).curves[0].band_m is None


@pytest.mark.parametrize("source", [hills(), None])
def test_a_modelled_line_is_drawn_as_long_as_its_trail(source):
    """Its figures are those of the trail; the drawing has no gap where one leg ends and the next one begins."""
    places = [place("a", -2000.0), place("b", 0.0), place("c", 2000.0)]
    legs = (leg("a-b", "a", "b"), leg("b-c", "b", "c"))
    modelled = {key: Line(line.segments, Provenance.MODELLED, "least-time path", 300.0) for key, line in (
        ("a-b", line_m((-2000.0, 0.0), (0.0, 0.0))), ("b-c", line_m((0.0, 0.0), (2000.0, 0.0)))
    )}  # fmt: skip
    study = study_trek(trek(places, [day(1, *legs)]), modelled, source)
    shape = outline(study, study.default)
    assert shape.length_m == pytest.approx(study.default.totals.walking_m.value)
    assert shape.length_m > 4100.0
    assert [mark.along_m for mark in shape.marks] == pytest.approx(
        [0.0, 0.5 * shape.length_m, shape.length_m], abs=30.0
    )
    if source is not None:
        assert [(curve.along_m[0], curve.along_m[-1]) for curve in shape.curves] == [
            (pytest.approx(0.0), pytest.approx(0.5 * shape.length_m)),
            (pytest.approx(0.5 * shape.length_m), pytest.approx(shape.length_m)),
        ]


def test_drawing_is_named_and_not_stretched():
    svg = drawn(study_over_hills())
    assert svg.get("role") == "img"
    assert svg.get("viewBox")
    assert svg.get("preserveAspectRatio") is None
    ids = {element.get("id") for element in (svg.find(f"{SVG}title"), svg.find(f"{SVG}desc"))}
    assert ids == set(svg.get("aria-labelledby").split())


def test_hostile_names_stay_text():
    svg = drawn(hostile_study())
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} <= {
        "svg", "title", "desc", "g", "rect", "path", "text", "circle"
    }  # fmt: skip
    assert HOSTILE[0] in svg.find(f"{SVG}title").text


def test_ride_between_two_hikes_breaks_the_dashed_line():
    study = study_without_heights()
    places = study.trek.places
    days = [
        day(
            1, leg("one", "start", "gap"), leg("ride", "gap", "camp", mode="bus"), leg("two", "camp", "start")
        )
    ]
    broken = study_trek(trek(places, days), {})
    dashed = [path for path in drawn(broken).iter(f"{SVG}path") if path.get("stroke-dasharray")]
    assert len(dashed) == 2


@pytest.mark.parametrize("mode", ["bus", "hike"])
def test_nothing_to_draw_is_no_drawing(mode):
    study = study_trek(trek([place("a", -1.0), place("b", 1.0)], [day(1, leg("x", "a", "b", mode=mode))]), {})
    assert profile_svg(study, study.default) == ""


@given(
    st.lists(
        st.tuples(st.text("abcdefg", min_size=1, max_size=30), st.floats(0, 800), st.integers(0, 3)),
        max_size=14,
    )
)
def test_names_never_meet_and_no_line_crosses_one(rows):
    placed = placed_labels([Label(*row) for row in rows], 0.0, 800.0)
    for i, a in enumerate(placed):
        assert 0.0 <= a.left <= a.label.x + 1e-9
        assert a.label.x - 1e-9 <= a.right <= 800.0
        for b in placed[:i]:
            if a.row == b.row:
                assert a.right <= b.left or b.right <= a.left
            else:
                upper, lower = (a, b) if a.row > b.row else (b, a)
                assert not lower.left < upper.label.x < lower.right
