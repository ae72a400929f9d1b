"""Draw pictures as PNG with matplotlib, with the same bytes on every run."""

import io
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from routes.render.drawing.shapes import Circle, Drawing, Group, Path, Rect, Shape, Style, Text, Words
from routes.render.drawing.svg_path import path_of
from routes.render.words.markup import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

WIDTH_PX = 1600
"""Width of a picture, pixels: sharp at 800 CSS pixels on double-density screens."""

_ANCHORS = {"start": "left", "middle": "center", "end": "right"}
_INHERITED = ("fill", "stroke", "stroke-width", "text-anchor", "font-size", "font-weight", "fill-opacity")
_DEFAULTS = {"fill": "#000", "stroke": "none", "stroke-width": "1", "text-anchor": "start", "font-size": "12"}
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


def png_of_drawing(drawing: Drawing) -> bytes:
    """Convert a drawing to PNG."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - only when something is drawn

    width, height = drawing.width, drawing.height
    with drawing_settings():
        # three quarters of a point are a CSS pixel
        figure = Figure(figsize=(0.75 * width / 72.0, 0.75 * height / 72.0), facecolor="#fff")
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(0.0, width), ylim=(height, 0.0))
        axes.set_axis_off()
        _paint(axes, drawing, _DEFAULTS, (0.0, 0.0))
        return png_of(figure)


def _paint(axes: "Axes", shape: Shape, inherited: Style, off: tuple[float, float]) -> None:
    """Draw a shape, shifted, with inherited style where it has none of its own."""
    if isinstance(shape, Words):
        return
    own = shape.attributes if isinstance(shape, Drawing) else shape.style
    style = {**inherited, **{key: own[key] for key in _INHERITED if key in own}}
    if isinstance(shape, Drawing | Group):
        if isinstance(shape, Drawing):
            off = (off[0] + float(own.get("x", 0.0)), off[1] + float(own.get("y", 0.0)))
        for child in shape.shapes:
            _paint(axes, child, style, off)
    elif isinstance(shape, Text):
        axes.text(
            off[0] + shape.x, off[1] + shape.y, printable(shape.text),
            size=0.75 * float(style["font-size"]) * _SMALLER, color=style["fill"], ha=_ANCHORS[style["text-anchor"]],
            va="baseline", weight="bold" if style.get("font-weight") in ("600", "bold") else "normal",
            parse_math=False, zorder=2,
        )  # fmt: skip
    else:
        patch = _patch(shape, _look(style, own.get("stroke-dasharray", "")), off)
        if patch is not None:
            axes.add_patch(patch)


def _look(style: Style, dashes: str) -> dict[str, Any]:
    """Style of a patch."""
    dash = [0.75 * float(number) for number in dashes.split()]
    width = 0.75 * float(style["stroke-width"])
    look: dict[str, Any] = {
        "facecolor": style["fill"], "edgecolor": style["stroke"], "zorder": 2, "capstyle": "butt", "joinstyle": "round",
        "linewidth": 0.0 if style["stroke"] == "none" else width,
        # keep the dash length of the drawing: matplotlib would scale it with the width
        "linestyle": (0, [part / width for part in dash]) if dash else "-",
    }  # fmt: skip
    if style["fill"] != "none":
        look["facecolor"] = (style["fill"], float(style.get("fill-opacity", 1.0)))
    return look


def _patch(shape: Rect | Circle | Path, look: Mapping[str, Any], off: tuple[float, float]) -> "Patch | None":
    """Matplotlib patch for a shape; None for an empty path."""
    from matplotlib import patches  # noqa: PLC0415 - only when something is drawn
    from matplotlib.transforms import Affine2D  # noqa: PLC0415

    if isinstance(shape, Rect):
        return patches.Rectangle((off[0] + shape.x, off[1] + shape.y), shape.width, shape.height, **look)
    if isinstance(shape, Circle):
        return patches.Circle((off[0] + shape.x, off[1] + shape.y), shape.radius, **look)
    if not shape.steps:
        return None
    return patches.PathPatch(Affine2D().translate(*off).transform_path(path_of(shape.steps)), **look)
