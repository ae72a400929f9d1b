"""Profile and map, linked both ways, by mouse, touch and keyboard; its sums against those of Python."""

import json

import numpy as np
import pytest

from routes.analysis.study import study_trek
from routes.kernel.geodesy import cumulative_distance_m
from routes.kernel.profile import ascent_descent_m
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from routes.model.units import Units
from routes.render.page.page import page_html
from tests.analytic import AnalyticSource, at_m, plane, sine_hills
from tests.builders import line_m, trek
from tests.render.conftest import page_of
from tests.render.studies import page_data_of, places_m, study_over_hills, study_without_heights, two_days

LENGTH_M = 6000.0
"""Length of the hikes of `study_over_hills`, which run from west to east."""


@pytest.fixture
def page(opened):
    return opened(page_of(study_over_hills()))


def slider_of(page):
    return page.locator(".slider:visible")


def along(page, share, down=0.5):
    """Position on the screen of a share of the profile's length."""
    slider_of(page).scroll_into_view_if_needed()
    frame = slider_of(page).bounding_box()
    return frame["x"] + share * frame["width"], frame["y"] + down * frame["height"] * 0.8


def cursor_m(page):
    return page.evaluate("routesPage.cursor.x")


def stretch_m(page):
    return page.evaluate("[routesPage.cursor.from, routesPage.cursor.to]")


def touch(session, kind, *points):
    """A touch of one or more fingers, sent as the browser itself would."""
    session.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]},
    )


def test_mouse_moves_the_cursor_and_the_spot_on_the_map(page):
    page.mouse.move(*along(page, 0.25))
    assert cursor_m(page) == pytest.approx(0.25 * LENGTH_M, abs=10.0)
    # hills of 100 m amplitude and 2 km length from -3000 m: a quarter of the way, at -1500 m, is on top
    assert page.locator("#readout").inner_text().startswith("Day 1 · 1.5 km · 2099 m · gradient")
    spot = page.evaluate(
        "(() => { const p = document.querySelector('.leaflet-cursor-pane path').getBoundingClientRect();"
        " const b = routesMap.getContainer().getBoundingClientRect();"
        " const at = routesMap.containerPointToLatLng([p.x + p.width / 2 - b.x, p.y + p.height / 2 - b.y]);"
        " return [at.lng, at.lat]; })()"
    )
    assert spot == pytest.approx([float(v) for v in at_m(-1500.0, 0.0)], abs=3e-4)
    page.mouse.move(*along(page, 0.75))
    assert cursor_m(page) == pytest.approx(0.75 * LENGTH_M, abs=10.0)


def test_shift_and_drag_select_a_stretch(page):
    page.mouse.move(*along(page, 0.2))
    page.keyboard.down("Shift")
    page.mouse.down()
    page.mouse.move(*along(page, 0.5), steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    assert stretch_m(page) == pytest.approx([0.2 * LENGTH_M, 0.5 * LENGTH_M], abs=12.0)
    assert (
        page.locator("#selected").inner_text().startswith("Stretch 1.2 km \N{EN DASH} 3.0 km: 1.8 km · up ")
    )
    assert page.locator(".drawing.wide .chosen").is_visible()
    page.mouse.move(*along(page, 0.9))
    assert stretch_m(page) == pytest.approx([0.2 * LENGTH_M, 0.5 * LENGTH_M], abs=12.0)
    page.get_by_role("button", name="Clear the stretch").click()
    assert stretch_m(page) == [None, None]
    assert page.locator("#selected").inner_text() == ""


def test_keys_move_select_and_clear(page):
    slider = slider_of(page)
    slider.focus()
    assert slider.get_attribute("role") == "slider"
    assert (slider.get_attribute("aria-valuemin"), slider.get_attribute("aria-valuemax")) == ("0", "6000")
    page.keyboard.press("ArrowRight")
    assert cursor_m(page) == pytest.approx(30.0)
    assert slider.get_attribute("aria-valuenow") == "30"
    assert slider.get_attribute("aria-valuetext").startswith("Day 1 · 30 m · 199")
    for key, where in (
        ("End", 6000.0),
        ("PageDown", 5700.0),
        ("ArrowLeft", 5670.0),
        ("Home", 0.0),
        ("ArrowUp", 30.0),
    ):
        page.keyboard.press(key)
        assert cursor_m(page) == pytest.approx(where, abs=0.1)
    for _ in range(3):
        page.keyboard.press("Shift+PageUp")
    assert stretch_m(page) == pytest.approx([30.0, 930.0], abs=0.1)
    page.keyboard.press("Shift+ArrowLeft")
    assert stretch_m(page) == pytest.approx([30.0, 900.0], abs=0.1)
    page.keyboard.press("Escape")
    assert stretch_m(page) == [None, None]


def test_touch_drags_the_cursor_and_two_fingers_select(opened):
    page = opened(page_of(study_over_hills()), width=360, height=740, has_touch=True, is_mobile=True)
    fingers = page.context.new_cdp_session(page)
    touch(fingers, "touchStart", along(page, 0.1))
    touch(fingers, "touchMove", along(page, 0.4))
    assert cursor_m(page) == pytest.approx(0.4 * LENGTH_M, abs=25.0)
    touch(fingers, "touchEnd")
    touch(fingers, "touchStart", along(page, 0.3), along(page, 0.6))
    before = slider_of(page).bounding_box()
    touch(fingers, "touchMove", along(page, 0.2), along(page, 0.7))
    assert slider_of(page).bounding_box() == before  # nothing moves under the fingers
    assert stretch_m(page) == pytest.approx([0.2 * LENGTH_M, 0.7 * LENGTH_M], abs=25.0)
    touch(fingers, "touchEnd")


def test_button_selects_by_touch_with_one_finger(opened):
    page = opened(page_of(study_over_hills()), width=360, height=740, has_touch=True, is_mobile=True)
    fingers = page.context.new_cdp_session(page)
    button = page.get_by_role("button", name="Select a stretch")
    button.tap()
    assert button.get_attribute("aria-pressed") == "true"
    touch(fingers, "touchStart", along(page, 0.8))
    touch(fingers, "touchMove", along(page, 0.6))
    touch(fingers, "touchEnd")
    assert stretch_m(page) == pytest.approx([0.6 * LENGTH_M, 0.8 * LENGTH_M], abs=25.0)
    assert button.get_attribute("aria-pressed") == "false"


@pytest.mark.parametrize("has_touch", [False, True])
def test_the_way_on_the_map_moves_the_cursor_of_the_profile(has_touch, opened):
    page = opened(page_of(study_over_hills()), has_touch=has_touch)
    lon, lat = (float(value) for value in at_m(1200.0, 0.0))
    x, y = page.evaluate(
        f"(() => {{ const b = routesMap.getContainer().getBoundingClientRect();"
        f" const p = routesMap.latLngToContainerPoint([{lat}, {lon}]); return [p.x + b.x, p.y + b.y]; }})()"
    )
    if has_touch:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(x, y)
    page.locator("#readout", has_text="km · ").wait_for()
    assert cursor_m(page) == pytest.approx(4200.0, abs=40.0)
    assert "4.2 km" in slider_of(page).get_attribute("aria-valuetext")


def test_gradient_colours_are_those_of_the_hills_and_have_a_key(page):
    """sin(2 pi x / 2 km) of 100 m is steepest at its zeros: 31 %, and level on top."""
    button = page.get_by_role("button", name="Colours by gradient")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert "over 35\N{NO-BREAK SPACE}%" in page.locator("#gradient-key").inner_text()
    colours = page_data_of(page_of(study_over_hills()))["gradient_colours"]
    drawn = page.evaluate(
        "[...document.querySelectorAll('.leaflet-overlay-pane path')].map(p => p.getAttribute('stroke'))"
    )
    assert set(colours[:4]) <= set(drawn)
    assert colours[4] not in drawn
    steep, level = page.evaluate("[0, 500].map(x => routesPage.at(routesPage.state.way, 3000 + x).gradient)")
    assert steep == pytest.approx(31.4, abs=1.5)
    assert level == pytest.approx(0.0, abs=1.0)
    button.click()
    assert page.locator("#gradient-key").is_hidden()
    assert page.locator(f'path[stroke="{colours[2]}"]').count() == 0


def test_without_heights_the_cursor_tells_distance_at_least(opened):
    page = opened(page_of(study_without_heights()))
    page.mouse.move(*along(page, 0.5))
    assert page.locator("#readout").inner_text() == "Day 1 · at least 3.0 km · height unknown"
    slider_of(page).focus()
    page.keyboard.press("Shift+End")
    assert page.locator("#selected").inner_text().endswith("at least 3.0 km · ascent unknown")


def test_cursor_speaks_the_readers_units(opened):
    page = opened(page_of(study_over_hills(), units=Units.IMPERIAL))
    slider_of(page).focus()
    page.keyboard.press("End")
    assert slider_of(page).get_attribute("aria-valuetext").startswith("Day 1 · 3.7 mi · 6,560 ft")


@pytest.mark.parametrize("units", Units)
def test_lengths_and_heights_are_written_as_elsewhere(units, opened):
    page = opened(page_html(study_over_hills(), study_over_hills().default, units))
    metres = [0.2, 8.0, 9.3, 99.0, 304.9, 850.4, 999.6, 1234.0, 12_345.0, 99_940.0, 99_960.0, 1_234_567.0]
    written = page.evaluate(
        "metres => metres.map(m => [routesPage.lengthText(m), routesPage.heightText(m)])", metres
    )
    heights = [units.height(m) for m in metres]
    assert [pair[0] for pair in written] == [units.length(m) for m in metres]
    assert [pair[1] for pair in written] == heights


def test_sums_of_rises_are_those_of_python(opened):
    """The recipe itself, on random walks and on the cases where it turns."""
    random = np.random.default_rng(7)
    walks = [np.round(np.cumsum(random.normal(0.0, size, 400)), 1).tolist() for size in (0.4, 2.0, 9.0)]
    walks += [[100.0, 103.0, 101.0, 140.0, 120.0], [5.0], [5.0, 5.0], [5.0, 9.0, 5.0], [9.0, 5.0, 9.0, 8.0]]
    page = opened(page_of(study_without_heights()))
    for threshold in (0.0, 1.0, 5.0, 30.0):
        found = page.evaluate(f"walks => walks.map(walk => routesPage.climbs(walk, {threshold}))", walks)
        expected = [ascent_descent_m(walk, threshold_m=threshold) for walk in walks]
        assert np.array(found) == pytest.approx(np.array(expected), abs=1e-4)


def rough_recorded():
    """A recorded line of two segments with a gap, over rough ground."""
    random = np.random.default_rng(3)
    east = np.linspace(-3000.0, 0.0, 200)
    north = np.cumsum(random.normal(0.0, 8.0, 200))
    lon, lat = at_m(east, north - north[-1] * np.linspace(0.0, 1.0, 200))
    up = Line(
        (Segment(lon[:90], lat[:90]), Segment(lon[95:], lat[95:])), Provenance.RECORDED, "made for tests"
    )
    hills = sine_hills(35.0, 210.0)
    source = AnalyticSource(lambda x, y: hills(x, y) + 20.0 * np.sin(y / 60.0), spacing_deg=1.0 / 3600.0)
    return study_trek(
        trek(places_m(), two_days()), {"up": up, "down": line_m((0.0, 0.0), (3000.0, 0.0))}, source
    )


@pytest.mark.parametrize("make", [study_over_hills, rough_recorded, "john-muir"])
def test_a_day_in_the_page_is_the_day_of_the_tables(make, studies, pages, opened):
    """Length to 0.1 m; ascent and descent, from heights written to 0.1 m, to 1 m and half a percent; with P10, P90."""
    study = studies[make] if isinstance(make, str) else make()
    page = opened(pages[make] if isinstance(make, str) else page_of(study))
    found = page.evaluate(
        "routesPage.state.way.days.map(d => ({n: d.n, ...routesPage.stretch(routesPage.state.way, d.start, d.end)}))"
    )
    days = [day for day in study.default.days if any(leg.leg.mode == "hike" for leg in day.legs)]
    assert [row["n"] for row in found] == [day.day.number for day in days]
    for row, day in zip(found, days, strict=True):
        assert row["m"] == pytest.approx(day.totals.walking_m.value, abs=0.1)
        for name, estimate in (("up", day.totals.ascent_m), ("down", day.totals.descent_m)):
            # heights of the page are whole decimetres: a swing of about the dead band of 1 m may count or not
            assert row[name][1] == pytest.approx(estimate.value, rel=0.005, abs=2.0)
            # ends of legs are added; the day's own range also counts what is climbed in one leg and lost in another
            assert row[name][0] <= row[name][1] <= row[name][2]
            if len(day.legs) == 1:
                assert row[name][0] == pytest.approx(estimate.p10, rel=0.01, abs=2.0)
                assert row[name][2] == pytest.approx(estimate.p90, rel=0.01, abs=2.0)


def test_positions_along_the_way_are_geodesic(studies, pages, opened):
    """Distance in the page against pyproj's along the same points: within 0.1 % of the leg anywhere on it."""
    leg = studies["john-muir"].legs[0]
    page = opened(pages["john-muir"])
    x, lon, lat = (np.array(v) for v in page.evaluate(
        "(() => { const w = routesPage.state.way, n = w.spans[0].last + 1;"
        " return [w.x.slice(0, n), w.lon.slice(0, n), w.lat.slice(0, n)]; })()"
    ))  # fmt: skip
    true = cumulative_distance_m(lon, lat)
    assert np.abs(x - true / true[-1] * leg.length_m.value).max() < 0.001 * leg.length_m.value


def test_arrows_and_distances_stand_on_the_way_in_its_direction(opened):
    page = opened(page_of(study_over_hills()))
    marks = page.locator(".leaflet-marks-pane .distance").all_inner_texts()
    assert marks == ["1", "2", "4", "5"]  # 3 is under the sign of the pass
    turns = page.evaluate(
        "[...document.querySelectorAll('.leaflet-marks-pane .arrow path')].map(p => p.getAttribute('transform'))"
    )
    assert turns
    assert set(turns) == {"rotate(0)"}  # from west to east


def test_uncertain_lines_are_as_wide_as_they_are_uncertain(studies, pages, opened):
    page = opened(pages["john-muir"])
    page.evaluate("routesMap.setView([37.8, -119.26], 14, {animate: false})")
    widths = page.evaluate(
        "[...document.querySelectorAll('.leaflet-overlay-pane path')].map(p => +p.getAttribute('stroke-width'))"
    )
    p90 = {leg.line.lateral_p90_m for leg in studies["john-muir"].legs}
    pixel_m = 40_075_016.7 * np.cos(np.radians(37.8)) / 2**22
    expected = [2.0 * metres / pixel_m for metres in p90 if metres]
    for width in expected:
        assert any(found == pytest.approx(width, rel=0.01) for found in widths)


def test_data_tells_what_the_drawing_is_scaled_to():
    """Level ground at 2000 m: the axis says which heights its ends are."""
    lines = {"up": line_m((-3000.0, 0.0), (0.0, 0.0)), "down": line_m((0.0, 0.0), (3000.0, 0.0))}
    study = study_trek(trek(places_m(), two_days()), lines, AnalyticSource(plane(2000.0)))
    html = page_of(study)
    scale = [float(v) for v in html.split('data-scale="')[1].split('"')[0].split()]
    assert len(scale) == 8
    assert scale[6] <= 2000.0 <= scale[7]
    assert json.dumps(page_data_of(html)["legs"]["up"]["m"]) == "3000.0"
