"""The profile of the hikes of a variant, drawn as SVG."""

import itertools
import textwrap
from collections.abc import Sequence

import numpy as np
from shapely import LineString

from routes.analysis.results import VariantStudy
from routes.analysis.study import Study
from routes.model.kinds import Provenance
from routes.model.measure import IN_BASE_UNIT
from routes.model.units import Units
from routes.render.markup import escape
from routes.render.palette import INK, SOFT, TECHNICAL_KINDS, day_colour
from routes.render.profile_labels import Label, PlacedLabel, placed_labels
from routes.render.profile_marks import Mark, Outline, outline

WIDTH_PX = 800.0
PLOT_HEIGHT_PX = 230.0
_LEFT, _RIGHT = 58.0, 784.0
_ROW_PX = 17.0
_LINE_PX = 16.0
_NAME_LENGTH = 32


def profile_svg(study: Study, variant: VariantStudy, units: Units = Units.METRIC) -> str:
    """Height over distance of the hikes of a variant, as inline SVG.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants.
    units : Units
        Units of the axes, whose ticks are round in them, and of the names.

    Returns
    -------
    str
        An ``svg`` element with title and description. Without heights from a DEM it shows the stated heights of the
        places, joined by a dashed line through their means, and says so. "" when there is nothing to draw.
    """
    shape = outline(study, variant)
    if shape is None:
        return ""
    if shape.curves:
        heights = np.concatenate([curve.height_m for curve in shape.curves])
    else:
        heights = np.array([height for mark in shape.marks for height in mark.heights_m])
    heights = heights[np.isfinite(heights)]
    if heights.size < 2 or not shape.length_m > 0.0:
        return ""
    return _Drawing(study, variant, shape, (float(heights.min()), float(heights.max())), units).svg()


class _Drawing:
    """Scales of one profile, and its parts."""

    def __init__(
        self,
        study: Study,
        variant: VariantStudy,
        shape: Outline,
        span_m: tuple[float, float],
        units: Units,
    ) -> None:
        self.study, self.variant, self.shape = study, variant, shape
        self.span_m, self.units = span_m, units
        self.tick_m = IN_BASE_UNIT[units.height_unit]
        low, high = (height / self.tick_m for height in span_m)
        step = _nice_step(max(high - low, 50.0 / self.tick_m), 5)
        self.ticks = np.arange(np.floor(low / step), np.ceil(high / step) + 1.0) * step
        """Heights with a line, in the reader's unit."""
        if self.ticks.size == 1:
            self.ticks = np.append(self.ticks, self.ticks[0] + step)
        self.labels = placed_labels(list(self._wanted()), 4.0, WIDTH_PX - 4.0)
        rows = 1 + max((label.row for label in self.labels), default=-1)
        self.top = 10.0 + rows * _ROW_PX
        self.bottom = self.top + PLOT_HEIGHT_PX
        self.caption = textwrap.wrap(self._caption(), 112)
        self.height = self.bottom + 56.0 + _LINE_PX * len(self.caption)

    def x(self, along_m: float) -> float:
        return _LEFT + along_m / self.shape.length_m * (_RIGHT - _LEFT)

    def y(self, height_m: float) -> float:
        first, last = float(self.ticks[0]), float(self.ticks[-1])
        return self.bottom - (height_m / self.tick_m - first) / (last - first) * PLOT_HEIGHT_PX

    def svg(self) -> str:
        """Put the drawing together."""
        title = f"Profile of {self.study.trek.name}, {self.variant.variant.name}"
        described = f"{self._range()} over {self.units.length(self.shape.length_m)}. {' '.join(self.caption)}"
        opening = (
            '<svg class="profile" role="img" aria-labelledby="profile-title profile-desc" '
            f'viewBox="0 0 {WIDTH_PX:g} {self.height:g}" xmlns="http://www.w3.org/2000/svg" '
            'font-family="system-ui, sans-serif" font-size="12">'
        )
        parts = [
            opening,
            f'<title id="profile-title">{escape(title)}</title>',
            f'<desc id="profile-desc">{escape(described)}</desc>',
            f'<rect width="{WIDTH_PX:g}" height="{self.height:g}" fill="#fff"/>',
            *self._axes(),
            *self._days(),
            *(self._curves() if self.shape.curves else self._stated()),
            *(self._label(label) for label in self.labels),
        ]
        first = self.bottom + 60.0
        parts.extend(
            f'<text x="{_LEFT:g}" y="{first + _LINE_PX * i:g}" fill="{SOFT}">{escape(line)}</text>'
            for i, line in enumerate(self.caption)
        )
        return "".join((*parts, "</svg>"))

    def _range(self) -> str:
        if self.shape.curves:
            return f"Heights from {self.units.height_range(*self.span_m)}"
        return (
            f"Stated heights from {self._stated_range([mark for mark in self.shape.marks if mark.heights_m])}"
        )

    def _stated_range(self, marks: Sequence[Mark]) -> str:
        measures = sorted(
            (figure.measure for mark in marks for figure in mark.place.stated), key=lambda m: m.value
        )
        return self.units.stated(measures[0], measures[-1])

    def _caption(self) -> str:
        rough = (
            " Distances are those of straight lines; the way is longer." if self.shape.is_lower_bound else ""
        )
        if self.shape.curves:
            products = ", ".join(product.title for product in self.study.products)
            is_modelled = any(
                leg.line.provenance is Provenance.MODELLED for leg in self.variant.legs if leg.profiles
            )
            where = " along modelled lines, which nobody recorded" if is_modelled else ""
            return f"Heights from {products}, smoothed{where}.{rough}"
        return (
            "Stated heights, not measured: a dot for each figure that somebody printed, a dashed line through the mean "
            f"of each place. What lies between is unknown.{rough}"
        )

    def _axes(self) -> list[str]:
        parts = []
        for tick_m in (self.ticks * self.tick_m).tolist():
            y = self.y(tick_m)
            text = self.units.height(tick_m, is_exact=True)
            parts.append(f'<path d="M{_LEFT:g} {y:.1f}H{_RIGHT:g}" stroke="#d9dee2"/>')
            parts.append(
                f'<text x="{_LEFT - 6:g}" y="{y + 4:.1f}" text-anchor="end" fill="{SOFT}">{text}</text>'
            )
        unit, size = self.units.length_unit.value, IN_BASE_UNIT[self.units.length_unit]
        length = self.shape.length_m / size
        step = _nice_step(length, 9)
        for i in range(int(length / step) + 1):
            x = self.x(i * step * size)
            anchor = "end" if x > _RIGHT - 12.0 else "middle"
            text = f"{i * step:g} {unit}" if i else "0"
            parts.append(f'<path d="M{x:.1f} {self.bottom:g}v5" stroke="{SOFT}"/>')
            parts.append(
                f'<text x="{x:.1f}" y="{self.bottom + 18:g}" text-anchor="{anchor}" fill="{SOFT}">{text}</text>'
            )
        return parts

    def _days(self) -> list[str]:
        """Shade every other day, and name each in a bar below the axis."""
        parts = []
        for i, (number, start, end) in enumerate(self.shape.days):
            x, width = self.x(start), self.x(end) - self.x(start)
            if i % 2:
                parts.append(
                    f'<rect x="{x:.1f}" y="{self.top:g}" width="{width:.1f}" height="{PLOT_HEIGHT_PX:g}" '
                    'fill="#1b1f23" fill-opacity=".05"/>'
                )
            y = self.bottom + 25.0
            parts.append(
                f'<rect x="{x + 0.5:.1f}" y="{y:g}" width="{max(width - 1.0, 1.0):.1f}" height="18" rx="2" '
                f'fill="{day_colour(number)}"/>'
            )
            text = f"Day {number}" if width > 46.0 else str(number)
            if width > 16.0:
                parts.append(
                    f'<text x="{x + 0.5 * width:.1f}" y="{y + 13.5:g}" text-anchor="middle" fill="#fff" '
                    f'font-weight="600">{text}</text>'
                )
        return parts

    def _curves(self) -> list[str]:
        parts = []
        for curve in self.shape.curves:
            known = np.isfinite(curve.height_m)
            edges = np.flatnonzero(np.diff(known.astype(int))) + 1
            for part in np.split(np.arange(known.size), edges):
                if part.size < 2 or not known[part[0]]:
                    continue
                points = [(self.x(curve.along_m[i]), self.y(curve.height_m[i])) for i in part]
                line = " ".join(f"{x:.1f} {y:.1f}" for x, y in LineString(points).simplify(0.3).coords)
                colour = day_colour(curve.day_number)
                base = f"V{self.bottom:g}H{points[0][0]:.1f}z"
                parts.append(f'<path d="M{line}{base}" fill="{colour}" fill-opacity=".16"/>')
                parts.append(
                    f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round"/>'
                )
        return parts

    def _stated(self) -> list[str]:
        parts = []
        known = [mark for mark in self.shape.marks if mark.heights_m]
        for a, b in itertools.pairwise(known):
            if a.run == b.run:
                ends = (f"{self.x(mark.along_m):.1f} {self.y(_mean(mark)):.1f}" for mark in (a, b))
                parts.append(
                    f'<path d="M{" ".join(ends)}" fill="none" stroke="{day_colour(b.day_number)}" stroke-width="2" '
                    'stroke-dasharray="7 5"/>'
                )
        for mark in known:
            for figure in mark.place.stated:
                said = escape(f"{mark.place.name}: {figure.printed} ({figure.source})")
                parts.append(
                    f'<circle cx="{self.x(mark.along_m):.1f}" cy="{self.y(figure.measure.value):.1f}" r="3.5" '
                    f'fill="{day_colour(mark.day_number)}" stroke="#fff"><title>{said}</title></circle>'
                )
        return parts

    def _wanted(self) -> list[Label]:
        """Names of passes, camps, nights and the two ends, passes first; without a DEM of all stated heights."""
        known = [mark for mark in self.shape.marks if mark.heights_m]
        ends = {id(mark) for mark in (known[0], known[-1])} if known else set()
        wanted: dict[tuple[str, int], Label] = {}
        for mark in known:
            is_end = id(mark) in ends
            is_named = mark.priority < 3 or is_end or not self.shape.curves
            if is_named and mark.place.kind not in TECHNICAL_KINDS:
                priority = min(mark.priority, 1) if is_end else mark.priority
                # a night between two walks is named once
                wanted.setdefault(
                    (mark.place.id, round(self.x(mark.along_m))),
                    Label(self._text(mark), self.x(mark.along_m), priority),
                )
        return list(wanted.values())

    def _label(self, placed: PlacedLabel) -> str:
        x = placed.label.x
        y = self.top - 10.0 - _ROW_PX * placed.row
        mark = next(
            m
            for m in self.shape.marks
            if m.heights_m and self.x(m.along_m) == x and self._text(m) == placed.label.text
        )
        point = self.y(max(mark.heights_m))
        top = y + 4.0 if placed.anchor == "middle" else y - 9.0
        shift = {"middle": 0.0, "start": 4.0, "end": -4.0}[placed.anchor]
        dot = (
            f'<circle cx="{x:.1f}" cy="{point:.1f}" r="3.5" fill="{INK}" stroke="#fff"/>'
            if self.shape.curves
            else ""
        )
        return (
            f'<path d="M{x:.1f} {top:.1f}V{point:.1f}" stroke="{SOFT}" stroke-width="1"/>{dot}'
            f'<text x="{x + shift:.1f}" y="{y:.1f}" text-anchor="{placed.anchor}" fill="{INK}">'
            f"{escape(placed.label.text)}</text>"
        )

    def _text(self, mark: Mark) -> str:
        name = textwrap.shorten(mark.place.name, _NAME_LENGTH, placeholder="\N{HORIZONTAL ELLIPSIS}")
        if self.shape.curves:
            return f"{name} {self.units.height_range(min(mark.heights_m), max(mark.heights_m))}"
        return f"{name} {self._stated_range([mark])}"


def _mean(mark: Mark) -> float:
    return sum(mark.heights_m) / len(mark.heights_m)


def _nice_step(extent: float, parts: int) -> float:
    """Least step of 1, 2 or 5 times a power of ten that cuts an extent into so many parts at most."""
    power = 10.0 ** np.floor(np.log10(extent / parts))
    return float(next(m * power for m in (1.0, 2.0, 5.0, 10.0) if m * power * parts >= extent * (1.0 - 1e-9)))
