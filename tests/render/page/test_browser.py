"""The page in a browser, from disk, with nothing reachable."""

import re

import numpy as np
import pytest

from routes.analysis.study import study_trek
from routes.model.kinds import Provenance
from routes.model.track import Line, Segment
from routes.model.units import Units
from routes.render.page.page import page_html
from tests.builders import day, leg, place, trek
from tests.render.studies import hills, hostile_study, study_over_hills, study_without_heights

WIDTHS = {320: 640, 768: 1024, 1440: 900}
"""Width and height of a phone, a tablet and a screen, pixels."""


def open_layers(page):
    """List of the layers, open as a mouse opens it."""
    page.locator(".leaflet-control-layers").hover()
    page.locator(".leaflet-control-layers-list").wait_for()


def layer_box(page, name):
    """Box to tick of the layer whose name begins so."""
    return page.get_by_role("checkbox", name=re.compile(f"^\\s*{name}"))


@pytest.mark.parametrize(
    "make",
    [study_over_hills, study_without_heights, hostile_study, lambda: hostile_study(hills())],
    ids=["hills", "no heights", "hostile", "hostile over hills"],
)
def test_map_is_drawn_from_disk_without_error(make, opened):
    study = make()
    page = opened(page_html(study, study.default))
    assert page.locator("path.leaflet-interactive").count() >= 2
    assert page.locator('path.leaflet-interactive[stroke="#0072b2"]').count() >= 1
    assert page.locator(".leaflet-control-scale").count() == 1
    assert page.locator(".leaflet-control-layers").count() == 1
    assert page.locator(".place .label").count() >= 2
    assert page.locator("img.leaflet-image-layer").count() == (study.terrain is not None)
    assert "owned" not in page.title() or study.trek.name in page.title()
    assert page.evaluate("document.documentElement.dataset.ready") == "true"


def test_hostile_text_is_text_in_every_card(opened):
    study = hostile_study(hills())
    page = opened(page_html(study, study.default))
    open_layers(page)
    for sign in page.locator(".leaflet-marker-icon.place").all():
        sign.dispatch_event("click")
        assert page.locator(".leaflet-popup script, .leaflet-popup img").count() == 0
        assert study.trek.places[0].name in page.locator(".leaflet-popup").last.inner_text()
    assert page.locator(".leaflet-control-layers script, .leaflet-control-layers img").count() == 0
    assert page.title() != "owned"


@pytest.mark.parametrize(("units", "names"), [(Units.METRIC, {"m", "km"}), (Units.IMPERIAL, {"ft", "mi"})])
def test_scale_of_the_map_is_in_the_readers_units(units, names, opened):
    study = study_over_hills()
    page = opened(page_html(study, study.default, units))
    assert page.locator(".leaflet-control-scale-line").inner_text().split()[1] in names


@pytest.mark.parametrize("name", ["john-muir", "lares"])
@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [
        (320, "light", "en"),
        (768, "light", "es"),
        (1440, "light", "en"),
        (768, "dark", "en"),
        (320, "dark", "es"),
    ],
)
def test_page_fits_and_is_accessible(name, width, scheme, language, pages, spanish_pages, opened):
    """No axe violation, with everything open that opens; nothing wider than the screen."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    html = (pages if language == "en" else spanish_pages)[name]
    page = opened(html, width=width, height=WIDTHS[width], color_scheme=scheme, has_touch=width < 700)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if scheme == "light":
        if name == "john-muir":
            page.locator("#gradient").click()
        page.locator(".slider:visible").focus()
        page.keyboard.press("Shift+PageUp")
        page.locator(".leaflet-marker-icon.place").first.dispatch_event("click")
        page.wait_for_timeout(400)  # the card fades in
    found = axe.run(page)
    assert found.response["violations"] == [], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_script_everything_but_the_map_is_there(pages, opened):
    page = opened(pages["john-muir"], java_script_enabled=False)
    assert page.locator("main noscript").inner_text() or page.get_by_text("The map needs JavaScript").count()
    assert page.locator("svg.profile:visible").count() == 1
    assert page.locator(".slider").count() == 0
    for hidden in ("#tools", "#downloads", "#way"):
        assert page.locator(f"{hidden}:visible").count() == 0
    assert page.locator("table:visible").count() >= 2


def test_print_has_the_wide_profile_and_no_buttons(pages, opened):
    page = opened(pages["john-muir"], width=320, height=640)
    assert page.locator(".drawing.narrow svg").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".drawing.wide svg").is_visible()
    assert page.locator(".drawing.narrow svg").is_hidden()
    assert page.locator("button:visible").count() == 0


def contrast(one, other):
    """Contrast of two colours as WCAG 2.2 defines it (w3.org/TR/WCAG22, relative luminance)."""

    def luminance(colour):
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["john-muir", "lares"])
def test_profile_is_legible_by_day_and_by_night(name, scheme, pages, opened):
    """Text 4.5 to 1 and lines 3 to 1 against the ground of the drawing, which is dark by night."""
    page = opened(pages[name], color_scheme=scheme)
    ground, texts, lines = page.evaluate("""() => {
        const svg = [...document.querySelectorAll("svg.profile")].find(one => one.getBoundingClientRect().width > 0);
        const colour = (one, key) => getComputedStyle(one)[key];
        const own = [...svg.querySelectorAll("text")].filter(one => colour(one, "fill") !== "rgb(255, 255, 255)" ||
            !one.hasAttribute("fill"));
        return [colour(svg.querySelector("rect"), "fill"), own.map(one => colour(one, "fill")),
            [...svg.querySelectorAll('path[stroke-width="2"]')].map(one => colour(one, "stroke"))];
    }""")
    assert (contrast(ground, "rgb(0, 0, 0)") < 2) is (scheme == "dark")
    assert min(contrast(ground, text) for text in texts) >= 4.5
    assert min(contrast(ground, line) for line in lines) >= 3.0


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_controls_of_the_map_lie_within_it_and_apart(width, pages, opened):
    page = opened(pages["lares"], width=width, height=WIDTHS[width])
    frame = page.locator(".map").bounding_box()
    boxes = [one.bounding_box() for one in page.locator(".leaflet-control").all()]
    assert len(boxes) == 5
    for box in boxes:
        assert box["x"] >= frame["x"]
        assert box["y"] >= frame["y"] + (4 if box["height"] < 30 and box["y"] < frame["y"] + 100 else 0)
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 0.5
        assert box["y"] + box["height"] <= frame["y"] + frame["height"] + 0.5
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert (
                a["x"] >= b["x"] + b["width"] or b["x"] >= a["x"] + a["width"]
                or a["y"] >= b["y"] + b["height"] or b["y"] >= a["y"] + a["height"]
            )  # fmt: skip


@pytest.mark.parametrize("name", ["john-muir", "lares"])
@pytest.mark.parametrize("width", [320, 1440])
def test_signs_keep_a_fingers_distance_until_all_have_room(name, width, pages, opened):
    """WCAG 2.2, 2.5.8: targets below 24 px have circles of 24 px that do not meet."""
    page = opened(pages[name], width=width, height=WIDTHS[width])
    boxes = [one.bounding_box() for one in page.locator(".leaflet-marker-icon.place:visible").all()]
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    assert len(middles) >= 4
    assert all(np.hypot(a[0] - b[0], a[1] - b[1]) >= 23.5 for i, a in enumerate(middles) for b in middles[:i])
    page.evaluate("routesMap.setZoom(16, {animate: false})")
    signs = page.locator(".leaflet-marker-icon.place")
    assert page.locator(".leaflet-marker-icon.place:visible").count() == signs.count()


def test_names_on_the_map_cover_no_other_name(pages, opened):
    page = opened(pages["john-muir"], width=768, height=1024)
    page.evaluate("routesMap.setView([37.73, -119.2], 13, {animate: false})")
    boxes = [one.bounding_box() for one in page.locator(".place .label:visible").all()]
    assert len(boxes) >= 5
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            wide = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            high = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert wide < 0.5 or high < 0.5


@pytest.mark.parametrize("name", ["john-muir", "lares"])
def test_nothing_moves_as_the_page_opens(name, pages, browser, tmp_path):
    """Cumulative layout shift: good pages stay below 0.1 (web.dev/articles/cls)."""
    file = tmp_path / "index.html"
    file.write_text(pages[name], encoding="utf-8")
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        page = context.new_page()
        page.add_init_script("""window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(
            entry => { window.moved += entry.value; })).observe({type: "layout-shift", buffered: true});""")
        page.goto(file.as_uri())
        page.wait_for_timeout(300)
        assert page.evaluate("window.moved") < 0.05
        context.close()


def test_layers_hide_and_show(pages, opened):
    page = opened(pages["john-muir"])
    page.evaluate("routesMap.setView([37.8, -119.26], 13, {animate: false})")
    open_layers(page)
    shown = {
        "Relief from the DEM": "img.leaflet-image-layer",
        "Contour lines": ".leaflet-contours-pane canvas",
        "Distances and direction": ".leaflet-marks-pane .leaflet-marker-icon",
        "Places": ".leaflet-marker-icon.place",
        "Day 1": 'path.leaflet-interactive[stroke="#0072b2"]',
    }
    for name, part in shown.items():
        box = layer_box(page, name)
        assert page.locator(part).count() > 0, name
        box.uncheck()
        assert page.locator(part).count() == 0, name
    # the gradient redraws the days: what was hidden stays hidden
    page.locator("#gradient").click()
    assert page.locator('path.leaflet-interactive[stroke="#0072b2"]').count() == 0
    open_layers(page)
    for name, part in shown.items():
        box = layer_box(page, name)
        box.check()
        page.wait_for_selector(part, state="attached")


def test_contours_are_drawn_where_the_dem_is_and_nowhere_else(pages, opened):
    page = opened(pages["john-muir"])
    page.evaluate("routesMap.setView([37.76, -119.25], 14, {animate: false})")
    page.wait_for_timeout(300)
    inked = """() => [...document.querySelectorAll(".leaflet-contours-pane canvas")].map(canvas =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(value => value > 0))"""
    assert sum(page.evaluate(inked)) >= 4
    other = opened(pages["lares"])
    open_layers(other)
    assert other.get_by_label("Contour lines").count() == 0
    assert other.locator(".leaflet-contours-pane").count() == 0


def test_variants_switch_map_profile_tables_and_downloads(pages, studies, opened):
    study = studies["lares"]
    page = opened(pages["lares"])
    chooser = page.get_by_label("Way to do it")
    for variant in study.variants:
        chooser.select_option(variant.variant.id)
        assert page.evaluate("location.hash") == f"#{variant.variant.id}"
        assert page.locator("div[data-variants]:visible").get_attribute("data-variants") == variant.variant.id
        assert page.locator("svg.profile:visible").count() == 1
        open_layers(page)
        days = [f"Day {day.day.number}: {day.day.title}" for day in variant.days]
        labels = [text.strip() for text in page.locator(".leaflet-control-layers label").all_inner_texts()]
        assert [text for text in labels if text.startswith("Day ")] == days
        length = page.evaluate("routesPage.state.way.length")
        hikes = [leg for leg in variant.legs if leg.leg.mode == "hike"]
        assert length == pytest.approx(sum(leg.length_m.value for leg in hikes), abs=1.0)
        walked = sum(day.is_on_foot for day in variant.days)
        assert page.locator("#downloads button").count() == walked + 2
    last = study.variants[-1].variant.id
    again = opened(pages["lares"])
    again.evaluate(f"location.hash = '#{last}'")
    again.reload()
    assert again.get_by_label("Way to do it").input_value() == last


def test_a_trek_that_nobody_walks_has_a_map_and_no_profile(opened):
    rides = trek([place("a", -3000.0), place("b", 3000.0)], [day(1, leg("ride", "a", "b", mode="bus"))])
    study = study_trek(rides, {})
    page = opened(page_html(study, study.default))
    assert page.locator("path.leaflet-interactive").count() == 1
    assert page.locator("svg.profile").count() == 0
    assert page.locator("#tools").is_hidden()


def test_a_way_across_the_antimeridian_is_drawn_in_one_piece(opened):
    """From 179.97 E to 179.97 W at 16.8 S: 6.4 km, not once around the Earth."""
    ends = [place("a", lon=179.97, lat=-16.8), place("b", lon=-179.97, lat=-16.8)]
    lines = {
        "a-b": Line(
            (Segment(np.array([179.97, -179.97]), np.array([-16.8, -16.8])),), Provenance.RECORDED, "x"
        )
    }
    study = study_trek(trek(ends, [day(1, leg("a-b", "a", "b"))]), lines)
    page = opened(page_html(study, study.default))
    lons = page.evaluate("routesPage.state.way.lon")
    assert lons == pytest.approx([179.97, 180.03])
    width = page.locator("path.leaflet-interactive").first.bounding_box()["width"]
    signs = [sign.bounding_box()["x"] for sign in page.locator(".leaflet-marker-icon.place").all()]
    assert 100 < width < 1000
    assert max(signs) - min(signs) == pytest.approx(width, abs=10)


def test_a_page_of_one_variant_has_no_switch(studies, opened):
    study = studies["lares"]
    page = opened(page_html(study, study.variants[1]))
    assert page.get_by_label("Way to do it").count() == 0
    assert study.variants[1].variant.name in page.title()
