"""Drawings as values, for SVG and PNG alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

from routes.render.words.markup import escape

Style: TypeAlias = Mapping[str, str]
"""SVG style attributes, in the order in which they are written."""

Steps: TypeAlias = Sequence[tuple[str, Sequence[float]]]
"""SVG path commands, each with its numbers."""


class Tenths(float):
    """Pixels to a tenth, always written with one decimal."""

    __slots__ = ()

    def __new__(cls, value: float) -> Self:
        """Round a value."""
        return super().__new__(cls, f"{value:.1f}")


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle."""

    x: float
    """Left edge, pixels."""

    y: float
    """Top edge, pixels."""

    width: float
    """Width, pixels."""

    height: float
    """Height, pixels."""

    style: Style = field(default_factory=dict)
    """Its style."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle."""

    x: float
    """Centre from the left, pixels."""

    y: float
    """Centre from the top, pixels."""

    radius: float
    """Radius, pixels."""

    title: str = ""
    """Tooltip."""

    style: Style = field(default_factory=dict)
    """Its style."""


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area."""

    steps: Steps
    """Its commands."""

    style: Style = field(default_factory=dict)
    """Its style."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text."""

    x: float
    """Anchor, pixels."""

    y: float
    """Baseline, pixels."""

    text: str
    """The text."""

    style: Style = field(default_factory=dict)
    """Its style."""


@dataclass(frozen=True, slots=True)
class Words:
    """Title or description of a drawing, which is not visible."""

    tag: str
    """``title`` or ``desc``."""

    key: str
    """Its id."""

    text: str
    """Its text."""


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes with a common style."""

    shapes: Sequence["Shape"]
    """The shapes, from bottom to top."""

    style: Style = field(default_factory=dict)
    """Style of shapes that have none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole drawing; its attributes x and y shift it inside another one."""

    width: float
    """Width, pixels."""

    height: float
    """Height, pixels."""

    attributes: Style
    """All attributes of its element."""

    shapes: Sequence["Shape"]
    """The shapes, from bottom to top."""


Shape: TypeAlias = Rect | Circle | Path | Text | Words | Group | Drawing


def svg_text(shape: Shape) -> str:
    """Write a drawing, or a part of it, as SVG."""
    inner = ""
    match shape:
        case Rect(x, y, width, height, style):
            numbers = {name: value for name, value in (("x", x), ("y", y)) if value}
            tag, place = "rect", numbers | {"width": width, "height": height}
        case Circle(x, y, radius, title, style):
            tag, place = "circle", {"cx": x, "cy": y, "r": radius}
            inner = f"<title>{escape(title)}</title>" if title else ""
        case Path(steps, style):
            tag, place = "path", {}
            way = "".join(f"{command}{' '.join(map(_number, numbers))}" for command, numbers in steps)
            style = {"d": way, **style}
        case Text(x, y, text, style):
            tag, place, inner = "text", {"x": x, "y": y}, escape(text)
        case Words(tag, key, text):
            place, style, inner = {}, {"id": key}, escape(text)
        case Group(shapes, style):
            tag, place, inner = "g", {}, "".join(map(svg_text, shapes))
        case Drawing(attributes=style, shapes=shapes):
            tag, place, inner = "svg", {}, "".join(map(svg_text, shapes))
    attributes = {**{name: _number(value) for name, value in place.items()}, **style}
    opening = f"<{tag}" + "".join(f' {name}="{value}"' for name, value in attributes.items())
    is_closed = not inner and tag in ("rect", "circle", "path")
    return f"{opening}/>" if is_closed else f"{opening}>{inner}</{tag}>"


def _number(value: float) -> str:
    """Pixels as written."""
    return f"{value:.1f}" if isinstance(value, Tenths) else f"{value:g}"
