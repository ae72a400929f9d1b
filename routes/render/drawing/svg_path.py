"""Convert SVG paths to matplotlib paths."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from routes.render.drawing.shapes import Steps

if TYPE_CHECKING:
    from matplotlib.path import Path

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}
_LARGEST_ARC = 0.25 * math.pi

_Point = tuple[float, float]


def svg_path(text: str) -> "Path":
    """Path of a ``d`` attribute, as in `path_of`."""
    return path_of(list(_commands(text)))


def path_of(steps: Steps) -> "Path":
    """Path of SVG commands, with y downwards as in SVG.

    It supports M, L, H, V, C, S, A (circles only) and Z, absolute or relative; we write no others. An arc
    becomes cubics, accurate to a thousandth of its radius. Raises ValueError for any other command.
    """
    from matplotlib.path import Path  # noqa: PLC0415 - only when something is drawn

    vertices: list[_Point] = []
    codes: list[int] = []
    at = start = (0.0, 0.0)
    handle: _Point | None = None
    for command, values in _single(steps):
        base = at if command.islower() else (0.0, 0.0)
        kind = command.upper()
        points = [(values[i] + base[0], values[i + 1] + base[1]) for i in range(0, len(values) - 1, 2)]
        if kind == "Z":
            vertices.append(start)
            codes.append(int(Path.CLOSEPOLY))
            at, handle = start, None
            continue
        if kind in "CS":
            first = points[0]
            if kind == "S":
                first = at if handle is None else (2.0 * at[0] - handle[0], 2.0 * at[1] - handle[1])
                points.insert(0, first)
            vertices.extend(points)
            codes.extend([int(Path.CURVE4)] * 3)
            handle, at = points[1], points[2]
            continue
        handle = None
        if kind == "A":
            end = (values[5] + base[0], values[6] + base[1])
            cubics = _arc(at, end, values[0], is_large=values[3] > 0.0, is_clockwise=values[4] > 0.0)
            vertices.extend(cubics)
            codes.extend([int(Path.CURVE4)] * len(cubics))
            at = end
            continue
        at = (
            points[0] if kind in "ML" else (values[0] + base[0], at[1]) if kind == "H" else (at[0], values[0] + base[1])
        )  # fmt: skip
        if kind == "M":
            start = at
        vertices.append(at)
        codes.append(int(Path.MOVETO if kind == "M" else Path.LINETO))
    return Path(vertices, codes)


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers."""
    command, values = "", list[float]()
    for token in _TOKEN.findall(text):
        if not token.isalpha():
            values.append(float(token))
            continue
        if command:
            yield command, values
        command, values = token, []
    yield command, values


def _single(steps: Iterable[tuple[str, Sequence[float]]]) -> Iterator[tuple[str, Sequence[float]]]:
    """Each command with the numbers of one; further numbers repeat it, after M as lines."""
    for command, values in steps:
        count = _NUMBERS.get(command.upper())
        if count is None:
            msg = f"An SVG path has the command {command!r}, which cannot be drawn."
            raise ValueError(msg)
        again = {"M": "L", "m": "l"}.get(command, command)
        for i in range(0, max(len(values), 1), max(count, 1)):
            yield again if i else command, values[i : i + count]


def _arc(start: _Point, end: _Point, radius: float, *, is_large: bool, is_clockwise: bool) -> list[_Point]:
    """Control points and ends of cubics along a circular arc, whose centre follows from the SVG specification."""
    half = (0.5 * (end[0] - start[0]), 0.5 * (end[1] - start[1]))
    reach = math.hypot(*half)
    radius = max(radius, reach)
    off = math.sqrt(max(radius**2 - reach**2, 0.0)) / reach * (1.0 if is_large != is_clockwise else -1.0)
    centre = (start[0] + half[0] - off * half[1], start[1] + half[1] + off * half[0])
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - first
    turn %= 2.0 * math.pi
    turn -= 0.0 if is_clockwise else 2.0 * math.pi
    count = max(1, math.ceil(abs(turn) / _LARGEST_ARC))
    step = turn / count
    pull = 4.0 / 3.0 * math.tan(0.25 * step) * radius
    points: list[_Point] = []
    for i in range(count):
        a, b = first + i * step, first + (i + 1) * step
        from_a, to_b = (
            (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in (a, b)
        )
        points.append((from_a[0] - pull * math.sin(a), from_a[1] + pull * math.cos(a)))
        points.append((to_b[0] + pull * math.sin(b), to_b[1] - pull * math.cos(b)))
        points.append(to_b)
    return points
