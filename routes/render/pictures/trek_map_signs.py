"""Signs and line styles of the trek map and its legend."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from routes._typing import FloatArray
from routes.analysis.figures.results import LegStudy, VariantStudy
from routes.analysis.study import Study
from routes.model.kinds import PlaceKind, Provenance
from routes.model.trek import Place
from routes.render.drawing.labels import Box
from routes.render.drawing.palette import (
    INK,
    MINOR_KINDS,
    SIGNS,
    TECHNICAL_KINDS,
    Stroke,
    day_colour,
    stroke_of,
)
from routes.render.drawing.svg_path import svg_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_RADIUS_PT, _MINOR_RADIUS_PT = 8.0, 5.5
_APART = 0.6
_DARK_KINDS = {PlaceKind.PASS}
_COLOURS = {
    PlaceKind.PASS: "#fff", PlaceKind.CAMP: "#00613d", PlaceKind.HOTEL: "#00613d", PlaceKind.LAKE: "#0b5c94",
    PlaceKind.SPRING: "#0b5c94",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceSign:
    """A place on the map."""

    place: Place
    """The place."""

    x: float
    """From the left, points."""

    y: float
    """From the bottom, points."""

    radius: float
    """Radius of its disc, points."""

    rank: int
    """Rank that decides which of two overlapping signs or names is hidden; 0 never is."""

    @property
    def box(self) -> Box:
        """Bounding square."""
        return self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius


def place_signs(
    study: Study,
    variant: VariantStudy,
    legs: Sequence[LegStudy],
    frame: Box,
    xy: Callable[[FloatArray, FloatArray], FloatArray],
) -> Iterator[PlaceSign]:
    """Yield the places of the legs and the nights on the map, most important first.

    `frame` is the map in points; `xy` converts longitudes and latitudes to points.
    """
    nights = {day.day.sleep for day in variant.days}
    shown = nights | {stop for leg in legs for stop in leg.leg.stops}
    main = nights | {legs[0].leg.start, legs[-1].leg.end}
    left, low, right, high = frame
    taken: list[PlaceSign] = []
    ranked = [
        (_rank(place, is_main=place.id in main), place) for place in study.trek.places if place.id in shown
    ]
    for rank, place in sorted(ranked, key=lambda pair: pair[0]):
        x, y = xy(np.array([place.lon]), np.array([place.lat]))[0].tolist()
        if place.kind in TECHNICAL_KINDS or not (left < x < right and low < y < high):
            continue
        sign = PlaceSign(place, x, y, _MINOR_RADIUS_PT if place.kind in MINOR_KINDS else _RADIUS_PT, rank)
        # of overlapping signs, only the more important one is drawn
        if all(math.hypot(x - one.x, y - one.y) > _APART * (sign.radius + one.radius) for one in taken):
            taken.append(sign)
            yield sign


def _rank(place: Place, *, is_main: bool) -> int:
    if place.kind in (PlaceKind.PASS, PlaceKind.PEAK) or is_main:
        return 0
    return 2 if place.kind in MINOR_KINDS else 1


def draw_place(axes: "Axes", sign: PlaceSign) -> None:
    """Draw the sign of a place as on the page."""
    from matplotlib.patches import Circle, PathPatch  # noqa: PLC0415 - only when something is drawn
    from matplotlib.transforms import Affine2D  # noqa: PLC0415

    kind = sign.place.kind
    axes.add_patch(
        Circle((sign.x, sign.y), sign.radius, facecolor=INK if kind in _DARK_KINDS else "#fff", edgecolor=INK,
               linewidth=1.1, zorder=7)
    )  # fmt: skip
    size = sign.radius / 9.0 * 0.74
    placed = Affine2D().translate(-9.0, -9.0).scale(size, -size).translate(sign.x, sign.y)
    path = placed.transform_path(svg_path(SIGNS[kind]))
    axes.add_patch(PathPatch(path, facecolor=_COLOURS.get(kind, INK), linewidth=0.0, zorder=8))


def draw_stroke(axes: "Axes", points: FloatArray, stroke: Stroke) -> None:
    """Draw a line through points of shape (n, 2) as on the page."""
    width = 0.75 * stroke.width_px
    dash = [float(part) for part in (stroke.dash or "").split()]
    axes.plot(
        *points.T, color=stroke.colour, linewidth=width, zorder=4, solid_capstyle="round", dash_capstyle="round",
        # matplotlib scales dashes with the line width, SVG does not
        linestyle=(0, [0.75 * part / width for part in dash]) if dash else "-",
    )  # fmt: skip


def draw_entry(axes: "Axes", sign: str, at: tuple[float, float], legs: Sequence[LegStudy]) -> None:
    """Draw the sign of a legend entry, with its left end and middle at `at` (points).

    `sign` is ``"day 1"``, ``"ride bus"``, ``"contour"``, ``"band"``, or the value of a `Provenance`.
    """
    points = np.array([[at[0] + 2.0, at[1] + 0.5], [at[0] + 24.0, at[1] + 0.5]])
    name, _, of = sign.partition(" ")
    on_foot = [leg for leg in legs if leg.is_on_foot]
    if name == "day":
        axes.plot(*points.T, color=day_colour(int(of)), linewidth=5.0, solid_capstyle="butt")
    elif name == "contour":
        axes.plot(*points.T, color="#6b4f2a", linewidth=0.9)
    elif name == "band":
        colour = day_colour(on_foot[0].day_number)
        axes.plot(*points.T, color=colour, alpha=0.25, linewidth=9.0, solid_capstyle="butt")
    elif name == "ride":
        ride = next(leg for leg in legs if leg.leg.mode.value == of)
        draw_stroke(axes, points, stroke_of(ride, ride.line.provenance))
    else:
        kind = Provenance(sign)
        stroke = stroke_of(on_foot[0], kind)
        draw_stroke(axes, points, Stroke(INK, stroke.width_px, stroke.dash))
