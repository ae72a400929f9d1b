"""Drawings as values: what SVG and PNG are both made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self, TypeAlias

from routes.render.words.markup import escape

Style: TypeAlias = Mapping[str, str]
"""Attributes of SVG for the look of a shape, in the order in which they are written."""

Steps: TypeAlias = Sequence[tuple[str, Sequence[float]]]
"""Commands of a path of SVG, each with its numbers."""


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
    """Upper edge, pixels."""

    width: float
    """Width, pixels."""

    height: float
    """Height, pixels."""

    style: Style = field(default_factory=dict)
    """Its look."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle."""

    x: float
    """Centre, pixels."""

    y: float
    """Centre, pixels."""

    radius: float
    """Radius, pixels."""

    title: str = ""
    """What it is, for those who point at it."""

    style: Style = field(default_factory=dict)
    """Its look."""


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area."""

    steps: Steps
    """Its way."""

    style: Style = field(default_factory=dict)
    """Its look."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text."""

    x: float
    """Where it is anchored, pixels."""

    y: float
    """Base line, pixels."""

    text: str
    """What is written."""

    style: Style = field(default_factory=dict)
    """Its look."""


@dataclass(frozen=True, slots=True)
class Words:
    """Title or description of a drawing, which is not drawn."""

    tag: str
    """``title`` or ``desc``."""

    key: str
    """Its id."""

    text: str
    """What it says."""


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes of one look."""

    shapes: Sequence["Shape"]
    """The shapes, each over those before it."""

    style: Style = field(default_factory=dict)
    """Look of those that have none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A whole drawing; within another one it is shifted by its attributes x and y."""

    width: float
    """Width, pixels."""

    height: float
    """Height, pixels."""

    attributes: Style
    """Attributes of its element, look and all."""

    shapes: Sequence["Shape"]
    """The shapes, each over those before it."""


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
    """Pixels as they are written."""
    return f"{value:.1f}" if isinstance(value, Tenths) else f"{value:g}"
