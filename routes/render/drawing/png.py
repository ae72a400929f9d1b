"""Draw pictures as PNG with matplotlib, with the same bytes on every run."""

import io
import re
import warnings
import xml.etree.ElementTree as ET  # it parses only our own drawings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from routes.render.drawing.svg_path import svg_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_PX = 1600
"""Width of a picture, pixels: sharp at 800 CSS pixels on double-density screens."""

_ANCHORS = {"start": "left", "middle": "center", "end": "right"}
_INHERITED = ("fill", "stroke", "stroke-width", "text-anchor", "font-size", "font-weight", "fill-opacity")
_DEFAULTS = {"fill": "#000", "stroke": "none", "stroke-width": "1", "text-anchor": "start", "font-size": "12"}
_SILENT = {"title", "desc"}
_NUMBER = re.compile(r"-?[\d.]+")
_SMALLER = 0.92
"""Scale of matplotlib's own font, which is wider than the fonts our drawings assume."""


@contextmanager
def drawing_settings() -> Iterator[None]:
    """Fonts and settings of matplotlib for a picture, independent of the local configuration."""
    import matplotlib as mpl  # noqa: PLC0415 - only when something is drawn

    settings: dict[Any, Any] = {
        "font.family": ["DejaVu Sans"], "text.usetex": False, "axes.unicode_minus": True, "path.simplify": True,
        "path.sketch": None, "path.effects": [], "text.antialiased": True, "lines.antialiased": True,
        "text.hinting": "none", "savefig.facecolor": "auto", "savefig.bbox": None,
    }  # fmt: skip
    with mpl.rc_context(settings), warnings.catch_warnings():
        # a letter missing from matplotlib's own font shows as a box
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        yield


def png_of(figure: "Figure") -> bytes:
    """Write a figure as PNG, `WIDTH_PX` wide, without a date or program name; needs `drawing_settings`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - only when something is drawn

    FigureCanvasAgg(figure)
    buffer = io.BytesIO()
    dpi = WIDTH_PX / figure.get_figwidth()
    nothing: dict[str, Any] = {"Software": None}
    figure.savefig(buffer, format="png", dpi=dpi, metadata=nothing)
    return buffer.getvalue()


def png_of_svg(svg: str) -> bytes:
    """Convert one of our own drawings to PNG.

    It supports what `routes.render.page.profile` writes: rectangles, paths, circles and texts in groups and
    nested drawings that are only shifted.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - only when something is drawn

    root = ET.fromstring(svg)  # noqa: S314 - our own
    _, _, width, height = (float(number) for number in _NUMBER.findall(root.attrib["viewBox"]))
    with drawing_settings():
        # three quarters of a point are a CSS pixel
        figure = Figure(figsize=(0.75 * width / 72.0, 0.75 * height / 72.0), facecolor="#fff")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, width), ylim=(height, 0.0))
        axes.set_axis_off()
        _paint(axes, root, _DEFAULTS, (0.0, 0.0))
        return png_of(figure)


def _paint(axes: "Axes", element: ET.Element, inherited: Mapping[str, str], off: tuple[float, float]) -> None:
    tag = element.tag.rpartition("}")[2]
    style = {**inherited, **{key: element.attrib[key] for key in _INHERITED if key in element.attrib}}
    if tag in _SILENT:
        return
    if tag in ("svg", "g"):
        if tag == "svg":
            off = (off[0] + float(element.get("x", 0.0)), off[1] + float(element.get("y", 0.0)))
        for child in element:
            _paint(axes, child, style, off)
    elif tag == "text":
        axes.text(
            off[0] + float(element.attrib["x"]), off[1] + float(element.attrib["y"]), element.text or "",
            size=0.75 * float(style["font-size"]) * _SMALLER, color=style["fill"], ha=_ANCHORS[style["text-anchor"]],
            va="baseline", weight="bold" if style.get("font-weight") in ("600", "bold") else "normal",
            parse_math=False, zorder=2,
        )  # fmt: skip
    else:
        _paint_shape(axes, element, tag, style, off)


def _paint_shape(
    axes: "Axes", element: ET.Element, tag: str, style: Mapping[str, str], off: tuple[float, float]
) -> None:
    from matplotlib.patches import Circle, PathPatch, Rectangle  # noqa: PLC0415 - only when something is drawn
    from matplotlib.transforms import Affine2D  # noqa: PLC0415

    value = {key: float(number) for key, number in element.attrib.items() if _NUMBER.fullmatch(number)}
    dash = [0.75 * float(number) for number in _NUMBER.findall(element.get("stroke-dasharray", ""))]
    width = 0.75 * float(style["stroke-width"])
    look: dict[str, Any] = {
        "facecolor": style["fill"], "edgecolor": style["stroke"], "zorder": 2, "capstyle": "butt", "joinstyle": "round",
        "linewidth": 0.0 if style["stroke"] == "none" else width,
        # keep the dash length of the drawing: matplotlib would scale it with the width
        "linestyle": (0, [part / width for part in dash]) if dash else "-",
    }  # fmt: skip
    if style["fill"] != "none":
        look["facecolor"] = (style["fill"], float(style.get("fill-opacity", 1.0)))
    if tag == "rect":
        corner = (off[0] + value.get("x", 0.0), off[1] + value.get("y", 0.0))
        axes.add_patch(Rectangle(corner, value["width"], value["height"], **look))
    elif tag == "circle":
        axes.add_patch(Circle((off[0] + value["cx"], off[1] + value["cy"]), value["r"], **look))
    elif tag == "path":
        if element.get("d"):
            axes.add_patch(
                PathPatch(Affine2D().translate(*off).transform_path(svg_path(element.attrib["d"])), **look)
            )
    else:
        msg = f"A drawing has the element {tag!r}, which cannot be painted."
        raise ValueError(msg)
