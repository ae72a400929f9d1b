"""Draw pictures as SVG with matplotlib: small, safe, and the same on every run."""

import io
import re
import warnings
import xml.etree.ElementTree as ET  # it parses only matplotlib's own output
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from routes.render.words.markup import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SVG = "http://www.w3.org/2000/svg"
_LINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{_LINK}}}href"
_HALO_STYLE = {"paint-order": "stroke", "stroke": "#fff", "stroke-width": "2.6", "stroke-linecap": "round"}
FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
"""Fonts of all text, which stays text: small, searchable and readable aloud."""

HALO = "halo"
"""Group id (``gid``) of texts with a light edge, for legibility on a map."""

_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_NUMBER = re.compile(r"-?\d+\.\d+")
_PLACES = ("d", "x", "y", "width", "height", "transform")
_FAMILY = re.compile(r"\s*font-family:[^;]*;?")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its text description."""

    key: str
    """Key that separates its ids from other pictures' in a page: letters, digits, hyphens."""

    title: str
    """Short title."""

    description: str
    """Text alternative."""

    svg: str
    """An ``svg`` element that contains `title` and `description`."""


def picture_of(
    figure: "Figure", *, key: str, title: str, description: str, images: Mapping[str, str] | None = None
) -> Picture:
    """Convert a matplotlib figure, made without pyplot, to an SVG element; always the same bytes.

    `images` are data URIs by the group id of the patch that each replaces, stretched over it. Text uses
    `FONTS`, whatever fonts are installed.
    """
    root = ET.fromstring(_drawn(figure))  # noqa: S314 - matplotlib's own output
    for child in list(root):
        if child.tag.endswith("metadata"):
            root.remove(child)
        for style in child.findall(f"{{{_SVG}}}style"):  # it would apply to the whole page
            child.remove(style)
    for name, uri in (images or {}).items():
        _put_image(root, name, uri)
    _renamed(root, key)
    width, height = (float(root.attrib.pop(side).removesuffix("pt")) for side in ("width", "height"))
    root.attrib.pop("version", None)
    root.attrib.update(
        {
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
            "font-family": FONTS,
            "stroke-linejoin": "round",
            "width": f"{width * 4 / 3:g}",
            "height": f"{height * 4 / 3:g}",
        }
    )
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(f"{{{_SVG}}}{tag}", {"id": f"{key}-{tag}"})
        element.text = printable(" ".join(text.split()))
        root.insert(place, element)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _LINK)
    return Picture(key, title, description, ET.tostring(root, encoding="unicode"))


def _drawn(figure: "Figure") -> str:
    """SVG text of a figure as matplotlib writes it; restores its settings."""
    import matplotlib as mpl  # noqa: PLC0415 - only when something is drawn
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415

    FigureCanvasSVG(figure)
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "trek-routes", "path.simplify": True}
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    buffer = io.StringIO()
    with mpl.rc_context(settings), warnings.catch_warnings():
        # a letter missing from matplotlib's own font is in the reader's
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        figure.savefig(buffer, format="svg", metadata=nothing)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _put_image(root: ET.Element, name: str, uri: str) -> None:
    """Replace the patch of a group by an image of the same bounds."""
    group = next(element for element in root.iter(f"{{{_SVG}}}g") if element.get("id") == name)
    path = next(group.iter(f"{{{_SVG}}}path"))
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path.get("d", ""))]
    x, y = numbers[::2], numbers[1::2]
    bounds = {"x": min(x), "y": min(y), "width": max(x) - min(x), "height": max(y) - min(y)}
    for child in list(group):
        group.remove(child)
    values = {side: f"{value:.2f}" for side, value in bounds.items()}
    ET.SubElement(group, f"{{{_SVG}}}image", {**values, "preserveAspectRatio": "none", _HREF: uri})


def _renamed(root: ET.Element, key: str) -> None:
    """Drop unused ids, number the others with the key, and set text styles."""
    values = [value for element in root.iter() for value in element.attrib.values()]
    names = [name for value in values for name in _REFERENCE.findall(value)]
    names += [element.get(_HREF, "")[1:] for element in root.iter() if element.get(_HREF, "").startswith("#")]
    used = {name: f"{key}-{number}" for number, name in enumerate(dict.fromkeys(names))}
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name == HALO:
            element.attrib.update(_HALO_STYLE)
        if name in used:
            element.set("id", used[name])
        for attribute, value in list(element.attrib.items()):
            element.set(attribute, _attribute(attribute, value, used))
        if element.tag == f"{{{_SVG}}}text" and element.get("transform", "").startswith("rotate(0 "):
            del element.attrib["transform"]
        element.tail = None  # matplotlib's indentation
        if not (element.text or "").strip():
            element.text = None


def _attribute(attribute: str, value: str, used: Mapping[str, str]) -> str:
    """Value of an attribute with new ids, without fonts, at visible precision."""
    if attribute == _HREF and value.startswith("#"):
        return f"#{used[value[1:]]}"
    value = _REFERENCE.sub(lambda found: f"url(#{used[found[1]]})", value)
    if attribute == "style":
        return _FAMILY.sub("", value).strip()
    if attribute in _PLACES:  # a tenth of a point
        return _NUMBER.sub(lambda found: f"{round(float(found[0]), 1) + 0.0:g}", " ".join(value.split()))
    return value
