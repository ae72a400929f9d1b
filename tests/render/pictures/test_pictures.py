"""Pictures of a trek: paths of SVG, the map and the profile as PNG, and what stands in them."""

import io
import math
import struct
import xml.etree.ElementTree as ET  # what is read is our own
import zlib

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.image import imread
from matplotlib.transforms import Affine2D
from shapely import Polygon

from routes.model.kinds import Provenance
from routes.model.units import Units
from routes.render.drawing.frame import MapFrame
from routes.render.drawing.furniture import scale_bar
from routes.render.drawing.palette import SIGNS
from routes.render.drawing.png import WIDTH_PX, png_of_drawing
from routes.render.drawing.shapes import svg_text
from routes.render.drawing.svg_path import svg_path
from routes.render.page.data import shown_legs
from routes.render.pictures.profile import static_profile
from routes.render.pictures.trek_map import trek_map_png
from tests.render.studies import HOSTILE, hills, hostile_study, study_over_hills, study_without_heights

STUDIES = pytest.mark.parametrize(
    "make",
    [study_over_hills, study_without_heights, hostile_study, lambda: hostile_study(hills())],
    ids=["hills", "no heights", "hostile", "hostile over hills"],
)


def chunks(png):
    """Kinds of the chunks of a PNG and their contents, each with a checksum that holds."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, found = 8, []
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        data = png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + data),)
        found.append((kind, data))
        at += 12 + size
    return found


def pixels(png):
    return np.rint(255.0 * imread(io.BytesIO(png), format="png")[..., :3]).astype(int)


def has_colour(image, text):
    wanted = [int(text[i : i + 2], 16) for i in (1, 3, 5)]
    return int((np.abs(image - wanted).max(axis=-1) <= 2).sum())


@STUDIES
def test_map_and_profile_are_pngs_that_name_no_program_and_no_date(make):
    study = make()
    for png in (trek_map_png(study, study.default), png_of_drawing(static_profile(study, study.default))):
        found = chunks(png)
        assert {kind for kind, _ in found} <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
        assert struct.unpack(">I", found[0][1][:4]) == (WIDTH_PX,)


def test_same_study_gives_the_same_bytes_whatever_the_users_settings():
    first = trek_map_png(study_over_hills(), study_over_hills().default)
    study = study_over_hills()
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "font.family": "serif", "savefig.dpi": 20}):
        assert trek_map_png(study, study.default) == first


def test_days_have_their_colours_and_ground_its_relief():
    study = study_over_hills()
    drawn = pixels(trek_map_png(study, study.default))
    assert has_colour(drawn, "#0072b2") > 1000
    bare = study_without_heights()
    plain = pixels(trek_map_png(bare, bare.default))
    assert has_colour(plain, "#e6eae1") > 0.5 * plain.shape[0] * plain.shape[1]
    assert has_colour(drawn, "#e6eae1") < 0.01 * drawn.shape[0] * drawn.shape[1]


def test_a_line_that_nobody_recorded_is_broken():
    """The share of the way that is in its colour, along the middle row of the map."""
    shares = {}
    for study in (study_over_hills(), study_without_heights()):
        (kind,) = study.days[0].legs[0].line.provenances
        image = pixels(trek_map_png(study, study.default))
        wanted = [0x00, 0x72, 0xB2]
        is_way = (np.abs(image - wanted).max(axis=-1) <= 8)[100:-200]
        row = is_way[is_way.sum(axis=1).argmax()]
        reach = np.flatnonzero(row)
        shares[kind] = row[reach[0] : reach[-1] + 1].mean()
    assert shares[Provenance.RECORDED] > 0.8
    assert shares[Provenance.SCHEMATIC] < 0.6


def test_profile_says_what_it_rests_on_and_whom_it_credits():
    study = study_over_hills()
    root = ET.fromstring(svg_text(static_profile(study, study.default)))  # noqa: S314
    text = " ".join(" ".join(root.itertext()).split())
    assert study.trek.name in text
    assert "Gap & Col" in text
    for product in study.products:
        assert product.title in text
        assert product.attribution in text


@pytest.mark.parametrize("source", [None, hills()], ids=["no heights", "hills"])
def test_hostile_text_stays_text_in_the_profile(source):
    study = hostile_study(source)
    root = ET.fromstring(svg_text(static_profile(study, study.default)))  # noqa: S314
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "circle", "text", "g"}
    assert HOSTILE[0] in " ".join(root.itertext())


def test_units_of_scale_bars_are_round_and_fit():
    for units in Units:
        for width_m in (900.0, 5000.0, 42_000.0, 310_000.0):
            length_m, told = scale_bar(width_m, units)
            assert length_m <= width_m / 3.0 * 1.02
            assert length_m >= width_m / 12.0
            assert told.split()[1] in (("m", "km") if units is Units.METRIC else ("mi", "ft"))


def test_frame_is_conformal_and_round_trips():
    """A metre in the middle is as long as a degree of the meridian says, and bounds lie on the edges."""
    study = study_over_hills()
    frame = MapFrame(shown_legs(study.default), 800.0, (1.5, 1.5))
    west, south, east, north = frame.bounds
    corners = frame.xy(np.array([west, east]), np.array([south, north]))
    assert corners == pytest.approx(np.array([[0.0, 0.0], [frame.width, frame.height]]), abs=1e-6)
    lat, lon = 0.5 * (south + north), 0.5 * (west + east)
    two = frame.xy(np.array([lon, lon]), np.array([lat, lat + 0.001]))
    # 6371008.8 m times a thousandth of a degree
    assert np.hypot(*(two[1] - two[0])) == pytest.approx(111.195 * frame.metre, rel=1e-4)


@pytest.mark.parametrize("kind", sorted(SIGNS), ids=str)
def test_signs_fit_their_square(kind):
    path = svg_path(SIGNS[kind])
    low, high = path.get_extents().get_points()
    assert low.min() >= 0.0
    assert high.max() <= 18.0


@given(st.floats(1.0, 1e3), st.booleans(), st.booleans(), st.floats(0.05, 1.95))
def test_arcs_lie_on_their_circle(radius, is_large, is_clockwise, chord):
    text = f"M0 0A{radius:.6f} {radius:.6f} 0 {is_large:d} {is_clockwise:d} {chord * radius:.6f} 0z"
    # matplotlib cuts curves into straight lines as fine as pixels are
    points = (
        svg_path(text).to_polygons(Affine2D().scale(1000.0 / radius), closed_only=False)[0] * radius / 1000.0
    )
    area = Polygon(points).area
    half = math.asin(0.5 * chord)
    small = radius**2 * (half - math.sin(half) * math.cos(half))
    assert area == pytest.approx(math.pi * radius**2 - small if is_large else small, abs=1e-3 * radius**2)
    # y points down: turning clockwise from left to right goes over the top
    assert (np.mean([y for _, y in points]) < 0.0) == is_clockwise


def test_paths_know_every_command_that_we_write():
    made = svg_path("M1 2 3 4h2v-1H0V9l1 1c1 0 1 1 2 1s1 1 2 1zm1 1L2 2")
    assert made.vertices[0].tolist() == [1.0, 2.0]
    assert made.vertices[1].tolist() == [3.0, 4.0]
    assert made.vertices[2].tolist() == [5.0, 4.0]
    assert made.vertices[-2].tolist() == [2.0, 3.0]
    with pytest.raises(ValueError, match="'Q'"):
        svg_path("M0 0Q1 1 2 2")
