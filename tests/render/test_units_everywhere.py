"""One system of units in everything that a reader sees, and none of it in what machines read."""

import json
import re
import xml.etree.ElementTree as ET
from html import unescape

import gpxpy
import pytest

from routes.analysis.planning.compare import Side, compare
from routes.analysis.planning.plan import Limits, plan_variant
from routes.analysis.walking.nights import Ascent, judge_nights
from routes.io.export.gpx import variant_gpx
from routes.model.effort import EffortParameters
from routes.model.units import Units
from routes.pipeline import output_texts
from routes.render.page.page import page_html
from routes.render.page.profile import profile_svg
from routes.render.report.trek import report_markdown
from routes.render.words import planning as plan_words
from routes.render.words import walking as effort_words
from tests.builders import place, stated
from tests.render.studies import page_data_of, places_m, study_over_hills, study_without_heights

STRANGE = {
    Units.METRIC: re.compile(r"[\d±]\s*(?:ft|mi|feet|foot|miles?|mph)\b"),
    Units.IMPERIAL: re.compile(r"[\d±]\s*(?:k?m|k?metres?|km/h)\b"),
}
SVG = "{http://www.w3.org/2000/svg}"
STUDIES = pytest.mark.parametrize("make", [study_over_hills, study_without_heights])


def other_than(units):
    """The system that is strange to readers of the other one."""
    return next(other for other in Units if other is not units)


def claimed(**more):
    """Stated figures of every kind, in both units."""
    return {
        "stated": (
            stated("distance", "3.7 mi"), stated("distance", "6 km"), stated("ascent", "650 ft"),
            stated("ascent", "200 m", also="656 ft"), stated("max_elevation", "6,890 ft"),
            stated("max_elevation", "2100 m", also="6,890 ft"),
        ),
        **more,
    }  # fmt: skip


def printed(study):
    """Every figure as somebody printed it, and what is cited on the DEM."""
    figures = [figure for place in study.trek.places for figure in place.stated] + list(study.trek.stated)
    texts = [text for figure in figures for text in (figure.value, figure.also) if text]
    # what may have been meant stands in the unit of what was printed
    causes = [
        likely.text for finding in study.findings if finding.diagnosis for likely in finding.diagnosis.causes
    ]
    told = [(text,) if isinstance(text, str) else text.parts for text in causes]
    texts += [part for parts in told for part in parts if isinstance(part, str) and part]
    return texts + [product.le90_source for product in study.products]


def without(text, study):
    """Text without the figures that stay as printed, longest first."""
    for figure in sorted(printed(study), key=len, reverse=True):
        text = text.replace(figure, "")
    return text


def seen(page):
    """What a reader may see of a page: its text, the drawing's too, and the cards and names in its data."""
    data = page_data_of(page)
    cards = [part[key] for part in (*data["legs"].values(), *data["places"]) for key in ("card", "title", "name")
             if key in part]  # fmt: skip
    assert cards
    body = re.sub(r"<(script|style)[^>]*>.*?</\1>|<!--.*?-->", " ", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", "\n".join((body, *cards))))


@STUDIES
@pytest.mark.parametrize("units", Units)
def test_page_has_one_system_of_units(make, units):
    study = make(**claimed())
    text = without(seen(page_html(study, study.default, units)), study)
    assert not STRANGE[units].findall(text)
    assert len(STRANGE[other_than(units)].findall(text)) > 10  # the scan finds what it looks for


@STUDIES
@pytest.mark.parametrize("units", Units)
def test_report_and_descriptions_have_one_system_of_units(make, units):
    study = make(**claimed())
    gpx = gpxpy.parse(variant_gpx(study, study.default, units))
    told = [part.description or "" for part in (*gpx.tracks, *gpx.waypoints)]
    for text in (report_markdown(study, study.default, units), *told):
        assert not STRANGE[units].findall(without(text, study))
    assert STRANGE[other_than(units)].search(" ".join(told))


@pytest.mark.parametrize("units", Units)
def test_nights_have_one_system_of_units_however_they_are_judged(units):
    heights = (2000.0, 3100.0, 3605.0, 3900.0, 3850.0, 4200.0, 4500.0, 4800.0, 5400.0, None)
    places = [place(f"camp-{i}") for i, _ in enumerate(heights)]
    nights = judge_nights(range(1, 11), places, heights, u_height_m=10.0)
    assert {night.ascent for night in nights} == set(Ascent)
    lines = effort_words.night_lines(nights, units)
    text = "\n".join(lines)
    assert not STRANGE[units].findall(text)
    assert all(STRANGE[other_than(units)].search(line) for line in lines[:-2])  # all but the unknown one


@STUDIES
@pytest.mark.parametrize("units", Units)
def test_plans_and_comparisons_have_one_system_of_units(make, units):
    study = make()
    for limits in (
        Limits(length_m=500.0, ascent_m=3.0),
        Limits(length_m=5e5, time_s=60.0),
        Limits(length_m=6100.0),
    ):
        plan = plan_variant(study, study.default, limits)
        days = [plan_words.on_foot(day, units) for day in plan.days]
        for text in (*plan_words.lines(study.trek, plan, units), *days):
            assert not STRANGE[units].findall(text)
        assert all(STRANGE[other_than(units)].search(day) for day in days)
    side = Side(study=study, variant=study.default)
    rows = compare(side, side, EffortParameters())
    texts = [plan_words.figure(row.first, row, units) for row in rows]
    assert not STRANGE[units].findall(" ".join(texts))
    assert STRANGE[other_than(units)].search(texts[0])


@STUDIES
def test_machines_read_the_same_whatever_the_units(make):
    study = make(**claimed())
    metric, imperial = (output_texts(study, study.default, units) for units in Units)
    assert metric.keys() == imperial.keys()
    for name in ("stats.json", "stats.csv", "verdicts.json"):
        assert metric[name] == imperial[name]
    reasons = [finding["reason"] for finding in json.loads(imperial["verdicts.json"])["findings"]]
    assert not any(STRANGE[Units.METRIC].search(without(reason, study)) for reason in reasons)
    for name in (name for name in metric if name.endswith(".gpx")):
        points = [
            [
                (point.longitude, point.latitude, point.elevation)
                for point in (*gpx.waypoints, *(p for t in gpx.tracks for s in t.segments for p in s.points))
            ]
            for gpx in (gpxpy.parse(texts[name]) for texts in (metric, imperial))
        ]
        assert points[0] == points[1]


@STUDIES
@pytest.mark.parametrize("units", Units)
def test_ticks_are_round_in_the_readers_unit(make, units):
    study = make()
    svg = ET.fromstring(profile_svg(study, study.default, units))  # noqa: S314 - our own text
    texts = [(element.text, element) for element in svg.iter(f"{SVG}text")]
    for unit, axis, sign in ((units.height_unit, "y", -1.0), (units.length_unit, "x", 1.0)):
        marks = [
            (float(text.removesuffix(f" {unit}").replace(",", "")), float(element.get(axis)))
            for text, element in texts
            if re.fullmatch(rf"[\d,.]+ {unit}", text)
        ]
        assert len(marks) >= 3
        (first, at), *_, (last, end) = marks
        step = (last - first) / (len(marks) - 1)
        assert re.fullmatch(r"[125]0*|0\.0*[125]", f"{step:.9g}")
        assert all(value / step == pytest.approx(round(value / step)) for value, _ in marks)
        places = [at + (value - first) / (last - first) * (end - at) for value, _ in marks]
        assert [place for _, place in marks] == pytest.approx(places, abs=0.11)
        assert sign * (end - at) > 0.0


@pytest.mark.parametrize(("units", "foot"), [(Units.METRIC, 1.0), (Units.IMPERIAL, 0.3048)])
def test_dot_of_a_stated_height_stands_where_the_axis_says(units, foot):
    """The start is stated as 2000 m."""
    study = study_without_heights()
    svg = ET.fromstring(profile_svg(study, study.default, units))  # noqa: S314 - our own text
    ticks = [
        (float(e.text.split()[0].replace(",", "")) * foot, float(e.get("y")) - 4.0)
        for e in svg.iter(f"{SVG}text")
        if re.fullmatch(r"[\d,]+ (?:m|ft)", e.text)
    ]
    (low, y_low), *_, (high, y_high) = ticks
    dot = next(dot for dot in svg.iter(f"{SVG}circle") if dot.find(f"{SVG}title").text.startswith("Start"))
    assert float(dot.get("cy")) == pytest.approx(
        y_low + (2000.0 - low) / (high - low) * (y_high - y_low), abs=0.2
    )


def test_verdict_tells_a_figure_of_the_other_unit_in_the_readers():
    """6,562 ft is 2000.1 m; the hills have 2000 m there, and 2000 m is 6561.7 ft."""
    study = study_over_hills()
    reasons = {
        units: [
            finding.reason_in(units)
            for finding in study.findings
            if finding.subject == "gap" and finding.check.value == "dem"
        ]
        for units in Units
    }
    assert reasons[Units.METRIC][0].startswith("6,562 ft is 2000 m. DEM 2000 m, ± ")
    assert reasons[Units.IMPERIAL][0].startswith("DEM 6,562 ft, ± ")
    assert places_m()[2].stated[0].value == "6,562 ft"
