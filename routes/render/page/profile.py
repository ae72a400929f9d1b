"""Draw the elevation profile of a variant's hikes as SVG."""

import itertools
import textwrap
from collections.abc import Iterable, Sequence

import numpy as np
from shapely import LineString

from routes.analysis.figures.results import VariantStudy
from routes.analysis.study import Study
from routes.model.kinds import Provenance
from routes.model.measure import IN_BASE_UNIT
from routes.model.units import Units
from routes.render.drawing.palette import INK, SOFT, TECHNICAL_KINDS, day_colour
from routes.render.drawing.shapes import (
    Circle,
    Drawing,
    Group,
    Path,
    Rect,
    Shape,
    Tenths,
    Text,
    Words,
    svg_text,
)
from routes.render.drawing.steps import nice_step
from routes.render.page.profile_frames import FULL, WIDE, Frame
from routes.render.page.profile_labels import Label, placed_labels
from routes.render.page.profile_marks import Mark, Outline, outline
from routes.render.words.reader import Reader

_ROW_PX = 17.0
_LINE_PX = 16.0
_EDGE_PX = 4.0
_BAND_TOLERANCE_PX = 0.5


def profile_svg(
    study: Study,
    variant: VariantStudy,
    units: Units | Reader = Units.METRIC,
    *,
    frame: Frame = FULL,
    caption_id: str = "",
) -> str:
    """Height over distance of a variant's hikes, as an ``svg`` element; "" if there is nothing to draw.

    Without DEM heights, it shows the stated heights of the places, joined by a dashed line through their
    means, and says so. The axes have round ticks in the reader's units. `caption_id` is the id of the page
    element that names the drawing. Without it, the drawing has its own title, description, and sources of
    stated heights.
    """
    drawing = profile_drawing(study, variant, units, frame=frame, caption_id=caption_id)
    return "" if drawing is None else svg_text(drawing)


def profile_drawing(
    study: Study,
    variant: VariantStudy,
    units: Units | Reader = Units.METRIC,
    *,
    frame: Frame = FULL,
    caption_id: str = "",
) -> Drawing | None:
    """The drawing of `profile_svg` as a value; None if there is nothing to draw."""
    profile = _profile(study, variant, Reader.of(units), frame)
    return None if profile is None else profile.drawing(caption_id)


def profile_caption(study: Study, variant: VariantStudy, units: Units | Reader = Units.METRIC) -> str:
    """What the profile shows and where its heights come from, in sentences; "" if there is nothing to draw."""
    profile = _profile(study, variant, Reader.of(units), WIDE)
    return "" if profile is None else profile.described


def _profile(study: Study, variant: VariantStudy, reader: Reader, frame: Frame) -> "_Profile | None":
    """Profile of a variant in a frame; None if there is nothing to draw."""
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
    return _Profile(study, variant, shape, (float(heights.min()), float(heights.max())), reader, frame)


class _Profile:
    """Scales and parts of one profile."""

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
        """Heights of the grid lines, in the reader's unit."""
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
        """Pixel position of a distance along the profile."""
        left, right = self.frame.left_px, self.frame.right_px
        return left + along_m / self.shape.length_m * (right - left)

    def y(self, height_m: float) -> float:
        """Pixel position of a height."""
        first, last = float(self.ticks[0]), float(self.ticks[-1])
        return self.bottom - (height_m / self.tick_m - first) / (last - first) * self.frame.plot_px

    @property
    def described(self) -> str:
        """Description of the drawing, in sentences."""
        length = self.reader.length(self.shape.length_m)
        return self.reader.say("described", range=self._range(), length=length, told=self.told)

    def drawing(self, caption_id: str) -> Drawing:
        """The complete drawing."""
        frame = self.frame
        low, high = (tick * self.tick_m for tick in (float(self.ticks[0]), float(self.ticks[-1])))
        scale = (frame.left_px, frame.right_px, self.top, self.bottom, frame.width_px, self.height, low, high)
        attributes = {
            "class": "profile night",
            "role": "img",
            "aria-labelledby": caption_id or "profile-title profile-desc",
            "viewBox": f"0 0 {frame.width_px:g} {self.height:g}",
            "data-scale": " ".join(f"{v:g}" for v in scale),
            # SVG inside a page needs no namespace
            **({} if caption_id else {"xmlns": "http://www.w3.org/2000/svg"}),
            "font-family": "system-ui, sans-serif",
            "font-size": "12",
        }
        title = self.reader.say("profile_of", trek=self.study.trek.name, variant=self.variant.variant.name)
        words = [Words("title", "profile-title", title), Words("desc", "profile-desc", self.described)]
        first = self.bottom + 60.0
        shapes: list[Shape] = [
            *([] if caption_id else words),
            Rect(0.0, 0.0, frame.width_px, self.height, {"fill": "#fff"}),
            *self._axes(),
            *self._days(),
            *(self._curves() if self.shape.curves else self._stated(has_sources=not caption_id)),
            *self._labels(),
            *(
                Text(frame.left_px, first + _LINE_PX * i, line, {"fill": SOFT})
                for i, line in enumerate(self.caption)
            ),
        ]
        return Drawing(width=frame.width_px, height=self.height, attributes=attributes, shapes=shapes)

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
            products = ", ".join(product.title for product in self.study.products) or say("profile_files")
            texts = [say("profile_modelled" if is_modelled else "profile_heights", products=products)]
            if any(curve.band_m is not None for curve in self.shape.curves):
                texts.append(say("profile_band"))
        if self.shape.is_lower_bound:
            texts.append(say("profile_rough"))
        return " ".join(texts)

    def _axes(self) -> list[Shape]:
        """Height lines, distance ticks, and their labels."""
        left, right = self.frame.left_px, self.frame.right_px
        levels = [(self.y(tick_m), tick_m) for tick_m in (self.ticks * self.tick_m).tolist()]
        heights = [
            Text(left - 6.0, Tenths(y + 4.0), self.reader.height(tick_m, is_exact=True))
            for y, tick_m in levels
        ]
        unit, size = self.reader.units.length_unit.value, IN_BASE_UNIT[self.reader.units.length_unit]
        length = self.shape.length_m / size
        step = nice_step(length, self.frame.most_ticks)
        at = [
            (self.x(i * step * size), f"{i * step:g} {unit}" if i else "0")
            for i in range(int(length / step) + 1)
        ]
        lengths = [
            Text(Tenths(x), self.bottom + 18.0, told, {"text-anchor": "end"} if x > right - 12.0 else {})
            for x, told in at
        ]
        grid = [step for y, _ in levels for step in (("M", (left, Tenths(y))), ("H", (right,)))]
        ticks = [step for x, _ in at for step in (("M", (Tenths(x), self.bottom)), ("v", (5.0,)))]
        return [
            Path(grid, {"stroke": "#d9dee2"}),
            Path(ticks, {"stroke": SOFT}),
            Group(heights, {"fill": SOFT, "text-anchor": "end"}),
            Group(lengths, {"fill": SOFT, "text-anchor": "middle"}),
        ]

    def _days(self) -> list[Shape]:
        """Shade every other day, and name each in a bar below the axis."""
        parts: list[Shape] = []
        for i, (number, start, end) in enumerate(self.shape.days):
            x, width = self.x(start), self.x(end) - self.x(start)
            if i % 2:
                shade = {"fill": "#1b1f23", "fill-opacity": ".05"}
                parts.append(Rect(Tenths(x), self.top, Tenths(width), self.frame.plot_px, shade))
            y = self.bottom + 25.0
            look = {"rx": "2", "fill": day_colour(number)}
            parts.append(Rect(Tenths(x + 0.5), y, Tenths(max(width - 1.0, 1.0)), 18.0, look))
            text = self.reader.say("day", number=number) if width > 46.0 else str(number)
            if width > 16.0:
                look = {"text-anchor": "middle", "fill": "#fff", "font-weight": "600"}
                parts.append(Text(Tenths(x + 0.5 * width), y + 13.5, text, look))
        return parts

    def _band(self) -> list[Shape]:
        """80 % range (P10 to P90) of the height, under the curves."""
        steps: list[tuple[str, Sequence[float]]] = []
        for curve in self.shape.curves:
            if curve.band_m is not None:
                x = [self.x(along) for along in curve.along_m.tolist()]
                edges = [
                    [(xi, self.y(height)) for xi, height in zip(x, level.tolist(), strict=True)]
                    for level in curve.band_m
                ]
                low, high = (LineString(edge).simplify(_BAND_TOLERANCE_PX).coords for edge in edges)
                steps += [("M", _tenths((*low, *reversed(high)))), ("z", ())]
        return [Path(steps, {"fill": INK, "fill-opacity": ".22"})] if steps else []

    def _curves(self) -> list[Shape]:
        """Heights of each segment, as a line over an area."""
        parts = self._band()
        for curve in self.shape.curves:
            known = np.isfinite(curve.height_m)
            edges = np.flatnonzero(np.diff(known.astype(int))) + 1
            for part in np.split(np.arange(known.size), edges):
                if part.size < 2 or not known[part[0]]:
                    continue
                points = [(self.x(curve.along_m[i]), self.y(curve.height_m[i])) for i in part]
                line = ("M", _tenths(LineString(points).simplify(0.3).coords))
                colour = day_colour(curve.day_number)
                base = [("V", (self.bottom,)), ("H", (Tenths(points[0][0]),)), ("z", ())]
                parts.append(Path([line, *base], {"fill": colour, "fill-opacity": ".16"}))
                look = {"fill": "none", "stroke": colour, "stroke-width": "2", "stroke-linejoin": "round"}
                parts.append(Path([line], look))
        return parts

    def _stated(self, *, has_sources: bool) -> list[Shape]:
        """Stated heights, joined by a dashed line through their means."""
        parts: list[Shape] = []
        known = [mark for mark in self.shape.marks if mark.heights_m]
        for a, b in itertools.pairwise(known):
            if a.run == b.run:
                ends = [(self.x(mark.along_m), self.y(_mean(mark))) for mark in (a, b)]
                look = {"fill": "none", "stroke": day_colour(b.day_number), "stroke-width": "2"}
                parts.append(Path([("M", _tenths(ends))], {**look, "stroke-dasharray": "7 5"}))
        for number, of_day in itertools.groupby(known, key=lambda mark: mark.day_number):
            dots = []
            for mark in of_day:
                x = Tenths(self.x(mark.along_m))
                for figure in mark.place.stated:
                    told = f"{mark.place.name}: {figure.printed} ({figure.source})" if has_sources else ""
                    dots.append(Circle(x, Tenths(self.y(figure.measure.value)), 3.5, told))
            if dots:
                parts.append(Group(dots, {"fill": day_colour(number), "stroke": "#fff"}))
        return parts

    def _wanted(self) -> list[Label]:
        """Names of passes, camps, nights and both ends, passes first; without a DEM, of all stated heights."""
        known = [mark for mark in self.shape.marks if mark.heights_m]
        wanted: dict[tuple[str, int], Label] = {}
        for number, mark in enumerate(known):
            is_end = number in (0, len(known) - 1)
            is_named = mark.priority < 3 or is_end or not self.shape.curves
            if is_named and mark.place.kind not in TECHNICAL_KINDS:
                priority = min(mark.priority, 1) if is_end else mark.priority
                # a night between two walks gets one name
                wanted.setdefault(
                    (mark.place.id, round(self.x(mark.along_m))),
                    Label(self._text(mark), self.x(mark.along_m), priority),
                )
        return list(wanted.values())

    def _labels(self) -> list[Shape]:
        """Names with lines down to the dots that mark their points."""
        lines: list[tuple[str, Sequence[float]]] = []
        dots, names = [], []
        for placed in self.labels:
            x, y = placed.label.x, self.top - 10.0 - _ROW_PX * placed.row
            mark = next(
                m
                for m in self.shape.marks
                if m.heights_m and self.x(m.along_m) == x and self._text(m) == placed.label.text
            )
            point = Tenths(self.y(max(mark.heights_m)))
            top = y + 4.0 if placed.anchor == "middle" else y - 9.0
            lines += [("M", (Tenths(x), Tenths(top))), ("V", (point,))]
            if self.shape.curves:
                dots.append(Circle(Tenths(x), point, 3.5))
            shift = {"middle": 0.0, "start": 4.0, "end": -4.0}[placed.anchor]
            look = {} if placed.anchor == "start" else {"text-anchor": placed.anchor}
            names.append(Text(Tenths(x + shift), Tenths(y), placed.label.text, look))
        return [
            Path(lines, {"stroke": SOFT}),
            Group(dots, {"fill": INK, "stroke": "#fff"}),
            Group(names, {"fill": INK}),
        ]

    def _text(self, mark: Mark) -> str:
        name = textwrap.shorten(
            mark.place.name, self.frame.name_length, placeholder="\N{HORIZONTAL ELLIPSIS}"
        )
        if self.shape.curves:
            height_m = self.study.place_heights_m.get(mark.place.id, mark.heights_m[0])
            return f"{name} {self.reader.height(height_m)}"
        return f"{name} {self._stated_range([mark])}"


def _tenths(points: Iterable[Sequence[float]]) -> tuple[Tenths, ...]:
    """Coordinates, rounded to a tenth of a pixel."""
    return tuple(Tenths(value) for point in points for value in point[:2])


def _mean(mark: Mark) -> float:
    """Mean height of a mark, metres."""
    return sum(mark.heights_m) / len(mark.heights_m)
