"""The profile of the hikes of a variant, drawn as SVG."""

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from shapely import LineString

from routes.analysis.figures.results import VariantStudy
from routes.analysis.study import Study
from routes.model.kinds import Provenance
from routes.model.measure import IN_BASE_UNIT
from routes.model.units import Units
from routes.render.drawing.palette import INK, SOFT, TECHNICAL_KINDS, day_colour
from routes.render.drawing.steps import nice_step
from routes.render.page.profile_labels import Label, placed_labels
from routes.render.page.profile_marks import Mark, Outline, outline
from routes.render.words.markup import escape
from routes.render.words.reader import Reader

_ROW_PX = 17.0
_LINE_PX = 16.0
_EDGE_PX = 4.0
_BAND_TOLERANCE_PX = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Size of a drawing."""

    width_px: float
    """Width, pixels."""

    left_px: float
    """Left end of the plot, pixels."""

    right_px: float
    """Right end of the plot, pixels."""

    plot_px: float
    """Height of the plot, pixels."""

    most_ticks: int
    """Most parts of the axis of distance."""

    name_length: int
    """Most characters of a name."""

    caption_length: int
    """Characters in a line of the caption; 0 leaves the caption to whoever shows the drawing."""


FULL = Frame(
    width_px=800.0, left_px=58.0, right_px=784.0, plot_px=230.0, most_ticks=9, name_length=32,
    caption_length=112,
)  # fmt: skip
"""A picture for itself."""

WIDE = replace(FULL, width_px=860.0, right_px=846.0, plot_px=180.0, caption_length=0)
"""In the page, on a screen."""

NARROW = replace(
    WIDE, width_px=360.0, left_px=54.0, right_px=352.0, plot_px=170.0, most_ticks=5, name_length=18
)
"""In the page, on a phone."""


def profile_svg(
    study: Study,
    variant: VariantStudy,
    units: Units | Reader = Units.METRIC,
    *,
    frame: Frame = FULL,
    caption_id: str = "",
) -> str:
    """Height over distance of the hikes of a variant, as inline SVG.

    Parameters
    ----------
    study : Study
        The trek.
    variant : VariantStudy
        One of its variants.
    units : Units or Reader
        Units of the axes, whose ticks are round in them, and of the names; a reader also has a language.
    frame : Frame
        Size of the drawing.
    caption_id : str
        Id of the element of a page that names the drawing; without one it has a title and a description itself, and
        the source of each stated height.

    Returns
    -------
    str
        An ``svg`` element with title and description. Without heights from a DEM it shows the stated heights of the
        places, joined by a dashed line through their means, and says so. "" when there is nothing to draw.
    """
    drawing = _drawing(study, variant, Reader.of(units), frame)
    return "" if drawing is None else drawing.svg(caption_id)


def profile_caption(study: Study, variant: VariantStudy, units: Units | Reader = Units.METRIC) -> str:
    """What a profile shows and where its heights come from, in sentences; "" when there is nothing to draw."""
    drawing = _drawing(study, variant, Reader.of(units), WIDE)
    return "" if drawing is None else drawing.described


def _drawing(study: Study, variant: VariantStudy, reader: Reader, frame: Frame) -> "_Drawing | None":
    shape = outline(study, variant)
    if shape is None:
        return None
    if shape.curves:
        heights = np.concatenate([curve.height_m for curve in shape.curves])
    else:
        heights = np.array([height for mark in shape.marks for height in mark.heights_m])
    heights = heights[np.isfinite(heights)]
    if heights.size < 2 or not shape.length_m > 0.0:
        return None
    return _Drawing(study, variant, shape, (float(heights.min()), float(heights.max())), reader, frame)


class _Drawing:
    """Scales of one profile, and its parts."""

    def __init__(
        self,
        study: Study,
        variant: VariantStudy,
        shape: Outline,
        span_m: tuple[float, float],
        reader: Reader,
        frame: Frame,
    ) -> None:
        self.study, self.variant, self.shape = study, variant, shape
        self.span_m, self.reader, self.frame = span_m, reader, frame
        units = reader.units
        self.tick_m = IN_BASE_UNIT[units.height_unit]
        bands = [curve.band_m for curve in shape.curves if curve.band_m is not None]
        lows, highs = (float(band[0].min()) for band in bands), (float(band[1].max()) for band in bands)
        low, high = (
            min(span_m[0], *lows, span_m[0]) / self.tick_m,
            max(span_m[1], *highs, span_m[1]) / self.tick_m,
        )
        step = nice_step(max(high - low, 50.0 / self.tick_m), 5)
        self.ticks = np.arange(np.floor(low / step), np.ceil(high / step) + 1.0) * step
        """Heights with a line, in the reader's unit."""
        if self.ticks.size == 1:
            self.ticks = np.append(self.ticks, self.ticks[0] + step)
        self.labels = placed_labels(list(self._wanted()), _EDGE_PX, frame.width_px - _EDGE_PX)
        rows = 1 + max((label.row for label in self.labels), default=-1)
        self.top = 10.0 + rows * _ROW_PX
        self.bottom = self.top + frame.plot_px
        self.told = self._caption()
        self.caption = textwrap.wrap(self.told, frame.caption_length) if frame.caption_length else []
        self.height = self.bottom + (56.0 if self.caption else 48.0) + _LINE_PX * len(self.caption)

    def x(self, along_m: float) -> float:
        left, right = self.frame.left_px, self.frame.right_px
        return left + along_m / self.shape.length_m * (right - left)

    def y(self, height_m: float) -> float:
        first, last = float(self.ticks[0]), float(self.ticks[-1])
        return self.bottom - (height_m / self.tick_m - first) / (last - first) * self.frame.plot_px

    @property
    def described(self) -> str:
        """What is drawn, in sentences."""
        length = self.reader.length(self.shape.length_m)
        return self.reader.say("described", range=self._range(), length=length, told=self.told)

    def svg(self, caption_id: str) -> str:
        """Put the drawing together."""
        frame = self.frame
        low, high = (tick * self.tick_m for tick in (float(self.ticks[0]), float(self.ticks[-1])))
        scale = (frame.left_px, frame.right_px, self.top, self.bottom, frame.width_px, self.height, low, high)
        own = "" if caption_id else "profile-title profile-desc"
        # within a page SVG needs no namespace
        namespace = "" if caption_id else 'xmlns="http://www.w3.org/2000/svg" '
        opening = (
            f'<svg class="profile night" role="img" aria-labelledby="{caption_id or own}" '
            f'viewBox="0 0 {frame.width_px:g} {self.height:g}" data-scale="{" ".join(f"{v:g}" for v in scale)}" '
            f'{namespace}font-family="system-ui, sans-serif" font-size="12">'
        )
        parts = [opening]
        if own:
            title = self.reader.say(
                "profile_of", trek=self.study.trek.name, variant=self.variant.variant.name
            )
            parts.append(f'<title id="profile-title">{escape(title)}</title>')
            parts.append(f'<desc id="profile-desc">{escape(self.described)}</desc>')
        parts.extend(
            (
                f'<rect width="{frame.width_px:g}" height="{self.height:g}" fill="#fff"/>',
                *self._axes(),
                *self._days(),
                *(self._curves() if self.shape.curves else self._stated(has_sources=bool(own))),
                *self._labels(),
            )
        )
        first = self.bottom + 60.0
        parts.extend(
            f'<text x="{frame.left_px:g}" y="{first + _LINE_PX * i:g}" fill="{SOFT}">{escape(line)}</text>'
            for i, line in enumerate(self.caption)
        )
        return "".join((*parts, "</svg>"))

    def _range(self) -> str:
        if self.shape.curves:
            return self.reader.say("heights_from", range=self.reader.height_range(*self.span_m))
        stated = self._stated_range([mark for mark in self.shape.marks if mark.heights_m])
        return self.reader.say("stated_from", range=stated)

    def _stated_range(self, marks: Sequence[Mark]) -> str:
        measures = sorted(
            (figure.measure for mark in marks for figure in mark.place.stated), key=lambda m: m.value
        )
        return self.reader.stated(measures[0], measures[-1])

    def _caption(self) -> str:
        say = self.reader.say
        texts = [say("profile_stated")]
        if self.shape.curves:
            is_modelled = any(
                leg.line.provenance is Provenance.MODELLED for leg in self.variant.legs if leg.profiles
            )
            products = ", ".join(product.title for product in self.study.products)
            texts = [say("profile_modelled" if is_modelled else "profile_heights", products=products)]
            if any(curve.band_m is not None for curve in self.shape.curves):
                texts.append(say("profile_band"))
        if self.shape.is_lower_bound:
            texts.append(say("profile_rough"))
        return " ".join(texts)

    def _axes(self) -> list[str]:
        left, right = self.frame.left_px, self.frame.right_px
        levels = [(self.y(tick_m), tick_m) for tick_m in (self.ticks * self.tick_m).tolist()]
        grid = "".join(f"M{left:g} {y:.1f}H{right:g}" for y, _ in levels)
        heights = "".join(
            f'<text x="{left - 6:g}" y="{y + 4:.1f}">{self.reader.height(tick_m, is_exact=True)}</text>'
            for y, tick_m in levels
        )
        unit, size = self.reader.units.length_unit.value, IN_BASE_UNIT[self.reader.units.length_unit]
        length = self.shape.length_m / size
        step = nice_step(length, self.frame.most_ticks)
        ticks, lengths = "", ""
        for i in range(int(length / step) + 1):
            x = self.x(i * step * size)
            anchor = ' text-anchor="end"' if x > right - 12.0 else ""
            ticks += f"M{x:.1f} {self.bottom:g}v5"
            lengths += f'<text x="{x:.1f}" y="{self.bottom + 18:g}"{anchor}>{f"{i * step:g} {unit}" if i else 0}</text>'
        return [
            f'<path d="{grid}" stroke="#d9dee2"/><path d="{ticks}" stroke="{SOFT}"/>',
            f'<g fill="{SOFT}" text-anchor="end">{heights}</g><g fill="{SOFT}" text-anchor="middle">{lengths}</g>',
        ]

    def _days(self) -> list[str]:
        """Shade every other day, and name each in a bar below the axis."""
        parts = []
        for i, (number, start, end) in enumerate(self.shape.days):
            x, width = self.x(start), self.x(end) - self.x(start)
            if i % 2:
                parts.append(
                    f'<rect x="{x:.1f}" y="{self.top:g}" width="{width:.1f}" height="{self.frame.plot_px:g}" '
                    'fill="#1b1f23" fill-opacity=".05"/>'
                )
            y = self.bottom + 25.0
            parts.append(
                f'<rect x="{x + 0.5:.1f}" y="{y:g}" width="{max(width - 1.0, 1.0):.1f}" height="18" rx="2" '
                f'fill="{day_colour(number)}"/>'
            )
            text = escape(self.reader.say("day", number=number)) if width > 46.0 else str(number)
            if width > 16.0:
                parts.append(
                    f'<text x="{x + 0.5 * width:.1f}" y="{y + 13.5:g}" text-anchor="middle" fill="#fff" '
                    f'font-weight="600">{text}</text>'
                )
        return parts

    def _band(self) -> str:
        """P10 to P90 of the height, under the curves."""
        parts = []
        for curve in self.shape.curves:
            if curve.band_m is not None:
                x = [self.x(along) for along in curve.along_m.tolist()]
                edges = [
                    [(xi, self.y(height)) for xi, height in zip(x, level.tolist(), strict=True)]
                    for level in curve.band_m
                ]
                low, high = (LineString(edge).simplify(_BAND_TOLERANCE_PX).coords for edge in edges)
                points = " ".join(f"{xi:.1f} {y:.1f}" for xi, y in (*low, *reversed(high)))
                parts.append(f"M{points}z")
        return f'<path d="{"".join(parts)}" fill="{INK}" fill-opacity=".22"/>' if parts else ""

    def _curves(self) -> list[str]:
        parts = [self._band()]
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

    def _stated(self, *, has_sources: bool) -> list[str]:
        parts = []
        known = [mark for mark in self.shape.marks if mark.heights_m]
        for a, b in itertools.pairwise(known):
            if a.run == b.run:
                ends = (f"{self.x(mark.along_m):.1f} {self.y(_mean(mark)):.1f}" for mark in (a, b))
                parts.append(
                    f'<path d="M{" ".join(ends)}" fill="none" stroke="{day_colour(b.day_number)}" stroke-width="2" '
                    'stroke-dasharray="7 5"/>'
                )
        for number, of_day in itertools.groupby(known, key=lambda mark: mark.day_number):
            dots = []
            for mark in of_day:
                x = self.x(mark.along_m)
                for figure in mark.place.stated:
                    told = escape(f"{mark.place.name}: {figure.printed} ({figure.source})")
                    inner = f"><title>{told}</title></circle>" if has_sources else "/>"
                    dots.append(
                        f'<circle cx="{x:.1f}" cy="{self.y(figure.measure.value):.1f}" r="3.5"{inner}'
                    )
            if dots:
                parts.append(f'<g fill="{day_colour(number)}" stroke="#fff">{"".join(dots)}</g>')
        return parts

    def _wanted(self) -> list[Label]:
        """Names of passes, camps, nights and the two ends, passes first; without a DEM of all stated heights."""
        known = [mark for mark in self.shape.marks if mark.heights_m]
        wanted: dict[tuple[str, int], Label] = {}
        for number, mark in enumerate(known):
            is_end = number in (0, len(known) - 1)
            is_named = mark.priority < 3 or is_end or not self.shape.curves
            if is_named and mark.place.kind not in TECHNICAL_KINDS:
                priority = min(mark.priority, 1) if is_end else mark.priority
                # a night between two walks is named once
                wanted.setdefault(
                    (mark.place.id, round(self.x(mark.along_m))),
                    Label(self._text(mark), self.x(mark.along_m), priority),
                )
        return list(wanted.values())

    def _labels(self) -> list[str]:
        """Names, the lines down to their points, and there a dot."""
        lines, dots, names = "", "", ""
        for placed in self.labels:
            x, y = placed.label.x, self.top - 10.0 - _ROW_PX * placed.row
            mark = next(
                m
                for m in self.shape.marks
                if m.heights_m and self.x(m.along_m) == x and self._text(m) == placed.label.text
            )
            point = self.y(max(mark.heights_m))
            top = y + 4.0 if placed.anchor == "middle" else y - 9.0
            lines += f"M{x:.1f} {top:.1f}V{point:.1f}"
            if self.shape.curves:
                dots += f'<circle cx="{x:.1f}" cy="{point:.1f}" r="3.5"/>'
            shift = {"middle": 0.0, "start": 4.0, "end": -4.0}[placed.anchor]
            anchor = "" if placed.anchor == "start" else f' text-anchor="{placed.anchor}"'
            names += f'<text x="{x + shift:.1f}" y="{y:.1f}"{anchor}>{escape(placed.label.text)}</text>'
        return [
            f'<path d="{lines}" stroke="{SOFT}"/><g fill="{INK}" stroke="#fff">{dots}</g><g fill="{INK}">{names}</g>'
        ]

    def _text(self, mark: Mark) -> str:
        name = textwrap.shorten(
            mark.place.name, self.frame.name_length, placeholder="\N{HORIZONTAL ELLIPSIS}"
        )
        if self.shape.curves:
            return f"{name} {self.reader.height_range(min(mark.heights_m), max(mark.heights_m))}"
        return f"{name} {self._stated_range([mark])}"


def _mean(mark: Mark) -> float:
    return sum(mark.heights_m) / len(mark.heights_m)
