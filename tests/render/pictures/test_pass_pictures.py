"""Map and profile of a pass as SVG: what they show, that they are safe, and the same every time."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from routes.analysis.pass_views import pass_views, view_of_place
from routes.analysis.passes.ground import ground_of
from routes.analysis.verdicts.heights import check_place
from routes.model.figures import VerticalDatum
from routes.model.units import Units
from routes.render.drawing.labels import PointLabel, put_labels, text_width
from routes.render.pictures.pass_map import pass_map
from routes.render.pictures.pass_profile import pass_profile
from routes.render.words.markup import printable
from tests.analysis.test_pass_views import RIDGE, over_a_ridge
from tests.analytic import AnalyticSource, ridge
from tests.builders import place, stated
from tests.render.studies import HOSTILE

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg):
    return ET.fromstring(svg)  # noqa: S314 - our own


def view_and_findings(*figures, **more):
    made = place("gap", kind="pass", stated=tuple(figures), **more)
    return view_of_place(made, RIDGE), check_place(ground_of(made, RIDGE))


def both(*figures, units=Units.METRIC, **more):
    view, findings = view_and_findings(*figures, **more)
    return pass_map(view, "gap-map", units), pass_profile(view, findings, "gap-profile", units)


def texts(picture):
    return ["".join(text.itertext()).strip() for text in parsed(picture.svg).iter(f"{SVG}text")]


def test_map_tells_saddle_scale_contours_and_what_its_signs_mean():
    drawn, _ = both(stated("elevation", "2500 m"))
    said = texts(drawn)
    saddle = RIDGE.sample([1.5], [42.5]).height_m[0]
    assert f"{saddle:.0f} m" in said
    assert {"N", "1 km", "saddle that may be meant", "section drawn as profile"} <= set(said)
    assert "stated position, circle of 95 %: 10 m" in said
    assert any(text.startswith("contours every ") for text in said)
    assert "data:image/jpeg;base64," in drawn.svg
    imperial, _ = both(stated("elevation", "2500 m"), units=Units.IMPERIAL)
    assert "1 mi" in texts(imperial) or "0.5 mi" in texts(imperial)
    assert not any(re.search(r"\d m$", text) for text in texts(imperial))


def test_contours_lie_at_the_heights_that_they_tell():
    """Each label stands where the formula of the terrain has its height; it may be drawn a little off its line."""
    drawn, _ = both(stated("elevation", "2500 m"))
    found = 0
    for text in parsed(drawn.svg).iter(f"{SVG}text"):
        told = "".join(text.itertext()).strip()
        if re.fullmatch(r"2[0-9]\d\d", told):
            at = re.match(r"(?:translate|rotate)\(([-\d. ]+)\)", text.get("transform", ""))
            numbers = (
                [float(part) for part in at[1].split()]
                if at
                else [float(text.get("x")), float(text.get("y"))]
            )
            east, north = ((part - 1.0) / 298.0 * 3000.0 - 1500.0 for part in numbers[-2:])
            assert 2500.0 + 1e-4 * north**2 - 0.3 * abs(east) == pytest.approx(float(told), abs=40.0)
            found += 1
    assert found >= 2


def test_stated_heights_lie_where_the_axis_says():
    _, drawn = both(
        stated("elevation", "2510 m", rounding=1.0), stated("elevation", "2410 m", "Other", rounding=1.0)
    )
    root = parsed(drawn.svg)
    ticks = {
        int("".join(text.itertext()).strip()): float(text.get("y"))
        for text in root.iter(f"{SVG}text")
        if re.fullmatch(r"\s*\d{4}\s*", "".join(text.itertext()))
    }
    heights = sorted(ticks)
    per_metre = (ticks[heights[0]] - ticks[heights[-1]]) / (heights[-1] - heights[0])
    lines = {
        colour: float(re.search(r"d=\"M [\d.]+ ([\d.]+) L [\d.]+ \1\"[^>]*stroke: " + colour, drawn.svg)[1])
        for colour in ("#00613d", "#a3122d")
    }
    apart = (lines["#a3122d"] - lines["#00613d"]) / per_metre
    assert apart == pytest.approx(100.0, abs=1.5)
    said = texts(drawn)
    assert "\N{CHECK MARK} 2510 m" in said
    assert "\N{MULTIPLICATION SIGN} 2410 m" in said


def test_like_figures_are_one_line_and_far_ones_an_arrow():
    figures = [stated("elevation", "2510 m", f"Guide {i}", rounding=1.0) for i in range(3)]
    _, drawn = both(*figures, stated("elevation", "8500 m", "Other"))
    said = texts(drawn)
    assert "\N{CHECK MARK} 2510 m (3)" in said
    assert "\N{UPWARDS ARROW} 8500 m" in said
    assert "Stated 8500 m: differs." in drawn.description


def test_statements_of_the_same_text_keep_their_own_verdicts():
    high = stated("elevation", "2500 m", datum=VerticalDatum.ELLIPSOID)
    _, drawn = both(stated("elevation", "2500 m"), high)
    assert {"\N{CHECK MARK} 2500 m", "\N{EN DASH} 2500 m"} <= set(texts(drawn))
    assert "Stated 2500 m: agrees. Stated 2500 m: undecided." in drawn.description


def test_labels_of_many_figures_stay_within_the_picture_and_apart():
    figures = [stated("elevation", f"{2300 + 7 * i} m", f"Guide {i}", rounding=1.0) for i in range(40)]
    _, drawn = both(*figures)
    root = parsed(drawn.svg)
    _, _, width, height = (float(side) for side in root.get("viewBox").split())
    beside = [text for text in root.iter(f"{SVG}text") if float(text.get("x", 0.0)) > 205.0 and text.text]
    labels = [text for text in beside if re.match(r"[\u2713\u00d7?\u2191\u2193D]", text.text.strip())]
    ys = sorted(float(text.get("y")) for text in labels)
    assert len(ys) > 10
    assert ys[0] > 0.0
    assert ys[-1] < height
    assert (np.diff(ys) >= 10.0).all()
    for text in labels:
        assert float(text.get("x")) + text_width(text.text.strip(), 9.0) <= width + 1.0


@pytest.mark.parametrize(
    "hostile", [*HOSTILE, "$\\frac{1}{2}$ $x_", "a\x00b\x1b[31m", "\u5c71" * 80, "\ud800"]
)
def test_names_from_files_stay_text(hostile):
    view, findings = view_and_findings(stated("elevation", "2500 m", hostile), name=hostile, note=hostile)
    for drawn in (pass_map(view, "k-map"), pass_profile(view, findings, "k-profile")):
        root = parsed(drawn.svg.encode("utf-8"))
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg", "title", "desc", "g", "defs", "path", "use", "text", "image", "clipPath", "rect",
        }  # fmt: skip
        assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
        assert " ".join(printable(hostile).split()) in root.find(f"{SVG}title").text


@pytest.mark.parametrize(
    "hostile", [*HOSTILE, "$\\frac{1}{2}$ $x_", "a\x00b\x1b[31m", "\u5c71" * 80, "\ud800"]
)
def test_names_drawn_on_the_map_and_beside_the_profile_stay_text(hostile):
    study = over_a_ridge(near=hostile)
    (view,) = pass_views(study, RIDGE)
    for drawn in (pass_map(view, "k"), pass_profile(view, study.findings, "k")):
        said = texts(drawn)
        start = printable(hostile).split()[0][:5]
        assert any(text.removeprefix("\N{LEFTWARDS ARROW} ").startswith(start) for text in said)
        assert "<script" not in drawn.svg
        assert "<img" not in drawn.svg
    assert "line, recorded" in texts(pass_map(view, "k"))


def test_same_view_same_bytes_and_no_id_twice():
    first, second = both(stated("elevation", "2500 m")), both(stated("elevation", "2500 m"))
    assert [p.svg for p in first] == [p.svg for p in second]
    ids = re.findall(r' id="([^"]+)"', "".join(p.svg for p in first))
    assert len(ids) == len(set(ids))
    assert all(name.startswith(("gap-map-", "gap-profile-")) for name in ids)
    references = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", "".join(p.svg for p in first)))
    assert references <= set(ids)
    assert not re.search(r"http(?!://www\.w3\.org/)", "".join(p.svg for p in first))


def test_pictures_name_themselves():
    for drawn in both(stated("elevation", "2500 m")):
        root = parsed(drawn.svg)
        assert root.get("role") == "img"
        names = root.get("aria-labelledby").split()
        assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == names
        assert root.find(f"{SVG}title").text
        assert len(root.find(f"{SVG}desc").text) > 40


def test_voids_and_level_ground_are_drawn():
    holed = AnalyticSource(ridge(), void=lambda x, y: (np.asarray(x) > 400.0) & (np.asarray(y) > 0.0))
    level = AnalyticSource(lambda x, _: np.full(np.shape(x), 1234.0))
    for source in (holed, level):
        made = place("gap", kind="pass", stated=(stated("elevation", "2500 m"),))
        view = view_of_place(made, source)
        assert pass_map(view, "k") is not None
        assert pass_profile(view, check_place(ground_of(made, source)), "k") is not None


def test_labels_overlap_neither_one_another_nor_signs():
    rng = np.random.default_rng(3)
    frame = (0.0, 0.0, 300.0, 300.0)
    for _ in range(20):
        points = rng.uniform(10.0, 290.0, (12, 2))
        signs = [(x - 4.0, y - 4.0, x + 4.0, y + 4.0) for x, y in points]
        wanted = [
            PointLabel(f"{i}: 3376 m", float(x), float(y), is_needed=False) for i, (x, y) in enumerate(points)
        ]
        boxes = [put.box for put in put_labels(wanted, 9.0, frame, signs)]
        assert boxes
        for i, a in enumerate(boxes):
            assert a[0] >= 0.0
            assert a[1] >= 0.0
            assert a[2] <= 300.0
            assert a[3] <= 300.0
            for b in (*boxes[:i], *signs):
                assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])
